"""Code that the program reads as a text and runs: `exec`, `eval`, `compile`."""

from __future__ import annotations

import ast

from hardango.settings import operations
from hardango.settings.interpreter import Interpreter
from hardango.settings.likeness import short
from hardango.settings.outcomes import Unknown
from hardango.settings.values import Box, Frame, Module, Scope, Thing, Value

Arguments = list[Value]
Keywords = dict[str, Value]


def compile_code(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    """`compile(source, filename, mode)`: a code object, which knows its file inside the root."""
    file = arguments[1] if len(arguments) > 1 else keywords.get("filename")
    mode = arguments[2] if len(arguments) > 2 else keywords.get("mode", "exec")

    def one(source: Value) -> Value:
        path = interpreter.resolve(file)
        if not isinstance(source, (str, bytes)) or not isinstance(mode, str):
            return interpreter.unknown("compile(…)", source)
        named = isinstance(path, str) or hasattr(path, "parts")
        return Thing("code", state=(source, interpreter.inside(str(path)) if named else None, mode))

    source = arguments[0] if arguments else keywords.get("source", Unknown("a text"))
    return interpreter.each(source, one)


def run_code(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    """`exec(code, globals, locals)`."""
    return interpreter.each(
        arguments[0], lambda code: _run(interpreter, code, "exec", arguments[1:], keywords)
    )


def evaluate_code(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    """`eval(code, globals, locals)`."""
    return interpreter.each(
        arguments[0], lambda code: _run(interpreter, code, "eval", arguments[1:], keywords)
    )


def _run(
    interpreter: Interpreter, code: Value, mode: str, given: Arguments, keywords: Keywords
) -> Value:
    from hardango.settings.expressions import evaluate
    from hardango.settings.statements import execute_all

    outer = interpreter.frame
    assert outer is not None
    spaces = [
        interpreter.resolve(each)
        for each in (
            *given,
            *(keywords[name] for name in ("globals", "locals") if name in keywords),
        )
    ]
    source, file = code, None
    if isinstance(code, Thing) and code.name == "code":
        source, file, mode = code.state
    if not isinstance(source, (str, bytes)):
        return _run_unknown(interpreter, code, mode, spaces, outer)
    body = _parsed(interpreter, source, file, mode)
    frame = _frame(interpreter, outer, spaces, file)
    if frame is None:
        return _run_unknown(interpreter, Unknown("names that are not known"), mode, spaces, outer)
    found: Value = None
    if isinstance(body, ast.expr):
        found = evaluate(interpreter, body, frame)
    else:
        execute_all(interpreter, body, frame)
    interpreter.frame = outer
    _write_back(interpreter, spaces, frame)
    return found


def _parsed(
    interpreter: Interpreter, source: str | bytes, file: str | None, mode: str
) -> list[ast.stmt] | ast.expr:
    from hardango.settings.imports import Unreadable, parse_source

    text = source
    if mode == "eval":
        text = source.strip() if isinstance(source, str) else source.decode(errors="replace")
        text = f"(\n{text}\n)"
    try:
        body = parse_source(text, file or "<string>").body
    except Unreadable as problem:
        raise interpreter.error(SyntaxError, str(problem)) from None
    if mode != "eval":
        return body
    if len(body) != 1 or not isinstance(body[0], ast.Expr):
        raise interpreter.error(SyntaxError, "eval() of a text that is no expression")
    return body[0].value


def _frame(
    interpreter: Interpreter, outer: Frame, spaces: Arguments, file: str | None
) -> Frame | None:
    """Where the code runs: here, or with the names of the mappings that it is given. None if one
    of these is not known."""
    module = Module(outer.module.name, file or outer.module.file, interpreter.space.true)
    module.scope, module.is_package = outer.module.scope, outer.module.is_package
    module.path = outer.module.path
    own = [each for each in spaces if each is not None]
    if not own:
        frame = Frame(outer.scope, module)
        frame.function, frame.outer = outer.function, outer.outer
        return frame
    scopes = [_scope(interpreter, each) for each in own]
    if any(each is None for each in scopes):
        return None
    assert scopes[0] is not None and scopes[-1] is not None
    module.scope = scopes[0]
    if scopes[-1] is not scopes[0] and scopes[-1].parent is None:
        scopes[-1].parent = scopes[0]
    return Frame(scopes[-1], module)


def _scope(interpreter: Interpreter, names: Value) -> Scope | None:
    """The scope that a mapping is, or a new one with what it holds; None if it is not known."""
    if isinstance(names, Thing) and isinstance(names.state, Scope):
        return names.state
    if not isinstance(names, Box) or names.kind is not dict:
        return None
    scope = Scope()
    for key, item in operations.pairs_of(interpreter, names):
        if isinstance(key, str):
            scope.bind(key, item, interpreter.pc)
        elif isinstance(key, Unknown):
            scope.opaque = key
    return scope


def _write_back(interpreter: Interpreter, spaces: Arguments, frame: Frame) -> None:
    """What the code bound is in the dicts that it was given."""
    base = interpreter.pc
    own = [each for each in spaces if each is not None]
    for names, scope in zip(own, (frame.module.scope, frame.scope)):
        if not isinstance(names, Box):
            continue
        for name, alternatives in list(scope.names.items()):
            for each in alternatives:
                interpreter.pc = base & each.condition
                if interpreter.pc.possible:
                    operations.set_item(interpreter, names, name, each.value)
        for name in _unbound(interpreter, names, scope):
            operations.delete_item(interpreter, names, name)
        interpreter.pc = base


def _unbound(interpreter: Interpreter, names: Box, scope: Scope) -> list[str]:
    """The names that were in a dict and that the code has deleted."""
    if len(names.variants) != 1:
        return []
    content = names.variants[0][1]
    return [each for each in content if isinstance(each, str) and each not in scope.names]


def _run_unknown(
    interpreter: Interpreter, code: Value, mode: str, spaces: Arguments, outer: Frame
) -> Value:
    """Code that is not known may bind anything in the names that it gets."""
    from hardango.settings.statements import import_unknown

    if mode == "eval":
        return interpreter.unknown(f"eval() of {short(code)}", code)
    unknown = Unknown(f"exec() of a text that is not known{interpreter.here()}")
    own = [each for each in spaces if each is not None]
    if own and isinstance(own[-1], Box):
        operations.set_item(interpreter, own[-1], unknown, unknown)
        return None
    held = own[-1].state if own and isinstance(own[-1], Thing) else None
    scope = held if isinstance(held, Scope) else outer.module.scope
    import_unknown(interpreter, unknown, Frame(scope, outer.module))
    interpreter.note("exec() runs a text that is not known; it may set anything")
    return None
