"""`pathlib`: paths are `PurePosixPath`s; what they name is looked at inside the root only."""

from __future__ import annotations

import posixpath
from collections.abc import Callable

from hardango.light import Any
from hardango.settings.files import open_file
from hardango.settings.interpreter import Interpreter
from hardango.settings.natives import as_bool
from hardango.settings.outcomes import Unknown
from hardango.settings.paths import PurePosixPath
from hardango.settings.values import MISSING, Native, Value

Arguments = list[Value]
Keywords = dict[str, Value]

PARTS = frozenset("name stem suffix suffixes parent parents parts root anchor drive".split())
PURE = frozenset(
    "joinpath with_name with_stem with_suffix relative_to is_relative_to as_posix is_absolute match as_uri".split()
)


NEWER = frozenset(
    "walk with_segments full_match parser from_uri copy copy_into move move_into info".split()
)
"""What paths have gained since the oldest Python that hardango runs on."""


def path_attribute(interpreter: Interpreter, path: Any, name: str) -> Value:
    """`path.name` for a path; MISSING if it has none."""
    if name in PARTS:
        found = getattr(path, name)
        return interpreter.wrap(list(found) if name == "parents" else found)
    if name in PURE:
        native = getattr(path, name)
        return Native(
            name,
            lambda interpreter, arguments, keywords: interpreter.pure(
                name, native, arguments, keywords
            ),
        )
    method = METHODS.get(name)
    if method is None:
        from pathlib import Path

        if name in NEWER or (hasattr(Path, name) and not name.startswith("_")):
            return interpreter.unknown(f"{path}.{name}", subject=f"{path}.{name}")
        return MISSING
    return Native(
        name,
        lambda interpreter, arguments, keywords: method(interpreter, path, arguments, keywords),
    )


TYPES = {
    **dict.fromkeys(("parent", "resolve", "absolute", "expanduser", "joinpath"), "path"),
    **dict.fromkeys(("with_name", "with_stem", "with_suffix", "relative_to"), "path"),
    **dict.fromkeys(("name", "stem", "suffix", "as_posix", "as_uri", "read_text"), "str"),
    **dict.fromkeys(("exists", "is_file", "is_dir", "is_absolute"), "bool"),
    "read_bytes": "bytes",
}
"""What the attributes of a path are, and what its methods give."""


def unknown_path_attribute(interpreter: Interpreter, path: Unknown, name: str) -> Value:
    """An attribute of a path that is not known; MISSING where no more is known of it."""
    if name not in TYPES:
        return MISSING

    def made(subject: str, *parts: Value) -> Unknown:
        return interpreter.unknown(subject, path, *parts, type=TYPES[name], subject=subject)

    if name in PARTS:
        return made(f"{path.subject}.{name}")

    def run(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        shown = ", ".join(interpreter.said(path, each) for each in arguments)
        return made(f"{path.subject}.{name}({shown})", *arguments)

    return Native(name, run)


def class_attribute(interpreter: Interpreter, name: str) -> Value:
    """`Path.cwd` and `Path.home`."""
    if name == "cwd":
        return Native(
            "Path.cwd",
            lambda interpreter, arguments, keywords: PurePosixPath(interpreter.directory),
        )
    return Native(
        "Path.home", lambda interpreter, arguments, keywords: Unknown("the home directory", "path")
    )


def _resolve(
    interpreter: Interpreter, path: Any, arguments: Arguments, keywords: Keywords
) -> Value:
    return PurePosixPath(posixpath.normpath(posixpath.join(interpreter.directory, str(path))))


def _exists(kind: str) -> Callable[[Interpreter, Any, Arguments, Keywords], Value]:
    return lambda interpreter, path, arguments, keywords: as_bool(
        interpreter, interpreter.exists(str(path), kind)
    )


def _read_text(
    interpreter: Interpreter, path: Any, arguments: Arguments, keywords: Keywords
) -> Value:
    return interpreter.read(str(path))


def _read_bytes(
    interpreter: Interpreter, path: Any, arguments: Arguments, keywords: Keywords
) -> Value:
    return interpreter.pure(
        "read_bytes", lambda text: text.encode(), [interpreter.read(str(path))], type="bytes"
    )


def _open(interpreter: Interpreter, path: Any, arguments: Arguments, keywords: Keywords) -> Value:
    return open_file(interpreter, path, arguments[0] if arguments else keywords.get("mode", "r"))


def _make_directory(
    interpreter: Interpreter, path: Any, arguments: Arguments, keywords: Keywords
) -> Value:
    interpreter.made_paths.add(str(path))
    return None


def _nothing(
    interpreter: Interpreter, path: Any, arguments: Arguments, keywords: Keywords
) -> Value:
    return None


def _write(interpreter: Interpreter, path: Any, arguments: Arguments, keywords: Keywords) -> Value:
    interpreter.made_files.add(str(path))
    return Unknown("the number of characters written", "int")


def _touch(interpreter: Interpreter, path: Any, arguments: Arguments, keywords: Keywords) -> Value:
    # A file that is there already keeps its text.
    if not interpreter.exists(str(path), "file").certain:
        interpreter.made_files.add(str(path))
    return None


def _expand_user(
    interpreter: Interpreter, path: Any, arguments: Arguments, keywords: Keywords
) -> Value:
    return Unknown("a path in the home directory", "path") if str(path).startswith("~") else path


def _glob(interpreter: Interpreter, path: Any, arguments: Arguments, keywords: Keywords) -> Value:
    pattern = interpreter.resolve(arguments[0])
    if not isinstance(pattern, str) or "**" in pattern:
        return interpreter.box([Unknown("the files that a pattern finds", several=True)])
    from hardango.settings.stdlib.os import glob_files

    return interpreter.box(
        [
            PurePosixPath(each)
            for each in glob_files(interpreter, posixpath.join(str(path), pattern))
        ]
    )


def _iterdir(
    interpreter: Interpreter, path: Any, arguments: Arguments, keywords: Keywords
) -> Value:
    from hardango.settings.stdlib.os import list_directory

    names = list_directory(interpreter, str(path))
    return interpreter.with_content(
        names,
        lambda content: interpreter.box(
            [name if isinstance(name, Unknown) else path / name for name in content]
        ),
    )


METHODS: dict[str, Callable[[Interpreter, Any, Arguments, Keywords], Value]] = {
    "resolve": _resolve,
    "absolute": _resolve,
    "exists": _exists("any"),
    "is_file": _exists("file"),
    "is_dir": _exists("dir"),
    "read_text": _read_text,
    "read_bytes": _read_bytes,
    "open": _open,
    "mkdir": _make_directory,
    "touch": _touch,
    "write_text": _write,
    "write_bytes": _write,
    "unlink": _nothing,
    "chmod": _nothing,
    "expanduser": _expand_user,
    "glob": _glob,
    "rglob": lambda interpreter, path, arguments, keywords: interpreter.box(
        [Unknown("the files that a pattern finds", several=True)]
    ),
    "iterdir": _iterdir,
    "__str__": lambda interpreter, path, arguments, keywords: str(path),
    "__fspath__": lambda interpreter, path, arguments, keywords: str(path),
}


def _names(interpreter: Interpreter) -> dict[str, Value]:
    return dict.fromkeys(("Path", "PurePath", "PosixPath", "PurePosixPath"), PurePosixPath)


MODULES: dict[str, Callable[[Interpreter], dict[str, Value]]] = {"pathlib": _names}
