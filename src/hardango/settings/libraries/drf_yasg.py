"""drf-yasg: the view that describes the API, as URLconfs make it.

https://drf-yasg.readthedocs.io/en/stable/readme.html#quickstart. `get_schema_view()` gives a class whose
`with_ui()`, `without_ui()`, `as_cached_view()` and `as_view()` give views with the same options.
"""

from __future__ import annotations

from collections.abc import Callable

from hardango.settings.interpreter import Interpreter
from hardango.settings.routes import Options, View
from hardango.settings.values import MISSING, Native, Thing, Value

NAME = "drf_yasg.views.SchemaView"
MAKING = frozenset(("as_cached_view", "as_view", "with_ui", "without_ui"))


def _get_schema_view(
    interpreter: Interpreter, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    from hardango.settings.libraries.django_urls import with_options

    return with_options(interpreter, keywords, _schema_view)


def _schema_view(given: Options) -> Value:
    from hardango.settings.libraries.django_urls import view_thing

    view = view_thing(View(NAME, options=given))

    def attribute(interpreter: Interpreter, name: str) -> Value:
        return Native(name, lambda *_: view) if name in MAKING else MISSING

    return Thing(NAME, attribute=attribute)


MODULES: dict[str, Callable[[Interpreter], dict[str, Value]]] = {
    "drf_yasg": lambda interpreter: {},
    "drf_yasg.views": lambda interpreter: {
        "get_schema_view": Native("get_schema_view", _get_schema_view)
    },
}
