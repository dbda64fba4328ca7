"""Statements: one function for each class of `ast`."""

from __future__ import annotations

import sys
from collections.abc import Callable, Container, Iterator
from functools import partial

from hardango import syntax as ast
from hardango.findings import Place
from hardango.light import Any
from hardango.settings import limits, operations
from hardango.settings.callbacks import hand_over
from hardango.settings.conditions import Condition, TooComplex
from hardango.settings.expressions import evaluate, lookup, make_function, single
from hardango.settings.imports import (
    absent_part,
    absolute_name,
    find_source,
    import_module,
    model_of,
    submodule,
)
from hardango.settings.injection import notice_call
from hardango.settings.interpreter import Interpreter
from hardango.settings.likeness import overridden
from hardango.settings.methods import repeated
from hardango.settings.objects import (
    delete_attribute,
    failure_matches,
    set_attribute,
)
from hardango.settings.outcomes import Unknown
from hardango.settings.values import (
    MISSING,
    Box,
    Chain,
    Class,
    Dead,
    Failure,
    Frame,
    Function,
    Lazy,
    Module,
    Raised,
    Scope,
    Stopped,
    Thing,
    Value,
)


def execute_all(interpreter: Interpreter, body: list[ast.stmt], frame: Frame) -> None:
    """Run statements one after the other. Raises Raised, Dead, Stopped."""
    entered = interpreter.pc
    free = frame.function is None and not frame.breaks and len(interpreter.sinks) == 1
    for node in body:
        execute(interpreter, node, frame)
        if free:
            # Cases in which a statement failed, with no `try` around, need not be excluded from
            # what follows: the settings do not load in them, and short conditions stay short.
            interpreter.pc = entered


def execute(interpreter: Interpreter, node: ast.stmt, frame: Frame) -> None:
    interpreter.tick()
    if frame.function is None:
        interpreter.trace, interpreter.readings = [], []
    interpreter.place = place_of(interpreter, node, frame)
    try:
        STATEMENTS[type(node)](interpreter, node, frame)
    except (Raised, Dead, Stopped, TooComplex):
        raise
    except RecursionError:
        raise Stopped("because it is nested too deeply") from None
    except MemoryError:
        raise Stopped("because it needs too much memory") from None
    except Exception as problem:  # a gap in the interpreter: what it would have done is not known
        if interpreter.strict:
            raise
        _give_up_on(interpreter, node, frame, f"{type(problem).__name__} while reading it")


def _give_up_on(interpreter: Interpreter, node: ast.stmt, frame: Frame, why: str) -> None:
    interpreter.place = place_of(interpreter, node, frame)
    interpreter.note(f"a statement could not be evaluated ({why}); what it sets is not known")
    for name in names_set_by([node]):
        bind_name(
            interpreter,
            frame,
            name,
            Unknown(f"set by a statement that could not be evaluated{interpreter.here()}"),
        )


def names_set_by(body: list[ast.stmt]) -> list[str]:
    """The names that statements bind, or whose value they may change."""
    found: dict[str, None] = {}
    for each in body:
        for node in ast.walk(each):
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
                found[node.id] = None
            elif isinstance(node, (ast.Subscript, ast.Attribute)) and isinstance(
                node.value, ast.Name
            ):
                if isinstance(node.ctx, ast.Store) or (
                    isinstance(node, ast.Attribute)
                    and node.attr
                    in (
                        "append",
                        "extend",
                        "insert",
                        "update",
                        "remove",
                        "pop",
                        "add",
                        "setdefault",
                        "clear",
                    )
                ):
                    found[node.value.id] = None
    return list(found)


def place_of(interpreter: Interpreter, node: Any, frame: Frame) -> Place:
    module = frame.module
    shown = interpreter.shown.get(module.file)
    if shown is None:
        shown = interpreter.shown[module.file] = interpreter.relative(module.file)
    return Place(shown, node.lineno, node.col_offset + 1)


# -- binding ---------------------------------------------------------------------------------------


def bind_name(
    interpreter: Interpreter, frame: Frame, name: str, value: Value, chain: Chain = ()
) -> None:
    """Bind `name` where Python would: here, or where `global` and `nonlocal` point."""
    scope = frame.scope
    if name in scope.declared_global:
        scope = frame.module.scope
    elif name in scope.declared_nonlocal:
        outer = scope.parent
        while outer is not None and name not in outer.names:
            outer = outer.parent
        scope = outer or scope
    if scope is not frame.scope and interpreter.journal is not None:
        interpreter.journal.append((scope, name))
    if not chain and frame.function is None and interpreter.place:
        chain = (interpreter.place,)
    scope.bind(name, value, interpreter.pc, chain, tuple(interpreter.readings))


