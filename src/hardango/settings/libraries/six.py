"""six on Python 3, and `six.moves`: the standard library under other names.

https://six.readthedocs.io/
"""

from __future__ import annotations

import sys
from collections.abc import Callable

from hardango.settings.imports import import_module
from hardango.settings.interpreter import Interpreter
from hardango.settings.libraries.reading import Arguments, Keywords, function
from hardango.settings.outcomes import Unknown
from hardango.settings.values import Native, Value

MOVED = {
    "configparser": "configparser",
    "urllib": "urllib",
    "urllib.parse": "urllib.parse",
    "urllib.request": "urllib.request",
    "urllib.error": "urllib.error",
    "urllib_parse": "urllib.parse",
    "cPickle": "pickle",
    "queue": "queue",
    "html_parser": "html.parser",
    "http_client": "http.client",
    "http_cookies": "http.cookies",
    "reprlib": "reprlib",
    "builtins": "builtins",
    "copyreg": "copyreg",
    "socketserver": "socketserver",
}
"""Modules below `six.moves`."""

BUILT_IN = "filter input map range zip".split()


def _method_call(name: str, of: str) -> Native:
    """`six.iteritems(d)` is `d.items()`."""
    return function(
        name,
        lambda interpreter, arguments, keywords: interpreter.call(
            interpreter.get(arguments[0], of), [], {}
        ),
    )


def _same(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    return arguments[0]


def _encoding(name: str, kind: type, change: str) -> Native:
    """`ensure_str`, `ensure_text`, `ensure_binary`."""

    def run(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        def one(value: Value) -> Value:
            if isinstance(value, kind) or (
                isinstance(value, Unknown) and value.type == kind.__name__
            ):
                return value
            return interpreter.call(interpreter.get(value, change), arguments[1:], keywords)

        return interpreter.each(arguments[0], one)

    return function(name, run)


def _names(interpreter: Interpreter) -> dict[str, Value]:
    return {
        "PY2": False,
        "PY3": True,
        "PY34": True,
        "MAXSIZE": sys.maxsize,
        "string_types": (str,),
        "integer_types": (int,),
        "class_types": (type,),
        "text_type": str,
        "binary_type": bytes,
        **{f"iter{each}": _method_call(f"six.iter{each}", each) for each in _VIEWS},
        **{f"view{each}": _method_call(f"six.view{each}", each) for each in _VIEWS},
        "u": function("six.u", _same),
        "python_2_unicode_compatible": function("six.python_2_unicode_compatible", _same),
        "ensure_str": _encoding("six.ensure_str", str, "decode"),
        "ensure_text": _encoding("six.ensure_text", str, "decode"),
        "ensure_binary": _encoding("six.ensure_binary", bytes, "encode"),
        "b": function(
            "six.b",
            lambda interpreter, arguments, keywords: interpreter.call(
                interpreter.get(arguments[0], "encode"), ["latin-1"], {}
            ),
        ),
    }


_VIEWS = ("items", "keys", "values")


def _moves(interpreter: Interpreter) -> dict[str, Value]:
    from hardango.settings.builtins import BUILTINS

    names: dict[str, Value] = {name: BUILTINS[name] for name in BUILT_IN if name in BUILTINS}
    names |= {
        name: import_module(interpreter, real) for name, real in MOVED.items() if "." not in name
    }
    names["reduce"] = interpreter.get(import_module(interpreter, "functools"), "reduce")
    names["xrange"] = range
    return names


def _module(real: str) -> Callable[[Interpreter], dict[str, Value]]:
    """The names of a module of the standard library, for what stands for it."""

    def names(interpreter: Interpreter) -> dict[str, Value]:
        from hardango.settings.models import find_model

        return dict(find_model(interpreter, real) or {})

    return names


MODULES: dict[str, Callable[[Interpreter], dict[str, Value]]] = {
    "six": _names,
    "six.moves": _moves,
    **{f"six.moves.{name}": _module(real) for name, real in MOVED.items()},
}
