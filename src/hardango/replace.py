"""Replaces the content of one file, so that whoever looks sees the old file or the new one, whole.

The new content is written to a file beside it, flushed to the disk, given the permissions, owner
and extended attributes of the old one, and renamed over it: rename(2) is atomic. A symbolic link
stays one, its target is replaced. Every other name of the file (a hard link) is made anew for the
new one, if it lies in the same project; a file with a name elsewhere is refused.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator

LEFT_OVER = ".hardango-new"
"""How the name of a file ends that is not yet in its place."""


class CannotWrite(Exception):
    """A file cannot be changed; the text is one clear sentence for the user."""


def check(path: str, root: str) -> None:
    """Raises CannotWrite if `path` should not or cannot be replaced; nothing is written.

    `root` is the absolute directory that nothing leaves.
    """
    real = os.path.realpath(path)
    shown = os.path.relpath(path, root)
    folder = os.path.realpath(root)
    if os.path.commonpath((real, folder)) != folder:
        raise CannotWrite(f"{shown} leads out of the project")
    try:
        status = os.stat(real)
    except FileNotFoundError:
        if not os.path.isdir(os.path.dirname(real)):
            raise CannotWrite(f"{shown}: there is no such directory") from None
        return
    except OSError as error:
        raise CannotWrite(f"{shown}: {error.strerror}") from None
    if not stat.S_ISREG(status.st_mode):
        raise CannotWrite(f"{shown} is no regular file")
    if not status.st_mode & 0o222 or not os.access(real, os.W_OK):
        raise CannotWrite(f"{shown} is read-only")
    if status.st_nlink > 1 and len(_names(status, folder)) < status.st_nlink:
        raise CannotWrite(f"{shown} has a second name (a hard link) outside the project")


def replace(path: str, content: bytes | None, root: str, *, private: bool = False) -> None:
    """Give `path` the `content`, None: no file; a new one that is `private` is for its owner only.
    Raises CannotWrite, and then nothing has changed."""
    check(path, root)
    real = os.path.realpath(path)
    try:
        if content is None:
            os.unlink(real)
        else:
            _replace(real, content, os.path.realpath(root), private)
        flush_folder(os.path.dirname(real))
    except OSError as error:
        shown = os.path.relpath(path, root)
        raise CannotWrite(f"{shown}: {error.strerror or 'cannot be written'}") from None


def _replace(real: str, content: bytes, root: str, private: bool) -> None:
    old = os.stat(real) if os.path.exists(real) else None
    others = _names(old, root) if old is not None and old.st_nlink > 1 else []
    beside = real + LEFT_OVER
    try:
        new = 0o600 if private else None
        write(beside, content, stat.S_IMODE(old.st_mode) if old else new)
        if old is not None:
            _dress(beside, real, old)
        os.replace(beside, real)
        for other in others:
            if other != real:
                os.link(real, beside)
                os.replace(beside, other)
    except BaseException:
        _drop(beside)
        raise


def write(path: str, content: bytes, mode: int | None = None) -> None:
    """A new file with `content`, on the disk when this returns; an older one is written over."""
    _drop(path)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    # Until it has its permissions, it is for nobody else: it may hold a secret.
    opened = os.open(path, flags, 0o600 if mode is not None else 0o666)
    with os.fdopen(opened, "wb") as file:
        file.write(content)
        file.flush()
        if mode is not None and hasattr(os, "fchmod"):
            os.fchmod(file.fileno(), mode)
        os.fsync(file.fileno())


def _dress(path: str, like: str, old: os.stat_result) -> None:
    """Give a new file the owner, permissions and extended attributes of the one that it replaces."""
    new = os.stat(path)
    if hasattr(os, "chown") and (new.st_uid, new.st_gid) != (old.st_uid, old.st_gid):
        os.chown(path, old.st_uid, old.st_gid)
        os.chmod(path, stat.S_IMODE(old.st_mode))  # chown clears setuid bits
    for name in os.listxattr(like) if hasattr(os, "listxattr") else ():
        try:
            os.setxattr(path, name, os.getxattr(like, name))
        except OSError:  # of the system ("security.…"), which sets it by itself
            continue


def _names(status: os.stat_result, root: str) -> list[str]:
    """Every path below `root` that is this very file."""
    return [
        path
        for path in _files(root)
        if (found := _status(path)) and (found.st_dev, found.st_ino) == (status.st_dev, status.st_ino)
    ]  # fmt: skip


def _files(root: str) -> Iterator[str]:
    for folder, _, names in os.walk(root):
        for name in names:
            yield os.path.join(folder, name)


def _status(path: str) -> os.stat_result | None:
    try:
        return os.lstat(path)
    except OSError:
        return None


def _drop(path: str) -> None:
    try:
        os.unlink(path)
    except FileNotFoundError:
        return


def drop_left_over(path: str) -> None:
    """Remove what a run that was killed has left beside `path`."""
    _drop(os.path.realpath(path) + LEFT_OVER)


def flush_folder(folder: str) -> None:
    """Make a rename in `folder` survive a power cut."""
    if os.name != "posix":
        return
    opened = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