def assign(
    interpreter: Interpreter, target: Any, value: Value, frame: Frame, chain: Chain = ()
) -> None:
    """Bind a target of any form to `value`."""
    if isinstance(target, ast.Name):
        bind_name(interpreter, frame, target.id, value, chain)
    elif isinstance(target, ast.Attribute):
        set_attribute(interpreter, evaluate(interpreter, target.value, frame), target.attr, value)
    elif isinstance(target, ast.Subscript):
        owner = evaluate(interpreter, target.value, frame)
        operations.set_item(interpreter, owner, evaluate(interpreter, target.slice, frame), value)
    elif isinstance(target, ast.Starred):
        assign(interpreter, target.value, value, frame, chain)
    elif isinstance(target, (ast.Tuple, ast.List)):
        _unpack(interpreter, target.elts, value, frame)


def _unpack(interpreter: Interpreter, targets: list[Any], value: Value, frame: Frame) -> None:
    def unpack(one: Value) -> Value:
        if isinstance(one, Unknown):
            for index, target in enumerate(targets):
                part = interpreter.unknown(
                    f"a part of {one.reason}", one, subject=f"{one.subject}[{index}]"
                )
                assign(interpreter, target, part, frame)
            return None
        items = list(operations.items_of(interpreter, one))
        if any(isinstance(item, Unknown) and item.several for item in items):
            for index, target in enumerate(targets):
                part = interpreter.unknown(
                    "a part of a list that is not known",
                    *items,
                    subject=f"part {index}{interpreter.here()}",
                )
                assign(interpreter, target, part, frame)
            return None
        starred = next(
            (index for index, each in enumerate(targets) if isinstance(each, ast.Starred)), None
        )
        if starred is not None and len(items) >= len(targets) - 1:
            after = len(targets) - starred - 1
            middle = items[starred : len(items) - after]
            items = [*items[:starred], interpreter.box(middle), *items[len(items) - after :]]
        if len(items) != len(targets):
            raise interpreter.error(ValueError, "the number of values to unpack is wrong")
        for target, item in zip(targets, items):
            assign(interpreter, target, interpreter.resolve(item), frame)
        return None

    interpreter.each(value, unpack)


def _chain(interpreter: Interpreter, node: ast.expr | None) -> Chain:
    """How the value of an assignment came about: for a plain copy of another name, its places
    before this one."""
    here = (interpreter.place,) if interpreter.place else ()
    while isinstance(node, (ast.UnaryOp, ast.Attribute)):
        node = node.operand if isinstance(node, ast.UnaryOp) else node.value
    if isinstance(node, ast.Name) and interpreter.trace:
        before = tuple(place for place in interpreter.trace[-1] if place not in here)
        return (*before, *here)
    return here


# -- assignment ------------------------------------------------------------------------------------


def _assign(interpreter: Interpreter, node: Any, frame: Frame) -> None:
    value = evaluate(interpreter, node.value, frame)
    if interpreter.repeating is not None and _reads(node.value, node.targets):
        value = _counted(interpreter, value)
    chain = _chain(interpreter, node.value) if frame.function is None else ()
    for target in node.targets:
        assign(interpreter, target, value, frame, chain)


def _reads(value: ast.expr, targets: list[ast.expr]) -> bool:
    """Whether an assignment makes a name's new value from its old one."""
    names = {each.id for each in targets if isinstance(each, ast.Name)}
    return any(isinstance(each, ast.Name) and each.id in names for each in ast.walk(value))


def _counted(interpreter: Interpreter, value: Value) -> Value:
    """What a value becomes that an unknown number of turns makes from itself."""
    if isinstance(value, Box) and value.kind is list:
        items = [repeated(interpreter, item) for item in operations.items_of(interpreter, value)]
        return interpreter.box(items)
    return interpreter.unknown(
        f"changed in a loop{interpreter.here()}", value, interpreter.repeating
    )


def _annotated(interpreter: Interpreter, node: Any, frame: Frame) -> None:
    if frame.fields is not None and isinstance(node.target, ast.Name):
        frame.fields.append((node.target.id, node.annotation, node.value is not None))
    if node.value is not None:
        value = evaluate(interpreter, node.value, frame)
        chain = _chain(interpreter, node.value) if frame.function is None else ()
        assign(interpreter, node.target, value, frame, chain)


