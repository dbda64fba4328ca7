"""Operators, items and iteration on values, in every case and within bounds."""

from __future__ import annotations

import operator
from collections.abc import Callable, Iterable

from hardango import syntax as ast
from hardango.light import Any
from hardango.settings import limits
from hardango.settings.callbacks import hand_over
from hardango.settings.conditions import Condition
from hardango.settings.interpreter import Interpreter
from hardango.settings.likeness import SCALARS, is_not, of_a_test_run, same, short
from hardango.settings.methods import key_of, read_key, store
from hardango.settings.outcomes import Unknown
from hardango.settings.values import (
    ANYWHERE,
    MISSING,
    Box,
    Class,
    Failure,
    Instance,
    Module,
    NotPlain,
    Scope,
    Split,
    Stopped,
    Thing,
    Union,
    Value,
)

# -- binary and unary operators --------------------------------------------------------------------

NATIVE: dict[type, Callable[[Any, Any], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.FloorDiv: operator.floordiv,
    ast.Mod: operator.mod,
    ast.Pow: operator.pow,
    ast.LShift: operator.lshift,
    ast.RShift: operator.rshift,
    ast.BitOr: operator.or_,
    ast.BitAnd: operator.and_,
    ast.BitXor: operator.xor,
    ast.MatMult: operator.matmul,
}
SIGNS: dict[type, str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.BitOr: "|",
    ast.BitAnd: "&",
    ast.BitXor: "^",
    ast.MatMult: "@",
}
SPECIAL: dict[type, str] = {
    ast.Add: "__add__",
    ast.Sub: "__sub__",
    ast.Mult: "__mul__",
    ast.Div: "__truediv__",
    ast.BitOr: "__or__",
    ast.BitAnd: "__and__",
    ast.Mod: "__mod__",
}


def binary(interpreter: Interpreter, kind: type, left: Value, right: Value) -> Value:
    """`left <operator> right`, where `kind` is the class of the operator in `ast`."""
    return interpreter.each(
        left,
        lambda one: interpreter.each(right, lambda other: _binary(interpreter, kind, one, other)),
    )


def _binary(interpreter: Interpreter, kind: type, left: Value, right: Value) -> Value:
    left, right = _payload(left), _payload(right)
    if type(left) in SCALARS and type(right) in SCALARS and not isinstance(left, (str, bytes)):
        return interpreter.pure(
            SIGNS[kind], lambda one, other: _compute(kind, one, other), [left, right]
        )
    if isinstance(left, Box) or isinstance(right, Box):
        return _binary_of_boxes(interpreter, kind, left, right)
    if isinstance(left, Instance):
        from hardango.settings.objects import find_method

        method = find_method(interpreter, left, SPECIAL.get(kind, ""))
        if method is not MISSING:
            return interpreter.call(method, [right], {})
    if isinstance(left, Thing):
        method = left.attributes.get(SPECIAL.get(kind, ""), MISSING)
        if method is not MISSING:
            return interpreter.call(method, [right], {})
    if isinstance(left, Unknown) or isinstance(right, Unknown):
        return _binary_of_unknown(interpreter, kind, left, right)
    if isinstance(left, tuple) and isinstance(right, tuple) and kind is ast.Add:
        return interpreter.tuple_of([*left, *right])
    if isinstance(left, tuple) and isinstance(right, int) and kind is ast.Mult:
        if len(left) * max(right, 0) > limits.ITEMS:
            return interpreter.unknown("a tuple that is too long")
        return left * right
    if isinstance(left, (str, bytes)) and kind is ast.Mod:
        return percent(interpreter, left, right)
    name = f"{short(left)} {SIGNS[kind]} {short(right)}"
    return interpreter.pure(name, lambda one, other: _compute(kind, one, other), [left, right])


def _payload(value: Value) -> Value:
    if isinstance(value, Instance) and value.payload is not MISSING:
        return value.payload
    return value


def _compute(kind: type, left: Any, right: Any) -> Any:
    """The native operator, refused where the result would be out of bounds."""
    if isinstance(left, int) and isinstance(right, int):
        if kind is ast.Pow and abs(left) > 1 and right * left.bit_length() > limits.INTEGER_BITS:
            raise Stopped("because a number grows without bound")
        if kind is ast.LShift and right > limits.INTEGER_BITS:
            raise Stopped("because a number grows without bound")
        if kind is ast.Mult and left.bit_length() + right.bit_length() > limits.INTEGER_BITS:
            raise Stopped("because a number grows without bound")
    elif kind is ast.Mult:
        text, times = (left, right) if isinstance(right, int) else (right, left)
        if isinstance(text, (str, bytes, list, tuple)) and isinstance(times, int):
            if len(text) * max(times, 0) > limits.TEXT:
                raise Stopped("because a value grows without bound")
    elif kind is ast.Add and isinstance(left, (str, bytes)):
        if isinstance(right, (str, bytes)) and len(left) + len(right) > limits.TEXT:
            raise Stopped("because a text grows without bound")
    return NATIVE[kind](left, right)


def _binary_of_boxes(interpreter: Interpreter, kind: type, left: Value, right: Value) -> Value:
    if kind in SET_OPERATORS and "dict_keys" in (_type_name(left), _type_name(right)):
        from hardango.settings.methods import set_of

        left, right = (set_of(interpreter, list(items_of(interpreter, x))) for x in (left, right))
    one = left.kind if isinstance(left, Box) else type(left)
    other = right.kind if isinstance(right, Box) else type(right)
    if kind is ast.Add and one is list and other is list:
        items = [*items_of(interpreter, left), *items_of(interpreter, right)]
        return _carry(interpreter, interpreter.box(items), left, right)
    if kind is ast.Add and list in (one, other) and Unknown in (one, other):
        known, unknown = (left, right) if isinstance(left, Box) else (right, left)
        splice = _splice(interpreter, unknown)
        items = list(items_of(interpreter, known))
        return interpreter.box([*items, splice] if known is left else [splice, *items])
    if kind is ast.BitOr and one is dict and other is dict:
        from hardango.settings.methods import DICT_METHODS, copy_box

        made = copy_box(interpreter, left)
        DICT_METHODS["update"](interpreter, made, [right], {})
        made.touched = left.touched
        return _carry(interpreter, made, right)
    if one is str and kind is ast.Mod:
        return percent(interpreter, left, right)
    if kind is ast.Mult and list in (one, other):
        box, times = (left, right) if one is list else (right, left)
        items = list(items_of(interpreter, box))
        if isinstance(times, int):
            if len(items) * max(times, 0) > limits.ITEMS:
                return interpreter.unknown("a list that is too long", type="list")
            return interpreter.box(items * times)
    if Unknown in (one, other):
        return _binary_of_unknown(interpreter, kind, left, right)
    return interpreter.pure(SIGNS[kind], lambda a, b: _compute(kind, a, b), [left, right])


SET_OPERATORS = (ast.BitAnd, ast.BitOr, ast.BitXor, ast.Sub)


def _type_name(value: Value) -> str:
    return value.type_name if isinstance(value, Box) else ""


def repeat(content: list[Value], times: int) -> None:
    """What `content *= times` does."""
    if len(content) * max(times, 0) > limits.ITEMS:
        raise Stopped("because a container grows without bound")
    content[:] = content * times


def _carry(interpreter: Interpreter, made: Box, *parts: Value) -> Box:
    """Where the parts were changed also led to what is made of them."""
    for part in parts:
        if isinstance(part, Box):
            made.touched = (
                *made.touched,
                *(each for each in part.touched if each not in made.touched),
            )
    return made


def _splice(interpreter: Interpreter, unknown: Value) -> Unknown:
    """Any number of items that are not known."""
    kept = unknown.type if unknown.type == ANYWHERE else None
    made = interpreter.unknown(unknown.reason, unknown, type=kept, subject=unknown.subject)
    made.several = True
    return made


def _binary_of_unknown(interpreter: Interpreter, kind: type, left: Value, right: Value) -> Value:
    subject = f"{short(left)} {SIGNS[kind]} {short(right)}"
    types = [
        each.type if isinstance(each, Unknown) else type(each).__name__ for each in (left, right)
    ]
    made = interpreter.unknown(subject, left, right, subject=subject)
    divides = kind in (ast.Div, ast.FloorDiv, ast.Mod) and isinstance(left, (int, float))
    if divides and isinstance(right, Unknown) and len(interpreter.sinks) > 1:
        # Some handler may be prepared for a 0.
        zero = interpreter.test(right, 0, f"{right.subject} is 0", f"{right.subject} is not 0")
        interpreter.fail(zero, Failure(ZeroDivisionError, ("division by zero",)))
    if (
        kind is ast.Mult
        and "str" in types
        and any(isinstance(each, int) and each <= 0 for each in (left, right))
    ):
        return ""
    if isinstance(left, tuple) and kind is ast.Add:
        return (*left, _splice(interpreter, right))
    if isinstance(right, tuple) and kind is ast.Add and isinstance(left, Unknown):
        return (_splice(interpreter, left), *right)
    if kind is ast.Add and "str" in types:
        made.type = "str"
        if isinstance(left, str):
            made.prefix = left + (right.prefix if isinstance(right, Unknown) else "")
        elif isinstance(left, Unknown):
            made.prefix = left.prefix
    elif kind is ast.Mod and types[0] == "str":
        made.type = "str"
        if isinstance(left, str):
            made.prefix = left.partition("%")[0]
    elif kind is ast.Div and types[0] == "path":
        made.type = "path"
    elif kind is ast.Div and hasattr(left, "joinpath"):
        made.type = "path"
        made.prefix = f"{left}/"
    return made


def percent(interpreter: Interpreter, text: str | bytes, values: Value) -> Value:
    """`text % values`; where a value is not known, the start of the result may be."""
    from hardango.settings.methods import _has_wide_field

    if _has_wide_field(text if isinstance(text, str) else text.decode("latin-1")):
        return interpreter.unknown("a text that is too long", values, type="str")
    found = interpreter.pure(
        f"{short(text)} % …", lambda one, other: one % other, [text, values], type="str"
    )
    if isinstance(found, Unknown) and not found.prefix and isinstance(text, str):
        found.prefix = text.partition("%")[0]
    return found


UNARY: dict[type, tuple[Callable[[Any], Any], str]] = {
    ast.USub: (operator.neg, "__neg__"),
    ast.UAdd: (operator.pos, "__pos__"),
    ast.Invert: (operator.invert, "__invert__"),
}


def unary(interpreter: Interpreter, kind: type, value: Value) -> Value:
    if kind is ast.Not:
        condition = interpreter.truth(value)
        return interpreter.resolve(interpreter.merge([(~condition, True), (condition, False)]))
    native, special = UNARY[kind]

    def one(value: Value) -> Value:
        if isinstance(value, (Instance, Thing)):
            from hardango.settings.objects import try_attribute

            method = try_attribute(interpreter, value, special)
            if method is not MISSING:
                return interpreter.call(method, [], {})
        return interpreter.pure("-", native, [value])

    return interpreter.each(value, one)


# -- comparison ------------------------------------------------------------------------------------

COMPARE: dict[type, Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
}
COMPARE_SIGNS: dict[type, str] = {ast.Lt: "<", ast.LtE: "<=", ast.Gt: ">", ast.GtE: ">="}


def compare(interpreter: Interpreter, kind: type, left: Value, right: Value) -> Value:
    """`left <comparison> right`: True, False, or one of them under a condition."""
    if kind in (ast.In, ast.NotIn):
        found = interpreter.each(right, lambda other: contains(interpreter, other, left))
    else:
        found = interpreter.each(
            left,
            lambda one: interpreter.each(
                right, lambda other: _compare(interpreter, kind, one, other)
            ),
        )
    if kind in (ast.NotIn, ast.NotEq, ast.IsNot):
        return unary(interpreter, ast.Not, found)
    return found


def _compare(interpreter: Interpreter, kind: type, left: Value, right: Value) -> Value:
    if kind in (ast.Is, ast.IsNot):
        return _identical(interpreter, left, right)
    if kind in (ast.Eq, ast.NotEq):
        condition = equal(interpreter, left, right)
    else:
        left, right = _deciding(_payload(left), _payload(right))
        if not (isinstance(left, Unknown) or isinstance(right, Unknown)):
            found = interpreter.pure(COMPARE_SIGNS[kind], COMPARE[kind], [left, right], type="bool")
            if not isinstance(found, Unknown):
                return found
        one, other = interpreter.said(right, left), interpreter.said(left, right)
        words = f"{one} {COMPARE_SIGNS[kind]} {other}"
        condition = interpreter.space.fact(words, f"not {words}")
    return _as_bool(interpreter, condition)


def _deciding(left: Value, right: Value) -> tuple[Value, Value]:
    """The first items in which two tuples differ, if these are known: they decide the order, even
    if a later item (a patch release) is not known. If one begins with the other, its length does."""
    if isinstance(left, tuple) and isinstance(right, tuple):
        for one, other in zip(left, right):
            if type(one) not in SCALARS or type(other) not in SCALARS:
                return left, right
            if one != other:
                return one, other
        if not any(isinstance(each, Unknown) and each.several for each in (*left, *right)):
            return len(left), len(right)
    return left, right


def _as_bool(interpreter: Interpreter, condition: Condition) -> Value:
    if condition.certain:
        return True
    if not condition.possible:
        return False
    return interpreter.resolve(Union([(condition, True), (~condition, False)]))


def _identical(interpreter: Interpreter, left: Value, right: Value) -> Value:
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Unknown):
            if other is None and one.type is not None:
                return False
            if other is None or isinstance(other, bool):
                condition = interpreter.test(
                    one, other, f"{one.subject} is {other}", f"{one.subject} is not {other}"
                )
                return _as_bool(interpreter, condition)
            if isinstance(other, Unknown):
                return _as_bool(interpreter, equal(interpreter, left, right))
            return _as_bool(
                interpreter,
                interpreter.space.fact(
                    f"{one.subject} is {short(other)}", f"{one.subject} is not {short(other)}"
                ),
            )
    if type(left) in SCALARS and type(right) in SCALARS:
        return type(left) is type(right) and left == right
    return left is right


