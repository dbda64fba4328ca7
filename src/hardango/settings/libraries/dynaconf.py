"""dynaconf: settings from files by environment and from prefixed variables, over Django's own.

https://www.dynaconf.com/. `DjangoDynaconf(__name__)` at the end of a settings module overrides
what the module has set. What is not modelled (settings files in Python, `@merge`, `@format`,
`@jinja`) becomes unknown, never a claim.
"""

from __future__ import annotations

import json
import os
import posixpath
from collections.abc import Callable

from hardango.findings import Place
from hardango.light import Any, NamedTuple
from hardango.settings import operations
from hardango.settings.conditions import Condition
from hardango.settings.defaults import defaults_of
from hardango.settings.interpreter import Interpreter
from hardango.settings.namespaces import bound_or
from hardango.settings.outcomes import Unknown
from hardango.settings.stdlib.os import working_directory
from hardango.settings.values import (
    MISSING,
    Box,
    Failure,
    Function,
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

DEFAULT_FILES = tuple(
    f"{stem}.{ending}"
    for stem in ("settings", ".secrets")
    for ending in ("py", "toml", "tml", "yaml", "yml", "ini", "conf", "properties", "json")
)
FALSE = frozenset(["", *"f n no off false 0".split()])
TRUE = frozenset("t y yes on true 1".split())


class Options(NamedTuple):
    """How a settings object was made."""

    prefixes: tuple[str, ...]
    switcher: str
    environments: bool
    files: tuple[str, ...]
    directory: str
    file_variable: str
    skip: str = ""


class ValidationError(Exception):
    """`dynaconf.ValidationError`."""


# -- texts of variables --------------------------------------------------------------------------------


def parse_text(text: str) -> Any:
    """What dynaconf makes of a variable's text. Raises NotImplementedError for what changes or
    reads other settings, ValueError for a text that does not fit its marker."""
    if text.strip() in ("True", "False"):
        text = text.lower()
    if "dynaconf_merge" in text:
        raise NotImplementedError
    marker, _, rest = text.partition(" ")
    if not marker.startswith("@"):
        return _toml(text)
    cast = CASTS.get(marker)
    if cast is None:
        if marker in OTHER_MARKERS:
            raise NotImplementedError
        return _toml(text)
    if rest.lstrip().startswith("@"):
        raise NotImplementedError
    return cast(rest)


def _toml(text: str) -> Any:
    import tomllib

    try:
        return tomllib.loads(f"key={text}")["key"]
    except (tomllib.TOMLDecodeError, KeyError):
        return text


def _bool(text: str) -> bool:
    normal = str(text).lower()
    if normal in TRUE:
        return True
    if normal in FALSE:
        return False
    raise NotImplementedError


CASTS: dict[str, Callable[[str], Any]] = {
    "@str": str,
    "@int": int,
    "@float": float,
    "@bool": _bool,
    "@json": json.loads,
    "@none": lambda text: None,
    "@null": lambda text: None,
    "@upper": str.upper,
    "@lower": str.lower,
    "@title": str.title,
    "@strip": str.strip,
    "@split": str.split,
}
OTHER_MARKERS = frozenset(
    "@format @jinja @reset @del @merge @merge_unique @insert @get @read_file @empty @note "
    "@comment @capitalize @lstrip @rstrip @casefold @swapcase".split()
)


def from_variable(interpreter: Interpreter, name: str, default: Callable[[], Value]) -> Value:
    """The setting that a variable gives, `default()` where it is not set."""

    def one(text: Value) -> Value:
        if text is MISSING:
            return default()
        if isinstance(text, Unknown):
            return interpreter.unknown(text.reason, text, subject=text.subject)
        try:
            return interpreter.wrap(parse_text(text))
        except NotImplementedError:
            return Unknown(f"what dynaconf makes of {name}", None, (name,))
        except ValueError as problem:
            raise interpreter.error(ValueError, str(problem)) from None

    return interpreter.each(interpreter.variable(name), one)


# -- files ---------------------------------------------------------------------------------------------


class Found(NamedTuple):
    """What the settings files say: values by upper-case name with their file, and what may
    override anything."""

    values: dict[str, tuple[Value, str]]
    opaque: tuple[tuple[Condition, Unknown], ...]


def read_files(interpreter: Interpreter, options: Options) -> Found:
    """The values of the settings files that are in the project, later files last."""
    values: dict[str, tuple[Value, str]] = {}
    opaque: list[tuple[Condition, Unknown]] = []
    given = interpreter.resolve(interpreter.variable(options.file_variable))
    files = options.files
    always = interpreter.space.true
    if isinstance(given, str):
        files = (*given.replace(";", ",").split(","),)
    elif given is not MISSING:
        reason = f"a settings file that {options.file_variable} names"
        opaque.append((_is_set(interpreter, options.file_variable), Unknown(reason)))
    for name in files:
        for path in _places(interpreter, options, name.strip()):
            if path == options.skip:
                continue
            found = _read_file(interpreter, options, path)
            if isinstance(found, Unknown):
                opaque.append((always, found))
                continue
            values.update({key: (value, path) for key, value in found.items()})
            if options.environments and _depends(interpreter, options.switcher):
                shown = interpreter.relative(path)
                part = Unknown(f"{shown}, of which {options.switcher} says the part")
                opaque.append((_is_set(interpreter, options.switcher), part))
        if not _places(interpreter, options, name.strip()) and posixpath.isabs(name):
            there = interpreter.exists(name, "file")
            if there.possible and there.meets(interpreter.pc):
                opaque.append((there, Unknown(f"{name}, which is not in the repository")))
    return Found(values, tuple(opaque))


def _is_set(interpreter: Interpreter, variable: str) -> Condition:
    return interpreter.truth(
        interpreter.each(interpreter.variable(variable), lambda text: text is not MISSING)
    )


def _depends(interpreter: Interpreter, variable: str) -> bool:
    """Whether a variable may be set to something that is not known."""
    text = interpreter.resolve(interpreter.variable(variable))
    return not (isinstance(text, str) or text is MISSING)


def _places(interpreter: Interpreter, options: Options, name: str) -> list[str]:
    """Where a settings file is found, and the `.local` one beside it."""
    if not name:
        return []
    directories = [options.directory]
    while directories[-1] not in (interpreter.root, "/", ""):
        directories.append(posixpath.dirname(directories[-1]))
    directories.append(working_directory(interpreter))
    for base in directories:
        for directory in (base, posixpath.join(base, "config")):
            path = posixpath.join(directory, name)
            full = interpreter.inside(path)
            if full is not None and os.path.isfile(full):
                stem, dot, ending = path.rpartition(".")
                local = f"{stem}.local{dot}{ending}"
                beside = interpreter.inside(local)
                return [path, *([local] if beside and os.path.isfile(beside) else [])]
    return []


def _read_file(interpreter: Interpreter, options: Options, path: str) -> dict[str, Value] | Unknown:
    shown = interpreter.relative(path)
    text = interpreter.read(path)
    if isinstance(text, Unknown):
        return text
    parse = PARSERS.get(path.rpartition(".")[2])
    if parse is None:
        return Unknown(f"{shown}, which dynaconf runs", subject=shown)
    try:
        data = parse(text)
    except Exception:  # no such data, or no parser for it here
        return Unknown(f"{shown}, which could not be read", subject=shown)
    if not isinstance(data, dict):
        return {}
    if not options.environments:
        return _settings_of(interpreter, data, shown)
    sections = {str(key).lower(): value for key, value in data.items()}
    current = interpreter.resolve(interpreter.variable(options.switcher))
    wanted = [current.lower() if isinstance(current, str) else "development"]
    found: dict[str, Value] = {}
    for section in ("default", *wanted, "global"):
        content = sections.get(section)
        if isinstance(content, dict):
            found |= _settings_of(interpreter, content, shown)
    return found


def _settings_of(interpreter: Interpreter, data: dict[Any, Any], shown: str) -> dict[str, Value]:
    found: dict[str, Value] = {}
    for key, value in data.items():
        name = str(key)
        if "__" in name or _merges(value):
            name = name.partition("__")[0]
            found[name.upper()] = Unknown(f"merged from {shown}", subject=name)
        else:
            found[name.upper()] = interpreter.wrap(value)
    return found


def _merges(value: Any) -> bool:
    """Whether a value asks to be merged, or has a marker that is not followed."""
    if isinstance(value, str):
        return value.startswith("@") or value == "dynaconf_merge"
    if isinstance(value, dict):
        return "dynaconf_merge" in value or any(map(_merges, value.values()))
    return isinstance(value, list) and any(map(_merges, value))


def _parse_toml(text: str) -> Any:
    import tomllib

    return tomllib.loads(text)


def _parse_yaml(text: str) -> Any:
    from hardango.settings.libraries.yaml import load_yaml

    return next(iter(load_yaml(text)), {})


PARSERS: dict[str, Callable[[str], Any]] = {
    "toml": _parse_toml,
    "tml": _parse_toml,
    "json": json.loads,
    "yaml": _parse_yaml,
    "yml": _parse_yaml,
}


# -- settings objects ------------------------------------------------------------------------------------


def options_of(
    interpreter: Interpreter, keywords: Keywords, directory: str, *, django: bool
) -> Options:
    def option(name: str, default: Value) -> Value:
        for key in (name, name.upper(), f"{name.upper()}_FOR_DYNACONF"):
            if key in keywords:
                return interpreter.resolve(keywords[key])
        return default

    prefix = option("envvar_prefix", "DJANGO" if django else "DYNACONF")
    prefixes = tuple(prefix.upper().split(",")) if isinstance(prefix, str) else ()
    files = option("settings_files", option("settings_file", None))
    if isinstance(files, str):
        names = tuple(files.replace(";", ",").split(","))
    elif isinstance(files, (Box, tuple)):
        names = tuple(str(each) for each in operations.items_of(interpreter, files))
    else:
        names = DEFAULT_FILES if django else ()
    names = (*names, *_secrets(interpreter, option("secrets", None)))
    switcher = option("env_switcher", "DJANGO_ENV" if django else "ENV_FOR_DYNACONF")
    variable = option("envvar", "SETTINGS_FILE_FOR_DYNACONF")
    return Options(
        ("DYNACONF", *(each for each in prefixes if each != "DYNACONF")),
        switcher if isinstance(switcher, str) else "ENV_FOR_DYNACONF",
        bool(option("environments", django)),
        names,
        directory,
        variable if isinstance(variable, str) else "SETTINGS_FILE_FOR_DYNACONF",
    )


def _secrets(interpreter: Interpreter, given: Value) -> tuple[str, ...]:
    return (given,) if isinstance(given, str) else ()


def look_up(
    interpreter: Interpreter,
    options: Options,
    found: Found,
    name: str,
    default: Callable[[], Value],
) -> Value:
    """A setting by its upper-case name: of the variables, else of the files, else `default()`."""

    def beneath(index: int = 0) -> Value:
        if index < len(found.opaque):
            condition, file = found.opaque[index]
            return interpreter.branch(
                condition,
                lambda: interpreter.unknown(f"{name} of {file.reason}", file),
                lambda: beneath(index + 1),
            )
        return found.values[name][0] if name in found.values else default()

    def by_prefix(index: int) -> Value:
        if index < 0:
            return beneath()
        variable = f"{options.prefixes[index]}_{name}"
        return from_variable(interpreter, variable, lambda: by_prefix(index - 1))

    return by_prefix(len(options.prefixes) - 1)


def _cast(interpreter: Interpreter, value: Value, cast: Value) -> Value:
    marker = cast if isinstance(cast, str) and cast.startswith("@") else None
    if marker is None:
        return value

    def one(value: Value) -> Value:
        if isinstance(value, Unknown):
            kind = {"@bool": "bool", "@int": "int", "@float": "float", "@str": "str"}.get(marker)
            return interpreter.unknown(value.reason, value, type=kind, subject=value.subject)
        if marker == "@bool" and isinstance(value, bool):
            return value
        if isinstance(value, (str, int, float)) and marker in CASTS:
            return interpreter.pure(marker, CASTS[marker], [str(value)])
        return value

    return interpreter.each(value, one)


def dyna_box(interpreter: Interpreter, value: Value) -> Value:
    """What a settings object gives for a dict or a list: one with a few more attributes."""
    from hardango.settings.methods import copy_box

    if isinstance(value, Box) and value.type_name in ("dict", "list"):
        value = copy_box(interpreter, value)
        value.type_name = "DynaBox" if value.kind is dict else "BoxList"
    return value


def settings_object(interpreter: Interpreter, read: Callable[[str, Value], Value]) -> Thing:
    """An object to read settings from; `read(name, default)`, MISSING for no default."""

    def by_name(key: Value, default: Value) -> Value:
        if not isinstance(key, str):
            return interpreter.unknown("a setting of dynaconf", key, default)
        first, *rest = key.replace("__", ".").split(".")
        value = read(first.upper(), default if not rest else MISSING)
        for part in rest:
            value = interpreter.each(
                value,
                lambda one, part=part: (  # type: ignore[misc]
                    default if one is MISSING else operations.get_item(interpreter, one, part)
                ),
            )
        return value

    def get(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        default = arguments[1] if len(arguments) > 1 else keywords.get("default")
        cast = arguments[2] if len(arguments) > 2 else keywords.get("cast")
        found = _cast(interpreter, by_name(arguments[0], default), cast)
        return interpreter.each(found, lambda one: dyna_box(interpreter, one))

    def attribute(interpreter: Interpreter, name: str) -> Value:
        if name.startswith("_"):
            return MISSING
        if name in ("set", "update", "reload", "validators", "configure", "load_file"):
            return Native(name, lambda *_: None)
        found = read(name.upper(), MISSING)
        return interpreter.each(found, lambda one: dyna_box(interpreter, one))

    def item(interpreter: Interpreter, key: Value) -> Value:
        def one(value: Value) -> Value:
            if value is MISSING:
                raise interpreter.error(KeyError, key)
            return value

        return interpreter.each(by_name(key, MISSING), one)

    def contains(interpreter: Interpreter, key: Value) -> Value:
        return interpreter.each(by_name(key, MISSING), lambda one: one is not MISSING)

    return Thing(
        "dynaconf settings",
        {
            "get": Native("get", get),
            "exists": Native("exists", lambda i, arguments, _: contains(i, arguments[0])),
            "as_bool": Native("as_bool", lambda i, a, k: get(i, [a[0], None, "@bool"], {})),
            "as_int": Native("as_int", lambda i, a, k: get(i, [a[0], None, "@int"], {})),
        },
        attribute=attribute,
        item=item,
        contains=contains,
    )


def _dynaconf(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    """`Dynaconf(…)`, `LazySettings(…)`: read when asked."""
    frame = interpreter.frame
    directory = posixpath.dirname(frame.module.file) if frame else interpreter.root
    options = options_of(interpreter, keywords, directory, django=False)
    found = read_files(interpreter, options)
    own = {name: value for name, value in keywords.items() if name.isupper()}

    def read(name: str, default: Value) -> Value:
        value = look_up(interpreter, options, found, name, lambda: own.get(name, default))
        if name == "CURRENT_ENV":
            return interpreter.unknown("the environment of dynaconf", type="str")
        return value

    return settings_object(interpreter, read)


ACCEPTANCE = "validators"
"""What the fact that a library's validators accept the settings is about."""

# -- Django ----------------------------------------------------------------------------------------------


def _django(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    """`DjangoDynaconf(__name__, …)`: what the module has set so far is the ground; files, then
    variables, then hooks override it, and the module gets the result."""
    frame = interpreter.frame
    assert frame is not None
    own = interpreter.resolve(arguments[0]) if arguments else frame.module.name
    module = interpreter.modules.get(own) if isinstance(own, str) else None
    if not isinstance(module, Module):
        module = frame.module
    scope = module.scope
    options = options_of(interpreter, keywords, posixpath.dirname(module.file), django=True)
    options = options._replace(skip=module.file)
    if interpreter.resolve(keywords.get("load_dotenv", True)) is True:
        _load_dotenv(interpreter, options)
    found = read_files(interpreter, options)
    if not interpreter.closed:
        interpreter.note(
            f"dynaconf: a variable {options.prefixes[-1]}_NAME__KEY may change a part of NAME"
        )
    for name, value in keywords.items():
        if name.isupper() and not name.endswith("_FOR_DYNACONF"):
            scope.bind(name, value, interpreter.pc, _here(interpreter))
    for name, (value, path) in found.values.items():
        place = Place(interpreter.relative(path), 1)
        scope.bind(name, value, interpreter.pc, (*_here(interpreter), place))
    _open_to(interpreter, module, found)
    for name in _candidates(interpreter, options, scope):
        _override(interpreter, options, scope, name)
    _nested_variables(interpreter, options, scope)

    def read(name: str, default: Value) -> Value:
        fallback = defaults_of(interpreter.django).get(name, MISSING)
        ground = interpreter.wrap(fallback) if fallback is not MISSING else default
        return bound_or(interpreter, scope, name, ground)

    settings = settings_object(interpreter, read)
    _run_hooks(interpreter, settings, scope, keywords.get("post_hooks"))
    for name in ("settings", "DYNACONF"):
        scope.bind(name, settings, interpreter.pc)
    if interpreter.resolve(keywords.get("validators")) is not None:
        _may_refuse(interpreter)
    return settings


def _may_refuse(interpreter: Interpreter) -> None:
    """Validators run at the end, and raise if they do not like what they see."""
    accepted = interpreter.space.fact(
        "dynaconf's validators accept the settings",
        "dynaconf's validators refuse the settings",
        about=ACCEPTANCE,
    )
    interpreter.fail(~accepted, Failure(ValueError, ("a validator of dynaconf refuses them",)))


def _load_dotenv(interpreter: Interpreter, options: Options) -> None:
    """The variables of a committed .env file, where they are not set."""
    from hardango.settings.libraries.dotenv import parse

    for path in _places(interpreter, options, ".env")[:1]:
        text = interpreter.read(path)
        for each in parse(text) if isinstance(text, str) else ():
            place = Place(interpreter.relative(path), each.line)

            def put(text: Value, each: Any = each, place: Place = place) -> Value:
                if text is MISSING and each.value is not None:
                    interpreter.set_variable(each.name, each.value, place)
                return None

            interpreter.each(interpreter.variable(each.name), put)


def _here(interpreter: Interpreter) -> tuple[Place, ...]:
    return (interpreter.place,) if interpreter.place else ()


def _candidates(interpreter: Interpreter, options: Options, scope: Scope) -> list[str]:
    """The settings that variables may override."""
    names = {name for name in scope.names if name.isupper()}
    if not interpreter.closed:
        names |= set(defaults_of(interpreter.django))
    for variable in [*interpreter.environment.values, *interpreter.variables.names]:
        for prefix in options.prefixes:
            if variable.startswith(f"{prefix}_"):
                name = variable.removeprefix(f"{prefix}_")
                if name.isupper() and "__" not in name and name != "SETTINGS_MODULE":
                    names.add(name)
    return sorted(names)


def _override(interpreter: Interpreter, options: Options, scope: Scope, name: str) -> None:
    """What variables say of one setting. The general prefix DYNACONF_, which hardly anybody uses
    beside a prefix of the project, counts only where it is known to be set."""
    for prefix in options.prefixes:
        variable = f"{prefix}_{name}"
        own = prefix == options.prefixes[-1]
        if not own and variable not in interpreter.environment.values:
            continue
        base = interpreter.pc
        interpreter.readings = []
        interpreter.pc = base & _is_set(interpreter, variable)
        if interpreter.pc.possible:
            try:
                value = from_variable(interpreter, variable, lambda: None)
                readings = tuple(interpreter.readings)
                scope.bind(name, value, interpreter.pc, _here(interpreter), readings)
            except Raised as raised:
                interpreter.sinks[-1].append((interpreter.pc, raised.failure))
        interpreter.pc = base


def _nested_variables(interpreter: Interpreter, options: Options, scope: Scope) -> None:
    """`DJANGO_DATABASES__default__NAME`: the part of a setting is set, by known variables."""
    for variable in sorted(interpreter.environment.values):
        for prefix in options.prefixes:
            name, separator, path = variable.removeprefix(f"{prefix}_").partition("__")
            if not (variable.startswith(f"{prefix}_") and separator and name.isupper()):
                continue
            value = from_variable(interpreter, variable, lambda: None)
            target = bound_or(interpreter, scope, name, interpreter.box({}))
            if not isinstance(target, Box) or target.kind is not dict:
                value = Unknown(f"changed in part by {variable}", None, (variable,), subject=name)
                scope.bind(name, value, interpreter.pc, _here(interpreter))
                continue
            _put(interpreter, target, path.split("__"), value)
            scope.bind(name, target, interpreter.pc, _here(interpreter))


def _put(interpreter: Interpreter, target: Box, path: list[str], value: Value) -> None:
    """Set a part of nested dicts; a key matches without regard to case, as dynaconf has it."""
    from hardango.settings.methods import read_key

    first, *rest = path
    names = [key for _, content in target.variants for key in content if isinstance(key, str)]
    first = next((key for key in names if key.lower() == first.lower()), first)
    if not rest:
        operations.set_item(interpreter, target, first, value)
        return
    inner = interpreter.resolve(read_key(interpreter, target, first, MISSING))
    if not isinstance(inner, Box) or inner.kind is not dict:
        inner = interpreter.box({})
        operations.set_item(interpreter, target, first, inner)
    _put(interpreter, inner, rest, value)


def _open_to(interpreter: Interpreter, module: Module, found: Found) -> None:
    """What a file that is not known may override."""
    from hardango.settings.statements import import_star
    from hardango.settings.values import Frame

    base = interpreter.pc
    for condition, each in found.opaque:
        interpreter.note(f"dynaconf: {each.reason} can override settings")
        unknown = Unknown(each.reason, "module", subject=each.subject)
        interpreter.pc = base & condition
        if interpreter.pc.possible:
            import_star(interpreter, unknown, Frame(module.scope, module))
    interpreter.pc = base


def _run_hooks(interpreter: Interpreter, settings: Thing, scope: Scope, hooks: Value) -> None:
    """`post_hooks`: each returns a dict of what it changes."""
    hooks = interpreter.resolve(hooks)
    if hooks is None:
        return
    several = isinstance(hooks, (Box, tuple))
    for hook in operations.items_of(interpreter, hooks) if several else [hooks]:
        if not isinstance(hook, Function):
            _havoc(interpreter, scope)
            continue
        given = [settings] if hook.node.args.args else []
        interpreter.each(
            interpreter.call(hook, given, {}),
            lambda changes: _apply(interpreter, settings, scope, changes),
        )


def _havoc(interpreter: Interpreter, scope: Scope) -> None:
    from hardango.settings.objects import havoc_scope

    havoc_scope(interpreter, scope, "a hook of dynaconf may have set it")


def _apply(interpreter: Interpreter, settings: Thing, scope: Scope, changes: Value) -> Value:
    if changes is None:
        return None
    if not isinstance(changes, Box) or changes.kind is not dict:
        _havoc(interpreter, scope)
        return None

    def run(content: dict[Value, Value]) -> Value:
        merge = content.get("dynaconf_merge") is True
        for key, value in content.items():
            if key != "dynaconf_merge" and isinstance(key, str):
                _apply_one(interpreter, settings, scope, key, value, merge)
        return None

    return interpreter.with_content(changes, run)


def _apply_one(
    interpreter: Interpreter, settings: Thing, scope: Scope, key: str, value: Value, merge: bool
) -> None:
    name, *path = key.replace("__", ".").split(".")
    assert settings.attribute is not None
    old = settings.attribute(interpreter, name)

    def changed(before: Value) -> Value:
        if path:
            if not isinstance(before, Box) or before.kind is not dict:
                return Unknown("changed in part by a hook of dynaconf", subject=name)
            _put(interpreter, before, path, value)
            return before
        return _merged(interpreter, before, value, name) if merge else value

    result = interpreter.each(old, changed)
    scope.bind(name.upper(), result, interpreter.pc, _here(interpreter))


def _merged(interpreter: Interpreter, old: Value, new: Value, name: str) -> Value:
    """dynaconf's `object_merge`: lists one after the other, dicts into each other; anything else
    is replaced."""
    if not isinstance(new, Box) or new.kind not in (list, dict):
        return new
    if isinstance(old, Unknown):
        reason = f"{old.reason}, with what a hook of dynaconf adds"
        return Unknown(reason, new.kind.__name__, old.variables, subject=name)
    if not isinstance(old, Box) or old.kind is not new.kind:
        return new
    import ast

    kind = ast.Add if new.kind is list else ast.BitOr
    return operations.binary(interpreter, kind, old, new)


# -- the module ------------------------------------------------------------------------------------------


def _validator(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    """A `Validator`: its checks are not followed; they only refuse settings."""
    made = Thing("a validator of dynaconf", {"messages": interpreter.box({})})
    again = Native("combine", lambda *_: made)
    made.attributes |= {"__or__": again, "__and__": again}
    return made


def _names(interpreter: Interpreter) -> Names:
    lazy = Native("dynaconf.Dynaconf", _dynaconf)
    return {
        "DjangoDynaconf": Native("dynaconf.DjangoDynaconf", _django),
        "Dynaconf": lazy,
        "LazySettings": lazy,
        "Validator": Native("dynaconf.Validator", _validator),
        "ValidationError": ValidationError,
        "post_hook": Native("dynaconf.post_hook", lambda i, arguments, k: arguments[0]),
    }


MODULES: dict[str, Callable[[Interpreter], Names]] = {
    "dynaconf": _names,
    "dynaconf.validator": _names,
}
