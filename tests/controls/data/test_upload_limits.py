"""Limits on what a request may bring."""

from __future__ import annotations

import pytest

from hardango.findings import Severity, Verdict
from hardango.settings.outcomes import Unknown

BODY, FIELDS, FILES = (
    f"DATA_UPLOAD_MAX_{each}" for each in ("MEMORY_SIZE", "NUMBER_FIELDS", "NUMBER_FILES")
)


@pytest.mark.parametrize(
    ("settings", "django"),
    [
        ({}, (6, 1)),
        ({}, (2, 2)),
        ({}, (1, 8)),
        ({BODY: 50 * 1024 * 1024}, (6, 1)),
        ({FIELDS: 10_000}, (6, 1)),
        ({FILES: 500}, (6, 1)),
        ({FILES: None}, (2, 2)),
        ({FIELDS: Unknown("read from FIELDS", type="int", variables=("FIELDS",))}, (6, 1)),
        ({FIELDS: 10**6}, (6, 1)),
        ({"FILE_UPLOAD_MAX_MEMORY_SIZE": 10 * 1024 * 1024}, (6, 1)),
    ],
)
def test_nothing_to_say(judged, settings: dict[str, object], django: tuple[int, int]) -> None:
    finding = judged("upload-limits", settings, django=django, pedantic=False)
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize("name", [BODY, FIELDS, FILES])
def test_none_is_no_limit(judged, name: str) -> None:
    finding = judged("upload-limits", {name: None}, pedantic=False)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, Severity.LOW)
    assert f"{name} is None" in finding.message


def test_a_large_number_only_on_demand(judged) -> None:
    assert judged("upload-limits", {FIELDS: 10**6}).verdict is Verdict.FAIL


def test_not_known(judged) -> None:
    assert judged("upload-limits", {FIELDS: Unknown("result of x()")}).verdict is Verdict.UNKNOWN


def test_under_a_condition(judged) -> None:
    finding = judged("upload-limits", {BODY: {"if X": None, "else": 2621440}})
    assert (finding.verdict, finding.when) == (Verdict.CONDITIONAL, ("X",))
