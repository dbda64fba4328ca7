"""Django's URL patterns and views, as far as URLconfs use them.

https://docs.djangoproject.com/en/stable/ref/urls/. Only what asks for routes has this loaded.
"""

from __future__ import annotations

from collections.abc import Callable

from hardango.findings import Place
from hardango.patterns import Pattern as Text
from hardango.settings.conditions import Condition
from hardango.settings.defaults import defaults_of
from hardango.settings.interpreter import Interpreter
from hardango.settings.natives import constant
from hardango.settings.outcomes import Unknown
from hardango.settings.paths import PurePosixPath
from hardango.settings.routes import Included, Options, Pattern, Prefixed, View
from hardango.settings.values import (
    Alternative,
    Bound,
    Box,
    Class,
    Function,
    Instance,
    Lazy,
    Module,
    Native,
    Scope,
    Thing,
    Value,
)

Arguments = list[Value]
Keywords = dict[str, Value]
Names = dict[str, Value]

_CALL = Text(r"\(\)( at [^ ]*?:\d+)?( \(\d+\))?")


_MODULES = (
    "django.conf",
    "django.conf.urls",
    "django.conf.urls.i18n",
    "django.conf.urls.static",
    "django.contrib.staticfiles.urls",
    "django.shortcuts",
    "django.urls",
    "django.urls.base",
    "django.urls.conf",
)
"""What has more for a URLconf than for settings."""


class _Ended(Scope):
    """What settings end with: Django's defaults are there when they are asked for, which most
    never are."""

    __slots__ = ("interpreter", "defaults")

    def __init__(self, interpreter: Interpreter) -> None:
        super().__init__()
        self.interpreter, self.defaults = interpreter, defaults_of(interpreter.django)

    def fill(self, name: str) -> None:
        if name not in self.names and name in self.defaults:
            default = self.interpreter.wrap(self.defaults[name])
            self.bind(name, default, self.interpreter.space.true)

    def bound(self, name: str, condition: Condition) -> list[Alternative]:
        self.fill(name)
        return super().bound(name, condition)


def follow_views(interpreter: Interpreter, scope: Scope, stopped: str) -> None:
    """From now on, what is not known keeps the view that it was given, and `settings.NAME` is
    what the settings module ended with, or Django's default."""
    ended = Module("django.conf.settings", "", interpreter.space.true)
    ended.scope = _Ended(interpreter)
    for name, alternatives in scope.names.items():
        if name.isupper():
            for each in alternatives:
                ended.scope.fill(name)
                ended.scope.bind(name, each.value, each.condition, each.chain, each.readings)
    ended.scope.opaque = Unknown(stopped) if stopped else scope.opaque
    ended.scope.opaque_when = scope.opaque_when
    interpreter.state["views"], interpreter.state["urlconfs"] = ended, set()
    for name in _MODULES:
        if isinstance(interpreter.modules.get(name), Thing):
            del interpreter.modules[name]


def dotted(value: Unknown) -> str:
    """The dotted name of something that another package defines: calls lose their places."""
    name = value.subject
    if "()" in name:
        name = _CALL.sub("", name)
    letters = name.removeprefix("…").replace(".", "a").replace("_", "a")
    return name if letters.isalnum() else ""


def is_call(value: Value) -> bool:
    """Whether something unknown is what a call of it gives."""
    return isinstance(value, Unknown) and _CALL.sub("|", value.subject).endswith("|")


# -- views -----------------------------------------------------------------------------------------


def view_of(interpreter: Interpreter, value: Value) -> View | None:
    """What is known of a view; None if not even its name is."""
    if isinstance(value, Lazy):
        value = interpreter.resolve(value)
    if isinstance(value, Thing):
        if isinstance(value.state, View):
            return value.state
        return View(value.name)
    if isinstance(value, Function):
        return _of_function(interpreter, value)
    if isinstance(value, Native):
        return View(value.name)
    if isinstance(value, Bound):
        inner = view_of(interpreter, value.function)
        owner = view_of(interpreter, value.receiver)
        if inner is None or owner is None:
            return inner
        return inner._replace(name=f"{owner.name}.{value.name}")
    if isinstance(value, Class):
        return View(_name_of(value), (), _bases(value))
    if isinstance(value, Instance):
        return View(_name_of(value.cls), (), _bases(value.cls))
    if isinstance(value, str):
        return View(value)
    if isinstance(value, Unknown):
        name = dotted(value)
        return View(name) if name else None
    return None


def _name_of(cls: Class) -> str:
    return f"{cls.module.name}.{cls.name}" if cls.module else cls.name


def _bases(cls: Class) -> tuple[str, ...]:
    found = []
    for each in cls.mro[1:]:
        if isinstance(each, Class):
            found.append(_name_of(each))
        elif isinstance(each, Thing):
            inner = each.state
            found.append(inner.name if isinstance(inner, View) else each.name)
        elif isinstance(each, Unknown) and dotted(each):
            found.append(dotted(each))
    return tuple(found)


