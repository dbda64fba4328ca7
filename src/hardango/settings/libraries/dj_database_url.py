"""dj-database-url: `DATABASES = {"default": dj_database_url.config()}`.

https://pypi.org/project/dj-database-url/
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from hardango.light import Any
from hardango.settings.interpreter import Interpreter
from hardango.settings.libraries.reading import (
    Arguments,
    Keywords,
    bind,
    dict_of_unknown,
    function,
    part,
)
from hardango.settings.outcomes import Unknown
from hardango.settings.stdlib.os import read_variable
from hardango.settings.values import MISSING, Value

ENGINES = {
    **dict.fromkeys(("postgres", "postgresql", "pgsql"), "django.db.backends.postgresql"),
    "postgis": "django.contrib.gis.db.backends.postgis",
    "redshift": "django_redshift_backend",
    "timescale": "timescale.db.backends.postgresql",
    "timescalegis": "timescale.db.backends.postgis",
    "mysql": "django.db.backends.mysql",
    "mysql2": "django.db.backends.mysql",
    "mysql-connector": "mysql.connector.django",
    "mysqlgis": "django.contrib.gis.db.backends.mysql",
    "oracle": "django.db.backends.oracle",
    "oraclegis": "django.contrib.gis.db.backends.oracle",
    "mssql": "sql_server.pyodbc",
    "mssqlms": "mssql",
    "cockroach": "django_cockroachdb",
    "spatialite": "django.contrib.gis.db.backends.spatialite",
    "sqlite": "django.db.backends.sqlite3",
}
WITH_SCHEMA = frozenset("postgres postgresql pgsql postgis redshift timescale timescalegis".split())
WITH_TEXT_PORT = frozenset("oracle mssql mssqlms".split())


class ParseError(ValueError):
    """A text that is no URL."""


class UnknownSchemeError(ValueError):
    """A URL with a scheme that no engine is registered for."""


def parse(url: str, engines: Mapping[str, str], extra: Mapping[str, Any]) -> dict[str, Any]:
    """An entry of DATABASES; `extra` is what the call adds to it, its OPTIONS to those of the URL.

    Raises ParseError, UnknownSchemeError.
    """
    from urllib.parse import parse_qs, unquote, urlsplit

    if url == "sqlite://:memory:":  # urlsplit takes "memory" for a port
        return {"ENGINE": engines["sqlite"], "NAME": ":memory:"}
    try:
        split = urlsplit(url)
        if split.scheme not in engines:
            raise UnknownSchemeError(f"Scheme '{split.scheme}://' is unknown.")
        found: dict[str, Any] = {
            "ENGINE": engines[split.scheme],
            "USER": unquote(split.username or ""),
            "PASSWORD": unquote(split.password or ""),
            "HOST": unquote(split.hostname or ""),
            "PORT": split.port or "",
            "NAME": unquote(split.path[1:]),
        }
        options = {
            key: _option(values[0]) if len(values) == 1 else [_option(each) for each in values]
            for key, values in parse_qs(split.query).items()
        }
    except UnknownSchemeError:
        raise
    except ValueError:
        raise ParseError("This string is not a valid url") from None
    _adapt(found, options, split.scheme)
    options.update(extra.get("OPTIONS", {}))
    found.update({key: value for key, value in extra.items() if key != "OPTIONS"})
    return {**found, "OPTIONS": options} if options else found


def _option(value: str) -> int | str | bool:
    if value.isdigit():
        return int(value)
    return value.lower() == "true" if value.lower() in ("true", "false") else value


def _adapt(found: dict[str, Any], options: dict[str, Any], scheme: str) -> None:
    """What an engine wants in another form than the URL says it."""
    if scheme == "sqlite" and not found["NAME"]:
        found["NAME"] = ":memory:"
    elif scheme in WITH_TEXT_PORT:
        found["PORT"] = str(found["PORT"])
    elif scheme in ("mysql", "mysql2"):
        authority = options.pop("ssl-ca", None)
        if authority:
            options["ssl"] = {"ca": authority}
    elif scheme in WITH_SCHEMA:
        schema = options.pop("currentSchema", None)
        if schema:
            options["options"] = f"-c search_path={schema}"


# -- calls -----------------------------------------------------------------------------------------

OPTIONS: dict[str, Value] = {
    "engine": None,
    "conn_max_age": 0,
    "conn_health_checks": False,
    "disable_server_side_cursors": False,
    "ssl_require": False,
    "test_options": None,
}


def entry(interpreter: Interpreter, url: Value, given: Mapping[str, Value]) -> Value:
    """The entry of DATABASES for a URL that may not be known."""
    extra: dict[Value, Value] = {
        "CONN_MAX_AGE": given["conn_max_age"],
        "CONN_HEALTH_CHECKS": given["conn_health_checks"],
        "DISABLE_SERVER_SIDE_CURSORS": given["disable_server_side_cursors"],
    }

    def with_engine(engine: Value) -> Value:
        if engine is not None and engine != "":
            extra["ENGINE"] = engine
        return interpreter.each(given["test_options"], with_test)

    def with_test(test: Value) -> Value:
        if test is not None:
            extra["TEST"] = test
        secure = interpreter.truth(given["ssl_require"])
        return interpreter.branch(
            secure,
            lambda: finish({**extra, "OPTIONS": interpreter.box({"sslmode": "require"})}),
            lambda: finish(extra),
        )

    def finish(extra: dict[Value, Value]) -> Value:
        return interpreter.each(url, lambda one: _entry(interpreter, one, dict(extra)))

    return interpreter.each(given["engine"], with_engine)


def _entry(interpreter: Interpreter, url: Value, extra: dict[Value, Value]) -> Value:
    if isinstance(url, Unknown):
        known = {
            name: part(interpreter, url, f"the {name}")
            for name in ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT")
        }
        return dict_of_unknown(interpreter, url, {**known, **extra})
    # What the call adds may be unknown, and goes into the result as it is.
    parsed = interpreter.pure(
        "dj_database_url.parse",
        lambda text: parse(text, _engines(interpreter), {}),
        [url],
        type="dict",
    )
    if isinstance(parsed, Unknown) or interpreter.content(parsed).get("NAME") is None:
        return parsed
    if url == "sqlite://:memory:":
        return parsed
    content = dict(interpreter.content(parsed))
    options = extra.pop("OPTIONS", None)
    content.update(extra)
    if options is not None:
        if "OPTIONS" in content:
            options = interpreter.box(
                {**interpreter.content(content["OPTIONS"]), **interpreter.content(options)}
            )
        content["OPTIONS"] = options
    return interpreter.box(content)


def _engines(interpreter: Interpreter) -> dict[str, str]:
    """The engines by scheme: the library's and those that the program registers."""
    found: dict[str, str] = interpreter.state.setdefault("dj_database_url", dict(ENGINES))
    return found


