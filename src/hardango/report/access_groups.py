"""The routes of a matrix in the order in which a person reads them: by app, the widest open first,
those that ask the same together."""

from __future__ import annotations

from collections.abc import Iterable

from hardango.findings import Finding, Severity
from hardango.light import NamedTuple
from hardango.matrix import Change, Guard, Matrix, Operation, Reach, Role, Route, admits, worded
from hardango.report.layout import all_of

ORDER = (
    Reach.ANONYMOUS, Reach.UNKNOWN, Reach.CUSTOM, Reach.TOKEN, Reach.AUTHENTICATED, Reach.OBJECT,
    Reach.PERMISSION, Reach.STAFF, Reach.SUPERUSER, Reach.NOBODY,
)  # fmt: skip
"""What a reviewer looks at first: what is open, then what may be."""

NOT_RESOLVED = "not resolved"

_SAFE = ("HEAD", "OPTIONS", "TRACE")


class Row(NamedTuple):
    """A route with those of its operations that ask the same; `more` are patterns of which only a
    part is known, in other cases, that lead to the same view, which asks the same."""

    route: Route
    operations: tuple[Operation, ...]
    more: tuple[Route, ...] = ()


class Group(NamedTuple):
    """Rows that the same guards stand before. `reach` is None for what is not resolved; `label` who
    gets in, `guards` the names of what asks."""

    reach: Reach | None
    label: str
    guards: str
    rows: tuple[Row, ...]


def by_app(matrix: Matrix) -> dict[str, list[Group]]:
    """The groups of each app, the project's own apps first; "" for routes of no app."""
    apps: dict[str, list[Route]] = {}
    for route in matrix.routes:
        apps.setdefault(route.app, []).append(route)
    return {app: groups(apps[app]) for app in sorted(apps, key=lambda app: _rank(app, apps[app]))}


def _rank(app: str, routes: list[Route]) -> tuple[bool, bool, str]:
    return not any(route.own or route.unresolved for route in routes), not app, app


def groups(routes: Iterable[Route]) -> list[Group]:
    """The groups of some routes, the widest open first."""
    found: dict[tuple[int, str, str], list[Row]] = {}
    reaches: dict[tuple[int, str, str], Reach | None] = {}
    for route in routes:
        if route.unresolved:
            key = (ORDER.index(Reach.UNKNOWN), NOT_RESOLVED, "")
            found.setdefault(key, []).append(Row(route, ()))
            reaches[key] = None
        for label, guards, operations in _alike(route):
            reach = operations[0].reach
            key = (ORDER.index(reach), label, guards)
            _add(found.setdefault(key, []), Row(route, operations))
            reaches[key] = reach
    return [Group(reaches[key], key[1], key[2], tuple(found[key])) for key in sorted(found)]


def _add(rows: list[Row], row: Row) -> None:
    """One row more, unless it says what an earlier one says."""
    route = row.route
    for number, other in enumerate(rows):
        if other.route.view != route.view or other.operations != row.operations:
            continue
        if (other.route.pattern, other.route.when) == (route.pattern, route.when):
            return  # Django never comes to it: django-ninja makes a route for each method.
        if not route.exact and other.route.name == route.name and other.route.when != route.when:
            rows[number] = other._replace(more=(*other.more, route))
            return
    rows.append(row)


def _alike(route: Route) -> list[tuple[str, str, tuple[Operation, ...]]]:
    """The operations of a route that end the same: label, guards, operations."""
    found: dict[tuple[str, str], list[Operation]] = {}
    for each in route.operations:
        found.setdefault((label(route, each), guards(route, each)), []).append(each)
    return [(*key, tuple(operations)) for key, operations in found.items()]


def label(route: Route, operation: Operation) -> str:
    """Who gets in; the pages of an admin each ask for a permission of their own model, which would
    be a group for each line."""
    if route.kind == "admin" and operation.reach is Reach.PERMISSION:
        return "permission: each model's own"
    return worded(operation.reach, operation.permissions, operation.any_of)


def guards(route: Route, operation: Operation) -> str:
    """The names of what asks in front of the view, in the order in which a request meets it. What is
    asked inside of it differs from view to view, and is said with each (`quotes`)."""
    asking = [each for each in operation.guards if counts(each) and each.layer != "body"]
    if route.kind == "admin" and operation.reach is Reach.PERMISSION:
        asking = asking[:1]
    return ", ".join(dict.fromkeys(each.name for each in asking))


def counts(guard: Guard) -> bool:
    """Whether a guard asks for anything at all."""
    return not guard.dead and guard.demands is not Reach.ANONYMOUS


def methods(operations: Iterable[Operation]) -> str:
    """The methods of some operations, those left out that ask for nothing but what GET asks for;
    "any" where the view answers any."""
    operations = tuple(operations)
    names = [each.method for each in operations]
    if "GET" in names:
        names = [name for name in names if name not in _SAFE]
    handled = {each.handler for each in operations}
    if {"GET", "PUT", "PATCH", "DELETE"} <= set(names) and len(handled) == 1:
        return "any" if "POST" in names else "any but POST"
    return " ".join("any" if name == "*" else name for name in dict.fromkeys(names))


