"""Whether a function of the project could write what others see, told from its source.

Most functions that a library is given only work on what they are given. Running each of them would
take longer than the settings themselves, so those are left alone of which it is plain.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator

from hardango.settings.outcomes import Unknown
from hardango.settings.values import Class, Descriptor, Function, Scope, Thing, Value

WRITERS = frozenset(
    "globals locals vars setattr delattr exec eval compile __import__ __builtins__ getattr".split()
)
"""Names through which a function reaches what it does not name."""

HARMLESS = (
    "a logger",
    "logging",
    "warnings",
    "json",
    "re",
    "datetime",
    "time",
    "math",
    "random",
    "uuid",
)
"""Models of modules that change nothing that settings read; `os.path` is one, too."""

PLAIN = (type(None), bool, int, float, str, bytes, tuple)


def may_write(function: Function, bound: bool) -> bool:
    """Whether a function could have an effect beyond its result and what it is given. `bound` is
    whether it is a method of an object that is known."""
    return _may_write(function, bound, set())


def _may_write(function: Function, bound: bool, seen: set[ast.AST]) -> bool:
    if function.node in seen:
        return False
    seen.add(function.node)
    if any(type(each) not in PLAIN for each in (*function.defaults, *function.keyword_defaults)):
        return True
    own, imported = _names_of(function.node)
    own -= imported
    first = next(iter(function.node.args.args), None)
    receiver = first.arg if bound and first is not None else ""
    own.discard(receiver)
    return any(
        _reaches_through(node, receiver) or _node_writes(node, function, own, seen)
        for node in ast.walk(function.node)
    )


def _reaches_through(node: ast.AST, receiver: str) -> bool:
    """Whether a call goes to what an object holds: `self.x.f()`. Its own methods, `self.f()`, are
    looked at by themselves."""
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    return not isinstance(node.func.value, ast.Name) and _root(node.func) == receiver


def _names_of(node: ast.AST) -> tuple[set[str], set[str]]:
    """The names that a function binds for itself, and those of them that it imports."""
    own: set[str] = set()
    imported: set[str] = set()
    for each in ast.walk(node):
        if isinstance(each, ast.arg):
            own.add(each.arg)
        elif isinstance(each, ast.Name) and isinstance(each.ctx, ast.Store):
            own.add(each.id)
        elif isinstance(each, ast.ExceptHandler) and each.name:
            own.add(each.name)
        elif isinstance(each, (ast.Import, ast.ImportFrom)):
            imported |= {alias.asname or alias.name.partition(".")[0] for alias in each.names}
    return own, imported


def _node_writes(node: ast.AST, function: Function, own: set[str], seen: set[ast.AST]) -> bool:
    if isinstance(node, (ast.Global, ast.Nonlocal, ast.ClassDef)):
        return True
    if isinstance(node, ast.Name):
        return node.id in WRITERS and node.id not in own
    if isinstance(node, ast.Attribute) and node.attr in ("__dict__", "__globals__"):
        return True
    if isinstance(node, (ast.Attribute, ast.Subscript)):
        return not isinstance(node.ctx, ast.Load) and _root(node) not in own
    if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name):
        return node.target.id not in own
    if isinstance(node, ast.Call):
        return _call_writes(node.func, function, own, seen)
    return False


def _root(node: ast.expr) -> str | None:
    """The name that a chain of attributes and items begins with; None if it is none."""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def _call_writes(called: ast.expr, function: Function, own: set[str], seen: set[ast.AST]) -> bool:
    root = _root(called)
    if root is None:
        # What is called on a result: the call that gives the result is looked at by itself.
        return not isinstance(called, ast.Attribute)
    if root in own:
        return False
    values = list(_bound(function.scope, root))
    if isinstance(called, ast.Name):
        return any(_value_writes(each, seen) for each in values)
    if root == "os" and isinstance(called, ast.Attribute):
        return not ast.unparse(called).startswith("os.path.")
    return any(not _is_harmless(each) for each in values)


def _bound(scope: Scope | None, name: str) -> Iterator[Value]:
    """What a name can mean in a scope and those around it; nothing for one that is built in."""
    while scope is not None:
        if name in scope.names:
            yield from (each.value for each in scope.names[name])
            return
        scope = scope.parent


def _value_writes(value: Value, seen: set[ast.AST]) -> bool:
    if isinstance(value, Function):
        return _may_write(value, False, seen)
    if isinstance(value, Class):
        members = [each.value for found in value.scope.names.values() for each in found]
        functions = [each.function if isinstance(each, Descriptor) else each for each in members]
        return any(
            isinstance(each, Function) and _may_write(each, False, seen) for each in functions
        )
    return not (isinstance(value, (Unknown, type)) or _is_harmless(value))


def _is_harmless(value: Value) -> bool:
    """Whether calling a method of it changes nothing that settings read."""
    if isinstance(value, Thing):
        return not value.name.islower() or value.name.partition(".")[0] in (*HARMLESS, "django")
    return isinstance(value, Unknown) or type(value) in PLAIN
