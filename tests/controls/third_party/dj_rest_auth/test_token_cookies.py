"""The cookie with the API's token."""

from __future__ import annotations

from typing import Any

import pytest

from hardango.findings import Place, Severity, Verdict
from hardango.project.model import Deployment, Package
from hardango.settings.outcomes import Unknown

NAME = "token-cookies"
OLD = Deployment(
    packages={"dj-rest-auth": Package("dj-rest-auth", (2, 2, 8), "", Place("requirements.txt", 1))}
)
GOOD = {"JWT_AUTH_SECURE": True, "JWT_AUTH_COOKIE_USE_CSRF": True}
TEXT = Unknown("read from COOKIE", "str", ("COOKIE",))
FLAG = Unknown("read from SECURE", "bool", ("SECURE",))


def cookie(**options: object) -> dict[str, Any]:
    options = {"USE_JWT": True, "JWT_AUTH_COOKIE": "token", **options}
    return {"INSTALLED_APPS": ["dj_rest_auth"], "REST_AUTH": options}


def before_3(**options: object) -> dict[str, Any]:
    return {
        "INSTALLED_APPS": ["dj_rest_auth"],
        "REST_USE_JWT": True,
        "JWT_AUTH_COOKIE": "t",
        **options,
    }


@pytest.mark.parametrize(
    ("settings", "applies"),
    [
        (cookie(**GOOD), True),
        (cookie(**GOOD, JWT_AUTH_SAMESITE="None"), True),
        (cookie(**GOOD, JWT_AUTH_HTTPONLY=True), True),
        (cookie(USE_JWT=False), False),
        (cookie(JWT_AUTH_COOKIE=None), False),
        ({"INSTALLED_APPS": ["dj_rest_auth"]}, False),
        ({"INSTALLED_APPS": []}, False),
        # Since 3.0 nothing reads these.
        (before_3(), False),
    ],
)
def test_kept(judged, settings: dict[str, Any], applies: bool) -> None:
    finding = judged(NAME, settings)
    assert (finding.verdict, finding.applies) == (Verdict.PASS, applies), finding.message


@pytest.mark.parametrize(
    ("settings", "severity", "words"),
    [
        (cookie(), Severity.MEDIUM, "over plain HTTP"),
        (
            cookie(JWT_AUTH_COOKIE=None, JWT_AUTH_REFRESH_COOKIE="refresh"),
            Severity.MEDIUM,
            "plain HTTP",
        ),
        (cookie(**GOOD, JWT_AUTH_HTTPONLY=False), Severity.MEDIUM, "every script in a page"),
        (cookie(JWT_AUTH_SECURE=True, JWT_AUTH_SAMESITE="None"), Severity.MEDIUM, "every site can"),
    ],
)
def test_given_away(judged, settings: dict[str, Any], severity: Severity, words: str) -> None:
    finding = judged(NAME, settings, pedantic=False)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, severity), finding.message
    assert words in finding.message


def test_only_same_site(judged) -> None:
    settings = cookie(JWT_AUTH_SECURE=True)
    assert judged(NAME, settings, pedantic=False).verdict is Verdict.PASS
    finding = judged(NAME, settings)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, Severity.LOW)


@pytest.mark.parametrize(
    "settings",
    [
        cookie(**{**GOOD, "JWT_AUTH_SECURE": FLAG}), cookie(JWT_AUTH_COOKIE=Unknown("x")),
        cookie(USE_JWT=FLAG), {**cookie(), "REST_AUTH": Unknown("x")},
        cookie(JWT_AUTH_SECURE=True, JWT_AUTH_SAMESITE=TEXT),
    ],
)  # fmt: skip
def test_not_known(judged, settings: dict[str, Any]) -> None:
    assert judged(NAME, settings).verdict is Verdict.UNKNOWN


@pytest.mark.parametrize(
    ("settings", "verdict"),
    [
        (before_3(), Verdict.FAIL),
        (before_3(JWT_AUTH_SECURE=True, JWT_AUTH_COOKIE_USE_CSRF=True), Verdict.PASS),
        (cookie(), Verdict.PASS),
    ],
)
def test_before_version_3(judged, settings: dict[str, Any], verdict: Verdict) -> None:
    assert judged(NAME, settings, deployment=OLD).verdict is verdict
