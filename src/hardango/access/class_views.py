"""What class-based views demand: which of their guards a request truly meets.

A request goes from `as_view()` to `setup()`, then along `dispatch()` from class to class in the
order of the linearisation, as long as each calls the next one, then to the handler of its method.
A mixin that stands after `View` is never reached; a decorator of a `dispatch` that was overridden
without `super()` isn't, either.
"""

from __future__ import annotations

import ast
from hardango.access.bodies import Callee, Lookup, checking, entering, guards_in, passing
from hardango.access.decorators import (
    Around,
    Decorators,
    Where,
    combined,
    constants,
    known,
    texts,
)
from hardango.access.digests import digest
from hardango.access.framework import ALL, API_VIEW, VIEW
from hardango.access.guards import MIXINS, Known, guard
from hardango.access.linear import Entry, attribute, linear, name_of
from hardango.access.sources import Found, Function, Sources, defined
from hardango.findings import Place
from hardango.light import NamedTuple
from hardango.matrix import Guard, Reach

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE")
_ENDS = (VIEW, API_VIEW)
_QUERYING = ("get_queryset", "get_object")
_SOUNDS = ("required", "permission", "access", "auth", "login", "protected", "restrict", "staff")


class Class(NamedTuple):
    """One class-based view: its linearisation, and what `as_view()` was called with."""

    found: Found
    order: list[Entry]
    options: dict[str, ast.expr]
    where: Where


class Handled(NamedTuple):
    """What stands before the handler of one method, and the handler; None if it is a package's."""

    guards: tuple[Guard, ...]
    handler: Found | None
    exempt: bool = False
    public: bool = False


