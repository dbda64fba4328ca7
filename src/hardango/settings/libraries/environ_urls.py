"""What django-environ makes of the URLs of databases, caches, mail servers, search engines and
channel layers: functions on plain data.

https://django-environ.readthedocs.io/en/latest/types.html
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from hardango.light import Any

POSTGRES = frozenset(
    "postgres postgresql psql pgsql postgis prometheus_postgresql prometheus_postgis".split()
)
DATABASES = {
    **dict.fromkeys(("postgres", "postgresql", "psql", "pgsql"), "django.db.backends.postgresql"),
    "postgis": "django.contrib.gis.db.backends.postgis",
    "prometheus_postgresql": "django_prometheus.db.backends.postgresql",
    "prometheus_postgis": "django_prometheus.db.backends.postgis",
    "cockroachdb": "django_cockroachdb",
    "mysql": "django.db.backends.mysql",
    "mysql2": "django.db.backends.mysql",
    "mysql-connector": "mysql.connector.django",
    "mysqlgis": "django.contrib.gis.db.backends.mysql",
    "prometheus_mysql": "django_prometheus.db.backends.mysql",
    "mssql": "mssql",
    "oracle": "django.db.backends.oracle",
    "pyodbc": "sql_server.pyodbc",
    "redshift": "django_redshift_backend",
    "spatialite": "django.contrib.gis.db.backends.spatialite",
    "prometheus_spatialite": "django_prometheus.db.backends.spatialite",
    "sqlite": "django.db.backends.sqlite3",
    "prometheus_sqlite": "django_prometheus.db.backends.sqlite3",
    "ldap": "ldapdb.backends.ldap",
}
CACHES = {
    "dbcache": "django.core.cache.backends.db.DatabaseCache",
    "dummycache": "django.core.cache.backends.dummy.DummyCache",
    "filecache": "django.core.cache.backends.filebased.FileBasedCache",
    "locmemcache": "django.core.cache.backends.locmem.LocMemCache",
    "memcache": "django.core.cache.backends.memcached.MemcachedCache",
    "pymemcache": "django.core.cache.backends.memcached.PyLibMCCache",
    "pylibmc": "django.core.cache.backends.memcached.PyLibMCCache",
    **dict.fromkeys(
        ("rediscache", "redis", "rediss", "valkey", "valkeys"),
        "django.core.cache.backends.redis.RedisCache",
    ),
}
EMAILS = {
    **dict.fromkeys(
        ("smtp", "smtps", "smtp+tls", "smtp+ssl"), "django.core.mail.backends.smtp.EmailBackend"
    ),
    "consolemail": "django.core.mail.backends.console.EmailBackend",
    "filemail": "django.core.mail.backends.filebased.EmailBackend",
    "memorymail": "django.core.mail.backends.locmem.EmailBackend",
    "dummymail": "django.core.mail.backends.dummy.EmailBackend",
}
SEARCHES = {
    "elasticsearch": "haystack.backends.elasticsearch_backend.ElasticsearchSearchEngine",
    "elasticsearch2": "haystack.backends.elasticsearch2_backend.Elasticsearch2SearchEngine",
    "elasticsearch5": "haystack.backends.elasticsearch5_backend.Elasticsearch5SearchEngine",
    "elasticsearch7": "haystack.backends.elasticsearch7_backend.Elasticsearch7SearchEngine",
    "solr": "haystack.backends.solr_backend.SolrEngine",
    "whoosh": "haystack.backends.whoosh_backend.WhooshEngine",
    "xapian": "haystack.backends.xapian_backend.XapianEngine",
    "simple": "haystack.backends.simple_backend.SimpleEngine",
}
CHANNELS = {
    "inmemory": "channels.layers.InMemoryChannelLayer",
    "redis": "channels_redis.core.RedisChannelLayer",
    "rediss": "channels_redis.core.RedisChannelLayer",
    "redis+pubsub": "channels_redis.pubsub.RedisPubSubChannelLayer",
    "rediss+pubsub": "channels_redis.pubsub.RedisPubSubChannelLayer",
}
DATABASE_OPTIONS = frozenset(
    "CONN_MAX_AGE ATOMIC_REQUESTS AUTOCOMMIT DISABLE_SERVER_SIDE_CURSORS CONN_HEALTH_CHECKS".split()
)
CACHE_OPTIONS = frozenset("TIMEOUT KEY_PREFIX VERSION KEY_FUNCTION BINARY".split())
EMAIL_OPTIONS = frozenset(("EMAIL_USE_TLS", "EMAIL_USE_SSL"))


class InvalidScheme(Exception):
    """A URL with a scheme that has no backend: django-environ raises ImproperlyConfigured."""


def literal(text: str) -> Any:
    """A Python literal, or the text itself if it is none."""
    import ast

    try:
        return ast.literal_eval(text)
    except (ValueError, SyntaxError):
        return text


def integer(value: Any) -> Any:
    return int(value) if isinstance(value, str) and value.isdigit() else value


def parsed(url: Any) -> Any:
    from urllib.parse import ParseResult, urlparse

    return url if isinstance(url, ParseResult) else urlparse(url)


def _quoted(url: str) -> Any:
    from urllib.parse import quote, urlparse

    return urlparse(quote(url, safe=":/?&=@"))


def _plain(text: str | None) -> str | None:
    from urllib.parse import unquote

    return unquote(text) if isinstance(text, str) else text


def _options(query: str) -> dict[str, str]:
    """The first value of each parameter of a query."""
    from urllib.parse import parse_qs

    return {key: values[0] for key, values in parse_qs(query).items()}


def _path(url: Any) -> str:
    from urllib.parse import unquote_plus

    return unquote_plus(url.path[1:].split("?", 2)[0])


# -- databases -------------------------------------------------------------------------------------


def database(url: Any, engine: str | None, schemes: Mapping[str, str]) -> dict[str, Any]:
    """An entry of DATABASES."""
    from urllib.parse import ParseResult, urlparse, urlunparse

    if url == "sqlite://:memory:":
        return {"ENGINE": schemes["sqlite"], "NAME": ":memory:"}
    if not isinstance(url, ParseResult):
        try:
            url = urlparse(url)
        except ValueError:  # brackets that are no IPv6 address
            url = _quoted(url)
    if not url.path:
        url = _quoted(urlunparse(url))
    path = _path(url)
    if url.scheme == "sqlite" and not path:
        path = ":memory:"
    if url.scheme == "ldap":
        path = f"{url.scheme}://{url.hostname}" + (f":{url.port}" if url.port else "")
    host, port = _hosts(url)
    found: dict[str, Any] = {
        "NAME": path,
        "USER": _plain(url.username) or "",
        "PASSWORD": _plain(url.password) or "",
        "HOST": host or "",
        "PORT": integer(port) or "",
    }
    if path.startswith("/") and (url.scheme in POSTGRES or "cloudsql" in path):
        found["HOST"], found["NAME"] = path.rsplit("/", 1)
    if url.scheme == "oracle":
        _of_oracle(found, path)
    if url.query:
        options: dict[str, Any] = {}
        for key, value in _options(url.query).items():
            if key.upper() in DATABASE_OPTIONS:
                found[key.upper()] = literal(value)
            else:
                options[key] = integer(value)
        found["OPTIONS"] = options
    engine = engine or url.scheme
    found["ENGINE"] = schemes.get(engine, engine)
    return found if found["ENGINE"] else {}


def _of_oracle(found: dict[str, Any], path: str) -> None:
    if not path:
        found["NAME"], found["HOST"] = found["HOST"], ""
    if found["PORT"]:
        found["PORT"] = str(found["PORT"])
    else:
        del found["PORT"]


def _hosts(url: Any) -> tuple[Any, Any]:
    """Host and port; for PostgreSQL there may be several of them."""
    hosts = _plain(url.netloc.rsplit("@", 1)[-1]) or ""
    if url.scheme not in POSTGRES or "," not in hosts:
        return url.hostname, url.port
    names, ports = [], []
    for host in hosts.split(","):
        match = re.fullmatch(r"(\[[^\]]*\]):(.*)", host, re.DOTALL)
        if host.startswith("["):
            name, port = (match[1], match[2]) if match else (host, "")
        else:
            name, _, port = host.rpartition(":")
            if (not name and not host.startswith(":")) or not port.isdigit():
                name, port = host, ""
        names.append(name)
        ports.append(port)
    return ",".join(names), ",".join(filter(None, ports))


# -- caches ----------------------------------------------------------------------------------------


def cache(url: Any, backend: str | None, schemes: Mapping[str, str]) -> dict[str, Any]:
    """An entry of CACHES. Raises InvalidScheme."""
    if not url:
        return {}
    url = parsed(url)
    if url.scheme not in schemes:
        raise InvalidScheme(f"Invalid cache schema {url.scheme}")
    found: dict[str, Any] = {"BACKEND": schemes[url.scheme], "LOCATION": _location(url)}
    if backend:
        found["BACKEND"] = backend
    if url.query:
        # Django's own Redis backend takes its options in lower case, the others in upper case.
        lower = found["BACKEND"] == "django.core.cache.backends.redis.RedisCache"
        options: dict[str, Any] = {}
        for key, value in _options(url.query).items():
            said = key.lower() if lower else key.upper()
            (found if key.upper() in CACHE_OPTIONS else options)[said] = literal(value)
        found["OPTIONS"] = options
    return found


def _location(url: Any) -> str | list[str]:
    if url.scheme == "filecache":
        return str(url.netloc + url.path)
    hosts = url.netloc.split(",")
    if not url.netloc and url.scheme in ("memcache", "pymemcache"):
        return f"unix:{url.path}"
    if url.scheme.startswith("redis"):
        scheme = url.scheme.replace("cache", "") if url.hostname else "unix"
        hosts = [f"{scheme}://{host}{url.path}" for host in hosts]
    return str(hosts[0]) if len(hosts) == 1 else list(hosts)


# -- mail ------------------------------------------------------------------------------------------


def email(url: Any, backend: str | None, schemes: Mapping[str, str]) -> dict[str, Any]:
    """The EMAIL_… settings. Raises InvalidScheme."""
    url = parsed(url)
    found: dict[str, Any] = {
        "EMAIL_FILE_PATH": _path(url),
        "EMAIL_HOST_USER": _plain(url.username),
        "EMAIL_HOST_PASSWORD": _plain(url.password),
        "EMAIL_HOST": url.hostname,
        "EMAIL_PORT": integer(url.port),
    }
    if not backend and url.scheme not in schemes:
        raise InvalidScheme(f"Invalid email schema {url.scheme}")
    found["EMAIL_BACKEND"] = backend or schemes[url.scheme]
    if url.scheme in ("smtps", "smtp+tls"):
        found["EMAIL_USE_TLS"] = True
    elif url.scheme == "smtp+ssl":
        found["EMAIL_USE_SSL"] = True
    if url.query:
        options: dict[str, Any] = {}
        for key, value in _options(url.query).items():
            (found if key.upper() in EMAIL_OPTIONS else options)[key.upper()] = integer(value)
        found["OPTIONS"] = options
    return found


# -- channel layers and search engines -------------------------------------------------------------


def channels(url: Any, backend: str | None, schemes: Mapping[str, str]) -> dict[str, Any]:
    """An entry of CHANNEL_LAYERS. Raises InvalidScheme."""
    url = parsed(url)
    if backend:
        return {"BACKEND": backend}
    if url.scheme not in schemes:
        raise InvalidScheme(f"Invalid channels schema {url.scheme}")
    found: dict[str, Any] = {"BACKEND": schemes[url.scheme]}
    if url.scheme.startswith("redis"):
        found["CONFIG"] = {"hosts": [url._replace(scheme=url.scheme.partition("+")[0]).geturl()]}
    return found


def search(
    url: Any, engine: str | None, schemes: Mapping[str, str], true: tuple[str, ...] = ()
) -> dict[str, Any]:
    """An entry of HAYSTACK_CONNECTIONS; `true` are the words for true. Raises InvalidScheme."""
    url = parsed(url)
    path, scheme = _path(url), url.scheme
    secure = scheme.startswith("elasticsearch") and scheme.endswith("s")
    scheme = scheme[:-1] if secure else scheme
    if scheme not in schemes:
        raise InvalidScheme(f"Invalid search schema {url.scheme}")
    given = _options(url.query)
    found: dict[str, Any] = {"ENGINE": schemes[scheme]}
    if "EXCLUDED_INDEXES" in given:
        found["EXCLUDED_INDEXES"] = given["EXCLUDED_INDEXES"].split(",")
    if "INCLUDE_SPELLING" in given:
        found["INCLUDE_SPELLING"] = boolean(given["INCLUDE_SPELLING"], true)
    if "BATCH_SIZE" in given:
        found["BATCH_SIZE"] = int(given["BATCH_SIZE"])
    if scheme == "simple":
        return found
    path = path[:-1] if path.endswith("/") else path
    if scheme == "solr" or scheme.startswith("elasticsearch"):
        return {**found, **_search_server(url, path, scheme, secure, given)}
    found["PATH"] = f"/{path}"
    if scheme == "whoosh":
        if "STORAGE" in given:
            found["STORAGE"] = given["STORAGE"]
        if "POST_LIMIT" in given:
            found["POST_LIMIT"] = int(given["POST_LIMIT"])
    elif scheme == "xapian" and "FLAGS" in given:
        found["FLAGS"] = given["FLAGS"]
    if engine:
        found["ENGINE"] = engine
    return found


def _search_server(
    url: Any, path: str, scheme: str, secure: bool, given: Mapping[str, str]
) -> dict[str, Any]:
    from urllib.parse import urlunparse

    index = None
    if scheme != "solr":
        path, _, index = path.rpartition("/")
    found: dict[str, Any] = {
        "URL": urlunparse(("https" if secure else "http", url.netloc, path, "", "", ""))
    }
    if "TIMEOUT" in given:
        found["TIMEOUT"] = int(given["TIMEOUT"])
    if "KWARGS" in given:
        found["KWARGS"] = given["KWARGS"]
    if index is not None:
        found["INDEX_NAME"] = index
    return found


def boolean(value: Any, true: tuple[str, ...]) -> bool:
    """A number that is not 0, or one of the words for true."""
    try:
        return int(value) != 0
    except ValueError:
        return value.lower().strip() in true
