"""The GraphQL view of Ariadne."""

from __future__ import annotations

import pytest
from mutating import PACKAGES, URLS, Mutant
from routing import routed

from hardango.findings import Severity, Verdict
from hardango.settings.outcomes import Unknown

VIEW = "ariadne_django.views.GraphQLView"
GUARD = "django.contrib.admin.views.decorators.staff_member_required "


@pytest.mark.parametrize(
    ("view", "options", "pedantic", "verdict"),
    [
        (VIEW, {"introspection": False}, True, Verdict.PASS),
        (VIEW, {"introspection": 0}, True, Verdict.PASS),
        (VIEW, {}, False, Verdict.PASS),
        (VIEW, {"schema": Unknown("x")}, False, Verdict.PASS),
        (GUARD + VIEW, {"introspection": True}, False, Verdict.PASS),
        ("shop.views.GraphQLView", {}, True, Verdict.PASS),
        ("ariadne_django.views.other", {}, True, Verdict.PASS),
        (VIEW, {}, True, Verdict.FAIL),
        ("ariadne_django.views.GraphQLAsyncView", {}, True, Verdict.FAIL),
        (VIEW, {"introspection": True}, False, Verdict.FAIL),
        (VIEW, {"introspection": Unknown("x")}, False, Verdict.UNKNOWN),
    ],
)
def test_introspection(judged, view: str, options, pedantic: bool, verdict: Verdict) -> None:
    found = routed({}, ("graphql/", view), options=options)
    finding = judged("ariadne-view", found, pedantic=pedantic)
    assert finding.verdict is verdict, finding.message
    assert finding.severity is Severity.LOW


MUTANTS = (
    Mutant(
        "ariadne-view", "", "from ariadne_django.views import GraphQLView\n"
        "urlpatterns += [path('graphql/', GraphQLView.as_view(introspection=True))]", URLS,
        also=((PACKAGES, "", "ariadne-django==0.3.0"),),
    ),
)  # fmt: skip
