"""django-configurations: settings as classes, with values that read the environment by name.

https://django-configurations.readthedocs.io/. The class that DJANGO_CONFIGURATION names is set
up once its module has run: `settings_of` does what the library's importer does.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable

from hardango.findings import Place
from hardango.light import Any
from hardango.settings import operations
from hardango.settings.classes import instantiate
from hardango.settings.defaults import defaults_of
from hardango.settings.interpreter import Interpreter
from hardango.settings.libraries.django import ImproperlyConfigured
from hardango.settings.objects import bind_member, class_member
from hardango.settings.outcomes import Unknown
from hardango.settings.stdlib.data import literal
from hardango.settings.values import (
    MISSING,
    Alternative,
    Bound,
    Box,
    Class,
    Dead,
    Descriptor,
    Failure,
    Function,
    Instance,
    Module,
    Native,
    Raised,
    Scope,
    Thing,
    Value,
)

Arguments = list[Value]
Keywords = dict[str, Value]
Names = dict[str, Value]

NEVER_INHERITED = {
    "DEFAULT_HASHING_ALGORITHM",
    "DEFAULT_CONTENT_TYPE",
    "FILE_CHARSET",
    "DEFAULT_AUTO_FIELD",
    "PASSWORD_RESET_TIMEOUT_DAYS",
    "DEFAULT_FILE_STORAGE",
    "STATICFILES_STORAGE",
}
"""Settings that a class does not copy from its bases (`ConfigurationBase.__new__`)."""


def is_setting(name: str) -> bool:
    return bool(name) and name == name.upper() and not name.startswith("_")


# -- values ------------------------------------------------------------------------------------------

TYPES = {
    "BooleanValue": "bool",
    "IntegerValue": "int",
    "PositiveIntegerValue": "int",
    "FloatValue": "float",
    "DecimalValue": None,
    "ListValue": "list",
    "TupleValue": "tuple",
    "SetValue": "set",
    "BackendsValue": "list",
    "SingleNestedListValue": "list",
    "SingleNestedTupleValue": "tuple",
    "DictValue": "dict",
    "EmailURLValue": "dict",
    "DatabaseURLValue": "dict",
    "CacheURLValue": "dict",
    "SearchURLValue": "dict",
}
"""The type that each kind of value gives; the others give text."""

KINDS = (
    *TYPES,
    *"Value EmailValue URLValue IPValue RegexValue PathValue SecretValue".split(),
)
URLS = {
    "EmailURLValue": ("EMAIL_URL", "dj_email_url", ""),
    "DatabaseURLValue": ("DATABASE_URL", "dj_database_url", "default"),
    "CacheURLValue": ("CACHE_URL", "django_cache_url", "default"),
    "SearchURLValue": ("SEARCH_URL", "dj_search_url", "default"),
}
"""Values that are URLs: the variable, the library that parses them, the alias in the dict."""

DATABASE_OPTIONS = (
    "engine conn_max_age conn_health_checks disable_server_side_cursors ssl_require test_options"
).split()
COMMON = ("default", "environ", "environ_name", "environ_prefix", "environ_required")


class Reader:
    """A `Value` of a class: the kind, its options, and the program's own class if it has one."""

    __slots__ = ("cls", "default", "environ", "kind", "name", "options", "prefix", "required")

    def __init__(self, kind: str, options: Keywords, cls: Class | None) -> None:
        self.kind, self.cls = kind, cls
        url = URLS.get(kind)
        self.options = options
        self.default = options.get("default")
        self.environ = options.get("environ", True)
        self.name = options.get("environ_name", url[0] if url else None)
        prefix = options.get("environ_prefix", None if url else "DJANGO")
        self.prefix = prefix.removesuffix("_") if isinstance(prefix, str) else prefix
        self.required = bool(options.get("environ_required", False))
        if kind == "SecretValue":
            self.environ = self.required = True