def equal(interpreter: Interpreter, left: Value, right: Value) -> Condition:
    """The condition under which `left == right`."""
    space = interpreter.space
    left, right = _payload(left), _payload(right)
    for one, other in ((left, right), (right, left)):
        if isinstance(one, Unknown):
            if isinstance(other, Unknown):
                if one is other or (same(one, other) and not one.fresh):
                    return space.true
                return space.fact(
                    f"{one.subject} equals {other.subject}",
                    f"{one.subject} does not equal {other.subject}",
                )
            if one.type == "str" and (other is None or isinstance(other, (bool, int, float))):
                return space.false
            if one.type in ("bool", "int", "float") and (other is None or isinstance(other, str)):
                return space.false
            if one.type == "bool" and other in (0, 1):
                other = bool(other)
            elif one.type == "int" and isinstance(other, bool):
                other = int(other)
            if isinstance(other, str) and is_not(one, other):
                return space.false
            if one.type in ("str", "list", "dict") and other == "":
                return ~interpreter.truth_of_unknown(one)
            if type(other) in SCALARS:
                words = interpreter.said(one, other)
                return interpreter.test(
                    one, other, f"{one.subject} is {words}", f"{one.subject} is not {words}"
                )
            return space.fact(
                f"{one.subject} is {short(other)}", f"{one.subject} is not {short(other)}"
            )
    if isinstance(left, Instance) or isinstance(right, Instance):
        return _equal_objects(interpreter, left, right)
    try:
        return space.true if interpreter.plain(left) == interpreter.plain(right) else space.false
    except Split:
        found = interpreter.pure("==", operator.eq, [left, right], type="bool")
        return interpreter.truth(found)
    except NotPlain:
        if isinstance(left, (Box, tuple)) and isinstance(right, (Box, tuple)):
            return space.fact(
                f"two values are equal{interpreter.here()}",
                f"two values differ{interpreter.here()}",
            )
        return space.true if left is right else space.false


