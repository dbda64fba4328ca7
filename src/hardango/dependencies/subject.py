"""What a path is: a Django project, another directory, or one file that says what is installed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable

from hardango.audit import CannotRead
from hardango.dependencies.pins import pins
from hardango.findings import Note, Place
from hardango.inventory import Pin
from hardango.light import NamedTuple
from hardango.project.lock_files import is_lock
from hardango.project.model import Installs, Project, ProjectError
from hardango.project.production import installs
from hardango.project.python_entry import Sources
from hardango.project.requirements import MANIFESTS, read_requirements
from hardango.project.tree import MAX_LOCK_BYTES, Tree

MANAGERS = {
    "uv.lock": "uv", "poetry.lock": "poetry", "pdm.lock": "pdm", "Pipfile.lock": "pipenv",
    "Pipfile": "pipenv",
}  # fmt: skip
"""What writes a file; whatever else there is, pip installs it."""


class Subject(NamedTuple):
    """What is to be judged. `root` is the directory that places are relative to; `project` the
    Django project, if it is one."""

    root: str
    name: str
    files: tuple[str, ...]
    reason: str
    packages: list[Pin]
    unread: tuple[Place, ...] = ()
    notes: tuple[Note, ...] = ()
    project: Project | None = None
    python: tuple[int, int] | None = None
    python_place: Place | None = None
    manager: str = "pip"


def manager_of(files: Iterable[str]) -> str:
    """Who writes the files."""
    names = [each.rpartition("/")[2] for each in files]
    return next((MANAGERS[each] for each in names if each in MANAGERS), "pip")


def read(path: str, *, development: bool = False) -> Subject:
    """What `path` is. Raises CannotRead."""
    real = os.path.realpath(path)
    if os.path.isfile(real):
        return _of_file(path, os.path.abspath(path), development)
    try:
        from hardango.project.find import find_project

        project = find_project(path)
    except ProjectError as error:
        if not os.path.isdir(real) or not path:
            raise CannotRead(str(error)) from None
        return _of_directory(path, real, development)
    found = project.deployment.installs
    if found is None:
        raise CannotRead(f"{path} has no file that says what production installs")
    deployment = project.deployment
    packages = pins(found.requirements, deployment.python, linux=deployment.container is not None,
                    development=development)  # fmt: skip
    _check(project.root, found.files, project.notes)
    return Subject(
        project.root, os.path.basename(project.within or project.root), found.files, found.reason,
        packages, found.unread, (*_beside(found), *_relevant(project.notes, found)), project,
        deployment.python, deployment.python_place, manager_of(found.files),
    )  # fmt: skip


def _beside(found: Installs) -> list[Note]:
    """What else could have been meant."""
    notes = []
    if found.others and found.place is None:
        notes.append(Note(f"{', '.join(found.others[:4])} could be what production installs from, "
                          "too: name the file that is"))  # fmt: skip
    return notes


def _relevant(notes: Iterable[Note], found: Installs) -> list[Note]:
    files = {*found.files, *(each.place.file for each in found.requirements)}
    return [each for each in notes if each.place is not None and each.place.file in files]


def _of_directory(path: str, root: str, development: bool) -> Subject:
    tree = Tree(root)
    found = installs(Sources(tree), "", None)
    if found is None:
        raise CannotRead(f"{path} has no file that says what is installed")
    _check(root, found.files, tree.notes)
    packages = pins(found.requirements, development=development)
    notes = [*_beside(found), *_relevant(tree.notes, found)]
    return Subject(root, os.path.basename(root), found.files, found.reason, packages, found.unread,
                   tuple(notes), manager=manager_of(found.files))  # fmt: skip


def _of_file(path: str, absolute: str, development: bool) -> Subject:
    root = _repository(os.path.dirname(absolute))
    tree = Tree(root) if root else Tree(os.path.dirname(absolute), depth=2)
    file = os.path.relpath(absolute, tree.root).replace(os.sep, "/")
    tree.files[file] = None  # the user named it, wherever it lies
    unread: list[Place] = []
    reader = _reader(file)
    if reader is not None:
        packages = list(reader(tree, file))
    else:
        found = list(read_requirements(Sources(tree), file, unread))
        packages = pins(found, development=development)
    _check(tree.root, [file], tree.notes)
    name = os.path.basename(os.path.dirname(absolute)) or "/"
    return Subject(tree.root, name, (file,), "you named it", packages, tuple(unread),
                   manager=manager_of([file]))  # fmt: skip


def _repository(directory: str) -> str:
    """The repository that a directory lies in, "" if it lies in none."""
    while not os.path.lexists(os.path.join(directory, ".git")):
        above = os.path.dirname(directory)
        if above == directory:
            return ""
        directory = above
    return directory


def _reader(file: str) -> Callable[[Tree, str], Iterable[Pin]] | None:
    """What reads a file that no package manager of the project's own writes."""
    name = file.rpartition("/")[2]
    lower = name.lower()
    if is_lock(name) or name in MANIFESTS:
        return None
    from hardango.dependencies import formats

    if lower.endswith((".yml", ".yaml")):
        return formats.conda
    if lower.endswith((".json", ".spdx")):
        return formats.sbom
    if not lower.endswith((".txt", ".in", ".pip", ".cfg", ".py")):
        raise CannotRead(f"{name} is no file that hardango deps reads: it takes a lock file, "
                         "requirements, pyproject.toml, environment.yml or an SBOM")  # fmt: skip
    return None


def _check(root: str, files: Iterable[str], notes: Iterable[Note]) -> None:
    """Raises CannotRead for a file that could not be read: whatever is in it is not judged."""
    known = {note.place.file: note for note in notes if note.place is not None}
    for file in files:
        note = known.get(file)
        if note is not None:
            raise CannotRead(f"{note.place}: {note.message}")
        if file.endswith((".toml", ".lock")) and not file.endswith("Pipfile.lock"):
            _check_toml(root, file)


def _check_toml(root: str, file: str) -> None:
    import tomllib

    try:
        with open(os.path.join(root, file), "rb") as opened:
            data = opened.read(MAX_LOCK_BYTES + 1)
        tomllib.loads(data.decode("utf-8-sig").replace("\r\n", "\n"))
    except RecursionError:
        raise CannotRead(f"{file}: it is nested too deeply") from None
    except UnicodeDecodeError:
        raise CannotRead(f"{file}: it is not UTF-8") from None
    except ValueError as error:
        raise CannotRead(f"{file}: it is no TOML: {error}") from None
    except OSError as error:
        raise CannotRead(f"{file}: {error.strerror or 'unreadable'}") from None