def handlers(row: Row) -> str:
    """The view with the function that acts, its module left out where the place says it."""
    route = row.route
    named = {each.handler.rpartition(".")[2] for each in row.operations if each.handler}
    view = route.view.rpartition(".")[2]
    if not route.own:
        view = ".".join(route.view.split(".")[-2:])
    alone = named - {view.rpartition(".")[2], "view", ""}
    return f"{view}.{alone.pop()}" if len(alone) == 1 else view


def quotes(row: Row) -> list[str]:
    """What is asked inside of a view, what is not understood, in the project's own words, and what
    never runs, with the reason."""
    said: dict[str, None] = {}
    for operation in row.operations:
        for each in operation.guards:
            at = f" ({each.place})" if each.place else ""
            if each.dead:
                said[f"{each.name} does nothing: {each.dead}{at}"] = None
            elif counts(each) and (
                each.demands is Reach.CUSTOM or (each.layer == "body" and each.place is not None)
            ):
                said[_asking(each) + at] = None
    return list(said)


def _asking(guard: Guard) -> str:
    quote = " ".join(guard.quote.split())
    said = guard.name if quote in guard.name else f"{guard.name}: {quote}"
    return f"asks {said}" if guard.demands is not Reach.CUSTOM else f"not understood: {said}"


def common(rows: tuple[Row, ...]) -> list[str]:
    """What `quotes` says of each of several rows: it is said once."""
    if len(rows) < 2:
        return []
    return [each for each in quotes(rows[0]) if all(each in quotes(row) for row in rows[1:])]


def marks(row: Row, roles: Iterable[Role]) -> str:
    """A column for each role: whether it gets in, by proof where there is one, "?" if not known."""
    return "".join(_mark(row.operations, role) for role in roles)


def _mark(operations: tuple[Operation, ...], role: Role) -> str:
    found = {gets_in(each, role) for each in operations}
    return {(True,): "✓", (False,): "·"}.get(tuple(found), "?")  # type: ignore[arg-type]


def gets_in(operation: Operation, role: Role) -> bool | None:
    """Whether a role gets in: as requests showed, else as the guards say; None if not known, as
    where a check stands in a body that did not run."""
    cells = [each for each in operation.cells if each.role == role.name]
    checked = any(each.layer == "body" and not each.dead for each in operation.guards)
    for result, answer in (
        ("open", True),
        ("denied", False),
        ("answered", False),
        ("entered", None if checked else True),
    ):
        if any(each.result == result for each in cells):
            return answer
    return admits(operation, role)


def counted(matrix: Matrix) -> dict[str, int]:
    """How many operations end how, in the order of `ORDER`; what is not resolved counts as one."""
    found: dict[str, int] = {}
    for reach in ORDER:
        number = sum(each.reach is reach for route in matrix.routes for each in route.operations
                     if each.method not in _SAFE)  # fmt: skip
        if number:
            found[reach.value] = number
    unresolved = sum(bool(route.unresolved) for route in matrix.routes)
    return {**found, NOT_RESOLVED: unresolved} if unresolved else found


def alike(changes: Iterable[Change]) -> list[list[Change]]:
    """Changes that say the same of several routes together: one middleware may change them all."""
    found: dict[tuple[object, ...], list[Change]] = {}
    for each in changes:
        found.setdefault((each.fails, each.kind, each.before, each.after, each.why), []).append(
            each
        )
    return list(found.values())


def by_weakness(findings: Iterable[Finding]) -> list[list[Finding]]:
    """The findings of one kind and severity together, in their order."""
    found: dict[tuple[str, Severity], list[Finding]] = {}
    for each in findings:
        found.setdefault((each.control, each.severity), []).append(each)
    return list(found.values())


class Conditions:
    """Under which conditions routes exist, each with a number, since they are the same for many; what
    holds of nearly all routes is said once and of no route."""

    def __init__(self, routes: Iterable[Route]) -> None:
        counts: dict[tuple[str, ...], int] = {}
        number = 0
        for route in routes:
            number += 1
            counts[route.when] = counts.get(route.when, 0) + 1
        most = max(counts, key=lambda when: counts[when], default=())
        self.usual = most if most and counts[most] * 10 > number * 8 else ()
        often = [when for when in counts if when and when != self.usual and counts[when] > 2]
        self.numbers = {when: place for place, when in enumerate(often, 1)}

    def mark(self, route: Route) -> str:
        """The number of a condition, "" where it has none."""
        number = self.numbers.get(route.when)
        return f" [{number}]" if number else ""

    def said(self, route: Route) -> str:
        """A condition that has no number, "" where there is nothing to say."""
        if not route.when or route.when == self.usual or route.when in self.numbers:
            return ""
        return f"when {all_of(route.when)}"

    def notes(self) -> list[str]:
        """What the numbers stand for."""
        said = (
            [f"every route unless it says otherwise: when {all_of(self.usual)}"]
            if self.usual
            else []
        )
        return said + [f"[{number}] when {all_of(when)}" for when, number in self.numbers.items()]
