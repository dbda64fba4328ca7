"""A login ends by itself.

A session that nobody ends stays in the browser of every machine that somebody once logged in on: the
shared desk, the sold laptop, the backup of a stolen cookie. `SESSION_COOKIE_AGE` limits how long it is
good for, 1,209,600 seconds (two weeks) by default; `SESSION_EXPIRE_AT_BROWSER_CLOSE` ends it with the
browser, where browsers still do that.

How long is right depends on what is behind the login. ASVS wants the choice to be made and written
down; a working day (28,800 to 43,200 seconds) is common for administration. Django's default is fine
for most sites, so less than it is asked for on demand only; more than three months is always told.
With `SESSION_SAVE_EVERY_REQUEST` the age counts from the last visit.
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
    doubted,
    good,
    not_applicable,
    unreadable,
)  # fmt: skip
from hardango.controls.stack import sessions, stack_setting
from hardango.controls.values import said, stated, truth, why_unknown
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings, Unknown

if TYPE_CHECKING:
    from hardango.edits import Edit

SESSION_AGE = Control(
    "session-age",
    title="How long a login lasts",
    weakness="A login lasts very long",
    severity=Severity.LOW,
    settings=(
        "SESSION_COOKIE_AGE", "SESSION_EXPIRE_AT_BROWSER_CLOSE", "MIDDLEWARE", "INSTALLED_APPS",
    ),
    attack="Whoever finds a session cookie long after it was used, on a shared machine or in a "
    "backup, is still logged in.",
    remedy="Set SESSION_COOKIE_AGE to what the site can bear: two weeks is Django's default, a working "
    "day (43200 seconds) is common for administration.",
    references=(
        asvs("7.1.1"), asvs("7.3.2"), cwe(613), docs("ref/settings/#session-cookie-age"),
    ),
)  # fmt: skip

HOUR, DAY = 3600, 86400
LONG = 92 * DAY
"""More than that is told always."""
WORKING_DAY = 12 * HOUR
"""More than that is told on demand."""


@SESSION_AGE.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    stack = stack_setting(settings)
    names = ("SESSION_COOKIE_AGE", "SESSION_EXPIRE_AT_BROWSER_CLOSE", stack, "INSTALLED_APPS")
    for case in settings.cases(*names):
        used = sessions(settings, case, stack)
        if used.sure is False:
            yield not_applicable(case, "No sessions", "SESSION_COOKIE_AGE")
        else:
            yield doubted(of_age(case), used.why)


def of_age(case: Case) -> Judgement:
    """How long a session is good for. The server forgets it after SESSION_COOKIE_AGE, however the
    browser treats the cookie."""
    name = "SESSION_COOKIE_AGE"
    value: object = case[name]
    outcome = case.outcomes[name]
    if isinstance(value, Unknown):
        return unreadable(case, why_unknown(name, value), name)
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return unreadable(case, f"{name} is {said(value)}, no number", name)
    closes = truth(case["SESSION_EXPIRE_AT_BROWSER_CLOSE"])
    message = f"{stated(outcome, name)}: a session is good for {in_words(value)}"
    if value > LONG:
        return bad(case, message, name)
    if value > WORKING_DAY and not closes:
        return bad(case, message, name, pedantic=True)
    return good(case, message, name)


def in_words(seconds: float) -> str:
    """A time in the largest unit of which it has two at least."""
    for unit, size in (("days", DAY), ("hours", HOUR), ("minutes", 60)):
        if seconds >= 2 * size:
            return f"{int(seconds / size)} {unit}"
    return f"{int(seconds)} seconds"


@SESSION_AGE.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Assign

    yield Assign("SESSION_COOKIE_AGE", 14 * DAY, safe=False,
                 risk="whoever was away for two weeks has to log in again")  # fmt: skip
