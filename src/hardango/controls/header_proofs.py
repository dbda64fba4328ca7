"""How a header is proven: on each kind of answer that was to be had."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from hardango.controls.answers import Sample, names_of, only_errors, samples, without
from hardango.controls.seen import start
from hardango.evidence import Exchange, Proof, inconclusive, proven, refuted, unanswered
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING

if TYPE_CHECKING:
    from hardango.evidence import Site


def prove_header(
    site: Site, name: str, wrong: Callable[[str], str], *, html: bool = False
) -> Iterator[Proof]:
    """Whether each answer has the header with a value of which `wrong` says nothing; with `html`
    only pages count."""

    def judge(values: list[str], exchange: Exchange) -> str:
        if not values:
            return f"there is no {name}"
        said = [problem for value in values if (problem := wrong(value))]
        return f"{name} {said[0]}" if said else ""

    yield from judged_samples(site, name, judge, html=html)


def judged_samples(
    site: Site, name: str, wrong: Callable[[list[str], Exchange], str], *, html: bool = False
) -> Iterator[Proof]:
    """`wrong` gets the values of the header and the answer, and says what is wrong or ""."""
    every = samples(site)
    found = [each for each in every if each.html or not html]
    if not every:
        yield unanswered(start(site))
        return
    if not found:
        yield inconclusive("no page of HTML was seen", *(each.exchange for each in every[:2]))
        return
    bad: list[tuple[Sample, str, list[str]]] = []
    for each in found:
        values = each.exchange.all(name)
        if problem := wrong(values, each.exchange):
            bad.append((each, problem, values))
    if not bad:
        values = found[0].exchange.all(name)
        said = f"seen on {names_of(found)}{without(site, name, found)}"
        yield proven(said, *(each.exchange for each in found), marks=values)
        return
    sample, problem, values = bad[0]
    if only_errors(found):
        yield inconclusive(f"no page but errors was seen: {problem}", sample.exchange)
        return
    if len(bad) == len(found):
        yield refuted(problem, sample.exchange, marks=values)
        return
    where = names_of(each for each, _, _ in bad)
    yield refuted(f"{where}: {problem}", sample.exchange, marks=values, severity=Severity.LOW)
