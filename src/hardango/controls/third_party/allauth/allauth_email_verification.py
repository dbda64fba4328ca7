"""An account has the address of the person who made it.

Without a check, anybody signs up with the mail address of somebody else. The account then waits for its victim:
mails of the site go to the stranger's choice of person, and if the victim later signs in by Google or resets the
password, the attacker may still have a session in what is now the victim's account. Whatever the site decides by
address, such as who belongs to a company, is decided by what a stranger typed.

`ACCOUNT_EMAIL_VERIFICATION = "mandatory"` lets nobody in before the link in the mail was followed. "optional", the
default of django-allauth, sends the mail and waits for no answer; "none" sends none.

What breaks: one more step at sign-up, and accounts that were made before have to verify at their next login. hardango
says of "optional" only with `--pedantic`. Django has no check for it.
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
from hardango.controls.options import ALLAUTH, judged_where_used, whole
from hardango.controls.values import said, truth
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings

if TYPE_CHECKING:
    from hardango.edits import Edit

ALLAUTH_EMAIL_VERIFICATION = Control(
    "allauth-email-verification",
    title="Addresses of new accounts",
    weakness="An account can have somebody else's address",
    severity=Severity.LOW,
    settings=("ACCOUNT_EMAIL_VERIFICATION", "SOCIALACCOUNT_ONLY", "INSTALLED_APPS"),
    attack="A stranger makes an account with a victim's address, and waits until the victim uses it or the "
    "site trusts it.",
    remedy='Set ACCOUNT_EMAIL_VERIFICATION = "mandatory".',
    references=(
        asvs("6.3.7"), cwe(940), cwe(287),
        docs("https://docs.allauth.org/en/latest/account/configuration.html"),
    ),
)  # fmt: skip

NAME = "ACCOUNT_EMAIL_VERIFICATION"


@ALLAUTH_EMAIL_VERIFICATION.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    return judged_where_used(settings, deployment, ALLAUTH, of_case, NAME, "SOCIALACCOUNT_ONLY")


def of_case(case: Case) -> Iterator[Judgement]:
    found = whole(case, NAME, "optional")
    if truth(case["SOCIALACCOUNT_ONLY"]):
        yield not_applicable(case, "SOCIALACCOUNT_ONLY is on: nobody signs up here", NAME)
    elif found.unread:
        yield unreadable(case, found.unread, NAME)
    elif found.value in ("mandatory", True):
        yield good(case, found.stated, NAME)
    elif found.value in ("optional", False):
        message = f"{found.stated}: nobody has to have the address that an account is made with"
        yield bad(case, message, NAME, pedantic=True)
    elif found.value == "none":
        yield bad(case, f"{found.stated}: no address of an account is ever verified", NAME)
    else:
        yield unreadable(case, f"{NAME} is {said(found.value)}, which django-allauth refuses", NAME)


@ALLAUTH_EMAIL_VERIFICATION.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Assign

    yield Assign(NAME, "mandatory", safe=False, risk="users whose address was never confirmed have "
                 "to do that before they can log in")  # fmt: skip
