"""environs: `env = Env()`, `env.read_env()`, `env.bool("DEBUG", False)`.

`read_env` sets variables of the process, as it did until version 15 kept them in the `Env`: only
settings that also read `os.environ` can tell, and they are written for what it did.
https://github.com/sloria/environs
"""

from __future__ import annotations

import ast
import os
import posixpath
import re
from collections.abc import Callable

from hardango.light import Any
from hardango.settings import operations
from hardango.settings.conditions import Condition
from hardango.settings.interpreter import Interpreter
from hardango.settings.libraries import environs_fields as fields
from hardango.settings.libraries.dj_database_url import call_parse as parse_database
from hardango.settings.libraries.dotenv import load_file
from hardango.settings.libraries.environs_fields import FIELDS, Field, Invalid
from hardango.settings.libraries.environs_validate import run_validators, validator_names
from hardango.settings.libraries.reading import (
    Arguments,
    Keywords,
    attribute,
    bind,
    caller_directory,
    find_upwards,
    flag,
    function,
    known_path,
    method,
    model_class,
    put_attribute,
    several,
    typed,
)
from hardango.settings.libraries.service_urls import parse_cache, parse_email
from hardango.settings.objects import try_attribute
from hardango.settings.outcomes import Unknown
from hardango.settings.stdlib.os import working_directory
from hardango.settings.values import (
    MISSING,
    Class,
    Dead,
    Descriptor,
    Failure,
    Instance,
    Native,
    Raised,
    Thing,
    Value,
)

REFERENCE = re.compile(r"(?<!\\)\$\{([A-Za-z0-9_]+)(:-[^}:]*)?\}")
DEPTH = 20
"""Variables that refer to each other, at most."""


class EnvError(ValueError):
    """What went wrong while reading the environment."""


class EnvNotSetError(EnvError):
    """A required variable is unset."""


class EnvValidationError(EnvError):
    """A variable has no valid value."""


class EnvSealedError(TypeError, EnvError):
    """A variable is read after `seal()`."""


class ParserConflictError(ValueError):
    """A parser with the name of another one."""


# -- texts -----------------------------------------------------------------------------------------


def text_of(
    interpreter: Interpreter,
    env: Value,
    name: Value,
    default: Value = ...,
    *,
    proxied: bool = False,
    depth: int = 0,
) -> Value:
    """The text of a variable, an Unknown, or `default`, by case; `${NAME}` filled in if the Env
    expands variables."""
    if depth > DEPTH:
        raise interpreter.error(RecursionError, "maximum recursion depth exceeded")
    prefix = None if proxied else attribute(interpreter, env, "_prefix")
    full = name if not prefix else interpreter.pure("+", str.__add__, [prefix, name], type="str")
    expand = flag(interpreter, attribute(interpreter, env, "expand_vars", False))

    def named(name: Value) -> Value:
        if not isinstance(name, str):
            return interpreter.unknown("read from a variable that is not known", name)
        return interpreter.each(_variable(interpreter, env, name), found)

    def found(text: Value) -> Value:
        text = default if text is MISSING else text
        if not expand or not isinstance(text, str):
            return text
        return _expanded(interpreter, env, text, default, depth)

    return interpreter.each(full, named)


def _variable(interpreter: Interpreter, env: Value, name: str) -> Value:
    """A variable, for FileAwareEnv the content of the file that NAME_FILE names."""
    suffix = attribute(interpreter, env, "file_suffix")
    if not isinstance(suffix, str):
        return interpreter.variable(name)

    def one(path: Value) -> Value:
        if path is MISSING or path == "":
            return interpreter.variable(name)
        if isinstance(path, Unknown):
            return interpreter.unknown(
                f"read from the file that {name}{suffix} names",
                path,
                type="str",
                subject=f"the text of {name}{suffix}",
            )
        there = interpreter.exists(path, "file")
        message = f"The value of {name}{suffix} must be a readable file path."
        interpreter.fail(~there, Failure(ValueError, (message,)))
        text = interpreter.read(path)
        strip = flag(interpreter, attribute(interpreter, env, "strip_whitespace", False))
        return text.strip() if strip and isinstance(text, str) else text

    return interpreter.each(interpreter.variable(f"{name}{suffix}"), one)


