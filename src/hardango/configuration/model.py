"""What a configuration says, as plain data."""

from __future__ import annotations

import os
from collections.abc import Mapping

from hardango.findings import Ignored, Note, Place
from hardango.light import Any, NamedTuple
from hardango.project.model import Topology


class Rule(NamedTuple):
    """What does not count: the problems of `control`, for the reason in `ignored`.

    A rule of the configuration holds for what is decided in a file that `pattern` matches,
    relative to `directory`, and for what is `about` a setting, "" for any. A comment holds for
    `lines` of its file, and, standing alone, for `anywhere`: what is missing in that file. With
    `until_fixed` it holds only for what no version of a package mends.
    """

    control: str
    ignored: Ignored
    directory: str = ""
    pattern: str = ""
    about: str = ""
    lines: tuple[int, ...] = ()
    anywhere: bool = False
    until_fixed: bool = False


class Configuration(NamedTuple):
    """A configuration that was found, and checked.

    `file` is its absolute path, `line` where it starts, `shown` how its path is written for the
    user; `values` the keys that command-line options share and overrule; `env_file` and
    `variables` the environment, these with the line of each.
    """

    file: str
    line: int
    shown: str
    values: Mapping[str, Any] = {}
    env_file: str = ""
    variables: Mapping[str, tuple[str, int]] = {}
    topology: Topology = Topology()
    rules: tuple[Rule, ...] = ()
    notes: tuple[Note, ...] = ()

    def place(self, line: int, root: str) -> Place:
        """A line of the file as a place in the project at `root`."""
        return Place(os.path.relpath(self.file, root).replace(os.sep, "/"), line)
