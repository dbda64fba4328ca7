"""Sites whose scripts read the answers."""

from __future__ import annotations

import re
from typing import Any

import pytest

from hardango.findings import Place, Severity, Verdict
from hardango.project.model import Deployment, Package
from hardango.settings.definitions import Definition
from hardango.settings.outcomes import Settings, Unknown

MIDDLEWARE = "corsheaders.middleware.CorsMiddleware"
HIGH, MEDIUM, LOW = Severity.HIGH, Severity.MEDIUM, Severity.LOW
FLAG = Unknown("read from CORS_ALL", "bool", ("CORS_ALL",))
TEXT = Unknown("read from CORS", "str", ("CORS",), several=True)


def cors(credentials: object = None, **settings: object) -> dict[str, Any]:
    given = {} if credentials is None else {"CORS_ALLOW_CREDENTIALS": credentials}
    return {"MIDDLEWARE": [MIDDLEWARE], **given, **settings}


def pinned(*version: int) -> Deployment:
    package = Package("django-cors-headers", version, "", Place("requirements.txt", 1))
    return Deployment(packages={"django-cors-headers": package})


@pytest.mark.parametrize(
    "settings",
    [
        cors(), cors(True), cors(True, CORS_ALLOW_ALL_ORIGINS=False),
        cors(True, CORS_ALLOWED_ORIGINS=["https://shop.example", "https://pay.example:8443"]),
        cors(True, CORS_ALLOWED_ORIGINS=("https://shop.example",)),
        cors(True, CORS_ALLOWED_ORIGIN_REGEXES=[r"^https://\w+\.shop\.example$"]),
        cors(True, CORS_ALLOWED_ORIGIN_REGEXES=[re.compile(r"^https://\w+\.shop\.example$")]),
        # The newer name wins.
        cors(True, CORS_ALLOW_ALL_ORIGINS=False, CORS_ORIGIN_ALLOW_ALL=True),
        cors(True, CORS_ALLOWED_ORIGINS=[], CORS_ORIGIN_WHITELIST=["null"]),
        # A bare host is a matter of old versions.
        cors(True, CORS_ORIGIN_WHITELIST=["shop.example"]),
        cors(True, CORS_ALLOWED_ORIGINS=["capacitor://localhost"]),
    ],
)  # fmt: skip
@pytest.mark.parametrize("pedantic", [True, False])
def test_named_sites(judged, settings: dict[str, Any], pedantic: bool) -> None:
    finding = judged("cors-origins", settings, pedantic=pedantic)
    assert finding.verdict is Verdict.PASS, finding.message
    assert finding.applies


@pytest.mark.parametrize(
    "settings",
    [
        cors(CORS_ALLOWED_ORIGINS=["http://localhost:3000", "http://shop.example"]),
        cors(True, CORS_ALLOWED_ORIGINS=["http://127.0.0.1:3000"]),
        cors(CORS_ALLOWED_ORIGINS=Unknown("read from CORS", "list", ("CORS",))),
        cors(CORS_ALLOWED_ORIGINS=["https://shop.example", TEXT]),
        cors(CORS_ALLOWED_ORIGIN_REGEXES=[r"^https?://\w+\.shop\.example$"]),
    ],
)
def test_beyond_the_common_need(judged, settings: dict[str, Any]) -> None:
    assert judged("cors-origins", settings, pedantic=False).verdict is Verdict.PASS
    finding = judged("cors-origins", settings)
    assert finding.verdict in (Verdict.FAIL, Verdict.UNKNOWN)
    assert finding.severity is LOW


