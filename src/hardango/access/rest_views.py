"""What the source of a view of Django REST framework says: its permission classes for each method
and action, and the routes that a router makes of a viewset.

https://www.django-rest-framework.org/api-guide/permissions/, and the source of
rest_framework.routers.
"""

from __future__ import annotations

import ast

from hardango.access.asked import once_assigned
from hardango.access.class_views import Class, ClassViews
from hardango.access.decorators import Where, argument, constants, texts
from hardango.access.framework import API_VIEW
from hardango.access.guards import PERMISSION_CLASSES
from hardango.access.linear import Entry, attribute, linear, name_of
from hardango.access.mro import Base, Definition
from hardango.access.names import named
from hardango.access.rest import Asked, Permission, rest_guards
from hardango.access.sources import Found, Function, Sources, defined
from hardango.light import NamedTuple
from hardango.matrix import Guard
from hardango.settings.outcomes import Settings

_OPEN = "rest_framework.permissions.AllowAny"
_BASE = "rest_framework.permissions.BasePermission"
_SESSION = "rest_framework.authentication.SessionAuthentication"
_OBJECT_ACTIONS = ("retrieve", "update", "partial_update", "destroy")
_OBJECT_VIEWS = ("Retrieve", "Update", "Destroy")
_STANDARD = {
    "list": ("GET", False), "create": ("POST", False), "retrieve": ("GET", True),
    "update": ("PUT", True), "partial_update": ("PATCH", True), "destroy": ("DELETE", True),
}  # fmt: skip
_UNKNOWN = Permission()


class Action(NamedTuple):
    """One action of a viewset: its name, the methods that it answers, whether it is about one
    object, its part of the path, and what `@action(…)` says besides."""

    name: str
    methods: tuple[str, ...]
    detail: bool
    path: str = ""
    options: dict[str, ast.expr] = {}
    where: Where | None = None


