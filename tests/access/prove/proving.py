"""The zoo, started and proven against what is said of it."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from hardango.access.prove import CHILD, Options, proved
from hardango.audit import Request, read
from hardango.local.launch import Wish, Within, within
from hardango.matrix import Guard, Matrix, Operation, Reach, Route

HERE = Path(__file__).resolve().parent
ZOO = HERE.parent / "zoo"
WALK = str(HERE / "walk")


@contextlib.contextmanager
def loaded(project: Path, python: str = sys.executable, **given: str) -> Iterator[Within]:
    reading = read(Request(path=str(project), given=given))
    with within(reading, Wish(python=python), [CHILD, WALK], database=True) as run:
        yield run


def claimed(words: str) -> Operation:
    """An operation that is said to be reached by those: "permission: zoo.view_doc"."""
    kind, _, names = words.partition(": ")
    kind = kind.rpartition(" and ")[2]  # whoever is staff and has no permission is not let in
    any_of = " or " in names
    permissions = tuple(names.split(" or " if any_of else " and ")) if names else ()
    reach = Reach(kind) if kind in {each.value for each in Reach} else Reach.CUSTOM
    return Operation("GET", reach, permissions, any_of)


def matrix(
    run: Within, claim: Callable[[str, str], Operation | None], wanted: Callable[[str], bool]
) -> Matrix:
    """The routes of the project with what `claim` says of a pattern and method."""
    routes = []
    for pattern, methods in run.ask("hardango_live.listed", 60.0):
        operations = []
        for method in methods if wanted(pattern) else ():
            made = claim(pattern, method)
            if made is not None:
                operations.append(made._replace(method=method))
        routes.append(Route(pattern, pattern, tuple(operations)))
    return Matrix("zoo", "park.settings", "loaded", tuple(routes))


def in_body(operation: Operation) -> Operation:
    """The same, said to be checked in the body."""
    return operation._replace(guards=(Guard("a check", operation.reach, layer="body"),))


__all__ = ["Options", "claimed", "in_body", "loaded", "matrix", "proved"]
