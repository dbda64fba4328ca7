"""`functools`, `operator`, `itertools`, `copy`, `contextlib`: tools around functions, items, objects."""

from __future__ import annotations

import ast
from collections.abc import Callable

from hardango.light import Any
from hardango.settings import limits, operations
from hardango.settings.callbacks import hand_over
from hardango.settings.expressions import single
from hardango.settings.interpreter import Interpreter
from hardango.settings.laziness import lazily
from hardango.settings.natives import constant
from hardango.settings.objects import run_function
from hardango.settings.outcomes import Unknown
from hardango.settings.stdlib.types import same
from hardango.settings.values import (
    MISSING,
    Box,
    Descriptor,
    Function,
    Instance,
    Native,
    Scope,
    Stopped,
    Thing,
    Union,
    Value,
)

Arguments = list[Value]
Keywords = dict[str, Value]
Names = dict[str, Value]
Run = Callable[[Interpreter, Arguments, Keywords], Value]


# -- functools ---------------------------------------------------------------------------------------


def _partial(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    function, *first = arguments
    held = dict(keywords)

    def call(interpreter: Interpreter, more: Arguments, given: Keywords) -> Value:
        return interpreter.call(function, [*first, *more], {**held, **given})

    return Thing(
        "functools.partial",
        {"func": function, "args": tuple(first), "keywords": interpreter.box(held)},
        call=call,
    )


def _cached(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    """`lru_cache`, with or without arguments: the function itself, which computes it again."""
    function = arguments[0] if arguments else None
    if isinstance(function, (Function, Native)):
        if isinstance(function, Function):
            if function.attributes is None:
                function.attributes = Scope()
            clear = constant("cache_clear", None)
            function.attributes.bind("cache_clear", clear, interpreter.space.true)
        return function
    return Native("lru_cache", _cached)


def _reduce(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    function, iterable, *start = arguments

    def run(items: list[Value]) -> Value:
        if not items and not start:
            raise interpreter.error(TypeError, "reduce() of empty iterable with no initial value")
        total, rest = (start[0], items) if start else (single(items[0]), items[1:])
        for item in rest:
            interpreter.tick()
            splice = isinstance(item, Unknown) and item.several
            total = interpreter.call(function, [total, single(item)], {})
            if splice:
                total = interpreter.unknown(f"reduce(…){interpreter.here()}", item, total)
        return total

    return operations.each_items(interpreter, iterable, run)


def _wraps(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    return same("functools.wraps")


def _dispatch(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    register = same("register")
    return Thing("a generic function", {"register": register})


def _functools(interpreter: Interpreter) -> Names:
    def cached_property(interpreter: Interpreter, arguments: Arguments, _: Keywords) -> Value:
        return Descriptor("cached property", arguments[0])

    return {
        "partial": Native("functools.partial", _partial),
        "lru_cache": Native("functools.lru_cache", _cached),
        "cache": Native("functools.cache", _cached),
        "cached_property": Native("functools.cached_property", cached_property),
        "reduce": Native("functools.reduce", _reduce),
        "wraps": Native("functools.wraps", _wraps),
        "update_wrapper": same("functools.update_wrapper"),
        "total_ordering": same("functools.total_ordering"),
        "singledispatch": Native("functools.singledispatch", _dispatch),
    }


# -- operator ----------------------------------------------------------------------------------------


def _getter(read: Callable[[Interpreter, Value, Value], Value]) -> Run:
    """`itemgetter` and `attrgetter`: functions that read one thing, or several as a tuple."""

    def make(interpreter: Interpreter, wanted: Arguments, keywords: Keywords) -> Value:
        def get(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
            found = tuple(read(interpreter, arguments[0], each) for each in wanted)
            return found[0] if len(found) == 1 else found

        return Native("a getter", get)

    return make


def _read_attributes(interpreter: Interpreter, value: Value, path: Value) -> Value:
    if not isinstance(path, str):
        return interpreter.unknown("an attribute that is not known", path)
    for name in path.split("."):
        value = interpreter.get(value, name)
    return value


def _method_caller(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    name, *rest = arguments

    def call(interpreter: Interpreter, given: Arguments, _: Keywords) -> Value:
        if not isinstance(name, str):
            return interpreter.unknown("a method that is not known", name)
        return interpreter.call(interpreter.get(given[0], name), rest, keywords)

    return Native("a method caller", call)


BINARY: dict[str, type] = {
    "add": ast.Add,
    "concat": ast.Add,
    "sub": ast.Sub,
    "mul": ast.Mult,
    "truediv": ast.Div,
    "floordiv": ast.FloorDiv,
    "mod": ast.Mod,
    "pow": ast.Pow,
    "or_": ast.BitOr,
    "and_": ast.BitAnd,
    "xor": ast.BitXor,
}
IN_PLACE: dict[str, type] = {
    "iadd": ast.Add,
    "iconcat": ast.Add,
    "imul": ast.Mult,
    "ior": ast.BitOr,
    "iand": ast.BitAnd,
    "isub": ast.Sub,
    "ixor": ast.BitXor,
}
COMPARISONS: dict[str, type] = {
    "eq": ast.Eq,
    "ne": ast.NotEq,
    "lt": ast.Lt,
    "le": ast.LtE,
    "gt": ast.Gt,
    "ge": ast.GtE,
    "is_": ast.Is,
    "is_not": ast.IsNot,
}


def _binary(name: str, kind: type) -> Native:
    return Native(
        f"operator.{name}",
        lambda interpreter, arguments, keywords: operations.binary(
            interpreter, kind, arguments[0], arguments[1]
        ),
    )


def _in_place(name: str, kind: type) -> Native:
    def run(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        from hardango.settings.statements import combine

        left, right = arguments
        return interpreter.each(left, lambda one: combine(interpreter, kind, one, right))

    return Native(f"operator.{name}", run)


def _comparison(name: str, kind: type) -> Native:
    return Native(
        f"operator.{name}",
        lambda interpreter, arguments, keywords: operations.compare(
            interpreter, kind, arguments[0], arguments[1]
        ),
    )


def _operator(interpreter: Interpreter) -> Names:
    def contains(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        return operations.compare(interpreter, ast.In, arguments[1], arguments[0])

    def negation(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        return operations.unary(interpreter, ast.Not, arguments[0])

    def item(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        return operations.get_item(interpreter, arguments[0], arguments[1])

    def put(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        operations.set_item(interpreter, *arguments)
        return None

    def delete(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        operations.delete_item(interpreter, *arguments)
        return None

    def call(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        return interpreter.call(arguments[0], arguments[1:], keywords)

    return {
        "setitem": Native("operator.setitem", put),
        "delitem": Native("operator.delitem", delete),
        "call": Native("operator.call", call),
        **{name: _in_place(name, kind) for name, kind in IN_PLACE.items()},
        **{name: _binary(name, kind) for name, kind in BINARY.items()},
        **{name: _comparison(name, kind) for name, kind in COMPARISONS.items()},
        "itemgetter": Native("operator.itemgetter", _getter(operations.get_item)),
        "attrgetter": Native("operator.attrgetter", _getter(_read_attributes)),
        "methodcaller": Native("operator.methodcaller", _method_caller),
        "contains": Native("operator.contains", contains),
        "not_": Native("operator.not_", negation),
        "truth": bool,
        "getitem": Native("operator.getitem", item),
    }


# -- itertools ---------------------------------------------------------------------------------------


def _bounded(items: list[Value]) -> list[Value]:
    if len(items) > limits.ITEMS:
        raise Stopped("because a container grows without bound")
    return items


def _chain_of(interpreter: Interpreter, iterables: list[Value]) -> Value:
    """One list of the items of several iterables, in each case in which they differ."""

    def build(index: int, so_far: list[Value]) -> Value:
        if index == len(iterables):
            return interpreter.box(so_far)
        return operations.each_items(
            interpreter,
            iterables[index],
            lambda items: build(index + 1, _bounded([*so_far, *items])),
        )

    if len(iterables) > 100:  # too deep to tell the cases apart
        items = [item for each in iterables for item in operations.items_of(interpreter, each)]
        return interpreter.box(_bounded(items))
    return build(0, [])


def _chain(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    return _chain_of(interpreter, arguments)


def _chain_from(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    return operations.each_items(
        interpreter, arguments[0], lambda items: _chain_of(interpreter, items)
    )


def _native_items(name: str, count: Callable[..., int]) -> Run:
    """A function of `itertools` that combines items; `count(sizes, keywords)` is the number of
    results, which is bounded."""

    def run(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        import itertools

        columns: list[Any] = []
        for each in arguments:
            if isinstance(each, int):
                columns.append(each)
                continue
            column = list(operations.items_of(interpreter, each))
            if any(isinstance(item, Unknown) and item.several for item in column):
                return interpreter.box([Unknown(f"the items of {name}(…)", several=True)])
            columns.append(column)
        options = {key: interpreter.plain(value) for key, value in keywords.items()}
        if count(columns, options) > limits.ITEMS:
            return interpreter.box([Unknown(f"the items of {name}(…)", several=True)])
        return interpreter.box(
            [tuple(row) for row in getattr(itertools, name)(*columns, **options)]
        )

    return run


def _count_product(columns: list[Any], options: dict[str, Any]) -> int:
    size = 1
    for column in columns * min(int(options.get("repeat", 1)), 20):
        size *= len(column)
        if size > limits.ITEMS:
            break
    return size


def _count_choice(columns: list[Any], options: dict[str, Any]) -> int:
    many = len(columns[0])
    few = columns[1] if len(columns) > 1 else options.get("r", many)
    size = 1
    for step in range(min(few, 20)):
        size *= max(many - step, 1)
        if size > limits.ITEMS:
            break
    return size


def _slice(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    iterable, *bounds = arguments
    key = slice(*bounds) if all(b is None or isinstance(b, int) for b in bounds) else None
    return operations.each_items(
        interpreter,
        iterable,
        lambda items: operations.get_item(
            interpreter,
            interpreter.box(items),
            interpreter.unknown("a slice", *bounds) if key is None else key,
        ),
    )


def _repeat(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    times = arguments[1] if len(arguments) > 1 else keywords.get("times")
    if isinstance(times, int):
        if times <= limits.ITEMS:
            return interpreter.box([arguments[0]] * max(times, 0))
    return interpreter.box([Unknown("an item over and over", several=True)])


def _endless(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    return interpreter.box([Unknown("items without end", several=True)])


def _accumulate(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    function = arguments[1] if len(arguments) > 1 else keywords.get("func")

    def run(items: list[Value]) -> Value:
        totals: list[Value] = []
        for item in items:
            interpreter.tick()
            if not totals:
                totals.append(single(item))
            elif function is None:
                totals.append(operations.binary(interpreter, ast.Add, totals[-1], single(item)))
            else:
                totals.append(interpreter.call(function, [totals[-1], single(item)], {}))
        return interpreter.box(totals)

    return lazily(interpreter, lambda: operations.each_items(interpreter, arguments[0], run))


def _star_map(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    def one(item: Value) -> Value:
        interpreter.tick()
        if isinstance(item, Unknown):
            return interpreter.unknown(f"starmap(…){interpreter.here()}", item)
        return interpreter.call(arguments[0], list(operations.items_of(interpreter, item)), {})

    def run() -> Value:
        items = operations.items_of(interpreter, arguments[1])
        return interpreter.box([one(item) for item in items])

    return lazily(interpreter, run)


def _itertools(interpreter: Interpreter) -> Names:
    chain = Thing(
        "itertools.chain", {"from_iterable": Native("from_iterable", _chain_from)}, call=_chain
    )
    return {
        "chain": chain,
        "product": Native("product", _native_items("product", _count_product)),
        "permutations": Native("permutations", _native_items("permutations", _count_choice)),
        "combinations": Native("combinations", _native_items("combinations", _count_choice)),
        "zip_longest": Native("zip_longest", _native_items("zip_longest", lambda *_: 0)),
        "islice": Native("itertools.islice", _slice),
        "repeat": Native("itertools.repeat", _repeat),
        "count": Native("itertools.count", _endless),
        "cycle": Native("itertools.cycle", _endless),
        "accumulate": Native("itertools.accumulate", _accumulate),
        "starmap": Native("itertools.starmap", _star_map),
    }


# -- copy --------------------------------------------------------------------------------------------


def _copy(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    from hardango.settings.methods import copy_box

    def one(value: Value) -> Value:
        if isinstance(value, Box):
            return copy_box(interpreter, value)
        if isinstance(value, Instance):
            return _copy_instance(interpreter, value, lambda item: item)
        return value

    return interpreter.each(arguments[0], one)


def _deep_copy(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    copies: dict[int, Value] = {}

    def deep(value: Value, depth: int = 0) -> Value:
        if depth > 50:
            raise Stopped("because its data is nested too deeply")
        if id(value) in copies:
            return copies[id(value)]
        if isinstance(value, Union):
            return Union([(when, deep(each, depth + 1)) for when, each in value.alternatives])
        if isinstance(value, tuple):
            return tuple(deep(each, depth + 1) for each in value) if type(value) is tuple else value
        if isinstance(value, Box):
            return copies.setdefault(id(value), deep_box(value, depth))
        if isinstance(value, Instance):
            made = _copy_instance(interpreter, value, lambda item: deep(item, depth + 1))
            return copies.setdefault(id(value), made)
        return value

    def deep_box(box: Box, depth: int) -> Box:
        made = interpreter.box(box.kind())
        made.variants = [(when, deep_content(each, depth)) for when, each in box.variants]
        made.touched, made.type_name, made.default = box.touched, box.type_name, box.default
        made.readings = box.readings
        return made

    def deep_content(content: Any, depth: int) -> Any:
        interpreter.spend(len(content) + 1)
        if isinstance(content, dict):
            return {key: deep(item, depth + 1) for key, item in content.items()}
        if isinstance(content, list):
            return [deep(item, depth + 1) for item in content]
        return content.copy()

    return deep(interpreter.resolve(arguments[0]))


def _copy_instance(
    interpreter: Interpreter, value: Instance, copy: Callable[[Value], Value]
) -> Instance:
    made = Instance(value.cls, value.payload)
    if value.payload is not MISSING:
        made.payload = copy(value.payload)
    for name, bound in value.scope.names.items():
        for each in bound:
            made.scope.bind(name, copy(each.value), each.condition, each.chain, each.readings)
    return made


def _copy_names(interpreter: Interpreter) -> Names:
    return {"copy": Native("copy.copy", _copy), "deepcopy": Native("copy.deepcopy", _deep_copy)}


# -- contextlib --------------------------------------------------------------------------------------


def _suppress(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    return Thing("contextlib.suppress", suppresses=tuple(arguments))


def _null_context(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    return Thing("contextlib.nullcontext", enter=arguments[0] if arguments else None)


def _context_manager(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    """A generator function as a context manager: the body runs where it yields."""
    function = interpreter.resolve(arguments[0])

    def make(interpreter: Interpreter, given: Arguments, more: Keywords) -> Value:
        if not isinstance(function, Function):
            return interpreter.call(function, given, more)

        def around(interpreter: Interpreter, body: Callable[[Value], None]) -> None:
            run_function(interpreter, function, given, more, body)

        return Thing("a context manager", around=around)

    return Native("a context manager", make)


def _closing(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    thing = arguments[0]

    def around(interpreter: Interpreter, body: Callable[[Value], None]) -> None:
        body(thing)
        hand_over(interpreter, "contextlib.closing()", [thing])

    return Thing("contextlib.closing", around=around)


def _redirected(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    hand_over(interpreter, "contextlib.redirect_stdout()", arguments)
    return _null_context(interpreter, arguments, keywords)


def _exit_stack(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    def enter(interpreter: Interpreter, given: Arguments, _: Keywords) -> Value:
        manager = interpreter.resolve(given[0])
        if isinstance(manager, Thing) and manager.around is not None:
            entered: list[Value] = []
            manager.around(interpreter, entered.append)
            return entered[0] if entered else None
        if isinstance(manager, Thing):
            return manager if manager.enter is None else manager.enter
        hand_over(interpreter, "contextlib.ExitStack()", [manager])
        if isinstance(manager, Instance):
            return interpreter.call(interpreter.get(manager, "__enter__"), [], {})
        return manager

    nothing = constant("callback", None)
    return Thing(
        "contextlib.ExitStack",
        {"enter_context": Native("enter_context", enter), "callback": nothing, "close": nothing},
    )


def _contextlib(interpreter: Interpreter) -> Names:
    return {
        "suppress": Native("contextlib.suppress", _suppress),
        "nullcontext": Native("contextlib.nullcontext", _null_context),
        "closing": Native("contextlib.closing", _closing),
        "contextmanager": Native("contextlib.contextmanager", _context_manager),
        "ExitStack": Native("contextlib.ExitStack", _exit_stack),
        "redirect_stdout": Native("contextlib.redirect_stdout", _redirected),
        "redirect_stderr": Native("contextlib.redirect_stderr", _redirected),
        "chdir": Native("contextlib.chdir", _null_context),
    }


MODULES: dict[str, Callable[[Interpreter], Names]] = {
    "functools": _functools,
    "operator": _operator,
    "itertools": _itertools,
    "copy": _copy_names,
    "contextlib": _contextlib,
}
