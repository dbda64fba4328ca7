"""DEBUG_PROPAGATE_EXCEPTIONS."""

from __future__ import annotations

import pytest

from hardango.findings import Severity, Verdict
from hardango.settings.outcomes import Unknown

NAME = "DEBUG_PROPAGATE_EXCEPTIONS"


@pytest.mark.parametrize("settings", [{}, {NAME: False}, {NAME: 0}, {NAME: None}, {NAME: ""}])
def test_answered(judged, settings: dict[str, object]) -> None:
    assert judged("propagated-exceptions", settings).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("value", "words"), [(True, "is True"), (1, "is 1"), ("False", "the text 'False'")]
)
def test_let_through(judged, value: object, words: str) -> None:
    finding = judged("propagated-exceptions", {NAME: value})
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, Severity.LOW)
    assert words in finding.message


def test_under_a_condition(judged) -> None:
    finding = judged("propagated-exceptions", {NAME: {"if X": True, "else": False}})
    assert (finding.verdict, finding.when) == (Verdict.CONDITIONAL, ("X",))


def test_not_known(judged) -> None:
    value = Unknown("read from X", type="bool", variables=("X",))
    assert judged("propagated-exceptions", {NAME: value}).verdict is Verdict.UNKNOWN
