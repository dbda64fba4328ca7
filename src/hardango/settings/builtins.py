"""The built-in functions and types, as far as settings use them."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import partial

from hardango import syntax as ast
from hardango.light import Any
from hardango.settings import limits, operations
from hardango.settings.callbacks import hand_over
from hardango.settings.interpreter import Interpreter
from hardango.settings.laziness import fill_partly, lazily
from hardango.settings.likeness import short
from hardango.settings.objects import (
    attribute_or_gap,
    class_member,
    class_of,
    find_method,
    is_subclass,
    make_failure,
    try_attribute,
)
from hardango.settings.outcomes import Unknown
from hardango.settings.paths import PurePosixPath
from hardango.settings.values import (
    MISSING,
    Bound,
    Box,
    Class,
    Descriptor,
    Failure,
    Function,
    Instance,
    Module,
    Native,
    Raised,
    Scope,
    Stopped,
    Thing,
    Value,
)

Arguments = list[Value]
Keywords = dict[str, Value]


# -- making values of the built-in types -----------------------------------------------------------


def construct_native(
    interpreter: Interpreter, cls: type, arguments: Arguments, keywords: Keywords
) -> Value:
    """`cls(*arguments)` for a native type."""
    if issubclass(cls, BaseException):
        return make_failure(interpreter, cls, tuple(arguments))
    maker = CONSTRUCTORS.get(cls)
    if maker is not None:
        return maker(interpreter, arguments, keywords)
    if cls is PurePosixPath or cls.__module__ in (
        "datetime",
        "decimal",
        "fractions",
        "uuid",
        "ipaddress",
        "zoneinfo",
        "re",
    ):
        if cls.__module__ in ("decimal", "fractions") and any(map(_is_huge, arguments)):
            return interpreter.unknown("a number that is too long", *arguments)
        if cls is PurePosixPath:
            return interpreter.pure("Path", cls, arguments, keywords, type="path")
        return interpreter.pure(cls.__name__, cls, arguments, keywords)
    hand_over(interpreter, f"{cls.__name__}()", (*arguments, *keywords.values()))
    return interpreter.unknown(f"{cls.__name__}(…){interpreter.here()}", *arguments)


def _is_huge(value: Value) -> bool:
    """Whether a number is written with an exponent that makes it too long to compute with."""
    if not isinstance(value, str):
        return False
    exponent = value.lower().partition("e")[2].strip().lstrip("+-").replace("_", "")
    return len(exponent) > 4


def _make_bool(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    if not arguments:
        return False

    def one(value: Value) -> Value:
        if isinstance(value, Unknown) and value.type == "bool":
            return value
        condition = interpreter.truth(value)
        return interpreter.resolve(interpreter.merge([(condition, True), (~condition, False)]))

    return interpreter.each(arguments[0], one)


def _make_number(cls: type) -> Callable[[Interpreter, Arguments, Keywords], Value]:
    def make(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        def one(value: Value) -> Value:
            if isinstance(value, Unknown):
                if value.type in (None, "str") and len(interpreter.sinks) > 1:
                    # Some handler may be prepared for a text that is none.
                    number = interpreter.space.fact(
                        f"{value.subject} is a number",
                        f"{value.subject} is no number",
                        about=value.subject,
                    )
                    interpreter.fail(~number, Failure(ValueError, ("a text is no number",)))
                return interpreter.unknown(
                    value.reason, value, type=cls.__name__, subject=value.subject
                )
            return interpreter.pure(
                cls.__name__, cls, [value, *arguments[1:]], keywords, type=cls.__name__
            )

        return interpreter.each(arguments[0], one) if arguments else cls()

    return make


def text_of(interpreter: Interpreter, value: Value) -> Value:
    """`str(value)`, in every case."""

    def one(value: Value) -> Value:
        if isinstance(value, str):
            return value
        if isinstance(value, Unknown):
            made = interpreter.unknown(value.reason, value, type="str", subject=value.subject)
            made.prefix = value.prefix
            return made
        if isinstance(value, Instance):
            for name in ("__str__", "__repr__"):
                method = find_method(interpreter, value, name)
                if method is not MISSING:
                    return interpreter.call(method, [], {})
            if value.payload is not MISSING:
                return text_of(interpreter, value.payload)
        if isinstance(value, Failure) and isinstance(value.cls, Class):
            method = class_member(interpreter, value.cls, "__str__")
            if isinstance(method, Function):
                return interpreter.call(Bound(method, value), [], {})
        if isinstance(value, Failure) and (value.cls is KeyError or len(value.arguments) > 1):
            one = value.arguments[0] if len(value.arguments) == 1 else value.arguments
            return interpreter.pure("repr", repr, [one], type="str")
        if isinstance(value, Failure):
            return text_of(interpreter, value.arguments[0]) if value.arguments else ""
        if isinstance(value, Thing) and value.export is not MISSING:
            return text_of(interpreter, value.export)
        return interpreter.pure("str", str, [value], type="str")

    return interpreter.each(value, one)


def _make_text(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    if not arguments:
        return ""
    if len(arguments) > 1 or keywords:
        return interpreter.pure("str", str, arguments, keywords, type="str")
    return text_of(interpreter, arguments[0])


def _make_list(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    if not arguments:
        return interpreter.box([])
    return operations.each_items(interpreter, arguments[0], interpreter.box, ordered=True)


def _make_tuple(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    if not arguments:
        return ()
    return operations.each_items(interpreter, arguments[0], interpreter.tuple_of, ordered=True)


def _make_set(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    from hardango.settings.methods import set_of

    if not arguments:
        return interpreter.box(set())
    return operations.each_items(
        interpreter, arguments[0], lambda items: set_of(interpreter, items)
    )


def _make_dict(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    from hardango.settings.methods import DICT_METHODS, copy_box

    if arguments and isinstance(interpreter.resolve(arguments[0]), Box) and not keywords:
        source = interpreter.resolve(arguments[0])
        if source.kind is dict:
            made = copy_box(interpreter, source)
            made.type_name, made.default = "dict", MISSING
            return made
    made = interpreter.box({})
    DICT_METHODS["update"](interpreter, made, arguments, dict(keywords))
    made.touched, made.readings = (), ()
    return made


def _make_bytes(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    def make(*native: Any, **more: Any) -> bytes:
        if native and isinstance(native[0], int) and native[0] > limits.TEXT:
            raise Stopped("because a value grows without bound")
        return bytes(*native, **more)

    return interpreter.pure("bytes", make, arguments, keywords, type="bytes")


def _make_range(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    def one(value: Value) -> Value:
        # Longer ones fill memory, or take for ever to walk.
        long = isinstance(value, range) and value[-1:] and len(value[: limits.ITEMS + 1])
        if isinstance(value, range) and long and long > limits.ITEMS:
            return interpreter.unknown("a long range of numbers")
        return value

    return interpreter.each(interpreter.pure("range", range, arguments), one)


def _make_type(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    if len(arguments) == 1:
        return interpreter.each(arguments[0], class_of)
    name, bases, names = arguments
    cls = Class(
        str(name),
        [each for each in operations.items_of(interpreter, bases) if each is not object],
        None,
    )
    from hardango.settings.classes import class_made, linearize

    cls.mro = linearize(cls)
    for key, item in operations.pairs_of(interpreter, names):
        cls.scope.bind(str(key), item, interpreter.pc)
    return class_made(interpreter, cls, keywords)


def _execution(name: str) -> Callable[[Interpreter, Arguments, Keywords], Value]:
    def run(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        from hardango.settings import execution

        return getattr(execution, name)(interpreter, arguments, keywords)

    return run


def _make_object(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    return Instance(Class("object", [], None))


def _descriptor(kind: str) -> Callable[[Interpreter, Arguments, Keywords], Value]:
    return lambda interpreter, arguments, keywords: Descriptor(kind, arguments[0])


def _property(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    names = ("fget", "fset", "fdel")
    given = {**dict(zip(names, arguments)), **keywords}
    get, *more = (given.get(name) for name in names)
    return Descriptor("property", get, *(MISSING if each is None else each for each in more))


CONSTRUCTORS: dict[type, Callable[[Interpreter, Arguments, Keywords], Value]] = {
    bool: _make_bool,
    int: _make_number(int),
    float: _make_number(float),
    complex: _make_number(complex),
    str: _make_text,
    list: _make_list,
    tuple: _make_tuple,
    set: _make_set,
    frozenset: _make_set,
    dict: _make_dict,
    bytes: _make_bytes,
    range: _make_range,
    type: _make_type,
    object: _make_object,
    property: _property,
    classmethod: _descriptor("classmethod"),
    staticmethod: _descriptor("staticmethod"),
}


# -- functions -------------------------------------------------------------------------------------


def _len(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    def one(value: Value) -> Value:
        if isinstance(value, Unknown):
            return interpreter.unknown(
                f"the length of {value.subject}", value, type="int", subject=f"len({value.subject})"
            )
        if isinstance(value, Box):
            return interpreter.with_content(value, count)
        if isinstance(value, Instance) and value.payload is not MISSING:
            return one(value.payload)
        if isinstance(value, Thing) and not isinstance(value.state, Scope):
            return count(list(operations.items_of(interpreter, value)))
        return interpreter.pure("len", len, [value], type="int")

    def count(content: Any) -> Value:
        several = [each for each in content if isinstance(each, Unknown) and each.several]
        if several:
            return interpreter.unknown(f"the number of {several[0].subject}", *several, type="int")
        return len(content)

    return interpreter.each(arguments[0], one)


def _isinstance(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    def one(value: Value) -> Value:
        wanted = interpreter.resolve(arguments[1])
        wanted = getattr(wanted, "__args__", wanted)  # `int | str`
        answers = [
            is_subclass(class_of(value), each)
            for each in (
                operations.items_of(interpreter, wanted) if isinstance(wanted, tuple) else [wanted]
            )
        ]
        if any(each is True for each in answers):
            return True
        if any(each is None for each in answers):
            condition = interpreter.space.fact(
                f"{short(value)} is a {short(wanted)}", f"{short(value)} is no {short(wanted)}"
            )
            return interpreter.resolve(interpreter.merge([(condition, True), (~condition, False)]))
        return False

    return interpreter.each(arguments[0], one)


def _issubclass(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    wanted = arguments[1] if isinstance(arguments[1], tuple) else (arguments[1],)
    answers = [is_subclass(arguments[0], each) for each in wanted]
    if any(each is None for each in answers) and True not in answers:
        return interpreter.unknown("issubclass(…)", type="bool")
    return any(answers)


def _getattr(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    owner, name, *default = arguments

    def one(value: Value, attribute: Value) -> Value:
        if not isinstance(attribute, str):
            return interpreter.unknown(f"an attribute that {short(attribute)} names", attribute)
        try:
            found = attribute_or_gap(interpreter, value, attribute)
        except Raised as raised:
            if not default or is_subclass(raised.failure.cls, AttributeError) is not True:
                raise
            found = MISSING
        if found is not MISSING:
            return found
        if default:
            return default[0]
        raise interpreter.error(AttributeError, attribute)

    def module(value: Module, attribute: Value) -> Value:
        from hardango.settings.namespaces import bound_or

        if value.scope.opaque is None and value.scope.bound(attribute, interpreter.pc) and default:
            return bound_or(interpreter, value.scope, attribute, default[0])
        return one(value, attribute)

    def split(value: Value) -> Value:
        def by_name(attribute: Value) -> Value:
            return module(value, attribute) if isinstance(value, Module) else one(value, attribute)

        return interpreter.each(name, by_name)

    return interpreter.each(owner, split)


def _thing_has(interpreter: Interpreter, thing: Thing, name: str) -> Value:
    """Whether a modelled object has an attribute: a module of the standard library as this
    Python has it, else only what the model knows for sure."""
    if name in thing.attributes:
        return True
    module = sys.modules.get(thing.name) if thing.name in sys.stdlib_module_names else None
    if module is not None:
        return hasattr(module, name)
    return interpreter.unknown(f"whether {thing.name} has {name}", type="bool")


def _hasattr(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    def one(value: Value) -> Value:
        if isinstance(value, Unknown):
            said = f"whether {value.subject} has {arguments[1]}"
            return interpreter.unknown(said, value, type="bool", subject=said)
        if isinstance(value, Thing):
            return _thing_has(interpreter, value, str(arguments[1]))
        try:
            found = try_attribute(interpreter, value, str(arguments[1]))
        except Raised:
            return False
        if isinstance(found, Unknown) and isinstance(value, (Class, Instance, Module)):
            said = f"whether {short(value)} has {arguments[1]}"
            return interpreter.unknown(said, found, type="bool", subject=said)
        return found is not MISSING

    return interpreter.each(arguments[0], one)


def _setattr(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    from hardango.settings.objects import set_attribute, set_unknown_name

    owner, name, value = arguments

    def one(attribute: Value) -> Value:
        if isinstance(attribute, str):
            set_attribute(interpreter, owner, attribute, value)
        else:
            set_unknown_name(interpreter, interpreter.resolve(owner), attribute)
        return None

    return interpreter.each(name, one)


def _delattr(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    from hardango.settings.objects import delete_attribute

    if isinstance(arguments[1], str):
        delete_attribute(interpreter, arguments[0], arguments[1])
    return None


def _globals(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    from hardango.settings.namespaces import scope_mapping

    assert interpreter.frame is not None
    return scope_mapping(interpreter.frame.module.scope)


def _locals(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    from hardango.settings.namespaces import scope_mapping

    assert interpreter.frame is not None
    return scope_mapping(interpreter.frame.scope)


def _vars(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    if not arguments:
        return _locals(interpreter, arguments, keywords)
    return interpreter.get(arguments[0], "__dict__")


def _dir(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    assert interpreter.frame is not None
    owner = interpreter.resolve(arguments[0]) if arguments else interpreter.frame
    names, more = member_names(interpreter, owner)
    others: list[Value] = [Unknown("dir(…)", several=True)] if more else []
    if more and not names:  # Even an empty module has some.
        others.insert(0, Unknown("one of dir(…)", "str", subject="dir(…)"))
    return interpreter.box([*names, *others])


def member_names(interpreter: Interpreter, owner: object) -> tuple[list[str], bool]:
    """The names that an object has, in order, and whether it may have others; the names that
    every object has (`__class__`, …) are left out."""
    if isinstance(owner, Thing):
        return sorted(owner.attributes), owner.attribute is not None
    scope = getattr(owner, "scope", None)
    if scope is None:
        return [], True
    names = {name for name in scope.names if scope.bound(name, interpreter.pc)}
    more = scope.opaque is not None
    cls = owner.cls if isinstance(owner, Instance) else owner
    for each in (
        cls.mro[0 if isinstance(owner, Instance) else 1 :] if isinstance(cls, Class) else ()
    ):
        if isinstance(each, Class):
            names |= {name for name in each.scope.names if each.scope.bound(name, interpreter.pc)}
            more = more or each.scope.opaque is not None
        elif isinstance(each, type):
            more = more or each is not object
        else:
            more = True
    return sorted(names), more


def _super(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    frame = interpreter.frame
    if arguments:
        owner, receiver = arguments[0], arguments[1] if len(arguments) > 1 else None
    else:
        while frame is not None and frame.outer is not None:
            frame = frame.outer
        if frame is None or frame.function is None or frame.function.owner is None:
            return interpreter.unknown("super()")
        owner, receiver = frame.function.owner, frame.receiver
    cls = receiver.cls if isinstance(receiver, Instance) else receiver

    def read(interpreter: Interpreter, name: str) -> Value:
        from hardango.settings.objects import bind_member

        if not isinstance(cls, Class):
            return interpreter.unknown(f"super().{name}")
        found = class_member(interpreter, cls, name, after=owner)
        if found is MISSING:
            if name.startswith("__"):
                return Native(
                    name,
                    lambda interpreter, arguments, keywords: _object_method(
                        interpreter, name, receiver, arguments, keywords
                    ),
                )
            return MISSING
        if isinstance(receiver, Class) and isinstance(found, Function):
            return Bound(found, receiver)
        return bind_member(interpreter, found, receiver, cls)

    return Thing("super()", attribute=read)


def _object_method(
    interpreter: Interpreter, name: str, receiver: Value, arguments: Arguments, keywords: Keywords
) -> Value:
    from hardango.settings.methods import special_method

    if name in ("__init_subclass__", "__set_name__", "__post_init__"):
        return None
    return special_method(interpreter, name, receiver, arguments, keywords)


def _callable(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    def one(value: Value) -> Value:
        if isinstance(value, (Function, Native, Bound, Class, type)):
            return True
        if isinstance(value, Unknown):
            return False if value.type else interpreter.unknown("callable(…)", value, type="bool")
        if isinstance(value, Instance):
            return find_method(interpreter, value, "__call__") is not MISSING
        return isinstance(value, Thing) and value.call is not None

    return interpreter.each(arguments[0], one)


def _print(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    hand_over(interpreter, "print()", (*arguments, *keywords.values()))
    return None


def _any_all(is_any: bool) -> Callable[[Interpreter, Arguments, Keywords], Value]:
    def run(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        found = interpreter.space.false if is_any else interpreter.space.true
        for item in operations.items_of(interpreter, arguments[0]):
            truth = interpreter.truth(item)
            found = found | truth if is_any else found & truth
        return interpreter.resolve(interpreter.merge([(found, True), (~found, False)]))

    return run


def _sum(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    total = arguments[1] if len(arguments) > 1 else keywords.get("start", 0)
    for item in operations.items_of(interpreter, arguments[0]):
        total = operations.binary(interpreter, ast.Add, total, item)
    return total


def _min_max(
    name: str, native: Callable[..., Any]
) -> Callable[[Interpreter, Arguments, Keywords], Value]:
    def run(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        if "key" in keywords:
            items = (
                list(operations.items_of(interpreter, arguments[0]))
                if len(arguments) == 1
                else arguments
            )
            # Of several that are equal it is the first one, for both.
            order = {"key": keywords["key"], "reverse": native is max}
            ordered = sorted_items(interpreter, items, order)
            if not ordered:
                return keywords.get("default", interpreter.unknown(name))
            return interpreter.resolve(ordered[0])
        return interpreter.pure(name, native, arguments, keywords)

    return run


def sorted_items(interpreter: Interpreter, items: list[Value], keywords: Keywords) -> list[Value]:
    """The items in order; unknown ones make the order unknown."""
    key = keywords.get("key")
    marks = [item if key is None else interpreter.call(key, [item], {}) for item in items]
    try:
        plain = [interpreter.plain(mark) for mark in marks]
        order = sorted(
            range(len(items)),
            key=lambda index: plain[index],
            reverse=bool(interpreter.plain(keywords.get("reverse", False))),
        )
    except (Raised, Stopped):
        raise
    except TypeError:
        raise interpreter.error(TypeError, "items cannot be ordered") from None
    except Exception:  # an item is not known, or differs between cases
        return [Unknown("items in an order that is not known", several=True)] if items else []
    return [items[index] for index in order]


def _sorted(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    return operations.each_items(
        interpreter,
        arguments[0],
        lambda items: interpreter.box(sorted_items(interpreter, items, keywords)),
    )


def _reversed(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    return operations.each_items(
        interpreter,
        arguments[0],
        lambda items: operations.iterator_of(interpreter, reversed(items)),
    )


def _enumerate(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    start = keywords.get("start", arguments[1] if len(arguments) > 1 else 0)

    def number(items: list[Value]) -> Value:
        pairs: list[Value] = []
        unsure = False
        for index, item in enumerate(items):
            unsure = unsure or (isinstance(item, Unknown) and item.several)
            if isinstance(item, Unknown) and item.several:
                pair = interpreter.unknown(item.reason, item, subject=item.subject)
                pair.several = True
                pairs.append(pair)
            elif unsure or not isinstance(start, int):
                pairs.append((interpreter.unknown("a position", type="int"), item))
            else:
                pairs.append((index + start, item))
        return operations.iterator_of(interpreter, pairs)

    return operations.each_items(interpreter, arguments[0], number)


def _zip(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    return lazily(interpreter, lambda: _zipped(interpreter, arguments, keywords))


def _zipped(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    iterators = [id(each) for each in arguments if getattr(each, "type_name", "") == "iterator"]
    if len(set(iterators)) < len(iterators):  # `zip(each, each)` takes its items in turn
        rest = list(operations.items_of(interpreter, arguments[0]))
        if len(iterators) < len(arguments) or any(isinstance(x, Unknown) for x in rest):
            return interpreter.box([Unknown("the items of zip(…)", several=True)])
        return interpreter.box(list(zip(*[iter(rest)] * len(arguments))))
    columns = [list(operations.items_of(interpreter, each)) for each in arguments]
    if any(isinstance(item, Unknown) and item.several for column in columns for item in column):
        unknown = Unknown("the items of zip(…)", several=True)
        return interpreter.box([unknown])
    if keywords.get("strict") and len({len(each) for each in columns}) > 1:
        raise interpreter.error(ValueError, "zip() arguments differ in length")
    return interpreter.box(list(zip(*columns)))


def _map(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    from hardango.settings.expressions import single

    function, *iterables = arguments

    def run() -> Value:
        columns = [list(operations.items_of(interpreter, each)) for each in iterables]
        made = []
        for row in zip(*columns):
            interpreter.tick()
            result = interpreter.call(function, [single(item) for item in row], {})
            splice = next(
                (item for item in row if isinstance(item, Unknown) and item.several), None
            )
            if splice is not None:
                result = interpreter.unknown(
                    splice.reason,
                    splice,
                    type=getattr(result, "type", None),
                    subject=splice.subject,
                )
                result.several = True
            made.append(result)
        return interpreter.box(made)

    return lazily(interpreter, run)


def _filter(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    function, iterable = arguments

    def run() -> Value:
        made = interpreter.box([])
        base = interpreter.pc
        for item in operations.items_of(interpreter, iterable):
            interpreter.tick()
            if isinstance(item, Unknown) and item.several:
                from hardango.settings.expressions import some_of

                test, item = interpreter.space.true, some_of(interpreter, item)
            else:
                test = interpreter.truth(
                    item if function is None else interpreter.call(function, [item], {})
                )
            interpreter.pc = base & test
            if interpreter.pc.possible:
                interpreter.change(made, partial(_append, item))
            interpreter.pc = base
        return made

    return lazily(interpreter, run)


def _append(item: Value, content: list[Value]) -> None:
    content.append(item)


def _next(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    def take(content: list[Value]) -> Value:
        if not content:
            if len(arguments) > 1:
                return arguments[1]
            raise interpreter.error(StopIteration)
        if isinstance(content[0], Unknown) and content[0].several:
            first = content[0]
            return interpreter.unknown(f"the first of {first.subject}", first, type=first.type)
        return content.pop(0)

    def one(value: Value) -> Value:
        if isinstance(value, Box) and value.type_name == "iterator":
            fill_partly(interpreter, value)
            return interpreter.change(value, take)
        if isinstance(value, (Box, tuple, str)):
            raise interpreter.error(TypeError, "object is not an iterator")
        return take(list(operations.items_of(interpreter, value)))

    return interpreter.each(arguments[0], one)


def _iter(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    if len(arguments) > 1:  # a function, called until it gives the second argument
        hand_over(interpreter, "iter()", arguments)
        unknown = Unknown(f"what iter(…) gives{interpreter.here()}", several=True)
        return operations.iterator_of(interpreter, [unknown])

    def one(value: Value) -> Value:
        if isinstance(value, Box) and value.type_name == "iterator":
            return value
        return operations.each_items(
            interpreter, value, lambda items: operations.iterator_of(interpreter, items)
        )

    return interpreter.each(arguments[0], one)


def _open(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    from hardango.settings.files import open_file

    mode = arguments[1] if len(arguments) > 1 else keywords.get("mode", "r")
    path = arguments[0] if arguments else keywords.get("file", Unknown("a file"))
    return interpreter.each(path, lambda path: open_file(interpreter, path, mode))


def _import(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    from hardango.settings.imports import import_module

    def one(name: Value) -> Value:
        if not isinstance(name, str):
            return interpreter.unknown("__import__(…)", name, type="module")
        module = import_module(interpreter, name)
        wanted = keywords.get("fromlist", arguments[3] if len(arguments) > 3 else None)
        return module if wanted is not None else import_module(interpreter, name.partition(".")[0])

    return interpreter.each(arguments[0], one)


def _id(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    return Unknown("the address of an object", "int")


def _pow(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    if len(arguments) == 2:
        return operations.binary(interpreter, ast.Pow, *arguments)
    return interpreter.pure("pow", pow, arguments)


def _format(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    from hardango.settings.methods import _has_wide_field

    def run(value: Any, spec: str = "") -> str:
        if _has_wide_field("{:" + spec):
            raise Stopped("because a text grows without bound")
        return format(value, spec)

    return interpreter.pure("format", run, arguments, type="str")


def _exit(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    raise interpreter.error(SystemExit, *arguments)


def _pure(name: str, native: Callable[..., Any], type: str | None = None) -> Native:
    return Native(
        name,
        lambda interpreter, arguments, keywords: interpreter.pure(
            name, native, arguments, keywords, type=type
        ),
    )


def _round(number: Any, digits: Any = None) -> Any:
    if isinstance(digits, int) and abs(digits) > 1000:
        raise Stopped("because a number grows without bound")
    return round(number, digits)


def _table() -> dict[str, Value]:
    import builtins

    table: dict[str, Value] = {
        name: value
        for name, value in vars(builtins).items()
        if isinstance(value, type) and issubclass(value, BaseException)
    }
    table |= {cls.__name__: cls for cls in CONSTRUCTORS}
    table |= {
        "True": True,
        "False": False,
        "None": None,
        "Ellipsis": ...,
        "NotImplemented": NotImplemented,
        "__debug__": True,
    }
    for name, run in {
        "len": _len,
        "isinstance": _isinstance,
        "issubclass": _issubclass,
        "getattr": _getattr,
        "hasattr": _hasattr,
        "setattr": _setattr,
        "delattr": _delattr,
        "globals": _globals,
        "locals": _locals,
        "vars": _vars,
        "dir": _dir,
        "super": _super,
        "callable": _callable,
        "print": _print,
        "any": _any_all(True),
        "all": _any_all(False),
        "sum": _sum,
        "min": _min_max("min", min),
        "max": _min_max("max", max),
        "sorted": _sorted,
        "reversed": _reversed,
        "enumerate": _enumerate,
        "zip": _zip,
        "map": _map,
        "filter": _filter,
        "next": _next,
        "iter": _iter,
        "open": _open,
        "exec": _execution("run_code"),
        "compile": _execution("compile_code"),
        "eval": _execution("evaluate_code"),
        "__import__": _import,
        "id": _id,
        "pow": _pow,
        "format": _format,
        "exit": _exit,
        "quit": _exit,
    }.items():
        table[name] = Native(name, run)
    table |= {
        "abs": _pure("abs", abs),
        "round": _pure("round", _round),
        "divmod": _pure("divmod", divmod),
        "ord": _pure("ord", ord, "int"),
        "chr": _pure("chr", chr, "str"),
        "repr": _pure("repr", repr, "str"),
        "ascii": _pure("ascii", ascii, "str"),
        "hex": _pure("hex", hex, "str"),
        "oct": _pure("oct", oct, "str"),
        "bin": _pure("bin", bin, "str"),
        "hash": _pure(
            "hash", lambda value: hash(value) if not isinstance(value, (str, bytes)) else 0
        ),
    }
    table["input"] = Native(
        "input", lambda interpreter, arguments, keywords: Unknown("typed at a terminal", "str")
    )
    # A name that Python has and no model is not known, and no NameError.
    for name in vars(builtins).keys() - table.keys():
        if not name.startswith("_"):
            table[name] = Unknown(name, subject=name)
    return table


BUILTINS = _table()
