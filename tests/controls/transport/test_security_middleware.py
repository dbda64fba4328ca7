"""Security middleware: there, and in front of what answers requests itself."""

from __future__ import annotations

import pytest

from hardango.findings import Severity, Verdict
from hardango.settings.outcomes import Unknown

SECURITY = "django.middleware.security.SecurityMiddleware"
COMMON = "django.middleware.common.CommonMiddleware"
SESSIONS = "django.contrib.sessions.middleware.SessionMiddleware"
WHITENOISE = "whitenoise.middleware.WhiteNoiseMiddleware"
UNKNOWN_ITEM = Unknown("result of extra()", type="str")
UNKNOWN_ITEMS = Unknown("result of extra()", several=True)


@pytest.mark.parametrize(
    "stack",
    [
        [SECURITY],
        (SECURITY, COMMON),
        [SECURITY, WHITENOISE, COMMON],
        ["corsheaders.middleware.CorsMiddleware", SECURITY, COMMON],
        ["shop.middleware.HealthCheckMiddleware", SECURITY, COMMON],
        ["django.middleware.gzip.GZipMiddleware", SECURITY],
        [SESSIONS, SECURITY],
        # Whatever could not be read, it is there.
        [SECURITY, UNKNOWN_ITEM],
        [UNKNOWN_ITEMS, SECURITY],
    ],
)
def test_in_its_place(judged, stack: object) -> None:
    finding = judged("security-middleware", {"MIDDLEWARE": stack})
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    "stack",
    [[], [COMMON], ["shop.middleware.Timing", COMMON], [Unknown("x", type="str", prefix="shop.")]],
)
def test_absent(judged, stack: object) -> None:
    finding = judged("security-middleware", {"MIDDLEWARE": stack})
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, Severity.HIGH)
    assert "not in MIDDLEWARE" in finding.message


@pytest.mark.parametrize(
    ("stack", "words"),
    [
        ([WHITENOISE, SECURITY], "WhiteNoiseMiddleware stands before SecurityMiddleware"),
        ([COMMON, SECURITY], "redirects and refuses requests"),
        ([SESSIONS, COMMON, SECURITY], "CommonMiddleware stands before"),
        (["django.middleware.cache.FetchFromCacheMiddleware", SECURITY], "from the cache"),
    ],
)
def test_too_late(judged, stack: object, words: str) -> None:
    finding = judged("security-middleware", {"MIDDLEWARE": stack})
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, Severity.LOW)
    assert words in finding.message


@pytest.mark.parametrize(
    ("stack", "words"),
    [
        (Unknown("result of stack()"), "MIDDLEWARE could not be read: result of stack()"),
        ([COMMON, UNKNOWN_ITEM], "An item of MIDDLEWARE could not be read"),
        ([COMMON, UNKNOWN_ITEMS], "An item of MIDDLEWARE could not be read"),
        (["shop.middleware.OurSecurityMiddleware"], "could do the same"),
        (["shop.middleware.security_headers.SecurityHeaders"], "could do the same"),
        (None, "no list"),
        (["django.middleware.locale.LocaleMiddleware", SECURITY], "by i18n_patterns()"),
    ],
)
def test_not_known(judged, stack: object, words: str) -> None:
    finding = judged("security-middleware", {"MIDDLEWARE": stack})
    assert finding.verdict is Verdict.UNKNOWN
    assert words in finding.message


@pytest.mark.parametrize(
    ("settings", "django", "verdict"),
    [
        ({"MIDDLEWARE_CLASSES": [SECURITY]}, (1, 9), Verdict.PASS),
        ({"MIDDLEWARE_CLASSES": [SECURITY]}, (1, 11), Verdict.PASS),
        ({"MIDDLEWARE": [SECURITY], "MIDDLEWARE_CLASSES": []}, (1, 11), Verdict.PASS),
        ({"MIDDLEWARE": [], "MIDDLEWARE_CLASSES": [SECURITY]}, (1, 9), Verdict.PASS),
        ({"MIDDLEWARE": [SECURITY]}, (1, 9), Verdict.PASS),
        ({}, (1, 11), Verdict.FAIL),
        ({"MIDDLEWARE_CLASSES": [SECURITY]}, (2, 0), Verdict.FAIL),
    ],
)
def test_the_setting_has_another_name_in_an_old_django(
    judged, settings: dict[str, object], django: tuple[int, int], verdict: Verdict
) -> None:
    finding = judged("security-middleware", settings, django=django)
    assert finding.verdict is verdict
    assert ("not read since Django 2.0" in finding.message) is (django == (2, 0))


def test_a_setting_that_is_set_in_some_cases_only_is_not_called_ignored(judged) -> None:
    old = {"if X": [SECURITY]}
    finding = judged("security-middleware", {"MIDDLEWARE": [], "MIDDLEWARE_CLASSES": old})
    assert finding.message == "SecurityMiddleware is not in MIDDLEWARE"
