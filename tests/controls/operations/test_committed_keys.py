"""Private keys among the files of a project."""

from __future__ import annotations

import pytest

from hardango.findings import Place, Severity, Verdict
from hardango.project.model import Deployment, KeyFile


def lying(*keys: tuple[str, str]) -> Deployment:
    return Deployment(keys=tuple(KeyFile(kind, Place(file, 1)) for kind, file in keys))


def test_none(judged) -> None:
    assert judged("committed-keys", {}).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("kind", "file", "severity", "words"),
    [
        ("private", "nginx/shop.key", Severity.MEDIUM, "nginx/shop.key is a private key"),
        ("ssh", "deploy/id_rsa", Severity.HIGH, "a private key of SSH"),
        ("service account", "firebase.json", Severity.HIGH, "the key of a service account"),
    ],
)
def test_each_is_told(judged, kind: str, file: str, severity: Severity, words: str) -> None:
    finding = judged("committed-keys", {}, deployment=lying((kind, file)))
    assert (finding.verdict, finding.severity, finding.place) == (
        Verdict.FAIL, severity, Place(file, 1),
    )  # fmt: skip
    assert words in finding.message


def test_many_are_told_together(judged) -> None:
    deployment = lying(*(("private", f"{number}.key") for number in range(9)))
    finding = judged("committed-keys", {}, deployment=deployment)
    assert len(finding.problems) == 6
    assert finding.problems[-1].message == "4 more files are a private key"
