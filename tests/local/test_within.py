"""A project is loaded in its own interpreter and asked there, with a database or without one."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from probe_local import ROOT, reading

from hardango.local.inside import Failed
from hardango.local.launch import Wish, within

pytestmark = pytest.mark.skipif(os.name == "nt", reason="a project is started on Linux and macOS")

ASKED = """
import os

def tables():
    from django.db import connection
    return connection.introspection.table_names()

def apps():
    from django.apps import apps
    return [each.label for each in apps.get_app_configs()]

def ends(code):
    os._exit(code)
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "hardango_asked.py").write_text(ASKED)
    (tmp_path / "left_out.txt").write_text("no Python")
    return tmp_path


def test_its_apps_are_asked_without_a_database(folder: Path) -> None:
    wish = Wish(python=sys.executable)
    with within(reading(ROOT / "examples" / "shop"), wish, [str(folder)], database=False) as run:
        assert "auth" in run.ask("hardango_asked.apps", 20.0)
        assert os.listdir(os.path.join(run.directory, "child")).count("left_out.txt") == 0
        assert not os.path.exists(os.path.join(run.directory, "databases"))
        with pytest.raises(Failed, match="exit code 7"):
            run.ask("hardango_asked.ends", 20.0, code=7)
    assert not os.path.exists(run.directory)


def test_a_database_is_made_by_migrations(folder: Path) -> None:
    wish = Wish(python=sys.executable)
    with within(reading(ROOT / "examples" / "shop"), wish, [str(folder)], database=True) as run:
        assert "auth_user" in run.ask("hardango_asked.tables", 20.0)
        assert run.host == "shop.example"
        with pytest.raises(Failed, match="ModuleNotFoundError"):
            run.ask("hardango_nothing.there", 20.0)