def _equal_objects(interpreter: Interpreter, left: Value, right: Value) -> Condition:
    """Whether two values are equal of which one is an object of a class of the program: the first
    `__eq__` says so that doesn't leave it to the other, a subclass being asked first."""
    from hardango.settings.objects import find_method

    asked = [(left, right), (right, left)]
    if isinstance(left, Instance) and isinstance(right, Instance) and left.cls in right.cls.mro[1:]:
        asked.reverse()
    methods = [
        (find_method(interpreter, one, "__eq__"), other)
        for one, other in asked
        if isinstance(one, Instance)
    ]

    def ask(at: int) -> Value:
        if at == len(methods):
            return left is right
        method, other = methods[at]
        if method is MISSING:
            return ask(at + 1)
        said = interpreter.call(method, [other], {})
        return interpreter.each(said, lambda one: ask(at + 1) if one is NotImplemented else one)

    return interpreter.truth(ask(0))


def contains(interpreter: Interpreter, container: Value, item: Value) -> Value:
    """`item in container`, for a container without alternatives."""
    if isinstance(container, Instance):
        from hardango.settings.objects import find_method

        method = find_method(interpreter, container, "__contains__")
        if method is not MISSING:
            condition = interpreter.truth(interpreter.call(method, [item], {}))
            return _as_bool(interpreter, condition)
        container = _payload(container)
    if isinstance(container, Thing):
        if container.contains is not None:
            return container.contains(interpreter, item)
        if container.iterate is not None:
            return _among(interpreter, list(container.iterate(interpreter)), item)
    return interpreter.each(item, lambda one: _contains(interpreter, container, one))


