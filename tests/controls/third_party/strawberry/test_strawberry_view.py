"""The GraphQL view of Strawberry."""

from __future__ import annotations

import pytest
from routing import routed

from hardango.findings import Severity, Verdict
from hardango.settings.outcomes import Unknown

VIEW = "strawberry.django.views.AsyncGraphQLView"
GUARD = "django.contrib.admin.views.decorators.staff_member_required "


@pytest.mark.parametrize(
    ("view", "options", "pedantic", "verdict"),
    [
        (VIEW, {"graphql_ide": None}, True, Verdict.PASS),
        (VIEW, {"graphql_ide": False}, True, Verdict.PASS),
        (VIEW, {"graphiql": False}, True, Verdict.PASS),
        (VIEW, {}, False, Verdict.PASS),
        (GUARD + VIEW, {"graphql_ide": "graphiql"}, False, Verdict.PASS),
        ("shop.views.GraphQLView", {}, True, Verdict.PASS),
        (VIEW, {}, True, Verdict.FAIL),
        (VIEW, {"graphql_ide": "apollo-sandbox"}, False, Verdict.FAIL),
        (VIEW, {"graphiql": True}, False, Verdict.FAIL),
        (VIEW, {"graphql_ide": Unknown("x")}, False, Verdict.UNKNOWN),
    ],
)
def test_graphiql(judged, view: str, options, pedantic: bool, verdict: Verdict) -> None:
    found = routed({}, ("graphql/", view), options=options)
    finding = judged("strawberry-view", found, pedantic=pedantic)
    assert finding.verdict is verdict, finding.message
    assert finding.severity is Severity.LOW
