"""django-environ: `env = environ.Env(DEBUG=(bool, False))`, `env("DEBUG")`, `env.db()`.

https://django-environ.readthedocs.io/en/latest/
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable

from hardango.findings import Place
from hardango.light import Any
from hardango.patterns import Pattern
from hardango.settings import operations
from hardango.settings.interpreter import Interpreter
from hardango.settings.libraries import environ_urls as urls
from hardango.settings.libraries.environ_path import (
    improperly_configured,
    make_path,
    path_class,
)
from hardango.settings.libraries.reading import (
    Arguments,
    Keywords,
    attribute,
    bind,
    caller_directory,
    committed_text,
    dict_of_unknown,
    flag,
    function,
    known_path,
    method,
    model_class,
    name_of_type,
    part,
    put_attribute,
    put_variable,
    several,
    text_of_source,
    typed,
)
from hardango.settings.methods import read_key
from hardango.settings.objects import class_member, class_of
from hardango.settings.outcomes import Unknown
from hardango.settings.stdlib.os import environ as os_environ
from hardango.settings.values import (
    MISSING,
    Box,
    Class,
    Descriptor,
    Instance,
    Native,
    Raised,
    Thing,
    Value,
)

TRUE = ("true", "on", "ok", "y", "yes", "1")
DEPTH = 20
"""Variables that name each other (`$OTHER`), at most."""


NOTSET = Thing("environ.Env.NOTSET")


# -- one value -------------------------------------------------------------------------------------


def lookup(interpreter: Interpreter, env: Value, name: str) -> Value:
    """The text of a variable, an Unknown, or MISSING, by case."""
    source = interpreter.resolve(attribute(interpreter, env, "ENVIRON", MISSING))
    if isinstance(source, Box) and source.kind is dict:
        return read_key(interpreter, source, name, MISSING)
    if isinstance(source, Thing) and source.state == "files":
        return text_or_file(interpreter, name)
    return interpreter.variable(name)


def text_or_file(interpreter: Interpreter, name: str) -> Value:
    """The text of the file that NAME_FILE names if it is set, else that of NAME."""

    def one(path: Value) -> Value:
        if path is MISSING or path == "":
            return interpreter.variable(name)
        if isinstance(path, str):
            return interpreter.read(path)
        return interpreter.unknown(
            f"read from the file that {name}_FILE names",
            path,
            type="str",
            subject=f"the text of {name}_FILE",
        )

    return interpreter.each(interpreter.variable(f"{name}_FILE"), one)


def get_value(
    interpreter: Interpreter,
    env: Value,
    name: Value,
    cast: Value = None,
    default: Value = NOTSET,
    parse_default: Value = False,
    depth: int = 0,
) -> Value:
    """`env.get_value(…)`: look up, fall back on the scheme and the default, follow `$NAME`, cast.

    Raises Raised(ImproperlyConfigured) where a required variable is unset.
    """
    if depth > DEPTH:
        raise interpreter.error(RecursionError, "maximum recursion depth exceeded")

    def named(name: Value) -> Value:
        if not isinstance(name, str):
            return interpreter.unknown("read from a variable that is not known", name)
        kind, fallback = _scheme(interpreter, env, name, cast, default)
        return interpreter.each(
            fallback,
            lambda fallback: interpreter.each(
                lookup(interpreter, env, name), lambda text: settle(name, text, kind, fallback)
            ),
        )

    def settle(name: str, text: Value, kind: Value, fallback: Value) -> Value:
        if text is MISSING:
            if fallback is NOTSET:
                raise interpreter.error(
                    improperly_configured(interpreter), f"Set the {name} environment variable"
                )
            text = fallback
        if isinstance(text, str) and text.startswith("$"):
            text = get_value(interpreter, env, text.lstrip("$"), kind, fallback, depth=depth + 1)
        return interpreter.each(
            text, lambda one: _cast(interpreter, env, one, kind, fallback, parse_default)
        )

    prefix = attribute(interpreter, env, "prefix", "")
    full = name if prefix == "" else interpreter.pure("+", str.__add__, [prefix, name], type="str")
    return interpreter.each(full, named)


def _scheme(
    interpreter: Interpreter, env: Value, name: str, cast: Value, default: Value
) -> tuple[Value, Value]:
    """Cast and default of a variable, completed by what `Env(NAME=(cast, default))` says."""
    scheme = interpreter.resolve(attribute(interpreter, env, "scheme"))
    info = read_key(interpreter, scheme, name, MISSING) if isinstance(scheme, Box) else MISSING
    info = interpreter.resolve(info)
    if info is MISSING:
        return cast, default
    pair = list(operations.items_of(interpreter, info)) if _is_sequence(info) else []
    if len(pair) == 2:
        return pair[0] if cast is None else cast, pair[1] if default is NOTSET else default
    return info if cast is None else cast, default


def _is_sequence(value: Value) -> bool:
    return isinstance(value, tuple) or (isinstance(value, Box) and value.kind is list)


def _cast(
    interpreter: Interpreter,
    env: Value,
    value: Value,
    cast: Value,
    default: Value,
    parse_default: Value,
) -> Value:
    """The last steps of `get_value`, for one case of the value and of the default."""
    if isinstance(value, str) and flag(interpreter, attribute(interpreter, env, "escape_proxy")):
        value = value.replace(r"\$", "$")
    smart = flag(interpreter, attribute(interpreter, env, "smart_cast", True))
    if smart and cast is None and default is not None and default is not NOTSET:
        cast = class_of(default)
        if isinstance(cast, Unknown):  # the type of a default that is not known
            cast = None
    if default is None and isinstance(value, str) and value == "":
        value = None
    is_default = value is default or (
        isinstance(value, (str, int, float)) and type(value) is type(default) and value == default
    )
    if is_default and not (flag(interpreter, parse_default) and value is not None):
        return value
    return parse_value(interpreter, env, value, cast)


# -- casts -----------------------------------------------------------------------------------------


def parse_value(interpreter: Interpreter, env: Value, value: Value, cast: Value) -> Value:
    """`Env.parse_value(value, cast)`."""
    cast = interpreter.resolve(cast)
    if cast is None:
        return value
    if (isinstance(cast, Box) and cast.kind is list) or isinstance(cast, tuple):
        item = next(iter(operations.items_of(interpreter, cast)), None)
        kind = list if isinstance(cast, Box) else tuple
        return _items(interpreter, value, kind, item)
    if isinstance(cast, Box):
        return _mapping(interpreter, env, value, cast)
    if cast in (list, tuple):
        return _items(interpreter, value, cast, None)
    if isinstance(value, Unknown) and cast in (bool, dict, float):
        return typed(interpreter, value, cast.__name__)
    if cast is bool:
        words = attribute(interpreter, env, "BOOLEAN_TRUE_STRINGS", TRUE)
        return interpreter.pure("bool", urls.boolean, [value, words], type="bool")
    if cast is dict:
        return interpreter.pure("dict", _pairs, [value], type="dict")
    if cast is float:
        return interpreter.pure("float", _number, [value], type="float")
    return interpreter.call(cast, [value], {})


def _items(interpreter: Interpreter, value: Value, kind: type, item: Value) -> Value:
    """A list or a tuple of the parts between commas; empty parts are left out."""
    if isinstance(value, Unknown):
        parts: list[Value] = [
            several(interpreter, value, "str" if item is None else name_of_type(item))
        ]
    else:
        split = interpreter.pure(
            kind.__name__, _tuple_parts if kind is tuple else _list_parts, [value]
        )
        parts = list(operations.items_of(interpreter, split))
        if item is not None:
            parts = [interpreter.call(item, [each], {}) for each in parts]
    return tuple(parts) if kind is tuple else interpreter.box(parts)


def _list_parts(value: str) -> list[str]:
    return [each for each in value.split(",") if each]


def _tuple_parts(value: str) -> list[str]:
    return _list_parts(value.strip("(").strip(")"))


def _pairs(value: str) -> dict[str, str]:
    return dict(each.split("=", 1) for each in value.split(",") if each)


def _mapping(interpreter: Interpreter, env: Value, value: Value, cast: Box) -> Value:
    """`{"key": str, "value": int, "cast": {name: type}}`: pairs between semicolons."""
    if isinstance(value, Unknown):
        return typed(interpreter, value, "dict")
    of_key = read_key(interpreter, cast, "key", str)
    of_value = read_key(interpreter, cast, "value", str)
    by_key = interpreter.resolve(read_key(interpreter, cast, "cast", None))
    pairs = interpreter.pure(
        "dict", lambda text: [each.split("=") for each in text.split(";") if each], [value]
    )
    found: dict[Value, Value] = {}
    for pair in operations.items_of(interpreter, pairs):
        name, text, *_ = [*operations.items_of(interpreter, pair), "", ""]
        kind = of_value
        if isinstance(by_key, Box):
            kind = read_key(interpreter, by_key, name, of_value)
        key = interpreter.resolve(interpreter.call(of_key, [name], {}))
        found[key] = parse_value(interpreter, env, text, kind)
    return interpreter.box(found)


def _number(value: str) -> float:
    """A number with thousands separators, with a point or a comma before the fraction."""
    parts = re.split(r"[,.]", re.sub(r"[^\d,.-]", "", value))
    return float(parts[0] if len(parts) == 1 else f"{''.join(parts[:-1])}.{parts[-1]}")


# -- typed readers ---------------------------------------------------------------------------------


def read(
    interpreter: Interpreter,
    env: Value,
    name: Value,
    cast: Value,
    default: Value,
    parse_default: bool = False,
) -> Value:
    """What a reader asks `get_value` for: the program's own one if a subclass has one."""
    own = class_member(interpreter, env.cls, "get_value") if isinstance(env, Instance) else MISSING
    if own is MISSING or isinstance(own, Native):
        return get_value(interpreter, env, name, cast, default, parse_default)
    keywords = {"cast": cast, "default": default}
    if parse_default:
        keywords["parse_default"] = True
    return interpreter.call(interpreter.get(env, "get_value"), [name], keywords)