def _expanded(interpreter: Interpreter, env: Value, text: str, default: Value, depth: int) -> Value:
    """A text with `${NAME}` and `${NAME:-default}` filled in; `...` if one of them is unset."""

    def look_up(match: re.Match[str], default: Value) -> Value:
        if match[2] is not None:
            default = match[2][2:]
        return text_of(interpreter, env, match[1], default, proxied=True, depth=depth + 1)

    whole = REFERENCE.fullmatch(text)
    if whole:
        return look_up(whole, ... if text == default else default)
    matches = list(REFERENCE.finditer(text))
    if not matches:
        return text.replace(r"\$", "$")
    filled: Value = ""
    position = 0
    for match in matches:
        before = text[position : match.start()]
        value = look_up(match, ...)
        filled = interpreter.each(
            operations_add(interpreter, filled, before),
            lambda left, value=value: interpreter.each(  # type: ignore[misc]
                value, lambda right: operations_add(interpreter, left, right)
            ),
        )
        position = match.end()
    return interpreter.each(filled, lambda one: operations_add(interpreter, one, text[position:]))


def operations_add(interpreter: Interpreter, left: Value, right: Value) -> Value:
    """Two texts joined; `...` if one of them is."""
    if left is ... or right is ...:
        return ...
    return operations.binary(interpreter, ast.Add, left, right)


# -- readers ---------------------------------------------------------------------------------------


def read(
    interpreter: Interpreter,
    env: Value,
    given: dict[str, Value],
    parse: Callable[[Value], Value],
    *,
    parse_default: bool = False,
) -> Value:
    """What every reader does: look up, fall back on the default, parse, validate, complain.

    Raises Raised(EnvError) where a required variable is unset or has no valid value; an Env that
    is not eager gives None instead and complains in `seal()`.
    """
    if flag(interpreter, attribute(interpreter, env, "_sealed", False)):
        raise interpreter.error(EnvSealedError, "Env has already been sealed.")
    name, default = given["name"], given["default"]

    def one(text: Value) -> Value:
        if text is ...:
            if default is not ...:
                return default
            message = f'Environment variable "{_shown(interpreter, env, name)}" not set'
            return complain(EnvNotSetError, message)
        return attempt(text)

    def attempt(text: Value) -> Value:
        """Parse and validate; the cases in which that fails complain."""
        sink: list[tuple[Condition, Failure]] = []
        results: list[tuple[Condition, Value]] = []
        interpreter.sinks.append(sink)
        try:
            value = run_validators(interpreter, given.get("validate"), parse(text))
            results.append((interpreter.pc, value))
        except Raised as raised:
            sink.append((interpreter.pc, raised.failure))
        except Dead:
            pass
        finally:
            interpreter.sinks.pop()
        for condition, failure in sink:
            interpreter.pc = condition
            if failure.cls is not Invalid:
                interpreter.sinks[-1].append((condition, failure))
                continue
            message = f'Environment variable "{_shown(interpreter, env, name)}" invalid'
            try:
                results.append((condition, complain(EnvValidationError, message)))
            except Raised as raised:
                interpreter.sinks[-1].append((condition, raised.failure))
        if not results:
            raise Dead
        interpreter.pc = interpreter.space.false
        for condition, _ in results:
            interpreter.pc = interpreter.pc | condition
        return interpreter.merge(results)

    def complain(cls: type, message: str) -> Value:
        failure = interpreter.error(cls, message)
        if flag(interpreter, attribute(interpreter, env, "eager", True)):
            raise failure
        errors = interpreter.state.setdefault("environs.errors", [])
        errors.append((env, interpreter.pc, failure.failure))
        return None

    return interpreter.each(text_of(interpreter, env, name, default if parse_default else ...), one)


def _shown(interpreter: Interpreter, env: Value, name: Value) -> str:
    return f"{attribute(interpreter, env, '_prefix') or ''}{name}"


SPEC: dict[str, Value] = {"name": MISSING, "default": ..., "subcast": None, "validate": None}


