"""Limits of the account pages."""

from __future__ import annotations

import pytest

from hardango.findings import Place, Verdict
from hardango.project.model import Deployment, Package
from hardango.settings.outcomes import Unknown

LIMITS, ATTEMPTS = "ACCOUNT_RATE_LIMITS", "ACCOUNT_LOGIN_ATTEMPTS_LIMIT"
APPS = {"INSTALLED_APPS": ["allauth.account"]}
NEW = Deployment()
OLD = Deployment(
    packages={"django-allauth": Package("django-allauth", (0, 54), "", Place("r.txt", 1))}
)


@pytest.mark.parametrize(
    ("settings", "deployment", "verdict"),
    [
        (APPS, NEW, Verdict.PASS),
        ({**APPS, LIMITS: {}}, NEW, Verdict.PASS),
        ({**APPS, LIMITS: {"signup": None}}, NEW, Verdict.PASS),
        ({**APPS, LIMITS: {"login_failed": "5/5m/key"}}, NEW, Verdict.PASS),
        ({**APPS, ATTEMPTS: 10}, NEW, Verdict.PASS),
        ({**APPS, ATTEMPTS: None, LIMITS: {"login_failed": "5/5m/key"}}, NEW, Verdict.PASS),
        ({**APPS, LIMITS: False}, OLD, Verdict.PASS),
        # Another package does it.
        (
            {"INSTALLED_APPS": ["allauth.account", "axes"], LIMITS: {"login_failed": None}},
            NEW,
            Verdict.PASS,
        ),
        (
            {
                "INSTALLED_APPS": {
                    "if X": ["allauth.account", "axes"],
                    "else": ["allauth.account"],
                },
                LIMITS: {"login_failed": None},
            },
            NEW,
            Verdict.CONDITIONAL,
        ),
        ({"INSTALLED_APPS": [], LIMITS: False}, NEW, Verdict.PASS),
        ({**APPS, LIMITS: False}, NEW, Verdict.FAIL),
        ({"INSTALLED_APPS": ["allauth.account", "axes"], LIMITS: False}, NEW, Verdict.FAIL),
        ({**APPS, LIMITS: {"login_failed": None}}, NEW, Verdict.FAIL),
        ({**APPS, LIMITS: {"login_failed": False}}, NEW, Verdict.FAIL),
        ({**APPS, ATTEMPTS: 0}, NEW, Verdict.FAIL),
        ({**APPS, ATTEMPTS: None}, OLD, Verdict.FAIL),
        ({**APPS, "ACCOUNT_LOGIN_ATTEMPTS_TIMEOUT": 0}, OLD, Verdict.FAIL),
        ({**APPS, LIMITS: Unknown("x")}, NEW, Verdict.UNKNOWN),
        ({**APPS, LIMITS: {"login_failed": Unknown("x")}}, NEW, Verdict.UNKNOWN),
        ({**APPS, ATTEMPTS: Unknown("read from N", "int", ("N",))}, NEW, Verdict.UNKNOWN),
    ],
)
def test_limits(judged, settings, deployment: Deployment, verdict: Verdict) -> None:
    finding = judged("allauth-rate-limits", settings, deployment=deployment)
    assert finding.verdict is verdict, finding.message
