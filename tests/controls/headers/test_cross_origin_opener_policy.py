"""Cross-origin opener policy: on by default since Django 4.0, but only with its middleware."""

from __future__ import annotations

import pytest

from hardango.findings import Verdict
from hardango.project.model import Deployment, Topology
from hardango.settings.outcomes import Unknown

SECURITY = "django.middleware.security.SecurityMiddleware"
NAME = "SECURE_CROSS_ORIGIN_OPENER_POLICY"
BY_PROXY = Deployment(topology=Topology(headers=frozenset(("cross-origin-opener-policy",))))


def sent(value: object) -> dict[str, object]:
    return {"MIDDLEWARE": [SECURITY], NAME: value}


@pytest.mark.parametrize(
    ("settings", "django", "verdict", "words"),
    [
        ({"MIDDLEWARE": [SECURITY]}, (6, 1), Verdict.PASS, "default is 'same-origin'"),
        ({"MIDDLEWARE": [SECURITY]}, (4, 0), Verdict.PASS, "default is 'same-origin'"),
        (sent("same-origin"), (6, 1), Verdict.PASS, ""),
        (sent("same-origin-allow-popups"), (6, 1), Verdict.PASS, ""),
        (sent('same-origin; report-to="coop"'), (6, 1), Verdict.PASS, ""),
        (
            sent({"if X": "same-origin", "else": "same-origin-allow-popups"}),
            (6, 1),
            Verdict.PASS,
            "",
        ),
        ({"MIDDLEWARE": [SECURITY]}, (3, 2), Verdict.FAIL, "it can since 4.0"),
        (sent(None), (6, 1), Verdict.FAIL, "sends no Cross-Origin-Opener-Policy"),
        (sent("unsafe-none"), (6, 1), Verdict.FAIL, "no protection"),
        (sent("Same-Origin"), (6, 1), Verdict.FAIL, "browsers don't know"),
        (sent("same_origin"), (6, 1), Verdict.FAIL, "browsers don't know"),
        ({}, (6, 1), Verdict.FAIL, "SecurityMiddleware is not in MIDDLEWARE"),
        (
            sent({"if X": None, "else": "same-origin"}),
            (6, 1),
            Verdict.CONDITIONAL,
            "sends no",
        ),
        (sent(Unknown("x", variables=("COOP",))), (6, 1), Verdict.UNKNOWN, "decided by COOP"),
        ({"MIDDLEWARE": Unknown("x")}, (6, 1), Verdict.UNKNOWN, "not known"),
        ({"MIDDLEWARE": ["shop.SecurityHeaders"]}, (6, 1), Verdict.UNKNOWN, "could do the same"),
    ],
)
def test_verdicts(
    judged, settings: dict[str, object], django: tuple[int, int], verdict: Verdict, words: str
) -> None:
    finding = judged("cross-origin-opener-policy", settings, django=django)
    assert finding.verdict is verdict, finding.message
    assert words in finding.message


def test_an_old_django_is_a_matter_for_the_pedantic(judged) -> None:
    settings = {"MIDDLEWARE": [SECURITY]}
    found = judged("cross-origin-opener-policy", settings, django=(3, 2), pedantic=False)
    assert found.verdict is Verdict.PASS


@pytest.mark.parametrize("settings", [sent(None), {"MIDDLEWARE": []}])
def test_the_proxy_adds_it(judged, settings: dict[str, object]) -> None:
    finding = judged("cross-origin-opener-policy", settings, deployment=BY_PROXY)
    assert finding.verdict is Verdict.ELSEWHERE
