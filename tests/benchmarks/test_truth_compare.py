"""How the truth harness scores what Hardango says against what a settings module really sets."""

from __future__ import annotations

from typing import Any

import pytest
from benchmarks.truth.compare import SET, Agreement, compare, compare_setting, match
from benchmarks.truth.load import Loaded

EXACT, UNKNOWN, WRONG = Agreement.EXACT, Agreement.UNKNOWN, Agreement.WRONG
NOT_KNOWN = {"unknown": "read from X"}
SECRET = {"secret": True, "length": 7}


def says(*values: Any, when: tuple[str, ...] = ()) -> dict[str, Any]:
    """What `hardango settings` says of a setting that has these outcomes."""
    several = ("X is set",) if len(values) > 1 else when
    outcomes = [
        {**value, "when": list(several)}
        if isinstance(value, dict) and set(value) == {"unknown"}
        else {"value": value, "when": list(several)}
        for value in values
    ]
    return {"outcomes": outcomes, "at": ["settings.py:1"]}


@pytest.mark.parametrize(
    "real, ours, expected",
    [
        (True, True, EXACT),
        (True, False, WRONG),
        (True, "True", WRONG),
        (1, True, WRONG),
        (60, 60.0, EXACT),
        (None, None, EXACT),
        (None, [], WRONG),
        ("a", NOT_KNOWN, UNKNOWN),
        # A secret is compared by its length.
        ("abcdefg", SECRET, EXACT),
        ("abc", SECRET, WRONG),
        (1234567, SECRET, EXACT),
        (["abcdefg"], SECRET, WRONG),
        ("redis://:pass@cache/0", "redis://:***@cache/0", EXACT),
        ("redis://:pass@cache/1", "redis://:***@cache/0", WRONG),
        # Lists: the order counts, and an unknown item is any number of items.
        ([1, 2], [1, 2], EXACT),
        ([1, 2], [2, 1], WRONG),
        ([1, 2], [1], WRONG),
        ([1, 2, 3], [1, NOT_KNOWN, 3], UNKNOWN),
        ([1, 3], [1, NOT_KNOWN, 3], UNKNOWN),
        ([1, 2, 3, 4], [NOT_KNOWN, 4], UNKNOWN),
        ([1, 2, 3], [NOT_KNOWN, 2], WRONG),
        ([1, 2, 3], [1, 3, NOT_KNOWN], WRONG),
        ([{"a": 1}], [{"a": NOT_KNOWN}], UNKNOWN),
        # Sets: the order does not count.
        ({SET: [1, 2]}, [2, 1], EXACT),
        ({SET: [1, 2]}, [2], WRONG),
        ({SET: [1, 2]}, [2, NOT_KNOWN], UNKNOWN),
        ({SET: [1, 2]}, [3, NOT_KNOWN], WRONG),
        ({SET: []}, {}, WRONG),
        # Dictionaries: every key counts, unless a key itself is unknown.
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}, EXACT),
        ({"a": 1, "b": 2}, {"a": 1}, WRONG),
        ({"a": 1}, {"a": 1, "b": 2}, WRONG),
        ({"a": 1}, {"a": NOT_KNOWN}, UNKNOWN),
        ({"a": 1}, {"a": 1, "b": NOT_KNOWN}, UNKNOWN),
        ({"a": 1}, {"a": 2, "b": NOT_KNOWN}, WRONG),
        ({"a": 1, "b": 2}, {"a": 1, "<unknown: read from X>": 2}, UNKNOWN),
        ({"a": 1, "b": 2}, {"a": 3, "<unknown: read from X>": 2}, WRONG),
    ],
)
def test_values_agree(real: Any, ours: Any, expected: Agreement) -> None:
    assert match(real, ours) is expected


@pytest.mark.parametrize(
    "real, ours, expected",
    [
        (1, says(1), EXACT),
        (1, says(2), WRONG),
        (1, says(NOT_KNOWN), UNKNOWN),
        (1, says(1, 2), UNKNOWN),
        (1, says(2, NOT_KNOWN), UNKNOWN),
        (1, says(2, 3), WRONG),
        (1, says(1, when=("X is set",)), UNKNOWN),
        (1, None, WRONG),
    ],
)
def test_a_setting_that_the_module_sets(real: Any, ours: Any, expected: Agreement) -> None:
    comparison = compare_setting("NAME", real, ours)
    assert comparison is not None
    assert comparison.agreement is expected


def test_a_setting_said_to_be_set_that_is_not() -> None:
    comparison = compare_setting("NAME", None, says(1), really_set=False)
    assert comparison is not None
    assert comparison.agreement is WRONG


def test_a_setting_said_to_be_set_perhaps_that_is_not() -> None:
    assert compare_setting("NAME", None, says(1, when=("X is set",)), really_set=False) is None
    assert compare_setting("NAME", None, says(1, 2), really_set=False) is None
    assert compare_setting("NAME", None, says(NOT_KNOWN), really_set=False) is None


def test_what_has_no_comparable_value_is_left_out() -> None:
    real = Loaded({"A": 1}, {"B": "a function"})
    result = compare("p", "empty", real, Loaded({"A": says(1), "B": says("x")}, {}))
    assert [each.name for each in result.comparisons] == ["A"]
    assert result.left_out == 1


def test_a_name_that_hardango_did_not_see_is_unknown_if_it_says_that_there_may_be_some() -> None:
    real, ours = Loaded({"A": 1}, {}), Loaded({}, {}, open_ended=True)
    assert compare("p", "empty", real, ours).count(UNKNOWN) == 1
    assert compare("p", "empty", real, ours._replace(open_ended=False)).count(WRONG) == 1


def test_what_a_configuration_class_has_from_django_counts_only_if_hardango_lists_it() -> None:
    real = Loaded({"DEBUG": False, "USE_TZ": True}, {}, inherited=("DEBUG", "USE_TZ"))
    result = compare("p", "empty", real, Loaded({"DEBUG": says(False)}, {}))
    assert [each.name for each in result.comparisons] == ["DEBUG"]


LOADS = Loaded({"A": 1}, {})
FAILS = Loaded({}, {}, "KeyError: 'X'")


@pytest.mark.parametrize(
    "real, ours, load, agrees",
    [
        (FAILS, FAILS, "agrees: cannot load", True),
        (LOADS, FAILS, "says that it cannot load", False),
        (FAILS, Loaded({"A": says(1)}, {}), "says that it loads", False),
        (FAILS, Loaded({"A": says(1)}, {}, perhaps=True), "says that it may not load", True),
        (FAILS, Loaded({"A": says(NOT_KNOWN)}, {}), "does not know whether it loads", True),
    ],
)
def test_modules_that_do_not_load(real: Loaded, ours: Loaded, load: str, agrees: bool) -> None:
    result = compare("p", "empty", real, ours)
    assert (result.load, result.agrees) == (load, agrees)


def test_counts_of_security_relevant_settings() -> None:
    real = Loaded({"DEBUG": False, "SESSION_COOKIE_SECURE": True, "MY_OWN": 1}, {})
    ours = Loaded(
        {"DEBUG": says(False), "SESSION_COOKIE_SECURE": says(NOT_KNOWN), "MY_OWN": says(2)}, {}
    )
    result = compare("p", "empty", real, ours)
    assert [result.count(each) for each in (EXACT, UNKNOWN, WRONG)] == [1, 1, 1]
    assert [result.count(each, security=True) for each in (EXACT, UNKNOWN, WRONG)] == [1, 1, 0]
