"""The difference of two reports, as text or as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from hardango.findings import Comparison, Severity
from hardango.light import TYPE_CHECKING
from hardango.report.json_format import SCHEMA, TOOL, dump
from hardango.report.layout import Style, entry, wrap

if TYPE_CHECKING:
    from hardango.light import Any

_COLOURS = {"new": "bold red", "worse": "bold red", "fixed": "bold green"}


def as_text(found: Sequence[Comparison], style: Style) -> str:
    """For a terminal, ending with a newline."""
    blocks = []
    for each in found:
        lines = [style.paint(line, "bold") for line in wrap(style.clean(each.module), style.width)]
        for label, those in _sets(each).items():
            if those:
                said = ", ".join(f"{control} ({severity.label})" for control, severity in those)
                head, *more = entry(label, said, style, 2, 13)
                colour = _COLOURS.get(label, "dim")
                lines += [head.replace(label, style.paint(label, colour), 1)
                          if style.colour else head, *more]  # fmt: skip
        if len(lines) == 1:
            lines += entry("", "no weakness, before or now", style, 0, 2)
        blocks.append("\n".join(lines))
    return "\n\n".join(blocks or ["nothing to compare"]) + "\n"


def as_json(found: Sequence[Comparison]) -> str:
    """For programs, ending with a newline."""
    reports = [{"module": each.module, **{name.replace(" ", "_"): list(map(_pair, those))
                for name, those in _sets(each).items()}} for each in found]  # fmt: skip
    return dump({"schema": SCHEMA, "tool": TOOL, "kind": "difference", "reports": reports})


def _pair(each: tuple[str, Severity]) -> dict[str, Any]:
    return {"control": each[0], "severity": each[1].label}


def _sets(each: Comparison) -> dict[str, tuple[tuple[str, Severity], ...]]:
    return {"new": each.new, "worse": each.worse, "unchanged": each.unchanged,
            "not known": each.open, "fixed": each.fixed}  # fmt: skip
