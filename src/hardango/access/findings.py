"""What is wrong with who reaches which route: from a matrix to its findings, each by a function of its
own that yields what it sees.

A claim is made of what is known only: a guard that is not understood is no open door, and a route
that could not be resolved says nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import pairwise

from hardango.access.policy import CHECKS_BY_ITSELF, Key, asks
from hardango.access.review import narrower
from hardango.access.weaknesses import (
    ADMIN,
    CSRF_EXEMPT,
    DEAD_GUARD,
    DEBUG_ROUTE,
    DETAIL_OPEN,
    DOCUMENTATION,
    FRAMEWORK_DEFAULT,
    LOOP,
    MEDIA,
    NOBODY_HAS,
    OPEN_CHANGE,
    ORPHAN,
    OWNERLESS,
    PROVED_FOREIGN,
    PROVED_OPEN,
    UNEQUAL,
    WEAKNESSES,
    Weakness,
)
from hardango.findings import Finding, Place, Problem, Severity, Verdict
from hardango.light import NamedTuple
from hardango.matrix import Guard, Matrix, Operation, Reach, Route, admits, worded


class Facts(NamedTuple):
    """What the findings need beside the matrix, None where it is not known. `hints` tells whether
    anything hints at a package, by the name of its module; `permissions` are those that models
    define, `custom_permissions` those of them that a project's own Meta names. `public` are the
    routes that people declared open, with their reason; `open_by_default` tells whether REST
    framework's default permission lets everybody in."""

    hints: Callable[[str], bool] | None = None
    permissions: frozenset[str] | None = None
    custom_permissions: frozenset[str] = frozenset()
    public: Mapping[Key, str] = {}
    open_by_default: bool = False


class Seen(NamedTuple):
    """One weakness at one route; `operations` are those that it is about. `severity` is its own,
    None for the weakness's."""

    weakness: Weakness
    message: str
    route: Route | None = None
    operations: tuple[Operation, ...] = ()
    place: Place | None = None
    severity: Severity | None = None


def findings(matrix: Matrix, facts: Facts) -> tuple[Finding, ...]:
    """Everything that is wrong, worst first; what is wrong with one view at several routes once."""
    matrix = matrix._replace(routes=tuple(_met(matrix.routes)))
    found: dict[tuple[object, ...], list[Seen]] = {}
    for look in LOOKS:
        for each in look(matrix, facts):
            view = each.route.view if each.route else ""
            said = each.message.replace(_shown(each), "/…") if each.route else each.message
            key = each.weakness.name, each.severity, view, each.place, said
            found.setdefault(key, []).append(each)
    once = [_together(each) for each in found.values()]
    return tuple(map(_finding, sorted(once, key=_rank)))


def _met(routes: Iterable[Route]) -> Iterator[Route]:
    """The routes without those that Django never comes to, since an earlier one has their pattern."""
    first: dict[tuple[str, tuple[str, ...]], str] = {}
    for route in routes:
        earlier = first.setdefault((route.pattern, route.when), route.view)
        if earlier == route.view or not route.exact or route.unresolved:
            yield route


def _shown(seen: Seen) -> str:
    return f"/{seen.route.pattern}" if seen.route else ""


def _together(found: list[Seen]) -> Seen:
    """What was seen of one view at several routes, as one."""
    first = found[0]
    more = len({_shown(each) for each in found}) - 1
    if not more:
        return first
    routes = "1 more route" if more == 1 else f"{more} more routes"
    shown = f"{_shown(first)} and {routes}"
    return first._replace(message=first.message.replace(_shown(first), shown, 1))


def _rank(seen: Seen) -> tuple[float, int, bool, str]:
    """Worst first; what a person has to look at after what is known to be as bad."""
    severity = seen.weakness.severity if seen.severity is None else seen.severity
    candidate: bool = seen.weakness.candidate
    return (
        -severity + candidate / 2,
        WEAKNESSES.index(seen.weakness),
        _place(seen) is None,
        seen.route.pattern if seen.route else "",
    )


