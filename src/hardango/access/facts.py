"""From what a loaded project tells of its routes to who reaches them.

The facts are those of `child/hardango_routes.py`: layers by code object, classes in the order of
their MRO, permissions as the live view asks them. Nothing is run here.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator
from typing import Any

from hardango.access.admins import admin_guards, page_guards
from hardango.access.bodies import Callee, entering, guards_in, passing
from hardango.access.code import Code, Codes, Facts
from hardango.access.digests import digest
from hardango.access.guards import (
    DECORATORS,
    HARMLESS,
    MIDDLEWARE,
    NINJA_AUTH,
    Known,
    either,
    guard,
)
from hardango.access.middleware import about_user, calls_view
from hardango.access.mro import FRAMEWORKS, Base, Definition, View, chain, class_guards, shown
from hardango.access.owned import asks_objects, called, object_guards
from hardango.access.rest import Asked, Permission, rest_guards
from hardango.findings import Place
from hardango.light import NamedTuple
from hardango.matrix import Guard, Operation, Reach, Route, concluded

_REQUIRE = "django.views.decorators.http.require_http_methods"
_PASSES = ("django.contrib.auth.decorators.user_passes_test", "wagtail.admin.auth.user_passes_test")
_ADMIN_VIEW = "django.contrib.admin.sites.AdminSite.admin_view"
_CHOOSES = "its view cannot be told"


class Front(NamedTuple):
    """What stands before the end of a route: its guards in order, and the methods that are let
    through, None for all."""

    guards: tuple[Guard, ...] = ()
    methods: tuple[str, ...] | None = None


class Concluding:
    """The facts of one project, and what they come to."""

    def __init__(self, facts: Facts, shown: Callable[[str], str]) -> None:
        self.facts = facts
        self.codes = Codes(facts, shown)
        self.made: dict[int, Base] = {}
        self.seeing: dict[int, tuple[Base, ...]] = {}
        self.callees: dict[str, Callee | None] = {}
        self.passed: dict[str, tuple[Guard, ...]] = {}
        self.apps = sorted(facts["apps"], key=lambda each: -len(each[1]))

    # -- routes --

    def route(self, told: Facts) -> Route:
        kind, view = "view", told["view"]
        operations: tuple[Operation, ...] = ()
        layers = told["layers"]
        unresolved = told["unresolved"]
        if not unresolved and layers:
            ahead = self.middleware(told)
            kind, operations, view = self.ended(told, layers, ahead)
        elif not unresolved:
            unresolved = _CHOOSES
        return Route(
            told["pattern"], view, operations, name=told["name"], app=self.app(view),
            kind=kind, unresolved=unresolved,
        )  # fmt: skip

    def app(self, view: str) -> str:
        for label, name in self.apps:
            if view == name or view.startswith(name + "."):
                return str(label)
        return ""

    def ended(
        self, told: Facts, layers: list[Facts], ahead: tuple[Guard, ...]
    ) -> tuple[str, tuple[Operation, ...], str]:
        *outer, end = layers
        admin = next((each["admin"] for each in layers if "admin" in each), None)
        view = told["view"]
        if end["kind"] == "class":
            operations = tuple(self.of_class(told, outer, end, ahead))
            kind = self.kind_of_class(end)
        elif end["kind"] == "ninja":
            view = self.named(end["operations"][0]["layers"][-1], view)
            return "ninja", tuple(self.of_ninja(told, outer, end, ahead)), view
        elif end["kind"] == "function":
            view = self.named(end, view)
            kind = (
                "static" if view.endswith(("static.serve", "staticfiles.views.serve")) else "view"
            )
            operations = tuple(self.of_function(told, outer, end, ahead, admin))
        else:
            unknown = Guard("?", Reach.UNKNOWN, quote=end.get("why", ""))
            operations = (self.operation(told, "*", (*ahead, unknown)),)
            kind = "view"
        return "admin" if admin or self.is_admin(outer) else kind, operations, view

    def named(self, end: Facts, otherwise: str) -> str:
        """The dotted name of a view by its code, which no wrapper changes."""
        return self.codes[end["code"]].factory if "code" in end else otherwise

    def is_admin(self, outer: list[Facts]) -> bool:
        return any(
            each["kind"] == "function" and ".AdminSite." in self.codes[each["code"]].factory
            for each in outer
        )

    def kind_of_class(self, end: Facts) -> str:
        names = {each.name for each in self.bases(end["class"])}
        if "rest_framework.views.APIView" in names:
            return "rest_framework"
        if any(each.endswith(("GraphQLView", "AsyncGraphQLView")) for each in names):
            return "graphql"
        return "redirect" if "django.views.generic.base.RedirectView" in names else "view"

    def operation(
        self,
        told: Facts,
        method: str,
        guards: tuple[Guard, ...],
        end: Code | None = None,
        action: str = "",
        session: bool | None = None,
    ) -> Operation:
        reach, permissions, any_of = concluded(guards)
        place = None
        if end is not None and end.file:
            line = end.function.lineno if end.function is not None else end.line
            place = Place(end.file, line)
        return Operation(
            method, reach, permissions, any_of, guards,
            handler=end.factory if end is not None else "", place=place, action=action,
            session=self.facts["sessions"] if session is None else session,
            csrf_exempt=told.get("csrf_exempt", False) or not self.facts["csrf"],
        )  # fmt: skip

    # -- functions --

    def of_function(
        self, told: Facts, outer: list[Facts], end: Facts, ahead: tuple[Guard, ...], admin: Any
    ) -> Iterator[Operation]:
        code = self.codes[end["code"]]
        methods = self.front(outer, "").methods
        if methods is None:
            methods = ("*",) if not self.by_method(outer, code, admin) else ("GET", "POST")
        for method in methods:
            asked = "" if method == "*" else method
            guards = (*ahead, *self.front(outer, asked).guards)
            if admin and admin["class"] is not None:
                bases = self.bases(admin["class"])
                guards = (*guards, *page_guards(bases, code.name, admin["model"], asked))
            if not code.factory.startswith(FRAMEWORKS):
                guards = (*guards, *self.inside(end, asked))
            yield self.operation(told, method, guards, code)

    def by_method(self, outer: list[Facts], code: Code, admin: Any) -> bool:
        """Whether what is demanded may differ between methods."""
        if admin and admin["class"] is not None and code.name in ("change_view", "add_view"):
            return True
        codes = [code, *(self.codes[each["code"]] for each in outer if "code" in each)]
        return any(
            isinstance(each, ast.Attribute) and each.attr == "method"
            for one in codes
            if one.function is not None and not one.factory.startswith("django.")
            for each in ast.walk(one.function)
        )

    def inside(self, end: Facts, method: str) -> tuple[Guard, ...]:
        """The guards in the code of a view."""
        code = self.codes[end["code"]]
        if code.whole is None:
            return ()
        bases = self.bases(end["bound"]) if end.get("bound") is not None else ()
        found = guards_in(
            code.whole, code.names, code.file, method=method, lookup=self.lookup(bases)
        )
        return tuple(shown(each, code.file) for each in found)

    # -- layers --

    def front(self, layers: list[Facts], method: str, layer: str = "wrapper") -> Front:
        """What the layers around a view demand."""
        found: list[Guard] = []
        methods: tuple[str, ...] | None = None
        for each in layers:
            if each["kind"] == "unread":
                found.append(Guard("?", Reach.UNKNOWN, layer, quote=each["why"]))
                continue
            code = self.codes[each["code"]]
            if code.factory == _REQUIRE:
                held = _texts(each["cells"].get("request_method_list"))
                methods = (
                    held if methods is None else tuple(m for m in methods if m in (held or ()))
                )
                continue
            found += self.of_layer(each, code, method)
        return Front(tuple(each._replace(layer=layer) for each in found), methods)

    def of_layer(self, layer: Facts, code: Code, method: str) -> Iterator[Guard]:
        cells = layer["cells"]
        if "through" in layer:
            yield from self.through(layer["through"], method)
            return
        if code.factory in _PASSES:
            yield from self.test(
                cells.get("test_func", cells.get("test")), DECORATORS[code.factory]
            )
        elif code.factory == _ADMIN_VIEW:
            yield from self.admin(cells.get("self"))
        elif code.factory in DECORATORS:
            known = DECORATORS[code.factory]
            yield guard(known, code.factory, method, _permissions(known, cells))
        elif code.factory not in HARMLESS and code.whole is not None:
            bases = self.bases(layer["bound"]) if layer.get("bound") is not None else ()
            yield from self.own_wrapper(code, method, bases, layer.get("inner"))

    def own_wrapper(
        self, code: Code, method: str, bases: tuple[Base, ...], inner: str | None
    ) -> Iterator[Guard]:
        """A decorator that is not known: what its code demands before it calls the view."""
        assert code.whole is not None
        name = code.factory.rpartition(".")[2]
        if name == "__call__":
            name = code.factory.split(".")[-2]
        mark = digest(code.whole)
        lookup = self.lookup(bases)

        def enters(call: ast.Call) -> bool:
            return any(ast.unparse(each) == inner for each in (call.func, *call.args))

        told = entering(code.whole, enters, code.names, code.file, method=method, lookup=lookup)
        if told is None:
            found = guards_in(code.whole, code.names, code.file, method=method, lookup=lookup)
        else:
            found = told[0]
        for each in found:
            yield shown(each, code.file)._replace(name=f"{name}: {each.name}", fingerprint=mark)

    def through(self, told: Facts, method: str) -> Iterator[Guard]:
        """A decorator that is put on as the request comes: `admin_view(view)(request)`."""
        held = told.get("function") if isinstance(told, dict) else None
        if not held:
            yield Guard("?", Reach.CUSTOM, quote="a decorator that is put on as the request comes")
            return
        code = self.codes[held["code"]]
        if code.name == "admin_view" and held["bound"] is not None:
            yield from self.admin({"type": held["bound"]})
        elif code.factory in DECORATORS:
            yield guard(DECORATORS[code.factory], code.factory, method, None)
        elif code.factory not in HARMLESS:
            yield Guard(code.name, Reach.CUSTOM, quote=f"{code.factory}()")

    def admin(self, told: Any) -> Iterator[Guard]:
        site = told.get("type") if isinstance(told, dict) else None
        if site is None:
            yield Guard(
                "AdminSite.admin_view", Reach.CUSTOM, quote="an admin site that is not known"
            )
        else:
            yield from admin_guards(self.bases(site))

    def test(self, told: Any, known: Known) -> Iterator[Guard]:
        """What the function of a `user_passes_test` demands."""
        if not isinstance(told, dict) or not (told.get("function") or "type" in told):
            yield Guard("user_passes_test", Reach.CUSTOM, quote="a test that is not known")
            return
        if "type" in told:
            call = chain(self.bases(told["type"]), "__call__").effective
            function = call.function if call is not None else None
            name = told["object"]
            if function is None or call is None or not call.file:
                yield Guard("user_passes_test", Reach.CUSTOM, quote=f"{name} object")
                return
            code = Code(name, name, function.lineno, function, call.names, call.file)
        else:
            code = self.codes[told["function"]["code"]]
            if code.factory in DECORATORS and code.factory not in _PASSES:
                named = DECORATORS[code.factory]
                permissions = _permissions(named, told["function"]["cells"])
                yield guard(named, code.factory, permissions=permissions)
                return
        yield from self.own_test(code, known, "user_passes_test")

    def own_test(self, code: Code, known: Known, name: str) -> Iterator[Guard]:
        if code.function is None:
            yield Guard(name, Reach.CUSTOM, quote=f"{code.factory}()", answer=known.answer)
            return
        arguments = [each.arg for each in code.function.args.args if each.arg != "self"]
        users = frozenset(arguments[:1]) - {"request"}
        mark = digest(code.function)
        for each in passing(
            code.function, code.names, code.file, lookup=self.lookup(), users=users
        ):
            yield shown(each, code.file)._replace(
                name=f"{name}: {each.name}", answer=known.answer, fingerprint=mark
            )

    # -- classes --

    def bases(self, number: int) -> tuple[Base, ...]:
        """The classes of one, in their order, whose methods find each other."""
        if number not in self.seeing:
            bases = tuple(self.base(each) for each in self.facts["classes"][number]["mro"])
            self.seeing[number] = ()  # what asks for it meanwhile needs none
            find = self.lookup(bases)
            self.seeing[number] = tuple(
                each._replace(methods={name: method._replace(lookup=find)
                                       for name, method in each.methods.items()})
                for each in bases
            )  # fmt: skip
        return self.seeing[number]

    def base(self, number: int) -> Base:
        if number not in self.made:
            told = self.facts["classes"][number]
            methods: dict[str, Definition] = {}
            self.made[number] = Base(told["name"], methods)
            for name, method in told["methods"].items():
                methods[name] = self.definition(told, method)
        return self.made[number]

    def definition(self, cls: Facts, told: Facts) -> Definition:
        owner = cls["name"]
        if told["jumps"] is not None:
            return Definition(owner, jumps=self.facts["classes"][told["jumps"]]["name"])
        *outer, end = told["layers"] or [{"kind": "unread", "why": "it has no code"}]
        code = self.codes[end["code"]] if end["kind"] == "function" else None
        if code is None:
            return Definition(owner)
        guards = self.front(outer, "", "class").guards
        written = code.factory.rpartition(".")[0]
        if written != owner and any(
            self.facts["classes"][each]["name"] == written for each in cls["mro"]
        ):
            return Definition(owner, guards=guards, jumps=written)
        return Definition(owner, code.whole, code.names, code.file, guards, lookup=self.lookup())

    def view(self, end: Facts) -> View:
        values = end.get("values", {})
        return View(self.bases(end["class"]), lambda name: _texts(values.get(name)),
                    lambda name: bool(values.get(name)))  # fmt: skip

    def of_class(
        self, told: Facts, outer: list[Facts], end: Facts, ahead: tuple[Guard, ...]
    ) -> Iterator[Operation]:
        view = self.view(end)
        allowed = self.front(outer, "").methods
        for name, action in (end.get("methods") or {"*": ""}).items():
            method = name.upper()
            if allowed is not None and method not in allowed and method != "*":
                continue
            asked = "" if method == "*" else method
            guards = [*ahead, *self.front(outer, asked).guards]
            session = None
            if "asks" in end:
                told_of = end["asks"].get(name, {"failed": "there is no such method"})
                guards += class_guards(
                    view, asked, action, self.rest(view, end, told_of, asked, action)
                )
                session = told_of.get("sessions")
            else:
                guards += class_guards(view, asked, action)
            guards += object_guards(view, action or asked.lower())
            if end.get("own"):
                guards.append(
                    Guard(
                        "as_view", Reach.CUSTOM, quote="an as_view() of its own decides what runs"
                    )
                )
            acting = chain(view.bases, action).effective
            code = None
            if acting is not None and acting.function is not None:
                factory = f"{view.bases[0].name}.{action}"
                code = Code(
                    factory, action, acting.function.lineno, acting.function, file=acting.file
                )
            shown_action = action if action and action != name else ""
            yield self.operation(told, method, tuple(guards), code, shown_action, session)

    def rest(
        self, view: View, end: Facts, asks: Facts, method: str, action: str
    ) -> tuple[Guard, ...]:
        if "failed" in asks:
            said = f"its permissions cannot be asked for: {asks['failed']}"
            return (Guard("get_permissions", Reach.UNKNOWN, "class", quote=said),)
        asked = Asked(method, end.get("model", ""), asks_objects(view.bases, action))
        trees = tuple(self.permission(each) for each in asks["permissions"])
        found = rest_guards(view, trees, asked)
        own = chain(view.bases, "get_permissions").effective
        if own is not None and own.file and own.function is not None and _names_user(own.function):
            said = "get_permissions() looks at who asks"
            found = (*found, Guard("get_permissions", Reach.CUSTOM, "class",
                                   place=Place(own.file, own.function.lineno), quote=said))  # fmt: skip
        return found

    def permission(self, told: Facts) -> Permission:
        if told["operator"]:
            parts = tuple(self.permission(each) for each in told["parts"])
            return Permission(operator=told["operator"], parts=parts)
        required = None if told["required"] is None else tuple(told["required"])
        return Permission(self.bases(told["class"]), own_map=told["own_map"], required=required)

    # -- django-ninja --

    def of_ninja(
        self, told: Facts, outer: list[Facts], end: Facts, ahead: tuple[Guard, ...]
    ) -> Iterator[Operation]:
        for each in end["operations"]:
            *around, body = each["layers"]
            for method in each["methods"]:
                guards = [*ahead, *self.front(outer, method).guards]
                auth = [self.authentication(one) for one in each["auth"]]
                if auth:
                    joined = auth[0]
                    for other in auth[1:]:
                        joined = either(joined, other)
                    guards.append(joined._replace(layer="class"))
                if each["own"]:
                    name = f"{each['own']}.run"
                    guards.append(Guard(name, Reach.UNKNOWN, "class", quote="it is not ninja's"))
                guards += self.front(around, method).guards
                guards += self.inside(body, method)
                code = self.codes[body["code"]]
                yield self.operation(told, method, tuple(guards), code)

    def authentication(self, told: Facts) -> Guard:
        """One way to authenticate an operation of ninja."""
        if "type" in told:
            bases = self.bases(told["type"])
            name = bases[0].name
            own = chain(bases, "authenticate").effective
            if own is not None and own.owner in NINJA_AUTH:
                return guard(NINJA_AUTH[own.owner], name)
            known = next((NINJA_AUTH[each.name] for each in bases if each.name in NINJA_AUTH), None)
            if known is not None and known.demands is Reach.TOKEN:
                return guard(known, name)
            if own is None or own.function is None:
                return Guard(name.rpartition(".")[2], Reach.CUSTOM, quote=name)
            code = Code(name, name.rpartition(".")[2], own.function.lineno, own.function,
                        own.names, own.file)  # fmt: skip
        elif told.get("function"):
            code = self.codes[told["function"]["code"]]
        else:
            return Guard("auth", Reach.CUSTOM, quote=str(told.get("object", "auth")))
        found = list(self.own_test(code, Known(Reach.CUSTOM, answer="401"), code.name))
        alive = [each for each in found if not each.dead] or found
        return alive[0] if len(alive) == 1 else Guard(code.name, Reach.CUSTOM, quote=code.factory)

    # -- channels --

    def socket(self, told: Facts) -> Route:
        """A route of Channels. What its consumer demands is not understood: it answers frames."""
        if told.get("unresolved") or told["class"] is None:
            why = told.get("unresolved") or _CHOOSES
            return Route(told["pattern"], told["view"], kind="websocket", unresolved=why)
        own = chain(self.bases(told["class"]), "connect").effective
        found = (Guard("connect()", Reach.UNKNOWN, "body", quote="a consumer of Channels"),)
        code = None
        if own is not None and own.function is not None:
            code = Code(
                f"{told['view']}.connect",
                "connect",
                own.function.lineno,
                own.function,
                file=own.file,
            )
        operation = self.operation({}, "WEBSOCKET", found, code)
        return Route(told["pattern"], told["view"], (operation,), name=told["name"],
                     app=self.app(told["view"]), kind="websocket")  # fmt: skip

    def said(self) -> Iterator[str]:
        """What a reader must know of it."""
        graphs = [each for each in self.facts["routes"]
                  for end in each["layers"][-1:] if end["kind"] == "class"
                  and self.kind_of_class(end) == "graphql"]  # fmt: skip
        if graphs:
            yield "the operations of a GraphQL endpoint are not looked at, only its one route"
        failed = [each for each in self.facts["middleware"] if "failed" in each]
        for each in failed:
            yield f"the middleware {each['name']} does not load: {each['failed']}"

    # -- in front of every view --

    def middleware(self, told: Facts) -> tuple[Guard, ...]:
        return tuple(
            each for one in self.facts["middleware"] for each in self.of_middleware(one, told)
        )

    def of_middleware(self, one: Facts, told: Facts) -> Iterator[Guard]:
        name = one["name"]
        if "class" not in one:
            if "layers" in one and not name.startswith("django."):
                for each in self.front(one["layers"], "", "middleware").guards:
                    yield each._replace(name=f"{name.rpartition('.')[2]}: {each.name}")
            return
        bases = self.bases(one["class"])
        known = next((each.name for each in bases if each.name in MIDDLEWARE), None)
        own = chain(bases, "process_view").effective
        if known is not None and own is not None and own.owner == known:
            exempt = (
                told.get("public")
                if known.startswith("stronghold")
                else not told.get("login_required", True)
            )
            if not exempt:
                yield guard(MIDDLEWARE[known], name, layer="middleware")
        elif not name.startswith("django."):
            if name not in self.passed:
                self.passed[name] = tuple(self.own_middleware(bases))
            yield from self.passed[name]

    def own_middleware(self, bases: tuple[Base, ...]) -> Iterator[Guard]:
        """What a middleware that is not known demands; what a method of it demands on some ways is
        quoted."""
        label = bases[0].name.rpartition(".")[2]
        for name in ("process_request", "process_view", "__call__"):
            own = chain(bases, name).effective
            if own is None or own.function is None or own.owner.startswith("django."):
                continue
            inside = entering(own.function, calls_view, own.names, own.file, lookup=own.lookup)
            if inside is not None:
                found = inside[0]
            elif name == "__call__":
                found = ()
            else:
                found = guards_in(own.function, own.names, own.file, lookup=own.lookup)
            for each in (*found, *self.helping(bases, name)):
                if each.dead or (each.demands is Reach.CUSTOM and not about_user(each)):
                    continue
                yield shown(each, own.file)._replace(
                    name=f"{label}: {each.name}", layer="middleware"
                )

    def helping(self, bases: tuple[Base, ...], name: str) -> Iterator[Guard]:
        """What methods demand that a middleware calls: nobody says for which requests."""
        for each in sorted(called(bases, name) - {name}):
            own = chain(bases, each).effective
            if own is None or own.function is None or own.owner.startswith("django."):
                continue
            for told in guards_in(own.function, own.names, own.file, lookup=own.lookup):
                quote = told.quote or told.name
                yield told._replace(demands=Reach.CUSTOM, permissions=(), quote=quote)

    # -- what is called --

    def lookup(self, bases: tuple[Base, ...] = ()) -> Callable[[str], Callee | None]:
        """Finds what a view calls: functions by dotted name, its own methods as "self.name"."""

        def find(name: str) -> Callee | None:
            first, _, rest = name.partition(".")
            if first in ("self", "cls") and rest and "." not in rest:
                own = chain(bases, rest).effective
                # What a queryset is narrowed to guards an object, not a list: see `owned`.
                if own is None or own.function is None or rest == "get_queryset":
                    return None
                if own.owner.startswith(FRAMEWORKS):
                    return None
                return Callee(own.function, own.names, own.file, own.guards)
            return self.callee(name)

        return find

    def callee(self, name: str) -> Callee | None:
        if name not in self.callees:
            self.callees[name] = None
            layers = self.facts["callees"].get(name)
            if layers and layers[-1]["kind"] == "function":
                code = self.codes[layers[-1]["code"]]
                if code.whole is not None:
                    guards = self.front(layers[:-1], "").guards
                    self.callees[name] = Callee(code.whole, code.names, code.file, guards)
        return self.callees[name]


# -- parts -----------------------------------------------------------------------------------------


def _texts(told: Any) -> tuple[str, ...] | None:
    """A text, or several, None for anything else."""
    if isinstance(told, str):
        return (told,)
    if isinstance(told, dict) and "list" in told and all(isinstance(e, str) for e in told["list"]):
        return tuple(told["list"])
    return None


def _permissions(known: Known, cells: Facts) -> tuple[str, ...] | None:
    for name in (known.permissions, known.permissions + "s"):
        if name in cells:
            return _texts(cells[name])
    return None


def _names_user(function: ast.AST) -> bool:
    return any(
        isinstance(each, ast.Attribute) and each.attr == "user" for each in ast.walk(function)
    )
