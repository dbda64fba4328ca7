"""Dotted module names and the files that they stand for."""

from __future__ import annotations

from collections.abc import Iterable

from hardango.project.tree import Tree, parent


def is_dotted(name: str) -> bool:
    """Whether a text can be the dotted name of a module."""
    return len(name) < 200 and all(
        part.replace("_", "a").isalnum() and not part[0].isdecimal() for part in name.split(".")
    )


def module_file(tree: Tree, roots: Iterable[str], module: str) -> str | None:
    """The file of a module, looked up in import roots (relative); a package comes first."""
    if not is_dotted(module):
        return None
    path = module.replace(".", "/")
    for root in roots:
        start = f"{root}/{path}" if root else path
        for file in (f"{start}/__init__.py", f"{start}.py"):
            if file in tree.files:
                return file
    return None


def home_of(tree: Tree, module: str, near: str) -> str | None:
    """The import root nearest to the directory `near`, upwards, in which the module is found."""
    while True:
        if module_file(tree, (near,), module):
            return near
        if not near:
            return None
        near = parent(near)


def package_root(tree: Tree, directory: str) -> str:
    """The directory above the outermost regular package that `directory` belongs to."""
    while directory and f"{directory}/__init__.py" in tree.files:
        directory = parent(directory)
    return directory


def dotted(file: str, root: str) -> str | None:
    """The dotted name of a file below an import root."""
    if root and not file.startswith(root + "/"):
        return None
    path = file[len(root) + 1 :] if root else file
    path = path.removesuffix(".py").removesuffix("/__init__")
    name = path.replace("/", ".")
    return name if is_dotted(name) else None