def reader(name: str, cast: Value) -> Native:
    """`env.bool(var, default=…)` and the like."""

    def run(
        interpreter: Interpreter, env: Value, arguments: Arguments, keywords: Keywords
    ) -> Value:
        given = bind(interpreter, name, {"var": MISSING, "default": NOTSET}, arguments, keywords)
        return read(interpreter, env, given["var"], cast, given["default"])

    return method(name, run)


def _call(interpreter: Interpreter, env: Value, arguments: Arguments, keywords: Keywords) -> Value:
    spec = {"var": MISSING, "cast": None, "default": NOTSET, "parse_default": False}
    given = bind(interpreter, "env", spec, arguments, keywords)
    return read(
        interpreter,
        env,
        given["var"],
        given["cast"],
        given["default"],
        flag(interpreter, given["parse_default"]),
    )


def _get_value(
    interpreter: Interpreter, env: Value, arguments: Arguments, keywords: Keywords
) -> Value:
    spec = {"var": MISSING, "cast": None, "default": NOTSET, "parse_default": False}
    given = bind(interpreter, "get_value", spec, arguments, keywords)
    return get_value(
        interpreter, env, given["var"], given["cast"], given["default"], given["parse_default"]
    )


def _str(interpreter: Interpreter, env: Value, arguments: Arguments, keywords: Keywords) -> Value:
    spec = {"var": MISSING, "default": NOTSET, "multiline": False, "choices": NOTSET}
    given = bind(interpreter, "str", spec, arguments, keywords)
    value = read(interpreter, env, given["var"], str, given["default"])
    if flag(interpreter, given["multiline"]):

        def lines(one: Value) -> Value:
            if isinstance(one, Unknown):
                return one
            return interpreter.pure("str", lambda text: re.sub(r"(\\r)?\\n", "\n", text), [one])

        return interpreter.each(value, lines)
    if given["choices"] is NOTSET:
        return value

    def check(one: Value) -> Value:
        if not isinstance(one, Unknown):
            among = interpreter.truth(operations.contains(interpreter, given["choices"], one))
            error = interpreter.error(improperly_configured(interpreter), "Invalid value")
            interpreter.fail(~among, error.failure)
        return one

    return interpreter.each(value, check)


