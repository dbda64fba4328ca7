"""Comparing values, and naming them in a few words."""

from __future__ import annotations

import posixpath
from binascii import crc32
from collections.abc import Callable, Iterable

from hardango.light import Any
from hardango.settings.outcomes import Unknown
from hardango.settings.values import (
    Bound,
    Box,
    Class,
    Function,
    Instance,
    Module,
    Thing,
    Union,
    Value,
)

SCALARS = (type(None), bool, int, float, complex, str, bytes, type(Ellipsis))
"""The types whose values are what they are, whoever holds them."""


def of_the_system(path: str) -> bool:
    """Whether a path outside the project is there, or not, by the doing of the machine: a file
    like /etc/shop/shop.cfg is put there by whoever deploys the project."""
    if path.startswith(("/proc", "/sys", "/usr", "/bin", "/dev", "/lib", "/sbin")):
        return True
    first = path.removeprefix("/etc/").partition("/")
    return path.startswith("/etc") and (not first[2] or first[0] in ("ssl", "pki", "default"))


def beside(root: str, path: str) -> str:
    """A path outside the project as a reader knows it: relative to the project, where it lies in
    the same directory (`BASE_DIR.parent / "conf"`), whatever that is called on this machine."""
    around = posixpath.dirname(root).rstrip("/") + "/"
    path = posixpath.normpath(path)
    if around != "/" and path.startswith(around):
        return posixpath.relpath(path, root)
    return path


def chosen(value: Unknown, constants: tuple[object, ...]) -> str:
    """Whether a test of an environment variable asks for a decision of its operator. What names
    production is none: that production is production is what is judged."""
    words = [*value.variables, *(each for each in constants if isinstance(each, str))]
    if not value.variables or any(names_production(word) for word in words):
        return ""
    return "both" if any(isinstance(each, bool) for each in constants) else "yes"


def names_production(word: str) -> bool:
    return "prod" in word.lower() or word.lower() in ("live", "main", "master")


NO_SERVER = frozenset(
    "pytest py.test test tox nose nosetests sphinx-build mypy manage.py django-admin".split()
)
"""Programs and commands that are no production server."""


def never_in_production(value: Unknown, constant: object) -> bool:
    """Whether a test asks if production's command line is that of a test run or of a tool."""
    return "sys.argv" in value.subject and constant in NO_SERVER


def holds(constants: tuple[object, ...], constant: object) -> bool:
    return any(each == constant and type(each) is type(constant) for each in constants)


def about(value: Unknown) -> str:
    return value.variables[0] if value.variables else value.subject


def same(one: Value, other: Value) -> bool:
    """Whether two values are interchangeable: equal immutable data, or the same object."""
    if one is other:
        return True
    kind = type(one)
    if kind is not type(other):
        return False
    if kind is Unknown:
        return bool(
            one.reason == other.reason
            and one.subject == other.subject
            and one.type == other.type
            and one.prefix == other.prefix
        )
    if kind is tuple:
        return len(one) == len(other) and all(map(same, one, other))
    if kind in SCALARS:
        return bool(one == other)
    if kind is Box or kind in (Thing, Instance, Function, Class, Module, Bound):
        return False
    try:
        return bool(one == other)
    except Exception:  # a comparison that refuses
        return False


def _mark(value: Value) -> tuple[object, ...] | None:
    """What two values have in common exactly if they are the `same`, for those that have such."""
    kind = type(value)
    if kind is Unknown:
        return (kind, value.reason, value.subject, value.type, value.prefix)
    return (kind, value) if kind in SCALARS else None


def plain_truth(value: Value) -> bool:
    if isinstance(value, (Function, Class, Module, Bound)):
        return True
    try:
        return bool(value)
    except Exception:  # NotImplemented and the like
        return True


def in_order(contents: list[list[Value]]) -> list[Value]:
    """The items of several lists, each once, in an order that respects every list's own."""
    joined: list[Value] = []
    for content in contents:
        position = 0
        for item in content:
            for index in range(position, len(joined)):
                if same(joined[index], item):
                    position = index + 1
                    break
            else:
                if not any(same(item, other) for other in joined):
                    joined.insert(position, item)
                    position += 1
    return joined


