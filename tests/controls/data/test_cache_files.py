"""Where the cache is kept."""

from __future__ import annotations

import pytest

from hardango.findings import Severity, Verdict
from hardango.settings.outcomes import Settings, Unknown

FILES = "django.core.cache.backends.filebased.FileBasedCache"
LOCAL = "django.core.cache.backends.locmem.LocMemCache"
REDIS = "django.core.cache.backends.redis.RedisCache"
ROOTS = {"MEDIA_ROOT": "/srv/media", "STATIC_ROOT": "/srv/static"}


def files(location: object, **more: object) -> dict[str, object]:
    return {"CACHES": {"default": {"BACKEND": FILES, "LOCATION": location}}, **ROOTS, **more}


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"CACHES": {}},
        {"CACHES": {"default": {"BACKEND": REDIS}}},
        {"CACHES": {"default": {"BACKEND": LOCAL}}},
        files("/var/cache/shop"),
        files("/srv/media-cache"),
        files("/srv"),
        {"CACHES": {"default": {"BACKEND": FILES, "LOCATION": "/var/cache/shop"}}},
        files("/tmp/x", SESSION_ENGINE="django.contrib.sessions.backends.cache"),
        {"CACHES": Unknown("read from CACHE_URL", variables=("CACHE_URL",))},
    ],
)
def test_nothing_to_say(judged, settings: dict[str, object]) -> None:
    finding = judged("cache-files", settings, pedantic=False)
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    ("settings", "severity", "words"),
    [
        (files("/srv/media/cache"), Severity.HIGH, "below MEDIA_ROOT"),
        (files("/srv/static/cache"), Severity.MEDIUM, "below STATIC_ROOT"),
        (files("/tmp/cache"), Severity.MEDIUM, "makes that directory first"),
    ],
)
def test_told(judged, settings: dict[str, object], severity: Severity, words: str) -> None:
    finding = judged("cache-files", settings, pedantic=False)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, severity), finding.message
    assert words in finding.message


@pytest.mark.parametrize("settings", [{}, {"CACHES": {"default": {"BACKEND": LOCAL}}}])
def test_a_cache_of_one_process_only_on_demand(judged, settings: dict[str, object]) -> None:
    assert judged("cache-files", settings).verdict is Verdict.FAIL


def test_not_known(judged) -> None:
    assert judged("cache-files", files(Unknown("result of x()"))).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("path", "own", "verdict"),
    [
        # The project itself lies in /tmp here, and elsewhere in production.
        ("/tmp/copy/cache", "/tmp/copy/shop/settings.py", Verdict.PASS),
        ("/tmp/copy/shop/cache", "/tmp/copy/shop/settings.py", Verdict.PASS),
        ("/tmp/cache", "/tmp/copy/shop/settings.py", Verdict.FAIL),
        ("/tmp/cache", "/srv/shop/settings.py", Verdict.FAIL),
        ("/tmp/cache", "settings.py", Verdict.FAIL),
    ],
)
def test_a_copy_of_the_project_in_tmp(judged, path: str, own: str, verdict: Verdict) -> None:
    finding = judged("cache-files", Settings.of(files(path), path=own))
    assert finding.verdict is verdict, finding.message
