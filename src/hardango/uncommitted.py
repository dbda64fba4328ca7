"""Which files are here, but not in the repository: git ignores them, and nobody added them all the
same. What such a file says, of variables or of local settings, is true of this machine, and not of
production's.

https://git-scm.com/docs/gitignore. Where it cannot be told for sure, a file counts as committed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator

from hardango.light import NamedTuple

MAX_INDEX, MAX_RULES = 64_000_000, 200_000
"""Bytes of git's index, and of a .gitignore, that are read."""

MOST_STARS = 3
"""How often "**" may stand in a rule that is followed."""


class Rule(NamedTuple):
    """A line of a .gitignore: the parts of its path, whether they begin at its directory, whether
    it means directories only, and whether it takes back what was ignored."""

    parts: tuple[str, ...]
    anchored: bool
    directory: bool
    negated: bool


class Uncommitted:
    """Tells of each file below `root`, which is the top of a repository, whether it is ignored."""

    def __init__(self, root: str) -> None:
        self.root = root
        self._index: bytes | None = None
        self._rules: dict[str, tuple[Rule, ...]] = {}

    def __call__(self, file: str) -> bool:
        """`file` is relative to the root, with "/" between its parts."""
        if self._index is None:
            self._index = _index(self.root)
        # The end of a longer path looks the same: then it counts as committed.
        if not self._index or os.fsencode(file) + b"\0" in self._index:
            return False
        parts = file.split("/")
        ignored = False
        for depth in range(1, len(parts) + 1):
            if depth > 1 and self._is_another(parts[: depth - 1]):
                return False
            ignored = self._ignores(parts[:depth], is_directory=depth < len(parts))
            if ignored and depth < len(parts):
                return True  # nothing below is taken back
        return ignored

    def _is_another(self, parts: list[str]) -> bool:
        """Whether another repository begins there."""
        return os.path.lexists(os.path.join(self.root, *parts, ".git"))

    def _ignores(self, parts: list[str], *, is_directory: bool) -> bool:
        """What the last rule says that fits, of the .gitignore that is nearest."""
        for above in range(len(parts) - 1, -1, -1):
            for rule in reversed(self._rules_in("/".join(parts[:above]))):
                if (is_directory or not rule.directory) and fits(rule, parts[above:]):
                    return not rule.negated
        return False

    def _rules_in(self, directory: str) -> tuple[Rule, ...]:
        if directory not in self._rules:
            path = os.path.join(self.root, directory, ".gitignore")
            text = _bytes(path, MAX_RULES).decode("utf-8", "replace")
            self._rules[directory] = tuple(rules(text))
        return self._rules[directory]


def not_taken(file: str) -> str:
    """What is said of a file that is left out."""
    takes = "" if file.endswith(".py") else f" (--env-file {file} takes it)"
    return (f"{file} is ignored by git, so that production's is another one: what it says is not "
            f"taken{takes}")  # fmt: skip


def rules(text: str) -> Iterator[Rule]:
    """The rules of a .gitignore; those that are not followed ignore nothing."""
    for line in text.splitlines():
        line = line.rstrip(" ")
        if not line or line.startswith("#"):
            continue
        negated = line.startswith("!")
        path = line[1:] if negated else line
        path = path[1:] if path.startswith(("\\#", "\\!")) else path
        directory = path.endswith("/")
        path = path.rstrip("/")
        parts = tuple(part for part in path.split("/") if part)
        if parts and "\\" not in path and parts.count("**") <= MOST_STARS:
            yield Rule(parts, "/" in path, directory, negated)


def fits(rule: Rule, path: list[str]) -> bool:
    """Whether a rule means a path, both from the directory of the .gitignore."""
    if not rule.anchored:
        return _fits(rule.parts, path[-1:])
    return _fits(rule.parts, path)


def _fits(parts: tuple[str, ...], path: list[str]) -> bool:
    if not parts:
        return not path
    if parts[0] == "**":
        least = 1 if len(parts) == 1 else 0  # "a/**" is all that is in a, and not a itself
        return any(_fits(parts[1:], path[start:]) for start in range(least, len(path) + 1))
    # Linear in the length of both, unlike a regular expression made of a stranger's pattern.
    from fnmatch import fnmatchcase

    return bool(path) and fnmatchcase(path[0], parts[0]) and _fits(parts[1:], path[1:])


def _index(root: str) -> bytes:
    """The paths that git has, as its index writes them; b"" if that is not there, or written in a
    way in which a path cannot be looked for."""
    folder = os.path.join(root, ".git")
    if os.path.islink(folder) or os.path.islink(os.path.join(folder, "index")):
        return b""
    data = _bytes(os.path.join(folder, "index"), MAX_INDEX)
    whole = data[:4] == b"DIRC" and data[4:8] in (b"\0\0\0\2", b"\0\0\0\3")
    return data if whole and b"link\0\0\0" not in data else b""


def _bytes(path: str, limit: int) -> bytes:
    """A regular file as bytes, b"" if there is none or it is too long."""
    try:
        if os.path.islink(path) or not os.path.isfile(path) or os.path.getsize(path) > limit:
            return b""
        with open(path, "rb") as opened:
            return opened.read(limit)
    except OSError:
        return b""
