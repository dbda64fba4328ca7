"""The GraphQL view of Strawberry shows no page for developers.

GraphQL has one address that answers everything, and Strawberry shows GraphiQL there to whoever opens it with a browser:
a page with the whole schema, on which queries and mutations are typed and sent.

It saves an attacker the work of finding out what the site can be asked, and loads its scripts from another host, with
all that a script in a page of this site may do. `graphql_ide=None` turns it off (`graphiql=False` before 0.213). The
schema is still sent to whoever asks for it, unless the extension DisableIntrospection is in it, which hardango cannot see.

What breaks: developers use a client of their own; `graphql_ide="graphiql" if settings.DEBUG else None` keeps the page for
them. It is on by default, so hardango says it only with `--pedantic` where nobody asked for it. No check of Django looks
at it.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.graphql import guarded, judged_views
from hardango.controls.logins import shown
from hardango.controls.model import Control, Judgement, Opinion, asvs, cwe, docs
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Settings, Unknown

if TYPE_CHECKING:
    from hardango.settings.routes import Route

STRAWBERRY_VIEW = Control(
    "strawberry-view",
    title="GraphQL view of Strawberry",
    weakness="The GraphQL view shows a page for developers",
    severity=Severity.LOW,
    settings=("ROOT_URLCONF",),
    attack="A stranger reads the schema and sends queries and mutations from the site's own page.",
    remedy="Use GraphQLView.as_view(schema=schema, graphql_ide=None) in production.",
    person="routes are code, which edits of settings do not reach",
    references=(
        asvs("13.4.5"), cwe(200), cwe(489), docs("https://strawberry.rocks/docs/integrations/django"),
        docs("https://cheatsheetseries.owasp.org/cheatsheets/GraphQL_Cheat_Sheet.html"),
    ),
)  # fmt: skip

OPTIONS = ("graphql_ide", "graphiql")


@STRAWBERRY_VIEW.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    def judge(route: Route) -> Iterator[Judgement]:
        options = dict(route.options)
        name = next((each for each in OPTIONS if each in options), "")
        definition = settings.definition(route.view) if route.bases else None
        attribute = definition is not None and not definition.words.isdisjoint(OPTIONS)
        if isinstance(options.get(name), Unknown) or (not name and attribute):
            message = f"Whether {shown(route)} shows GraphiQL could not be read"
            yield Judgement(Opinion.UNREADABLE, message, route.condition, route.chain)
        elif not name or options[name]:
            message = f"{shown(route)} shows GraphiQL, a page for developers"
            found = Judgement(Opinion.BAD, message, route.condition, route.chain)
            yield found._replace(pedantic=not name or guarded(route))

    return judged_views(settings, "strawberry", ("GraphQLView",), judge)
