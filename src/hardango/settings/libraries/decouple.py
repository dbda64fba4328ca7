"""python-decouple: `DEBUG = config("DEBUG", default=False, cast=bool)`.

The environment counts before the file, settings.ini or .env, that is nearest to the caller.
https://github.com/HBNetwork/python-decouple
"""

from __future__ import annotations

import os
import string
from collections.abc import Callable

from hardango.findings import Place
from hardango.light import Any
from hardango.settings import operations
from hardango.settings.interpreter import Interpreter
from hardango.settings.libraries.reading import (
    Arguments,
    Keywords,
    bind,
    caller_directory,
    find_upwards,
    function,
    known_path,
    name_of_type,
    several,
    typed,
)
from hardango.settings.outcomes import Reading, Unknown
from hardango.settings.values import MISSING, Thing, Value

TRUE = frozenset(("y", "yes", "t", "true", "on", "1"))
FALSE = frozenset(("n", "no", "f", "false", "off", "0"))
UNDEFINED = Thing("decouple.undefined")

Repository = dict[str, tuple[str, Place]] | Unknown | None
"""What a file sets, by name, with the line of each; None for no file; options of settings.ini
are in lower case."""


class UndefinedValueError(Exception):
    """A name that neither the environment nor a file nor a default gives a value."""


# -- files -----------------------------------------------------------------------------------------


def parse_env(text: str, shown: str) -> dict[str, tuple[str, Place]]:
    """The variables of a .env file."""
    found = {}
    for number, line in enumerate(text.split("\n"), 1):
        name, equals, value = line.strip().partition("=")
        if not equals or name.startswith("#"):
            continue
        value = value.strip()
        if len(value) >= 2 and value[0] == value[-1] and value[0] in "'\"":
            value = value[1:-1]
        found[name.strip()] = (value, Place(shown, number))
    return found


def parse_ini(text: str, shown: str) -> dict[str, tuple[str, Place]]:
    """The options of the section [settings]. Raises configparser.Error."""
    import configparser

    parser = configparser.ConfigParser()
    parser.read_string(text)
    if not parser.has_section("settings"):
        return {}
    lines = [line.strip().lower() for line in text.split("\n")]
    found = {}
    for option in parser.options("settings"):
        number = next((i for i, line in enumerate(lines, 1) if line.startswith(option)), 1)
        found[option] = (parser.get("settings", option), Place(shown, number))
    return found


def read_repository(interpreter: Interpreter, path: str) -> Repository:
    """What a file sets. Raises Raised(FileNotFoundError) in the cases in which it is not there."""
    text = interpreter.read(path)
    if isinstance(text, Unknown):
        return text
    full = interpreter.inside(path)
    shown = path if full is None else interpreter.relative(full)
    if not path.endswith(".ini"):
        return parse_env(text, shown)
    try:
        return parse_ini(text, shown)
    except Exception as problem:  # configparser has a dozen of them
        raise interpreter.error(type(problem), str(problem)) from None


