"""Limits on requests to the API."""

from __future__ import annotations

from typing import Any

import pytest

from hardango.findings import Severity, Verdict
from hardango.settings.outcomes import Unknown

ANON, USER, SCOPED = (
    f"rest_framework.throttling.{name}RateThrottle" for name in ("Anon", "User", "Scoped")
)
NAME = "rest-framework-throttling"


def api(*classes: object, rates: object = None) -> dict[str, Any]:
    options: dict[str, object] = {"DEFAULT_THROTTLE_CLASSES": list(classes)}
    if rates is not None:
        options["DEFAULT_THROTTLE_RATES"] = rates
    return {"INSTALLED_APPS": ["rest_framework"], "REST_FRAMEWORK": options}


@pytest.mark.parametrize(
    ("settings", "pedantic"),
    [
        (api(ANON, USER, rates={"anon": "60/min", "user": "600/min"}), True),
        (api(ANON, USER, rates={"anon": "60/min", "user": None}), True),
        (api(ANON, rates=Unknown("x")), True),
        (api(ANON, rates={"anon": Unknown("read from RATE")}), True),
        (api(SCOPED), True),
        (api("shop.throttles.Burst"), True),
        (api(ANON, rates={"user": "1/min"}), True),
        ({"INSTALLED_APPS": []}, True),
        ({"INSTALLED_APPS": ["rest_framework"]}, False),
        (api(), False),
        ({**api(), "REST_FRAMEWORK": Unknown("x")}, False),
    ],
)
def test_fine(judged, settings: dict[str, Any], pedantic: bool) -> None:
    assert judged(NAME, settings, pedantic=pedantic).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("settings", "verdict", "pedantic", "words"),
    [
        (api(ANON, USER), Verdict.FAIL, False, "lets everything pass"),
        (api(ANON, rates={"anon": None}), Verdict.FAIL, False, "lets everything pass"),
        (api(), Verdict.FAIL, True, "limits nothing"),
        ({"INSTALLED_APPS": ["rest_framework"]}, Verdict.FAIL, True, "limits nothing"),
        ({**api(), "REST_FRAMEWORK": Unknown("read from X")}, Verdict.UNKNOWN, True, "read from X"),
    ],
)
def test_no_limit(judged, settings, verdict: Verdict, pedantic: bool, words: str) -> None:
    finding = judged(NAME, settings, pedantic=pedantic)
    assert (finding.verdict, finding.severity) == (verdict, Severity.LOW)
    assert words in finding.message
