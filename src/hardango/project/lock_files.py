"""Lock files: exactly which packages are installed, and which of them only for development.

TOML locks are read by line: they are large, and machines write them all the same way.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable

from hardango.findings import Note, Place
from hardango.light import NamedTuple
from hardango.patterns import Pattern
from hardango.project.tree import MAX_LOCK_BYTES, Tree
from hardango.project.versions import Requirement, normalised

LOCK_FILES = ("uv.lock", "poetry.lock", "pdm.lock", "pylock.toml", "Pipfile.lock")

PRODUCTION_GROUPS = frozenset("prod production deploy deployment main default".split())
"""Names of groups of dependencies that production installs."""

_PACKAGE = Pattern(
    r'^\[\[packages?\]\]\s*\nname = "([^"\n]+)"\s*\n(?:version = "([^"\n]+)")?', re.MULTILINE
)
_GROUPS = Pattern(r"(?m)^groups = \[([^\]]*)\]")
_CATEGORY = Pattern(r'(?m)^category = "([^"\n]*)"')
_LIST = Pattern(r"([\w.-]+) = \[")
_OWN = Pattern(r"(?m)^source = \{ (virtual|editable|directory) =")
_NAMED = Pattern(r'\{ name = "([^"]+)"')


class _Locked(NamedTuple):
    """One package of a TOML lock: the rest of its text is what follows its version."""

    name: str
    version: str
    line: int
    text: str


def read_lock(tree: Tree, file: str) -> Iterable[Requirement]:
    """The packages of a lock file."""
    text = tree.read(file, MAX_LOCK_BYTES) or ""
    if file.endswith("Pipfile.lock"):
        yield from _pipfile(tree, file, text)
        return
    locked = _packages(text)
    wanted = _reached(locked) if file.endswith("uv.lock") else None
    for each in locked:
        if not each.version or _OWN.search(each.text):
            continue
        needed = _for_production(each) if wanted is None else normalised(each.name) in wanted
        use = "production" if needed else "development"
        yield Requirement(each.name, each.version, Place(file, each.line), True, use)


def _packages(text: str) -> list[_Locked]:
    found: list[_Locked] = []
    heads = list(_PACKAGE.finditer(text))
    line, at = 1, 0
    for index, head in enumerate(heads):
        mark = head.start(2) if head[2] else head.start(1)
        line += text.count("\n", at, mark)
        at = mark
        end = heads[index + 1].start() if index + 1 < len(heads) else len(text)
        found.append(_Locked(head[1], head[2] or "", line, text[head.end() : end]))
    return found


def _for_production(locked: _Locked) -> bool:
    """Poetry and PDM write the groups that need a package, old Poetry its category."""
    groups = _GROUPS.search(locked.text) or _CATEGORY.search(locked.text)
    if groups is None:
        return True
    return bool(PRODUCTION_GROUPS & set(re.findall(r"[\w-]+", groups[1])))


def _reached(packages: list[_Locked]) -> set[str] | None:
    """What the project itself needs in production, in uv.lock: what is there only for a group of
    dependencies is not reached. None if the project is not in the lock."""
    needs: dict[str, set[str]] = {}
    wanted: list[str] = []
    for each in packages:
        needs.setdefault(normalised(each.name), set()).update(map(normalised, _needs(each)))
        if _OWN.search(each.text):
            wanted.append(normalised(each.name))
    if not wanted:
        return None
    found: set[str] = set()
    while wanted:
        name = wanted.pop()
        if name not in found:
            found.add(name)
            wanted += needs.get(name, ())
    return found


def _needs(locked: _Locked) -> Iterable[str]:
    """What one package of uv.lock needs, its extras included."""
    table = group = ""
    for row in locked.text.split("\n"):
        if row.startswith("[package."):
            table = row
        elif opened := _LIST.match(row):
            group = opened[1]
        development = "dev-dependencies" in table and group not in PRODUCTION_GROUPS
        if not development and "metadata" not in table:
            yield from _NAMED.findall(row)


def _pipfile(tree: Tree, file: str, text: str) -> Iterable[Requirement]:
    try:
        items = list(json.loads(text).get("default", {}).items())
    except (ValueError, AttributeError, RecursionError):
        tree.notes.append(Note("the file is not valid JSON", Place(file, 1)))
        return
    for name, value in items:
        version = value.get("version") if isinstance(value, dict) else None
        if isinstance(version, str):
            line = text[: max(text.find(f'"{name}"'), 0)].count("\n") + 1
            yield Requirement(str(name), version.lstrip("="), Place(file, line), True)
