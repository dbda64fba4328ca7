"""The settings of Celery, under the names that its versions and the namespace "CELERY" give them."""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.packages import LISTS, imported, installed, listed
from hardango.controls.stack import Presence
from hardango.controls.values import alternatives
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Outcome, Settings

BROKER = ("CELERY_BROKER_URL", "BROKER_URL", "CELERY_BROKER_READ_URL", "CELERY_BROKER_WRITE_URL")
RESULTS = ("CELERY_RESULT_BACKEND",)
ACCEPTED = ("CELERY_ACCEPT_CONTENT",)
RESULT_ACCEPTED = ("CELERY_RESULT_ACCEPT_CONTENT",)
SSL = ("CELERY_BROKER_USE_SSL", "BROKER_USE_SSL")
RESULT_SSL = ("CELERY_REDIS_BACKEND_USE_SSL",)
TASKS = ("CELERY_TASK_SERIALIZER", "CELERY_RESULT_SERIALIZER")
NAMES = (*BROKER, *RESULTS, *ACCEPTED, *RESULT_ACCEPTED, *TASKS)


def in_use(settings: Settings, deployment: Deployment) -> Presence:
    """Whether the project uses Celery: by its settings, its apps, its imports, or what is
    installed."""
    if any(name in settings for name in NAMES):
        return Presence(True, "the settings configure it")
    shipped = installed(deployment, "celery")
    if shipped.sure:
        return shipped
    for case in settings.cases(*LISTS):
        if _there(settings, case):
            return Presence(True, "the settings name it")
    return Presence(False, "Celery is not in use")


def _there(settings: Settings, case: Case) -> bool:
    apps = ("celery", "djcelery", "django_celery_beat", "django_celery_results")
    if imported(settings, case, "celery"):
        return True
    return any(listed(case, each).sure for each in apps)


def values(settings: Settings, *names: str) -> Iterator[tuple[str, Outcome]]:
    """What the project sets these names to."""
    for name in names:
        for outcome in alternatives(settings, name) if name in settings else ():
            yield name, outcome
