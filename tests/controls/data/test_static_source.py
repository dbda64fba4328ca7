"""Directories of static files."""

from __future__ import annotations

import pytest

from hardango.findings import Severity, Verdict
from hardango.settings.evaluate import evaluate
from hardango.settings.outcomes import Settings, Unknown

PATH = "/srv/shop/config/settings.py"


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"STATIC_ROOT": None},
        {"STATIC_ROOT": ""},
        {"STATIC_ROOT": "/srv/shop/staticfiles"},
        {"STATIC_ROOT": "/srv/shop/config/static"},
        {"STATICFILES_DIRS": ["/srv/shop/static"]},
        {"STATICFILES_DIRS": [("vendor", "/srv/shop/node_modules")]},
        {"STATICFILES_DIRS": []},
        {"STATICFILES_DIRS": ["/srv/shopping"]},
    ],
)
def test_nothing_to_say(judged, values: dict[str, object]) -> None:
    finding = judged("static-source", Settings.of(values, path=PATH))
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    ("values", "words"),
    [
        ({"STATIC_ROOT": "/srv/shop"}, "STATIC_ROOT has the project"),
        ({"STATIC_ROOT": "/srv/shop/config/"}, "STATIC_ROOT has the project"),
        ({"STATICFILES_DIRS": ["/srv/shop"]}, "its source is collected"),
        ({"STATICFILES_DIRS": ["/srv/static", ("x", "/srv")]}, "its source is collected"),
    ],
)
def test_told(judged, values: dict[str, object], words: str) -> None:
    finding = judged("static-source", Settings.of(values, path=PATH))
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, Severity.HIGH), finding.message
    assert words in finding.message


@pytest.mark.parametrize(
    "values",
    [
        {"STATIC_ROOT": Unknown("x")},
        {"STATICFILES_DIRS": Unknown("x")},
        {"STATICFILES_DIRS": [Unknown("x")]},
        {"STATIC_ROOT": "/app"},
        {"STATICFILES_DIRS": ["/usr/src/app/"]},
    ],
)
def test_not_known(judged, values: dict[str, object]) -> None:
    finding = judged("static-source", Settings.of(values, path=PATH))
    assert (finding.verdict, finding.severity) == (Verdict.UNKNOWN, Severity.LOW)


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        ("STATICFILES_DIRS = [BASE_DIR]", Verdict.FAIL),
        ('STATICFILES_DIRS = [BASE_DIR / "static"]', Verdict.PASS),
        ('STATIC_ROOT = BASE_DIR / "config" / ".."', Verdict.FAIL),
    ],
)
def test_paths_of_a_project(judged, tmp_path, line: str, verdict: Verdict) -> None:
    (tmp_path / "config").mkdir()
    head = "from pathlib import Path\nBASE_DIR = Path(__file__).resolve().parent.parent\n"
    (tmp_path / "config" / "settings.py").write_text(head + line + "\n")
    root = str(tmp_path)
    finding = judged("static-source", evaluate("config.settings", root=root, import_roots=(root,)))
    assert finding.verdict is verdict, finding.message
