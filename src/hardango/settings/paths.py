"""The pure paths of `pathlib`, without what loading pathlib costs.

Nearly all settings do no more with it than `Path(__file__).resolve().parent.parent / "x"`, and to
load pathlib, with urllib and ipaddress, takes a tenth of the time of an audit. What is rarer is
asked of the real pathlib.
"""

from __future__ import annotations

from hardango.light import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from pathlib import PurePosixPath as PurePosixPath
else:

    def _asked(name):
        """A method as pathlib has it."""

        def method(self, *arguments, **keywords):
            found = getattr(_real(self), name)(*map(_real, arguments), **keywords)
            return PurePosixPath(found) if hasattr(found, "parts") else found

        return method

    class PurePosixPath:
        """`pathlib.PurePosixPath`: a root ("", "/" or "//") and the names below it."""

        __slots__ = ("_names", "root")

        def __new__(cls, *parts):
            path = super().__new__(cls)
            path.root, path._names = "", ()
            for part in parts:
                text = str(part if _is_path(part) else _pathlib().PurePosixPath(part))
                if text.startswith("/"):
                    path.root = "//" if text.startswith("//") and text[2:3] != "/" else "/"
                    path._names = ()
                path._names += tuple(name for name in text.split("/") if name not in ("", "."))
            return path

        def __str__(self):
            return self.root + "/".join(self._names) or "."

        __fspath__ = as_posix = __str__

        def __repr__(self):
            return f"PurePosixPath({str(self)!r})"

        def __eq__(self, other):
            return self.parts == other.parts if isinstance(other, PurePosixPath) else NotImplemented

        def __lt__(self, other):
            return self.parts < other.parts if isinstance(other, PurePosixPath) else NotImplemented

        def __le__(self, other):
            return self.parts <= other.parts if isinstance(other, PurePosixPath) else NotImplemented

        def __hash__(self):
            return hash(self.parts)

        def __reduce__(self):
            return PurePosixPath, (str(self),)

        def __truediv__(self, other):
            return PurePosixPath(self, other) if _is_path(other) else NotImplemented

        def __rtruediv__(self, other):
            return PurePosixPath(other, self) if _is_path(other) else NotImplemented

        def joinpath(self, *parts):
            return PurePosixPath(self, *parts)

        def is_absolute(self):
            return bool(self.root)

        @property
        def parts(self):
            return (self.root, *self._names) if self.root else self._names

        @property
        def name(self):
            return self._names[-1] if self._names else ""

        @property
        def parent(self):
            return PurePosixPath(self.root, *self._names[:-1])

        @property
        def parents(self):
            found = [self.parent] if self._names else []
            while found and found[-1]._names:
                found.append(found[-1].parent)
            return tuple(found)

        drive = ""
        anchor = property(lambda self: self.root)
        stem = property(lambda self: _real(self).stem)
        suffix = property(lambda self: _real(self).suffix)
        suffixes = property(lambda self: _real(self).suffixes)
        with_name, with_stem, with_suffix = map(_asked, ("with_name", "with_stem", "with_suffix"))
        relative_to, is_relative_to = _asked("relative_to"), _asked("is_relative_to")
        match, as_uri = _asked("match"), _asked("as_uri")

    def _is_path(value):
        return isinstance(value, str | PurePosixPath)

    def _pathlib():
        import pathlib

        return pathlib

    def _real(value: Any) -> Any:
        """A path of ours as one of pathlib's; anything else as it is."""
        if isinstance(value, PurePosixPath):
            return _pathlib().PurePosixPath(str(value))
        return value
