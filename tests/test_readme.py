"""What the README shows is true: its commands work, its outputs are current, its links lead on."""

from __future__ import annotations

import re
import shlex
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]


def commands(program: str) -> list[list[str]]:
    """The commands that the README shows, as words, without comments and redirections."""
    lines = re.findall(rf"^\$ ({program} .*)$", README, re.MULTILINE)
    words = [shlex.split(line, comments=True) for line in lines]
    return [line[: line.index(">")] if ">" in line else line for line in words]


def test_shows_the_two_commands(load_script: Callable[[str], ModuleType]) -> None:
    shown = commands("python3 dev.py")
    assert ["python3", "dev.py", "demo"] in shown
    assert ["python3", "dev.py", "test"] in shown
    assert {line[2] for line in shown} <= set(load_script("dev.py").COMMANDS)


def test_ci_runs_what_the_readme_says_and_nothing_else() -> None:
    lines = (ROOT / ".ci" / "run").read_text(encoding="utf-8").splitlines()
    body = [line for line in lines if line and not line.startswith(("#", "set ", "cd "))]
    assert body == ["exec python3 dev.py test"]


@pytest.mark.skipif(
    Path(sys.prefix) != ROOT / ".venv", reason="outside the environment that dev.py made"
)
def test_the_demo_works(
    load_script: Callable[[str], ModuleType], capfd: pytest.CaptureFixture[str]
) -> None:
    assert load_script("dev.py").demo([]) == 0
    assert "hardango audit examples/shop" in capfd.readouterr().out


@pytest.mark.parametrize("command", commands("hardango"), ids=" ".join)
def test_a_command_works(hardango: Callable[..., Any], tmp_path: Path, command: list[str]) -> None:
    """Run where the example shop is the project, with the files that the command names."""
    shop = ROOT / "examples" / "shop"
    (tmp_path / "production.env").write_text("DJANGO_DEBUG=0\n", encoding="utf-8")
    stand_ins = {
        "path/to/project": str(shop),
        "examples/shop": str(shop),
        "production.env": str(tmp_path / "production.env"),
    }
    ran = hardango(*[stand_ins.get(word, word) for word in command[1:]], cwd=shop)
    assert ran.err == ""
    assert ran.code == (0 if command[1] in ("explain", "settings") else 1)
    assert ran.out


def test_generated_parts_are_current(
    load_script: Callable[[str], ModuleType], capsys: pytest.CaptureFixture[str]
) -> None:
    assert load_script("docs/generate.py").main(["--check"]) == 0, capsys.readouterr().out


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\((?!https?:)([^)#]*)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    missing = [target for target in targets if target and not (page.parent / target).exists()]
    assert not missing
