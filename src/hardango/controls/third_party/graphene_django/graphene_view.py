"""The GraphQL view of graphene-django answers programs, and only those that this site lets ask.

GraphQL has one address that answers everything. It also answers what it can be asked: a stranger has the whole
schema sent, finds the mutations that no page uses, and tries them. GraphiQL, the page on which queries are typed, is
made for developers; `graphiql=True` shows it to everybody.

The view takes queries from forms as well as from JSON. Under `csrf_exempt`, as many a tutorial has it, a page elsewhere
sends a form with a mutation, and where the browser adds the session cookie it is done in the visitor's name. SameSite=Lax
holds that back, but not from other sites on the same domain.

What breaks: without GraphiQL, developers use a client of their own. Turn it on with `graphiql=settings.DEBUG`; pass
`validation_rules=(DisableIntrospection, depth_limit_validator(max_depth=10))` of graphene to close the rest, which hardango
asks for only with `--pedantic`. Send the CSRF token from the front end and take csrf_exempt away. No check of Django looks
at any of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.graphql import guarded, judged_views
from hardango.controls.logins import shown
from hardango.controls.model import Control, Judgement, Opinion, asvs, cwe, docs
from hardango.controls.stack import sessions, stack_setting
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Settings, Unknown

if TYPE_CHECKING:
    from hardango.evidence import Proof, Site
    from hardango.settings.routes import Route

COOKIE = "SESSION_COOKIE_SAMESITE"

GRAPHENE_VIEW = Control(
    "graphene-view",
    title="GraphQL view of graphene-django",
    weakness="The GraphQL view offers more than programs of this site need",
    severity=Severity.LOW,
    settings=("ROOT_URLCONF", COOKIE, "MIDDLEWARE"),
    attack="A stranger reads the whole schema from the site itself, or has a visitor's browser send a mutation.",
    remedy="Use GraphQLView.as_view(graphiql=settings.DEBUG) without csrf_exempt, and have the front end send the "
    "CSRF token.",
    person="routes are code, which edits of settings do not reach",
    references=(
        asvs("13.4.5"), asvs("4.3.1"), cwe(352), cwe(200),
        docs("https://docs.graphene-python.org/projects/django/en/latest/installation/"),
        docs("https://cheatsheetseries.owasp.org/cheatsheets/GraphQL_Cheat_Sheet.html"),
    ),
)  # fmt: skip


@GRAPHENE_VIEW.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    def judge(route: Route) -> Iterator[Judgement]:
        yield from of_graphiql(settings, route)
        yield from of_forms(settings, route)
        if "validation_rules" not in dict(route.options):
            message = f"{shown(route)} sends its whole schema, and takes queries of any depth"
            yield of_route(route, message, Severity.INFO, True)

    return judged_views(settings, "graphene_django.", ("GraphQLView",), judge)


def of_route(route: Route, message: str, severity: Severity, pedantic: bool) -> Judgement:
    found = Judgement(Opinion.BAD, message, route.condition, route.chain, severity)
    return found._replace(pedantic=pedantic)


def of_graphiql(settings: Settings, route: Route) -> Iterator[Judgement]:
    """Whether the page for developers is shown: never by default."""
    on = dict(route.options).get("graphiql", False)
    definition = settings.definition(route.view) if route.bases else None
    attribute = definition is not None and "graphiql" in definition.words
    if isinstance(on, Unknown) or (not on and attribute):
        message = f"Whether {shown(route)} shows GraphiQL could not be read"
        yield Judgement(Opinion.UNREADABLE, message, route.condition, route.chain)
    elif on:
        whom = "who is logged in" if guarded(route) else "everybody"
        message = f"{shown(route)} shows GraphiQL, a page for developers, to {whom}"
        yield of_route(route, message, Severity.LOW, guarded(route))


def of_forms(settings: Settings, route: Route) -> Iterator[Judgement]:
    """Whether a form of another site can carry a mutation."""
    if not any(name.endswith("csrf_exempt") for name in route.wrappers):
        return
    stack = stack_setting(settings)
    for case in settings.cases(COOKIE, stack, "INSTALLED_APPS"):
        condition = case.condition & route.condition
        if not condition.possible or sessions(settings, case, stack).sure is not True:
            continue
        same: object = case[COOKIE]
        lax = isinstance(same, Unknown) or (
            isinstance(same, str) and same.lower() in ("lax", "strict")
        )
        message = f"{shown(route)} is csrf_exempt and takes forms: "
        if lax:
            message += f"only {COOKIE} keeps other sites from sending mutations"
        else:
            message += "every site can send mutations in the name of whoever is logged in"
        severity = Severity.LOW if lax else Severity.MEDIUM
        yield of_route(route, message, severity, lax)._replace(condition=condition)


@GRAPHENE_VIEW.prove
def prove(site: Site) -> Iterator[Proof]:
    from hardango.controls.open_pages import SCHEMAS, prove_closed

    yield from prove_closed(
        site, SCHEMAS, "no GraphQL view tells its schema at the usual addresses"
    )
