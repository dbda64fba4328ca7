"""pydantic settings: classes whose annotated fields read the environment.

https://docs.pydantic.dev/latest/concepts/pydantic_settings/ and, for `pydantic.BaseSettings`,
version 1: https://docs.pydantic.dev/1.10/usage/settings/. A variable that an uncommitted .env
file sets counts as set.
"""

from __future__ import annotations

import ast
import functools
import json
import os
from collections.abc import Callable

from hardango.light import Any, NamedTuple
from hardango.settings import operations
from hardango.settings.conditions import Condition
from hardango.settings.interpreter import Interpreter
from hardango.settings.libraries.reading import committed
from hardango.settings.natives import constant
from hardango.settings.objects import class_member, read_scope, try_attribute
from hardango.settings.outcomes import Unknown
from hardango.settings.stdlib.functools import _deep_copy
from hardango.settings.stdlib.os import working_directory
from hardango.settings.stdlib.types import MEMBERS, same
from hardango.settings.values import (
    MISSING,
    Bound,
    Box,
    Class,
    Descriptor,
    Failure,
    Frame,
    Function,
    Instance,
    Native,
    Scope,
    Thing,
    Value,
)

Arguments = list[Value]
Keywords = dict[str, Value]
Names = dict[str, Value]


class ValidationError(ValueError):
    """`pydantic.ValidationError`."""


class SettingsError(ValueError):
    """`pydantic_settings.SettingsError`."""


# -- types of fields ---------------------------------------------------------------------------------


class Type(NamedTuple):
    """What an annotation says: `kind`, the types inside, the choices of a Literal, the class."""

    kind: str
    inside: tuple[Type, ...] = ()
    choices: tuple[object, ...] = ()
    cls: Class | None = None

    @property
    def complex(self) -> bool:
        """Whether a text of the environment is read as JSON."""
        return self.kind in ("list", "set", "tuple", "dict", "model") or (
            self.kind in ("optional", "union") and any(each.complex for each in self.inside)
        )


ANY = Type("any")
SCALARS = {
    "str": "str",
    "bool": "bool",
    "int": "int",
    "float": "float",
    "SecretStr": "secret",
    "SecretBytes": "secret",
    "Path": "path",
    "FilePath": "path",
    "DirectoryPath": "path",
    "timedelta": "timedelta",
    "StrictStr": "str",
    "StrictBool": "bool",
    "PositiveInt": "int",
    "NonNegativeInt": "int",
    "EmailStr": "str",
    "Any": "any",
    "object": "any",
}
CONTAINERS = {
    **dict.fromkeys(("list", "List", "Sequence", "Iterable"), "list"),
    **dict.fromkeys(("set", "Set", "frozenset", "FrozenSet"), "set"),
    **dict.fromkeys(("tuple", "Tuple"), "tuple"),
    **dict.fromkeys(("dict", "Dict", "Mapping"), "dict"),
}


def type_of(interpreter: Interpreter, node: ast.expr, cls: Class) -> Type:
    """The type that an annotation means."""
    if isinstance(node, ast.Constant):
        if node.value is None:
            return Type("none")
        if isinstance(node.value, str):
            try:
                return type_of(interpreter, ast.parse(node.value, mode="eval").body, cls)
            except SyntaxError:
                return Type("other")
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return _union([type_of(interpreter, each, cls) for each in (node.left, node.right)])
    if isinstance(node, ast.Subscript):
        return _subscript(interpreter, node, cls)
    if isinstance(node, (ast.Name, ast.Attribute)):
        name = node.id if isinstance(node, ast.Name) else node.attr
        if name in SCALARS:
            return Type(SCALARS[name])
        if name in CONTAINERS:
            return Type(CONTAINERS[name])
        return _named(interpreter, node, cls)
    return Type("other")


