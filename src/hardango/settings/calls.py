"""What settings hand to a function of a library: `sentry_sdk.init(dsn, send_default_pii=True)`."""

from __future__ import annotations

import os
import time

from hardango.settings import limits
from hardango.settings.conditions import NEVER, TooComplex
from hardango.settings.export_values import freeze
from hardango.settings.files import read_bytes
from hardango.settings.imports import find_source
from hardango.settings.interpreter import Interpreter
from hardango.settings.outcomes import Call, Unknown
from hardango.settings.values import Dead, Lazy, Module, Raised, Stopped, Value

ENDS = (Raised, Stopped, Dead, TooComplex, RecursionError, MemoryError)
SECONDS = 1.0
"""Processor time for what one function was given."""


def remember(
    interpreter: Interpreter, name: str, arguments: list[Value], keywords: dict[str, Value]
) -> None:
    """Keep what a function that nothing models is given here."""
    known = interpreter.state.setdefault("calls", {}).setdefault(name, [])
    if len(known) < limits.CALLS:
        known.append((arguments, keywords, interpreter.pc, interpreter.place))


def calls_of(interpreter: Interpreter, name: str, *files: str) -> list[Call]:
    """The calls of the function that is imported as `name`, one for each case in which it gets
    other arguments; once the settings are evaluated. `files` are modules, relative to the root, that
    production starts beside them."""
    interpreter.deadline = interpreter.space.deadline = time.process_time() + SECONDS
    interpreter.steps = interpreter.made = interpreter.space.steps = 0
    _import_late(interpreter, name.partition(".")[0])
    for file in files:
        _start(interpreter, os.path.join(interpreter.root, file))
    known = interpreter.state.get("calls", {}).get(name, ())
    found: list[Call] = []
    for arguments, keywords, condition, place in known:
        chain = (place,) if place is not None else ()
        interpreter.pc = condition
        try:
            for when, values in freeze(interpreter, (*arguments, *keywords.values())):
                assert isinstance(values, tuple)
                given = values[: len(arguments)]
                named = dict(zip(keywords, values[len(arguments) :], strict=True))
                found.append(Call(given, named, when & condition, chain))
        except (Stopped, Dead, TooComplex, RecursionError, MemoryError) as end:
            unread = Unknown(f"the arguments of {name}() could not be read {end}")
            found.append(Call((), {"**": unread}, condition, chain))
    interpreter.space.deadline, interpreter.space.steps = NEVER, 0
    return found


def _import_late(interpreter: Interpreter, library: str) -> None:
    """Run what the packages around the settings import, where it speaks of a library: Python has
    done so before the settings ran, though nothing in them uses it (`from .celery import app`)."""
    parts = interpreter.judged.split(".")
    packages = [interpreter.modules.get(".".join(parts[:end])) for end in range(1, len(parts))]
    scopes = [each.scope for each in packages if isinstance(each, Module)]
    bound = [each.value for scope in scopes for one in scope.names.values() for each in one]
    for lazy in bound:
        if not isinstance(lazy, Lazy) or lazy.deferred is not None:
            continue
        file, _ = find_source(interpreter, lazy.module)
        try:
            text = b"" if file is None else read_bytes(interpreter, file)
            if isinstance(text, bytes) and library.encode() in text:
                _resolve(interpreter, lazy)
        except ENDS:
            pass


def _start(interpreter: Interpreter, path: str) -> None:
    """Run a module of the project by its file."""
    for root in interpreter.import_roots:
        if path.startswith(os.path.join(root, "")):
            module = os.path.relpath(path, root).removesuffix(".py").replace(os.sep, ".")
            if find_source(interpreter, module)[0] == path:
                _resolve(interpreter, Lazy(module, None))
                return


def _resolve(interpreter: Interpreter, lazy: Lazy) -> None:
    interpreter.pc = interpreter.space.true
    try:
        interpreter.resolve(lazy)
    except ENDS:
        pass
