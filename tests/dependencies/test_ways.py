"""The way out: the nearest version without a known hole that everything else allows."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from advisories import Lay, record, write

from hardango import support
from hardango.cli import main

RECORDS = (
    record("PYSEC-1", "django", {"introduced": "0"}, {"fixed": "4.2.15"}, {"introduced": "5.0"}, {"fixed": "5.0.8"}),
    record("PYSEC-2", "django", {"introduced": "4.2.15"}, {"fixed": "4.2.17"}),
    record("PYSEC-3", "endless", {"introduced": "0"}),
)  # fmt: skip


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return write(tmp_path / "all.zip", RECORDS)


@pytest.fixture(autouse=True)
def then(monkeypatch: pytest.MonkeyPatch) -> None:
    """A day on which 4.2 and 5.0 got fixes."""
    monkeypatch.setattr(support, "today", lambda: "2025-01-01")


def lock(version: str, more: str = "") -> str:
    return f'[[package]]\nname = "django"\nversion = "{version}"\ngroups = ["main"]\n{more}'


NEEDS = '[[package]]\nname = "wagtail"\nversion = "2.15"\ngroups = ["main"]\n[package.dependencies]\nDjango = ">=3.2,<4.2"\n'


@pytest.mark.parametrize(
    "files, version, command",
    [
        # 4.2.15 has a hole of its own.
        ({"requirements.txt": "django==4.2.1\n"}, "4.2.17", "write django==4.2.17 in requirements.txt"),
        ({"uv.lock": lock("4.2.1")}, "4.2.17", "uv lock --upgrade-package django==4.2.17"),
        ({"poetry.lock": lock("4.2.1")}, "4.2.17", "poetry update django"),
        ({"pdm.lock": lock("4.2.1")}, "4.2.17", "pdm update django"),
        ({"Pipfile.lock": '{"default": {"django": {"version": "==4.2.1"}}}'}, "4.2.17", "pipenv upgrade django==4.2.17"),
        ({"uv.lock": lock("5.0.1")}, "5.0.8", "uv lock --upgrade-package django==5.0.8"),
        ({"uv.lock": lock("4.2.1"), "pyproject.toml": '[project]\ndependencies = ["django>=5"]\n'}, "5.0.8",
         "uv lock --upgrade-package django==5.0.8"),
        ({"requirements.txt": "endless==1.0\n"}, None, None),
    ],
)  # fmt: skip
def test_ways(
    database: Path, lay: Lay, capsys: pytest.CaptureFixture[str], files: dict[str, str],
    version: str | None, command: str | None,
) -> None:  # fmt: skip
    name = next(iter(files))
    main(["deps", str(lay(files) / name), "--database", str(database), "--format", "json"])
    (package,) = json.loads(capsys.readouterr().out)["packages"]
    assert (package["fix"]["version"], package["fix"]["command"]) == (version, command)


@pytest.mark.parametrize(
    "version, way",
    [("4.0.3", None), ("4.2.1", "4.2.17"), ("5.1.1", "5.2.3")],
)
def test_a_series_without_fixes_is_no_way_out(
    tmp_path: Path, lay: Lay, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch,
    version: str, way: str | None,
) -> None:  # fmt: skip
    """4.1.13 has no hole that was published, since nobody publishes any for it."""
    monkeypatch.setattr(support, "today", lambda: "2026-11-25")
    records = [
        record("PYSEC-1", "django", {"introduced": "4.0"}, {"fixed": "4.1.13"}, {"introduced": "4.2"}, {"fixed": "4.2.17"}),
        *([record("PYSEC-2", "django", {"introduced": "5.1"}, {"fixed": "5.2.3"})] if version == "5.1.1" else []),
    ]  # fmt: skip
    database = write(tmp_path / "all.zip", records)
    root = lay({"requirements.txt": f"django=={version}\n"})
    main(["deps", str(root), "--database", str(database), "--format", "json"])
    (package,) = json.loads(capsys.readouterr().out)["packages"]
    assert package["fix"]["version"] == way
    if way is None:
        assert "5.2 has long-term support until 2028-04-30" in package["fix"]["message"]


@pytest.mark.parametrize(
    "files, blocking",
    [
        ({"uv.lock": lock("4.1"), "pyproject.toml": '[project]\ndependencies = [\n  "Django>=4.1,<4.2",\n]\n'},
         "pyproject.toml:3 asks for >=4.1,<4.2"),
        ({"poetry.lock": lock("4.1"), "pyproject.toml": '[tool.poetry.dependencies]\nDjango = "~4.1"\n'},
         "pyproject.toml:2 asks for ~4.1"),
        ({"poetry.lock": lock("4.1", NEEDS)}, "wagtail 2.15 needs django >=3.2,<4.2"),
        ({"Pipfile.lock": '{"default": {"django": {"version": "==4.1"}}}', "Pipfile": '[packages]\ndjango = "==4.1"\n'},
         "Pipfile:2 asks for ==4.1"),
    ],
)  # fmt: skip
def test_what_stands_in_the_way_is_told(
    database: Path, lay: Lay, capsys: pytest.CaptureFixture[str], files: dict[str, str], blocking: str
) -> None:  # fmt: skip
    name = next(iter(files))
    main(["deps", str(lay(files) / name), "--database", str(database), "--format", "json"])
    package = json.loads(capsys.readouterr().out)["packages"][0]
    assert blocking.lower() in package["fix"]["message"].lower()
    assert "change that, then" in package["fix"]["message"]
