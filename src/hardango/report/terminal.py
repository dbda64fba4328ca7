"""The report of an audit as text: worst first, readable in 80 columns and without colour."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from hardango.findings import (
    Assumption,
    Finding,
    Place,
    Refusal,
    Report,
    Severity,
    Verdict,
)
from hardango.report.groups import (
    by_cause,
    by_variable,
    cause_of,
    consequences,
    count,
    groups,
    reasons,
)
from hardango.report.layout import Style, all_of, assumption, cut, entry, listed, rows, wrap

_COLOURS = {
    Severity.CRITICAL: "bold red", Severity.HIGH: "red", Severity.MEDIUM: "magenta",
    Severity.LOW: "", Severity.INFO: "",
}  # fmt: skip
_MOST_ASSUMED = 6
_MOST_PROBLEMS = 3
_MOST_NOTES = 4
_MOST_REFUSALS = 3
_MOST_NAMED = 12


def render(
    reports: Sequence[Report], style: Style, *, quiet: bool = False, verbose: bool = False
) -> str:
    """The reports one after the other, of several a summary at the end; ending with a newline.

    `quiet` leaves headlines and summary; `verbose` adds the reasons of what passes, every
    problem of a finding and every assumed variable.
    """
    blocks: list[list[str]] = []
    for report in reports:
        blocks += _report(report, style, quiet=quiet, verbose=verbose, named=len(reports) > 1)
    if len(reports) > 1:
        blocks.append(_together(reports, style))
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _report(
    report: Report, style: Style, *, quiet: bool, verbose: bool, named: bool
) -> list[list[str]]:
    """One report in blocks, `named` if the title is shown in any case."""
    found = groups(report)
    if not quiet:
        following = {} if verbose else consequences(found.weak)
        told = [each for findings in following.values() for each in findings]
        causes = () if verbose else tuple(by_cause(found.unknown))
        return [
            _header(report, style, verbose),
            *(
                _weakness(report, each, style, verbose, following.get(each.control, ()), causes)
                for each in found.weak
                if each not in told
            ),
            *_others(report, style, verbose),
            _summary(report, style),
        ]
    lines = _title(report, style) if named else []
    lines += [line for each in found.weak for line in headline(each, style, named=True)]
    return [
        lines,
        [*_known(found.known, style), *_summary(report, style), *_configured(report, style)],
    ]


def _together(reports: Sequence[Report], style: Style) -> list[str]:
    """Every report in a line, the worst grade first."""
    ranked = sorted(reports, key=lambda each: each.score)
    said = [(f"{each.project}: {each.module}", f"Grade {each.grade} ({each.score}/100)")
            for each in ranked]  # fmt: skip
    return [style.paint(f"{len(reports)} audits", "bold"), *rows(said, style)]


# -- the head --------------------------------------------------------------------------------------


def _title(report: Report, style: Style) -> list[str]:
    title = style.clean(f"Audit of {report.project}: {report.module}")
    return [style.paint(line, "bold") for line in wrap(title, style.width)]


def _header(report: Report, style: Style, verbose: bool) -> list[str]:
    lines = _title(report, style)
    reasons = report.reasons if verbose else report.reasons[:1]
    for label, reason in zip(["because", *[""] * len(reasons)], reasons, strict=False):
        lines += entry(label, reason, style)
    lines += entry("Django", report.django, style)
    lines += _assumed(report.assumed, style, verbose)
    lines += _configured(report, style)
    lines += _refused(report.refusals, style, verbose)
    notes = list(dict.fromkeys(_at(note.message, note.place) for note in report.notes))
    shown = notes if verbose else notes[:_MOST_NOTES]
    for label, text in zip(["note", *[""] * len(shown)], shown, strict=False):
        lines += entry(label, text, style)
    if len(notes) > len(shown):
        lines += entry("", f"and {len(notes) - len(shown)} more (-v lists them)", style)
    return lines


def _configured(report: Report, style: Style) -> list[str]:
    """The project's own configuration: where it is, and everything that it says."""
    if report.configured is None:
        return []
    said = "; ".join(report.configured.sets)
    place = str(report.configured.place)
    lines = entry("config", f"{place} ({said})" if said else place, style)
    if report.configured.topology:
        lines += entry("topology", ", ".join(report.configured.topology), style)
    return lines


def _at(text: str, place: Place | None) -> str:
    """`text` with its place, unless it says that already."""
    return text if place is None or str(place) in text else f"{text} ({place})"


