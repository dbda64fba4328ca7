"""Loads one settings module for real and writes its values as JSON.

Run by `real.py` as `python -I -S runner.py` with the interpreter that suits the project; reads
a request (JSON) from standard input. Standard library only, until the libraries are added to the
path; the project's code then runs here, with the given environment and no other, without
network and subprocesses, and writing only below the throw-away copy of its tree.
"""

from __future__ import annotations

import ast
import datetime
import enum
import importlib
import importlib.machinery
import json
import os
import re
import subprocess
import sys
import traceback
import types
from collections.abc import Mapping
from typing import Any

if __name__ == "__main__":
    HERE = os.path.dirname(os.path.abspath(__file__))
    sys.path.insert(0, os.path.dirname(os.path.dirname(HERE)))
from benchmarks.truth.stubs import MARK, Stub, StubBase, StubFinder

FALSE = "/bin/false"
NOT_DJANGOS = (
    "a settings library stands in for django.conf.settings, which only a whole start sets up"
)


class NotComparable(Exception):
    """The value has no form in JSON that two programs could agree on; the text says why."""


def main() -> None:
    request = json.load(sys.stdin)
    answer = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)  # what the project prints goes to standard error
    finder = _prepare(request)
    _fail_git()
    _always(request["always"], request["root"])
    confinement = _confine(request["root"])
    try:
        values = _load(request["module"], request["configuration"])
    except BaseException as error:  # SystemExit included: a project may give up as it likes
        confinement["on"] = False
        last = traceback.extract_tb(error.__traceback__)[-1]
        result: dict[str, Any] = {
            "error": " ".join(f"{type(error).__name__}: {error}".split())[:500],
            "at": f"{os.path.relpath(last.filename, request['root'])}:{last.lineno}",
        }
    else:
        confinement["on"] = False
        result = _encoded(values)
        result["inherited"] = _inherited(values) if request["configuration"] else []
        if request.get("judge"):
            found = _judged(request["judge"])
            result |= {"findings": found} if found else {"error": NOT_DJANGOS, "at": ""}
    result["stubbed"] = sorted(finder.found)
    json.dump(result, answer)
    answer.flush()
    os._exit(0)  # threads or exit handlers that a project started have no say


def _prepare(request: dict[str, Any]) -> StubFinder:
    """Set the path, the arguments and the environment as production would have them."""
    sys.dont_write_bytecode = True
    sys.path.pop(0)  # from here on the names belong to the project
    for ours in ("benchmarks", "benchmarks.truth"):
        del sys.modules[ours]
    sys.argv = ["gunicorn"]
    sys.prefix = sys.exec_prefix = "/usr/local"  # as in a container, whatever runs this here
    os.chdir(request["root"])
    roots = [os.path.normpath(os.path.join(request["root"], p)) for p in request["import_roots"]]
    sys.path[:0] = roots
    sys.path.append(request["libraries"])
    finder = StubFinder(
        request["root"], roots, request["libraries"], request["absent"], request["stubbed"]
    )
    sys.meta_path.append(finder)
    os.environ.clear()
    os.environ.update(request["environment"])
    os.environ["DJANGO_SETTINGS_MODULE"] = request["module"]
    if request["configuration"]:
        os.environ["DJANGO_CONFIGURATION"] = request["configuration"]
    return finder


def _fail_git() -> None:
    """git fails as it does outside a repository; other programs are not there at all."""
    start = subprocess.Popen.__init__

    def start_or_fail(self: Any, args: Any, *rest: Any, **options: Any) -> None:
        program = args.split()[0] if isinstance(args, str) else os.fsdecode(next(iter(args)))
        if os.path.basename(program) == "git":
            for name in ("shell", "cwd", "env", "executable", "preexec_fn"):
                options.pop(name, None)
            args = [FALSE]
        start(self, args, *rest, **options)

    subprocess.Popen.__init__ = start_or_fail  # type: ignore[method-assign]


def _always(values: Mapping[str, object], root: str) -> None:
    """Whatever the project assigns to one of these names, it is this value."""
    compiled = importlib.machinery.SourceFileLoader.source_to_code

    class Assigned(ast.NodeTransformer):
        def replaced(self, node: Any) -> Any:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            for each in targets:
                if isinstance(each, ast.Name) and each.id in values and node.value is not None:
                    node.value = ast.copy_location(ast.Constant(values[each.id]), node.value)
            return node

        visit_Assign = visit_AnnAssign = replaced

    def source_to_code(self: Any, data: Any, path: Any, *rest: Any, **options: Any) -> Any:
        if os.fsdecode(path).startswith(root + os.sep) and not isinstance(data, ast.AST):
            data = Assigned().visit(ast.parse(data))
        return compiled(self, data, path, *rest, **options)

    if values:
        importlib.machinery.SourceFileLoader.source_to_code = source_to_code  # type: ignore[method-assign]


