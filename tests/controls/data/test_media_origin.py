"""Origin of uploaded files."""

from __future__ import annotations

import pytest

from hardango.controls.catalogue import catalogue
from hardango.findings import Severity, Verdict
from hardango.settings.outcomes import Unknown

FILES = "django.core.files.storage.FileSystemStorage"
HERE = {"MEDIA_URL": "/media/", "MEDIA_ROOT": "/srv/media"}


@pytest.mark.parametrize(
    ("settings", "django", "verdict"),
    [
        ({}, (6, 1), Verdict.PASS),
        ({"MEDIA_URL": "/media/"}, (6, 1), Verdict.PASS),
        ({"MEDIA_ROOT": "/srv/media"}, (6, 1), Verdict.PASS),
        ({**HERE, "MEDIA_URL": "https://usercontent.example/"}, (6, 1), Verdict.PASS),
        ({**HERE, "MEDIA_URL": Unknown("x", prefix="https://")}, (6, 1), Verdict.PASS),
        ({**HERE, "STORAGES": {"default": {"BACKEND": "storages.backends.s3.S3Storage"}}}, (6, 1), Verdict.PASS),
        ({**HERE, "DEFAULT_FILE_STORAGE": "storages.backends.s3.S3Storage"}, (4, 1), Verdict.PASS),
        ({**HERE, "DEFAULT_FILE_STORAGE": "storages.backends.s3.S3Storage"}, (4, 2), Verdict.PASS),
        ({**HERE, "DEFAULT_FILE_STORAGE": "storages.backends.s3.S3Storage"}, (5, 1), Verdict.FAIL),
        (HERE, (6, 1), Verdict.FAIL),
        (HERE, (4, 1), Verdict.FAIL),
        ({**HERE, "STORAGES": {"default": {"BACKEND": FILES}}}, (6, 1), Verdict.FAIL),
        ({**HERE, "MEDIA_URL": Unknown("x")}, (6, 1), Verdict.UNKNOWN),
        ({**HERE, "STORAGES": Unknown("x")}, (6, 1), Verdict.UNKNOWN),
    ],
)  # fmt: skip
def test_verdicts(judged, settings, django: tuple[int, int], verdict: Verdict) -> None:
    finding = judged("media-origin", settings, django=django)
    assert (finding.verdict, finding.severity) == (verdict, Severity.LOW), finding.message


def test_it_is_said_only_on_demand() -> None:
    (control,) = catalogue(lambda name: name == "media-origin")
    assert control.pedantic
