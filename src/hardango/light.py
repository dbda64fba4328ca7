"""What this package needs of `typing`, at a tenth of the price.

Importing `typing` and making thirty named tuples takes a sixth of the time of an audit. A type
checker sees the real names here; at run time they are these few lines. See "start-up" in
docs/architecture.md.
"""

from __future__ import annotations

import sys

TYPE_CHECKING = False

if TYPE_CHECKING:
    from types import ModuleType
    from typing import Any as Any
    from typing import Final as Final
    from typing import NamedTuple as NamedTuple
    from typing import NoReturn as NoReturn
    from typing import TypeAlias as TypeAlias
else:
    from _collections import _tuplegetter

    Any = Final = NoReturn = TypeAlias = object

    class _Record(type):
        """Makes a tuple with named items of a class body that only annotates them."""

        def __new__(mcs, name, bases, body):
            if not bases:
                return super().__new__(mcs, name, bases, body)
            names = tuple(body.get("__annotations__", ()))
            body["_field_defaults"] = {each: body[each] for each in names if each in body}
            for at, each in enumerate(names):
                body[each] = _tuplegetter(at, None)
            body["_fields"] = body["__match_args__"] = names
            body["_last"] = tuple(body["_field_defaults"].values())
            body["__slots__"] = ()
            return type.__new__(type, name, (_Tuple,), body)

    class _Tuple(tuple):
        """The behaviour of a named tuple."""

        __slots__ = ()
        _fields = ()
        _field_defaults = {}
        _last = ()

        def __new__(cls, /, *values, **named):
            names = cls._fields
            if named or len(values) != len(names):
                rest = names[len(values) :]
                if not named and 0 < len(rest) <= len(cls._last):
                    return tuple.__new__(cls, values + cls._last[-len(rest) :])
                given, wanted = {**cls._field_defaults, **named}, {*rest}
                if len(values) > len(names) or not named.keys() <= wanted <= given.keys():
                    raise TypeError(f"{cls.__name__}() takes {', '.join(names)}")
                values += tuple(map(given.__getitem__, rest))
            return tuple.__new__(cls, values)

        @classmethod
        def _make(cls, values):
            return cls(*values)

        def _replace(self, /, **changed):
            names, values = self._fields, list(self)
            for name, value in changed.items():
                if name not in names:
                    raise TypeError(f"{type(self).__name__}() takes {', '.join(names)}")
                values[names.index(name)] = value
            return tuple.__new__(type(self), values)

        def _asdict(self):
            return dict(zip(self._fields, self))

        def __getnewargs__(self):
            return tuple(self)

        def __repr__(self):
            said = ", ".join(f"{name}={value!r}" for name, value in self._asdict().items())
            return f"{type(self).__name__}({said})"

    class NamedTuple(metaclass=_Record):
        """As `typing.NamedTuple`: fields by annotation, defaults by value."""


def module(name: str) -> ModuleType:
    """The module of this package with that full name, as `importlib.import_module` gives it.
    Raises ImportError."""
    if not name.startswith("hardango."):
        raise ImportError(f"{name} is not ours", name=name)
    __import__(name)
    return sys.modules[name]
