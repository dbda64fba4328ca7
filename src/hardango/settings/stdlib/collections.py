"""`collections`: dicts and lists under other names."""

from __future__ import annotations

import ast
import collections
import collections.abc
from collections.abc import Callable

from hardango.settings import operations
from hardango.settings.classes import linearize
from hardango.settings.interpreter import Interpreter
from hardango.settings.likeness import short
from hardango.settings.objects import class_member
from hardango.settings.outcomes import Unknown
from hardango.settings.stdlib.types import named_tuple
from hardango.settings.values import (
    MISSING,
    Bound,
    Class,
    Function,
    Instance,
    Native,
    Thing,
    Value,
)

Arguments = list[Value]
Keywords = dict[str, Value]
Names = dict[str, Value]
Run = Callable[[Interpreter, Arguments, Keywords], Value]


def container_class(name: str, make: Run) -> Thing:
    """A class of containers, to call or to derive from."""

    def construct(
        interpreter: Interpreter, cls: Class, arguments: Arguments, keywords: Keywords
    ) -> Value:
        initializer = class_member(interpreter, cls, "__init__")
        own = isinstance(initializer, Function)
        made = Instance(cls, make(interpreter, [] if own else arguments, {} if own else keywords))
        if own:
            interpreter.call(Bound(initializer, made), arguments, keywords)
        return made

    def initialise(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        """`super().__init__(…)` of a derived class: fills the container that is already there."""
        instance, *rest = arguments
        if isinstance(instance, Instance):
            instance.payload = make(interpreter, rest, keywords)
        return None

    return Thing(name, {"__init__": Native("__init__", initialise)}, call=make, construct=construct)


def _ordered_dict(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    made = interpreter.call(dict, arguments, keywords)
    made.type_name = "OrderedDict"
    return made


def _default_dict(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    factory, *rest = arguments or [keywords.pop("default_factory", None)]
    made = interpreter.call(dict, rest, keywords)
    made.type_name, made.default = "defaultdict", MISSING if factory is None else factory
    return made


def _deque(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    if len(arguments) > 1 or keywords.get("maxlen") is not None:
        items = list(operations.items_of(interpreter, arguments[0])) if arguments else []
        return interpreter.unknown("a deque of a bounded length", *items)
    return interpreter.call(list, arguments[:1], {})


def _counter(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    made = interpreter.pure(
        "Counter",
        lambda *given, **more: dict(collections.Counter(*given, **more)),
        arguments,
        keywords,
        type="dict",
    )
    if hasattr(made, "default"):
        made.default = Native("int", lambda *_: 0)
    return made


# -- ChainMap ----------------------------------------------------------------------------------------


def _chain_map(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    """A mapping that looks a key up in one mapping after the other."""
    maps = arguments or [interpreter.box({})]

    def look_up(key: Value, default: Callable[[], Value], index: int = 0) -> Value:
        if index == len(maps):
            return default()
        there = operations.compare(interpreter, ast.In, key, maps[index])
        return interpreter.branch(
            interpreter.truth(there),
            lambda: operations.get_item(interpreter, maps[index], key),
            lambda: look_up(key, default, index + 1),
        )

    def item(interpreter: Interpreter, key: Value) -> Value:
        def missing() -> Value:
            raise interpreter.error(KeyError, key)

        return look_up(key, missing)

    def get(interpreter: Interpreter, given: Arguments, more: Keywords) -> Value:
        default = given[1] if len(given) > 1 else more.get("default")
        return look_up(given[0], lambda: default)

    def keys(interpreter: Interpreter) -> list[Value]:
        found: dict[Value, None] = {}
        for each in reversed(maps):
            found.update(dict.fromkeys(operations.items_of(interpreter, each)))
        return list(found)

    def contains(interpreter: Interpreter, key: Value) -> Value:
        return look_up_contains(interpreter, key)

    def look_up_contains(interpreter: Interpreter, key: Value) -> Value:
        found = interpreter.space.false
        for each in maps:
            found = found | interpreter.truth(operations.compare(interpreter, ast.In, key, each))
        return interpreter.resolve(interpreter.merge([(found, True), (~found, False)]))

    def pairs(interpreter: Interpreter, given: Arguments, more: Keywords) -> Value:
        return interpreter.box(
            [
                key if isinstance(key, Unknown) else (key, item(interpreter, key))
                for key in keys(interpreter)
            ]
        )

    return Thing(
        "ChainMap",
        {
            "get": Native("get", get),
            "items": Native("items", pairs),
            "keys": Native("keys", lambda *_: interpreter.box(keys(interpreter))),
            "maps": interpreter.box(list(maps)),
        },
        item=item,
        set_item=lambda interpreter, key, value: operations.set_item(
            interpreter, maps[0], key, value
        ),
        contains=contains,
        iterate=keys,
    )


# -- namedtuple --------------------------------------------------------------------------------------


def _named_tuple(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    """`namedtuple("Point", "x y", defaults=…)`: a class."""
    name = arguments[0] if arguments else keywords.get("typename")
    given = interpreter.resolve(arguments[1] if len(arguments) > 1 else keywords.get("field_names"))
    names = (
        given.replace(",", " ").split()
        if isinstance(given, str)
        else list(operations.items_of(interpreter, given))
    )
    if not all(isinstance(each, str) for each in names):
        return Unknown(f"a named tuple{interpreter.here()}", "class")
    values = list(operations.items_of(interpreter, keywords.get("defaults") or ()))
    defaults = dict(zip(names[len(names) - len(values) :], values)) if values else {}

    def construct(
        interpreter: Interpreter, cls: Class, arguments: Arguments, keywords: Keywords
    ) -> Value:
        return named_tuple(interpreter, cls, names, defaults, arguments, keywords)

    cls = Class(name if isinstance(name, str) else short(name), [], None)
    cls.bases = [Thing("collections.namedtuple", construct=construct)]
    cls.mro = linearize(cls)
    cls.scope.bind("_fields", tuple(names), interpreter.space.true)
    return cls


def _collections(interpreter: Interpreter) -> Names:
    return {
        "OrderedDict": container_class("OrderedDict", _ordered_dict),
        "defaultdict": container_class("defaultdict", _default_dict),
        "Counter": container_class("Counter", _counter),
        "deque": container_class("deque", _deque),
        "UserDict": container_class("UserDict", lambda i, a, k: i.call(dict, a, k)),
        "UserList": container_class("UserList", lambda i, a, k: i.call(list, a, k)),
        "ChainMap": Native("ChainMap", _chain_map),
        "namedtuple": Native("namedtuple", _named_tuple),
    }


def _abc(interpreter: Interpreter) -> Names:
    return {name: getattr(collections.abc, name) for name in collections.abc.__all__}


MODULES: dict[str, Callable[[Interpreter], Names]] = {
    "collections": _collections,
    "collections.abc": _abc,
}
