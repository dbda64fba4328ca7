"""python-dotenv: `load_dotenv()`, `dotenv_values()`, and the .env format that environs shares.

https://saurabh-kumar.com/python-dotenv/reference/
"""

from __future__ import annotations

import ast
import os
import re
from collections.abc import Callable

from hardango.findings import Place
from hardango.light import NamedTuple
from hardango.patterns import Pattern
from hardango.settings import operations
from hardango.settings.files import content_of, of_this_machine
from hardango.settings.interpreter import Interpreter
from hardango.settings.libraries.reading import (
    Arguments,
    Keywords,
    bind,
    caller_directory,
    committed_text,
    find_upwards,
    flag,
    function,
    known_path,
    put_variable,
    text_of_source,
)
from hardango.settings.outcomes import Unknown
from hardango.settings.stdlib.os import working_directory
from hardango.settings.values import MISSING, Native, Value

# -- the format ------------------------------------------------------------------------------------

BLANK = Pattern(r"\s*")
EXPORT = Pattern(r"(?:export[^\S\r\n]+)?")
KEY = Pattern(r"'([^']+)'|([^=#\s]+)")
EQUALS = Pattern(r"[^\S\r\n]*(=[^\S\r\n]*)?")
QUOTED = {
    "'": re.compile(r"'((?:\\.|[^'\\])*)'", re.DOTALL),
    '"': re.compile(r'"((?:\\.|[^"\\])*)"', re.DOTALL),
}
ESCAPES = {"'": re.compile(r"\\([\\'])"), '"': re.compile(r"\\([\\'\"abfnrtv])")}
CONTROL = dict(zip("abfnrtv", "\a\b\f\n\r\t\v"))
UNQUOTED = Pattern(r"[^\r\n]*")
END = Pattern(r"[^\S\r\n]*(?:#[^\r\n]*)?[^\S\r\n]*(?:\r\n|\n|\r|$)")
REST = Pattern(r"[^\r\n]*(?:\r\n|\n|\r)?")
REFERENCE = Pattern(r"\$\{([^}:]*)(?::-([^}]*))?\}")


class Binding(NamedTuple):
    """One `NAME=value` and the line of its name; `value` is None for a name alone."""

    name: str
    value: str | None
    line: int


def parse(text: str) -> list[Binding]:
    """The bindings of a .env file in order. What cannot be read is passed over, line by line."""
    text = text.removeprefix("\ufeff")
    found: list[Binding] = []
    position, line, counted = 0, 1, 0
    while position < len(text):
        start = _after(BLANK, text, position)
        if start >= len(text):
            break
        line += len(re.findall(r"\r\n|\n|\r", text[counted:start]))
        counted = start
        binding, position = _binding(text, start, line)
        if binding is not None:
            found.append(binding)
    return found


def _after(pattern: Pattern, text: str, position: int) -> int:
    match = pattern.match(text, position)
    return position if match is None else match.end()


def _binding(text: str, start: int, line: int) -> tuple[Binding | None, int]:
    """The binding that starts here, None for a comment or an error, and where it ends."""
    position = _after(EXPORT, text, start)
    failed = None, _after(REST, text, position)
    if text[position : position + 1] == "#":
        return None, _after(REST, text, position)
    key = KEY.match(text, position)
    if key is None or (text[position] == "'" and key[1] is None):
        return failed
    equals = EQUALS.match(text, key.end())
    value: str | None = None
    position = key.end()
    if equals is not None and equals[1]:
        position = equals.end()
        read = _value(text, position, spaced=len(equals[1]) > 1)
        if read is None:
            return None, _after(REST, text, position)
        value, position = read
    end = END.match(text, position)
    if end is None:
        return None, _after(REST, text, position)
    return Binding(key[1] or key[2], value, line), max(end.end(), start + 1)