def _repository(name: str) -> Thing:
    """`RepositoryEnv(source)` and `RepositoryIni(source)`."""

    def make(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        given = bind(
            interpreter, name, {"source": MISSING, "encoding": "UTF-8"}, arguments, keywords
        )

        def one(source: Value) -> Value:
            path = known_path(source)
            if path is None:
                unknown = interpreter.unknown("read from a file that is not known", source)
                return _repository_thing(name, unknown)
            if name == "RepositoryIni" and not path.endswith(".ini"):
                interpreter.note(f"{path} is read as an .ini file")
            return _repository_thing(name, read_repository(interpreter, path))

        return interpreter.each(given["source"], one)

    return Thing(name, call=make)


def _repository_thing(name: str, repository: Repository) -> Thing:
    def contains(interpreter: Interpreter, key: Value) -> Value:
        found = in_repository(interpreter, repository, key)
        return interpreter.each(found, lambda one: one is not MISSING)

    def item(interpreter: Interpreter, key: Value) -> Value:
        def one(found: Value) -> Value:
            if found is MISSING:
                raise interpreter.error(KeyError, key)
            return found

        return interpreter.each(in_repository(interpreter, repository, key), one)

    names: dict[str, Value] = {}
    if isinstance(repository, dict):
        names["data"] = Thing(
            "data",
            contains=contains,
            item=item,
            iterate=lambda interpreter: list(repository),
            export={key: text for key, (text, _) in repository.items()},
        )
    return Thing(name, names, contains=contains, item=item, state=repository)


def in_repository(interpreter: Interpreter, repository: Repository, name: Value) -> Value:
    """The text that a file gives a name, an Unknown, or MISSING."""
    if repository is None or not isinstance(name, str):
        return MISSING
    if isinstance(repository, Unknown):
        # Where nothing is known of the environment, "is set" says as much of the file.
        if not interpreter.closed:
            return MISSING
        return interpreter.unknown(
            f"read from {name} in {repository.subject}", repository, type="str", subject=name
        )
    found = repository.get(name)
    if found is None:
        found = next(
            (
                pair
                for key, pair in repository.items()
                if pair[1].file.endswith(".ini") and key == name.lower()
            ),
            None,
        )
    if found is None:
        return MISSING
    reading = Reading(name, found[1])
    if reading not in interpreter.readings:
        interpreter.readings.append(reading)
    return found[0]


# -- reading ---------------------------------------------------------------------------------------


def get(
    interpreter: Interpreter, repository: Repository, arguments: Arguments, keywords: Keywords
) -> Value:
    """`config(option, default=undefined, cast=undefined)`: the default is cast, too."""
    spec = {"option": MISSING, "default": UNDEFINED, "cast": UNDEFINED}
    given = bind(interpreter, "config", spec, arguments, keywords)

    def named(name: Value) -> Value:
        if not isinstance(name, str):
            return interpreter.unknown("read from a variable that is not known", name)
        return interpreter.each(
            interpreter.variable(name),
            lambda text: (
                text
                if text is not MISSING
                else interpreter.each(
                    in_repository(interpreter, repository, name), lambda one: fall_back(name, one)
                )
            ),
        )

    def fall_back(name: str, found: Value) -> Value:
        if found is not MISSING:
            return found
        if given["default"] is UNDEFINED:
            raise interpreter.error(
                UndefinedValueError,
                f"{name} not found. Declare it as envvar or define a default value.",
            )
        return given["default"]

    return interpreter.each(
        interpreter.each(given["option"], named),
        lambda one: interpreter.each(given["cast"], lambda cast: _cast(interpreter, cast, one)),
    )


def _cast(interpreter: Interpreter, cast: Value, value: Value) -> Value:
    if cast is UNDEFINED:
        return value
    if cast is not bool:
        return interpreter.call(cast, [value], {})
    if isinstance(value, Unknown):
        return typed(interpreter, value, "bool")
    return interpreter.pure("bool", boolean, [value], type="bool")


def boolean(value: Any) -> bool:
    """Raises ValueError for a text that is neither true nor false."""
    text = str(value).lower()
    if text and text not in TRUE | FALSE:
        raise ValueError(f"Invalid truth value: {text}")
    return text in TRUE


def _config_thing(repository: Repository) -> Thing:
    def run(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        return get(interpreter, repository, arguments, keywords)

    return Thing("decouple.Config", {"get": function("get", run)}, call=run)


def _make_config(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    given = bind(interpreter, "Config", {"repository": MISSING}, arguments, keywords)

    def one(repository: Value) -> Value:
        if isinstance(repository, Thing) and repository.name.startswith("Repository"):
            return _config_thing(repository.state)
        return _config_thing(interpreter.unknown("read from a repository", repository))

    return interpreter.each(given["repository"], one)


def auto_config(search_path: Value = None) -> Thing:
    """`AutoConfig(search_path)`: the nearest settings.ini or .env, from the search path or the
    directory of the caller upwards, looked for at the first call."""
    loaded: list[Repository] = []

    def run(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        if not loaded:
            start = known_path(interpreter.resolve(search_path))
            if search_path is None or start == "":
                start = caller_directory(interpreter)
            file = find_upwards(interpreter, start, ("settings.ini", ".env")) if start else None
            loaded.append(read_repository(interpreter, file) if file else None)
        return get(interpreter, loaded[0], arguments, keywords)

    return Thing("decouple.AutoConfig", {"search_path": search_path}, call=run)


def _make_auto(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    given = bind(interpreter, "AutoConfig", {"search_path": None}, arguments, keywords)
    return interpreter.each(given["search_path"], auto_config)


# -- casts -----------------------------------------------------------------------------------------


def _make_csv(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    """`Csv(cast=str, delimiter=",", strip=whitespace, post_process=list)`: a cast."""
    spec = {"cast": str, "delimiter": ",", "strip": string.whitespace, "post_process": list}
    options = bind(interpreter, "Csv", spec, arguments, keywords)

    def run(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        return interpreter.each(
            arguments[0] if arguments else keywords["value"],
            lambda one: split(interpreter, one),
        )

    def split(interpreter: Interpreter, value: Value) -> Value:
        if value is None:
            return interpreter.call(options["post_process"], [], {})
        if isinstance(value, Unknown):
            items: list[Value] = [
                several(interpreter, value, name_of_type(interpreter.resolve(options["cast"])))
            ]
        else:
            parts = interpreter.pure(
                "Csv", split_csv, [value, options["delimiter"], options["strip"]], type="list"
            )
            items = [
                interpreter.call(options["cast"], [each], {})
                for each in operations.items_of(interpreter, parts)
            ]
        return interpreter.call(options["post_process"], [interpreter.box(items)], {})

    return Thing("decouple.Csv", call=run)


def split_csv(value: str, delimiter: str, strip: str) -> list[str]:
    """The parts between delimiters; quotes, backslashes and # mean what they do in a shell."""
    from shlex import shlex

    parts = shlex(value, posix=True)
    parts.whitespace, parts.whitespace_split = delimiter, True
    return [each.strip(strip) for each in parts]


def _make_choices(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    """`Choices(flat=[…], cast=str, choices=[(value, label), …])`: a cast that checks."""
    spec = {"flat": None, "cast": str, "choices": None}
    options = bind(interpreter, "Choices", spec, arguments, keywords)
    valid: list[Value] = []
    if options["flat"] is not None:
        valid += operations.items_of(interpreter, options["flat"])
    if options["choices"] is not None:
        for pair in operations.items_of(interpreter, options["choices"]):
            valid.append(next(iter(operations.items_of(interpreter, pair))))

    def run(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        made = interpreter.call(options["cast"], [arguments[0]], {})

        def check(one: Value) -> Value:
            if isinstance(one, Unknown):
                if not any(isinstance(each, Unknown) for each in valid):
                    one = interpreter.unknown(one.reason, one, type=one.type, subject=one.subject)
                    one.choices = tuple(valid)
                return one
            among = interpreter.truth(
                operations.contains(interpreter, interpreter.box(list(valid)), one)
            )
            error = interpreter.error(ValueError, f"Value not in list: {one!r}")
            interpreter.fail(~among, error.failure)
            return one

        return interpreter.each(made, check)

    return Thing("decouple.Choices", call=run)


def _secrets(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    """`RepositorySecret(source="/run/secrets/")`: a file for each name."""
    source = arguments[0] if arguments else keywords.get("source", "/run/secrets/")
    path = known_path(interpreter.resolve(source)) or "a directory that is not known"
    unknown = Unknown(f"read from {path}", "str", subject=os.path.join(path, ""))
    return _repository_thing("RepositorySecret", unknown)


MODULES: dict[str, Callable[[Interpreter], dict[str, Value]]] = {
    "decouple": lambda interpreter: {
        "config": auto_config(),
        "Config": Thing("decouple.Config", call=_make_config),
        "AutoConfig": Thing("decouple.AutoConfig", call=_make_auto),
        "RepositoryEnv": _repository("RepositoryEnv"),
        "RepositoryIni": _repository("RepositoryIni"),
        "RepositorySecret": Thing("RepositorySecret", call=_secrets),
        "RepositoryEmpty": Thing(
            "RepositoryEmpty",
            call=lambda interpreter, arguments, keywords: _repository_thing(
                "RepositoryEmpty", None
            ),
        ),
        "Csv": Thing("decouple.Csv", call=_make_csv),
        "Choices": Thing("decouple.Choices", call=_make_choices),
        "undefined": UNDEFINED,
        "UndefinedValueError": UndefinedValueError,
        "strtobool": function(
            "strtobool",
            lambda interpreter, arguments, keywords: interpreter.each(
                arguments[0], lambda one: _cast(interpreter, bool, one)
            ),
        ),
    }
}