class RestViews:
    """Reads views of Django REST framework with the sources and settings of one project."""

    def __init__(self, sources: Sources, classes: ClassViews, settings: Settings) -> None:
        self.sources, self.classes, self.settings = sources, classes, settings
        self.maps: dict[str, tuple[Found, ast.AST]] = {}

    # -- guards --

    def asked(
        self, view: Class, method: str, handler: str, action: Action | None = None
    ) -> tuple[Guard, ...]:
        """What stands between `dispatch` and the handler."""
        facts, _ = self.classes.facts(view, method, handler)
        model = self.model(view)
        permissions = tuple(
            self.required(each, method, model)
            for each in self.permissions(view, method, handler, action)
        )
        told = rest_guards(facts, permissions, Asked(method, model, self.takes(view, handler)))
        place = view.found.module.place(view.found.node)
        return tuple(each._replace(place=each.place or place) for each in told)

    def permissions(
        self, view: Class, method: str, handler: str, action: Action | None
    ) -> tuple[Permission, ...]:
        """The permission classes that are asked."""
        own = attribute(view.order, "get_permissions")
        if own is not None and isinstance(own[1], (ast.FunctionDef, ast.AsyncFunctionDef)):
            told = _Chosen(self, view, own[0], method, handler, action).result(own[1])
            return told if told is not None else (self.quoted(own[0], own[1]),)
        return self.declared(view, action)

    def declared(self, view: Class, action: Action | None) -> tuple[Permission, ...]:
        """Those of the action, else of `as_view()`, else of the class, else of the settings."""
        name = "permission_classes"
        if action is not None and name in action.options and action.where is not None:
            return self.listed(action.options[name], action.where)
        if name in view.options:
            return self.listed(view.options[name], view.where)
        held = attribute(view.order, name)
        if held is not None and isinstance(held[1], ast.expr):
            return self.listed(held[1], Where(held[0].module))
        return self.default()

    def default(self) -> tuple[Permission, ...]:
        """DEFAULT_PERMISSION_CLASSES."""
        names = self.setting("DEFAULT_PERMISSION_CLASSES")
        if names is None:
            return (self.named(_OPEN),)
        if names == ():
            return ()
        return tuple(self.named(each) for each in names)

    def setting(self, name: str) -> tuple[str, ...] | None:
        """A list of dotted names in REST_FRAMEWORK, None if it isn't there."""
        if "REST_FRAMEWORK" not in self.settings:
            return None
        for outcome in self.settings["REST_FRAMEWORK"].outcomes:
            if isinstance(outcome.value, dict) and name in outcome.value:
                held = outcome.value[name]
                if isinstance(held, str):
                    return (held,)
                if isinstance(held, (list, tuple)):
                    return tuple(each if isinstance(each, str) else "{unknown}" for each in held)
                return ("{unknown}",)
            if not isinstance(outcome.value, dict):
                return ("{unknown}",)
        return None

    def listed(self, node: ast.expr, where: Where) -> tuple[Permission, ...]:
        """The classes in a list as it stands there, or is assigned elsewhere."""
        value, where = self.classes.decorators.value(node, where)
        if isinstance(value, (ast.List, ast.Tuple, ast.Set)):
            return tuple(
                each
                for part in value.elts
                for each in (self.listed(part.value, where) if isinstance(part, ast.Starred)
                             else (self.one(part, where),))
            )  # fmt: skip
        if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add):
            return self.listed(value.left, where) + self.listed(value.right, where)
        if isinstance(value, ast.Call) and len(value.args) == 1 and not value.keywords:
            return self.listed(value.args[0], where)
        if isinstance(value, (ast.Name, ast.Attribute)):
            name = self.sources.name(where.module, value)
            found = self.sources.find(name)
            if found is not None and isinstance(found.node, ast.expr) and found.node is not value:
                return self.listed(found.node, Where(found.module))
            if name.endswith("api_settings.DEFAULT_PERMISSION_CLASSES"):
                return self.default()
        return (_UNKNOWN._replace(place=where.module.place(node)),)

    def one(self, node: ast.expr, where: Where) -> Permission:
        """One entry of the list: a class, or several joined by operators."""
        place = where.module.place(node)
        if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.BitAnd, ast.BitOr)):
            operator = "and" if isinstance(node.op, ast.BitAnd) else "or"
            parts = (self.one(node.left, where), self.one(node.right, where))
            return Permission(operator=operator, parts=parts, place=place)
        if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Invert):
            return Permission(operator="not", parts=(self.one(node.operand, where),), place=place)
        if isinstance(node, ast.Call):
            made = self.one(node.func, where)
            if made.bases:
                return made
            return self.quoted(Found(where.module, node, ""), node)
        if isinstance(node, ast.Name):
            value, inside = self.classes.decorators.value(node, where)
            if isinstance(value, ast.expr) and value is not node:
                return self.one(value, inside)
        name = self.sources.name(where.module, node)
        if not name:
            return self.quoted(Found(where.module, node, ""), node)
        found = self.sources.find(name)
        if found is not None and isinstance(found.node, ast.expr) and found.node is not node:
            return self.one(found.node, Where(found.module))._replace(place=place)
        return self.named(name)._replace(place=place)

    def quoted(self, held: Found, node: ast.AST) -> Permission:
        """Something that is not understood, by its text."""
        text = getattr(node, "name", "") or " ".join(ast.unparse(node).split())[:80]
        return Permission((Base(text, {"has_permission": Definition(text)}),),
                          place=held.module.place(node))  # fmt: skip

    def named(self, dotted: str) -> Permission:
        """A permission class by its name."""
        entry = self.permission_class(dotted)
        order: list[Entry] = linear(self.sources, entry) if isinstance(entry, Found) else [entry]
        held = attribute(order, "perms_map")
        if held is not None:
            self.maps[name_of(entry)] = held
        own = held is not None or attribute(order, "get_required_permissions") is not None
        return Permission(tuple(self.base(each) for each in order), own_map=own)

    def required(self, permission: Permission, method: str, model: str) -> Permission:
        """The same, with the permissions that a `perms_map` of the project has for a method."""
        if permission.operator:
            parts = tuple(self.required(each, method, model) for each in permission.parts)
            return permission._replace(parts=parts)
        held = self.maps.get(permission.bases[0].name) if permission.bases else None
        app, _, name = model.partition(".")
        if held is None or not name or not isinstance(held[1], ast.Dict):
            return permission
        for key, value in zip(held[1].keys, held[1].values, strict=True):
            if isinstance(key, ast.Constant) and key.value == method:
                told = constants(self.sources, value, held[0].module)
                if told is not None:
                    names = tuple(each.replace("%(app_label)s", app).replace("%(model_name)s", name)
                                  for each in told)  # fmt: skip
                    return permission._replace(required=names)
        return permission

    def permission_class(self, dotted: str) -> Entry:
        known = named(PERMISSION_CLASSES, self.sources.canonical(dotted))
        if known in PERMISSION_CLASSES:
            return known
        found = self.sources.find(dotted)
        return found if found is not None and isinstance(found.node, ast.ClassDef) else known

    def base(self, entry: Entry) -> Base:
        if isinstance(entry, str):
            name = named(PERMISSION_CLASSES, entry)
            if name == _BASE:
                return Base(name)
            methods = {"has_permission": Definition(name)}
            if name.endswith("DjangoObjectPermissions"):
                methods["has_object_permission"] = Definition(name)
            return Base(name, methods)
        assert isinstance(entry.node, ast.ClassDef)
        if named(PERMISSION_CLASSES, entry.dotted) in PERMISSION_CLASSES:
            return self.base(entry.dotted)
        methods = {}
        for name in ("has_permission", "has_object_permission"):
            node = defined(entry.node, name)
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
                methods[name] = Definition(
                    entry.dotted, node, self.sources.names(entry.module), entry.module.shown,
                    lookup=self.classes.lookup,
                )  # fmt: skip
        return Base(entry.dotted, methods)

    # -- what a view is about --

    def model(self, view: Class) -> str:
        """The model of a view as its permissions name it: "zoo.doc"; "" if not known."""
        for name in ("queryset", "model"):
            held = attribute(view.order, name)
            if held is not None and isinstance(held[1], ast.expr):
                return self.model_in(held[1], held[0])
        held = attribute(view.order, "get_queryset")
        if held is not None and isinstance(held[1], (ast.FunctionDef, ast.AsyncFunctionDef)):
            models = {self.model_in(each.value, held[0]) for each in ast.walk(held[1])
                      if isinstance(each, ast.Return) and each.value is not None}  # fmt: skip
            return models.pop() if len(models) == 1 else ""
        return ""

    def model_in(self, node: ast.expr, held: Found) -> str:
        while isinstance(node, (ast.Call, ast.Attribute)):
            if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager"):
                node = node.value
                break
            node = node.func if isinstance(node, ast.Call) else node.value
        found = self.sources.find(self.sources.name(held.module, node))
        if found is None or not isinstance(found.node, ast.ClassDef):
            return ""
        package = found.module.name.partition(".models")[0]
        return f"{package.rpartition('.')[2]}.{found.node.name.lower()}"

    def takes(self, view: Class, handler: str) -> bool:
        """Whether a handler takes an object in the way that asks for the permission of it."""
        held = attribute(view.order, handler)
        if held is not None:
            node = held[1]
            takes = _mentions(node, "get_object") or _mentions(node, "check_object_permissions")
            takes = takes or (_mentions(node, handler) and "super" in ast.unparse(node))
        else:
            names = [name_of(each) for each in view.order]
            takes = handler in _OBJECT_ACTIONS or (
                handler in ("get", "put", "patch", "delete")
                and any(word in name for name in names for word in _OBJECT_VIEWS)
            )
        getter = attribute(view.order, "get_object")
        if takes and getter is not None:
            text = ast.unparse(getter[1])
            return "check_object_permissions" in text or "super()" in text
        return takes

    def session(self, view: Class) -> bool | None:
        """Whether a session cookie is enough to be somebody."""
        held = attribute(view.order, "authentication_classes")
        if held is not None and isinstance(held[1], (ast.List, ast.Tuple)):
            return any("Session" in ast.unparse(each) for each in held[1].elts)
        if held is not None:
            return None
        names = self.setting("DEFAULT_AUTHENTICATION_CLASSES")
        return names is None or any("Session" in each for each in names)

    def is_rest(self, view: Class) -> bool:
        return any(name_of(each) == API_VIEW for each in view.order)

    # -- functions --

    def of_function(self, nodes: list[ast.expr], where: Where, method: str) -> tuple[Guard, ...]:
        """What `@permission_classes([…])` demands, or the settings, of an `@api_view`."""
        permissions = self.default()
        for node in nodes:
            if isinstance(node, ast.Call) and self.decorator(node, where) == "permission_classes":
                permissions = self.listed(node.args[0], where) if node.args else ()
        view = Class(Found(where.module, ast.Name("view"), "view"), [API_VIEW], {}, where)
        facts, _ = self.classes.facts(view, method, method.lower())
        told = rest_guards(facts, permissions, Asked(method))
        place = where.module.place(nodes[0]) if nodes else None
        return tuple(each._replace(place=each.place or place) for each in told)

    def decorator(self, node: ast.expr, where: Where) -> str:
        target = node.func if isinstance(node, ast.Call) else node
        name = self.classes.decorators.name(target, where)
        top = "rest_framework.decorators."
        return name.removeprefix(top) if name.startswith(top) else ""

    def api_view(self, nodes: list[ast.expr], where: Where) -> tuple[str, ...] | None:
        """The methods of an `@api_view`; None for a function that is none."""
        for node in nodes:
            if self.decorator(node, where) == "api_view":
                given = (
                    argument(node, 0, "http_method_names") if isinstance(node, ast.Call) else None
                )
                told = texts(given) if given is not None else ("GET",)
                return tuple(each.upper() for each in told or ("GET",))
        return None

    # -- viewsets --

    def actions(self, view: Class) -> list[Action]:
        """The actions of a viewset, the standard ones first."""
        found = []
        for name, (method, detail) in _STANDARD.items():
            if self.classes.answers(view, name):
                found.append(Action(name, (method,), detail))
        seen = {each.name for each in found}
        for entry in view.order:
            if isinstance(entry, Found) and isinstance(entry.node, ast.ClassDef):
                for each in entry.node.body:
                    if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef)):
                        action = self.extra(each, Where(entry.module))
                        if action is not None and action.name not in seen:
                            seen.add(action.name)
                            found.append(action)
        return found

    def extra(self, function: Function, where: Where) -> Action | None:
        for node in function.decorator_list:
            kind = self.decorator(node, where)
            if kind not in ("action", "detail_route", "list_route") or not isinstance(
                node, ast.Call
            ):
                continue
            options = {each.arg: each.value for each in node.keywords if each.arg}
            methods = texts(options["methods"]) if "methods" in options else None
            if methods is None and node.args and kind == "action":
                methods = texts(node.args[0])
            detail = options.get("detail")
            about = kind == "detail_route" or (
                isinstance(detail, ast.Constant) and bool(detail.value)
            )
            given = options.get("url_path")
            path = str(given.value) if isinstance(given, ast.Constant) else function.name
            return Action(function.name, tuple(each.upper() for each in methods or ("GET",)), about,
                          path, options, where)  # fmt: skip
        return None

    def lookup(self, view: Class) -> str:
        """The part of a path that names one object."""
        held = {}
        for name in ("lookup_field", "lookup_url_kwarg", "lookup_value_regex"):
            found = attribute(view.order, name)
            if found is not None and isinstance(found[1], ast.Constant) and found[1].value:
                held[name] = str(found[1].value)
        group = held.get("lookup_url_kwarg") or held.get("lookup_field", "pk")
        return f"(?P<{group}>{held.get('lookup_value_regex', '[^/.]+')})"


