"""PyYAML, toml and tomli: data files of the project, read by the real parsers within bounds.

Only plain data is constructed. A tag that would make an object of anything else is refused, as
`safe_load` refuses it; what a loader of the program's own makes of it is not known.
https://pyyaml.org/wiki/PyYAMLDocumentation
"""

from __future__ import annotations

import re
from collections.abc import Callable

from hardango.light import Any
from hardango.settings import limits
from hardango.settings.interpreter import Interpreter
from hardango.settings.libraries.reading import Arguments, Keywords, bind, function, known_path
from hardango.settings.outcomes import Unknown
from hardango.settings.values import MISSING, Native, Stopped, Thing, Value

NESTING = 50
"""Containers inside each other, at most."""

NUMBER = 100
"""Digits of a number, at most."""

PLAIN_LOADERS = frozenset(
    ("SafeLoader", "CSafeLoader", "FullLoader", "CFullLoader", "Loader", "CLoader", "UnsafeLoader")
)


# -- YAML ------------------------------------------------------------------------------------------


class TooMuch(Exception):
    """A text that would cost more than a settings file can be worth."""


def load_yaml(text: str) -> list[Any]:
    """The documents of a text as plain data. Raises yaml.YAMLError, ValueError, TooMuch."""
    import yaml

    _refuse_nesting(text)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    found = []
    for node in yaml.compose_all(text, Loader=loader):
        _weigh(node, {}, 0)
        maker = loader("")
        try:
            found.append(None if node is None else maker.construct_document(node))
        finally:
            maker.dispose()
    return found


def _refuse_nesting(text: str) -> None:
    """Refuse what would overflow the parser's own recursion. Raises TooMuch."""
    if len(text) > limits.TEXT or re.search(rf"(?:[-?:][ \t]+){{{NESTING}}}", text):
        raise TooMuch
    depth = 0
    for sign in re.findall(r"[\[\]{}]", text):
        depth = max(depth + (1 if sign in "[{" else -1), 0)
        if depth > 10 * NESTING:
            raise TooMuch


def _weigh(node: Any, known: dict[int, int], depth: int) -> int:
    """The size of what a node stands for with every alias written out. Raises TooMuch for a bomb
    of aliases, for a node that contains itself and for numbers of thousands of digits."""
    value = getattr(node, "value", None)
    if depth > NESTING or (
        isinstance(value, str) and len(value) > NUMBER and node.tag.endswith((":int", ":float"))
    ):
        raise TooMuch
    size = known.get(id(node))
    if size is None:
        known[id(node)] = limits.ITEMS + 1  # until it is known: a node inside itself
        parts: list[Any] = []
        for each in value if isinstance(value, list) else ():
            parts += each if isinstance(each, tuple) else [each]
        size = known[id(node)] = 1 + sum(_weigh(each, known, depth + 1) for each in parts)
    if size > limits.ITEMS:
        raise TooMuch
    return size


def _text_of(interpreter: Interpreter, source: Value) -> Value:
    """The text of a source: text, bytes, or something with `read()`."""
    if isinstance(source, Thing):
        return interpreter.call(interpreter.get(source, "read"), [], {})
    return source


def _yaml_loader(name: str, *, every: bool = False) -> Native:
    """`yaml.safe_load(stream)` and the like; with `every`, all documents of the stream."""

    def run(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        spec = {"stream": MISSING, "Loader": None}
        given = bind(interpreter, name, spec, arguments, keywords)
        loader = interpreter.resolve(given["Loader"])
        if loader is not None and not (isinstance(loader, Thing) and loader.name in PLAIN_LOADERS):
            return interpreter.unknown(
                f"what a loader of the project makes of a YAML text{interpreter.here()}",
                given["stream"],
            )

        def one(source: Value) -> Value:
            return interpreter.each(_text_of(interpreter, source), read)

        def read(text: Value) -> Value:
            if isinstance(text, Unknown):
                return interpreter.unknown(text.reason, text, subject=text.subject)
            return _documents(interpreter, text, every)

        return interpreter.each(given["stream"], one)

    return function(name, run)


def _documents(interpreter: Interpreter, text: Value, every: bool) -> Value:
    """The document of a text, or all of them. Raises Raised(YAMLError)."""
    import yaml

    if isinstance(text, bytes):
        text = text.decode("utf-8-sig", "replace")
    if not isinstance(text, str):
        raise interpreter.error(AttributeError, "the source of a YAML text has no read()")
    try:
        found = load_yaml(text)
    except TooMuch:
        interpreter.note("a YAML text is too large or too deeply nested to be read")
        return interpreter.unknown(f"a YAML text that is too large{interpreter.here()}")
    except (yaml.YAMLError, ValueError, OverflowError) as problem:
        raise interpreter.error(type(problem), str(problem)) from None
    if every:
        return interpreter.wrap(found)
    if len(found) > 1:
        raise interpreter.error(
            yaml.composer.ComposerError, "expected a single document in the stream"
        )
    return interpreter.wrap(found[0]) if found else None


def _yaml(interpreter: Interpreter) -> dict[str, Value]:
    import yaml

    silent = function("yaml.add_constructor", lambda interpreter, arguments, keywords: None)
    return {
        **{name: _yaml_loader(name) for name in ("load", "safe_load", "full_load", "unsafe_load")},
        **{
            name: _yaml_loader(name, every=True)
            for name in ("load_all", "safe_load_all", "full_load_all")
        },
        **{name: Thing(name) for name in PLAIN_LOADERS},
        "YAMLError": yaml.YAMLError,
        "add_constructor": silent,
        "dump": function(
            "yaml.dump",
            lambda interpreter, arguments, keywords: interpreter.unknown(
                f"a YAML text{interpreter.here()}", *arguments, type="str"
            ),
        ),
    }


# -- TOML ------------------------------------------------------------------------------------------


def _parse_toml(text: str | bytes) -> dict[str, Any]:
    import tomllib

    if isinstance(text, bytes):
        text = text.decode()
    if len(text) > limits.TEXT:
        raise Stopped("because a TOML text is too long")
    return tomllib.loads(text)


def _toml_loader(name: str, *, paths: bool, from_text: bool) -> Native:
    """`loads(text)`, and `load(file)`, which for toml takes a path, too."""

    def run(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        source = arguments[0] if arguments else next(iter(keywords.values()), MISSING)
        if source is MISSING:
            raise interpreter.error(TypeError, f"{name}() missing 1 required argument")

        def one(source: Value) -> Value:
            path = known_path(source) if paths and not from_text else None
            text = _text_of(interpreter, source) if path is None else interpreter.read(path)
            return interpreter.each(text, read)

        def read(text: Value) -> Value:
            if isinstance(text, Unknown):
                return interpreter.unknown(text.reason, text, type="dict", subject=text.subject)
            return interpreter.pure(name, _parse_toml, [text], type="dict")

        return interpreter.each(source, one)

    return function(name, run)


def _toml(paths: bool) -> Callable[[Interpreter], dict[str, Value]]:
    def names(interpreter: Interpreter) -> dict[str, Value]:
        import tomllib

        return {
            "load": _toml_loader("load", paths=paths, from_text=False),
            "loads": _toml_loader("loads", paths=paths, from_text=True),
            "TomlDecodeError" if paths else "TOMLDecodeError": tomllib.TOMLDecodeError,
        }

    return names


MODULES: dict[str, Callable[[Interpreter], dict[str, Value]]] = {
    "yaml": _yaml,
    "yaml.loader": _yaml,
    "toml": _toml(paths=True),
    "tomli": _toml(paths=False),
}
