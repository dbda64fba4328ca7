"""What the source of a class-based view says: its bases in their order, and what each of them
defines, as `mro` wants to know it."""

from __future__ import annotations

import ast
import sys

from hardango.access.bodies import Callee, Lookup, checking
from hardango.access.decorators import Around, Decorators, Where, constants, remade, texts
from hardango.access.framework import ALL, API_VIEW, VIEW, View
from hardango.access.guards import MIXINS
from hardango.access.linear import Entry, attribute, linear, name_of
from hardango.access.mro import Base, Definition, class_guards
from hardango.access.mro import View as Facts
from hardango.access.names import named
from hardango.access.sources import Found, Function, Sources, defined
from hardango.light import NamedTuple
from hardango.matrix import Guard, Reach

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
"""The methods that are shown of a view; HEAD is answered as GET is, and OPTIONS by any."""

_ASKING = ("initial", "check_permissions", "get_permissions")

_PASSING = (
    "def {0}(self, request, *args, **kwargs):\n    return super().{0}(request, *args, **kwargs)"
)


class Class(NamedTuple):
    """One class-based view: its linearisation, and what `as_view()` was called with."""

    found: Found
    order: list[Entry]
    options: dict[str, ast.expr]
    where: Where


class Handled(NamedTuple):
    """What a request of one method meets, and the handler; None if it is a package's."""

    around: Around
    handler: Found | None


