"""Turns the values of an evaluation into plain data: the values of the outcomes."""

from __future__ import annotations

from hardango import syntax as ast
from hardango.light import Any
from hardango.settings.conditions import Condition
from hardango.settings.interpreter import Interpreter
from hardango.settings.likeness import SCALARS
from hardango.settings.outcomes import Unknown
from hardango.settings.paths import PurePosixPath
from hardango.settings.values import (
    MISSING,
    Box,
    Class,
    Failure,
    Function,
    Instance,
    Lazy,
    Module,
    Thing,
    Union,
    Value,
)

MAX_OUTCOMES = 16
"""Beyond so many combinations of what a container holds, its varying parts become unknown."""

MAX_DEPTH = 30
MAX_BITS = 10_000
"""Python writes no longer number in decimal."""


def freeze(interpreter: Interpreter, value: Value) -> list[tuple[Condition, object]]:
    """`value` as plain data, for each case that is possible here."""
    if isinstance(value, Lazy):
        value = interpreter.resolve(value)
    varying = _varying(interpreter, value)
    if varying is None:
        return [(interpreter.space.true, _plain(interpreter, value, 0))]
    cases = _cases(interpreter, value)
    if cases is None:
        return [(interpreter.space.true, _plain(interpreter, value, 0))]
    return cases


def _cases(interpreter: Interpreter, value: Value) -> list[tuple[Condition, object]] | None:
    """One frozen value for each combination of what varies in it; None if these are too many."""
    base = interpreter.pc
    todo = [base]
    done: list[tuple[Condition, object]] = []
    while todo:
        interpreter.pc = todo.pop()
        varying = _varying(interpreter, value)
        if varying is None:
            done.append((interpreter.pc, _plain(interpreter, value, 0)))
        else:
            todo += [interpreter.pc & each for each in varying if interpreter.pc.meets(each)]
        if len(done) + len(todo) > MAX_OUTCOMES:
            top = _top_level(interpreter, value, base)
            interpreter.pc = base
            return top
    interpreter.pc = base
    return done


def _top_level(
    interpreter: Interpreter, value: Value, base: Condition
) -> list[tuple[Condition, object]] | None:
    """The cases of the value itself only; what varies inside each becomes an unknown part."""
    if not isinstance(value, Union):
        return None
    found = []
    for condition, alternative in value.alternatives:
        interpreter.pc = base & condition
        if interpreter.pc.possible:
            found.append((interpreter.pc, _plain(interpreter, alternative, 0)))
    return found


def _varying(interpreter: Interpreter, value: Value, depth: int = 0) -> list[Condition] | None:
    """The conditions of the first part of `value` that differs between the cases; None if none."""
    interpreter.tick()
    if depth > MAX_DEPTH:
        return None
    if isinstance(value, Union):
        live = [
            (condition, each)
            for condition, each in value.alternatives
            if condition.meets(interpreter.pc)
        ]
        if len(live) > 1:
            return [condition for condition, _ in live]
        return _varying(interpreter, live[0][1], depth + 1) if live else None
    if isinstance(value, Box):
        variants = [
            (condition, content)
            for condition, content in value.variants
            if condition.meets(interpreter.pc)
        ]
        if len(variants) > 1:
            return [condition for condition, _ in variants]
        parts = list(_parts(variants[0][1])) if variants else []
    elif isinstance(value, tuple):
        parts = list(value)
    else:
        return None
    for part in parts:
        if isinstance(part, (Union, Box, tuple)):
            found = _varying(interpreter, part, depth + 1)
            if found is not None:
                return found
    return None


def _parts(content: Any) -> Any:
    return content.values() if isinstance(content, dict) else content


