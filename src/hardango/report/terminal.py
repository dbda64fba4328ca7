"""The report of an audit as text: worst first, readable in 80 columns and without colour."""

from __future__ import annotations

from collections.abc import Iterator

from hardango.findings import Assumption, Finding, Place, Problem, Report, Severity, Verdict
from hardango.report.layout import Style, cut, entry, listed, rows, wrap

_COLOURS = {
    Severity.CRITICAL: "bold red", Severity.HIGH: "red", Severity.MEDIUM: "magenta",
    Severity.LOW: "", Severity.INFO: "",
}  # fmt: skip
_MOST_ASSUMED = 6
_MOST_PROBLEMS = 3


def render(report: Report, style: Style, *, quiet: bool = False, verbose: bool = False) -> str:
    """The whole report, ending with a newline.

    `quiet` leaves headlines and summary; `verbose` adds the reasons of what passes, every
    problem of a finding and every assumed variable.
    """
    weak = [each for each in report.findings if is_weak(each)]
    blocks: list[list[str]] = []
    if not quiet:
        blocks.append(_header(report, style, verbose))
        blocks += [_weakness(report, each, style, verbose) for each in weak]
        blocks += _others(report, style, verbose)
    elif weak:
        blocks.append([line for each in weak for line in _headline(each, style, named=True)])
    blocks.append(_summary(report, style))
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def is_weak(finding: Finding) -> bool:
    """Whether a finding says that a protection fails, always or under a condition."""
    return finding.verdict in (Verdict.FAIL, Verdict.CONDITIONAL)


# -- the head --------------------------------------------------------------------------------------


def _header(report: Report, style: Style, verbose: bool) -> list[str]:
    lines = [style.paint(line, "bold")
             for line in wrap(style.clean(f"Audit of {report.project}: {report.module}"), style.width)]  # fmt: skip
    reasons = report.reasons if verbose else report.reasons[:1]
    for label, reason in zip(["because", *[""] * len(reasons)], reasons, strict=False):
        lines += entry(label, reason, style)
    lines += entry("Django", report.django, style)
    lines += _assumed(report.assumed, style, verbose)
    for label, note in zip(["note", *[""] * len(report.notes)], report.notes, strict=False):
        at = f" ({note.place})" if note.place and str(note.place) not in note.message else ""
        lines += entry(label, note.message + at, style)
    return lines


def _assumed(assumed: tuple[Assumption, ...], style: Style, verbose: bool) -> list[str]:
    """The variables, grouped by the file that sets them."""
    if not verbose:  # The module is in the first line already.
        assumed = tuple(each for each in assumed if each.name != "DJANGO_SETTINGS_MODULE")
    shown = assumed if verbose else assumed[:_MOST_ASSUMED]
    by_file: dict[str, list[str]] = {}
    for each in shown:
        file = each.source.rpartition(":")[0] or each.source
        value = f" {each.value}" if each.value.startswith("(") else "=" + cut(each.value, 40)
        by_file.setdefault(file, []).append(each.name + value)
    lines = []
    for label, (file, variables) in zip(["assuming", *[""] * len(by_file)], by_file.items(), strict=False):  # fmt: skip
        lines += entry(label, f"{file}: {', '.join(variables)}", style)
    if len(assumed) > len(shown):
        lines += entry("", f"and {len(assumed) - len(shown)} more (-v lists them)", style)
    return lines


# -- one weakness ----------------------------------------------------------------------------------


def _weakness(report: Report, finding: Finding, style: Style, verbose: bool) -> list[str]:
    lines = _headline(finding, style)
    if finding.when:
        lines += entry("when", " and ".join(finding.when), style)
    lines += entry("what", finding.message, style)
    lines += _where(report, finding.chain, style)
    if finding.attack:
        lines += entry("attack", finding.attack, style)
    if finding.remedy:
        lines += entry("fix", finding.remedy, style)
    lines += _also(finding.problems[1:], style, verbose)
    lines += entry("more", f"hardango explain {finding.control}", style)
    return lines


