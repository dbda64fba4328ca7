"""Whose forwarding headers the application server believes."""

from __future__ import annotations

import pytest

from hardango.findings import Place, Verdict
from hardango.project.model import Deployment, Flag, Topology


def told(name: str, value: str | None, topology: Topology = Topology()) -> Deployment:  # noqa: B008
    flag = Flag("gunicorn", name, value, Place("gunicorn.conf.py", 3))
    return Deployment(flags=(flag,), topology=topology)


BEHIND = Topology(tls="proxy", scheme_header="X-Forwarded-Proto")


@pytest.mark.parametrize(
    ("deployment", "verdict", "words"),
    [
        (told("forwarded_allow_ips", "10.0.0.1"), Verdict.PASS, "believes 10.0.0.1"),
        (told("forwarded_allow_ips", "127.0.0.1,::1"), Verdict.PASS, ""),
        (told("forwarded_allow_ips", ""), Verdict.PASS, "nobody"),
        (told("bind", "*"), Verdict.PASS, "No file tells"),
        (Deployment(), Verdict.PASS, "No file tells"),
        (told("forwarded_allow_ips", "*"), Verdict.FAIL, "headers of everybody"),
        (told("forwarded_allow_ips", '"*"'), Verdict.FAIL, "headers of everybody"),
        (told("forwarded_allow_ips", "10.0.0.1, *"), Verdict.FAIL, "headers of everybody"),
        (told("proxy_allow_ips", "*"), Verdict.FAIL, "headers of everybody"),
        (told("forwarded_allow_ips", None), Verdict.UNKNOWN, "could not be read"),
        (told("forwarded_allow_ips", "*", BEHIND), Verdict.ELSEWHERE, "only the proxy reaches it"),
        (told("forwarded_allow_ips", "*", Topology(tls="proxy")), Verdict.FAIL, "everybody"),
    ],
)
def test_verdicts(judged, deployment: Deployment, verdict: Verdict, words: str) -> None:
    finding = judged("server-trust", {}, deployment=deployment)
    assert finding.verdict is verdict, finding.message
    assert words in finding.message
