"""A second factor cannot be got round, taken off or added by somebody else.

`allauth.mfa` asks for a code or a security key after the password. Four of its settings weaken that, and each is meant for
a developer's machine or left from one.

With `MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN` the server believes a key's answer from any page: browsers still bind a key to the
domain, but any subdomain and any page over plain HTTP will do. `MFA_TOTP_INSECURE_BYPASS_CODE` is one code that opens every
account while DEBUG is on; with DEBUG off the library refuses to check codes at all, and nobody with a second factor gets
in. Without `MFA_REAUTHENTICATION_REQUIRED`, a session that was left open is enough to take the second factor off, or to add
one. `MFA_ALLOW_UNVERIFIED_EMAIL` lets somebody sign up with a stranger's address and bind the account to a key of their
own: the owner of the address never gets it back by a password reset.

What breaks: end-to-end tests that log in with a fixed code need settings of their own. Django has no second factor, and no
check for it.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import Control, Judgement, asvs, bad, cwe, docs, good, unreadable
from hardango.controls.options import ALLAUTH, Library, judged_where_used, of_switch, whole
from hardango.controls.values import truth
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings

if TYPE_CHECKING:
    from hardango.edits import Edit

ALLAUTH_SECOND_FACTOR = Control(
    "allauth-second-factor",
    title="Second factor of allauth",
    weakness="The second factor can be got round",
    severity=Severity.LOW,
    settings=(
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN", "MFA_TOTP_INSECURE_BYPASS_CODE",
        "MFA_REAUTHENTICATION_REQUIRED", "MFA_ALLOW_UNVERIFIED_EMAIL", "INSTALLED_APPS",
    ),
    attack="Whoever has a password, a subdomain or a session that was left open gets past the second factor, or takes it off.",
    remedy="Leave MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN, MFA_TOTP_INSECURE_BYPASS_CODE, "
    "MFA_REAUTHENTICATION_REQUIRED and MFA_ALLOW_UNVERIFIED_EMAIL at their defaults in production.",
    references=(
        asvs("6.3.3"), asvs("7.5.1"), cwe(308), cwe(346),
        docs("https://docs.allauth.org/en/latest/mfa/configuration.html"),
        docs("https://docs.allauth.org/en/latest/mfa/webauthn.html"),
    ),
)  # fmt: skip

LIBRARY = Library(
    "the second factor of django-allauth", ALLAUTH.package, "allauth.mfa", getter=ALLAUTH.getter
)
BYPASS = "MFA_TOTP_INSECURE_BYPASS_CODE"
SWITCHES = (
    ("MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN", False, "a security key answers for any page of the domain, over plain HTTP, too"),
    ("MFA_REAUTHENTICATION_REQUIRED", True, "a session that was left open is enough to take the second factor off"),
    ("MFA_ALLOW_UNVERIFIED_EMAIL", False, "who signs up with a stranger's address can bind the account to a key of their own"),
)  # fmt: skip
"""Each switch of the library, its default, which is right, and what follows from the other."""


@ALLAUTH_SECOND_FACTOR.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    names = [name for name, _, _ in SWITCHES]
    yield from judged_where_used(settings, deployment, LIBRARY, of_case, *names, BYPASS)


def of_case(case: Case) -> Iterator[Judgement]:
    for name, right, consequence in SWITCHES:
        yield of_switch(case, whole(case, name, right), right, consequence)
    code = truth(case[BYPASS])
    if code is None:
        yield unreadable(
            case, whole(case, BYPASS).unread or f"Whether {BYPASS} is set is not known", BYPASS
        )
    elif code:
        message = f"{BYPASS} is set: with DEBUG on it opens every account, with DEBUG off no code is accepted"
        yield bad(case, message, BYPASS)
    else:
        yield good(case, f"{BYPASS} is not set", BYPASS)


@ALLAUTH_SECOND_FACTOR.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Drop

    for name in (*(each for each, _, _ in SWITCHES), BYPASS):
        if name in settings:
            yield Drop(name, safe=False, risk="who relies on it in tests sets it in their settings")
