"""The description of the API is for those who may use the API.

django-ninja describes the API at `docs` and in `openapi.json` beside it: every address, field and answer, the ones for
staff included. Both are open to everybody unless `NinjaAPI()` is told otherwise; its `auth` guards the operations, and
not their description.

For a public API that is as it should be. For any other it saves an attacker the search: parameters that no page uses,
addresses that were thought unknown. With `docs_decorator=staff_member_required` the two ask for a login; without an
`openapi_url` there is neither.

What breaks: tools that fetch the description need a login, too. It is the library's default, so hardango says it only
with `--pedantic`, and only where a route leads to such an API. No check of Django looks at it.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.graphql import GUARDS
from hardango.controls.logins import shown, unread
from hardango.controls.model import (
    Control,
    Judgement,
    Opinion,
    asvs,
    cwe,
    docs,
    nothing_to_protect,
    unreadable_at,
)  # fmt: skip
from hardango.findings import Severity
from hardango.project.model import Deployment
from hardango.settings.outcomes import Call, Settings, Unknown

NINJA_PAGES = Control(
    "ninja-pages",
    title="Description of the API by django-ninja",
    weakness="Everybody can read the description of the whole API",
    severity=Severity.INFO,
    settings=("ROOT_URLCONF",),
    attack="A stranger reads every address, parameter and field of the API, the ones for staff included.",
    remedy="Make it with NinjaAPI(docs_decorator=staff_member_required), or with openapi_url=None.",
    person="the API is made in code, which edits of settings do not reach",
    references=(
        asvs("13.4.5"), cwe(200), docs("https://django-ninja.dev/guides/api-docs/"),
    ),
)  # fmt: skip

SERVED = "ninja.NinjaAPI.urls"


@NINJA_PAGES.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    served = [each for each in settings.routes().found if each.included == SERVED]
    calls = list(settings.calls("ninja.NinjaAPI"))
    if served:
        # Which API is at which route is sure only of a single one.
        at = shown(served[0]) if len(served) == 1 else "the address of the API"
        yield from (of_api(call, at) for call in calls)
        message = f"How the API at {shown(served[0])} is made could not be read"
        if not calls:
            yield unreadable_at(settings, message)
        return
    missing = unread(settings)
    if missing.sure is None and calls:
        message = f"What the site answers is not known: {missing.why}"
        yield unreadable_at(settings, message)
    else:
        yield nothing_to_protect(settings, "No route leads to an API of django-ninja")


def of_api(call: Call, at: str) -> Judgement:
    """Who is shown the description of one API, by what it is made with."""
    given = call.keywords
    guard: object = given.get("docs_decorator")
    schema: object = given.get("openapi_url", "/openapi.json")
    opinion, message = Opinion.BAD, f"The description below {at} is open to everybody"
    if schema is None or schema == "":
        opinion, message = Opinion.GOOD, f"There is no description below {at}"
    elif isinstance(guard, Unknown) and guard.subject.endswith(GUARDS):
        opinion, message = Opinion.GOOD, f"The description below {at} asks for a login"
    elif "**" in given or guard is not None or isinstance(schema, Unknown):
        opinion, message = (
            Opinion.UNREADABLE,
            f"Who may read the description below {at} is not known",
        )
    return Judgement(opinion, message, call.condition, call.chain)
