"""Which routes of a matrix are shown: those that the user asks for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from hardango.light import NamedTuple
from hardango.matrix import Matrix, Operation, Role, Route, admits


class Filter(NamedTuple):
    """`open` leaves what is not known to be closed to strangers; `changed` what differs from
    access.toml; `routes` those whose pattern, name or view holds one of these texts ("*" for any);
    `roles` what one of these may reach."""

    open: bool = False
    changed: bool = False
    routes: Sequence[str] = ()
    roles: Sequence[str] = ()

    @property
    def chooses(self) -> bool:
        return bool(self.open or self.changed or self.routes or self.roles)


class NoSuchRole(Exception):
    """A role that neither Hardango nor the project has; the text is one clear sentence."""


def chosen(matrix: Matrix, wanted: Filter) -> Matrix:
    """The matrix with the routes, and of each the operations, that `wanted` leaves; its findings are
    those of the routes that are left. Raises NoSuchRole."""
    if not wanted.chooses:
        return matrix
    asking = [_role(matrix, name) for name in wanted.roles]
    if wanted.open:
        asking.append(Role("anonymous", anonymous=True))
    differing = {(each.pattern, each.view) for each in matrix.changes or ()}
    left = []
    for route in matrix.routes:
        if wanted.changed and (route.pattern, route.view) not in differing:
            continue
        if wanted.routes and not any(_holds(route, text) for text in wanted.routes):
            continue
        operations = tuple(
            each for each in route.operations if all(_may(each, role) for role in asking)
        )
        if operations or route.unresolved or not asking:
            left.append(route._replace(operations=operations))
    return _with(matrix, tuple(left))


def _with(matrix: Matrix, routes: tuple[Route, ...]) -> Matrix:
    whole = len(matrix.routes)
    said = f"{len(routes)} of {whole} routes are shown"
    places = {
        str(place)
        for route in routes
        for place in (route.place, *route.chain, *(each.place for each in route.operations),
                      *(guard.place for each in route.operations for guard in each.guards))
        if place is not None
    }  # fmt: skip
    patterns = {route.pattern for route in routes}
    findings = tuple(
        each for each in matrix.findings
        if any(str(place) in places for place in each.chain)
        or any(problem.about in patterns for problem in each.problems)
    )  # fmt: skip
    return matrix._replace(routes=routes, said=(*matrix.said, said), findings=findings)


def _role(matrix: Matrix, name: str) -> Role:
    for role in matrix.roles:
        if role.name == name:
            return role
    known = ", ".join(role.name for role in matrix.roles)
    raise NoSuchRole(f"there is no role {name!r}; there is {known}")


def _may(operation: Operation, role: Role) -> bool:
    """Whether a role gets in, or might."""
    entered = {cell.result for cell in operation.cells if cell.role == role.name}
    if entered & {"open", "denied", "answered"}:
        return "open" in entered
    return admits(operation, role) is not False


def _holds(route: Route, text: str) -> bool:
    """Whether a text is in what names a route; a leading "/" is the start of the pattern."""
    pieces = [re.escape(each) for each in text.split("*")]
    expression = re.compile(".*".join(pieces))
    if text.startswith("/"):
        return expression.match("/" + route.pattern) is not None
    return any(expression.search(each) for each in (route.pattern, route.name, route.view))
