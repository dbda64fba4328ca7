"""Objects that a view takes by what the request says, with nothing of who asks in it: where they are
somebody's, a person has to look.

Only what is plain is told: `get_object_or_404(Order, pk=pk)` and `Order.objects.get(pk=pk)` in a view that
speaks of no user, and Django's generic views of one object that are given a model and nothing else.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping

from hardango.access.sources import Exhausted, Found, Module, Sources
from hardango.audit import Reading
from hardango.findings import Place
from hardango.matrix import Lookup, Matrix, Operation, Reach

_SHORTCUTS = ("django.shortcuts.get_object_or_404", "django.shortcuts.aget_object_or_404")
_GENERIC = tuple(f"django.views.generic.{name}" for name in (
    "DetailView", "UpdateView", "DeleteView", "detail.DetailView", "edit.UpdateView", "edit.DeleteView",
))  # fmt: skip
_LOGINS = (
    "django.contrib.auth.mixins.LoginRequiredMixin",
    "django.contrib.messages.views.SuccessMessageMixin",
)
_NARROWING = {
    "get_queryset",
    "get_object",
    "queryset",
    "dispatch",
    "get",
    "post",
    "setup",
    "get_permission_required",
}
_USERS = ("django.contrib.auth.get_user_model", "django.contrib.auth.models.User")
_RELATIONS = ("ForeignKey", "OneToOneField")
_KEYS = ("pk", "id", "uuid", "slug", "code")


def with_lookups(matrix: Matrix, reading: Reading) -> Matrix:
    """The matrix with the lookups of those views that whoever is logged in may enter."""
    project = reading.project
    look = _Look(Sources(project.root, project.import_roots), matrix)
    try:
        routes = tuple(
            route._replace(operations=tuple(map(look.operation, route.operations)))
            for route in matrix.routes
        )
    except Exhausted:
        return matrix
    return matrix._replace(routes=routes)


class _Look:
    def __init__(self, sources: Sources, matrix: Matrix) -> None:
        self.sources = sources
        self.labels = {each.dotted: each.label for each in matrix.models or ()}
        self.owners: dict[str, tuple[str, ...]] = {
            each.dotted: each.owners for each in matrix.models or ()
        }
        self.known: dict[tuple[str, int], tuple[Lookup, ...]] = {}

    def operation(self, operation: Operation) -> Operation:
        place = operation.place
        if operation.reach is not Reach.AUTHENTICATED or place is None:
            return operation
        at = place.file, place.line
        if at not in self.known:
            self.known[at] = tuple(self.at(place))
        return operation._replace(lookups=self.known[at])

    def at(self, place: Place) -> Iterator[Lookup]:
        module = self.sources.at(place)
        if module is None:
            return
        for node in ast.walk(module.tree):
            if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)) and _starts(node, place):
                if not _speaks_of_users(node):
                    yield from self.in_function(module, node)
            elif isinstance(node, ast.ClassDef) and _starts(node, place):
                yield from self.of_class(module, node)

    def in_function(self, module: Module, function: ast.AST) -> Iterator[Lookup]:
        for call in ast.walk(function):
            if not isinstance(call, ast.Call) or len(call.keywords) != 1:
                continue
            by = call.keywords[0].arg or ""
            if by not in _KEYS:
                continue
            model: ast.expr | None = None
            if self.sources.name(module, call.func) in _SHORTCUTS and len(call.args) == 1:
                model = _manager_of(call.args[0])
            elif (
                isinstance(call.func, ast.Attribute)
                and call.func.attr in ("get", "aget")
                and not call.args
            ):
                model = _manager_of(call.func.value, plain=False)
            if model is not None:
                yield from self.lookup(module, model, by, call)

    def of_class(self, module: Module, node: ast.ClassDef) -> Iterator[Lookup]:
        bases = [self.sources.name(module, each) for each in node.bases]
        if not any(each in _GENERIC for each in bases):
            return
        if not all(each in _GENERIC or each in _LOGINS for each in bases) or _speaks_of_users(node):
            return
        assigned = {target.id: each.value for each in node.body if isinstance(each, ast.Assign)
                    for target in each.targets if isinstance(target, ast.Name)}  # fmt: skip
        defined = {
            each.name
            for each in node.body
            if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef))
        }
        if "model" in assigned and not _NARROWING & (defined | set(assigned)):
            yield from self.lookup(module, assigned["model"], "pk", node)

    def lookup(self, module: Module, model: ast.expr, by: str, at: ast.AST) -> Iterator[Lookup]:
        found = self.sources.find(self.sources.name(module, model))
        if found is None or not isinstance(found.node, ast.ClassDef):
            return
        label = self.labels.get(found.dotted, ".".join(found.dotted.split(".")[-3::2]))
        if found.dotted not in self.owners:
            self.owners[found.dotted] = tuple(self.users_of(found, 2))
        yield Lookup(label, by, self.owners[found.dotted], module.place(at))

    def users_of(self, model: Found, hops: int) -> Iterator[str]:
        """The fields of a model that lead to a user, as its source has them."""
        assert isinstance(model.node, ast.ClassDef)
        for field, to in _relations(model.node):
            name = self.sources.name(model.module, to) if not isinstance(to, ast.Constant) else ""
            text = str(to.value) if isinstance(to, ast.Constant) else ""
            called = self.sources.name(model.module, to.func) if isinstance(to, ast.Call) else ""
            if name in _USERS or called in _USERS or text in ("auth.User", "User") \
                    or name.endswith("settings.AUTH_USER_MODEL"):  # fmt: skip
                yield field
            elif hops > 1:
                dotted = name or f"{model.module.name}.{text}"
                other = self.sources.find(dotted) if "." in dotted else None
                if (
                    other is not None
                    and isinstance(other.node, ast.ClassDef)
                    and other.node is not model.node
                ):
                    yield from (f"{field}__{each}" for each in self.users_of(other, hops - 1))


def _relations(model: ast.ClassDef) -> Iterator[tuple[str, ast.expr]]:
    """The foreign keys of a model, with what each is given to lead to."""
    for each in model.body:
        if not isinstance(each, ast.Assign) or not isinstance(each.value, ast.Call):
            continue
        call, target = each.value, each.targets[0]
        kind = (
            call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        )
        given: Mapping[str | None, ast.expr] = {word.arg: word.value for word in call.keywords}
        to = call.args[0] if call.args else given.get("to")
        if kind in _RELATIONS and to is not None and isinstance(target, ast.Name):
            yield target.id, to


def _manager_of(node: ast.expr, *, plain: bool = True) -> ast.expr | None:
    """The model of `Order`, if that will do, or of `Order.objects`."""
    if isinstance(node, ast.Attribute) and node.attr == "objects":
        return node.value
    return node if plain and isinstance(node, (ast.Name, ast.Attribute)) else None


def _starts(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef, place: Place) -> bool:
    """Whether a definition is the one at a place, be it told from its first decorator."""
    first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
    return first <= place.line <= node.lineno


def _speaks_of_users(node: ast.AST) -> bool:
    """Whether anything in it is about who asks: a check that is not understood may stand there."""
    names = {each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute)}
    names |= {each.id for each in ast.walk(node) if isinstance(each, ast.Name)}
    return any(
        "user" in name.lower() or "owner" in name.lower() or "perm" in name.lower()
        for name in names
    )
