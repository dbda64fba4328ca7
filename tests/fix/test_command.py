"""`hardango fix` as a user meets it: nothing changes unasked, everything can be taken back."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from fixing import SOUND, lay, read

KEY = "k9m2x8w4" * 8
WEAK = 'SECRET_KEY = "django-insecure-t0ps3cr3t-t0ps3cr3t"\nDEBUG = True\nALLOWED_HOSTS = []\n'


class Ran:
    def __init__(self, done: subprocess.CompletedProcess[str]) -> None:
        self.code, self.out, self.err = done.returncode, done.stdout, done.stderr


def hardango(*arguments: str, answers: str = "") -> Ran:
    command = [sys.executable, "-m", "hardango", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, input=answers, timeout=120)
    return Ran(done)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return lay(tmp_path / "p", {"site/__init__.py": "", "site/settings.py": WEAK + SOUND})


class TestWhatItWrites:
    def test_nothing_without_write(self, root: Path) -> None:
        before = read(root)
        ran = hardango("fix", str(root), "--unsafe")
        assert ran.code == 1
        assert "+SECRET_KEY = os.environ" in ran.out
        assert "hardango fix --write" in ran.out
        assert read(root) == before

    def test_write_and_undo(self, root: Path) -> None:
        before = read(root)
        ran = hardango("fix", str(root), "--unsafe", "--write")
        assert ran.code == 0, ran.out + ran.err
        assert "Changed manage.py, site/settings.py" in ran.out
        assert read(root) != before
        ran = hardango("fix", str(root), "--undo")
        assert (ran.code, ran.out) == (0, "taken back: manage.py, site/settings.py\n")
        assert read(root) == before

    def test_nothing_to_take_back(self, root: Path) -> None:
        ran = hardango("fix", str(root), "--undo")
        assert ran.code == 2
        assert "nothing to take back" in ran.err
        assert "Traceback" not in ran.err

    def test_one_control_only(self, root: Path) -> None:
        hardango("fix", str(root), "--unsafe", "--write", "--control", "debug")
        text = read(root)["site/settings.py"]
        assert "DEBUG = os.environ" in text
        assert "SECRET_KEY = os.environ" not in text

    def test_one_control_gives_no_grade(self, root: Path) -> None:
        assert "Grade" not in hardango("fix", str(root), "--unsafe", "--control", "debug").out

    def test_a_control_that_does_not_exist(self, root: Path) -> None:
        ran = hardango("fix", str(root), "--control", "debgu")
        assert ran.code == 2
        assert "did you mean 'debug'" in ran.err

    def test_a_file_that_is_read_only(self, root: Path) -> None:
        (root / "site/settings.py").chmod(0o444)
        before = read(root)
        ran = hardango("fix", str(root), "--unsafe", "--write")
        assert ran.code == 2
        assert "site/settings.py is read-only" in ran.err
        assert read(root) == before


class TestWhatTheUserHasDecided:
    """What is ignored with a reason, or left out by the configuration, is not mended either."""

    def test_an_ignored_finding_stays(self, tmp_path: Path) -> None:
        text = "SESSION_COOKIE_SECURE = False  # hardango: ignore[session-cookie-secure] behind a VPN\n"
        root = lay(tmp_path / "p", {"site/__init__.py": "", "site/settings.py": text + SOUND})
        ran = hardango("fix", str(root), "--unsafe", "--write")
        assert text in read(root)["site/settings.py"]
        assert "it is ignored: behind a VPN (site/settings.py:1)" in ran.out

    @pytest.mark.parametrize(("control", "ignored", "mended", "after"), [
        # another setting of the same control
        ("upload-limits", "DATA_UPLOAD_MAX_MEMORY_SIZE = None  # hardango: ignore[upload-limits] behind a proxy\n",
         "DATA_UPLOAD_MAX_NUMBER_FIELDS = None\n", "DATA_UPLOAD_MAX_NUMBER_FIELDS = 10000\n"),
        # another case of the same setting
        ("session-age", (
            "SESSION_COOKIE_AGE = 86400 * 365  # hardango: ignore[session-age] behind a proxy\n"
            "import os\nif 'SHOP_KIOSK' not in os.environ:\n"),
         "    SESSION_COOKIE_AGE = 86400 * 400\n", "    SESSION_COOKIE_AGE = 1209600\n"),
    ])  # fmt: skip
    def test_the_rest_of_a_finding_is_mended(
        self, tmp_path: Path, control: str, ignored: str, mended: str, after: str
    ) -> None:
        root = lay(
            tmp_path / "p", {"site/__init__.py": "", "site/settings.py": ignored + mended + SOUND}
        )
        ran = hardango("fix", str(root), "--unsafe", "--write", "--control", control)
        assert read(root)["site/settings.py"] == ignored + after + SOUND, ran.out
        assert "it is ignored: behind a proxy (site/settings.py:1)" in ran.out
        assert "is ignored" not in ran.out.partition("left")[0]
        assert ran.code == 0

    def test_alone_it_gives_no_exit_code(self, tmp_path: Path) -> None:
        text = "SESSION_COOKIE_SECURE = False  # hardango: ignore[session-cookie-secure] behind a VPN\n"
        root = lay(tmp_path / "p", {"site/__init__.py": "", "site/settings.py": text + SOUND})
        assert hardango("fix", str(root), "--control", "session-cookie-secure").code == 0

    def test_an_excluded_control_is_left_out(self, root: Path) -> None:
        (root / "hardango.toml").write_text('exclude = ["debug"]\n')
        ran = hardango("fix", str(root), "--unsafe", "--write")
        assert "DEBUG = True" in read(root)["site/settings.py"]
        assert "debug:" not in ran.out


class TestQuestions:
    def test_each_edit_is_asked_about(self, root: Path) -> None:
        ran = hardango("fix", str(root), "--unsafe", "--interactive", answers="y\nn\nq\n")
        text = read(root)["site/settings.py"]
        assert "DEBUG = os.environ" in text
        assert "SECRET_KEY = os.environ" not in text
        assert "SESSION_COOKIE_SECURE" not in text
        assert ran.out.count("[y]es, [n]o, [e]xplain, [q]uit") == 3

    def test_explain_tells_more_and_asks_again(self, root: Path) -> None:
        ran = hardango("fix", str(root), "--unsafe", "--interactive", answers="e\nq\n")
        assert "debug: Debug mode" in ran.out
        assert ran.out.count("[y]es") == 2

    def test_no_answer_changes_nothing(self, root: Path) -> None:
        before = read(root)
        hardango("fix", str(root), "--unsafe", "--interactive")
        assert read(root) == before


class TestSecrets:
    def test_the_key_is_nowhere_in_the_output(self, root: Path) -> None:
        for arguments in (["--unsafe"], ["--unsafe", "--format", "json"], ["--unsafe", "--write"]):
            ran = hardango("fix", str(root), *arguments)
            assert "t0ps3cr3t" not in ran.out + ran.err

    def test_a_patch_is_whole_and_for_its_owner(self, root: Path, tmp_path: Path) -> None:
        patch = tmp_path / "fix.patch"
        ran = hardango("fix", str(root), "--unsafe", "--patch", str(patch))
        assert "t0ps3cr3t" not in ran.out
        assert patch.stat().st_mode & 0o777 == 0o600
        copy = tmp_path / "copy"
        shutil.copytree(root, copy)
        subprocess.run(["git", "apply", str(patch)], cwd=copy, check=True)
        hardango("fix", str(root), "--unsafe", "--write")
        assert read(copy) == read(root)


class TestGit:
    @pytest.fixture
    def repository(self, root: Path) -> Path:
        git = ["git", "-c", "user.name=a", "-c", "user.email=a@b.example"]
        for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "x"]):
            subprocess.run([*git, *command], cwd=root, check=True)
        return root

    def test_uncommitted_changes_are_not_mixed_in(self, repository: Path) -> None:
        (repository / "manage.py").write_text((repository / "manage.py").read_text() + "# mine\n")
        before = read(repository)
        ran = hardango("fix", str(repository), "--unsafe", "--write")
        assert ran.code == 2
        assert "manage.py has changes that are not committed" in ran.err
        assert read(repository) == before
        ran = hardango("fix", str(repository), "--unsafe", "--write", "--allow-dirty")
        assert ran.code == 0
        assert "# mine" in read(repository)["manage.py"]

    def test_a_repository_cannot_make_git_run_anything(
        self, repository: Path, tmp_path: Path
    ) -> None:
        mark = tmp_path / "ran"
        script = tmp_path / "script"
        script.write_text(f"#!/bin/sh\ntouch {mark}\n")
        script.chmod(0o755)
        for name in ("core.fsmonitor", "core.pager", "core.editor"):
            subprocess.run(["git", "config", name, str(script)], cwd=repository, check=True)
        hardango("fix", str(repository), "--unsafe", "--write")
        assert not mark.exists()


class TestJson:
    def test_it_says_what_it_would_do(self, root: Path) -> None:
        data = json.loads(hardango("fix", str(root), "--unsafe", "--format", "json").out)
        debug = next(each for each in data["fixes"] if each["control"] == "debug")
        assert debug["files"] == ["site/settings.py"]
        assert not debug["safe"]
        assert debug["risks"]
        assert data["written"] == []


class TestStartproject:
    """A project as Django makes it goes to an A, `check --deploy` has nothing to say, and
    `runserver` works as before."""

    @pytest.fixture
    def started(self, tmp_path: Path) -> Path:
        command = [sys.executable, "-m", "django", "startproject", "mysite", str(tmp_path / "new")]
        (tmp_path / "new").mkdir()
        subprocess.run(command, check=True, cwd=tmp_path)
        return tmp_path / "new"

    def test_it_becomes_an_a(self, started: Path) -> None:
        ran = hardango("fix", str(started), "--unsafe", "--write")
        assert "Grade F → A" in ran.out, ran.out + ran.err
        after = json.loads(hardango("audit", str(started), "--format", "json").out)
        assert after["grade"] == "A"

    def test_django_has_nothing_to_say(self, started: Path) -> None:
        hardango("fix", str(started), "--unsafe", "--write")
        done = self.manage(
            started, "check", "--deploy", "--fail-level", "WARNING",
            DJANGO_SECRET_KEY=KEY, DJANGO_ALLOWED_HOSTS="www.example.com",
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
        assert "no issues" in done.stdout

    def test_development_works_with_no_variable_set(self, started: Path) -> None:
        hardango("fix", str(started), "--unsafe", "--write")
        assert self.manage(started, "migrate").returncode == 0
        port = "8791"
        environment = {"PATH": os.environ["PATH"], "PYTHONUNBUFFERED": "1"}
        with subprocess.Popen(
            [sys.executable, "manage.py", "runserver", "--noreload", f"127.0.0.1:{port}"],
            cwd=started, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        ) as server:  # fmt: skip
            try:
                assert "The install worked successfully" in self.page(port)
            finally:
                server.terminate()

    def manage(
        self, root: Path, *arguments: str, **variables: str
    ) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "manage.py", *arguments], cwd=root, text=True, capture_output=True,
            env={"PATH": os.environ["PATH"], **variables}, timeout=60,
        )  # fmt: skip

    def page(self, port: str) -> str:
        for _ in range(100):
            try:
                with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5) as answer:
                    return str(answer.read().decode())
            except urllib.error.URLError:
                time.sleep(0.1)
        return ""