def _refused(refusals: tuple[Refusal, ...], style: Style, verbose: bool) -> list[str]:
    """When production does not start at all, in one sentence or as a list."""
    if verbose:
        texts = [_at(f"{all_of(each.when)}: {each.message}", each.place) for each in refusals]
        labels = ["no start", *[""] * len(texts)]
        return [line for label, text in zip(labels, texts, strict=False)
                for line in entry(label, f"when {text}", style)]  # fmt: skip
    if not refusals:
        return []
    said = "; ".join(all_of(each.when) for each in refusals[:_MOST_REFUSALS])
    more = len(refusals) - _MOST_REFUSALS
    cases = f"; and in {more} more case{'s' * (more > 1)} (-v)" if more > 0 else ""
    return entry("no start", f"when {said}{cases}", style)


def _assumed(assumed: tuple[Assumption, ...], style: Style, verbose: bool) -> list[str]:
    """The variables, grouped by the file that sets them."""
    if not verbose:  # The module is in the first line already.
        assumed = tuple(each for each in assumed if each.name != "DJANGO_SETTINGS_MODULE")
    shown = assumed if verbose else assumed[:_MOST_ASSUMED]
    by_file: dict[str, list[str]] = {}
    for each in shown:
        file = each.source.rpartition(":")[0] or each.source
        by_file.setdefault(file, []).append(assumption(each.name, each.value))
    lines = []
    for label, (file, variables) in zip(["assuming", *[""] * len(by_file)], by_file.items(), strict=False):  # fmt: skip
        lines += entry(label, f"{file}: {', '.join(variables)}", style)
    if len(assumed) > len(shown):
        lines += entry("", f"and {len(assumed) - len(shown)} more (-v lists them)", style)
    return lines


# -- one weakness ----------------------------------------------------------------------------------


def _weakness(
    report: Report,
    finding: Finding,
    style: Style,
    verbose: bool,
    following: Sequence[Finding],
    causes: tuple[str, ...],
) -> list[str]:
    """One weakness, and which controls fail for the same reason; `causes` are told below, where it
    says what is not known."""
    lines = headline(finding, style)
    if finding.when:
        lines += entry("when", all_of(finding.when), style)
    lines += entry("what", finding.message, style)
    lines += where(report.sources, finding.chain, style)
    if finding.attack:
        lines += entry("attack", finding.attack, style)
    if finding.remedy:
        lines += entry("fix", finding.remedy, style)
    lines += _also(finding, style, verbose, causes)
    if following:
        names = ", ".join(f"{each.control} ({each.severity.label})" for each in following)
        lines += entry("so also", f"{names}: for the same reason (-v tells each)", style)
    lines += entry("more", f"hardango explain {finding.control}", style)
    return lines


def headline(finding: Finding, style: Style, *, named: bool = False) -> list[str]:
    """The severity and what is broken, in the colour of the severity."""
    mark = style.clean("✗" if finding.verdict is Verdict.FAIL else "!")
    head = f"{mark} {finding.severity.label.upper():9}"
    text = f"{finding.control}: {finding.title}" if named else finding.title
    if finding.verdict is Verdict.CONDITIONAL:
        text += " (conditional)"
    if finding.since in ("new", "worse"):
        text += f" [{finding.since}]"
    first, *more = wrap(style.clean(text), style.width - len(head))
    lines = [style.paint(head, _COLOURS[finding.severity]) + style.paint(first, "bold")]
    return lines + [" " * len(head) + style.paint(line, "bold") for line in more]


def where(sources: Mapping[Place, str], chain: tuple[Place, ...], style: Style) -> list[str]:
    """The places of a finding, and the source line of the deciding one."""
    if not chain:
        return []
    lines = entry("where", _chain(chain), style)
    source = sources.get(chain[-1], "").strip()
    if source:
        number = f"{chain[-1].line} "
        text = cut(style.clean(source), style.width - 11 - len(number) - 2, style.clean("…"))
        lines.append(" " * 11 + style.paint(number + style.clean("│"), "dim") + " " + text)
    return lines


def _chain(chain: tuple[Place, ...]) -> str:
    return " → ".join(dict.fromkeys(map(str, chain)))


def _also(finding: Finding, style: Style, verbose: bool, causes: tuple[str, ...]) -> list[str]:
    """The further problems of a finding, a sentence each.

    What could not be read besides matters less than what is known to be wrong: unless `verbose`,
    one such problem stands for all, and one for a cause that is told below is left out.
    """
    problems = tuple(
        each
        for each in finding.problems[1:]
        if each.verdict is not Verdict.UNKNOWN or not _is_told(each.message, causes)
    )
    shown = problems
    if not verbose:
        failing = [each for each in problems if each.verdict is Verdict.FAIL]
        unknown = [each for each in problems if each.verdict is Verdict.UNKNOWN]
        shown = (*failing[:_MOST_PROBLEMS], *unknown[:1])
    lines = []
    for label, each in zip(["also", *[""] * len(shown)], shown, strict=False):
        text = each.message
        if each.when:
            text += f", when {all_of(each.when)}"
        elsewhere = each.chain if verbose or each.chain[-1:] != finding.chain[-1:] else ()
        lines += entry(label, _with_chain(text, elsewhere, verbose), style)
    if len(problems) > len(shown):
        lines += entry("", f"and {len(problems) - len(shown)} more (-v lists them)", style)
    return lines


