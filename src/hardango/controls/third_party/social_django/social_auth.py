"""Who signs in by another site gets the account that is theirs, over HTTPS.

social-auth (python-social-auth) lets users in by another site. Its pipeline decides which account that is. With
`social_core.pipeline.social_auth.associate_by_email` it is the one that has the same address: whoever can have another site name a
victim's address, because that site does not verify it, is the victim here. The library leaves that step out by default,
and says why. A step before it that mails a link to the address, `social_core.pipeline.mail.mail_validation`, closes the hole for
the backends that ask for it: `EmailAuth`, and all of them with `SOCIAL_AUTH_FORCE_EMAIL_VALIDATION`.

`SOCIAL_AUTH_REDIRECT_IS_HTTPS` makes the address to come back to an https:// one, where Django behind a proxy
does not know better. Without it and without SECURE_PROXY_SSL_HEADER, the code of the login comes back over plain HTTP, unless the
other site refuses such an address, as most do.

What breaks: without the step, a user with a password and the same address gets an error and connects the accounts in
the settings of the account. Django has no check for it.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import Control, Judgement, asvs, bad, cwe, docs, good, unreadable
from hardango.controls.options import Library, classes, judged_where_used, of_switch, whole
from hardango.controls.stack import texts
from hardango.controls.values import names_of, said, truth
from hardango.findings import Severity
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings

PIPELINE, HTTPS = "SOCIAL_AUTH_PIPELINE", "SOCIAL_AUTH_REDIRECT_IS_HTTPS"
PROXY, BACKENDS = "SECURE_PROXY_SSL_HEADER", "AUTHENTICATION_BACKENDS"
FORCED = "SOCIAL_AUTH_FORCE_EMAIL_VALIDATION"

SOCIAL_AUTH = Control(
    "social-auth",
    title="Signing in by another site with social-auth",
    weakness="Another site's word about an address opens accounts",
    severity=Severity.MEDIUM,
    settings=(PIPELINE, HTTPS, PROXY, BACKENDS, FORCED, "INSTALLED_APPS"),
    attack="Who gets one of the other sites to name a victim's address is logged in as the victim.",
    remedy="Take associate_by_email out of SOCIAL_AUTH_PIPELINE, or keep only backends that verify addresses.",
    person="only the other sites can tell whether they verify addresses",
    references=(
        asvs("6.8.1"), cwe(290), cwe(346),
        docs("https://python-social-auth.readthedocs.io/en/latest/configuration/django.html"),
        docs("https://python-social-auth.readthedocs.io/en/latest/use_cases.html"),
    ),
)  # fmt: skip

LIBRARY = Library("social-auth", "social-auth-app-django", "social_django")
BY_EMAIL = "social_core.pipeline.social_auth.associate_by_email"
KNOWN, VALIDATED = (
    "social_core.pipeline.social_auth.social_user",
    "social_core.pipeline.mail.mail_validation",
)
START = "social_core.backends."
OWNING = (
    "apple.",
    "azuread",
    "google.",
    "gae.",
    "okta",
    "saml.",
    "auth0",
    "keycloak.",
    "open_id_connect.",
)
"""Backends whose site verifies the addresses, or belongs to who runs this one."""


@SOCIAL_AUTH.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    def of_case(case: Case) -> Iterator[Judgement]:
        yield of_pipeline(settings, case)
        if case[PROXY] is None:
            yield of_way_back(case)

    return judged_where_used(
        settings, deployment, LIBRARY, of_case, PIPELINE, HTTPS, PROXY, BACKENDS, FORCED
    )


def of_way_back(case: Case) -> Judgement:
    """Nothing tells Django of HTTPS: does social-auth ask to come back that way?"""
    consequence = "behind a proxy that nothing tells of, logins come back over plain HTTP"
    return of_switch(
        case, whole(case, HTTPS, False), True, consequence, Severity.LOW, pedantic=True
    )


def of_pipeline(settings: Settings, case: Case) -> Judgement:
    """Whether an address alone opens an account."""
    found = whole(case, PIPELINE, ())
    names = classes(found.value)
    if names is None:
        return unreadable(case, found.unread or f"{PIPELINE} could not be read", PIPELINE)
    if BY_EMAIL not in names:
        if "" in names:
            return unreadable(case, f"An item of {PIPELINE} could not be read", PIPELINE)
        return good(case, "No address alone opens an account", PIPELINE)
    mailed, listed = asks_the_address(names), texts(case[BACKENDS])
    forced = whole(case, FORCED, False)
    known = truth(forced.value) if mailed else False
    if known:
        return good(case, f"The pipeline asks the address itself first: {forced.stated}", PIPELINE)
    others = unchecked(case, mailed=mailed)
    if others and known is None:
        return unreadable(case, forced.unread, FORCED)
    if others:
        message = (
            f"{PIPELINE} has associate_by_email: whoever {names_of(tuple(dict.fromkeys(others)))}"
        )
        return bad(case, f"{message} says has an address is let into its account", PIPELINE)
    if mailed and not any(item.startswith(START + each) for item in listed for each in OWNING):
        return of_mailed(settings, case)
    message = (
        f"{PIPELINE} has associate_by_email: whoever the other site says has an address is let"
    )
    return bad(case, f"{message} into its account", PIPELINE, severity=Severity.LOW, pedantic=True)


def of_mailed(settings: Settings, case: Case) -> Judgement:
    """The pipeline mails a link for `EmailAuth`, and no other backend that is known is there."""
    value: object = case[BACKENDS]
    if not isinstance(value, (list, tuple)) or len(texts(value)) < len(value):
        return unreadable(case, f"An item of {BACKENDS} could not be read", BACKENDS)
    for item in texts(value):
        if not item.startswith((START, "django.")) and not knows_passwords(settings, item):
            message = f"Whether {said(item)} in {BACKENDS} believes another site is not known"
            return unreadable(case, message, BACKENDS)
    return good(case, "The pipeline asks the address itself before it opens an account", PIPELINE)


def knows_passwords(settings: Settings, item: str) -> bool:
    """Whether a backend of the project extends Django's and nothing else."""
    definition = settings.definition(item)
    bases = definition.bases if definition is not None else ()
    return bool(bases) and all(each.startswith("django.contrib.auth.") for each in bases)


def asks_the_address(names: list[str]) -> bool:
    """Whether a link is mailed to a new address before it opens an account: `mail_validation` does
    so for whom `social_user` did not know."""
    if VALIDATED not in names or names.index(VALIDATED) > names.index(BY_EMAIL):
        return False
    return KNOWN in names[: names.index(VALIDATED)]


def unchecked(case: Case, *, mailed: bool) -> tuple[str, ...]:
    """The backends whose word on an address nobody checks; `EmailAuth` asks for a mail if the
    pipeline sends one."""
    short = [item.removeprefix(START) for item in texts(case[BACKENDS]) if item.startswith(START)]
    trusted = (*OWNING, "email.") if mailed else OWNING
    return tuple(each.partition(".")[0] for each in short if not each.startswith(trusted))
