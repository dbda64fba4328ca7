"""`configparser`: INI files of the project and those that a deployment adds.

What a parser holds can differ between cases (a file that may be there or not), so it keeps a log
of what was read and set, a `Box`, and each question replays the log with the native parser.
"""

from __future__ import annotations

from collections.abc import Callable

from hardango.light import Any
from hardango.settings import operations
from hardango.settings.files import path_text
from hardango.settings.interpreter import Interpreter
from hardango.settings.natives import constant
from hardango.settings.objects import make_failure
from hardango.settings.outcomes import Unknown
from hardango.settings.values import (
    MISSING,
    Bound,
    Box,
    Class,
    Function,
    Instance,
    Native,
    Stopped,
    Thing,
    Value,
)

Arguments = list[Value]
Keywords = dict[str, Value]
Names = dict[str, Value]

READ, DATA, SET, SECTION, REMOVE_OPTION, REMOVE_SECTION = range(6)
TYPES = {"get": "str", "getint": "int", "getfloat": "float", "getboolean": "bool"}
MAX_EXPANSIONS = 2_000
BOOLEAN_STATES = {
    **dict.fromkeys(("1", "yes", "true", "on"), True),
    **dict.fromkeys(("0", "no", "false", "off"), False),
}


class Parser:
    """One `ConfigParser` of the evaluated program: how it was made, and the log of its changes.

    An entry of the log is (what, arguments); one whose text is not known is an `Unknown`.
    """

    __slots__ = ("keep_case", "log", "options", "raw", "replayed")

    def __init__(self, log: Box, raw: bool, options: dict[str, Any]) -> None:
        self.log, self.raw, self.options = log, raw, options
        self.keep_case = False
        self.replayed: dict[int, tuple[int, Any]] = {}


def _interpolation(name: str | None) -> Any:
    """The native interpolation, with a bound on how much a value may expand."""
    import configparser

    if name is None:
        return None
    base: Any = getattr(configparser, name)

    class Bounded(base):  # type: ignore[misc]
        """Raises Stopped for a value that grows without bound."""

        expansions = 0

        def _interpolate_some(self, *arguments: Any) -> None:
            self.expansions += 1
            if self.expansions > MAX_EXPANSIONS:
                raise Stopped("because a value of a configuration file grows without bound")
            super()._interpolate_some(*arguments)

    return Bounded()


def _native(parser: Parser, content: list[Value]) -> Any:
    """The native parser after everything in the log whose text is known."""
    import configparser

    known = parser.replayed.get(id(content))
    if known is not None and known[0] == len(content):
        return known[1]
    options = {**parser.options, "interpolation": _interpolation(parser.options["interpolation"])}
    cls = configparser.RawConfigParser if parser.raw else configparser.ConfigParser
    native = cls(**options)
    if parser.keep_case:
        native.optionxform = str  # type: ignore[assignment,method-assign]
    for entry in content:
        if isinstance(entry, Unknown):
            continue
        what, *values = entry
        if what == READ:
            native.read_string(values[0], source=values[1])
        elif what == DATA:
            native.read_dict(values[0])
        elif what == SET:
            native.set(*values)
        elif what == SECTION:
            native.add_section(*values)
        elif what == REMOVE_OPTION:
            native.remove_option(*values)
        else:
            native.remove_section(*values)
    parser.replayed[id(content)] = (len(content), native)
    return native


def _unknown_file(content: list[Value]) -> Unknown | None:
    return next((entry for entry in content if isinstance(entry, Unknown)), None)


# -- making and filling ------------------------------------------------------------------------------

OPTIONS = (
    "allow_no_value delimiters comment_prefixes inline_comment_prefixes strict "
    "empty_lines_in_values default_section"
).split()


