"""The patterns of `match` statements: the condition under which a value fits one."""

from __future__ import annotations

import ast

from hardango.light import Any
from hardango.settings import operations
from hardango.settings.conditions import Condition
from hardango.settings.expressions import evaluate
from hardango.settings.interpreter import Interpreter
from hardango.settings.objects import class_of, is_subclass, try_attribute
from hardango.settings.outcomes import Unknown
from hardango.settings.values import MISSING, Box, Frame, Thing, Union, Value

Captures = list[tuple[Condition, str, Value]]
"""What a pattern binds: in which cases, which name, to what."""

SELF_MATCHING = (bool, bytearray, bytes, dict, float, frozenset, int, list, set, str, tuple)
"""The types whose one positional pattern is about the value itself."""


def matches(interpreter: Interpreter, pattern: Any, value: Value, frame: Frame) -> Condition:
    """The condition under which `value` fits `pattern`; binds the names that it captures there."""
    from hardango.settings.statements import bind_name

    captures: Captures = []
    base = interpreter.pc
    found = _fits(interpreter, pattern, value, frame, captures)
    for condition, name, captured in captures:
        interpreter.pc = base & found & condition
        if interpreter.pc.possible:
            bind_name(interpreter, frame, name, interpreter.resolve(captured))
    interpreter.pc = base
    return found


def _fits(
    interpreter: Interpreter, pattern: Any, value: Value, frame: Frame, captures: Captures
) -> Condition:
    """The condition for one pattern, in the current cases; says nothing of the other cases."""
    value = interpreter.resolve(value)
    base, found = interpreter.pc, interpreter.space.false
    if isinstance(pattern, ast.MatchOr):
        for each in pattern.patterns:
            interpreter.pc = base & ~found
            if not interpreter.pc.possible:
                break
            found = found | (interpreter.pc & _fits(interpreter, each, value, frame, captures))
    elif isinstance(pattern, ast.MatchAs):
        found = interpreter.space.true
        if pattern.pattern is not None:
            found = _fits(interpreter, pattern.pattern, value, frame, captures)
        if pattern.name is not None:
            captures.append((base & found, pattern.name, value))
    else:
        for condition, one in _cases(interpreter, value):
            interpreter.pc = base & condition
            if interpreter.pc.possible:
                found = found | (condition & _fits_one(interpreter, pattern, one, frame, captures))
    interpreter.pc = base
    return found


def _cases(interpreter: Interpreter, value: Value) -> list[tuple[Condition, Value]]:
    if type(value) is Union:
        return [
            case
            for condition, alternative in value.alternatives
            for case in _cases_under(condition, alternative)
        ]
    return _cases_under(interpreter.space.true, value)


def _cases_under(condition: Condition, value: Value) -> list[tuple[Condition, Value]]:
    if isinstance(value, Box) and len(value.variants) > 1:
        return [(condition & inner, value) for inner, _ in value.variants]
    return [(condition, value)]


def _fits_one(
    interpreter: Interpreter, pattern: Any, value: Value, frame: Frame, captures: Captures
) -> Condition:
    if isinstance(pattern, ast.MatchValue):
        wanted = evaluate(interpreter, pattern.value, frame)
        return interpreter.truth(operations.compare(interpreter, ast.Eq, value, wanted))
    if isinstance(pattern, ast.MatchSingleton):
        return interpreter.truth(operations.compare(interpreter, ast.Is, value, pattern.value))
    if isinstance(pattern, ast.MatchSequence):
        return _sequence(interpreter, pattern, value, frame, captures)
    if isinstance(pattern, ast.MatchMapping):
        return _mapping(interpreter, pattern, value, frame, captures)
    return _class(interpreter, pattern, value, frame, captures)


