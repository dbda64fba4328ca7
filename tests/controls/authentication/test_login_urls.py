"""Where visitors are sent to log in."""

from __future__ import annotations

import pytest
from mutating import Mutant, added

from hardango.findings import Severity, Verdict
from hardango.settings.outcomes import Unknown


@pytest.mark.parametrize(
    "settings, verdict, severity",
    [
        ({}, Verdict.PASS, None),
        ({"LOGIN_URL": "/accounts/login/"}, Verdict.PASS, None),
        ({"LOGIN_URL": "account_login"}, Verdict.PASS, None),
        ({"LOGIN_URL": "https://sso.example.org/login"}, Verdict.PASS, None),
        ({"LOGIN_URL": "http://localhost:8000/login/"}, Verdict.PASS, None),
        ({"LOGIN_URL": "//sso.example.org/login"}, Verdict.PASS, None),
        ({"LOGOUT_REDIRECT_URL": None}, Verdict.PASS, None),
        ({"LOGIN_URL": Unknown("read from X", "str", prefix="https://")}, Verdict.PASS, None),
        ({"LOGIN_URL": Unknown("read from X", "str", prefix="/")}, Verdict.PASS, None),
        ({"LOGIN_URL": Unknown("read from X", "str", ("X",))}, Verdict.UNKNOWN, Severity.LOW),
        ({"LOGIN_URL": "http://sso.example.org/login"}, Verdict.FAIL, Severity.MEDIUM),
        ({"LOGIN_URL": Unknown("x", "str", prefix="http://sso.")}, Verdict.FAIL, Severity.MEDIUM),
        ({"LOGIN_REDIRECT_URL": "HTTP://example.org/"}, Verdict.FAIL, Severity.LOW),
        ({"LOGOUT_REDIRECT_URL": "http://example.org"}, Verdict.FAIL, Severity.LOW),
        ({"LOGIN_URL": {"if X": "http://a.example/", "else": "/login/"}}, Verdict.CONDITIONAL, Severity.MEDIUM),
    ],
)  # fmt: skip
def test_verdicts(judged, settings, verdict: Verdict, severity: Severity | None) -> None:
    finding = judged("login-urls", settings)
    assert finding.verdict is verdict, finding.message
    assert severity is None or finding.severity is severity


def test_where_one_goes_afterwards_is_unknown_only_on_demand(judged) -> None:
    settings = {"LOGIN_REDIRECT_URL": Unknown("read from X", "str", ("X",))}
    assert judged("login-urls", settings, pedantic=False).verdict is Verdict.PASS
    assert judged("login-urls", settings).verdict is Verdict.UNKNOWN


MUTANTS = (
    Mutant("login-urls", 'LOGIN_URL = "/login/"', 'LOGIN_URL = "http://sso.example.org/login/"'),
    added("login-urls", 'LOGOUT_REDIRECT_URL = "http://www.example.org/"'),
)
