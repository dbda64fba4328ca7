"""No file is ever lost or half-written: a run is killed at every step of the way, and everywhere
in between."""

from __future__ import annotations

import contextlib
import os
import random
import shutil
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardango import replace
from hardango.fix import journal
from hardango.fix.journal import Change
from hardango.replace import CannotWrite

OLD = {"manage.py": b"old manage\n", "site/settings.py": b"old settings\r\n", "site/base.py": b"x"}
NEW = {"manage.py": b"new\n" * 9000, "site/settings.py": b"\xef\xbb\xbfnew", "site/base.py": b""}


@pytest.fixture(autouse=True)
def _state(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return project(tmp_path / "project")


def project(root: Path) -> Path:
    (root / "site").mkdir(parents=True)
    for file, data in OLD.items():
        (root / file).write_bytes(data)
    return root


CHANGES = [Change(file, OLD[file], NEW[file]) for file in OLD]


def contents(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes()
            for path in sorted(root.rglob("*")) if path.is_file()}  # fmt: skip


class TestARun:
    def test_changes_every_file_and_leaves_nothing_else(self, root: Path) -> None:
        journal.apply(str(root), CHANGES)
        assert contents(root) == NEW

    def test_is_taken_back_byte_for_byte(self, root: Path) -> None:
        journal.apply(str(root), CHANGES)
        assert sorted(journal.undo(str(root))) == sorted(OLD)
        assert contents(root) == OLD

    def test_can_be_taken_back_once(self, root: Path) -> None:
        journal.apply(str(root), CHANGES)
        journal.undo(str(root))
        with pytest.raises(CannotWrite, match="nothing to take back"):
            journal.undo(str(root))

    def test_makes_and_takes_back_a_new_file(self, root: Path) -> None:
        journal.apply(str(root), [Change(".env.example", None, b"A=\n")])
        assert (root / ".env.example").read_bytes() == b"A=\n"
        journal.undo(str(root))
        assert contents(root) == OLD

    def test_writes_nothing_if_one_file_is_not_as_it_was_read(self, root: Path) -> None:
        (root / "site/base.py").write_bytes(b"edited meanwhile")
        before = contents(root)
        with pytest.raises(CannotWrite, match=r"site/base\.py was changed in the meantime"):
            journal.apply(str(root), CHANGES)
        assert contents(root) == before

    def test_refuses_a_second_one_at_the_same_time(self, root: Path) -> None:
        with journal.alone(str(root)), pytest.raises(CannotWrite, match="another run"):
            journal.apply(str(root), CHANGES)
        assert contents(root) == OLD

    def test_keeps_the_journal_from_others(self, root: Path) -> None:
        journal.apply(str(root), CHANGES)
        folder = Path(journal.folder_of(str(root)))
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / "journal.json").stat().st_mode) == 0o600

    def test_needs_a_place_for_the_journal(
        self, root: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        (tmp_path / "file").write_text("")
        monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "file"))
        with pytest.raises(CannotWrite, match="XDG_STATE_HOME"):
            journal.apply(str(root), CHANGES)
        assert contents(root) == OLD


class TestAnUndo:
    def test_keeps_what_was_edited_elsewhere_since(self, root: Path) -> None:
        (root / "manage.py").write_bytes(b"1\n2\n3\n4\n5\n6\n")
        change = Change("manage.py", b"1\n2\n3\n4\n5\n6\n", b"1\nTWO\n3\n4\n5\n")
        journal.apply(str(root), [change])
        (root / "manage.py").write_bytes(b"0\n1\nTWO\n3\nfour\n5\n")
        journal.undo(str(root))
        assert (root / "manage.py").read_bytes() == b"0\n1\n2\n3\nfour\n5\n6\n"

    def test_refuses_where_the_same_lines_changed(self, root: Path) -> None:
        journal.apply(str(root), CHANGES)
        (root / "site/base.py").write_bytes(b"mine")
        before = contents(root)
        with pytest.raises(CannotWrite, match=r"site/base\.py:1 was changed since"):
            journal.undo(str(root))
        assert contents(root) == before

    def test_can_be_tried_again_after_that(self, root: Path) -> None:
        journal.apply(str(root), CHANGES)
        (root / "site/base.py").write_bytes(b"mine")
        with pytest.raises(CannotWrite):
            journal.undo(str(root))
        (root / "site/base.py").write_bytes(NEW["site/base.py"])
        journal.undo(str(root))
        assert contents(root) == OLD