class ClassViews:
    """Reads class-based views with the sources of one project."""

    def __init__(self, sources: Sources, decorators: Decorators, lookup: Lookup) -> None:
        self.sources, self.decorators, self.lookup = sources, decorators, lookup

    def view(self, found: Found, options: dict[str, ast.expr], where: Where) -> Class:
        return Class(found, linear(self.sources, found), options, where)

    # -- methods --

    def methods(self, view: Class) -> tuple[str, ...]:
        """The methods that a view answers, those apart that every view does."""
        allowed = self.allowed(view)
        answered = []
        for method in METHODS[:5]:
            if method.lower() in allowed and self.answers(view, method.lower()):
                answered.append(method)
        return tuple(answered)

    def allowed(self, view: Class) -> tuple[str, ...]:
        given: tuple[str, ...] | None = None
        if "http_method_names" in view.options:
            given = texts(view.options["http_method_names"])
        else:
            held = attribute(view.order, "http_method_names")
            if held is not None and isinstance(held[1], ast.expr):
                given = constants(self.sources, held[1], held[0].module)
        return given or tuple(each.lower() for each in METHODS)

    def answers(self, view: Class, name: str) -> bool:
        for entry in view.order:
            if isinstance(entry, str):
                if entry in ALL and name in ALL[entry].handlers:
                    return True
            elif isinstance(entry.node, ast.ClassDef) and defined(entry.node, name) is not None:
                return True
        return False

    def unknown_bases(self, view: Class) -> list[str]:
        """Classes of packages of which nothing is known."""
        return [
            each for each in view.order
            if isinstance(each, str) and each not in ALL and known(MIXINS, each) is None
        ]  # fmt: skip

    # -- guards --

    def handled(self, view: Class, method: str, handler: str = "") -> Handled:
        """What a request of one method meets; `handler` is the name of the action of a viewset."""
        name = handler or method.lower()
        whole = self.made(view, method)
        whole = whole.then(Around(self.set_up(view, method)))
        whole = whole.then(self.dispatched(view, method))
        inner, found = self.handler(view, name, method)
        whole = whole.then(inner)
        return Handled(tuple(dict.fromkeys(whole.guards)), found, whole.exempt, whole.public)

    def lookup_in(self, view: Class) -> Lookup:
        """Functions of the project, and methods of the view as `self.name`."""

        def find(name: str) -> Callee | None:
            if not name.startswith("self."):
                return self.lookup(name)
            held = attribute(view.order, name.removeprefix("self."))
            if held is None or not isinstance(held[1], (ast.FunctionDef, ast.AsyncFunctionDef)):
                return None
            entry, node = held
            return Callee(node, self.sources.names(entry.module), entry.module.shown)

        return find

    def made(self, view: Class, method: str) -> Around:
        """`as_view()` of the project that puts something around what it makes."""
        whole = Around()
        for entry in view.order:
            if isinstance(entry, str):
                continue
            node = defined(entry.node, "as_view") if isinstance(entry.node, ast.ClassDef) else None
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                inside = Where(entry.module, (node,))
                for each in ast.walk(node):
                    if isinstance(each, ast.Return) and isinstance(each.value, ast.Call):
                        call = each.value
                        if len(call.args) == 1 and not _is_super(call, "as_view"):
                            whole = whole.then(self.decorators.one(call.func, inside, method))
        return whole

    def set_up(self, view: Class, method: str) -> tuple[Guard, ...]:
        held = attribute(view.order, "setup")
        if held is None or not isinstance(held[1], (ast.FunctionDef, ast.AsyncFunctionDef)):
            return ()
        entry, node = held
        told = checking(node, self.sources.names(entry.module), entry.module.shown, method=method,
                        lookup=self.lookup_in(view))  # fmt: skip
        return tuple(each._replace(layer="class") for each in told)

    def dispatched(self, view: Class, method: str, start: int = 0) -> Around:
        """The guards along `dispatch()`, and those that are never reached."""
        whole, sometimes = Around(), False
        for at, entry in enumerate(view.order[start:], start):
            here, goes = self.step(view, entry, method)
            if sometimes:
                here = here._replace(guards=tuple(_doubted(each) for each in here.guards))
            whole = whole.then(here)
            if goes == "sometimes":
                sometimes = True
            elif goes:
                left = [name_of(each) for each in view.order[at + 1 :]]
                jump = at + 1 + (left.index(goes) if goes in left else len(left))
                last = name_of(entry).rpartition(".")[2]
                why = f"{last} stands before it in the bases and never calls it"
                if entry not in _ENDS:
                    why = f"{last}.dispatch never calls it"
                for each in view.order[at + 1 : jump]:
                    whole = whole.then(self.dead(view, each, method, why))
                return whole.then(self.dispatched(view, method, jump))
        return whole

    def step(self, view: Class, entry: Entry, method: str) -> tuple[Around, str]:
        """What one class does in `dispatch()`, and where it goes: "" to the next one, "ends",
        "sometimes" to the next, or the class that it names."""
        if isinstance(entry, str):
            return self.foreign_step(view, entry, method)
        where = Where(entry.module)
        assert isinstance(entry.node, ast.ClassDef)
        nodes = [each for each in entry.node.decorator_list if _decorates(each, "dispatch")]
        whole = self.decorators.all([_inner(each) for each in nodes], where, method)
        table = known(MIXINS, entry.dotted)
        if table is not None:
            return whole.then(Around(self.mixin(view, table, entry.dotted, method))), ""
        node = defined(entry.node, "dispatch")
        if isinstance(node, ast.expr):
            return whole.then(Around((_quoted(entry, node),))), "ends"
        if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return whole, ""
        whole = whole.then(self.decorators.all(node.decorator_list, where, method))
        return self.own_dispatch(view, entry, node, whole, method)

    def own_dispatch(
        self, view: Class, entry: Found, node: Function, whole: Around, method: str
    ) -> tuple[Around, str]:
        names = self.sources.names(entry.module)

        def goes_on(call: ast.Call) -> bool:
            return _is_super(call, "dispatch") or bool(_named_base(call))

        def direct(call: ast.Call) -> bool:
            function = call.func
            if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
                return function.value.id == "self" and function.attr.upper() in METHODS
            return isinstance(function, ast.Name) and function.id in ("handler", "method")

        told = entering(node, lambda call: goes_on(call) or direct(call), names,
                        entry.module.shown, method=method, lookup=self.lookup_in(view))  # fmt: skip
        calls = [each for each in ast.walk(node) if isinstance(each, ast.Call)]
        onwards = [each for each in calls if goes_on(each)]
        if told is None:
            # Whatever it answers, it isn't what the handlers say.
            own = guards_in(node, names, entry.module.shown, method=method,
                            lookup=self.lookup_in(view))  # fmt: skip
            return whole.then(Around(tuple(each._replace(layer="class") for each in own))), "ends"
        guards, passes = told
        whole = whole.then(Around(tuple(each._replace(layer="class") for each in guards)))
        if not onwards:
            return whole, "ends"
        if any(direct(each) for each in calls):
            return whole, "sometimes"
        base = _named_base(onwards[0])
        if base:
            return whole, self.sources.canonical(self.sources.global_name(entry.module, base))
        after = _after(onwards[0])
        if after and after != entry.dotted.rpartition(".")[2]:
            return whole, self.following(view, entry, after)
        return whole, ""

    def following(self, view: Class, entry: Found, name: str) -> str:
        """The class after the one that `super(name, self)` names."""
        dotted = self.sources.canonical(self.sources.global_name(entry.module, name))
        order = [name_of(each) for each in view.order]
        if dotted in order and order.index(dotted) + 1 < len(order):
            return order[order.index(dotted) + 1]
        return ""

    def foreign_step(self, view: Class, entry: str, method: str) -> tuple[Around, str]:
        table = known(MIXINS, entry)
        if table is not None:
            return Around(self.mixin(view, table, entry, method)), ""
        if entry in _ENDS:
            return Around(), "ends"
        if entry in ALL:
            held = ALL[entry]
            login = (Guard("login_required", Reach.AUTHENTICATED, "class", answer="redirect"),)
            return Around(login if held.login else (), public=held.public), ""
        last = entry.rpartition(".")[2].lower()
        if any(word in last for word in _SOUNDS):
            name = entry.rpartition(".")[2]
            return Around((Guard(name, Reach.CUSTOM, "class", quote=entry),)), ""
        return Around(), ""

    def dead(self, view: Class, entry: Entry, method: str, why: str) -> Around:
        """What a class would demand if it were reached."""
        here, _ = self.step(view, entry, method)
        alive = [each for each in here.guards if not each.dead]
        return Around(tuple(each._replace(dead=why) for each in alive))

    # -- mixins --

    def mixin(self, view: Class, table: Known, dotted: str, method: str) -> tuple[Guard, ...]:
        """The guard that a known mixin is, with what the view tells it."""
        name = dotted.rpartition(".")[2]
        place = view.found.module.place(view.found.node)
        if table.test:
            held = self.overriding(view, table.test, dotted)
            if held is not None:
                return self.tested(view, held, name, place, method, table)
        if not table.permissions or table.permissions.startswith("="):
            return (guard(table, dotted, method, (), "class", place),)
        if table.demands is Reach.CUSTOM:
            return (guard(table, dotted, method, (), "class", place, quote=name),)
        return (guard(table, dotted, method, self.permissions(view, table), "class", place),)

    def overriding(self, view: Class, name: str, mixin: str) -> tuple[Found, Function] | None:
        """A method of the project that stands before the one of the mixin."""
        for entry in view.order:
            if name_of(entry) == mixin:
                return None
            if isinstance(entry, Found) and isinstance(entry.node, ast.ClassDef):
                node = defined(entry.node, name)
                if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    return entry, node
        return None

    def tested(
        self, view: Class, held: tuple[Found, Function], name: str, place: Place | None,
        method: str, table: Known,
    ) -> tuple[Guard, ...]:  # fmt: skip
        entry, node = held
        told = passing(node, self.sources.names(entry.module), entry.module.shown, method=method,
                       lookup=self.lookup_in(view))  # fmt: skip
        if any(_is_super(each, node.name) for each in ast.walk(node) if isinstance(each, ast.Call)):
            if table.permissions:
                asked = guard(table, name, method, self.permissions(view, table), "class", place)
                told = tuple(each for each in told if "super()" not in each.name)
                return (asked, *self.as_class(combined(told, node.name, place, table.answer,
                                                       digest(node)) if told else ()))  # fmt: skip
        return self.as_class(combined(told, name, place, table.answer, digest(node)))

    def as_class(self, guards: tuple[Guard, ...]) -> tuple[Guard, ...]:
        return tuple(each._replace(layer="class") for each in guards)

    def permissions(self, view: Class, table: Known) -> tuple[str, ...] | None:
        """The permissions that a view names for a mixin; None if they are not known."""
        name = table.permissions
        if name in view.options:
            return constants(self.sources, view.options[name], view.where.module)
        getter = attribute(view.order, "get_permission_required")
        if getter is not None and isinstance(getter[1], (ast.FunctionDef, ast.AsyncFunctionDef)):
            ends = [each.value for each in ast.walk(getter[1]) if isinstance(each, ast.Return)]
            if len(ends) == 1 and ends[0] is not None:
                return constants(self.sources, ends[0], getter[0].module)
            return None
        held = attribute(view.order, name)
        if held is None or not isinstance(held[1], ast.expr):
            return None
        return constants(self.sources, held[1], held[0].module)

    # -- handlers --

    def handler(
        self, view: Class, name: str, method: str, start: int = 0
    ) -> tuple[Around, Found | None]:
        """The guards of the handler of a method, and where it is defined."""
        whole = Around()
        for at, entry in enumerate(view.order[start:], start):
            if isinstance(entry, str):
                if entry in ALL and name in ALL[entry].handlers:
                    return whole.then(self.queried(view, method)), None
                continue
            assert isinstance(entry.node, ast.ClassDef)
            where = Where(entry.module)
            nodes = [each for each in entry.node.decorator_list if _decorates(each, name)]
            whole = whole.then(self.decorators.all([_inner(each) for each in nodes], where, method))
            node = defined(entry.node, name)
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                found = Found(entry.module, node, f"{entry.dotted}.{name}", owner=entry.node)
                inner = self.decorators.all(node.decorator_list, where, method)
                whole = whole.then(inner).then(Around(self.body(view, found, node, method)))
                if _is_super_all(node, name):
                    further, _ = self.handler(view, name, method, at + 1)
                    whole = whole.then(further)
                return whole, found
            if isinstance(node, ast.expr):
                return whole, entry
        return whole, None

    def body(self, view: Class, found: Found, node: Function, method: str) -> tuple[Guard, ...]:
        return guards_in(node, self.sources.names(found.module), found.module.shown, method=method,
                         lookup=self.lookup_in(view))  # fmt: skip

    def queried(self, view: Class, method: str) -> Around:
        """What the rows demand that a view of a framework shows."""
        if not any(isinstance(each, str) and each in ALL and ALL[each].objects
                   for each in view.order):  # fmt: skip
            return Around()
        found: list[Guard] = []
        for name in _QUERYING:
            held = attribute(view.order, name)
            if held is not None and isinstance(held[1], (ast.FunctionDef, ast.AsyncFunctionDef)):
                entry, node = held
                found += checking(node, self.sources.names(entry.module), entry.module.shown,
                                  method=method, lookup=self.lookup_in(view))  # fmt: skip
        return Around(tuple(found))


