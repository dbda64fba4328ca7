"""What decorators demand: those that are known by name, and a project's own, read from their source.

A decorator guards if the function that it puts around the view checks before it calls the view;
what it is called says nothing.
"""

from __future__ import annotations

import ast
from collections.abc import Callable

from hardango.access.asked import once_assigned
from hardango.access.bodies import Callee, entering, guards_in, passing
from hardango.access.digests import digest
from hardango.access.guards import DECORATORS, HARMLESS, METHODS, Known, guard
from hardango.access.names import named
from hardango.access.sources import Found, Function, Module, Sources, local
from hardango.findings import Place
from hardango.light import NamedTuple
from hardango.matrix import Guard, Reach, concluded

MAX_DEPTH = 8

_METHODICAL = "django.views.decorators.http.require_http_methods"
_WRAPS = ("functools.wraps", "functools.update_wrapper", "django.utils.decorators.available_attrs")
_AS_METHOD = "django.utils.decorators.method_decorator"
_SOUNDS = ("required", "login", "auth", "perm", "staff", "admin", "role", "access", "owner",
           "member", "protect", "secure", "verified", "restrict", "only", "allow", "scope")  # fmt: skip
_NOT_THOUGH = (
    "csrf",
    "swagger",
    "schema",
    "atomic",
    "cache",
    "ratelimit",
    "throttle",
    "readonly_fields",
)


class Where(NamedTuple):
    """Where code stands: its module, and the functions around it."""

    module: Module
    inside: tuple[Function, ...] = ()


class Around(NamedTuple):
    """What stands around a view, the outermost first: its guards, the methods that are let
    through (None: any), whether it is exempt from CSRF checks, and from a login that is demanded
    everywhere."""

    guards: tuple[Guard, ...] = ()
    methods: tuple[str, ...] | None = None
    exempt: bool = False
    public: bool = False

    def then(self, inner: Around) -> Around:
        methods = inner.methods
        if self.methods is not None:
            methods = tuple(each for each in self.methods if methods is None or each in methods)
        return Around(
            self.guards + inner.guards,
            methods,
            self.exempt or inner.exempt,
            self.public or inner.public,
        )


_NEUTRAL = ("cache", "lru_cache", "deprecated", "overload", "no_type_check")


def remade(node: ast.AST) -> bool:
    """Whether the definition of a decorator is decorated: what it does is not what it says then."""
    names = [ast.unparse(each).partition("(")[0].rpartition(".")[2]
             for each in getattr(node, "decorator_list", ())]  # fmt: skip
    return any(name not in _NEUTRAL for name in names)