class TestWhatAFileIs:
    def test_its_permissions_stay(self, root: Path) -> None:
        (root / "manage.py").chmod(0o751)
        journal.apply(str(root), CHANGES)
        assert stat.S_IMODE((root / "manage.py").stat().st_mode) == 0o751

    @pytest.mark.skipif(os.geteuid() != 0, reason="only root gives files away")
    def test_its_owner_stays(self, root: Path) -> None:
        os.chown(root / "manage.py", 1234, 4321)
        journal.apply(str(root), CHANGES)
        status = (root / "manage.py").stat()
        assert (status.st_uid, status.st_gid) == (1234, 4321)

    def test_a_link_stays_one(self, root: Path) -> None:
        (root / "manage.py").rename(root / "real.py")
        (root / "manage.py").symlink_to("real.py")
        journal.apply(str(root), CHANGES[:1])
        assert (root / "manage.py").is_symlink()
        assert (root / "real.py").read_bytes() == NEW["manage.py"]

    def test_a_link_out_of_the_project_is_refused(self, root: Path, tmp_path: Path) -> None:
        (tmp_path / "theirs.py").write_bytes(OLD["manage.py"])
        (root / "manage.py").unlink()
        (root / "manage.py").symlink_to(tmp_path / "theirs.py")
        with pytest.raises(CannotWrite, match="leads out of the project"):
            journal.apply(str(root), CHANGES)
        assert (tmp_path / "theirs.py").read_bytes() == OLD["manage.py"]

    def test_two_names_stay_one_file(self, root: Path) -> None:
        os.link(root / "manage.py", root / "site/second.py")
        journal.apply(str(root), CHANGES)
        assert (root / "site/second.py").samefile(root / "manage.py")
        assert (root / "site/second.py").read_bytes() == NEW["manage.py"]

    def test_a_second_name_elsewhere_is_refused(self, root: Path, tmp_path: Path) -> None:
        os.link(root / "manage.py", tmp_path / "outside.py")
        with pytest.raises(CannotWrite, match="hard link"):
            journal.apply(str(root), CHANGES)
        assert contents(root) == OLD

    def test_one_that_is_read_only_is_refused(self, root: Path) -> None:
        (root / "site/base.py").chmod(0o444)
        with pytest.raises(CannotWrite, match=r"site/base\.py is read-only"):
            journal.apply(str(root), CHANGES)
        assert contents(root) == OLD

    def test_one_that_cannot_be_replaced_leaves_the_others_as_they_were(
        self, root: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def full(path: str, content: bytes, mode: int | None = None) -> None:
            if path.endswith("base.py" + replace.LEFT_OVER):
                raise OSError(28, "No space left on device")
            real(path, content, mode)

        real = replace.write
        monkeypatch.setattr(replace, "write", full)
        with pytest.raises(CannotWrite, match=r"site/base\.py: No space left on device"):
            journal.apply(str(root), CHANGES)
        assert contents(root) == OLD


# What a killed run leaves, however far it got.

STEPS = ("write", "rename", "unlink", "fsync", "open", "link")

RUN = """
import os, signal, sys
sys.path[:0] = {path!r}
from hardango.fix import journal
from hardango.fix.journal import Change

count, limit = 0, int(sys.argv[2])
def step(event, arguments):
    global count
    if event.startswith(("os.", "open", "fcntl.")):
        count += 1
        if count == limit:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(step)
root = sys.argv[1]
changes = {changes!r}
if sys.argv[3] == "undo":
    journal.undo(root)
else:
    journal.apply(root, [Change(*each) for each in changes])
print(count)
"""


def run(root: Path, limit: int, what: str = "apply", delay: float = 0) -> int:
    """Start a run that kills itself before its system call number `limit`, or that is killed from
    outside after `delay` seconds; its exit code."""
    code = RUN.format(path=sys.path, changes=[tuple(each) for each in CHANGES])
    process = subprocess.Popen([sys.executable, "-c", code, str(root), str(limit), what],
                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    if delay:
        time.sleep(delay)
        process.kill()
    return process.wait(timeout=30)


def whole(root: Path) -> None:
    for file, data in contents(root).items():
        if not file.endswith(replace.LEFT_OVER):
            assert data in (OLD[file], NEW[file]), f"{file} is half-written"
    assert set(OLD) <= set(contents(root))


def limits() -> Iterator[int]:
    yield from range(1, 80)


class TestAKilledRun:
    @pytest.mark.parametrize("what", ["apply", "undo"])
    def test_leaves_each_file_whole_at_every_step(self, tmp_path: Path, what: str) -> None:
        killed = 0
        for limit in limits():
            root = project(tmp_path / f"p{limit}")
            if what == "undo":
                journal.apply(str(root), CHANGES)
            code = run(root, limit, what)
            whole(root)
            if code == 0:
                break
            assert code == -signal.SIGKILL
            killed += 1
            self.put_right(root, what)
        assert killed > 20

    def put_right(self, root: Path, what: str) -> None:
        """The next run completes it, or takes it back, and leaves nothing behind."""
        with contextlib.suppress(CannotWrite):  # there may be nothing to take back
            journal.undo(str(root))
        assert contents(root) == OLD
        journal.apply(str(root), CHANGES)
        assert contents(root) == NEW

    def test_leaves_each_file_whole_at_any_moment(self, tmp_path: Path) -> None:
        """Each run is a process of its own, killed from outside at a random instant; what it waits for
        is only there to make it meet more of these."""
        chance = random.Random(7)
        seen: Counter[str] = Counter()
        root = project(tmp_path / "p")
        for _ in range(KILLS):
            code = killed(root, chance.random() * 0.05)
            now = contents(root)
            whole(root)
            changed = [file for file in OLD if now[file] == NEW[file] != OLD[file]]
            state = ("nothing", "a part", "a part", "everything")[len(changed)]
            seen[state if code else "finished"] += 1
            self.put_right(root, "apply")
            journal.undo(str(root))
        assert sum(seen.values()) == KILLS
        assert {"nothing", "a part"} <= set(seen), seen


KILLS = 200


def killed(root: Path, delay: float) -> int:
    """A process that writes all changes, and is killed after `delay` seconds; 0 if it was done."""
    child = os.fork()
    if child == 0:
        renamed = os.replace

        def slowly(one: str, other: str) -> None:
            time.sleep(0.004)
            renamed(one, other)
            time.sleep(0.004)

        os.replace = slowly  # type: ignore[assignment]
        with contextlib.suppress(BaseException):
            journal.apply(str(root), CHANGES)
        os._exit(0)
    time.sleep(delay)
    os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


@pytest.fixture
def open_path() -> Iterator[Path]:
    """A directory that every user reaches, unlike pytest's own."""
    folder = Path(tempfile.mkdtemp(prefix="journal-"))
    folder.chmod(0o755)
    yield folder
    for path in (folder, *folder.rglob("*")):
        if path.is_dir() and not path.is_symlink():
            path.chmod(0o755)
    shutil.rmtree(folder)


def refused_as_a_user(root: Path, state: Path) -> str:
    """What a user who is not root is told; "" if nothing."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        said = ""
        try:
            if os.geteuid() == 0:
                os.setgid(65534)
                os.setuid(65534)
            os.environ["XDG_STATE_HOME"] = str(state)
            journal.apply(str(root), CHANGES)
        except CannotWrite as error:
            said = str(error)
        except BaseException as error:
            said = f"not caught: {error!r}"
        os.write(writing, said.encode())
        os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with open(reading, encoding="utf-8") as file:
        return file.read()


@pytest.mark.skipif(os.name != "posix", reason="permissions")
class TestWhatCannotBeWritten:
    def lay(self, folder: Path) -> tuple[Path, Path]:
        root, state = project(folder / "project"), folder / "state"
        state.mkdir()
        if os.geteuid() == 0:
            for path in (state, root, *root.rglob("*")):
                os.chown(path, 65534, 65534)
        return root, state

    def test_a_directory_that_is_read_only(self, open_path: Path) -> None:
        root, state = self.lay(open_path)
        (root / "site").chmod(0o555)
        assert "site/settings.py: Permission denied" in refused_as_a_user(root, state)
        assert contents(root) == OLD

    def test_a_file_that_is_read_only(self, open_path: Path) -> None:
        root, state = self.lay(open_path)
        (root / "site/settings.py").chmod(0o400)
        assert "site/settings.py is read-only" in refused_as_a_user(root, state)
        assert contents(root) == OLD

    def test_a_state_directory_that_is_read_only(self, open_path: Path) -> None:
        root, state = self.lay(open_path)
        state.chmod(0o555)
        assert "XDG_STATE_HOME" in refused_as_a_user(root, state)
        assert contents(root) == OLD


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 64 kB of its own."""
    folder = tmp_path / "disk"
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)]
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root mounts a small disk")
    if subprocess.run(command, capture_output=True).returncode:
        pytest.skip("no small disk can be mounted here")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=False)