def _plain(interpreter: Interpreter, value: Value, depth: int) -> Any:
    """`value` as plain data here; a part that still varies becomes an unknown."""
    interpreter.tick()
    if depth > MAX_DEPTH:
        return Unknown("nested too deeply")
    kind = type(value)
    if kind is int and value.bit_length() > MAX_BITS:
        return Unknown(f"a number of {value.bit_length()} bits", "int")
    if kind in SCALARS:
        return value
    if kind is Unknown:
        return interpreter.refine(value)
    if kind is Lazy:
        return _plain(interpreter, interpreter.resolve(value), depth + 1)
    if kind is Union:
        return _union(interpreter, value, depth)
    if kind is Box:
        live = [content for condition, content in value.variants if condition.meets(interpreter.pc)]
        if not live:
            return Unknown("nothing is known of it")
        if value.type_name == "iterator":
            return Unknown("an iterator")
        content = (
            live[0]
            if len(live) == 1
            else interpreter._join(
                [each for each in value.variants if each[0].meets(interpreter.pc)]
            )[0][1]
        )
        return _content(interpreter, content, depth)
    if kind is tuple:
        return tuple(_plain(interpreter, each, depth + 1) for each in value)
    if kind is Instance:
        if value.payload is not MISSING:
            return _plain(interpreter, value.payload, depth + 1)
        return Unknown(f"an object of the class {value.cls.name}")
    if kind is Thing:
        if value.export is not MISSING:
            return _plain(interpreter, value.export, depth + 1)
        return Unknown(value.name)
    if kind is Function:
        return Unknown(f"the object {value.name}{answer_of(value.node)}")
    if kind in (Class, Module, Failure) or isinstance(value, type):
        return Unknown(f"the object {getattr(value, 'name', getattr(value, '__name__', value))}")
    if kind is PurePosixPath:
        return str(value)
    if kind.__module__.startswith("hardango") and not isinstance(value, int):
        return Unknown("an object")
    return value


def answer_of(node: ast.AST) -> str:
    """What a function that only decides answers, as the end of its name: always the same, or
    nothing but where DEBUG is on; "" if that is not plain."""
    value: ast.AST | None = node
    if isinstance(node, ast.Lambda):
        value = node.body
    elif isinstance(node, ast.FunctionDef):
        last = node.body[-1]
        said = len(node.body) == 2 and isinstance(node.body[0], ast.Expr)
        alone = isinstance(last, ast.Return) and (len(node.body) == 1 or said)
        value = last.value if isinstance(last, ast.Return) and alone else None
    if isinstance(value, ast.BoolOp) and isinstance(value.op, ast.And):
        value = next((each for each in value.values if _asks_for_debug(each)), value)
    if isinstance(value, ast.Constant) and isinstance(value.value, bool):
        return f", which returns {value.value}"
    return ", which asks for DEBUG" if _asks_for_debug(value) else ""


def _asks_for_debug(node: ast.AST | None) -> bool:
    name = node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")
    return name == "DEBUG"


def _content(interpreter: Interpreter, content: Any, depth: int) -> Any:
    if isinstance(content, dict):
        return {
            _key(interpreter, key, depth): _plain(interpreter, item, depth + 1)
            for key, item in content.items()
        }
    if isinstance(content, list):
        return [_plain(interpreter, item, depth + 1) for item in content]
    items = [_plain(interpreter, item, depth + 1) for item in content]
    try:
        return set(items)
    except TypeError:
        return items


def _key(interpreter: Interpreter, key: Value, depth: int) -> Any:
    if isinstance(key, Unknown) or type(key) in SCALARS:
        return key
    if isinstance(key, tuple):
        plain = _plain(interpreter, key, depth + 1)
        return plain if _hashable(plain) else str(plain)
    return str(key)


def _hashable(value: Any) -> bool:
    try:
        hash(value)
    except TypeError:
        return False
    return True


def _union(interpreter: Interpreter, value: Union, depth: int) -> Any:
    live = [
        (condition, each)
        for condition, each in value.alternatives
        if condition.meets(interpreter.pc)
    ]
    if len(live) == 1:
        return _plain(interpreter, live[0][1], depth + 1)
    choices = [_plain(interpreter, each, depth + 1) for _, each in live]
    known = [each for each in choices if not isinstance(each, Unknown)]
    types = {each.type if isinstance(each, Unknown) else type(each).__name__ for each in choices}
    variables: dict[str, None] = {}
    for condition, each in live:
        # In the order in which they were met, so that two runs say the same.
        atoms = sorted(condition.atoms(), key=lambda atom: atom.order)
        variables.update({atom.about: None for atom in atoms if atom.about})
        if isinstance(each, Unknown):
            variables.update(dict.fromkeys(each.variables))
    return Unknown(
        f"depends on {', '.join(variables) or 'conditions'}",
        types.pop() if len(types) == 1 else None,
        tuple(variables),
        choices=tuple(known) if len(known) == len(choices) else (),
    )