def _bytes(interpreter: Interpreter, env: Value, arguments: Arguments, keywords: Keywords) -> Value:
    spec = {"var": MISSING, "default": NOTSET, "encoding": "utf8"}
    given = bind(interpreter, "bytes", spec, arguments, keywords)

    def encode(one: Value) -> Value:
        if isinstance(one, Unknown):
            return typed(interpreter, one, "bytes") if one.type == "str" else one
        if not isinstance(one, str):
            return one
        return interpreter.pure("encode", str.encode, [one, given["encoding"]])

    return interpreter.each(read(interpreter, env, given["var"], str, given["default"]), encode)


def _json(interpreter: Interpreter, env: Value, arguments: Arguments, keywords: Keywords) -> Value:
    def loads(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        import json

        text = arguments[0]
        if isinstance(text, Unknown):
            return typed(interpreter, text, None)
        return interpreter.pure("json.loads", json.loads, [text])

    given = bind(interpreter, "json", {"var": MISSING, "default": NOTSET}, arguments, keywords)
    return read(interpreter, env, given["var"], function("json.loads", loads), given["default"])


def _collection(kind: type) -> Native:
    """`env.list` and `env.tuple`, whose `cast` is that of the items."""

    def run(
        interpreter: Interpreter, env: Value, arguments: Arguments, keywords: Keywords
    ) -> Value:
        spec = {"var": MISSING, "cast": None, "default": NOTSET}
        given = bind(interpreter, kind.__name__, spec, arguments, keywords)
        cast: Value = kind
        if given["cast"] is not None:
            cast = (given["cast"],) if kind is tuple else interpreter.box([given["cast"]])
        return read(interpreter, env, given["var"], cast, given["default"])

    return method(kind.__name__, run)


def _dict(interpreter: Interpreter, env: Value, arguments: Arguments, keywords: Keywords) -> Value:
    spec = {"var": MISSING, "cast": dict, "default": NOTSET}
    given = bind(interpreter, "dict", spec, arguments, keywords)
    return read(interpreter, env, given["var"], given["cast"], given["default"])


# -- URLs ------------------------------------------------------------------------------------------


def _parse_url(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    def one(text: Value) -> Value:
        if isinstance(text, Unknown):
            return typed(interpreter, text, None)
        return interpreter.pure("urlparse", urls.parsed, [text])

    return interpreter.each(arguments[0], one)


URLPARSE = function("urlparse", _parse_url)


def _url(interpreter: Interpreter, env: Value, arguments: Arguments, keywords: Keywords) -> Value:
    given = bind(interpreter, "url", {"var": MISSING, "default": NOTSET}, arguments, keywords)
    return read(interpreter, env, given["var"], URLPARSE, given["default"], True)


class Kind:
    """A kind of URL: the variable that it is read from, the table of its schemes, the name of
    the argument that overrides the backend, and what its URL gives."""

    __slots__ = ("name", "variable", "table", "override", "run", "parts")

    def __init__(
        self,
        name: str,
        variable: str,
        table: str,
        override: str,
        run: Callable[..., Any],
        parts: dict[str, str | None],
    ) -> None:
        self.name, self.variable, self.table = name, variable, table
        self.override, self.run, self.parts = override, run, parts


DATABASE = Kind(
    "db_url",
    "DATABASE_URL",
    "DB_SCHEMES",
    "engine",
    urls.database,
    dict.fromkeys(("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT"), "str"),
)
CACHE = Kind(
    "cache_url",
    "CACHE_URL",
    "CACHE_SCHEMES",
    "backend",
    urls.cache,
    {"BACKEND": "str", "LOCATION": None},
)
EMAIL = Kind(
    "email_url",
    "EMAIL_URL",
    "EMAIL_SCHEMES",
    "backend",
    urls.email,
    {
        **dict.fromkeys(
            (
                "EMAIL_FILE_PATH",
                "EMAIL_HOST_USER",
                "EMAIL_HOST_PASSWORD",
                "EMAIL_HOST",
                "EMAIL_BACKEND",
            ),
            "str",
        ),
        "EMAIL_PORT": "int",
        "EMAIL_USE_TLS": "bool",
        "EMAIL_USE_SSL": "bool",
    },
)
SEARCH = Kind(
    "search_url", "SEARCH_URL", "SEARCH_SCHEMES", "engine", urls.search, {"ENGINE": "str"}
)
CHANNELS = Kind(
    "channels_url",
    "CHANNELS_URL",
    "CHANNELS_SCHEMES",
    "backend",
    urls.channels,
    {"BACKEND": "str"},
)


def url_reader(kind: Kind) -> Native:
    """`env.db_url(var, default=…, engine=…)` and the like."""

    def run(
        interpreter: Interpreter, env: Value, arguments: Arguments, keywords: Keywords
    ) -> Value:
        spec = {"var": kind.variable, "default": NOTSET, kind.override: None}
        given = bind(interpreter, kind.name, spec, arguments, keywords)
        if kind is DATABASE:
            text = read(interpreter, env, given["var"], None, given["default"])
        else:
            text = read(interpreter, env, given["var"], URLPARSE, given["default"], True)
        return url_config(interpreter, env, kind, text, given[kind.override])

    return method(kind.name, run)


def url_config(
    interpreter: Interpreter, env: Value, kind: Kind, url: Value, override: Value
) -> Value:
    """What a URL of a kind gives; of one that is not known the keys that it has in any case."""
    schemes = attribute(interpreter, env, kind.table)
    extra = [attribute(interpreter, env, "BOOLEAN_TRUE_STRINGS", TRUE)] if kind is SEARCH else []

    def one(url: Value) -> Value:
        if isinstance(url, Unknown):
            known: dict[str, Value] = {
                name: part(interpreter, url, f"the {name}", of) for name, of in kind.parts.items()
            }
            if override is not None:
                known[next(n for n in known if n.endswith(("BACKEND", "ENGINE")))] = override
            return dict_of_unknown(interpreter, url, known, more=kind is not EMAIL)
        try:
            return interpreter.pure(
                kind.name, kind.run, [url, override, schemes, *extra], type="dict"
            )
        except Raised as raised:
            if raised.failure.cls is urls.InvalidScheme:
                raised.failure.cls = improperly_configured(interpreter)
            raise

    return interpreter.each(url, one)


def url_config_method(kind: Kind) -> Descriptor:
    """The class method `Env.db_url_config(url, engine=None)` and the like."""

    def run(
        interpreter: Interpreter, cls: Value, arguments: Arguments, keywords: Keywords
    ) -> Value:
        spec = {"url": MISSING, kind.override: None}
        given = bind(interpreter, f"{kind.name}_config", spec, arguments, keywords)
        return url_config(interpreter, cls, kind, given["url"], given[kind.override])

    return Descriptor("classmethod", method(f"{kind.name}_config", run))


# -- read_env --------------------------------------------------------------------------------------

LINE = Pattern(r"(?:export )?([A-Za-z_0-9]+)=(.*)", re.DOTALL)


def parse_env_file(text: str, comments: bool = False) -> dict[str, tuple[str, int]]:
    """The variables that a .env file sets, with the line of each; the last one counts."""
    found = {}
    for number, line in enumerate(text.splitlines(), 1):
        match = LINE.fullmatch(line)
        if match:
            found[match[1]] = (_unquoted(match[2], comments), number)
    return found


def _unquoted(value: str, comments: bool) -> str:
    """The value of one line without its quotes; with `comments`, without a comment after it."""
    single = re.fullmatch(r"\s*'(.*)'\s*(#.*\s*)?" if comments else r"'(.*)'", value)
    if single:
        value = single[1]
    elif comments:
        value = value.partition("#")[0]
    double = re.fullmatch(r'"(.*)"', value)
    if double:
        value = re.sub(
            r"\\(.)", lambda escape: escape[0] if escape[1] in "rnt" else escape[1], double[1]
        )
    return value


def _read_env(
    interpreter: Interpreter, cls: Value, arguments: Arguments, keywords: Keywords
) -> Value:
    spec = {"env_file": None, "overwrite": False, "parse_comments": False, "encoding": "utf8"}
    directory = caller_directory(interpreter)
    given = bind(interpreter, "read_env", spec, arguments, keywords, rest=True)
    overwrite = flag(interpreter, given["overwrite"])
    comments = flag(interpreter, given["parse_comments"])
    extra = {name: value for name, value in given.items() if name not in spec and name != "**"}

    def one(source: Value) -> Value:
        path = known_path(os.path.join(directory, ".env") if source is None else source)
        if path is None:
            if isinstance(source, Unknown):
                interpreter.note("which .env file is read is not known")
                return None
            text, shown = text_of_source(interpreter, source), ""
        else:
            text, shown = committed_text(interpreter, path), _shown(interpreter, path)
        if text is None:
            return None
        found = parse_env_file(text, comments) if isinstance(text, str) else {}
        for name, value in extra.items():
            if name not in found:
                put_variable(interpreter, name, value, None, overwrite=overwrite)
        for name, (value, line) in found.items():
            place = Place(shown, line) if shown else None
            put_variable(interpreter, name, value, place, overwrite=overwrite)
        return None

    return interpreter.each(given["env_file"], one)


def _shown(interpreter: Interpreter, path: str) -> str:
    full = interpreter.inside(path)
    return path if full is None else interpreter.relative(full)


# -- Env -------------------------------------------------------------------------------------------


def _init(interpreter: Interpreter, env: Value, arguments: Arguments, keywords: Keywords) -> Value:
    for name, value in (
        ("smart_cast", True),
        ("escape_proxy", False),
        ("warn_on_default", False),
        ("prefix", ""),
        ("scheme", interpreter.box(dict(keywords))),
    ):
        put_attribute(interpreter, env, name, value)
    return None


def _contains(
    interpreter: Interpreter, env: Value, arguments: Arguments, keywords: Keywords
) -> Value:
    def one(name: Value) -> Value:
        if not isinstance(name, str):
            return interpreter.unknown("whether a variable is set", name, type="bool")
        return interpreter.each(lookup(interpreter, env, name), lambda text: text is not MISSING)

    return interpreter.each(arguments[0], one)


def _parse_value(
    interpreter: Interpreter, cls: Value, arguments: Arguments, keywords: Keywords
) -> Value:
    given = bind(
        interpreter, "parse_value", {"value": MISSING, "cast": MISSING}, arguments, keywords
    )
    return interpreter.each(
        given["value"], lambda one: parse_value(interpreter, cls, one, given["cast"])
    )


def _path_reader(
    interpreter: Interpreter, env: Value, arguments: Arguments, keywords: Keywords
) -> Value:
    spec = {"var": MISSING, "default": NOTSET}
    given = bind(interpreter, "path", spec, arguments, keywords, rest=True)
    more = {name: value for name, value in given.items() if name not in spec}
    return interpreter.each(
        read(interpreter, env, given["var"], None, given["default"]),
        lambda one: make_path(interpreter, [one], more),
    )


def env_class(interpreter: Interpreter) -> tuple[Class, Class]:
    """`Env` and `FileAwareEnv`; one pair for an evaluation."""
    known: tuple[Class, Class] | None = interpreter.state.get("environ.Env")
    if known is not None:
        return known
    members: dict[str, Value] = {
        "ENVIRON": os_environ(interpreter),
        "NOTSET": NOTSET,
        "BOOLEAN_TRUE_STRINGS": TRUE,
        "DB_SCHEMES": interpreter.box(dict(urls.DATABASES)),
        "CACHE_SCHEMES": interpreter.box(_cache_schemes(interpreter)),
        "EMAIL_SCHEMES": interpreter.box(dict(urls.EMAILS)),
        "SEARCH_SCHEMES": interpreter.box(dict(urls.SEARCHES)),
        "CHANNELS_SCHEMES": interpreter.box(dict(urls.CHANNELS)),
        "__init__": method("__init__", _init),
        "__call__": method("__call__", _call),
        "__contains__": method("__contains__", _contains),
        "get_value": method("get_value", _get_value),
        "parse_value": Descriptor("classmethod", method("parse_value", _parse_value)),
        "read_env": Descriptor("classmethod", method("read_env", _read_env)),
        "str": method("str", _str),
        "bytes": method("bytes", _bytes),
        "bool": reader("bool", bool),
        "int": reader("int", int),
        "float": reader("float", float),
        "json": method("json", _json),
        "list": _collection(list),
        "tuple": _collection(tuple),
        "dict": method("dict", _dict),
        "url": method("url", _url),
        "path": method("path", _path_reader),
    }
    for kind in (DATABASE, CACHE, EMAIL, SEARCH, CHANNELS):
        members[kind.name] = url_reader(kind)
        members[f"{kind.name}_config"] = url_config_method(kind)
        if kind is not SEARCH:
            members[kind.name.removesuffix("_url")] = members[kind.name]
    env = model_class(interpreter, "Env", members)
    files = {"ENVIRON": Thing("FileAwareMapping", state="files", base=os_environ(interpreter))}
    made = env, model_class(interpreter, "FileAwareEnv", files, [env])
    interpreter.state["environ.Env"] = made
    return made


def _cache_schemes(interpreter: Interpreter) -> dict[Value, Value]:
    """The backends of caches: which client is installed decides some."""
    found: dict[Value, Value] = dict(urls.CACHES)
    redis = found["redis"]
    if "django_redis" in interpreter.installed:
        redis = "django_redis.cache.RedisCache"
    elif interpreter.django < (4, 0):
        redis = "redis_cache.RedisCache"
    for scheme in ("rediscache", "redis", "rediss", "valkey", "valkeys"):
        found[scheme] = redis
    if "pymemcache" in interpreter.installed and interpreter.django >= (3, 2):
        found["pymemcache"] = "django.core.cache.backends.memcached.PyMemcacheCache"
    return found


def _names(interpreter: Interpreter) -> dict[str, Value]:
    env, files = env_class(interpreter)
    return {
        "Env": env,
        "FileAwareEnv": files,
        "Path": path_class(interpreter),
        "ImproperlyConfigured": improperly_configured(interpreter),
    }


MODULES: dict[str, Callable[[Interpreter], dict[str, Value]]] = {
    "environ": _names,
    "environ.environ": _names,
    "environ.compat": lambda interpreter: {
        "ImproperlyConfigured": improperly_configured(interpreter)
    },
}
