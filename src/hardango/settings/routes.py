"""The routes of a project: its URLconf, evaluated as its settings are, when somebody asks.

What could not be read (a view that a call gives, a list that another package makes) is an entry
of its own, and never left out.
"""

from __future__ import annotations

import time

from hardango.findings import Place
from hardango.light import TYPE_CHECKING, Any, NamedTuple, TypeAlias
from hardango.settings import limits
from hardango.settings.conditions import Condition, TooComplex
from hardango.settings.interpreter import Interpreter
from hardango.settings.outcomes import Settings, Unknown
from hardango.settings.values import (
    Box,
    Dead,
    Lazy,
    Module,
    Raised,
    Scope,
    Stopped,
    Thing,
    Union,
    Value,
)

if TYPE_CHECKING:
    from typing import TypeVar

    _Entry = TypeVar("_Entry", "Route", "Unresolved")

MAX_ROUTES = 5_000
MAX_DEPTH = 25

Options: TypeAlias = "tuple[tuple[str, object], ...]"
"""Keyword arguments as plain data: a class by its dotted name, a list as a tuple."""


class Route(NamedTuple):
    """One URL pattern with its view.

    `pattern` is the whole pattern as Django joins it, with `{subject}` where a part is not known
    (then `exact` is false); `view` the dotted name of the view, or its text as far as it is
    known; `wrappers` the decorators around it, the outermost first; `bases` the classes of a
    class-based view, by dotted name; `options` what `as_view()` was called with, and what the
    route hands to the view; `condition` when the route exists; `chain` where it is said, its own
    place last, after those of the `include()`s that lead to it; `included` the URLconf that it is
    from if that is another package's and was not read: then there is no view. `made` tells that the
    view is what a call of `view` gives, of which nothing is known.
    """

    pattern: str
    view: str
    condition: Condition
    chain: tuple[Place, ...] = ()
    wrappers: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    included: str = ""
    exact: bool = True
    name: str = ""
    options: Options = ()
    made: bool = False

    @property
    def when(self) -> tuple[str, ...]:
        return self.condition.describe()


class Unresolved(NamedTuple):
    """Routes below `prefix` that could not be read, and why."""

    prefix: str
    reason: str
    condition: Condition
    chain: tuple[Place, ...] = ()

    @property
    def when(self) -> tuple[str, ...]:
        return self.condition.describe()


class Routes(NamedTuple):
    """Every route that could be read, and what could not."""

    found: tuple[Route, ...] = ()
    unresolved: tuple[Unresolved, ...] = ()

    def given(self, settings: Settings) -> Routes:
        """The same, in the cases in which the settings are looked at."""
        found = [(each, settings.shown(each.condition)) for each in self.found]
        unresolved = [(each, settings.shown(each.condition)) for each in self.unresolved]
        return Routes(
            tuple(each._replace(condition=when) for each, when in found if when.possible),
            tuple(each._replace(condition=when) for each, when in unresolved if when.possible),
        )


class View(NamedTuple):
    """What a model of Django knows of a view: see `Route`."""

    name: str
    wrappers: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    options: Options = ()


class Pattern(NamedTuple):
    """One `path()`, `re_path()` or `url()`, as it was called."""

    route: Value
    view: Value
    name: Value
    regular: bool
    place: Place | None
    options: Options = ()


class Included(NamedTuple):
    """What `include()` names."""

    urlconf: Value
    place: Place | None


class Prefixed(NamedTuple):
    """Patterns below a prefix of their own, which `i18n_patterns()` or a router gives them."""

    prefix: str
    patterns: Value


def routes_of(
    interpreter: Interpreter, settings: Settings, scope: Scope, stopped: str, assumed: str = ""
) -> Routes:
    """Evaluate the URLconf that the settings name. `scope` holds the settings; `assumed` is the
    URLconf where they don't tell."""
    from hardango.settings.libraries.django_urls import follow_views

    follow_views(interpreter, scope, stopped)
    # A caller with more patience has more of it here, too. Routes found by then are kept.
    interpreter.seconds *= limits.WITH_ROUTES / limits.SECONDS
    interpreter.deadline = time.process_time() + interpreter.seconds - interpreter.used
    interpreter.space.deadline = interpreter.deadline
    interpreter.steps = interpreter.made = interpreter.space.steps = 0
    interpreter.space.allowed = limits.ROUTE_CONDITIONS
    walk = _Walk(interpreter)
    try:
        known = settings["ROOT_URLCONF"].outcomes if "ROOT_URLCONF" in settings else ()
        if not known:
            walk.unknown(_At("", True, (), ()), "ROOT_URLCONF is not set")
        for outcome in known:
            interpreter.pc = outcome.condition
            where = _At("", True, (), ())
            if isinstance(outcome.value, Unknown):
                walk.unknown(where, f"ROOT_URLCONF is not known: {outcome.value.reason}")
                if assumed:
                    walk.guarded(where, Included(assumed, None))
            else:
                walk.guarded(where, Included(outcome.value, None))
    finally:
        interpreter.space.deadline = interpreter.space.allowed = float("inf")
    everywhere = interpreter.space.true
    return Routes(_merged(walk.found, everywhere), _merged(walk.unresolved, everywhere))


