"""What `hardango fix` would do, or has done: the diff, what each edit mends, what is left."""

from __future__ import annotations

import json

from hardango.findings import Finding, Remaining, Repair, Repairs
from hardango.report.layout import Style, wrap

_COLOURS = {"+": "green", "-": "red", "@": "cyan"}


def as_text(done: Repairs, style: Style, *, quiet: bool = False) -> str:
    """The diff first, as long as nothing is written; then a line or two for each finding."""
    lines: list[str] = []
    if not done.written and done.diff and not quiet:
        lines += [*_diff(done.diff, style), ""]
    if done.repairs:
        lines += [style.paint("fixed" if done.written else "would fix", "bold")]
        for each in done.repairs:
            lines += _repair(each, style)
        lines.append("")
    if done.remaining:
        lines += [style.paint("left", "bold")]
        for left in done.remaining:
            lines += _remaining(left, style)
        lines.append("")
    lines += _by_hand(done, style)
    lines += wrap(style.clean(_summary(done)), style.width)
    return "\n".join(lines) + "\n"


def question(each: Repair, style: Style) -> str:
    """One edit with its diff, its reason and its risk, and what can be answered."""
    lines = ["", *_diff(each.diff, style), "", *_repair(each, style)]
    lines.append("Make this edit? [y]es, [n]o, [e]xplain, [q]uit: ")
    return "\n".join(lines)


def _diff(text: str, style: Style) -> list[str]:
    lines = []
    for line in text.splitlines():
        plain = line.startswith(("+++", "---"))
        lines.append(
            style.paint(style.clean(line), "bold" if plain else _COLOURS.get(line[:1], ""))
        )
    return lines


def _repair(each: Repair, style: Style) -> list[str]:
    end = (
        "" if not each.after.weak else f" (then {each.after.severity.label}: {each.after.message})"
    )
    lines = _entry(f"{each.finding.control}: {each.finding.message}{end}", style)
    for risk in each.risks:
        lines += _entry(f"could break: {risk}", style, 4)
    return lines


def _remaining(left: Remaining, style: Style) -> list[str]:
    lines = _entry(
        f"{left.finding.control} ({left.finding.severity.label}): {left.finding.message}", style
    )
    why = f"--unsafe mends it, but {left.why}" if left.unsafe else left.why
    return lines + _entry(why, style, 4)


def _entry(text: str, style: Style, margin: int = 2) -> list[str]:
    first, *more = wrap(style.clean(text), style.width - margin - 2)
    return [" " * margin + first, *(" " * (margin + 2) + line for line in more)]


def _by_hand(done: Repairs, style: Style) -> list[str]:
    if not done.by_hand:
        return []
    lines = [style.paint("besides", "bold")]
    for each in done.by_hand:
        lines += _entry(each, style)
    return [*lines, ""]


def _summary(done: Repairs) -> str:
    if done.written:
        said = f"Changed {', '.join(done.written)}; hardango fix --undo takes it back."
    elif done.repairs:
        said = "Nothing is written yet: hardango fix --write makes these edits."
    elif done.remaining:
        said = "Nothing here can be mended without you."
    else:
        said = "Nothing to mend."
    if not done.before:
        return said
    same = done.before == done.after
    return f"Grade {done.before if same else f'{done.before} → {done.after}'}. {said}"


def as_json(done: Repairs) -> str:
    data = {
        "schema": 1,
        "project": done.project,
        "module": done.module,
        "fixed" if done.written else "fixes": [
            {**_finding(each.finding), "after": each.after.verdict.value, "risks": list(each.risks),
             "safe": not each.risks, "files": list(each.files), "diff": each.diff}
            for each in done.repairs
        ],
        "left": [
            {**_finding(each.finding), "why": each.why, "unsafe": each.unsafe}
            for each in done.remaining
        ],
        "by_hand": list(done.by_hand),
        "diff": done.diff,
        "written": list(done.written),
        "grade": {"before": done.before, "after": done.after},
    }  # fmt: skip
    return json.dumps(data, indent=2, ensure_ascii=False) + "\n"


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "control": finding.control,
        "severity": finding.severity.label,
        "message": finding.message,
        "when": list(finding.when),
    }
