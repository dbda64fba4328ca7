"""What middleware demands of every request, before any view: that of Django, and a project's own."""

from __future__ import annotations

import ast

from hardango.access.bodies import Lookup, entering, guards_in
from hardango.access.decorators import Decorators, Where
from hardango.access.guards import MIDDLEWARE, guard
from hardango.access.names import named
from hardango.access.sources import Found, Sources, defined
from hardango.findings import Place
from hardango.matrix import Guard, Reach
from hardango.settings.outcomes import Settings

_BEFORE = ("process_request", "process_view")


class Middleware:
    """The guards in MIDDLEWARE: `everywhere` are met by every request, `login` is what is met
    where a view does not say that it is public."""

    def __init__(
        self, sources: Sources, decorators: Decorators, lookup: Lookup, settings: Settings
    ) -> None:
        self.sources, self.decorators, self.lookup = sources, decorators, lookup
        self.everywhere: list[Guard] = []
        self.login: list[Guard] = []
        if "MIDDLEWARE" not in settings:
            return
        for outcome in settings["MIDDLEWARE"].outcomes[:1]:
            names = outcome.value if isinstance(outcome.value, (list, tuple)) else ()
            place = outcome.chain[-1] if outcome.chain else None
            for name in names:
                if isinstance(name, str):
                    self.read(name, place)

    @property
    def all(self) -> tuple[Guard, ...]:
        return (*self.login, *self.everywhere)

    def before(self, public: bool, rest: bool) -> tuple[Guard, ...]:
        """What a request meets on its way to a view; `public` is one that says that nobody has to
        log in for it, as every view of Django REST framework does (`rest`)."""
        told = [
            each for each in self.everywhere if each.demands is not Reach.CUSTOM or about_user(each)
        ]
        return tuple(told if public or rest else [*self.login, *told])

    def read(self, name: str, place: Place | None) -> None:
        table = named(MIDDLEWARE, name)
        if table in MIDDLEWARE:
            self.login.append(guard(MIDDLEWARE[table], table, layer="middleware", place=place))
            return
        found = self.sources.find(name)
        if found is None or found.module.name.startswith("django."):
            return
        for each in self.own(found):
            self.everywhere.append(each._replace(layer="middleware"))

    def own(self, found: Found) -> tuple[Guard, ...]:
        """What a middleware of the project demands."""
        if isinstance(found.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            around = self.decorators.of_function(found.node, Where(found.module), "", 1)
            return around.guards if around is not None else ()
        if not isinstance(found.node, ast.ClassDef):
            return ()
        names, file = self.sources.names(found.module), found.module.shown
        told: list[Guard] = []
        for name in _BEFORE:
            node = defined(found.node, name)
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                told += guards_in(node, names, file, lookup=self.lookup)
        node = defined(found.node, "__call__")
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            inside = entering(node, calls_view, names, file, lookup=self.lookup)
            told += inside[0] if inside is not None else ()
        last = found.dotted.rpartition(".")[2]
        return tuple(
            each._replace(name=last, quote=each.quote or each.name)
            for each in told
            if not each.dead
        )


def calls_view(call: ast.Call) -> bool:
    return "get_response" in ast.unparse(call.func)


def about_user(held: Guard) -> bool:
    """Whether what is not understood of a middleware is about who asks."""
    return "user" in held.quote or "authenticated" in held.quote