def _value(text: str, position: int, *, spaced: bool) -> tuple[str, int] | None:
    """The value that starts here and where it ends; None if its quote is not closed."""
    sign = text[position : position + 1]
    if sign == "#" and spaced:  # `NAME= # a comment`
        return "", position
    if sign in QUOTED:
        match = QUOTED[sign].match(text, position)
        if match is None:
            return None
        decoded = ESCAPES[sign].sub(lambda each: CONTROL.get(each[1], each[1]), match[1])
        return decoded, match.end()
    match = UNQUOTED.match(text, position)
    assert match is not None
    return re.sub(r"\s+#.*", "", match[0]).rstrip(), match.end()


# -- ${NAME:-default} ------------------------------------------------------------------------------


def resolved(
    interpreter: Interpreter, bindings: list[Binding], *, interpolate: bool, override: bool
) -> dict[str, tuple[Value, int]]:
    """The values by name, references filled in. With `override`, what stands in the file counts
    before the environment."""
    found: dict[str, tuple[Value, int]] = {}
    for name, value, line in bindings:
        filled: Value = value
        if value is not None and interpolate and "${" in value:
            filled = _filled(interpreter, value, found, override)
        found[name] = (filled, line)
    return found


def _filled(
    interpreter: Interpreter, text: str, before: dict[str, tuple[Value, int]], override: bool
) -> Value:
    filled: Value = ""
    position = 0
    for match in REFERENCE.finditer(text):
        name, default = match[1], match[2] or ""
        if override and name in before:
            value: Value = before[name][0]
        else:
            otherwise = before[name][0] if name in before else default
            value = interpreter.each(
                interpreter.variable(name),
                lambda one, otherwise=otherwise: otherwise if one is MISSING else one,  # type: ignore[misc]
            )
        for piece in (text[position : match.start()], "" if value is None else value):
            filled = operations.binary(interpreter, ast.Add, filled, piece)
        position = match.end()
    return operations.binary(interpreter, ast.Add, filled, text[position:])


# -- loading ---------------------------------------------------------------------------------------


def load_file(
    interpreter: Interpreter, path: str, *, override: bool, interpolate: bool = True
) -> bool:
    """Set the variables of a file; whether it sets any."""
    text = committed_text(interpreter, path)
    if not isinstance(text, str):
        return False
    full = interpreter.inside(path)
    shown = path if full is None else interpreter.relative(full)
    return load_text(interpreter, text, shown, override=override, interpolate=interpolate)


def load_text(
    interpreter: Interpreter, text: str, shown: str, *, override: bool, interpolate: bool
) -> bool:
    found = resolved(interpreter, parse(text), interpolate=interpolate, override=override)
    for name, (value, line) in found.items():
        if value is not None:
            place = Place(shown, line) if shown else None
            put_variable(interpreter, name, value, place, overwrite=override)
    return bool(found)


OPTIONS: dict[str, Value] = {
    "dotenv_path": None,
    "stream": None,
    "verbose": False,
    "override": False,
    "interpolate": True,
    "encoding": "utf-8",
}


