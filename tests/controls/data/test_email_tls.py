"""Encryption on the way to the mail server."""

from __future__ import annotations

import pytest

from hardango.findings import Severity, Verdict
from hardango.project.model import Deployment
from hardango.settings.outcomes import Unknown

SMTP = "django.core.mail.backends.smtp.EmailBackend"
ASKED = Unknown("read from EMAIL_X", variables=("EMAIL_X",))
AWAY = {"EMAIL_HOST": "smtp.example.com"}


def new(**options: object) -> dict[str, object]:
    return {"MAILERS": {"default": {"BACKEND": SMTP, "OPTIONS": options}}}


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"EMAIL_HOST": "localhost"},
        {"EMAIL_HOST": "mailhog"},
        {**AWAY, "EMAIL_USE_TLS": True},
        {**AWAY, "EMAIL_USE_TLS": True, "EMAIL_PORT": 587},
        {**AWAY, "EMAIL_USE_SSL": True, "EMAIL_PORT": 465},
        {**AWAY, "EMAIL_USE_TLS": True, "EMAIL_PORT": 2525},
        {"EMAIL_HOST": ASKED, "EMAIL_USE_TLS": True, "EMAIL_PORT": ASKED},
        {**AWAY, "EMAIL_BACKEND": "django.core.mail.backends.console.EmailBackend"},
        {**AWAY, "EMAIL_BACKEND": "anymail.backends.mailgun.EmailBackend"},
        {"MAILERS": {}},
        new(host="localhost"),
        new(host="smtp.example.com", use_tls=True),
        {"MAILERS": {"default": {"OPTIONS": {"host": "smtp.example.com", "use_ssl": True}}}},
    ],
)
def test_nothing_to_say(judged, settings: dict[str, object]) -> None:
    finding = judged("email-tls", settings, deployment=Deployment(hosts=frozenset(("mailhog",))))
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    ("settings", "severity", "words"),
    [
        (AWAY, Severity.MEDIUM, "neither TLS nor SSL"),
        ({"EMAIL_HOST": "10.0.0.9"}, Severity.LOW, "neither TLS nor SSL"),
        ({**AWAY, "EMAIL_USE_TLS": True, "EMAIL_USE_SSL": True}, Severity.LOW, "in both ways"),
        ({**AWAY, "EMAIL_USE_TLS": True, "EMAIL_PORT": 465}, Severity.LOW, "from the first byte"),
        ({**AWAY, "EMAIL_USE_SSL": True, "EMAIL_PORT": 587}, Severity.LOW, "after STARTTLS only"),
        (new(host="smtp.example.com"), Severity.MEDIUM, "neither TLS nor SSL"),
        (new(), Severity.LOW, "has no host"),
    ],
)  # fmt: skip
def test_told(judged, settings: dict[str, object], severity: Severity, words: str) -> None:
    finding = judged("email-tls", settings)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, severity), finding.message
    assert words in finding.message


@pytest.mark.parametrize(
    "settings",
    [
        {"EMAIL_HOST": ASKED},
        {"EMAIL_HOST": "mailserver"},
        {**AWAY, "EMAIL_USE_TLS": ASKED},
        {**AWAY, "EMAIL_BACKEND": ASKED},
        {**AWAY, "EMAIL_BACKEND": "djcelery_email.backends.CeleryEmailBackend"},
        {"MAILERS": ASKED},
    ],
)
def test_not_known(judged, settings: dict[str, object]) -> None:
    finding = judged("email-tls", settings)
    assert (finding.verdict, finding.severity) == (Verdict.UNKNOWN, Severity.LOW), finding.message


def test_mailers_are_not_read_before_django_6_1(judged) -> None:
    settings = {**new(host="smtp.example.com", use_tls=True), **AWAY}
    assert judged("email-tls", settings, django=(5, 2)).verdict is Verdict.FAIL


def test_mailers_only_where_a_host_is_known(judged) -> None:
    either = {"if HOST is set": new(host="smtp.example.com", use_tls=True)["MAILERS"], "else": {}}
    assert judged("email-tls", {"MAILERS": either}).verdict is Verdict.PASS
    assert judged("email-backend", {"MAILERS": either}).verdict is Verdict.PASS
