"""`os`, `os.path`, `glob`: the environment, and paths without touching what they name."""

from __future__ import annotations

import os
import posixpath
from collections.abc import Callable

from hardango.light import Any
from hardango.settings.files import path_text
from hardango.settings.interpreter import Interpreter
from hardango.settings.natives import as_bool, constant, pure
from hardango.settings.outcomes import Unknown
from hardango.settings.values import MISSING, Box, Failure, Native, Thing, Value

Arguments = list[Value]
Keywords = dict[str, Value]


# -- os.environ ------------------------------------------------------------------------------------


def read_variable(interpreter: Interpreter, name: Value, default: Value) -> Value:
    """`os.environ.get(name, default)`; a `default` of MISSING raises Raised(KeyError)."""

    def by_name(name: Value) -> Value:
        if not isinstance(name, str):
            return interpreter.unknown(
                f"read from a variable that {getattr(name, 'subject', 'an expression')} names", name
            )
        return interpreter.each(interpreter.variable(name), lambda text: found(name, text))

    def found(name: str, text: Value) -> Value:
        if text is not MISSING:
            return text
        if default is MISSING:
            raise interpreter.error(KeyError, name)
        return default

    return interpreter.each(name, by_name)


def _get(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    default = (
        arguments[1] if len(arguments) > 1 else keywords.get("default", keywords.get("failobj"))
    )
    return read_variable(interpreter, arguments[0] if arguments else keywords["key"], default)


def _pop(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    value = read_variable(
        interpreter, arguments[0], arguments[1] if len(arguments) > 1 else MISSING
    )
    if isinstance(arguments[0], str):
        interpreter.unset_variable(arguments[0])
    return value


def _setdefault(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    name, default = arguments
    if not isinstance(name, str):
        if isinstance(name, Unknown):
            _set_some(interpreter, name, default, unless_set=True)
        return interpreter.unknown("a variable", name)
    value = interpreter.variable(name)

    def one(text: Value) -> Value:
        if text is not MISSING:
            return text
        interpreter.set_variable(name, default)
        return default

    return interpreter.each(value, one)


def _update(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    from hardango.settings.operations import pairs_of

    pairs = [pair for each in arguments for pair in pairs_of(interpreter, each)]
    for name, value in [*pairs, *keywords.items()]:
        _set(interpreter, name, value)
    return None


def _set(interpreter: Interpreter, name: Value, value: Value) -> None:
    if isinstance(name, str):
        interpreter.set_variable(name, value)
    elif isinstance(name, Unknown):
        _set_some(interpreter, name, value)


def _set_some(
    interpreter: Interpreter, name: Unknown, value: Value, *, unless_set: bool = False
) -> None:
    """A variable is set of which it is not known which: any that was known may be it."""
    when = interpreter.pc & interpreter.effects
    place = (interpreter.place,) if interpreter.place else ()

    def write(known: str) -> None:
        if name.prefix and not known.startswith(name.prefix):
            return
        # In an open environment, whether the others are set is not known anyway.
        assumed_unset = interpreter.closed or known in interpreter.environment.unset
        inside = interpreter.space.false
        for each in interpreter.variables.bound(known, when):
            text = isinstance(each.value, str) and not unless_set
            if text or (each.value is MISSING and assumed_unset):
                inside = inside | (each.condition & when)
        if inside.possible:
            # In a loop it can be several of them: these facts do not exclude each other.
            fact = interpreter.space.fact(
                f"{name.subject} names {known}", f"{name.subject} does not name {known}"
            )
            if interpreter.journal is not None:
                interpreter.journal.append((interpreter.variables, known))
            interpreter.variables.bind(known, value, inside & fact, place)

    for known in list(interpreter.variables.names):
        write(known)
    interpreter.state.setdefault("variables that may be set", []).append(write)


def _delete(interpreter: Interpreter, name: Value) -> None:
    read_variable(interpreter, name, MISSING)
    if isinstance(name, str):
        interpreter.unset_variable(name)


def _contains(interpreter: Interpreter, name: Value) -> Value:
    def one(name: Value) -> Value:
        if not isinstance(name, str):
            return interpreter.unknown("whether a variable is set", name, type="bool")
        return interpreter.each(interpreter.variable(name), lambda text: text is not MISSING)

    return interpreter.each(name, one)


def _known_variables(interpreter: Interpreter) -> list[str]:
    return sorted({*interpreter.environment.values, *interpreter.variables.names})


def _names(interpreter: Interpreter) -> list[Value]:
    names: list[Value] = [
        name
        for name in _known_variables(interpreter)
        if interpreter.closed and interpreter.variable(name) is not MISSING
    ]
    if not interpreter.closed:
        names.append(Unknown("the environment variables", "str", several=True))
    return names


def _items(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Box:
    return interpreter.box(
        [
            name if isinstance(name, Unknown) else (name, interpreter.variable(name))
            for name in _names(interpreter)
        ]
    )


def _copy(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    """A dict of its own. In an open environment other variables may be in it."""
    return interpreter.call(dict, [environ(interpreter)], {})


def _clear(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    for name in _names(interpreter):
        if isinstance(name, str):
            interpreter.unset_variable(name)
    return None


def environ(interpreter: Interpreter) -> Thing:
    """`os.environ`."""
    known: Thing | None = interpreter.state.get("os.environ")
    if known is None:
        known = interpreter.state["os.environ"] = Thing(
            "os.environ",
            {
                "get": Native("os.environ.get", _get),
                "pop": Native("os.environ.pop", _pop),
                "setdefault": Native("os.environ.setdefault", _setdefault),
                "update": Native("os.environ.update", _update),
                "items": Native("items", _items),
                "keys": Native(
                    "keys",
                    lambda interpreter, arguments, keywords: interpreter.box(_names(interpreter)),
                ),
                "values": Native(
                    "values",
                    lambda interpreter, arguments, keywords: interpreter.box(
                        [Unknown("the environment variables", "str", several=True)]
                    ),
                ),
                "copy": Native("copy", _copy),
                "clear": Native("clear", _clear),
            },
            item=lambda interpreter, name: read_variable(interpreter, name, MISSING),
            set_item=_set,
            delete_item=_delete,
            contains=_contains,
            iterate=_names,
        )
    return known


# -- paths -----------------------------------------------------------------------------------------


def text_path(run: Callable[..., Any]) -> Callable[..., Any]:
    """A function of `os.path`, for paths that are text or `pathlib` paths."""

    def native(*paths: Any, **keywords: Any) -> Any:
        return run(
            *(str(each) if hasattr(each, "joinpath") else each for each in paths), **keywords
        )

    return native


def _absolute(interpreter: Interpreter) -> Callable[[str], str]:
    """`abspath` with the project's directory as the current one."""
    return lambda path: posixpath.normpath(
        posixpath.join(working_directory(interpreter), str(path))
    )


def working_directory(interpreter: Interpreter) -> str:
    """Where production is started: in the directory of manage.py, as the deployment has it."""
    return interpreter.directory


def _absolute_path(name: str) -> Native:
    return Native(
        name,
        lambda interpreter, arguments, keywords: interpreter.pure(
            name, _absolute(interpreter), arguments[:1], type="str"
        ),
    )


def _join(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    found = interpreter.pure("os.path.join", text_path(posixpath.join), arguments, type="str")

    def prefix(one: Value) -> Value:
        if isinstance(one, Unknown) and not one.prefix and arguments:
            start = interpreter.resolve(arguments[0])
            if isinstance(start, str):
                one.prefix = start.rstrip("/") + "/" if start else ""
        return one

    return interpreter.each(found, prefix)


def of_the_machine(path: Value) -> bool:
    """Whether a path that is not known lies where only the machine puts files: in the home
    directory, below the installed Python. A closed environment has none there."""
    reason = getattr(path, "reason", "")
    return any(words in reason for words in ("home directory", "sys.prefix", "sys.base_prefix"))


def _exists(kind: str) -> Callable[[Interpreter, Arguments, Keywords], Value]:
    def run(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        def one(path: Value) -> Value:
            name = path_text(path)
            if name is None:
                if interpreter.closed and of_the_machine(path):
                    return False
                return interpreter.unknown(
                    f"whether a file exists{interpreter.here()}", path, type="bool"
                )
            return as_bool(interpreter, interpreter.exists(name, kind))

        return interpreter.each(arguments[0], one)

    return run


def _expand_user(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    def one(path: Value) -> Value:
        name = path_text(path)
        if name is not None and not name.startswith("~"):
            return path
        return interpreter.unknown("a path in the home directory", path, type="str")

    return interpreter.each(arguments[0], one)


def _expand_variables(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    def one(path: Value) -> Value:
        return (
            path
            if isinstance(path, str) and "$" not in path
            else interpreter.unknown("a path with variables in it", path, type="str")
        )

    return interpreter.each(arguments[0], one)


def _path_names(interpreter: Interpreter) -> dict[str, Value]:
    names: dict[str, Value] = {
        name: pure(f"os.path.{name}", text_path(getattr(posixpath, name)), kind)
        for name, kind in {
            "dirname": "str",
            "basename": "str",
            "normpath": "str",
            "split": "tuple",
            "splitext": "tuple",
            "isabs": "bool",
            "commonprefix": "str",
            "commonpath": "str",
            "relpath": "str",
            "normcase": "str",
        }.items()
    }
    names |= {
        "join": Native("os.path.join", _join),
        "abspath": _absolute_path("os.path.abspath"),
        "realpath": _absolute_path("os.path.realpath"),
        "exists": Native("os.path.exists", _exists("any")),
        "lexists": Native("os.path.lexists", _exists("any")),
        "isfile": Native("os.path.isfile", _exists("file")),
        "isdir": Native("os.path.isdir", _exists("dir")),
        "expanduser": Native("os.path.expanduser", _expand_user),
        "expandvars": Native("os.path.expandvars", _expand_variables),
        "sep": "/",
        "pardir": "..",
        "curdir": ".",
        "pathsep": ":",
        "extsep": ".",
    }
    return names


# -- os --------------------------------------------------------------------------------------------


def list_directory(interpreter: Interpreter, path: Value) -> Value:
    """The sorted names in a directory of the project; unknown outside it."""
    name = path_text(path)
    full = interpreter.inside(name) if name is not None else None
    if full is None:
        return interpreter.box(
            [Unknown(f"the files in {name or 'a directory'}", "str", several=True)]
        )
    interpreter.fail(~interpreter.exists(full, "dir"), Failure(FileNotFoundError, (name,)))
    if not os.path.isdir(full):
        return interpreter.box(
            [Unknown(f"the files in {interpreter.relative(full)}", "str", several=True)]
        )
    with os.scandir(full) as entries:
        return interpreter.box(sorted(entry.name for _, entry in zip(range(2000), entries)))


def _list_directory(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    return interpreter.each(
        arguments[0] if arguments else working_directory(interpreter),
        lambda path: list_directory(interpreter, path),
    )


def _walk(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    """`os.walk`: the directories of the project from there on, sorted; unknown outside it."""

    def one(path: Value) -> Value:
        name = path_text(path)
        full = interpreter.inside(name) if name is not None else None
        found = _walked(full) if full is not None and os.path.isdir(full) else None
        if found is not None:
            return interpreter.wrap(found)
        if full is not None and interpreter.closed and not os.path.isdir(full):
            return interpreter.box([])
        return interpreter.box([Unknown("the files that os.walk() finds", several=True)])

    top = arguments[0] if arguments else keywords.get("top", Unknown("a directory"))
    return interpreter.each(top, one)


WALKED = 300
"""How many directories `os.walk` visits at most."""


def _walked(top: str) -> list[tuple[str, list[str], list[str]]] | None:
    """What is below `top`; None if that is too much."""
    found: list[tuple[str, list[str], list[str]]] = []
    for directory, directories, files in os.walk(top):
        directories.sort()
        found.append((directory, list(directories), sorted(files)))
        if len(found) > WALKED or len(files) > 2000:
            return None
    return found


def _getcwd(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    return working_directory(interpreter)


def _open_descriptor(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    """`os.open`: settings use it to write a file that only they may read."""

    def note(path: Value) -> None:
        name = path_text(path)
        if name is not None:
            interpreter.made_files.add(name)

    if arguments:
        interpreter.each(arguments[0], note)
    return Unknown("a file descriptor", "int")


def _open_again(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    from hardango.settings.files import file_of

    return file_of(interpreter, Unknown("the content of a file that is not known", "str"))


def _make_directory(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    for each in arguments[:1]:
        name = path_text(interpreter.resolve(each))
        if name is not None:
            interpreter.made_paths.add(name)
    return None


def _nothing(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    return None


def _os_names(interpreter: Interpreter) -> dict[str, Value]:
    from hardango.settings.imports import model_of

    return {
        "environ": environ(interpreter),
        "getenv": Native("os.getenv", _get),
        "environb": Unknown("os.environb"),
        # These change what child processes get, not `os.environ`.
        "putenv": constant("os.putenv", None),
        "unsetenv": constant("os.unsetenv", None),
        "path": model_of(interpreter, "os.path"),
        "sep": "/",
        "linesep": "\n",
        "pathsep": ":",
        "name": "posix",
        "curdir": ".",
        "pardir": "..",
        "altsep": None,
        "devnull": "/dev/null",
        "F_OK": 0,
        "R_OK": 4,
        "W_OK": 2,
        "X_OK": 1,
        "getcwd": Native("os.getcwd", _getcwd),
        "listdir": Native("os.listdir", _list_directory),
        "walk": Native("os.walk", _walk),
        "fspath": pure("os.fspath", str, "str"),
        "makedirs": Native("os.makedirs", _make_directory),
        "mkdir": Native("os.mkdir", _make_directory),
        "open": Native("os.open", _open_descriptor),
        "fdopen": Native("os.fdopen", _open_again),
        "close": Native("os.close", _nothing),
        "chdir": Native("os.chdir", _nothing),
        "umask": constant("os.umask", 0o22),
        "chmod": Native("os.chmod", _nothing),
        "remove": Native("os.remove", _nothing),
        "unlink": Native("os.unlink", _nothing),
        "rename": Native("os.rename", _nothing),
        "access": Native("os.access", _exists("any")),
        "getpid": constant("os.getpid", Unknown("the process id", "int")),
        "getuid": constant("os.getuid", Unknown("the user id", "int")),
        "cpu_count": constant("os.cpu_count", Unknown("the number of processors", "int")),
        "urandom": constant(
            "os.urandom", Unknown("random bytes, new at each start", "bytes", fresh=True)
        ),
        "getlogin": constant("os.getlogin", Unknown("the name of the user", "str")),
        "error": OSError,
    }


# -- glob ------------------------------------------------------------------------------------------


def glob_files(interpreter: Interpreter, pattern: str) -> list[str]:
    """The files of the project that match an absolute pattern, sorted; at most 500."""
    import fnmatch

    parts = pattern.split("/")
    found = [parts[0] or "/"]
    for part in parts[1:]:
        grown: list[str] = []
        for base in found:
            if not any(sign in part for sign in "*?["):
                grown.append(posixpath.join(base, part))
                continue
            full = interpreter.inside(base)
            if full is None or not os.path.isdir(full):
                continue
            names = sorted(os.listdir(full)[:2000])
            hidden = part.startswith(".")
            grown += [
                posixpath.join(base, name)
                for name in names
                if fnmatch.fnmatchcase(name, part) and (hidden or not name.startswith("."))
            ]
        found = grown[:500]
    return [each for each in found if interpreter.inside(each) and os.path.exists(each)]


def _glob(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    def one(pattern: Value) -> Value:
        name = path_text(pattern)
        if name is None or "**" in name:
            return interpreter.box([Unknown("the files that a pattern finds", "str", several=True)])
        full = posixpath.join(working_directory(interpreter), name)
        matches = glob_files(interpreter, full)
        return interpreter.box(
            matches
            if name == full
            else [posixpath.relpath(each, working_directory(interpreter)) for each in matches]
        )

    return interpreter.each(arguments[0], one)


def _glob_names(interpreter: Interpreter) -> dict[str, Value]:
    return {"glob": Native("glob.glob", _glob), "iglob": Native("glob.iglob", _glob)}


MODULES: dict[str, Callable[[Interpreter], dict[str, Value]]] = {
    "os": _os_names,
    "os.path": _path_names,
    "posixpath": _path_names,
    "glob": _glob_names,
}
