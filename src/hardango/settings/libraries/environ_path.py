"""`environ.Path`, and the exception that django-environ raises."""

from __future__ import annotations

import posixpath

from hardango.settings.interpreter import Interpreter
from hardango.settings.libraries.reading import Arguments, Keywords, flag, function
from hardango.settings.outcomes import Unknown
from hardango.settings.stdlib.os import working_directory
from hardango.settings.values import Thing, Value


class ImproperlyConfigured(Exception):
    """A required variable is not set, or has no valid value."""


def improperly_configured(interpreter: Interpreter) -> Value:
    """Django's own class if it is modelled, so that `except ImproperlyConfigured` catches it."""
    from hardango.settings.models import find_model

    names = find_model(interpreter, "django.core.exceptions") or {}
    return names.get("ImproperlyConfigured", ImproperlyConfigured)


def path_class(interpreter: Interpreter) -> Thing:
    return interpreter.state.setdefault(  # type: ignore[no-any-return]
        "environ.Path",
        Thing(
            "environ.Path",
            call=lambda interpreter, arguments, keywords: make_path(
                interpreter, arguments, keywords
            ),
        ),
    )


def make_path(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    """`environ.Path(start, *paths, required=False, is_file=False)`."""
    if flag(interpreter, keywords.get("is_file", False)):
        start = interpreter.pure("dirname", posixpath.dirname, arguments[:1], type="str")
        arguments = [start, *arguments[1:]]
    return interpreter.each(
        absolute(interpreter, arguments or [""], keywords),
        lambda root: path_thing(interpreter, root),
    )


def absolute(interpreter: Interpreter, parts: Arguments, keywords: Keywords) -> Value:
    """The parts joined to an absolute path. Raises Raised(ImproperlyConfigured) where it is
    required and not there."""
    base = working_directory(interpreter)
    joined = interpreter.pure(
        "Path",
        lambda *parts: posixpath.normpath(posixpath.join(base, *map(str, parts))),
        parts,
        type="str",
    )
    if flag(interpreter, keywords.get("required", False)):

        def check(path: Value) -> Value:
            if isinstance(path, str):
                error = improperly_configured(interpreter), f"Create required path: {path}"
                there = interpreter.exists(path)
                interpreter.fail(~there, interpreter.error(*error).failure)
            return path

        return interpreter.each(joined, check)
    return joined


def path_thing(interpreter: Interpreter, root: Value) -> Value:
    """An `environ.Path` on a root that is text or an Unknown."""
    if isinstance(root, Unknown):
        return root

    def join(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        return absolute(interpreter, [root, *arguments], keywords)

    def path(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        return make_path(interpreter, [root, *arguments], keywords)

    def up(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        def one(other: Value) -> Value:
            if isinstance(other, int) and not isinstance(other, bool) and 0 <= other < 100:
                return path(interpreter, ["../" * other], {})
            if isinstance(other, str) and root.endswith(other):
                return make_path(interpreter, [root.rstrip(other)], {})
            raise interpreter.error(TypeError, "unsupported operand type(s) for -")

        return interpreter.each(arguments[0], one)

    def opened(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        from hardango.settings.files import open_file

        mode = arguments[1] if len(arguments) > 1 else keywords.get("mode", "r")
        return interpreter.each(
            join(interpreter, arguments[:1], {}),
            lambda name: open_file(interpreter, name, mode),
        )

    names = {
        "root": root,
        "__root__": root,
        "path": function("path", path),
        "file": function("file", opened),
        "__add__": function("__add__", path),
        "__sub__": function("__sub__", up),
        "__invert__": function(
            "__invert__", lambda interpreter, arguments, keywords: path(interpreter, [".."], {})
        ),
        **{name: interpreter.get(root, name) for name in ("find", "rfind")},
    }
    return Thing(
        "environ.Path",
        names,
        call=join,
        item=lambda interpreter, key: interpreter.pure(
            "Path[…]", lambda text, index: text[index], [root, key]
        ),
        base=path_class(interpreter),
        export=root,
    )