def _contains(interpreter: Interpreter, container: Value, item: Value) -> Value:
    if isinstance(container, Box):

        def run(content: Any) -> Value:
            if isinstance(content, (dict, set)) and type(item) in SCALARS:
                if item in content:
                    return True
                if not any(isinstance(each, Unknown) for each in content):
                    return False
            # A set has another order in each run, and what is said should not.
            items = sorted(content, key=short) if isinstance(content, set) else list(content)
            return _among(interpreter, items, item)

        return interpreter.with_content(container, run)
    if isinstance(container, tuple):
        return _among(interpreter, list(container), item)
    if isinstance(container, Class) and "__members__" in container.keywords:
        return _among(interpreter, list(items_of(interpreter, container)), item)
    if isinstance(container, str) and isinstance(item, str):
        return item in container
    if isinstance(container, Unknown) or isinstance(item, Unknown):
        if isinstance(container, Unknown) and isinstance(item, str) and item:
            if item in container.prefix:
                return True
            if of_a_test_run(container, item):
                return False
        return _as_bool(
            interpreter,
            interpreter.space.fact(
                f"{short(container)} contains {interpreter.said(container, item)}",
                f"{short(container)} does not contain {interpreter.said(container, item)}",
            ),
        )
    return interpreter.pure("in", lambda all, one: one in all, [container, item], type="bool")


