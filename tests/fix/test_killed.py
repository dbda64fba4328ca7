"""`hardango fix --write` is killed at any moment of its life: no file is lost or half-written."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from fixing import SOUND, lay, read
from test_command import hardango

from hardango.fix.run import undo
from hardango.replace import CannotWrite

SETTINGS = 'SECRET_KEY = "django-insecure-k9m2x8w4q7"\nDEBUG = True\nALLOWED_HOSTS = []\n' + SOUND
ONLY = ("--control", "debug", "--control", "secret-key")
COMMAND = (sys.executable, "-m", "hardango", "fix", "--unsafe", "--write", *ONLY)
KILLS = int(os.environ.get("HARDANGO_KILLS", "12"))
"""How often: HARDANGO_KILLS=200 takes minutes."""

SLOWLY = """\
import os, sys, time
from hardango import replace
renamed = os.replace
def slowly(one, other):
    print("at it", flush=True)
    time.sleep(0.02)
    renamed(one, other)
    time.sleep(0.02)
os.replace = slowly
from hardango.cli import main
sys.exit(main(sys.argv[1:]))
"""
"""The same program, in which the moments that matter are long enough to be met."""


def project(root: Path) -> Path:
    return lay(root, {"site/__init__.py": "", "site/settings.py": SETTINGS})


def files(root: Path) -> dict[str, str]:
    return {name: text for name, text in read(root).items() if not name.endswith(".hardango-new")}


def test_every_file_is_whole_and_the_next_run_puts_things_right(tmp_path: Path) -> None:
    before = files(project(tmp_path / "before"))
    done = project(tmp_path / "done")
    subprocess.run([*COMMAND, str(done)], check=False, capture_output=True)
    after = files(done)
    assert after != before
    moments = random.Random(7)
    seen = set()
    root = project(tmp_path / "killed")
    for _ in range(KILLS):
        with subprocess.Popen(
            [sys.executable, "-c", SLOWLY, *COMMAND[3:], str(root)],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        ) as process:  # fmt: skip
            assert process.stdout is not None
            process.stdout.readline()  # the journal is about to be in its place
            time.sleep(moments.uniform(0, 0.25))
            process.send_signal(signal.SIGKILL)
        now = files(root)
        for name, text in now.items():
            assert text in (before[name], after[name]), name
        seen.add(tuple(now[name] == before[name] for name in sorted(before)))
        with contextlib.suppress(CannotWrite):  # it was killed before it wrote anything
            undo(str(root))
        assert read(root) == before
    assert len(seen) > 1  # it was met before, and in between or after
    subprocess.run([*COMMAND, str(root)], check=False, capture_output=True)
    assert read(root) == after


@pytest.mark.skipif(os.name != "posix", reason="symbolic links")
def test_settings_that_are_a_symbolic_link_stay_one(tmp_path: Path) -> None:
    root = project(tmp_path / "p")
    (root / "site/settings.py").rename(root / "site/real.py")
    (root / "site/settings.py").symlink_to("real.py")
    ran = hardango("fix", str(root), "--unsafe", "--write", *ONLY)
    assert "Changed" in ran.out, ran.out + ran.err
    assert (root / "site/settings.py").is_symlink()
    assert "DEBUG = os.environ" in (root / "site/real.py").read_text()
    hardango("fix", str(root), "--undo")
    assert (root / "site/real.py").read_text() == SETTINGS


def test_settings_that_link_out_of_the_project_are_left(tmp_path: Path) -> None:
    root = project(tmp_path / "p")
    (root / "site/settings.py").rename(tmp_path / "elsewhere.py")
    (root / "site/settings.py").symlink_to(tmp_path / "elsewhere.py")
    ran = hardango("fix", str(root), "--unsafe", "--write", *ONLY)
    assert ran.code == 2
    assert "Traceback" not in ran.err
    assert (tmp_path / "elsewhere.py").read_text() == SETTINGS


def test_two_runs_at_once(tmp_path: Path) -> None:
    root = project(tmp_path / "p")
    runs = [subprocess.Popen([*COMMAND, str(root)], stdout=subprocess.DEVNULL,
                             stderr=subprocess.PIPE, text=True) for _ in range(2)]  # fmt: skip
    said = [run.communicate(timeout=120)[1] for run in runs]
    once = project(tmp_path / "once")
    subprocess.run([*COMMAND, str(once)], check=False, capture_output=True)
    assert read(root) == read(once)
    assert not any("Traceback" in each for each in said)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="gives files away")
def test_a_folder_of_somebody_else_is_told(tmp_path: Path) -> None:
    """Root may write everywhere; the program gives root up first."""
    root = project(tmp_path / "p")
    for path in (root, root / "site"):
        path.chmod(stat.S_IRWXU | stat.S_IRGRP | stat.S_IXGRP | stat.S_IROTH | stat.S_IXOTH)
    code = "import os, sys; os.setuid(65534); from hardango.cli import main; sys.exit(main(sys.argv[1:]))"
    for path in (tmp_path, *tmp_path.parents):
        if path.stat().st_mode & 0o005 != 0o005:
            pytest.skip("nobody else gets here")
    state = tmp_path / "nobody"
    state.mkdir()
    os.chown(state, 65534, 65534)
    ran = subprocess.run(
        [sys.executable, "-c", code, *COMMAND[3:], str(root)], capture_output=True, text=True,
        env={**os.environ, "XDG_STATE_HOME": str(state)}, check=False,
    )  # fmt: skip
    assert ran.returncode == 2, ran.stdout
    assert "is read-only" in ran.stderr
    assert "Traceback" not in ran.stderr
    assert files(root) == files(project(tmp_path / "fresh"))
