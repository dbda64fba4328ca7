"""What the program hands to something that is not modelled.

A function of the project that a library gets may be called there: now or later, once, often or
never, with arguments that nobody knows. So it is run at once, in the cases in which it is called,
as a loop of unknown length would run it; and what it binds then, it may bind again later. What it
writes (names, containers, variables) holds in these cases only. The methods of an object or
a class that is handed over are such functions, too.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from hardango.settings import limits
from hardango.settings.bounded import bounded, havoc
from hardango.settings.conditions import Condition
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
    Stopped,
    Thing,
    Union,
    Value,
)

Callback = tuple[Function, Value]
"""A function of the project, and the object that it is bound to, MISSING if none."""


class Handed:
    """A function that a library has got: the fact that it is called, the cases in which it was
    handed over, and what it binds: (scope, name, condition, value). `receiver` is what it is bound to."""

    __slots__ = ("receiver", "when", "cases", "binds")

    def __init__(self, receiver: Value, when: Condition, cases: Condition) -> None:
        self.receiver, self.when, self.cases = receiver, when, cases
        self.binds: list[tuple[Scope, str, Condition, Value]] = []


def hand_over(interpreter: Interpreter, to: str, values: Iterable[Value]) -> None:
    """`to` gets `values` and may call what is a function among them or inside them, or one that
    was handed over before and writes something."""
    if "views" in interpreter.state:
        return  # the settings stand by then, and a library that gets a view does not call it
    if len(_running(interpreter)) >= limits.HANDED_DEPTH:
        return
    for handed in list(_known(interpreter).values()):
        _call_again(interpreter, handed)
    for callback in _callbacks(interpreter, to, values):
        _may_be_called(interpreter, to, callback)


def _known(interpreter: Interpreter) -> dict[tuple[Function, int], Handed]:
    """The functions that libraries have got, each with the identity of its receiver."""
    return interpreter.state.setdefault("callbacks", {})  # type: ignore[no-any-return]


def _call_again(interpreter: Interpreter, handed: Handed) -> None:
    """What a function has bound before, it may bind again."""
    for scope, name, condition, value in handed.binds:
        inside = interpreter.pc & condition
        if inside.possible and any(each.value is not value for each in scope.bound(name, inside)):
            scope.bind(name, value, inside)


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


def _may_be_called(interpreter: Interpreter, to: str, callback: Callback) -> None:
    function, receiver = callback
    from hardango.settings.effects import may_write

    running = _running(interpreter)
    if function in running or not may_write(function, isinstance(receiver, Instance)):
        return
    key = function, id(receiver) if isinstance(receiver, Instance) else 0
    handed = _known(interpreter).get(key)
    if handed is None:
        when = interpreter.space.fact(
            f"{to} calls {function.name}()", f"{to} does not call {function.name}()"
        )
        handed = _known(interpreter)[key] = Handed(receiver, when, interpreter.space.false)
    if interpreter.pc.implies(handed.cases):
        return
    handed.cases = handed.cases | interpreter.pc
    running.append(function)
    try:
        written = _run(interpreter, to, callback, interpreter.pc & handed.when)
    finally:
        running.pop()
    inside = interpreter.pc & handed.when
    for each in written:
        if isinstance(each, tuple):
            scope, name = each
            handed.binds += [
                (scope, name, found.condition & inside, found.value)
                for found in scope.bound(name, inside)
            ]


def _run(interpreter: Interpreter, to: str, callback: Callback, inside: Condition) -> list[Value]:
    """Run a function in the cases of `inside`, any number of times; what it has written that was
    there before."""
    function, receiver = callback
    what = f"{function.name}(), which {to} may call,"
    arguments, keywords = _arguments(function, receiver, to)
    base, repeating, notes = interpreter.pc, interpreter.repeating, len(interpreter.notes)
    journal, interpreter.journal = interpreter.journal, []
    interpreter.sinks.append([])
    interpreter.pc = inside
    interpreter.repeating = repeating or Unknown(f"the calls of {function.name}()", several=True)

    def run() -> Value:
        return interpreter.call(function, arguments, keywords)

    try:
        if inside.possible:
            bounded(interpreter, run, what, lambda why: None)
    except (Raised, Dead):
        pass  # whether it fails there is not known either
    except Stopped:
        interpreter.pc = inside
        for each in interpreter.journal:
            havoc(interpreter, each, f"{what} does not end")
    finally:
        interpreter.sinks.pop()
        interpreter.pc, interpreter.repeating = base, repeating
        written, interpreter.journal = interpreter.journal, journal
        if journal is not None:
            journal += written
    written = [each for each in written if not isinstance(each, Box) or _is_older(each, inside)]
    if not written:
        del interpreter.notes[notes:]
    return written


def _is_older(box: Box, inside: Condition) -> bool:
    """Whether a container was made before the cases in which a function is called began."""
    return not box.born.implies(inside)


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
