"""Django REST framework's routers, as URLconfs use them.

https://www.django-rest-framework.org/api-guide/routers/. Each viewset is one route here: that of
its list, under whose prefix all its other ones lie.
"""

from __future__ import annotations

from collections.abc import Callable

from hardango.settings.interpreter import Interpreter
from hardango.settings.objects import class_member
from hardango.settings.outcomes import Unknown
from hardango.settings.values import (
    MISSING,
    Bound,
    Box,
    Class,
    Descriptor,
    Function,
    Instance,
    Native,
    Scope,
    Thing,
    Value,
)

Arguments = list[Value]
Keywords = dict[str, Value]
Names = dict[str, Value]


def _members(interpreter: Interpreter, root: bool) -> Callable[[Interpreter, str], Value]:
    """The attributes of one router, which share its registry."""
    registry = interpreter.box([])

    def register(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        from hardango.settings.libraries.django_urls import registered

        names = ("prefix", "viewset")
        prefix, viewset = (
            arguments[at] if len(arguments) > at else keywords.get(name)
            for at, name in enumerate(names)
        )
        made = registered(interpreter, prefix, viewset)
        interpreter.change(registry, lambda content: content.append(made))
        return None

    def attribute(interpreter: Interpreter, name: str) -> Value:
        if name == "register":
            return Native("register", register)
        if name == "registry":
            return registry
        if name == "urls" and "views" in interpreter.state:
            return _urls(interpreter, registry, root)
        return MISSING

    return attribute


def _urls(interpreter: Interpreter, registry: Box, root: bool) -> Value:
    from hardango.settings.libraries.django_urls import registered
    from hardango.settings.routes import Prefixed

    parts: list[Value] = [Thing("routes of a router", state=Prefixed("", registry))]
    if root:
        name = "rest_framework.routers.APIRootView"
        parts.append(registered(interpreter, "", Unknown(name, subject=name), ""))
    return interpreter.box(parts)


def _router(name: str, root: bool) -> Thing:
    def call(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        return Thing(name, attribute=_members(interpreter, root), base=router)

    def construct(
        interpreter: Interpreter, cls: Class, arguments: Arguments, keywords: Keywords
    ) -> Value:
        made = Instance(cls)
        members = _members(interpreter, root)
        scope: Scope = made.scope
        for each in ("register", "registry", "urls"):
            value = members(interpreter, each)
            if value is not MISSING:
                scope.bind(each, value, interpreter.space.true)
        own = class_member(interpreter, cls, "__init__")
        if isinstance(own, Function):
            interpreter.call(Bound(own, made), arguments, keywords)
        return made

    def inherited(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        """`super().urls` of a router of the project."""
        registry = interpreter.get(arguments[0], "registry")
        if not isinstance(registry, Box) or "views" not in interpreter.state:
            return interpreter.unknown(f"{name}.urls")
        return _urls(interpreter, registry, root)

    urls = Descriptor("property", Native("urls", inherited))
    router = Thing(name, {"urls": urls}, call=call, construct=construct)
    return router


def _routers(interpreter: Interpreter) -> Names:
    return {
        "DefaultRouter": _router("rest_framework.routers.DefaultRouter", True),
        "SimpleRouter": _router("rest_framework.routers.SimpleRouter", False),
    }


MODULES: dict[str, Callable[[Interpreter], Names]] = {
    "rest_framework": lambda interpreter: {},
    "rest_framework.routers": _routers,
}