IN_PLACE = {ast.Add: "extend", ast.BitOr: "update"}


def _augmented(interpreter: Interpreter, node: Any, frame: Frame) -> None:
    target = node.target
    if isinstance(target, ast.Name):
        old = lookup(interpreter, frame, target.id)
        before = interpreter.trace[-1] if interpreter.trace else ()
    elif isinstance(target, ast.Attribute):
        owner = evaluate(interpreter, target.value, frame)
        old, before = interpreter.get(owner, target.attr), ()
    else:
        owner = evaluate(interpreter, target.value, frame)
        key = evaluate(interpreter, target.slice, frame)
        old, before = operations.get_item(interpreter, owner, key), ()
    right = evaluate(interpreter, node.value, frame)
    new = interpreter.each(old, lambda one: combine(interpreter, type(node.op), one, right))
    if interpreter.repeating is not None and not isinstance(new, Box):
        new = _counted(interpreter, new)
    if isinstance(target, ast.Name):
        here = (interpreter.place,) if interpreter.place else ()
        chain = (*(place for place in before if place not in here), *here)
        bind_name(interpreter, frame, target.id, new, chain if frame.function is None else ())
    elif isinstance(target, ast.Attribute):
        set_attribute(interpreter, owner, target.attr, new)
    else:
        operations.set_item(interpreter, owner, key, new)


def combine(interpreter: Interpreter, kind: type, old: Value, right: Value) -> Value:
    """What `old <operator>= right` leaves: a list or dict is changed in place."""
    from hardango.settings.methods import DICT_METHODS, LIST_METHODS, SET_METHODS

    if isinstance(old, Box):
        if old.kind is list and kind is ast.Add:
            LIST_METHODS["extend"](interpreter, old, [right], {})
            return old
        if old.kind is list and kind is ast.Mult and isinstance(right, int):
            interpreter.change(old, lambda content: operations.repeat(content, right))
            return old
        if old.kind is dict and kind is ast.BitOr:
            DICT_METHODS["update"](interpreter, old, [right], {})
            return old
        if old.kind is set and kind is ast.BitOr:
            SET_METHODS["update"](interpreter, old, [right], {})
            return old
        if old.kind is set and kind in (ast.BitAnd, ast.Sub, ast.BitXor):
            found = operations.binary(interpreter, kind, old, right)
            interpreter.each(found, lambda made: _become(interpreter, old, made))
            return old
    if isinstance(old, Thing) and kind is ast.BitOr and "update" in old.attributes:
        interpreter.call(old.attributes["update"], [right], {})
        return old
    return operations.binary(interpreter, kind, old, right)


def _become(interpreter: Interpreter, box: Box, made: Value) -> None:
    """A set has in place become what an operator made of it."""
    items = set(operations.items_of(interpreter, made))

    def replace(content: set[Value]) -> None:
        content.clear()
        content.update(items)

    interpreter.change(box, replace)


def _delete(interpreter: Interpreter, node: Any, frame: Frame) -> None:
    for target in node.targets:
        if isinstance(target, ast.Name):
            lookup(interpreter, frame, target.id)
            scope = frame.module.scope if target.id in frame.scope.declared_global else frame.scope
            scope.unbind(target.id, interpreter.pc)
        elif isinstance(target, ast.Subscript):
            owner = evaluate(interpreter, target.value, frame)
            operations.delete_item(interpreter, owner, evaluate(interpreter, target.slice, frame))
        elif isinstance(target, ast.Attribute):
            delete_attribute(interpreter, evaluate(interpreter, target.value, frame), target.attr)


# -- control flow ----------------------------------------------------------------------------------


def _expression(interpreter: Interpreter, node: Any, frame: Frame) -> None:
    if not isinstance(node.value, ast.Constant):
        evaluate(interpreter, node.value, frame)
    if isinstance(node.value, ast.Call):
        notice_call(interpreter, node.value, frame)


def _if(interpreter: Interpreter, node: Any, frame: Frame) -> None:
    # An `elif` is an `if` in the `else`: a long ladder is walked without recursion.
    ended = interpreter.space.false
    while True:
        test = _test(interpreter, node.test, frame)
        rest = interpreter.pc & ~test
        interpreter.pc = interpreter.pc & test
        ended = ended | _run(interpreter, node.body, frame)
        interpreter.pc = rest
        if len(node.orelse) == 1 and isinstance(node.orelse[0], ast.If) and rest.possible:
            node = node.orelse[0]
            interpreter.tick()
            interpreter.place = place_of(interpreter, node, frame)
            continue
        ended = ended | _run(interpreter, node.orelse, frame)
        break
    interpreter.pc = ended
    if not ended.possible:
        raise Dead