class _Chosen:
    """Follows `get_permissions()` for one action and one method."""

    def __init__(
        self, rest: RestViews, view: Class, owner: Found, method: str, handler: str,
        action: Action | None,
    ) -> None:  # fmt: skip
        self.rest, self.view, self.owner = rest, view, owner
        self.method, self.handler, self.action = method, handler, action
        self.where = Where(owner.module)
        self.given: dict[str, ast.expr] = {}
        self.once: dict[str, ast.expr] = {}

    def result(self, function: Function) -> tuple[Permission, ...] | None:
        """The classes that it gives back; None if that is not known."""
        self.once = once_assigned(function)
        done = self.block(function.body)
        return done[0] if done else None

    def block(self, body: list[ast.stmt]) -> list[tuple[Permission, ...] | None]:
        """[the result] if a body ends, [] if it goes on."""
        for node in body:
            if isinstance(node, ast.Return):
                return [self.listed(node.value)]
            if isinstance(node, ast.If):
                known = self.decided(node.test)
                if known is None:
                    return [None]
                done = self.block(node.body if known else node.orelse)
                if done:
                    return done
            elif isinstance(node, ast.Assign) and len(node.targets) == 1:
                if isinstance(node.targets[0], ast.Name):
                    self.given[node.targets[0].id] = node.value
                elif ast.unparse(node.targets[0]) == "self.permission_classes":
                    self.given["self.permission_classes"] = node.value
            elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
                continue
            elif not isinstance(node, ast.Pass):
                return [None]
        return []

    def listed(self, node: ast.expr | None) -> tuple[Permission, ...] | None:
        if node is None:
            return None
        if isinstance(node, ast.Name) and node.id in self.given:
            return self.listed(self.given[node.id])
        if isinstance(node, ast.ListComp) and len(node.generators) == 1:
            return self.listed(node.generators[0].iter)
        text = ast.unparse(node)
        if text == "self.permission_classes" and text in self.given:
            return self.listed(self.given[text])
        if text in ("self.permission_classes", "super().get_permissions()") or (
            isinstance(node, ast.Call) and text.endswith(".get_permissions()")
        ):
            if text != "self.permission_classes" and "self.permission_classes" in self.given:
                return self.listed(self.given["self.permission_classes"])
            return self.rest.declared(self.view, self.action)
        if isinstance(node, (ast.List, ast.Tuple)):
            return self.rest.listed(node, self.where)
        if isinstance(node, ast.IfExp):
            known = self.decided(node.test)
            return None if known is None else self.listed(node.body if known else node.orelse)
        if isinstance(node, (ast.Name, ast.Attribute)):
            told = self.rest.listed(node, self.where)
            return (
                None
                if _UNKNOWN._replace(place=None) in [t._replace(place=None) for t in told]
                else told
            )
        return None

    def decided(self, test: ast.expr) -> bool | None:
        """What a test of the action or the method comes to."""
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            inner = self.decided(test.operand)
            return None if inner is None else not inner
        if isinstance(test, ast.BoolOp):
            each = [self.decided(value) for value in test.values]
            deciding = isinstance(test.op, ast.Or)
            if deciding in each:
                return deciding
            return None if None in each else not deciding
        if not isinstance(test, ast.Compare) or len(test.ops) != 1:
            return None
        left = ast.unparse(test.left)
        if left == "self.action":
            value = self.handler
        elif left in ("self.request.method", "self.request.method.upper()", "request.method"):
            value = self.method
        else:
            return None
        wanted = self.wanted(test.comparators[0])
        if wanted is None:
            return None
        equal = isinstance(test.ops[0], (ast.Eq, ast.In, ast.Is))
        return (value in wanted) is equal

    def wanted(self, node: ast.expr) -> tuple[str, ...] | None:
        if isinstance(node, ast.Name) and node.id in self.once:
            node = self.once[node.id]
        if ast.unparse(node).endswith("SAFE_METHODS"):
            return ("GET", "HEAD", "OPTIONS")
        return constants(self.rest.sources, node, self.where.module)


def _mentions(node: ast.AST, name: str) -> bool:
    return any(isinstance(each, ast.Attribute) and each.attr == name for each in ast.walk(node))
