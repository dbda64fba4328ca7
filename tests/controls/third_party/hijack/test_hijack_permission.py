"""Who may act as another user."""

from __future__ import annotations

import pytest
from mutating import added

from hardango.controls.third_party.hijack.hijack_permission import STAFF, SUPERUSERS
from hardango.findings import Severity, Verdict
from hardango.project.model import Deployment
from hardango.settings.outcomes import Unknown

THERE = {"INSTALLED_APPS": ["django.contrib.auth", "hijack"]}
CHECK = "HIJACK_PERMISSION_CHECK"

MUTANTS = (
    added(
        "hijack-permission", f'INSTALLED_APPS += ["hijack"]\nHIJACK_PERMISSION_CHECK = "{STAFF}"'
    ),
)


@pytest.mark.parametrize(
    ("values", "verdict"),
    [
        ({}, Verdict.PASS),
        ({CHECK: STAFF}, Verdict.PASS),
        (THERE, Verdict.PASS),
        ({**THERE, CHECK: SUPERUSERS}, Verdict.PASS),
        ({**THERE, CHECK: STAFF}, Verdict.FAIL),
        ({**THERE, CHECK: {"if HELP is set": STAFF, "else": SUPERUSERS}}, Verdict.CONDITIONAL),
        ({**THERE, CHECK: "support.may_hijack"}, Verdict.UNKNOWN),
        ({**THERE, CHECK: Unknown("read from CHECK")}, Verdict.UNKNOWN),
    ],
)
def test_verdicts(judged, values: dict[str, object], verdict: Verdict) -> None:
    finding = judged("hijack-permission", values, deployment=Deployment(packages={}))
    assert (finding.verdict, finding.severity) == (verdict, Severity.LOW), finding.message


def test_it_says_when(judged) -> None:
    values = {**THERE, CHECK: {"if HELP is set": STAFF, "else": SUPERUSERS}}
    assert judged("hijack-permission", values).when == ("HELP is set",)


def test_apps_that_are_not_known_may_hold_it(judged) -> None:
    apps = [Unknown("apps", several=True)]
    finding = judged("hijack-permission", {"INSTALLED_APPS": apps, CHECK: STAFF})
    assert finding.verdict is Verdict.UNKNOWN