def _load(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    directory = caller_directory(interpreter)
    given = bind(interpreter, "load_dotenv", OPTIONS, arguments, keywords)
    override = flag(interpreter, given["override"])
    interpolate = flag(interpreter, given["interpolate"])
    disabled = interpreter.environment.values.get("PYTHON_DOTENV_DISABLED")
    if disabled and (disabled.text or "").casefold() in ("1", "true", "t", "yes", "y"):
        return False

    def one(path: Value) -> Value:
        if path is None and given["stream"] is not None:
            text = text_of_source(interpreter, given["stream"])
            if isinstance(text, Unknown):
                return interpreter.unknown("whether a stream sets a variable", text, type="bool")
            return load_text(interpreter, text, "", override=override, interpolate=interpolate)
        file = find_upwards(interpreter, directory, [".env"]) if path is None else known_path(path)
        if file is None:
            if path is not None:
                interpreter.note("which .env file is loaded is not known")
            return False
        return load_file(interpreter, file, override=override, interpolate=interpolate)

    return interpreter.each(given["dotenv_path"], one)


def _find(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    spec = {"filename": ".env", "raise_error_if_not_found": False, "usecwd": False}
    directory = caller_directory(interpreter)
    given = bind(interpreter, "find_dotenv", spec, arguments, keywords)
    if flag(interpreter, given["usecwd"]):
        directory = working_directory(interpreter)

    def one(name: Value) -> Value:
        if not isinstance(name, str):
            return interpreter.unknown("the path of a .env file", name, type="str")
        found = find_upwards(interpreter, directory, [name])
        if found is None and flag(interpreter, given["raise_error_if_not_found"]):
            raise interpreter.error(OSError, "File not found")
        return found or ""

    return interpreter.each(given["filename"], one)


def _values(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    spec = {name: value for name, value in OPTIONS.items() if name != "override"}
    directory = caller_directory(interpreter)
    given = bind(interpreter, "dotenv_values", spec, arguments, keywords)
    interpolate = flag(interpreter, given["interpolate"])

    def dictionary(text: str) -> Value:
        found = resolved(interpreter, parse(text), interpolate=interpolate, override=True)
        return interpreter.box({name: value for name, (value, _) in found.items()})

    def one(path: Value) -> Value:
        if path is None and given["stream"] is not None:
            text = text_of_source(interpreter, given["stream"])
            return dictionary(text) if isinstance(text, str) else _unknown_values(interpreter, text)
        if path is None:
            path = find_upwards(interpreter, directory, [".env"]) or os.path.join(directory, ".env")
        file = known_path(path)
        if file is None:
            return _unknown_values(
                interpreter, interpreter.unknown("read from a .env file that is not known", path)
            )
        full = interpreter.inside(file)
        if full is not None and of_this_machine(interpreter, full):
            shown = interpreter.relative(full)
            return interpreter.branch(
                interpreter.may_be_made(shown),
                lambda: _unknown_values(interpreter, content_of(shown)),
                lambda: interpreter.box({}),
            )
        return interpreter.branch(
            interpreter.exists(file, "file"),
            lambda: _dictionary_of(interpreter, file, dictionary),
            lambda: interpreter.box({}),
        )

    return interpreter.each(given["dotenv_path"], one)


def _dictionary_of(
    interpreter: Interpreter, file: str, dictionary: Callable[[str], Value]
) -> Value:
    text = interpreter.read(file)
    return dictionary(text) if isinstance(text, str) else _unknown_values(interpreter, text)


def _unknown_values(interpreter: Interpreter, text: Unknown) -> Value:
    return interpreter.box({text: text})


def _get_key(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    spec = {"dotenv_path": MISSING, "key_to_get": MISSING, "encoding": "utf-8"}
    given = bind(interpreter, "get_key", spec, arguments, keywords)
    found = _values(interpreter, [given["dotenv_path"]], {})
    return interpreter.call(interpreter.get(found, "get"), [given["key_to_get"]], {})


def _read_dotenv(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    """`read_dotenv` of django-dotenv, which is imported by the same name: a file or the directory
    that holds .env, by default that of the caller."""
    directory = caller_directory(interpreter)
    spec = {"dotenv": None, "override": False}
    given = bind(interpreter, "read_dotenv", spec, arguments, keywords)

    def one(path: Value) -> Value:
        file = known_path(directory if path is None else path)
        if file is None:
            return None
        full = interpreter.inside(file)
        if full is not None and os.path.isdir(full):
            file = os.path.join(file, ".env")
        load_file(interpreter, file, override=flag(interpreter, given["override"]))
        return None

    return interpreter.each(given["dotenv"], one)


def _written(name: str) -> Native:
    """A function that changes a .env file: nothing is written."""
    return function(name, lambda interpreter, arguments, keywords: (True, *arguments[1:]))


def _names(interpreter: Interpreter) -> dict[str, Value]:
    return {
        "load_dotenv": function("load_dotenv", _load),
        "find_dotenv": function("find_dotenv", _find),
        "dotenv_values": function("dotenv_values", _values),
        "get_key": function("get_key", _get_key),
        "set_key": _written("set_key"),
        "unset_key": _written("unset_key"),
        "read_dotenv": function("read_dotenv", _read_dotenv),
    }


MODULES: dict[str, Callable[[Interpreter], dict[str, Value]]] = {
    "dotenv": _names,
    "dotenv.main": _names,
}
