"""The order of the middleware, as far as one thing builds on another."""

from __future__ import annotations

import pytest

from hardango.findings import Severity, Verdict
from hardango.settings.outcomes import Unknown

SECURITY = "django.middleware.security.SecurityMiddleware"
SESSION = "django.contrib.sessions.middleware.SessionMiddleware"
COMMON = "django.middleware.common.CommonMiddleware"
CSRF = "django.middleware.csrf.CsrfViewMiddleware"
AUTH = "django.contrib.auth.middleware.AuthenticationMiddleware"
LOGIN = "django.contrib.auth.middleware.LoginRequiredMiddleware"
MESSAGES = "django.contrib.messages.middleware.MessageMiddleware"
UPDATE = "django.middleware.cache.UpdateCacheMiddleware"
FETCH = "django.middleware.cache.FetchFromCacheMiddleware"
START = [SECURITY, SESSION, COMMON, CSRF, AUTH, MESSAGES]


@pytest.mark.parametrize(
    "settings",
    [
        {"MIDDLEWARE": START},
        {"MIDDLEWARE": (UPDATE, *START, FETCH)},
        {"MIDDLEWARE": [SECURITY, UPDATE, *START[1:], LOGIN, FETCH]},
        {"MIDDLEWARE": [SECURITY, "shop.middleware.CartMiddleware", *START[1:]]},
        {"MIDDLEWARE": [CSRF, SESSION, AUTH]},  # the token is in a cookie of its own
        {"MIDDLEWARE": [AUTH]},
        {"MIDDLEWARE": []},
        {"MIDDLEWARE": [SESSION, Unknown("x"), AUTH]},
        {},
    ],
)
def test_in_order(judged, settings: dict[str, object]) -> None:
    finding = judged("middleware-order", settings)
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    ("settings", "severity", "words"),
    [
        ({"MIDDLEWARE": [SECURITY, SESSION, UPDATE, COMMON, FETCH]}, Severity.HIGH, "by cookie"),
        ({"MIDDLEWARE": [AUTH, SESSION]}, Severity.LOW, "every request ends in an error"),
        ({"MIDDLEWARE": [Unknown("x"), AUTH, SESSION]}, Severity.LOW, "ends in an error"),
        ({"MIDDLEWARE": [SESSION, LOGIN, AUTH]}, Severity.LOW, "LoginRequiredMiddleware stands"),
        ({"MIDDLEWARE": [MESSAGES, SESSION]}, Severity.LOW, "ends in an error"),
        (
            {"MIDDLEWARE": [CSRF, SESSION, AUTH], "CSRF_USE_SESSIONS": True},
            Severity.LOW,
            "every form is refused",
        ),
    ],
)
def test_out_of_order(judged, settings: dict[str, object], severity: Severity, words: str) -> None:
    finding = judged("middleware-order", settings, pedantic=False)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, severity), finding.message
    assert words in finding.message


@pytest.mark.parametrize(
    "settings",
    [
        {"MIDDLEWARE": Unknown("x")},
        {"MIDDLEWARE": [CSRF, SESSION], "CSRF_USE_SESSIONS": Unknown("x")},
    ],
)
def test_not_known(judged, settings: dict[str, object]) -> None:
    assert judged("middleware-order", settings).verdict is Verdict.UNKNOWN


def test_twice(judged) -> None:
    twice = {"MIDDLEWARE": [*START, COMMON]}
    assert judged("middleware-order", twice, pedantic=False).verdict is Verdict.PASS
    finding = judged("middleware-order", twice)
    assert finding.verdict is Verdict.FAIL
    assert "more than once" in finding.message


def test_under_a_condition(judged) -> None:
    settings = {"MIDDLEWARE": {"if X": [SESSION, UPDATE], "else": [UPDATE, SESSION]}}
    finding = judged("middleware-order", settings)
    assert (finding.verdict, finding.when) == (Verdict.CONDITIONAL, ("X",))
