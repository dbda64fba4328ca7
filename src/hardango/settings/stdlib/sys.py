"""`sys`: the command line is that of a server, never that of a test run."""

from __future__ import annotations

import sys
from collections.abc import Callable

from hardango.settings.imports import model_of
from hardango.settings.interpreter import Interpreter
from hardango.settings.natives import constant
from hardango.settings.objects import havoc_scope
from hardango.settings.outcomes import Unknown
from hardango.settings.values import ANYWHERE, Module, Native, Thing, Value


def _command_line(interpreter: Interpreter) -> Thing:
    """`sys.argv` of a server that production starts (gunicorn, uvicorn, mod_wsgi, …): one
    program name, and no subcommand of manage.py among its arguments."""
    program = Unknown("the program that starts production", "str", subject="sys.argv[0]")

    def item(interpreter: Interpreter, key: Value) -> Value:
        if key == 0:
            return program
        if isinstance(key, slice):
            return interpreter.box([] if key.start not in (None, 0) else [program])
        return Unknown(
            f"an argument of the server{interpreter.here()}", "str", subject=f"sys.argv[{key}]"
        )

    def contains(interpreter: Interpreter, word: Value) -> Value:
        if not interpreter.state.setdefault("sys.argv was asked", False):
            interpreter.state["sys.argv was asked"] = True
            interpreter.note(
                "sys.argv is taken to be that of a server: no test run, no management command"
            )
        return False

    return Thing(
        "sys.argv",
        item=item,
        contains=contains,
        iterate=lambda interpreter: [program],
        export=None,
    )