class Decorators:
    """Reads decorators with the sources of one project."""

    def __init__(self, sources: Sources, lookup: Callable[[str], Callee | None]) -> None:
        self.sources, self.lookup = sources, lookup
        self.read: dict[tuple[int, str], Around | None] = {}

    # -- names --

    def name(self, node: ast.expr, where: Where) -> str:
        """The dotted name of what an expression stands for, where it is defined."""
        text = self.sources.name(where.module, node)
        return self.sources.canonical(text) if text else ""

    def value(self, node: ast.expr, where: Where) -> tuple[ast.expr | Function, Where]:
        """What a name is given in the functions around, as far as it is."""
        for _ in range(MAX_DEPTH):
            if not isinstance(node, ast.Name):
                break
            found = local(where.inside, node.id)
            if found is None or isinstance(found, (ast.FunctionDef, ast.AsyncFunctionDef)):
                return (node if found is None else found), where
            node = found
        return node, where

    # -- decorators --

    def all(self, nodes: list[ast.expr], where: Where, method: str, depth: int = 0) -> Around:
        """What several decorators are together, the outermost first."""
        whole = Around()
        for node in nodes:
            whole = whole.then(self.one(node, where, method, depth))
        return whole

    def one(self, node: ast.expr, where: Where, method: str, depth: int = 0) -> Around:
        """What one decorator is, with or without arguments."""
        value, where = self.value(node, where)
        place = where.module.place(node)
        if depth > MAX_DEPTH:
            return self.quoted(node, where)
        if isinstance(value, (ast.FunctionDef, ast.AsyncFunctionDef)):
            own = Found(where.module, value, value.name, where.inside)
            return self.made(own, None, node, where, method, depth)
        if isinstance(value, ast.Call):
            return self.called(value, where, method, depth)
        if isinstance(value, ast.Lambda):
            return self.of_lambda(value, where, method, depth)
        if isinstance(value, ast.IfExp):
            return self.quoted(node, where)
        name = self.name(value, where)
        whole = self.by_name(name, None, where, place, method)
        if whole is not None:
            return whole
        found = self.sources.find(name)
        if found is None:
            return self.foreign(name, node, where)
        if isinstance(found.node, ast.expr):
            inner = self.one(found.node, Where(found.module, found.inside), method, depth + 1)
            return under_name(inner, name, place)
        return self.made(found, None, node, where, method, depth)

    def called(self, node: ast.Call, where: Where, method: str, depth: int) -> Around:
        """A decorator that is made by a call."""
        function, _ = self.value(node.func, where)
        place = where.module.place(node)
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
            found = Found(where.module, function, function.name, where.inside)
            return self.made(found, node, node, where, method, depth)
        name = self.name(function, where)
        if name == _AS_METHOD and node.args:
            inner = node.args[0]
            nodes = inner.elts if isinstance(inner, (ast.List, ast.Tuple)) else [inner]
            return self.all([*nodes], where, method, depth + 1)
        if name == "functools.partial" and node.args:
            made = ast.copy_location(ast.Call(node.args[0], node.args[1:], node.keywords), node)
            return self.called(made, where, method, depth + 1)
        whole = self.by_name(name, node, where, place, method)
        if whole is not None:
            return whole
        found_ = self.sources.find(name)
        if found_ is None or isinstance(found_.node, ast.expr):
            return self.foreign(name, node, where)
        return self.made(found_, node, node, where, method, depth)

    def by_name(
        self, name: str, call: ast.Call | None, where: Where, place: Place | None, method: str
    ) -> Around | None:
        """What is known by its name; None if nothing is."""
        last = name.rpartition(".")[2]
        if last == "login_not_required":
            return Around(public=True)
        if last == "csrf_exempt":
            return Around(exempt=True)
        if name in METHODS:
            return Around(methods=METHODS[name])
        if name == _METHODICAL:
            return Around(methods=texts(call.args[0]) if call and call.args else None)
        if name == "stronghold.decorators.public":
            return Around(public=True)
        if named(DECORATORS, name) in DECORATORS:
            entry = DECORATORS[named(DECORATORS, name)]
            return Around(self.of_table(entry, name, call, where, place, method))
        if name in HARMLESS or name in _WRAPS:
            return Around()
        return None

    def of_table(
        self, entry: Known, name: str, call: ast.Call | None, where: Where,
        place: Place | None, method: str,
    ) -> tuple[Guard, ...]:  # fmt: skip
        if entry.test:
            test = argument(call, 0, entry.test) if call is not None else None
            last = name.rpartition(".")[2]
            return self.tested(test, last, where, place, method, entry.answer)
        permissions: tuple[str, ...] | None = ()
        if entry.permissions and not entry.permissions.startswith("="):
            told = argument(call, 0, entry.permissions) if call is not None else None
            permissions = self.permissions(told, where) if told is not None else None
        return (guard(entry, name, method, permissions, place=place),)

    def tested(
        self, test: ast.expr | None, name: str, where: Where, place: Place | None, method: str,
        answer: str,
    ) -> tuple[Guard, ...]:  # fmt: skip
        """The guard that a test of a user is."""
        if test is None:
            return (Guard(name, Reach.CUSTOM, place=place, quote=name),)
        value, where = self.value(test, where)
        module, function = where.module, value
        named_ = isinstance(value, (ast.Name, ast.Attribute))
        found = (
            self.sources.find(self.name(value, where))
            if isinstance(value, ast.expr) and named_
            else None
        )
        if found is not None and not isinstance(found.node, ast.ClassDef):
            module, function = found.module, found.node
        if isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            parameters = [each.arg for each in function.args.args if each.arg != "self"]
            told = passing(function, self.sources.names(module), module.shown, method=method,
                           lookup=self.lookup, users=frozenset(parameters[:1]))  # fmt: skip
            return combined(told, name, place, answer, digest(function))
        return (Guard(name, Reach.CUSTOM, place=place, quote=f"{name}({ast.unparse(test)})",
                      answer=answer, fingerprint=digest(test)),)  # fmt: skip

    def permissions(self, node: ast.expr, where: Where) -> tuple[str, ...] | None:
        """Permissions as they are named; None if that could not be read."""
        return constants(self.sources, node, where.module, where.inside)

    def foreign(self, name: str, node: ast.expr, where: Where) -> Around:
        """A decorator of a package whose source is not at hand: shown where it sounds like a guard."""
        last = (name or ast.unparse(node)).rpartition(".")[2].lower()
        if any(word in last for word in _SOUNDS) and not any(word in last for word in _NOT_THOUGH):
            return self.quoted(node, where)
        return Around()

    def quoted(self, node: ast.expr, where: Where) -> Around:
        text = f"@{' '.join(ast.unparse(node).split())}"[:120]
        name = text[1:].partition("(")[0].rpartition(".")[2]
        return Around((Guard(name, Reach.CUSTOM, place=where.module.place(node), quote=text,
                             fingerprint=digest(node)),))  # fmt: skip

    # -- a project's own --

    def made(
        self, found: Found, call: ast.Call | None, node: ast.expr, where: Where, method: str,
        depth: int,
    ) -> Around:  # fmt: skip
        """A decorator of the project, or of a package whose source is at hand."""
        whole: Around | None
        if remade(found.node):
            return self.quoted(node, where)
        if isinstance(found.node, ast.ClassDef):
            whole = self.of_class(found, method)
        elif isinstance(found.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            whole = self.of_function(
                found.node, Where(found.module, found.inside), method, depth + 1
            )
        else:
            whole = None
        if whole is None:
            return self.foreign(found.dotted, node, where)
        given = handed(found.node, call)
        whole = under_name(whole, found.dotted, where.module.place(node), digest(found.node))
        return whole._replace(guards=tuple(self.with_arguments(each, given, where)
                                           for each in whole.guards))  # fmt: skip

    def with_arguments(self, held: Guard, given: dict[str, ast.expr], where: Where) -> Guard:
        """The guard with the permissions that the decorator was called with."""
        told: list[str] = []
        for each in held.permissions:
            name = each[1:-1] if each.startswith("{") else ""
            values = self.permissions(given[name], where) if name in given else None
            told += values if values is not None else [each]
        return held._replace(permissions=tuple(told))

    def of_class(self, found: Found, method: str) -> Around | None:
        """A class whose objects are called with the request."""
        assert isinstance(found.node, ast.ClassDef)
        call = next((each for each in found.node.body
                     if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef))
                     and each.name == "__call__"), None)  # fmt: skip
        if call is None:
            return None

        def enters(node: ast.Call) -> bool:
            function = node.func
            return (isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name)
                    and function.value.id == "self" and bool(node.args)
                    and ast.unparse(node.args[0]) == "request")  # fmt: skip

        told = entering(call, enters, self.sources.names(found.module), found.module.shown,
                        method=method, lookup=self.lookup)  # fmt: skip
        return None if told is None else Around(told[0])

    def of_function(
        self, function: Function, where: Where, method: str, depth: int
    ) -> Around | None:
        """What a function that is given a view, or makes such a one, puts around it."""
        key = (id(function), method)
        if key not in self.read:
            self.read[key] = self.put_around(function, where, method, depth)
        return self.read[key]

    def put_around(
        self, function: Function, where: Where, method: str, depth: int
    ) -> Around | None:
        if depth > MAX_DEPTH:
            return None
        inside = Where(where.module, (*where.inside, function))
        ends = [each.value for each in statements(function)
                if isinstance(each, ast.Return) and each.value is not None]  # fmt: skip
        results = [self.result(end, inside, method, depth) for end in ends]
        told = [each for each in results if each is not None]
        if not told or len(told) < len(results):
            return None
        first = told[0]
        if all(each == first for each in told):
            return first
        # `if function: return made(function)`, `return made`: both come to the same.
        guarded = [each for each in told if each.guards]
        if len({tuple((g.demands, g.permissions) for g in each.guards) for each in told}) == 1:
            return first
        return guarded[0]._replace(
            guards=tuple(
                Guard(g.name, Reach.CUSTOM, place=g.place, quote=g.quote or g.name)
                for g in guarded[0].guards
            )
        ) if guarded else first  # fmt: skip

    def result(self, node: ast.expr, where: Where, method: str, depth: int) -> Around | None:
        """What a decorator gives back for the view."""
        parameters = arguments(where.inside[-1])
        if isinstance(node, ast.Name) and node.id in parameters:
            return Around()
        value, where = self.value(node, where)
        if isinstance(value, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return self.wrapper(value, where, method, depth)
        if isinstance(value, ast.Lambda):
            return self.of_lambda(value, where, method, depth)
        if not isinstance(value, ast.Call):
            return self.one(value, where, method, depth + 1)
        name = self.name(value.func, where)
        if name in _WRAPS[:2] or (isinstance(value.func, ast.Call)
                                  and self.name(value.func.func, where) in _WRAPS):  # fmt: skip
            return self.result(value.args[0], where, method, depth + 1) if value.args else None
        if len(value.args) == 1 and not value.keywords:
            given, _ = self.value(value.args[0], where)
            if self.is_view(value.args[0], given, where):
                outer = self.one(value.func, where, method, depth + 1)
                if isinstance(given, (ast.FunctionDef, ast.AsyncFunctionDef)):
                    inner = self.wrapper(given, where, method, depth + 1)
                    return outer.then(inner) if inner is not None else None
                if isinstance(given, ast.Call):
                    nested = self.result(given, where, method, depth + 1)
                    return outer.then(nested) if nested is not None else None
                return outer
        return self.one(value, where, method, depth + 1)

    def is_view(self, node: ast.expr, given: ast.expr | Function, where: Where) -> bool:
        """Whether what a decorator is called with is the view that is decorated."""
        if isinstance(given, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return True
        if isinstance(given, ast.Call):
            return any(isinstance(each, ast.Name) and each.id in arguments(where.inside[-1])
                       for each in given.args)  # fmt: skip
        return isinstance(node, ast.Name) and any(
            node.id in arguments(each) for each in where.inside
        )

    def wrapper(self, function: Function, where: Where, method: str, depth: int) -> Around | None:
        """The function that stands around the view; or one that makes it."""
        views = {name for each in where.inside for name in arguments(each)}
        own = set(arguments(function))

        def enters(node: ast.Call) -> bool:
            return any(isinstance(each, ast.Name) and each.id in views - own
                       for each in ast.walk(node.func))  # fmt: skip

        inside = Where(where.module, where.inside)
        around = self.all(
            [each for each in function.decorator_list if not self.is_wraps(each, inside)],
            inside, method, depth + 1,
        )  # fmt: skip
        calls = any(isinstance(each, ast.Call) and enters(each) for each in ast.walk(function))
        nested = any(isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda))
                     for each in ast.walk(function) if each is not function)  # fmt: skip
        told = entering(function, enters, self.sources.names(where.module), where.module.shown,
                        method=method, lookup=self.lookup) if calls else None  # fmt: skip
        if told is not None:
            return around.then(Around(told[0]))
        if nested or not calls:
            made = self.of_function(function, where, method, depth + 1)
            return around.then(made) if made is not None else None
        return None

    def is_wraps(self, node: ast.expr, where: Where) -> bool:
        target = node.func if isinstance(node, ast.Call) else node
        return self.name(target, where) in _WRAPS

    def of_lambda(self, node: ast.Lambda, where: Where, method: str, depth: int) -> Around:
        names = [each.arg for each in node.args.args]
        body = node.body
        if isinstance(body, ast.Name) and body.id in names:
            return Around()
        if isinstance(body, ast.Call) and body.args and isinstance(body.args[0], ast.Name):
            if body.args[0].id in names:
                return self.one(body.func, where, method, depth + 1)
        return self.quoted(node, where)


