"""Scores, and records that mean the same."""

from __future__ import annotations

import pytest

from hardango import support
from hardango.dependencies import windows
from hardango.dependencies.cvss import base_score, level
from hardango.dependencies.holes import joined
from hardango.dependencies.records import Record
from hardango.findings import Place, Severity
from hardango.inventory import Pin


@pytest.mark.parametrize(
    "vector, score",
    [
        # https://www.first.org/cvss/v3.1/examples, and what the NVD published
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0),
        ("CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1),
        ("CVSS:3.1/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 6.4),
        ("CVSS:3.1/AV:N/AC:H/PR:N/UI:R/S:U/C:L/I:N/A:N", 3.1),
        ("CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", 7.8),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H", 7.5),
        ("CVSS:3.1/AV:P/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 6.8),
        ("CVSS:3.1/AV:A/AC:L/PR:N/UI:N/S:C/C:H/I:N/A:H", 9.3),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0.0),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/E:P/RL:O", 9.8),
        ("CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H", None),
        ("CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", None),
        ("CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", None),
        ("AV:N/AC:L/Au:N/C:P/I:P/A:P", None),
        ("", None),
    ],
)
def test_base_score(vector: str, score: float | None) -> None:
    assert base_score(vector) == score


@pytest.mark.parametrize(
    "score, severity",
    [(0.0, Severity.INFO), (0.1, Severity.LOW), (3.9, Severity.LOW), (4.0, Severity.MEDIUM),
     (6.9, Severity.MEDIUM), (7.0, Severity.HIGH), (8.9, Severity.HIGH), (9.0, Severity.CRITICAL)],
)  # fmt: skip
def test_level(score: float, severity: Severity) -> None:
    assert level(score) is severity


def test_records_that_share_a_name_are_one_hole() -> None:
    events = ((("introduced", "0"), ("fixed", "2")),)
    found = joined([
        Record("PYSEC-1", ("CVE-1",), ranges=events), Record("OTHER-1", (), summary="another"),
        Record("GHSA-1", ("GHSA-2",), word="LOW", summary="a summary"), Record("X-1", ("CVE-1", "GHSA-2")),
    ])  # fmt: skip
    assert [each.ids for each in found] == [
        ("OTHER-1",),
        ("CVE-1", "GHSA-1", "GHSA-2", "PYSEC-1", "X-1"),
    ]
    assert [(each.severity, each.rated) for each in found] == [
        (Severity.HIGH, "not rated"),
        (Severity.LOW, "low"),
    ]
    assert (found[1].summary, found[1].fixed) == ("a summary", ("2",))


@pytest.mark.parametrize(
    "version, existing, said, severity",
    [
        ("4.2.1", (), "no security fixes since 2026-04-30", Severity.MEDIUM),
        ("4.2.1", ("4.2.16", "5.2.1"), "no security fixes since 2026-04-30; 15 patch levels behind 4.2.16", Severity.MEDIUM),
        ("5.2.1", ("5.2.2", "5.2.3a1", "6.0"), "security fixes until 2028-04-30; 1 patch level behind 5.2.2", Severity.INFO),
        ("5.2.2", ("5.2.2",), "security fixes until 2028-04-30", Severity.INFO),
        ("7.0", (), "this version of hardango, of 2026-11-25, does not know the series 7.0", Severity.INFO),
        ("1.4", (), "no security fixes since 2018-04-01", Severity.MEDIUM),
    ],
)  # fmt: skip
def test_django(
    monkeypatch: pytest.MonkeyPatch, version: str, existing: tuple[str, ...], said: str, severity: Severity
) -> None:  # fmt: skip
    monkeypatch.setattr(support, "today", lambda: "2026-11-25")
    found = windows.django(Pin("django", version, Place("x", 1)), existing)
    assert found is not None
    assert (found.said, found.severity) == (said, severity)


@pytest.mark.parametrize(
    "version, date, remedy",
    [
        ("4.2", "2026-11-25", "5.2 has long-term support until 2028-04-30"),
        (
            "6.0",
            "2026-11-25",
            "the next series with long-term support is 6.2, announced for 2027-04",
        ),
        ("5.2", "2026-11-25", ""),
    ],
)
def test_what_comes_next(
    monkeypatch: pytest.MonkeyPatch, version: str, date: str, remedy: str
) -> None:
    monkeypatch.setattr(support, "today", lambda: date)
    found = windows.django(Pin("django", version, Place("x", 1)))
    assert found is not None
    assert found.remedy == remedy


def test_the_tables_say_when_they_are_old(monkeypatch: pytest.MonkeyPatch) -> None:
    assert windows.stale() == "" or support.today() > support.TRUSTED_UNTIL
    monkeypatch.setattr(support, "today", lambda: "2031-01-01")
    assert "take a newer one" in windows.stale()
