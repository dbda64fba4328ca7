"""Debug mode: what the value of DEBUG does, not what it looks like."""

from __future__ import annotations

import pytest

from hardango.findings import Place, Severity, Verdict
from hardango.settings.outcomes import Outcome, Reading, Settings, Unknown

BY_VARIABLE = Unknown("read from DEBUG", type="bool", variables=("DEBUG",), subject="DEBUG")
TEXT = Unknown("read from DEBUG", type="str", variables=("DEBUG",), subject="DEBUG")


@pytest.mark.parametrize("value", [False, 0, "", None, [], Unknown("x", choices=(False, 0))])
def test_off_whatever_happens(judged, value: object) -> None:
    assert judged("debug", {"DEBUG": value}).verdict is Verdict.PASS


def test_off_by_djangos_default(judged) -> None:
    finding = judged("debug", {})
    assert finding.verdict is Verdict.PASS
    assert finding.chain == ()


@pytest.mark.parametrize("value", [True, 1, "yes", ["x"], Unknown("x", choices=(True, "on"))])
def test_on_whatever_happens(judged, value: object) -> None:
    finding = judged("debug", {"DEBUG": value})
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, Severity.CRITICAL)
    assert finding.when == ()
    assert finding.place == Place("settings.py", 1)
    assert finding.title == "Debug mode is on in production"


@pytest.mark.parametrize("text", ["False", "0", "no", "off"])
def test_a_text_that_says_no_means_yes(judged, text: str) -> None:
    finding = judged("debug", {"DEBUG": text})
    assert finding.verdict is Verdict.FAIL
    assert f"the text {text!r}, and every text that is not empty is true" in finding.message


def test_on_under_a_condition(judged) -> None:
    finding = judged("debug", {"DEBUG": {"if DJANGO_DEBUG is unset": True, "else": False}})
    assert finding.verdict is Verdict.CONDITIONAL
    assert finding.when == ("DJANGO_DEBUG is unset",)


def test_on_by_default_and_otherwise_up_to_the_operator(judged) -> None:
    """DEBUG = env.bool("DEBUG", default=True)"""
    finding = judged("debug", {"DEBUG": {"if DEBUG is unset": True, "else": BY_VARIABLE}})
    assert finding.verdict is Verdict.CONDITIONAL
    assert finding.when == ("DEBUG is unset",)
    assert [problem.verdict for problem in finding.problems] == [Verdict.FAIL, Verdict.UNKNOWN]


def test_off_by_default_and_otherwise_up_to_the_operator(judged) -> None:
    """DEBUG = env.bool("DEBUG", default=False): neither passed nor failed."""
    finding = judged("debug", {"DEBUG": {"if DEBUG is set": BY_VARIABLE, "else": False}})
    assert finding.verdict is Verdict.UNKNOWN
    assert finding.message == (
        "DEBUG is off unless DEBUG turns it on; hardango does not know production's value"
    )


def test_up_to_the_operator_without_a_default(judged) -> None:
    finding = judged("debug", {"DEBUG": BY_VARIABLE})
    assert finding.verdict is Verdict.UNKNOWN
    assert "decided by DEBUG" in finding.message


def test_the_text_of_a_variable_is_true_even_if_it_says_false(judged) -> None:
    """DEBUG = os.environ.get("DEBUG", False), the classic."""
    finding = judged("debug", {"DEBUG": {"if DEBUG is set": TEXT, "else": False}})
    assert finding.verdict is Verdict.CONDITIONAL
    assert finding.when == ("DEBUG is set", "DEBUG is not empty")
    assert "setting DEBUG to 'False' turns debug mode on" in finding.message


def test_the_text_of_a_variable_with_a_text_as_default(judged) -> None:
    """DEBUG = os.environ.get("DEBUG", "False"): on unless the variable is there and empty."""
    finding = judged("debug", {"DEBUG": {"if DEBUG is unset": "False", "else": TEXT}})
    assert finding.verdict is Verdict.CONDITIONAL
    assert [problem.verdict for problem in finding.problems] == [Verdict.FAIL, Verdict.FAIL]


def test_something_else_that_cannot_be_read(judged) -> None:
    finding = judged("debug", {"DEBUG": Unknown("result of site.is_debug()")})
    assert finding.verdict is Verdict.UNKNOWN
    assert finding.message == "DEBUG could not be read: result of site.is_debug()"


def test_the_message_says_where_the_variable_was_set(judged) -> None:
    settings = Settings.of({})
    settings = Settings(
        {
            "DEBUG": [
                Outcome(
                    True, settings.space.true, (Place("settings.py", 3),),
                    readings=(Reading("DEBUG", Place("Dockerfile", 14)),),
                )
            ]
        },
        settings.defaults, space=settings.space,
    )  # fmt: skip
    finding = judged("debug", settings)
    assert finding.message == "DEBUG is True (DEBUG is set at Dockerfile:14)"
