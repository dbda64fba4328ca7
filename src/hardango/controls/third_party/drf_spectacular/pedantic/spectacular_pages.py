"""The description of the API is for those who may use the API.

drf-spectacular describes the whole API: every address, every field, the ones for staff included. Its views are open to
everybody by default (`SERVE_PERMISSIONS`), and show all of it whoever asks (`SERVE_PUBLIC`).

For a public API that is as it should be. For any other it saves an attacker the search: parameters that no page uses,
addresses that were thought unknown. With `SERVE_PERMISSIONS` the views ask for a login, with `SERVE_PUBLIC` off each
user sees what they may call.

What breaks: tools that fetch the schema need a login, too. It is the library's default, so hardango says it only with
`--pedantic`, and only where a route leads to one of its views. No check of Django looks at it.
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
    from hardango.edits import Edit
    from hardango.evidence import Proof, Site
    from hardango.settings.routes import Route

OPTIONS = "SPECTACULAR_SETTINGS"

SPECTACULAR_PAGES = Control(
    "spectacular-pages",
    title="Description of the API by drf-spectacular",
    weakness="Everybody can read the description of the whole API",
    severity=Severity.INFO,
    settings=(OPTIONS, "ROOT_URLCONF"),
    attack="A stranger reads every address, parameter and field of the API, the ones for staff included.",
    remedy='Set "SERVE_PERMISSIONS": ["rest_framework.permissions.IsAdminUser"] or "SERVE_PUBLIC": False in '
    "SPECTACULAR_SETTINGS.",
    references=(
        asvs("13.4.5"), cwe(200),
        docs("https://drf-spectacular.readthedocs.io/en/latest/settings.html"),
    ),
)  # fmt: skip


@SPECTACULAR_PAGES.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    def judge(route: Route) -> Iterator[Judgement]:
        for case in settings.cases(OPTIONS):
            condition = case.condition & route.condition
            if condition.possible and not guarded(route):
                yield of_route(settings, case, route)._replace(condition=condition)

    return judged_views(settings, "drf_spectacular.", ("APIView",), judge)


def of_route(settings: Settings, case: Case, route: Route) -> Judgement:
    """Who is shown the description at a route, by its own permissions or those of the settings."""
    served = option(case, OPTIONS, "SERVE_PERMISSIONS", [ALLOW_ANY])
    public = option(case, OPTIONS, "SERVE_PUBLIC", True)
    names = classes(dict(route.options).get("permission_classes", served.value))
    opinion, message = Opinion.BAD, f"{shown(route)} shows the whole API to everybody"
    kinds = {demand(settings, name) for name in names or ("",)} if names != [] else {"open"}
    if "closed" in kinds or truth(public.value) is False:
        opinion, message = Opinion.GOOD, f"{shown(route)} shows each what they may call"
    elif "unknown" in kinds or truth(public.value) is None:
        opinion, message = Opinion.UNREADABLE, f"Who may read {shown(route)} could not be read"
    return Judgement(opinion, message, route.condition, route.chain)


@SPECTACULAR_PAGES.prove
def prove(site: Site) -> Iterator[Proof]:
    from hardango.controls.open_pages import DESCRIPTIONS, prove_closed

    yield from prove_closed(
        site, DESCRIPTIONS, "no description of an API is open at the usual addresses"
    )


@SPECTACULAR_PAGES.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Entry

    yield Entry(OPTIONS, ("SERVE_PERMISSIONS",), ["rest_framework.permissions.IsAdminUser"], safe=False,
                risk="programs that fetch the description have to log in as staff")  # fmt: skip
