"""The task runner: what it lists, what it refuses, when it sets up anew."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest


@pytest.fixture
def dev(load_script: Callable[[str], ModuleType]) -> ModuleType:
    return load_script("dev.py")


def test_lists_every_command(dev: ModuleType, capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main([]) == 0
    listed = capsys.readouterr().out
    for name, command in dev.COMMANDS.items():
        assert f"dev.py {name}" in listed
        assert command.__doc__ in listed


def test_an_unknown_command_is_wrong_use(dev: ModuleType) -> None:
    assert dev.main(["tset"]) == 2


def test_the_checks_go_on_after_a_failure(
    dev: ModuleType, capsys: pytest.CaptureFixture[str]
) -> None:
    def bad(arguments: list[str]) -> int:
        return 1

    def good(arguments: list[str]) -> int:
        return 0

    assert dev.all_of(bad, good) == 1
    assert capsys.readouterr().out.endswith("failed: bad\n")
    assert dev.all_of(good) == 0
    assert "all checks passed" in capsys.readouterr().out


def test_a_changed_lock_file_means_a_new_environment(dev: ModuleType, tmp_path: Path) -> None:
    lock = tmp_path / "dev.txt"
    lock.write_text("a==1")
    before = dev.fingerprint(lock)
    assert dev.fingerprint(lock) == before
    lock.write_text("a==2")
    assert dev.fingerprint(lock) != before


@pytest.mark.parametrize(
    ("said", "usable"),
    [
        ("pip 23.0.1 from /usr/lib/python3/dist-packages/pip (python 3.11)", True),
        ("pip 22.3 from /somewhere (python 3.11)", True),
        ("pip 22.2.2 from /somewhere (python 3.11)", False),
        ("", False),
    ],
)
def test_pip_must_know_how_to_install_elsewhere(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch, said: str, usable: bool
) -> None:
    monkeypatch.setattr(dev.importlib.util, "find_spec", lambda name: object())
    monkeypatch.setattr(
        dev.subprocess,
        "run",
        lambda *args, **more: subprocess.CompletedProcess(args, 0, stdout=said),
    )
    found = dev.outer_pip()
    assert (found is not None) == usable
    if found:
        assert found[-2:] == ["--python", str(dev.PYTHON)]


def test_without_pip_it_says_what_to_install(
    dev: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dev.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="apt install python3-pip"):
        dev.make_venv()