def _place(seen: Seen) -> Place | None:
    if seen.place is not None or seen.route is None:
        return seen.place
    places = (*(each.place for each in seen.operations), seen.route.seen_at)
    return next((each for each in places if each is not None), None)


def _finding(seen: Seen) -> Finding:
    from hashlib import sha256

    weakness, place = seen.weakness, _place(seen)
    severity = weakness.severity if seen.severity is None else seen.severity
    verdict = Verdict.UNKNOWN if weakness.candidate else Verdict.FAIL
    pattern = seen.route.pattern if seen.route else ""
    methods = " ".join(each.method for each in seen.operations)
    named = (weakness.name, pattern, seen.route.view if seen.route else seen.message, methods)
    chain = (place,) if place else ()
    return Finding(
        control=weakness.name, verdict=verdict, severity=severity, title=weakness.title,
        message=seen.message, chain=chain,
        problems=(Problem(verdict, seen.message, chain=chain, severity=severity, about=pattern),),
        attack=weakness.attack, remedy=weakness.remedy, references=tuple(each.text for each in weakness.references),
        fingerprint=sha256("\n".join(named).encode("utf-8", "backslashreplace")).hexdigest()[:16],
    )  # fmt: skip


# -- what is asked of routes -----------------------------------------------------------------------


def asked(route: Route, operations: Iterable[Operation]) -> str:
    """The request in words: "POST, DELETE /orders/<int:pk>/"."""
    names = ["any method" if each.method == "*" else each.method for each in operations]
    return f"{', '.join(dict.fromkeys(names))} /{route.pattern}"


def open_to_strangers(operation: Operation) -> bool:
    """Whether somebody who is not logged in gets in: by request where one was sent, else as the
    guards say. A guard that is not understood may turn them away."""
    results = {each.result for each in operation.cells if each.role == "anonymous"}
    if results & {"denied", "answered"}:
        return False
    return operation.reach is Reach.ANONYMOUS or "open" in results


def closed_to_strangers(operation: Operation) -> bool:
    """Whether it is known that somebody who is not logged in does not get in."""
    if any(each.role == "anonymous" and each.result == "open" for each in operation.cells):
        return False
    return operation.reach not in (Reach.ANONYMOUS, Reach.CUSTOM, Reach.UNKNOWN, Reach.TOKEN)


def said(operation: Operation) -> str:
    return worded(operation.reach, operation.permissions, operation.any_of)


def is_public(route: Route, facts: Facts) -> bool:
    return (route.pattern, route.view) in facts.public


def each_operation(matrix: Matrix) -> Iterator[tuple[Route, Operation]]:
    for route in matrix.routes:
        for operation in route.operations:
            yield route, operation


# -- proven ----------------------------------------------------------------------------------------


def proved_open(matrix: Matrix, facts: Facts) -> Iterator[Seen]:
    """A role got in that the guards should turn away."""
    roles = {role.name: role for role in matrix.roles}
    for route, operation in each_operation(matrix):
        in_ = [
            cell.role for cell in operation.cells
            if cell.tier != "ownership" and cell.verdict == "refuted"
            and cell.result in ("open", "entered")
            and cell.role in roles and admits(operation, roles[cell.role]) is False
        ]  # fmt: skip
        if in_:
            names = ", ".join(guard.name for guard in operation.guards if asks(guard))
            who = ", ".join(dict.fromkeys(in_))
            asking = f" ({names})" if names else ""
            yield Seen(
                PROVED_OPEN,
                f"{asked(route, (operation,))} is declared {said(operation)}{asking}, and lets in: {who}",
                route, (operation,),
            )  # fmt: skip


def proved_foreign(matrix: Matrix, facts: Facts) -> Iterator[Seen]:
    """One user got another one's object."""
    for route, operation in each_operation(matrix):
        for cell in operation.cells:
            if cell.tier == "ownership" and cell.result == "open" and cell.verdict == "refuted":
                about = f": {cell.said}" if cell.said else ""
                message = f"{asked(route, (operation,))} gives {cell.role} what belongs to somebody else{about}"
                yield Seen(PROVED_FOREIGN, message, route, (operation,))
                break