def _test(interpreter: Interpreter, node: ast.expr, frame: Frame) -> Condition:
    """The condition under which a test holds. The cases in which it raises are written down, and
    the path condition loses them."""
    try:
        return interpreter.truth(evaluate(interpreter, node, frame))
    except Raised as raised:
        interpreter.sinks[-1].append((interpreter.pc, raised.failure))
    except Dead:
        pass
    interpreter.pc = interpreter.space.false
    return interpreter.pc


def _run(interpreter: Interpreter, body: list[ast.stmt], frame: Frame) -> Condition:
    """Run a block in the current cases and tell in which of them its end is reached. What it
    raises is written down for the enclosing `try`."""
    return guarded(interpreter, lambda: execute_all(interpreter, body, frame))


def guarded(interpreter: Interpreter, run: Callable[[], Value]) -> Condition:
    """Run a part; the cases in which its end is reached. What it raises is written down."""
    if not interpreter.pc.possible:
        return interpreter.space.false
    try:
        run()
    except Dead:
        return interpreter.space.false
    except Raised as raised:
        interpreter.sinks[-1].append((interpreter.pc, raised.failure))
        return interpreter.space.false
    return interpreter.pc


def _for(interpreter: Interpreter, node: Any, frame: Frame) -> None:
    iterable = evaluate(interpreter, node.iter, frame)
    walked = interpreter.resolve(iterable)
    live = isinstance(walked, Box) and walked.type_name == "list"

    def run(items: list[Value]) -> None:
        turns = _as_it_changes(walked, items) if live else iter(items)
        _for_items(interpreter, node, frame, turns)

    operations.each_items(interpreter, iterable, run)


def _as_it_changes(box: Box, items: list[Value]) -> Iterator[Value]:
    """The items of a list that the loop itself may change: Python goes on by their number."""
    count = 0
    while count < len(items):
        yield items[count]
        count += 1
        if len(box.variants) == 1:
            items = box.variants[0][1]


def _for_items(interpreter: Interpreter, node: Any, frame: Frame, items: Iterator[Value]) -> None:
    broken = interpreter.space.false
    most = interpreter.space.steps + limits.LOOP_CONDITION_STEPS
    for count, item in enumerate(items):
        if count >= limits.LOOP_TURNS:
            _abandon_loop(interpreter, node, frame, f"after {limits.LOOP_TURNS} turns")
            break
        if interpreter.space.steps > most:
            _abandon_loop(interpreter, node, frame, "because its conditions grow too much")
            break
        base = interpreter.pc
        skipped = interpreter.space.false
        if isinstance(item, Unknown) and item.several:
            happens = interpreter.space.fact(
                f"{item.subject} is not empty", f"{item.subject} is empty"
            )
            skipped = base & ~happens
            interpreter.pc = base & happens
        outer = interpreter.repeating
        if isinstance(item, Unknown) and item.several:
            interpreter.repeating = item
        try:
            broken = broken | _turn(
                interpreter,
                node,
                frame,
                partial(assign, interpreter, node.target, single(item), frame),
            )
        finally:
            interpreter.repeating = outer
        interpreter.pc = interpreter.pc | skipped
        if not interpreter.pc.possible:
            break
    interpreter.pc = _run(interpreter, node.orelse, frame) | broken
    if not interpreter.pc.possible:
        raise Dead


def _turn(
    interpreter: Interpreter, node: Any, frame: Frame, begin: Callable[[], None]
) -> Condition:
    """One turn of a loop. Leaves the path condition for the next turn; returns the cases in
    which the loop was left by `break`."""
    if not interpreter.pc.possible:
        return interpreter.space.false
    frame.breaks.append([])
    frame.continues.append([])
    try:
        begin()
        ended = _run(interpreter, node.body, frame)
    except Dead:
        ended = interpreter.space.false
    except Raised as raised:
        interpreter.sinks[-1].append((interpreter.pc, raised.failure))
        ended = interpreter.space.false
    finally:
        broken, continued = frame.breaks.pop(), frame.continues.pop()
    for condition in continued:
        ended = ended | condition
    interpreter.pc = ended
    left = interpreter.space.false
    for condition in broken:
        left = left | condition
    return left


