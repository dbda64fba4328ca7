"""Background tasks run, and run in the background.

Since 6.0 Django has an interface for tasks, and two backends of its own, which are for development and
tests. The dummy backend only keeps a list of what was to be done: mails that warn of a login are never
sent, what was to be deleted stays. The immediate backend, which is the default, does each task before the
answer to the request that it came from: whoever calls a view with a long task often enough occupies all
workers.

Install a backend with a queue and workers (such as django-tasks' database backend), and name it in TASKS
for production. What breaks: the worker has to run, and tasks see the database after the transaction that
they came from.

A project that has no tasks, or another queue such as Celery, is not concerned: so the default is told with
--pedantic only, and an immediate backend that the project itself names is told then as well. Django has no
check for it.
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
from hardango.controls.services import each_entry, get, item
from hardango.controls.values import said, version_of, why_unknown
from hardango.findings import Severity
from hardango.project.model import Deployment
from hardango.settings.outcomes import Outcome, Settings, Unknown

TASK_BACKEND = Control(
    "task-backend",
    title="Backend of background tasks",
    weakness="Background tasks are not run in the background",
    severity=Severity.LOW,
    settings=("TASKS",),
    attack="What was to warn or to clean up never happens, or long tasks occupy the workers that answer "
    "requests.",
    remedy="Name a backend with a queue and workers in TASKS.",
    person="a queue and workers have to be there first",
    references=(
        asvs("15.2.2"), cwe(400), docs("topics/tasks/"), docs("ref/settings/#tasks"),
    ),
)  # fmt: skip

DUMMY, IMMEDIATE = "dummy.DummyBackend", "immediate.ImmediateBackend"


@TASK_BACKEND.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    if "TASKS" not in settings.defaults:
        for outcome in settings["INSTALLED_APPS"]:
            yield not_applicable(outcome, f"{version_of(settings)} has no interface for tasks")
        return

    def judge(outcome: Outcome, alias: str, entry: object) -> Iterator[Judgement]:
        yield of_backend(outcome, item("TASKS", alias), get(entry, "BACKEND"))

    yield from each_entry(settings, "TASKS", "backend", judge)


def of_backend(outcome: Outcome, name: str, backend: object) -> Judgement:
    """One backend, in one case."""
    if isinstance(backend, Unknown):
        return unreadable(outcome, why_unknown(f"The backend of {name}", backend))
    if str(backend).endswith(DUMMY):
        return bad(outcome, f"{name} is {said(backend)}: tasks are never run")
    if str(backend).endswith(IMMEDIATE):
        message = f"{name} is {said(backend)}: a request waits for its tasks"
        return bad(outcome, message, pedantic=True)
    return good(outcome, f"{name} is {backend}")
