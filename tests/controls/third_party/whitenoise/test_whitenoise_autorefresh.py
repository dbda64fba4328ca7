"""How WhiteNoise finds files."""

from __future__ import annotations

import pytest

from hardango.findings import Severity, Verdict
from hardango.project.model import Deployment
from hardango.settings.outcomes import Unknown

THERE = {"MIDDLEWARE": ["whitenoise.middleware.WhiteNoiseMiddleware"]}
REFRESH, FINDERS = "WHITENOISE_AUTOREFRESH", "WHITENOISE_USE_FINDERS"


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ({}, Verdict.PASS),
        ({REFRESH: True}, Verdict.PASS),
        (THERE, Verdict.PASS),
        ({**THERE, REFRESH: False}, Verdict.PASS),
        ({**THERE, FINDERS: True}, Verdict.PASS),
        ({**THERE, REFRESH: True}, Verdict.FAIL),
        ({**THERE, REFRESH: Unknown("x")}, Verdict.UNKNOWN),
    ],
)
def test_verdicts(judged, values: dict[str, object], verdict: Verdict) -> None:
    absent = Deployment(packages={})
    finding = judged("whitenoise-autorefresh", values, deployment=absent, pedantic=False)
    assert (finding.verdict, finding.severity) == (verdict, Severity.LOW), finding.message


def test_files_that_nobody_collected_only_on_demand(judged) -> None:
    assert judged("whitenoise-autorefresh", {**THERE, FINDERS: True}).verdict is Verdict.FAIL
