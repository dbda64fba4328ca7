"""Cookie names with a prefix, and what contradicts it."""

from __future__ import annotations

import pytest

from hardango.findings import Severity, Verdict
from hardango.settings.outcomes import Unknown

SESSIONS = "django.contrib.sessions.middleware.SessionMiddleware"
CSRF = "django.middleware.csrf.CsrfViewMiddleware"
HOST = {
    "MIDDLEWARE": [SESSIONS, CSRF],
    "SESSION_COOKIE_NAME": "__Host-sessionid", "SESSION_COOKIE_SECURE": True,
    "CSRF_COOKIE_NAME": "__Host-csrftoken", "CSRF_COOKIE_SECURE": True,
}  # fmt: skip
PLAIN = {"MIDDLEWARE": [SESSIONS, CSRF]}


@pytest.mark.parametrize(
    "settings",
    [
        HOST,
        PLAIN,
        {},
        {**HOST, "SESSION_COOKIE_PATH": "/", "SESSION_COOKIE_DOMAIN": None},
        {**HOST, "SESSION_COOKIE_DOMAIN": ""},
        {**HOST, "SESSION_COOKIE_NAME": "__Secure-id", "SESSION_COOKIE_DOMAIN": ".shop.example"},
        {"MIDDLEWARE": [], "SESSION_COOKIE_NAME": "__Host-x"},  # no sessions: no such cookie
        {**HOST, "CSRF_COOKIE_SECURE": False, "CSRF_USE_SESSIONS": True},
        {**PLAIN, "SESSION_COOKIE_NAME": "shop"},
    ],
)
def test_nothing_contradicts(judged, settings: dict[str, object]) -> None:
    finding = judged("cookie-prefix", settings, pedantic=False)
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"SESSION_COOKIE_SECURE": False}, "SESSION_COOKIE_SECURE is off: browsers refuse"),
        ({"SESSION_COOKIE_DOMAIN": ".shop.example"}, "SESSION_COOKIE_DOMAIN is set"),
        ({"SESSION_COOKIE_PATH": "/shop"}, "SESSION_COOKIE_PATH is not /"),
        ({"CSRF_COOKIE_SECURE": False}, "CSRF_COOKIE_SECURE is off"),
        ({"CSRF_COOKIE_DOMAIN": "shop.example"}, "CSRF_COOKIE_DOMAIN is set"),
        (
            {"SESSION_COOKIE_NAME": "__Secure-id", "SESSION_COOKIE_SECURE": False},
            "SESSION_COOKIE_SECURE is off",
        ),
    ],
)
def test_refused_by_browsers(judged, changed: dict[str, object], words: str) -> None:
    finding = judged("cookie-prefix", {**HOST, **changed}, pedantic=False)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, Severity.MEDIUM)
    assert words in finding.message


@pytest.mark.parametrize(
    ("settings", "verdict"),
    [
        (HOST, Verdict.PASS),
        (PLAIN, Verdict.FAIL),
        ({**HOST, "SESSION_COOKIE_NAME": "__Secure-id"}, Verdict.FAIL),
        ({**HOST, "CSRF_COOKIE_NAME": "csrftoken"}, Verdict.FAIL),
        ({}, Verdict.PASS),
    ],
)
def test_on_demand(judged, settings: dict[str, object], verdict: Verdict) -> None:
    finding = judged("cookie-prefix", settings)
    assert finding.verdict is verdict, finding.message
    assert finding.severity is Severity.LOW


@pytest.mark.parametrize(
    "changed",
    [
        {"SESSION_COOKIE_NAME": Unknown("x")},
        {"SESSION_COOKIE_SECURE": Unknown("x")},
        {"CSRF_COOKIE_DOMAIN": Unknown("x", variables=("DOMAIN",))},
        {"SESSION_COOKIE_PATH": Unknown("x")},
        {"SESSION_COOKIE_SECURE": False, "MIDDLEWARE": Unknown("x")},
        {"CSRF_COOKIE_SECURE": False, "CSRF_USE_SESSIONS": Unknown("x")},
    ],
)
def test_not_known(judged, changed: dict[str, object]) -> None:
    assert judged("cookie-prefix", {**HOST, **changed}).verdict is Verdict.UNKNOWN


def test_under_a_condition(judged) -> None:
    settings = {**HOST, "SESSION_COOKIE_SECURE": {"if X": False, "else": True}}
    finding = judged("cookie-prefix", settings)
    assert (finding.verdict, finding.when) == (Verdict.CONDITIONAL, ("X",))
