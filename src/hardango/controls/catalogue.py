"""Every control, section by section, in the order in which a reader would want to meet them.

A control is one file in the folder of its section, and the file's name is the control's:
`transport/hsts.py` makes `HSTS`, the control `hsts`. Nothing else has to be written down for it
to be found. The controls for a third-party package lie in a folder of `third_party/` that is named
after the module that a project imports; they are loaded, and judged, only where that is used.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from functools import cache
from importlib import import_module

from hardango.controls.model import Control
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
}
"""The folders, in reading order, with their titles."""

THIRD_PARTY = "third_party"
_FOLDER = os.path.dirname(__file__)


class Entry(NamedTuple):
    """Where a control is made: its name, its section, the third-party module that it is for ("":
    none), and the module that makes it."""

    name: str
    section: str
    package: str
    module: str

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


def _entries(section: str, package: str = "") -> Iterator[Entry]:
    path = (section, package) if package else (section,)
    for file in sorted(os.listdir(os.path.join(_FOLDER, *path))):
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
    only: Callable[[str], bool] | None = None, used: Callable[[str], bool] | None = None
) -> list[Control]:
    """The controls whose name satisfies `only`; of those for third-party packages, the ones for
    which `used`, asked for the module to import, says that a project could use it. By default
    all."""
    return [
        each.load()
        for each in entries()
        if (only is None or only(each.name))
        and (used is None or not each.package or used(each.package))
    ]