def _while(interpreter: Interpreter, node: Any, frame: Frame) -> None:
    left, finished = interpreter.space.false, interpreter.space.false
    for count in range(limits.LOOP_TURNS + 1):
        test = _test(interpreter, node.test, frame)
        finished = finished | (interpreter.pc & ~test)
        interpreter.pc = interpreter.pc & test
        if not interpreter.pc.possible:
            break
        if count == limits.LOOP_TURNS or (count > 50 and not test.certain):
            _abandon_loop(interpreter, node, frame, f"after {limits.LOOP_TURNS} turns")
            finished = finished | interpreter.pc
            break
        left = left | _turn(interpreter, node, frame, lambda: None)
        if interpreter.pc is interpreter.space.false:
            break
    interpreter.pc = finished
    interpreter.pc = _run(interpreter, node.orelse, frame) | left
    if not interpreter.pc.possible:
        raise Dead


def _abandon_loop(interpreter: Interpreter, node: Any, frame: Frame, why: str) -> None:
    interpreter.place = place_of(interpreter, node, frame)
    interpreter.note(f"a loop was left {why}; what it sets is not known")
    unknown = Unknown(f"set in a loop that was left {why}{interpreter.here()}")
    for name in names_set_by(node.body):
        bind_name(interpreter, frame, name, unknown)
    for name, scope in _reached_by_calls(frame, node.body):
        scope.bind(name, unknown, interpreter.pc)


def _reached_by_calls(frame: Frame, body: list[ast.stmt]) -> Iterator[tuple[str, Scope]]:
    """What the program's own functions that `body` calls by their names may change: what they
    are given, and what they bind or change in the module."""
    for node in (inner for each in body for inner in ast.walk(each)):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Name):
            continue
        for called in frame.scope.names.get(node.func.id, []) or frame.module.scope.names.get(
            node.func.id, []
        ):
            if not isinstance(called.value, Function):
                continue
            given = [*node.args, *(keyword.value for keyword in node.keywords)]
            for name in (each.id for each in given if isinstance(each, ast.Name)):
                for scope in (frame.scope, frame.module.scope):
                    if name in scope.names:
                        yield name, scope
            if isinstance(called.value.node, ast.Lambda):
                continue
            for name in names_set_by(called.value.node.body):
                scope = called.value.module.scope
                if name in scope.names:
                    yield name, scope


def _break(interpreter: Interpreter, node: Any, frame: Frame) -> None:
    frame.breaks[-1].append(interpreter.pc)
    raise Dead


def _continue(interpreter: Interpreter, node: Any, frame: Frame) -> None:
    frame.continues[-1].append(interpreter.pc)
    raise Dead


def _return(interpreter: Interpreter, node: Any, frame: Frame) -> None:
    value = None if node.value is None else evaluate(interpreter, node.value, frame)
    frame.returns.append((interpreter.pc, value))
    raise Dead


def _pass(interpreter: Interpreter, node: Any, frame: Frame) -> None:
    return


def _assert(interpreter: Interpreter, node: Any, frame: Frame) -> None:
    test = interpreter.truth(evaluate(interpreter, node.test, frame))
    fails, holds = interpreter.pc & ~test, interpreter.pc & test
    message = () if node.msg is None or not fails.possible else ("an assertion",)
    if message:
        interpreter.pc = fails
        guarded(interpreter, lambda: evaluate(interpreter, node.msg, frame))
        interpreter.pc = holds | fails
    interpreter.fail(~test, Failure(AssertionError, message))


def _raise(interpreter: Interpreter, node: Any, frame: Frame) -> None:
    if node.exc is None:
        if frame.handling:
            raise Raised(frame.handling[-1])
        raise interpreter.error(RuntimeError, "No active exception to reraise")
    value = evaluate(interpreter, node.exc, frame)

    def throw(one: Value) -> Value:
        failure = one if isinstance(one, Failure) else None
        if failure is None and isinstance(one, (Class, type)):
            made = interpreter.call(one, [], {})
            failure = made if isinstance(made, Failure) else None
        if failure is None:
            failure = Failure(
                one if isinstance(one, Unknown) else Unknown(f"an exception{interpreter.here()}")
            )
        failure.place = failure.place or interpreter.place
        raise Raised(failure)

    interpreter.each(value, throw)


# -- try and with ----------------------------------------------------------------------------------

CATCHES_IMPORT = {"ImportError", "ModuleNotFoundError", "Exception", "BaseException"}


def _catches_import(handlers: list[ast.ExceptHandler]) -> bool:
    for each in handlers:
        if each.type is None:
            return True
        types = each.type.elts if isinstance(each.type, ast.Tuple) else [each.type]
        if any(isinstance(one, ast.Name) and one.id in CATCHES_IMPORT for one in types):
            return True
    return False


