"""Whether Django still gets security fixes."""

from __future__ import annotations

import pytest

from hardango import support
from hardango.findings import Place, Verdict
from hardango.project.model import Deployment, Package
from hardango.support import DJANGO, ended

AT = Place("requirements.txt", 1)


@pytest.fixture(autouse=True)
def _on_a_day(monkeypatch) -> None:
    monkeypatch.setattr(support, "today", lambda: "2026-11-25")


def pinned(*version: int) -> Package:
    return Package("django", version, f"=={'.'.join(map(str, version))}", AT, True)


def ranged(lowest: tuple[int, ...] | None, below: tuple[int, ...] | None) -> Package:
    return Package("django", None, "a range", AT, lowest=lowest, below=below)


@pytest.mark.parametrize(
    ("package", "series", "verdict", "words"),
    [
        (pinned(6, 1, 3), (6, 1), Verdict.PASS, "gets fixes until 2027-12-31"),
        (pinned(5, 2), (5, 2), Verdict.PASS, "gets fixes until"),
        (ranged((5, 2), (5, 3)), (5, 2), Verdict.PASS, "gets fixes until"),
        (ranged((5, 2), None), (6, 1), Verdict.PASS, "gets fixes until"),
        (pinned(7, 0), (7, 0), Verdict.PASS, "newer than this version of hardango"),
        (pinned(4, 2, 16), (4, 2), Verdict.FAIL, "no security fixes since 2026-04-30"),
        (pinned(1, 4), (1, 4), Verdict.FAIL, "no security fixes"),
        (ranged((3, 2), (4, 0)), (3, 2), Verdict.FAIL, "Django 3.2 has had no security fixes"),
        (ranged((3, 2), None), (6, 1), Verdict.UNKNOWN, "is allowed"),
        (ranged(None, None), (6, 1), Verdict.UNKNOWN, "is allowed"),
        (None, (6, 1), Verdict.UNKNOWN, "No file tells"),
    ],
)
def test_verdicts(
    judged, package: Package | None, series: tuple[int, int], verdict: Verdict, words: str
) -> None:
    deployment = Deployment(django=package)
    finding = judged("django-support", {}, django=series, deployment=deployment)
    assert finding.verdict is verdict, finding.message
    assert words in finding.message


@pytest.mark.parametrize(
    ("series", "date", "end"),
    [
        ((4, 2), "2026-04-30", ""),
        ((4, 2), "2026-05-01", "2026-04-30"),
        ((0, 96), "2026-11-25", DJANGO[1, 8]),
        ((7, 0), "2026-11-25", None),
    ],
)
def test_the_last_day_counts(series: tuple[int, int], date: str, end: str | None) -> None:
    assert ended(DJANGO, series, date) == end
