"""The language cookie's three flags, which are off by default."""

from __future__ import annotations

import pytest

from hardango.findings import Verdict
from hardango.settings.outcomes import Unknown

USED = {"MIDDLEWARE": ["django.middleware.locale.LocaleMiddleware"]}
FLAGS = {
    "LANGUAGE_COOKIE_SECURE": True, "LANGUAGE_COOKIE_HTTPONLY": True,
    "LANGUAGE_COOKIE_SAMESITE": "Lax",
}  # fmt: skip


@pytest.mark.parametrize(
    ("settings", "django", "verdict"),
    [
        ({**USED, **FLAGS}, (6, 1), Verdict.PASS),
        ({}, (6, 1), Verdict.PASS),
        ({"MIDDLEWARE": ["django.middleware.common.CommonMiddleware"]}, (6, 1), Verdict.PASS),
        (USED, (6, 1), Verdict.FAIL),
        (USED, (2, 2), Verdict.FAIL),
        ({**USED, **FLAGS, "LANGUAGE_COOKIE_SAMESITE": None}, (6, 1), Verdict.FAIL),
        ({**USED, **FLAGS, "LANGUAGE_COOKIE_SECURE": False}, (6, 1), Verdict.FAIL),
        ({**USED, **FLAGS, "LANGUAGE_COOKIE_SECURE": Unknown("x")}, (6, 1), Verdict.UNKNOWN),
        ({"MIDDLEWARE": Unknown("x")}, (6, 1), Verdict.UNKNOWN),
        (
            {**USED, **FLAGS, "LANGUAGE_COOKIE_SECURE": {"if X": False, "else": True}},
            (6, 1),
            Verdict.CONDITIONAL,
        ),
    ],
)
def test_verdicts(
    judged, settings: dict[str, object], django: tuple[int, int], verdict: Verdict
) -> None:
    finding = judged("language-cookie", settings, django=django)
    assert finding.verdict is verdict, finding.message