def _among(interpreter: Interpreter, items: list[Value], item: Value) -> Value:
    found = interpreter.space.false
    if isinstance(item, Unknown) and item.type != "bool":
        constants = [
            each for each in items if isinstance(each, str) and each.startswith(item.prefix)
        ]
        if len(constants) > 1:
            found = interpreter.test_any(item, list(constants))
            items = [each for each in items if not isinstance(each, str)]
    for each in items:
        if isinstance(each, Unknown) and each.several:
            found = found | interpreter.space.fact(
                f"{each.subject} contains {interpreter.said(each, item)}",
                f"{each.subject} does not contain {interpreter.said(each, item)}",
            )
        elif type(each) is Union:
            for condition, one in each.alternatives:
                if condition.meets(interpreter.pc):
                    found = found | (condition & equal(interpreter, one, item))
        else:
            found = found | equal(interpreter, each, item)
        if found.certain:
            break
    return _as_bool(interpreter, found)


# -- items -----------------------------------------------------------------------------------------


def get_item(interpreter: Interpreter, value: Value, key: Value) -> Value:
    """`value[key]`, in every case. Raises Raised(KeyError, IndexError, TypeError)."""
    return interpreter.each(
        value, lambda one: interpreter.each(key, lambda other: _get_item(interpreter, one, other))
    )


def _get_item(interpreter: Interpreter, value: Value, key: Value) -> Value:
    if isinstance(value, Unknown):
        subject = f"{value.subject}[{short(key)}]"
        if len(interpreter.sinks) > 1 and value.type != "module" and not isinstance(key, slice):
            # Some handler may be prepared for an item that is not there.
            there = interpreter.space.fact(f"{subject} is there", f"{subject} is missing")
            cls = IndexError if isinstance(key, int) else KeyError
            interpreter.fail(~there, Failure(cls, (f"no item {short(key)}",)))
        clause = ", which " in value.reason or value.reason.startswith("may be overridden by ")
        reason = value.reason if clause else f"{value.reason}[{short(key)}]"
        made = interpreter.unknown(reason, value, key, subject=subject)
        if value.type == "str":
            made.type, made.longest = "str", _longest(key)
        elif value.type == ANYWHERE:
            made.type = ANYWHERE
        return made
    if isinstance(value, Instance):
        from hardango.settings.objects import find_method

        method = find_method(interpreter, value, "__getitem__")
        if method is not MISSING:
            return interpreter.call(method, [key], {})
        method = find_method(interpreter, value, "__missing__")
        value = _payload(value)
        if method is not MISSING and isinstance(value, Box) and value.kind is dict:
            found = read_key(interpreter, value, key, MISSING)
            return interpreter.each(
                found, lambda one: interpreter.call(method, [key], {}) if one is MISSING else one
            )
    if isinstance(value, Thing):
        each: Thing | None = value
        while each is not None:
            if each.item is not None:
                return each.item(interpreter, key)
            each = each.base
        return interpreter.unknown(f"{value.name}[{short(key)}]")
    if isinstance(value, Box) and value.kind is dict:
        return _dict_item(interpreter, value, key)
    if isinstance(value, Box) and value.kind is list:
        return interpreter.with_content(
            value, lambda content: _sequence_item(interpreter, content, key)
        )
    if isinstance(value, tuple):
        return _sequence_item(interpreter, value, key)
    if isinstance(value, Class) and "__members__" in value.keywords:
        return _get_item(interpreter, value.keywords["__members__"], key)
    if isinstance(value, Class):
        from hardango.settings.classes import item_of_class

        return item_of_class(interpreter, value, key)
    if isinstance(value, type):
        return value  # list[str]: a type as an annotation
    if isinstance(key, Unknown):
        return interpreter.unknown(f"{short(value)}[{key.subject}]", key)
    return interpreter.pure(f"{short(value)}[…]", lambda one, other: one[other], [value, key])


