"""`hardango_site`: production's settings in a project's own test suite."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from probe_local import ROOT

Tiny = Callable[..., Path]

TESTS = """
def test_a_protection(hardango_site):
    assert hardango_site.refuted("content-type-nosniff") == []
    page = hardango_site.get("/")
    assert page.status == 200
    assert page.get("Strict-Transport-Security") == "max-age=31536000"

def test_a_weakness(hardango_site):
    assert hardango_site.refuted("ssl-redirect") == []

def test_its_settings_are_not_those_of_tests(hardango_site):
    assert "DEBUG = True" in hardango_site.get("/gone/").text
"""


def run(root: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p",
         "hardango.pytest_plugin", "-o", "addopts=", "--rootdir", str(root), *arguments],
        cwd=root, capture_output=True, text=True, timeout=60,
        # Where Hardango is installed, its plugin would be loaded by its name as well.
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1",
             "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    )  # fmt: skip
    return done.stdout + done.stderr


def test_what_does_not_protect_fails_a_test(tiny: Tiny) -> None:
    root = tiny("DEBUG = True", **{"test_security.py": TESTS})
    said = run(root)
    assert "1 failed, 2 passed" in said, said
    assert "ssl-redirect: GET / is answered over plain HTTP with 200" in said


def test_a_project_that_does_not_start_says_why(tiny: Tiny) -> None:
    files = {"test_security.py": TESTS, "tiny/urls.py": "import gone"}
    said = run(tiny(**files))
    assert "hardango: its URLs do not load: ModuleNotFoundError" in said, said


def test_unused_it_loads_nothing(tmp_path: Path) -> None:
    (tmp_path / "test_nothing.py").write_text(
        "import sys\ndef test_nothing():\n"
        "    assert [each for each in sys.modules if each.startswith('hardango.')] == "
        "['hardango.pytest_plugin']\n"
    )
    said = run(tmp_path)
    assert "1 passed" in said, said
