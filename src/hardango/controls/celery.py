"""The settings of Celery, under the names that its versions and the namespace "CELERY" give them."""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.packages import LISTS, imported, installed, listed
from hardango.controls.stack import Presence
from hardango.controls.values import alternatives
from hardango.project.model import Deployment
from hardango.settings.conditions import Condition
from hardango.settings.outcomes import Case, Outcome, Settings, Unknown

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


def started(deployment: Deployment) -> tuple[str, ...]:
    """The modules that workers are started with: each `celery.py` that names the settings."""
    points = (each.place.file for each in deployment.entry_points if each.kind == "celery.py")
    return tuple(dict.fromkeys(points))


def told(settings: Settings, deployment: Deployment, *names: str) -> Iterator[tuple[str, Outcome]]:
    """What `app.conf`, or the app where it is made, is told of these settings ("accept_content"),
    which counts more than Django's settings, and the last word more than others; what it is told of
    unknown names counts as each."""
    left = dict.fromkeys(names, settings.space.true)
    for call in reversed(list(settings.calls("celery.conf", *started(deployment)))):
        given = {**call.keywords, **_items(call.arguments)}
        for key, value in given.items():
            plain = key.lower().removeprefix("celery_")
            for name in (plain,) if key != "**" else names:
                condition = call.condition & left[name] if name in names else settings.space.false
                if condition.possible and value is not None:
                    left[name] = left[name] & ~condition
                    yield f"app.conf.{name}", Outcome(value, condition, call.chain)


def _items(arguments: tuple[object, ...]) -> dict[str, object]:
    """The names and values of `app.conf.update({…})`."""
    first = arguments[0] if arguments else {}
    if isinstance(first, dict):
        return {key if isinstance(key, str) else "**": item for key, item in first.items()}
    return {"**": first}


def elsewhere(settings: Settings, deployment: Deployment) -> Iterator[tuple[str, Condition]]:
    """Where an app takes its configuration from, if not from Django's settings by the names that
    are read here."""
    for call in settings.calls("celery.config_from_object", *started(deployment)):
        source: object = call.arguments[0] if call.arguments else call.keywords.get("obj")
        namespace: object = call.keywords.get("namespace", "CELERY")
        if not _is_django(source) or namespace != "CELERY":
            yield str(source) if isinstance(source, str) else "an object", call.condition


def _is_django(source: object) -> bool:
    """Whether this is `django.conf.settings`, by its name or as the object."""
    if isinstance(source, Unknown):
        return source.subject == "django.conf.settings"
    return source in ("django.conf:settings", "django.conf.settings")


def values(settings: Settings, *names: str) -> Iterator[tuple[str, Outcome]]:
    """What the project sets these names to."""
    for name in names:
        for outcome in alternatives(settings, name) if name in settings else ():
            yield name, outcome