def _value_class(kind: str) -> Thing:
    """A class of `configurations.values`, to call or to derive from."""

    def construct(
        interpreter: Interpreter, cls: Class, arguments: Arguments, keywords: Keywords
    ) -> Value:
        return _make_value(interpreter, kind, cls, arguments, keywords)

    return Thing(
        kind,
        call=lambda interpreter, arguments, keywords: _make_value(
            interpreter, kind, None, arguments, keywords
        ),
        construct=construct,
    )


def _make_value(
    interpreter: Interpreter,
    kind: str,
    cls: Class | None,
    arguments: Arguments,
    keywords: Keywords,
) -> Value:
    """`Value(…)`: read at once if its variable is named, else when its class is set up."""
    options = {**dict(zip(COMMON, arguments)), **keywords}
    late = bool(options.get("late_binding", kind in URLS))
    reader = Reader(kind, options, cls)
    default = interpreter.resolve(reader.default)
    if isinstance(default, Thing) and isinstance(default.state, Reader):
        reader.default = default.state.default
    _default(interpreter, reader)
    named = reader.environ and reader.name is not None
    plain = not reader.environ and interpreter.truth(reader.default).certain
    if not late and (named or plain):
        return read(interpreter, reader, reader.name or "")
    return Thing(
        "a value of django-configurations",
        {"value": reader.default, "default": reader.default},
        truth=lambda interpreter: interpreter.truth(reader.default),
        iterate=lambda interpreter: list(operations.items_of(interpreter, reader.default)),
        item=lambda interpreter, key: operations.get_item(interpreter, reader.default, key),
        export=reader.default,
        state=reader,
    )


def _default(interpreter: Interpreter, reader: Reader) -> None:
    """What the constructors make of the default. Raises Raised(ValueError)."""
    kind, default = reader.kind, reader.default
    if kind == "BooleanValue" and default is None:
        raise interpreter.error(ValueError, "Default value None is not a boolean value")
    if kind == "SecretValue" and default is not None:
        raise interpreter.error(
            ValueError, "Secret values are only allowed to be set as environment variables"
        )
    empty = {"list": list, "tuple": tuple, "set": set, "dict": dict}.get(TYPES.get(kind) or "")
    if kind in URLS:
        reader.default = (
            interpreter.box({})
            if default is None
            else interpreter.each(default, lambda one: _cast(interpreter, reader, one))
        )
    elif empty is not None:
        given = [] if default is None else [default]
        reader.default = interpreter.call(empty, given, {})
        if default is not None and reader.options.get("converter") is not None:
            items = list(operations.items_of(interpreter, reader.default))
            converted = [
                interpreter.call(reader.options["converter"], [item], {}) for item in items
            ]
            reader.default = interpreter.call(empty, [interpreter.box(converted)], {})


def read(interpreter: Interpreter, reader: Reader, name: str) -> Value:
    """`value.setup(name)`: what the environment says, else the default."""
    found = reader.default
    if reader.environ:
        variable = reader.name if isinstance(reader.name, str) else name.upper()
        if reader.prefix:
            variable = f"{reader.prefix}_{variable}"

        def one(text: Value) -> Value:
            if text is not MISSING:
                return _cast(interpreter, reader, text)
            if reader.required:
                raise interpreter.error(
                    ValueError,
                    f"Value {name!r} is required to be set as the environment variable "
                    f"{variable!r}",
                )
            return reader.default

        found = interpreter.each(interpreter.variable(variable), one)
    if reader.kind == "SecretValue":
        _require(interpreter, found, f"Secret value {name!r} is not set")
    if reader.kind == "PathValue":
        found = _path(interpreter, reader, found)
    return found


def _require(interpreter: Interpreter, value: Value, message: str) -> None:
    interpreter.fail(~interpreter.truth(value), Failure(ValueError, (message,)))


