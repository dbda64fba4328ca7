"""What passwords are stored with."""

from __future__ import annotations

import pytest

from hardango.findings import Severity, Verdict
from hardango.settings.outcomes import Unknown

HASHERS = "django.contrib.auth.hashers."
ARGON2, PBKDF2 = HASHERS + "Argon2PasswordHasher", HASHERS + "PBKDF2PasswordHasher"
MD5, UNSALTED = HASHERS + "MD5PasswordHasher", HASHERS + "UnsaltedMD5PasswordHasher"
USERS = {"INSTALLED_APPS": ["django.contrib.auth"]}


def first(*hashers: object) -> dict[str, object]:
    return {**USERS, "PASSWORD_HASHERS": list(hashers)}


@pytest.mark.parametrize(
    "settings",
    [
        USERS,
        first(ARGON2, PBKDF2),
        first(PBKDF2),
        first(HASHERS + "ScryptPasswordHasher"),
        first(HASHERS + "BCryptSHA256PasswordHasher", Unknown("x")),
        first(PBKDF2, MD5),  # old passwords: for the pedantic
        {"INSTALLED_APPS": [], "PASSWORD_HASHERS": [MD5]},
        {"INSTALLED_APPS": ["django.contrib.auth.apps.AuthConfig"]},
    ],
)
def test_slow(judged, settings: dict[str, object]) -> None:
    finding = judged("password-hashers", settings, pedantic=False)
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    ("settings", "severity", "words"),
    [
        (first(MD5), Severity.HIGH, "MD5PasswordHasher, fast to try"),
        (first(MD5, ARGON2), Severity.HIGH, "MD5PasswordHasher"),
        (first(UNSALTED), Severity.HIGH, "without a salt"),
        (first(HASHERS + "SHA1PasswordHasher"), Severity.HIGH, "SHA1PasswordHasher"),
        (first(), Severity.LOW, "no password can be set"),
        ({**USERS, "PASSWORD_HASHERS": MD5}, Severity.LOW, "no password can be set"),
    ],
)
def test_fast(judged, settings: dict[str, object], severity: Severity, words: str) -> None:
    finding = judged("password-hashers", settings)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, severity)
    assert words in finding.message


def test_old_hashes_on_demand(judged) -> None:
    finding = judged("password-hashers", first(PBKDF2, MD5))
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, Severity.LOW)


@pytest.mark.parametrize(
    "settings",
    [
        {**USERS, "PASSWORD_HASHERS": Unknown("x")},
        first(Unknown("x"), PBKDF2),
        first("shop.hashers.Argon2WithPepper"),
    ],
)
def test_not_known(judged, settings: dict[str, object]) -> None:
    assert judged("password-hashers", settings).verdict is Verdict.UNKNOWN


def test_under_a_condition(judged) -> None:
    settings = {**USERS, "PASSWORD_HASHERS": {"if TESTING is set": [MD5], "else": [ARGON2]}}
    finding = judged("password-hashers", settings)
    assert (finding.verdict, finding.when) == (Verdict.CONDITIONAL, ("TESTING is set",))