def call_parse(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    """`dj_database_url.parse(url, …)`; `env.dj_db_url` of environs is the same."""
    given = bind(interpreter, "parse", {"url": MISSING, **OPTIONS}, arguments, keywords)
    return entry(interpreter, given["url"], given)


def _config(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    spec = {"env": "DATABASE_URL", "default": None, **OPTIONS}
    given = bind(interpreter, "config", spec, arguments, keywords)

    def one(url: Value) -> Value:
        if url is None or url == "":
            return interpreter.box({})
        return entry(interpreter, url, given)

    return interpreter.each(read_variable(interpreter, given["env"], given["default"]), one)


def _register(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    spec = {"scheme": MISSING, "backend": MISSING}
    given = bind(interpreter, "register", spec, arguments, keywords)
    scheme, backend = interpreter.resolve(given["scheme"]), interpreter.resolve(given["backend"])
    if isinstance(scheme, str) and isinstance(backend, str):
        _engines(interpreter)[scheme] = backend
    return function("register", lambda interpreter, arguments, keywords: arguments[0])


MODULES: dict[str, Callable[[Interpreter], dict[str, Value]]] = {
    "dj_database_url": lambda interpreter: {
        "config": function("dj_database_url.config", _config),
        "parse": function("dj_database_url.parse", call_parse),
        "register": function("dj_database_url.register", _register),
        "ParseError": ParseError,
        "UnknownSchemeError": UnknownSchemeError,
        "DEFAULT_ENV": "DATABASE_URL",
    }
}