def _modules(interpreter: Interpreter) -> Thing:
    """`sys.modules`: the modules imported so far; no test runner among them."""

    def item(interpreter: Interpreter, name: Value) -> Value:
        found = interpreter.modules.get(name) if isinstance(name, str) else None
        if found is None and isinstance(name, str):
            found = model_of(interpreter, name)
        if found is None:
            found = interpreter.unknown(f"sys.modules[{name}]", name, type="module")
        return found

    def contains(interpreter: Interpreter, name: Value) -> Value:
        return isinstance(name, str) and name in interpreter.modules

    def get(interpreter: Interpreter, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        default = arguments[1] if len(arguments) > 1 else None
        return (
            interpreter.modules.get(arguments[0], default)
            if isinstance(arguments[0], str)
            else default
        )

    def everything(interpreter: Interpreter, *_: Value) -> Value:
        others = Unknown("a module of sys.modules", "module", several=True)
        return interpreter.box([*(module for module in interpreter.modules.values()), others])

    def pairs(interpreter: Interpreter, *_: Value) -> Value:
        others = Unknown("a module of sys.modules", several=True)
        return interpreter.box([*interpreter.modules.items(), others])

    def pop(interpreter: Interpreter, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        found = get(interpreter, arguments, keywords)
        _forget(interpreter, arguments[0])
        return found

    methods = {"get": get, "pop": pop, "values": everything, "items": pairs}
    return Thing(
        "sys.modules",
        {name: Native(f"sys.modules.{name}", method) for name, method in methods.items()},
        item=item,
        contains=contains,
        set_item=_replace,
        delete_item=_forget,
        iterate=lambda interpreter: [
            *interpreter.modules,
            Unknown("a name of sys.modules", "str", several=True),
        ],
    )


def _replace(interpreter: Interpreter, name: Value, module: Value) -> None:
    """`sys.modules[name] = module`: what `import name` gives from now on."""
    module = interpreter.resolve(module)
    if not isinstance(name, str) or interpreter.modules.get(name) is module:
        return
    before = interpreter.modules.get(name)
    if isinstance(before, Module) and before.running:
        # Who imports it gets another object than the module that is running.
        havoc_scope(interpreter, before.scope, f"{name} is replaced in sys.modules")
        return
    if not isinstance(module, (Module, Thing, Unknown)) or not interpreter.pc.certain:
        module = Unknown(f"{name}, which is put into sys.modules", "module", subject=name)
    interpreter.modules[name] = module


def _forget(interpreter: Interpreter, name: Value) -> None:
    """`del sys.modules[name]`: the next import runs it again."""
    known = interpreter.modules.get(name) if isinstance(name, str) else None
    if isinstance(known, Module) and not known.running:
        if interpreter.pc.certain:
            del interpreter.modules[name]
        else:
            interpreter.modules[name] = Unknown(f"{name}, which may run again", "module")


def _path(interpreter: Interpreter) -> Thing:
    """`sys.path`: what is put on it is a place to import from."""

    def add(at_front: bool) -> Callable[[Interpreter, list[Value], dict[str, Value]], Value]:
        def run(
            interpreter: Interpreter, arguments: list[Value], keywords: dict[str, Value]
        ) -> Value:
            path = interpreter.resolve(arguments[-1])
            full = (
                interpreter.inside(str(path))
                if isinstance(path, str) or hasattr(path, "joinpath")
                else None
            )
            if full is not None and full not in interpreter.import_roots:
                if at_front:
                    interpreter.import_roots.insert(0, full)
                else:
                    interpreter.import_roots.append(full)
            return None

        return run

    def extend(
        interpreter: Interpreter, arguments: list[Value], keywords: dict[str, Value]
    ) -> Value:
        from hardango.settings.operations import items_of

        for each in items_of(interpreter, arguments[0]):
            add(False)(interpreter, [each], {})
        return None

    def assign(interpreter: Interpreter, key: Value, value: Value) -> None:
        from hardango.settings.operations import items_of

        if isinstance(key, slice):
            for each in items_of(interpreter, value):
                add(True)(interpreter, [each], {})

    return Thing(
        "sys.path",
        {
            "insert": Native("sys.path.insert", add(True)),
            "append": Native("sys.path.append", add(False)),
            "extend": Native("sys.path.extend", extend),
            "remove": Native("sys.path.remove", lambda interpreter, arguments, keywords: None),
            "__add__": Native(
                "sys.path.__add__",
                lambda interpreter, arguments, keywords: (
                    extend(interpreter, arguments, keywords),
                    interpreter.state["sys.path"],
                )[1],
            ),
        },
        iterate=lambda interpreter: list(interpreter.import_roots),
        set_item=assign,
        item=lambda interpreter, key: (
            interpreter.import_roots[0] if key == 0 else Unknown("an entry of sys.path", "str")
        ),
    )


def _names(interpreter: Interpreter) -> dict[str, Value]:
    interpreter.state["sys.path"] = _path(interpreter)
    stream = Thing(
        "a stream",
        {
            "write": Native("write", lambda interpreter, arguments, keywords: 0),
            "flush": Native("flush", lambda interpreter, arguments, keywords: None),
            "isatty": Native("isatty", lambda interpreter, arguments, keywords: False),
        },
    )
    version = (*interpreter.python, 0, "final", 0)
    return {
        "argv": _command_line(interpreter),
        "modules": _modules(interpreter),
        "path": interpreter.state["sys.path"],
        "version_info": Thing(
            "sys.version_info",
            {"major": version[0], "minor": version[1], "micro": version[2]},
            export=version,
            iterate=lambda interpreter: list(version),
            item=lambda interpreter, key: version[key],
        ),
        "version": f"{version[0]}.{version[1]}.0 (main) [GCC]",
        "platform": "linux",
        "maxsize": sys.maxsize,
        "byteorder": "little",
        "executable": Unknown("the path of Python in production", "str"),
        "prefix": Unknown("sys.prefix", "str"),
        "base_prefix": Unknown("sys.base_prefix", "str"),
        "stdout": stream,
        "stderr": stream,
        "stdin": stream,
        "exit": Native("sys.exit", _exit),
        "flags": Unknown("sys.flags"),
        "dont_write_bytecode": False,
        "hexversion": version[0] << 24 | version[1] << 16 | 0xF0,
        "getdefaultencoding": Native(
            "sys.getdefaultencoding", lambda interpreter, arguments, keywords: "utf-8"
        ),
        "setrecursionlimit": Native(
            "sys.setrecursionlimit", lambda interpreter, arguments, keywords: None
        ),
        "_getframe": Native("sys._getframe", _frame),
        "exc_info": constant(
            "sys.exc_info",
            (
                Unknown("the type of an exception"),
                Unknown("an exception"),
                Unknown("a traceback", ANYWHERE),
            ),
        ),
    }


def _exit(interpreter: Interpreter, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    raise interpreter.error(SystemExit, *arguments)


def _frame(interpreter: Interpreter, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    from hardango.settings.namespaces import scope_mapping

    frame = interpreter.frame
    if frame is None or arguments not in ([], [0]):
        return Unknown("the frame of a caller", ANYWHERE)
    module: Module = frame.module
    return Thing(
        "a frame",
        {
            "f_globals": scope_mapping(module.scope),
            "f_locals": scope_mapping(frame.scope),
            "f_back": Unknown("the frame of a caller", ANYWHERE),
        },
    )


def _collector(interpreter: Interpreter) -> dict[str, Value]:
    """`gc`: it gives every object that there is."""
    found = Unknown("all objects", ANYWHERE)
    return {
        name: constant(f"gc.{name}", found)
        for name in ("get_objects", "get_referrers", "get_referents")
    }


MODULES: dict[str, Callable[[Interpreter], dict[str, Value]]] = {"sys": _names, "gc": _collector}
