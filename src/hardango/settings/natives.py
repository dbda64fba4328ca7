"""Functions that models of libraries are made of."""

from __future__ import annotations

from collections.abc import Callable

from hardango.light import Any
from hardango.settings.callbacks import hand_over
from hardango.settings.conditions import Condition
from hardango.settings.interpreter import Interpreter
from hardango.settings.values import Native, Value

Arguments = list[Value]
Keywords = dict[str, Value]


def pure(name: str, native: Callable[..., Any], type: str | None = None) -> Native:
    """A function that only computes."""
    return Native(
        name,
        lambda interpreter, arguments, keywords: interpreter.pure(
            name, native, arguments, keywords, type=type
        ),
    )


def constant(name: str, value: Value) -> Native:
    """A function that gives the same value whatever it is called with."""

    def run(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        hand_over(interpreter, name, (*arguments, *keywords.values()))
        return value

    return Native(name, run)


def as_bool(interpreter: Interpreter, condition: Condition) -> Value:
    """True where the condition holds, False elsewhere."""
    return interpreter.resolve(interpreter.merge([(condition, True), (~condition, False)]))
