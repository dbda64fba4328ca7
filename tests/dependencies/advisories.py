"""OSV records for tests, and archives of them."""

from __future__ import annotations

import json
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

Lay = Callable[[Mapping[str, str]], Path]
"""Makes a project of texts by path; its directory."""

ROOT = Path(__file__).resolve().parent.parent.parent
SHARED = ROOT.parent / "shared" / "data" / "osv-pypi-2024-10-10.zip"


PROJECT = {
    "manage.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'site_config.settings')\n",
    "site_config/__init__.py": "",
    "site_config/settings.py": "SECRET_KEY = 'x'\nROOT_URLCONF = 'site_config.urls'\nINSTALLED_APPS = []\n",
    "Dockerfile": "FROM python:3.12\nCOPY . /app\nRUN pip install -r requirements.txt\nCMD gunicorn x\n",
}


def record(
    identity: str,
    name: str,
    *events: Mapping[str, str],
    versions: tuple[str, ...] = (),
    **more: Any,
) -> dict[str, Any]:
    """An OSV record about one package of PyPI."""
    affected: dict[str, Any] = {"package": {"ecosystem": "PyPI", "name": name}}
    if events:
        affected["ranges"] = [{"type": "ECOSYSTEM", "events": list(events)}]
    if versions:
        affected["versions"] = list(versions)
    return {
        "id": identity, "modified": "2026-11-20T00:00:00Z", "published": "2024-08-07T00:00:00Z",
        "summary": f"{name} can be tricked", "affected": [affected], **more,
    }  # fmt: skip


RECORDS = (
    record("GHSA-aaaa", "Django", {"introduced": "4.2"}, {"fixed": "4.2.15"}, aliases=["CVE-2024-1"],
           database_specific={"severity": "CRITICAL"}),
    record("PYSEC-2024-1", "django", {"introduced": "0"}, {"fixed": "4.2.15"}, aliases=["CVE-2024-1"]),
    record("PYSEC-2024-2", "django", {"introduced": "4.2"}, {"last_affected": "4.2.3"},
           aliases=["CVE-2024-2"], severity=[
               {"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N"}]),
    record("PYSEC-2024-3", "pillow", {"introduced": "0"}, {"fixed": "10.3.0"}),
    record("PYSEC-2024-4", "pillow", {"introduced": "0"}, {"fixed": "99"}, withdrawn="2024-09-01T00:00:00Z"),
    record("PYSEC-2024-5", "odd", {"introduced": "0"}, {"fixed": "three"}),
    record("PYSEC-2024-6", "endless", {"introduced": "0"}),
)  # fmt: skip


def write(
    path: Path, records: Iterable[Mapping[str, Any]], *, more: Mapping[str, bytes] = {}
) -> Path:
    """An archive as OSV makes them: a record a file."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as opened:
        for each in records:
            opened.writestr(f"{each['id']}.json", json.dumps(each))
        for name, content in more.items():
            opened.writestr(name, content)
    return path


def laid(root: Path, files: Mapping[str, str]) -> Path:
    """A project of texts by path."""
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")
    return root
