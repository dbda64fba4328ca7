"""A throw-away database on a server that the user names: `--database postgresql://user@host/name`.

The server is used, the database of the URL is not touched: a new one is created beside it, and
dropped at the end.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from hardango.light import NamedTuple

_ENGINES = {
    "postgres": "django.db.backends.postgresql", "postgresql": "django.db.backends.postgresql",
    "postgis": "django.contrib.gis.db.backends.postgis", "mysql": "django.db.backends.mysql",
    "mariadb": "django.db.backends.mysql",
}  # fmt: skip
_PORTS = {"django.db.backends.mysql": 3306}


class BadDatabase(Exception):
    """The URL names no database server; the text is a sentence."""


class Database(NamedTuple):
    """The entry of DATABASES, and what may be connected to for it."""

    settings: Mapping[str, object]
    reachable: tuple[tuple[str, int | None], ...]


def read(url: str) -> Database:
    """The database that a URL asks for. Raises BadDatabase."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise BadDatabase("--database is no URL") from None
    engine = _ENGINES.get(parts.scheme)
    if engine is None:
        raise BadDatabase("--database names a server, as in postgresql://user:password@host:5432/; "
                          f"there is {', '.join(sorted(_ENGINES))}")  # fmt: skip
    host = unquote(parts.hostname or "")
    settings: dict[str, object] = {
        "ENGINE": engine, "NAME": f"hardango_{secrets.token_hex(6)}", "HOST": host,
        "PORT": str(port or ""), "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
    }  # fmt: skip
    reachable: tuple[tuple[str, int | None], ...] = ()
    if host:
        reachable = ((host, port or _PORTS.get(engine, 5432)), (host, None))
    return Database(settings, reachable)
