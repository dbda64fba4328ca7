"""Cookies that other hosts get, too."""

from __future__ import annotations

import pytest

from hardango.findings import Verdict
from hardango.settings.outcomes import Unknown

SESSIONS = "django.contrib.sessions.middleware.SessionMiddleware"
CSRF = "django.middleware.csrf.CsrfViewMiddleware"
USED = {"MIDDLEWARE": [SESSIONS, CSRF]}


@pytest.mark.parametrize(
    ("settings", "verdict", "words"),
    [
        (USED, Verdict.PASS, "default is None"),
        ({**USED, "SESSION_COOKIE_DOMAIN": None}, Verdict.PASS, "None"),
        ({**USED, "SESSION_COOKIE_DOMAIN": ""}, Verdict.PASS, ""),
        ({**USED, "CSRF_COOKIE_DOMAIN": ".shop.example"}, Verdict.PASS, ""),  # for the pedantic
        ({"MIDDLEWARE": [], "SESSION_COOKIE_DOMAIN": ".shop.example"}, Verdict.PASS, ""),
        (
            {**USED, "SESSION_COOKIE_DOMAIN": ".shop.example"},
            Verdict.FAIL,
            "every host below it gets the cookie",
        ),
        ({**USED, "SESSION_COOKIE_DOMAIN": "shop.example"}, Verdict.FAIL, "every host below it"),
        (
            {**USED, "SESSION_COOKIE_DOMAIN": {"if X": ".shop.example", "else": None}},
            Verdict.CONDITIONAL,
            "every host below it",
        ),
        (
            {**USED, "SESSION_COOKIE_DOMAIN": Unknown("x", variables=("D",))},
            Verdict.UNKNOWN,
            "decided by D",
        ),
        (
            {"MIDDLEWARE": Unknown("x"), "SESSION_COOKIE_DOMAIN": "shop.example"},
            Verdict.UNKNOWN,
            "could not be read",
        ),
    ],
)
def test_verdicts(judged, settings: dict[str, object], verdict: Verdict, words: str) -> None:
    finding = judged("cookie-domain", settings, pedantic=False)
    assert finding.verdict is verdict, finding.message
    assert words in finding.message


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ({}, Verdict.FAIL),
        ({"CSRF_USE_SESSIONS": True}, Verdict.PASS),
        ({"CSRF_USE_SESSIONS": Unknown("x")}, Verdict.UNKNOWN),
    ],
)
def test_the_csrf_cookie_counts_on_demand(
    judged, more: dict[str, object], verdict: Verdict
) -> None:
    settings = {**USED, "CSRF_COOKIE_DOMAIN": ".shop.example", **more}
    assert judged("cookie-domain", settings).verdict is verdict
