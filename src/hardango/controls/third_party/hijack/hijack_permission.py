"""Who may act as another user is who may act as the most powerful one of them.

django-hijack lets support staff see the site as a customer sees it: one click, and they are that user, with all
that the user may read, order and sign. By default only superusers may. HIJACK_PERMISSION_CHECK can name
`hijack.permissions.superusers_and_staff`: then each account that may enter the admin can be any customer.

Then the weakest staff account, one password that was used elsewhere, opens every customer's account, and what
happened is written down as the customer's own doing. A superuser cannot be taken over this way, nor another
member of the staff.

What breaks with the default: support without superuser rights loses the button. A function of the project's
own can ask for a permission and leave out accounts that nobody should enter; hardango does not read what such a
function allows, and says so. Django has no check for it.
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
    unreadable,
)  # fmt: skip
from hardango.controls.options import HIJACK, judged_where_used
from hardango.controls.values import said, why_unknown
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings, Unknown

if TYPE_CHECKING:
    from hardango.edits import Edit

HIJACK_PERMISSION = Control(
    "hijack-permission",
    title="Who may act as another user",
    weakness="Every member of the staff can be any customer",
    severity=Severity.LOW,
    settings=("HIJACK_PERMISSION_CHECK",),
    attack="Whoever gets into one staff account gets into the account of every customer, unseen.",
    remedy="Leave HIJACK_PERMISSION_CHECK at hijack.permissions.superusers_only, or name a function that "
    "asks for a permission of its own.",
    references=(
        asvs("8.2.1"), cwe(269),
        docs("https://django-hijack.readthedocs.io/en/stable/customization/#permission-check"),
    ),
)  # fmt: skip

NAME = "HIJACK_PERMISSION_CHECK"
SUPERUSERS = "hijack.permissions.superusers_only"
STAFF = "hijack.permissions.superusers_and_staff"


@HIJACK_PERMISSION.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    yield from judged_where_used(settings, deployment, HIJACK, of_check, NAME)


def of_check(case: Case) -> Iterator[Judgement]:
    """What one value of the setting allows."""
    value: object = case[NAME]
    if value in (None, SUPERUSERS):
        yield good(case, "Only superusers act as others", NAME)
    elif isinstance(value, Unknown):
        yield unreadable(case, why_unknown(NAME, value), NAME)
    elif value == STAFF:
        message = f"{NAME} lets everyone with is_staff act as any user who is not staff"
        yield bad(case, message, NAME)
    else:
        yield unreadable(case, f"{NAME} is {said(value)}, which hardango does not read", NAME)


@HIJACK_PERMISSION.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Drop

    if NAME in settings and settings.where(NAME, lambda value: value == STAFF).possible:
        yield Drop(
            NAME, safe=False, risk="staff who are no superusers can't act as others any more"
        )