def _bound(
    interpreter: Interpreter, name: str, arguments: Arguments, keywords: Keywords
) -> tuple[dict[str, Value], dict[str, Value]]:
    """The arguments of a reader that all have, and its options."""
    given = bind(
        interpreter, name, SPEC, arguments, keywords, keyword_only=("validate",), rest=True
    )
    options = {key: value for key, value in given.items() if key not in SPEC and key != "**"}
    return given, options


def field_reader(name: str, field: Field) -> Native:
    """`env.bool(name, default)` and the like."""

    def run(
        interpreter: Interpreter, env: Value, arguments: Arguments, keywords: Keywords
    ) -> Value:
        given, options = _bound(interpreter, name, arguments, keywords)
        return read(
            interpreter, env, given, lambda text: as_field(interpreter, field, text, options)
        )

    return method(name, run)


def as_field(
    interpreter: Interpreter, field: Field, text: Value, options: dict[str, Value]
) -> Value:
    if isinstance(text, Unknown):
        return typed(interpreter, text, field.type)
    if not isinstance(text, str):
        return text
    return interpreter.pure("env", field.read, [text], options)


def as_subcast(interpreter: Interpreter, subcast: Value, text: Value) -> Value:
    """One item, cast by a type or by a function of the program."""
    if subcast is None:
        return text
    field = fields.field_of_type(subcast)
    if field is not None:
        return as_field(interpreter, field, text, {})
    return interpreter.call(subcast, [text], {})


def _type_of(subcast: Value) -> str | None:
    field = FIELDS["str"] if subcast is None else fields.field_of_type(subcast)
    return field.type if field else None


def _list(interpreter: Interpreter, env: Value, arguments: Arguments, keywords: Keywords) -> Value:
    given, options = _bound(interpreter, "list", arguments, keywords)
    subcast = interpreter.resolve(given["subcast"])

    def parse(text: Value) -> Value:
        if isinstance(text, Unknown):
            return interpreter.box([several(interpreter, text, _type_of(subcast))])
        parts = interpreter.pure(
            "env.list", fields.split, [text, options.get("delimiter", ",")], type="list"
        )
        return interpreter.box(
            [
                as_subcast(interpreter, subcast, each)
                for each in operations.items_of(interpreter, parts)
            ]
        )

    return read(interpreter, env, given, parse)


def _dict(interpreter: Interpreter, env: Value, arguments: Arguments, keywords: Keywords) -> Value:
    given, options = _bound(interpreter, "dict", arguments, keywords)
    of_key = options.get("subcast_keys", options.get("subcast_key"))
    of_value = options.get("subcast_values", given["subcast"])
    delimiter, between = options.get("delimiter", ","), options.get("key_value_delimiter", "=")

    def parse(text: Value) -> Value:
        if isinstance(text, Unknown):
            return typed(interpreter, text, "dict")
        pairs = interpreter.pure("env.dict", fields.pairs, [text, delimiter, between])
        found = {}
        for pair in operations.items_of(interpreter, pairs):
            key, value = operations.items_of(interpreter, pair)
            key = interpreter.resolve(as_subcast(interpreter, of_key, key))
            found[key] = as_subcast(interpreter, of_value, value)
        return interpreter.box(found)

    return read(interpreter, env, given, parse)


def _enum(interpreter: Interpreter, env: Value, arguments: Arguments, keywords: Keywords) -> Value:
    given, options = _bound(interpreter, "enum", arguments, keywords)
    cls = interpreter.resolve(options.get("enum", options.get("type", given["subcast"])))

    def parse(text: Value) -> Value:
        if isinstance(text, Unknown):
            return interpreter.unknown(text.reason, text, subject=text.subject)
        if flag(interpreter, options.get("by_value", False)):
            return interpreter.call(cls, [text], {})
        names = [text]
        if flag(interpreter, options.get("ignore_case", False)):
            names += [text.upper(), text.lower(), text.title()]
        for name in names:
            found = try_attribute(interpreter, cls, name)
            if found is not MISSING:
                return found
        raise interpreter.error(Invalid, "Must be one of the members")

    return read(interpreter, env, given, parse)


