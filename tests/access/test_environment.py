"""Packages are read from the virtual environment that is named, or from the project's own; nothing in
either is run, and what isn't at hand is said.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from hardango.access import static
from hardango.audit import CannotRead, Request, read

PACKAGE = {
    "badges/__init__.py": "raise SystemExit('it was run')\n",
    "badges/views.py": (
        "from django.contrib.auth.decorators import login_required\n"
        "@login_required\ndef mine(request): ...\n"
        "def all_of_them(request): ...\n"
    ),
    "badges/urls.py": (
        "from django.urls import path\nfrom badges import views\n"
        "urlpatterns = [path('mine/', views.mine), path('all/', views.all_of_them)]\n"
    ),
}
SAID = {"badges/mine/": "authenticated", "badges/all/": "anonymous"}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "project"
    written(root, {
        "manage.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'settings')\n",
        "settings.py": "SECRET_KEY = 'x' * 50\nROOT_URLCONF = 'urls'\n",
        "urls.py": (
            "from django.urls import include, path\n"
            "urlpatterns = [path('badges/', include('badges.urls'))]\n"
        ),
    })  # fmt: skip
    return root


def written(root: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)


def said(root: Path, environment: Path | None) -> dict[str, str]:
    reading = read(Request(path=str(root)))
    held = static.libraries(reading, None if environment is None else str(environment))
    return {
        each.pattern: each.unresolved or each.operations[0].reach.value
        for each in static.matrix_of(reading, held).routes
    }


@pytest.mark.parametrize("place", ["lib/python3.12/site-packages", "Lib/site-packages"])
def test_a_named_environment_is_read(root: Path, tmp_path: Path, place: str) -> None:
    written(tmp_path / "elsewhere" / place, PACKAGE)
    assert said(root, tmp_path / "elsewhere") == SAID
    assert said(root, tmp_path / "elsewhere" / place) == SAID
    assert said(root, None) == {"badges/": "the routes of badges.urls are not at hand"}


def test_the_projects_own_is_read_unless_another_is_named(root: Path, tmp_path: Path) -> None:
    written(root / ".venv" / "lib" / "python3.12" / "site-packages", PACKAGE)
    assert said(root, None) == SAID
    (tmp_path / "empty" / "lib" / "python3.12" / "site-packages").mkdir(parents=True)
    assert said(root, tmp_path / "empty") == {
        "badges/": "the routes of badges.urls are not at hand"
    }


def test_what_is_no_environment_is_an_error(root: Path, tmp_path: Path) -> None:
    (tmp_path / "lib").mkdir()
    for path in (tmp_path, tmp_path / "missing", root / "manage.py"):
        with pytest.raises(CannotRead, match="is no virtual environment"):
            said(root, path)
