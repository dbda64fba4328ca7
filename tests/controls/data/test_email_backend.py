"""Delivery of mail."""

from __future__ import annotations

import pytest

from hardango.findings import Severity, Verdict
from hardango.settings.outcomes import Unknown

BACKENDS = "django.core.mail.backends."
CONSOLE = f"{BACKENDS}console.EmailBackend"


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"EMAIL_BACKEND": f"{BACKENDS}smtp.EmailBackend"},
        {"EMAIL_BACKEND": "anymail.backends.mailgun.EmailBackend"},
        {"MAILERS": {}},
        {"MAILERS": {"default": {}}},
        {"MAILERS": {"default": {"BACKEND": f"{BACKENDS}smtp.EmailBackend"}}},
        {"EMAIL_SUBJECT_PREFIX": "[Shop] ", "MAILERS": {"default": {}}},
    ],
)
def test_nothing_to_say(judged, settings: dict[str, object]) -> None:
    finding = judged("email-backend", settings)
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    ("settings", "severity", "words"),
    [
        ({"EMAIL_BACKEND": CONSOLE}, Severity.LOW, "to the log"),
        ({"EMAIL_BACKEND": f"{BACKENDS}dummy.EmailBackend"}, Severity.LOW, "throws mails away"),
        ({"EMAIL_BACKEND": f"{BACKENDS}filebased.EmailBackend"}, Severity.LOW, "to files"),
        ({"MAILERS": {"default": {"BACKEND": CONSOLE}}}, Severity.LOW, "MAILERS['default']"),
        ({"MAILERS": {"default": {}}, "EMAIL_HOST": "x"}, Severity.MEDIUM, "refuses to start"),
    ],
)  # fmt: skip
def test_told(judged, settings: dict[str, object], severity: Severity, words: str) -> None:
    finding = judged("email-backend", settings)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, severity), finding.message
    assert words in finding.message


def test_what_an_attacker_gains_follows_from_where_mails_go(judged) -> None:
    attacks = {
        name: judged("email-backend", {"EMAIL_BACKEND": f"{BACKENDS}{name}.EmailBackend"}).attack
        for name in ("console", "filebased", "dummy", "locmem")
    }
    assert "reads the log" in attacks["console"] == attacks["filebased"]
    assert attacks["dummy"].startswith("Nobody is told") and attacks["locmem"] == attacks["dummy"]


def test_under_a_condition(judged) -> None:
    both = {"if MAIL is unset": CONSOLE, "else": f"{BACKENDS}smtp.EmailBackend"}
    finding = judged("email-backend", {"EMAIL_BACKEND": both})
    assert (finding.verdict, finding.when) == (Verdict.CONDITIONAL, ("MAIL is unset",))


def test_not_known(judged) -> None:
    asked = Unknown("read from BACKEND", variables=("BACKEND",))
    assert judged("email-backend", {"EMAIL_BACKEND": asked}).verdict is Verdict.UNKNOWN
