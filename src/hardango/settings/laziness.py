"""Iterators that wait: what `map`, a generator or a generator expression does is done when
somebody asks for its items, and never if nobody does."""

from __future__ import annotations

from collections.abc import Callable

from hardango.settings.bounded import bounded, havoc
from hardango.settings.interpreter import Interpreter
from hardango.settings.outcomes import Unknown
from hardango.settings.values import Box, Dead, Raised, Value


def lazily(interpreter: Interpreter, run: Callable[[], Value]) -> Box:
    """An iterator over the items of the list that `run` makes, once it is asked for one."""
    made = interpreter.box([])
    made.type_name, made.pending, made.filled = "iterator", run, interpreter.space.false
    return made


def fill(interpreter: Interpreter, box: Box) -> None:
    """Make the items of an iterator, in the cases in which it has none yet."""
    missing = interpreter.pc & ~box.filled
    if box.pending is None or not missing.possible:
        return
    run, box.filled = box.pending, box.filled | missing
    if box.filled.certain:
        box.pending = None
    base, interpreter.pc = interpreter.pc, missing
    try:
        interpreter.each(_items(interpreter, run), lambda made: _take(interpreter, box, made))
    except Raised as raised:
        if base.implies(missing):
            raise
        interpreter.sinks[-1].append((interpreter.pc, raised.failure))
        interpreter.pc = interpreter.space.false
    except Dead:
        if base.implies(missing):
            raise
        interpreter.pc = interpreter.space.false
    interpreter.pc = (base & ~missing) | interpreter.pc


def fill_partly(interpreter: Interpreter, box: Box) -> None:
    """As `fill`, for one who asks for the first items only: whether the rest is done is not
    known, nor then what it writes."""
    if box.pending is None:
        return
    journal, interpreter.journal = interpreter.journal, []
    try:
        fill(interpreter, box)
    finally:
        written, interpreter.journal = interpreter.journal, journal
    for each in written:
        if each is not box:
            havoc(interpreter, each, f"a generator that is not used up{interpreter.here()}")
            if journal is not None:
                journal.append(each)


def _items(interpreter: Interpreter, run: Callable[[], Value]) -> Value:
    if interpreter.call_depth:
        return run()
    what = f"a generator{interpreter.here()}"
    return bounded(
        interpreter, run, what, lambda why: interpreter.box([Unknown(why, several=True)])
    )


def _take(interpreter: Interpreter, box: Box, made: Box) -> None:
    """The items of a list become those of an iterator."""
    base, ended = interpreter.pc, interpreter.space.false
    touched, readings = box.touched, box.readings
    for condition, content in made.variants:
        interpreter.pc = base & condition
        if interpreter.pc.possible:
            items = list(content)
            interpreter.change(box, lambda content: content.extend(items))  # noqa: B023
            ended = ended | interpreter.pc
    box.touched, box.readings = touched, readings
    interpreter.pc = ended
