"""The recipes of docs/how-to/ci.md fit to what they use, and their commands work."""

from __future__ import annotations

import configparser
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
import yaml

import hardango as package

ROOT = Path(__file__).resolve().parent.parent.parent
SHOP = ROOT / "examples" / "shop"
PAGE = (ROOT / "docs" / "how-to" / "ci.md").read_text(encoding="utf-8")
RECIPES = {
    match[2]: match[0]
    for match in re.finditer(r"(?s)(?<=```)(\w+)\n# ([\w./-]+)\n.*?(?=\n```)", PAGE)
}


def recipe(name: str) -> str:
    return RECIPES[name].partition("\n")[2] + "\n"


def versions(text: str) -> set[str]:
    return set(re.findall(r"[@ ]v(\d+\.\d+\.\d+)\b", text))


def test_there_is_a_recipe_for_each() -> None:
    assert set(RECIPES) == {
        ".github/workflows/hardango.yml", ".gitlab-ci.yml", ".pre-commit-config.yaml", "tox.ini",
        "noxfile.py", "Makefile",
    }  # fmt: skip
    assert versions(PAGE) == {package.__version__}


def test_github() -> None:
    steps = yaml.safe_load(recipe(".github/workflows/hardango.yml"))["jobs"]["audit"]["steps"]
    inputs = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))["inputs"]
    assert steps[1]["uses"].startswith("OWNER/hardango@")
    assert set(steps[1]["with"]) <= set(inputs)
    rows = re.findall(r"(?m)^\| `([a-z-]+)` \| [^|]* \| ([^|]*)\|$", PAGE)
    assert {name for name, _ in rows} == set(inputs)
    for name, said in rows:
        if inputs[name]["default"] and said.strip():
            assert said.strip() == f"`{inputs[name]['default']}`"


def test_gitlab() -> None:
    (include,) = yaml.safe_load(recipe(".gitlab-ci.yml"))["include"]
    spec, _ = yaml.safe_load_all((ROOT / include["file"]).read_text(encoding="utf-8"))
    inputs = spec["spec"]["inputs"]
    assert set(include["inputs"]) <= set(inputs)
    required = {name for name, each in inputs.items() if "default" not in (each or {})}
    assert required <= set(include["inputs"])


def test_pre_commit() -> None:
    (repo,) = yaml.safe_load(recipe(".pre-commit-config.yaml"))["repos"]
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
    assert {each["id"] for each in repo["hooks"]} <= {each["id"] for each in hooks}


# -- what runs a command ---------------------------------------------------------------------------


def test_tox(hardango: Callable[..., Any]) -> None:
    parser = configparser.ConfigParser(interpolation=None)
    parser.read_string(recipe("tox.ini"))
    command = parser["testenv:hardango"]["commands"].replace("{posargs}", "--fail-on never")
    program, *arguments = shlex.split(command)
    assert program == "hardango"
    assert hardango(*arguments, cwd=SHOP).code == 0
    assert hardango(*arguments[:-2], cwd=SHOP).code == 1


def test_nox(monkeypatch: pytest.MonkeyPatch, hardango: Callable[..., Any]) -> None:
    ran: list[Any] = []
    nox = ModuleType("nox")
    nox.session = lambda function: function  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "nox", nox)
    names: dict[str, Any] = {}
    exec(recipe("noxfile.py"), names)
    names["hardango"](SimpleNamespace(
        posargs=["--fail-on", "never"], install=lambda *each: None,
        run=lambda program, *rest: ran.append((program, hardango(*rest, cwd=SHOP).code)),
    ))  # fmt: skip
    assert ran == [("hardango", 0)]


@pytest.fixture
def on_path(tmp_path: Path) -> str:
    script = tmp_path / "bin" / "hardango"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m hardango "$@"\n')
    script.chmod(0o755)
    return f"{script.parent}{os.pathsep}{os.environ['PATH']}"


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
def test_make(tmp_path: Path, on_path: str) -> None:
    folder = tmp_path / "shop"
    shutil.copytree(SHOP, folder)
    (folder / "Makefile").write_text(recipe("Makefile"), encoding="utf-8")
    done = subprocess.run(
        ["make", "hardango"], cwd=folder, capture_output=True, text=True,
        env={"PATH": on_path, "PYTHONPATH": str(ROOT / "src"), "LANG": "C.UTF-8"},
    )  # fmt: skip
    assert "Grade F" in done.stdout
    assert done.returncode == 2  # as make says that a command failed
