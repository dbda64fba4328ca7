"""Changes files of a project all or none, remembers how they were, and takes the last run back.

Before the first file is touched, the journal holds every file as it was and as it will be. A run
that is killed, or meets a full disk, leaves each file whole, old or new; the journal then says
"writing", and the next run puts the old ones back before it does anything else. A run that went
through leaves it saying "done", for `undo`; an undo that is killed is finished by the next run.

The journal holds what the files held, so it lies in the user's own state directory, readable by
nobody else, and never in the project, where it could be committed or copied into an image.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import json
import os
from collections.abc import Iterator, Sequence

from hardango.fix.merge import Conflict, take_back
from hardango.light import NamedTuple
from hardango.replace import CannotWrite, check, drop_left_over, flush_folder, replace, write

WRITING, DONE, UNDOING = "writing", "done", "undoing"


class Change(NamedTuple):
    """A file of the project, by its path relative to the root: as it was and as it will be; None
    where there is no file. A `private` one is, if it is new, for its owner only."""

    file: str
    old: bytes | None
    new: bytes | None
    private: bool = False


def apply(root: str, changes: Sequence[Change]) -> None:
    """Write all `changes`, or none. Raises CannotWrite, with everything as it was."""
    with alone(root) as folder:
        recover(root, folder)
        _apply(root, folder, WRITING, changes)
        try:
            _save(folder, root, DONE, changes)
        except CannotWrite:  # what can't be taken back must not stay
            recover(root, folder)
            raise


def undo(root: str) -> tuple[str, ...]:
    """Take the last run back; the files that were changed, relative to the root. Edits that were
    made since, in other lines, stay. Raises CannotWrite if there is nothing to take back, or the
    same lines were changed since; then nothing is."""
    with alone(root) as folder:
        recovered = recover(root, folder)
        if recovered:
            return recovered
        _, changes = _load(folder, root)
        if not changes:
            raise CannotWrite("there is nothing to take back: `hardango fix --write` changed "
                              "nothing here, or it was taken back already")  # fmt: skip
        back = [_back(root, change) for change in changes]
        back = [change for change in back if change.old != change.new]
        try:
            _apply(root, folder, UNDOING, back)
        except CannotWrite:
            _save(folder, root, DONE, changes)
            raise
        _forget(folder)
        return tuple(change.file for change in back)


def recover(root: str, folder: str) -> tuple[str, ...]:
    """Put the files back, as they were before it, if a run did not go through; which those were.
    Raises CannotWrite if one of them was changed since by somebody else."""
    state, changes = _load(folder, root)
    if state not in (WRITING, UNDOING):
        return ()
    for change in changes:
        drop_left_over(os.path.join(root, change.file))
        if _content(root, change.file) not in (change.old, change.new):
            raise CannotWrite(
                f"a run was interrupted, and {change.file} has been changed since; what it was "
                f"stands in {os.path.join(folder, 'journal.json')}"
            )
    for change in changes:
        before = change.old if state == WRITING else change.new
        if _content(root, change.file) != before:
            replace(os.path.join(root, change.file), before, root, private=change.private)
    _forget(folder)
    return tuple(change.file for change in changes)


def _apply(root: str, folder: str, state: str, changes: Sequence[Change]) -> None:
    for change in changes:
        check(os.path.join(root, change.file), root)
        if _content(root, change.file) != change.old:
            raise CannotWrite(f"{change.file} was changed in the meantime; nothing was written")
    _save(folder, root, state, changes)
    done: list[Change] = []
    try:
        for change in changes:
            done.append(change)
            replace(os.path.join(root, change.file), change.new, root, private=change.private)
    except CannotWrite:
        for change in reversed(done):
            if _content(root, change.file) != change.old:
                replace(os.path.join(root, change.file), change.old, root, private=change.private)
        _forget(folder)
        raise


def _back(root: str, change: Change) -> Change:
    """The change that takes `change` back from what the file is now."""
    now = _content(root, change.file)
    if now == change.new:
        return change._replace(old=now, new=change.old)
    if now is None or change.new is None or change.old is None:
        raise CannotWrite(f"{change.file} was changed since; nothing was taken back")
    try:
        return change._replace(old=now, new=take_back(change.old, change.new, now))
    except Conflict as conflict:
        raise CannotWrite(
            f"{change.file}:{conflict.line} was changed since by somebody else; nothing was taken "
            "back"
        ) from None


def _content(root: str, file: str) -> bytes | None:
    try:
        with open(os.path.join(root, file), "rb") as opened:
            return opened.read()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise CannotWrite(f"{file}: {error.strerror}") from None


def known(root: str) -> bool:
    """Whether there is something to take back."""
    return os.path.exists(os.path.join(folder_of(root), "journal.json"))


# -- where the journal lies ------------------------------------------------------------------------


def folder_of(root: str) -> str:
    """Where the journal of a project lies."""
    home = os.environ.get("XDG_STATE_HOME") or os.path.join(os.path.expanduser("~"), ".local/state")
    name = hashlib.sha256(os.path.realpath(root).encode("utf-8", "surrogateescape")).hexdigest()
    return os.path.join(home, "hardango", name[:32])


@contextlib.contextmanager
def alone(root: str) -> Iterator[str]:
    """The folder of the journal, while no other run may change this project. Raises CannotWrite
    if one does already."""
    folder = folder_of(root)
    try:
        os.makedirs(folder, mode=0o700, exist_ok=True)
        lock = os.open(os.path.join(folder, "lock"), os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise CannotWrite(
            f"{folder}: {error.strerror}; the journal lies there, XDG_STATE_HOME names another place"
        ) from None
    try:
        if not _locked(lock):
            raise CannotWrite("another run of `hardango fix` is changing this project")
        yield folder
    finally:
        os.close(lock)


def _locked(lock: int) -> bool:
    """Whether this process has the lock now; it ends with the process, however that ends."""
    try:
        if os.name == "nt":
            import msvcrt

            msvcrt.locking(lock, msvcrt.LK_NBLCK, 1)  # type: ignore[attr-defined]
        else:
            import fcntl

            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _save(folder: str, root: str, state: str, changes: Sequence[Change]) -> None:
    held = {
        "schema": 1,
        "root": os.path.realpath(root),
        "state": state,
        "changes": [
            {"file": each.file, "old": _text(each.old), "new": _text(each.new),
             "private": each.private}
            for each in changes
        ],
    }  # fmt: skip
    path = os.path.join(folder, "journal.json")
    try:
        write(path + ".new", json.dumps(held).encode(), 0o600)
        os.replace(path + ".new", path)
        flush_folder(folder)
    except OSError as error:
        raise CannotWrite(f"{path}: {error.strerror}; nothing was written") from None


def _load(folder: str, root: str) -> tuple[str, tuple[Change, ...]]:
    path = os.path.join(folder, "journal.json")
    try:
        with open(path, "rb") as file:
            held = json.load(file)
        changes = tuple(
            Change(
                each["file"], _bytes(each["old"]), _bytes(each["new"]), each.get("private", False)
            )
            for each in held["changes"]
        )
        return str(held["state"]), changes
    except FileNotFoundError:
        return "", ()
    except (OSError, ValueError, KeyError, TypeError):
        raise CannotWrite(
            f"{path} cannot be read; remove it to give up what it remembers"
        ) from None


def _forget(folder: str) -> None:
    with contextlib.suppress(FileNotFoundError):
        os.unlink(os.path.join(folder, "journal.json"))
    flush_folder(folder)


def _text(content: bytes | None) -> str | None:
    return None if content is None else base64.b64encode(content).decode("ascii")


def _bytes(text: str | None) -> bytes | None:
    return None if text is None else base64.b64decode(text, validate=True)
