"""`hardango.django` itself: what settings modules use of it.

`secret()` asks a variable, a file that another variable names, a manager, of which nothing is known but that it
has a text; `hsts.schedule()` gives the
seconds of the day on which the settings are read.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable

from hardango import schedule
from hardango.settings.interpreter import Interpreter
from hardango.settings.libraries.environ_path import improperly_configured
from hardango.settings.libraries.reading import Arguments, Keywords, bind, function
from hardango.settings.natives import constant
from hardango.settings.outcomes import Unknown
from hardango.settings.values import MISSING, Thing, Value

Function = Callable[[Interpreter, Arguments, Keywords], Value]


def _secret(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    spec = {"name": MISSING, "manager": None, "without": None}
    given = bind(
        interpreter, "secret", spec, arguments, keywords, keyword_only=["manager", "without"]
    )

    def named(name: Value) -> Value:
        if not isinstance(name, str):
            return interpreter.unknown("read from a variable that is not known", name, type="str")
        return interpreter.each(
            interpreter.variable(name),
            lambda text: of_file(name) if text is MISSING or text == "" else text,
        )

    def of_file(name: str) -> Value:
        def one(path: Value) -> Value:
            if path is MISSING or path == "":
                return of_manager(name)
            said = f"what is in the file that {name}_FILE names"
            return Unknown(said, "str", (f"{name}_FILE",), subject=said)

        return interpreter.each(interpreter.variable(f"{name}_FILE"), one)

    def of_manager(name: str) -> Value:
        def one(manager: Value) -> Value:
            if manager is None:
                said = f"{name} is not set, nor {name}_FILE."
                raise interpreter.error(improperly_configured(interpreter), said)
            return Unknown(f"what a manager of secrets has as {name}", "str", (name,))

        return interpreter.each(given["manager"], one)

    return interpreter.each(given["name"], named)


def _fallbacks(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    spec = {"name": MISSING, "manager": None, "without": None}
    given = bind(
        interpreter, "fallbacks", spec, arguments, keywords, keyword_only=["manager", "without"]
    )

    def named(name: Value) -> Value:
        if not isinstance(name, str):
            said = "read from a variable that is not known"
            return interpreter.unknown(said, name, type="list")
        return interpreter.each(interpreter.variable(name), lambda text: divided(name, text))

    def divided(name: str, text: Value) -> Value:
        if text is MISSING or text == "":
            return interpreter.each(
                interpreter.variable(f"{name}_FILE"), lambda path: in_file(name, path)
            )
        if isinstance(text, str):
            return interpreter.box([each.strip() for each in text.split(",") if each.strip()])
        return interpreter.unknown(f"read from {name}", text, type="list")

    def in_file(name: str, path: Value) -> Value:
        if path is MISSING or path == "":
            return interpreter.each(given["manager"], lambda one: of_manager(name, one))
        said = f"what is in the file that {name}_FILE names"
        return Unknown(said, "list", (f"{name}_FILE",), subject=said)

    def of_manager(name: str, manager: Value) -> Value:
        if manager is None:
            return interpreter.box([])
        return Unknown(f"what a manager of secrets has as {name}", "list", (name,))

    return interpreter.each(given["name"], named)


MANAGERS = {
    "aws": (("name",), ("key", "client")),
    "google": (("name",), ("key", "client")),
    "azure": (("vault", "name"), ("key", "client")),
    "vault": (("path", "key"), ("mount", "client")),
}
"""By function of `hardango.django.managers`: what it needs, and what only a keyword gives it."""


def _managers(interpreter: Interpreter) -> dict[str, Value]:
    return {name: function(name, _manager(name, *MANAGERS[name])) for name in MANAGERS}


def _manager(name: str, needed: Iterable[str], keyword_only: Iterable[str]) -> Function:
    """It gives a function that fetches a text."""
    spec = {**dict.fromkeys(needed, MISSING), **dict.fromkeys(keyword_only)}

    def run(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        bind(interpreter, name, spec, arguments, keywords, keyword_only=keyword_only)
        return constant(name, Unknown("what a manager of secrets has", "str"))

    return run


def _schedule(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    spec = {"start": MISSING, "hold": None, "rollback": False, "today": None}
    given = bind(
        interpreter,
        "schedule",
        spec,
        arguments,
        keywords,
        keyword_only=["hold", "rollback", "today"],
    )

    def of_day(start: object, hold: object, rollback: object, today: object) -> schedule.Stage:
        if not isinstance(start, (str, datetime.date)):
            raise ValueError(f"start={start!r} is no date")
        return schedule.schedule(
            start,
            hold=str(hold) if hold is not None else None,
            rollback=bool(rollback),
            today=today if isinstance(today, datetime.date) else None,
        )

    return interpreter.pure("hsts.schedule", of_day, [*given.values()], type="int")


def _names(interpreter: Interpreter) -> dict[str, Value]:
    return {
        "hsts": Thing("hardango.django.hsts", _hsts(interpreter)),
        "managers": Thing("hardango.django.managers", _managers(interpreter)),
        **_secrets(interpreter),
    }


def _secrets(interpreter: Interpreter) -> dict[str, Value]:
    return {
        "secret": function("secret", _secret),
        "fallbacks": function("fallbacks", _fallbacks),
    }


def _hsts(interpreter: Interpreter) -> dict[str, Value]:
    return {"schedule": function("schedule", _schedule)}


MODULES: dict[str, Callable[[Interpreter], dict[str, Value]]] = {
    "hardango": lambda interpreter: {},
    "hardango.django": _names,
    "hardango.schedule": _hsts,
    "hardango.django.managers": _managers,
    "hardango.django.secrets": _secrets,
}
