"""The patterns of `match` statements: the condition under which a value fits one."""

from __future__ import annotations

import ast
from typing import Any

from hardango.settings import operations
from hardango.settings.conditions import Condition
from hardango.settings.expressions import evaluate
from hardango.settings.interpreter import Frame, Interpreter
from hardango.settings.outcomes import Unknown
from hardango.settings.values import MISSING, Box, Value


def matches(interpreter: Interpreter, pattern: Any, value: Value, frame: Frame) -> Condition:
    """The condition under which `value` fits `pattern`; binds the names that it captures."""
    from hardango.settings.statements import bind_name

    space = interpreter.space
    if isinstance(pattern, ast.MatchValue):
        wanted = evaluate(interpreter, pattern.value, frame)
        return interpreter.truth(operations.compare(interpreter, ast.Eq, value, wanted))
    if isinstance(pattern, ast.MatchSingleton):
        return interpreter.truth(operations.compare(interpreter, ast.Is, value, pattern.value))
    if isinstance(pattern, ast.MatchOr):
        found = space.false
        for each in pattern.patterns:
            found = found | matches(interpreter, each, value, frame)
        return found
    if isinstance(pattern, ast.MatchAs):
        found = (
            space.true
            if pattern.pattern is None
            else matches(interpreter, pattern.pattern, value, frame)
        )
        if pattern.name is not None:
            bind_name(interpreter, frame, pattern.name, value)
        return found
    if isinstance(pattern, ast.MatchSequence):
        return _sequence(interpreter, pattern, value, frame)
    if isinstance(pattern, ast.MatchMapping):
        return _mapping(interpreter, pattern, value, frame)
    if isinstance(pattern, ast.MatchClass) and not pattern.patterns and not pattern.kwd_patterns:
        check = interpreter.call(
            evaluate(interpreter, ast.Name("isinstance", ast.Load()), frame),
            [value, evaluate(interpreter, pattern.cls, frame)],
            {},
        )
        return interpreter.truth(check)
    return space.fact(
        f"a pattern matches{interpreter.here()}", f"a pattern does not match{interpreter.here()}"
    )


def _sequence(interpreter: Interpreter, pattern: Any, value: Value, frame: Frame) -> Condition:
    value = interpreter.resolve(value)
    space = interpreter.space
    if isinstance(value, Unknown):
        return space.fact(
            f"{value.subject} matches{interpreter.here()}",
            f"{value.subject} does not match{interpreter.here()}",
        )
    if not (isinstance(value, tuple) or (isinstance(value, Box) and value.kind is list)):
        return space.false
    items = list(operations.items_of(interpreter, value))
    if any(isinstance(each, ast.MatchStar) for each in pattern.patterns) or any(
        isinstance(item, Unknown) and item.several for item in items
    ):
        return space.fact(
            f"a pattern matches{interpreter.here()}",
            f"a pattern does not match{interpreter.here()}",
        )
    if len(items) != len(pattern.patterns):
        return space.false
    found = space.true
    for each, item in zip(pattern.patterns, items):
        found = found & matches(interpreter, each, item, frame)
    return found


def _mapping(interpreter: Interpreter, pattern: Any, value: Value, frame: Frame) -> Condition:
    from hardango.settings.methods import read_key

    value = interpreter.resolve(value)
    space = interpreter.space
    if not (isinstance(value, Box) and value.kind is dict):
        return (
            space.false
            if not isinstance(value, Unknown)
            else space.fact(
                f"{value.subject} matches{interpreter.here()}",
                f"{value.subject} does not match{interpreter.here()}",
            )
        )
    found = space.true
    for key, each in zip(pattern.keys, pattern.patterns):
        item = read_key(interpreter, value, evaluate(interpreter, key, frame), MISSING)
        if item is MISSING:
            return space.false
        found = found & matches(interpreter, each, item, frame)
    return found