def _try(interpreter: Interpreter, node: Any, frame: Frame) -> None:
    entered = interpreter.pc
    catches = _catches_import(node.handlers)
    interpreter.catching_import += catches
    sink: list[tuple[Condition, Failure]] = []
    interpreter.sinks.append(sink)
    try:
        ended = _run(interpreter, node.body, frame)
    finally:
        interpreter.sinks.pop()
        interpreter.catching_import -= catches
    outer: list[tuple[Condition, Failure]] = []
    if node.finalbody:
        interpreter.sinks.append(outer)
    try:
        interpreter.pc = ended
        ended = _run(interpreter, node.orelse, frame)
        for condition, failure in sink:
            ended = ended | _handle(interpreter, node.handlers, condition, failure, frame)
    finally:
        if node.finalbody:
            interpreter.sinks.pop()
    if node.finalbody:
        # It runs however the body is left: its effects hold in every case that came in.
        interpreter.pc = entered
        after = _run(interpreter, node.finalbody, frame)
        ended = ended & after
        interpreter.sinks[-1] += [
            (condition & after, failure) for condition, failure in outer if condition.meets(after)
        ]
    interpreter.pc = ended
    if not ended.possible:
        raise Dead


def _handle(
    interpreter: Interpreter,
    handlers: list[ast.ExceptHandler],
    condition: Condition,
    failure: Failure,
    frame: Frame,
) -> Condition:
    """Run the handler for an exception in the cases in which it is raised; the cases in which
    the program goes on after it."""
    interpreter.pc = condition
    for handler in handlers:
        if handler.type is not None:
            try:
                wanted = evaluate(interpreter, handler.type, frame)
            except (Raised, Dead):
                continue
            caught = failure_matches(failure, wanted)
            if caught is None:
                # An exception that is not known is caught by the handlers that catch most.
                caught = wanted in (Exception, BaseException) if isinstance(wanted, type) else False
            if not caught:
                continue
        if handler.name:
            bind_name(interpreter, frame, handler.name, failure)
        frame.handling.append(failure)
        try:
            return _run(interpreter, handler.body, frame)
        finally:
            frame.handling.pop()
    interpreter.sinks[-1].append((condition, failure))
    return interpreter.space.false


def _with(interpreter: Interpreter, node: Any, frame: Frame) -> None:
    from hardango.settings.managers import run_with

    run_with(interpreter, node, frame)


# -- functions and classes -------------------------------------------------------------------------


def _function(interpreter: Interpreter, node: Any, frame: Frame) -> None:
    made: Value = make_function(interpreter, node.name, node, frame)
    if isinstance(node, ast.AsyncFunctionDef):
        hand_over(interpreter, f"an event loop that runs {node.name}()", [made])
        made = Unknown(f"the coroutine {node.name}()", "function", subject=node.name)
    for decorator in reversed(node.decorator_list):
        made = interpreter.call(evaluate(interpreter, decorator, frame), [made], {})
    bind_name(interpreter, frame, node.name, made)


def _class(interpreter: Interpreter, node: Any, frame: Frame) -> None:
    from hardango.settings.classes import class_made, linearize

    bases = [evaluate(interpreter, each, frame) for each in node.bases]
    cls = Class(node.name, [base for base in bases if base is not object], frame.module)
    cls.place = interpreter.place
    cls.scope.parent = frame.scope.parent if frame.is_class else frame.scope
    cls.keywords = {
        each.arg: evaluate(interpreter, each.value, frame) for each in node.keywords if each.arg
    }
    cls.mro = linearize(cls)
    inner = Frame(cls.scope, frame.module)
    inner.is_class, inner.fields = True, cls.fields
    if frame.function is not None:
        inner.function = frame.function
    body = node.body
    if "views" in interpreter.state:
        from hardango.settings.deferred import defer_members

        body = defer_members(interpreter, cls, inner, body)
    execute_all(interpreter, body, inner)
    for alternatives in cls.scope.names.values():
        for each in alternatives:
            function = getattr(each.value, "function", each.value)
            if isinstance(function, Function) and function.owner is None:
                function.owner = cls
    for base in cls.mro:
        if isinstance(base, Thing) and base.derived is not None:
            base.derived(interpreter, cls)
            break
    made = class_made(interpreter, cls, cls.keywords)
    for decorator in reversed(node.decorator_list):
        made = interpreter.call(evaluate(interpreter, decorator, frame), [made], {})
    interpreter.place = place_of(interpreter, node, frame)
    bind_name(interpreter, frame, node.name, made)


