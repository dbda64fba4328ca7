"""What the models of settings libraries share: classes and functions with Python's calling
conventions, typed reads of texts that are not known, and files of variables."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping

from hardango.findings import Place
from hardango.light import Any
from hardango.settings.files import of_this_machine, path_text
from hardango.settings.interpreter import Interpreter
from hardango.settings.outcomes import Unknown
from hardango.settings.values import MISSING, Class, Instance, Native, Thing, Value

Arguments = list[Value]
Keywords = dict[str, Value]
Method = Callable[[Interpreter, Value, Arguments, Keywords], Value]

# -- functions and classes -------------------------------------------------------------------------


def bind(
    interpreter: Interpreter,
    function: str,
    parameters: Mapping[str, Value],
    arguments: Arguments,
    keywords: Keywords,
    *,
    keyword_only: Iterable[str] = (),
    rest: bool = False,
) -> dict[str, Value]:
    """The arguments of a call by parameter; `parameters` maps each to its default, MISSING if it
    is required. With `rest`, further keywords are kept. Raises Raised(TypeError)."""
    names = [name for name in parameters if name not in keyword_only]
    if len(arguments) > len(names):
        raise interpreter.error(
            TypeError,
            f"{function}() takes {len(names)} arguments but {len(arguments)} were given",
        )
    given = {**parameters, **dict(zip(names, arguments))}
    for name, value in keywords.items():
        if name not in parameters and not rest and name != "**":
            raise interpreter.error(
                TypeError, f"{function}() got an unexpected keyword argument {name!r}"
            )
        given[name] = value
    for name, value in given.items():
        if value is MISSING:
            raise interpreter.error(
                TypeError, f"{function}() missing 1 required argument: {name!r}"
            )
    return given


def method(name: str, run: Method) -> Native:
    """A method: a function whose first argument is the receiver."""
    return Native(
        name,
        lambda interpreter, arguments, keywords: run(
            interpreter, arguments[0], arguments[1:], keywords
        ),
    )


def function(name: str, run: Callable[[Interpreter, Arguments, Keywords], Value]) -> Native:
    return Native(name, run)


def model_class(
    interpreter: Interpreter, name: str, members: Mapping[str, Value], bases: Iterable[Class] = ()
) -> Class:
    """A class that the program can call, derive from and ask for its members."""
    from hardango.settings.classes import linearize

    made = Class(name, list(bases), None)
    made.mro = linearize(made)
    for key, value in members.items():
        made.scope.bind(key, value, interpreter.space.true)
    return made


def attribute(interpreter: Interpreter, value: Value, name: str, default: Value = None) -> Value:
    """`getattr(value, name, default)` for an object of a modelled class."""
    from hardango.settings.objects import try_attribute

    found = try_attribute(interpreter, value, name)
    return default if found is MISSING else found


def put_attribute(interpreter: Interpreter, instance: Instance, name: str, value: Value) -> None:
    instance.scope.bind(name, value, interpreter.pc)


# -- texts that are not known ----------------------------------------------------------------------


def typed(interpreter: Interpreter, text: Unknown, kind: str | None) -> Unknown:
    """What a typed read makes of a text that is not known: the same words, another type."""
    if kind == text.type:
        return text
    return interpreter.unknown(text.reason, text, type=kind, subject=text.subject)


def several(interpreter: Interpreter, text: Unknown, kind: str | None = "str") -> Unknown:
    """Any number of items that a text which is not known holds."""
    item = interpreter.unknown(text.reason, text, type=kind, subject=text.subject)
    item.several = True
    return item


def part(interpreter: Interpreter, text: Unknown, name: str, kind: str | None = "str") -> Unknown:
    """One named part of a URL that is not known."""
    return interpreter.unknown(text.reason, text, type=kind, subject=f"{name} in {text.subject}")


def name_of_type(cast: Value) -> str | None:
    """The type that `cast` gives as an `Unknown` says it; None if it is not a built-in type."""
    return cast.__name__ if cast in (bool, int, float, str, bytes, list, tuple, dict) else None


def dict_of_unknown(
    interpreter: Interpreter, text: Unknown, known: Mapping[str, Value], *, more: bool = True
) -> Value:
    """A dict made of a text that is not known: `known` keys; with `more` there may be others."""
    content: dict[Value, Value] = dict(known)
    if more:
        rest = typed(interpreter, text, None)
        content[rest] = rest
    return interpreter.box(content)


# -- files of variables ----------------------------------------------------------------------------


def caller_directory(interpreter: Interpreter) -> str:
    """The directory of the source file in which the current call stands."""
    frame = interpreter.frame
    file = frame.module.file if frame is not None else ""
    return os.path.dirname(file) if file else interpreter.root


def find_upwards(interpreter: Interpreter, start: str, names: Iterable[str]) -> str | None:
    """The first file of one of `names` in `start` or a directory above it, inside the root."""
    directory = interpreter.inside(start)
    while directory is not None:
        for name in names:
            if committed(interpreter, os.path.join(directory, name)):
                return os.path.join(directory, name)
        if directory == interpreter.root:
            return None
        directory = interpreter.inside(os.path.dirname(directory))
    return None


def known_path(path: Value) -> str | None:
    """A path of any kind as text: text, a `pathlib` path, an object that stands for one."""
    if isinstance(path, Thing) and isinstance(path.export, str):
        return path.export
    if isinstance(path, Instance) and isinstance(path.payload, str):
        return path.payload
    return path_text(path)


def committed(interpreter: Interpreter, path: str) -> bool:
    """Whether a file of variables is in the repository."""
    full = interpreter.inside(path)
    return full is not None and os.path.isfile(full) and not of_this_machine(interpreter, full)


def committed_text(interpreter: Interpreter, path: str) -> str | Unknown | None:
    """The text of a file of the project, None if it is not in the repository.

    A file of variables that only production has is no other case than the variables themselves:
    each is set or unset. Where all variables are given, the file says more than is known.
    """
    if committed(interpreter, path):
        return interpreter.read(path)
    if interpreter.closed and interpreter.exists(path, "file").possible:
        interpreter.note(f"{path} is not in the repository; the variables it sets are not known")
    return None


def put_variable(
    interpreter: Interpreter, name: str, text: Value, place: Place | None, *, overwrite: bool
) -> None:
    """Set an environment variable where it is unset; with `overwrite`, everywhere."""
    if overwrite:
        interpreter.set_variable(name, text, place)
        return

    def one(old: Value) -> Value:
        if old is MISSING:
            interpreter.set_variable(name, text, place)
        return None

    interpreter.each(interpreter.variable(name), one)


def flag(interpreter: Interpreter, value: Value) -> bool:
    """Whether an option such as `override` is true; one that is not known counts as false."""
    return bool((interpreter.truth(value) & interpreter.pc) is interpreter.pc)


def text_of_source(interpreter: Interpreter, source: Value) -> Any:
    """The text that `read()` of a stream gives, or an Unknown."""
    if isinstance(source, Thing) and isinstance(source.state, (str, Unknown)):
        return source.state
    return Unknown("the content of a stream", "str")
