"""A change is taken back in a file that was edited since, line by line or not at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardango.fix.merge import Conflict, take_back

OLD = b"a\nb\nc\nd\ne\n"
NEW = b"a\nB\nc\nd\nnew\ne\n"


@pytest.mark.parametrize(
    ("current", "back"),
    [
        (NEW, OLD),
        (b"top\n" + NEW, b"top\n" + OLD),
        (NEW + b"end\n", OLD + b"end\n"),
        (b"a\nB\nc\nd2\nd\nnew\ne\n", b"a\nb\nc\nd2\nd\ne\n"),
        (b"B\nc\nd\nnew\ne\n", b"b\nc\nd\ne\n"),
    ],
)
def test_what_was_edited_elsewhere_stays(current: bytes, back: bytes) -> None:
    assert take_back(OLD, NEW, current) == back


@pytest.mark.parametrize(
    ("current", "line"),
    [
        (b"a\nmine\nc\nd\nnew\ne\n", 1),
        (b"a\nc\nd\nnew\ne\n", 1),
        (b"a\nB\nc\nd\nNEW\ne\n", 1),
    ],
)
def test_the_same_line_changed_since_is_a_conflict(current: bytes, line: int) -> None:
    with pytest.raises(Conflict) as conflict:
        take_back(OLD, NEW, current)
    assert conflict.value.line >= line


LINES = st.lists(st.sampled_from([b"a\n", b"b\n", b"c\r\n", b"\n", b"d"]), max_size=12).map(
    b"".join
)


@given(LINES, LINES)
def test_taking_back_right_away_gives_the_old_file(old: bytes, new: bytes) -> None:
    assert take_back(old, new, new) == old


@given(LINES, LINES, LINES)
def test_lines_added_above_and_below_stay(old: bytes, new: bytes, more: bytes) -> None:
    try:
        back = take_back(old, new, b"one\ntwo\n" + new)
    except Conflict:
        return
    assert back == b"one\ntwo\n" + old
