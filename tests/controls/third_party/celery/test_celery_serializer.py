"""What workers of Celery accept."""

from __future__ import annotations

import pytest

from hardango.findings import Place, Severity, Verdict
from hardango.project.model import Deployment, Package
from hardango.settings.outcomes import Unknown

NAME = "CELERY_ACCEPT_CONTENT"


def with_celery(*version: int) -> Deployment:
    found = Package("celery", version or None, "", Place("requirements.txt", 1))
    return Deployment(packages={"celery": found})


@pytest.mark.parametrize(
    ("settings", "deployment", "verdict"),
    [
        ({}, Deployment(), Verdict.PASS),
        ({}, with_celery(5, 4), Verdict.PASS),
        ({}, with_celery(), Verdict.PASS),
        ({NAME: ["json"]}, Deployment(), Verdict.PASS),
        ({NAME: ["application/json"]}, Deployment(), Verdict.PASS),
        ({NAME: ["json", "yaml"]}, Deployment(), Verdict.PASS),
        ({NAME: {"json", "msgpack"}}, Deployment(), Verdict.PASS),
        ({NAME: "json"}, Deployment(), Verdict.PASS),
        ({"CELERY_TASK_SERIALIZER": "pickle"}, Deployment(), Verdict.PASS),
        ({NAME: ["pickle"]}, Deployment(), Verdict.FAIL),
        ({NAME: ["json", "pickle"]}, with_celery(5, 4), Verdict.FAIL),
        ({NAME: ["application/x-python-serialize"]}, Deployment(), Verdict.FAIL),
        ({NAME: ["json"], "CELERY_RESULT_ACCEPT_CONTENT": ["pickle"]}, Deployment(), Verdict.FAIL),
        ({"BROKER_URL": "redis://localhost"}, with_celery(3, 1), Verdict.FAIL),
        ({NAME: Unknown("x")}, Deployment(), Verdict.UNKNOWN),
        ({NAME: ["json", Unknown("x")]}, Deployment(), Verdict.UNKNOWN),
    ],
)  # fmt: skip
def test_verdicts(judged, settings, deployment: Deployment, verdict: Verdict) -> None:
    finding = judged("celery-serializer", settings, deployment=deployment)
    severity = Severity.LOW if verdict is Verdict.UNKNOWN else Severity.HIGH
    assert (finding.verdict, finding.severity) == (verdict, severity), finding.message


def test_under_a_condition(judged) -> None:
    finding = judged("celery-serializer", {NAME: {"if OLD is set": ["pickle"], "else": ["json"]}})
    assert (finding.verdict, finding.when) == (Verdict.CONDITIONAL, ("OLD is set",))
