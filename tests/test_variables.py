"""A file of variables: which line sets one, what it surely holds, how it is changed."""

from __future__ import annotations

import pytest

from hardango.variables import added, changed, held, line, sets


@pytest.mark.parametrize(
    ("text", "value", "sure"),
    [
        ("A=x\n", "x", True),
        ("B=1\n  export A = x \r\n", "x", True),
        ("A='x y#z' # why\n", "x y#z", True),
        ("A='$x'", "$x", False),
        ("A='a$x'", "a$x", True),
        ('A="x"', "x", True),
        ('A="a$x"', "a$x", False),
        ("A=x=y", "x=y", True),
        ("A=x#y", "x#y", True),
        ("A=x # y", "x", False),
        ("A=#x", "#x", False),
        ("A=x y", "x y", False),
        ("A=a$b", "a$b", False),
        ("A=a\\b", "a\\b", False),
        ("A=a'b'", "a'b'", False),
        ("A=", "", True),
    ],
)
def test_what_a_line_gives(text: str, value: str, sure: bool) -> None:
    assert held(text, "A") == (value, sure)


@pytest.mark.parametrize("text", ["", "#A=x\n", "AA=x\n", "A.B=x\n", "B=A=x\n", "A\n"])
def test_what_sets_nothing(text: str) -> None:
    assert held(text, "A") is None
    assert not sets(text, "A")


@pytest.mark.parametrize(
    ("text", "said"), [("A=1\nA=2\n", "twice"), ("A='x\ny'\n", "several lines"), ("A='", "closed")]
)
def test_what_is_not_clear(text: str, said: str) -> None:
    with pytest.raises(ValueError, match=said):
        held(text, "A")


def test_a_line_that_is_commented_out() -> None:
    assert sets("# A=x\n", "A", commented=True)
    assert not sets("# the A=x\n", "A", commented=True)


@pytest.mark.parametrize(
    ("text", "new"),
    [
        ("A=x\nB=2\n", "A=new\nB=2\n"),
        ("B=2\r\nexport A = 'x' # why\r\nC=3\r\n", "B=2\r\nexport A = new # why\r\nC=3\r\n"),
        ("B=2", "B=2\nA=new\n"),
        ("B=2\r\n", "B=2\r\nA=new\r\n"),
        ("", "A=new\n"),
    ],
)
def test_one_line_changes(text: str, new: str) -> None:
    assert changed(text, "A", "new") == new


@pytest.mark.parametrize(
    ("value", "written"),
    [("a-b_c", "A=a-b_c"), ("one,two", "A=one,two"), ("a b$c#", "A='a b$c#'"), ("", "A="),
     ("a'b", None), ("a\\b", None), ("${a}", None), (" a", None), ("a\nb", None)],
)  # fmt: skip
def test_what_every_reader_understands(value: str, written: str | None) -> None:
    assert line("A", value) == written
    if written is None:
        with pytest.raises(ValueError, match="would not be read"):
            changed("", "A", value)
    else:
        assert held(written, "A") == (value, True)


def test_lines_are_added_as_the_others_end() -> None:
    assert added("A=1", "B=2", "C=3") == "A=1\nB=2\nC=3\n"
