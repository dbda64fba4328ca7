"""Finds the configuration that counts for a path."""

from __future__ import annotations

import os
from collections.abc import Iterator

from hardango.configuration import BadConfiguration
from hardango.light import TYPE_CHECKING
from hardango.patterns import Pattern

if TYPE_CHECKING:
    from hardango.configuration.model import Configuration

LARGEST = 1_000_000
NAMES = ("hardango.toml", "pyproject.toml")
"""Where a configuration can stand; of two in one directory the first wins."""

_SPEAKS = Pattern(
    r"tool\s*[\"']?\s*\.\s*[\"']?hardango|^\s*(?:tool\s*=|\[\s*[\"']?tool[\"']?\s*\])", 8
)
"""Whether a pyproject.toml can configure hardango: only then it is parsed."""


def find(path: str) -> Configuration | None:
    """The configuration nearest upward from `path`, None if there is none.

    Raises BadConfiguration.
    """
    try:
        start = os.path.realpath(path)
    except (ValueError, OSError):  # such a path, or the current directory, is not there
        return None
    directories = list(_upward(start if os.path.isdir(start) else os.path.dirname(start)))
    for directory in directories:
        found = [(name, text) for name in NAMES
                 if (text := _text(directory, name, directories[-1])) is not None]  # fmt: skip
        if not found:
            continue
        name, text = found[0]
        from hardango.configuration.read import read

        configuration = read(os.path.join(directory, name), text, directories[-1])
        if len(found) > 1:
            from hardango.findings import Note

            said = f"{name} is used; [tool.hardango] in {found[1][0]} beside it is not"
            configuration = configuration._replace(notes=(Note(said),))
        return configuration
    return None


def _upward(start: str) -> Iterator[str]:
    """The directories from `start` up to the repository's root: outside a repository, up to the
    first that looks like the root of a project, or `start` alone."""
    walked = []
    directory = start
    while True:
        walked.append(directory)
        above = os.path.dirname(directory)
        if os.path.lexists(os.path.join(directory, ".git")):
            return iter(walked)
        if above == directory:
            break
        directory = above
    for number, each in enumerate(walked):
        if any(os.path.lexists(os.path.join(each, name)) for name in (*NAMES, "manage.py")):
            return iter(walked[: number + 1])
    return iter(walked[:1])


def _text(directory: str, name: str, root: str) -> str | None:
    """The text of a file that holds a configuration; None if there is none in it."""
    path = os.path.join(directory, name)
    if not os.path.isfile(path) or not inside(path, root):
        return None
    try:
        with open(path, "rb") as opened:
            data = opened.read(LARGEST + 1)
    except OSError as error:
        if name == "pyproject.toml":
            return None
        raise BadConfiguration(
            f"{os.path.relpath(path)}: {error.strerror or 'cannot be read'}"
        ) from None
    if name == "pyproject.toml" and not (
        b"hardango" in data and _SPEAKS.search(data.decode("utf-8", "replace"))
    ):
        return None
    if len(data) > LARGEST:
        said = f"is larger than {LARGEST} bytes: no configuration"
        raise BadConfiguration(f"{os.path.relpath(path)} {said}")
    text = data.decode("utf-8-sig", "replace").replace("\r\n", "\n")
    if name == "pyproject.toml":
        from hardango.configuration.read import table_of

        if table_of(os.path.relpath(path), text, quiet=True) is None:
            return None
    return text


def inside(path: str, root: str) -> bool:
    """Whether a path, links resolved, lies below `root`."""
    return os.path.realpath(path).startswith(root.rstrip(os.sep) + os.sep)
