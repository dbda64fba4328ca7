"""How long a token of the API lives."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from hardango.findings import Place, Severity, Verdict
from hardango.project.model import Deployment, Package
from hardango.settings.outcomes import Unknown

NAME = "jwt-lifetime"
JWT = "rest_framework_simplejwt.authentication.JWTAuthentication"
BLACKLIST = "rest_framework_simplejwt.token_blacklist"
ROTATED = {"ROTATE_REFRESH_TOKENS": True, "BLACKLIST_AFTER_ROTATION": True}
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def jwt(apps: list[object] | None = None, **options: object) -> dict[str, Any]:
    return {
        "INSTALLED_APPS": [BLACKLIST] if apps is None else apps,
        "REST_FRAMEWORK": {"DEFAULT_AUTHENTICATION_CLASSES": [JWT]},
        "SIMPLE_JWT": options,
    }


@pytest.mark.parametrize(
    "settings",
    [
        jwt(),
        jwt(**ROTATED),
        jwt(ACCESS_TOKEN_LIFETIME=5 * MINUTE, REFRESH_TOKEN_LIFETIME=7 * DAY),
        jwt(ACCESS_TOKEN_LIFETIME=HOUR, REFRESH_TOKEN_LIFETIME=90 * DAY, **ROTATED),
        {"INSTALLED_APPS": [BLACKLIST], "REST_FRAMEWORK": jwt()["REST_FRAMEWORK"]},
    ],
)
def test_short(judged, settings: dict[str, Any]) -> None:
    finding = judged(NAME, settings)
    assert finding.verdict is Verdict.PASS, finding.message
    assert finding.applies


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (jwt(ACCESS_TOKEN_LIFETIME=12 * HOUR), "12 hours"),
        (jwt(ACCESS_TOKEN_LIFETIME=DAY), "1 day"),
        (jwt(REFRESH_TOKEN_LIFETIME=180 * DAY), "180 days"),
        (jwt(ROTATE_REFRESH_TOKENS=True), "works on after it was exchanged"),
        (jwt([]), "no refresh token can be taken back"),
        (jwt(ACCESS_TOKEN_LIFETIME=Unknown("read from TTL", None, ("TTL",))), "decided by TTL"),
        (jwt(ROTATE_REFRESH_TOKENS=Unknown("read from R", "bool", ("R",))), "decided by R"),
        ({**jwt(), "SIMPLE_JWT": Unknown("read from X")}, "read from X"),
        (jwt(ACCESS_TOKEN_LIFETIME=300), "no timedelta"),
    ],
)  # fmt: skip
def test_beyond_the_common_need(judged, settings: dict[str, Any], words: str) -> None:
    assert judged(NAME, settings, pedantic=False).verdict is Verdict.PASS
    finding = judged(NAME, settings)
    assert finding.verdict in (Verdict.FAIL, Verdict.UNKNOWN)
    assert words in finding.message


@pytest.mark.parametrize(
    ("settings", "severity", "words"),
    [
        (jwt(ACCESS_TOKEN_LIFETIME=2 * DAY), Severity.LOW, "2 days"),
        (jwt(ACCESS_TOKEN_LIFETIME=365 * DAY), Severity.MEDIUM, "365 days"),
        (jwt(REFRESH_TOKEN_LIFETIME=1000 * DAY), Severity.LOW, "a refresh token"),
        (jwt([], **ROTATED), Severity.LOW, "old refresh tokens are not refused"),
    ],
)
def test_long(judged, settings: dict[str, Any], severity: Severity, words: str) -> None:
    finding = judged(NAME, settings, pedantic=False)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, severity), finding.message
    assert words in finding.message


def test_an_app_that_could_not_be_read(judged) -> None:
    finding = judged(NAME, jwt([Unknown("x")], **ROTATED), pedantic=False)
    assert finding.verdict is Verdict.UNKNOWN


def test_where_it_is_used(judged) -> None:
    place = Place("requirements.txt", 1)
    brought = Deployment(packages={"djangorestframework-simplejwt": Package("x", None, "", place)})
    other = Deployment(packages={"django": Package("django", None, "", place)})
    assert not judged(NAME, {"INSTALLED_APPS": []}, deployment=other).applies
    assert not judged(NAME, {"SIMPLE_JWT": {}}, deployment=other).applies
    assert judged(NAME, {"INSTALLED_APPS": []}, deployment=brought).applies
    # What another package brings is used where the settings name something in it.
    assert judged(NAME, jwt(), deployment=other).applies
