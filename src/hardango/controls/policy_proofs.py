"""The Content-Security-Policy that a site sends, read as browsers read it (CSP3 §2.2.2)."""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.answers import Sample, names_of, only_errors, samples
from hardango.controls.content_policy import Directives, Flaw, Policy, Sent, scripts, spelling
from hardango.controls.seen import page, start
from hardango.evidence import Exchange, Proof, inconclusive, proven, refuted, unanswered
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING

if TYPE_CHECKING:
    from hardango.evidence import Site

HEADER = "Content-Security-Policy"


def directives(exchange: Exchange, header: str = HEADER) -> list[dict[str, tuple[str, ...]]]:
    """The policies of an answer."""
    return [policy for value in exchange.all(header) for policy in parsed(value)]


def parsed(value: str) -> list[dict[str, tuple[str, ...]]]:
    """The policies of a header: the sources of each directive, of which the first counts."""
    found = []
    for text in value.split(","):
        policy: dict[str, tuple[str, ...]] = {}
        for part in text.split(";"):
            words = part.split()
            if words:
                policy.setdefault(words[0].lower(), tuple(words[1:]))
        if policy:
            found.append(policy)
    return found


def prove_policy(site: Site) -> Iterator[Proof]:
    every = samples(site)
    pages = [each for each in every if each.html]
    if not every:
        yield unanswered(start(site))
        return
    if not pages:
        yield inconclusive("no page of HTML was seen", *(each.exchange for each in every[:2]))
        return
    if only_errors(pages):
        yield inconclusive("no page but errors was seen", pages[0].exchange)
        return
    bare = [each for each in pages if not directives(each.exchange)]
    if len(bare) == len(pages):
        yield _without(pages[0])
        return
    for sample in pages:
        problem = _problem(sample)
        if problem:
            yield refuted(f"{sample.name}: {problem.message}", sample.exchange, marks=_said(sample),
                          severity=problem.severity)  # fmt: skip
            return
    twice = _same_nonce(site, pages)
    if twice:
        yield twice
    elif bare:
        yield refuted(
            f"{names_of(bare)}: there is no {HEADER}", bare[0].exchange, severity=Severity.LOW
        )
    else:
        yield proven(f"injected scripts are stopped on {names_of(pages)}", pages[0].exchange,
                     marks=_said(pages[0]))  # fmt: skip


def _said(sample: Sample) -> list[str]:
    return sample.exchange.all(HEADER)


def _without(sample: Sample) -> Proof:
    if directives(sample.exchange, f"{HEADER}-Report-Only"):
        return refuted("the policy is only reported, and stops nothing", sample.exchange)
    if _said(sample):
        return refuted(f"{HEADER} is empty", sample.exchange, marks=[f"{HEADER}:"])
    return refuted(f"there is no {HEADER}", sample.exchange)


def _problem(sample: Sample) -> Flaw | None:
    """What is wrong with the policies of an answer: all hold together, so one that is good is
    enough."""
    found: list[Flaw] = []
    for each in directives(sample.exchange):
        policy = Policy("it", "", Sent.YES, Directives(dict(each)))
        flaws = [flaw for flaw in (*spelling("it", policy.policy.directives),
                                   *scripts(policy, policy.policy.directives)) if not flaw.pedantic]  # fmt: skip
        if not flaws:
            return None
        found += flaws
    return found[0] if found else None


def _same_nonce(site: Site, pages: list[Sample]) -> Proof | None:
    """A nonce that comes twice can be guessed: the page lies in a cache, or the nonce is fixed."""
    for sample in pages:
        once = nonces(sample.exchange)
        if not once:
            continue
        request = sample.exchange.request
        second = site.send(request._replace(again=request.again + 1))
        if same := once & nonces(second):
            return refuted(f"{sample.name}: the same nonce comes twice", sample.exchange, second,
                           marks=[f"'nonce-{each}'" for each in same], severity=Severity.MEDIUM)  # fmt: skip
        return None
    return None


def nonces(exchange: Exchange) -> set[str]:
    """The nonces of the policies of an answer that the page also uses."""
    sent = {source[7:-1] for policy in directives(exchange) for sources in policy.values()
            for source in sources if source.startswith("'nonce-")}  # fmt: skip
    return sent & set(page(exchange).nonces) or sent
