"""No other site can log in as any user here.

Who signs in by another site has an account here that is tied to theirs. With `SOCIALACCOUNT_EMAIL_AUTHENTICATION`
(django-allauth 0.56) it is enough that the other site says it verified the address: then whoever has that address
*there* is let into the local account that has it *here*, without its password.

Each of these sites is then as powerful as the password reset: one that lets its users write what they like, or that
is broken into, opens every account. `VERIFIED_EMAIL` on a provider takes the other site's word even where it
says that it did not verify. `…_AUTO_CONNECT` keeps the door open after the address has changed.

What breaks: with it off, users who once signed up with a password connect the other account in their settings first.
It can be turned on for single providers (`"EMAIL_AUTHENTICATION": True` in SOCIALACCOUNT_PROVIDERS) that deserve it,
such as Google for its own addresses. Django has no check for it.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import (
    Control,
    Judgement,
    asvs,
    bad,
    cwe,
    docs,
    good,
    not_applicable,
    unreadable,
)  # fmt: skip
from hardango.controls.options import ALLAUTH_SOCIAL, judged_where_used, whole
from hardango.controls.packages import at_least
from hardango.controls.stack import texts
from hardango.controls.values import names_of, truth
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings

if TYPE_CHECKING:
    from hardango.edits import Edit

NAME, CONNECT = (
    "SOCIALACCOUNT_EMAIL_AUTHENTICATION",
    "SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT",
)
PROVIDERS = "SOCIALACCOUNT_PROVIDERS"

ALLAUTH_EMAIL_AUTHENTICATION = Control(
    "allauth-email-authentication",
    title="Logging in by an address that another site confirms",
    weakness="Another site's word about an address opens accounts",
    severity=Severity.MEDIUM,
    settings=(NAME, PROVIDERS, CONNECT, "INSTALLED_APPS"),
    attack="Who gets one of the other sites to confirm a victim's address is logged in as the victim.",
    remedy=f"Turn {NAME} off, and EMAIL_AUTHENTICATION on only for providers that own the addresses they "
    "confirm.",
    references=(
        asvs("6.8.1"), cwe(290), cwe(346),
        docs("https://docs.allauth.org/en/latest/socialaccount/configuration.html"),
    ),
)  # fmt: skip

START = "allauth.socialaccount.providers."
OWNING = frozenset(("apple", "auth0", "github", "google", "okta", "openid_connect", "saml"))
"""Providers that verify the addresses that they confirm, or belong to who runs this site."""


@ALLAUTH_EMAIL_AUTHENTICATION.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    old = at_least(deployment, ALLAUTH_SOCIAL.package, (0, 55)) is False
    return judged_where_used(
        settings,
        deployment,
        ALLAUTH_SOCIAL,
        lambda case: of_case(settings, case, old),
        NAME,
        PROVIDERS,
    )


def of_case(settings: Settings, case: Case, old: bool) -> Iterator[Judgement]:
    if old:
        yield not_applicable(case, "This version of django-allauth has nothing of the kind", NAME)
        return
    found = whole(case, NAME, False)
    on = truth(found.value)
    options: object = case[PROVIDERS]
    told = options if isinstance(options, dict) else {}
    if on is None:
        yield unreadable(case, found.unread, NAME)
    elif on:
        for apps in settings.cases("INSTALLED_APPS"):
            both = apps.condition & case.condition
            if both.possible:
                names = providers(apps)
                yield of_trusted(Case(case.outcomes, both), NAME, found.stated, names, told)
    else:
        names = [str(name) for name in told if of_provider(told, name, "EMAIL_AUTHENTICATION")]
        yield of_trusted(case, PROVIDERS, found.stated, names, told)


def providers(case: Case) -> list[str]:
    """The other sites, by the names of their apps."""
    return [
        item.removeprefix(START).partition(".")[0]
        for item in texts(case["INSTALLED_APPS"])
        if item.startswith(START)
    ]


def of_trusted(
    case: Case, where: str, stated: str, trusted: list[str], told: dict[object, object]
) -> Judgement:
    """What it means that these sites' word opens accounts; `where` is the setting that says so."""
    others = tuple(name for name in trusted if name not in OWNING)
    careless = next((name for name in others if of_provider(told, name, "VERIFIED_EMAIL")), None)
    if careless is not None:
        message = f"{where} lets {careless} log in by any address, and VERIFIED_EMAIL takes it as verified"
        return bad(case, f"{message} whatever {careless} says", where, severity=Severity.HIGH)
    if others:
        message = f"{where}: whoever {names_of(others)} says has an address is let into its account"
        return bad(case, message, where, severity=Severity.LOW)
    if trusted:
        return good(case, f"{where} trusts {' and '.join(trusted)}, which verify addresses", where)
    return good(case, f"{stated}: no other site is trusted", NAME)


def of_provider(told: dict[object, object], name: object, key: str) -> bool:
    """Whether an option of a provider is surely on for every address."""
    options = told.get(name)
    return isinstance(options, dict) and options.get(key) is True


@ALLAUTH_EMAIL_AUTHENTICATION.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Assign, Drop

    risk = (
        "who logged in only by an address that another site confirmed has to log in otherwise once"
    )
    for case in settings.cases(NAME, PROVIDERS):
        if truth(case[NAME]):
            yield Assign(NAME, False, safe=False, risk=risk)
        options: object = case[PROVIDERS]
        told = options if isinstance(options, dict) else {}
        for name in told:
            if name not in OWNING and of_provider(told, name, "EMAIL_AUTHENTICATION"):
                path = (str(name), "EMAIL_AUTHENTICATION")
                yield Drop(PROVIDERS, path, safe=False, risk=risk)
        return
