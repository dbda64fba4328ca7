"""SILENCED_SYSTEM_CHECKS: which warnings of Django nobody hears."""

from __future__ import annotations

import pytest

from hardango.findings import Severity, Verdict
from hardango.settings.outcomes import Unknown

NAME = "SILENCED_SYSTEM_CHECKS"


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {NAME: []},
        {NAME: ["fields.W342", "auth.W004"]},
        {NAME: ["security.*"]},  # no id: nothing is silenced
        {NAME: ["security.W999"]},
        {NAME: ["axes.W004"]},  # about old names of settings only
        {NAME: ("models.W042",)},
        {NAME: None},
    ],
)
def test_heard(judged, settings: dict[str, object]) -> None:
    finding = judged("silenced-checks", settings)
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize("id", ["security.W004", "security.W008", "security.W019", "security.W021"])
def test_what_a_proxy_can_do_is_told_on_demand(judged, id: str) -> None:
    assert judged("silenced-checks", {NAME: [id]}).verdict is Verdict.FAIL
    assert judged("silenced-checks", {NAME: [id]}, pedantic=False).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (["security.W018"], "hides security.W018 (DEBUG)"),
        (["security.W020", "models.W042", "security.W009"],
         "hides security.W009 (SECRET_KEY), security.W020 (ALLOWED_HOSTS)"),
        (("axes.W003",), "the backend of django-axes"),
        ({"security.W012"}, "SESSION_COOKIE_SECURE"),
        (["security.W016", Unknown("read from X")], "CSRF_COOKIE_SECURE"),
    ],
)  # fmt: skip
def test_silenced(judged, value: object, words: str) -> None:
    finding = judged("silenced-checks", {NAME: value}, pedantic=False)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, Severity.LOW)
    assert words in finding.message


@pytest.mark.parametrize("value", [Unknown("read from X"), [Unknown("read from X")]])
def test_not_known(judged, value: object) -> None:
    assert judged("silenced-checks", {NAME: value}).verdict is Verdict.UNKNOWN


def test_under_a_condition(judged) -> None:
    finding = judged("silenced-checks", {NAME: {"if X": ["security.W018"], "else": []}})
    assert (finding.verdict, finding.when) == (Verdict.CONDITIONAL, ("X",))
