"""Which of several Django projects in a tree is judged.

It is the one that is plainly the product. Where nothing tells, the user is asked: facts of a
project that was guessed wrong are worse than a question.
"""

from __future__ import annotations

from hardango.light import NamedTuple
from hardango.project.modules import module_file
from hardango.project.names import is_aside, role_of_path
from hardango.project.python_entry import Entry, Sources
from hardango.project.tree import Tree, holds, parent


class Base(NamedTuple):
    """A directory that holds a project: its Python entry points by kind, its settings files."""

    directory: str
    entries: tuple[tuple[str, Entry], ...]
    settings: tuple[str, ...]

    @property
    def files(self) -> tuple[str, ...]:
        return (*(entry.file for _, entry in self.entries), *self.settings)


class Several(Exception):
    """Nothing tells which of these directories holds the project that is deployed."""

    def __init__(self, directories: list[str]) -> None:
        super().__init__(*directories)
        self.directories = directories


def choose_base(
    sources: Sources, bases: list[Base], module: str | None = None, inside: str = ""
) -> tuple[Base, str]:
    """The project to judge, and why that one ("" if there is no other).

    `module` is a settings module that it must have, `inside` a path that it must hold, if any
    has. Raises Several if nothing tells.
    """
    if inside:
        around = [each for each in bases if holds(each.directory, inside)]
        bases = sorted(around, key=lambda each: -len(each.directory))[:1] or bases
    if module is not None:
        bases = [each for each in bases if _has(sources.tree, each, module)] or bases
    if len(bases) == 1:
        return bases[0], ""
    ranks = [_rank(each) for each in bases]
    best = [each for each, rank in zip(bases, ranks, strict=True) if rank == min(ranks)]
    aside = min(ranks)[0]
    if len(best) == 1:
        if {rank[0] for rank in ranks} == {aside}:
            return best[0], "no other has a manage.py, wsgi.py or asgi.py"
        return best[0], "the others are there for tests, examples or templates"
    if not aside:
        started = [each for each in best if _is_started(sources, each, bases)]
        if len(started) == 1:
            return started[0], "it is the only one that deployment files start"
        best = started or best
        over = [each for each in best if all(holds(each.directory, b.directory) for b in best)]
        if len(over) == 1:
            return over[0], "the others lie inside it"
    raise Several([each.directory for each in best])


def _rank(base: Base) -> tuple[int, bool]:
    """Whether it is there to test or to show something (1), or a template that is no project yet
    (2), and whether nothing starts it."""
    if "{{" in base.directory or "{%" in base.directory:
        return 2, False
    judged = base.settings or base.files
    only_tests = bool(judged) and all(
        role_of_path(parent(file)) == "test" or is_aside(parent(file)) for file in judged
    )
    started = any(kind in ("manage.py", "wsgi.py", "asgi.py") for kind, _ in base.entries)
    aside = bool(base.directory) and is_aside(base.directory)
    return int(aside or only_tests), not started


def _has(tree: Tree, base: Base, module: str) -> bool:
    roots = (base.directory, *(path for _, entry in base.entries for path in entry.paths))
    inner = f"{base.directory}/src" if base.directory else "src"
    return module_file(tree, (*roots, inner), module) is not None


def _is_started(sources: Sources, base: Base, bases: list[Base]) -> bool:
    """Whether a deployment file starts a server of this project in production."""
    from hardango.project.deployment import read_starts

    settle(sources.tree, base, bases)
    starts = read_starts(sources, base.directory, (base.directory,)).starts
    return any(
        each.role == "production" and each.launch is not None and each.launch.web for each in starts
    )


def settle(tree: Tree, base: Base, bases: list[Base]) -> list[str]:
    """Make a project the one whose facts are read; gives the directories of the others. A second
    manage.py for the same settings is no other project."""
    others = [
        each.directory
        for each in bases
        if each is not base and not (each.settings and set(each.settings) <= set(base.settings))
    ]
    tree.product = base.directory
    tree.own = base.files
    tree.neighbours = tuple(others)
    return others
