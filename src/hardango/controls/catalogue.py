"""Every control, section by section, in the order in which a reader would want to meet them.

A control is one file in the folder of its section, and the file's name is the control's:
`transport/hsts.py` makes `HSTS`, the control `hsts`. Nothing else has to be written down for it
to be found. The controls for a third-party package lie in a folder of `third_party/` that is named
after the module that a project imports; they are loaded, and judged, only where that is used.
A control that is hardening beyond the common need lies in a folder `pedantic/` in there: it is
loaded, and judged, only where such controls are asked for. What no setting decides, and only a
request to a running site can show, lies in `live/`: an audit doesn't load it.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module

from hardango.controls.model import PEDANTIC, Control
from hardango.light import NamedTuple

SECTIONS = {
    "start": "How production starts",
    "transport": "Transport",
    "headers": "Response headers",
    "cookies": "Cookies, sessions and request forgery",
    "authentication": "Authentication and access",
    "data": "Data and services",
    "operations": "Operation, and what leaks",
    "third_party": "Third-party packages",
    "live": "What only a request shows",
}
"""The folders, in reading order, with their titles."""

THIRD_PARTY = "third_party"
LIVE = "live"
_FOLDER = os.path.dirname(__file__)


class Entry(NamedTuple):
    """Where a control is made: its name, its section, the third-party module that it is for ("":
    none), the module that makes it, and whether it is judged on demand only."""

    name: str
    section: str
    package: str
    module: str
    pedantic: bool = False

    def load(self) -> Control:
        """The control itself."""
        made = getattr(import_module(self.module), self.name.replace("-", "_").upper())
        assert isinstance(made, Control)
        return made


@cache
def entries() -> tuple[Entry, ...]:
    """What the folders hold, without loading any of it."""
    found: list[Entry] = []
    for section in SECTIONS:
        if section == THIRD_PARTY:
            for package in _folders(section):
                found += _entries(section, package)
        else:
            found += _entries(section)
    return tuple(found)


def _entries(section: str, package: str = "") -> list[Entry]:
    """The controls of a section or a package, in the order of their names."""
    path = (section, package) if package else (section,)
    files = os.listdir(os.path.join(_FOLDER, *path))
    found = [*_made_by(files, section, package, path)]
    if PEDANTIC in files:
        path = (*path, PEDANTIC)
        files = os.listdir(os.path.join(_FOLDER, *path))
        found += [each._replace(pedantic=True) for each in _made_by(files, section, package, path)]
    return sorted(found, key=lambda each: each.module.rpartition(".")[2])


def _made_by(
    files: list[str], section: str, package: str, path: tuple[str, ...]
) -> Iterator[Entry]:
    for file in files:
        stem, ending = os.path.splitext(file)
        if ending == ".py" and not stem.startswith("_"):
            dotted = ".".join((__package__ or "", *path, stem))
            yield Entry(stem.replace("_", "-"), section, package, dotted)


def _folders(section: str) -> list[str]:
    with os.scandir(os.path.join(_FOLDER, section)) as found:
        return sorted(each.name for each in found if each.is_dir() and each.name[0] != "_")


def names() -> list[str]:
    """The names of all controls."""
    return [each.name for each in entries()]


def catalogue(
    only: Callable[[str], bool] | None = None,
    used: Callable[[str], bool] | None = None,
    *,
    pedantic: bool = True,
    live: bool = True,
) -> list[Control]:
    """The controls whose name satisfies `only`; of those for third-party packages, the ones for
    which `used`, asked for the module to import, says that a project could use it; with those that
    are `pedantic` or `live` or without. By default all."""
    return [
        each.load()
        for each in entries()
        if (pedantic or not each.pedantic)
        and (live or each.section != LIVE)
        and (only is None or only(each.name))
        and (used is None or not each.package or used(each.package))
    ]