# -- open ------------------------------------------------------------------------------------------

_MEANT = (
    "login", "logout", "signin", "signup", "signout",
    "register", "registration", "reset", "forgot", "recover", "activate", "activation", "confirm",
    "verify", "verification", "token", "oauth", "saml", "sso", "callback", "webhook", "hook", "ping",
    "contact", "feedback", "subscribe", "unsubscribe", "newsletter", "search", "language", "consent",
    "csp", "report", "health", "jsi18n",
)  # fmt: skip
"""Words in the address or the view of what a stranger is meant to send: how one becomes somebody, what
another machine calls, what says which language."""


def _words(route: Route) -> set[str]:
    """The words that name a route, and two that stand together as one: SignUp is "signup"."""
    text = f"{route.pattern} {route.name} {route.view.rpartition('.')[2]}"
    parts: list[str] = []
    for at, char in enumerate(text):
        capital = char.isupper() and at > 0 and text[at - 1].islower()
        parts.append(f" {char}" if capital else char if char.isalnum() else " ")
    words = "".join(parts).lower().split()
    return {*words, *(one + other for one, other in pairwise(words))}


def seems_meant(route: Route) -> bool:
    """Whether a route looks as if it were meant for strangers: by a word in it, or since a package
    brought it, which has its reasons."""
    return not route.own or bool(_words(route) & set(_MEANT))


def is_redirect(route: Route) -> bool:
    """Whether it only sends on: Django's RedirectView does by any method."""
    return route.kind == "redirect" or route.view.endswith(".RedirectView")


def _acts(route: Route, operation: Operation) -> bool:
    """Whether a method has a function of its own, or is named: one function that answers any method
    may do nothing but show a page, save for POST, which it tells from the others."""
    if operation.method == "*":
        return False
    handlers = {each.handler for each in route.operations}
    names = {each.method for each in route.operations}
    any_ = len(handlers) == 1 and {"GET", "PUT", "PATCH", "DELETE"} <= names
    return operation.method == "POST" or not any_


def is_entry(route: Route) -> bool:
    """Whether it is how one becomes somebody, as Django or a package made it: it has to be open."""
    return not route.own and bool(_words(route) & set(_MEANT))


def open_change(matrix: Matrix, facts: Facts) -> Iterator[Seen]:
    """A method that is meant to change something is open. A view that answers any method may do
    nothing but show a page: nothing is said of it."""
    for route in matrix.routes:
        if is_public(route, facts) or is_redirect(route) or is_entry(route):
            continue
        open_ = tuple(
            each for each in route.operations
            if each.changes and _acts(route, each) and open_to_strangers(each)
            and not _by_default(route, each, facts)
        )  # fmt: skip
        if not open_:
            continue
        dead = [guard.name for each in open_ for guard in each.guards if guard.dead]
        if dead:
            continue  # `dead_guard` says it, and why
        message = f"{asked(route, open_)}: no guard"
        if any(each.csrf_exempt for each in open_):
            message += ", and no CSRF check"
        yield Seen(OPEN_CHANGE, message, route, open_, severity=_how_bad(route, open_))


def _how_bad(route: Route, operations: tuple[Operation, ...]) -> Severity:
    """What exists is changed, or only something new is sent; and whether that seems to be meant."""
    if seems_meant(route):
        return Severity.LOW
    exists = "<" in route.pattern or any(each.method != "POST" for each in operations)
    return Severity.HIGH if exists else Severity.MEDIUM