@pytest.mark.parametrize(
    ("settings", "severity", "words"),
    [
        (cors(CORS_ALLOW_ALL_ORIGINS=True), LOW, "without a login"),
        (cors(CORS_ALLOW_ALL_ORIGINS=True, CORS_URLS_REGEX="^/api/"), LOW, "where CORS_URLS_REGEX matches"),
        (cors(CORS_ORIGIN_ALLOW_ALL=True), LOW, "CORS_ORIGIN_ALLOW_ALL is True"),
        (cors(CORS_ALLOW_ALL_ORIGINS="False"), LOW, "takes for true"),
        (cors(True, CORS_ALLOW_ALL_ORIGINS=True), MEDIUM, "browsers send to other sites"),
        (cors(True, CORS_ALLOW_ALL_ORIGINS=True, SESSION_COOKIE_SAMESITE="None"), HIGH, "login"),
        (cors(True, CORS_ALLOW_ALL_ORIGINS=True, SESSION_COOKIE_SAMESITE=False), HIGH, "login"),
        (cors(Unknown("x", "bool"), CORS_ALLOW_ALL_ORIGINS=True), LOW, "is not known"),
        (cors(CORS_ALLOWED_ORIGINS=["null"]), LOW, "sandboxed frame"),
        (cors(True, CORS_ORIGIN_WHITELIST=["https://a.example", "null"]), MEDIUM, "sandboxed"),
        (cors(True, CORS_ALLOWED_ORIGINS=["http://shop.example"]), LOW, "everybody on the way"),
        (cors(True, CORS_ALLOWED_ORIGINS=[TEXT, "http://shop.example"]), LOW, "on the way"),
        (cors(CORS_ALLOWED_ORIGIN_REGEXES=[r".*"]), LOW, "also accepts"),
        (cors(True, CORS_ORIGIN_REGEX_WHITELIST=(r"^https://\w+\.shop\.example",)), MEDIUM, ".attacker.example"),
        (cors(True, CORS_ALLOWED_ORIGIN_REGEXES=[re.compile(r"https://www.shop.com$")]), MEDIUM, "wwwxshop.com"),
        (cors(True, CORS_ALLOWED_ORIGIN_REGEXES=[r".*"], SESSION_COOKIE_SAMESITE="None"), MEDIUM, "also"),
        (cors(True, CORS_ALLOWED_ORIGIN_REGEXES=[r"^https?://\w+\.shop\.example$"]), LOW, "http://"),
    ],
)  # fmt: skip
def test_other_sites(judged, settings: dict[str, Any], severity: Severity, words: str) -> None:
    finding = judged("cors-origins", settings, pedantic=False)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, severity), finding.message
    assert words in finding.message


@pytest.mark.parametrize(
    ("settings", "verdict", "words"),
    [
        (cors(True, CORS_ALLOW_ALL_ORIGINS={"if DEV is set": True, "else": False}), Verdict.CONDITIONAL, "is True"),
        (cors(True, CORS_ALLOW_ALL_ORIGINS=FLAG), Verdict.UNKNOWN, "decided by CORS_ALL"),
        (cors(CORS_ALLOW_ALL_ORIGINS=FLAG), Verdict.UNKNOWN, "decided by CORS_ALL"),
        (cors(True, CORS_ALLOWED_ORIGINS=[TEXT]), Verdict.UNKNOWN, "decided by CORS"),
        (cors(True, CORS_ALLOWED_ORIGINS=Unknown("read from X")), Verdict.UNKNOWN, "read from X"),
        (cors(True, CORS_ALLOWED_ORIGIN_REGEXES=[TEXT]), Verdict.UNKNOWN, "An item of"),
        (cors(True, CORS_ALLOWED_ORIGIN_REGEXES=[r"^https://(?!x).*$"]), Verdict.UNKNOWN, "intricate"),
        (cors(True, MIDDLEWARE=[Unknown("x")], CORS_ALLOW_ALL_ORIGINS=True), Verdict.UNKNOWN, "MIDDLEWARE"),
    ],
)  # fmt: skip
def test_not_always(judged, settings: dict[str, Any], verdict: Verdict, words: str) -> None:
    finding = judged("cors-origins", settings, pedantic=False)
    assert finding.verdict is verdict, finding.message
    assert words in finding.message


@pytest.mark.parametrize("stack", [[], ["shop.middleware.CorsMiddleware"], ["django_cors.Cors"]])
def test_another_middleware(judged, stack: list[str]) -> None:
    finding = judged("cors-origins", cors(True, CORS_ALLOW_ALL_ORIGINS=True, MIDDLEWARE=stack))
    assert not finding.applies


@pytest.mark.parametrize(
    ("settings", "deployment", "verdict"),
    [
        # Before 3.5.0 nothing reads the newer names.
        (cors(True, CORS_ALLOW_ALL_ORIGINS=True), pinned(3, 4), Verdict.PASS),
        (cors(True, CORS_ALLOW_ALL_ORIGINS=True), pinned(3, 5), Verdict.FAIL),
        (cors(True, CORS_ORIGIN_ALLOW_ALL=True), pinned(3, 4), Verdict.FAIL),
        (cors(True, CORS_ORIGIN_WHITELIST=["shop.example"]), pinned(2, 5), Verdict.PASS),
        (cors(True, CORS_ORIGIN_WHITELIST=["shop.example"]), pinned(4, 9), Verdict.FAIL),
    ],
)
def test_versions(judged, settings, deployment: Deployment, verdict: Verdict) -> None:
    assert judged("cors-origins", settings, deployment=deployment).verdict is verdict


def test_a_class_that_extends_it(judged) -> None:
    found = Definition(Place("shop/m.py", 1), (MIDDLEWARE,), frozenset(), frozenset(), None)
    settings = Settings.of(
        cors(True, CORS_ALLOW_ALL_ORIGINS=True, MIDDLEWARE=["shop.m.Cors"]),
        definition=lambda dotted: found,
    )
    assert judged("cors-origins", settings).verdict is Verdict.FAIL
