"""How the API knows who asks."""

from __future__ import annotations

from typing import Any

import pytest

from hardango.findings import Place, Severity, Verdict
from hardango.settings.definitions import Definition
from hardango.settings.outcomes import Settings, Unknown

OWN = "rest_framework.authentication."
SESSION, BASIC, TOKEN = (f"{OWN}{name}Authentication" for name in ("Session", "Basic", "Token"))
JWT = "rest_framework_simplejwt.authentication.JWTAuthentication"
NAME = "rest-framework-authentication"


def api(*classes: object) -> dict[str, Any]:
    options = {"DEFAULT_AUTHENTICATION_CLASSES": list(classes)}
    return {"INSTALLED_APPS": ["rest_framework"], "REST_FRAMEWORK": options}


@pytest.mark.parametrize(
    "settings",
    [
        api(SESSION), api(JWT), api(SESSION, JWT), api(), api(f"{OWN}RemoteUserAuthentication"),
        api(Unknown(JWT, subject=JWT)), api("shop.api.BasicAuthentication"), api("knox.auth.TokenAuthentication"),
        {"INSTALLED_APPS": []},
    ],
)  # fmt: skip
def test_no_password(judged, settings: dict[str, Any]) -> None:
    assert judged(NAME, settings).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("settings", "severity", "words"),
    [
        ({"INSTALLED_APPS": ["rest_framework"]}, Severity.LOW, "the default is SessionAuthentication and Basic"),
        (api(TOKEN), Severity.INFO, "never expire"),
    ],
)  # fmt: skip
def test_beyond_the_common_need(judged, settings, severity: Severity, words: str) -> None:
    assert judged(NAME, settings, pedantic=False).verdict is Verdict.PASS
    finding = judged(NAME, settings)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, severity)
    assert words in finding.message


def test_a_password_at_every_view(judged) -> None:
    finding = judged(NAME, api(SESSION, BASIC), pedantic=False)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, Severity.LOW)
    assert "every view takes a password" in finding.message


@pytest.mark.parametrize(
    ("bases", "overrides", "spoken", "verdict", "severity"),
    [
        ((SESSION,), (), (), Verdict.PASS, None),
        ((SESSION,), ("authenticate_header",), (), Verdict.PASS, None),
        ((SESSION,), ("enforce_csrf",), (), Verdict.FAIL, Severity.MEDIUM),
        ((SESSION,), ("enforce_csrf",), ("super", "enforce_csrf"), Verdict.UNKNOWN, None),
        ((BASIC,), (), (), Verdict.FAIL, Severity.LOW),
        ((TOKEN,), (), (), Verdict.PASS, None),
        (("",), ("authenticate",), (), Verdict.PASS, None),
    ],
)
def test_a_class_of_the_project(judged, bases, overrides, spoken, verdict, severity) -> None:
    found = Definition(Place("shop/a.py", 3), bases, frozenset(overrides), frozenset(spoken), None)
    settings = Settings.of(
        api("shop.a.Own"), definition=lambda dotted: found if dotted == "shop.a.Own" else None
    )
    finding = judged(NAME, settings)
    assert finding.verdict is verdict, finding.message
    assert severity in (None, finding.severity)


@pytest.mark.parametrize(
    ("settings", "verdict"),
    [
        (api(Unknown("read from X", several=True)), Verdict.UNKNOWN),
        (api(Unknown("read from X", several=True), BASIC), Verdict.FAIL),
        ({**api(), "REST_FRAMEWORK": Unknown("x")}, Verdict.UNKNOWN),
    ],
)
def test_not_known(judged, settings: dict[str, Any], verdict: Verdict) -> None:
    assert judged(NAME, settings).verdict is verdict
