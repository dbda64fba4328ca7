"""Whoever may act as another user may do what the most powerful of them may.

django-impersonate lets support staff see the site as a customer sees it. By default everyone with `is_staff` may, as any
user who is no superuser, other members of the staff included: the account that only writes news has the rights of the one
that pays out money.

Then the weakest staff account, one password that was used elsewhere, opens every customer's account and those of the
colleagues. What it did is written down as theirs, unless somebody reads the library's own log. `REQUIRE_SUPERUSER` leaves
this to superusers; `CUSTOM_ALLOW` names a function that decides, which hardango does not read; `READ_ONLY` lets the others'
pages be read, and nothing be changed.

What breaks: support without superuser rights loses the button. Django has no check for it.
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
from hardango.controls.options import Library, judged_where_used, option
from hardango.controls.stack import Wanted, extends, stack_setting
from hardango.controls.values import truth
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings

if TYPE_CHECKING:
    from hardango.edits import Edit

IMPERSONATE_PERMISSION = Control(
    "impersonate-permission",
    title="Who may act as another user",
    weakness="Every member of the staff can be any user",
    severity=Severity.LOW,
    settings=("IMPERSONATE", "MIDDLEWARE"),
    attack="Whoever gets into one staff account gets into every other one but the superusers'.",
    remedy='Set IMPERSONATE = {"REQUIRE_SUPERUSER": True}, or name a function in CUSTOM_ALLOW that asks '
    "for a permission of its own.",
    references=(
        asvs("8.2.1"), cwe(269),
        docs("https://code.netlandish.com/~petersanchez/django-impersonate/"),
    ),
)  # fmt: skip

NAME = "IMPERSONATE"
LIBRARY = Library("django-impersonate", "django-impersonate", "impersonate")
ACTING = Wanted("impersonate.middleware.ImpersonateMiddleware")


@IMPERSONATE_PERMISSION.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    stack = stack_setting(settings)

    def of_case(case: Case) -> Iterator[Judgement]:
        acts = extends(settings, case, stack, ACTING)
        if acts.sure is False:
            message = f"ImpersonateMiddleware is not in {stack}: nobody is somebody else"
            yield not_applicable(case, message, stack)
        else:
            yield of_options(case, "" if acts.sure else acts.why)

    yield from judged_where_used(settings, deployment, LIBRARY, of_case, NAME, stack)


def of_options(case: Case, unsure: str) -> Judgement:
    """Who may, by the options; `unsure` says why it is not known whether anybody may."""
    custom, only = (
        option(case, NAME, "CUSTOM_ALLOW"),
        option(case, NAME, "REQUIRE_SUPERUSER", False),
    )
    if custom.unread or (truth(custom.value) is False and only.unread):
        return unreadable(case, custom.unread or only.unread, NAME)
    if truth(custom.value) is not False:
        return unreadable(case, f"{custom.stated}, which hardango does not read", NAME)
    if truth(only.value):
        return good(case, "Only superusers act as others", NAME)
    message = f"{only.stated}: everyone with is_staff acts as any user who is no superuser"
    if not unsure:
        return bad(case, message, NAME)
    # Where nothing names the package, hardly anybody uses it.
    found = unreadable(case, f"{message}, and {unsure}", NAME)
    return found._replace(pedantic=case.outcomes[NAME].default)


@IMPERSONATE_PERMISSION.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Assign, Entry

    risk = "staff who are no superusers can't act as others any more"
    if NAME in settings:
        yield Entry(NAME, ("REQUIRE_SUPERUSER",), True, safe=False, risk=risk)
    else:
        yield Assign(NAME, {"REQUIRE_SUPERUSER": True}, safe=False, risk=risk)
