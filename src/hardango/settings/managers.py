"""`with`: what a context manager does around a body, and which exceptions it swallows."""

from __future__ import annotations

from collections.abc import Callable

from hardango.light import Any
from hardango.settings.conditions import Condition
from hardango.settings.interpreter import Interpreter
from hardango.settings.objects import failure_matches
from hardango.settings.outcomes import Unknown
from hardango.settings.values import ANYWHERE, Dead, Failure, Frame, Instance, Thing, Union, Value


def run_with(interpreter: Interpreter, node: Any, frame: Frame) -> None:
    _with_items(interpreter, node, frame, 0)


def _with_items(interpreter: Interpreter, node: Any, frame: Frame, index: int) -> None:
    """The context managers from `index` on, each around the ones that follow, and the body."""
    from hardango.settings.expressions import evaluate
    from hardango.settings.statements import assign, execute_all, place_of

    if index == len(node.items):
        execute_all(interpreter, node.body, frame)
        return
    item = node.items[index]

    def body(entered: Value) -> None:
        interpreter.place = place_of(interpreter, node, frame)
        if item.optional_vars is not None:
            assign(interpreter, item.optional_vars, entered, frame)
        _with_items(interpreter, node, frame, index + 1)

    manager = evaluate(interpreter, item.context_expr, frame)
    if isinstance(manager, Thing) and manager.around is not None:
        manager.around(interpreter, body)
    elif _lets_pass(manager):
        body(interpreter.each(manager, _entered))
    else:
        _with_exit(interpreter, manager, body)


def _lets_pass(manager: Value) -> bool:
    """Whether a manager is known to swallow nothing, and does nothing else when it is left."""
    if isinstance(manager, Union):
        return all(_lets_pass(each) for _, each in manager.alternatives)
    if isinstance(manager, Thing):
        return not manager.suppresses and manager.around is None
    return not isinstance(manager, (Instance, Unknown))


def _entered(manager: Value) -> Value:
    return manager.enter if isinstance(manager, Thing) and manager.enter is not None else manager


def _with_exit(interpreter: Interpreter, manager: Value, body: Callable[[Value], None]) -> None:
    """A manager that may swallow exceptions: what is raised in the body comes by it."""
    from hardango.settings.statements import guarded

    entered = manager
    if isinstance(manager, Instance):
        entered = interpreter.call(interpreter.get(manager, "__enter__"), [], {})
    suppressed = manager.suppresses if isinstance(manager, Thing) else ()
    catches = any(isinstance(each, type) and issubclass(ImportError, each) for each in suppressed)
    began = interpreter.pc
    interpreter.catching_import += catches
    sink: list[tuple[Condition, Failure]] = []
    interpreter.sinks.append(sink)
    try:
        ended = guarded(interpreter, lambda: body(entered))
    finally:
        interpreter.sinks.pop()
        interpreter.catching_import -= catches
    raised = interpreter.space.false
    for condition, _ in sink:
        raised = raised | condition
    if isinstance(manager, Instance):
        # However else the body is left, `__exit__` is called.
        interpreter.pc = began & ~raised
        _call_exit(interpreter, manager, [None, None, None])
        ended = ended & interpreter.pc
    for condition, failure in sink:
        interpreter.pc = condition
        swallowed = _swallows(interpreter, manager, failure)
        ended = ended | (interpreter.pc & swallowed)
        if (interpreter.pc & ~swallowed).possible:
            interpreter.sinks[-1].append((interpreter.pc & ~swallowed, failure))
    interpreter.pc = ended
    if not ended.possible:
        raise Dead


def _swallows(interpreter: Interpreter, manager: Value, failure: Failure) -> Condition:
    """The condition under which a context manager swallows an exception."""
    if isinstance(manager, Instance):
        traceback = Unknown("a traceback", ANYWHERE)
        return _call_exit(interpreter, manager, [failure.cls, failure, traceback])
    if isinstance(manager, Thing):
        caught = failure_matches(failure, tuple(manager.suppresses))
        return interpreter.space.true if caught else interpreter.space.false
    if isinstance(manager, Unknown):
        return interpreter.space.fact(
            f"{manager.subject} swallows exceptions", f"{manager.subject} lets exceptions pass"
        )
    return interpreter.space.false


def _call_exit(interpreter: Interpreter, manager: Instance, about: list[Value]) -> Condition:
    """Whether `__exit__` swallows the exception that it is told of."""
    from hardango.settings.statements import guarded

    found: list[Condition] = []

    def leave() -> None:
        method = interpreter.get(manager, "__exit__")
        found.append(interpreter.truth(interpreter.call(method, about, {})))

    interpreter.pc = guarded(interpreter, leave)
    return found[0] if found else interpreter.space.false
