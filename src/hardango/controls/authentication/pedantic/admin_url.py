"""The admin is not where every scanner looks for it.

`/admin/` is the address that Django's documentation gives the admin, and the first one that is tried by
whoever finds a Django site. It answers with a login page that tells the framework, and takes guesses.

Another address keeps out those who try every site on the internet with the same list. It is no protection
by itself: it can leak by a link, a mail or a JavaScript file, and what keeps an attacker out who knows it is
a throttle, a second factor, or a network that only administrators reach.

What breaks: bookmarks, and code that writes the address instead of `reverse("admin:index")`. Django has no
check for it, and a fresh project has the default address, so hardango only says it with `--pedantic`.
`/admin/doc/` (admindocs) is open to staff and describes models, views and template tags.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.logins import admins, shown, unread
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
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Settings

if TYPE_CHECKING:
    from hardango.evidence import Proof, Site

ADMIN_URL = Control(
    "admin-url",
    title="Address of the admin",
    weakness="The admin is at its default address",
    severity=Severity.INFO,
    settings=("ROOT_URLCONF",),
    attack="Programs that try the same addresses on every site find the login page of the administrators.",
    remedy="Put the admin below a path that is not in anybody's list, and let only the network or the "
    "single sign-on of the administrators reach it.",
    person="routes are code, which edits of settings do not reach",
    references=(asvs("13.4.5"), cwe(425), docs("howto/deployment/checklist/"),
        docs("ref/contrib/admin/#hooking-adminsite-instances-into-your-urlconf")),
)  # fmt: skip

USUAL = frozenset(("admin", "administrator", "django-admin"))
"""First parts of a path that scanners try."""


@ADMIN_URL.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    found = admins(settings)
    for route in found:
        first = shown(route).removeprefix("/<language>").strip("/").partition("/")[0]
        if first in USUAL:
            message, opinion = f"The admin is at {shown(route)}", Opinion.BAD
        elif route.exact:
            message, opinion = "The admin is at an address of its own", Opinion.GOOD
        else:
            message = f"The admin is at {shown(route)}, a part of which hardango does not know"
            opinion = Opinion.UNREADABLE
        yield Judgement(opinion, message, route.condition, route.chain)
    missing = unread(settings)
    if missing.sure is None and not found:
        yield unreadable_at(settings, f"Whether there is an admin is not known: {missing.why}")
    else:
        yield nothing_to_protect(settings, "No route leads to an admin")


@ADMIN_URL.prove
def prove(site: Site) -> Iterator[Proof]:
    """The admin sends every path below it to its login, also one that doesn't exist."""
    from hardango.controls.seen import main, redirected
    from hardango.evidence import proven, refuted, unanswered

    asked = []
    for name in ("admin", "django-admin", "manage", "backend", "dashboard"):
        answer = site.get(f"/{name}{site.missing}", base=main(site))
        asked.append(answer)
        if f"/{name}/login/?next=/{name}{site.missing}" in redirected(answer):
            yield refuted(f"the admin is at /{name}/", answer, marks=(answer.get("Location"),))
            return
    answered = [each for each in asked if each.response is not None]
    yield (
        proven("the admin is at none of the usual addresses", *answered)
        if answered
        else unanswered(asked[0])
    )
