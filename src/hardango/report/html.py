"""The report as one HTML file that loads nothing, sends nothing and works without its script.

Whoever audits a stranger's project opens this in a browser: every text is escaped by the way it is
put together (`markup`), and the page's own policy lets no script run but the one below.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence

import hardango
from hardango.findings import Configured, Finding, Place, Problem, Report, Severity, Verdict
from hardango.report.groups import Groups, configured, groups, reasons
from hardango.report.html_story import story
from hardango.report.layout import all_of
from hardango.report.markup import Markup, escaped, join, tag
from hardango.report.page import Page

ICON = (
    "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E%3Cpath "
    "fill='%23116149' d='M8 0 15 3v5c0 4-3 7-7 8-4-1-7-4-7-8V3z'/%3E%3Cpath fill='none' "
    "stroke='%23fff' stroke-width='2' d='m4.5 8 2.5 2.5 4.5-5'/%3E%3C/svg%3E"
)
_VERDICTS = {
    Verdict.FAIL: "Fails", Verdict.CONDITIONAL: "Fails under a condition",
    Verdict.UNKNOWN: "Not known", Verdict.ELSEWHERE: "Satisfied elsewhere", Verdict.PASS: "Passes",
}  # fmt: skip
_KINDS = {
    **{verdict.value: words for verdict, words in _VERDICTS.items()},
    "known": "Known from the baseline", "ignored": "Ignored", "inapplicable": "Does not apply", "unjudged": "Not judged yet",
}  # fmt: skip
"""What the filter tells apart, in this order."""

_SECTIONS = (
    ("weak", "Weaknesses", ""),
    ("known", "Known from the baseline", "Weaknesses that were there before."),
    ("unknown", "Not known", "The repository alone does not tell. Never counted as passed."),
    ("ignored", "Ignored", "Weaknesses that do not count, for the reason that is given."),
    ("elsewhere", "Satisfied elsewhere",
     "The configuration says that something in front of Django does this."),
    ("passed", "Passes", ""),
    ("inapplicable", "Does not apply", ""),
    ("unjudged", "Not judged yet", "This version of Hardango says nothing about these."),
)  # fmt: skip


def render(reports: Sequence[Report], pages: Mapping[str, Page]) -> str:
    """The whole page. `pages` tell the story of each control and where to read on."""
    style, script = asset("html.css"), asset("html.js")
    several = len(reports) > 1
    content = [_overview(reports)] if several else [_verdict(reports[0], 1, "1")]
    content.append(_filters(reports))
    for number, report in enumerate(reports, 1):
        parts = [_verdict(report, 2, str(number))] if several else []
        parts += _sections(report, pages, 3 if several else 2, str(number))
        content.append(tag("section", *parts, class_="report", aria_labelledby=f"report-{number}"))
    body = [
        tag("a", "Skip to the findings", class_="skip", href="#findings"),
        tag("main", *content),
        tag("footer", tag("p", f"Made by Hardango {hardango.__version__}. This page loads nothing "
                               "from elsewhere and sends nothing.")),
        tag("script", Markup(script)),
    ]  # fmt: skip
    top = head(_title(reports), style, script)
    return f'<!doctype html>\n<html lang="en">\n{top}{tag("body", *body)}</html>\n'


# -- the page --------------------------------------------------------------------------------------


def asset(name: str) -> str:
    """A file that lies beside this one."""
    with open(os.path.join(os.path.dirname(__file__), name), encoding="utf-8") as opened:
        return "\n" + opened.read()


def head(title: str, style: str, script: str) -> Markup:
    policy = (f"default-src 'none'; style-src {_hash(style)}; script-src {_hash(script)}; "
              "img-src data:; base-uri 'none'; form-action 'none'")  # fmt: skip
    return tag(
        "head",
        "\n",
        tag("meta", charset="utf-8"),
        # The policy's quotes are no text of a project, and easier to read as they are.
        Markup(f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", name="referrer", content="no-referrer"),
        tag("title", title),
        tag("link", rel="icon", href=Markup(ICON)),
        tag("style", Markup(style)),
    )


def _hash(text: str) -> str:
    """How a policy names the one script, or style, that it allows."""
    from base64 import b64encode
    from hashlib import sha256

    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _title(reports: Sequence[Report]) -> str:
    named = ", ".join(f"{each.project} {each.grade}" for each in reports)
    return f"{named} · Hardango"


def _overview(reports: Sequence[Report]) -> Markup:
    """What there is in a page with several reports."""
    links = [
        tag("li", tag("a", tag("span", each.grade, class_=f"letter {_tone(each)}"), " ",
                      tag("span", each.project, " ", tag("code", each.module)),
                      href=f"#report-{number}"))
        for number, each in enumerate(reports, 1)
    ]  # fmt: skip
    return tag(
        "header",
        tag("p", "Hardango", class_="brand"),
        tag("h1", f"{len(reports)} reports"),
        tag("nav", tag("ul", *links), aria_label="Reports", class_="reports"),
        class_="overview",
    )


def _tone(report: Report) -> str:
    """The class of a grade: good, fair or poor."""
    return "good" if report.grade[:1] in ("A", "B") else "fair" if report.grade == "C" else "poor"


def _verdict(report: Report, level: int, number: str) -> Markup:
    """How the project stands, in one look."""
    found = groups(report)
    grade = tag(
        "div",
        tag("span", report.grade, class_="letter"),
        tag("span", f"{report.score}/100", class_="score"),
        class_=f"grade {_tone(report)}", role="img",
        aria_label=f"Grade {report.grade}, {report.score} of 100 points",
    )  # fmt: skip
    about = [tag("p", "Hardango", class_="brand")] if level == 1 else []
    about += [
        tag(f"h{level}", report.project, id=f"report-{number}"),
        tag(
            "p",
            tag("code", report.module),
            f", Django {report.django}" if report.django else "",
            class_="judged",
        ),
        *_own(report),
        _lead(found, number),
    ]
    top = tag("div", grade, tag("div", *about), class_="verdict")
    return tag("header", top, tag("ul", *_counts(found), class_="counts"))


def _own(report: Report) -> Iterator[Markup]:
    """That there was a configuration, in sight: it may hide much."""
    said = configured(report)
    if said:
        yield tag("p", said[:1].upper() + said[1:], class_="judged")


def _lead(found: Groups, number: str) -> Markup:
    if found.weak:
        first = found.weak[0]
        return tag("p", "Start with ", tag("a", first.title, href=f"#{_id(first, number)}"), ".",
                   class_="lead")  # fmt: skip
    left = len(found.unknown) + len(found.unjudged)
    rest = f" {left} controls could not be judged." if left > 1 else " One control could not be judged." if left else ""  # fmt: skip
    none = "No new weakness was found." if found.known else "No weakness was found."
    return tag("p", f"{none}{rest}", class_="lead")


def _counts(found: Groups) -> Iterator[Markup]:
    """The weaknesses by severity, then what else there is."""
    for severity in sorted(Severity, reverse=True):
        number = sum(each.severity is severity for each in found.weak)
        if number:
            yield tag("li", tag("b", str(number)), f" {severity.label}", class_=severity.label)
    for number, words in ((len(found.known), "known before"), (len(found.unknown), "not known"), (len(found.ignored), "ignored"),
                          (len(found.elsewhere), "elsewhere"), (len(found.passed), "pass")):  # fmt: skip
        if number:
            yield tag("li", tag("b", str(number)), f" {words}")


# -- filters ---------------------------------------------------------------------------------------


def _filters(reports: Sequence[Report]) -> Markup:
    """Shown by the script, which they need. Nothing ticked means everything."""
    rows = [(each, kind) for report in reports for each, kind in _rows(groups(report))]
    severities = {each.label: each.label.capitalize() for each in sorted(Severity, reverse=True)}
    return tag(
        "form",
        tag("div",
            tag("label", "Search", for_="search"),
            tag("input", type="search", id="search", autocomplete="off", spellcheck="false",
                placeholder="A setting, a file, a word"),
            class_="search"),
        tag("details", tag("summary", "Severity and verdict"),
            _choices("severity", "Severity", severities, [each.severity.label for each, _ in rows]),
            _choices("verdict", "Verdict", _KINDS, [kind for _, kind in rows]),
            id="choices"),
        tag("div",
            tag("output", "", id="shown", role="status"),
            tag("button", "Show everything", type="reset"),
            tag("button", "Open all", type="button", id="open", aria_pressed="false"),
            class_="actions"),
        id="filters", role="search", aria_label="Filter the findings", hidden=True,
    )  # fmt: skip


def _choices(name: str, legend: str, words: Mapping[str, str], found: list[str]) -> Markup:
    """A box for each word that was found. How many are of a verdict is said; how many of a severity
    would not be what the head of the page counts, which are weaknesses."""
    counted = name == "verdict"
    labels = [
        tag("label", tag("input", type="checkbox", name=name, value=value), text,
            *([" ", tag("span", str(found.count(value)), class_="number")] if counted else []))
        for value, text in words.items() if value in found
    ]  # fmt: skip
    return tag("fieldset", tag("legend", legend), tag("div", *labels))


def _rows(found: Groups) -> Iterator[tuple[Finding, str]]:
    """Every finding with the word by which the filter knows it."""
    for group, findings in zip(Groups._fields, found, strict=True):
        for each in findings:
            own = group in ("known", "ignored", "inapplicable", "unjudged")
            yield each, group if own else each.verdict.value


# -- the findings ----------------------------------------------------------------------------------


def _sections(
    report: Report, pages: Mapping[str, Page], level: int, number: str
) -> Iterator[Markup]:
    found = groups(report)
    kinds = {id(each): kind for each, kind in _rows(found)}
    anchor = number == "1"
    for group, heading, note in _SECTIONS:
        findings: list[Finding] = getattr(found, group)
        if not findings:
            continue
        head = [tag(f"h{level}", heading, " ", tag("span", str(len(findings)), class_="number"))]
        head += [tag("p", note, class_="note")] if note else []
        if group in ("weak", "known", "unknown", "ignored"):
            rows = [
                _finding(report, each, pages.get(each.control), kinds[id(each)], level + 1, number,
                         is_open=group == "weak" and each is findings[0])
                for each in findings
            ]  # fmt: skip
        else:
            rows = [tag("ul", *(_line(each, kinds[id(each)]) for each in findings), class_="lines")]
        attributes: dict[str, str | bool] = {"id": "findings" if anchor else False}
        yield tag("section", *head, *rows, class_=f"group {group}", **attributes)
        anchor = False
    yield tag("section", tag(f"h{level}", "What was judged"), _reading(report), class_="reading")
    yield tag("p", "Nothing here matches the filter.", class_="nothing", hidden=True)


def _id(finding: Finding, number: str) -> str:
    return f"finding-{number}-{finding.control}"


def _line(finding: Finding, kind: str) -> Markup:
    """What is not a weakness, in two lines."""
    where = [" ", _place(finding.place)] if finding.place else []
    return tag("li", tag("p", tag("b", finding.title), " ", tag("code", finding.control)),
               tag("p", finding.message, *where, class_="note"),
               data_severity=finding.severity.label, data_verdict=kind)  # fmt: skip


def _finding(
    report: Report,
    finding: Finding,
    page: Page | None,
    kind: str,
    level: int,
    number: str,
    *,
    is_open: bool,
) -> Markup:
    """A weakness: what, how bad and where in the summary; why, how and the fix below it."""
    severity = finding.severity.label
    place = [_place(finding.place)] if finding.place else []
    how = f"{_VERDICTS[Verdict.FAIL]} when {all_of(finding.when)}" if finding.when and finding.weak else _KINDS[kind]  # fmt: skip
    summary = tag(
        "summary",
        tag("span", severity.capitalize(), class_=f"chip {severity}"),
        tag(f"h{level}", finding.title),
        tag("span", tag("span", how, class_="how"), *place, class_="sub"),
    )
    return tag(
        "details",
        summary,
        tag("div", *_body(report, finding, page, level + 1), class_="body"),
        class_="finding", id=_id(finding, number), open=is_open,
        data_severity=severity, data_verdict=kind,
    )  # fmt: skip


def _body(report: Report, finding: Finding, page: Page | None, level: int) -> Iterator[Markup]:
    yield tag("p", finding.message, class_="what")
    yield _chain(report, finding.chain, named=True)
    facts: list[tuple[str, str]] = []
    if finding.when:
        facts.append(("When", all_of(finding.when)))
    facts += [("Ignored because", f"{reason} ({each.place})")
              for reason, each in zip(reasons(finding), finding.ignored, strict=True)]  # fmt: skip
    if finding.weak:
        facts += [("Attack", finding.attack), ("Fix", finding.remedy)]
    pairs = [tag("div", tag("dt", name), tag("dd", text)) for name, text in facts if text]
    if pairs:
        yield tag("dl", *pairs, class_="facts")
    for each in finding.evidence:
        lines = [Markup(f"{escaped(line)}\n") for line in each.split("\n")]
        yield tag("pre", tag("code", *lines), class_="evidence")
    others = finding.problems[1:]
    if others:
        items = [_problem(report, each) for each in others]
        yield tag(f"h{level}", "Further reasons")
        yield tag("ul", *items, class_="also")
    yield from _more(finding, page)


def _problem(report: Report, problem: Problem) -> Markup:
    condition = f", when {all_of(problem.when)}" if problem.when else ""
    known = "" if problem.verdict is Verdict.FAIL else "Not known: "
    return tag("li", tag("p", f"{known}{problem.message}{condition}"),
               _chain(report, problem.chain))  # fmt: skip


def _chain(report: Report, chain: tuple[Place, ...], *, named: bool = False) -> Markup:
    """The way that the value took, step by step with its lines, the deciding one last; a single
    place that the summary has `named` is not named again."""
    steps = list(dict.fromkeys(chain))
    if len(steps) < 2:
        show = _line_of if named else _step
        shown = join(*(show(report, each) for each in steps))
        return tag("div", shown, class_="source") if shown else shown
    items = [tag("li", _step(report, each)) for each in steps[:-1]]
    items.append(tag("li", _step(report, steps[-1], " decides"), class_="decides"))
    return tag("ol", *items, class_="source chain", aria_label="How the value came about")


def _step(report: Report, place: Place, role: str = "") -> Markup:
    return join(tag("p", _place(place), tag("span", role, class_="mark"), class_="at"),
                _line_of(report, place))  # fmt: skip


def _line_of(report: Report, place: Place) -> Markup:
    """The source line at a place with its number, nothing where it is not known."""
    source = report.sources.get(place, "").strip()
    if not source:
        return Markup("")
    return tag("pre", tag("span", str(place.line), class_="line"), " ", tag("code", source))


def _place(place: Place | None) -> Markup:
    if place is None:
        return Markup("")
    return tag("code", str(place) if place.line > 0 else place.file, class_="place")


def _more(finding: Finding, page: Page | None) -> Iterator[Markup]:
    """Where to read on: the control's story, folded, and the sources of the rule."""
    about = story(page.story) if page else tag("p", f"hardango explain {finding.control}")
    yield tag("details", tag("summary", "About the control ", tag("code", finding.control)), about,
              class_="about")  # fmt: skip
    links = [
        tag("li", tag("a", name.removeprefix("https://"), href=url, rel="noreferrer"))
        for name, url in (page.references if page else ())
    ]
    if links:
        yield tag("ul", *links, class_="refs", aria_label="References")


