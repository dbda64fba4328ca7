"""Who the process is in the container."""

from __future__ import annotations

import pytest

from hardango.findings import Place, Verdict
from hardango.project.model import Container, Deployment


@pytest.mark.parametrize(
    ("user", "verdict", "words"),
    [
        ("app", Verdict.PASS, "runs as app"),
        ("1000:1000", Verdict.PASS, "runs as 1000"),
        ("nobody:root", Verdict.PASS, "runs as nobody"),
        ("rootless", Verdict.PASS, "runs as rootless"),
        ("", Verdict.FAIL, "names no USER"),
        ("root", Verdict.FAIL, "USER is root"),
        ("0", Verdict.FAIL, "USER is 0"),
        ("0:1000", Verdict.FAIL, "USER is 0"),
        (None, Verdict.UNKNOWN, "not known"),
    ],
)
def test_verdicts(judged, user: str | None, verdict: Verdict, words: str) -> None:
    at = Place("Dockerfile", 9) if user else None
    container = Container("Dockerfile", user, at, Place("Dockerfile", 1))
    finding = judged("container-user", {}, deployment=Deployment(container=container))
    assert finding.verdict is verdict
    assert words in finding.message
    assert finding.place is not None and finding.place.file == "Dockerfile"


def test_without_an_image_there_is_nothing_to_judge(judged) -> None:
    finding = judged("container-user", {}, deployment=Deployment())
    assert (finding.verdict, finding.applies) == (Verdict.PASS, False)
