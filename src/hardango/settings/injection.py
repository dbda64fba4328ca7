"""Functions of unknown libraries that bind names in the module that calls them.

A function can reach the names of its caller through its frame, so any call might bind some. One
that is called for its effect and is told the caller's module, or which modules hold settings, is
taken to do so. Of the others one did, if a name is used later that nothing else binds.
"""

from __future__ import annotations

import re

from hardango import syntax as ast
from hardango.settings.bounded import havoc_box
from hardango.settings.interpreter import Interpreter
from hardango.settings.outcomes import Unknown
from hardango.settings.values import MISSING, Box, Frame, Scope, Value

_SETTINGS_MODULE = r"(\w+\.)*\w*settings(\.(?!(toml|ya?ml|json|ini|env|py|cfg)$)\w+)*"


def notice_call(interpreter: Interpreter, node: ast.Call, frame: Frame) -> None:
    """A settings module has called something as a statement."""
    from hardango.settings.expressions import evaluate
    from hardango.settings.statements import import_unknown

    at_top = frame.scope is frame.module.scope and frame.module.name in interpreter.family
    if not _is_named(node.func):
        return
    containers = [each for each in _given(node) if _is_named(_without_keys(each))]
    if not at_top and not containers:
        return
    function = evaluate(interpreter, node.func, frame)
    if not isinstance(function, Unknown):
        return
    name = function.subject.rpartition(".")[2]
    if len(name) > 60:
        name = "a function"
    if name not in KEEPS:
        for each in containers:
            _may_change(interpreter, name, each, frame)
    if not at_top:
        return
    setter = Unknown(f"{name}(){interpreter.here()}", subject=function.subject)
    if any(map(_names_settings, [*node.args, *(each.value for each in node.keywords)])):
        interpreter.note(f"{name}() gets the names of modules and may set what these say")
        import_unknown(interpreter, setter, frame)
    else:
        _silent(interpreter).setdefault(frame.scope, setter)


KEEPS = frozenset(
    "append extend insert add update setdefault remove discard index count write print pprint log "
    "debug info warning error critical exception".split()
)
"""What a container or a logger is asked to do leaves its argument as it is."""


def _given(node: ast.Call) -> list[ast.expr]:
    """The arguments that can be objects of the caller: `**options` is a dict of its own."""
    return [*node.args, *(each.value for each in node.keywords if each.arg is not None)]


def _without_keys(node: ast.expr) -> ast.expr:
    """`D` of `D["a"][0]`."""
    while isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        node = node.value
    return node


def _is_named(node: ast.expr) -> bool:
    """A name, or attributes of one: reading it once more changes nothing."""
    while isinstance(node, ast.Attribute):
        node = node.value
    return isinstance(node, ast.Name)


def _may_change(interpreter: Interpreter, name: str, node: ast.expr, frame: Frame) -> None:
    """A container was given to something that is called for its effect alone, which may be to
    change it. Where a result is used, that is what the call is for, and nothing is assumed."""
    from hardango.settings.expressions import evaluate

    words = ast.unparse(node)
    changes = interpreter.space.fact(
        f"{name}() changes {words}", f"{name}() leaves {words} as it is"
    )

    def one(value: Value) -> None:
        if isinstance(value, Box):
            before, interpreter.pc = interpreter.pc, interpreter.pc & changes
            interpreter.change(value, lambda content: None)
            havoc_box(interpreter, value, f"changed by {name}(){interpreter.here()}")
            interpreter.pc = before

    interpreter.each(evaluate(interpreter, node, frame), one)


def _names_settings(node: ast.expr) -> bool:
    if isinstance(node, ast.Starred):
        node = node.value
    if isinstance(node, (ast.List, ast.Tuple)):
        return any(map(_names_settings, node.elts))
    if isinstance(node, ast.Name):
        return node.id == "__name__"
    text = node.value if isinstance(node, ast.Constant) else None
    return isinstance(text, str) and re.fullmatch(_SETTINGS_MODULE, text) is not None


def _silent(interpreter: Interpreter) -> dict[Scope, Unknown]:
    """What each module has called for its effect, the first one."""
    return interpreter.state.setdefault("calls for their effect", {})  # type: ignore[no-any-return]


def injected(interpreter: Interpreter, frame: Frame, name: str) -> Value:
    """A name that nothing binds, if something that was called before may have bound it; else
    MISSING. From here on that may have bound others, too."""
    from hardango.settings.statements import import_unknown

    scope = frame.module.scope
    setter = _silent(interpreter).get(scope)
    if setter is None:
        return MISSING
    if scope.opaque is None:
        import_unknown(interpreter, setter, Frame(scope, frame.module))
        interpreter.note(f"nothing that was read binds {name}: {setter.reason} must have done it")
    return interpreter.unknown(f"{name} from {setter.reason}", setter, subject=name)