def _global(interpreter: Interpreter, node: Any, frame: Frame) -> None:
    frame.scope.declared_global.update(node.names)


def _nonlocal(interpreter: Interpreter, node: Any, frame: Frame) -> None:
    frame.scope.declared_nonlocal.update(node.names)


# -- imports ---------------------------------------------------------------------------------------


def _import(interpreter: Interpreter, node: Any, frame: Frame) -> None:
    for alias in node.names:
        if _may_wait(interpreter, frame, alias.name) and (alias.asname or "." not in alias.name):
            bound_as = alias.asname or alias.name
            bind_name(interpreter, frame, bound_as, Lazy(alias.name, None))
            continue
        module = import_module(interpreter, alias.name)
        if alias.asname is None and "." in alias.name:
            module = import_module(interpreter, alias.name.partition(".")[0])
        bind_name(interpreter, frame, alias.asname or alias.name.partition(".")[0], module)


def _import_from(interpreter: Interpreter, node: Any, frame: Frame) -> None:
    if node.module == "__future__":
        return
    name = absolute_name(interpreter, frame.module, node.module, node.level)
    starred = any(alias.name == "*" for alias in node.names)
    if not starred and _may_wait(interpreter, frame, name):
        for alias in node.names:
            bind_name(interpreter, frame, alias.asname or alias.name, Lazy(name, alias.name))
        return
    if starred and frame.module.name in interpreter.family:
        interpreter.family.add(name)
    module = import_module(interpreter, name)
    interpreter.place = place_of(interpreter, node, frame)
    for alias in node.names:
        if alias.name == "*":
            import_star(interpreter, module, frame)
        else:
            _import_name(interpreter, module, alias.name, alias.asname or alias.name, frame)


def _may_wait(interpreter: Interpreter, frame: Frame, name: str) -> bool:
    """Whether an import may wait until what it binds is used: in a helper module, of a module of
    the project that is there and has not run yet."""
    if frame.module.name in interpreter.family or interpreter.catching_import:
        return False
    known = interpreter.modules.get(name)
    if known is not None:
        return False
    return model_of(interpreter, name) is None and find_source(interpreter, name)[0] is not None


def _import_name(
    interpreter: Interpreter, module: Value, name: str, bound_as: str, frame: Frame
) -> None:
    if isinstance(module, Module):
        bound = module.scope.bound(name, interpreter.pc)
        if bound:
            base, covered = interpreter.pc, interpreter.space.false
            for each in bound:
                interpreter.pc = base & each.condition
                if interpreter.pc.possible:
                    covered = covered | each.condition
                    interpreter.readings = list(each.readings)
                    bind_name(interpreter, frame, bound_as, each.value, each.chain)
            interpreter.pc = base
            missing = ~covered
            if base.meets(missing) and module.scope.opaque is None:
                interpreter.fail(missing, Failure(ImportError, (f"cannot import name {name!r}",)))
            return
        found = submodule(interpreter, module, name)
        if found is MISSING:
            found = try_module_attribute(interpreter, module, name)
        if found is MISSING and not module.file:
            # A namespace package: another distribution may hold the rest of it.
            found = Unknown(f"{module.name}.{name}", subject=f"{module.name}.{name}")
        if found is MISSING and not module.running:
            found = absent_part(interpreter, module, name)
        if found is MISSING:
            if module.running:
                found = Unknown(
                    f"{module.name}.{name}, from a module that is being imported", subject=name
                )
            else:
                raise interpreter.error(
                    ImportError, f"cannot import name {name!r} from {module.name!r}"
                )
        bind_name(interpreter, frame, bound_as, found)
        return
    if isinstance(module, Thing) and module.attributes.get(name) is MISSING:
        raise interpreter.error(ImportError, f"cannot import name {name!r} from {module.name!r}")
    bind_name(interpreter, frame, bound_as, interpreter.get(module, name))


def try_module_attribute(interpreter: Interpreter, module: Module, name: str) -> Value:
    from hardango.settings.objects import try_attribute

    return try_attribute(interpreter, module, name)


