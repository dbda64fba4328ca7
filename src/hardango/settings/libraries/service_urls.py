"""dj-email-url and django-cache-url: mail servers and caches by URL, on their own or in environs.

https://pypi.org/project/dj-email-url/, https://pypi.org/project/django-cache-url/
"""

from __future__ import annotations

import re
from collections.abc import Callable

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
from hardango.settings.values import MISSING, Native, Value

EMAILS = {
    **dict.fromkeys(
        ("smtp", "submission", "submit", "smtps"), "django.core.mail.backends.smtp.EmailBackend"
    ),
    "console": "django.core.mail.backends.console.EmailBackend",
    "file": "django.core.mail.backends.filebased.EmailBackend",
    "memory": "django.core.mail.backends.locmem.EmailBackend",
    "dummy": "django.core.mail.backends.dummy.EmailBackend",
}
TRUTHY = frozenset("1 y Y yes Yes YES t T true True TRUE on On ON".split())
REDIS = "django.core.cache.backends.redis.RedisCache"
CACHES = {
    "db": "django.core.cache.backends.db.DatabaseCache",
    "dummy": "django.core.cache.backends.dummy.DummyCache",
    "elasticache": "django_elasticache.memcached.ElastiCache",
    "file": "django.core.cache.backends.filebased.FileBasedCache",
    "locmem": "django.core.cache.backends.locmem.LocMemCache",
    "uwsgicache": "uwsgicache.UWSGICache",
    "memcached": "django.core.cache.backends.memcached.PyLibMCCache",
    "djangopylibmc": "django_pylibmc.memcached.PyLibMCCache",
    "pymemcached": "django.core.cache.backends.memcached.MemcachedCache",
    "pymemcache": "django.core.cache.backends.memcached.PyMemcacheCache",
    "redis-cache": "redis_cache.RedisCache",
    "redis": REDIS,
    "rediss": REDIS,
    "hiredis": REDIS,
}


# -- mail ------------------------------------------------------------------------------------------


def email(url: str) -> dict[str, Any]:
    """The EMAIL_… settings of a URL."""
    from urllib.parse import parse_qs, unquote, urlparse

    split = urlparse(url)
    query = {key: values[0] for key, values in parse_qs(split.query).items()}
    scheme, host, port = split.scheme, split.hostname, split.port
    tls, ssl = scheme in ("smtps", "submission", "submit"), False
    if scheme == "smtp":
        host, port = host or "localhost", port or 25
    elif tls and scheme != "smtps":
        port = port or 587
    if "ssl" in query:
        if query["ssl"] in TRUTHY:
            ssl, tls = True, False
    elif query.get("tls") in TRUTHY:
        ssl, tls = False, True
    found = {
        "EMAIL_FILE_PATH": split.path[1:].split("?", 2)[0],
        "EMAIL_HOST_USER": unquote(split.username) if split.username else split.username,
        "EMAIL_HOST_PASSWORD": unquote(split.password) if split.password else split.password,
        "EMAIL_HOST": host,
        "EMAIL_PORT": port,
        "EMAIL_USE_SSL": ssl,
        "EMAIL_USE_TLS": tls,
        "EMAIL_TIMEOUT": int(query["timeout"]) if "timeout" in query else None,
    }
    if scheme in EMAILS:
        found["EMAIL_BACKEND"] = EMAILS[scheme]
    for key, setting in (
        ("_server_email", "SERVER_EMAIL"),
        ("_default_from_email", "DEFAULT_FROM_EMAIL"),
    ):
        if key in query:
            found[setting] = query[key]
    return found


EMAIL_PARTS = {
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
    "EMAIL_TIMEOUT": "int",
    "EMAIL_USE_SSL": "bool",
    "EMAIL_USE_TLS": "bool",
}


# -- caches ----------------------------------------------------------------------------------------


