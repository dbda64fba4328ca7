"""Referrer policy: what other sites learn of the page a visitor comes from."""

from __future__ import annotations

import pytest

from hardango.findings import Verdict
from hardango.project.model import Deployment, Topology
from hardango.settings.outcomes import Unknown

SECURITY = "django.middleware.security.SecurityMiddleware"
NAME = "SECURE_REFERRER_POLICY"
BY_PROXY = Deployment(topology=Topology(headers=frozenset(("referrer-policy",))))


def sent(value: object) -> dict[str, object]:
    return {"MIDDLEWARE": [SECURITY], NAME: value}


@pytest.mark.parametrize(
    "settings",
    [
        {"MIDDLEWARE": [SECURITY]},
        sent("same-origin"),
        sent("strict-origin-when-cross-origin"),
        sent("no-referrer"),
        sent("origin"),
        sent("Same-Origin"),
        sent("no-referrer, strict-origin-when-cross-origin"),
        sent(["no-referrer", "strict-origin-when-cross-origin"]),
        sent("unsafe-url, same-origin"),  # the last known one holds
        sent("same-origin, a-newer-policy"),
        sent({"if X": "same-origin", "else": "origin"}),
    ],
)
def test_kept(judged, settings: dict[str, object]) -> None:
    finding = judged("referrer-policy", settings)
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    ("settings", "django", "words"),
    [
        (sent(None), (6, 1), "sends no Referrer-Policy"),
        (sent(""), (6, 1), "sends no Referrer-Policy"),
        (sent("unsafe-url"), (6, 1), "the whole address"),
        (sent("no-referrer-when-downgrade"), (6, 1), "the whole address"),
        (sent(["same-origin", "unsafe-url"]), (6, 1), "the whole address"),
        (sent("sameorigin"), (6, 1), "browsers don't know"),
        (sent(True), (6, 1), "browsers don't know"),
        ({}, (6, 1), "SecurityMiddleware is not in MIDDLEWARE"),
        ({"MIDDLEWARE": [SECURITY]}, (3, 0), "Django's default is None"),
        ({"MIDDLEWARE": [SECURITY]}, (2, 2), "Django 2.2 sends no Referrer-Policy"),
    ],
)
def test_told(judged, settings: dict[str, object], django: tuple[int, int], words: str) -> None:
    finding = judged("referrer-policy", settings, django=django)
    assert finding.verdict is Verdict.FAIL
    assert words in finding.message


@pytest.mark.parametrize(
    "settings",
    [
        sent(Unknown("read from POLICY", variables=("POLICY",))),
        {"MIDDLEWARE": Unknown("result of stack()")},
        {"MIDDLEWARE": ["shop.middleware.ReferrerPolicyMiddleware"]},
    ],
)
def test_not_known(judged, settings: dict[str, object]) -> None:
    assert judged("referrer-policy", settings).verdict is Verdict.UNKNOWN


def test_under_a_condition(judged) -> None:
    finding = judged("referrer-policy", sent({"if X": "unsafe-url", "else": "same-origin"}))
    assert (finding.verdict, finding.when) == (Verdict.CONDITIONAL, ("X",))


@pytest.mark.parametrize("settings", [sent(None), {"MIDDLEWARE": []}])
def test_the_proxy_adds_it(judged, settings: dict[str, object]) -> None:
    finding = judged("referrer-policy", settings, deployment=BY_PROXY)
    assert finding.verdict is Verdict.ELSEWHERE


def test_what_django_sends_is_not_mended_by_a_proxy(judged) -> None:
    """A proxy that adds a second header leaves the browser with the last known value of both;
    which one that is depends on the proxy."""
    assert (
        judged("referrer-policy", sent("unsafe-url"), deployment=BY_PROXY).verdict is Verdict.FAIL
    )