def _confine(root: str) -> dict[str, bool]:
    """Refuse, from now on, writing outside `root`, subprocesses and network."""
    state = {"on": True}
    real_root = os.path.realpath(root) + os.sep
    writes = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
    changes = ("os.mkdir", "os.remove", "os.rename", "os.rmdir", "os.chmod", "os.truncate")
    runs = ("subprocess.Popen", "os.system", "os.exec", "os.fork", "os.posix_spawn", "os.spawn")

    def check(event: str, args: tuple[Any, ...]) -> None:
        if not state["on"]:
            return
        if event == "open":
            path, _mode, flags = args
            writing = flags & writes if isinstance(flags, int) else False
            if not writing or isinstance(path, int) or path == os.devnull:
                return
        elif event in changes:
            path = args[0]
        elif event in runs:
            if args[0] == FALSE:
                return
            raise FileNotFoundError(2, "No such file or directory (no programs here)")
        elif event in ("socket.connect", "socket.getaddrinfo", "socket.bind"):
            raise OSError(101, "Network is unreachable")
        else:
            return
        if isinstance(path, int):
            return  # a file that is open already
        if not (os.path.realpath(os.fsdecode(path)) + os.sep).startswith(real_root):
            raise PermissionError(13, "Permission denied", os.fsdecode(path))

    sys.addaudithook(check)
    return state


def _load(module: str, configuration: str) -> dict[str, object]:
    """The upper-case names of the module or the configuration class, as Django takes them."""
    if configuration:
        # Not configurations.setup(), which would load the installed apps too.
        importlib.import_module("configurations.importer").install()
    importlib.import_module(module)
    loaded = sys.modules[module]  # where the importer puts what the class says, too
    values = {name: getattr(loaded, name) for name in dir(loaded) if name.isupper()}
    # Only now: a project may bring its own copy of Django.
    settings = importlib.import_module("django.conf").settings
    if not settings.configured:  # translating a lazy text needs some settings
        settings.configure(USE_I18N=False)
    return values


def _judged(source: str) -> list[dict[str, Any]]:
    """What the controls of Hardango, which lies at `source`, say of the settings as Django has them."""
    sys.path.append(source)
    settings = importlib.import_module("django.conf").settings
    # A lazy text is its own key: no app is there to translate it.
    translation = importlib.import_module("django.utils.translation")
    translation._trans = importlib.import_module("django.utils.translation.trans_null")
    if type(settings).__name__ == "LazySettings" and type(settings).__module__ == "django.conf":
        settings._wrapped = importlib.import_module("django.utils.functional").empty
    if not any(map(settings.is_overridden, ("INSTALLED_APPS", "ROOT_URLCONF"))):
        return []
    findings = importlib.import_module("hardango.django.loaded").findings
    return [
        {"control": each.control, "verdict": each.verdict.value, "message": each.message}
        for each in findings(pedantic=True)
    ]


def _inherited(values: dict[str, object]) -> list[str]:
    """The names that a configuration class has from Django and from the library as they are."""
    defaults = importlib.import_module("django.conf.global_settings")
    library = importlib.import_module("configurations").Configuration
    return [
        name
        for name, value in values.items()
        if name == "CONFIGURATION"  # the library's own note of which class it was
        or any(value is getattr(owner, name, NotComparable) for owner in (defaults, library))
    ]


def _encoded(values: dict[str, object]) -> dict[str, Any]:
    settings, left_out = {}, {}
    for name, value in sorted(values.items()):
        try:
            settings[name] = encode(value)
        except NotComparable as reason:
            left_out[name] = str(reason)
        except Exception as error:  # the str() of a lazy object may do anything
            left_out[name] = f"{type(error).__name__}: {error}"[:200]
    return {"settings": settings, "left_out": left_out}


def encode(value: object, depth: int = 0) -> Any:
    """`value` in the JSON form that design.md fixes; a set is marked as such.

    Raises NotComparable for stubs, functions, classes and objects without a text of their own.
    """
    if depth > 30:
        raise NotComparable("nested too deeply")
    if isinstance(value, Stub | StubBase):
        raise NotComparable("made from a module that is not installed")
    if isinstance(value, enum.Enum) and not isinstance(value, str | int):
        return _text(str(value))
    if value is None or isinstance(value, bool):
        return value
    if isinstance(value, str):
        return _text(str.__str__(value))
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return value if value == value and abs(value) != float("inf") else str(value)
    if isinstance(value, Mapping):
        return {_text(str(k)): encode(v, depth + 1) for k, v in value.items()}
    if isinstance(value, set | frozenset):
        return {"\u0000set": [encode(item, depth + 1) for item in value]}
    if isinstance(value, list | tuple):
        return [encode(item, depth + 1) for item in value]
    if isinstance(value, os.PathLike | datetime.timedelta | re.Pattern | bytes):
        return _text(str(value))
    if isinstance(value, type | types.FunctionType | types.BuiltinFunctionType | types.ModuleType):
        raise NotComparable(f"a {type(value).__name__}")
    if isinstance(value, types.MethodType | types.GeneratorType):
        raise NotComparable(f"a {type(value).__name__}")
    return _text(str(value))


def _text(text: str) -> str:
    if MARK in text:
        raise NotComparable("made from a module that is not installed")
    if re.search(r" at 0x[0-9a-f]+|<function |<class ", text):
        raise NotComparable("an object without a text of its own")
    return text


if __name__ == "__main__":
    main()