def parsing_reader(name: str, parse: Callable[[Interpreter, Value, Keywords], Value]) -> Native:
    """A reader that parses its default, too: `env.dj_db_url` and the parsers of the program."""

    def run(
        interpreter: Interpreter, env: Value, arguments: Arguments, keywords: Keywords
    ) -> Value:
        spec = {"name": MISSING, "default": ...}
        given = bind(interpreter, name, spec, arguments, keywords, rest=True)
        options = {key: value for key, value in given.items() if key not in spec and key != "**"}
        return read(
            interpreter,
            env,
            {**given, "validate": None},
            lambda text: parse(interpreter, text, options),
            parse_default=True,
        )

    return method(name, run)


def _url_parser(
    parse: Callable[[Interpreter, Arguments, Keywords], Value],
) -> Callable[[Interpreter, Value, Keywords], Value]:
    def run(interpreter: Interpreter, text: Value, options: Keywords) -> Value:
        sink: list[tuple[Condition, Failure]] = []
        interpreter.sinks.append(sink)
        try:
            return parse(interpreter, [text], options)
        except Raised as raised:
            raised.failure.cls = Invalid
            raise
        finally:
            interpreter.sinks.pop()
            for condition, failure in sink:
                failure.cls = Invalid
                interpreter.sinks[-1].append((condition, failure))

    return run


# -- Env -------------------------------------------------------------------------------------------


def _init(interpreter: Interpreter, env: Value, arguments: Arguments, keywords: Keywords) -> Value:
    spec: dict[str, Value] = {"eager": True, "expand_vars": False, "prefix": None}
    files = attribute(interpreter, env, "_files", False)
    if files:
        spec |= {"file_suffix": "_FILE", "strip_whitespace": False}
    given = bind(interpreter, "Env", spec, arguments, keywords)
    given["_prefix"] = given.pop("prefix")
    for name, value in {**given, "_sealed": False}.items():
        put_attribute(interpreter, env, name, value)
    return None


