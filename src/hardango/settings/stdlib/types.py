"""`typing`, `types`, `enum`, `dataclasses`, `abc`, `inspect`: annotations do nothing, the rest makes
objects."""

from __future__ import annotations

import ast
import collections.abc
from collections.abc import Callable

from hardango.settings.classes import linearize
from hardango.settings.conditions import Condition
from hardango.settings.interpreter import Interpreter
from hardango.settings.likeness import short
from hardango.settings.natives import constant
from hardango.settings.objects import class_member, read_scope, try_attribute
from hardango.settings.operations import compare, equal, items_of, pairs_of
from hardango.settings.outcomes import Unknown
from hardango.settings.values import (
    ANYWHERE,
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
    Scope,
    Thing,
    Value,
)

Arguments = list[Value]
Keywords = dict[str, Value]
Names = dict[str, Value]

MEMBERS = "__members__"


def same(name: str) -> Native:
    """A decorator that gives back what it gets."""
    return Native(name, lambda interpreter, arguments, keywords: arguments[0])


# -- typing ----------------------------------------------------------------------------------------

FORMS = (
    "Any Optional Union Literal Final ClassVar Annotated Generic Protocol TypeVar ParamSpec "
    "TypeAlias NoReturn Never Self TypeGuard Concatenate Required NotRequired Unpack AnyStr "
    "SupportsInt SupportsFloat LiteralString TypeVarTuple ReadOnly"
).split()
NATIVE_TYPES: Names = {
    "List": list,
    "Dict": dict,
    "Tuple": tuple,
    "Set": set,
    "FrozenSet": frozenset,
    "Type": type,
    "Text": str,
    **{
        name: getattr(collections.abc, name)
        for name in (
            "Mapping MutableMapping Sequence MutableSequence Iterable Iterator Collection "
            "Callable Hashable Sized Container Generator Awaitable Coroutine MutableSet Set "
            "Reversible"
        ).split()
        if name != "Set"
    },
    "AbstractSet": collections.abc.Set,
}


def _form(name: str) -> Thing:
    """A special form: whatever is done to it while the settings are read, it is a type."""

    def again(interpreter: Interpreter, *_: Value) -> Value:
        return made

    made = Thing(f"typing.{name}", call=again, item=again)
    made.attributes["__or__"] = Native("__or__", again)
    return made


