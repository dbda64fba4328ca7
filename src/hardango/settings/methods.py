"""Attributes and methods of the built-in types: text, numbers, lists, dicts, sets, types."""

from __future__ import annotations

from collections.abc import Callable

from hardango.light import Any
from hardango.patterns import Pattern
from hardango.settings import limits
from hardango.settings.interpreter import Interpreter
from hardango.settings.likeness import SCALARS, same, short
from hardango.settings.outcomes import Unknown
from hardango.settings.paths import PurePosixPath
from hardango.settings.values import (
    ANYWHERE,
    MISSING,
    Box,
    Descriptor,
    Instance,
    Native,
    Stopped,
    Union,
    Value,
)

TEXT_METHODS = frozenset(
    "capitalize casefold center count decode encode endswith expandtabs find format format_map "
    "hex index isalnum isalpha isascii isdecimal isdigit isidentifier islower isnumeric "
    "isprintable isspace istitle isupper join ljust lower lstrip partition removeprefix "
    "removesuffix replace rfind rindex rjust rpartition rsplit rstrip split splitlines startswith "
    "strip swapcase title translate upper zfill".split()
)
NUMBER_METHODS = frozenset(
    "bit_length is_integer as_integer_ratio conjugate hex real imag to_bytes".split()
)

SAFE_MODULES = frozenset(
    "datetime decimal re uuid ipaddress urllib.parse fractions zoneinfo _decimal enum "
    "collections packaging.version".split()
)
"""Modules whose objects only compute: their attributes and methods are used as they are."""


def native_attribute(interpreter: Interpreter, value: Value, name: str) -> Value:
    """`value.name` for a value of a built-in type; MISSING if there is none."""
    kind = type(value)
    if kind is Box:
        return _box_attribute(interpreter, value, name)
    if kind in (str, bytes):
        return (
            Native(f"str.{name}", _text_method(value, name))
            if name in TEXT_METHODS
            else _special(value, name)
        )
    if kind in (int, float, bool, complex):
        if name == "to_bytes":
            return _pure_native(name, _to_bytes(value))
        if name in NUMBER_METHODS and hasattr(value, name):
            found = getattr(value, name)
            return _pure_native(name, found) if callable(found) else found
        return _special(value, name)
    if kind is tuple:
        if name in ("count", "index"):
            return _pure_native(name, getattr(value, name))
        return _special(value, name)
    if isinstance(value, type):
        return _type_attribute(interpreter, value, name)
    if isinstance(value, Descriptor):
        return _descriptor_attribute(value, name)
    module = kind.__module__
    if kind is PurePosixPath:
        from hardango.settings.stdlib.pathlib import path_attribute

        return path_attribute(interpreter, value, name)
    if module == "re" and kind.__name__ == "Pattern":
        from hardango.settings.stdlib.text import pattern_attribute

        return pattern_attribute(interpreter, value, name)
    named_tuple = module == "urllib.parse" and name in ("_replace", "_asdict", "_fields")
    if module in SAFE_MODULES and (named_tuple or not name.startswith("_")):
        try:
            found = getattr(value, name, MISSING)
        except Exception as problem:  # a port that is no number
            raise interpreter.error(type(problem), *map(str, problem.args)) from None
        return _pure_native(name, found) if callable(found) else interpreter.wrap(found)
    return _special(value, name)


def _to_bytes(value: Any) -> Callable[..., bytes]:
    def run(length: int = 1, *more: Any, **options: Any) -> bytes:
        if length > limits.TEXT:
            raise Stopped("because a value grows without bound")
        return bytes(value.to_bytes(length, *more, **options))

    return run


def _special(value: Value, name: str) -> Value:
    if name == "__class__":
        return type(value)
    return _gap(type(value), name)


NEWER = {"int": {"is_integer"}, "date": {"strptime"}, "time": {"strptime"}}
"""What types of the standard library have gained since the oldest Python that hardango runs on."""


def _gap(cls: type, name: str) -> Value:
    """What is not modelled of a type is not known; what the type does not have is not there."""
    if (hasattr(cls, name) and not name.startswith("_")) or name in NEWER.get(cls.__name__, ()):
        return Unknown(f"{cls.__name__}.{name}")
    return MISSING