# -- parts -----------------------------------------------------------------------------------------


def under_name(around: Around, name: str, place: Place | None, fingerprint: str = "") -> Around:
    """The guards of a decorator under its name, where it is used."""
    last = name.rpartition(".")[2]
    return around._replace(
        guards=tuple(
            each._replace(
                name=last or each.name,
                layer="wrapper",
                place=place,
                quote=(each.quote or each.name) if each.demands is Reach.CUSTOM else "",
                fingerprint=fingerprint or each.fingerprint,
            )
            for each in around.guards
        )
    )


def combined(
    told: tuple[Guard, ...], name: str, place: Place | None, answer: str, fingerprint: str
) -> tuple[Guard, ...]:
    """The guards of a test as the guard that asks it; two if a part of it is not understood."""
    reach, permissions, any_of = concluded(told)
    dead = next((each.dead for each in told if each.dead), "") if reach is Reach.ANONYMOUS else ""
    if reach is Reach.ANONYMOUS and not dead:
        dead = "its test lets everybody through"
    custom = [each for each in told if each.demands is Reach.CUSTOM and not each.dead]
    quote = "; ".join(dict.fromkeys(each.quote or each.name for each in custom or told))
    whole = Guard(name, Reach.CUSTOM if dead else reach, "wrapper", permissions, any_of, place,
                  quote if custom or dead else "", dead, answer, fingerprint)  # fmt: skip
    if custom and reach is not Reach.CUSTOM:
        return whole._replace(quote=""), whole._replace(
            demands=Reach.CUSTOM, permissions=(), any_of=False
        )
    return (whole,)