def _longest(key: Value) -> int | None:
    """How many characters of a text an index or a slice leaves at most, None if that is not known."""
    if isinstance(key, int):
        return 1
    if not isinstance(key, slice) or key.step not in (None, 1):
        return None
    start, stop = key.start or 0, key.stop
    if start < 0 and stop is None:
        return int(-start)
    return max(stop - start, 0) if start >= 0 and stop is not None and stop >= 0 else None


def _dict_item(interpreter: Interpreter, box: Box, key: Value) -> Value:
    found = read_key(interpreter, box, key, MISSING)

    def check(one: Value) -> Value:
        if one is not MISSING:
            return one
        if box.default is not MISSING and box.default is not None:
            made = interpreter.call(box.default, [], {})
            set_item(interpreter, box, key, made)
            return made
        raise interpreter.error(KeyError, key)

    return interpreter.each(found, check)


def _sequence_item(interpreter: Interpreter, content: Any, key: Value) -> Value:
    unsure = any(isinstance(each, Unknown) and each.several for each in content)
    if isinstance(key, Unknown) or (unsure and isinstance(key, slice)):
        return interpreter.unknown("an item of a list", key, *content)
    if unsure:
        before = content[: key + 1] if key >= 0 else content[key:]
        if not before or any(isinstance(each, Unknown) and each.several for each in before):
            first = next(each for each in content if isinstance(each, Unknown) and each.several)
            if len(interpreter.sinks) > 1:
                # Some handler may be prepared for a list that is too short.
                there = interpreter.space.fact(
                    f"item {short(key)} of {first.subject} is there",
                    f"item {short(key)} of {first.subject} is missing",
                )
                interpreter.fail(~there, Failure(IndexError, ("list index out of range",)))
            return interpreter.unknown(
                f"an item of {first.subject}",
                *content,
                type=first.type,
                subject=f"item {short(key)} of {first.subject}",
            )
    if isinstance(key, slice):
        items = content[key]
        return interpreter.box(list(items)) if isinstance(content, list) else items
    if isinstance(key, Instance):
        return interpreter.unknown("an item of a list", *content)
    if not isinstance(key, int):
        raise interpreter.error(TypeError, "list indices must be integers or slices")
    try:
        return interpreter.resolve(content[key])
    except IndexError:
        raise interpreter.error(IndexError, "list index out of range") from None


def set_item(interpreter: Interpreter, value: Value, key: Value, new: Value) -> None:
    """`value[key] = new`, in every case."""

    def one(value: Value) -> Value:
        if isinstance(value, Instance):
            from hardango.settings.objects import find_method

            method = find_method(interpreter, value, "__setitem__")
            if method is not MISSING:
                interpreter.call(method, [key, new], {})
                return None
            value = _payload(value)
        if isinstance(value, Thing) and value.set_item is not None:
            value.set_item(interpreter, key, new)
        elif isinstance(value, Box):
            interpreter.each(
                key,
                lambda key: interpreter.change(
                    value, lambda content: _put(interpreter, content, key, new)
                ),
            )
        elif isinstance(value, Unknown):
            _write_unknown(interpreter, value)
        elif not isinstance(value, (Thing, Instance)):
            raise interpreter.error(TypeError, "object does not support item assignment")
        return None

    interpreter.each(value, one)


def _write_unknown(interpreter: Interpreter, value: Unknown) -> None:
    if value.type == ANYWHERE:
        from hardango.settings.objects import write_anywhere

        write_anywhere(interpreter, value)


def _put(interpreter: Interpreter, content: Any, key: Value, new: Value) -> None:
    if isinstance(content, dict):
        store(content, [(key_of(interpreter, key), new)])
        return
    if isinstance(key, slice):
        content[key] = list(items_of(interpreter, new))
        return
    if isinstance(key, int):
        try:
            content[key] = new
        except IndexError:
            raise interpreter.error(IndexError, "list assignment index out of range") from None
        return
    content[:] = [Unknown("items, one of which was replaced", several=True)]