# -- parts -----------------------------------------------------------------------------------------


def _decorates(node: ast.expr, name: str) -> bool:
    """Whether a decorator of a class is put around one of its methods."""
    if not isinstance(node, ast.Call) or "method_decorator" not in ast.unparse(node.func):
        return False
    given = node.args[1] if len(node.args) > 1 else None
    for keyword in node.keywords:
        if keyword.arg == "name":
            given = keyword.value
    return isinstance(given, ast.Constant) and given.value == name


def _inner(node: ast.expr) -> ast.expr:
    """`method_decorator(d, name="dispatch")` without the name."""
    assert isinstance(node, ast.Call)
    if node.args:
        return ast.copy_location(ast.Call(node.func, node.args[:1], []), node)
    given = [each.value for each in node.keywords if each.arg == "decorator"]
    return ast.copy_location(ast.Call(node.func, given, []), node)


def _is_super(call: ast.Call, name: str) -> bool:
    """Whether a call is `super().name(…)`."""
    function = call.func
    return (
        isinstance(function, ast.Attribute)
        and function.attr == name
        and isinstance(function.value, ast.Call)
        and isinstance(function.value.func, ast.Name)
        and function.value.func.id == "super"
    )


def _after(call: ast.Call) -> str:
    """The class that `super(Class, self)` names, "" for `super()`."""
    function = call.func
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Call):
        arguments = function.value.args
        return ast.unparse(arguments[0]).rpartition(".")[2] if arguments else ""
    return ""


