"""Whether Python still gets security fixes."""

from __future__ import annotations

import pytest

from hardango import support
from hardango.findings import Place, Verdict
from hardango.project.model import Deployment


@pytest.fixture(autouse=True)
def _on_a_day(monkeypatch) -> None:
    monkeypatch.setattr(support, "today", lambda: "2026-11-25")


@pytest.mark.parametrize(
    ("version", "verdict", "words"),
    [
        ((3, 14), Verdict.PASS, "gets fixes until 2030-10-31"),
        ((3, 11), Verdict.PASS, "gets fixes until"),
        ((3, 16), Verdict.PASS, "newer than this version of hardango"),
        (None, Verdict.PASS, "No file tells"),
        ((3, 10), Verdict.FAIL, "no security fixes since 2026-10-31"),
        ((3, 8), Verdict.FAIL, "no security fixes since 2024-10-07"),
        ((2, 7), Verdict.FAIL, "no security fixes since 2020-01-01"),
    ],
)
def test_verdicts(judged, version: tuple[int, int] | None, verdict: Verdict, words: str) -> None:
    deployment = Deployment(python=version, python_place=Place("Dockerfile", 1))
    finding = judged("python-support", {}, deployment=deployment)
    assert finding.verdict is verdict
    assert words in finding.message
