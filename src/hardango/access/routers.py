"""The routes that a router of Django REST framework makes of a viewset.

The source of rest_framework.routers, and https://www.django-rest-framework.org/api-guide/routers/.
"""

from __future__ import annotations

import ast

from hardango.access.class_views import Class
from hardango.access.decorators import argument
from hardango.access.linear import linear, name_of
from hardango.access.rest_views import Action, RestViews
from hardango.access.sources import Module, Sources
from hardango.light import NamedTuple

_FORMAT = r"\.(?P<format>[a-z0-9]+)/?$"


class Registered(NamedTuple):
    """A call of `router.register(…)`: `slash` is what the router ends paths with, `formats` whether
    each path has a twin with a suffix for the format, `basename` what names begin with."""

    slash: str = "/"
    formats: bool = False
    basename: str = ""
    prefix: str | None = None


class Made(NamedTuple):
    """One route: its pattern, its name, and the actions that it leads to."""

    pattern: str
    name: str
    actions: tuple[Action, ...]


def registration(sources: Sources, module: Module, line: int) -> Registered | None:
    """The registration that stands at a line; None if none does."""
    for node in ast.walk(module.tree):
        if (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Attribute)
            and node.func.attr == "register"
            and node.lineno <= line <= (node.end_lineno or line)
        ):
            router = node.func.value
            basename = argument(node, 2, "basename") or argument(node, 9, "base_name")
            prefix = argument(node, 0, "prefix")
            made = _made(sources, module, router)
            return Registered(
                _slash(made),
                _has_formats(sources, module, made),
                str(basename.value) if isinstance(basename, ast.Constant) else "",
                str(prefix.value) if isinstance(prefix, ast.Constant) else None,
            )
    return None


def _made(sources: Sources, module: Module, router: ast.expr) -> ast.Call | None:
    """The call that made a router."""
    found = sources.find(sources.name(module, router))
    if found is not None and isinstance(found.node, ast.Call):
        return found.node
    return None


def _slash(made: ast.Call | None) -> str:
    for keyword in made.keywords if made is not None else ():
        if keyword.arg == "trailing_slash" and isinstance(keyword.value, ast.Constant):
            return "/" if keyword.value.value is True else str(keyword.value.value or "")
    return "/"


def _has_formats(sources: Sources, module: Module, made: ast.Call | None) -> bool:
    if made is None:
        return False
    found = sources.find(sources.name(module, made.func))
    if found is not None and isinstance(found.node, ast.ClassDef):
        names = [name_of(each) for each in linear(sources, found)]
    else:
        names = [sources.canonical(sources.name(module, made.func))]
    return any(each.endswith("DefaultRouter") for each in names)


def made_routes(rest: RestViews, view: Class, registered: Registered, below: str) -> list[Made]:
    """The routes of a viewset; `below` is its whole pattern with the prefix, without the slash at
    its end."""
    actions = rest.actions(view)
    base = registered.basename or _basename(rest, view)
    lookup = rest.lookup(view)
    slash = registered.slash
    many = tuple(each for each in actions if not each.path and not each.detail)
    single = tuple(each for each in actions if not each.path and each.detail)
    found = []
    if many:
        found.append(Made(f"{below}{slash}$", f"{base}-list", many))
    for each in _joined(actions, detail=False):
        found.append(Made(f"{below}/{each[0].path}{slash}$", f"{base}-{_url(each[0])}", each))
    if single:
        found.append(Made(f"{below}/{lookup}{slash}$", f"{base}-detail", single))
    for each in _joined(actions, detail=True):
        pattern = f"{below}/{lookup}/{each[0].path}{slash}$"
        found.append(Made(pattern, f"{base}-{_url(each[0])}", each))
    if not registered.formats:
        return found
    twins = [
        each._replace(pattern=each.pattern.rstrip("$").rstrip("/") + _FORMAT) for each in found
    ]
    return [*found, *twins]


def _joined(actions: list[Action], detail: bool) -> list[tuple[Action, ...]]:
    return [(each,) for each in actions if each.path and each.detail is detail]


def _url(action: Action) -> str:
    return action.name.replace("_", "-")


def _basename(rest: RestViews, view: Class) -> str:
    return rest.model(view).partition(".")[2]