def _perhaps(interpreter: Interpreter, pattern: Any, value: Value, captures: Captures) -> Condition:
    """The condition of a match that is not known, and nor is then what it captures."""
    subject = value.subject if isinstance(value, Unknown) else "a value"
    line = f" the pattern at {interpreter.place.file}:{pattern.lineno}" if interpreter.place else ""
    for node in ast.walk(pattern):
        name = getattr(node, "name", None) or getattr(node, "rest", None)
        if name is not None:
            part = interpreter.unknown(
                f"a part of {subject}", value, subject=f"{name} of {subject}"
            )
            captures.append((interpreter.pc, name, part))
    return interpreter.space.fact(
        f"{subject} matches{line}:{pattern.col_offset}",
        f"{subject} does not match{line}:{pattern.col_offset}",
    )


def _sequence(
    interpreter: Interpreter, pattern: Any, value: Value, frame: Frame, captures: Captures
) -> Condition:
    if isinstance(value, (Unknown, Thing)):
        known_otherwise = isinstance(value, Unknown) and value.type in ("str", "int", "bool")
        return (
            interpreter.space.false
            if known_otherwise
            else _perhaps(interpreter, pattern, value, captures)
        )
    if not (isinstance(value, tuple) or (isinstance(value, Box) and value.kind is list)):
        return interpreter.space.false
    items = list(operations.items_of(interpreter, value))
    if any(isinstance(item, Unknown) and item.several for item in items):
        return _perhaps(interpreter, pattern, value, captures)
    wanted = list(pattern.patterns)
    star = next(
        (index for index, each in enumerate(wanted) if isinstance(each, ast.MatchStar)), None
    )
    if len(items) != len(wanted) and (star is None or len(items) < len(wanted) - 1):
        return interpreter.space.false
    if star is not None:
        end = len(items) - (len(wanted) - star - 1)
        if wanted[star].name is not None:
            rest = interpreter.box(items[star:end])
            captures.append((interpreter.pc, wanted[star].name, rest))
        items[star:end] = []
        del wanted[star]
    return _all_fit(interpreter, zip(wanted, items), frame, captures)


def _all_fit(interpreter: Interpreter, pairs: Any, frame: Frame, captures: Captures) -> Condition:
    base, found = interpreter.pc, interpreter.space.true
    for pattern, item in pairs:
        found = found & _fits(interpreter, pattern, item, frame, captures)
        interpreter.pc = base & found
        if not interpreter.pc.possible:
            found = interpreter.space.false
            break
    interpreter.pc = base
    return found


def _mapping(
    interpreter: Interpreter, pattern: Any, value: Value, frame: Frame, captures: Captures
) -> Condition:
    from hardango.settings.methods import copy_box, read_key

    if isinstance(value, (Unknown, Thing)):
        return _perhaps(interpreter, pattern, value, captures)
    if not (isinstance(value, Box) and value.kind is dict):
        return interpreter.space.false
    pairs = []
    for key, each in zip(pattern.keys, pattern.patterns):
        item = read_key(interpreter, value, evaluate(interpreter, key, frame), MISSING)
        if item is MISSING:
            return interpreter.space.false
        if type(item) is Union:
            return _perhaps(interpreter, pattern, value, captures)
        pairs.append((each, item))
    found = _all_fit(interpreter, pairs, frame, captures)
    if pattern.rest is not None:
        rest = copy_box(interpreter, value)
        for key in pattern.keys:
            operations.delete_item(interpreter, rest, evaluate(interpreter, key, frame))
        captures.append((interpreter.pc & found, pattern.rest, rest))
    return found


def _class(
    interpreter: Interpreter, pattern: Any, value: Value, frame: Frame, captures: Captures
) -> Condition:
    """`str()`, `int(number)`, `Point(x=0)`; positional patterns of other classes are not known."""
    cls = evaluate(interpreter, pattern.cls, frame)
    kind = is_subclass(class_of(value), cls)
    if kind is False:
        return interpreter.space.false
    if kind is None or (pattern.patterns and cls not in SELF_MATCHING):
        return _perhaps(interpreter, pattern, value, captures)
    pairs = [(each, value) for each in pattern.patterns]
    for name, each in zip(pattern.kwd_attrs, pattern.kwd_patterns):
        item = try_attribute(interpreter, value, name)
        if item is MISSING:
            return interpreter.space.false
        pairs.append((each, item))
    return _all_fit(interpreter, pairs, frame, captures)
