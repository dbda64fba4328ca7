"""What the program hands to something that is not modelled.

A function of the project that a library gets may be called there: now or later, once, often or
never, with arguments that nobody knows. So it is run at once, in the cases in which it is called,
as a loop of unknown length would run it; and again wherever it may be called later. What it
writes (names, containers, variables) then holds in these cases only. The methods of an object or
a class that is handed over are such functions, too.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator
from functools import partial

from hardango.settings import limits
from hardango.settings.bounded import bounded
from hardango.settings.interpreter import Interpreter
from hardango.settings.likeness import SCALARS
from hardango.settings.outcomes import Unknown
from hardango.settings.values import (
    MISSING,
    Bound,
    Box,
    Class,
    Dead,
    Descriptor,
    Function,
    Instance,
    Module,
    Native,
    Raised,
    Scope,
    Thing,
    Union,
    Value,
)

Callback = tuple[Function, Value]
"""A function of the project, and the object that it is bound to, MISSING if none."""


def hand_over(interpreter: Interpreter, to: str, values: Iterable[Value]) -> None:
    """`to` gets `values` and may call what is a function among them or inside them, or one that
    was handed over before and writes something."""
    if len(_running(interpreter)) >= limits.HANDED_DEPTH:
        return
    for earlier, callback in list(_known(interpreter)):
        _may_be_called(interpreter, earlier, callback, remember=False)
    for callback in _callbacks(interpreter, to, values):
        _may_be_called(interpreter, to, callback, remember=True)


def _known(interpreter: Interpreter) -> list[tuple[str, Callback]]:
    """The functions that libraries have got before and that write something."""
    return interpreter.state.setdefault("callbacks", [])  # type: ignore[no-any-return]


def _running(interpreter: Interpreter) -> list[Function]:
    """The functions that run now because a library may call them."""
    return interpreter.state.setdefault("callbacks that run", [])  # type: ignore[no-any-return]


def _callbacks(interpreter: Interpreter, to: str, values: Iterable[Value]) -> Iterator[Callback]:
    todo = list(values)
    seen: set[int] = set()
    while todo and len(seen) < limits.HANDED:
        each = todo.pop(0)
        if type(each) in SCALARS or isinstance(each, Unknown) or id(each) in seen:
            continue
        seen.add(id(each))
        if isinstance(each, Function):
            yield each, MISSING
        elif isinstance(each, Bound) and isinstance(each.function, Function):
            yield each.function, each.receiver
        elif isinstance(each, Bound):
            todo.append(each.receiver)
        elif isinstance(each, Native):
            _may_write(interpreter, to, each)
        elif isinstance(each, Descriptor):
            todo.append(each.function)
        elif isinstance(each, Instance):
            yield from _methods(each.cls, each)
        elif isinstance(each, Class):
            yield from _methods(each, MISSING)
        elif isinstance(each, Union):
            todo += [one for _, one in each.alternatives]
        elif isinstance(each, tuple):
            todo += each
        elif isinstance(each, Box):
            for _, content in each.variants:
                todo += content.values() if isinstance(content, dict) else content
        elif isinstance(each, Thing) and "func" in each.attributes:  # functools.partial
            todo.append(each.attributes["func"])


def _may_write(interpreter: Interpreter, to: str, method: Native) -> None:
    """A method of `globals()` or of a module is handed over: any name may be bound."""
    from hardango.settings.objects import havoc_scope

    owner = method.run.args[0] if isinstance(method.run, partial) and method.run.args else None
    owner = getattr(owner, "state", owner) if isinstance(owner, Thing) else owner
    scope = owner.scope if isinstance(owner, Module) else owner
    if isinstance(scope, Scope) and method.name not in READING:
        havoc_scope(interpreter, scope, f"{to} may set it{interpreter.here()}")


READING = frozenset("get items keys values copy __getitem__ __contains__".split())


def _methods(cls: Class, receiver: Value) -> Iterator[Callback]:
    for each in cls.mro:
        if not isinstance(each, Class):
            continue
        for alternatives in list(each.scope.names.values()):
            for found in alternatives:
                function = found.value
                while isinstance(function, Descriptor):
                    function = function.function
                if isinstance(function, Function):
                    unknown = Unknown(f"an object of {cls.name}")
                    yield function, unknown if receiver is MISSING else receiver


def _may_be_called(
    interpreter: Interpreter, to: str, callback: Callback, *, remember: bool
) -> None:
    function, receiver = callback
    if function in _running(interpreter) or not _does_something(function):
        return
    when = interpreter.space.fact(
        f"{to} calls {function.name}()", f"{to} does not call {function.name}()"
    )
    base, repeating, notes = interpreter.pc, interpreter.repeating, len(interpreter.notes)
    journal, interpreter.journal = interpreter.journal, []
    arguments, keywords = _arguments(function, receiver, to)
    _running(interpreter).append(function)
    interpreter.sinks.append([])
    interpreter.pc = base & when
    interpreter.repeating = repeating or Unknown(f"the calls of {function.name}()", several=True)
    try:
        if interpreter.pc.possible:
            bounded(
                interpreter,
                lambda: interpreter.call(function, arguments, keywords),
                f"{function.name}(), which {to} may call,",
                lambda why: None,
            )
    except (Raised, Dead):
        pass  # whether it fails there is not known either
    finally:
        interpreter.sinks.pop()
        _running(interpreter).pop()
        interpreter.pc, interpreter.repeating = base, repeating
        written, interpreter.journal = interpreter.journal, journal
        if journal is not None:
            journal += written
        if not written:
            del interpreter.notes[notes:]
    if written and remember and (to, callback) not in _known(interpreter):
        _known(interpreter).append((to, callback))


def _does_something(function: Function) -> bool:
    """Whether a function could have an effect beyond its result: it calls something, or binds
    more than its own names."""
    for node in ast.walk(function.node):
        if isinstance(node, (ast.Call, ast.Global, ast.Nonlocal, ast.Delete, ast.With, ast.Import)):
            return True
        if isinstance(node, (ast.Attribute, ast.Subscript, ast.ImportFrom, ast.AugAssign)):
            return True
    return False


def _arguments(
    function: Function, receiver: Value, to: str
) -> tuple[list[Value], dict[str, Value]]:
    """Arguments that nobody knows; a default that could be changed is taken for given."""
    spec = function.node.args
    names = [each.arg for each in (*spec.posonlyargs, *spec.args)]
    defaults = function.defaults
    given: list[Value] = [] if receiver is MISSING or not names else [receiver]
    open_end = len(names) - len(defaults)
    for index, name in enumerate(names[len(given) :], len(given)):
        default = defaults[index - open_end] if index >= open_end else None
        known = default is not None and type(default) not in SCALARS
        given.append(default if known else Unknown(f"the argument {name} that {to} gives"))
    if spec.vararg:
        given.append(Unknown(f"the arguments that {to} gives", several=True))
    keywords: dict[str, Value] = {
        each.arg: Unknown(f"the argument {each.arg} that {to} gives") for each in spec.kwonlyargs
    }
    if spec.kwarg:
        keywords["**"] = Unknown(f"the arguments that {to} gives")
    return given, keywords
