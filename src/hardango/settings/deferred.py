"""Modules that are read name by name: those that a URLconf takes its views from.

A project's views lead to its models, forms and services: to run all of them would take longer than
the settings. So such a module runs no statement before a name is used that the statement binds;
then those that bind it, or change it, run in their order.
"""

from __future__ import annotations

import ast

from hardango.settings.bounded import bounded
from hardango.settings.interpreter import Interpreter
from hardango.settings.outcomes import Unknown
from hardango.settings.values import Dead, Frame, Lazy, Module, Raised, Value

_DEFINES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
_IMPORTS = (ast.Import, ast.ImportFrom)


def defer(interpreter: Interpreter, module: Module, body: list[ast.stmt]) -> None:
    """Bind every name of a module to what runs its statements when it is used."""
    from hardango.settings.statements import execute

    statements: dict[str, list[ast.stmt]] = {}
    for node in body:
        if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
            execute(interpreter, node, Frame(module.scope, module))
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
        lazy = Lazy(module.name, name, (module, nodes, done))
        module.scope.bind(name, lazy, interpreter.space.true)


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
    module, nodes, done = lazy.deferred
    waiting = [each for each in nodes if each not in done]
    done.update(waiting)
    if waiting:
        _run(interpreter, module, waiting)
    values = [
        (each.condition, each.value)
        for each in module.scope.bound(lazy.attribute, interpreter.pc)
        if not (type(each.value) is Lazy and each.value.deferred is lazy.deferred)
    ]
    if not values:
        subject = f"{module.name}.{lazy.attribute}"
        return Unknown(subject, subject=subject)
    return interpreter.merge(values)


def _run(interpreter: Interpreter, module: Module, nodes: list[ast.stmt]) -> None:
    """Run statements of a module for all cases; one that fails binds nothing."""
    from hardango.settings.statements import execute

    kept = {
        name: getattr(interpreter, name)
        for name in "pc sinks place trace readings catching_import frame line".split()
    }
    frame = Frame(module.scope, module)
    interpreter.catching_import = 0
    try:
        for node in nodes:
            interpreter.pc, interpreter.sinks = interpreter.space.true, [[]]
            interpreter.trace, interpreter.readings = [], []
            try:
                bounded(
                    interpreter,
                    lambda node=node: execute(interpreter, node, frame),  # type: ignore[misc]
                    f"a statement of {module.name}",
                    lambda why: None,
                )
            except (Raised, Dead):
                continue
    finally:
        for name, value in kept.items():
            setattr(interpreter, name, value)
