"""Celery and Kombu, as far as settings use them: schedules, queues, and the app that a package
makes beside its settings. None of these is a value that says anything about security: each stands
for itself, with a name.

https://docs.celeryq.dev/en/stable/userguide/periodic-tasks.html
"""

from __future__ import annotations

from collections.abc import Callable

from hardango.settings.calls import remember
from hardango.settings.interpreter import Interpreter
from hardango.settings.libraries.reading import Arguments, Keywords, function
from hardango.settings.likeness import short
from hardango.settings.outcomes import Unknown
from hardango.settings.values import Native, Thing, Value


def opaque(name: str) -> Thing:
    """A class whose objects are known by what they were made from only."""

    def make(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        said = [short(each) for each in arguments]
        said += [f"{key}={short(value)}" for key, value in keywords.items()]
        return Thing(f"{name}({', '.join(said)})", dict(keywords), base=cls)

    cls = Thing(name, call=make)
    return cls


def _decorator(name: str) -> Native:
    """`@app.task` and `@app.task(bind=True)`: the function stays what it is."""

    def run(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        if len(arguments) == 1 and not keywords:
            return arguments[0]
        return function(name, lambda interpreter, arguments, keywords: arguments[0])

    return function(name, run)


def _silent(name: str) -> Native:
    return function(name, lambda interpreter, arguments, keywords: None)


CONF, SOURCE = "celery.conf", "celery.config_from_object"
"""The names under which `Settings.calls` keeps what an app is told, and where it looks."""


def _remembered(name: str, kept: str) -> Native:
    def run(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        remember(interpreter, kept, arguments, keywords)
        return None

    return function(name, run)


def _configuration(interpreter: Interpreter) -> Thing:
    """`app.conf`: what is set on it is Celery's, no setting of Django's, and kept as calls."""

    def keep(interpreter: Interpreter, name: Value, value: Value) -> None:
        known = interpreter.resolve(name)
        remember(interpreter, CONF, [], {known if isinstance(known, str) else "**": value})

    return Thing(
        "app.conf",
        {"update": _remembered("app.conf.update", CONF)},
        attribute=lambda interpreter, name: Unknown(f"app.conf.{name}"),
        set_attribute=keep,
        item=lambda interpreter, key: interpreter.unknown("an item of app.conf", key),
        set_item=keep,
    )


def app(interpreter: Interpreter) -> Thing:
    """A `Celery()` application: nothing that it is told changes a setting."""
    return Thing(
        "a Celery app",
        {
            **{name: _decorator(f"app.{name}") for name in ("task", "on_after_configure")},
            **{
                name: _silent(f"app.{name}")
                for name in (
                    "config_from_envvar",
                    "autodiscover_tasks",
                    "add_defaults",
                    "set_default",
                    "set_current",
                    "add_periodic_task",
                    "start",
                )
            },
            "config_from_object": _remembered("app.config_from_object", SOURCE),
            "conf": _configuration(interpreter),
        },
        attribute=lambda interpreter, name: Unknown(f"app.{name}"),
        set_attribute=lambda interpreter, name, value: None,
        base=interpreter.state.setdefault("celery.Celery", Thing("celery.Celery")),
    )


IN_FULL = {"broker": "broker_url", "backend": "result_backend"}
"""Arguments of `Celery()` that `app.conf` has under another name; the others it has as they are."""


def _made(interpreter: Interpreter, keywords: Keywords) -> Thing:
    if keywords:
        given = {IN_FULL.get(name, name): value for name, value in keywords.items()}
        remember(interpreter, CONF, [], given)
    return app(interpreter)


def _celery(interpreter: Interpreter) -> dict[str, Value]:
    cls = interpreter.state.setdefault("celery.Celery", Thing("celery.Celery"))
    cls.call = lambda interpreter, arguments, keywords: _made(interpreter, keywords)
    cls.construct = lambda interpreter, cls, arguments, keywords: _made(interpreter, keywords)
    return {
        "Celery": cls,
        "shared_task": _decorator("shared_task"),
        "current_app": app(interpreter),
        "__version__": Unknown("celery.__version__", "str"),
    }


CRON_FIELDS = ("minute", "hour", "day_of_week", "day_of_month", "month_of_year")
CRON_TEXT = "<crontab: {minute} {hour} {day_of_month} {month_of_year} {day_of_week} (m/h/dM/MY/d)>"


def _crontab() -> Thing:
    """`crontab(…)`: an object whose text has all five fields."""
    cls = opaque("crontab")
    plain = cls.call

    def make(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        made = plain(interpreter, arguments, keywords)  # type: ignore[misc]
        given = {**dict(zip(CRON_FIELDS, arguments)), **keywords}
        fields = {name: interpreter.resolve(given.get(name, "*")) for name in CRON_FIELDS}
        if all(isinstance(value, (str, int)) for value in fields.values()):
            made.export = CRON_TEXT.format(**fields)
        return made

    cls.call = make
    return cls


def _schedules(interpreter: Interpreter) -> dict[str, Value]:
    return {"crontab": _crontab(), **{name: opaque(name) for name in ("schedule", "solar")}}


def _kombu(interpreter: Interpreter) -> dict[str, Value]:
    return {name: opaque(f"kombu.{name}") for name in ("Queue", "Exchange", "binding")}


MODULES: dict[str, Callable[[Interpreter], dict[str, Value]]] = {
    "celery": _celery,
    "celery.app": _celery,
    "celery.schedules": _schedules,
    "kombu": _kombu,
    "kombu.entity": _kombu,
    "kombu.common": lambda interpreter: {"Broadcast": opaque("kombu.common.Broadcast")},
}
