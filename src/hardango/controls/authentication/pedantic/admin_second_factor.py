"""Administrators prove more than that they know a password.

Who is in the admin can change any row, create superusers and, in many projects, run code by way of a
template or an upload. A password for it is phished, reused, or found in a leak of another site.

A second factor (a one-time code, or better a passkey) makes the password alone worthless. django-otp brings
`OTPAdminSite`, django-two-factor-auth a login for it, django-allauth `secure_admin_login` with
`allauth.mfa`; or the administrators come by a single sign-on that asks for it, and the admin's own login page
is closed. The package alone does nothing: the admin site has to ask for it.

What breaks: administrators need a device, and a way back when they lose it. Django has no second factor and
no check for it; most projects have none, so hardango says it only with `--pedantic`.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.logins import WITH_SECOND_FACTOR, admins, shown, unread
from hardango.controls.model import (
    Control,
    Judgement,
    Opinion,
    asvs,
    bad,
    cwe,
    docs,
    not_applicable,
    nothing_to_protect,
    unreadable,
    unreadable_at,
)  # fmt: skip
from hardango.controls.packages import LISTS, listed
from hardango.findings import Severity
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings

ADMIN_SECOND_FACTOR = Control(
    "admin-second-factor",
    title="Second factor of the admin",
    weakness="A password alone opens the admin",
    severity=Severity.LOW,
    settings=("INSTALLED_APPS",),
    attack="One phished or reused password of an administrator gives whole control of the data.",
    remedy="Use OTPAdminSite of django-otp, or secure_admin_login with allauth.mfa, or let a single "
    "sign-on with a second factor guard the admin.",
    person="the administrators have to enrol their devices first",
    references=(
        asvs("6.3.3"), cwe(308), docs("ref/contrib/admin/#adminsite-objects"),
        docs("https://django-otp-official.readthedocs.io/en/stable/overview.html"),
        docs("https://docs.allauth.org/en/latest/mfa/index.html"),
    ),
)  # fmt: skip

PACKAGES = {
    "django_otp": "django-otp",
    "two_factor": "django-two-factor-auth",
    "allauth.mfa": "allauth.mfa",
    "mfa": "django-mfa2",
    "multifactor": "django-multifactor",
    "trench": "django-trench",
    "kagi": "kagi",
    "mozilla_django_oidc": "mozilla-django-oidc",
    "django_auth_adfs": "django-auth-adfs",
    "djangosaml2": "djangosaml2",
    "django_cas_ng": "django-cas-ng",
    "social_django": "social-auth-app-django",
    "social_core": "social-auth-core",
    "allauth.socialaccount": "allauth.socialaccount",
}
"""Apps that bring a second factor, or a login elsewhere that can ask for one."""


@ADMIN_SECOND_FACTOR.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    routes = admins(settings)
    if not routes:
        missing = unread(settings)
        if missing.sure is None:
            yield unreadable_at(settings, f"Whether there is an admin is not known: {missing.why}")
        else:
            yield nothing_to_protect(settings, "No route leads to an admin")
        return
    open_ones = [route for route in routes if not route.included.startswith(WITH_SECOND_FACTOR)]
    there = settings.space.false
    for route in open_ones:
        there = there | route.condition
    for route in routes:
        if route not in open_ones:
            message = f"The admin at {shown(route)} asks for a second factor"
            yield Judgement(Opinion.GOOD, message, route.condition, route.chain)
    for case in settings.cases(*LISTS):
        judged = of_case(case, shown((open_ones or routes)[0]))
        yield judged._replace(condition=case.condition & there)
        yield not_applicable(case, "No route leads to an admin")._replace(
            condition=case.condition & ~there
        )


def of_case(case: Case, admin: str) -> Judgement:
    """Whether anything could ask the administrators for more than a password."""
    unsure = ""
    for app, package in PACKAGES.items():
        found = listed(case, app)
        if found.sure:
            message = f"{package} is used; whether the admin at {admin} asks for it is not known"
            return unreadable(case, message, *LISTS)
        if found.sure is None:
            unsure = unsure or found.why
    if unsure:
        return unreadable(case, f"Whether the admin asks for more is not known: {unsure}", *LISTS)
    message = f"Nothing asks for a second factor at {admin}"
    return bad(case, message, "INSTALLED_APPS")
