"""The source of the functions and classes that a loaded project tells of: read, never run."""

from __future__ import annotations

import ast
import os
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from hardango.access.asked import Names
from hardango.light import NamedTuple, TypeAlias

Facts: TypeAlias = Mapping[str, Any]
Function: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef"
Functions: TypeAlias = "dict[tuple[int, str], list[Function | ast.Lambda]]"

LARGEST = 4_000_000
"""Bytes of a source that is read."""


class Code(NamedTuple):
    """A function: `factory` is the dotted name of the outermost function that it was made in, or
    its own; `function` its syntax tree, None if that is not at hand; `file` its path in the
    project, "" outside of it."""

    factory: str
    name: str
    line: int
    function: Function | ast.Lambda | None = None
    names: Names = str
    file: str = ""

    @property
    def whole(self) -> Function | None:
        """The function, unless it is a lambda."""
        return None if isinstance(self.function, ast.Lambda) else self.function


class Codes:
    """The codes of a loaded project. `shown` gives the path in the project of a file, "" for one
    outside."""

    def __init__(self, facts: Facts, shown: Callable[[str], str]) -> None:
        self.told, self.shown = facts["codes"], shown
        self.made: dict[int, Code] = {}
        self.trees: dict[str, tuple[Functions, dict[str, str]]] = {}

    def __getitem__(self, number: int) -> Code:
        if number not in self.made:
            self.made[number] = self.read(self.told[number])
        return self.made[number]

    def read(self, told: Facts) -> Code:
        factory = f"{told['module']}.{told['qualname'].partition('.<locals>')[0]}"
        functions, imported = self.tree(told["file"])
        # What has no name of its own, such as a constant, is what it was imported as.
        names = {**imported, **told["names"]}
        found = functions.get((told["line"], told["name"]), [])
        return Code(
            factory, told["name"], told["line"], _one(found, told["at"]),
            lambda name: names.get(name, name), self.shown(told["file"]),
        )  # fmt: skip

    def tree(self, file: str) -> tuple[Functions, dict[str, str]]:
        if file not in self.trees:
            tree = _parsed(file)
            self.trees[file] = _functions(tree), _imported(tree)
        return self.trees[file]


def _one(found: list[Function | ast.Lambda], at: list[int] | None) -> Function | ast.Lambda | None:
    """The function that is meant, of those that begin on one line."""
    if len(found) == 1:
        return found[0]
    holding = [each for each in found if at is not None and _holds(each, *at)]
    return holding[-1] if holding else None


def _parsed(file: str) -> ast.Module:
    try:
        if os.path.isfile(file) and os.path.getsize(file) <= LARGEST:
            with open(file, "rb") as opened:
                return ast.parse(opened.read())
    except (OSError, SyntaxError, ValueError, RecursionError, MemoryError):
        pass
    return ast.Module(body=[], type_ignores=[])


def _functions(tree: ast.Module) -> Functions:
    """The functions of a module by their first line, that of a decorator included, and name."""
    found: Functions = {}
    for node in _outside_in(tree):
        lines = [node.lineno]
        if not isinstance(node, ast.Lambda):
            lines += [each.lineno for each in node.decorator_list]
        found.setdefault((min(lines), getattr(node, "name", "<lambda>")), []).append(node)
    return found


def _imported(tree: ast.Module) -> dict[str, str]:
    """The dotted names of what a module imports from others, as it calls them."""
    return {
        alias.asname or alias.name: f"{node.module}.{alias.name}"
        for node in tree.body
        if isinstance(node, ast.ImportFrom) and node.module and not node.level
        for alias in node.names
    }


def _outside_in(tree: ast.AST) -> Iterator[Function | ast.Lambda]:
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)):
            yield node


def _holds(node: Function | ast.Lambda, line: int, column: int) -> bool:
    end = (node.end_lineno or node.lineno, node.end_col_offset or 0)
    return (node.lineno, node.col_offset) <= (line, column) < end