def _pure_native(name: str, run: Callable[..., Any]) -> Native:
    return Native(
        name,
        lambda interpreter, arguments, keywords: interpreter.pure(name, run, arguments, keywords),
    )


def _descriptor_attribute(value: Descriptor, name: str) -> Value:
    if value.kind == "property" and name in ("setter", "getter", "deleter"):

        def with_function(_: Interpreter, arguments: list[Value], __: dict[str, Value]) -> Value:
            parts = {"getter": value.function, "setter": value.setter, "deleter": value.deleter}
            return Descriptor("property", *{**parts, name: arguments[0]}.values())

        return Native(name, with_function)
    return MISSING


def _type_attribute(interpreter: Interpreter, cls: type, name: str) -> Value:
    if name == "__name__":
        return cls.__name__
    if cls is dict and name == "fromkeys":
        return Native("dict.fromkeys", _fromkeys)
    if cls in (str, bytes) and name == "maketrans":
        return _pure_native(name, cls.maketrans)
    if cls in (int, bytes) and name in ("from_bytes", "fromhex"):
        return _pure_native(name, getattr(cls, name))
    if cls.__module__ == "datetime" and name in ("now", "utcnow", "today", "fromtimestamp"):
        now = Unknown("the time of the start", subject=f"{cls.__name__}.{name}()")
        return Native(name, lambda interpreter, arguments, keywords: now)
    if cls.__module__ in SAFE_MODULES and not name.startswith("_"):
        found = getattr(cls, name, MISSING)
        return _pure_native(name, found) if callable(found) else found
    if cls is PurePosixPath and name in ("cwd", "home"):
        from hardango.settings.stdlib.pathlib import class_attribute

        return class_attribute(interpreter, name)
    if hasattr(cls, name):

        def unbound(
            interpreter: Interpreter, arguments: list[Value], keywords: dict[str, Value]
        ) -> Value:
            receiver = arguments[0]
            if name.startswith("__") and name.endswith("__"):
                return special_method(interpreter, name, receiver, arguments[1:], keywords)
            if isinstance(receiver, Instance):
                receiver = receiver.payload
            return interpreter.call(interpreter.get(receiver, name), arguments[1:], keywords)

        return Native(name, unbound)
    return MISSING


def special_method(
    interpreter: Interpreter,
    name: str,
    receiver: Value,
    arguments: list[Value],
    keywords: dict[str, Value],
) -> Value:
    """`dict.__getitem__(self, key)` and the like, as subclasses call them."""
    from hardango.settings import operations

    if name in ("__init__", "__init_subclass__"):
        if (
            isinstance(receiver, Instance)
            and isinstance(receiver.payload, Box)
            and (arguments or keywords)
        ):
            interpreter.call(interpreter.get(receiver.payload, "update"), arguments, keywords)
        return None
    inner = (
        receiver.payload
        if isinstance(receiver, Instance) and receiver.payload is not MISSING
        else receiver
    )
    if name == "__getitem__":
        return operations.get_item(interpreter, inner, arguments[0])
    if name == "__setitem__":
        operations.set_item(interpreter, inner, arguments[0], arguments[1])
        return None
    if name == "__delitem__":
        operations.delete_item(interpreter, inner, arguments[0])
        return None
    if name == "__ior__":
        interpreter.call(interpreter.get(inner, "update"), arguments, {})
        return receiver
    if name == "__contains__":
        return operations.contains(interpreter, inner, arguments[0])
    if name == "__new__":
        return Instance(receiver)
    if name in ("__setattr__", "__delattr__", "__getattribute__"):
        return _plain_access(interpreter, name, receiver, *arguments)
    return interpreter.unknown(f"{name}{interpreter.here()}", receiver)


