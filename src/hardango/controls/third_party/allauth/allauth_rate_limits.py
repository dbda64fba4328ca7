"""The pages of django-allauth stop whoever tries too often.

django-allauth limits its own pages: how often a login fails for an account and from an address, how many accounts are
made, how many mails are sent. That is what keeps guessing of passwords and codes slow, and mailboxes from being
flooded, where no other package does.

`ACCOUNT_RATE_LIMITS = False` turns all of it off, `{"login_failed": None}` the one for failed logins; before 0.61 that
was `ACCOUNT_LOGIN_ATTEMPTS_LIMIT`, which newer versions still read. The counts lie in the default cache, so
each process counts for itself where that is local memory.

What breaks: who types a wrong password too often waits for five minutes. Whose address counts is what the control
`client-ip` judges. Django has no check for it.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import (
    Control,
    Judgement,
    Opinion,
    asvs,
    bad,
    cwe,
    docs,
    good,
    unreadable,
)
from hardango.controls.options import ALLAUTH, Library, in_case, judged_where_used, option, whole
from hardango.controls.packages import LISTS, at_least
from hardango.controls.values import truth
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings

if TYPE_CHECKING:
    from hardango.edits import Edit

LIMITS, ATTEMPTS, PERIOD = (
    "ACCOUNT_RATE_LIMITS", "ACCOUNT_LOGIN_ATTEMPTS_LIMIT", "ACCOUNT_LOGIN_ATTEMPTS_TIMEOUT",
)  # fmt: skip

OTHERS = (
    Library("django-axes", "django-axes", "axes"),
    Library("django-defender", "django-defender", "defender"),
)
"""Packages that count failed logins themselves; login-throttling judges whether they do it well."""

ALLAUTH_RATE_LIMITS = Control(
    "allauth-rate-limits",
    title="Limits of the account pages",
    weakness="The account pages can be asked as often as one likes",
    severity=Severity.LOW,
    settings=(LIMITS, ATTEMPTS, PERIOD, "INSTALLED_APPS"),
    attack="A program tries leaked and common passwords, or codes from a mail, until one opens an account.",
    remedy="Leave ACCOUNT_RATE_LIMITS on, and change single rates in it.",
    references=(
        asvs("6.3.1"), cwe(307), docs("https://docs.allauth.org/en/latest/account/rate_limits.html"),
    ),
)  # fmt: skip


@ALLAUTH_RATE_LIMITS.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    older = at_least(deployment, ALLAUTH.package, (0, 61)) is False

    def judge(case: Case) -> Iterator[Judgement]:
        if whole(case, LIMITS).value is False and not older:
            message = f"{LIMITS} is False: no page of the accounts has a limit of its own"
            yield bad(case, message, LIMITS)
            return
        for each in of_case(case, older):
            if each.opinion is Opinion.BAD:
                yield from unless_elsewhere(settings, deployment, case, each)
            else:
                yield each

    return judged_where_used(settings, deployment, ALLAUTH, judge, LIMITS, ATTEMPTS, PERIOD)


def of_case(case: Case, older: bool) -> Iterator[Judgement]:
    """Before 0.61 the login had a limit of its own."""
    limits = whole(case, LIMITS)
    failed = option(case, LIMITS, "login_failed", True)
    found = [failed] if not failed.default and not older else []
    found = found or [whole(case, ATTEMPTS, 5), whole(case, PERIOD, 300)]
    off = next((each for each in found if not truth(each.value)), None)
    if limits.unread and not older:
        yield unreadable(case, limits.unread, LIMITS)
    elif off is None:
        yield good(case, "Failed logins are limited", LIMITS)
    elif off.unread:
        yield unreadable(case, off.unread, off.setting)
    else:
        yield bad(case, f"{off.stated}: failed logins are not counted", off.setting)


def unless_elsewhere(
    settings: Settings, deployment: Deployment, case: Case, found: Judgement
) -> Iterator[Judgement]:
    """What was found, but where django-axes or django-defender counts failed logins."""
    for each in settings.cases(*LISTS):
        both = each.condition & case.condition
        if not both.possible:
            continue
        if any(in_case(settings, each, deployment, library).sure for library in OTHERS):
            yield good(case, "Another package counts failed logins", LIMITS)._replace(
                condition=both
            )
        else:
            yield found._replace(condition=both)


@ALLAUTH_RATE_LIMITS.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Drop

    risk = "behind a proxy that hides addresses, all visitors share the limits"
    for case in settings.cases(LIMITS, ATTEMPTS, PERIOD):
        for name in (LIMITS, ATTEMPTS, PERIOD):
            if not case.outcomes[name].default and truth(case[name]) is False:
                yield Drop(name, safe=False, risk=risk)
        if truth(option(case, LIMITS, "login_failed", True).value) is False:
            yield Drop(LIMITS, ("login_failed",), safe=False, risk=risk)
        return
