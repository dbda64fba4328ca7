"""Where a key stands in a TOML file: `tomllib` gives values without lines.

This reads only as much of TOML as it takes to name a line: headers of tables and keys at the start
of a line. A key that is written otherwise (in a table on one line) has the line of what holds it.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.patterns import Pattern

_PART = r"(?:[A-Za-z0-9_-]+|\"[^\"\n]*\"|'[^'\n]*')"
_KEYS = rf"{_PART}(?:[ \t]*\.[ \t]*{_PART})*"
_HEADER = Pattern(rf"[ \t]*(\[\[?)[ \t]*({_KEYS})[ \t]*\]")
_KEY = Pattern(rf"[ \t]*({_KEYS})[ \t]*=")
_EACH = Pattern(_PART)


def line_of(text: str, wanted: tuple[str | int, ...]) -> int:
    """The line of the key, or the nearest of what holds it; 1 if that is nowhere.

    `wanted` leads to it from the top; a number counts the tables of a list (`[[ignore]]`).
    """
    places: dict[tuple[str | int, ...], int] = {}
    for path, line in _keys(text):
        for end in range(1, len(path) + 1):
            places.setdefault(path[:end], line)
    for end in range(len(wanted), 0, -1):
        if wanted[:end] in places:
            return places[wanted[:end]]
    return 1


def _keys(text: str) -> Iterator[tuple[tuple[str | int, ...], int]]:
    """Every header and key at the start of a line, as a path from the top."""
    table: tuple[str | int, ...] = ()
    counted: dict[tuple[str | int, ...], int] = {}
    until = ""
    for number, row in enumerate(text.split("\n"), 1):
        if until:  # inside a text of several lines
            until = "" if row.count(until) % 2 else until
            continue
        header = _HEADER.match(row)
        if header is not None:
            table = tuple(_parts(header[2]))
            if header[1] == "[[":
                counted[table] = counted.get(table, -1) + 1
                table = (*table, counted[table])
            yield table, number
            continue
        key = _KEY.match(row)
        if key is not None:
            yield (*table, *_parts(key[1])), number
        until = next((quote for quote in ('"""', "'''") if row.count(quote) % 2), "")


def _parts(keys: str) -> list[str]:
    return [each.strip("\"'") for each in _EACH.findall(keys)]
