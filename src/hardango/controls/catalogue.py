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

from hardango.controls.model import PEDANTIC, Control
from hardango.light import NamedTuple, module

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
        made = getattr(module(self.module), self.name.replace("-", "_").upper())
        assert isinstance(made, Control)
        return made


def entries(
    used: Callable[[str], bool] | None = None, *, pedantic: bool = True, live: bool = True
) -> Iterator[Entry]:
    """What the folders hold, without loading any of it; of the packages, those that are `used`;
    the pedantic and the live ones too, or not. By default all."""
    for section in SECTIONS:
        if section == LIVE and not live:
            continue
        if section != THIRD_PARTY:
            yield from _entries((section,), section, "", pedantic)
            continue
        for package in sorted(_files(section)):
            if package[0] != "_" and (used is None or used(package)):
                yield from _entries((section, package), section, package, pedantic)


def _entries(path: tuple[str, ...], section: str, package: str, pedantic: bool) -> list[Entry]:
    """The controls of a section or a package, in the order of their names."""
    found = [*_made_by(path, section, package)]
    if pedantic and PEDANTIC in _files(*path):
        inside = _made_by((*path, PEDANTIC), section, package)
        found += [each._replace(pedantic=True) for each in inside]
    return sorted(found, key=lambda each: each.module.rpartition(".")[2])


def _made_by(path: tuple[str, ...], section: str, package: str) -> Iterator[Entry]:
    for file in _files(*path):
        stem, ending = os.path.splitext(file)
        if ending == ".py" and not stem.startswith("_"):
            dotted = ".".join((__package__ or "", *path, stem))
            yield Entry(stem.replace("_", "-"), section, package, dotted)


@cache
def _files(*path: str) -> tuple[str, ...]:
    """What lies in a folder of the catalogue."""
    return tuple(os.listdir(os.path.join(_FOLDER, *path)))


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
        for each in entries(used, pedantic=pedantic, live=live)
        if only is None or only(each.name)
    ]
