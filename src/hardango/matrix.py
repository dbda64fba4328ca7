"""Routes, guards, roles and who reaches what: plain data that `hardango access` shares with the
renderers.

A route has one operation for each HTTP method that its view answers. An operation has guards, in
the order in which a request meets them, and what they come to is its `reach`.
"""

from __future__ import annotations

import enum

from hardango.findings import Finding, Place
from hardango.light import NamedTuple


class Reach(enum.Enum):
    """Who gets past every guard, the widest first.

    `OBJECT`: only some users, for each object; `TOKEN`: who has a token, a key or a signature;
    `CUSTOM`: a guard that is not understood, and is quoted; `UNKNOWN`: what could not be read.
    Neither of the last two is ever shown as protected.
    """

    ANONYMOUS = "anonymous"
    AUTHENTICATED = "authenticated"
    TOKEN = "token"
    OBJECT = "object"
    PERMISSION = "permission"
    STAFF = "staff"
    SUPERUSER = "superuser"
    NOBODY = "nobody"
    CUSTOM = "custom"
    UNKNOWN = "unknown"


class Guard(NamedTuple):
    """One thing that a view demands before it acts, or seems to.

    `name` is the field's own: "login_required", "LoginRequiredMixin", "IsAuthenticated",
    "AdminSite.admin_view", "LoginRequiredMiddleware", "request.user.is_staff"; `demands` is whom it
    lets through if it runs; `permissions` are Django's ("shop.view_order"), all of them needed
    unless `any_of`. `place` is where the project says it, None if a package does; `quote` its text
    if it is not understood. `dead` is why it never runs, or lets everybody through ("stands after
    View in the bases"), "" for a guard that works: a dead one demands nothing.

    `layer` is "middleware", "wrapper" (around the view), "class" (mixins, permission classes) or
    "body" (a check inside of the view's own code). `answer` is what it does with others:
    "redirect", "401", "403", "404", "" if not known. `fingerprint` is a digest of the source of
    what checks, so that an edited decorator asks for a new review.
    """

    name: str
    demands: Reach
    layer: str = "wrapper"
    permissions: tuple[str, ...] = ()
    any_of: bool = False
    place: Place | None = None
    quote: str = ""
    dead: str = ""
    answer: str = ""
    fingerprint: str = ""


class Cell(NamedTuple):
    """What one role met at one operation: one request, or several.

    `tier` is "gate" (did the body begin?), "body" (what did it answer?) or "ownership" (somebody
    else's object). `result` is "entered", "answered", "open", "denied" or "inconclusive"; `status`
    the HTTP status, 0 if the body was stopped before it answered; `location` where a redirect
    leads. `asked` is the path that was requested, `said` the reason, or what was consulted:
    "is_staff at shop/views.py:75". `verdict` compares it with `reach`: "proven", "refuted" or
    "inconclusive".
    """

    role: str
    tier: str
    result: str
    verdict: str
    status: int = 0
    location: str = ""
    asked: str = ""
    said: str = ""


class Lookup(NamedTuple):
    """A row that a view takes by what the request says, with nothing of the user in the query.

    `model` is "shop.Order", `by` the field it is looked up by ("pk"); `owners` the fields that
    relate the model to a user ("owner", "customer__user"), () if none is known.
    """

    model: str
    by: str = ""
    owners: tuple[str, ...] = ()
    place: Place | None = None


class Operation(NamedTuple):
    """One HTTP method of a route: "GET", "POST", …, or "*" where the view answers any.

    `handler` is the function that acts, with its `place`; `action` the action of a viewset or of
    an admin. `session` tells whether a session cookie is enough to be somebody here (None: not
    known), `csrf_exempt` that no token is asked for. `changes` tells whether the method is meant
    to change something (RFC 9110, 9.2.1). `cells` is the proof, empty without one; `lookups` the
    rows that nothing ties to who asks.
    """

    method: str
    reach: Reach
    permissions: tuple[str, ...] = ()
    any_of: bool = False
    guards: tuple[Guard, ...] = ()
    handler: str = ""
    place: Place | None = None
    action: str = ""
    session: bool | None = None
    csrf_exempt: bool = False
    cells: tuple[Cell, ...] = ()
    lookups: tuple[Lookup, ...] = ()

    @property
    def changes(self) -> bool:
        return self.method not in ("GET", "HEAD", "OPTIONS", "TRACE")


class Route(NamedTuple):
    """One URL pattern with its view.

    `pattern` is the whole pattern as Django joins it ("/" in front is not part of it); `view` the
    dotted name of the view; `app` the label of the app that it belongs to, "" if none; `kind`
    what it is: "view", "admin", "rest_framework", "ninja", "graphql", "static", "websocket",
    "redirect", …. `unresolved` is why it could not be read, "" if it could: then there are no
    operations, and nothing is claimed. `when` are the conditions under which it exists, all of
    them together; `place` is where the pattern stands, `chain` the places that lead to it, its own last; `name` is its name with the
    namespaces ("shop:order"). `exact` is false where a part of the pattern is not known.
    """

    pattern: str
    view: str
    operations: tuple[Operation, ...] = ()
    place: Place | None = None
    name: str = ""
    app: str = ""
    kind: str = "view"
    unresolved: str = ""
    when: tuple[str, ...] = ()
    chain: tuple[Place, ...] = ()
    exact: bool = True

    @property
    def own(self) -> bool:
        """Whether the view is the project's own, rather than a package's that it has put there."""
        here = self.place[:2] if self.place is not None else None
        return any(each.place is not None and each.place[:2] != here for each in self.operations)

    @property
    def seen_at(self) -> Place | None:
        """Where to look: at the view if it is the project's own, else where its pattern stands."""
        places = (*(each.place for each in self.operations), self.place, *self.chain[-1:])
        return next((each for each in places if each is not None), None)


