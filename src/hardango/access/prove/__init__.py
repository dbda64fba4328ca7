"""Proves a matrix with requests: what each role meets at each operation, on a throw-away database.

`proven(reading, python, Options(bodies="safe"), tell)` loads the project, walks its routes and proves
them, all in one process; `proved(matrix, run, …)` goes on where that is done.

Nothing that a request does is kept, and the project's views may crash, sleep, recurse or exit.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from hardango.access.loaded import loaded
from hardango.access.prove.verdict import Met, cell, met, owned
from hardango.audit import Reading
from hardango.light import NamedTuple
from hardango.local.inside import Failed
from hardango.local.launch import Within
from hardango.matrix import Cell, Matrix, Operation, Role, Route

CHILD = os.path.join(os.path.dirname(__file__), "child")
OWNER = "hardango-owner"
_KINDS_WITHOUT_HTTP = ("websocket",)
_EITHER = ("GET", "POST")
"""What stands for a view that answers any method."""
_STEP = 1.0
_MOST_SAID = 20


class Options(NamedTuple):
    """`bodies`: of which methods the views run, "safe" (GET, HEAD, OPTIONS) or "all"; others are
    stopped where they begin. `roles` are those of the project, besides `matrix.ROLES`. A request
    may take `seconds`, all of them `budget`. `ownership`: whether somebody else's rows are asked
    for; `factories`: whether the project's own make them, which its tests have."""

    bodies: str = "safe"
    roles: Sequence[Role] = ()
    seconds: float = 5.0
    budget: float = 900.0
    workers: int = 2
    ownership: bool = True
    factories: bool = False


def proven(
    reading: Reading,
    python: str | None,
    options: Options = Options(),  # noqa: B008
    tell: Callable[[str], None] = lambda doing: None,
) -> Matrix:
    """The matrix of a project, loaded by its own Python and proven. Raises CannotRead."""

    def then(matrix: Matrix, run: Within) -> Matrix:
        return proved(matrix, run, options, tell)

    return loaded(reading, python, tell, folders=[CHILD], then=then)


def proved(
    matrix: Matrix,
    run: Within,
    options: Options = Options(),  # noqa: B008
    tell: Callable[[str], None] = lambda doing: None,
) -> Matrix:
    """The matrix with cells. `run` is the project, loaded, whose routes are those of the matrix in
    the same order. Raises Failed where the project's process ends."""
    began = time.monotonic()
    roles = (*matrix.roles, *options.roles)
    plan = _plan(matrix, run, options, roles)
    tell(f"asking {len(plan['jobs'])} routes as {len(roles)} roles")
    start = run.ask("hardango_prove.begin", 120.0, plan=plan)
    found: dict[int, dict[str, Any]] = {}
    for each in _answers(run, began + options.budget):
        found[each["route"]] = each
    end = "the time was up" if len(found) < len(plan["jobs"]) else ""
    judge = _Judge(roles, start["login"], end)
    routes = tuple(
        judge.route(route, found.get(number)) for number, route in enumerate(matrix.routes)
    )
    lacking = sorted({each for one in found.values() for each in one.get("lacking", ())})
    tried = [f"refused while it was proven: {each}" for each in run.refused()]
    return matrix._replace(
        routes=routes, roles=roles, proved=True, seconds=matrix.seconds + time.monotonic() - began,
        said=(*matrix.said, *start["said"], *lacking[:_MOST_SAID], *tried),
    )  # fmt: skip


def _plan(matrix: Matrix, run: Within, options: Options, roles: Sequence[Role]) -> dict[str, Any]:
    strong = strongest(roles)
    plain = [each.name for each in roles if each.name in ("anonymous", "user")]
    jobs = [
        {"route": number, "methods": methods, "bodies": options.bodies, "strongest": strong.name,
         "others": plain, "ownership": options.ownership}
        for number, route in enumerate(matrix.routes) if (methods := list(_methods(route)))
    ]  # fmt: skip
    return {
        "roles": [each._asdict() for each in roles], "jobs": jobs, "workers": options.workers,
        "seconds": options.seconds, "host": run.host, "scheme_header": run.scheme_header,
        "root": run.copy, "directory": run.directory, "factories": options.factories,
    }  # fmt: skip


def strongest(roles: Sequence[Role]) -> Role:
    """The role that gets in where anybody does."""
    return max(roles, key=lambda each: (each.superuser, each.staff, not each.anonymous))


def _methods(route: Route) -> Iterator[str]:
    """The methods that are asked for, each once."""
    if route.unresolved or route.kind in _KINDS_WITHOUT_HTTP:
        return
    asked = [name for each in route.operations for name in _asked(each)]
    yield from dict.fromkeys(asked)


def _asked(operation: Operation) -> tuple[str, ...]:
    return _EITHER if operation.method == "*" else (operation.method,)


def _answers(run: Within, end: float) -> Iterator[dict[str, Any]]:
    """What is met at each route, as it comes."""
    while time.monotonic() < end:
        said = run.ask("hardango_prove.some", 30.0, within=_STEP)
        yield from said["met"]
        if said["done"]:
            return
    try:
        run.ask("hardango_prove.stop", 30.0)
    except Failed:
        pass


class _Judge:
    """Puts cells into routes."""

    def __init__(self, roles: Sequence[Role], login: str, end: str) -> None:
        self._roles, self._login, self._end = roles, login, end
        self._strong = strongest(roles)

    def route(self, route: Route, said: dict[str, Any] | None) -> Route:
        if not any(_methods(route)):
            return route
        if said is None or said["problem"]:
            why = said["problem"] if said else self._end
            asked = said["path"] if said else ""
            return route._replace(operations=tuple(
                each._replace(cells=tuple(
                    Cell(role.name, "gate", "inconclusive", "inconclusive", 0, "", asked, why)
                    for role in self._roles
                )) for each in route.operations
            ))  # fmt: skip
        all_met = [met(each) for each in said["met"]]
        return route._replace(operations=tuple(
            each._replace(cells=(*self._cells(each, all_met), *self._owned(each, said["owned"])))
            for each in route.operations
        ))  # fmt: skip

    def _cells(self, operation: Operation, all_met: Sequence[Met]) -> Iterator[Cell]:
        """One cell for each role; of a view that answers any method, that which says most."""
        for role in self._roles:
            found = []
            for method in _asked(operation):
                others = {each.role: each for each in all_met if each.method == method}
                if role.name in others:
                    made = cell(
                        operation, role, others[role.name], others, self._strong, self._login
                    )
                    found.append((method, made))
            if found:
                method, made = max(found, key=lambda each: _weight(each[1]))
                if len(found) > 1 and method != "GET":
                    made = made._replace(said="; ".join(filter(None, (method, made.said))))
                yield made

    def _owned(self, operation: Operation, said: Sequence[dict[str, Any]]) -> Iterator[Cell]:
        if "GET" not in _asked(operation) or not said:
            return
        straight = {each["role"]: met(each) for each in said if not each["by"]}
        owner = straight.get(OWNER)
        if owner is None:
            return
        anybody = straight.get("anonymous")
        by_name = {each.name: each for each in self._roles if not each.anonymous}
        for each in said:
            role = by_name.get(each["role"])
            if role is None:
                continue
            made = owned(operation, role, met(each), owner, anybody, each["of"], each["by"])
            if made is not None:
                yield made


def _weight(made: Cell) -> tuple[int, int]:
    """A refutation says most, then a proof of the body, then one of the gate."""
    return (("inconclusive", "proven", "refuted").index(made.verdict), int(made.tier == "body"))
