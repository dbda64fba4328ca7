"""`hardango prove PATH` as a user types it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from hardango.cli import main

Tiny = Callable[..., Path]


def test_a_project_is_proven(tiny: Tiny, capsys: pytest.CaptureFixture[str]) -> None:
    root = tiny()
    assert main(["prove", str(root), "--python", sys.executable, "--format", "json",
                 "--control", "content-type-nosniff", "--control", "ssl-redirect"]) == 1  # fmt: skip
    said = json.loads(capsys.readouterr().out)
    seen = {each["control"]: (each["verdict"], each["claim"]) for each in said["proofs"]}
    assert seen["content-type-nosniff"] == ("proven", "pass")
    assert seen["ssl-redirect"] == ("refuted", "fail")
    assert said["server"] == "gunicorn"
    assert said["made_up"] == ["SECRET_KEY"]


WRONG = [
    (["--python", "/nowhere/python"], {}, ["--python /nowhere/python: there is no such program"]),
    ([], {}, ["has no virtual environment", "--python"]),
    (["--python", sys.executable, "--database", "sqlite:///x"], {}, ["--database names a server"]),
    (["--python", sys.executable], {"tiny/urls.py": "raise RuntimeError('out of luck')"},
     ["hardango: its URLs do not load: RuntimeError: out of luck", "tiny/urls.py"]),
    (["--python", sys.executable, "--env", "API_TOKEN=tok-4711-of-the-mine"],
     {"tiny/urls.py": "import os; raise RuntimeError(os.environ['API_TOKEN'])"},
     ["hardango: its URLs do not load: RuntimeError: ***"]),
]  # fmt: skip


@pytest.mark.parametrize("arguments, files, said", WRONG)
def test_what_cannot_be_started_is_one_sentence(
    tiny: Tiny, capsys: pytest.CaptureFixture[str], arguments: list[str], files: dict[str, str],
    said: list[str],
) -> None:  # fmt: skip
    assert main(["prove", str(tiny(**files)), *arguments]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert [each for each in said if each not in shown.err] == [], shown.err
    assert "tok-4711" not in shown.err
