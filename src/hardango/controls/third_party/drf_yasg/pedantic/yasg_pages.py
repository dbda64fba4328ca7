"""The description of the API is for those who may use the API.

drf-yasg describes the API on a page and in a file. With `public=True`, as its documentation has it to start with, it
describes all of it to whoever asks: every address and field, the ones for staff included.

For a public API that is as it should be. For any other it saves an attacker the search. Without `public` each user
sees what they may call, and `permission_classes` says who sees the page at all; without them it is what the
API's views have by default.

What breaks: tools that fetch the description need a login, too. Most who use drf-yasg have it open, so hardango says it
only with `--pedantic`. No check of Django looks at it.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.api_permissions import ALLOW_ANY, demand
from hardango.controls.graphql import guarded, judged_views
from hardango.controls.logins import shown
from hardango.controls.model import Control, Judgement, Opinion, asvs, cwe, docs
from hardango.controls.options import classes, option
from hardango.controls.values import truth
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings

if TYPE_CHECKING:
    from hardango.settings.routes import Route

YASG_PAGES = Control(
    "yasg-pages",
    title="Description of the API by drf-yasg",
    weakness="Everybody can read the description of the whole API",
    severity=Severity.INFO,
    settings=("REST_FRAMEWORK", "ROOT_URLCONF"),
    attack="A stranger reads every address, parameter and field of the API, the ones for staff included.",
    remedy="Call get_schema_view() with public=False, or with permission_classes that ask for staff.",
    person="routes are code, which edits of settings do not reach",
    references=(
        asvs("13.4.5"), cwe(200), docs("https://drf-yasg.readthedocs.io/en/stable/readme.html#quickstart"),
    ),
)  # fmt: skip


@YASG_PAGES.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    def judge(route: Route) -> Iterator[Judgement]:
        for case in settings.cases("REST_FRAMEWORK"):
            condition = case.condition & route.condition
            if condition.possible and not guarded(route):
                yield of_route(settings, case, route)._replace(condition=condition)

    return judged_views(settings, "drf_yasg.", ("SchemaView",), judge)


def of_route(settings: Settings, case: Case, route: Route) -> Judgement:
    """Who is shown the description, and how much of it."""
    options = dict(route.options)
    public = truth(options.get("public", False))
    default = option(case, "REST_FRAMEWORK", "DEFAULT_PERMISSION_CLASSES", [ALLOW_ANY]).value
    given = options.get("permission_classes")
    names = classes(default if given is None else given)
    kinds = {demand(settings, name) for name in names or ("",)} if names != [] else {"open"}
    opinion, message = Opinion.BAD, f"{shown(route)} shows the whole API to everybody"
    if public is False or "closed" in kinds:
        opinion, message = Opinion.GOOD, f"{shown(route)} shows each what they may call"
    elif public is None or "unknown" in kinds:
        opinion, message = Opinion.UNREADABLE, f"Who may read {shown(route)} could not be read"
    return Judgement(opinion, message, route.condition, route.chain)
