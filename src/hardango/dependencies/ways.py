"""The way out: the nearest version without a known hole that everything else allows, as a command in
the words of the project's own package manager."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence

from hardango.dependencies import windows
from hardango.dependencies.holes import nearest_safe
from hardango.dependencies.records import Record, fixes
from hardango.dependencies.subject import Subject
from hardango.inventory import Judged, Pin, Way
from hardango.light import Any, NamedTuple
from hardango.project.python_entry import Sources
from hardango.project.requirements import read_requirements
from hardango.project.tree import MAX_LOCK_BYTES, Tree
from hardango.project.versions import bounds, normalised, numbers

_MANIFESTS = {"Pipfile.lock": "Pipfile", "uv.lock": "pyproject.toml", "poetry.lock": "pyproject.toml",
              "pdm.lock": "pyproject.toml", "pylock.toml": "pyproject.toml"}  # fmt: skip
"""What a lock file is made from."""


class Limit(NamedTuple):
    """Which versions of a package something else allows: a specifier, and who says so."""

    specifier: str
    said: str


def ways(
    judged: Iterable[Judged], published: Mapping[str, Sequence[Record]], subject: Subject
) -> list[Judged]:
    """Each package that has a hole with its way out."""
    found = list(judged)
    if not any(each.vulnerable for each in found):
        return found
    limits = _limits(subject)
    return [
        each._replace(way=_way(each, records, subject, limits.get(each.pin.name, ())))
        if each.vulnerable and (records := published.get(each.pin.name)) else each
        for each in found
    ]  # fmt: skip


def _way(each: Judged, records: Sequence[Record], subject: Subject, limits: Sequence[Limit]) -> Way:
    pin = each.pin
    existing = each.release.versions if each.release is not None else ()
    candidates = list(existing) or [text for record in records for text in fixes(record)]
    fitting = [each for each in candidates if not _blocking(each, limits)]
    version = nearest_safe(pin, records, fitting) if fitting else ""
    if version:
        command = upgrade(subject.manager, pin, version)
        return Way(version, command, f"{pin.name} {version} has none of them: {command}")
    version = nearest_safe(pin, records, candidates) if candidates else ""
    if not version and pin.name == "django":
        said = "No patch level of a supported series without them is known here"
        return Way(said=f"{said}; {windows.ahead(pin)}.")
    if not version:
        return Way(
            said="No version without a known hole is out: replace it, or ignore it with a reason."
        )
    command = upgrade(subject.manager, pin, version)
    blocking = " and ".join(each.said for each in _blocking(version, limits)[:2])
    return Way(version, command, f"{pin.name} {version} has none of them, but {blocking}: change that, "
               f"then {command}")  # fmt: skip


def upgrade(manager: str, pin: Pin, version: str) -> str:
    """The command that installs another version, in the manager's own words."""
    name = pin.name
    return {
        "uv": f"uv lock --upgrade-package {name}=={version}",
        "poetry": f"poetry update {name}",
        "pdm": f"pdm update {name}",
        "pipenv": f"pipenv upgrade {name}=={version}",
        "environment": f"pip install {name}=={version}",
    }.get(manager, f"write {name}=={version} in {pin.place.file}")


# -- what else allows ------------------------------------------------------------------------------


def _blocking(version: str, limits: Iterable[Limit]) -> list[Limit]:
    """The limits that a version does not keep."""
    return [each for each in limits if not _allows(each.specifier, version)]


def _allows(specifier: str, version: str) -> bool:
    within, at = bounds(specifier), (*numbers(version), 0, 0, 0, 0, 0)[:6]
    if within.lowest is not None and at < (*within.lowest, 0, 0, 0, 0, 0)[:6]:
        return False
    return within.below is None or at < within.below


def _limits(subject: Subject) -> dict[str, list[Limit]]:
    """What the manifests beside the files ask for, and the other packages of a Poetry lock."""
    found: dict[str, list[Limit]] = {}
    for file in subject.files:
        folder, slash, name = file.rpartition("/")
        for package, limit in _of_manifest(subject.root, folder + slash, _MANIFESTS.get(name, "")):
            found.setdefault(package, []).append(limit)
        if name == "poetry.lock":
            for package, limit in _of_poetry(subject.root, file):
                found.setdefault(package, []).append(limit)
    return found


def _of_manifest(root: str, folder: str, name: str) -> Iterator[tuple[str, Limit]]:
    if not name or not os.path.isfile(os.path.join(root, folder, name)):
        return
    tree = Tree(os.path.join(root, folder).rstrip("/"), depth=1)
    for each in read_requirements(Sources(tree), name):
        if each.specifier.strip() not in ("", "*") and not each.specifier.startswith("@"):
            said = f"{folder}{each.place} asks for {each.specifier}"
            yield normalised(each.name), Limit(each.specifier, said)


def _of_poetry(root: str, file: str) -> Iterator[tuple[str, Limit]]:
    """What the packages of a Poetry lock need of one another: other locks do not say it."""
    import tomllib

    try:
        with open(os.path.join(root, file), "rb") as opened:
            data = tomllib.loads(opened.read(MAX_LOCK_BYTES).decode())
    except (OSError, ValueError, RecursionError):
        return
    for package in data.get("package", ()):
        needs = package.get("dependencies")
        for name, value in needs.items() if isinstance(needs, dict) else ():
            for specifier in _specifiers(value):
                said = f"{package.get('name')} {package.get('version')} needs {name} {specifier}"
                yield normalised(name), Limit(specifier, said)


def _specifiers(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield from (part.strip() for part in value.split("||")[:1] if "||" not in value)
    elif isinstance(value, dict) and isinstance(value.get("version"), str):
        yield from _specifiers(value["version"])
