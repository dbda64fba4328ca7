"""One walk over the project's directory, and reading files that it found.

Nothing outside the root is read: a link that leads out of it is as good as absent. The walk is
bounded; what it leaves out becomes a note.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from hardango.findings import Note, Place
from hardango.light import Any
from hardango.source import decoded
from hardango.uncommitted import Uncommitted, not_taken

MAX_ENTRIES = 150_000
"""Files and directories that the walk looks at."""

MAX_DEPTH = 24
"""Directories below the root."""

MAX_BYTES = 2_000_000
"""Largest file that is read, in bytes; lock files have `MAX_LOCK_BYTES`."""

MAX_LOCK_BYTES = 16_000_000

SKIPPED = frozenset(
    "node_modules bower_components site-packages dist-packages __pycache__ venv virtualenv "
    "migrations locale LC_MESSAGES htmlcov".split()
)
"""Directories that hold other people's code, or nothing that starts a project."""

HIDDEN_READ = frozenset(
    ".github .envs .env .environments .ebextensions .do .docker .deploy .deployment .k8s .helm "
    ".production .platform .devops .infra .compose .config .local .django".split()
)
"""Hidden directories that can hold deployment files; every other one is skipped."""


class Tree:
    """The files below `root`, each by its path relative to it, with "/" between the parts.

    `product` is the directory of the project that was chosen in it, once it is, `own` the Python
    files that start or configure it, `neighbours` the directories of the other projects;
    `cache` is for what readers do not want to read twice; `placed` are the files that production
    has in another place, by that place; `within` is the directory that the project's own Python may
    read from.
    `files` keeps the order of the walk: shallowest first, by name in each directory.
    """

    def __init__(self, root: str, depth: int = MAX_DEPTH) -> None:
        self.root = root
        self.product = ""
        self.own: tuple[str, ...] = ()
        self.neighbours: tuple[str, ...] = ()
        self.files: dict[str, None] = {}
        self.directories: set[str] = {""}
        self.notes: list[Note] = []
        self.cache: dict[object, Any] = {}
        self.placed: dict[str, str] = {}
        self.within = ""
        self._texts: dict[str, str | None] = {}
        self._links: set[str] = set()
        self._uncommitted_files = Uncommitted(root)
        self._by_name: dict[str, list[str]] | None = None
        self._walk(depth)

    def _walk(self, depth: int) -> None:
        seen = 0
        level = [""]
        for _ in range(depth):
            below: list[str] = []
            for directory in level:
                entries = self._entries(directory)
                seen += len(entries)
                if seen > MAX_ENTRIES:
                    said = f"more than {MAX_ENTRIES} files: what lies deeper was not looked at"
                    self.notes.append(Note(said))
                    return
                below += self._take(directory, entries)
            if not below:
                return
            level = below

    def _entries(self, directory: str) -> list[os.DirEntry[str]]:
        try:
            with os.scandir(os.path.join(self.root, directory)) as found:
                return sorted(found, key=lambda entry: entry.name)
        except OSError as error:
            why = error.strerror or "unreadable"
            self.notes.append(Note(f"the directory could not be read: {why}", _at(directory)))
            return []

    def _take(self, directory: str, entries: list[os.DirEntry[str]]) -> Iterator[str]:
        """Record the entries of one directory; yield the directories to walk into."""
        if directory and any(entry.name == "pyvenv.cfg" for entry in entries):
            return
        prefix = directory + "/" if directory else ""
        for entry in entries:
            name = entry.name
            try:
                name.encode()
                if entry.is_symlink():
                    # A linked directory inside the root is walked where it really is.
                    if entry.is_file() and self.contains(os.path.realpath(entry.path)):
                        self._links.add(prefix + name)
                        self.files[prefix + name] = None
                elif entry.is_dir():
                    if name not in SKIPPED and (name[0] != "." or name in HIDDEN_READ):
                        self.directories.add(prefix + name)
                        yield prefix + name
                elif entry.is_file():
                    if ".env" in prefix + name and self._uncommitted(prefix + name):
                        continue
                    self.files[prefix + name] = None
            except (OSError, UnicodeError):
                continue

    def _uncommitted(self, file: str) -> bool:
        """Whether a file of variables is left out, since git ignores it."""
        if not self._uncommitted_files(file):
            return False
        self.notes.append(Note(not_taken(file), Place(file, 1)))
        return True

    def ignored(self, file: str) -> bool:
        """Whether git ignores a file, and nobody added it all the same."""
        return self._uncommitted_files(file)

    def contains(self, path: str) -> bool:
        """Whether an absolute, resolved path lies inside the root."""
        return path == self.root or path.startswith(self.root.rstrip("/") + "/")

    def named(self, name: str) -> list[str]:
        """The files of that name, shallowest first."""
        if self._by_name is None:
            self._by_name = {}
            for file in self.files:
                self._by_name.setdefault(file.rpartition("/")[2], []).append(file)
        return self._by_name.get(name, [])

    def read(self, file: str, limit: int = MAX_BYTES) -> str | None:
        """The text of a file; None, and a note, if it cannot be read. A byte order mark goes."""
        if file not in self._texts:
            self._texts[file] = self._read(file, limit)
        return self._texts[file]

    def place(self, file: str, source: str) -> None:
        """Let `file` be what `source` is: production has it there."""
        self.placed[file] = source
        self.files[file] = None
        self._texts.pop(file, None)

    def hold(self, file: str, text: str) -> None:
        """Let `file` hold `text`, whatever it holds on the disk."""
        self.files[file] = None
        self._texts[file] = text

    def _read(self, file: str, limit: int) -> str | None:
        file = self.placed.get(file, file)
        if file not in self.files:
            return None
        path = os.path.join(self.root, file)
        if file in self._links and not self.contains(os.path.realpath(path)):
            return None
        try:
            with open(path, "rb") as opened:
                data = opened.read(limit + 1)
        except OSError as error:
            why = error.strerror or "unreadable"
            self.notes.append(Note(f"the file could not be read: {why}", Place(file, 1)))
            return None
        if len(data) > limit:
            self.notes.append(Note(f"the file is larger than {limit} bytes", Place(file, 1)))
            return None
        if data[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return data.decode("utf-16", "replace")
        return decoded(data)

    def inner(self, path: str) -> str:
        """A path without the directories that lead to the chosen project: that it lies in
        examples/ says nothing about the use of its files."""
        start = self.product + "/" if self.product else ""
        if path == self.product:
            return ""
        return path[len(start) :] if path.startswith(start) else path

    def absolute(self, relative: str) -> str:
        return os.path.join(self.root, relative) if relative else self.root

    def relative(self, path: str) -> str | None:
        """An absolute path as one relative to the root; None if it lies outside."""
        path = os.path.normpath(path)
        if path == self.root:
            return ""
        start = self.root.rstrip("/") + "/"
        return path[len(start) :] if path.startswith(start) else None


def join(directory: str, path: str) -> str | None:
    """A relative path as written in a file of `directory`, relative to the root."""
    joined = os.path.normpath(os.path.join(directory, path)) if path else directory
    if joined == ".":
        return ""
    return None if joined.startswith(("../", "/")) or joined == ".." else joined


def holds(directory: str, path: str) -> bool:
    """Whether a directory is the path, or leads to it."""
    return not directory or path == directory or path.startswith(directory + "/")


def parent(file: str) -> str:
    """The directory of a file or directory, "" for the root."""
    return file.rpartition("/")[0]


def _at(directory: str) -> Place:
    return Place(directory or ".", 1)
