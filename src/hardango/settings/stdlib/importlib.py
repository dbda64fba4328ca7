"""`importlib`: importing by a name that is computed."""

from __future__ import annotations

from collections.abc import Callable

from hardango.settings.imports import absolute_name, import_module
from hardango.settings.interpreter import Interpreter
from hardango.settings.outcomes import Unknown
from hardango.settings.values import Module, Native, Raised, Thing, Value


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


def _version(interpreter: Interpreter, arguments: list[Value], keywords: dict[str, Value]) -> Value:
    return interpreter.unknown(
        f"the installed version of {arguments[0] if isinstance(arguments[0], str) else 'a package'}",
        type="str",
    )


MODULES: dict[str, Callable[[Interpreter], dict[str, Value]]] = {
    "importlib": lambda interpreter: {
        "import_module": Native("importlib.import_module", _import_module),
        "reload": Native("importlib.reload", lambda interpreter, arguments, keywords: arguments[0]),
    },
    "importlib.util": lambda interpreter: {
        "find_spec": Native("importlib.util.find_spec", _find_spec)
    },
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
