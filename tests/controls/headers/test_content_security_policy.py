"""Content security policy: what is sent, and what it leaves open."""

from __future__ import annotations

import pytest

from hardango.controls.content_policy import NONCE, PROCESSOR
from hardango.findings import Place, Severity, Verdict
from hardango.project.model import Deployment, Package, Topology
from hardango.settings.outcomes import Unknown

SECURITY = "django.middleware.security.SecurityMiddleware"
CSP = "django.middleware.csp.ContentSecurityPolicyMiddleware"
PACKAGE = "csp.middleware.CSPMiddleware"
SELF, NONE = "'self'", "'none'"
STRICT = {"default-src": [SELF], "object-src": [NONE], "base-uri": [NONE]}
PROCESSORS = {"TEMPLATES": [{"OPTIONS": {"context_processors": [PROCESSOR]}}]}
BY_PROXY = Deployment(topology=Topology(headers=frozenset(("content-security-policy",))))


def sent(policy: object, **more: object) -> dict[str, object]:
    return {"MIDDLEWARE": [SECURITY, CSP], "SECURE_CSP": policy, **more}


def django_csp(**settings: object) -> dict[str, object]:
    return {"MIDDLEWARE": [SECURITY, PACKAGE], **settings}


def with_package(version: tuple[int, ...]) -> Deployment:
    package = Package("django-csp", version, "", Place("requirements.txt", 1), True)
    return Deployment(packages={"django-csp": package})


@pytest.mark.parametrize(
    "settings",
    [
        sent(STRICT),
        sent({**STRICT, "script-src": [SELF, NONCE]}, **PROCESSORS),
        sent({**STRICT, "script-src": ["'strict-dynamic'", NONCE, SELF]}, **PROCESSORS),
        sent({**STRICT, "script-src": ["'strict-dynamic'", "https:", NONCE]}, **PROCESSORS),
        # Browsers that know nonces ignore 'unsafe-inline' beside one.
        sent({**STRICT, "script-src": [SELF, "'unsafe-inline'", NONCE]}, **PROCESSORS),
        sent({**STRICT, "script-src": ["'sha256-abc='", "'unsafe-inline'"]}),
        sent({**STRICT, "style-src": [SELF, "'unsafe-inline'"], "img-src": ["*", "data:"]}),
        sent({"default-src": SELF, "base-uri": NONE, "upgrade-insecure-requests": True}),
        sent({**STRICT, "report-uri": "/csp/"}),
        sent({**STRICT, "frame-src": None, "sandbox": False}),
        sent({**STRICT, "connect-src": [SELF, "wss://shop.example", Unknown("x")]}),
        sent({"if X": STRICT, "else": {**STRICT, "script-src": [SELF]}}),
        django_csp(CONTENT_SECURITY_POLICY={"DIRECTIVES": STRICT}),
        django_csp(CONTENT_SECURITY_POLICY={"DIRECTIVES": {"base-uri": [NONE]}}),
        django_csp(
            CONTENT_SECURITY_POLICY={
                "DIRECTIVES": {**STRICT, "script-src": [SELF, Unknown("csp.constants.NONCE")]}
            }
        ),
    ],
)
def test_sent_and_strict(judged, settings: dict[str, object]) -> None:
    finding = judged("content-security-policy", settings)
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    "settings",
    [
        django_csp(CSP_DEFAULT_SRC=(SELF,)),
        django_csp(CSP_SCRIPT_SRC=[SELF, "https://cdn.example"]),
        django_csp(),  # django-csp 3 sends default-src 'self' by itself
    ],
)
def test_django_csp_3(judged, settings: dict[str, object]) -> None:
    found = judged(
        "content-security-policy", settings, deployment=with_package((3, 8)), pedantic=False
    )
    assert found.verdict is Verdict.PASS, found.message