def _path(interpreter: Interpreter, reader: Reader, value: Value) -> Value:
    from hardango.settings.imports import import_module

    paths = import_module(interpreter, "os.path")
    value = interpreter.call(interpreter.get(paths, "expanduser"), [value], {})
    if reader.options.get("check_exists", True):
        there = interpreter.call(interpreter.get(paths, "exists"), [value], {})
        _require(interpreter, there, "the path of a PathValue does not exist")
    return interpreter.call(interpreter.get(paths, "abspath"), [value], {})


def _cast(interpreter: Interpreter, reader: Reader, text: Value) -> Value:
    """`value.to_python(text)`. Raises Raised(ValueError)."""
    if reader.cls is not None:
        own = class_member(interpreter, reader.cls, "to_python")
        if isinstance(own, Function):
            holder = Instance(reader.cls)
            return interpreter.call(Bound(own, holder), [text], {})
        caster = class_member(interpreter, reader.cls, "caster")
        if isinstance(caster, (Function, type)):
            return interpreter.call(caster, [text], {})
    if reader.kind in URLS:
        return _parse_url(interpreter, reader, text)
    kind = TYPES.get(reader.kind, "str")
    if isinstance(text, Unknown):
        return _unknown(interpreter, reader, text, kind)
    if reader.kind in SEQUENCES:
        return _sequence(interpreter, reader, text)
    native = CASTS.get(reader.kind)
    return text if native is None else interpreter.pure(reader.kind, native, [text], type=kind)


def _unknown(interpreter: Interpreter, reader: Reader, text: Unknown, kind: str | None) -> Value:
    made = interpreter.unknown(text.reason, text, type=kind, subject=text.subject)
    if reader.kind not in SEQUENCES:
        return made
    made.type, made.several = "str", True
    return (made,) if kind == "tuple" else interpreter.box([made])


def _parse_url(interpreter: Interpreter, reader: Reader, text: Value) -> Value:
    from hardango.settings.imports import import_module

    _, library, alias = URLS[reader.kind]
    parse = interpreter.get(import_module(interpreter, library), "parse")
    options = {
        name: value
        for name, value in reader.options.items()
        if name in DATABASE_OPTIONS and reader.kind == "DatabaseURLValue"
    }
    found = interpreter.call(parse, [text], options)
    if not alias:
        return found
    return interpreter.box({reader.options.get("alias", alias): found})


SEQUENCES = (
    "ListValue TupleValue SetValue BackendsValue SingleNestedListValue SingleNestedTupleValue"
).split()


def _sequence(interpreter: Interpreter, reader: Reader, text: str) -> Value:
    separator = reader.options.get("separator", ",")
    converter = reader.options.get("converter")
    make: Any = {"tuple": tuple, "set": set}.get(TYPES[reader.kind] or "", list)

    def split(text: str) -> Value:
        items: list[Value] = [part.strip() for part in text.strip().split(separator)]
        items = [item for item in items if item]
        if converter is not None:
            items = [interpreter.call(converter, [item], {}) for item in items]
        return interpreter.call(make, [interpreter.box(items)], {})

    if reader.kind.startswith("SingleNested"):
        outer = reader.options.get("seq_separator", ";")
        rows = [part.strip() for part in text.strip().split(outer)]
        inner = interpreter.box([split(row) for row in rows if row])
        return interpreter.call(make, [inner], {})
    return split(text)


def _boolean(text: str) -> bool:
    normal = text.strip().lower()
    if normal in ("yes", "y", "true", "1"):
        return True
    if normal in ("no", "n", "false", "0", ""):
        return False
    raise ValueError(f"Cannot interpret boolean value {text!r}")


def _positive(text: str) -> int:
    number = _number(int)(text)
    if number < 0:
        raise ValueError(f"Cannot interpret value {text!r}")
    return int(number)


def _number(make: Callable[[str], Any]) -> Callable[[str], Any]:
    def cast(text: str) -> Any:
        try:
            return make(text)
        except (TypeError, ValueError, ArithmeticError):
            raise ValueError(f"Cannot interpret value {text!r}") from None

    return cast