def framework_default(matrix: Matrix, facts: Facts) -> Iterator[Seen]:
    """Views of REST framework that are open where its default is, together: one setting mends those
    that say nothing of permissions."""
    found = [
        (route, each) for route, each in each_operation(matrix)
        if open_to_strangers(each) and _by_default(route, each, facts) and route.own
        and not is_public(route, facts)
    ]  # fmt: skip
    if not found:
        return
    changing = [(route, each) for route, each in found if each.changes]
    route, operation = (changing or found)[0]
    number = len({(each.pattern, each.view) for each, _ in found})
    routes = "1 route is" if number == 1 else f"{number} routes are"
    yield Seen(
        FRAMEWORK_DEFAULT,
        f"DEFAULT_PERMISSION_CLASSES lets everybody in, and {routes} open, such as "
        f"{asked(route, (operation,))}",
        route, (operation,), severity=None if changing else Severity.MEDIUM,
    )  # fmt: skip


def _by_default(route: Route, operation: Operation, facts: Facts) -> bool:
    """Whether nothing of the project's own asks in front of a view of REST framework, whose default
    lets everybody in."""
    return (
        route.kind == "rest_framework"
        and facts.open_by_default
        and not any(map(asks, operation.guards))
    )


_Defect = tuple[str, str, Place | None, bool, object]


def dead_guard(matrix: Matrix, facts: Facts) -> Iterator[Seen]:
    """A guard that never runs, or lets everybody through; of one that stands at one place and is dead
    at many routes, such as an admin's, the first."""
    found: dict[_Defect, list[tuple[Route, tuple[Operation, ...]]]] = {}
    for route in matrix.routes:
        by_guard: dict[tuple[str, str, Place | None], list[Operation]] = {}
        for operation in route.operations:
            for guard in dict.fromkeys(operation.guards):
                if guard.dead:
                    key = guard.name, guard.dead, guard.place
                    by_guard.setdefault(key, []).append(operation)
        for (name, why, place), operations in by_guard.items():
            open_ = any(map(open_to_strangers, operations))
            if open_ and is_public(route, facts):
                continue
            if open_ or any(_matters(each, name) for each in operations):
                where: object = place or (route.pattern, route.view)
                group = found.setdefault((name, why, place, open_, where), [])
                group.append((route, tuple(operations)))
    for (name, why, place, open_, _), group in found.items():
        route, operations_ = group[0]
        then = "so anybody gets in" if open_ else f"so it is {said(operations_[0])}"
        others = f" and {len(group) - 1} more routes" if len(group) > 1 else ""
        yield Seen(
            DEAD_GUARD,
            f"{asked(route, operations_)}{others}: {name} does nothing, {then}: {why}",
            route, operations_, place if isinstance(place, Place) else None,
            Severity.HIGH if open_ else Severity.LOW,
        )  # fmt: skip


def _matters(operation: Operation, name: str) -> bool:
    """Whether a dead guard would let fewer people in than those who get in now."""
    guard = next(each for each in operation.guards if each.name == name and each.dead)
    wanted = worded(guard.demands, guard.permissions, guard.any_of)
    return narrower(wanted, said(operation))


def csrf_exempt(matrix: Matrix, facts: Facts) -> Iterator[Seen]:
    """No CSRF check where the cookie says who asks. The frameworks of APIs exempt every view, and
    check by themselves where they take the cookie."""
    for route in matrix.routes:
        if route.kind in CHECKS_BY_ITSELF:
            continue
        exempt = tuple(
            each for each in route.operations
            if each.csrf_exempt and each.changes and each.session is True
            and closed_to_strangers(each) and each.reach is not Reach.NOBODY
        )  # fmt: skip
        if exempt:
            message = f"{asked(route, exempt)} is csrf_exempt, and asks the session cookie: {said(exempt[0])}"
            yield Seen(CSRF_EXEMPT, message, route, exempt)


# -- one beside the other --------------------------------------------------------------------------


def unequal_routes(matrix: Matrix, facts: Facts) -> Iterator[Seen]:
    """The project's own view behind two patterns, of which one is closed and the other open. A
    generic view of Django is made anew for each pattern."""
    by_view: dict[tuple[str, str, str], list[tuple[Route, Operation]]] = {}
    for route, operation in each_operation(matrix):
        if route.own and not route.view.startswith("django."):
            key = (route.view, operation.handler or operation.action, operation.method)
            by_view.setdefault(key, []).append((route, operation))
    for found in by_view.values():
        closed = [(route, each) for route, each in found if closed_to_strangers(each)]
        for route, each in found:
            if closed and open_to_strangers(each) and not is_public(route, facts):
                other, guarded = closed[0]
                yield Seen(
                    UNEQUAL,
                    f"{asked(route, (each,))} is open, and /{other.pattern}, which is the same view, is "
                    f"{said(guarded)}",
                    route, (each,),
                )  # fmt: skip


