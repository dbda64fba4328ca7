"""Modules that are read name by name: those that a URLconf takes its views from.

A project's views lead to its models, forms and services: to run all of them would take longer than
the settings. So such a module runs no statement before a name is used that the statement binds;
then those that bind it, or change it, run in their order. What a class of such a module assigns
waits in the same way: `model = Order` need not read the models to know what a view extends.
"""

from __future__ import annotations

import ast

from hardango.settings.bounded import bounded
from hardango.settings.interpreter import Interpreter
from hardango.settings.outcomes import Unknown
from hardango.settings.values import Class, Dead, Frame, Lazy, Module, Raised, Thing, Value

_DEFINES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_IMPORTS = (ast.Import, ast.ImportFrom)


def defer(interpreter: Interpreter, module: Module, body: list[ast.stmt]) -> None:
    """Bind every name of a module to what runs its statements when it is used."""
    from hardango.settings.statements import execute

    frame = Frame(module.scope, module)
    statements: dict[str, list[ast.stmt]] = {}
    for node in body:
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
            execute(interpreter, node, frame)
            continue
        for name in _bound(node):
            statements.setdefault(name, []).append(node)
    # What it makes in another way (`globals()[name] = …`) has a name, and nothing more is known.
    module.scope.opaque = Unknown(module.name, subject=module.name)
    for node in body:
        for name in _changed(node):
            into = statements.get(name, [])
            if node not in into and any(isinstance(each, ast.Assign) for each in into):
                into.append(node)
    done: set[ast.stmt] = set()
    for name, nodes in statements.items():
        nodes.sort(key=lambda each: each.lineno)
        lazy = Lazy(module.name, name, (frame, nodes, done))
        module.scope.bind(name, lazy, interpreter.space.true)


def defer_members(
    interpreter: Interpreter, cls: Class, frame: Frame, body: list[ast.stmt]
) -> list[ast.stmt]:
    """Bind what a class of such a module assigns, once and to one name, to what runs that
    statement; what is left of the body."""
    if frame.function is not None or frame.module.name in interpreter.state["urlconfs"]:
        return body
    for each in cls.mro:
        if isinstance(each, Class) and "metaclass" in each.keywords:
            return body
        if isinstance(each, Thing) and each.derived is not None:
            return body
    times: dict[str, int] = {}
    for node in body:
        for name in _bound(node):
            times[name] = times.get(name, 0) + 1
    left, done = [], set[ast.stmt]()
    for node in body:
        name = _assigned(node)
        if name and times[name] == 1:
            lazy = Lazy(frame.module.name, name, (frame, [node], done))
            frame.scope.bind(name, lazy, interpreter.pc)
        else:
            left.append(node)
    return left


def _assigned(node: ast.stmt) -> str:
    """The one name to which a statement assigns something that is to be computed; "" if none."""
    if not isinstance(node, ast.Assign) or len(node.targets) != 1:
        return ""
    target = node.targets[0]
    plain = isinstance(node.value, (ast.Constant, ast.Lambda))
    if plain or not isinstance(target, ast.Name) or target.id.startswith("__"):
        return ""
    return target.id


def _bound(node: ast.AST) -> set[str]:
    """The names that a statement of a module binds."""
    if isinstance(node, _DEFINES):
        return {node.name}
    if isinstance(node, _IMPORTS):
        return {each.asname or each.name.partition(".")[0] for each in node.names}
    if isinstance(node, ast.Name):
        return {node.id} if isinstance(node.ctx, ast.Store) else set()
    if isinstance(node, ast.Lambda):
        return set()
    found: set[str] = set()
    for each in ast.iter_child_nodes(node):
        found |= _bound(each)
    return found


def _changed(node: ast.stmt) -> set[str]:
    """The names whose value a statement may change if an assignment made it: those it mentions,
    unless it only defines or assigns."""
    if isinstance(node, (*_DEFINES, *_IMPORTS, ast.AnnAssign)):
        return set()
    if isinstance(node, ast.Assign) and all(isinstance(each, ast.Name) for each in node.targets):
        return set()
    return {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}


def run_deferred(interpreter: Interpreter, lazy: Lazy) -> Value:
    """What a name of such a module is bound to, once its statements have run."""
    frame, nodes, done = lazy.deferred
    waiting = [each for each in nodes if each not in done]
    done.update(waiting)
    if waiting:
        _run(interpreter, frame, waiting)
    values = [
        (each.condition, each.value)
        for each in frame.scope.bound(lazy.attribute, interpreter.pc)
        if not (type(each.value) is Lazy and each.value.deferred is lazy.deferred)
    ]
    if not values:
        subject = f"{frame.module.name}.{lazy.attribute}"
        return Unknown(subject, subject=subject)
    return interpreter.merge(values)


def _run(interpreter: Interpreter, frame: Frame, nodes: list[ast.stmt]) -> None:
    """Run statements of a module or a class for all cases; one that fails binds nothing."""
    from hardango.settings.statements import execute

    kept = {
        name: getattr(interpreter, name)
        for name in "pc sinks place trace readings catching_import frame line".split()
    }
    interpreter.catching_import = 0
    try:
        for node in nodes:
            interpreter.pc, interpreter.sinks = interpreter.space.true, [[]]
            interpreter.trace, interpreter.readings = [], []
            try:
                bounded(
                    interpreter,
                    lambda node=node: execute(interpreter, node, frame),  # type: ignore[misc]
                    f"a statement of {frame.module.name}",
                    lambda why: None,
                )
            except (Raised, Dead):
                continue
    finally:
        for name, value in kept.items():
            setattr(interpreter, name, value)
