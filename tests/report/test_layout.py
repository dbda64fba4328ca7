"""Wrapping and cutting, in columns rather than characters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardango.report.layout import Style, all_of, columns, cut, entry, rows, wrap


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("", 10, [""]),
        ("one two three", 7, ["one two", "three"]),
        ("one  two\nthree", 80, ["one two three"]),
        ("abcdefghij", 4, ["abcd", "efgh", "ij"]),
        ("config/settings/base.py:3", 18, ["config/settings/", "base.py:3"]),
        ("日本語日本語", 6, ["日本語", "日本語"]),
    ],
)
def test_wrap(text: str, width: int, lines: list[str]) -> None:
    assert wrap(text, width) == lines


@given(st.text(st.characters(codec="utf-8")), st.integers(2, 100))
def test_wrap_fits_and_loses_nothing(text: str, width: int) -> None:
    lines = wrap(text, width)
    assert all(columns(line) <= width for line in lines)
    assert "".join(lines).split() == "".join(text.split()).split() or (
        "".join("".join(lines).split()) == "".join(text.split())
    )


@pytest.mark.parametrize(
    ("text", "width", "shown"),
    [("short", 10, "short"), ("a longer text", 8, "a longe…"), ("日本語", 5, "日本…")],
)
def test_cut(text: str, width: int, shown: str) -> None:
    assert cut(text, width) == shown


@pytest.mark.parametrize(
    ("text", "style", "shown"),
    [
        ("plain", Style(), "plain"),
        ("a\x1b[31mb", Style(), "a\\x1b[31mb"),
        ("a\tb", Style(), "a b"),
        ("right\u202eleft", Style(), "right\\u202eleft"),
        ("é → ü", Style(), "é → ü"),
        ("é → ü", Style(ascii=True), "\\xe9 -> \\xfc"),
    ],
)
def test_clean(text: str, style: Style, shown: str) -> None:
    assert style.clean(text) == shown


def test_entry_puts_a_label_beside_the_text() -> None:
    assert entry("fix", "one two", Style(width=16)) == ["  fix      one", "           two"]


def test_rows_line_up() -> None:
    assert rows([("a", "x"), ("long", "y")], Style()) == ["  a     x", "  long  y"]


@pytest.mark.parametrize(
    ("when", "said"),
    [
        (["A is set"], "A is set"),
        (["A is 'x' or 'y'"], "A is 'x' or 'y'"),
        (["A is set", "B is unset or B is empty"], "A is set and (B is unset or B is empty)"),
    ],
)
def test_conditions_cannot_be_misread(when: list[str], said: str) -> None:
    assert all_of(when) == said