def _of_function(interpreter: Interpreter, function: Function) -> View:
    """A function; one that was made in a call which was given a view wraps that view."""
    name = f"{function.module.name}.{function.name}"
    if function.owner is not None:
        name = f"{_name_of(function.owner)}.{function.name}"
    scope: Scope | None = function.scope
    while scope is not None and scope is not function.module.scope:
        for bound in scope.names.values():
            for each in bound:
                value = each.value
                is_view = isinstance(value, Thing) and isinstance(value.state, View)
                if value is not function and (is_view or isinstance(value, Function)):
                    inner = view_of(interpreter, value)
                    if inner is not None and value.name != function.name:
                        return inner._replace(wrappers=(name, *inner.wrappers))
        scope = scope.parent
    return View(name)


def view_thing(view: View) -> Thing:
    made = Thing(view.name.rpartition(".")[2], state=view)

    def attribute(interpreter: Interpreter, name: str) -> Value:
        said = f"{view.name}.{name}"
        # A class that a decorator was called with still has what a class-based view has.
        return Native(name, lambda *_: made) if name == "as_view" else Unknown(said, subject=said)

    def call(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        # What a decorator was called with was its argument: `user_passes_test(test)(view)`.
        inner = _given_view(interpreter, arguments)
        if inner is None or not view.wrappers:
            return interpreter.unknown(f"the result of {view.name}()", subject=f"{view.name}()")
        return view_thing(inner._replace(wrappers=(view.wrappers[0], *inner.wrappers)))

    made.attribute, made.call = attribute, call
    return made


def _given_view(interpreter: Interpreter, arguments: Arguments) -> View | None:
    """The view that a decorator is called with."""
    if not arguments:
        return None
    first = arguments[0]
    known = isinstance(first, (Function, Class, Bound)) or (
        isinstance(first, Thing) and isinstance(first.state, View)
    )
    return view_of(interpreter, first) if known else None


def called(
    interpreter: Interpreter, function: Unknown, arguments: Arguments, keywords: Keywords
) -> Value | None:
    """What a call of something unknown gives, if it has to do with views: None if not."""
    name = dotted(function)
    if name.endswith(".as_view"):
        made = View(name.removesuffix(".as_view"))
        return with_options(
            interpreter, keywords, lambda given: view_thing(made._replace(options=given))
        )
    if name.endswith("django.utils.decorators.method_decorator") and arguments:
        inner = arguments[0]
        if isinstance(inner, Unknown) and dotted(inner):
            return Unknown(inner.reason, subject=inner.subject)
    view = _given_view(interpreter, arguments)
    if view is None and isinstance(arguments[0] if arguments else None, Unknown):
        given = dotted(arguments[0])
        if given and not name.startswith("django.urls") and function.type is None:
            view = View(given) if _DECORATES.search(name) else None
    if view is None or not name:
        return None
    return view_thing(view._replace(wrappers=(name, *view.wrappers)))


_DECORATES = Text(
    r"(_required|_exempt|_passes_test|_protect|_page|never_cache|_control|require_\w+|_decorator)$"
)
"""Names of decorators: their result is a view where what they are given is not known, too."""


def as_view(interpreter: Interpreter, cls: Class) -> Value:
    """`SomeView.as_view` of a class of the project."""
    view = View(_name_of(cls), (), _bases(cls))

    def run(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        return with_options(
            interpreter, keywords, lambda given: view_thing(view._replace(options=given))
        )

    return Native("as_view", run)


# -- options --------------------------------------------------------------------------------------

_MOST_OPTIONS, _MOST_ITEMS = 8, 20
"""How many keyword arguments of a view are looked at, and items of a list in one of them."""


def with_options(
    interpreter: Interpreter, keywords: Keywords, make: Callable[[Options], Value]
) -> Value:
    """What `make` makes of the keyword arguments as plain data, in every case. `schema=…` and the
    like is an object that nobody asks for."""

    def step(left: list[tuple[str, Value]], done: Options) -> Value:
        if not left:
            return make(done)
        (name, value), rest = left[0], left[1:]

        def one(value: Value) -> Value:
            if isinstance(value, Unknown) and value.type == "bool":
                return interpreter.branch(
                    interpreter.truth(value),
                    lambda: step(rest, (*done, (name, True))),
                    lambda: step(rest, (*done, (name, False))),
                )
            return step(rest, (*done, (name, _plain(interpreter, value))))

        return interpreter.each(value, one)

    return step(list(keywords.items())[:_MOST_OPTIONS], ())


def _plain(interpreter: Interpreter, value: Value) -> object:
    """An argument as plain data that can be a key. What another package defines may be anything,
    and stays unknown under its name."""
    if value is None or isinstance(value, (bool, int, str, Unknown)):
        return value
    if isinstance(value, PurePosixPath):
        return str(value)
    items: list[Value] = []
    if isinstance(value, tuple):
        items = list(value)
    elif isinstance(value, Box):
        live = [held for when, held in value.variants if when.meets(interpreter.pc)]
        if len(live) != 1 or not isinstance(live[0], list):
            return Unknown("a container")
        items = live[0]
    else:
        view = view_of(interpreter, value)
        return view.name if view is not None else Unknown("an object")
    return tuple(_plain(interpreter, interpreter.resolve(each)) for each in items[:_MOST_ITEMS])


# -- patterns --------------------------------------------------------------------------------------


def _here(interpreter: Interpreter) -> Place | None:
    place = interpreter.place
    return place._replace(line=interpreter.line or place.line) if place else None


def _argument(arguments: Arguments, keywords: Keywords, at: int, *names: str) -> Value:
    if len(arguments) > at:
        return arguments[at]
    return next((keywords[name] for name in names if name in keywords), None)


def _route(regular: bool) -> Native:
    def run(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        route = _argument(arguments, keywords, 0, "route", "regex")
        view = _argument(arguments, keywords, 1, "view")
        name = _argument(arguments, keywords, 3, "name")
        made = Pattern(route, view, name, regular, _here(interpreter))
        handed = _handed(interpreter, _argument(arguments, keywords, 2, "kwargs"))
        return with_options(
            interpreter,
            handed,
            lambda given: Thing("route", state=made._replace(options=given)),
        )

    return Native("re_path" if regular else "path", run)


def _handed(interpreter: Interpreter, value: Value) -> Keywords:
    """What a route hands to its view, as far as it is known."""
    value = interpreter.resolve(value)
    if not isinstance(value, Box):
        return {}
    live = [held for when, held in value.variants if when.meets(interpreter.pc)]
    if len(live) != 1 or not isinstance(live[0], dict):
        return {}
    return {key: held for key, held in live[0].items() if isinstance(key, str)}


def registered(interpreter: Interpreter, prefix: Value, view: Value, end: str = "/") -> Value:
    """A route that a router makes of a viewset."""
    text = prefix + end if isinstance(prefix, str) else prefix
    return Thing("route", state=Pattern(text, view, None, True, _here(interpreter)))


def _include(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    urlconf = _argument(arguments, keywords, 0, "arg")
    return Thing("include", state=Included(urlconf, _here(interpreter)))


def _i18n(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    state = Prefixed("<language>/", interpreter.box(list(arguments)))
    return interpreter.box([Thing("i18n_patterns", state=state)])


def _patterns(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    """Until Django 1.9: the first argument is a prefix of the views that are strings."""
    return interpreter.box(list(arguments[1:]))


def _static(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    """Routes only where DEBUG is on, and not for the address of another host."""
    prefix = _argument(arguments, keywords, 0, "prefix")
    view = keywords.get("view") or Unknown(
        "django.views.static.serve", subject="django.views.static.serve"
    )

    def one(prefix: Value) -> Value:
        if isinstance(prefix, str) and "//" in prefix:
            return interpreter.box([])
        text: Value = prefix
        if isinstance(prefix, str):
            text = prefix.lstrip("/") + "(?P<path>.*)$"
        state = Pattern(text, view, None, True, _here(interpreter))
        return interpreter.box([Thing("route", state=state)])

    return interpreter.branch(
        _debug(interpreter),
        lambda: interpreter.each(prefix, one),
        lambda: interpreter.box([]),
    )


def _debug(interpreter: Interpreter) -> Condition:
    return interpreter.truth(_setting(interpreter, "DEBUG"))


def _staticfiles(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    prefix = _argument(arguments, keywords, 0, "prefix") or _setting(interpreter, "STATIC_URL")
    view = Unknown("", subject="django.contrib.staticfiles.views.serve")
    return _static(interpreter, [prefix], {"view": view})


def _setting(interpreter: Interpreter, name: str) -> Value:
    return interpreter.get(interpreter.state["views"], name)


def url_names(interpreter: Interpreter) -> Names:
    """What `django.urls` has for URLconfs."""
    regular = _route(True)
    return {
        "path": _route(False),
        "re_path": regular,
        "url": regular,
        "include": Native("include", _include),
        "register_converter": constant("register_converter", None),
    }


def conf_names(interpreter: Interpreter) -> Names:
    """`django.conf.urls`, and where it still is, its `url()`."""
    handlers = {f"handler{code}": Unknown(f"handler{code}") for code in (400, 403, 404, 500)}
    names = {**url_names(interpreter), **handlers}
    return {**names, "patterns": Native("patterns", _patterns)}


def i18n_names(interpreter: Interpreter) -> Names:
    return {"i18n_patterns": Native("i18n_patterns", _i18n)}


def static_names(interpreter: Interpreter) -> Names:
    return {"static": Native("static", _static)}


def staticfiles_names(interpreter: Interpreter) -> Names:
    return {"staticfiles_urlpatterns": Native("staticfiles_urlpatterns", _staticfiles)}