def open_detail(matrix: Matrix, facts: Facts) -> Iterator[Seen]:
    """A list is closed, and the page of one of its items is not."""
    lists = {
        route.pattern.rstrip("$"): route for route in matrix.routes
        if any(each.method in ("GET", "*") and closed_to_strangers(each) for each in route.operations)
    }  # fmt: skip
    for route in matrix.routes:
        above = lists.get(_above(route.pattern))
        open_ = tuple(each for each in route.operations
                      if each.method in ("GET", "*") and open_to_strangers(each))  # fmt: skip
        if above is None or not open_ or above.app != route.app or is_public(route, facts):
            continue
        if not any(guard.dead for each in open_ for guard in each.guards) and route.own:
            guarded = next(each for each in above.operations if closed_to_strangers(each))
            yield Seen(
                DETAIL_OPEN,
                f"{asked(route, open_)} is open, while /{above.pattern} is {said(guarded)}",
                route, open_,
            )  # fmt: skip


def _above(pattern: str) -> str:
    """The pattern without its last part, if that is a converter: "orders/<int:pk>/" → "orders/"."""
    trimmed = pattern.rstrip("$").rstrip("/")
    head, slash, last = trimmed.rpartition("/")
    return head + slash if slash and last.startswith("<") and last.endswith(">") else "\n"


# -- what a route hands out ------------------------------------------------------------------------

_TOOLS = ("debug_toolbar.", "silk.", "django_browser_reload.", "explorer.", "sqlexplorer.", "pympler.",
          "django_extensions.")  # fmt: skip
_DESCRIPTIONS = ("drf_spectacular.", "drf_yasg.", "rest_framework.schemas.", "rest_framework.documentation.",
                 "ninja.openapi.", "django.contrib.admindocs.")  # fmt: skip
_FILES = "django.views.static.serve"


def debug_routes(matrix: Matrix, facts: Facts) -> Iterator[Seen]:
    """Tools of developers, and descriptions of an API, in the routes of production."""
    for route in matrix.routes:
        open_ = tuple(each for each in route.operations if open_to_strangers(each))
        if not open_ or route.when or is_public(route, facts):
            continue
        if route.view.startswith(_TOOLS):
            yield Seen(DEBUG_ROUTE, f"/{route.pattern} is {route.view}", route, open_)
        elif route.view.startswith(_DESCRIPTIONS):
            yield Seen(DOCUMENTATION, f"/{route.pattern} is {route.view}", route, open_)


def open_media(matrix: Matrix, facts: Facts) -> Iterator[Seen]:
    """Files that Django itself hands out, in every case."""
    for route in matrix.routes:
        if route.view != _FILES or route.when or is_public(route, facts):
            continue
        open_ = tuple(each for each in route.operations if open_to_strangers(each))
        if open_ and "static" not in _words(route):
            yield Seen(MEDIA, f"/{route.pattern} is {_FILES}, with no guard", route, open_)


_THROTTLES = ("axes", "defender", "django_ratelimit", "ratelimit", "brutebuster")
_FACTORS = (
    "django_otp",
    "two_factor",
    "allauth",
    "mfa",
    "kagi",
    "multifactor",
    "mozilla_django_oidc",
)


def bare_admin(matrix: Matrix, facts: Facts) -> Iterator[Seen]:
    """An admin with Django's own login, and nothing that slows down or asks for more."""
    if facts.hints is None or any(map(facts.hints, (*_THROTTLES, *_FACTORS))):
        return
    for route in matrix.routes:
        if "…" in route.pattern or not route.exact:
            continue  # An earlier route may have its pattern, as one that is known in part can't tell.
        if route.view.endswith("AdminSite.login") and route.view.startswith("django.contrib.admin"):
            yield Seen(ADMIN, f"/{route.pattern} takes as many passwords as anybody sends", route,
                       route.operations)  # fmt: skip


