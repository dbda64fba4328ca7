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
        self.root = root
        self.files = {
            os.path.join(root, file): (os.path.join(root, source), place)
            for file, (source, place) in given.items()
        }

    def source(self, full: str) -> str:
        """Where the repository has what production has at `full`."""
        return os.path.realpath(self.files[full][0]) if full in self.files else full

    def use(self, interpreter: Interpreter, full: str) -> str:
        """The same, for a file that is read: that is said."""
        if full in self.files:
            there = os.path.relpath(full, self.root).replace(os.sep, "/")
            said = f"production has {interpreter.relative(full)} as {there}"
            interpreter.note(said, self.files[full][1])
        return self.source(full)