def _headline(finding: Finding, style: Style, *, named: bool = False) -> list[str]:
    mark = style.clean("✗" if finding.verdict is Verdict.FAIL else "!")
    head = f"{mark} {finding.severity.label.upper():9}"
    text = f"{finding.control}: {finding.title}" if named else finding.title
    if finding.verdict is Verdict.CONDITIONAL:
        text += " (under a condition)"
    first, *more = wrap(style.clean(text), style.width - len(head))
    lines = [style.paint(head, _COLOURS[finding.severity]) + style.paint(first, "bold")]
    return lines + [" " * len(head) + style.paint(line, "bold") for line in more]


def _where(report: Report, chain: tuple[Place, ...], style: Style) -> list[str]:
    if not chain:
        return []
    lines = entry("where", _chain(chain), style)
    source = report.sources.get(chain[-1], "").strip()
    if source:
        number = f"{chain[-1].line} "
        text = cut(style.clean(source), style.width - 11 - len(number) - 2, style.clean("…"))
        lines.append(" " * 11 + style.paint(number + style.clean("│"), "dim") + " " + text)
    return lines


def _chain(chain: tuple[Place, ...]) -> str:
    return " → ".join(dict.fromkeys(map(str, chain)))


def _also(problems: tuple[Problem, ...], style: Style, verbose: bool) -> list[str]:
    """The further problems of a finding, a sentence each."""
    shown = problems if verbose else problems[:_MOST_PROBLEMS]
    lines = []
    for label, each in zip(["also", *[""] * len(shown)], shown, strict=False):
        text = each.message
        if each.when:
            text += f", when {' and '.join(each.when)}"
        if each.chain:
            text += f" ({_chain(each.chain) if verbose else each.chain[-1]})"
        lines += entry(label, text, style)
    if len(problems) > len(shown):
        lines += entry("", f"and {len(problems) - len(shown)} more (-v lists them)", style)
    return lines


# -- what is not a weakness ------------------------------------------------------------------------


def _others(report: Report, style: Style, verbose: bool) -> Iterator[list[str]]:
    findings = [each for each in report.findings if each.judged and each.applies]
    unknown = [each for each in findings if each.verdict is Verdict.UNKNOWN]
    passed = [each for each in findings if each.verdict is Verdict.PASS]
    if unknown:
        lines = entry("? NOT KNOWN", "decided by the environment, or unreadable", style, 0, 13)
        pairs = [(each.control, _with_place(each, verbose)) for each in unknown]
        yield [*lines, *rows(pairs, style)]
    tail: list[str] = []
    if passed and verbose:
        head = style.paint(style.clean("✓ PASS"), "bold green")
        yield [head, *rows([(each.control, _with_place(each, verbose)) for each in passed], style)]
    elif passed:
        tail += listed("✓ pass:", [each.control for each in passed], style)
    for each in report.findings:
        if each.judged and not each.applies:
            tail += listed("- does not apply:", [f"{each.control} ({each.message})"], style)
    later = [each.control for each in report.findings if not each.judged]
    if later:
        tail += listed("- not yet judged by this version:", later, style)
    yield tail


def _with_place(finding: Finding, verbose: bool) -> str:
    if not finding.chain:
        return finding.message
    return f"{finding.message} ({_chain(finding.chain) if verbose else finding.place})"


def _summary(report: Report, style: Style) -> list[str]:
    judged = [each for each in report.findings if each.judged and each.applies]
    counts = [
        (sum(each.verdict is verdict for each in judged), words)
        for verdict, words in (
            (Verdict.FAIL, "fail"), (Verdict.CONDITIONAL, "fail under a condition"),
            (Verdict.UNKNOWN, "not known"), (Verdict.PASS, "pass"),
        )
    ]  # fmt: skip
    said = ", ".join(f"{count} {words}" for count, words in counts if count) or "nothing to judge"
    colour = (
        "bold green" if report.grade[:1] == "A" else "bold red" if report.grade == "F" else "bold"
    )
    grade = f"Grade {report.grade}"
    first, *more = wrap(style.clean(f"{grade} ({report.score}/100): {said}."), style.width)
    return [style.paint(grade, colour) + first.removeprefix(grade), *more]
