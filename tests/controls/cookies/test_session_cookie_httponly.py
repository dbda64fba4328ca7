"""Session cookie out of reach for scripts: on by default, so that only turning it off fails."""

from __future__ import annotations

import pytest

from hardango.findings import Severity, Verdict
from hardango.settings.outcomes import Unknown

USED = {"MIDDLEWARE": ["django.contrib.sessions.middleware.SessionMiddleware"]}
NAME = "SESSION_COOKIE_HTTPONLY"
BY_VARIABLE = Unknown("read from HTTPONLY", type="bool", variables=("HTTPONLY",))


@pytest.mark.parametrize(
    ("settings", "verdict", "applies"),
    [
        (USED, Verdict.PASS, True),
        ({**USED, NAME: True}, Verdict.PASS, True),
        ({**USED, NAME: "0"}, Verdict.PASS, True),
        ({**USED, NAME: False}, Verdict.FAIL, True),
        ({**USED, NAME: None}, Verdict.FAIL, True),
        ({NAME: False}, Verdict.PASS, False),
        ({**USED, NAME: BY_VARIABLE}, Verdict.UNKNOWN, True),
        ({**USED, NAME: {"if X": False, "else": True}}, Verdict.CONDITIONAL, True),
    ],
)
def test_verdicts(judged, settings: dict[str, object], verdict: Verdict, applies: bool) -> None:
    finding = judged("session-cookie-httponly", settings)
    assert (finding.verdict, finding.applies) == (verdict, applies)
    assert finding.severity is Severity.MEDIUM
