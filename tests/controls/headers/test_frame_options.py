"""Framing by other sites: the header that is sent, or a policy that says the same."""

from __future__ import annotations

import pytest

from hardango.findings import Verdict
from hardango.settings.outcomes import Unknown

FRAMES = "django.middleware.clickjacking.XFrameOptionsMiddleware"
USED = {"MIDDLEWARE": [FRAMES]}
NAME = "X_FRAME_OPTIONS"
CSP = {
    "MIDDLEWARE": ["django.middleware.csp.ContentSecurityPolicyMiddleware"],
    "SECURE_CSP": {"frame-ancestors": ["'self'"]},
}
CSP_PACKAGE = {"MIDDLEWARE": ["csp.middleware.CSPMiddleware"]}


@pytest.mark.parametrize(
    ("settings", "django"),
    [
        (USED, (6, 1)),
        (USED, (2, 2)),  # SAMEORIGIN by default
        ({**USED, NAME: "DENY"}, (6, 1)),
        ({**USED, NAME: "SAMEORIGIN"}, (6, 1)),  # W019 would complain
        ({**USED, NAME: "sameorigin"}, (6, 1)),
        ({**USED, NAME: Unknown("x", choices=("DENY", "SAMEORIGIN"))}, (6, 1)),
        (CSP, (6, 0)),
        ({**CSP, "SECURE_CSP": {"frame-ancestors": "'none'"}}, (6, 0)),
        ({**CSP_PACKAGE, "CSP_FRAME_ANCESTORS": ("'self'",)}, (5, 2)),
        (
            {**CSP_PACKAGE,
             "CONTENT_SECURITY_POLICY": {"DIRECTIVES": {"frame-ancestors": ["'none'"]}}},
            (5, 2),
        ),
    ],
)  # fmt: skip
def test_kept_out(judged, settings: dict[str, object], django: tuple[int, int]) -> None:
    finding = judged("frame-options", settings, django=django)
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    ("settings", "django", "words"),
    [
        ({}, (6, 1), "nothing sends the header"),
        ({**USED, NAME: "ALLOWALL"}, (6, 1), "'ALLOWALL', which browsers ignore"),
        ({**USED, NAME: "ALLOW-FROM https://x.example"}, (6, 1), "which browsers ignore"),
        ({**USED, NAME: ""}, (6, 1), "which browsers ignore"),
        ({**USED, NAME: None}, (6, 1), "every response ends in an error"),
        (CSP, (5, 2), "nothing sends the header"),  # SECURE_CSP came with Django 6.0
        ({**CSP, "SECURE_CSP": {"default-src": ["'self'"]}}, (6, 0), "nothing sends"),
        ({**CSP, "SECURE_CSP": {"frame-ancestors": ["*"]}}, (6, 0), "nothing sends"),
        ({**CSP, "MIDDLEWARE": []}, (6, 0), "nothing sends the header"),
    ],
)
def test_let_in(judged, settings: dict[str, object], django: tuple[int, int], words: str) -> None:
    finding = judged("frame-options", settings, django=django)
    assert finding.verdict is Verdict.FAIL
    assert words in finding.message


@pytest.mark.parametrize(
    "settings",
    [
        {**USED, NAME: Unknown("read from FRAMES", type="str", variables=("FRAMES",))},
        {"MIDDLEWARE": Unknown("result of stack()")},
        {"MIDDLEWARE": ["shop.middleware.XFrameMiddleware"]},
        {**CSP, "SECURE_CSP": Unknown("result of policy()")},
        {**CSP, "SECURE_CSP": {"frame-ancestors": [Unknown("read from FRAMES", type="str")]}},
    ],
)
def test_not_known(judged, settings: dict[str, object]) -> None:
    assert judged("frame-options", settings).verdict is Verdict.UNKNOWN


def test_framed_where_a_partner_is_set(judged) -> None:
    settings = {**USED, NAME: {"if PARTNER is set": "ALLOWALL", "else": "DENY"}}
    finding = judged("frame-options", settings)
    assert finding.verdict is Verdict.CONDITIONAL
    assert finding.when == ("PARTNER is set",)
