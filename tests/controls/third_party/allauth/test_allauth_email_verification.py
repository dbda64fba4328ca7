"""Addresses of new accounts."""

from __future__ import annotations

import pytest

from hardango.findings import Severity, Verdict
from hardango.settings.outcomes import Unknown

CONTROL, NAME = "allauth-email-verification", "ACCOUNT_EMAIL_VERIFICATION"
APPS = {"INSTALLED_APPS": ["allauth.account"]}


@pytest.mark.parametrize(
    ("settings", "pedantic", "verdict", "words"),
    [
        ({**APPS, NAME: "mandatory"}, True, Verdict.PASS, "mandatory"),
        ({**APPS, NAME: True}, True, Verdict.PASS, "True"),
        ({**APPS, NAME: "none", "SOCIALACCOUNT_ONLY": True}, True, Verdict.PASS, "nobody signs up"),
        ({"INSTALLED_APPS": [], NAME: "none"}, True, Verdict.PASS, "not used"),
        (APPS, False, Verdict.PASS, ""),
        ({**APPS, NAME: "optional"}, False, Verdict.PASS, ""),
        (APPS, True, Verdict.FAIL, "the default is 'optional'"),
        ({**APPS, NAME: "optional"}, True, Verdict.FAIL, "nobody has to have"),
        ({**APPS, NAME: "none"}, False, Verdict.FAIL, "ever verified"),
        ({**APPS, NAME: "strict"}, False, Verdict.UNKNOWN, "refuses"),
        ({**APPS, NAME: Unknown("read from V", "str", ("V",))}, False, Verdict.UNKNOWN, "decided by V"),
        ({**APPS, NAME: {"if X": "none", "else": "mandatory"}}, False, Verdict.CONDITIONAL, "ever"),
    ],
)  # fmt: skip
def test_verification(judged, settings, pedantic: bool, verdict: Verdict, words: str) -> None:
    finding = judged(CONTROL, settings, pedantic=pedantic)
    assert finding.verdict is verdict, finding.message
    assert finding.severity is Severity.LOW
    assert words in finding.message
