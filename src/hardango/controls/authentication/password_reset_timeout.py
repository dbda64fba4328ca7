"""A link to reset a password is good for a short time.

Whoever reads the mail may set the password: the mail lies in an archive, in a shared mailbox, on a lost
phone. `PASSWORD_RESET_TIMEOUT` limits how long its link works, 259,200 seconds (three days) by default; an
hour is enough for people who asked for it themselves.

The link dies earlier when it is used, and when the user logs in. Before Django 3.1 the setting was
`PASSWORD_RESET_TIMEOUT_DAYS`, in days, which Django 4.0 no longer reads.
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
from hardango.controls.values import said, stated, why_unknown
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Outcome, Settings, Unknown

if TYPE_CHECKING:
    from hardango.edits import Edit

PASSWORD_RESET_TIMEOUT = Control(
    "password-reset-timeout",
    title="How long a reset link is good for",
    weakness="Links to reset a password are good for very long",
    severity=Severity.LOW,
    settings=("PASSWORD_RESET_TIMEOUT", "PASSWORD_RESET_TIMEOUT_DAYS"),
    attack="Whoever finds an old mail with a reset link sets the password of its owner.",
    remedy="Set PASSWORD_RESET_TIMEOUT = 3600.",
    references=(
        asvs("6.4.3"), cwe(640), cwe(613), docs("ref/settings/#password-reset-timeout"),
    ),
)  # fmt: skip

HOUR, DAY = 3600, 86400
LONG = 7 * DAY
"""More than that is told always."""
SHORT = 4 * HOUR
"""More than that is told on demand."""


@PASSWORD_RESET_TIMEOUT.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    days = "PASSWORD_RESET_TIMEOUT_DAYS"
    old = settings.django < (3, 1) or (
        settings.django < (4, 0) and days in settings and settings[days].explicit
    )
    name, unit = (days, DAY) if old else ("PASSWORD_RESET_TIMEOUT", 1)
    for outcome in settings[name]:
        yield from of_value(outcome, name, unit)


def of_value(outcome: Outcome, name: str, unit: int) -> Iterator[Judgement]:
    """How long a link is good for, in `unit` seconds."""
    value = outcome.value
    if isinstance(value, Unknown):
        yield unreadable(outcome, why_unknown(name, value))
        return
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        yield unreadable(outcome, f"{name} is {said(value)}, no number")
        return
    seconds = value * unit
    span = f"{seconds / DAY:.0f} days" if seconds >= 2 * DAY else f"{seconds / HOUR:.0f} hours"
    span = span.removesuffix("s") if span == "1 hours" else span
    message = f"{stated(outcome, name)}: a reset link is good for {span}"
    if seconds > LONG:
        yield bad(outcome, message)
        return
    if seconds > SHORT:
        yield bad(outcome, message, pedantic=True)
    yield good(outcome, message)


@PASSWORD_RESET_TIMEOUT.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Assign

    old = settings.django < (3, 1)
    name, value = ("PASSWORD_RESET_TIMEOUT_DAYS", 1) if old else ("PASSWORD_RESET_TIMEOUT", HOUR)
    yield Assign(name, value, safe=False,
                 risk="links in mails that are older no longer work")  # fmt: skip
