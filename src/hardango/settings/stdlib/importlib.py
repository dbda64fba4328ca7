"""`importlib`, `runpy`, `builtins`: importing by a name or a path that is computed."""

from __future__ import annotations

import os
from collections.abc import Callable

from hardango.settings.imports import absolute_name, find_source, import_module, run_body
from hardango.settings.interpreter import Interpreter
from hardango.settings.likeness import short
from hardango.settings.objects import namespace
from hardango.settings.operations import pairs_of
from hardango.settings.outcomes import Unknown
from hardango.settings.values import Module, Native, Raised, Thing, Value

Arguments = list[Value]
Keywords = dict[str, Value]


def _import_module(
    interpreter: Interpreter, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    package = arguments[1] if len(arguments) > 1 else keywords.get("package")

    def one(name: Value) -> Value:
        if not isinstance(name, str):
            return interpreter.unknown(
                f"the module that {getattr(name, 'subject', 'an expression')} names",
                name,
                type="module",
            )
        if name.startswith("."):
            stripped = name.lstrip(".")
            holder = Module(str(package), "", interpreter.space.true)
            holder.is_package = True
            return import_module(
                interpreter, absolute_name(interpreter, holder, stripped, len(name) - len(stripped))
            )
        return import_module(interpreter, name)

    return interpreter.each(arguments[0], one)


def _find_spec(
    interpreter: Interpreter, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    """A module spec if the module is there, None if not: known for the project's own only."""

    def one(name: Value) -> Value:
        if not isinstance(name, str):
            return interpreter.unknown("a module spec", name)
        interpreter.catching_import += 1
        sink: list[object] = []
        interpreter.sinks.append(sink)  # type: ignore[arg-type]
        base = interpreter.pc
        try:
            import_module(interpreter, name)
            there = interpreter.pc
        except Raised:
            there = interpreter.space.false
        finally:
            interpreter.sinks.pop()
            interpreter.catching_import -= 1
            interpreter.pc = base
        spec = Thing("a module spec", {"name": name})
        return interpreter.resolve(interpreter.merge([(there, spec), (base & ~there, None)]))

    return interpreter.each(arguments[0], one)


# -- a file as a module ------------------------------------------------------------------------------


def _file_of(interpreter: Interpreter, path: Value) -> str | None:
    """The source file inside the root that a path names; None if it is not known or not there."""
    if not isinstance(path, str) and not hasattr(path, "joinpath"):
        return None
    full = interpreter.inside(str(path))
    return full if full is not None and os.path.isfile(full) else None


def _spec_of_file(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    """`spec_from_file_location(name, location)`: a spec whose loader runs the file."""
    name = arguments[0] if arguments else keywords.get("name")
    location = arguments[1] if len(arguments) > 1 else keywords.get("location")
    return interpreter.each(location, lambda path: _spec(interpreter, name, path))


def _spec(interpreter: Interpreter, name: Value, path: Value) -> Value:
    file = _file_of(interpreter, path)
    if file is None:
        return interpreter.unknown(f"a module spec of {short(path)}", path)
    loader = _loader(interpreter, name, file)
    named = {"name": name, "origin": file, "loader": loader}
    return Thing("a module spec", named, state=(name, file))


def _module_of_spec(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    def one(spec: Value) -> Value:
        if isinstance(spec, Thing) and isinstance(spec.state, tuple):
            return _new_module(interpreter, *spec.state)
        return interpreter.unknown("module_from_spec(…)", spec, type="module")

    return interpreter.each(arguments[0] if arguments else keywords.get("spec"), one)


def _new_module(interpreter: Interpreter, name: Value, file: str) -> Module:
    return Module(name if isinstance(name, str) else short(name), file, interpreter.space.true)


def _loader(interpreter: Interpreter, name: Value, file: str) -> Thing:
    def run(interpreter: Interpreter, arguments: Arguments, _: Keywords) -> Value:
        module = interpreter.resolve(arguments[0])
        if isinstance(module, Module):
            _run(interpreter, module, file)
        return None

    def load(interpreter: Interpreter, arguments: Arguments, _: Keywords) -> Value:
        module = _new_module(interpreter, name, file)
        interpreter.modules[module.name] = module
        return _run(interpreter, module, file)

    methods = {"exec_module": run, "load_module": load}
    return Thing("a loader", {key: Native(key, method) for key, method in methods.items()})


def _make_loader(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    name = arguments[0] if arguments else keywords.get("fullname")
    path = arguments[1] if len(arguments) > 1 else keywords.get("path")

    def one(path: Value) -> Value:
        file = _file_of(interpreter, path)
        if file is None:
            return interpreter.unknown(f"a loader of {short(path)}", path)
        return _loader(interpreter, name, file)

    return interpreter.each(path, one)


def _run(interpreter: Interpreter, module: Module, file: str) -> Module:
    """Run a file as the body of `module`, in the cases that are possible here, now."""
    if module.running:
        return module
    module.file = file
    frame = interpreter.frame
    run_body(interpreter, module, interpreter.pc)
    interpreter.frame = frame
    return module


def _reload(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    def one(module: Value) -> Value:
        if isinstance(module, Module) and module.file:
            return _run(interpreter, module, module.file)
        return module

    return interpreter.each(arguments[0], one)


def _run_path(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    """`runpy.run_path(path, init_globals)`: the names that the file binds, as a dict."""
    path, *given = arguments

    def one(path: Value) -> Value:
        file = _file_of(interpreter, path)
        if file is None:
            return interpreter.unknown(f"run_path({short(path)})", path, type="dict")
        return _names_of(interpreter, file, given, keywords)

    return interpreter.each(path, one)


def _run_module(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    name, *given = arguments

    def one(name: Value) -> Value:
        file = find_source(interpreter, name)[0] if isinstance(name, str) else None
        if file is None:
            return interpreter.unknown(f"run_module({short(name)})", name, type="dict")
        return _names_of(interpreter, file, given, keywords)

    return interpreter.each(name, one)


def _names_of(interpreter: Interpreter, file: str, given: Arguments, keywords: Keywords) -> Value:
    module = _new_module(interpreter, "<run_path>", file)
    before = given[0] if given else keywords.get("init_globals")
    for key, item in pairs_of(interpreter, before) if before is not None else ():
        if isinstance(key, str):
            module.scope.bind(key, item, interpreter.pc)
    _run(interpreter, module, file)
    return interpreter.call(interpreter.get(namespace(interpreter, module.scope), "copy"), [], {})


def _builtins(interpreter: Interpreter) -> dict[str, Value]:
    from hardango.settings.builtins import BUILTINS

    return dict(BUILTINS)


def _version(interpreter: Interpreter, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    return interpreter.unknown(
        f"the installed version of {arguments[0] if isinstance(arguments[0], str) else 'a package'}",
        type="str",
    )


MODULES: dict[str, Callable[[Interpreter], dict[str, Value]]] = {
    "importlib": lambda interpreter: {
        "import_module": Native("importlib.import_module", _import_module),
        "reload": Native("importlib.reload", _reload),
    },
    "importlib.util": lambda interpreter: {
        "find_spec": Native("importlib.util.find_spec", _find_spec),
        "spec_from_file_location": Native("spec_from_file_location", _spec_of_file),
        "module_from_spec": Native("module_from_spec", _module_of_spec),
    },
    "importlib.machinery": lambda interpreter: {
        "SourceFileLoader": Native("SourceFileLoader", _make_loader),
    },
    "runpy": lambda interpreter: {
        "run_path": Native("runpy.run_path", _run_path),
        "run_module": Native("runpy.run_module", _run_module),
    },
    "builtins": _builtins,
    "importlib.metadata": lambda interpreter: {
        "version": Native("importlib.metadata.version", _version),
        "PackageNotFoundError": ModuleNotFoundError,
        "entry_points": Native(
            "entry_points",
            lambda interpreter, arguments, keywords: interpreter.box(
                [Unknown("the entry points of installed packages", several=True)]
            ),
        ),
    },
    "importlib.resources": lambda interpreter: {},
}
