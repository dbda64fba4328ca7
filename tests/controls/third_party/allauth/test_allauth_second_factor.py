"""The second factor of allauth."""

from __future__ import annotations

import pytest
from mutating import added

from hardango.findings import Severity, Verdict
from hardango.settings.outcomes import Unknown

THERE = {"INSTALLED_APPS": ["allauth", "allauth.account", "allauth.mfa"]}
ORIGIN, AGAIN = "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN", "MFA_REAUTHENTICATION_REQUIRED"
UNVERIFIED, BYPASS = "MFA_ALLOW_UNVERIFIED_EMAIL", "MFA_TOTP_INSECURE_BYPASS_CODE"

MUTANTS = (
    added("allauth-second-factor", f'INSTALLED_APPS += ["allauth.mfa"]\n{ORIGIN} = True'),
    added("allauth-second-factor", f'INSTALLED_APPS += ["allauth.mfa"]\n{AGAIN} = False'),
)


@pytest.mark.parametrize(
    ("values", "verdict", "words"),
    [
        (THERE, Verdict.PASS, ""),
        ({**THERE, ORIGIN: False, AGAIN: True, UNVERIFIED: False, BYPASS: None}, Verdict.PASS, ""),
        ({**THERE, BYPASS: ""}, Verdict.PASS, ""),
        ({**THERE, "MFA_TOTP_TOLERANCE": 1}, Verdict.PASS, ""),
        # Nothing is protected where the app is not installed.
        ({"INSTALLED_APPS": ["allauth.account"], ORIGIN: True}, Verdict.PASS, "not used"),
        ({ORIGIN: True, AGAIN: False, UNVERIFIED: True, BYPASS: "123456"}, Verdict.PASS, "not used"),
        ({**THERE, ORIGIN: True}, Verdict.FAIL, "any page of the domain"),
        ({**THERE, AGAIN: False}, Verdict.FAIL, "left open"),
        ({**THERE, UNVERIFIED: True}, Verdict.FAIL, "a stranger's address"),
        ({**THERE, BYPASS: "123456"}, Verdict.FAIL, "opens every account"),
        ({**THERE, ORIGIN: {"if E2E is set": True, "else": False}}, Verdict.CONDITIONAL, "any page"),
        ({**THERE, ORIGIN: Unknown("read from ORIGIN")}, Verdict.UNKNOWN, "read from ORIGIN"),
        ({**THERE, BYPASS: Unknown("read from CODE")}, Verdict.UNKNOWN, "read from CODE"),
        ({**THERE, AGAIN: False, "ALLAUTH_SETTING_GETTER": "shop.get"}, Verdict.UNKNOWN, "SETTING_GETTER"),
        ({"INSTALLED_APPS": [Unknown("read from APPS")], AGAIN: False}, Verdict.UNKNOWN, "read from APPS"),
    ],
)  # fmt: skip
def test_verdicts(judged, values: dict[str, object], verdict: Verdict, words: str) -> None:
    finding = judged("allauth-second-factor", values)
    assert (finding.verdict, finding.severity) == (verdict, Severity.LOW), finding.message
    assert words in finding.message


def test_the_code_is_not_shown(judged) -> None:
    assert "123456" not in judged("allauth-second-factor", {**THERE, BYPASS: "123456"}).message
