"""Session cookie over HTTPS only."""

from __future__ import annotations

import pytest

from hardango.findings import Place, Severity, Verdict
from hardango.settings.definitions import Definition
from hardango.settings.outcomes import Settings, Unknown

USED = {"MIDDLEWARE": ["django.contrib.sessions.middleware.SessionMiddleware"]}
BY_VARIABLE = Unknown("read from SECURE", type="bool", variables=("SECURE",))
NAME = "SESSION_COOKIE_SECURE"


@pytest.mark.parametrize("on", [True, 1, "yes", "False", Unknown("x", choices=(1, True))])
def test_on(judged, on: object) -> None:
    assert judged("session-cookie-secure", {**USED, NAME: on}).verdict is Verdict.PASS


@pytest.mark.parametrize("off", [False, 0, "", None])
def test_off(judged, off: object) -> None:
    finding = judged("session-cookie-secure", {**USED, NAME: off})
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, Severity.HIGH)


def test_off_by_djangos_default(judged) -> None:
    finding = judged("session-cookie-secure", USED)
    assert finding.verdict is Verdict.FAIL
    assert "not set, and Django's default is False" in finding.message
    assert finding.place is None


@pytest.mark.parametrize(
    "used",
    [
        {"INSTALLED_APPS": ["django.contrib.sessions"]},
        {"INSTALLED_APPS": ["django.contrib.sessions.apps.SessionsConfig"]},
        {"MIDDLEWARE": ["qsessions.middleware.SessionMiddleware"]},
    ],
)
def test_sessions_are_used(judged, used: dict[str, object]) -> None:
    assert judged("session-cookie-secure", used).verdict is Verdict.FAIL


def test_no_sessions(judged) -> None:
    finding = judged("session-cookie-secure", {"INSTALLED_APPS": ["rest_framework"]})
    assert finding.verdict is Verdict.PASS
    assert not finding.applies
    assert finding.message.startswith("No sessions")


@pytest.mark.parametrize(
    "settings",
    [
        {**USED, NAME: BY_VARIABLE},
        {**USED, NAME: {"if SECURE is unset": True, "else": BY_VARIABLE}},
        {**USED, NAME: Unknown("read from SECURE", type="str", variables=("SECURE",))},
        {**USED, NAME: [Unknown("result of hosts()", several=True)]},
        {"MIDDLEWARE": Unknown("result of stack()")},
    ],
)
def test_not_known(judged, settings: dict[str, object]) -> None:
    assert judged("session-cookie-secure", settings).verdict is Verdict.UNKNOWN


def test_on_whether_sessions_are_used_or_not(judged) -> None:
    settings = {"MIDDLEWARE": Unknown("result of stack()"), NAME: True}
    assert judged("session-cookie-secure", settings).verdict is Verdict.PASS


def test_off_in_one_case(judged) -> None:
    settings = {**USED, NAME: {"if ENV is 'staging'": False, "else": True}}
    finding = judged("session-cookie-secure", settings)
    assert finding.verdict is Verdict.CONDITIONAL
    assert finding.when == ("ENV is 'staging'",)


def test_an_app_that_is_not_known_makes_no_sessions_without_their_middleware(judged) -> None:
    settings = {"INSTALLED_APPS": [Unknown("result of apps()", several=True)], "MIDDLEWARE": []}
    finding = judged("session-cookie-secure", settings)
    assert (finding.verdict, finding.applies) == (Verdict.PASS, False)


@pytest.mark.parametrize(
    ("control", "good", "bad"),
    [
        ("session-cookie-secure", True, False),
        ("session-cookie-httponly", True, False),
        ("session-cookie-samesite", "Lax", "None"),
    ],
)
@pytest.mark.parametrize(
    ("overrides", "speaks", "verdicts"),
    [
        ((), False, (Verdict.PASS, Verdict.FAIL)),
        (("process_request",), False, (Verdict.PASS, Verdict.FAIL)),
        (("process_response",), False, (Verdict.UNKNOWN, Verdict.UNKNOWN)),
        (("process_response",), True, (Verdict.PASS, Verdict.FAIL)),
    ],
)
def test_a_middleware_that_sends_the_cookie_itself(
    judged, control: str, good: object, bad: object, overrides: tuple[str, ...], speaks: bool,
    verdicts: tuple[Verdict, Verdict],
) -> None:  # fmt: skip
    base, name = (
        "django.contrib.sessions.middleware.SessionMiddleware",
        control.upper().replace("-", "_"),
    )
    words = frozenset((name,) if speaks else ())
    own = Definition(Place("shop/m.py", 3), (base,), frozenset(overrides), words, None)
    for value, verdict in zip((good, bad), verdicts, strict=True):
        settings = Settings.of(
            {"MIDDLEWARE": ["shop.m.Sessions"], "SESSION_COOKIE_SECURE": True, name: value},
            definition=lambda dotted: own if dotted == "shop.m.Sessions" else None,
        )
        assert judged(control, settings).verdict is verdict
