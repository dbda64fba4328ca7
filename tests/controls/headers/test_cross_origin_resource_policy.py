"""Cross-origin resource policy: nothing of Django's sends it."""

from __future__ import annotations

import pytest

from hardango.findings import Verdict
from hardango.project.model import Deployment, Topology
from hardango.settings.outcomes import Unknown

SECURITY = "django.middleware.security.SecurityMiddleware"
BY_PROXY = Deployment(topology=Topology(headers=frozenset(("cross-origin-resource-policy",))))


@pytest.mark.parametrize(
    ("middleware", "verdict"),
    [
        ([], Verdict.FAIL),
        ([SECURITY, "shop.middleware.CartMiddleware"], Verdict.FAIL),
        ([SECURITY, "shop.middleware.CrossOriginResourcePolicy"], Verdict.UNKNOWN),
        ([SECURITY, "shop.middleware.SecurityHeadersMiddleware"], Verdict.UNKNOWN),
        ([SECURITY, Unknown("x")], Verdict.UNKNOWN),
        (Unknown("x"), Verdict.UNKNOWN),
        ({"if X": [], "else": ["shop.ResourcePolicy"]}, Verdict.CONDITIONAL),
    ],
)
def test_verdicts(judged, middleware: object, verdict: Verdict) -> None:
    finding = judged("cross-origin-resource-policy", {"MIDDLEWARE": middleware})
    assert finding.verdict is verdict, finding.message


def test_the_proxy_adds_it(judged) -> None:
    found = judged("cross-origin-resource-policy", {}, deployment=BY_PROXY)
    assert found.verdict is Verdict.ELSEWHERE


def test_on_demand_only(judged) -> None:
    with pytest.raises(ValueError):
        judged("cross-origin-resource-policy", {}, pedantic=False)