class ClassViews:
    """Reads class-based views with the sources of one project."""

    def __init__(self, sources: Sources, decorators: Decorators, lookup: Lookup) -> None:
        self.sources, self.decorators, self.lookup = sources, decorators, lookup
        self.told: dict[int, dict[tuple[str, str, frozenset[str]], tuple[Guard, ...]]] = {}

    def view(self, found: Found, options: dict[str, ast.expr], where: Where) -> Class:
        return Class(found, linear(self.sources, found), options, where)

    # -- methods --

    def methods(self, view: Class) -> tuple[str, ...]:
        """The methods that a view answers, those apart that every view does."""
        allowed = self.allowed(view)
        return tuple(
            method
            for method in METHODS
            if method.lower() in allowed and self.answers(view, method.lower())
        )

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
        """Classes of packages of which nothing is known; what Django and Django REST framework
        have that guards is known by name."""
        return [
            each
            for each in view.order
            if isinstance(each, str)
            and each not in ALL
            and named(MIXINS, each) not in MIXINS
            and each.partition(".")[0] not in ("django", "rest_framework")
            and each.partition(".")[0] not in sys.stdlib_module_names
        ]

    # -- guards --

    def handled(
        self, view: Class, method: str, handler: str = "", asked: tuple[Guard, ...] = ()
    ) -> Handled:
        """What a request of one method meets; `handler` is the name of the action of a viewset,
        `asked` what its permission classes demand."""
        name = handler or method.lower()
        facts, around = self.facts(view, method, name)
        told = class_guards(facts, method, handler, asked)
        place = view.found.module.place(view.found.node)
        guards = tuple(
            each._replace(place=each.place or place) if each.layer == "class" else each
            for each in told
        )
        whole = self.made(view, method).then(around._replace(guards=guards))
        held = attribute(view.order, name)
        found = None
        if held is not None:
            found = Found(held[0].module, held[1], f"{held[0].dotted}.{name}")  # type: ignore[arg-type]
        return Handled(whole, found)

    def facts(self, view: Class, method: str, handler: str) -> tuple[Facts, Around]:
        """The bases with what they define, and what their decorators say besides."""
        lookup = self.lookup_in(view)
        flags = Around()
        bases = []
        for entry in view.order:
            if isinstance(entry, str):
                base, public = self.of_package(view, entry, method, handler), False
                public = entry in ALL and ALL[entry].public
                flags = flags.then(Around(public=public))
            else:
                base, more = self.own(entry, method, handler, lookup)
                flags = flags.then(more)
            bases.append(base)
        facts = Facts(
            tuple(bases),
            lambda name: self.permissions(view, name),
            lambda name: self.flag(view, name),
        )
        return facts, flags

    def own(self, entry: Found, method: str, handler: str, lookup: Lookup) -> tuple[Base, Around]:
        """A class whose source is at hand."""
        assert isinstance(entry.node, ast.ClassDef)
        name = named(MIXINS, entry.dotted)
        methods: dict[str, Definition] = {}
        flags = Around()
        for each in dict.fromkeys((
            "setup", "dispatch", handler, "handle_no_permission", "get_permission_required",
            *_ASKING, *(known.test for known in MIXINS.values() if known.test),
        )):  # fmt: skip
            definition, around = self.definition(entry, name, each, method, lookup)
            if definition is not None:
                methods[each] = definition
                if each in ("dispatch", handler):
                    flags = flags.then(around._replace(guards=()))
        return Base(name, methods), flags

    def definition(
        self, entry: Found, owner: str, name: str, method: str, lookup: Lookup
    ) -> tuple[Definition | None, Around]:
        """One method as a class defines it, or a decorator of the class around it."""
        assert isinstance(entry.node, ast.ClassDef)
        where = Where(entry.module)
        nodes = [_inner(each) for each in entry.node.decorator_list if _decorates(each, name)]
        around = self.decorators.all(nodes, where, method)
        if name == "dispatch":
            around = around.then(self.around_class(entry, where))
        node = defined(entry.node, name)
        names, file = self.sources.names(entry.module), entry.module.shown
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            around = around.then(self.decorators.all(node.decorator_list, where, method))
            return Definition(owner, node, names, file, around.guards, lookup=lookup), around
        if isinstance(node, ast.expr):
            return self.assigned(entry, owner, name, node, around, lookup), around
        if nodes or around.guards:
            passing = Definition(owner, passing_on(name), names, file, around.guards)
            return passing, around
        return None, around

    def around_class(self, entry: Found, where: Where) -> Around:
        """What a decorator of the project's own does to a whole class is not read, so it is quoted:
        unless it gives back the class that it is given, it may stand in front of it."""
        assert isinstance(entry.node, ast.ClassDef)
        whole = Around()
        for node in entry.node.decorator_list:
            called = node.func if isinstance(node, ast.Call) else node
            made = self.sources.find(self.sources.name(entry.module, called))
            if made is not None and _may_wrap(made.node):
                whole = whole.then(self.decorators.quoted(node, where))
        return whole

    def assigned(
        self, entry: Found, owner: str, name: str, node: ast.expr, around: Around, lookup: Lookup
    ) -> Definition:
        """`dispatch = View.dispatch`, `get = answer`."""
        dotted = self.sources.name(entry.module, node)
        cls, _, last = dotted.rpartition(".")
        if last == name and cls:
            from hardango.access.linear import class_of

            return Definition(owner, jumps=name_of(class_of(self.sources, cls)))
        found = self.sources.find(dotted)
        if found is not None and isinstance(found.node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            names, file = self.sources.names(found.module), found.module.shown
            return Definition(owner, found.node, names, file, around.guards, lookup=lookup)
        return Definition(owner, guards=around.guards)

    def of_package(self, view: Class, entry: str, method: str, handler: str) -> Base:
        """A class of a package, as the tables know it."""
        name = named(MIXINS, entry)
        if name in MIXINS:
            known = MIXINS[name]
            methods = {known.through: Definition(name, passing_on(known.through))}
            if known.test:
                methods[known.test] = Definition(name)
            return Base(name, methods)
        if entry not in ALL:
            return self.unknown(entry)
        held: View = ALL[entry]
        methods = {}
        if entry in (VIEW, API_VIEW):
            methods["dispatch"] = Definition(entry)
        elif held.login:
            login = Guard("login_required", Reach.AUTHENTICATED, "class", answer="redirect")
            methods["dispatch"] = Definition(entry, passing_on("dispatch"), guards=(login,))
        if entry == API_VIEW:
            methods.update({each: Definition(entry) for each in _ASKING})
        if handler in held.handlers:
            methods[handler] = Definition(entry, guards=self.queried(view, method, handler))
        return Base(entry, methods)

    def unknown(self, entry: str) -> Base:
        """A class of which nothing is known: shown where it sounds like a guard."""
        last = entry.rpartition(".")[2]
        if not any(word in last.lower() for word in _SOUNDS):
            return Base(entry)
        held = Guard(last, Reach.CUSTOM, "class", quote=entry)
        return Base(entry, {"dispatch": Definition(entry, passing_on("dispatch"), guards=(held,))})

    def lookup_in(self, view: Class) -> Lookup:
        """Functions of the project, and methods of the view as `self.name`."""

        def find(name: str) -> Callee | None:
            if not name.startswith("self."):
                return self.lookup(name)
            held = attribute(view.order, name.removeprefix("self."))
            if held is None and name == "self.get_object":
                held = attribute(view.order, "get_queryset")
            node = held[1] if held is not None else None
            if held is None or not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                return None
            entry = held[0]
            return Callee(node, self.sources.names(entry.module), entry.module.shown, (),
                          self.told.setdefault(id(node), {}))  # fmt: skip

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

    # -- attributes --

    def permissions(self, view: Class, name: str) -> tuple[str, ...] | None:
        """The texts in an attribute of a view; None if they are not known."""
        if name in view.options:
            return constants(self.sources, view.options[name], view.where.module)
        held = attribute(view.order, name)
        made = attribute(view.order, "__init__")
        for each in ast.walk(made[1]) if made is not None else ():
            # `self.permission_required = …` counts more than what the class has.
            if isinstance(each, ast.Assign) and ast.unparse(each.targets[0]) == f"self.{name}":
                return constants(self.sources, each.value, made[0].module) if made else None
        if held is None or not isinstance(held[1], ast.expr):
            return None
        return constants(self.sources, held[1], held[0].module)

    def flag(self, view: Class, name: str) -> bool:
        held = attribute(view.order, name)
        node = view.options.get(name) or (held[1] if held is not None else None)
        return isinstance(node, ast.Constant) and bool(node.value)

    # -- rows --

    def queried(self, view: Class, method: str, handler: str) -> tuple[Guard, ...]:
        """What the rows demand that a view of a framework shows: a list of one's own keeps nobody
        out who is somebody."""
        if not any(isinstance(each, str) and each in ALL and ALL[each].objects
                   for each in view.order):  # fmt: skip
            return ()
        held = attribute(view.order, "get_object")
        if held is None or self.lists(view, handler):
            held = attribute(view.order, "get_queryset")
        node = held[1] if held is not None else None
        if held is None or not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            return ()
        entry = held[0]
        told = checking(node, self.sources.names(entry.module), entry.module.shown, method=method,
                        lookup=self.lookup_in(view))  # fmt: skip
        if any(
            _is_super(each, "get_object") for each in ast.walk(node) if isinstance(each, ast.Call)
        ):
            above = attribute(view.order, "get_queryset")
            if above is not None and isinstance(above[1], (ast.FunctionDef, ast.AsyncFunctionDef)):
                told += checking(above[1], self.sources.names(above[0].module),
                                 above[0].module.shown, method=method,
                                 lookup=self.lookup_in(view))  # fmt: skip
        if self.lists(view, handler):
            told = tuple(each._replace(demands=Reach.AUTHENTICATED)
                         if each.demands is Reach.OBJECT else each for each in told)  # fmt: skip
        else:
            told = tuple(each._replace(demands=Reach.OBJECT)
                         if each.demands is Reach.AUTHENTICATED and "filter(" in each.name else each
                         for each in told)  # fmt: skip
        return told

    def lists(self, view: Class, handler: str) -> bool:
        """Whether a handler shows a list, rather than one object."""
        if handler in ("list", "create"):
            return True
        names = [name_of(each).rpartition(".")[2] for each in view.order]
        return handler in ("get", "post") and any(
            each.startswith(("MultipleObject", "BaseList", "ListView", "ListAPI", "ListCreate"))
            or "Archive" in each
            for each in names
        )


_SOUNDS = ("required", "permission", "access", "auth", "login", "protected", "restrict", "staff")


# -- parts -----------------------------------------------------------------------------------------


def passing_on(name: str) -> Function:
    """A method that does nothing but call the inherited one."""
    made = ast.parse(_PASSING.format(name)).body[0]
    assert isinstance(made, ast.FunctionDef)
    return made


def _may_wrap(node: ast.AST) -> bool:
    """Whether a decorator may give back something else than the class that it is given."""
    if not isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
        return False
    inside = [each for each in ast.walk(node) if isinstance(each, (ast.FunctionDef, ast.Lambda))]
    names = {arg.arg for each in inside for arg in each.args.args}
    names |= {each.name for each in inside if isinstance(each, ast.FunctionDef)}
    given = [each.value for each in ast.walk(node) if isinstance(each, ast.Return)]
    return remade(node) or not all(
        isinstance(each, ast.Name) and each.id in names for each in given
    )


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
    given = node.args[:1] or [each.value for each in node.keywords if each.arg == "decorator"]
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