def _plain_access(
    interpreter: Interpreter, access: str, owner: Value, name: Value, new: Value = None
) -> Value:
    """What `object` does to an attribute, whatever the class of `owner` does instead."""
    from hardango.settings import objects

    if not isinstance(name, str):
        if access != "__getattribute__":
            objects.set_unknown_name(interpreter, owner, name)
        return interpreter.unknown(f"{access}{interpreter.here()}", owner)
    if access == "__setattr__":
        return objects.bind_attribute(interpreter, owner, name, new)
    if access == "__delattr__":
        return objects.unbind_attribute(interpreter, owner, name)
    if isinstance(owner, Instance):
        return objects.own_attribute(interpreter, owner, name)
    return interpreter.get(owner, name)


def _fromkeys(
    interpreter: Interpreter, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    from hardango.settings.operations import each_items, set_item

    default = arguments[1] if len(arguments) > 1 else None

    def make(items: list[Value]) -> Value:
        made = interpreter.box({})
        for item in items:
            set_item(interpreter, made, item, default)
        made.touched, made.readings = (), ()
        return made

    return each_items(interpreter, arguments[0], make)


# -- text ------------------------------------------------------------------------------------------


def _text_method(text: str | bytes, name: str) -> Callable[..., Value]:
    def run(interpreter: Interpreter, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        if name == "join" and arguments:
            return join(interpreter, text, arguments[0])
        if name in ("format", "format_map") and isinstance(text, str):
            return format_text(interpreter, text, arguments, keywords, name)

        def call(*native: Any, **native_keywords: Any) -> Any:
            _check_growth(text, name, (*native, *native_keywords.values()))
            return getattr(text, name)(*native, **native_keywords)

        return interpreter.pure(
            f"{short(text)}.{name}", call, arguments, keywords, type=_RESULT.get(name, "str")
        )

    return run


_RESULT = {
    "startswith": "bool",
    "endswith": "bool",
    "find": "int",
    "index": "int",
    "count": "int",
    "split": "list",
    "rsplit": "list",
    "splitlines": "list",
    "partition": "tuple",
    "rpartition": "tuple",
    "encode": "bytes",
    **{name: "bool" for name in TEXT_METHODS if name.startswith("is")},
}


def _check_growth(text: str | bytes, name: str, arguments: tuple[Any, ...]) -> None:
    size = len(text)
    if name in ("center", "ljust", "rjust", "zfill", "expandtabs") and arguments:
        if isinstance(arguments[0], int):
            size = max(
                size,
                arguments[0]
                * (text.count("\t") if name == "expandtabs" and isinstance(text, str) else 1),
            )
    elif name == "replace" and len(arguments) >= 2:
        old, new = arguments[0], arguments[1]
        if isinstance(old, (str, bytes)) and isinstance(new, (str, bytes)):
            count = text.count(old) if old else len(text) + 1  # type: ignore[arg-type]
            size += count * len(new)
    elif name == "translate":
        size *= 4
    if size > limits.TEXT:
        raise Stopped("because a text grows without bound")


def join(interpreter: Interpreter, separator: str | bytes, parts: Value) -> Value:
    """`separator.join(parts)`: known, or an unknown text whose start is known."""
    from hardango.settings.operations import items_of

    def run(native: list[Any]) -> Any:
        if sum(len(each) + len(separator) for each in native) > limits.TEXT:
            raise Stopped("because a text grows without bound")
        return separator.join(native)

    def attempt(value: Value) -> Value:
        items = list(items_of(interpreter, value))
        if any(isinstance(item, Unknown) for item in items):
            prefix = ""
            for index, item in enumerate(items):
                if not isinstance(item, str):
                    several = isinstance(item, Unknown) and item.several
                    prefix += "" if several or index == 0 else str(separator)
                    break
                prefix += (str(separator) if index else "") + item
            made = interpreter.unknown(
                f"a text joined from {short(_first_unknown(items))}", *items, type="str"
            )
            made.prefix = prefix
            return made
        return interpreter.pure("join", run, [interpreter.box(items)], type="str")

    return interpreter.each(parts, attempt)


def _first_unknown(items: list[Value]) -> Value:
    return next((item for item in items if isinstance(item, Unknown)), None)


def format_text(
    interpreter: Interpreter,
    text: str,
    arguments: list[Value],
    keywords: dict[str, Value],
    name: str = "format",
) -> Value:
    """`text.format(…)`; where an argument is not known, the start of the result may be."""
    if _has_wide_field(text):
        return interpreter.unknown("a text that is too long", *arguments, type="str")

    def run(*native: Any, **native_keywords: Any) -> str:
        given = (*native, *native_keywords.values())
        if any(isinstance(each, int) and each > 9999 for each in given) and NESTED.search(text):
            raise Stopped("because a text grows without bound")
        if text.count("{") * sum(len(each) for each in given if isinstance(each, str)) > TOO_LONG:
            raise Stopped("because a text grows without bound")
        if isinstance(text, str) and name == "format_map":
            return text.format_map(*native)
        return text.format(*native, **native_keywords)

    found = interpreter.pure(f"{short(text)}.format", run, arguments, keywords, type="str")
    if isinstance(found, Unknown) and not found.prefix:
        found.prefix = text.partition("{")[0]
    return found


def _has_wide_field(text: str) -> bool:
    """Whether a format asks for more than 9,999 characters of padding or digits."""
    return WIDE.search(text) is not None or text.count("{") > 1000


WIDE = Pattern(r"\{[^{}]*:[^{}]*[0-9_]{5}|%(\([^)]*\))?[-+ #0]*([0-9]*\.)?([0-9]{5}|\*)")
NESTED = Pattern(r"\{[^{}]*:[^{}]*\{")
TOO_LONG = 10 * limits.TEXT


def unknown_text_attribute(interpreter: Interpreter, value: Unknown, name: str) -> Value:
    """A method of a text or a path that is not known: the type of its result is."""
    if value.type == "path":
        from hardango.settings.stdlib.pathlib import unknown_path_attribute

        return unknown_path_attribute(interpreter, value, name)
    if name not in TEXT_METHODS:
        return MISSING

    def run(interpreter: Interpreter, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        shown = ", ".join(interpreter.said(value, each) for each in arguments)
        subject = f"{value.subject}.{name}({shown})"
        if name in ("split", "rsplit", "splitlines"):
            item = interpreter.unknown(
                f"the parts of {value.subject}",
                value,
                *arguments,
                type="str",
                subject=f"a part of {value.subject}",
            )
            item.several = True
            return interpreter.box([item])
        if name == "startswith" and value.prefix and arguments and isinstance(arguments[0], str):
            if value.prefix.startswith(arguments[0]):
                return True
            if not arguments[0].startswith(value.prefix):
                return False
        kind = _RESULT.get(name, "str")
        if name in ("partition", "rpartition"):
            return tuple(
                interpreter.unknown(
                    f"a part of {value.reason}", value, type="str", subject=f"{subject}[{index}]"
                )
                for index in range(3)
            )
        made = interpreter.unknown(f"{subject}", value, *arguments, type=kind, subject=subject)
        if kind == "bool":
            condition = interpreter.truth_of_unknown(made)
            return interpreter.merge([(condition, True), (~condition, False)])
        if name in ("strip", "lstrip", "rstrip") and value.reason.startswith(
            ("read from", "the content of")
        ):
            made.reason = value.reason
        return made

    return Native(name, run)


# -- lists, dicts, sets ----------------------------------------------------------------------------


def _box_attribute(interpreter: Interpreter, box: Box, name: str) -> Value:
    table = {list: LIST_METHODS, dict: DICT_METHODS, set: SET_METHODS}[box.kind]
    method = table.get(name)
    if method is None:
        if name == "__class__":
            return box.kind
        if box.type_name == "iterator" and name in GENERATOR:
            return Unknown(f"{name} of a generator", ANYWHERE)
        if box.kind is set and hasattr(set, name) and not name.startswith("_"):
            return _pure_native(
                name, lambda *native: getattr(native[0], name)(*native[1:])
            ) and Native(
                name,
                lambda interpreter, arguments, keywords: interpreter.pure(
                    name,
                    lambda first, *rest: getattr(first, name)(*rest),
                    [box, *arguments],
                    keywords,
                ),
            )
        if name.startswith("__") and hasattr(box.kind, name):
            return Native(
                name,
                lambda interpreter, arguments, keywords: special_method(
                    interpreter, name, box, arguments, keywords
                ),
            )
        if name in ("maxlen", "default_factory"):
            return None
        if box.type_name in ("DynaBox", "BoxList"):  # of dynaconf: its keys are its attributes
            if name == ("to_dict" if box.kind is dict else "to_list"):
                return Native(name, lambda interpreter, *_: copy_box(interpreter, box))
            return read_key(interpreter, box, name, MISSING) if box.kind is dict else MISSING
        return _gap(box.kind, name)
    return Native(
        f"{box.type_name}.{name}",
        lambda interpreter, arguments, keywords: method(interpreter, box, arguments, keywords),
    )


GENERATOR = frozenset("send throw close gi_frame gi_code gi_running gi_yieldfrom".split())

Method = Callable[[Interpreter, Box, list[Value], dict[str, Value]], Value]


def _append(
    interpreter: Interpreter, box: Box, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    (item,) = arguments
    item = repeated(interpreter, item)
    return interpreter.change(box, lambda content: content.append(item))


def repeated(interpreter: Interpreter, item: Value) -> Value:
    """What is added to a list in a loop over an unknown number of items: any number of them."""
    if interpreter.repeating is None or (isinstance(item, Unknown) and item.several):
        return item
    known = item if isinstance(item, Unknown) else None
    made = interpreter.unknown(
        known.reason if known else f"{short(item)}, any number of times",
        item,
        interpreter.repeating,
        type=known.type if known else None,
        subject=known.subject if known else interpreter.repeating.subject,
    )
    made.several, made.prefix = True, known.prefix if known else ""
    return made


def _extend(
    interpreter: Interpreter, box: Box, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    from hardango.settings.operations import items_of

    def extend(value: Value) -> Value:
        items = [repeated(interpreter, item) for item in items_of(interpreter, value)]
        return interpreter.change(box, lambda content: content.extend(items))

    return interpreter.each(arguments[0], extend)


def _insert(
    interpreter: Interpreter, box: Box, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    position, item = arguments
    item = repeated(interpreter, item)

    def insert(index: Value) -> Value:
        def run(content: list[Value]) -> None:
            if isinstance(index, int):
                content.insert(index, item)
            else:
                content[:] = [
                    Unknown(f"an item whose place is not known{interpreter.here()}", several=True),
                    *content,
                    item,
                ]

        return interpreter.change(box, run)

    return interpreter.each(position, insert)


def _find(interpreter: Interpreter, content: list[Value], item: Value) -> int | None:
    """The position of `item`; None if it may be there but is not known. Raises Raised."""
    doubtful = False
    for index, each in enumerate(content):
        each = interpreter.resolve(each)
        if same(each, item) or (type(each) in SCALARS and type(item) in SCALARS and each == item):
            return index
        if isinstance(each, (Unknown, Union, Instance)) or isinstance(
            item, (Unknown, Union, Instance)
        ):
            doubtful = True
        elif isinstance(each, (Box, tuple)) and _plainly_equal(interpreter, each, item):
            return index
    if doubtful:
        return None
    raise interpreter.error(ValueError, "the list does not hold it")


def _plainly_equal(interpreter: Interpreter, one: Value, other: Value) -> bool:
    try:
        return bool(interpreter.plain(one) == interpreter.plain(other))
    except Exception:  # a part is not known, or differs between cases
        return False


def _remove(
    interpreter: Interpreter, box: Box, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    def remove(item: Value) -> Value:
        def run(content: list[Value]) -> None:
            index = _find(interpreter, content, item)
            if index is not None:
                del content[index]
            elif isinstance(item, Instance):
                content[:] = [Unknown("items, one of which was removed", several=True)]

        return interpreter.change(box, run)

    return interpreter.each(arguments[0], remove)


def _index(
    interpreter: Interpreter, box: Box, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    def index(item: Value) -> Value:
        def run(content: list[Value]) -> Value:
            found = _find(interpreter, content, item)
            return (
                interpreter.unknown("the place of an item", type="int") if found is None else found
            )

        return interpreter.with_content(box, run)

    return interpreter.each(arguments[0], index)


def _count(
    interpreter: Interpreter, box: Box, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    return interpreter.pure(
        "count", lambda content, item: content.count(item), [box, *arguments], type="int"
    )


def _pop_list(
    interpreter: Interpreter, box: Box, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    def pop(index: Value) -> Value:
        def run(content: list[Value]) -> Value:
            if (
                interpreter.repeating is not None
                or not isinstance(index, int)
                or any(isinstance(each, Unknown) and each.several for each in content)
            ):
                content[:] = [Unknown("items, one of which was taken out", several=True)]
                return interpreter.unknown("an item of a list")
            if not -len(content) <= index < len(content):
                raise interpreter.error(IndexError, "pop index out of range")
            return content.pop(index)

        return interpreter.change(box, run)

    return interpreter.each(arguments[0] if arguments else -1, pop)


def _sort(
    interpreter: Interpreter, box: Box, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    from hardango.settings.builtins import sorted_items

    def run(content: list[Value]) -> None:
        content[:] = sorted_items(interpreter, list(content), keywords)

    return interpreter.change(box, run)


def _reverse(
    interpreter: Interpreter, box: Box, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    return interpreter.change(box, lambda content: content.reverse())


def _clear(
    interpreter: Interpreter, box: Box, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    return interpreter.change(box, lambda content: content.clear())


def copy_box(interpreter: Interpreter, box: Box, *_: Any) -> Value:
    """A shallow copy, with the same variants."""
    made = interpreter.box(box.kind())
    made.variants = [(condition, content.copy()) for condition, content in box.variants]
    made.touched, made.type_name, made.default = box.touched, box.type_name, box.default
    made.readings = box.readings
    return made


def key_of(interpreter: Interpreter, key: Value) -> Value:
    """A value as a key of a native dict. Raises Raised(TypeError) if it cannot be one."""
    if isinstance(key, Box):
        raise interpreter.error(TypeError, f"unhashable type: {key.type_name!r}")
    if isinstance(key, Instance) and isinstance(key.payload, (str, int)):
        return key.payload
    if type(key) is tuple:
        interpreter.spend(len(key))
        for part in key:
            if isinstance(part, (Box, tuple)):
                key_of(interpreter, part)
    try:
        hash(key)
    except TypeError:
        raise interpreter.error(TypeError, "unhashable type") from None
    return key


def store(content: dict[Value, Value], pairs: list[tuple[Value, Value]]) -> None:
    """Put pairs into a dict; a key that is not known may be one that is there already."""
    for key, item in pairs:
        if isinstance(key, Unknown):
            for known in content:
                if _may_be(key, known):
                    content[known] = Unknown(f"may be replaced by {key.reason}")
        content[key] = item


def _may_be(key: Unknown, known: Value) -> bool:
    if isinstance(known, Unknown) or (key.choices and known not in key.choices):
        return False
    if isinstance(known, str):
        return key.type in (None, "str") and known.startswith(key.prefix)
    return key.type != "str" and not key.prefix


def has_unknown_key(content: dict[Value, Value]) -> Unknown | None:
    for key in content:
        if isinstance(key, Unknown):
            return key
    return None


def read_key(interpreter: Interpreter, box: Box, key: Value, default: Value) -> Value:
    """`dict.get`; `default` may be MISSING, which is returned as it is."""

    def one(key: Value) -> Value:
        def run(content: dict[Value, Value]) -> Value:
            if isinstance(key, Unknown):
                if not content:
                    return default
                return interpreter.unknown(
                    f"an item of a dict, by {key.subject}", key, *content.values()
                )
            found = content.get(key_of(interpreter, key), MISSING)
            if found is not MISSING:
                return interpreter.resolve(found)
            unknown = has_unknown_key(content)
            if unknown is not None:
                subject = f"{unknown.subject}[{short(key)}]"
                item = interpreter.unknown(
                    f"the item {short(key)} of {unknown.reason}", unknown, subject=subject
                )
                if default is MISSING and len(interpreter.sinks) > 1:
                    # Some handler may be prepared for an item that is not there.
                    there = interpreter.space.fact(f"{subject} is there", f"{subject} is missing")
                    return interpreter.resolve(
                        interpreter.merge([(there, item), (~there, MISSING)])
                    )
                return item
            return default

        return interpreter.with_content(box, run)

    return interpreter.each(key, one)


def _get(
    interpreter: Interpreter, box: Box, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    return read_key(interpreter, box, arguments[0], arguments[1] if len(arguments) > 1 else None)


def _setdefault(
    interpreter: Interpreter, box: Box, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    default = arguments[1] if len(arguments) > 1 else None

    def one(key: Value) -> Value:
        def run(content: dict[Value, Value]) -> Value:
            return interpreter.resolve(content.setdefault(key_of(interpreter, key), default))

        return interpreter.change(box, run)

    return interpreter.each(arguments[0], one)


def _update(
    interpreter: Interpreter, box: Box, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    from hardango.settings.operations import pairs_of, set_item

    def update(value: Value) -> Value:
        pairs = list(pairs_of(interpreter, value))
        if any(type(key) is Union for key, _ in pairs):
            for key, item in pairs:
                set_item(interpreter, box, key, item)
            return None
        if isinstance(value, Box) and value.kind is dict:
            # The keys of one dict differ: one that is not known is none of the others.
            pairs.sort(key=lambda pair: not isinstance(pair[0], Unknown))
        return interpreter.change(box, lambda content: store(content, pairs))

    for argument in arguments:
        interpreter.each(argument, update)
    unknown = keywords.pop("**", MISSING)
    if unknown is not MISSING:
        interpreter.change(box, lambda content: store(content, [(unknown, unknown)]))
    if keywords:
        interpreter.change(box, lambda content: content.update(keywords))
    return None


def _pop_dict(
    interpreter: Interpreter, box: Box, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    default = arguments[1] if len(arguments) > 1 else MISSING

    def one(key: Value) -> Value:
        def run(content: dict[Value, Value]) -> Value:
            found = content.pop(key_of(interpreter, key), default)
            if found is MISSING:
                if has_unknown_key(content):
                    return interpreter.unknown(f"the item {short(key)}")
                raise interpreter.error(KeyError, key)
            return interpreter.resolve(found)

        return interpreter.change(box, run)

    return interpreter.each(arguments[0], one)


def _items(
    interpreter: Interpreter, box: Box, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    return interpreter.with_content(
        box,
        lambda content: interpreter.box(
            [
                Unknown(key.reason, several=True, subject=key.subject)
                if isinstance(key, Unknown)
                else (key, item)
                for key, item in content.items()
            ]
        ),
    )


def _keys(
    interpreter: Interpreter, box: Box, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    def keys(content: dict[Value, Value]) -> Value:
        made = interpreter.box(
            [
                Unknown(key.reason, several=True, subject=key.subject)
                if isinstance(key, Unknown)
                else key
                for key in content
            ]
        )
        made.type_name = "dict_keys"
        return made

    return interpreter.with_content(box, keys)


def _values(
    interpreter: Interpreter, box: Box, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    return interpreter.with_content(
        box,
        lambda content: interpreter.box(
            [
                Unknown(key.reason, several=True, subject=key.subject)
                if isinstance(key, Unknown)
                else item
                for key, item in content.items()
            ]
        ),
    )


def _add(
    interpreter: Interpreter, box: Box, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    return interpreter.each(
        arguments[0],
        lambda item: interpreter.change(
            box, lambda content: content.add(key_of(interpreter, item))
        ),
    )


def _discard(
    interpreter: Interpreter, box: Box, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    return interpreter.change(box, lambda content: _taken_out(interpreter, content, arguments[0]))


def _taken_out(interpreter: Interpreter, content: set[Value], item: Value) -> None:
    """The set without an item; what is not known may have been that item."""
    unsure = [each for each in content if isinstance(each, Unknown) or isinstance(item, Unknown)]
    content.discard(key_of(interpreter, item))
    if unsure:
        content.difference_update(unsure)
        content.add(Unknown("items, one of which may have been removed", several=True))


def _remove_from_set(
    interpreter: Interpreter, box: Box, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    def remove(item: Value) -> Value:
        def run(content: set[Value]) -> None:
            known = not isinstance(item, Unknown) and not has_unknown_key(dict.fromkeys(content))
            if known and key_of(interpreter, item) not in content:
                raise interpreter.error(KeyError, item)
            _taken_out(interpreter, content, item)

        return interpreter.change(box, run)

    return interpreter.each(arguments[0], remove)


def _update_set(
    interpreter: Interpreter, box: Box, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    from hardango.settings.operations import items_of

    for argument in arguments:
        add_all(interpreter, box, list(items_of(interpreter, argument)))
    return None


def add_all(interpreter: Interpreter, box: Box, items: list[Value]) -> None:
    """Add items to a set, each in the cases in which it is what it is."""
    if any(type(item) is Union for item in items):
        for item in items:
            _add(interpreter, box, [item], {})
    else:
        keys = [key_of(interpreter, item) for item in items]
        interpreter.change(box, lambda content: content.update(keys))


def set_of(interpreter: Interpreter, items: list[Value]) -> Box:
    """A new set of items. Raises Raised(TypeError) if one cannot be in a set."""
    made = interpreter.box(set())
    add_all(interpreter, made, items)
    made.touched, made.readings = (), ()
    return made


def _pop_item(
    interpreter: Interpreter, box: Box, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    last = arguments[0] if arguments else keywords.get("last", True)

    def run(content: dict[Value, Value]) -> Value:
        if not content:
            raise interpreter.error(KeyError, "popitem(): dictionary is empty")
        key = next(reversed(content)) if last else next(iter(content))
        return key, content.pop(key)

    return interpreter.change(box, run)


def _move_to_end(
    interpreter: Interpreter, box: Box, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    last = arguments[1] if len(arguments) > 1 else keywords.get("last", True)

    def run(content: dict[Value, Value]) -> None:
        if arguments[0] not in content:
            raise interpreter.error(KeyError, arguments[0])
        moved = content.pop(arguments[0])
        rest = dict(content)
        content.clear()
        content.update({**rest, arguments[0]: moved} if last else {arguments[0]: moved, **rest})

    return interpreter.change(box, run)


def _pop_left(
    interpreter: Interpreter, box: Box, arguments: list[Value], keywords: dict[str, Value]
) -> Value:
    return _pop_list(interpreter, box, [0], {})


LIST_METHODS: dict[str, Method] = {
    "append": _append,
    "extend": _extend,
    "insert": _insert,
    "remove": _remove,
    "index": _index,
    "count": _count,
    "pop": _pop_list,
    "sort": _sort,
    "reverse": _reverse,
    "clear": _clear,
    "copy": copy_box,
    "popleft": _pop_left,
    "appendleft": lambda interpreter, box, arguments, keywords: _insert(
        interpreter, box, [0, *arguments], {}
    ),
}
DICT_METHODS: dict[str, Method] = {
    "get": _get,
    "setdefault": _setdefault,
    "update": _update,
    "pop": _pop_dict,
    "items": _items,
    "keys": _keys,
    "values": _values,
    "popitem": _pop_item,
    "move_to_end": _move_to_end,
    "clear": _clear,
    "copy": copy_box,
}


def _in_place(name: str) -> Method:
    """A method of sets that changes the set itself by what other iterables hold."""

    def run(
        interpreter: Interpreter, box: Box, arguments: list[Value], keywords: dict[str, Value]
    ) -> Value:
        from hardango.settings.operations import items_of

        others = [list(items_of(interpreter, each)) for each in arguments]

        def change(content: set[Value]) -> None:
            if any(
                isinstance(item, (Unknown, Union)) for each in (content, *others) for item in each
            ):
                content.clear()
                content.add(Unknown(f"items of a set that {name}() changed", several=True))
            else:
                getattr(content, name)(*others)

        return interpreter.change(box, change)

    return run


SET_METHODS: dict[str, Method] = {
    **{
        name: _in_place(name)
        for name in ("difference_update", "intersection_update", "symmetric_difference_update")
    },
    "add": _add,
    "discard": _discard,
    "remove": _remove_from_set,
    "update": _update_set,
    "clear": _clear,
    "copy": copy_box,
}
