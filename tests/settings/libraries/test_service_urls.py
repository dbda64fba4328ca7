"""dj-email-url and django-cache-url, held against the libraries themselves."""

from __future__ import annotations

import pytest
from tests.settings.libraries.agreeing import both

EMAILS = [
    "smtp://",
    "smtp://user%40example.com:p%2Fw@smtp.example.com:2525",
    "smtps://h",
    "submission://u:p@h",
    "submit://h:25?tls=no",
    "smtp://h/?ssl=1&tls=1&timeout=5",
    "smtp://h/?tls=True&_default_from_email=a@b",
    "file:///var/mail",
    "console:",
    "nothing://h",
    "",
]
CACHES = [
    "",
    "locmem://",
    "dummy://",
    "db://table",
    "file:///var/cache?timeout=60",
    "memcached://one:1,two:2",
    "memcached:///var/sock",
    "pymemcache://h:11211?key_prefix=a&max_entries=5&cull_frequency=2",
    "redis://h",
    "redis://:pw@h:1/3?lib=redis-cache&max_connections=5&timeout=2",
    "rediss://u:pw@h/1?timeout=2",
    "hiredis://:pw@h/1",
    "redis:///var/run/redis.sock",
    "redis:///var/run/redis/2",
    "uwsgicache://",
    "nothing://h",
]


@pytest.mark.parametrize("url", EMAILS)
def test_emails(url: str) -> None:
    pytest.importorskip("dj_email_url")
    library, model = both("import dj_email_url\nV = dj_email_url.config()\n", {"EMAIL_URL": url})
    assert model == library


@pytest.mark.parametrize("url", CACHES)
def test_caches(url: str) -> None:
    pytest.importorskip("django_cache_url")
    source = "import django_cache_url\nV = django_cache_url.config()\n"
    library, model = both(source, {"CACHE_URL": url})
    assert model == library


def test_defaults() -> None:
    pytest.importorskip("django_cache_url")
    source = "import django_cache_url, dj_email_url\nV = django_cache_url.config()\n"
    source += "W = dj_email_url.config(default='console:')\nX = dj_email_url.config()\n"
    library, model = both(source)
    assert model == library
