"""Which passwords are refused."""

from __future__ import annotations

import pytest

from hardango.findings import Severity, Verdict
from hardango.settings.outcomes import Unknown

USERS = {"INSTALLED_APPS": ["django.contrib.auth"]}
VALIDATION = "django.contrib.auth.password_validation."
COMMON = {"NAME": VALIDATION + "CommonPasswordValidator"}
NUMERIC = {"NAME": VALIDATION + "NumericPasswordValidator"}


def length(characters: object = None) -> dict[str, object]:
    found: dict[str, object] = {"NAME": VALIDATION + "MinimumLengthValidator"}
    return found if characters is None else {**found, "OPTIONS": {"min_length": characters}}


def listed(*validators: object) -> dict[str, object]:
    return {**USERS, "AUTH_PASSWORD_VALIDATORS": list(validators)}


@pytest.mark.parametrize(
    "settings",
    [
        listed(length(), COMMON, NUMERIC),
        listed(length(12), COMMON),
        listed(length(8), COMMON, {"NAME": "shop.validators.Pwned"}),
        listed(length(15), {"NAME": "shop.validators.Common"}),
        {"INSTALLED_APPS": []},
        {"INSTALLED_APPS": [], "AUTH_PASSWORD_VALIDATORS": []},
        # Accounts of the project's own: it asks the validators that it lists.
        {**listed(length(8), COMMON), "INSTALLED_APPS": ["shop.accounts"]},
        {**USERS, "AUTHENTICATION_BACKENDS": ["django_auth_ldap.backend.LDAPBackend"]},
        {**USERS, "AUTHENTICATION_BACKENDS": ["django.contrib.auth.backends.RemoteUserBackend"]},
    ],
)
def test_refused(judged, settings: dict[str, object]) -> None:
    finding = judged("password-validators", settings, pedantic=False)
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    ("settings", "severity", "words"),
    [
        (USERS, Severity.MEDIUM, "not set, and Django's default is []: every password"),
        (listed(), Severity.MEDIUM, "every password is accepted"),
        (listed(COMMON), Severity.MEDIUM, "one character is enough"),
        (listed(length(4), COMMON), Severity.MEDIUM, "passwords of 4 characters"),
        (listed(length()), Severity.LOW, "no CommonPasswordValidator"),
        (
            {**listed(length()), "INSTALLED_APPS": ["shop.accounts"]},
            Severity.LOW,
            "no CommonPasswordValidator",
        ),
        (
            {
                **USERS,
                "AUTHENTICATION_BACKENDS": [
                    "django_auth_ldap.backend.LDAPBackend",
                    "django.contrib.auth.backends.ModelBackend",
                ],
            },
            Severity.MEDIUM,
            "every password is accepted",
        ),
    ],
)
def test_accepted(judged, settings: dict[str, object], severity: Severity, words: str) -> None:
    finding = judged("password-validators", settings, pedantic=False)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, severity), finding.message
    assert words in finding.message


def test_longer_ones_on_demand(judged) -> None:
    finding = judged("password-validators", listed(length(8), COMMON))
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, Severity.LOW)
    assert judged("password-validators", listed(length(12), COMMON)).verdict is Verdict.PASS


@pytest.mark.parametrize(
    "settings",
    [
        {**USERS, "AUTH_PASSWORD_VALIDATORS": Unknown("x")},
        listed(Unknown("x")),
        listed(length(Unknown("x", variables=("LENGTH",))), COMMON),
        listed({"NAME": "shop.validators.Policy"}),
    ],
)
def test_not_known(judged, settings: dict[str, object]) -> None:
    assert judged("password-validators", settings).verdict is Verdict.UNKNOWN


def test_under_a_condition(judged) -> None:
    settings = {**USERS, "AUTH_PASSWORD_VALIDATORS": {"if X": [], "else": [length(12), COMMON]}}
    finding = judged("password-validators", settings)
    assert (finding.verdict, finding.when) == (Verdict.CONDITIONAL, ("X",))
