"""Permissions of uploaded files."""

from __future__ import annotations

import pytest

from hardango.findings import Severity, Verdict
from hardango.settings.outcomes import Unknown

FILES, DIRECTORIES = "FILE_UPLOAD_PERMISSIONS", "FILE_UPLOAD_DIRECTORY_PERMISSIONS"
TEMPORARY = "FILE_UPLOAD_TEMP_DIR"


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {FILES: 0o644},
        {FILES: 0o640},
        {FILES: 0o664},
        {FILES: None},
        {FILES: 0o755},
        {DIRECTORIES: 0o755},
        {DIRECTORIES: 0o2775},
        {TEMPORARY: "/var/tmp/shop", "MEDIA_ROOT": "/srv/media"},
        {TEMPORARY: "/srv/media-tmp", "MEDIA_ROOT": "/srv/media"},
        {TEMPORARY: "/srv", "MEDIA_ROOT": ""},
    ],
)
def test_nothing_to_say(judged, settings: dict[str, object]) -> None:
    finding = judged("upload-permissions", settings, pedantic=False)
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({FILES: 0o777}, "may write the files"),
        ({FILES: 0o666}, "may write the files"),
        ({DIRECTORIES: 0o777}, "may write the directories"),
        ({FILES: 644}, "is 644 without 0o, which is the mode 0o1204"),
        ({DIRECTORIES: 755}, "without 0o"),
        ({FILES: "0o644"}, "no number"),
        ({TEMPORARY: "/srv/media/tmp", "MEDIA_ROOT": "/srv/media"}, "below MEDIA_ROOT"),
    ],
)
def test_told(judged, settings: dict[str, object], words: str) -> None:
    finding = judged("upload-permissions", settings, pedantic=False)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, Severity.LOW), finding.message
    assert words in finding.message


def test_executable_files_only_on_demand(judged) -> None:
    assert judged("upload-permissions", {FILES: 0o755}).verdict is Verdict.FAIL


def test_not_known(judged) -> None:
    assert judged("upload-permissions", {FILES: Unknown("result of x()")}).verdict is Verdict.UNKNOWN