def delete_item(interpreter: Interpreter, value: Value, key: Value) -> None:
    """`del value[key]`, in every case. Raises Raised(KeyError)."""

    def remove(content: Any, key: Value) -> None:
        try:
            del content[key_of(interpreter, key) if isinstance(content, dict) else key]
        except (KeyError, IndexError, TypeError) as problem:
            if not any(isinstance(each, Unknown) for each in content):
                raise interpreter.error(type(problem), key) from None

    def one(value: Value) -> Value:
        if isinstance(value, Instance):
            from hardango.settings.objects import find_method

            method = find_method(interpreter, value, "__delitem__")
            if method is not MISSING:
                return interpreter.call(method, [key], {})
            value = _payload(value)
        if isinstance(value, Thing) and value.delete_item is not None:
            value.delete_item(interpreter, key)
        elif isinstance(value, Box):
            interpreter.each(
                key, lambda key: interpreter.change(value, lambda content: remove(content, key))
            )
        elif isinstance(value, Unknown):
            _write_unknown(interpreter, value)
        return None

    interpreter.each(value, one)


# -- iteration -------------------------------------------------------------------------------------


def iterator_of(interpreter: Interpreter, items: Iterable[Value]) -> Box:
    """An iterator: a list that is used up by whoever walks it."""
    made = interpreter.box(list(items))
    made.type_name = "iterator"
    return made


def _use_up(interpreter: Interpreter, iterator: Box) -> Value:
    """What an iterator still has, as a list of its own; afterwards it is empty."""
    from hardango.settings.methods import copy_box

    interpreter.fill(iterator)
    rest = copy_box(interpreter, iterator)
    rest.type_name = "list"
    interpreter.change(iterator, lambda content: content.clear())
    return rest


def items_of(interpreter: Interpreter, value: Value) -> Iterable[Value]:
    """The items that iterating over `value` gives. An `Unknown` with `several` among them stands
    for any number of items. An item that is there in some cases only is such an Unknown, too."""
    value = _payload(interpreter.resolve(value))
    if isinstance(value, Box) and value.type_name == "iterator":
        value = _use_up(interpreter, value)
    if isinstance(value, Class) and "__members__" in value.keywords:
        members = interpreter.content(value.keywords["__members__"])
        return list(dict.fromkeys(members.values()))
    if type(value) is Union:
        return _joined(
            interpreter,
            [
                (condition, list(_items_under(interpreter, condition, each)))
                for condition, each in value.alternatives
            ],
        )
    if isinstance(value, tuple):
        return list(value)
    if isinstance(value, Box):
        try:
            return _steady(interpreter.content(value))
        except Split:
            live = [each for each in value.variants if each[0].meets(interpreter.pc)]
            return _joined(interpreter, [(condition, list(content)) for condition, content in live])
    if isinstance(value, Unknown):
        return [_splice(interpreter, value)]
    if isinstance(value, Thing):
        if value.iterate is not None:
            return list(value.iterate(interpreter))
        return [Unknown(f"the items of {value.name}", several=True)]
    if isinstance(value, Instance):
        from hardango.settings.objects import find_method

        method = find_method(interpreter, value, "__iter__")
        if method is not MISSING:
            return items_of(interpreter, interpreter.call(method, [], {}))
        hand_over(interpreter, f"a walk over {value.cls.name}", [value])
        return [Unknown("the items of an object", several=True)]
    if isinstance(value, (str, bytes, range)):
        if len(value) > limits.ITEMS:
            raise Stopped("because a container grows without bound")
        return list(value)
    if isinstance(value, (Module, Scope)) or type(value) in SCALARS:
        raise interpreter.error(TypeError, f"{type(value).__name__!r} object is not iterable")
    try:
        return [each for _, each in zip(range(limits.ITEMS), iter(value))]
    except TypeError:
        raise interpreter.error(TypeError, "object is not iterable") from None


def ordered_items(interpreter: Interpreter, value: Value) -> list[Value]:
    """The items of `value` in their order; those of a set of texts have another order at each
    start, so that which comes where is not known."""
    items = list(items_of(interpreter, value))
    inner = _payload(interpreter.resolve(value))
    return _in_known_order(items) if isinstance(inner, Box) and inner.kind is set else items


def _in_known_order(items: list[Value]) -> list[Value]:
    """The items of a set as far as their order is known."""
    if len(items) < 2 or all(isinstance(item, (int, float)) for item in items):
        return items
    known = tuple(item for item in items if isinstance(item, str))
    reason = f"the {len(items)} items of a set, in an order that is not known"
    choices = known if len(known) == len(items) else ()
    return [Unknown(reason, "str", choices=choices, several=True)]


