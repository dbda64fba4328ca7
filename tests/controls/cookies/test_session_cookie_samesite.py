"""SameSite of the session cookie, and of the CSRF cookie, which is judged the same way."""

from __future__ import annotations

import pytest

from hardango.findings import Severity, Verdict
from hardango.settings.outcomes import Unknown

USED = {"MIDDLEWARE": ["django.contrib.sessions.middleware.SessionMiddleware"]}
NAME = "SESSION_COOKIE_SAMESITE"
SECURE = {"SESSION_COOKIE_SECURE": True}


@pytest.mark.parametrize(
    ("settings", "django", "verdict", "words"),
    [
        (USED, (6, 1), Verdict.PASS, "default is 'Lax'"),
        (USED, (2, 1), Verdict.PASS, "default is 'Lax'"),
        ({**USED, NAME: "Strict"}, (6, 1), Verdict.PASS, ""),
        ({**USED, NAME: "lax"}, (6, 1), Verdict.PASS, ""),
        ({**USED, NAME: {"if X": "Lax", "else": "Strict"}}, (6, 1), Verdict.PASS, ""),
        ({NAME: "None"}, (6, 1), Verdict.PASS, "No sessions"),
        ({**USED, **SECURE, NAME: "None"}, (6, 1), Verdict.FAIL, "comes along from every site"),
        ({**USED, **SECURE, NAME: "none"}, (6, 1), Verdict.FAIL, "comes along from every site"),
        ({**USED, NAME: "None"}, (6, 1), Verdict.FAIL, "browsers drop the cookie"),
        ({**USED, NAME: "None"}, (3, 0), Verdict.FAIL, "refuses with an error"),
        ({**USED, NAME: None}, (6, 1), Verdict.FAIL, "sends no SameSite"),
        ({**USED, NAME: False}, (6, 1), Verdict.FAIL, "sends no SameSite"),
        ({**USED, NAME: ""}, (6, 1), Verdict.FAIL, "sends no SameSite"),
        ({**USED, NAME: "Loose"}, (6, 1), Verdict.FAIL, "refuses with an error"),
        ({**USED, NAME: True}, (6, 1), Verdict.FAIL, "refuses with an error"),
        (USED, (2, 0), Verdict.FAIL, "it can since 2.1"),
        ({**USED, NAME: Unknown("x", variables=("S",))}, (6, 1), Verdict.UNKNOWN, "decided by S"),
        ({"MIDDLEWARE": Unknown("x"), NAME: "None"}, (6, 1), Verdict.UNKNOWN, "could not be read"),
        (
            {**USED, **SECURE, NAME: {"if X": "None", "else": "Lax"}},
            (6, 1),
            Verdict.CONDITIONAL,
            "comes along",
        ),
    ],
)
def test_session_cookie(
    judged, settings: dict[str, object], django: tuple[int, int], verdict: Verdict, words: str
) -> None:
    finding = judged("session-cookie-samesite", settings, django=django)
    assert finding.verdict is verdict, finding.message
    assert words in finding.message


def test_how_bad_it_is(judged) -> None:
    assert judged("session-cookie-samesite", {**USED, NAME: None}).severity is Severity.MEDIUM
