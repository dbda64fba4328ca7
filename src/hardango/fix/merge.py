"""Takes a change back in a file that was edited since: line by line, or not at all."""

from __future__ import annotations

import difflib


class Conflict(Exception):
    """The same lines were changed since; `line` is where, from 1, in the file as it is."""

    def __init__(self, line: int) -> None:
        super().__init__(line)
        self.line = line


def take_back(old: bytes, new: bytes, current: bytes) -> bytes:
    """`current` without the change that made `new` of `old`.

    What was edited since, in other lines, stays. Raises Conflict if an edit touches a line that
    the change made, or the two lines between which it removed some.
    """
    if current == new:
        return old
    before, after, now = (each.splitlines(keepends=True) for each in (old, new, current))
    kept: dict[int, int] = {}
    for start, at, length in _matcher(after, now).get_matching_blocks():
        kept.update((start + step, at + step) for step in range(length))
    # The ends of the file are lines that nobody can change.
    kept[-1], kept[len(after)] = -1, len(now)
    edits = []
    for tag, first, last, at, end in _matcher(after, before).get_opcodes():
        if tag == "equal":
            continue
        edits.append((*_where(kept, first, last), before[at:end]))
    for start, stop, lines in reversed(edits):
        now[start:stop] = lines
    return b"".join(now)


def _where(kept: dict[int, int], first: int, last: int) -> tuple[int, int]:
    """Where the lines from `first` to before `last` are now. Raises Conflict."""
    around = range(first - 1, last + 1) if first == last else range(first, last)
    places = [kept.get(line) for line in around]
    start = next((place for place in places if place is not None), 0)
    if places != list(range(start, start + len(places))):
        raise Conflict(max(start, 0) + 1)
    return (start + 1, start + 1) if first == last else (start, start + len(places))


def _matcher(one: list[bytes], other: list[bytes]) -> difflib.SequenceMatcher[bytes]:
    return difflib.SequenceMatcher(None, one, other, autojunk=False)
