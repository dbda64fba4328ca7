"""Files that production has in another place than the repository."""

from __future__ import annotations

import os
from collections.abc import Mapping

from hardango.findings import Place
from hardango.light import TYPE_CHECKING

if TYPE_CHECKING:
    from hardango.settings.interpreter import Interpreter


class Placed:
    """By their absolute path in production: where they are in the repository, and what puts them
    in place. `given` has both relative to the root."""

    def __init__(self, root: str, given: Mapping[str, tuple[str, Place]]) -> None:
        self.root, self._shown = root, dict[str, str]()
        self.files = {
            os.path.join(root, file): (os.path.join(root, source), place)
            for file, (source, place) in given.items()
        }

    def source(self, full: str) -> str:
        """Where the repository has what production has at `full`."""
        return os.path.realpath(self.files[full][0]) if full in self.files else full

    def shown(self, path: str) -> str:
        """A path as a report shows it: where the repository has it, from the root. A file is asked
        for with each of its statements."""
        found = self._shown.get(path)
        if found is None:
            full, prefix = os.path.realpath(self.source(path)), self.root.rstrip(os.sep) + os.sep
            found = full[len(prefix) :].replace(os.sep, "/") if full.startswith(prefix) else full
            self._shown[path] = found
        return found

    def use(self, interpreter: Interpreter, full: str) -> str:
        """The same, for a file that is read: that is said."""
        if full in self.files:
            there = os.path.relpath(full, self.root).replace(os.sep, "/")
            said = f"production has {self.shown(full)} as {there}"
            interpreter.note(said, self.files[full][1])
        return self.source(full)