def _merged(found: list[_Entry], everywhere: Condition) -> tuple[_Entry, ...]:
    """What stands in several variants of a list is one entry."""
    merged: dict[_Entry, _Entry] = {}
    for each in found:
        key = each._replace(condition=everywhere)
        known = merged.get(key)
        when = each.condition if known is None else known.condition | each.condition
        merged[key] = each._replace(condition=when)
    return tuple(merged.values())


class _At(NamedTuple):
    """Where a walk is: the prefix so far, whether all of it is known, the places of the includes
    and the URLconfs that it is inside of."""

    prefix: str
    exact: bool
    chain: tuple[Place, ...]
    inside: tuple[str, ...]


class _Walk:
    """Collects the routes below a URLconf, each under its condition."""

    def __init__(self, interpreter: Interpreter) -> None:
        self.interpreter = interpreter
        self.found: list[Route] = []
        self.unresolved: list[Unresolved] = []
        self.stopped = False

    def unknown(self, at: _At, reason: str) -> None:
        if len(self.unresolved) < MAX_ROUTES:
            self.unresolved.append(Unresolved(at.prefix, reason, self.interpreter.pc, at.chain))

    def guarded(self, at: _At, value: Value) -> None:
        """Walk `value` in the cases of the path condition; what fails is not known."""
        interpreter = self.interpreter
        base, sinks = interpreter.pc, interpreter.sinks
        interpreter.sinks = [[]]
        try:
            self.walk(at, value)
        except Raised as raised:
            self.unknown(at, f"it fails: {_failure(raised)}")
        except Dead:
            failure = interpreter.sinks[0][-1:]
            interpreter.pc = base
            if failure:
                self.unknown(at, f"it fails: {_failure(failure[0][1])}")
        except (Stopped, TooComplex, RecursionError, MemoryError) as end:
            interpreter.pc = base
            why = "" if isinstance(end, (RecursionError, MemoryError)) else f" {end}"
            self.unknown(at, f"the evaluation stopped{why}")
            self.stopped = self.stopped or isinstance(end, Stopped)
        finally:
            interpreter.pc, interpreter.sinks = base, sinks

    def walk(self, at: _At, value: Value) -> None:
        self.interpreter.tick()
        if self.stopped or len(self.found) >= MAX_ROUTES:
            self.unknown(at, "the evaluation stopped" if self.stopped else "too many routes")
            return
        if len(at.inside) > MAX_DEPTH:
            self.unknown(at, "it is included too deeply")
            return
        if isinstance(value, Thing) and isinstance(value.state, (Pattern, Included, Prefixed)):
            value = value.state
        if isinstance(value, (Union, Lazy)):
            self.alternatives(at, value)
        elif isinstance(value, Box):
            self.container(at, value)
        elif isinstance(value, Pattern):
            self.pattern(at, value)
        elif isinstance(value, Prefixed):
            self.walk(at._replace(prefix=at.prefix + value.prefix), value.patterns)
        elif isinstance(value, Included):
            self.include(at, value)
        elif isinstance(value, Module):
            self.module(at, value)
        elif isinstance(value, tuple):
            self.tuple_of(at, value)
        elif isinstance(value, Unknown):
            self.foreign(at, value)
        else:
            self.unknown(at, "it is no URL pattern")

    def alternatives(self, at: _At, value: Value) -> None:
        base = self.interpreter.pc
        value = self.interpreter.resolve(value)
        if not isinstance(value, Union):
            self.walk(at, value)
            return
        for condition, each in value.alternatives:
            self.interpreter.pc = base & condition
            if self.interpreter.pc.possible:
                self.guarded(at, each)
        self.interpreter.pc = base

    def container(self, at: _At, box: Box) -> None:
        base = self.interpreter.pc
        for condition, content in box.variants:
            self.interpreter.pc = base & condition
            if not self.interpreter.pc.possible:
                continue
            for each in content:
                self.guarded(at, each)
        self.interpreter.pc = base

    def pattern(self, at: _At, pattern: Pattern) -> None:
        for condition, text, exact in self.texts(pattern.route):
            base, self.interpreter.pc = self.interpreter.pc, self.interpreter.pc & condition
            if pattern.regular:
                text = text.removeprefix("^")
            chain = at.chain if pattern.place is None else (*at.chain, pattern.place)
            inner = at._replace(prefix=at.prefix + text, exact=at.exact and exact, chain=chain)
            self.view(inner, pattern)
            self.interpreter.pc = base

    def texts(self, value: Value) -> list[tuple[Condition, str, bool]]:
        """What a pattern says, in every case, and whether it is known."""
        interpreter = self.interpreter
        value = interpreter.resolve(value)
        if isinstance(value, Union):
            pairs = [each for each in value.alternatives if each[0].meets(interpreter.pc)]
        else:
            pairs = [(interpreter.space.true, value)]
        return [
            (when, each, True)
            if isinstance(each, str)
            else (when, f"{{{getattr(each, 'subject', 'a computed text')}}}", False)
            for when, each in pairs
        ]

    def view(self, at: _At, pattern: Pattern) -> None:
        from hardango.settings.libraries.django_urls import is_call, view_of

        interpreter = self.interpreter
        view = interpreter.resolve(pattern.view)
        if isinstance(view, Union):
            self.alternatives_of_view(at, pattern, view)
        elif (
            isinstance(view, tuple)
            or (isinstance(view, Thing) and isinstance(view.state, (Included, Prefixed)))
            or isinstance(view, (Box, Module))
            or _is_urls(view)
        ):
            self.guarded(at, view)
        else:
            known = view_of(interpreter, view)
            if known is None:
                self.unknown(at, "its view is not known")
                return
            name = interpreter.resolve(pattern.name)
            self.found.append(
                Route(
                    at.prefix,
                    known.name,
                    interpreter.pc,
                    at.chain,
                    known.wrappers,
                    known.bases,
                    exact=at.exact,
                    name=name if isinstance(name, str) else "",
                    options=(*known.options, *pattern.options),
                    made=is_call(view),
                )
            )

    def alternatives_of_view(self, at: _At, pattern: Pattern, view: Union) -> None:
        base = self.interpreter.pc
        for condition, each in view.alternatives:
            self.interpreter.pc = base & condition
            if self.interpreter.pc.possible:
                self.view(at, pattern._replace(view=each))
        self.interpreter.pc = base

    def tuple_of(self, at: _At, value: tuple[Value, ...]) -> None:
        """(patterns, app_name) or (patterns, app_name, namespace); else a tuple of patterns."""
        names = [each for each in value[1:] if isinstance(each, (str, Unknown)) or each is None]
        if 1 < len(value) < 4 and len(names) == len(value) - 1:
            value = value[:1]
            if isinstance(value[0], str):
                self.include(at, Included(value[0], None))
                return
        for each in value:
            self.guarded(at, each)

    def include(self, at: _At, included: Included) -> None:
        from hardango.settings.imports import import_module

        chain = at.chain if included.place is None else (*at.chain[:-1], included.place)
        at = at._replace(chain=chain if at.chain or included.place else ())
        urlconf = self.interpreter.resolve(included.urlconf)
        if isinstance(urlconf, Union):
            for condition, each in urlconf.alternatives:
                base, self.interpreter.pc = self.interpreter.pc, self.interpreter.pc & condition
                if self.interpreter.pc.possible:
                    self.guarded(at, Included(each, included.place))
                self.interpreter.pc = base
        elif isinstance(urlconf, str):
            self.interpreter.state["urlconfs"].add(urlconf)
            self.include(at, Included(import_module(self.interpreter, urlconf), None))
        elif isinstance(urlconf, Thing) and urlconf.state is None:
            # A module of Django that has a model for what settings use of it.
            self.foreign(at, Unknown(urlconf.name, "module", subject=urlconf.name))
        else:
            self.guarded(at, urlconf)

    def module(self, at: _At, module: Module) -> None:
        from hardango.settings.objects import read_scope
        from hardango.settings.values import MISSING

        if module.name in at.inside:
            self.unknown(at, f"{module.name} includes itself")
            return
        at = at._replace(inside=(*at.inside, module.name))
        patterns = read_scope(self.interpreter, module.scope, "urlpatterns")
        if patterns is MISSING:
            self.unknown(at, f"{module.name} has no urlpatterns")
        elif isinstance(patterns, Unknown):
            self.unknown(at, f"not known: {patterns.reason}")
        else:
            self.guarded(at, patterns)

    def foreign(self, at: _At, value: Unknown) -> None:
        """A URLconf of a package, or something that is not known at all."""
        from hardango.settings.libraries.django_urls import dotted

        name = dotted(value)
        absent = value.type == "module" and value.reason != value.subject
        if value.several or absent or not name or not _is_urls(value):
            self.unknown(at, f"not known: {value.reason}")
            return
        self.found.append(
            Route(at.prefix, "", self.interpreter.pc, at.chain, included=name, exact=at.exact)
        )


def _is_urls(value: Value) -> bool:
    """Whether an unknown is a list of routes by its name: `admin.site.urls`, `api.urls`."""
    return isinstance(value, Unknown) and (
        value.type == "module" or value.subject.endswith((".urls", ".urlpatterns", ".get_urls()"))
    )


def _failure(raised: Any) -> str:
    from hardango.settings.evaluate import describe_failure

    return describe_failure(getattr(raised, "failure", raised))