@pytest.mark.parametrize(
    ("settings", "severity", "words"),
    [
        ({}, Severity.LOW, "No Content-Security-Policy is set"),
        ({"MIDDLEWARE": [SECURITY, CSP]}, Severity.LOW, "No Content-Security-Policy is set"),
        (
            {"MIDDLEWARE": [SECURITY], "SECURE_CSP": STRICT},
            Severity.MEDIUM,
            "ContentSecurityPolicyMiddleware is not in MIDDLEWARE: nothing sends it",
        ),
        (
            {"MIDDLEWARE": [SECURITY], "CONTENT_SECURITY_POLICY": {"DIRECTIVES": STRICT}},
            Severity.MEDIUM,
            "CSPMiddleware is not in MIDDLEWARE",
        ),
        (sent("default-src 'self'"), Severity.MEDIUM, "no dict"),
        (
            sent({"default_src": [SELF], "base-uri": [NONE]}),
            Severity.MEDIUM,
            "which browsers skip; it is written default-src",
        ),
        (sent({**STRICT, "scripts": [SELF]}), Severity.MEDIUM, "'scripts', which browsers skip"),
        (sent({**STRICT, "img-src": ["'self'; script-src *"]}), Severity.MEDIUM, "a ; inside"),
        (sent({**STRICT, "script-src": ["self"]}), Severity.LOW, "without its quotes"),
        (sent({**STRICT, "object-src": ["none"]}), Severity.LOW, "without its quotes"),
        (
            sent({**STRICT, "script-src": [NONCE]}, **PROCESSORS),
            Severity.LOW,
            "scripts are ruled by default-src",
        ),
        (
            sent({"script-src": [NONCE], "base-uri": [NONE]}, **PROCESSORS),
            Severity.MEDIUM,
            "scripts are ruled by nothing",
        ),
        (sent({**STRICT, "script-src": [SELF, "'unsafe-inline'"]}), Severity.LOW, "unsafe-inline"),
        (sent({"default-src": ["*"], "base-uri": [NONE]}), Severity.LOW, "come from anywhere"),
        (sent({**STRICT, "script-src": [SELF, "https:"]}), Severity.LOW, "come from anywhere"),
        (sent({**STRICT, "script-src": [SELF, "data:"]}), Severity.LOW, "come from anywhere"),
        (sent({"img-src": [SELF], "base-uri": [NONE]}), Severity.LOW, "every script runs"),
        (
            sent({**STRICT, "script-src": [SELF, NONCE]}, TEMPLATES=[{"OPTIONS": {}}]),
            Severity.LOW,
            "no script can carry the nonce",
        ),
        (
            django_csp(CSP_SCRIPT_SRC=[SELF, "'unsafe-inline'"]),
            Severity.LOW,
            "CSP_SCRIPT_SRC allows 'unsafe-inline'",
        ),
    ],
)
def test_absent_or_open(
    judged, settings: dict[str, object], severity: Severity, words: str
) -> None:
    finding = judged("content-security-policy", settings, pedantic=False)
    assert finding.verdict is Verdict.FAIL, finding.message
    assert finding.severity is severity
    assert words in finding.message


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (sent({**STRICT, "script-src": [SELF, "'unsafe-eval'"]}), "unsafe-eval"),
        (
            sent({**STRICT, "script-src": [SELF, "blob:"]}),
            "allows blob: in script-src: texts can be run",
        ),
        (sent({"default-src": [SELF]}), "no base-uri"),
        (sent({"script-src": [SELF], "base-uri": [NONE]}), "no object-src"),
        (
            {"MIDDLEWARE": [SECURITY, CSP], "SECURE_CSP_REPORT_ONLY": STRICT},
            "reports violations and stops none",
        ),
        (django_csp(CSP_REPORT_ONLY=True), "reports violations and stops none"),
    ],
)
def test_beyond_the_common_need(judged, settings: dict[str, object], words: str) -> None:
    assert judged("content-security-policy", settings, pedantic=False).verdict is Verdict.PASS
    finding = judged("content-security-policy", settings)
    assert finding.verdict is Verdict.FAIL
    assert words in finding.message


@pytest.mark.parametrize("django", [(4, 2), (5, 2)])
def test_no_policy_before_django_6(judged, django: tuple[int, int]) -> None:
    assert (
        judged("content-security-policy", {}, django=django, pedantic=False).verdict is Verdict.PASS
    )
    assert judged("content-security-policy", {}, django=django).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    "settings",
    [
        sent(Unknown("read from CSP", variables=("CSP",))),
        {"MIDDLEWARE": Unknown("result of stack()"), "SECURE_CSP": STRICT},
        {"MIDDLEWARE": [SECURITY, "shop.middleware.CSPHeaders"]},
        {"MIDDLEWARE": [SECURITY, "shop.security.ContentSecurityPolicy"]},
        sent({**STRICT, "script-src": Unknown("x")}),
        sent({Unknown("x"): [SELF], "base-uri": [NONE]}),
        django_csp(CONTENT_SECURITY_POLICY=Unknown("x")),
        django_csp(),  # 3 sends a policy without being told, 4 sends none
    ],
)
def test_not_known(judged, settings: dict[str, object]) -> None:
    finding = judged("content-security-policy", settings)
    assert finding.verdict is Verdict.UNKNOWN, finding.message


@pytest.mark.parametrize(
    "settings, words",
    [
        ({"MIDDLEWARE": Unknown("result of stack()")}, "result of stack()"),
        ({"MIDDLEWARE": [SECURITY, Unknown("read from MORE")]}, "read from MORE"),
        (django_csp(), "depends on its version"),
    ],
)
def test_why_it_is_not_known_before_django_6(judged, settings, words: str) -> None:
    """Nothing is said of django-csp where it is not known whether it is there."""
    finding = judged("content-security-policy", settings, django=(5, 2))
    assert finding.verdict is Verdict.UNKNOWN
    assert words in finding.message


def test_under_a_condition(judged) -> None:
    loose = {**STRICT, "script-src": ["*"]}
    finding = judged("content-security-policy", sent({"if X": loose, "else": STRICT}))
    assert (finding.verdict, finding.when) == (Verdict.CONDITIONAL, ("X",))


def test_the_proxy_adds_it(judged) -> None:
    found = judged("content-security-policy", {}, deployment=BY_PROXY)
    assert found.verdict is Verdict.ELSEWHERE


def test_two_policies_are_enforced_both(judged) -> None:
    """Browsers enforce every policy that they get: the strict one stops the script."""
    settings = {
        "MIDDLEWARE": [SECURITY, CSP, PACKAGE],
        "SECURE_CSP": {**STRICT, "script-src": ["*"]},
        "CONTENT_SECURITY_POLICY": {"DIRECTIVES": STRICT},
    }
    assert judged("content-security-policy", settings).verdict is Verdict.PASS


def test_django_csp_4_sends_nothing_by_itself(judged) -> None:
    found = judged("content-security-policy", django_csp(), deployment=with_package((4, 0)))
    assert found.verdict is Verdict.FAIL
