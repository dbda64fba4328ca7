"""Hardango takes a Django project from its defaults to hardened for production."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec, SourceFileLoader
    from types import ModuleType

__version__ = "0.1.0"


# The types by which this very module was loaded: importlib need not be.
_Spec: type[ModuleSpec] = type(__spec__)
_Loader: type[SourceFileLoader] = type(__spec__.loader)  # type: ignore[assignment]


class _Finder:
    """Finds the modules of this package where they lie, with one look at the disk. An audit loads
    a hundred of them, and the search through all that an import could mean takes as long as
    judging does (docs/decisions/0002). What isn't a plain file here, is searched for as ever."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if not path or not name.startswith("hardango."):
            return None
        file = f"{path[0]}{os.sep}{name.rpartition('.')[2]}.py"
        if not os.path.isfile(file):
            return None
        spec = _Spec(name, _Loader(name, file), origin=file)
        spec.has_location = True
        return spec


if _Loader.__name__ == "SourceFileLoader":  # not out of a zip file, not frozen
    sys.meta_path.insert(0, _Finder)
