"""Signing in by another site with social-auth."""

from __future__ import annotations

from typing import Any

import pytest

from hardango.findings import Place, Severity, Verdict
from hardango.settings.definitions import Definition
from hardango.settings.outcomes import Settings, Unknown

STEP = "social_core.pipeline.social_auth."
PLAIN = [f"{STEP}social_details", f"{STEP}social_user"]
BY_EMAIL = [*PLAIN, f"{STEP}associate_by_email"]
MAILED = [*PLAIN, "social_core.pipeline.mail.mail_validation", f"{STEP}associate_by_email"]
LATE = [*BY_EMAIL, "social_core.pipeline.mail.mail_validation"]
FIRST = ["social_core.pipeline.mail.mail_validation", *BY_EMAIL]
EMAIL = "social_core.backends.email.EmailAuth"
OWN = Definition(
    Place("shop/accounts.py", 3), ("django.contrib.auth.backends.ModelBackend",), frozenset(), frozenset(), None
)  # fmt: skip
TOLD = {"SECURE_PROXY_SSL_HEADER": ("HTTP_X_FORWARDED_PROTO", "https")}
LOW, MEDIUM = Severity.LOW, Severity.MEDIUM


def social(*backends: str, **settings: object) -> dict[str, Any]:
    listed = [f"social_core.backends.{each}" for each in backends]
    return {"INSTALLED_APPS": ["social_django"], "AUTHENTICATION_BACKENDS": listed, **settings}


@pytest.mark.parametrize(
    ("settings", "pedantic"),
    [
        (social("github.GithubOAuth2", **TOLD), True),
        (social("github.GithubOAuth2", SOCIAL_AUTH_PIPELINE=PLAIN, **TOLD), True),
        (social("github.GithubOAuth2", SOCIAL_AUTH_REDIRECT_IS_HTTPS=True), True),
        (social("github.GithubOAuth2"), False),
        (social("google.GoogleOAuth2", SOCIAL_AUTH_PIPELINE=BY_EMAIL), False),
        (social("saml.SAMLAuth", SOCIAL_AUTH_PIPELINE=BY_EMAIL), False),
        (social("email.EmailAuth", SOCIAL_AUTH_PIPELINE=MAILED, **TOLD), True),
        (social("github.GithubOAuth2", SOCIAL_AUTH_PIPELINE=MAILED, SOCIAL_AUTH_FORCE_EMAIL_VALIDATION=True), False),
        ({**social(SOCIAL_AUTH_PIPELINE=MAILED), "AUTHENTICATION_BACKENDS": [EMAIL, "shop.Own"]}, False),
        (social("email.EmailAuth", "google.GoogleOAuth2", SOCIAL_AUTH_PIPELINE=MAILED), False),
        ({"INSTALLED_APPS": [], "SOCIAL_AUTH_PIPELINE": BY_EMAIL}, True),
    ],
)  # fmt: skip
def test_fine(judged, settings: dict[str, Any], pedantic: bool) -> None:
    known = Settings.of(settings, definition=lambda dotted: OWN if dotted == "shop.Own" else None)
    finding = judged("social-auth", known, pedantic=pedantic)
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    ("settings", "pedantic", "verdict", "severity", "words"),
    [
        (social("github.GithubOAuth2", SOCIAL_AUTH_PIPELINE=BY_EMAIL), False, Verdict.FAIL, MEDIUM, "whoever github says"),
        (social("google.GoogleOAuth2", "twitter.TwitterOAuth", SOCIAL_AUTH_PIPELINE=tuple(BY_EMAIL)), False,
         Verdict.FAIL, MEDIUM, "whoever twitter says"),
        (social("google.GoogleOAuth2", SOCIAL_AUTH_PIPELINE=BY_EMAIL, **TOLD), True, Verdict.FAIL, LOW, "the other site"),
        (social("email.EmailAuth", SOCIAL_AUTH_PIPELINE=BY_EMAIL), False, Verdict.FAIL, MEDIUM, "whoever email says"),
        (social("email.EmailAuth", SOCIAL_AUTH_PIPELINE=LATE), False, Verdict.FAIL, MEDIUM, "whoever email says"),
        (social("email.EmailAuth", SOCIAL_AUTH_PIPELINE=FIRST), False, Verdict.FAIL, MEDIUM, "whoever email says"),
        (social("email.EmailAuth", "github.GithubOAuth2", SOCIAL_AUTH_PIPELINE=MAILED), False, Verdict.FAIL, MEDIUM,
         "whoever github says"),
        (social("github.GithubOAuth2", SOCIAL_AUTH_PIPELINE=MAILED, SOCIAL_AUTH_FORCE_EMAIL_VALIDATION=Unknown("x")),
         False, Verdict.UNKNOWN, MEDIUM, "x"),
        ({**social(SOCIAL_AUTH_PIPELINE=MAILED), "AUTHENTICATION_BACKENDS": [EMAIL, Unknown("x")]},
         False, Verdict.UNKNOWN, MEDIUM, "item"),
        ({**social(SOCIAL_AUTH_PIPELINE=MAILED), "AUTHENTICATION_BACKENDS": [EMAIL, "shop.Forge"]},
         False, Verdict.UNKNOWN, MEDIUM, "'shop.Forge'"),
        (social("google.GoogleOAuth2"), True, Verdict.FAIL, LOW, "come back over plain HTTP"),
        (social("github.GithubOAuth2", SOCIAL_AUTH_PIPELINE=Unknown("x")), False, Verdict.UNKNOWN, MEDIUM, "x"),
        (social("github.GithubOAuth2", SOCIAL_AUTH_PIPELINE=[*PLAIN, Unknown("x")]), False, Verdict.UNKNOWN, MEDIUM, "item"),
    ],
)  # fmt: skip
def test_by_an_address(judged, settings, pedantic: bool, verdict, severity, words: str) -> None:
    finding = judged("social-auth", settings, pedantic=pedantic)
    assert (finding.verdict, finding.severity) == (verdict, severity), finding.message
    assert words in finding.message
