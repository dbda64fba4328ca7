"""A link does not log anybody in or out.

A page elsewhere can have a visitor's browser follow any link, by an image if need be. What a link does, everybody
can do to everybody.

With `SOCIALACCOUNT_LOGIN_ON_GET` a mere link starts the login at another site, such as Google, and if the visitor
agreed there before, it also ends it: the visitor is logged in without having wanted to, or, with a login that the
attacker began, into the attacker's account. django-allauth asks first since 0.47, unless this is on; before, it never asked.
`ACCOUNT_LOGOUT_ON_GET` lets every page log visitors out.

What breaks: one more click, on a page that the project can style; a button that sends a form needs none. Django took
the link away from its own logout in 5.0, and has no check for these.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import Control, Judgement, asvs, bad, cwe, docs
from hardango.controls.options import (
    ALLAUTH,
    ALLAUTH_SOCIAL,
    in_case,
    judged_where_used,
    of_switch,
    whole,
)
from hardango.controls.packages import LISTS, at_least
from hardango.controls.values import truth
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings

if TYPE_CHECKING:
    from hardango.edits import Edit

LOGIN, LOGOUT = "SOCIALACCOUNT_LOGIN_ON_GET", "ACCOUNT_LOGOUT_ON_GET"

ALLAUTH_LOGIN_ON_GET = Control(
    "allauth-login-on-get",
    title="Logging in and out by a link",
    weakness="A link logs a visitor in or out",
    severity=Severity.LOW,
    settings=(LOGIN, LOGOUT, "INSTALLED_APPS"),
    attack="A page elsewhere starts a login that the visitor did not ask for, or ends the visitor's session.",
    remedy=f"Leave {LOGIN} and {LOGOUT} off, and send a form with the CSRF token instead of a link.",
    references=(
        asvs("3.5.3"), cwe(352), docs("https://docs.allauth.org/en/latest/socialaccount/configuration.html"),
        docs("https://docs.allauth.org/en/latest/account/configuration.html"),
    ),
)  # fmt: skip


@ALLAUTH_LOGIN_ON_GET.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    return judged_where_used(
        settings,
        deployment,
        ALLAUTH,
        lambda case: of_case(settings, deployment, case),
        LOGIN,
        LOGOUT,
        *LISTS,
    )


def of_case(settings: Settings, deployment: Deployment, case: Case) -> Iterator[Judgement]:
    logout = whole(case, LOGOUT, False)
    yield of_switch(case, logout, False, "every page can log visitors out", Severity.INFO)
    if in_case(settings, case, deployment, ALLAUTH_SOCIAL).sure is not True:
        return
    if at_least(deployment, ALLAUTH.package, (0, 47)) is False:
        yield bad(
            case, "django-allauth before 0.47 starts a login at another site by a link", LOGIN
        )
    else:
        consequence = "every page can start a login at another site"
        yield of_switch(case, whole(case, LOGIN, False), False, consequence)


@ALLAUTH_LOGIN_ON_GET.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Assign

    for name in (LOGIN, LOGOUT):
        if any(truth(case[name]) for case in settings.cases(name)):
            yield Assign(
                name, False, safe=False, risk="who follows such a link is asked to confirm"
            )