def joined(contents: list[Any], differs: Callable[[Value], Unknown]) -> Any:
    """One content of a container for many: what they share stays known, the rest becomes unknown
    parts; `differs` makes the one for a value of a key that is not the same in all."""
    first = contents[0]
    if isinstance(first, dict):
        merged: dict[Value, Value] = {}
        for content in contents:
            for key, item in content.items():
                if not all(key in each for each in contents):
                    merged.setdefault(Unknown(f"{short(key)} in some environments"), item)
                elif all(same(each[key], item) for each in contents):
                    merged[key] = item
                else:
                    merged[key] = differs(item)
        return merged
    if isinstance(first, list):
        held = [{_mark(each) for each in content} for content in contents]

        def shared(item: Value) -> bool:
            mark = _mark(item)
            if mark is not None:
                return all(mark in each for each in held)
            return all(any(same(item, other) for other in each) for each in contents)

        return [item if shared(item) else _sometimes(item) for item in in_order(contents)]
    return set().union(*contents)


def _sometimes(item: Value) -> Unknown:
    """An item that only some contents have: if it is there, it is known."""
    known = item if isinstance(item, str) else ""
    return Unknown(f"{short(item)} in some environments", several=True, prefix=known)


def is_data(value: Value) -> bool:
    """Whether a value is at first sight nothing that could be called."""
    return type(value) in SCALARS or type(value) is Unknown


def unknowns_of(value: Value) -> Iterable[Unknown]:
    """The unknown parts of a value, to a bounded depth and number, each shared part once."""
    todo = [(value, 0)]
    seen: set[int] = set()
    while todo and len(seen) < 2000:
        part, depth = todo.pop()
        if isinstance(part, Unknown):
            yield part
        if depth > 6 or id(part) in seen or not isinstance(part, (Union, Box, tuple)):
            continue
        seen.add(id(part))
        inner: list[Value] = []
        if isinstance(part, Union):
            inner = [alternative for _, alternative in part.alternatives]
        elif isinstance(part, tuple):
            inner = list(part[:50])
        else:
            for _, content in part.variants[:4]:
                inner += list(content.values() if isinstance(content, dict) else content)[:50]
        todo += [(each, depth + 1) for each in reversed(inner)]


def why(parts: Iterable[Value]) -> str:
    for part in parts:
        for unknown in unknowns_of(part):
            return unknown.reason.rpartition(DEPENDS)[2]
    return "an object"


DEPENDS = " depends on what is not known: "


def overridden(values: list[Value], reason: str) -> str:
    """Why a name is not known that `reason` may bind; for a switch or a number, with what holds
    if it does not. `values` are those of before, some of which others may have overridden."""
    kept: dict[str, None] = {}
    sources: dict[str, None] = {}
    for value in values:
        said = str(value) if isinstance(value, (bool, int)) else ""
        if isinstance(value, Unknown):
            said, _, rest = value.reason.removesuffix(" overrides it").partition(", unless ")
            said = said if rest else ""
            sources[rest.removesuffix(",")] = None
        kept[said] = None
    if len(kept) != 1 or not all(kept):
        return f"may be overridden by {reason}"
    several = " or ".join([*sources, reason])
    several = several if len(several) <= 160 else reason
    return f"{next(iter(kept))}, unless {several}{',' if ', which' in several else ''} overrides it"


def short(value: Value) -> str:
    """A value as a few words of a condition; never a long text."""
    if isinstance(value, Unknown):
        return value.subject
    if isinstance(value, str):
        if len(value) > 60:
            # Two long texts must not look the same: their conditions would be one condition.
            mark = crc32(value.encode(errors="replace")) & 0xFFFF
            return f"a text of {len(value)} characters ({mark:04x})"
        return repr(value)
    if isinstance(value, SCALARS):
        return repr(value)[:40]
    if isinstance(value, (Function, Class, Module, Thing)):
        return value.name
    return "…"


def is_not(value: Unknown, text: str) -> bool:
    """Whether an unknown value is surely not this text."""
    return not text.startswith(value.prefix) or of_a_test_run(value, text)


def of_a_test_run(argument: Unknown, word: str) -> bool:
    """Whether a word is a test runner's, and the argument one of the command line: a server's."""
    return argument.subject.startswith("sys.argv[") and "test" in word.lower()
