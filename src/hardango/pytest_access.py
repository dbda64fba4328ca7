"""`pytest --hardango-access`: a test for each method of each route, which fails where a request gets
past a guard that was read.

The project is proven once, in a process of its own with production's settings; rows are made by the
factories of factory_boy that the project's tests have. Fixtures live in the process of the tests,
so those that make users or rows are not used: roles are named in `[tool.hardango.access.roles]`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from hardango.access.prove import Options, proven
from hardango.access.prove.roles import named
from hardango.audit import CannotRead, read
from hardango.matrix import Cell, Matrix, Operation, Route, worded
from hardango.runs import plan


class Refuted(Exception):
    """A role got in where what was read of the guards says that it does not."""


class Method(pytest.Item):
    """One method of one route."""

    def __init__(self, *, route: Route, operation: Operation, **given: object) -> None:
        super().__init__(**given)  # type: ignore[arg-type]
        self.route, self.operation = route, operation

    def runtest(self) -> None:
        refuted = [each for each in self.operation.cells if each.verdict == "refuted"]
        if refuted:
            raise Refuted("\n".join(_failure(self.route, self.operation, refuted)))
        if not any(each.verdict == "proven" for each in self.operation.cells):
            why = next((each.said for each in self.operation.cells if each.said), "nothing was met")
            pytest.skip(f"inconclusive: {why}")

    def repr_failure(
        self, excinfo: pytest.ExceptionInfo[BaseException], style: object = None
    ) -> str:
        if isinstance(excinfo.value, Refuted):
            return str(excinfo.value)
        return str(super().repr_failure(excinfo))

    def reportinfo(self) -> tuple[Path, int, str]:
        place = self.operation.place or self.route.place
        file = self.config.rootpath / (place.file if place else "")
        return file, (place.line - 1 if place else 0), self.name


def items(session: pytest.Session, path: str) -> Iterator[Method]:
    """The tests of the project at `path`. Raises pytest.UsageError where it cannot be proven."""
    try:
        matrix = _proven(path)
    except CannotRead as error:
        raise pytest.UsageError(f"hardango: {error}") from None
    for route in matrix.routes:
        for each in route.operations:
            if each.cells:
                yield Method.from_parent(
                    session, name=f"access: {each.method} {route.pattern or '/'}",
                    route=route, operation=each,
                )  # fmt: skip


def _proven(path: str) -> Matrix:
    request = plan(path, {}).requests[0]
    reading = read(request)
    options = Options(roles=named(reading.configuration), factories=True)
    return proven(reading, sys.executable, options)


def _failure(route: Route, operation: Operation, refuted: list[Cell]) -> Iterator[str]:
    """What a reader must see: what was read, who got in all the same, and by which request."""
    declared = worded(operation.reach, operation.permissions, operation.any_of)
    place = f", {operation.place}" if operation.place else ""
    yield f"{operation.method} /{route.pattern} is read as: {declared} ({route.view}{place})"
    for each in operation.guards:
        yield f"  {each.name}" + (f" at {each.place}" if each.place else "")
    for cell in refuted:
        got = f"answers {cell.status}" if cell.status else "begins"
        yield f"{cell.role} gets in: {operation.method} {cell.asked} {got} ({cell.tier})"