def _is_told(message: str, causes: tuple[str, ...]) -> bool:
    """Whether a message that something is not known names one of the causes, or a part of one."""
    own = cause_of(message)
    return any(cause in message or (own and own in cause) for cause in causes)


# -- what is not a weakness ------------------------------------------------------------------------


def _others(report: Report, style: Style, verbose: bool) -> Iterator[list[str]]:
    found = groups(report)
    if found.unknown:
        yield _not_known(found.unknown, style, verbose)
    tail: list[str] = []
    if found.passed and verbose:
        head = style.paint(style.clean("✓ PASS"), "bold green")
        pairs = [(each.control, _with_chain(each.message, each.chain, True))
                 for each in found.passed]  # fmt: skip
        yield [head, *rows(pairs, style)]
    elif found.passed:
        tail += _counted("✓ pass", found.passed, "lists them", style)
    for each in found.elsewhere:
        tail += listed("~ satisfied elsewhere:", [f"{each.control} ({each.message})"], style)
    tail += _known(found.known, style)
    for each in found.ignored:
        tail += listed("- ignored:", [f"{each.control} ({_reasons(each)})"], style)
    if found.inapplicable and verbose:
        for each in found.inapplicable:
            tail += listed("- does not apply:", [f"{each.control} ({each.message})"], style)
    elif found.inapplicable:
        tail += _counted("- does not apply", found.inapplicable, "says why", style)
    if found.unjudged:
        later = [each for each in found.unjudged if each.message.startswith("Not yet judged")]
        if later:
            names = [each.control for each in later]
            tail += listed("- not yet judged by this version:", names, style)
        for each in found.unjudged:
            if each not in later:
                tail += listed("- not judged:", [f"{each.control} ({each.message})"], style)
    yield tail


def _known(known: list[Finding], style: Style) -> list[str]:
    """The weaknesses that the baseline knows."""
    names = [f"{each.control} ({each.severity.label})" for each in known]
    return listed("- known from the baseline:", names, style) if names else []


def _counted(lead: str, findings: list[Finding], more: str, style: Style) -> list[str]:
    """Controls by name, or only how many there are, if they would hide what matters."""
    if len(findings) <= _MOST_NAMED:
        return listed(f"{lead}:", [each.control for each in findings], style)
    return listed(f"{lead}:", [f"{len(findings)} controls (-v {more})"], style)


def _reasons(finding: Finding) -> str:
    """Why the user ignores a finding, each reason with its place and its last day."""
    pairs = zip(reasons(finding), finding.ignored, strict=True)
    return "; ".join(_at(reason, each.place) for reason, each in pairs)


def _not_known(unknown: list[Finding], style: Style, verbose: bool) -> list[str]:
    """The controls that could not be judged; unless `verbose`, those with one cause together."""
    lines = entry("? NOT KNOWN", "decided by the environment, or unreadable", style, 0, 13)
    together = {} if verbose else by_cause(unknown)
    for cause, findings in together.items():
        lines += _together_unknown([each.control for each in findings], cause, style)
    told = {each.control for findings in together.values() for each in findings}
    asked = {} if verbose else by_variable(each for each in unknown if each.control not in told)
    if asked:
        named = [f"{control} ({variables})" for control, variables in asked.items()]
        lines += _together_unknown(named, "production's value, which --env NAME=VALUE tells", style)
    alone = [each for each in unknown if each.control not in told and each.control not in asked]
    pairs = [(each.control, _with_chain(each.message, each.chain, verbose)) for each in alone]
    return [*lines, *rows(pairs, style)]


def _together_unknown(names: list[str], cause: str, style: Style) -> list[str]:
    """Several controls, and below them the one cause."""
    named = wrap(style.clean(", ".join(names) + ":"), style.width - 2)
    said = wrap(style.clean(cause), style.width - 6)
    return ["  " + line for line in named] + ["      " + line for line in said]


def _with_chain(text: str, chain: tuple[Place, ...], verbose: bool) -> str:
    if verbose and len(chain) > 1:
        return f"{text} ({_chain(chain)})"
    return _at(text, chain[-1] if chain else None)


def _summary(report: Report, style: Style) -> list[str]:
    colour = (
        "bold green" if report.grade[:1] == "A" else "bold red" if report.grade == "F" else "bold"
    )
    grade = f"Grade {report.grade}"
    text = f"{grade} ({report.score}/100): {count(report)}."
    first, *more = wrap(style.clean(text), style.width)
    return [style.paint(grade, colour) + first.removeprefix(grade), *more]
