"""The GraphQL view of Ariadne does not explain itself to strangers.

GraphQL has one address that answers everything. The view of ariadne-django sends the whole schema to whoever asks for
it, and shows the GraphQL Playground to whoever opens it with a browser: a page on which queries and mutations are typed
and sent, whose scripts come from another host, with all that a script in a page of this site may do.

Neither opens what was closed; both save an attacker the work of finding out what the site can be asked.
`GraphQLView.as_view(schema=schema, introspection=False)` keeps the schema back, and
`http_method_names=["post", "options"]` the page.

What breaks: developers use a client of their own; `introspection=settings.DEBUG` keeps it for them. It is on by
default, so hardango says it only with `--pedantic` where nobody asked for it. No check of Django looks at it.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.graphql import guarded, judged_views
from hardango.controls.logins import shown
from hardango.controls.model import Control, Judgement, Opinion, asvs, cwe, docs
from hardango.controls.values import truth
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Settings

if TYPE_CHECKING:
    from hardango.settings.routes import Route

ARIADNE_VIEW = Control(
    "ariadne-view",
    title="GraphQL view of Ariadne",
    weakness="The GraphQL view tells its whole schema",
    severity=Severity.LOW,
    settings=("ROOT_URLCONF",),
    attack="A stranger reads every query, mutation and field of the API, the ones for staff included.",
    remedy='Use GraphQLView.as_view(schema=schema, introspection=False, http_method_names=["post", '
    '"options"]) in production.',
    person="routes are code, which edits of settings do not reach",
    references=(
        asvs("13.4.5"), cwe(200), cwe(489), docs("https://ariadnegraphql.org/docs/django-integration"),
        docs("https://cheatsheetseries.owasp.org/cheatsheets/GraphQL_Cheat_Sheet.html"),
    ),
)  # fmt: skip

OPTION = "introspection"


@ARIADNE_VIEW.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    def judge(route: Route) -> Iterator[Judgement]:
        options = dict(route.options)
        definition = settings.definition(route.view) if route.bases else None
        attribute = definition is not None and OPTION in definition.words
        on = truth(options.get(OPTION, True))
        if on is None or (OPTION not in options and attribute):
            message = f"Whether {shown(route)} tells its schema could not be read"
            yield Judgement(Opinion.UNREADABLE, message, route.condition, route.chain)
        elif on:
            message = f"{shown(route)} tells its whole schema"
            found = Judgement(Opinion.BAD, message, route.condition, route.chain)
            yield found._replace(pedantic=OPTION not in options or guarded(route))

    return judged_views(settings, "ariadne_django.", ("GraphQLView", "GraphQLAsyncView"), judge)
