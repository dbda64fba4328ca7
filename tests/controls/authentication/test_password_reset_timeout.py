"""How long a link to reset a password is good for."""

from __future__ import annotations

import pytest

from hardango.findings import Verdict
from hardango.settings.outcomes import Unknown

NAME, DAYS = "PASSWORD_RESET_TIMEOUT", "PASSWORD_RESET_TIMEOUT_DAYS"
DAY = 86400


@pytest.mark.parametrize(
    ("settings", "django", "regular", "pedantic"),
    [
        ({NAME: 3600}, (6, 1), Verdict.PASS, Verdict.PASS),
        ({NAME: 4 * 3600}, (6, 1), Verdict.PASS, Verdict.PASS),
        ({}, (6, 1), Verdict.PASS, Verdict.FAIL),
        ({}, (2, 2), Verdict.PASS, Verdict.FAIL),
        ({NAME: 7 * DAY}, (6, 1), Verdict.PASS, Verdict.FAIL),
        ({DAYS: 30}, (4, 2), Verdict.PASS, Verdict.FAIL),  # no longer read
        ({NAME: 30 * DAY}, (6, 1), Verdict.FAIL, Verdict.FAIL),
        ({DAYS: 30}, (3, 2), Verdict.FAIL, Verdict.FAIL),
        ({NAME: {"if X": 30 * DAY, "else": 3600}}, (6, 1), Verdict.CONDITIONAL, None),
        ({NAME: Unknown("x")}, (6, 1), Verdict.UNKNOWN, Verdict.UNKNOWN),
        ({NAME: "3600"}, (6, 1), Verdict.UNKNOWN, Verdict.UNKNOWN),
    ],
)
def test_verdicts(
    judged,
    settings: dict[str, object],
    django: tuple[int, int],
    regular: Verdict,
    pedantic: Verdict | None,
) -> None:
    finding = judged("password-reset-timeout", settings, django=django, pedantic=False)
    assert finding.verdict is regular, finding.message
    found = judged("password-reset-timeout", settings, django=django)
    assert found.verdict is (pedantic or regular)