def import_star(interpreter: Interpreter, module: Value, frame: Frame) -> None:
    """`from module import *`: the names of `__all__`, else all without a leading underscore."""
    if isinstance(module, Module):
        wanted = _all_names(interpreter, module)
        for name in list(module.scope.names) if wanted is None else wanted:
            if wanted is None and name.startswith("_"):
                continue
            bound = list(module.scope.bound(name, interpreter.pc))
            if not bound and wanted is not None:
                found = submodule(interpreter, module, name)
                if found is MISSING:
                    raise interpreter.error(
                        AttributeError, f"module {module.name!r} has no attribute {name!r}"
                    )
                bind_name(interpreter, frame, name, found)
            for each in bound:
                condition = each.condition & interpreter.pc
                if condition.possible:
                    frame.scope.bind(name, each.value, condition, each.chain, each.readings)
        if module.scope.opaque is not None:
            base = interpreter.pc
            interpreter.pc = base & _when(interpreter, module.scope)
            if interpreter.pc.possible:
                imported = {name for name in module.scope.names if not name.startswith("_")}
                import_unknown(interpreter, module.scope.opaque, frame, imported)
            interpreter.pc = base
    elif isinstance(module, Thing):
        for name, value in module.attributes.items():
            if not name.startswith("_") and value is not MISSING:
                frame.scope.bind(
                    name, value, interpreter.pc, (interpreter.place,) if interpreter.place else ()
                )
    else:
        import_unknown(interpreter, module, frame)


def _all_names(interpreter: Interpreter, module: Module) -> list[str] | None:
    bound = module.scope.bound("__all__", interpreter.pc)
    if not bound:
        return None
    try:
        return [str(name) for name in interpreter.plain(interpreter.resolve(bound[0].value))]
    except Exception:  # a list that is not known: take what is there
        return [name for name in module.scope.names if not name.startswith("_")]


def import_unknown(
    interpreter: Interpreter, module: Value, frame: Frame, apart_from: Container[str] = ()
) -> None:
    reason = module.reason if isinstance(module, Unknown) else str(module)
    chain = (interpreter.place,) if interpreter.place else ()
    for name in list(frame.scope.names):
        bound = frame.scope.bound(name, interpreter.pc) if name.isupper() else []
        if bound and name not in apart_from:
            said = overridden([each.value for each in bound], reason)
            frame.scope.bind(name, Unknown(said, subject=name), interpreter.pc, chain)
    known, before = frame.scope.opaque, frame.scope.opaque_when
    if known is not None and reason not in known.reason and len(known.reason + reason) < 120:
        reason = f"{known.reason}, or {reason}"
    frame.scope.opaque = Unknown(reason, "module", subject=reason)
    frame.scope.opaque_when = interpreter.pc if before is None else before | interpreter.pc


def _when(interpreter: Interpreter, scope: Scope) -> Condition:
    """Under which condition a scope may bind names that nobody saw."""
    return interpreter.space.true if scope.opaque_when is None else scope.opaque_when


# -- match -----------------------------------------------------------------------------------------


def _match(interpreter: Interpreter, node: Any, frame: Frame) -> None:
    from hardango.settings.patterns import matches

    subject = evaluate(interpreter, node.subject, frame)
    ended = interpreter.space.false
    rest = interpreter.pc
    for case in node.cases:
        interpreter.pc = rest
        if not rest.possible:
            break
        condition = matches(interpreter, case.pattern, subject, frame)
        interpreter.pc = rest & condition
        if case.guard is not None and interpreter.pc.possible:
            fits = interpreter.pc
            condition = condition & _test(interpreter, case.guard, frame)
            rest = rest & ~(fits & ~interpreter.pc)
            interpreter.pc = rest & condition
        ended = ended | _run(interpreter, case.body, frame)
        rest = rest & ~condition
    interpreter.pc = ended | rest
    if not interpreter.pc.possible:
        raise Dead


STATEMENTS: dict[type, Callable[[Interpreter, Any, Frame], None]] = {
    ast.Assign: _assign,
    ast.AnnAssign: _annotated,
    ast.AugAssign: _augmented,
    ast.Delete: _delete,
    ast.Expr: _expression,
    ast.If: _if,
    ast.For: _for,
    ast.AsyncFor: _pass,
    ast.While: _while,
    ast.Break: _break,
    ast.Continue: _continue,
    ast.Return: _return,
    ast.Pass: _pass,
    ast.Assert: _assert,
    ast.Raise: _raise,
    ast.Try: _try,
    ast.TryStar: _try,
    ast.With: _with,
    ast.AsyncWith: _pass,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.Global: _global,
    ast.Nonlocal: _nonlocal,
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.Match: _match,
}
if sys.version_info >= (3, 12):
    STATEMENTS[ast.TypeAlias] = _pass