def _make(raw: bool) -> Callable[[Interpreter, Arguments, Keywords], Value]:
    def make(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        usual = None if raw else "BasicInterpolation"
        given = keywords.get("interpolation", MISSING)
        options: dict[str, Any] = {"interpolation": usual}
        if given is None:
            options["interpolation"] = None
        elif isinstance(given, Thing):
            options["interpolation"] = given.name
        log = interpreter.box([])
        for name in OPTIONS:
            if name in keywords:
                options[name] = interpreter.plain(keywords[name])
        parser = Parser(log, raw, options)
        defaults = arguments[0] if arguments else keywords.get("defaults")
        if defaults is not None:
            _read_dict(interpreter, parser, interpreter.box({"DEFAULT": defaults}))
        return _thing(parser)

    return make


def _read_text(interpreter: Interpreter, parser: Parser, text: Value, source: str) -> None:
    """What reading a text does to the parser; a text that is not known may set anything."""

    def one(text: Value) -> Value:
        if isinstance(text, Unknown):
            interpreter.change(parser.log, lambda content: content.append(text))
        else:
            entry = (READ, text, source)
            interpreter.change(parser.log, lambda content: content.append(entry))
            _check(interpreter, parser)
        return None

    interpreter.each(text, one)


def _check(interpreter: Interpreter, parser: Parser) -> None:
    """Raise what the native parser raises on what was just added."""

    def run(content: list[Value]) -> Value:
        try:
            _native(parser, content)
        except (Stopped, RecursionError, MemoryError):
            raise
        except Exception as problem:  # a text that is no INI file
            content.pop()
            raise interpreter.error(type(problem), str(problem)) from None
        return None

    interpreter.with_content(parser.log, run)


def _read(
    interpreter: Interpreter, parser: Parser, arguments: Arguments, keywords: Keywords
) -> Value:
    """`read(filenames)`: those that are there, silently without the others."""
    given = interpreter.resolve(arguments[0] if arguments else keywords.get("filenames"))
    names = (
        [given]
        if path_text(given) is not None or isinstance(given, Unknown)
        else list(operations.items_of(interpreter, given))
    )
    done = interpreter.box([])
    for name in names:
        interpreter.each(name, lambda one: _read_one(interpreter, parser, one, done))
    done.touched = ()
    return done


def _read_one(interpreter: Interpreter, parser: Parser, name: Value, done: Box) -> Value:
    path = path_text(name)
    if path is None:
        if interpreter.closed:
            return None  # nothing but the project is there
        shown = getattr(name, "subject", "a configuration file")
        file = interpreter.unknown(shown, name, type="str", subject=shown)
        exists = interpreter.space.fact(f"{shown} exists", f"{shown} does not exist", about=shown)
        return interpreter.branch(
            exists, lambda: _read_text(interpreter, parser, file, ""), lambda: None
        )

    def there() -> Value:
        text = interpreter.read(path)
        if isinstance(text, Unknown):
            text = interpreter.unknown(short_path(interpreter, path), text, subject=text.subject)
        _read_text(interpreter, parser, text, path)
        interpreter.change(done, lambda content: content.append(path))
        return None

    return interpreter.branch(interpreter.exists(path, "file"), there, lambda: None)


def short_path(interpreter: Interpreter, path: str) -> str:
    full = interpreter.inside(path)
    return path if full is None else interpreter.relative(full)


def _read_file(
    interpreter: Interpreter, parser: Parser, arguments: Arguments, keywords: Keywords
) -> Value:
    file = interpreter.resolve(arguments[0] if arguments else keywords.get("f"))
    if isinstance(file, Thing) and isinstance(file.state, (str, Unknown)):
        text = file.state
    elif isinstance(file, Unknown):
        text = file
    else:
        lines = list(operations.items_of(interpreter, file))
        text = (
            "".join(lines)
            if all(isinstance(line, str) for line in lines)
            else interpreter.unknown("a configuration file", *lines)
        )
    _read_text(interpreter, parser, text, "<file>")
    return None


def _read_string(
    interpreter: Interpreter, parser: Parser, arguments: Arguments, keywords: Keywords
) -> Value:
    text = arguments[0] if arguments else keywords.get("string")
    _read_text(interpreter, parser, text, "<string>")
    return None


def _read_dict(interpreter: Interpreter, parser: Parser, data: Value) -> None:
    """`read_dict`; a value that is not known is kept aside, as an unknown text of its option."""

    def run(native: Any) -> Any:
        return native

    plain = interpreter.pure("read_dict", run, [data])
    if isinstance(plain, Unknown):
        entry: Value = plain
    else:
        entry = (DATA, interpreter.plain(data))
    interpreter.change(parser.log, lambda content: content.append(entry))
    if not isinstance(entry, Unknown):
        _check(interpreter, parser)


def _change(what: int) -> Callable[[Interpreter, Parser, Arguments, Keywords], Value]:
    def run(
        interpreter: Interpreter, parser: Parser, arguments: Arguments, keywords: Keywords
    ) -> Value:
        values = [interpreter.resolve(each) for each in (*arguments, *keywords.values())]
        if all(isinstance(each, str) or each is None for each in values):
            entry: Value = (what, *values)
        else:
            entry = interpreter.unknown(f"set{interpreter.here()}", *values)
        interpreter.change(parser.log, lambda content: content.append(entry))
        if not isinstance(entry, Unknown):
            _check(interpreter, parser)
        return None

    return run


# -- asking ------------------------------------------------------------------------------------------


def _get(method: str) -> Callable[[Interpreter, Parser, Arguments, Keywords], Value]:
    """`get`, `getint`, `getfloat`, `getboolean`, with `fallback`, `raw` and `vars`."""

    def run(
        interpreter: Interpreter, parser: Parser, arguments: Arguments, keywords: Keywords
    ) -> Value:
        section = arguments[0] if arguments else keywords.get("section")
        option = arguments[1] if len(arguments) > 1 else keywords.get("option")
        fallback = keywords.get("fallback", MISSING)
        raw = keywords.get("raw", False)
        if not (isinstance(section, str) and isinstance(option, str)):
            return interpreter.unknown(
                f"an option of a configuration file{interpreter.here()}", section, option, fallback
            )
        extra = keywords.get("vars")
        return interpreter.with_content(
            parser.log,
            lambda content: _ask(
                interpreter, parser, content, method, section, option, fallback, raw, extra
            ),
        )

    return run


def _ask(
    interpreter: Interpreter,
    parser: Parser,
    content: list[Value],
    method: str,
    section: str,
    option: str,
    fallback: Value,
    raw: Value,
    extra: Value,
) -> Value:
    def known() -> Value:
        import configparser

        native = _native(parser, content)
        given = {} if extra is None else {"vars": interpreter.plain(extra)}
        try:
            return getattr(native, method)(section, option, raw=bool(raw), **given)
        except (configparser.NoSectionError, configparser.NoOptionError) as problem:
            if fallback is not MISSING:
                return fallback
            raise interpreter.error(type(problem), str(problem)) from None
        except Stopped:
            return interpreter.unknown(f"[{section}] {option}, which grows without bound")
        except (RecursionError, MemoryError):
            raise
        except Exception as problem:  # a value of the wrong type, a broken interpolation
            raise interpreter.error(type(problem), str(problem)) from None

    file = _unknown_file(content)
    if file is None:
        return known()
    return interpreter.branch(
        is_set(interpreter, file, section, option),
        lambda: Unknown(
            f"[{section}] {option} of {file.reason}",
            TYPES[method],
            file.variables,
            subject=f"[{section}] {option}",
        ),
        known,
    )


def is_set(interpreter: Interpreter, file: Unknown, section: str, option: str) -> Any:
    """The condition that a file which is not in the repository has an option."""
    words = f"{file.reason} has [{section}] {option}", f"{file.reason} has no [{section}] {option}"
    return interpreter.space.fact(*words, about=f"[{section}] {option}")


def _has(
    interpreter: Interpreter, parser: Parser, arguments: Arguments, keywords: Keywords
) -> Value:
    """`has_section` and `has_option`, by the number of arguments."""
    given = [interpreter.resolve(each) for each in (*arguments, *keywords.values())]
    if not all(isinstance(each, str) for each in given):
        return interpreter.unknown("whether an option is set", *given, type="bool")

    def run(content: list[Value]) -> Value:
        native = _native(parser, content)
        there = native.has_option(*given) if len(given) > 1 else native.has_section(*given)
        file = _unknown_file(content)
        if there or file is None:
            return there
        if len(given) > 1:
            condition = is_set(interpreter, file, given[0], given[1])
        else:
            condition = interpreter.space.fact(
                f"{file.reason} has [{given[0]}]", f"{file.reason} has no [{given[0]}]"
            )
        return interpreter.resolve(interpreter.merge([(condition, True), (~condition, False)]))

    return interpreter.with_content(parser.log, run)


def _listing(method: str) -> Callable[[Interpreter, Parser, Arguments, Keywords], Value]:
    """`sections`, `options`, `items`, `defaults`: what is known, and what an unknown file adds."""

    def run(
        interpreter: Interpreter, parser: Parser, arguments: Arguments, keywords: Keywords
    ) -> Value:
        section = [interpreter.resolve(each) for each in arguments[:1]]
        if "section" in keywords:
            section = [interpreter.resolve(keywords["section"])]
        if not all(isinstance(each, str) for each in section):
            return interpreter.unknown(f"{method} of a configuration file", *section)

        def ask(content: list[Value]) -> Value:
            native = _native(parser, content)
            if method == "items" and not section:
                pairs = [(name, section_proxy(parser, name)) for name in native]
                return interpreter.box(pairs)
            try:
                found = getattr(native, method)(*section)
            except (Stopped, RecursionError, MemoryError):
                raise
            except Exception as problem:  # no such section
                raise interpreter.error(type(problem), str(problem)) from None
            made = interpreter.wrap(dict(found) if method == "defaults" else list(found))
            file = _unknown_file(content)
            if file is not None and made.kind is list:
                more = Unknown(f"{method} of {file.reason}", several=True)
                made.variants[0][1].append(more)
            return made

        return interpreter.with_content(parser.log, ask)

    return run


METHODS: dict[str, Callable[[Interpreter, Parser, Arguments, Keywords], Value]] = {
    "read": _read,
    "read_file": _read_file,
    "readfp": _read_file,
    "read_string": _read_string,
    "read_dict": lambda interpreter, parser, arguments, keywords: _read_dict(
        interpreter, parser, arguments[0] if arguments else keywords.get("dictionary")
    ),
    "add_section": _change(SECTION),
    "set": _change(SET),
    "remove_option": _change(REMOVE_OPTION),
    "remove_section": _change(REMOVE_SECTION),
    **{name: _get(name) for name in TYPES},
    "has_section": _has,
    "has_option": _has,
    "sections": _listing("sections"),
    "options": _listing("options"),
    "items": _listing("items"),
    "defaults": _listing("defaults"),
}


def _thing(parser: Parser) -> Thing:
    def read(interpreter: Interpreter, name: str) -> Value:
        if name == "BOOLEAN_STATES":
            return interpreter.box(dict(BOOLEAN_STATES))
        method = METHODS.get(name)
        if method is None:
            return MISSING
        return Native(name, lambda i, arguments, keywords: method(i, parser, arguments, keywords))

    def assign(interpreter: Interpreter, name: str, value: Value) -> None:
        if name == "optionxform":
            parser.keep_case = value is str or isinstance(value, (Function, Native))
            parser.replayed.clear()

    def section(interpreter: Interpreter, key: Value) -> Value:
        def one(key: Value) -> Value:
            if not isinstance(key, str):
                return interpreter.unknown("a section of a configuration file", key)
            there = _has(interpreter, parser, [key], {})
            missing = ~interpreter.truth(there)
            if key != parser.options.get("default_section", "DEFAULT"):
                interpreter.fail(missing, make_failure(interpreter, KeyError, (key,)))
            return section_proxy(parser, key)

        return interpreter.each(key, one)

    def put(interpreter: Interpreter, key: Value, value: Value) -> None:
        _read_dict(interpreter, parser, interpreter.box({key: value}))

    return Thing(
        "a ConfigParser",
        attribute=read,
        set_attribute=assign,
        item=section,
        set_item=put,
        contains=lambda interpreter, key: _has(interpreter, parser, [key], {}),
        iterate=lambda interpreter: [
            "DEFAULT",
            *operations.items_of(interpreter, METHODS["sections"](interpreter, parser, [], {})),
        ],
        state=parser,
    )


def section_proxy(parser: Parser, section: str) -> Thing:
    """`parser["section"]`: its options as a mapping, whose `get` has a default of None."""

    def getter(method: str) -> Native:
        def run(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
            option, *rest = arguments or [keywords.get("option")]
            fallback = rest[0] if rest else keywords.get("fallback")
            options = {"fallback": fallback, **{k: v for k, v in keywords.items() if k == "raw"}}
            return METHODS[method](interpreter, parser, [section, option], options)

        return Native(method, run)

    def item(interpreter: Interpreter, key: Value) -> Value:
        found = METHODS["get"](interpreter, parser, [section, key], {"fallback": MISSING_OPTION})

        def one(value: Value) -> Value:
            if value is MISSING_OPTION:
                raise interpreter.error(KeyError, key)
            return value

        return interpreter.each(found, one)

    def names(interpreter: Interpreter) -> list[Value]:
        found = METHODS["options"](interpreter, parser, [section], {})
        return list(operations.items_of(interpreter, found))

    def items(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        return METHODS["items"](interpreter, parser, [section], {})

    return Thing(
        f"[{section}]",
        {
            **{name: getter(name) for name in TYPES},
            "name": section,
            "items": Native("items", items),
            "keys": Native("keys", lambda i, *_: i.box(names(i))),
        },
        item=item,
        set_item=lambda interpreter, key, value: _drop(
            METHODS["set"](interpreter, parser, [section, key, value], {})
        ),
        contains=lambda interpreter, key: METHODS["has_option"](
            interpreter, parser, [section, key], {}
        ),
        iterate=names,
    )


MISSING_OPTION = Thing("no such option")


def _drop(value: Value) -> None:
    return None


def _construct(raw: bool) -> Callable[[Interpreter, Class, Arguments, Keywords], Value]:
    """An instance of a class of the program that derives from a parser."""

    def construct(
        interpreter: Interpreter, cls: Class, arguments: Arguments, keywords: Keywords
    ) -> Value:
        from hardango.settings.objects import class_member

        initializer = class_member(interpreter, cls, "__init__")
        own = isinstance(initializer, Function)
        parser = _make(raw)(interpreter, [] if own else arguments, {} if own else keywords)
        made = Instance(cls, parser)
        if own:
            interpreter.call(Bound(initializer, made), arguments, keywords)
        return made

    return construct


def _names(interpreter: Interpreter) -> Names:
    import configparser

    names: Names = {
        name: constant(name, Thing(name))
        for name in ("BasicInterpolation", "ExtendedInterpolation")
    }
    for name, raw in (
        ("ConfigParser", False),
        ("SafeConfigParser", False),
        ("RawConfigParser", True),
    ):
        names[name] = Thing(name, call=_make(raw), construct=_construct(raw))
    errors = (
        "Error NoSectionError NoOptionError DuplicateSectionError DuplicateOptionError "
        "ParsingError MissingSectionHeaderError InterpolationError"
    ).split()
    return {**names, **{name: getattr(configparser, name) for name in errors}}


MODULES: dict[str, Callable[[Interpreter], Names]] = {"configparser": _names}
