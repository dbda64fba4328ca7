"""Markdown for a pull request or the summary of a CI job, as GitHub and GitLab render it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from hardango.findings import Finding, Place, Report, Verdict
from hardango.report.groups import configured, count, groups, place_of, reasons
from hardango.report.layout import PLAIN, all_of
from hardango.report.page import Page

LONGEST = 60_000
"""A comment on GitHub has at most 65,536 characters."""

_NOTHING = "<!-- -->"
"""Invisible. After it "@name" mentions nobody, "#1" is no issue and an address no link."""

_HTML = {"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": f"@{_NOTHING}", "#": f"#{_NOTHING}"}
_IN_HTML = str.maketrans(_HTML)
_IN_TEXT = str.maketrans({**_HTML, "|": "&#124;", **{char: f"\\{char}" for char in "\\`*_[]~$"}})
_AT_START = ("-", "+", "=", ".")


def render(
    reports: Sequence[Report],
    pages: Mapping[str, Page],
    *,
    quiet: bool = False,
    verbose: bool = False,
) -> str:
    """A table of the weaknesses that count, then each with its reason and fix folded away; what
    is not known and what is ignored have sections of their own. Ends with a newline.

    `quiet` leaves the table, `verbose` adds the reasons of what passes; `pages` tell where to
    read on.
    """
    return together(each for report in reports for each in _blocks(report, pages, quiet, verbose))


def together(blocks: Iterable[str]) -> str:
    """The blocks that a comment has room for, and a word if that is not all; ends with a newline."""
    kept: list[str] = []
    length = left_out = 0
    for each in blocks:
        length += len(each) + 2
        if length > LONGEST:
            left_out += 1
        else:
            kept.append(each)
    if left_out:
        kept.append("*This is not all: the report is too long for a comment.*")
    return "\n\n".join(kept) + "\n"


def _blocks(report: Report, pages: Mapping[str, Page], quiet: bool, verbose: bool) -> Iterator[str]:
    found = groups(report)
    yield f"## Hardango: {text(report.project)}, grade {text(report.grade)}"
    yield f"{code(report.module)} · {report.score}/100 · {text(count(report))}"
    if report.configured is not None:
        yield text(configured(report))
    if found.weak:
        yield _table(found.weak)
    else:
        yield "No new weakness was found." if found.known else "No weakness was found."
    if quiet:
        return
    yield from (_weakness(report, each, pages.get(each.control)) for each in found.weak)
    if found.known:
        yield _folded(f"Known from the baseline ({len(found.known)})", map(_line, found.known))
    if found.unknown:
        yield _folded(f"Not known ({len(found.unknown)}), never counted as passed",
                      (_line(each) for each in found.unknown))  # fmt: skip
    if found.ignored:
        yield _folded(f"Ignored ({len(found.ignored)})", map(_ignored, found.ignored))
    if found.elsewhere:
        yield _folded(f"Satisfied elsewhere ({len(found.elsewhere)})", map(_line, found.elsewhere))
    if verbose:
        for head, findings in (("Pass", found.passed), ("Does not apply", found.inapplicable)):
            if findings:
                yield _folded(f"{head} ({len(findings)})", map(_line, findings))
    yield from _reading(report)


def _table(findings: Iterable[Finding]) -> str:
    lines = ["| severity | weakness | when | where |", "| --- | --- | --- | --- |"]
    for each in findings:
        when = text(all_of(each.when)) if each.when else "always"
        cells = [each.severity.label, f"**{text(each.title)}**", when, _cell(place_of(each))]
        lines.append(f"| {' | '.join(cells)} |")
    return "\n".join(lines)


def _weakness(report: Report, finding: Finding, page: Page | None) -> str:
    parts = [f"{text(finding.message)}."]
    if finding.when:
        parts.append(f"**When** {text(all_of(finding.when))}.")
    if finding.chain:
        parts.append(f"**Where** {' → '.join(dict.fromkeys(map(_place, finding.chain)))}")
        source = report.sources.get(finding.chain[-1], "").strip()
        parts += [block(source)] if source else []
    parts += [block(each, "text") for each in finding.evidence]
    parts += [f"**Attack** {text(finding.attack)}"] if finding.attack else []
    parts += [f"**Fix** {text(finding.remedy)}"] if finding.remedy else []
    also = [f"- {text(each.message)}" + (f", when {text(all_of(each.when))}" if each.when else "")
            for each in finding.problems[1:]]  # fmt: skip
    parts += ["**Also**\n\n" + "\n".join(also)] if also else []
    parts.append(f"**More** {_more(finding, page)}")
    verdict = "fails under a condition" if finding.verdict is Verdict.CONDITIONAL else "fails"
    return details(f"{html(finding.title)} ({finding.severity.label}, {verdict})", parts)


def _more(finding: Finding, page: Page | None) -> str:
    links = [f"[{text(name)}](<{url}>)" if name != url else f"<{url}>"
             for name, url in (page.references if page else ())]  # fmt: skip
    return ", ".join([code(f"hardango explain {finding.control}"), *links])


def _line(finding: Finding) -> str:
    where = f" ({_place(finding.place)})" if finding.place else ""
    return f"- {code(finding.control)}: {text(finding.message)}{where}"


def _ignored(finding: Finding) -> str:
    why = "; ".join(map(text, reasons(finding)))
    where = ", ".join(dict.fromkeys(_place(each.place) for each in finding.ignored))
    return f"- {code(finding.control)}: {text(finding.title)}. Reason: {why} ({where})"


def _reading(report: Report) -> Iterator[str]:
    """What was judged, and what was assumed."""
    lines = [f"- {text(reason)}" for reason in report.reasons]
    lines += [f"- Django {text(report.django)}"] if report.django else []
    lines += [f"- assuming {code(f'{each.name}={each.value}')} ({code(each.source)})"
              for each in report.assumed]  # fmt: skip
    lines += [f"- {text(note.message)}" + (f" ({_place(note.place)})" if note.place else "")
              for note in report.notes]  # fmt: skip
    lines += [f"- production does not start when {text(all_of(each.when))}"
              for each in report.refusals]  # fmt: skip
    if lines:
        yield _folded("What was judged, and what was assumed", lines)


# -- writing ---------------------------------------------------------------------------------------


def _place(place: Place | None) -> str:
    return code(str(place)) if place is not None else ""


def _cell(place: Place | None) -> str:
    """A place in a cell, which a "|" would end even inside of code."""
    return f"<code>{text(str(place))}</code>" if place is not None else ""


def _folded(head: str, lines: Iterable[str]) -> str:
    return details(html(head), ["\n".join(lines)])


def details(summary: str, parts: Iterable[str]) -> str:
    body = "\n\n".join(parts)
    return f"<details><summary>{summary}</summary>\n\n{body}\n\n</details>"


def text(said: str) -> str:
    """`said` as text in which nothing is markup: no HTML, no link, no mention of a user."""
    cleaned = PLAIN.clean(said).strip()
    digits = len(cleaned) - len(cleaned.lstrip("0123456789"))
    start, rest = cleaned[:digits], cleaned[digits:].translate(_IN_TEXT)
    if rest.startswith(_AT_START):  # It would be an item of a list, or underline a heading.
        rest = f"\\{rest}"
    return start + rest.replace("://", f":{_NOTHING}//").replace("www.", f"www{_NOTHING}.")


def html(said: str) -> str:
    """`said` inside an HTML element."""
    return PLAIN.clean(said).translate(_IN_HTML)


def code(said: str) -> str:
    """`said` as code in a line."""
    return _fenced(PLAIN.clean(said) or " ")


def _fenced(cleaned: str) -> str:
    fence = "`" * (_longest_run(cleaned) + 1)
    pad = " " if cleaned[0] == "`" or cleaned[-1] == "`" else ""
    return f"{fence}{pad}{cleaned}{pad}{fence}"


def block(source: str, language: str = "python") -> str:
    cleaned = "\n".join(map(PLAIN.clean, source.split("\n")))
    fence = "`" * max(3, _longest_run(cleaned) + 1)
    return f"{fence}{language}\n{cleaned}\n{fence}"


def _longest_run(cleaned: str) -> int:
    longest = run = 0
    for char in cleaned:
        run = run + 1 if char == "`" else 0
        longest = max(longest, run)
    return longest