def _read_env(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    """`read_env(path=None, recurse=True, …)`: .env in the directory of the caller or above."""
    directory = caller_directory(interpreter)
    names = ("path", "recurse", "verbose", "override", "return_path")
    defaults: tuple[Value, ...] = (None, True, False, False, False)
    given = bind(interpreter, "read_env", dict(zip(names, defaults)), arguments, keywords)
    override = flag(interpreter, given["override"])

    def one(path: Value) -> Value:
        name = known_path(posixpath.join(directory, ".env") if path is None else path)
        if name is None:
            interpreter.note("which .env file is read is not known")
            return interpreter.unknown("whether a .env file is read", path, type="bool")
        full = interpreter.inside(name)
        if full is not None and os.path.isdir(full):
            raise interpreter.error(ValueError, "path must be a filename, not a directory.")
        start = posixpath.join(working_directory(interpreter), name)
        file: str | None = start
        if flag(interpreter, given["recurse"]):
            file = find_upwards(interpreter, posixpath.dirname(start), [posixpath.basename(start)])
        there = file is not None and interpreter.exists(file, "file").certain
        load_file(interpreter, file or start, override=override)
        return (file if there else None) if flag(interpreter, given["return_path"]) else there

    return interpreter.each(given["path"], one)


def _prefixed(
    interpreter: Interpreter, env: Value, arguments: Arguments, keywords: Keywords
) -> Value:
    """`with env.prefixed("APP_"):`"""
    prefix = bind(interpreter, "prefixed", {"prefix": MISSING}, arguments, keywords)["prefix"]
    before = attribute(interpreter, env, "_prefix")

    def enter(
        interpreter: Interpreter, manager: Value, arguments: Arguments, keywords: Keywords
    ) -> Value:
        joined = operations.binary(interpreter, ast.Add, before or "", prefix)
        put_attribute(interpreter, env, "_prefix", joined)
        return env

    def leave(
        interpreter: Interpreter, manager: Value, arguments: Arguments, keywords: Keywords
    ) -> Value:
        put_attribute(interpreter, env, "_prefix", before)
        return None

    members = {"__enter__": method("__enter__", enter), "__exit__": method("__exit__", leave)}
    return Instance(model_class(interpreter, "prefixed", members))


def _seal(interpreter: Interpreter, env: Value, arguments: Arguments, keywords: Keywords) -> Value:
    """Complain about what an Env that is not eager has found wrong."""
    put_attribute(interpreter, env, "_sealed", True)
    for owner, condition, failure in interpreter.state.pop("environs.errors", []):
        if owner is env:
            interpreter.fail(condition, Failure(EnvValidationError, failure.arguments))
    return None


def add_parser(
    interpreter: Interpreter, env: Value, arguments: Arguments, keywords: Keywords
) -> Value:
    """`env.add_parser(name, func)`: a reader of the program's own."""
    spec = {"name": MISSING, "func": MISSING}
    given = bind(interpreter, "add_parser", spec, arguments, keywords)
    name, parser = interpreter.resolve(given["name"]), given["func"]
    if isinstance(name, str):
        if try_attribute(interpreter, env, name) is not MISSING:
            raise interpreter.error(
                ParserConflictError, f"Env already has a method with name '{name}'."
            )
        reader = parsing_reader(
            name, lambda interpreter, text, options: interpreter.call(parser, [text], options)
        )
        put_attribute(interpreter, env, name, _bound_reader(reader, env))
    return None


def _bound_reader(reader: Native, env: Value) -> Native:
    return Native(
        reader.name,
        lambda interpreter, arguments, keywords: reader.run(
            interpreter, [env, *arguments], keywords
        ),
    )


def _parser_for(
    interpreter: Interpreter, env: Value, arguments: Arguments, keywords: Keywords
) -> Value:
    """`@env.parser_for(name)`"""

    def decorate(interpreter: Interpreter, functions: Arguments, keywords: Keywords) -> Value:
        add_parser(interpreter, env, [*arguments, functions[0]], {})
        return functions[0]

    return function("parser_for", decorate)


def _add_field(
    interpreter: Interpreter, env: Value, arguments: Arguments, keywords: Keywords
) -> Value:
    """`env.add_parser_from_field(name, field)`: what a field of marshmallow makes is not known."""
    name = interpreter.resolve(arguments[0])

    def unknown(interpreter: Interpreter, text: Value, options: Keywords) -> Value:
        return interpreter.unknown(f"env.{name}(…){interpreter.here()}", text)

    if isinstance(name, str):
        put_attribute(interpreter, env, name, _bound_reader(parsing_reader(name, unknown), env))
    return None


def env_class(interpreter: Interpreter) -> tuple[Class, Class]:
    """`Env` and `FileAwareEnv`."""
    members: dict[str, Value] = {
        **{name: field_reader(name, field) for name, field in FIELDS.items()},
        "__init__": method("__init__", _init),
        "list": method("list", _list),
        "dict": method("dict", _dict),
        "enum": method("enum", _enum),
        "dj_db_url": parsing_reader("dj_db_url", _url_parser(parse_database)),
        "dj_email_url": parsing_reader("dj_email_url", _url_parser(parse_email)),
        "dj_cache_url": parsing_reader("dj_cache_url", _url_parser(parse_cache)),
        "read_env": Descriptor("staticmethod", function("read_env", _read_env)),
        "prefixed": method("prefixed", _prefixed),
        "seal": method("seal", _seal),
        "add_parser": method("add_parser", add_parser),
        "parser_for": method("parser_for", _parser_for),
        "add_parser_from_field": method("add_parser_from_field", _add_field),
        "dump": method("dump", lambda *_: Unknown("env.dump()", "dict")),
    }
    env = model_class(interpreter, "Env", members)
    return env, model_class(interpreter, "FileAwareEnv", {"_files": True}, [env])


def _names(interpreter: Interpreter) -> dict[str, Value]:
    env, files = env_class(interpreter)
    names: dict[str, Any] = {
        "Env": env,
        "FileAwareEnv": files,
        "env": interpreter.call(env, [], {}),
        "EnvError": EnvError,
        "EnvNotSetError": EnvNotSetError,
        "EnvValidationError": EnvValidationError,
        "EnvSealedError": EnvSealedError,
        "ParserConflictError": ParserConflictError,
        "ValidationError": Invalid,
        "validate": Thing("environs.validate", validator_names(interpreter)),
    }
    return names


MODULES: dict[str, Callable[[Interpreter], dict[str, Value]]] = {
    "environs": _names,
    "environs.exceptions": _names,
    "marshmallow.validate": validator_names,
}
