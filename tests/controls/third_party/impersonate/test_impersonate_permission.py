"""Who may act as another user."""

from __future__ import annotations

import pytest
from mutating import added

from hardango.findings import Severity, Verdict
from hardango.project.model import Deployment
from hardango.settings.outcomes import Unknown

ACTING = "impersonate.middleware.ImpersonateMiddleware"
THERE = {"INSTALLED_APPS": ["django.contrib.auth", "impersonate"], "MIDDLEWARE": [ACTING]}

MUTANTS = (
    added(
        "impersonate-permission",
        f'INSTALLED_APPS += ["impersonate"]\nMIDDLEWARE += ["{ACTING}"]\n'
        'IMPERSONATE = {"REQUIRE_SUPERUSER": False}',
    ),
)


def options(**given: object) -> dict[str, object]:
    return {**THERE, "IMPERSONATE": given}


@pytest.mark.parametrize(
    ("values", "verdict", "words"),
    [
        ({}, Verdict.PASS, "not used"),
        ({"IMPERSONATE": {"REQUIRE_SUPERUSER": False}}, Verdict.PASS, "not used"),
        ({**THERE, "MIDDLEWARE": []}, Verdict.PASS, "nobody is somebody else"),
        (options(REQUIRE_SUPERUSER=True), Verdict.PASS, "Only superusers"),
        (options(REQUIRE_SUPERUSER=True, READ_ONLY=False), Verdict.PASS, "Only superusers"),
        (THERE, Verdict.FAIL, "the default is False: everyone with is_staff"),
        (options(), Verdict.FAIL, "everyone with is_staff"),
        (options(REQUIRE_SUPERUSER=False), Verdict.FAIL, "is False"),
        (options(CUSTOM_ALLOW=None), Verdict.FAIL, "everyone with is_staff"),
        (options(CUSTOM_ALLOW="shop.may"), Verdict.UNKNOWN, "'shop.may', which hardango does not read"),
        (options(CUSTOM_ALLOW="shop.may", REQUIRE_SUPERUSER=True), Verdict.UNKNOWN, "does not read"),
        (options(CUSTOM_ALLOW=Unknown("read from MAY")), Verdict.UNKNOWN, "read from MAY"),
        (options(REQUIRE_SUPERUSER=Unknown("read from ONLY")), Verdict.UNKNOWN, "read from ONLY"),
        ({**THERE, "IMPERSONATE": Unknown("x")}, Verdict.UNKNOWN, "x"),
        ({**THERE, "MIDDLEWARE": [Unknown("read from STACK")]}, Verdict.UNKNOWN, "read from STACK"),
        # Whoever names its middleware has it.
        ({**THERE, "INSTALLED_APPS": [Unknown("apps", several=True)]}, Verdict.FAIL, "is_staff"),
    ],
)  # fmt: skip
def test_verdicts(judged, values: dict[str, object], verdict: Verdict, words: str) -> None:
    finding = judged("impersonate-permission", values, deployment=Deployment(packages={}))
    assert (finding.verdict, finding.severity) == (verdict, Severity.LOW), finding.message
    assert words in finding.message


def test_it_says_when(judged) -> None:
    values = {**THERE, "IMPERSONATE": {"if OLD is set": {}, "else": {"REQUIRE_SUPERUSER": True}}}
    finding = judged("impersonate-permission", values)
    assert (finding.verdict, finding.when) == (Verdict.CONDITIONAL, ("OLD is set",))


def test_where_nothing_names_it_it_is_asked_on_demand_only(judged) -> None:
    values = {"INSTALLED_APPS": [Unknown("apps")], "MIDDLEWARE": Unknown("stack")}
    deployment = Deployment(packages=None)
    finding = judged("impersonate-permission", values, deployment=deployment, pedantic=False)
    assert finding.verdict is Verdict.PASS, finding.message
    finding = judged("impersonate-permission", values, deployment=deployment)
    assert finding.verdict is Verdict.UNKNOWN
