"""A stranger does not learn who has an account.

If sign-up and password reset answer differently for an address that has an account, a program asks for a whole list
of them. What comes out is worth something by itself (who is a customer of this site?), and shortens the list of
accounts on which passwords are tried.

`ACCOUNT_PREVENT_ENUMERATION` is on by default: django-allauth then answers the same, and tells the owner of the address by
mail. "strict" also allows a second account with the same address rather than tell. Off, both pages say what they know.

What breaks: who forgot that they have an account is told by mail and not on the page. Django has no check for it; its own
password reset never tells.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import Control, Judgement, asvs, cwe, docs
from hardango.controls.options import ALLAUTH, judged_where_used, of_switch, whole
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings

if TYPE_CHECKING:
    from hardango.edits import Edit

ALLAUTH_ENUMERATION = Control(
    "allauth-enumeration",
    title="Who has an account",
    weakness="Anybody can find out who has an account",
    severity=Severity.LOW,
    settings=("ACCOUNT_PREVENT_ENUMERATION", "INSTALLED_APPS"),
    attack="A program learns from the sign-up and reset pages which of many addresses have an account.",
    remedy="Leave ACCOUNT_PREVENT_ENUMERATION at True.",
    references=(
        asvs("6.3.8"), cwe(204), docs("https://docs.allauth.org/en/latest/account/configuration.html"),
    ),
)  # fmt: skip

NAME = "ACCOUNT_PREVENT_ENUMERATION"


@ALLAUTH_ENUMERATION.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    return judged_where_used(settings, deployment, ALLAUTH, of_case, NAME)


def of_case(case: Case) -> Iterator[Judgement]:
    consequence = "sign-up and password reset tell which addresses have an account"
    yield of_switch(case, whole(case, NAME, True), True, consequence)


@ALLAUTH_ENUMERATION.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Assign

    yield Assign(NAME, True, safe=False, risk="who signs up with an address that has an account is "
                 "told so by mail, and not on the page")  # fmt: skip
