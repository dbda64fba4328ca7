"""Codes and tokens of the OAuth server."""

from __future__ import annotations

from typing import Any

import pytest

from hardango.findings import Place, Severity, Verdict
from hardango.project.model import Deployment, Package
from hardango.settings.outcomes import Unknown

HTTPS = {"ALLOWED_REDIRECT_URI_SCHEMES": ["https"]}
LOW, MEDIUM = Severity.LOW, Severity.MEDIUM


def server(**options: object) -> dict[str, Any]:
    return {"INSTALLED_APPS": ["oauth2_provider"], "OAUTH2_PROVIDER": options}


def pinned(*version: int) -> Deployment:
    place = Place("requirements.txt", 1)
    package = Package("django-oauth-toolkit", version, "", place)
    return Deployment(packages={"django-oauth-toolkit": package})


@pytest.mark.parametrize(
    ("settings", "deployment", "pedantic"),
    [
        (server(**HTTPS), Deployment(), True),
        (server(ALLOWED_REDIRECT_URI_SCHEMES=("https", "com.shop.app")), Deployment(), True),
        (server(**HTTPS, PKCE_REQUIRED=True, ACCESS_TOKEN_EXPIRE_SECONDS=3600), Deployment(), True),
        (server(**HTTPS, ACCESS_TOKEN_EXPIRE_SECONDS=86400), Deployment(), True),
        (server(ACCESS_TOKEN_EXPIRE_SECONDS=7 * 86400), Deployment(), False),
        (server(), pinned(2, 0), False),
        ({"INSTALLED_APPS": ["oauth2_provider"]}, Deployment(), False),
        ({"INSTALLED_APPS": []}, pinned(1, 7), True),
    ],
)
def test_kept(judged, settings: dict[str, Any], deployment: Deployment, pedantic: bool) -> None:
    finding = judged("oauth-server", settings, deployment=deployment, pedantic=pedantic)
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    ("settings", "deployment", "severity", "words"),
    [
        (server(PKCE_REQUIRED=False), Deployment(), MEDIUM, "good for a token"),
        (server(), pinned(1, 7), MEDIUM, "the default is False"),
        (server(ALLOW_URI_WILDCARDS=True), Deployment(), LOW, "every name below"),
        (server(ACCESS_TOKEN_EXPIRE_SECONDS=60 * 86400), Deployment(), LOW, "60 days"),
        (server(ACCESS_TOKEN_EXPIRE_SECONDS=3650 * 86400), Deployment(), MEDIUM, "3650 days"),
    ],
)  # fmt: skip
def test_caught(judged, settings, deployment, severity: Severity, words: str) -> None:
    finding = judged("oauth-server", settings, deployment=deployment, pedantic=False)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, severity), finding.message
    assert words in finding.message


@pytest.mark.parametrize(
    ("settings", "verdict"),
    [
        (server(), Verdict.FAIL),
        (server(ALLOWED_REDIRECT_URI_SCHEMES=["http"]), Verdict.FAIL),
        (server(**HTTPS, PKCE_REQUIRED=Unknown("the object required")), Verdict.UNKNOWN),
        (server(ALLOWED_REDIRECT_URI_SCHEMES=["https", Unknown("x")]), Verdict.UNKNOWN),
        ({**server(), "OAUTH2_PROVIDER": Unknown("x")}, Verdict.UNKNOWN),
        (server(**HTTPS, PKCE_REQUIRED=Unknown("read from P", "bool", ("P",))), Verdict.UNKNOWN),
    ],
)
def test_with_pedantry_or_not_known(judged, settings, verdict: Verdict) -> None:
    assert judged("oauth-server", settings).verdict is verdict
