"""The modules of an audit in one file of bytecode, loaded at one go.

To find, open, check and read a hundred and fifty modules one by one takes a tenth of the time of
an audit. The file lies beside the bytecode that Python keeps, and is as much a cache as that: who
may write there makes it, a source that has changed in any way makes it void, and without it every
module is loaded as ever. See docs/decisions/0002.
"""

from __future__ import annotations

import marshal
import os
import sys

import hardango
from hardango.light import TYPE_CHECKING

if TYPE_CHECKING:
    from types import CodeType, ModuleType

    Kept = tuple[str, str, int, int, CodeType]
    """The name of a module, its file below the package, the file's time and size, the code."""

_RARE = ("hardango.settings.stdlib.", "hardango.settings.libraries.", "hardango.report.",
         "hardango.controls.third_party.")  # fmt: skip
"""What an audit loads only where a project, or its user, asks for it …"""
_COMMON = {
    "hardango.settings.stdlib.pathlib", "hardango.settings.libraries.django",
    "hardango.settings.libraries.django_urls", "hardango.report.formats", "hardango.report.groups",
    "hardango.report.terminal",
}  # fmt: skip
"""… but nearly all do."""


def file() -> str:
    """Where it lies."""
    return hardango.beside("audit", hardango.ENDING.removesuffix(".pyc") + ".pack")


def load() -> bool:
    """Load every module that is in the file and not yet here; whether there was a file, and one
    that is true of every source."""
    try:
        with open(file(), "rb") as opened:
            magic, kept = marshal.loads(opened.read())
        if magic != hardango.MAGIC:
            return False
        for _, path, time, size, _ in kept:
            source = os.stat(hardango.HERE + path)
            if (int(source.st_mtime), source.st_size) != (time, size):
                return False
    except (OSError, EOFError, ValueError, TypeError):
        return False
    new = [each for each in kept if each[0] not in sys.modules]
    modules = [_made(name, hardango.HERE + path) for name, path, *_ in new]
    for module, (name, _, _, _, code) in zip(modules, new, strict=True):
        exec(code, module.__dict__)
        parent, _, last = name.rpartition(".")
        setattr(sys.modules[parent], last, module)
    return True


def _made(name: str, path: str) -> ModuleType:
    """A module with what importlib gives it, still empty."""
    spec = hardango.spec_of(name, path)
    module = sys.modules[name] = type(sys)(name)
    module.__spec__, module.__loader__ = spec, spec.loader
    module.__file__, module.__package__ = path, spec.parent
    module.__cached__ = spec.cached  # type: ignore[attr-defined]
    if spec.submodule_search_locations is not None:
        module.__path__ = spec.submodule_search_locations
    return module


def save() -> None:
    """Keep the modules that have been loaded since this one, in the order in which they were
    complete. That it can't be written is no reason to say anything."""
    if sys.dont_write_bytecode or not hardango.ENDING:
        return
    names = hardango.complete[hardango.complete.index(__name__) + 1 :]
    common = [name for name in names if name in _COMMON or not name.startswith(_RARE)]
    kept = [_kept(sys.modules[name]) for name in common]
    part = f"{file()}.{os.getpid()}"
    try:
        with open(part, "xb") as opened:
            opened.write(marshal.dumps((hardango.MAGIC, tuple(kept))))
        os.replace(part, file())
    except OSError:
        _drop(part)


def _drop(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        pass


def _kept(module: ModuleType) -> Kept:
    path = str(module.__file__)
    code = module.__loader__.get_code(module.__name__)  # type: ignore[union-attr]
    source = os.stat(path)
    return (
        module.__name__,
        path.removeprefix(hardango.HERE),
        int(source.st_mtime),
        source.st_size,
        code,
    )
