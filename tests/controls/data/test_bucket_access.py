"""Access to uploads in a bucket."""

from __future__ import annotations

import pytest

from hardango.findings import Severity, Verdict
from hardango.settings.evaluate import evaluate
from hardango.settings.outcomes import Unknown

S3 = "storages.backends.s3.S3Storage"
GS = "storages.backends.gcloud.GoogleCloudStorage"
FILES = "django.core.files.storage.FileSystemStorage"


def stored(backend: object = S3, alias: str = "default", /, **options: object) -> dict[str, object]:
    return {"STORAGES": {alias: {"BACKEND": backend, "OPTIONS": options}}}


@pytest.mark.parametrize(
    ("settings", "django"),
    [
        ({}, (6, 1)),
        ({}, (4, 1)),
        (stored(FILES), (6, 1)),
        (stored(S3), (6, 1)),
        (stored(S3, default_acl=None), (6, 1)),
        (stored(S3, default_acl="private"), (6, 1)),
        (stored(S3, "staticfiles", default_acl="public-read"), (6, 1)),
        ({**stored(S3, default_acl=None), "AWS_DEFAULT_ACL": "public-read"}, (6, 1)),
        ({**stored(S3), "AWS_DEFAULT_ACL": None}, (6, 1)),
        ({**stored(FILES), "AWS_DEFAULT_ACL": "public-read"}, (6, 1)),
        ({**stored(GS), "AWS_DEFAULT_ACL": "public-read"}, (6, 1)),
        ({**stored(S3), "AWS_QUERYSTRING_AUTH": False}, (6, 1)),
        (stored("storages.backends.azure_storage.AzureStorage"), (6, 1)),
        ({"DEFAULT_FILE_STORAGE": S3, "AWS_DEFAULT_ACL": "public-read"}, (5, 1)),
    ],
)
def test_nothing_to_say(judged, settings: dict[str, object], django: tuple[int, int]) -> None:
    finding = judged("bucket-access", settings, django=django, pedantic=False)
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    ("settings", "django", "severity", "words"),
    [
        (stored(S3, default_acl="public-read"), (6, 1), Severity.LOW, "everybody can read"),
        (stored(S3, default_acl="public-read-write"), (6, 1), Severity.HIGH, "everybody can change"),
        ({**stored(S3), "AWS_DEFAULT_ACL": "public-read"}, (6, 1), Severity.LOW, "STORAGES['default']"),
        ({**stored(GS), "GS_DEFAULT_ACL": "publicRead"}, (6, 1), Severity.LOW, "everybody can read"),
        ({"DEFAULT_FILE_STORAGE": S3, "AWS_DEFAULT_ACL": "public-read"}, (4, 1), Severity.LOW, "everybody"),
        (stored(S3, default_acl="authenticated-read"), (6, 1), Severity.LOW, "every customer"),
    ],
)  # fmt: skip
def test_told(judged, settings, django, severity: Severity, words: str) -> None:
    finding = judged("bucket-access", settings, django=django, pedantic=False)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, severity), finding.message
    assert words in finding.message


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (stored(S3, querystring_auth=False, file_overwrite=False), "never end"),
        (stored(S3), "file_overwrite"),
    ],
)
def test_only_on_demand(judged, settings: dict[str, object], words: str) -> None:
    assert words in judged("bucket-access", settings).message


@pytest.mark.parametrize(
    "settings",
    [{"STORAGES": Unknown("x")}, stored(Unknown("x")), stored(S3, default_acl=Unknown("x"), file_overwrite=False)],
)
def test_not_known(judged, settings: dict[str, object]) -> None:
    assert judged("bucket-access", settings).verdict is Verdict.UNKNOWN


def test_under_a_condition(judged) -> None:
    acl = {"if ACL is unset": "public-read", "else": None}
    finding = judged("bucket-access", {**stored(S3), "AWS_DEFAULT_ACL": acl}, pedantic=False)
    assert (finding.verdict, finding.when) == (Verdict.CONDITIONAL, ("ACL is unset",))


@pytest.mark.parametrize(
    ("body", "verdict"),
    [('default_acl = "private"', Verdict.UNKNOWN), ("location = 'x'", Verdict.FAIL)],
)
def test_a_class_of_the_project(judged, tmp_path, body: str, verdict: Verdict) -> None:
    (tmp_path / "storage.py").write_text(
        f"from storages.backends.s3boto3 import S3Boto3Storage\nclass Media(S3Boto3Storage):\n    {body}\n"
    )
    (tmp_path / "production.py").write_text(
        "STORAGES = {'default': {'BACKEND': 'storage.Media'}}\nAWS_DEFAULT_ACL = 'public-read'\n"
    )
    root = str(tmp_path)
    settings = evaluate("production", root=root, import_roots=(root,))
    assert judged("bucket-access", settings, pedantic=False).verdict is verdict
