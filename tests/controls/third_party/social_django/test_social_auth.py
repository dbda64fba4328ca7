"""Signing in by another site with social-auth."""

from __future__ import annotations

from typing import Any

import pytest

from hardango.findings import Severity, Verdict
from hardango.settings.outcomes import Unknown

STEP = "social_core.pipeline.social_auth."
PLAIN = [f"{STEP}social_details", f"{STEP}social_user"]
BY_EMAIL = [*PLAIN, f"{STEP}associate_by_email"]
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
        ({"INSTALLED_APPS": [], "SOCIAL_AUTH_PIPELINE": BY_EMAIL}, True),
    ],
)
def test_fine(judged, settings: dict[str, Any], pedantic: bool) -> None:
    finding = judged("social-auth", settings, pedantic=pedantic)
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    ("settings", "pedantic", "verdict", "severity", "words"),
    [
        (social("github.GithubOAuth2", SOCIAL_AUTH_PIPELINE=BY_EMAIL), False, Verdict.FAIL, MEDIUM, "whoever github says"),
        (social("google.GoogleOAuth2", "twitter.TwitterOAuth", SOCIAL_AUTH_PIPELINE=tuple(BY_EMAIL)), False,
         Verdict.FAIL, MEDIUM, "whoever twitter says"),
        (social("google.GoogleOAuth2", SOCIAL_AUTH_PIPELINE=BY_EMAIL, **TOLD), True, Verdict.FAIL, LOW, "the other site"),
        (social("google.GoogleOAuth2"), True, Verdict.FAIL, LOW, "come back over plain HTTP"),
        (social("github.GithubOAuth2", SOCIAL_AUTH_PIPELINE=Unknown("x")), False, Verdict.UNKNOWN, MEDIUM, "x"),
        (social("github.GithubOAuth2", SOCIAL_AUTH_PIPELINE=[*PLAIN, Unknown("x")]), False, Verdict.UNKNOWN, MEDIUM, "item"),
    ],
)  # fmt: skip
def test_by_an_address(judged, settings, pedantic: bool, verdict, severity, words: str) -> None:
    finding = judged("social-auth", settings, pedantic=pedantic)
    assert (finding.verdict, finding.severity) == (verdict, severity), finding.message
    assert words in finding.message
