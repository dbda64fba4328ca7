"""The settings of a project as a table: name, outcomes, place."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from hardango.report.layout import Style, columns, entry, wrap

_MOST_LINES = 8
_GAP = 2


def render(data: Mapping[str, Any], style: Style, *, whole: bool = False) -> str:
    """The table of `hardango settings`, from the data of its JSON form, ending with a newline.

    Without `whole`, a long value is cut after a few lines.
    """
    settings: Mapping[str, Any] = data["settings"]
    lines = [style.paint(style.clean(f"{data['module']} of {data['project']}"), "bold")]
    lines += entry("Django", data.get("django", ""), style)
    for label, note in zip(["note", *[""] * len(data["notes"])], data["notes"], strict=False):
        lines += entry(label, note["message"], style)
    folder = _common_folder([place for each in settings.values() for place in each["at"]])
    if folder:
        lines += entry("places", f"are relative to {folder}", style)
    lines.append("")
    name_width, value_width = _widths(settings, folder, style)
    lines.append(_row("SETTING", "VALUE", "WHERE", name_width, value_width, style, head=True))
    for name, each in settings.items():
        lines += _setting(name, each, folder, name_width, value_width, style, whole)
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


def _widths(settings: Mapping[str, Any], folder: str, style: Style) -> tuple[int, int]:
    """Columns for names and values; the place gets what it needs, the value the rest."""
    longest = max(map(columns, settings), default=7)
    names = max(7, min(longest, style.width * 2 // 5))
    at = [_short(place, folder) for each in settings.values() for place in each["at"]]
    places = max(5, min(max(map(columns, at), default=5), style.width * 3 // 10))
    return names, style.width - names - places - 2 * _GAP


def _setting(
    name: str, setting: Any, folder: str, name_width: int, value_width: int, style: Style,
    whole: bool,
) -> Iterator[str]:  # fmt: skip
    place_width = style.width - name_width - value_width - 2 * _GAP
    values = list(_outcomes(setting["outcomes"], value_width, style, whole))
    places = [line for place in setting["at"]
              for line in wrap(style.clean(_short(place, folder)), place_width)]  # fmt: skip
    name = style.clean(name)
    if columns(name) > name_width:
        yield name
        name = ""
    for at in range(max(len(values), len(places), 1)):
        value = values[at] if at < len(values) else ""
        place = places[at] if at < len(places) else ""
        yield _row(name if at == 0 else "", value, place, name_width, value_width, style)


def _outcomes(outcomes: list[Any], width: int, style: Style, whole: bool) -> Iterator[str]:
    for each in outcomes:
        value = each["value"] if "value" in each else {"unknown": each["unknown"]}
        lines = wrap(style.clean(shown(value)), width)
        if len(lines) > _MOST_LINES and not whole:
            hidden = len(lines) - _MOST_LINES + 1
            lines = [*lines[: _MOST_LINES - 1], style.clean(f"… {hidden} more lines (-v)")]
        yield from lines
        if each["when"]:
            for line in wrap(style.clean("when " + " and ".join(each["when"])), width - 2):
                yield "  " + line


def _row(
    name: str, value: str, place: str, name_width: int, value_width: int, style: Style,
    *, head: bool = False,
) -> str:  # fmt: skip
    after_name = " " * (name_width - columns(name) + _GAP)
    after_value = " " * (value_width - columns(value) + _GAP)
    if head:
        return style.paint(name + after_name + value + after_value + place, "dim")
    return style.paint(name, "bold") + after_name + value + after_value + place


def _common_folder(places: list[str]) -> str:
    """The folder that all places share, with its slash, if leaving it out says no less."""
    if not places:
        return ""
    parts = [place.split("/")[:-1] for place in places]
    common: list[str] = []
    for level in zip(*parts, strict=False):
        if len(set(level)) > 1:
            break
        common.append(level[0])
    return "/".join(common) + "/" if common else ""


def _short(place: str, folder: str) -> str:
    return place.removeprefix(folder)
