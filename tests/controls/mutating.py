"""How a test says what breaks a protection of `tests/projects/hardened`: see `test_mutations`."""

from __future__ import annotations

from typing import NamedTuple

SETTINGS, URLS, WSGI = "config/settings.py", "config/urls.py", "config/wsgi.py"
DOCKER, SERVER, TOPOLOGY = "Dockerfile", "gunicorn.conf.py", "hardango.toml"
PACKAGES = "requirements.txt"


class Mutant(NamedTuple):
    """`old` becomes `new` in `file`; without `old`, `new` is added at its end. `also` are further
    changes that the broken protection takes. A `pedantic` one is reported only on demand. What
    `falls` with the protection is reported, too, by the controls that own it."""

    control: str
    old: str
    new: str = ""
    file: str = SETTINGS
    pedantic: bool = False
    also: tuple[tuple[str, str, str], ...] = ()
    falls: tuple[str, ...] = ()

    @property
    def changes(self) -> tuple[tuple[str, str, str], ...]:
        return ((self.file, self.old, self.new), *self.also)


def without(control: str, line: str, file: str = SETTINGS, *, pedantic: bool = False) -> Mutant:
    """A line is missing."""
    return Mutant(control, line + "\n", "", file, pedantic)


def added(control: str, text: str, file: str = SETTINGS, *, pedantic: bool = False) -> Mutant:
    """Something is said at the end of a file."""
    return Mutant(control, "", text, file, pedantic)


def routed(
    control: str, view: str, arguments: str = "", *, requires: str = "", pedantic: bool = False
) -> Mutant:
    """A class-based view has an address, and its package is installed."""
    module, _, name = view.rpartition(".")
    text = f'from {module} import {name}\n\nurlpatterns += [path("more/", {name}.as_view({arguments}))]'
    more = ((PACKAGES, "", requires),) if requires else ()
    return Mutant(control, "", text, URLS, pedantic, more)


def middleware(name: str) -> str:
    return f'    "{name}",'
