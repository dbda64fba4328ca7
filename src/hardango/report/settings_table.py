"""The settings of a project as a table: name, outcomes, place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from hardango.light import Any, NamedTuple
from hardango.report.layout import PLAIN, Style, all_of, assumption, columns, entry, wrap

_MOST_LINES = 12
_MOST_ASSUMED = 6
_GAP = 2
_BELOW = 4
"""Indent of values that are too long for their column and stand below the name."""


class _Columns(NamedTuple):
    """Widths of the three columns; the place is shown without `folder`, which all places share."""

    name: int
    value: int
    place: int
    folder: str


def render(data: Mapping[str, Any], style: Style, *, whole: bool = False) -> str:
    """The table of `hardango settings`, from the data of its JSON form, ending with a newline.

    Without `whole`, a long value is cut after a few lines.
    """
    settings: Mapping[str, Any] = data["settings"]
    table = _columns(settings, style)
    title = style.clean(f"Settings of {data['project']}: {data['module']}")
    lines = [style.paint(line, "bold") for line in wrap(title, style.width)]
    if data["reasons"]:
        lines += entry("because", data["reasons"][0], style)
    lines += entry("Django", data["django"], style)
    assumed = [assumption(name, value) for name, value in data["assumed"].items()
               if name != "DJANGO_SETTINGS_MODULE"]  # fmt: skip
    if assumed:
        lines += entry("assuming", ", ".join(assumed[:_MOST_ASSUMED]), style)
    for label, note in zip(["note", *[""] * len(data["notes"])], data["notes"], strict=False):
        lines += entry(label, note["message"], style)
    if table.folder:
        lines += entry("places", f"are relative to {table.folder}", style)
    if settings:
        lines += ["", style.paint(_row("SETTING", "VALUE", "WHERE", table), "dim")]
    for name, each in settings.items():
        lines += _setting(style.clean(name), each, table, style, whole)
    return "\n".join(line.rstrip() for line in lines) + "\n"


def shown(value: Any) -> str:
    """A value of the JSON form as Python would write it; secrets and unknowns in words."""
    if isinstance(value, dict):
        if set(value) == {"secret", "length"}:
            return f"<secret, {value['length']} characters>"
        if set(value) == {"unknown"}:
            return f"<unknown: {value['unknown']}>"
        return "{" + ", ".join(f"{key!r}: {shown(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(shown, value)) + "]"
    return repr(value)


def _columns(settings: Mapping[str, Any], style: Style) -> _Columns:
    """The place gets what it needs and the name too, within reason; the value has the rest."""
    places = [place for each in settings.values() for place in each["at"]]
    folder = _common_folder(places)
    longest = max((columns(place.removeprefix(folder)) for place in places), default=0)
    place = max(5, min(longest, style.width // 3))
    name = max(7, min(max(map(columns, settings), default=0), style.width * 2 // 5))
    return _Columns(name, style.width - name - place - 2 * _GAP, place, folder)


def _common_folder(places: list[str]) -> str:
    """The folder that all places share, with its slash."""
    parts = [place.split("/")[:-1] for place in places]
    common: list[str] = []
    for level in zip(*parts, strict=False):
        if len(set(level)) > 1:
            break
        common.append(level[0])
    return "/".join(common) + "/" if common else ""


def _setting(name: str, setting: Any, table: _Columns, style: Style, whole: bool) -> Iterator[str]:
    """One setting: a row if its only value fits, else its values in lines below the name."""
    outcomes = setting["outcomes"]
    places = [line for place in setting["at"]
              for line in wrap(style.clean(place.removeprefix(table.folder)), table.place)]  # fmt: skip
    fitting = ""
    if len(outcomes) == 1 and not outcomes[0]["when"]:
        fitting = style.clean(shown(_value(outcomes[0])))
        if columns(fitting) > table.value:
            fitting = ""
    if columns(name) > table.name:
        yield from (style.paint(line, "bold") for line in wrap(name, style.width))
        name = ""
    yield _row(name, fitting, places[0] if places else "", table, style)
    for place in places[1:]:
        yield _row("", "", place, table)
    if not fitting:
        for outcome in outcomes:
            for line in _outcome(outcome, style, whole):
                yield " " * _BELOW + line


def _value(outcome: Any) -> Any:
    return outcome["value"] if "value" in outcome else {"unknown": outcome["unknown"]}


def _outcome(outcome: Any, style: Style, whole: bool) -> list[str]:
    """A value, an item of a list in a line of its own, and the condition for it."""
    value, width = _value(outcome), style.width - _BELOW
    plain = style.clean(shown(value))
    when = style.clean("when " + all_of(outcome["when"])) if outcome["when"] else ""
    if columns(plain) + columns(when) + 3 <= width:
        return [f"{plain}   {when}" if when else plain]
    if isinstance(value, list) and columns(plain) > width:
        lines = ["["]
        for item in value:
            first, *more = wrap(style.clean(shown(item)) + ",", width - 2)
            lines += ["  " + first, *("    " + line for line in more)]
        lines.append("]")
    else:
        lines = wrap(plain, width)
    if len(lines) > _MOST_LINES and not whole:
        hidden = len(lines) - _MOST_LINES
        lines = [*lines[:_MOST_LINES], style.clean(f"… {hidden} more lines (-v shows them)")]
    return lines + ["  " + line for line in wrap(when, width - 2) if when]


def _row(name: str, value: str, place: str, table: _Columns, style: Style = PLAIN) -> str:
    after_name = " " * (table.name - columns(name) + _GAP)
    after_value = " " * (table.value - columns(value) + _GAP)
    return style.paint(name, "bold") + after_name + value + after_value + place
