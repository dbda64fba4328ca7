"""Hosts and ports that clients can choose."""

from __future__ import annotations

import pytest

from hardango.findings import Severity, Verdict
from hardango.project.model import Deployment, Topology
from hardango.settings.outcomes import Unknown

HOST = {"USE_X_FORWARDED_HOST": True}
EXACT = {"ALLOWED_HOSTS": ["shop.example"]}
CHECKED = Deployment(topology=Topology(hosts="proxy"))


@pytest.mark.parametrize(
    ("settings", "verdict", "severity", "words"),
    [
        ({}, Verdict.PASS, None, "default is False"),
        ({"USE_X_FORWARDED_HOST": False, "ALLOWED_HOSTS": ["*"]}, Verdict.PASS, None, ""),
        ({"USE_X_FORWARDED_PORT": False}, Verdict.PASS, None, ""),
        ({**HOST, **EXACT}, Verdict.FAIL, Severity.LOW, "limits it to the site's own names"),
        ({**HOST, "ALLOWED_HOSTS": ["*"]}, Verdict.FAIL, Severity.MEDIUM, "names of others"),
        ({**HOST, "ALLOWED_HOSTS": []}, Verdict.PASS, None, "accepts no name"),
        ({**HOST, "ALLOWED_HOSTS": [".shop.example"]}, Verdict.FAIL, Severity.MEDIUM, "of others"),
        ({"USE_X_FORWARDED_PORT": True}, Verdict.FAIL, Severity.LOW, "port of links"),
        ({**HOST, "ALLOWED_HOSTS": Unknown("x")}, Verdict.UNKNOWN, None, "could not be read"),
        ({**HOST, "ALLOWED_HOSTS": [Unknown("x")]}, Verdict.UNKNOWN, None, "could not be read"),
        ({**HOST, "ALLOWED_HOSTS": [Unknown("x"), "*"]}, Verdict.FAIL, None, "names of others"),
        (
            {"USE_X_FORWARDED_HOST": Unknown("x", variables=("XFH",), type="bool")},
            Verdict.UNKNOWN,
            None,
            "decided by XFH",
        ),
        (
            {"USE_X_FORWARDED_HOST": {"if X": True, "else": False}, "ALLOWED_HOSTS": ["*"]},
            Verdict.CONDITIONAL,
            Severity.MEDIUM,
            "names of others",
        ),
    ],
)
def test_verdicts(
    judged, settings: dict[str, object], verdict: Verdict, severity: Severity | None, words: str
) -> None:
    finding = judged("forwarded-host", settings)
    assert finding.verdict is verdict, finding.message
    assert severity is None or finding.severity is severity
    assert words in finding.message


def test_the_proxy_checks_the_host(judged) -> None:
    settings = {**HOST, "ALLOWED_HOSTS": ["*"]}
    assert judged("forwarded-host", settings, deployment=CHECKED).verdict is Verdict.ELSEWHERE