def _named_base(call: ast.Call) -> str:
    """The class in `Class.dispatch(self, …)`, "" if it is another call."""
    function = call.func
    if isinstance(function, ast.Attribute) and function.attr == "dispatch" and call.args:
        if isinstance(function.value, ast.Name) and function.value.id not in ("self", "cls"):
            if isinstance(call.args[0], ast.Name) and call.args[0].id == "self":
                return function.value.id
    return ""


def _is_super_all(node: Function, name: str) -> bool:
    """Whether a method gives back what the inherited one does, on every way."""
    ends = [each for each in ast.walk(node) if isinstance(each, ast.Return)]
    return bool(ends) and all(
        isinstance(_awaited(each.value), ast.Call) and _is_super(_awaited(each.value), name)  # type: ignore[arg-type]
        for each in ends
    )


def _awaited(node: ast.expr | None) -> ast.expr | None:
    return node.value if isinstance(node, ast.Await) else node


def _doubted(held: Guard) -> Guard:
    """A guard that is met on some ways only."""
    if held.dead:
        return held
    return held._replace(demands=Reach.CUSTOM, permissions=(), any_of=False,
                         quote=held.quote or f"{held.name}, on some ways only")  # fmt: skip


def _quoted(entry: Found, node: ast.expr) -> Guard:
    text = f"dispatch = {' '.join(ast.unparse(node).split())[:80]}"
    return Guard("dispatch", Reach.CUSTOM, "class", place=entry.module.place(node), quote=text,
                 fingerprint=digest(node))  # fmt: skip
