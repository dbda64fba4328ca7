"""Encryption on the way to a bucket."""

from __future__ import annotations

import pytest

from hardango.findings import Severity, Verdict
from hardango.project.model import Deployment
from hardango.settings.outcomes import Unknown

S3 = "storages.backends.s3.S3Storage"
AZURE = "storages.backends.azure_storage.AzureStorage"


def stored(backend: object = S3, /, **options: object) -> dict[str, object]:
    return {"STORAGES": {"default": {"BACKEND": backend, "OPTIONS": options}}}


@pytest.mark.parametrize(
    "settings",
    [
        {},
        stored(),
        stored(verify=None),
        stored(verify="/etc/ca.pem"),
        stored(endpoint_url="https://s3.example.com"),
        stored(endpoint_url="https://s3.example.com", use_ssl=False),
        stored(endpoint_url="http://localhost:9000"),
        stored(endpoint_url="http://minio:9000"),
        stored(endpoint_url="https://localhost:9000", verify=False),
        stored(AZURE),
        stored(AZURE, azure_ssl=True),
        {**stored("django.core.files.storage.FileSystemStorage"), "AWS_S3_VERIFY": False},
        stored(Unknown("x")),
    ],
)
def test_nothing_to_say(judged, settings: dict[str, object]) -> None:
    beside = Deployment(hosts=frozenset(("minio",)))
    finding = judged("bucket-transport", settings, deployment=beside, pedantic=False)
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    ("settings", "severity", "words"),
    [
        ({**stored(), "AWS_S3_USE_SSL": False}, Severity.MEDIUM, "without TLS"),
        (stored(use_ssl=False), Severity.MEDIUM, "without TLS"),
        (stored(verify=False), Severity.MEDIUM, "any certificate"),
        (stored(endpoint_url="https://s3.example.com", verify=False), Severity.MEDIUM, "any cert"),
        (stored(endpoint_url="http://s3.example.com"), Severity.MEDIUM, "without TLS"),
        (stored(endpoint_url="http://10.0.0.4:9000"), Severity.LOW, "private network"),
        ({**stored(AZURE), "AZURE_SSL": False}, Severity.MEDIUM, "azure_ssl"),
        (stored(url_protocol="http:"), Severity.LOW, "visitors load files"),
    ],
)
def test_told(judged, settings: dict[str, object], severity: Severity, words: str) -> None:
    finding = judged("bucket-transport", settings)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, severity), finding.message
    assert words in finding.message


@pytest.mark.parametrize(
    "settings",
    [stored(verify=Unknown("x")), stored(endpoint_url="http://minio:9000"), stored(Unknown("x"))],
)
def test_not_known(judged, settings: dict[str, object]) -> None:
    assert judged("bucket-transport", settings).verdict is Verdict.UNKNOWN
