"""What a proof has to say, on a terminal: what failed first, the evidence on demand.

Everything that a site answers is cleaned before it is written: a header may hold what steers a
terminal.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hardango.evidence import (
    IN_PROCESS,
    Exchange,
    Joined,
    Live,
    Proof,
    Score,
    Verdict,
    curl,
    masked,
    request_lines,
    response_lines,
)
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.report.layout import Style, cut, entry, listed, wrap

if TYPE_CHECKING:
    from collections.abc import Mapping

    from hardango.report.page import Page

_COLOURS = {
    Severity.CRITICAL: "bold red", Severity.HIGH: "red", Severity.MEDIUM: "magenta",
    Severity.LOW: "", Severity.INFO: "",
}  # fmt: skip
_MOST_NAMED = 60
_MOST_SHOWN = 4


def render(
    live: Live,
    pages: Mapping[str, Page],
    style: Style,
    *,
    quiet: bool = False,
    verbose: bool = False,
) -> str:
    """`quiet` leaves headlines and summary; `verbose` adds the evidence of everything."""
    bad = by_severity(live.joined)
    blocks = [] if quiet else [_head(live, style)]
    for each in bad:
        blocks.append(_headline(each.proof, style, named=True) if quiet
                      else _weakness(each, pages.get(each.proof.control), style, verbose))  # fmt: skip
    if not quiet:
        blocks += [*_disagreements(live, style), *_others(live, style, verbose)]
        if live.score:
            blocks.append(_score(live.score, style, verbose))
    blocks.append(_summary(live, style))
    return ("\n" if quiet else "\n\n").join("\n".join(block) for block in blocks if block) + "\n"


def by_severity(joined: Sequence[Joined]) -> list[Joined]:
    """What is refuted, worst first."""
    bad = [each for each in joined if each.proof.verdict is Verdict.REFUTED]
    return sorted(bad, key=lambda each: -(each.proof.severity or Severity.MEDIUM))


def _head(live: Live, style: Style) -> list[str]:
    under = f" under {live.server}" if live.server else ""
    lines = [style.paint(style.clean(f"Proof of {live.url}{under}"), "bold")]
    texts = [*live.said, *(f"the project was not allowed to {each}" for each in live.refused)]
    for label, text in zip(["note", *[""] * len(texts)], texts, strict=False):
        lines += entry(label, text, style)
    return lines


def _headline(proof: Proof, style: Style, *, named: bool = False) -> list[str]:
    severity = proof.severity or Severity.MEDIUM
    head = f"{style.clean('✗')} {severity.label.upper():9}"
    text = f"{proof.control}: {proof.title}" if named else proof.title
    first, *more = wrap(style.clean(text), style.width - len(head))
    lines = [style.paint(head, _COLOURS[severity]) + style.paint(first, "bold")]
    return lines + [" " * len(head) + style.paint(line, "bold") for line in more]


def _weakness(each: Joined, page: Page | None, style: Style, verbose: bool) -> list[str]:
    proof = each.proof
    lines = _headline(proof, style)
    lines += entry("seen", proof.message, style)
    lines += entry("audit", each.relation, style) if each.claim else []
    if verbose:
        lines += list(evidence(proof, style))
    else:
        lines += _short(proof, style)
    if page is not None:
        lines += entry("attack", page.attack, style)
        lines += entry("fix", page.remedy, style)
    return lines + entry("more", f"hardango explain {proof.control}", style)


def _short(proof: Proof, style: Style) -> list[str]:
    """The request that shows it, the status of the answer, and the words that decide."""
    if not proof.exchanges:
        return []
    exchange = proof.exchanges[0]
    lines = entry("request", said(exchange), style)
    marks = " … ".join(masked("", each) for each in proof.marks)
    return lines + (entry("answer", cut(" ".join(marks.split()), 300), style) if marks else [])


def said(exchange: Exchange) -> str:
    """A request with what came of it, on a line: "GET http://shop.example/ (Host: evil) → 200"."""
    request = exchange.request
    own = request.origin.partition("://")[2]
    usual = (
        "user-agent",
        "accept",
        "connection",
        "content-type",
        "content-length",
        "cookie",
        "referer",
    )
    odd = [f"{name}: {value}" for name, value in request.headers
           if name.lower() not in usual and (name.lower(), value) != ("host", own)]  # fmt: skip
    with_them = f" ({'; '.join(odd)})" if odd else ""
    answer = str(exchange.status) if exchange.response else exchange.error
    return f"{request.method} {request.url}{with_them} → {answer}"


def evidence(proof: Proof, style: Style) -> Iterator[str]:
    """The requests and answers, masked, and the command line that repeats each."""
    for exchange in proof.exchanges[:_MOST_SHOWN]:
        yield ""
        for line in evidence_of(exchange):
            yield "    " + cut(style.clean(line), max(style.width, 100) - 4)
    if len(proof.exchanges) > _MOST_SHOWN:
        yield f"    and {len(proof.exchanges) - _MOST_SHOWN} more requests"
    if proof.marks:
        yield ""
        for mark in proof.marks:
            yield from entry("answer", cut(" ".join(masked("", mark).split()), 500), style)


def evidence_of(exchange: Exchange) -> Iterator[str]:
    """One exchange as plain lines, which are not cleaned yet."""
    for line in request_lines(exchange.request):
        yield f"> {line}"
    for line in response_lines(exchange):
        yield f"< {line}"
    yield f"$ {curl(exchange.request)}"


def _disagreements(live: Live, style: Style) -> Iterator[list[str]]:
    for each in live.disagreements:
        about = f" ({each.refuted.about})" if each.refuted.about else ""
        lines = [
            style.paint(
                style.clean(f"~ {each.refuted.control}{about} depends on where it is seen"), "bold"
            )
        ]
        yield lines + entry("", each.message, style)


def _others(live: Live, style: Style, verbose: bool) -> Iterator[list[str]]:
    """What could not be shown, each with its reason once; then what was."""
    reasons: dict[str, list[str]] = {}
    for each in live.joined:
        if each.proof.verdict is Verdict.INCONCLUSIVE:
            reasons.setdefault(each.proof.message, []).append(each.proof.control)
    if reasons:
        lines = [style.paint(style.clean("? INCONCLUSIVE"), "bold")]
        for message, names in reasons.items():
            lines += listed(f"  {', '.join(dict.fromkeys(names))}:", [message], style, indent=4)
        yield lines
    good = [each for each in live.joined if each.proof.verdict is Verdict.PROVEN]
    if good and verbose:
        lines = [style.paint(style.clean("✓ PROVEN"), "bold green")]
        for each in good:
            relation = f" [{each.relation}]" if each.claim else ""
            lines += listed(
                f"  {each.proof.control}{relation}:", [each.proof.message], style, indent=4
            )
            if each.proof.exchanges:
                lines += listed("    ", [said(each.proof.exchanges[0])], style, indent=6)
        yield lines
    elif good:
        bad = {
            each.proof.control for each in live.joined if each.proof.verdict is not Verdict.PROVEN
        }
        # Where nothing was seen from outside, Django by itself is not the site.
        inside = {each.proof.control for each in good if each.proof.vantage == IN_PROCESS}
        names = [
            name for name in dict.fromkeys(each.proof.control for each in good) if name not in bad
        ]
        for mark, listing in (
            ("✓ proven:", [each for each in names if each not in inside]),
            ("✓ proven of Django by itself:", [each for each in names if each in inside]),
        ):
            if listing:
                yield listed(mark, listing[:_MOST_NAMED], style)


def _score(score: Score, style: Style, verbose: bool) -> list[str]:
    lines = entry("score", f"{score.points} ({score.grade}) by the rules of MDN's HTTP Observatory, which "
                  "looks at the start page only", style)  # fmt: skip
    for test in score.tests:
        if verbose or test.points < 0 or test.mended:
            points = f"{test.points:+d}" if test.points else " 0"
            lines += entry("", f"{points:>4}  {test.test}: {test.result}"
                           + (f" ({test.mended})" if test.mended else ""), style)  # fmt: skip
    return lines


def _summary(live: Live, style: Style) -> list[str]:
    counts = {verdict: len({each.proof.control for each in live.joined if each.proof.verdict is verdict})
              for verdict in Verdict}  # fmt: skip
    numbers = ", ".join(f"{number} {verdict.value}" for verdict, number in (
        (Verdict.REFUTED, counts[Verdict.REFUTED]), (Verdict.INCONCLUSIVE, counts[Verdict.INCONCLUSIVE]),
        (Verdict.PROVEN, counts[Verdict.PROVEN])) if number)  # fmt: skip
    seconds = sum(live.seconds.values())
    text = f"{numbers or 'Nothing was shown'}. {live.requests} requests in {seconds:.0f} s."
    if live.interrupted:
        text += " Interrupted: what came later was not asked."
    return wrap(style.clean(text), style.width)
