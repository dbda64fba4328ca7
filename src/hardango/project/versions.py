"""What files ask a package manager for, and which versions a specifier allows.

https://packaging.python.org/en/latest/specifications/version-specifiers/, and what Poetry adds.
"""

from __future__ import annotations

import re

from hardango.findings import Place
from hardango.light import NamedTuple
from hardango.patterns import Pattern

_CLAUSE = Pattern(r"(===|==|~=|!=|>=|<=|>|<|\^|~|=)?\s*v?(\d+(?:\.\d+)*)(\.\*)?[^\s,]*")


class Requirement(NamedTuple):
    """A package that a file asks for; `exact` if the file locks the version, `use` whether it is
    there in "production", in "development" only, or a "constraint" that installs nothing.

    `marker` is the condition under which it is installed, as PEP 508 writes it, "" for always;
    `origin` where it comes from if not from an index: "git", "address" or "path"."""

    name: str
    specifier: str
    place: Place
    exact: bool = False
    use: str = "production"
    marker: str = ""
    origin: str = ""


class Bounds(NamedTuple):
    """The versions from `lowest` up to, but without, `below`; None where nothing bounds them.
    `exact` if there is only one."""

    lowest: tuple[int, ...] | None = None
    below: tuple[int, ...] | None = None
    exact: bool = False


def normalised(name: str) -> str:
    """https://packaging.python.org/en/latest/specifications/name-normalization/"""
    return re.sub(r"[-_.]+", "-", name).lower()


def numbers(text: str) -> tuple[int, ...]:
    """The numbers of a version: (5, 1, 2) for "5.1.2.post1"."""
    found = re.match(r"\s*v?(\d+(?:\.\d+)*)", text)
    return tuple(int(part) for part in found[1].split(".")[:5]) if found else ()


def bounds(specifier: str) -> Bounds:
    """What a specifier allows. A version that it takes out of the middle (`!=`) is no bound."""
    specifier = specifier.split(";")[0]
    if "@" in specifier or "://" in specifier:
        return Bounds()  # from an address, whatever version lies there
    lowest: tuple[int, ...] | None = None
    below: tuple[int, ...] | None = None
    for operator, text, star in _CLAUSE.findall(specifier):
        if operator == "!=":
            continue
        version = numbers(text)
        if operator in ("==", "===", "=", "") and not star:
            return Bounds(version, (*version, *(0,) * (5 - len(version)), 1), True)
        if operator in ("<", "<="):
            end = version if operator == "<" else (*version, *(0,) * (5 - len(version)), 1)
            below = end if below is None else min(below, end)
            continue
        lowest = version if lowest is None else max(lowest, version)
        end = _end(operator, version, bool(star))
        if end:
            below = end if below is None else min(below, end)
    return Bounds(lowest, below)


def _end(operator: str, version: tuple[int, ...], star: bool) -> tuple[int, ...]:
    """Where the versions end that are compatible with one; () if nowhere."""
    if star:
        return _raised(version, len(version))
    if operator == "~=":
        return _raised(version, max(len(version) - 1, 1))
    if operator == "~":
        return _raised(version, min(len(version), 2))
    if operator == "^":
        first = next((at for at, part in enumerate(version) if part), len(version) - 1)
        return _raised(version, first + 1)
    return ()


def _raised(version: tuple[int, ...], length: int) -> tuple[int, ...]:
    return (*version[: length - 1], version[length - 1] + 1)