def argument(call: ast.Call, at: int, name: str) -> ast.expr | None:
    """An argument of a call, by its place or its name."""
    for keyword in call.keywords:
        if keyword.arg == name:
            return keyword.value
    return call.args[at] if len(call.args) > at else None


def texts(node: ast.expr) -> tuple[str, ...] | None:
    """A sequence of texts as it stands there; None if it is another thing."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return (node.value,)
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        found = [each.value for each in node.elts if isinstance(each, ast.Constant)]
        if len(found) == len(node.elts):
            return tuple(str(each) for each in found)
    return None


def constants(
    sources: Sources,
    node: ast.expr,
    module: Module,
    inside: tuple[Function, ...] = (),
    depth: int = 0,
) -> tuple[str, ...] | None:
    """A text, or a sequence of texts, as it stands there or is assigned elsewhere; None if that
    could not be read, a parameter as "{name}"."""
    if depth > MAX_DEPTH:
        return None
    told = texts(node)
    if told is not None:
        return told
    if isinstance(node, (ast.List, ast.Tuple, ast.Set)):
        parts = [constants(sources, each, module, inside, depth + 1) for each in node.elts]
        if any(each is None or len(each) != 1 for each in parts):
            return None
        return tuple(each[0] for each in parts if each is not None)
    if isinstance(node, ast.Name):
        if any(node.id in arguments(each) for each in inside):
            return (f"{{{node.id}}}",)
        for function in reversed(inside):
            value = once_assigned(function).get(node.id)
            if value is not None:
                return constants(sources, value, module, inside, depth + 1)
    if isinstance(node, (ast.Name, ast.Attribute)):
        found = sources.find(sources.name(module, node))
        if found is not None and isinstance(found.node, ast.expr):
            return constants(sources, found.node, found.module, (), depth + 1)
    if isinstance(node, (ast.JoinedStr, ast.BinOp, ast.Call)):
        return (f"{{{' '.join(ast.unparse(node).split())[:80]}}}",)
    return None


def arguments(function: Function | ast.Lambda) -> list[str]:
    held = function.args
    return [each.arg for each in (*held.posonlyargs, *held.args, *held.kwonlyargs)]


def handed(function: ast.AST, call: ast.Call | None) -> dict[str, ast.expr]:
    """The arguments of a call by the names that the function has for them."""
    if call is None or not isinstance(function, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return {}
    given = dict(zip(arguments(function), call.args))
    given.update({each.arg: each.value for each in call.keywords if each.arg})
    return given


def statements(function: Function) -> list[ast.stmt]:
    """The statements of a function, without those of functions inside it."""
    found: list[ast.stmt] = []
    todo: list[ast.stmt] = list(function.body)
    while todo:
        each = todo.pop(0)
        found.append(each)
        if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            continue
        for child in ast.iter_child_nodes(each):
            if isinstance(child, ast.stmt):
                todo.append(child)
            elif isinstance(child, ast.ExceptHandler):
                todo += child.body
    return found


def body_guards(
    found: Found, sources: Sources, lookup: Callable[[str], Callee | None], method: str
) -> tuple[Guard, ...]:
    """The guards in a function of the project."""
    if not isinstance(found.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return ()
    return guards_in(found.node, sources.names(found.module), found.module.shown,
                     method=method, lookup=lookup)  # fmt: skip
