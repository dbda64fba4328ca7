"""CSRF cookie over HTTPS only, and what it means that there is none."""

from __future__ import annotations

import pytest

from hardango.findings import Severity, Verdict
from hardango.settings.outcomes import Unknown

CSRF = "django.middleware.csrf.CsrfViewMiddleware"
SESSIONS = "django.contrib.sessions.middleware.SessionMiddleware"
USED = {"MIDDLEWARE": [SESSIONS, CSRF]}
NAME = "CSRF_COOKIE_SECURE"
TOKENS = {"DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework_simplejwt.authentication.JWT"]}
LOGINS = {"DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"]}
API = {"MIDDLEWARE": [SESSIONS], "INSTALLED_APPS": ["rest_framework"]}


@pytest.mark.parametrize(
    ("settings", "verdict", "applies"),
    [
        ({**USED, NAME: True}, Verdict.PASS, True),
        ({**USED, NAME: "False"}, Verdict.PASS, True),
        ({"MIDDLEWARE": ["shop.middleware.CsrfViewMiddleware"], NAME: True}, Verdict.PASS, True),
        (USED, Verdict.FAIL, True),
        ({**USED, NAME: False}, Verdict.FAIL, True),
        ({**USED, NAME: {"if X": False, "else": True}}, Verdict.CONDITIONAL, True),
        ({**USED, NAME: Unknown("x", type="bool")}, Verdict.UNKNOWN, True),
        # The token is in the session: no cookie to protect.
        ({**USED, "CSRF_USE_SESSIONS": True}, Verdict.PASS, False),
        ({**USED, "CSRF_USE_SESSIONS": Unknown("x", type="bool")}, Verdict.UNKNOWN, True),
        # No middleware.
        ({"MIDDLEWARE": []}, Verdict.PASS, False),
        ({**API, "REST_FRAMEWORK": TOKENS}, Verdict.PASS, False),
        ({"MIDDLEWARE": [SESSIONS]}, Verdict.FAIL, True),
        (API, Verdict.FAIL, True),
        ({**API, "REST_FRAMEWORK": LOGINS}, Verdict.FAIL, True),
        (
            {**API, "INSTALLED_APPS": ["rest_framework", "django.contrib.admin"],
             "REST_FRAMEWORK": TOKENS},
            Verdict.FAIL, True,
        ),
        ({**API, "REST_FRAMEWORK": Unknown("result of drf()")}, Verdict.UNKNOWN, True),
        ({"MIDDLEWARE": Unknown("result of stack()")}, Verdict.UNKNOWN, True),
    ],
)  # fmt: skip
def test_verdicts(judged, settings: dict[str, object], verdict: Verdict, applies: bool) -> None:
    finding = judged("csrf-cookie-secure", settings)
    assert (finding.verdict, finding.applies) == (verdict, applies), finding.message


def test_no_protection_at_all_is_worse_than_a_cookie_in_clear(judged) -> None:
    finding = judged("csrf-cookie-secure", {"MIDDLEWARE": [SESSIONS]})
    assert finding.severity is Severity.HIGH
    assert "a form can be forged" in finding.message
    assert judged("csrf-cookie-secure", USED).severity is Severity.MEDIUM


def test_says_why_it_does_not_apply(judged) -> None:
    in_session = judged("csrf-cookie-secure", {**USED, "CSRF_USE_SESSIONS": True})
    assert "keeps the token in the session" in in_session.message
    api = judged("csrf-cookie-secure", {**API, "REST_FRAMEWORK": TOKENS})
    assert "tokens that no browser sends itself" in api.message


@pytest.mark.parametrize(
    "other", ["session_csrf.CsrfMiddleware", "shop.middleware.CSRFCheck", "shop.anti_csrf.Check"]
)
def test_protection_that_is_not_djangos_is_not_known(judged, other: str) -> None:
    finding = judged("csrf-cookie-secure", {"MIDDLEWARE": [SESSIONS, other]})
    assert finding.verdict is Verdict.UNKNOWN
    assert f"{other!r} in MIDDLEWARE could do the same" in finding.message
