"""Workers of Celery take messages that cannot run code.

A worker reads messages from the broker and runs the task that they name. If it accepts pickle, a message is
a program: whoever can put one into the queue, through a broker without a good password or another
application that shares it, runs code on the worker, with all that it may reach. The same goes for results,
which the web process reads.

Celery accepts JSON only since 4.0. `accept_content` with "pickle" (or "application/x-python-serialize")
opens it again; versions before 4.0 accept it by default. Arguments of tasks have to be plain data then:
pass the key of an object, not the object. YAML is read by Celery's `safe_load` and runs nothing. What
breaks: messages that are still in the queue, and tasks with arguments that JSON doesn't know.

hardango reads the Django settings, in the namespace "CELERY" or by their old names, and what `celery.py`
tells the app, which counts more. A task serializer of pickle without accepting it is a mistake, but not a
hole.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.celery import (
    ACCEPTED,
    RESULT_ACCEPTED,
    TASKS,
    elsewhere,
    in_use,
    told,
    values,
)
from hardango.controls.model import (
    Control,
    Judgement,
    asvs,
    bad,
    bad_at,
    cwe,
    docs,
    good,
    good_at,
    nothing_to_protect,
    unreadable,
    unreadable_at,
)  # fmt: skip
from hardango.controls.packages import at_least
from hardango.controls.values import said, why_unknown
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Outcome, Settings, Unknown

if TYPE_CHECKING:
    from hardango.edits import Edit

CELERY_SERIALIZER = Control(
    "celery-serializer",
    title="What workers of Celery accept",
    weakness="Workers of Celery run what is in a message",
    severity=Severity.HIGH,
    settings=("CELERY_ACCEPT_CONTENT", "CELERY_RESULT_ACCEPT_CONTENT"),
    attack="Whoever puts a message into the queue runs code on the workers.",
    remedy='Set CELERY_ACCEPT_CONTENT = ["json"], and CELERY_TASK_SERIALIZER and '
    'CELERY_RESULT_SERIALIZER to "json".',
    references=(
        asvs("1.5.2"), cwe(502), docs("https://docs.celeryq.dev/en/stable/userguide/security.html"),
        docs("https://docs.celeryq.dev/en/stable/userguide/configuration.html#accept-content"),
    ),
)  # fmt: skip

RUNS = frozenset(("pickle", "application/x-python-serialize"))


@CELERY_SERIALIZER.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    there = in_use(settings, deployment)
    if not there.sure:
        yield nothing_to_protect(settings, there.why)
        return
    said_so = settings.space.false
    for name, outcome in told(settings, deployment, "accept_content", "result_accept_content"):
        if name == "app.conf.accept_content":
            said_so = said_so | outcome.condition
        yield of_content(outcome, name)
    for name, outcome in values(settings, *ACCEPTED, *RESULT_ACCEPTED):
        condition = outcome.condition & ~said_so if name in ACCEPTED else outcome.condition
        if condition.possible:
            yield of_content(outcome._replace(condition=condition), name)
        if name in ACCEPTED:
            said_so = said_so | outcome.condition
    for source, where in elsewhere(settings, deployment):
        if (where & ~said_so).possible:
            yield unread(settings, source)._replace(condition=where & ~said_so)
            said_so = said_so | where
    for where, why in settings.overridable:
        if (where & ~said_so & settings.loads).possible:
            message = f"Whether {ACCEPTED[0]} is set is not known: {why.reason}"
            found = unreadable_at(settings, message)._replace(severity=Severity.LOW)
            yield found._replace(condition=where & ~said_so)
            said_so = said_so | where
    if (~said_so & settings.loads).possible:
        yield by_default(settings, deployment)._replace(condition=~said_so)


def of_content(outcome: Outcome, name: str) -> Judgement:
    """What is accepted, in one case."""
    value = outcome.value
    if isinstance(value, str):
        value = value.split(",")
    if isinstance(value, Unknown):
        return unreadable(outcome, why_unknown(name, value), severity=Severity.LOW)
    items = list(value) if isinstance(value, (list, tuple, set, frozenset)) else []
    risky = [each for each in items if isinstance(each, str) and each.strip().lower() in RUNS]
    if risky:
        return bad(outcome, f"{name} has {said(risky[0])}, with which a message can run code")
    unknown = next((each for each in items if isinstance(each, Unknown)), None)
    if unknown is not None:
        message = why_unknown(f"An item of {name}", unknown)
        return unreadable(outcome, message, severity=Severity.LOW)
    return good(outcome, f"{name} has nothing that runs code")


def unread(settings: Settings, source: str) -> Judgement:
    """The app takes its configuration from something that is not read."""
    message = f"Celery takes its settings from {source}, which hardango does not read"
    return unreadable_at(settings, message)._replace(severity=Severity.LOW)


def by_default(settings: Settings, deployment: Deployment) -> Judgement:
    """What the version of Celery accepts by itself."""
    new = at_least(deployment, "celery", (4,))
    if new is False:
        message = "CELERY_ACCEPT_CONTENT is not set, and Celery before 4.0 accepts pickle"
        return bad_at(settings, message, about="CELERY_ACCEPT_CONTENT")
    message = "Celery accepts JSON only, by default (what celery.py sets is read, too)"
    return good_at(settings, message)


@CELERY_SERIALIZER.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Assign, Exclude

    risk = "messages that wait in the queue as pickle are refused, and tasks must take plain data"
    for name, outcome in values(settings, *ACCEPTED, *RESULT_ACCEPTED):
        items: object = outcome.value
        for each in items if isinstance(items, (list, tuple)) else ():
            if isinstance(each, str) and each.strip().lower() in RUNS:
                yield Exclude(name, each, safe=False, risk=risk)
    for name, outcome in values(settings, *TASKS):
        if isinstance(outcome.value, str) and outcome.value.lower() in RUNS:
            yield Assign(name, "json", safe=False, risk=risk)