# -- permissions -----------------------------------------------------------------------------------


def no_such_permission(matrix: Matrix, facts: Facts) -> Iterator[Seen]:
    """A permission that no model defines: only superusers have it."""
    if facts.permissions is None:
        return
    first: dict[str, tuple[Route, Operation, Guard]] = {}
    for route, operation in each_operation(matrix):
        for guard in operation.guards:
            for name in guard.permissions if asks(guard) else ():
                if name not in facts.permissions and guard.place is not None:
                    first.setdefault(name, (route, operation, guard))
    for name, (route, operation, guard) in first.items():
        message = f"{asked(route, (operation,))} asks for {name}, which no model defines"
        yield Seen(NOBODY_HAS, message, route, (operation,), guard.place)


def unused_permission(matrix: Matrix, facts: Facts) -> Iterator[Seen]:
    """A permission that a model defines beside the usual four, and no route asks for. Only where
    every route is known, and every guard understood."""
    if facts.permissions is None:
        return
    vague = (each.reach in (Reach.CUSTOM, Reach.UNKNOWN) for _, each in each_operation(matrix))
    if any(vague) or any(route.unresolved for route in matrix.routes):
        return
    used = {name for _, each in each_operation(matrix) for guard in each.guards for name in guard.permissions}  # fmt: skip
    for name in sorted(facts.custom_permissions - used):
        yield Seen(ORPHAN, f"{name} is defined, and no route asks for it")


def login_loop(matrix: Matrix, facts: Facts) -> Iterator[Seen]:
    """Guards that send who is logged in, but lacks a permission, to the login page: all in one."""
    found: dict[Place, tuple[Route, Operation]] = {}
    for route, operation in each_operation(matrix):
        for guard in operation.guards:
            if guard.place is not None and asks(guard) and guard.answer == "redirect" \
                    and guard.demands is Reach.PERMISSION and guard.layer == "wrapper":  # fmt: skip
                found.setdefault(guard.place, (route, operation))
    if found:
        place, (route, operation) = next(iter(found.items()))
        guards = "1 guard redirects" if len(found) == 1 else f"{len(found)} guards redirect"
        message = f"{guards} who lacks the permission, such as that of {asked(route, (operation,))}"
        yield Seen(LOOP, message, route, (operation,), place)


def ownerless_lookup(matrix: Matrix, facts: Facts) -> Iterator[Seen]:
    """An object of a model that is some user's, looked up by what the request says, in a view for
    whoever is logged in. The shorter the way to the user, the likelier."""
    for route in matrix.routes:
        for operation in route.operations:
            if operation.reach is not Reach.AUTHENTICATED:
                continue
            owned = sorted((each for each in operation.lookups if each.owners),
                           key=lambda each: min(name.count("__") for name in each.owners))  # fmt: skip
            if owned:
                lookup = owned[0]
                nearest = min(lookup.owners, key=lambda name: name.count("__"))
                yield Seen(
                    OWNERLESS,
                    f"/{route.pattern} takes {lookup.model} by {lookup.by or 'its number'}, with nothing of "
                    f"request.user; its {nearest} is a user",
                    route, (operation,), lookup.place,
                    Severity.MEDIUM if "__" not in nearest else Severity.LOW,
                )  # fmt: skip


LOOKS: tuple[Callable[[Matrix, Facts], Iterator[Seen]], ...] = (
    proved_open, proved_foreign, open_change, framework_default, dead_guard, csrf_exempt,
    unequal_routes, open_detail, debug_routes, open_media, bare_admin, no_such_permission,
    unused_permission, login_loop, ownerless_lookup,
)  # fmt: skip
"""Each sees one kind of weakness, or two that are found alike."""
