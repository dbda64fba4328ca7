"""Sites whose forms are let through."""

from __future__ import annotations

import pytest

from hardango.findings import Severity, Verdict
from hardango.settings.outcomes import Unknown

NAME = "CSRF_TRUSTED_ORIGINS"


def listed(*origins: object) -> dict[str, object]:
    return {"MIDDLEWARE": ["django.middleware.csrf.CsrfViewMiddleware"], NAME: list(origins)}


@pytest.mark.parametrize(
    "settings",
    [
        listed(),
        listed("https://shop.example"),
        listed("https://shop.example", "https://pay.shop.example:8443"),
        listed("http://localhost:8000", "http://127.0.0.1", "http://shop.localhost"),
        {"MIDDLEWARE": [], NAME: ["https://*"]},
        {**listed(), NAME: ("https://shop.example",)},
        {**listed(), NAME: ""},
        {},
    ],
)
def test_exact(judged, settings: dict[str, object]) -> None:
    finding = judged("csrf-trusted-origins", settings)
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    ("settings", "severity", "words"),
    [
        (listed("https://*"), Severity.MEDIUM, "every site is trusted"),
        (listed("https://shop.example", "*"), Severity.LOW, "Django refuses to start"),
        (listed("https://*.herokuapp.com"), Severity.MEDIUM, "everybody can get a name"),
        (listed("https://*.com"), Severity.MEDIUM, "everybody can get a name"),
        (listed("https://*.co.uk"), Severity.MEDIUM, "everybody can get a name"),
        (listed("https://*.shop.example"), Severity.LOW, "every subdomain is trusted"),
        (listed("http://shop.example"), Severity.LOW, "everybody on the way"),
        (listed("shop.example"), Severity.LOW, "without a scheme"),
        (listed(7), Severity.LOW, "no text"),
        ({**listed(), NAME: "https://shop.example"}, Severity.LOW, "no list"),
    ],
)
def test_trusting(judged, settings: dict[str, object], severity: Severity, words: str) -> None:
    finding = judged("csrf-trusted-origins", settings)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, severity), finding.message
    assert words in finding.message


@pytest.mark.parametrize(
    ("origins", "verdict"),
    [
        (("shop.example",), Verdict.PASS),
        ((".shop.example",), Verdict.FAIL),
        ((".github.io",), Verdict.FAIL),
    ],
)
def test_bare_hosts_before_django_4(judged, origins: tuple[str, ...], verdict: Verdict) -> None:
    assert judged("csrf-trusted-origins", listed(*origins), django=(3, 2)).verdict is verdict


@pytest.mark.parametrize(
    "settings",
    [
        {**listed(), NAME: Unknown("x", variables=("ORIGINS",))},
        listed("https://shop.example", Unknown("an item of ORIGINS")),
    ],
)
def test_not_known(judged, settings: dict[str, object]) -> None:
    assert judged("csrf-trusted-origins", settings).verdict is Verdict.UNKNOWN


def test_under_a_condition(judged) -> None:
    settings = {**listed(), NAME: {"if X": ["https://*"], "else": ["https://shop.example"]}}
    finding = judged("csrf-trusted-origins", settings)
    assert (finding.verdict, finding.when) == (Verdict.CONDITIONAL, ("X",))