class Role(NamedTuple):
    """Who asks. `anonymous` for nobody; else a user with these flags, permissions ("shop.view_order")
    and groups."""

    name: str
    anonymous: bool = False
    staff: bool = False
    superuser: bool = False
    permissions: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()


ROLES = (
    Role("anonymous", anonymous=True),
    Role("user"),
    Role("staff", staff=True),
    Role("superuser", staff=True, superuser=True),
)
"""The roles that every project has, the weakest first."""


class Model(NamedTuple):
    """A model of the project or a package: its class, "shop.Order", the permissions that Django makes
    of it ("shop.view_order"), those that its Meta names, and the fields that lead to a user."""

    dotted: str
    label: str
    permissions: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    owners: tuple[str, ...] = ()


class Change(NamedTuple):
    """Where the routes and access.toml differ.

    `kind` is "new" (nobody declared it), "weakened", "edited" (the guard is another one, for the
    same users), "changed" (neither weaker nor stronger), "broken" (what is declared no longer
    holds), "strengthened" or "gone"; `fails` whether a review is due. `before` and `after` are who
    reaches it, as `worded` says it, "" for nobody there; `declared` is the line of access.toml,
    `place` where the view is now; `why` a word on it, such as the guard that went.
    """

    kind: str
    pattern: str
    view: str
    methods: tuple[str, ...] = ()
    before: str = ""
    after: str = ""
    declared: Place | None = None
    place: Place | None = None
    why: str = ""
    fails: bool = True


class Matrix(NamedTuple):
    """Every route of a project, and who reaches it.

    `source` is "static" (read, nothing was run) or "loaded" (from the project's own interpreter);
    `middleware` the guards that stand before every view; `findings` what is wrong, one for each
    weakness and operation; `said` what the reader must know of how it was made, a sentence each;
    `proved` whether requests were sent; `changes` how it differs from access.toml, None if the
    two were not compared; `folder` is where the project lies in its repository ("backend/").
    `models` are None where they are not known; `permissions_known` tells whether there are no
    permissions but theirs.
    """

    project: str
    module: str
    source: str
    routes: tuple[Route, ...]
    roles: tuple[Role, ...] = ROLES
    findings: tuple[Finding, ...] = ()
    middleware: tuple[Guard, ...] = ()
    said: tuple[str, ...] = ()
    proved: bool = False
    seconds: float = 0.0
    changes: tuple[Change, ...] | None = None
    folder: str = ""
    models: tuple[Model, ...] | None = None
    permissions_known: bool = False


_NARROWNESS = (
    Reach.ANONYMOUS,
    Reach.AUTHENTICATED,
    Reach.STAFF,
    Reach.PERMISSION,
    Reach.OBJECT,
    Reach.SUPERUSER,
    Reach.NOBODY,
)


def concluded(guards: tuple[Guard, ...]) -> tuple[Reach, tuple[str, ...], bool]:
    """What guards come to, with the permissions that are needed and whether any of them will do.

    Every guard that is not dead has to be passed, so the narrowest counts. A guard that is not
    understood may let everybody through: it counts only where nothing else stands, and so does a
    token, since whoever has one needs no account.
    """
    alive = [each for each in guards if not each.dead]
    understood = [each for each in alive if each.demands in _NARROWNESS]
    narrowest = max(understood, key=lambda each: _NARROWNESS.index(each.demands), default=None)
    if narrowest is None or narrowest.demands is Reach.ANONYMOUS:
        for other in (Reach.UNKNOWN, Reach.CUSTOM, Reach.TOKEN):
            if any(each.demands is other for each in alive):
                return other, (), False
        return Reach.ANONYMOUS, (), False
    if narrowest.demands is not Reach.PERMISSION:
        return narrowest.demands, (), False
    asking = [each for each in understood if each.demands is Reach.PERMISSION]
    if len(asking) == 1:
        return Reach.PERMISSION, asking[0].permissions, asking[0].any_of
    names = sorted({name for each in asking for name in each.permissions})
    return Reach.PERMISSION, tuple(names), False


def worded(reach: Reach, permissions: tuple[str, ...] = (), any_of: bool = False) -> str:
    """Who gets in, in the words of access.toml: "staff", "permission: shop.view_order"."""
    if reach is not Reach.PERMISSION or not permissions:
        return reach.value
    return f"{reach.value}: {(' or ' if any_of else ' and ').join(permissions)}"


def admits(operation: Operation, role: Role) -> bool | None:
    """Whether `role` gets past the guards as they were read; None where that is not known."""
    reach = operation.reach
    if reach in (Reach.CUSTOM, Reach.UNKNOWN, Reach.TOKEN):
        return None
    if reach is Reach.ANONYMOUS:
        return True
    if reach is Reach.NOBODY or role.anonymous:
        return False
    if reach is Reach.AUTHENTICATED:
        return True
    if role.superuser:
        return None if reach is Reach.OBJECT else True
    if reach is Reach.OBJECT:
        return None
    if reach is Reach.PERMISSION:
        held = [name in role.permissions for name in operation.permissions]
        return any(held) if operation.any_of else all(held)
    return role.staff if reach is Reach.STAFF else False