def _subscript(interpreter: Interpreter, node: ast.Subscript, cls: Class) -> Type:
    owner = node.value
    name = owner.id if isinstance(owner, ast.Name) else getattr(owner, "attr", "")
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
    if name == "Literal":
        choices = tuple(each.value for each in parts if isinstance(each, ast.Constant))
        return Type("literal", choices=choices)
    if name == "Annotated":
        plain = any("NoDecode" in ast.unparse(each) for each in parts[1:])
        found = type_of(interpreter, parts[0], cls)
        return Type("other") if plain and found.complex else found
    inside = [type_of(interpreter, each, cls) for each in parts if not _is_dots(each)]
    if name == "Optional":
        return _union([*inside, Type("none")])
    if name == "Union":
        return _union(inside)
    if name in ("ClassVar", "Final", "Required"):
        return Type("class variable") if name == "ClassVar" else inside[0]
    if name in CONTAINERS:
        return Type(CONTAINERS[name], tuple(inside))
    return Type("other")


def _is_dots(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is ...


def _union(options: list[Type]) -> Type:
    kept: list[Type] = []
    for each in options:
        kept += each.inside if each.kind == "union" else [each]
    plain = [each for each in kept if each.kind not in ("none", "optional")]
    plain += [inner for each in kept if each.kind == "optional" for inner in each.inside]
    inner = plain[0] if len(plain) == 1 else Type("union", tuple(plain))
    return Type("optional", (inner,)) if len(plain) < len(kept) or _has_optional(kept) else inner


def _has_optional(options: list[Type]) -> bool:
    return any(each.kind == "optional" for each in options)


def _named(interpreter: Interpreter, node: ast.expr, cls: Class) -> Type:
    """A name of the module: an enumeration, a model, or an alias of something."""
    from hardango.settings.expressions import evaluate

    if cls.module is None:
        return Type("other")
    frame = Frame(Scope(cls.module.scope), cls.module)
    sink: list[Any] = []
    interpreter.sinks.append(sink)
    base = interpreter.pc
    try:
        found = interpreter.resolve(evaluate(interpreter, node, frame))
    except Exception:  # a name that is not there, or that only type checkers see
        return Type("other")
    finally:
        interpreter.sinks.pop()
        interpreter.pc = base
    if isinstance(found, Class):
        return Type("enum" if MEMBERS in found.keywords else "model", cls=found)
    if isinstance(found, type) and found.__name__ in {**SCALARS, **CONTAINERS}:
        name = found.__name__
        return Type(SCALARS.get(name) or CONTAINERS[name])
    return Type("other")


# -- texts and data as values of a type ----------------------------------------------------------------

TRUE = frozenset(("1", "on", "t", "true", "y", "yes"))
FALSE = frozenset(("0", "off", "f", "false", "n", "no"))


class NotModelled(Exception):
    """A conversion whose result is not known here."""


def coerce(interpreter: Interpreter, kind: Type, value: Any) -> Value:
    """Native data as pydantic's lax mode converts it. Raises ValueError, NotModelled."""
    if kind.kind in ("any", "none"):
        return interpreter.wrap(value)
    if kind.kind == "optional":
        return None if value is None else coerce(interpreter, kind.inside[0], value)
    if kind.kind == "union":
        return _coerce_union(interpreter, kind, value)
    if kind.kind == "literal":
        if not any(value == each and type(value) is type(each) for each in kind.choices):
            raise ValueError(f"Input should be one of {kind.choices}")
        return value
    if kind.kind == "enum":
        assert kind.cls is not None
        return _coerce_enum(interpreter, kind.cls, value)
    if kind.kind == "model":
        assert kind.cls is not None
        if not isinstance(value, dict):
            raise ValueError("Input should be a dictionary")
        return build(interpreter, kind.cls, {}, value)
    if kind.kind in ("list", "set", "tuple", "dict"):
        return _coerce_container(interpreter, kind, value)
    return _coerce_scalar(interpreter, kind.kind, value)


def _coerce_enum(interpreter: Interpreter, cls: Class, value: Any) -> Value:
    for member in interpreter.content(cls.keywords[MEMBERS]).values():
        own = read_scope(interpreter, member.scope, "value")
        if own == value or (isinstance(own, int) and str(own) == value):
            return member
    raise ValueError(f"Input should be a member of {cls.name}")


def _coerce_union(interpreter: Interpreter, kind: Type, value: Any) -> Value:
    exact = {"str": str, "bool": bool, "int": int, "float": float, "list": list, "dict": dict}
    for each in kind.inside:
        if type(value) is exact.get(each.kind):
            return coerce(interpreter, each, value)
    for each in kind.inside:
        try:
            return coerce(interpreter, each, value)
        except ValueError:
            continue
    raise ValueError("Input matches no type of the union")


def _coerce_container(interpreter: Interpreter, kind: Type, value: Any) -> Value:
    inner = kind.inside or (ANY,)
    if kind.kind == "dict":
        if not isinstance(value, dict):
            raise ValueError("Input should be a valid dictionary")
        of = kind.inside[1] if len(kind.inside) > 1 else ANY
        return interpreter.box({k: coerce(interpreter, of, v) for k, v in value.items()})
    if not isinstance(value, (list, tuple, set)):
        raise ValueError(f"Input should be a valid {kind.kind}")
    if kind.kind == "tuple" and len(inner) > 1:
        if len(inner) != len(value):
            raise ValueError("Tuple has the wrong number of items")
        return tuple(coerce(interpreter, of, item) for of, item in zip(inner, value))
    items = [coerce(interpreter, inner[0], item) for item in value]
    if kind.kind == "tuple":
        return tuple(items)
    return interpreter.box(set(items) if kind.kind == "set" else items)


def _coerce_scalar(interpreter: Interpreter, kind: str, value: Any) -> Value:
    if kind in ("str", "secret"):
        if not isinstance(value, str):
            raise ValueError("Input should be a valid string")
        return secret(interpreter, value) if kind == "secret" else value
    if kind == "bool":
        if isinstance(value, str) and value.lower() in TRUE | FALSE:
            return value.lower() in TRUE
        if value in (0, 1) and not isinstance(value, str):
            return bool(value)
        raise ValueError("Input should be a valid boolean")
    if kind == "int":
        number = float(value) if isinstance(value, str) and "." in value else value
        if isinstance(number, float):
            if not number.is_integer():
                raise ValueError("Input should be a valid integer")
        return int(number)
    if kind == "float":
        return float(value)
    if kind == "path":
        from hardango.settings.paths import PurePosixPath

        return PurePosixPath(str(value))
    if kind == "timedelta":
        import datetime

        if isinstance(value, str) and value.strip().isdigit():
            return datetime.timedelta(seconds=int(value))
        if isinstance(value, (int, float)):
            return datetime.timedelta(seconds=value)
    raise NotModelled


def secret(interpreter: Interpreter, value: Value) -> Thing:
    """A `SecretStr`: its text is only had by asking for it."""
    if isinstance(value, str):
        interpreter.secrets.append(value)
    return Thing(
        "a secret of pydantic",
        {"get_secret_value": constant("get_secret_value", value)},
        export="**********",
        state=value,
    )


def from_text(interpreter: Interpreter, kind: Type, text: Value, name: str) -> Value:
    """A text of the environment as a value of a type. Raises Raised(ValidationError)."""

    def one(text: Value) -> Value:
        if isinstance(text, Unknown):
            return from_unknown(interpreter, kind, text)
        if not isinstance(text, str):
            return text
        try:
            data: Any = text
            if kind.complex:
                try:
                    data = json.loads(text)
                except ValueError:
                    if kind.kind not in ("union", "optional"):
                        raise interpreter.error(
                            SettingsError, f'error parsing value for field "{name}"'
                        ) from None
            return coerce(interpreter, kind, data)
        except NotModelled:
            return interpreter.unknown(f"what pydantic makes of {name}", text)
        except (ValueError, TypeError, OverflowError) as problem:
            raise interpreter.error(ValidationError, f"{name}: {problem}") from None

    return interpreter.each(text, one)


def from_unknown(interpreter: Interpreter, kind: Type, text: Unknown) -> Value:
    """A text that is not known as a value of a type: what is known is the type."""
    if kind.kind == "optional":
        return from_unknown(interpreter, kind.inside[0], text)
    if kind.kind == "secret":
        return secret(interpreter, text)
    if kind.kind == "literal":
        return _choose(interpreter, text, [(each, each) for each in kind.choices])
    if kind.kind == "enum" and kind.cls is not None:
        members = interpreter.content(kind.cls.keywords[MEMBERS]).values()
        return _choose(
            interpreter,
            text,
            [(read_scope(interpreter, each.scope, "value"), each) for each in members],
        )
    if kind.kind == "model" and kind.cls is not None:
        made = Instance(kind.cls)
        for field in fields_of(interpreter, kind.cls):
            part = interpreter.unknown(
                f"{field.name} in {text.reason}", text, subject=f"{field.name} in {text.subject}"
            )
            made.scope.bind(field.name, from_unknown(interpreter, field.type, part), interpreter.pc)
        return made
    types = {"path": None, "any": "str", "str": "str"}
    if kind.kind in ("list", "set", "tuple"):
        inner = kind.inside[0].kind if kind.inside else None
        item = interpreter.unknown(
            text.reason,
            text,
            type=inner if inner in ("str", "int", "bool", "float") else None,
            subject=text.subject,
        )
        item.several = True
        return (item,) if kind.kind == "tuple" else interpreter.box([item])
    wanted = kind.kind if kind.kind in ("bool", "int", "float", "dict") else None
    return interpreter.unknown(
        text.reason, text, type=types.get(kind.kind, wanted), subject=text.subject
    )


def _choose(interpreter: Interpreter, text: Unknown, choices: list[tuple[object, Value]]) -> Value:
    """One of several values, each where the text says so; other texts are not valid."""
    found: list[tuple[Condition, Value]] = []
    rest = interpreter.pc
    for said, value in choices:
        condition = operations.equal(interpreter, text, said) & rest
        if condition.possible:
            found.append((condition, value))
            rest = rest & ~condition
    message = f"{text.subject} is none of the choices"
    interpreter.fail(rest, Failure(ValidationError, (message,)))
    return interpreter.resolve(interpreter.merge(found))


# -- fields and configuration of a class ---------------------------------------------------------------


class Field(NamedTuple):
    """One annotated field: its type, its default (MISSING if required) and its options."""

    name: str
    type: Type
    default: Value
    options: Keywords


def fields_of(interpreter: Interpreter, cls: Class) -> list[Field]:
    found: dict[str, Field] = {}
    for each in reversed(cls.mro):
        if not isinstance(each, Class):
            continue
        for name, annotation, _ in each.fields:
            kind = type_of(interpreter, annotation, each)
            if kind.kind == "class variable" or name == "model_config":
                continue
            default = class_member(interpreter, cls, name)
            options: Keywords = {}
            if isinstance(default, Thing) and default.name == "a field of pydantic":
                options = default.state
                default = options.get("default", MISSING)
            annotated = _annotated_field(interpreter, annotation, each)
            if annotated:
                options = {**annotated, **options}
                default = options.get("default", default) if default is MISSING else default
            found[name] = Field(name, kind, MISSING if default is ... else default, options)
    return list(found.values())


def _annotated_field(interpreter: Interpreter, node: ast.expr, cls: Class) -> Keywords:
    """The options of `Annotated[…, Field(…)]`."""
    from hardango.settings.expressions import evaluate

    if not (isinstance(node, ast.Subscript) and ast.unparse(node.value).endswith("Annotated")):
        return {}
    parts = node.slice.elts if isinstance(node.slice, ast.Tuple) else []
    for part in parts[1:]:
        if isinstance(part, ast.Call) and cls.module is not None:
            value = evaluate(interpreter, part, Frame(Scope(cls.module.scope), cls.module))
            if isinstance(value, Thing) and value.name == "a field of pydantic":
                return dict(value.state)
    return {}


def option(interpreter: Interpreter, cls: Class, name: str, default: Value = None) -> Value:
    """An option of `model_config`, of an inner class `Config`, or of the class statement."""
    for each in cls.mro:
        if not isinstance(each, Class):
            continue
        if name in each.keywords:
            return each.keywords[name]
        config = read_scope(interpreter, each.scope, "model_config")
        if isinstance(config, Box):
            content = interpreter.content(config)
            if name in content:
                return interpreter.resolve(content[name])
        inner = read_scope(interpreter, each.scope, "Config")
        if isinstance(inner, Class):
            found = class_member(interpreter, inner, name)
            if found is not MISSING:
                return interpreter.resolve(found)
    return default


# -- making instances ----------------------------------------------------------------------------------


class Source(NamedTuple):
    """Where the fields of a settings class come from."""

    prefix: str
    delimiter: str
    case_sensitive: bool
    version: int
    dotenv: dict[str, str]
    ignore_empty: bool


def _source(interpreter: Interpreter, cls: Class, keywords: Keywords, version: int) -> Source:
    def text(name: str) -> str:
        found = keywords.get(f"_{name}", option(interpreter, cls, name))
        return found if isinstance(found, str) else ""

    files = keywords.get("_env_file", option(interpreter, cls, "env_file"))
    sensitive = option(interpreter, cls, "case_sensitive", False)
    return Source(
        text("env_prefix"),
        text("env_nested_delimiter"),
        sensitive is True,
        version,
        _dotenv(interpreter, files),
        option(interpreter, cls, "env_ignore_empty", False) is True,
    )


def _dotenv(interpreter: Interpreter, files: Value) -> dict[str, str]:
    """The variables of the committed .env files, the later file's last."""
    from hardango.settings.libraries.dotenv import parse

    files = interpreter.resolve(files)
    if files is None or isinstance(files, Unknown):
        return {}
    single = isinstance(files, str) or hasattr(files, "joinpath")
    found: dict[str, str] = {}
    for file in [files] if single else operations.items_of(interpreter, files):
        path = os.path.join(working_directory(interpreter), str(file))
        if not committed(interpreter, path):
            continue
        text = interpreter.read(path)
        if isinstance(text, str):
            found.update({each.name: each.value for each in parse(text) if each.value is not None})
    return found


def _variable(interpreter: Interpreter, source: Source, name: str) -> Value:
    """The text of a variable, of the environment first, then of .env; MISSING by case."""
    known = name
    if not source.case_sensitive:
        names = [*interpreter.environment.values, *interpreter.variables.names]
        same_name = [each for each in names if each.lower() == name.lower()]
        known = same_name[0] if same_name else name.upper()
    from_file = next(
        (
            value
            for each, value in source.dotenv.items()
            if each == name or (not source.case_sensitive and each.lower() == name.lower())
        ),
        MISSING,
    )

    def one(text: Value) -> Value:
        if text is MISSING or (source.ignore_empty and text == ""):
            return from_file
        return text

    return interpreter.each(interpreter.variable(known), one)


def variables_of(interpreter: Interpreter, source: Source, field: Field) -> list[str]:
    """The names under which a field is looked for, the first one that is set wins."""
    options = field.options
    if source.version == 1:
        given = options.get("env")
    else:
        given = options.get("validation_alias", options.get("alias"))
    if given is None:
        return [source.prefix + field.name]
    if isinstance(given, Thing) and given.name == "AliasChoices":
        return [each for each in given.state if isinstance(each, str)]
    if isinstance(given, str):
        return [given]
    names = list(operations.items_of(interpreter, given)) if isinstance(given, Box) else []
    return [each for each in names if isinstance(each, str)] or [source.prefix + field.name]


def build(
    interpreter: Interpreter, cls: Class, given: Keywords, data: dict[str, Any] | None = None
) -> Instance:
    """An instance of a plain model: from keywords, or from JSON data."""
    made = Instance(cls)
    for field in fields_of(interpreter, cls):
        alias = field.options.get("alias", field.options.get("validation_alias", field.name))
        names = [name for name in (field.name, alias) if isinstance(name, str)]
        value: Value = next((given[name] for name in names if name in given), MISSING)
        if value is MISSING and data is not None:
            native = next((data[name] for name in names if name in data), MISSING)
            value = native if native is MISSING else coerce(interpreter, field.type, native)
        if value is MISSING:
            value = default_of(interpreter, field, 2)
        made.scope.bind(field.name, value, interpreter.pc)
    return made


def default_of(interpreter: Interpreter, field: Field, version: int) -> Value:
    """The default of a field, copied. Raises Raised(ValidationError) if it is required."""
    factory = field.options.get("default_factory")
    if factory is not None:
        return interpreter.call(factory, [], {})
    if field.default is MISSING:
        if version == 1 and field.type.kind == "optional":
            return None
        raise interpreter.error(ValidationError, f"{field.name}: Field required")
    return _deep_copy(interpreter, [field.default], {})


def _settings(version: int) -> Callable[[Interpreter, Class, Arguments, Keywords], Value]:
    def construct(
        interpreter: Interpreter, cls: Class, arguments: Arguments, keywords: Keywords
    ) -> Value:
        source = _source(interpreter, cls, keywords, version)
        made = Instance(cls)
        validators = _validators(interpreter, cls)
        for field in fields_of(interpreter, cls):
            if field.name in keywords:
                value = keywords[field.name]
            else:
                value = _read_field(interpreter, source, field)
            if field.name in validators or "*" in validators:
                value = _validate(interpreter, cls, field, validators, value)
            made.scope.bind(field.name, value, interpreter.pc, (), tuple(interpreter.readings))
        after = validators.get("")
        if after is not None:
            interpreter.call(Bound(after[1], made), [], {})
        return made

    return construct


def _read_field(interpreter: Interpreter, source: Source, field: Field) -> Value:
    names = variables_of(interpreter, source, field)

    def look(index: int) -> Value:
        if index == len(names):
            return _without(interpreter, source, field, names[0])
        return interpreter.each(
            _variable(interpreter, source, names[index]),
            lambda text: (
                look(index + 1)
                if text is MISSING
                else from_text(interpreter, field.type, text, field.name)
            ),
        )

    return look(0)


def _without(interpreter: Interpreter, source: Source, field: Field, name: str) -> Value:
    """A field whose own variable is not set: of a model, variables may set the parts."""
    kind = field.type.inside[0] if field.type.kind == "optional" else field.type
    if kind.kind == "model" and kind.cls is not None and source.delimiter:
        return _nested(interpreter, source, field, kind.cls, name)
    value = default_of(interpreter, field, source.version)
    plain = value if isinstance(value, str) and source.version == 2 else None
    if plain is not None and field.type.kind in ("int", "bool", "float", "secret", "path"):
        return from_text(interpreter, field.type, plain, field.name)
    return value


def _nested(interpreter: Interpreter, source: Source, field: Field, cls: Class, name: str) -> Value:
    """A model whose parts have variables of their own: `PREFIX_DATABASE__HOST`."""
    parts = fields_of(interpreter, cls)
    texts = [
        _variable(interpreter, source, f"{name}{source.delimiter}{part.name}") for part in parts
    ]
    some = interpreter.space.false
    for text in texts:
        some = some | interpreter.truth(interpreter.each(text, lambda one: one is not MISSING))

    def from_part(part: Field, text: Value) -> Value:
        if text is MISSING:
            return default_of(interpreter, part, source.version)
        return from_text(interpreter, part.type, text, f"{field.name}.{part.name}")

    def from_parts() -> Value:
        made = Instance(cls)
        for part, text in zip(parts, texts):
            value = interpreter.each(text, functools.partial(from_part, part))
            made.scope.bind(part.name, value, interpreter.pc)
        return made

    return interpreter.branch(
        some, from_parts, lambda: default_of(interpreter, field, source.version)
    )


# -- validators ----------------------------------------------------------------------------------------


def _validators(interpreter: Interpreter, cls: Class) -> dict[str, tuple[str, Value]]:
    """The functions that change fields, by field; those of the whole model under ""."""
    found: dict[str, tuple[str, Value]] = {}
    for each in reversed(cls.mro):
        if not isinstance(each, Class):
            continue
        for name in each.scope.names:
            value = read_scope(interpreter, each.scope, name)
            if isinstance(value, Thing) and value.name == "a validator of pydantic":
                names, mode, function = value.state
                for field in names or ("",):
                    found[field] = (mode, function)
    return found


def _validate(
    interpreter: Interpreter,
    cls: Class,
    field: Field,
    validators: dict[str, tuple[str, Value]],
    value: Value,
) -> Value:
    mode, function = validators.get(field.name) or validators["*"]
    parameters = len(function.node.args.args) if isinstance(function, Function) else 0
    if mode == "after" and parameters == 2:
        return interpreter.call(Bound(function, cls), [value], {})
    return interpreter.unknown(
        f"what a validator makes of {field.name}", value, subject=f"{field.name}, as validated"
    )


def _field_validator(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    names = tuple(each for each in arguments if isinstance(each, str))
    before = keywords.get("pre") is True
    mode = "before" if before else str(keywords.get("mode", "after"))

    def decorate(interpreter: Interpreter, given: Arguments, _: Keywords) -> Value:
        function = given[0]
        if isinstance(function, Descriptor):
            function = function.function
        return Thing("a validator of pydantic", state=(names, mode, function))

    return Native("validator", decorate)


def _model_validator(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    """A validator of the whole model: one that runs after may change fields; one that runs before
    sees what nobody sets here, so it is passed over, and said."""
    mode = str(keywords.get("mode", "before"))

    def decorate(interpreter: Interpreter, given: Arguments, _: Keywords) -> Value:
        if mode != "after" or not isinstance(given[0], Function):
            interpreter.note("a validator of a whole pydantic model is not followed")
            return given[0]
        return Thing("a validator of pydantic", state=((), mode, given[0]))

    if arguments and isinstance(arguments[0], (Function, Descriptor)):
        return decorate(interpreter, arguments, {})
    return Native("model_validator", decorate)


# -- modules -------------------------------------------------------------------------------------------


def _make_field(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    options = dict(keywords)
    if arguments:
        options["default"] = arguments[0]
    return Thing("a field of pydantic", state=options)


def _dump(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    instance = arguments[0]
    if not isinstance(instance, Instance):
        return interpreter.unknown("model_dump()", instance)
    return interpreter.box(
        {
            field.name: try_attribute(interpreter, instance, field.name)
            for field in fields_of(interpreter, instance.cls)
        }
    )


def _model(name: str, construct: Any) -> Thing:
    dump = Native("model_dump", _dump)
    return Thing(name, {"model_dump": dump, "dict": dump}, construct=construct)


def _plain_model(
    interpreter: Interpreter, cls: Class, arguments: Arguments, keywords: Keywords
) -> Value:
    return build(interpreter, cls, keywords)


def _pydantic(interpreter: Interpreter) -> Names:
    def choices(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        return Thing("AliasChoices", state=arguments)

    def make_secret(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        return secret(interpreter, arguments[0])

    return {
        "BaseModel": _model("pydantic.BaseModel", _plain_model),
        "BaseSettings": _model("pydantic.BaseSettings", _settings(1)),
        "Field": Native("pydantic.Field", _make_field),
        "SecretStr": Native("pydantic.SecretStr", make_secret),
        "AliasChoices": Native("pydantic.AliasChoices", choices),
        "ConfigDict": dict,
        "ValidationError": ValidationError,
        "validator": Native("pydantic.validator", _field_validator),
        "field_validator": Native("pydantic.field_validator", _field_validator),
        "model_validator": Native("pydantic.model_validator", _model_validator),
        "root_validator": Native("pydantic.root_validator", _model_validator),
        "computed_field": Native("pydantic.computed_field", _computed_field),
    }


def _computed_field(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    if not arguments:
        return same("computed_field")
    function = arguments[0]
    return function if isinstance(function, Descriptor) else Descriptor("property", function)


def _pydantic_settings(interpreter: Interpreter) -> Names:
    return {
        "BaseSettings": _model("pydantic_settings.BaseSettings", _settings(2)),
        "SettingsConfigDict": dict,
        "SettingsError": SettingsError,
        "NoDecode": Thing("pydantic_settings.NoDecode"),
    }


MODULES: dict[str, Callable[[Interpreter], Names]] = {
    "pydantic": _pydantic,
    "pydantic.v1": _pydantic,
    "pydantic_settings": _pydantic_settings,
}
