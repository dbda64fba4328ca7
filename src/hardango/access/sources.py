"""The source of the project, and of packages where it is at hand: what a dotted name stands for.

Nothing is imported. Names are followed as an import would follow them: through `from … import`,
star imports and plain assignments.
"""

from __future__ import annotations

import ast
import os
import time
from collections.abc import Callable, Iterator

from hardango.access.asked import once_assigned
from hardango.findings import Place
from hardango.light import NamedTuple, TypeAlias
from hardango.settings import limits
from hardango.settings.definitions import read_names
from hardango.source import Unparsable, parse

MAX_DEPTH = 12
"""How many re-exports are followed one after another."""
MAX_BYTES = 40_000_000
"""Size of all source files that are read, together."""
SECONDS = 20.0
"""Processor time of one reading: a backstop."""

Function: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef"


class Module(NamedTuple):
    """One module: `names` holds what its names are bound to (statements, or the dotted name of what
    is imported), `shown` its path in the project, "" for a package's."""

    name: str
    path: str
    shown: str
    tree: ast.Module
    names: dict[str, list[ast.stmt | str]]
    stars: list[str]

    def place(self, node: ast.AST) -> Place | None:
        """Where a node stands, None for code of a package."""
        if not self.shown:
            return None
        return Place(self.shown, getattr(node, "lineno", 1), getattr(node, "col_offset", 0) + 1)


class Found(NamedTuple):
    """What a dotted name stands for: a class or function, or the value that it is given.

    `inside` are the functions around it, whose names it sees; `owner` the class it is in.
    """

    module: Module
    node: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef | ast.expr
    dotted: str
    inside: tuple[Function, ...] = ()
    owner: ast.ClassDef | None = None


class Exhausted(Exception):
    """The time or the memory for one project is used up."""