# -- what was judged -------------------------------------------------------------------------------


def _reading(report: Report) -> Markup:
    """Which settings, why those, and what was assumed of the environment."""
    assumed = [
        join(
            tag("code", f"{each.name}={each.value}"), " ", tag("code", each.source, class_="place")
        )
        for each in report.assumed
    ]
    refusals = [_at(f"When {all_of(each.when)}: {each.message}", each.place)
                for each in report.refusals]  # fmt: skip
    parts = (
        (
            "Settings module" if report.django else "Site",
            tag("p", tag("code", report.module)) + _list(report.reasons),
        ),
        ("Django", tag("p", report.django) if report.django else ""),
        ("Assumed environment", _list(assumed)),
        ("Configuration", _configured(report.configured)),
        ("Does not start", _list(refusals)),
        ("Notes", _list(_at(each.message, each.place) for each in report.notes)),
    )
    return tag(
        "dl",
        *(tag("div", tag("dt", name), tag("dd", Markup(text))) for name, text in parts if text),
        class_="facts",
    )


def _configured(configured: Configured | None) -> Markup:
    """What the project's own configuration says."""
    if configured is None:
        return Markup("")
    return join(tag("p", _place(configured.place)),
                _list((*configured.sets, *configured.topology)))  # fmt: skip


def _at(text: str, place: Place | None) -> str:
    return text if place is None or str(place) in text else f"{text} ({place})"


def _list(texts: Iterable[str]) -> Markup:
    items = [tag("li", each) for each in dict.fromkeys(texts)]
    return tag("ul", *items) if items else Markup("")
