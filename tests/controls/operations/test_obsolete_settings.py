"""Settings that do nothing any more."""

from __future__ import annotations

import pytest

from hardango.findings import Severity, Verdict
from hardango.settings.outcomes import Unknown

S3 = "storages.backends.s3.S3Storage"


@pytest.mark.parametrize(
    ("settings", "django"),
    [
        ({}, (6, 1)),
        ({"SECURE_HSTS_SECONDS": 60, "STORAGES": {}}, (6, 1)),
        ({"SECURE_BROWSER_XSS_FILTER": True}, (3, 2)),
        ({"SECURE_BROWSER_XSS_FILTER": False}, (6, 1)),  # says what is so
        ({"DEFAULT_FILE_STORAGE": S3}, (5, 0)),
        ({"STATICFILES_STORAGE": S3}, (4, 2)),
        ({"PASSWORD_RESET_TIMEOUT_DAYS": 1}, (3, 2)),
        ({"MIDDLEWARE_CLASSES": ["a.B"]}, (1, 11)),
        ({"SECURE_FRAME_DENY": True, "INSTALLED_APPS": ["djangosecure"]}, (1, 11)),
        ({"USE_X_FORWARDED_HOST": True, "MY_OWN": 1}, (6, 1)),
    ],
)
def test_read(judged, settings: dict[str, object], django: tuple[int, int]) -> None:
    finding = judged("obsolete-settings", settings, django=django)
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    ("settings", "severity", "words"),
    [
        ({"SECURE_BROWSER_XSS_FILTER": True}, Severity.INFO, "does nothing since Django 4.0: the"),
        ({"DEFAULT_FILE_STORAGE": S3}, Severity.LOW, "STORAGES is not set: what users upload"),
        ({"STATICFILES_STORAGE": S3}, Severity.INFO, "since Django 5.1, and STORAGES is not set"),
        ({"PASSWORD_RESET_TIMEOUT_DAYS": 1}, Severity.LOW, "good for 3 days"),
        ({"MIDDLEWARE_CLASSES": ["a.B"]}, Severity.MEDIUM, "MIDDLEWARE is not set: no middleware"),
        ({"SECURE_FRAME_DENY": True}, Severity.INFO, "does nothing in Django"),
        ({"USE_X_FORWARDED_PROTO": True}, Severity.INFO, "SECURE_PROXY_SSL_HEADER is not set"),
    ],
)
def test_does_nothing(judged, settings: dict[str, object], severity: Severity, words: str) -> None:
    finding = judged("obsolete-settings", settings, pedantic=False)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, severity)
    assert words in finding.message


@pytest.mark.parametrize(
    "settings",
    [
        {"DEFAULT_FILE_STORAGE": S3, "STORAGES": {"default": {"BACKEND": S3}}},
        {"PASSWORD_RESET_TIMEOUT_DAYS": 1, "PASSWORD_RESET_TIMEOUT": 3600},
        {"MIDDLEWARE_CLASSES": ["a.B"], "MIDDLEWARE": ["a.B"]},
        {"USE_X_FORWARDED_PROTO": True, "SECURE_PROXY_SSL_HEADER": ("HTTP_X", "https")},
    ],
)
def test_a_leftover_is_told_on_demand(judged, settings: dict[str, object]) -> None:
    assert judged("obsolete-settings", settings, pedantic=False).verdict is Verdict.PASS
    finding = judged("obsolete-settings", settings)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, Severity.INFO)


def test_under_a_condition(judged) -> None:
    settings = {"DEFAULT_FILE_STORAGE": {"if X": S3, "else": ""}}
    finding = judged("obsolete-settings", settings)
    assert (finding.verdict, finding.when) == (Verdict.CONDITIONAL, ("X",))


def test_not_known(judged) -> None:
    settings = {"DEFAULT_FILE_STORAGE": S3, "STORAGES": Unknown("read from X")}
    assert judged("obsolete-settings", settings).verdict is Verdict.UNKNOWN
