"""What can be said of a value that may be unknown."""

from __future__ import annotations

import pytest

from hardango.controls.values import alternatives, could_be, said, truth, why_unknown
from hardango.settings.outcomes import Settings, Unknown

SEVERAL = Unknown("x", several=True)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, True),
        ("False", True),
        ([], False),
        ([SEVERAL], None),
        ([SEVERAL, 1], True),
        ([Unknown("x")], True),
        (Unknown("x"), None),
        (Unknown("x", type="bool"), None),
        (Unknown("x", type="NoneType"), False),
        (Unknown("x", prefix="https://"), True),
        (Unknown("x", choices=(1, "yes")), True),
        (Unknown("x", choices=(0, "")), False),
        (Unknown("x", choices=(0, 1)), None),
    ],
)
def test_truth(value: object, expected: bool | None) -> None:
    assert truth(value) is expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("a.b", True),
        ("a.c", False),
        (None, False),
        (Unknown("x"), None),
        (Unknown("x", type="str"), None),
        (Unknown("x", type="int"), False),
        (SEVERAL, None),
        (Unknown("x", prefix="a."), None),
        (Unknown("x", prefix="b."), False),
        (Unknown("x", choices=("a.b",)), True),
        (Unknown("x", choices=("a.c", 1)), False),
        (Unknown("x", choices=("a.b", "a.c")), None),
    ],
)
def test_whether_a_value_could_be_a_text(value: object, expected: bool | None) -> None:
    assert could_be(value, "a.b") is expected


def test_a_few_known_choices_are_one_outcome_each() -> None:
    stage = Unknown("one of three", choices=("a", "b", "c"), subject="STAGE")
    found = list(alternatives(Settings.of({"X": stage}), "X"))
    assert [outcome.value for outcome in found] == ["a", "b", "c"]
    assert found[0].when == ("STAGE is 'a'",)
    together = found[0].condition | found[1].condition | found[2].condition
    assert together.certain
    assert not (found[0].condition & found[1].condition).possible


def test_a_yes_or_no_is_left_to_the_operator() -> None:
    flag = Unknown("read from X", type="bool", choices=(True, False))
    (outcome,) = alternatives(Settings.of({"X": flag}), "X")
    assert outcome.value is flag


def test_a_long_value_is_shortened() -> None:
    assert len(said("x" * 1000)) == 60


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ((), "X could not be read: it rains"),
        (("A",), "X is decided by A, and"),
        (("A", "B"), "X is decided by A or B, and"),
        (("A", "B", "C"), "X is decided by A, B or another one, and"),
    ],
)
def test_where_knowledge_ended(variables: tuple[str, ...], words: str) -> None:
    assert why_unknown("X", Unknown("it rains", variables=variables)).startswith(words)


def test_what_holds_unless_overridden_is_said_as_such() -> None:
    value = Unknown("True, unless local.py overrides it")
    assert why_unknown("DEBUG", value) == "DEBUG is True, unless local.py overrides it"
    assert why_unknown("DEBUG", Unknown("f()")) == "DEBUG could not be read: f()"