def _dict(text: str) -> Any:
    if not text:
        return {}
    try:
        found = literal(text)
    except ValueError:
        found = None
    if not isinstance(found, dict):
        raise ValueError(f"Cannot interpret dict value {text!r}")
    return found


def _decimal(text: str) -> Any:
    import decimal

    if len(text) > 100:
        raise ValueError("a number that is too long")
    return decimal.Decimal(text)


CASTS: dict[str, Callable[[str], Any]] = {
    "BooleanValue": _boolean,
    "IntegerValue": _number(int),
    "PositiveIntegerValue": _positive,
    "FloatValue": _number(float),
    "DecimalValue": _number(_decimal),
    "DictValue": _dict,
}


# -- classes -----------------------------------------------------------------------------------------


def _inherit(interpreter: Interpreter, cls: Class) -> None:
    """What the metaclass does: a class gets a copy of the settings of all its bases, the first
    base's last, so that these win over what the method resolution order would find."""
    copied: dict[str, list[Alternative]] = {}
    for base in reversed(cls.bases):
        found = _settings_of_base(interpreter, base)
        copied |= {name: bound for name, bound in found.items() if name not in NEVER_INHERITED}
    own = cls.scope.names
    own.update({name: list(bound) for name, bound in copied.items() if name not in own})


def _settings_of_base(interpreter: Interpreter, base: Value) -> dict[str, list[Alternative]]:
    found: dict[str, list[Alternative]] = {}
    if isinstance(base, Thing):
        everywhere = interpreter.space.true
        return {
            name: [Alternative(everywhere, base.attributes[name])]
            for name in base.attributes
            if is_setting(name)
        }
    if isinstance(base, Class):
        for each in reversed(base.mro):
            if isinstance(each, Class):
                found |= {name: b for name, b in each.scope.names.items() if is_setting(name)}
    return found


