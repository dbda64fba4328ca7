"""SameSite of the CSRF cookie, where there is one."""

from __future__ import annotations

import pytest

from hardango.findings import Severity, Verdict
from hardango.settings.outcomes import Unknown

USED = {"MIDDLEWARE": ["django.middleware.csrf.CsrfViewMiddleware"]}
NAME = "CSRF_COOKIE_SAMESITE"
IN_SESSION = "CSRF_USE_SESSIONS"


@pytest.mark.parametrize(
    ("settings", "verdict", "words"),
    [
        (USED, Verdict.PASS, "default is 'Lax'"),
        ({**USED, NAME: "Strict"}, Verdict.PASS, "'Strict'"),
        ({**USED, NAME: None, IN_SESSION: True}, Verdict.PASS, "no CSRF cookie"),
        ({NAME: None}, Verdict.PASS, "no CSRF cookie"),
        ({**USED, NAME: None}, Verdict.FAIL, "sends no SameSite"),
        ({**USED, NAME: "None"}, Verdict.FAIL, "browsers drop the cookie"),
        ({**USED, NAME: "None", "CSRF_COOKIE_SECURE": True}, Verdict.FAIL, "from every site"),
        ({**USED, NAME: None, IN_SESSION: Unknown("x")}, Verdict.UNKNOWN, "CSRF_USE_SESSIONS"),
        ({**USED, NAME: Unknown("x")}, Verdict.UNKNOWN, "could not be read"),
        ({**USED, NAME: {"if X": False, "else": "Lax"}}, Verdict.CONDITIONAL, "sends no"),
    ],
)
def test_verdicts(judged, settings: dict[str, object], verdict: Verdict, words: str) -> None:
    finding = judged("csrf-cookie-samesite", settings)
    assert finding.verdict is verdict, finding.message
    assert words in finding.message


def test_how_bad_it_is(judged) -> None:
    assert judged("csrf-cookie-samesite", {**USED, NAME: None}).severity is Severity.LOW