class Sources:
    """Reads modules below `roots`, absolute directories, the project's own first.

    `top` is the directory that places are relative to; `libraries` are directories with installed
    packages, of which no places are told.
    """

    def __init__(self, top: str, roots: tuple[str, ...], libraries: tuple[str, ...] = ()) -> None:
        self.top, self.roots, self.libraries = os.path.realpath(top), roots, libraries
        self.modules: dict[str, Module | None] = {}
        self.found: dict[str, Found | None] = {}
        self.read = 0
        self.deadline = time.process_time() + SECONDS

    # -- modules --

    def module(self, name: str) -> Module | None:
        if name not in self.modules:
            self.modules[name] = None
            path = self.path(name)
            if path is not None:
                self.modules[name] = self.parsed(name, path)
        return self.modules[name]

    def path(self, name: str) -> str | None:
        """The file of a module; it lies below one of the directories, links followed."""
        parts = name.split(".")
        if not all(part.isidentifier() for part in parts):
            return None
        for root in (*self.roots, *self.libraries):
            base = os.path.join(root, *parts)
            for path in (os.path.join(base, "__init__.py"), f"{base}.py"):
                if os.path.isfile(path) and self.allowed(path):
                    return path
        return None

    def allowed(self, path: str) -> bool:
        real = os.path.realpath(path)
        return any(
            real.startswith(os.path.join(os.path.realpath(root), ""))
            for root in (self.top, *self.libraries)
        )

    def parsed(self, name: str, path: str) -> Module | None:
        if time.process_time() > self.deadline or self.read > MAX_BYTES:
            raise Exhausted
        try:
            if os.path.getsize(path) > limits.SOURCE_BYTES:
                return None
            with open(path, "rb") as opened:
                data = opened.read(limits.SOURCE_BYTES)
            tree = parse(data)
        except (OSError, Unparsable):
            return None
        self.read += len(data)
        package = name if os.path.basename(path) == "__init__.py" else name.rpartition(".")[0]
        source = read_names(path, tree, package)
        return Module(name, path, self.shown(path), tree, source.names, source.stars)

    def shown(self, path: str) -> str:
        """The path of a file in the project, "" if it is a package's."""
        real = os.path.realpath(path)
        if any(real.startswith(os.path.realpath(each) + os.sep) for each in self.libraries):
            return ""
        return os.path.relpath(real, self.top).replace(os.sep, "/")

    def at(self, place: Place) -> Module | None:
        """The module whose source a place is in."""
        path = os.path.join(self.top, place.file)
        if not place.file.endswith(".py") or not os.path.isfile(path):
            return None
        real = os.path.realpath(path)
        for root in self.roots:
            inside = os.path.realpath(root) + os.sep
            if real.startswith(inside):
                name = real[len(inside) : -3].replace(os.sep, ".").removesuffix(".__init__")
                found = self.module(name)
                if found is not None and os.path.realpath(found.path) == real:
                    return found
        return None

    # -- names --

    def find(self, dotted: str, depth: int = 0) -> Found | None:
        """What a dotted name stands for; None if its source is not at hand."""
        if dotted in self.found:
            return self.found[dotted]
        if depth > MAX_DEPTH or not dotted:
            return None
        found = self.look(dotted, depth)
        if found is not None or depth == 0:
            self.found[dotted] = found
        return found

    def look(self, dotted: str, depth: int) -> Found | None:
        parts = dotted.split(".")
        for cut in range(len(parts) - 1, 0, -1):
            module = self.module(".".join(parts[:cut]))
            if module is not None:
                return self.within(module, parts[cut:], depth)
        return None

    def within(self, module: Module, parts: list[str], depth: int) -> Found | None:
        """The name `parts` of a module."""
        first, rest = parts[0], parts[1:]
        for bound in reversed(telling(module.names.get(first, []))):
            if isinstance(bound, str):
                return self.find(".".join([bound, *rest]), depth + 1)
            if isinstance(bound, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
                found = Found(module, bound, f"{module.name}.{first}")
                return member(found, rest) if rest else found
            if isinstance(bound, ast.Assign):
                return self.assigned(module, bound.value, parts, depth)
        for star in module.stars:
            found_in = self.find(".".join([star, *parts]), depth + 1)
            if found_in is not None:
                return found_in
        return None

    def assigned(
        self, module: Module, value: ast.expr, parts: list[str], depth: int
    ) -> Found | None:
        first, rest = parts[0], parts[1:]
        if isinstance(value, (ast.Name, ast.Attribute)):
            other = self.name(module, value)
            if other and other != f"{module.name}.{first}":
                found = self.find(".".join([other, *rest]), depth + 1)
                if found is not None:
                    return found
        return None if rest else Found(module, value, f"{module.name}.{first}")

    def canonical(self, dotted: str) -> str:
        """The dotted name under which something is defined, as far as that can be followed."""
        name = dotted
        for _ in range(MAX_DEPTH):
            found = self.find(name)
            if found is not None:
                return found.dotted
            further = self.imported(name)
            if further is None or further == name:
                return name
            name = further
        return name

    def imported(self, dotted: str) -> str | None:
        """What a module imports under a name, be its source at hand or not."""
        parts = dotted.split(".")
        for cut in range(len(parts) - 1, 0, -1):
            module = self.module(".".join(parts[:cut]))
            if module is not None:
                first, rest = parts[cut], parts[cut + 1 :]
                for bound in reversed(telling(module.names.get(first, []))):
                    if isinstance(bound, str):
                        return ".".join([bound, *rest])
                    if isinstance(bound, ast.Assign):
                        other = self.name(module, bound.value)
                        return ".".join([other, *rest]) if other else None
                outside = [each for each in module.stars if self.module(each) is None]
                if first not in module.names and len(outside) == 1:
                    return ".".join([outside[0], first, *rest])
                return None
        return None

    def name(self, module: Module, node: ast.expr) -> str:
        """The dotted name that an expression of a module stands for, "" if it is none."""
        parts: list[str] = []
        while isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        if not isinstance(node, ast.Name):
            return ""
        return ".".join([self.global_name(module, node.id), *reversed(parts)])

    def global_name(self, module: Module, name: str) -> str:
        for bound in reversed(telling(module.names.get(name, []))):
            return bound if isinstance(bound, str) else f"{module.name}.{name}"
        for star in module.stars:
            known = self.module(star)
            if known is not None and (name in known.names or known.stars):
                if self.find(f"{star}.{name}") is not None:
                    return f"{star}.{name}"
                if self.imported(f"{star}.{name}"):
                    return f"{star}.{name}"
        if module.stars and name not in dir_of_builtins():
            outside = [each for each in module.stars if self.module(each) is None]
            if len(outside) == 1:
                return f"{outside[0]}.{name}"
        return name

    def names(self, module: Module) -> Callable[[str], str]:
        """What `bodies` wants: the dotted name of a name of a module, where it is defined."""
        known: dict[str, str] = {}

        def resolve(name: str) -> str:
            if name not in known:
                known[name] = self.canonical(self.global_name(module, name))
            return known[name]

        return resolve


def telling(bound: list[ast.stmt | str]) -> list[ast.stmt | str]:
    """What a name is bound to, without `NAME = None` before an import that may fail."""
    kept = [
        each
        for each in bound
        if not (isinstance(each, ast.Assign) and isinstance(each.value, ast.Constant))
    ]
    return kept or bound


def dir_of_builtins() -> frozenset[str]:
    import builtins

    return frozenset(dir(builtins))


def member(found: Found, rest: list[str]) -> Found | None:
    """What a class defines itself."""
    for part in rest:
        if not isinstance(found.node, ast.ClassDef):
            return None
        node = defined(found.node, part)
        if node is None:
            return None
        found = Found(found.module, node, f"{found.dotted}.{part}", owner=found.node)
    return found


def defined(
    cls: ast.ClassDef, name: str
) -> ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef | ast.expr | None:
    """The last definition of a name in the body of a class."""
    found: ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef | ast.expr | None = None
    for each in members(cls.body):
        if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            if each.name == name:
                found = each
        elif isinstance(each, ast.Assign):
            if any(isinstance(t, ast.Name) and t.id == name for t in each.targets):
                found = each.value
        elif isinstance(each, ast.AnnAssign) and each.value is not None:
            if isinstance(each.target, ast.Name) and each.target.id == name:
                found = each.value
    return found


def members(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    for each in body:
        yield each
        if isinstance(each, ast.If):
            yield from members([*each.body, *each.orelse])
        elif isinstance(each, ast.Try):
            yield from members(each.body)


def local(functions: tuple[Function, ...], name: str) -> ast.expr | Function | None:
    """What a name is inside of functions, the innermost last: a value, or a function in them."""
    for function in reversed(functions):
        for each in ast.walk(function):
            if isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef)) and each is not function:
                if each.name == name:
                    return each
        value = once_assigned(function).get(name)
        if value is not None:
            return value
    return None
