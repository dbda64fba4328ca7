"""Permissions policy: a package or a proxy sends it, and only on demand does it count."""

from __future__ import annotations

import pytest

from hardango.findings import Verdict
from hardango.project.model import Deployment, Topology
from hardango.settings.outcomes import Unknown

MIDDLEWARE = {"MIDDLEWARE": ["django_permissions_policy.PermissionsPolicyMiddleware"]}
DENIED = {"PERMISSIONS_POLICY": {"camera": [], "geolocation": []}}
BY_PROXY = Deployment(topology=Topology(headers=frozenset(("permissions-policy",))))


@pytest.mark.parametrize(
    ("settings", "verdict", "words"),
    [
        ({**MIDDLEWARE, **DENIED}, Verdict.PASS, "is sent"),
        ({**MIDDLEWARE, "PERMISSIONS_POLICY": {"camera": Unknown("x")}}, Verdict.PASS, "is sent"),
        ({**MIDDLEWARE, "PERMISSIONS_POLICY": {"fullscreen": "*"}}, Verdict.PASS, "is sent"),
        ({**MIDDLEWARE, "PERMISSIONS_POLICY": {"camera": ["self"]}}, Verdict.PASS, "is sent"),
        (
            {**MIDDLEWARE, "PERMISSIONS_POLICY": {"camera": ["*"]}},
            Verdict.FAIL,
            "camera to every site",
        ),
        ({**MIDDLEWARE, "PERMISSIONS_POLICY": {"usb": "*"}}, Verdict.FAIL, "usb to every site"),
        ({}, Verdict.FAIL, "Django sends no Permissions-Policy"),
        (DENIED, Verdict.FAIL, "its middleware is not in MIDDLEWARE"),
        (MIDDLEWARE, Verdict.FAIL, "not set"),
        ({**MIDDLEWARE, "PERMISSIONS_POLICY": {}}, Verdict.FAIL, "not set"),
        ({**MIDDLEWARE, "PERMISSIONS_POLICY": Unknown("x")}, Verdict.UNKNOWN, "could not be read"),
        ({"MIDDLEWARE": Unknown("x")}, Verdict.UNKNOWN, "not known"),
        ({"MIDDLEWARE": ["shop.PermissionsPolicy"]}, Verdict.UNKNOWN, "could do the same"),
        ({"MIDDLEWARE": ["shop.SecurityHeadersMiddleware"]}, Verdict.UNKNOWN, "could do the same"),
        (
            {**MIDDLEWARE, "PERMISSIONS_POLICY": {"if X": {"camera": []}, "else": {}}},
            Verdict.CONDITIONAL,
            "not set",
        ),
    ],
)
def test_verdicts(judged, settings: dict[str, object], verdict: Verdict, words: str) -> None:
    finding = judged("permissions-policy", settings)
    assert finding.verdict is verdict, finding.message
    assert words in finding.message


@pytest.mark.parametrize("settings", [{}, MIDDLEWARE, DENIED])
def test_the_proxy_adds_it(judged, settings: dict[str, object]) -> None:
    assert judged("permissions-policy", settings, deployment=BY_PROXY).verdict is Verdict.ELSEWHERE
