"""Giving up on a part: what is too complicated to follow becomes unknown, and the rest goes on.

A helper that tests a dozen things of which nothing is known can have more cases than all settings
together. Such a part (the import of a helper module, a call or a loop of the settings module) has
a share of its own of the work on conditions. Beyond it, nothing of what the part has done counts:
its result, and whatever it may have changed, is not known.
"""

from __future__ import annotations

from collections.abc import Callable

from hardango import syntax as ast
from hardango.light import Any
from hardango.settings import limits
from hardango.settings.conditions import TooComplex
from hardango.settings.interpreter import Interpreter
from hardango.settings.outcomes import Unknown
from hardango.settings.values import Box, Function, Instance, Module, Scope, Thing, Value


def bounded(
    interpreter: Interpreter, run: Callable[[], Value], what: str, instead: Callable[[str], Value]
) -> Value:
    """`run()`; or `instead(why)`, if it takes more than a part's share of the conditions.

    `what` names the part in a note.
    """
    space = interpreter.space
    entered, outer = space.steps, space.allowed
    journal, interpreter.journal = interpreter.journal, []
    restore = _state(interpreter)
    space.allowed = entered + limits.PART_CONDITIONS
    try:
        return run()
    except TooComplex:
        if space.steps <= space.allowed:  # the evaluation as a whole is at its end
            raise
        restore()
        space.allowed = outer + space.steps - entered
        interpreter.note(f"{what} is too complicated to follow; what it gives is not known")
        why = f"{what}, which is too complicated to follow"
        for each in interpreter.journal:
            havoc(interpreter, each, why)
        return instead(why)
    finally:
        # What a part has used is not taken from the share of the part around it.
        space.allowed = outer + space.steps - entered
        if journal is not None:
            journal += interpreter.journal
        interpreter.journal = journal


def _state(interpreter: Interpreter) -> Callable[[], None]:
    """A function that puts the interpreter back to where it is now."""
    kept = {
        name: getattr(interpreter, name)
        for name in "pc place trace readings call_depth catching_import repeating frame effects".split()
    }
    sinks = [(sink, len(sink)) for sink in interpreter.sinks]
    frame = interpreter.frame
    turns = [] if frame is None else [(each, len(each)) for each in (frame.breaks, frame.continues)]

    def restore() -> None:
        for name, value in kept.items():
            setattr(interpreter, name, value)
        interpreter.sinks = [sink for sink, _ in sinks]
        for several in (sinks, turns):
            for each, length in several:
                del each[length:]

    return restore


def havoc(interpreter: Interpreter, changed: Box | tuple[Scope, str], why: str) -> None:
    """What the part has changed may be anything now, in the cases in which it ran."""
    here = interpreter.pc
    if isinstance(changed, tuple):
        scope, name = changed
        scope.bind(name, Unknown(f"set where {why}", subject=name), here)
        return
    havoc_box(interpreter, changed, f"changed where {why}")


def havoc_box(interpreter: Interpreter, box: Box, reason: str) -> None:
    """The container may hold anything now."""
    here = interpreter.pc
    part = Unknown(reason, several=True)
    content: Any = {part: Unknown(part.reason)}
    if box.kind is not dict:
        content = box.kind(content)
    kept = [(condition & ~here, each) for condition, each in box.variants]
    box.variants = [*(pair for pair in kept if pair[0].possible), (here, content)]


def havoc_reached(
    interpreter: Interpreter, function: Function, arguments: list[Value], why: str
) -> None:
    """What a call that was not followed to its end could still have changed: containers and
    namespaces that it was given, also inside objects, and what it changes in its own module."""
    from hardango.settings.objects import havoc_scope
    from hardango.settings.statements import names_set_by

    reason = f"changed where {why}"
    for value in arguments:
        if isinstance(value, Box):
            havoc_box(interpreter, value, reason)
        held = [value]
        if isinstance(value, Instance):
            held += [each.value for found in value.scope.names.values() for each in found]
        for each in held:
            if isinstance(each, Thing) and isinstance(each.state, Scope):
                havoc_scope(interpreter, each.state, reason)
            elif isinstance(each, Module):
                havoc_scope(interpreter, each.scope, reason)
    body = [] if isinstance(function.node, ast.Lambda) else function.node.body
    inside = [node for each in body for node in ast.walk(each)]
    rebound = {name for node in inside if isinstance(node, ast.Global) for name in node.names}
    own = function.module.scope
    for name in names_set_by(body):
        if name in rebound:
            own.bind(name, Unknown(reason, subject=name), interpreter.pc)
        for found in own.bound(name, interpreter.pc):
            if isinstance(found.value, Box):
                havoc_box(interpreter, found.value, reason)