def _pristine(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    return Descriptor("staticmethod", Thing("a pristine method", call=_call_of(arguments[0])))


def _call_of(function: Value) -> Callable[[Interpreter, Arguments, Keywords], Value]:
    return lambda interpreter, arguments, keywords: interpreter.call(function, arguments, keywords)


LINE = re.compile(r"\A([A-Za-z_0-9]+)=(.*)\Z")


def _load_dotenv(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    """`Configuration.pre_setup`: the .env file that DOTENV names, which must be there."""
    cls = arguments[0]
    path = class_member(interpreter, cls, "DOTENV") if isinstance(cls, Class) else MISSING

    def one(path: Value) -> Value:
        if path is MISSING or path is None or path == "":
            return None
        if not (isinstance(path, str) or hasattr(path, "joinpath")):
            interpreter.note("DOTENV names a file that is not known; what it sets is not known")
            return None
        there = interpreter.exists(str(path), "file")
        message = f"Couldn't read .env file with the path {path}"
        interpreter.fail(~there, Failure(ImproperlyConfigured, (message,)))
        _set_from(interpreter, str(path))
        return None

    return interpreter.each(path, one)


def _set_from(interpreter: Interpreter, path: str) -> None:
    text = interpreter.read(path)
    full = interpreter.inside(path)
    if isinstance(text, Unknown) or full is None:
        interpreter.note(f"{os.path.basename(path)} is not in the repository; it sets variables")
        return
    for number, line in enumerate(text.splitlines(), 1):
        match = LINE.match(line)
        if not match:
            continue
        name, value = match.groups()
        if len(value) > 1 and value[0] == value[-1] == "'":
            value = value[1:-1]
        elif len(value) > 1 and value[0] == value[-1] == '"':
            value = re.sub(r"\\(.)", r"\1", value[1:-1])
        place = Place(interpreter.relative(full), number)

        def put(text: Value, name: str = name, value: str = value, place: Place = place) -> None:
            if text is MISSING:
                interpreter.set_variable(name, value, place)

        interpreter.each(interpreter.variable(name), put)


def _base_class(interpreter: Interpreter) -> Thing:
    """`Configuration`: Django's defaults are its attributes."""
    known: Thing | None = interpreter.state.get("configurations.Configuration")
    if known is None:
        nothing = Descriptor("classmethod", Native("post_setup", lambda *_: None))
        defaults = {
            name: interpreter.wrap(value)
            for name, value in defaults_of(interpreter.django).items()
            if name not in NEVER_INHERITED
        }
        known = interpreter.state["configurations.Configuration"] = Thing(
            "configurations.Configuration",
            {
                **defaults,
                "DOTENV": None,
                "DOTENV_LOADED": None,
                "pre_setup": Descriptor("classmethod", Native("pre_setup", _load_dotenv)),
                "load_dotenv": Descriptor("classmethod", Native("load_dotenv", _load_dotenv)),
                "setup": Descriptor("classmethod", Native("setup", _set_up)),
                "post_setup": nothing,
            },
            derived=_inherit,
        )
    return known


# -- setting up --------------------------------------------------------------------------------------


def settings_of(
    interpreter: Interpreter, module: Module, configuration: str | None
) -> Scope | None:
    """The names of the configuration that DJANGO_CONFIGURATION names, as the importer sets them
    on the module; None if the module has no configurations.

    Raises Raised, Dead.
    """
    base = _base_class(interpreter)
    classes = {
        name: each.value
        for name, bound in module.scope.names.items()
        for each in bound
        if isinstance(each.value, Class) and any(one is base for one in each.value.mro)
    }
    if not classes:
        return None
    named = configuration or interpreter.resolve(interpreter.variable("DJANGO_CONFIGURATION"))
    if not isinstance(named, str):
        shown = ", ".join(classes)
        interpreter.note(f"DJANGO_CONFIGURATION is not known; it may be any of {shown}")
        module.scope.opaque = Unknown("the configuration that DJANGO_CONFIGURATION names")
        return None
    cls = classes.get(named)
    if cls is None:
        raise interpreter.error(
            AttributeError, f"Couldn't find configuration {named!r} in module {module.name!r}"
        )
    for step in ("pre_setup", "setup"):
        _call_step(interpreter, cls, step)
    settings = instantiate(interpreter, cls, [], {})
    scope = Scope()
    for name, bound in module.scope.names.items():
        if is_setting(name):
            scope.names[name] = list(bound)
    if isinstance(settings, Instance):
        for name in _names(settings):
            _bind_setting(interpreter, settings, name, scope)
    _call_step(interpreter, cls, "post_setup")
    return scope


def _call_step(interpreter: Interpreter, cls: Class, step: str) -> None:
    """A base that is not known, a mix-in of some library, leaves the steps to the next base."""

    def one(method: Value) -> Value:
        if isinstance(method, Unknown):
            method = bind_member(interpreter, _base_class(interpreter).attributes[step], None, cls)
        return interpreter.call(method, [], {})

    interpreter.each(interpreter.get(cls, step), one)


def _names(settings: Instance) -> list[str]:
    names = set(settings.scope.names)
    for each in settings.cls.mro:
        if isinstance(each, Class):
            names |= set(each.scope.names)
    return sorted(name for name in names if is_setting(name) and not name.startswith("DOTENV"))


def _set_up(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    """`Configuration.setup`: every `Value` of the class becomes what it reads."""
    cls = arguments[0]
    for name in sorted(_settings_of_base(interpreter, cls)):
        _, bound = _bindings(interpreter, cls, name)
        for each in bound:
            value = each.value
            if not (isinstance(value, Thing) and isinstance(value.state, Reader)):
                continue
            reader = value.state

            def put(name: str = name, reader: Reader = reader, each: Alternative = each) -> None:
                _store(interpreter, cls.scope, name, reader, each)

            _under(interpreter, each, put)
    return None


def _store(
    interpreter: Interpreter, scope: Scope, name: str, reader: Reader, origin: Alternative
) -> None:
    """`setup_value`: a URL of a mail server gives several settings."""
    found = read(interpreter, reader, name)
    readings = (*origin.readings, *interpreter.readings)
    if reader.kind == "EmailURLValue":
        for key, value in operations.pairs_of(interpreter, found):
            if isinstance(key, str):
                scope.bind(key, value, interpreter.pc, origin.chain, readings)
    scope.bind(name, found, interpreter.pc, origin.chain, readings)


def _bindings(interpreter: Interpreter, cls: Class, name: str) -> tuple[Scope, list[Alternative]]:
    """The bindings of a setting that hold, of the first class that has it."""
    for each in cls.mro:
        if isinstance(each, Class):
            bound = each.scope.bound(name, interpreter.pc)
            if bound:
                return each.scope, list(bound)
    return cls.scope, []


def _under(interpreter: Interpreter, origin: Alternative, run: Callable[[], None]) -> None:
    """`run` where `origin` holds; what it raises means that the settings do not load."""
    base, place = interpreter.pc, interpreter.place
    interpreter.pc = base & origin.condition
    interpreter.readings, interpreter.trace = [], []
    if origin.chain:
        interpreter.place = origin.chain[-1]
    try:
        if interpreter.pc.possible:
            run()
    except Raised as raised:
        interpreter.sinks[-1].append((interpreter.pc, raised.failure))
    except Dead:
        pass
    interpreter.pc, interpreter.place = base, place


def _bind_setting(interpreter: Interpreter, settings: Instance, name: str, scope: Scope) -> None:
    """One attribute of the configuration as a setting: properties are read, methods called."""
    own = settings.scope.bound(name, interpreter.pc)
    bound = list(own) or _bindings(interpreter, settings.cls, name)[1]

    for each in bound:
        if not each.chain:
            continue  # Django's own default, which nobody changed

        def put(each: Alternative = each) -> None:
            value = each.value
            if isinstance(value, Thing) and isinstance(value.state, Reader):
                return  # its setup has failed
            if not own:
                value = bind_member(interpreter, value, settings, settings.cls)
            if isinstance(value, (Function, Bound, Native)):
                value = interpreter.call(value, [], {})
            value = interpreter.resolve(value)
            if isinstance(value, Thing) and isinstance(value.state, Reader):
                _store(interpreter, scope, name, value.state, each)
                return
            readings = (*each.readings, *interpreter.readings)
            scope.bind(name, value, interpreter.pc, each.chain, readings)

        _under(interpreter, each, put)
    changed = [each for each in bound if not each.chain and _changed(each.value)]
    for each in changed:
        places = tuple(place for _, place in each.value.touched)
        scope.bind(name, each.value, each.condition, places[-1:])


def _changed(value: Value) -> bool:
    """Whether a default was changed in place (`MIDDLEWARE.append` on an inherited list)."""
    return isinstance(value, Box) and bool(value.touched)


def _configurations(interpreter: Interpreter) -> Names:
    return {
        "Configuration": _base_class(interpreter),
        "pristinemethod": Native("pristinemethod", _pristine),
        "setup": Native("configurations.setup", lambda *_: None),
    }


def _values(interpreter: Interpreter) -> Names:
    names: Names = {kind: _value_class(kind) for kind in KINDS}
    for mixin in ("CastingMixin", "ValidationMixin", "MultipleMixin", "DictBackendMixin"):
        names[mixin] = Thing(mixin)
    return names


MODULES: dict[str, Callable[[Interpreter], Names]] = {
    "configurations": _configurations,
    "configurations.values": _values,
    "configurations.base": _configurations,
    "configurations.importer": lambda interpreter: {
        "install": Native("configurations.importer.install", lambda *_: None)
    },
}
