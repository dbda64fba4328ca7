"""The GraphQL view of graphene-django."""

from __future__ import annotations

from typing import Any

import pytest
from routing import PLACE, routed

from hardango.findings import Place, Severity, Verdict
from hardango.settings.definitions import Definition
from hardango.settings.outcomes import Unknown

VIEW = "graphene_django.views.GraphQLView"
EXEMPT = "django.views.decorators.csrf.csrf_exempt "
GUARD = "django.contrib.auth.decorators.login_required "
SESSIONS = {"MIDDLEWARE": ["django.contrib.sessions.middleware.SessionMiddleware"]}
RULES = {"validation_rules": ("graphene.validation.DisableIntrospection",)}
SEES = Unknown("read from X", "bool", ("X",))


@pytest.mark.parametrize(
    ("view", "options", "settings", "pedantic"),
    [
        (VIEW, RULES, {}, True),
        (VIEW, {**RULES, "graphiql": False}, SESSIONS, True),
        (VIEW, {}, {}, False),
        (GUARD + VIEW, {"graphiql": True}, {}, False),
        (EXEMPT + VIEW, {}, SESSIONS, False),
        # Without sessions no cookie is sent along.
        (EXEMPT + VIEW, RULES, {}, True),
        ("shop.views.GraphQLView", {"graphiql": True}, {}, True),
    ],
)
def test_closed(judged, view: str, options, settings: dict[str, Any], pedantic: bool) -> None:
    found = routed(settings, ("graphql", view), options=options)
    finding = judged("graphene-view", found, pedantic=pedantic)
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    ("view", "options", "settings", "pedantic", "severity", "words"),
    [
        (VIEW, {"graphiql": True}, {}, False, Severity.LOW, "/graphql shows GraphiQL"),
        (GUARD + VIEW, {**RULES, "graphiql": True}, {}, True, Severity.LOW, "who is logged in"),
        (VIEW, {}, {}, True, Severity.INFO, "its whole schema"),
        (EXEMPT + VIEW, RULES, SESSIONS, True, Severity.LOW, "only SESSION_COOKIE_SAMESITE"),
        (EXEMPT + VIEW, RULES, {**SESSIONS, "SESSION_COOKIE_SAMESITE": "None"}, False, Severity.MEDIUM, "every site"),
    ],
)  # fmt: skip
def test_open(judged, view, options, settings, pedantic: bool, severity: Severity, words) -> None:
    found = routed(settings, ("graphql", view), options=options)
    finding = judged("graphene-view", found, pedantic=pedantic)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, severity), finding.message
    assert words in finding.message
    assert finding.chain == (PLACE,)


def test_not_known(judged) -> None:
    assert not judged("graphene-view", routed({})).applies
    assert judged("graphene-view", routed({}, unread="it fails")).verdict is Verdict.UNKNOWN
    shown = routed({}, ("graphql", VIEW), options={"graphiql": SEES})
    assert judged("graphene-view", shown, pedantic=False).verdict is Verdict.UNKNOWN
    own = Definition(Place("shop/v.py", 1), (VIEW,), frozenset(), frozenset({"graphiql"}), None)
    settings = routed({}, ("graphql", "shop.v.Own"), bases=(VIEW,), definition=lambda dotted: own)
    assert judged("graphene-view", settings, pedantic=False).verdict is Verdict.UNKNOWN
