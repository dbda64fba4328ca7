"""Lock files: exactly which packages are installed, and which of them only for development.

TOML locks are read by line: they are large, and machines write them all the same way. One that is
written otherwise is parsed.
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
"""A lock of PEP 751 can have a name of its own, too: `pylock.production.toml`."""

PRODUCTION_GROUPS = frozenset("prod production deploy deployment main default".split())
"""Names of groups of dependencies that production installs."""

_PACKAGE = Pattern(
    r'^\[\[packages?\]\]\s*\nname = "([^"\n]+)"\s*\n(?:version = "([^"\n]+)")?', re.MULTILINE
)
_HEAD = Pattern(r"(?m)^[ \t]*\[\[[ \t]*packages?[ \t]*\]\]")
_MARKER = Pattern(r"(?m)^markers? = (\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*')")
_RESOLUTION = Pattern(r"(?m)^resolution-markers = \[([^\]]*)\]")
_ORIGINS = {
    "git": Pattern(r"(?m)^(?:source = \{ git =|type = \"git\"|git = |\[packages\.vcs\]|vcs = )"),
    "address": Pattern(
        r"(?m)^(?:source = \{ url =|type = \"url\"|url = |\[packages\.archive\]|archive = )"
    ),
    "path": Pattern(
        r"(?m)^(?:source = \{ path =|type = \"(?:file|directory)\"|path = |"
        r"\[packages\.directory\]|directory = )"
    ),
}
"""How a lock says that a package does not come from an index, in one way or another."""
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


def is_lock(file: str) -> bool:
    """Whether a path is that of a lock file, by its name."""
    name = file.rpartition("/")[2]
    return name in LOCK_FILES or (name.startswith("pylock.") and name.endswith(".toml"))


def read_lock(tree: Tree, file: str) -> Iterable[Requirement]:
    """The packages of a lock file."""
    text = tree.read(file, MAX_LOCK_BYTES) or ""
    if file.endswith("Pipfile.lock"):
        yield from _pipfile(tree, file, text)
        return
    locked = _packages(text)
    heads = list(_HEAD.finditer(text))
    if len(heads) != len(locked):
        yield from _parsed(
            tree, file, text, [text.count("\n", 0, each.end()) + 1 for each in heads]
        )
        return
    wanted = _reached(locked) if file.endswith("uv.lock") else None
    for each in locked:
        if _OWN.search(each.text):
            continue
        needed = _for_production(each) if wanted is None else normalised(each.name) in wanted
        use = "production" if needed else "development"
        yield Requirement(each.name, each.version, Place(file, each.line), bool(each.version), use,
                          _marker(each.text), _origin(each.text))  # fmt: skip


def _origin(text: str) -> str:
    """Where a package comes from, if not from an index."""
    if 'type = "legacy"' in text:  # Poetry's word for an index that is not the usual one.
        return ""
    return next((name for name, mark in _ORIGINS.items() if mark.search(text)), "")


def _marker(text: str) -> str:
    """The condition under which a package is installed."""
    if found := _MARKER.search(text):
        return _unquoted(found[1])
    if found := _RESOLUTION.search(text):
        texts = [
            _unquoted(each) for each in re.findall(r"\"(?:[^\"\\\n]|\\.)*\"|'[^'\n]*'", found[1])
        ]
        return " or ".join(f"({each})" for each in texts)
    return ""


def _unquoted(text: str) -> str:
    return text[1:-1].replace('\\"', '"') if text[:1] == '"' else text[1:-1]


def _parsed(tree: Tree, file: str, text: str, lines: list[int]) -> Iterable[Requirement]:
    """The packages of a lock that is not written as its manager writes it, all of them
    production's unless it says otherwise; `lines` are those of their tables."""
    import tomllib

    try:
        data = tomllib.loads(text.replace("\r\n", "\n"))
        packages = [each for key in ("package", "packages") for each in data.get(key, ())]
        for number, each in enumerate(packages):
            line = lines[number] if len(lines) == len(packages) else 1
            source = each.get("source") if isinstance(each.get("source"), dict) else {}
            if {"virtual", "editable", "directory"} & set(source):
                continue
            groups = each.get("groups", ["main"])
            use = "production" if PRODUCTION_GROUPS & set(groups) else "development"
            version = str(each.get("version", ""))
            origin = next((name for name, keys in _KEYS.items() if keys & {*each, *source}), "")
            yield Requirement(str(each["name"]), version, Place(file, line), bool(version), use,
                              str(each.get("marker", "")), origin)  # fmt: skip
    except (ValueError, RecursionError, AttributeError, KeyError, TypeError):
        tree.notes.append(Note("the file is no lock file that can be read", Place(file, 1)))


_KEYS = {
    "git": {"git", "vcs"},
    "address": {"url", "archive"},
    "path": {"path", "directory"},
}


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
        given = value if isinstance(value, dict) else {}
        version = given.get("version", "")
        if not isinstance(version, str) or ("editable" in given and "path" in given):
            continue
        origin = next((kind for kind, keys in _KEYS.items() if keys - {"url"} & set(given)), "")
        if "file" in given:
            origin = "address"
        marker = given.get("markers", "")
        line = text[: max(text.find(f'"{name}"'), 0)].count("\n") + 1
        yield Requirement(str(name), version.lstrip("="), Place(file, line), bool(version),
                          marker=marker if isinstance(marker, str) else "", origin=origin)  # fmt: skip
