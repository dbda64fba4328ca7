"""dj-database-url, held against the library itself and in environments that are not known."""

from __future__ import annotations

import pytest
from tests.settings.evaluating import outcomes, told
from tests.settings.libraries.agreeing import both

pytest.importorskip("dj_database_url")

URLS = [
    "postgres://user:p%40ss%2F@db.example.com:5432/na%20me",
    "postgres://%2Fvar%2Frun%2Fpostgresql/name",
    "postgresql://u:p@[::1]:5433/name?sslmode=require&connect_timeout=5&a=true&b=1&b=2",
    "postgis://host/name?currentSchema=other",
    "mysql://u@host/name?ssl-ca=/ca.pem&charset=utf8",
    "mysql2://host:3306/name",
    "sqlite:///db.sqlite3",
    "sqlite:////abs/db.sqlite3",
    "sqlite://",
    "sqlite://:memory:",
    "oracle://u:p@host:1521/sid",
    "mssql://u:p@host/name?driver=ODBC",
    "cockroach://host/name",
    "nothing://host/name",
    "postgres://u:p@host:port/name",
    "postgres://u:p[@host/name",
    "",
]
CALLS = [
    "dj_database_url.parse(os.environ['U'])",
    "dj_database_url.parse(os.environ['U'], conn_max_age=600, ssl_require=True)",
    "dj_database_url.config('U')",
    "dj_database_url.config(env='U', engine='my.engine', conn_health_checks=True)",
]


@pytest.mark.parametrize("url", URLS)
@pytest.mark.parametrize("call", CALLS)
def test_urls(url: str, call: str) -> None:
    library, model = both(f"import os\nimport dj_database_url\nV = {call}\n", {"U": url})
    assert model == library


@pytest.mark.parametrize(
    "call",
    [
        "dj_database_url.config()",
        "dj_database_url.config(default=f'sqlite:///{__file__}')",
        "dj_database_url.config(default='postgres://h/n', test_options={'NAME': 't'})",
        "dj_database_url.config(default='postgres://h/n?a=b', ssl_require=not DEBUG)",
        "dj_database_url.parse('postgres://h/n', conn_max_age=None)",
        "dj_database_url.parse('postgres://h/n', nothing=1)",
    ],
)
def test_calls(call: str) -> None:
    library, model = both(f"import dj_database_url\nDEBUG = False\nV = {call}\n")
    assert model == library


def test_registered_engines() -> None:
    source = """
import dj_database_url
dj_database_url.register("mine", "my.backend")
V = dj_database_url.parse("mine://h/n")
"""
    library, model = both(source)
    assert model == library


def test_a_url_that_is_not_known() -> None:
    source = """
import dj_database_url
V = dj_database_url.config(default="sqlite:///db", conn_max_age=600, ssl_require=True)
W = V["ENGINE"] == "django.db.backends.sqlite3"
"""
    found = outcomes(source)
    (unset,) = [value for value, when in found["V"] if when == ("DATABASE_URL is unset",)]
    (is_set,) = [value for value, when in found["V"] if when == ("DATABASE_URL is set",)]
    assert told(unset)["ENGINE"] == "django.db.backends.sqlite3"  # type: ignore[index]
    assert told(is_set) == {
        "unknown: read from DATABASE_URL": "unknown: read from DATABASE_URL",
        **dict.fromkeys(
            ("ENGINE", "NAME", "USER", "PASSWORD", "HOST", "PORT"),
            "unknown: read from DATABASE_URL",
        ),
        "CONN_MAX_AGE": 600,
        "CONN_HEALTH_CHECKS": False,
        "DISABLE_SERVER_SIDE_CURSORS": False,
        "OPTIONS": {"sslmode": "require"},
    }
