"""django-split-settings: settings of several files, each run in the scope of the one that includes.

https://django-split-settings.readthedocs.io/. Included code runs in the scope of the including
module, so `__file__` is that module's, while paths are relative to the file that includes.
"""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable

from hardango.settings.conditions import Condition
from hardango.settings.imports import Unreadable, parse
from hardango.settings.interpreter import Interpreter
from hardango.settings.likeness import DEPENDS
from hardango.settings.outcomes import Unknown
from hardango.settings.stdlib.os import glob_files
from hardango.settings.values import (
    Dead,
    Failure,
    Frame,
    Instance,
    Module,
    Native,
    Scope,
    Thing,
    Value,
)

MAX_CANDIDATES = 12
"""Files that a pattern which is not known may stand for, before it may stand for anything."""


def _optional(
    interpreter: Interpreter, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    name = arguments[0] if arguments else keywords.get("filename")
    return Thing("an optional file", state=name, export=name)


def _include(interpreter: Interpreter, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    frame = interpreter.frame
    assert frame is not None
    scope = frame.module.scope
    given = interpreter.resolve(keywords.get("scope"))
    if isinstance(given, Thing) and isinstance(given.state, Scope):
        scope = given.state
    if not scope.bound("__file__", interpreter.pc):
        scope.bind("__file__", frame.module.file, interpreter.space.true)
    directory = posixpath.dirname(frame.module.file)
    module, place = frame.module, interpreter.place
    for pattern in arguments:
        interpreter.each(
            pattern,
            lambda one: _include_pattern(interpreter, module, scope, directory, one),
        )
        interpreter.frame, interpreter.place = frame, place
    return None


def _include_pattern(
    interpreter: Interpreter, module: Module, scope: Scope, directory: str, pattern: Value
) -> Value:
    optional = isinstance(pattern, Thing) and pattern.name == "an optional file"
    if optional:
        return interpreter.each(
            pattern.state,
            lambda one: _include_text(interpreter, module, scope, directory, one, optional=True),
        )
    return _include_text(interpreter, module, scope, directory, pattern, optional=False)


def _include_text(
    interpreter: Interpreter,
    module: Module,
    scope: Scope,
    directory: str,
    pattern: Value,
    *,
    optional: bool,
) -> Value:
    if isinstance(pattern, Instance):
        pattern = pattern.payload
    if pattern is None or pattern == "":
        return None
    if isinstance(pattern, Unknown):
        return _include_unknown(interpreter, module, scope, directory, pattern, optional)
    path = posixpath.join(directory, str(pattern))
    if any(sign in str(pattern) for sign in "*?["):
        files = glob_files(interpreter, path)
        if not files and not optional:
            raise interpreter.error(OSError, f"No such file: {path}")
        for file in files:
            _run(interpreter, module, scope, file)
        return None
    there = interpreter.exists(path, "file")
    if not optional:
        interpreter.fail(~there, Failure(OSError, (f"No such file: {path}",)))
        _run(interpreter, module, scope, path)
        return None
    return interpreter.branch(there, lambda: _run(interpreter, module, scope, path), lambda: None)


def _include_unknown(
    interpreter: Interpreter,
    module: Module,
    scope: Scope,
    directory: str,
    pattern: Unknown,
    optional: bool,
) -> Value:
    """A file whose name comes from the environment: each file of the project that it may be."""
    files = [
        file
        for file in glob_files(interpreter, posixpath.join(directory, pattern.prefix + "*"))
        if file.endswith(".py") and not file.endswith("__init__.py")
    ]
    if not pattern.prefix or len(files) > MAX_CANDIDATES:
        _may_set_anything(interpreter, module, scope, _named_by(pattern))
        return None
    rest = interpreter.pc
    for file in files:
        name = posixpath.relpath(file, directory)
        chosen = _chosen(interpreter, pattern, name, interpreter.relative(file))

        def run(file: str = file) -> Value:
            return _run(interpreter, module, scope, file)

        interpreter.branch(chosen, run, lambda: None)
        rest = rest & ~chosen
    if not optional:
        interpreter.fail(rest, Failure(OSError, ("No such file",)))
    return None


def _named_by(pattern: Unknown) -> str:
    """A file, or several, whose name is not known, in words."""
    if pattern.variables:
        return f"what {' or '.join(pattern.variables)} includes"
    return f"a file that {pattern.reason.rpartition(DEPENDS)[2]} names"


def _chosen(interpreter: Interpreter, pattern: Unknown, name: str, shown: str) -> Condition:
    """The condition under which a pattern that is not known names one file: in words about the
    variable that it is made with, if it is one, so that other tests of it are the same condition."""
    before, brace, rest = pattern.reason.removeprefix("a text with ").partition("{")
    variable, _, after = rest.partition("}")
    if brace and pattern.variables == (variable,) and "{" not in after:
        if not (name.startswith(before) and name.endswith(after)):
            return interpreter.space.false
        value = name[len(before) : len(name) - len(after)]
        text = Unknown(f"read from {variable}", "str", (variable,), subject=variable)
        words = f"{variable} is {value!r}", f"{variable} is not {value!r}"
        return interpreter.test(text, value, *words)
    return interpreter.test(pattern, name, f"{shown} is included", f"{shown} is not included")


def _run(interpreter: Interpreter, module: Module, scope: Scope, path: str) -> Value:
    """Run one file in `scope`, in the cases in which it has not been run there before."""
    from hardango.settings.statements import execute_all

    full = interpreter.inside(path)
    if full is None or not os.path.isfile(full):
        shown = path if full is None else interpreter.relative(full)
        reason = f"{shown}, which is not in the repository"
        _may_set_anything(interpreter, module, scope, reason)
        return None
    done = interpreter.state.setdefault("split_settings", {})
    key = (id(scope), full)
    base = interpreter.pc
    missing = base & ~done.get(key, interpreter.space.false)
    if not missing.possible:
        return None
    done[key] = done.get(key, interpreter.space.false) | missing
    part = Module(module.name, full, interpreter.space.true)
    part.scope, part.is_package, part.path = scope, module.is_package, module.path
    interpreter.pc = missing
    try:
        execute_all(interpreter, parse(interpreter, full).body, Frame(scope, part))
    except Unreadable as problem:
        interpreter.note(f"{problem}; what it sets is not known")
        _may_set_anything(interpreter, module, scope, str(problem))
    except Dead:
        interpreter.pc = interpreter.space.false
    interpreter.pc = (base & ~missing) | interpreter.pc
    if not interpreter.pc.possible:
        raise Dead
    return None


def _may_set_anything(interpreter: Interpreter, module: Module, scope: Scope, reason: str) -> None:
    from hardango.settings.statements import import_star

    comma = "," if ", which" in reason else ""
    interpreter.note(f"{reason}{comma} can override settings")
    import_star(interpreter, Unknown(reason, "module"), Frame(scope, module))


MODULES: dict[str, Callable[[Interpreter], dict[str, Value]]] = {
    "split_settings": lambda interpreter: {},
    "split_settings.tools": lambda interpreter: {
        "include": Native("split_settings.tools.include", _include),
        "optional": Native("split_settings.tools.optional", _optional),
    },
}
