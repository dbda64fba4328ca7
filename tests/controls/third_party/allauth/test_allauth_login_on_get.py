"""Logging in and out by a link."""

from __future__ import annotations

import pytest

from hardango.findings import Place, Severity, Verdict
from hardango.project.model import Deployment, Package
from hardango.settings.outcomes import Unknown

LOGIN, LOGOUT = "SOCIALACCOUNT_LOGIN_ON_GET", "ACCOUNT_LOGOUT_ON_GET"
ACCOUNT = {"INSTALLED_APPS": ["allauth.account"]}
SOCIAL = {"INSTALLED_APPS": ["allauth.account", "allauth.socialaccount"]}
LOW, INFO = Severity.LOW, Severity.INFO


def pinned(*version: int) -> Deployment:
    place = Place("requirements.txt", 1)
    return Deployment(packages={"django-allauth": Package("django-allauth", version, "", place)})


@pytest.mark.parametrize(
    ("settings", "deployment", "verdict", "severity"),
    [
        (ACCOUNT, Deployment(), Verdict.PASS, None),
        (SOCIAL, Deployment(), Verdict.PASS, None),
        ({**SOCIAL, LOGIN: False, LOGOUT: False}, Deployment(), Verdict.PASS, None),
        ({**ACCOUNT, LOGIN: True}, Deployment(), Verdict.PASS, None),
        ({"INSTALLED_APPS": [], LOGIN: True, LOGOUT: True}, Deployment(), Verdict.PASS, None),
        (SOCIAL, pinned(0, 47), Verdict.PASS, None),
        ({**SOCIAL, LOGIN: True}, Deployment(), Verdict.FAIL, LOW),
        ({**ACCOUNT, LOGOUT: True}, Deployment(), Verdict.FAIL, INFO),
        ({**SOCIAL, LOGIN: True, LOGOUT: True}, Deployment(), Verdict.FAIL, LOW),
        (SOCIAL, pinned(0, 46), Verdict.FAIL, LOW),
        ({**SOCIAL, LOGIN: Unknown("read from X", "bool", ("X",))}, Deployment(), Verdict.UNKNOWN, None),
    ],
)  # fmt: skip
def test_links(judged, settings, deployment, verdict: Verdict, severity: Severity | None) -> None:
    finding = judged("allauth-login-on-get", settings, deployment=deployment)
    assert finding.verdict is verdict, finding.message
    assert severity in (None, finding.severity)