def _cast(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    return arguments[1] if len(arguments) > 1 else keywords.get("val")


def _new_type(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    return same(short(arguments[0]))


def _typed_dict(
    interpreter: Interpreter, cls: Class, arguments: Arguments, keywords: Keywords
) -> Value:
    return interpreter.call(dict, arguments, keywords)


def _typing(interpreter: Interpreter) -> Names:
    decorators = "final overload override no_type_check runtime_checkable runtime".split()
    return {
        **{name: _form(name) for name in FORMS},
        **NATIVE_TYPES,
        "OrderedDict": dict,
        "DefaultDict": dict,
        "TYPE_CHECKING": False,
        "cast": Native("typing.cast", _cast),
        "assert_type": same("typing.assert_type"),
        "NewType": Native("typing.NewType", _new_type),
        "TypedDict": Thing("typing.TypedDict", construct=_typed_dict, call=_typed_dict_call),
        "NamedTuple": Thing("typing.NamedTuple", construct=_named_tuple),
        **{name: same(f"typing.{name}") for name in decorators},
    }


def _typed_dict_call(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    return dict


# -- fields in order: named tuples and dataclasses ---------------------------------------------------


def fields_of(cls: Class) -> list[str]:
    """The annotated names of a class and its bases in the order in which a call takes them."""
    names: list[str] = []
    for each in reversed(cls.mro):
        if isinstance(each, Class):
            names += [
                name
                for name, annotation, _ in each.fields
                if name not in names and not _is_class_variable(annotation)
            ]
    return names


def _is_class_variable(annotation: ast.expr) -> bool:
    text = ast.unparse(annotation) if not isinstance(annotation, ast.Constant) else annotation.value
    return str(text).removeprefix("typing.").startswith("ClassVar")


def _named_tuple(
    interpreter: Interpreter, cls: Class, arguments: Arguments, keywords: Keywords
) -> Value:
    defaults = {name: class_member(interpreter, cls, name) for name in fields_of(cls)}
    return named_tuple(interpreter, cls, fields_of(cls), defaults, arguments, keywords)


def named_tuple(
    interpreter: Interpreter,
    cls: Class,
    names: list[str],
    defaults: Names,
    arguments: Arguments,
    keywords: Keywords,
) -> Value:
    """An instance of a named tuple: a tuple whose items have names, too."""
    given = {**dict(zip(names, arguments)), **keywords}
    if len(arguments) > len(names) or any(name not in names for name in keywords):
        raise interpreter.error(TypeError, f"{cls.name}() got unexpected arguments")
    items = []
    for name in names:
        item = given.get(name, defaults.get(name, MISSING))
        if item is MISSING:
            raise interpreter.error(TypeError, f"{cls.name}() missing argument: {name!r}")
        items.append(item)
    made = Instance(cls, tuple(items))

    def replace(interpreter: Interpreter, _: Arguments, new: Keywords) -> Value:
        return named_tuple(interpreter, cls, names, {}, [], {**dict(zip(names, items)), **new})

    own: Names = {
        **dict(zip(names, items)),
        "_fields": tuple(names),
        "_asdict": Native("_asdict", lambda *_: interpreter.box(dict(zip(names, items)))),
        "_replace": Native("_replace", replace),
    }
    for name, item in own.items():
        made.scope.bind(name, item, interpreter.space.true)
    return made


def _field(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    return Thing("dataclasses.field", state=keywords)


def _dataclass(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    def decorate(cls: Value) -> Value:
        if isinstance(cls, Class):
            cls.keywords["dataclass"] = True
            if not isinstance(read_scope(interpreter, cls.scope, "__init__"), Function):
                cls.scope.bind("__init__", Native("__init__", _initialise), interpreter.space.true)
            if (
                keywords.get("eq") is not False
                and read_scope(interpreter, cls.scope, "__eq__") is MISSING
            ):
                cls.scope.bind("__eq__", Native("__eq__", _same_fields), interpreter.space.true)
        return cls

    if arguments:
        return decorate(arguments[0])
    return Native("dataclass", lambda interpreter, arguments, keywords: decorate(arguments[0]))


def _same_fields(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    """The `__eq__` of a dataclass."""
    one, other = arguments
    if not isinstance(other, Instance) or other.cls is not one.cls:
        return NotImplemented
    found = interpreter.space.true
    for name in fields_of(one.cls):
        member = class_member(interpreter, one.cls, name)
        if isinstance(member, Thing) and (member.state or {}).get("compare") is False:
            continue
        mine, its = (try_attribute(interpreter, each, name) for each in arguments)
        found = found & interpreter.truth(compare(interpreter, ast.Eq, mine, its))
    return interpreter.resolve(interpreter.merge([(found, True), (~found, False)]))


def _initialise(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    """The `__init__` of a dataclass."""
    instance, *rest = arguments
    names = fields_of(instance.cls)
    members = {name: class_member(interpreter, instance.cls, name) for name in names}
    options = {
        name: member.state
        for name, member in members.items()
        if isinstance(member, Thing) and member.name == "dataclasses.field"
    }
    taken = [name for name in names if options.get(name, {}).get("init") is not False]
    if len(rest) > len(taken) or any(name not in taken for name in keywords if name != "**"):
        raise interpreter.error(TypeError, f"{instance.cls.name}() got unexpected arguments")
    given = {**dict(zip(taken, rest)), **keywords}
    for name in names:
        value = given.get(name, MISSING)
        if value is MISSING:
            value = members[name]
            if name in options:
                value = _field_default(interpreter, options[name])
        if value is MISSING:
            if "**" not in keywords:
                raise interpreter.error(
                    TypeError, f"{instance.cls.name}() missing 1 required argument: {name!r}"
                )
            value = interpreter.unknown(f"the argument {name}", keywords["**"])
        instance.scope.bind(name, value, interpreter.pc)
    after = class_member(interpreter, instance.cls, "__post_init__")
    if after is not MISSING:
        interpreter.call(Bound(after, instance), [], {})
    return None


def _field_default(interpreter: Interpreter, options: Keywords) -> Value:
    factory = options.get("default_factory", MISSING)
    if factory is not MISSING:
        return interpreter.call(factory, [], {})
    return options.get("default", MISSING)


def _as_dict(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    """`dataclasses.asdict`: a dict of the fields, inner dataclasses and containers likewise."""

    def convert(value: Value, depth: int = 0) -> Value:
        if depth > 20:
            return interpreter.unknown("nested too deeply", value)
        if isinstance(value, Instance) and value.cls.keywords.get("dataclass"):
            names = fields_of(value.cls)
            return interpreter.box(
                {name: inner(try_attribute(interpreter, value, name), depth) for name in names}
            )
        if isinstance(value, Box) and value.kind is list:
            return interpreter.with_content(
                value, lambda content: interpreter.box([inner(item, depth) for item in content])
            )
        if isinstance(value, Box) and value.kind is dict:
            return interpreter.with_content(
                value,
                lambda content: interpreter.box(
                    {key: inner(item, depth) for key, item in content.items()}
                ),
            )
        if isinstance(value, tuple):
            return tuple(inner(item, depth) for item in value)
        return value

    def inner(value: Value, depth: int) -> Value:
        return interpreter.each(value, lambda one: convert(one, depth + 1))

    return interpreter.each(arguments[0], convert)


def _replace(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    def one(value: Value) -> Value:
        if not isinstance(value, Instance):
            return interpreter.unknown("dataclasses.replace(…)", value)
        known = {name: try_attribute(interpreter, value, name) for name in fields_of(value.cls)}
        return interpreter.call(value.cls, [], {**known, **keywords})

    return interpreter.each(arguments[0], one)


def _fields(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    def one(value: Value) -> Value:
        cls = value.cls if isinstance(value, Instance) else value
        if not isinstance(cls, Class):
            return interpreter.unknown("dataclasses.fields(…)", value)
        return tuple(Thing("a field", {"name": name}) for name in fields_of(cls))

    return interpreter.each(arguments[0], one)


def _is_dataclass(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    value = interpreter.resolve(arguments[0])
    cls = value.cls if isinstance(value, Instance) else value
    if isinstance(cls, Unknown):
        return interpreter.unknown("is_dataclass(…)", cls, type="bool")
    return isinstance(cls, Class) and any(
        isinstance(each, Class) and each.keywords.get("dataclass") for each in cls.mro
    )


def _dataclasses(interpreter: Interpreter) -> Names:
    return {
        "dataclass": Native("dataclasses.dataclass", _dataclass),
        "field": Native("dataclasses.field", _field),
        "fields": Native("dataclasses.fields", _fields),
        "asdict": Native("dataclasses.asdict", _as_dict),
        "replace": Native("dataclasses.replace", _replace),
        "is_dataclass": Native("dataclasses.is_dataclass", _is_dataclass),
        "InitVar": _form("InitVar"),
        "KW_ONLY": _form("KW_ONLY"),
        "FrozenInstanceError": AttributeError,
        "MISSING": Thing("dataclasses.MISSING"),
    }


# -- enum --------------------------------------------------------------------------------------------


def _members(interpreter: Interpreter, cls: Class) -> dict[str, Instance]:
    """The members of an enumeration, made when it is first asked for one."""
    return dict(interpreter.content(cls.keywords[MEMBERS])) if MEMBERS in cls.keywords else {}


def _derive_enum(interpreter: Interpreter, cls: Class) -> None:
    """What the body of an enumeration sets becomes its members."""
    members: dict[str, Instance] = {}
    mixed_in = next(
        (each for each in cls.mro if isinstance(each, type) and each is not object), None
    )
    kinds = {each.name for each in cls.mro if isinstance(each, Thing)}
    numbers: list[int] = []
    for name in list(cls.scope.names):
        value = read_scope(interpreter, cls.scope, name)
        if name.startswith("_") or isinstance(value, (Function, Native, Descriptor, Class)):
            continue
        if isinstance(value, Thing) and value.name == "enum.auto":
            value = _automatic(name, kinds, numbers)
        if isinstance(value, int):
            numbers.append(value)
        alias = next(
            (each for each in members.values() if _same_value(interpreter, each, value)), None
        )
        member = alias or _member(interpreter, cls, name, value, mixed_in)
        members[name] = member
        cls.scope.bind(name, member, interpreter.pc)
    if members:
        cls.keywords[MEMBERS] = interpreter.box(dict(members))
        cls.scope.bind(MEMBERS, cls.keywords[MEMBERS], interpreter.pc)


def _derive_choices(interpreter: Interpreter, cls: Class) -> None:
    """Django's `TextChoices` and `IntegerChoices`: `SMALL = "s", "Small"` is a value and what
    people read for it, as is `SMALL = "s"` alone."""
    labels: dict[str, Value] = {}
    for name in list(cls.scope.names):
        value = read_scope(interpreter, cls.scope, name)
        if name.startswith("_") or not isinstance(value, tuple) or len(value) < 2:
            continue
        if isinstance(value[-1], (str, Unknown)):
            labels[name] = value[-1]
            rest = value[0] if len(value) == 2 else value[:-1]
            cls.scope.bind(name, rest, interpreter.pc)
    _derive_enum(interpreter, cls)
    for name, member in _members(interpreter, cls).items():
        label = labels.get(name, name.replace("_", " ").title())
        member.scope.bind("label", label, interpreter.space.true)


def choices(interpreter: Interpreter) -> Names:
    """The enumerations of `django.db.models`."""
    return {
        name: Thing(
            f"enum.{kind}",
            {"__str__": Native("__str__", _enum_text)},
            construct=_find_member,
            derived=_derive_choices,
        )
        for name, kind in {
            "TextChoices": "StrEnum",
            "IntegerChoices": "IntEnum",
            "Choices": "Enum",
        }.items()
    }


def _automatic(name: str, kinds: set[str], numbers: list[int]) -> Value:
    if "enum.StrEnum" in kinds:
        return name.lower()
    if kinds & {"enum.Flag", "enum.IntFlag"}:
        return 1 << max(numbers, default=0).bit_length()
    return max(numbers, default=0) + 1


def _same_value(interpreter: Interpreter, member: Instance, value: Value) -> bool:
    own = read_scope(interpreter, member.scope, "value")
    return equal(interpreter, own, value).certain and type(own) is type(value)


def _member(
    interpreter: Interpreter, cls: Class, name: str, value: Value, mixed_in: type | None
) -> Instance:
    payload = value if mixed_in is not None or _carries(cls) else MISSING
    member = Instance(cls, payload)
    always = interpreter.space.true
    for attribute, item in {
        "name": name,
        "value": value,
        "_name_": name,
        "_value_": value,
    }.items():
        member.scope.bind(attribute, item, always)
    initializer = class_member(interpreter, cls, "__init__")
    if isinstance(initializer, Function):
        arguments = list(value) if isinstance(value, tuple) else [value]
        interpreter.call(Bound(initializer, member), arguments, {})
    return member


def _carries(cls: Class) -> bool:
    """Whether a member is its value: a text of a StrEnum, a number of an IntEnum."""
    kinds = {each.name for each in cls.mro if isinstance(each, Thing)}
    return bool(kinds & {"enum.StrEnum", "enum.IntEnum", "enum.IntFlag"})


def _find_member(
    interpreter: Interpreter, cls: Class, arguments: Arguments, keywords: Keywords
) -> Value:
    """`Environment("production")`: the member with that value, under its condition."""
    wanted = arguments[0] if arguments else keywords.get("value")
    members = list(dict.fromkeys(_members(interpreter, cls).values()))

    def one(value: Value) -> Value:
        if isinstance(value, Instance) and value.cls is cls:
            return value
        found: list[tuple[Condition, Value]] = []
        rest = interpreter.pc
        for member in members:
            own = read_scope(interpreter, member.scope, "value")
            condition = equal(interpreter, value, own) & rest
            if condition.possible:
                found.append((condition, member))
                rest = rest & ~condition
        missing = class_member(interpreter, cls, "_missing_")
        if rest.possible and isinstance(missing, Descriptor):
            base, interpreter.pc = interpreter.pc, rest
            found.append((rest, interpreter.call(missing.function, [cls, value], {})))
            interpreter.pc = base
        elif rest.possible:
            text = f"{short(value)} is not a valid {cls.name}"
            interpreter.fail(rest, Failure(ValueError, (text,)))
        return interpreter.resolve(interpreter.merge(found))

    return interpreter.each(wanted, one)


def _enum_text(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    """`str(member)`: `Environment.PRODUCTION`, but the value itself for StrEnum and IntEnum."""
    member = arguments[0]
    value = read_scope(interpreter, member.scope, "value")
    if _carries(member.cls):
        return interpreter.call(str, [value], {})
    return f"{member.cls.name}.{read_scope(interpreter, member.scope, 'name')}"


def _make_enum(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    return Unknown(f"an enumeration{interpreter.here()}")


def _enum(interpreter: Interpreter) -> Names:
    names = "Enum StrEnum IntEnum Flag IntFlag".split()
    made: Names = {}
    for name in names:
        made[name] = Thing(
            f"enum.{name}",
            {"__str__": Native("__str__", _enum_text)},
            construct=_find_member,
            call=_make_enum,
            derived=_derive_enum,
        )
    return {
        **made,
        "auto": Native("enum.auto", lambda *_: Thing("enum.auto")),
        "unique": same("enum.unique"),
        "EnumMeta": Thing("enum.EnumMeta"),
        "EnumType": Thing("enum.EnumMeta"),
    }


# -- types, abc --------------------------------------------------------------------------------------


def _namespace(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    made = Instance(Class("SimpleNamespace", [], None))
    pairs = [pair for each in arguments for pair in pairs_of(interpreter, each)]
    for name, value in [*pairs, *keywords.items()]:
        if isinstance(name, str) and name != "**":
            made.scope.bind(name, value, interpreter.pc)
        else:
            made.scope.opaque = Unknown("a namespace with names that are not known")
    return made


def _module(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    name = interpreter.resolve(arguments[0] if arguments else keywords.get("name"))
    return Module(name if isinstance(name, str) else "a module", "", interpreter.space.true)


def _of_module(name: str) -> Native:
    from hardango.settings.methods import special_method

    return Native(
        name,
        lambda interpreter, arguments, keywords: special_method(
            interpreter, name, arguments[0], arguments[1:], keywords
        ),
    )


MODULE_TYPE = Thing(
    "types.ModuleType",
    {name: _of_module(name) for name in ("__setattr__", "__delattr__")},
    call=_module,
)


def _new_class(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    bases = list(items_of(interpreter, arguments[1])) if len(arguments) > 1 else []
    cls = Class(short(arguments[0]), bases, None)
    cls.mro = linearize(cls)
    cls.scope.opaque = Unknown(f"a class made by a function{interpreter.here()}")
    return cls


def _types(interpreter: Interpreter) -> Names:
    return {
        "SimpleNamespace": Native("types.SimpleNamespace", _namespace),
        "ModuleType": MODULE_TYPE,
        "MappingProxyType": same("types.MappingProxyType"),
        "new_class": Native("types.new_class", _new_class),
        "NoneType": type(None),
        "EllipsisType": type(...),
    }


def _abc(interpreter: Interpreter) -> Names:
    def abstract_property(interpreter: Interpreter, arguments: Arguments, _: Keywords) -> Value:
        return Descriptor("property", arguments[0])

    return {
        "ABC": Thing("abc.ABC"),
        "ABCMeta": Thing("abc.ABCMeta"),
        "abstractmethod": same("abc.abstractmethod"),
        "abstractproperty": Native("abc.abstractproperty", abstract_property),
    }


# -- inspect -----------------------------------------------------------------------------------------


def _current_frame(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    from hardango.settings.namespaces import scope_mapping

    frame = interpreter.frame
    if frame is None:
        return Unknown("the current frame", ANYWHERE)
    code = Thing("code", {"co_filename": frame.module.file, "co_name": "<module>"})
    return Thing(
        "a frame",
        {
            "f_globals": scope_mapping(frame.module.scope),
            "f_locals": scope_mapping(frame.scope),
            "f_code": code,
            "f_back": Unknown("the frame of the caller", ANYWHERE),
        },
        state=frame.module,
    )


def _file_of(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    def one(value: Value) -> Value:
        if isinstance(value, Thing) and isinstance(value.state, Module):
            return value.state.file
        module = value if isinstance(value, Module) else getattr(value, "module", None)
        if isinstance(module, Module):
            return module.file
        return interpreter.unknown("the file of an object", value, type="str")

    return interpreter.each(arguments[0], one)


def _module_of(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    def one(value: Value) -> Value:
        module = value if isinstance(value, Module) else getattr(value, "module", None)
        return module if isinstance(module, Module) else Unknown("a module", ANYWHERE)

    return interpreter.each(arguments[0], one)


def _is_kind(name: str, *kinds: type) -> Native:
    def run(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        def one(value: Value) -> Value:
            if isinstance(value, Unknown):
                return interpreter.unknown(f"{name}({value.subject})", value, type="bool")
            return isinstance(value, kinds)

        return interpreter.each(arguments[0], one)

    return Native(name, run)


def _getmembers(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    """`inspect.getmembers(object, predicate)`: pairs of name and value, without the names that
    every object has."""
    predicate = keywords.get("predicate", arguments[1] if len(arguments) > 1 else None)
    return interpreter.each(
        arguments[0], lambda owner: _members_of(interpreter, owner, interpreter.resolve(predicate))
    )


def _scopes_of(owner: Value) -> list[Scope]:
    """The namespaces in which the members of an object are bound."""
    own = [owner.scope] if isinstance(owner, (Instance, Class, Module)) else []
    cls = owner.cls if isinstance(owner, Instance) else owner
    bases = cls.mro if isinstance(cls, Class) else []
    return own + [each.scope for each in bases if isinstance(each, Class) and each is not owner]


def _members_of(interpreter: Interpreter, owner: Value, predicate: Value) -> Value:
    from hardango.settings.builtins import member_names

    names, more = member_names(interpreter, owner)
    found = interpreter.box([])

    def add(name: str) -> Value:
        value = interpreter.get(owner, name)
        wanted = interpreter.space.true
        if predicate is not None:
            wanted = interpreter.truth(interpreter.call(predicate, [value], {}))

        def append(content: list[Value]) -> Value:
            content.append((name, value))
            return None

        return interpreter.branch(wanted, lambda: interpreter.change(found, append), lambda: None)

    for name in names:
        there = interpreter.space.false
        for scope in _scopes_of(owner):
            for each in scope.bound(name, interpreter.pc):
                there = there | each.condition
        interpreter.branch(there, lambda name=name: add(name), lambda: None)  # type: ignore[misc]
    if more:
        what = f"the members of {getattr(getattr(owner, 'cls', owner), 'name', 'an object')}"
        interpreter.change(found, lambda content: content.append(Unknown(what, several=True)))
    return found


def _inspect(interpreter: Interpreter) -> Names:
    return {
        "currentframe": Native("inspect.currentframe", _current_frame),
        "stack": constant("inspect.stack", Unknown("the frames of the callers", ANYWHERE)),
        "trace": constant("inspect.trace", Unknown("the frames of a traceback", ANYWHERE)),
        "getmodule": Native("inspect.getmodule", _module_of),
        "getfile": Native("inspect.getfile", _file_of),
        "getsourcefile": Native("inspect.getsourcefile", _file_of),
        "isclass": _is_kind("inspect.isclass", Class, type),
        "ismodule": _is_kind("inspect.ismodule", Module),
        "isfunction": _is_kind("inspect.isfunction", Function),
        "getmembers": Native("inspect.getmembers", _getmembers),
    }


MODULES: dict[str, Callable[[Interpreter], Names]] = {
    "typing": _typing,
    "typing_extensions": _typing,
    "types": _types,
    "enum": _enum,
    "dataclasses": _dataclasses,
    "abc": _abc,
    "inspect": _inspect,
}
