"""Stand-ins for third-party modules that are not installed where a settings module is loaded.

Whatever is taken from such a module is a `Stub`: it can be called, subclassed, iterated (it is
empty), compared and written as a string, and it leaves a mark in what it touches, so that a
setting made from it is recognised and left out of the comparison.
"""

from __future__ import annotations

import importlib
import importlib.machinery
import importlib.util
import os
import sys
import types
from collections.abc import Iterator, Sequence
from typing import Any

# In the text of every stub; nothing that a project writes contains it.
MARK = "\u27eastub:"
# Modules that import on behalf of their caller.
MACHINERY = {__file__, importlib.__file__, importlib.util.__file__}
# Drivers that Django itself imports when a project touches its database backends.
DRIVERS = {"psycopg", "psycopg2", "MySQLdb", "oracledb"}


class Stub:
    def __init__(self, name: str) -> None:
        self.__dict__["_stub_name"] = name

    def __repr__(self) -> str:
        return f"{MARK}{self._stub_name}\u27eb"

    __str__ = __fspath__ = __repr__

    def __format__(self, specification: str) -> str:
        return repr(self)

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return stub(f"{self._stub_name}.{name}")

    def __setattr__(self, name: str, value: object) -> None:
        pass

    def __call__(self, *args: object, **kwargs: object) -> Stub:
        return Stub(f"{self._stub_name}()")

    def __getitem__(self, key: object) -> Stub:
        return Stub(f"{self._stub_name}[]")

    def __setitem__(self, key: object, value: object) -> None:
        pass

    def __mro_entries__(self, bases: tuple[object, ...]) -> tuple[type, ...]:
        return (StubBase,)

    def __instancecheck__(self, instance: object) -> bool:
        return False

    def __subclasscheck__(self, subclass: object) -> bool:
        return False

    def __iter__(self) -> Iterator[Any]:
        return iter(())

    def __len__(self) -> int:
        return 0

    def __bool__(self) -> bool:
        return True

    def __contains__(self, item: object) -> bool:
        return False

    def __int__(self) -> int:
        return 0

    __index__ = __int__

    def __float__(self) -> float:
        return 0.0

    def __enter__(self) -> Stub:
        return self

    def __exit__(self, *exception: object) -> None:
        pass

    def _combined(self, other: object = None) -> Stub:
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _combined
    __truediv__ = __rtruediv__ = __floordiv__ = __rfloordiv__ = __mod__ = __rmod__ = _combined
    __or__ = __ror__ = __and__ = __rand__ = __xor__ = __rxor__ = _combined
    __neg__ = __pos__ = __invert__ = _combined

    def _unordered(self, other: object) -> bool:
        return False

    __lt__ = __le__ = __gt__ = __ge__ = _unordered

    def keys(self) -> tuple[()]:
        return ()

    def items(self) -> tuple[()]:
        return ()


class StubBase:
    """What a class gets as its base when it inherits from a stub."""

    def __init_subclass__(cls, **arguments: object) -> None:
        pass

    def __init__(self, *args: object, **kwargs: object) -> None:
        pass

    def __repr__(self) -> str:
        return f"{MARK}{type(self).__name__}\u27eb"


def stub(name: str) -> Any:
    """A stub, or a real exception class where the name says so (`except` needs one)."""
    if name.rpartition(".")[2].endswith(("Error", "Exception", "Warning", "DoesNotExist")):
        return type(name.rpartition(".")[2], (Exception,), {})
    return Stub(name)


class StubModule(types.ModuleType):
    __path__: list[str] = []
    __all__: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name == "__file__":
            return f"/{Stub(self.__name__)}/__init__.py"
        if name.startswith("__") and name.endswith("__"):
            raise AttributeError(name)
        return stub(f"{self.__name__}.{name}")


class StubFinder:
    """The last finder of the path: gives the project a stub for each top-level name nobody has.

    Not for what the project or the installed libraries own (a module missing there is really
    missing), nor for the modules named in `absent`, nor when a library or the standard library
    looks for something optional.
    """

    def __init__(
        self,
        root: str,
        import_roots: Sequence[str],
        libraries: str,
        absent: Sequence[str],
        stubbed: Sequence[str],
    ) -> None:
        self.root = root + os.sep
        self.owners = [*import_roots, libraries]
        self.absent = frozenset(absent)
        self.stubbed = frozenset(stubbed)
        for name in stubbed:
            if "." in name:  # of a package that is there, but not this part of it
                sys.modules[name] = StubModule(name)
        self.found: set[str] = set()

    def find_spec(
        self, name: str, path: object = None, target: object = None
    ) -> importlib.machinery.ModuleSpec | None:
        top = name.partition(".")[0]
        if top in self.absent or top in sys.stdlib_module_names:
            return None
        if top not in self.stubbed and self._owned(top):
            return None
        if top not in self.found | DRIVERS and not self._asked_by_project():
            return None
        self.found.add(top)
        return importlib.machinery.ModuleSpec(name, self, is_package=True)  # type: ignore[arg-type]

    def _asked_by_project(self) -> bool:
        frame: types.FrameType | None = sys._getframe(1)
        while frame is not None:
            file = frame.f_code.co_filename
            if not file.startswith("<frozen importlib") and file not in MACHINERY:
                return file.startswith((self.root, "<"))
            frame = frame.f_back
        return False

    def _owned(self, top: str) -> bool:
        return any(
            os.path.exists(os.path.join(root, top + suffix))
            for root in self.owners
            for suffix in ("", ".py")
        )

    def create_module(self, spec: importlib.machinery.ModuleSpec) -> StubModule:
        return StubModule(spec.name)

    def exec_module(self, module: types.ModuleType) -> None:
        pass
