"""Whether old signatures of cookies are still accepted."""

from __future__ import annotations

import pytest

from hardango.findings import Verdict
from hardango.settings.outcomes import Unknown

NAME = "SIGNED_COOKIE_LEGACY_SALT_FALLBACK"


@pytest.mark.parametrize(
    ("settings", "django", "regular", "pedantic"),
    [
        ({}, (6, 1), Verdict.PASS, Verdict.PASS),
        ({}, (4, 2), Verdict.PASS, Verdict.PASS),
        ({NAME: False}, (5, 2), Verdict.PASS, Verdict.PASS),
        ({}, (5, 2), Verdict.PASS, Verdict.FAIL),
        ({NAME: True}, (6, 1), Verdict.FAIL, Verdict.FAIL),
        ({NAME: {"if X": True, "else": False}}, (6, 1), Verdict.CONDITIONAL, Verdict.CONDITIONAL),
        ({NAME: Unknown("x", type="bool")}, (6, 1), Verdict.UNKNOWN, Verdict.UNKNOWN),
    ],
)
def test_verdicts(
    judged,
    settings: dict[str, object],
    django: tuple[int, int],
    regular: Verdict,
    pedantic: Verdict,
) -> None:
    finding = judged("signed-cookie-salt", settings, django=django, pedantic=False)
    assert finding.verdict is regular, finding.message
    assert judged("signed-cookie-salt", settings, django=django).verdict is pedantic
