"""The throw-away directory of a proof, and the copy of the project in it.

The project runs from the copy: whatever it writes beside its code, its own directory stays byte
for byte what it was. What holds the user's data is not copied, and what only fills a disk.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from hardango.light import NamedTuple

_LEFT_OUT = frozenset({
    ".git", ".hg", ".svn", "__pycache__", "node_modules", ".venv", "venv", ".tox", ".nox",
    ".mypy_cache", ".pytest_cache", ".ruff_cache", ".idea", ".vscode", ".cache", ".eggs",
    ".terraform", "bower_components", "htmlcov",
})  # fmt: skip
_DATABASES = (".sqlite3", ".sqlite", ".db", ".sqlite3-wal", ".sqlite3-shm", ".sqlite3-journal")
LARGEST = 1 << 30
MOST_FILES = 100_000


class TooLarge(Exception):
    """The project cannot be copied; the text is a sentence."""


class Workplace(NamedTuple):
    """`directory` is private and goes at the end; `copy` the project in it, as its root is."""

    directory: str
    copy: str

    @property
    def fails(self) -> str:
        """The path of the site on which a view of the proof raises, see `hardango_isolation`."""
        return f"/{os.path.basename(self.directory).replace('_', '-')}-fails/"

    def path(self, *parts: str) -> str:
        """A path in the directory, whose parent is there."""
        path = os.path.join(self.directory, *parts)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        return path

    def write(self, name: str, text: str) -> str:
        path = self.path(name)
        with open(path, "w", encoding="utf-8") as opened:
            opened.write(text)
        return path


@contextmanager
def workplace(root: str, placed: Mapping[str, str]) -> Iterator[Workplace]:
    """A throw-away directory with a copy of `root`. `placed` are the files that production has in
    another place: what they are in the repository, by that place.

    Raises TooLarge.
    """
    # A path that is longer than a socket's name may be would fail where it is used as one.
    directory = os.path.realpath(tempfile.mkdtemp(prefix="hardango-"))
    try:
        copy = os.path.join(directory, "project")
        _copy(root, copy)
        for place, source in placed.items():
            there = os.path.join(copy, place)
            here = os.path.join(copy, source)
            if os.path.isfile(here) and not os.path.lexists(there):
                os.makedirs(os.path.dirname(there), exist_ok=True)
                shutil.copy2(here, there)
        for name in ("home", "tmp"):
            os.makedirs(os.path.join(directory, name))
        yield Workplace(directory, copy)
    finally:
        shutil.rmtree(directory, ignore_errors=True)


def _copy(root: str, copy: str) -> None:
    size = count = 0
    for folder, below, names in os.walk(root):
        below[:] = [each for each in below if not _is_left_out(os.path.join(folder, each), each)]
        there = os.path.join(copy, os.path.relpath(folder, root))
        os.makedirs(there, exist_ok=True)
        links = [each for each in below if os.path.islink(os.path.join(folder, each))]
        for name in (*names, *links):
            source = os.path.join(folder, name)
            if os.path.islink(source):
                _copy_link(root, source, copy, os.path.join(there, name))
            elif os.path.isfile(source) and not name.lower().endswith(_DATABASES):
                size, count = size + os.path.getsize(source), count + 1
                if size > LARGEST or count > MOST_FILES:
                    raise TooLarge(
                        f"{root} holds more than {LARGEST >> 30} GB or {MOST_FILES} files: too "
                        "much for the copy in which it would run; name the project's own directory"
                    )
                _copy_file(source, os.path.join(there, name))


def _is_left_out(path: str, name: str) -> bool:
    return name in _LEFT_OUT or os.path.isfile(os.path.join(path, "pyvenv.cfg"))


def _copy_file(source: str, target: str) -> None:
    try:
        shutil.copy2(source, target)
        os.chmod(target, os.stat(target).st_mode | 0o200)
    except PermissionError:
        pass  # What its owner cannot read, production started by that owner cannot read either.


def _copy_link(root: str, source: str, copy: str, target: str) -> None:
    """A link that stays inside leads to the copy; one that leads out leads there still."""
    leads = os.path.realpath(source)
    if leads == root or leads.startswith(root + os.sep):
        leads = os.path.join(copy, os.path.relpath(leads, root))
    os.symlink(leads, target)
