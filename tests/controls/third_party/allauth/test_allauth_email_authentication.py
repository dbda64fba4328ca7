"""Logging in by an address that another site confirms."""

from __future__ import annotations

from typing import Any

import pytest

from hardango.findings import Place, Severity, Verdict
from hardango.project.model import Deployment, Package
from hardango.settings.outcomes import Unknown

NAME, PROVIDERS = "SOCIALACCOUNT_EMAIL_AUTHENTICATION", "SOCIALACCOUNT_PROVIDERS"
LOW, HIGH = Severity.LOW, Severity.HIGH
OLD = Deployment(
    packages={"django-allauth": Package("django-allauth", (0, 54), "", Place("r.txt", 1))}
)


def social(*providers: str, **settings: object) -> dict[str, Any]:
    apps = [f"allauth.socialaccount.providers.{each}" for each in providers]
    return {"INSTALLED_APPS": ["allauth.socialaccount", *apps], **settings}


@pytest.mark.parametrize(
    "settings",
    [
        social("github"),
        social("github", **{NAME: False}),
        social("google", **{NAME: True}),
        social("google", "apple", "github", "openid_connect", **{NAME: True}),
        social("google", **{NAME: True, PROVIDERS: {"google": {"VERIFIED_EMAIL": True}}}),
        social(**{NAME: True}),
        social("github", **{PROVIDERS: {"github": {"EMAIL_AUTHENTICATION": False}}}),
        social("github", **{PROVIDERS: {"google": {"EMAIL_AUTHENTICATION": True}}}),
        social("github", **{PROVIDERS: {"github": {"VERIFIED_EMAIL": True}}}),
        {"INSTALLED_APPS": [], NAME: True},
    ],
)
def test_no_other_site(judged, settings: dict[str, Any]) -> None:
    finding = judged("allauth-email-authentication", settings)
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    ("settings", "severity", "words"),
    [
        (social("discord", "google", **{NAME: True}), LOW, "whoever discord says"),
        (social("discord", **{PROVIDERS: {"discord": {"EMAIL_AUTHENTICATION": True}}}), LOW, PROVIDERS),
        (social("facebook", **{NAME: True, PROVIDERS: {"facebook": {"VERIFIED_EMAIL": True}}}), HIGH, "VERIFIED_EMAIL"),
    ],
)  # fmt: skip
def test_another_site(judged, settings, severity: Severity, words: str) -> None:
    finding = judged("allauth-email-authentication", settings)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, severity), finding.message
    assert words in finding.message


def test_not_known_or_not_there(judged) -> None:
    unread = social("discord", **{NAME: Unknown("read from X", "bool", ("X",))})
    assert judged("allauth-email-authentication", unread).verdict is Verdict.UNKNOWN
    there = social("discord", **{NAME: True})
    assert not judged("allauth-email-authentication", there, deployment=OLD).applies