def cache(url: str) -> dict[str, Any]:
    """An entry of CACHES. Raises Exception for a scheme that has no backend."""
    from urllib.parse import parse_qs, urlparse

    split = urlparse(url)
    query = {key.upper(): ";".join(values) for key, values in parse_qs(split.query).items()}
    if split.scheme not in CACHES:
        raise Exception(f'Unknown backend: "{split.scheme}"')
    library = query.get("LIB")
    backend = CACHES[split.scheme]
    if "redis" in split.scheme and library in CACHES:
        backend = CACHES[library]
    options: dict[str, Any] = {}
    if split.scheme == "hiredis":
        options["PARSER_CLASS"] = "redis.connection.HiredisParser"
    found: dict[str, Any] = {"BACKEND": backend}
    if not split.netloc:
        found["LOCATION"] = _local(split)
    elif split.scheme in ("redis", "rediss", "hiredis"):
        plain = library == "redis-cache" or backend == REDIS
        found["LOCATION"] = _redis(split, plain)
        if split.password and not plain:
            options["PASSWORD"] = split.password
        if library == "redis-cache":
            options.update(_pool(query))
    else:
        found["LOCATION"] = ";".join(split.netloc.split(","))
    if split.scheme == "uwsgicache":
        found["LOCATION"] = found["LOCATION"] or "default"
    for key in ("MAX_ENTRIES", "CULL_FREQUENCY"):
        if key in query:
            options[key] = int(query.pop(key))
    return {**found, **({"OPTIONS": options} if options else {}), **query}


def _local(split: Any) -> str:
    """The place of a cache on this machine."""
    path: str = split.path
    if split.scheme in ("memcached", "pymemcached", "pymemcache", "djangopylibmc"):
        return f"unix://{path}"
    if split.scheme not in ("redis", "hiredis"):
        return path
    number = re.match(r".+?(\d+)", path)
    if number is None:
        return f"unix://{path}?db=0"
    return f"unix://{path[: path.rfind('/')]}?db={number[1]}"


def _redis(split: Any, with_password: bool) -> str:
    scheme = "rediss" if split.scheme == "rediss" else "redis"
    secret = f":{split.password}@" if split.password and with_password else ""
    return f"{scheme}://{secret}{split.hostname}:{split.port or 6379}/{split.path[1:] or '0'}"


def _pool(query: dict[str, str]) -> dict[str, Any]:
    """The options of django-redis-cache."""
    found: dict[str, Any] = {
        key: query[key] for key in ("PARSER_CLASS", "CONNECTION_POOL_CLASS") if key in query
    }
    limits = {
        key.lower(): int(query[key]) for key in ("MAX_CONNECTIONS", "TIMEOUT") if key in query
    }
    if limits:
        found["CONNECTION_POOL_CLASS_KWARGS"] = limits
    return found


# -- calls -----------------------------------------------------------------------------------------


def parse_email(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    """`dj_email_url.parse(url)`"""
    url = bind(interpreter, "parse", {"url": MISSING}, arguments, keywords)["url"]

    def one(url: Value) -> Value:
        if not isinstance(url, Unknown):
            return interpreter.pure("dj_email_url.parse", email, [url], type="dict")
        known = {
            name: part(interpreter, url, f"the {name}", kind) for name, kind in EMAIL_PARTS.items()
        }
        return dict_of_unknown(interpreter, url, known, more=False)

    return interpreter.each(url, one)


def parse_cache(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    """`django_cache_url.parse(url)`"""
    url = bind(interpreter, "parse", {"url": MISSING}, arguments, keywords)["url"]

    def one(url: Value) -> Value:
        if not isinstance(url, Unknown):
            return interpreter.pure("django_cache_url.parse", cache, [url], type="dict")
        known = {name: part(interpreter, url, f"the {name}") for name in ("BACKEND", "LOCATION")}
        return dict_of_unknown(interpreter, url, known)

    return interpreter.each(url, one)


def _config(
    variable: str,
    default: str | None,
    parse: Callable[[Interpreter, Arguments, Keywords], Value],
) -> Native:
    """`config(env=…, default=…)`: the URL that a variable holds; {} if there is none."""

    def run(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        spec = {"env": variable, "default": default}
        given = bind(interpreter, "config", spec, arguments, keywords)
        return interpreter.each(
            read_variable(interpreter, given["env"], given["default"]),
            lambda one: (
                interpreter.box({}) if one is None or one == "" else parse(interpreter, [one], {})
            ),
        )

    return function("config", run)


MODULES: dict[str, Callable[[Interpreter], dict[str, Value]]] = {
    "dj_email_url": lambda interpreter: {
        "config": _config("EMAIL_URL", None, parse_email),
        "parse": function("dj_email_url.parse", parse_email),
        "DEFAULT_ENV": "EMAIL_URL",
    },
    "django_cache_url": lambda interpreter: {
        "config": _config("CACHE_URL", "locmem://", parse_cache),
        "parse": function("django_cache_url.parse", parse_cache),
        "DEFAULT_ENV": "CACHE_URL",
    },
}
