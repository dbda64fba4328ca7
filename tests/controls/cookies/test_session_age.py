"""How long a login lasts."""

from __future__ import annotations

import pytest

from hardango.controls.cookies.session_age import in_words
from hardango.findings import Verdict
from hardango.settings.outcomes import Unknown

USED = {"MIDDLEWARE": ["django.contrib.sessions.middleware.SessionMiddleware"]}
NAME = "SESSION_COOKIE_AGE"
DAY = 86400


@pytest.mark.parametrize(
    ("settings", "regular", "pedantic"),
    [
        ({**USED, NAME: 43200}, Verdict.PASS, Verdict.PASS),
        ({**USED, NAME: 900}, Verdict.PASS, Verdict.PASS),
        ({**USED, "SESSION_EXPIRE_AT_BROWSER_CLOSE": True}, Verdict.PASS, Verdict.PASS),
        ({"MIDDLEWARE": [], NAME: 10**9}, Verdict.PASS, Verdict.PASS),
        (USED, Verdict.PASS, Verdict.FAIL),
        ({**USED, NAME: 30 * DAY}, Verdict.PASS, Verdict.FAIL),
        ({**USED, NAME: 90 * DAY}, Verdict.PASS, Verdict.FAIL),
        ({**USED, NAME: 365 * DAY}, Verdict.FAIL, Verdict.FAIL),
        ({**USED, NAME: 3650.0 * DAY}, Verdict.FAIL, Verdict.FAIL),
        (
            {**USED, NAME: 365 * DAY, "SESSION_EXPIRE_AT_BROWSER_CLOSE": True},
            Verdict.FAIL,
            Verdict.FAIL,
        ),
        ({**USED, NAME: {"if X": 365 * DAY, "else": DAY // 4}}, Verdict.CONDITIONAL, None),
        ({**USED, NAME: Unknown("x", type="int")}, Verdict.UNKNOWN, Verdict.UNKNOWN),
        ({"MIDDLEWARE": Unknown("x"), NAME: 365 * DAY}, Verdict.UNKNOWN, Verdict.UNKNOWN),
        ({**USED, NAME: "3600"}, Verdict.UNKNOWN, Verdict.UNKNOWN),
    ],
)
def test_verdicts(
    judged, settings: dict[str, object], regular: Verdict, pedantic: Verdict | None
) -> None:
    finding = judged("session-age", settings, pedantic=False)
    assert finding.verdict is regular, finding.message
    assert judged("session-age", settings).verdict is (pedantic or regular)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(10, "10 seconds"), (1800, "30 minutes"), (7200, "2 hours"), (86400, "24 hours"), (172800, "2 days")],
)  # fmt: skip
def test_a_time_in_words(seconds: int, words: str) -> None:
    assert in_words(seconds) == words
