"""Names that are nearly those of settings that protect."""

from __future__ import annotations

import pytest

from hardango.controls.operations.misspelt_settings import edits
from hardango.findings import Severity, Verdict
from hardango.settings.outcomes import Unknown


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"SECURE_SSL_REDIRECT": True, "CSRF_COOKIE_SECURE": True},
        {"ALLOWED_HOST": "a.example", "ALLOWED_HOSTS": ["a.example"]},  # a part of it
        {"CSRF_TRUSTED_ORIGIN": "https://a", "CSRF_TRUSTED_ORIGINS": ["https://a"]},
        {"SECURE_BROWSER_XSS_FILTER": True},  # a setting of another version
        {"PASSWORD_RESET_TIMEOUT_DAYS": 3},
        {"SECURE_CSP": {}},
        {"SESSION_COOKIE_SECURE_DEFAULT": True},
        {"SECURE_HEADERS": {}, "SESSION_REDIS": {}, "CSRF_EXEMPT_URLS": []},
        {"CORS_ALLOWED_ORIGINS": [], "CSP_DEFAULT_SRC": []},
        {"JWT_AUTH_COOKIE_SECURE": True, "REFRESH_COOKIE_SECURE": True},
        {"PASSWORD_HASHER": "argon2", "PASSWORD_HASHERS": ["x"]},
        {"FILE_UPLOAD_HANDLER_CLASS": "x", "DATA_UPLOAD_MAX": 3},
        {"MIDDLEWARES": [], "DEBUGS": 1},  # too short to tell
    ],
)
def test_other_names(judged, settings: dict[str, object]) -> None:
    finding = judged("misspelt-settings", settings)
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    ("name", "value", "meant"),
    [
        ("SECURE_SSL_REDIRECTS", True, "SECURE_SSL_REDIRECT"),
        ("CSRF_COOKIE_SECRUE", True, "CSRF_COOKIE_SECURE"),
        ("SECURE_HSTS_INCLUDE_SUBDOMAIN", True, "SECURE_HSTS_INCLUDE_SUBDOMAINS"),
        ("SECURE_HSTS_INCLUDE_SUB_DOMAINS", True, "SECURE_HSTS_INCLUDE_SUBDOMAINS"),
        ("SESSION_COOKIES_SECURE", True, "SESSION_COOKIE_SECURE"),
        ("SECURE_SESSION_COOKIE", True, "SESSION_COOKIE_SECURE"),
        ("SECURE_HSTS_SECOND", 60, "SECURE_HSTS_SECONDS"),
        ("ALLOWED_HOST", ["a.example"], "ALLOWED_HOSTS"),
        ("CSRF_TRUSTED_ORIGIN", ["https://a"], "CSRF_TRUSTED_ORIGINS"),
        ("SECURE_PROXY_SSL_HEADERS", ("HTTP_X", "https"), "SECURE_PROXY_SSL_HEADER"),
        ("AUTH_PASSWORD_VALIDATOR", [{}], "AUTH_PASSWORD_VALIDATORS"),
        ("SESSION_COOKIE_SECUR", Unknown("read from X"), "SESSION_COOKIE_SECURE"),
    ],
)
def test_misspelt(judged, name: str, value: object, meant: str) -> None:
    finding = judged("misspelt-settings", {name: value}, pedantic=False)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, Severity.MEDIUM)
    assert finding.message.startswith(f"{name} is no setting of Django, and {meant} is not set")


def test_where_the_default_is_what_was_meant(judged) -> None:
    finding = judged("misspelt-settings", {"SESSION_COOKIE_HTTP_ONLY": True})
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, Severity.LOW)


def test_under_a_condition(judged) -> None:
    settings = {"SECURE_SSL_REDIRECTS": {"if X": True, "else": True}}
    assert judged("misspelt-settings", settings).verdict is Verdict.FAIL
    settings = {"ALLOWED_HOST": ["a"], "ALLOWED_HOSTS": {"if X": ["a"]}}
    finding = judged("misspelt-settings", settings)
    assert (finding.verdict, finding.when) == (Verdict.CONDITIONAL, ("not (X)",))


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [("A_B", "A_B", 0), ("A_B", "A_C", 1), ("AB", "BA", 1), ("A", "AS", 1), ("AB", "XY", 2)],
)
def test_edits(one: str, other: str, expected: int) -> None:
    assert edits(one, other, 2) == expected


def test_far_names_are_cheap() -> None:
    assert edits("SECURE_HSTS_SECONDS" * 3, "SESSION_COOKIE_AGE" * 3, 2) > 2
