"""The names of a scope as a mapping: what `globals()`, `locals()` and `vars()` give. Reading and
writing it is reading and writing names."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from hardango.settings.interpreter import Interpreter
from hardango.settings.likeness import short
from hardango.settings.outcomes import Unknown
from hardango.settings.values import MISSING, Alternative, Native, Scope, Thing, Value

Arguments = list[Value]
Keywords = dict[str, Value]


def scope_mapping(scope: Scope) -> Thing:
    """The mapping of the names of `scope`."""

    def method(run: Callable[[Scope, Interpreter, Arguments, Keywords], Value]) -> Native:
        return Native(run.__name__.strip("_"), partial(run, scope))

    methods = (_get, _update, _setdefault, _pop, _popitem, _clear, _items, _keys, _values, _copy)
    return Thing(
        "globals()",
        {run.__name__.strip("_"): method(run) for run in methods},
        item=partial(_read, scope),
        set_item=partial(_write, scope),
        contains=partial(_contains, scope),
        delete_item=partial(_delete, scope),
        iterate=lambda interpreter: _names(scope, interpreter),
        state=scope,
    )


def bound_or(interpreter: Interpreter, scope: Scope, name: str, default: Value) -> Value:
    """What `name` is bound to, `default` in the cases in which it is not."""
    found: list[Alternative] = scope.bound(name, interpreter.pc)
    rest = interpreter.space.true
    results = []
    for each in found:
        results.append((each.condition, each.value))
        rest = rest & ~each.condition
    if rest.meets(interpreter.pc):
        results.append((rest, default))
    return interpreter.resolve(interpreter.merge(results))


def _names(scope: Scope, interpreter: Interpreter) -> list[str]:
    return [name for name in scope.names if scope.bound(name, interpreter.pc)]


def _read(scope: Scope, interpreter: Interpreter, key: Value) -> Value:
    from hardango.settings.objects import read_scope

    def one(key: Value) -> Value:
        if isinstance(key, Unknown):
            return interpreter.unknown(f"the setting that {key.subject} names", key)
        found = read_scope(interpreter, scope, key)
        if found is MISSING:
            raise interpreter.error(KeyError, key)
        return found

    return interpreter.each(key, one)


def _write(scope: Scope, interpreter: Interpreter, key: Value, value: Value) -> None:
    from hardango.settings.objects import havoc_scope

    def one(key: Value) -> Value:
        chain = (interpreter.place,) if interpreter.place else ()
        if isinstance(key, Unknown):
            giver = key.reason if ", which " in key.reason else key.subject
            why = f"a name that {giver} gives is set{interpreter.here()}"
            havoc_scope(interpreter, scope, why)
        elif isinstance(key, str):
            if interpreter.journal is not None:
                interpreter.journal.append((scope, key))
            scope.bind(key, value, interpreter.pc, chain, tuple(interpreter.readings))
        return None

    interpreter.each(key, one)


def _delete(scope: Scope, interpreter: Interpreter, key: Value) -> None:
    if isinstance(key, str):
        scope.unbind(key, interpreter.pc)


def _contains(scope: Scope, interpreter: Interpreter, key: Value) -> Value:
    if not isinstance(key, str):
        return interpreter.unknown("whether a name is set", key, type="bool")
    bound = interpreter.space.false
    for each in scope.bound(key, interpreter.pc):
        bound = bound | each.condition
    return interpreter.merge([(bound, True), (~bound, False)])


def _get(scope: Scope, interpreter: Interpreter, arguments: Arguments, _: Keywords) -> Value:
    default = arguments[1] if len(arguments) > 1 else None

    def one(key: Value) -> Value:
        if not isinstance(key, str):
            return interpreter.unknown(f"the setting that {short(key)} names", key)
        return bound_or(interpreter, scope, key, default)

    return interpreter.each(arguments[0], one)


def _update(
    scope: Scope, interpreter: Interpreter, arguments: Arguments, keywords: Keywords
) -> Value:
    from hardango.settings.operations import pairs_of

    def one(value: Value) -> Value:
        for key, item in pairs_of(interpreter, value):
            _write(scope, interpreter, key, item)
        return None

    for argument in arguments:
        interpreter.each(argument, one)
    for key, item in keywords.items():
        _write(scope, interpreter, Unknown("**") if key == "**" else key, item)
    return None


def _setdefault(scope: Scope, interpreter: Interpreter, arguments: Arguments, _: Keywords) -> Value:
    key, default = arguments[0], arguments[1] if len(arguments) > 1 else None
    if not isinstance(key, str):
        return interpreter.unknown("a setting", key)
    value = bound_or(interpreter, scope, key, default)
    _write(scope, interpreter, key, value)
    return value


def _pop(scope: Scope, interpreter: Interpreter, arguments: Arguments, _: Keywords) -> Value:
    value = _get(scope, interpreter, arguments, {})
    _delete(scope, interpreter, arguments[0])
    return value


def _popitem(scope: Scope, interpreter: Interpreter, _: Arguments, __: Keywords) -> Value:
    names = _names(scope, interpreter)
    if not names:
        return interpreter.unknown("the last of the names of a module")
    return names[-1], _pop(scope, interpreter, [names[-1]], {})


def _clear(scope: Scope, interpreter: Interpreter, _: Arguments, __: Keywords) -> Value:
    for name in _names(scope, interpreter):
        scope.unbind(name, interpreter.pc)
    return None


def _pairs(scope: Scope, interpreter: Interpreter) -> list[tuple[str, Value]]:
    from hardango.settings.objects import read_scope

    return [(name, read_scope(interpreter, scope, name)) for name in _names(scope, interpreter)]


def _items(scope: Scope, interpreter: Interpreter, arguments: Arguments, _: Keywords) -> Value:
    return interpreter.box(list(_pairs(scope, interpreter)))


def _keys(scope: Scope, interpreter: Interpreter, arguments: Arguments, _: Keywords) -> Value:
    return interpreter.box(list(_names(scope, interpreter)))


def _values(scope: Scope, interpreter: Interpreter, arguments: Arguments, _: Keywords) -> Value:
    return interpreter.box([value for _, value in _pairs(scope, interpreter)])


def _copy(scope: Scope, interpreter: Interpreter, arguments: Arguments, _: Keywords) -> Value:
    return interpreter.box(dict(_pairs(scope, interpreter)))
