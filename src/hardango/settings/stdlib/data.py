"""`json`, `tomllib`, `ast`, `base64`, `csv`: data from texts."""

from __future__ import annotations

from collections.abc import Callable

from hardango.light import Any
from hardango.settings.interpreter import Interpreter
from hardango.settings.likeness import short
from hardango.settings.natives import pure
from hardango.settings.operations import items_of
from hardango.settings.outcomes import Unknown
from hardango.settings.values import Box, Failure, Native, Stopped, Thing, Value

Arguments = list[Value]
Keywords = dict[str, Value]
Names = dict[str, Value]


def text_of_file(interpreter: Interpreter, file: Value) -> Value:
    """What reading the open file `file` to its end gives."""

    def one(file: Value) -> Value:
        if isinstance(file, Thing) and "read" in file.attributes:
            return interpreter.call(file.attributes["read"], [], {})
        if isinstance(file, Unknown):
            return interpreter.unknown(file.reason, file, type="str", subject=file.subject)
        return interpreter.unknown("the content of a file", file, type="str")

    return interpreter.each(file, one)


def parsed(
    interpreter: Interpreter,
    name: str,
    native: Callable[..., Any],
    error: type[Exception],
    text: Value,
    keywords: Keywords,
) -> Value:
    """`native(text)`; a text that is not known gives data that is not known, and where the
    settings prepare for it, it may be no such data at all."""

    def one(text: Value) -> Value:
        if isinstance(text, Unknown):
            if len(interpreter.sinks) > 1:
                kind = name.partition(".")[0].upper().removesuffix("LIB")
                valid = interpreter.space.fact(
                    f"{text.subject} is valid {kind}",
                    f"{text.subject} is not valid {kind}",
                    about=text.subject,
                )
                interpreter.fail(~valid, Failure(error, (f"{text.subject} is no {kind}",)))
            return interpreter.unknown(text.reason, text, subject=f"{name}({short(text)})")
        return interpreter.pure(name, native, [text], keywords)

    return interpreter.each(text, one)


# -- json --------------------------------------------------------------------------------------------


def _json(interpreter: Interpreter) -> Names:
    import json

    def loads(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        text = arguments[0] if arguments else keywords.get("s")
        rest = {key: value for key, value in keywords.items() if key != "s"}
        return parsed(interpreter, "json.loads", json.loads, json.JSONDecodeError, text, rest)

    def load(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        file = arguments[0] if arguments else keywords.get("fp")
        text = text_of_file(interpreter, file)
        rest = {key: value for key, value in keywords.items() if key != "fp"}
        return parsed(interpreter, "json.load", json.loads, json.JSONDecodeError, text, rest)

    return {
        "loads": Native("json.loads", loads),
        "load": Native("json.load", load),
        "dumps": pure("json.dumps", _dump, "str"),
        "dump": Native("json.dump", lambda *_: None),
        "JSONDecodeError": json.JSONDecodeError,
        "JSONEncoder": Thing("json.JSONEncoder"),
        "JSONDecoder": Thing("json.JSONDecoder"),
    }


def _dump(value: Any, **options: Any) -> str:
    import json

    indent = options.get("indent")
    if isinstance(indent, int) and indent > 8:
        options["indent"] = 8
    return json.dumps(value, **options)


# -- tomllib -----------------------------------------------------------------------------------------


def _toml(interpreter: Interpreter) -> Names:
    import tomllib

    def parse(text: str) -> Any:
        if any(line.partition("=")[0].count(".") > 100 for line in text.splitlines()):
            raise Stopped("because its keys are nested too deeply")
        return tomllib.loads(text)

    def loads(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        text = arguments[0] if arguments else keywords.get("s")
        return parsed(interpreter, "tomllib.loads", parse, tomllib.TOMLDecodeError, text, {})

    def load(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        content = text_of_file(interpreter, arguments[0] if arguments else keywords.get("fp"))

        def decode(content: Any) -> Any:
            return parse(content.decode() if isinstance(content, bytes) else content)

        return parsed(interpreter, "tomllib.load", decode, tomllib.TOMLDecodeError, content, {})

    return {
        "loads": Native("tomllib.loads", loads),
        "load": Native("tomllib.load", load),
        "TOMLDecodeError": tomllib.TOMLDecodeError,
    }


# -- ast, base64, csv --------------------------------------------------------------------------------


def literal(text: Any) -> Any:
    """`ast.literal_eval`, without its warnings on odd escapes."""
    import ast
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return ast.literal_eval(text)


def _ast(interpreter: Interpreter) -> Names:
    def literal_eval(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        text = arguments[0] if arguments else keywords.get("node_or_string")

        def one(text: Value) -> Value:
            if not isinstance(text, Unknown):
                return interpreter.pure("ast.literal_eval", literal, [text])
            if len(interpreter.sinks) > 1:
                valid = interpreter.space.fact(
                    f"{text.subject} is a Python literal",
                    f"{text.subject} is no Python literal",
                    about=text.subject,
                )
                interpreter.fail(~valid, Failure(_NoLiteral, ("malformed node or string",)))
            return interpreter.unknown(
                text.reason, text, subject=f"ast.literal_eval({short(text)})"
            )

        return interpreter.each(text, one)

    return {"literal_eval": Native("ast.literal_eval", literal_eval)}


class _NoLiteral(ValueError, SyntaxError):
    """`ast.literal_eval` raises one or the other, by what is wrong with the text."""


def _base64(interpreter: Interpreter) -> Names:
    import base64
    import binascii

    kinds = {
        "bytes": "b64encode b64decode urlsafe_b64encode urlsafe_b64decode standard_b64encode "
        "standard_b64decode b32encode b32decode b16encode b16decode encodebytes decodebytes",
    }
    return {
        **{
            name: pure(f"base64.{name}", getattr(base64, name), kind)
            for kind, names in kinds.items()
            for name in names.split()
        },
        "binascii": Thing("binascii", {"Error": binascii.Error}),
    }


def _csv(interpreter: Interpreter) -> Names:
    import csv

    def read(name: str, native: Callable[..., Any]) -> Native:
        def run(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
            lines = list(items_of(interpreter, arguments[0]))
            if any(isinstance(line, Unknown) for line in lines):
                return interpreter.box([Unknown("the rows of a file", several=True)])
            box: Box = interpreter.box(lines)
            return interpreter.pure(name, native, [box, *arguments[1:]], keywords, type="list")

        return Native(name, run)

    def rows(lines: list[str], *rest: Any, **options: Any) -> list[Any]:
        return list(csv.reader(lines, *rest, **options))

    def records(lines: list[str], *rest: Any, **options: Any) -> list[Any]:
        return list(csv.DictReader(lines, *rest, **options))

    return {
        "reader": read("csv.reader", rows),
        "DictReader": read("csv.DictReader", records),
        "QUOTE_ALL": csv.QUOTE_ALL,
        "QUOTE_MINIMAL": csv.QUOTE_MINIMAL,
        "QUOTE_NONE": csv.QUOTE_NONE,
        "Error": csv.Error,
    }


MODULES: dict[str, Callable[[Interpreter], Names]] = {
    "json": _json,
    "json.decoder": _json,
    "tomllib": _toml,
    "ast": _ast,
    "base64": _base64,
    "csv": _csv,
}
