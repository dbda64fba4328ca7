"""HSTS: the header that browsers get, and whether it lasts."""

from __future__ import annotations

import pytest

from hardango.findings import Severity, Verdict
from hardango.project.model import Deployment, Topology
from hardango.settings.outcomes import Unknown

SECURITY = "django.middleware.security.SecurityMiddleware"
YEAR = 31536000
DAY = 86400
BY_VARIABLE = Unknown("read from HSTS", type="int", variables=("HSTS",))


def sent(seconds: object, **more: object) -> dict[str, object]:
    return {"MIDDLEWARE": [SECURITY], "SECURE_HSTS_SECONDS": seconds, **more}


PRELOAD = {"SECURE_HSTS_PRELOAD": True}
SUBDOMAINS = {"SECURE_HSTS_INCLUDE_SUBDOMAINS": True}


@pytest.mark.parametrize(
    "settings",
    [
        sent(YEAR),
        sent(2 * YEAR),
        sent(10 * YEAR),
        sent(200 * DAY),
        sent(str(YEAR)),  # Django writes it as it is, and it is right
        sent(YEAR, **SUBDOMAINS),
        sent(YEAR, SECURE_PROXY_SSL_HEADER=("HTTP_X_FORWARDED_PROTO", "https")),
        sent(YEAR, **SUBDOMAINS, **PRELOAD),
    ],
)
def test_lasting(judged, settings: dict[str, object]) -> None:
    finding = judged("hsts", settings)
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    ("settings", "severity", "words"),
    [
        ({"MIDDLEWARE": [SECURITY]}, Severity.MEDIUM, "not set, and Django's default is 0"),
        (sent(0), Severity.MEDIUM, "sends no HSTS header"),
        (sent(None), Severity.MEDIUM, "sends no HSTS header"),
        (sent(""), Severity.MEDIUM, "sends no HSTS header"),
        (sent(False), Severity.MEDIUM, "sends no HSTS header"),
        (sent("0"), Severity.MEDIUM, "switches HSTS off"),
        (sent(-1), Severity.MEDIUM, "browsers ignore"),
        (sent(31536000.0), Severity.MEDIUM, "browsers ignore"),
        (sent(True), Severity.MEDIUM, "browsers ignore"),
        (sent("a year"), Severity.MEDIUM, "browsers ignore"),
        (sent(60), Severity.MEDIUM, "after 60 seconds"),
        (sent(3600), Severity.LOW, "after an hour"),
        (sent(7 * DAY), Severity.LOW, "a stage on the way to a year"),
        (sent(YEAR, **PRELOAD), Severity.LOW, "SECURE_HSTS_INCLUDE_SUBDOMAINS: the preload list"),
        (sent(200 * DAY, **SUBDOMAINS, **PRELOAD), Severity.LOW, "a year in SECURE_HSTS_SECONDS"),
        (
            sent(YEAR, SECURE_PROXY_SSL_HEADER=("X-Forwarded-Proto", "https")),
            Severity.MEDIUM,
            "HSTS is never sent",
        ),
        ({"SECURE_HSTS_SECONDS": YEAR}, Severity.MEDIUM, "nothing sends the header"),
    ],
)
def test_missing_or_short(
    judged, settings: dict[str, object], severity: Severity, words: str
) -> None:
    finding = judged("hsts", settings)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, severity)
    assert words in finding.message


@pytest.mark.parametrize(
    "settings",
    [
        sent(BY_VARIABLE),
        sent({"if HSTS is unset": YEAR, "else": BY_VARIABLE}),
        sent(Unknown("read from HSTS", type="str", variables=("HSTS",))),
        {"SECURE_HSTS_SECONDS": YEAR, "MIDDLEWARE": Unknown("result of stack()")},
        {"SECURE_HSTS_SECONDS": 0, "MIDDLEWARE": [SECURITY, "shop.middleware.HSTSMiddleware"]},
        {"SECURE_HSTS_SECONDS": YEAR, "MIDDLEWARE": ["shop.middleware.SecurityMiddleware"]},
    ],
)
def test_not_known(judged, settings: dict[str, object]) -> None:
    assert judged("hsts", settings).verdict is Verdict.UNKNOWN


def test_a_minute_by_default(judged) -> None:
    """SECURE_HSTS_SECONDS = env.int("HSTS", default=60)"""
    finding = judged("hsts", sent({"if HSTS is unset": 60, "else": BY_VARIABLE}))
    assert finding.verdict is Verdict.CONDITIONAL
    assert finding.when == ("HSTS is unset",)


def test_the_remedy_is_a_plan_in_steps(judged) -> None:
    assert "in steps: 3600, 86400, 604800, 2592000, and 31536000" in judged("hsts", {}).remedy


SENDING = Deployment(topology=Topology(headers=frozenset(("strict-transport-security",))))


@pytest.mark.parametrize(
    ("settings", "verdict"),
    [
        (sent(0), Verdict.ELSEWHERE),
        ({"SECURE_HSTS_SECONDS": YEAR, "MIDDLEWARE": []}, Verdict.ELSEWHERE),
        ({"SECURE_HSTS_SECONDS": YEAR, "MIDDLEWARE": Unknown("result of stack()")},
         Verdict.ELSEWHERE),
        (sent(YEAR) | {"SECURE_PROXY_SSL_HEADER": ("X-Forwarded-Proto", "https")},
         Verdict.ELSEWHERE),
        ({**sent(0), "MIDDLEWARE": [SECURITY, "shop.middleware.HSTSMiddleware"]}, Verdict.ELSEWHERE),
        (sent(YEAR), Verdict.PASS),
        # Of two headers the browser takes the first, which may be Django's.
        (sent(60), Verdict.FAIL),
        (sent("0"), Verdict.FAIL),
        (sent(BY_VARIABLE), Verdict.UNKNOWN),
    ],
)  # fmt: skip
def test_where_the_proxy_sends_it(judged, settings: dict[str, object], verdict: Verdict) -> None:
    finding = judged("hsts", settings, deployment=SENDING)
    assert finding.verdict is verdict, finding.message
    other = Deployment(topology=Topology(redirect="proxy", headers=frozenset(("x-frame-options",))))
    assert judged("hsts", settings, deployment=other) == judged("hsts", settings)
