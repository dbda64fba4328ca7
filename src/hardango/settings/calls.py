"""What settings hand to a function of a library: `sentry_sdk.init(dsn, send_default_pii=True)`."""

from __future__ import annotations

import time

from hardango.settings import limits
from hardango.settings.conditions import NEVER, TooComplex
from hardango.settings.export_values import freeze
from hardango.settings.interpreter import Interpreter
from hardango.settings.outcomes import Call, Unknown
from hardango.settings.values import Dead, Stopped, Value

SECONDS = 1.0
"""Processor time for what one function was given."""


def remember(
    interpreter: Interpreter, name: str, arguments: list[Value], keywords: dict[str, Value]
) -> None:
    """Keep what a function that nothing models is given here."""
    known = interpreter.state.setdefault("calls", {}).setdefault(name, [])
    if len(known) < limits.CALLS:
        known.append((arguments, keywords, interpreter.pc, interpreter.place))


def calls_of(interpreter: Interpreter, name: str) -> list[Call]:
    """The calls of the function that is imported as `name`, one for each case in which it gets
    other arguments; once the settings are evaluated."""
    known = interpreter.state.get("calls", {}).get(name, ())
    if not known:
        return []
    interpreter.deadline = interpreter.space.deadline = time.process_time() + SECONDS
    interpreter.steps = interpreter.made = interpreter.space.steps = 0
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