def _steady(content: Any) -> list[Value]:
    """The items of a container; those of a set in an order that is the same at each start."""
    if isinstance(content, set) and not all(isinstance(item, (int, float)) for item in content):
        return sorted(content, key=lambda item: (type(item).__name__, short(item)))
    return list(content)


def each_items(
    interpreter: Interpreter,
    value: Value,
    run: Callable[[list[Value]], Value],
    *,
    ordered: bool = False,
) -> Value:
    """`run` on the items of `value`, once for each case in which they differ. With `ordered`
    their order matters: that of a set is not known."""

    def one(value: Value) -> Value:
        value = _payload(value)
        if isinstance(value, Box):
            if value.type_name == "iterator":
                value = _use_up(interpreter, value)
            arrange = _in_known_order if ordered and value.kind is set else list
            return interpreter.with_content(value, lambda content: run(arrange(_steady(content))))
        return run(list(items_of(interpreter, value)))

    return interpreter.each(value, one)


def _items_under(interpreter: Interpreter, condition: Condition, value: Value) -> Iterable[Value]:
    base = interpreter.pc
    interpreter.pc = base & condition
    try:
        return items_of(interpreter, value) if interpreter.pc.possible else []
    finally:
        interpreter.pc = base


def _joined(interpreter: Interpreter, cases: list[tuple[Condition, list[Value]]]) -> list[Value]:
    """One list of items for several cases: what all share is known."""
    sure = not any(isinstance(x, Unknown) and x.several for _, items in cases for x in items)
    if sure and all(len(items) == len(cases[0][1]) for _, items in cases):
        return [
            interpreter.merge(
                [(condition & interpreter.pc, items[index]) for condition, items in cases]
            )
            for index in range(len(cases[0][1]))
        ]
    joined = interpreter._join(cases)
    return list(joined[0][1])


def pairs_of(interpreter: Interpreter, value: Value) -> Iterable[tuple[Value, Value]]:
    """The (key, value) pairs that `dict(value)` takes. An unknown mapping is one pair whose key
    is an Unknown for any number of keys."""
    value = _payload(interpreter.resolve(value))
    if isinstance(value, Unknown):
        subject = value.subject
        return [
            (Unknown(value.reason, None, value.variables, several=True, subject=subject), value)
        ]
    if isinstance(value, Box) and value.kind is dict:
        try:
            return list(interpreter.content(value).items())
        except Split:
            live = [
                (condition, content)
                for condition, content in value.variants
                if condition.meets(interpreter.pc)
            ]
            return _joined_pairs(interpreter, live)
    if type(value) is Union:
        return _joined_pairs(
            interpreter,
            [
                (condition, dict(_pairs_under(interpreter, condition, each)))
                for condition, each in value.alternatives
            ],
        )
    if isinstance(value, Thing) and value.item is not None and value.iterate is not None:
        return [(key, value.item(interpreter, key)) for key in value.iterate(interpreter)]
    if isinstance(value, Thing):
        unknown = Unknown(f"the items of {value.name}", several=True)
        return [(unknown, unknown)]
    pairs = []
    for item in items_of(interpreter, value):
        if isinstance(item, Unknown):
            pairs.append((item, item))
            continue
        both = list(items_of(interpreter, item))
        if len(both) != 2:
            raise interpreter.error(ValueError, "dictionary update sequence element is not a pair")
        pairs.append((key_of(interpreter, interpreter.resolve(both[0])), both[1]))
    return pairs


def _pairs_under(
    interpreter: Interpreter, condition: Condition, value: Value
) -> Iterable[tuple[Value, Value]]:
    base = interpreter.pc
    interpreter.pc = base & condition
    try:
        return pairs_of(interpreter, value) if interpreter.pc.possible else []
    finally:
        interpreter.pc = base


def _joined_pairs(
    interpreter: Interpreter, cases: list[tuple[Condition, dict[Value, Value]]]
) -> list[tuple[Value, Value]]:
    keys: dict[Value, None] = {}
    for _, content in cases:
        keys.update(dict.fromkeys(content))
    pairs = []
    for key in keys:
        if all(key in content for _, content in cases):
            merged = [(condition & interpreter.pc, content[key]) for condition, content in cases]
            pairs.append((key, interpreter.merge([each for each in merged if each[0].possible])))
        else:
            unknown = Unknown(f"{short(key)} in some environments{interpreter.here()}")
            pairs.append((unknown, unknown))
    return pairs
