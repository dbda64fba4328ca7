"""What of a tree belongs to the project that is judged, and what to its neighbours.

A repository can hold several Django projects, and applications that are none: a frontend, a
worker in Go. What starts or installs those says nothing about the project, so every fact is
asked whose it is: by the directory that its command runs in, by the file that it serves, else by
where it stands and what it is named for. What stands in no application (`deploy/`, `k8s/`) is
everyone's.
"""

from __future__ import annotations

from collections.abc import Iterable

from hardango.light import TYPE_CHECKING
from hardango.project.modules import module_file
from hardango.project.names import words
from hardango.project.tree import Tree, holds, join, parent

if TYPE_CHECKING:
    from hardango.project.starts import Start

_MANIFESTS = frozenset(
    "manage.py pyproject.toml setup.py Pipfile package.json go.mod Gemfile composer.json "
    "Cargo.toml pom.xml build.gradle mix.exs".split()
)
"""Files that stand at the top of an application, whatever its language."""

_INSTALLS = frozenset(("requirements.txt", "Dockerfile"))
"""Files that do if there is source code beside them; alone they also stand in `deploy/`."""

_PLAIN = frozenset("production prod app application project server service src web main".split())
"""Words of directories that say nothing of whose they are."""


def applications(tree: Tree) -> frozenset[str]:
    """The directories that are the top of an application."""
    if "applications" not in tree.cache:
        found = {parent(file) for name in _MANIFESTS for file in tree.named(name)}
        installs = {parent(file) for name in _INSTALLS for file in tree.named(name)}
        for file in tree.files if installs - found else ():
            if file.endswith(".py") and parent(file) in installs and "conf" not in file:
                found.add(parent(file))
        tree.cache["applications"] = frozenset(found - {""})
    known: frozenset[str] = tree.cache["applications"]
    return known


def is_neighbours(tree: Tree, path: str) -> bool:
    """Whether a file or directory lies in another project, or in an application that is not the
    chosen project."""
    tops = applications(tree)
    while path and path != tree.product and not tree.product.startswith(path + "/"):
        if path in tree.neighbours:
            return True
        if path in tops and not any(holds(path, each) for each in tree.own):
            return True
        path = parent(path)
    return False


def belongs(tree: Tree, roots: Iterable[str], start: Start) -> bool:
    """Whether what a deployment file starts is the chosen project."""
    entry = (start.entry or start.place).file
    directory = start.directory
    if directory and is_neighbours(tree, directory):
        return False
    if start.kind == "kubernetes" and _named_for_neighbour(tree, entry, start.service):
        # A manifest names an image, and no directory that it is built from.
        return False
    inside = bool(directory) and (not tree.product or holds(tree.product, directory or ""))
    served = _served_file(tree, start, roots)
    if served is not None:
        return not is_neighbours(tree, served)
    if inside and tree.product:
        return True
    return not is_neighbours(tree, entry) and not _named_for_neighbour(tree, entry, start.service)


def _served_file(tree: Tree, start: Start, roots: Iterable[str]) -> str | None:
    """The file of the application that a start serves, from its own directory before others."""
    launch = start.launch
    if launch is None or launch.target is None:
        return None
    near = [start.directory or ""]
    for path in (launch.chdir, *launch.paths):
        place = join(near[0], path) if path else None
        near += [place] if place is not None else []
    if launch.target.endswith(".py"):
        files = (join(each, launch.target) for each in near)
        return next((file for file in files if file in tree.files), None)
    beside = parent((start.entry or start.place).file)
    return module_file(tree, (*near, *start.paths, beside, *roots), launch.target)


def _named_for_neighbour(tree: Tree, file: str, service: str) -> bool:
    """Whether a service, or the file that describes it, has the name of a neighbour."""
    own = _names(tree.product) | {word for each in tree.own for word in _names(parent(each))}
    said = set(words(service)) | set(words(file.rpartition("/")[2]))
    for each in parent(file).split("/"):
        said |= set(words(each))
    if said & own:
        return False
    others = {*tree.neighbours, *(each for each in applications(tree) if is_neighbours(tree, each))}
    return any(_names(each) & said for each in others)


def _names(directory: str) -> set[str]:
    return set(words(directory.rpartition("/")[2])) - _PLAIN
