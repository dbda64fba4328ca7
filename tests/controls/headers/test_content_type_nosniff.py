"""No guessing of content types: on by default since Django 3.0, but only with its middleware."""

from __future__ import annotations

import pytest

from hardango.findings import Verdict
from hardango.settings.outcomes import Unknown

SECURITY = "django.middleware.security.SecurityMiddleware"
USED = {"MIDDLEWARE": [SECURITY]}
NAME = "SECURE_CONTENT_TYPE_NOSNIFF"


@pytest.mark.parametrize(
    ("settings", "django", "verdict"),
    [
        (USED, (6, 1), Verdict.PASS),
        (USED, (3, 0), Verdict.PASS),
        (USED, (2, 2), Verdict.FAIL),
        ({**USED, NAME: True}, (2, 2), Verdict.PASS),
        ({**USED, NAME: "False"}, (6, 1), Verdict.PASS),
        ({**USED, NAME: False}, (6, 1), Verdict.FAIL),
        ({}, (6, 1), Verdict.FAIL),
        ({**USED, NAME: {"if X": False, "else": True}}, (6, 1), Verdict.CONDITIONAL),
        ({**USED, NAME: Unknown("x", type="bool")}, (6, 1), Verdict.UNKNOWN),
        ({"MIDDLEWARE": Unknown("x")}, (6, 1), Verdict.UNKNOWN),
        (
            {"MIDDLEWARE": [SECURITY, "shop.NosniffMiddleware"], NAME: False},
            (6, 1),
            Verdict.UNKNOWN,
        ),
        ({"MIDDLEWARE": ["shop.middleware.SecurityHeaders"]}, (6, 1), Verdict.UNKNOWN),
    ],
)
def test_verdicts(
    judged, settings: dict[str, object], django: tuple[int, int], verdict: Verdict
) -> None:
    finding = judged("content-type-nosniff", settings, django=django)
    assert finding.verdict is verdict, finding.message
