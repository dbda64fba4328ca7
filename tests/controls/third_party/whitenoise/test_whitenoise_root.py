"""Directory that WhiteNoise serves."""

from __future__ import annotations

import pytest

from hardango.findings import Severity, Verdict
from hardango.project.model import Deployment
from hardango.settings.outcomes import Settings, Unknown

PATH = "/srv/shop/config/settings.py"
THERE = {"MIDDLEWARE": ["whitenoise.middleware.WhiteNoiseMiddleware"]}
ABSENT = Deployment(packages={})


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ({}, Verdict.PASS),
        ({"WHITENOISE_ROOT": "/srv/shop"}, Verdict.PASS),
        (THERE, Verdict.PASS),
        ({**THERE, "WHITENOISE_ROOT": None}, Verdict.PASS),
        ({**THERE, "WHITENOISE_ROOT": "/srv/shop/public"}, Verdict.PASS),
        ({**THERE, "WHITENOISE_ROOT": "/srv/shop"}, Verdict.FAIL),
        ({**THERE, "WHITENOISE_ROOT": "/srv/shop/config/"}, Verdict.FAIL),
        ({**THERE, "WHITENOISE_ROOT": Unknown("x")}, Verdict.UNKNOWN),
        ({**THERE, "WHITENOISE_ROOT": "/app"}, Verdict.UNKNOWN),
    ],
)
def test_verdicts(judged, values: dict[str, object], verdict: Verdict) -> None:
    finding = judged("whitenoise-root", Settings.of(values, path=PATH), deployment=ABSENT)
    assert finding.verdict is verdict, finding.message


def test_how_bad_it_is(judged) -> None:
    settings = Settings.of({**THERE, "WHITENOISE_ROOT": "/srv"}, path=PATH)
    assert judged("whitenoise-root", settings).severity is Severity.HIGH


def test_a_middleware_that_could_not_be_read(judged) -> None:
    hidden = {"MIDDLEWARE": Unknown("x"), "WHITENOISE_ROOT": "/srv"}
    settings = Settings.of(hidden, path=PATH)
    assert judged("whitenoise-root", settings).verdict is Verdict.UNKNOWN
