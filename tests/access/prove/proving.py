"""Projects of the tests, started, walked, and proven against what is said of them."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

from hardango.access import loaded as loading
from hardango.access.prove import CHILD, Options, proved
from hardango.audit import Request, read
from hardango.light import NamedTuple
from hardango.local.launch import Wish, Within, within
from hardango.matrix import Cell, Guard, Matrix, Operation, Reach

HERE = Path(__file__).resolve().parent
ZOO = HERE.parent / "zoo"


class Run(NamedTuple):
    """A project that runs, and its routes as they were read."""

    inside: Within
    matrix: Matrix


@contextlib.contextmanager
def running(project: Path, python: str = sys.executable, **given: str) -> Iterator[Run]:
    reading = read(Request(path=str(project), given=given))
    folders = [loading.CHILD, CHILD]
    with within(reading, Wish(python=python), folders, database=True) as inside:
        facts = inside.ask("hardango_routes.walk", 60.0)
        top = str(project)
        yield Run(inside, loading.matrix_of(facts, reading.module, top, inside.copy, top))


def claimed(words: str) -> Operation:
    """An operation that is said to be reached by those: "permission: zoo.view_doc"."""
    kind, _, names = words.partition(": ")
    kind = kind.rpartition(" and ")[2]  # whoever is staff and has no permission is not let in
    any_of = " or " in names
    permissions = tuple(names.split(" or " if any_of else " and ")) if names else ()
    reach = Reach(kind) if kind in {each.value for each in Reach} else Reach.CUSTOM
    return Operation("GET", reach, permissions, any_of)


def claiming(matrix: Matrix, claim: Callable[[str, str], Operation | None]) -> Matrix:
    """The matrix with what `claim` says of a pattern and method, and nothing else."""
    routes = []
    for route in matrix.routes:
        operations = []
        for each in route.operations:
            for method in ("GET", "POST") if each.method == "*" else (each.method,):
                made = claim(route.pattern, method)
                if made is not None:
                    operations.append(made._replace(method=method))
        routes.append(route._replace(operations=tuple(operations)))
    return matrix._replace(routes=tuple(routes))


def in_body(operation: Operation) -> Operation:
    """The same, said to be checked in the body."""
    return operation._replace(guards=(Guard("a check", operation.reach, layer="body"),))


def cells(matrix: Matrix, verdict: str) -> dict[str, list[Cell]]:
    """The cells of that verdict, by "GET shop/orders/"."""
    picked = {}
    for route in matrix.routes:
        for each in route.operations:
            some = [one for one in each.cells if one.verdict == verdict]
            if some:
                picked[f"{each.method} {route.pattern}"] = some
    return picked


__all__ = ["Options", "Run", "cells", "claimed", "claiming", "in_body", "proved", "running"]
