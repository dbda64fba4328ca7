"""What serves production."""

from __future__ import annotations

import pytest

from hardango.findings import Place, Severity, Verdict
from hardango.project.model import Deployment, EntryPoint


def started(*servers: str | None, role: str = "production", reload: bool = False) -> Deployment:
    return Deployment(
        entry_points=tuple(
            EntryPoint("Dockerfile", role, Place("Dockerfile", line), server=server, reload=reload)
            for line, server in enumerate(servers, 1)
        )
    )


@pytest.mark.parametrize(
    "deployment",
    [
        started("gunicorn"),
        started("uvicorn", "manage.py migrate"),
        started("uwsgi", "celery"),
        started("runserver", role="development"),
        started("runserver", role="any"),
        started("manage.py collectstatic"),
        started(None),
        Deployment(),
    ],
)
def test_fine(judged, deployment: Deployment) -> None:
    finding = judged("development-server", {}, deployment=deployment)
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    ("deployment", "severity", "words"),
    [
        (started("runserver"), Severity.MEDIUM, "starts manage.py runserver in production"),
        (started("gunicorn", "runserver"), Severity.MEDIUM, "runserver"),
        (started("runserver_plus"), Severity.HIGH, "whose debugger runs code"),
        (started("gunicorn", reload=True), Severity.LOW, "is started so that it reloads"),
    ],
)
def test_for_development(judged, deployment: Deployment, severity: Severity, words: str) -> None:
    finding = judged("development-server", {}, deployment=deployment)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, severity)
    assert words in finding.message
    assert finding.place is not None and finding.place.file == "Dockerfile"


def test_whether_there_is_something_to_judge(judged) -> None:
    assert not judged("development-server", {}, deployment=Deployment()).applies
    assert judged("development-server", {}, deployment=started("gunicorn")).applies
