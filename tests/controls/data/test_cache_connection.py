"""Connection to the cache."""

from __future__ import annotations

import pytest

from hardango.findings import Severity, Verdict
from hardango.project.model import Deployment
from hardango.settings.evaluate import evaluate
from hardango.settings.outcomes import Unknown

REDIS = "django.core.cache.backends.redis.RedisCache"
OTHER = "django_redis.cache.RedisCache"
MEMCACHED = "django.core.cache.backends.memcached.PyMemcacheCache"
ASKED = Unknown("read from REDIS_URL", variables=("REDIS_URL",))
STARTS = Unknown("a text with HOST", variables=("HOST",), prefix="rediss://")


def cache(backend: object, location: object, **options: object) -> dict[str, object]:
    return {"CACHES": {"default": {"BACKEND": backend, "LOCATION": location, "OPTIONS": options}}}


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"CACHES": {"default": {"BACKEND": "django.core.cache.backends.dummy.DummyCache"}}},
        cache("django.core.cache.backends.db.DatabaseCache", "cache"),
        cache("django.core.cache.backends.filebased.FileBasedCache", "/var/cache/shop"),
        cache(REDIS, "redis://localhost:6379/1"),
        cache(REDIS, "redis://127.0.0.1:6379"),
        cache(REDIS, "unix:///run/redis.sock"),
        cache(REDIS, "redis://redis:6379/0"),
        cache(REDIS, ["redis://redis:6379/0", "redis://localhost/1"]),
        cache(REDIS, "rediss://u:pw@cache.example.com:6379/0"),
        cache(REDIS, "rediss://cache.example.com:6379/0", PASSWORD=ASKED),
        cache(OTHER, STARTS),
        cache(MEMCACHED, "127.0.0.1:11211"),
        cache(MEMCACHED, "unix:/run/memcached.sock"),
        cache(MEMCACHED, "redis:11211"),
    ],
)
def test_nothing_to_say(judged, settings: dict[str, object]) -> None:
    finding = judged("cache-connection", settings, deployment=Deployment(hosts=frozenset(("redis",))))
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    ("settings", "severity", "words"),
    [
        (cache(REDIS, "redis://cache.example.com"), Severity.HIGH, "encryption and a password"),
        (cache(REDIS, "redis://:pw@cache.example.com"), Severity.MEDIUM, "without encryption"),
        (cache(OTHER, "redis://c.example.com", PASSWORD="x"), Severity.MEDIUM, "without encryption"),
        (cache(REDIS, "rediss://cache.example.com"), Severity.HIGH, "without a password"),
        (cache(MEMCACHED, "cache.example.com:11211"), Severity.HIGH, "runs code"),
        (cache(REDIS, "redis://10.0.0.5:6379"), Severity.LOW, "private network"),
        (cache(REDIS, "rediss://u:p@c.example.com?ssl_cert_reqs=none"), Severity.LOW, "any certificate"),
        (cache(REDIS, "redis://localhost;redis://b.example.com"), Severity.HIGH, "b.example.com"),
    ],
)  # fmt: skip
def test_told(judged, settings: dict[str, object], severity: Severity, words: str) -> None:
    finding = judged("cache-connection", settings, pedantic=False)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, severity), finding.message
    assert words in finding.message


@pytest.mark.parametrize(
    "settings",
    [
        {"CACHES": ASKED},
        {"CACHES": {"default": ASKED}},
        cache(REDIS, ASKED),
        cache(ASKED, ASKED),
        cache(REDIS, "redis://redis:6379/0"),
        cache("shop.cache.OwnCache", "x"),
        cache(OTHER, "redis://c.example.com", CONNECTION_POOL_KWARGS=ASKED),
    ],
)
def test_not_known(judged, settings: dict[str, object]) -> None:
    finding = judged("cache-connection", settings)
    assert (finding.verdict, finding.severity) == (Verdict.UNKNOWN, Severity.LOW), finding.message


def test_a_class_of_the_project(judged, tmp_path) -> None:
    (tmp_path / "cache.py").write_text(
        "from django.core.cache.backends.db import DatabaseCache\nclass Own(DatabaseCache):\n    pass\n"
    )
    (tmp_path / "production.py").write_text(
        "CACHES = {'default': {'BACKEND': 'cache.Own', 'LOCATION': 'x'}}\n"
    )
    root = str(tmp_path)
    settings = evaluate("production", root=root, import_roots=(root,))
    assert judged("cache-connection", settings).verdict is Verdict.PASS