def fill(disk: Path, leave: int) -> Path:
    """A file that leaves that many bytes free."""
    status = os.statvfs(disk)
    filler = disk / "filler"
    filler.write_bytes(b"x" * max(0, status.f_bavail * status.f_frsize - leave))
    return filler


class TestAFullDisk:
    @pytest.mark.parametrize("leave", [0, 4096, 8192, 32 * 1024])
    def test_of_the_project(self, small_disk: Path, leave: int) -> None:
        root = project(small_disk / "project")
        filler = fill(small_disk, leave)
        with pytest.raises(CannotWrite, match="No space left on device"):
            journal.apply(str(root), CHANGES)
        assert contents(root) == OLD
        filler.unlink()
        journal.apply(str(root), CHANGES)
        assert contents(root) == NEW

    # With one page the journal can be begun, and what was written has to be taken back again.
    @pytest.mark.parametrize("leave", [0, 4096])
    def test_of_the_journal(
        self, small_disk: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, leave: int
    ) -> None:
        monkeypatch.setenv("XDG_STATE_HOME", str(small_disk / "state"))
        root = project(tmp_path / "project")
        filler = fill(small_disk, leave)
        few = CHANGES[1:]
        with pytest.raises(CannotWrite, match="nothing was written"):
            journal.apply(str(root), few)
        assert contents(root) == OLD
        filler.unlink()
        journal.apply(str(root), few)
        assert contents(root) == {**NEW, "manage.py": OLD["manage.py"]}
