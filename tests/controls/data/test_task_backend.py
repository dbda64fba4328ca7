"""Backend of background tasks."""

from __future__ import annotations

import pytest

from hardango.findings import Severity, Verdict
from hardango.settings.outcomes import Unknown

BACKENDS = "django.tasks.backends."


def tasks(backend: object) -> dict[str, object]:
    return {"TASKS": {"default": {"BACKEND": backend}}}


@pytest.mark.parametrize(
    ("settings", "django", "verdict"),
    [
        ({}, (6, 1), Verdict.PASS),
        ({}, (5, 2), Verdict.PASS),
        (tasks(f"{BACKENDS}dummy.DummyBackend"), (5, 2), Verdict.PASS),
        (tasks(f"{BACKENDS}immediate.ImmediateBackend"), (6, 1), Verdict.PASS),
        (tasks("django_tasks.backends.database.DatabaseBackend"), (6, 1), Verdict.PASS),
        ({"TASKS": {}}, (6, 1), Verdict.PASS),
        (tasks(f"{BACKENDS}dummy.DummyBackend"), (6, 0), Verdict.FAIL),
        (tasks(Unknown("x")), (6, 1), Verdict.UNKNOWN),
    ],
)
def test_verdicts(judged, settings, django: tuple[int, int], verdict: Verdict) -> None:
    finding = judged("task-backend", settings, django=django, pedantic=False)
    assert (finding.verdict, finding.severity) == (verdict, Severity.LOW), finding.message


def test_tasks_that_requests_wait_for_only_on_demand(judged) -> None:
    assert "waits for its tasks" in judged("task-backend", {}).message
