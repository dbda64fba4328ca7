"""The operations of django-ninja, as the source has them: those of an API and of the routers that are
added to it, each with the way to authenticate that counts for it.

https://django-ninja.dev/guides/authentication/: that of the operation, else of where its router is
added, else of the router, else of what that is added to.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from hardango.access.bodies import Lookup, passing
from hardango.access.decorators import Decorators, Where, argument, combined, texts
from hardango.access.digests import digest
from hardango.access.guards import NINJA_AUTH, either, guard
from hardango.access.linear import attribute, linear, name_of
from hardango.access.names import named
from hardango.access.sources import Found, Module, Sources
from hardango.light import NamedTuple
from hardango.matrix import Guard, Reach

MAX_DEPTH = 6
_METHODS = ("get", "post", "put", "patch", "delete")
_OBJECTS = {
    "django_auth": "SessionAuth",
    "django_auth_is_staff": "SessionAuthIsStaff",
    "django_auth_superuser": "SessionAuthSuperUser",
}


class Auth(NamedTuple):
    """An argument `auth`: None for nobody is asked."""

    node: ast.expr | None
    module: Module


class Made(NamedTuple):
    """One operation: its pattern below the API, its methods, and what stands before it."""

    pattern: str
    methods: tuple[str, ...]
    found: Found
    guards: tuple[Guard, ...]


class Ninja:
    """Reads the APIs of one project."""

    def __init__(self, sources: Sources, decorators: Decorators, lookup: Lookup) -> None:
        self.sources, self.decorators, self.lookup = sources, decorators, lookup

    def api(self, name: str) -> Found | None:
        """The API of a name; None if it is no such one."""
        found = self.sources.find(name)
        if found is None or not isinstance(found.node, ast.Call):
            return None
        made = self.sources.canonical(self.sources.name(found.module, found.node.func))
        return found if made.rpartition(".")[2] == "NinjaAPI" else None

    def operations(self, api: Found, name: str) -> list[Made]:
        assert isinstance(api.node, ast.Call)
        return [*self.below(name, "", self.auth(api.node, api.module), 0)]

    def documents(self, api: Found) -> list[tuple[str, str]]:
        """The pages that describe an API: pattern and view."""
        assert isinstance(api.node, ast.Call)
        given = {each.arg: each.value for each in api.node.keywords if each.arg}
        pages = []
        for name, default, view in (("openapi_url", "/openapi.json", "openapi_json"),
                                    ("docs_url", "/docs", "openapi_view")):  # fmt: skip
            value = given.get(name)
            path = value.value if isinstance(value, ast.Constant) else default
            if path is not None and "docs_decorator" not in given:
                pages.append((str(path).lstrip("/"), f"ninja.openapi.views.{view}"))
        return pages

    def auth(self, call: ast.Call, module: Module) -> Auth | None:
        """What a call says of `auth`; None if it says nothing."""
        for keyword in call.keywords:
            if keyword.arg == "auth":
                node = keyword.value
                if isinstance(node, (ast.Name, ast.Attribute)):
                    last = ast.unparse(node).rpartition(".")[2]
                    if last == "NOT_SET":
                        return None
                return Auth(None if _is_none(node) else node, module)
        return None

    def below(self, name: str, prefix: str, auth: Auth | None, depth: int) -> Iterator[Made]:
        """The operations of an API or a router, and of the routers below it."""
        if depth > MAX_DEPTH:
            return
        for module in self.own_modules():
            for function, call in self.decorated(module, name):
                yield from self.operation(module, function, call, prefix, auth)
        for module in self.own_modules():
            for call in _calls(module, "add_router"):
                assert isinstance(call.func, ast.Attribute)
                if self.name(module, call.func.value) == name:
                    yield from self.added(module, call, prefix, auth, depth)

    def own_modules(self) -> list[Module]:
        return [each for each in self.sources.modules.values() if each is not None and each.shown]

    def name(self, module: Module, node: ast.expr) -> str:
        return self.sources.canonical(self.sources.name(module, node))

    def added(
        self, module: Module, call: ast.Call, prefix: str, auth: Auth | None, depth: int
    ) -> Iterator[Made]:
        given, target = argument(call, 0, "prefix"), argument(call, 1, "router")
        if not isinstance(given, ast.Constant) or target is None:
            return
        text = isinstance(target, ast.Constant) and isinstance(target.value, str)
        name = (
            str(target.value)
            if text and isinstance(target, ast.Constant)
            else self.name(module, target)
        )
        router = self.sources.find(name)
        if router is None:
            return
        own = self.auth(router.node, router.module) if isinstance(router.node, ast.Call) else None
        here = self.auth(call, module)
        told = next((each for each in (here, own, auth) if each is not None), None)
        yield from self.below(router.dotted, f"{prefix}/{given.value!s}", told, depth + 1)

    def decorated(
        self, module: Module, name: str
    ) -> Iterator[tuple[ast.FunctionDef | ast.AsyncFunctionDef, ast.Call]]:
        for node in ast.walk(module.tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                for each in node.decorator_list:
                    if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute):
                        if each.func.attr in (*_METHODS, "api_operation"):
                            if self.name(module, each.func.value) == name:
                                yield node, each

    def operation(
        self, module: Module, function: ast.FunctionDef | ast.AsyncFunctionDef, call: ast.Call,
        prefix: str, auth: Auth | None,
    ) -> Iterator[Made]:  # fmt: skip
        assert isinstance(call.func, ast.Attribute)
        several = call.func.attr == "api_operation"
        path = argument(call, 1 if several else 0, "path")
        if not isinstance(path, ast.Constant):
            return
        methods: tuple[str, ...] = (call.func.attr.upper(),)
        if several:
            given = argument(call, 0, "methods")
            methods = (texts(given) if given is not None else None) or ()
        own = self.auth(call, module)
        told = own if own is not None else auth
        others = [each for each in function.decorator_list if each is not call]
        around = self.decorators.all(others, Where(module), methods[0] if methods else "")
        guards = (*self.authenticated(told), *around.guards)
        found = Found(module, function, f"{module.name}.{function.name}")
        yield Made(_pattern(f"{prefix}/{path.value!s}"), methods, found, guards)

    # -- authentication --

    def authenticated(self, auth: Auth | None) -> tuple[Guard, ...]:
        """What one or several ways to authenticate demand: one of them has to succeed."""
        if auth is None or auth.node is None:
            return ()
        node = self.decorators.value(auth.node, Where(auth.module))[0]
        nodes = node.elts if isinstance(node, (ast.List, ast.Tuple)) else [auth.node]
        told = [self.one(each, auth.module) for each in nodes]
        if not told:
            return ()
        whole = told[0]
        for other in told[1:]:
            whole = either(whole, other)
        return (whole._replace(layer="class", place=auth.module.place(auth.node)),)

    def one(self, node: ast.expr, module: Module) -> Guard:
        target = node.func if isinstance(node, ast.Call) else node
        name = self.name(module, target)
        last = name.rpartition(".")[2]
        if name.startswith("ninja.") and last in _OBJECTS:
            name = f"ninja.security.session.{_OBJECTS[last]}"
            return guard(NINJA_AUTH[name], name)
        known = named(NINJA_AUTH, name)
        if known in NINJA_AUTH:
            return guard(NINJA_AUTH[known], known)
        found = self.sources.find(name)
        if found is None:
            return Guard(
                last or "auth", Reach.CUSTOM, quote=" ".join(ast.unparse(node).split())[:80]
            )
        if isinstance(found.node, ast.expr):
            return self.one(found.node, found.module) if found.node is not node else (
                Guard(last, Reach.CUSTOM, quote=last))  # fmt: skip
        return self.own(found, last)

    def own(self, found: Found, last: str) -> Guard:
        """A way to authenticate of the project's own: a class or a function."""
        function: ast.AST = found.node
        if isinstance(found.node, ast.ClassDef):
            order = linear(self.sources, found)
            for each in order:
                known = named(NINJA_AUTH, name_of(each))
                if known in NINJA_AUTH and NINJA_AUTH[known].demands is Reach.TOKEN:
                    return guard(NINJA_AUTH[known], f"auth.{last}")
            held = attribute(order, "authenticate") or attribute(order, "__call__")
            if held is None:
                return Guard(last, Reach.CUSTOM, quote=found.dotted)
            function = held[1]
        if not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return Guard(last, Reach.CUSTOM, quote=found.dotted)
        told = passing(function, self.sources.names(found.module), found.module.shown,
                       lookup=self.lookup)  # fmt: skip
        return combined(told, last, None, "401", digest(function))[0]


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _calls(module: Module, name: str) -> Iterator[ast.Call]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            if node.func.attr == name:
                yield node


def _pattern(path: str) -> str:
    """`/rows/{int:row}` as Django has it."""
    joined = re.sub(r"/+", "/", path).lstrip("/")
    return re.sub(r"\{([^}]*)\}", r"<\1>", joined)
