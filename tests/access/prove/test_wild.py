"""Views that crash, sleep, recurse, exit or do harm: the run goes on, the cell says why, and nothing
of the user's is touched."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import sys
import time
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
from proving import HERE, Options, claimed, claiming, proved, running

from hardango.matrix import Cell

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="the kernel helps to refuse")

SECONDS = 1.0


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A place of the user's, outside of the project, with a database."""
    folder = tmp_path_factory.mktemp("theirs")
    with sqlite3.connect(folder / "theirs.sqlite3") as theirs:
        theirs.execute("CREATE TABLE things (name TEXT)")
        theirs.execute("INSERT INTO things VALUES ('kept')")
    return folder


@pytest.fixture(scope="module")
def met(ground: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Cell]]:
    """The cells of GET of every wild view, by its name; what was refused under ""."""
    project = tmp_path_factory.mktemp("wild") / "wild"
    shutil.copytree(HERE / "wild", project)
    (project / "db.sqlite3").write_bytes(b"the user's own")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.settimeout(0.1)
        port = str(listening.getsockname()[1])
        with running(project, WILD_ELSEWHERE=str(ground), WILD_PORT=port) as run:
            began = time.monotonic()
            claim = claiming(run.matrix, lambda pattern, method: claimed("anonymous"))
            found = proved(claim, run.inside, Options(seconds=SECONDS))
            assert time.monotonic() - began < 90
            cells = {
                route.pattern.strip("/"): list(route.operations[0].cells) for route in found.routes
            }
            cells["POST"] = [each for route in found.routes for each in route.operations[1].cells
                             if route.pattern == "posts/"]  # fmt: skip
            cells[""] = [Cell("", "", each, "") for each in run.inside.refused()]
            with pytest.raises(TimeoutError):
                listening.accept()
    assert (project / "db.sqlite3").read_bytes() == b"the user's own"
    return cells


# What the cells of GET say, for every role.
SAID = [
    ("calm", "open", 200, ""),
    ("exits", "entered", 0, "it exits (3)"),
    ("dies", "entered", 0, "it ends the process: exit code 7"),
    ("is_killed", "entered", 0, "it ends the process: signal 9"),
    ("kills_its_group", "entered", 0, "it ends the process: signal 9"),
    ("crashes", "entered", 0, "it ends the process: signal 11"),
    ("sleeps", "entered", 0, "no answer within 1 seconds"),
    ("is_deaf", "entered", 0, "no way to stop it"),
    ("swallows_all", "entered", 0, "no way to stop it"),
    ("recurses", "entered", 500, "RecursionError"),
    ("raises", "entered", 500, "RuntimeError: on purpose"),
    ("interrupts", "entered", 0, "KeyboardInterrupt"),
    ("streams", "open", 200, ""),
    ("says_nothing", "entered", 500, "ValueError"),
    ("closes", "entered", 500, ""),
    ("is_durable", "open", 200, ""),
    ("threads", "open", 200, ""),
    ("makes", "open", 200, ""),
    ("finds_what_was_made", "open", 200, ""),
    ("posts", "open", 200, ""),
    ("forks", "open", 200, ""),
    ("sends_mail", "open", 200, ""),
    ("writes_a_file", "entered", 500, "refused"),
    ("writes_a_database", "entered", 500, ""),
    ("runs_a_program", "entered", 500, "refused"),
    ("connects", "entered", 500, "ConnectionRefusedError"),
    ("asks_the_web", "entered", 500, "URLError"),
]


@pytest.mark.parametrize("view, result, status, said", SAID)
def test_what_a_view_does_is_said_and_the_run_goes_on(
    met: dict[str, list[Cell]], view: str, result: str, status: int, said: str
) -> None:
    cells = met[view]
    assert len(cells) == 4
    first = [each for each in cells if "left out" not in each.said]
    assert first
    for each in first:
        assert (each.result, each.status) == (result, status), each
        assert said in each.said


def test_a_body_that_is_not_to_run_never_does(met: dict[str, list[Cell]]) -> None:
    assert [each.result for each in met["POST"]] == ["entered"] * 4
    # A decorator that catches whatever is raised cannot hide that the body began.
    assert {each.result for each in met["caught"]} == {"entered"}


def test_a_gate_that_ends_the_process_is_said_of_the_roles_that_it_ends_it_for(
    met: dict[str, list[Cell]],
) -> None:
    by_role = {each.role: each for each in met["dies_before"]}
    assert by_role["anonymous"].result == by_role["user"].result == "open"
    assert "exit code 11" in by_role["staff"].said
    assert "exit code 11" in by_role["superuser"].said


def test_nothing_of_the_users_is_touched(met: dict[str, list[Cell]], ground: Path) -> None:
    assert sorted(os.listdir(ground)) == ["theirs.sqlite3"]
    with sqlite3.connect(ground / "theirs.sqlite3") as theirs:
        assert theirs.execute("SELECT name FROM things").fetchall() == [("kept",)]
    refused = [each.result for each in met[""]]
    for what in ("write ", "run ", "connect to 127.0.0.1", "connect to example.org"):
        assert any(each.startswith(what) for each in refused), refused
