"""Classes in the order in which Python looks for what they define, as far as their source is at
hand: the linearisation of https://docs.python.org/3/howto/mro.html."""

from __future__ import annotations

import ast

from hardango.access.framework import ALL
from hardango.access.names import named
from hardango.access.sources import Found, Sources, defined
from hardango.light import TypeAlias

MAX_CLASSES = 200

Entry: TypeAlias = "Found | str"
"""A class whose source is at hand, or the dotted name of one of a package."""


def name_of(entry: Entry) -> str:
    return entry if isinstance(entry, str) else entry.dotted


def linear(sources: Sources, found: Found) -> list[Entry]:
    """The class and everything that it derives from."""
    entries: dict[str, Entry] = {}
    order = _merged(sources, found, entries, ())
    return [entries[name] for name in order]


def _merged(
    sources: Sources, entry: Entry, entries: dict[str, Entry], below: tuple[str, ...]
) -> list[str]:
    name = name_of(entry)
    entries.setdefault(name, entry)
    if name in below or len(entries) > MAX_CLASSES:
        return [name]
    above = [each for each in bases(sources, entry) if name_of(each) != name]
    sequences = [_merged(sources, each, entries, (*below, name)) for each in above]
    sequences.append([name_of(each) for each in above])
    order = [name]
    while any(sequences):
        sequences = [each for each in sequences if each]
        heads = [each[0] for each in sequences]
        head = next(
            (each for each in heads if not any(each in other[1:] for other in sequences)), heads[0]
        )
        order.append(head)
        sequences = [[each for each in sequence if each != head] for sequence in sequences]
    return order


def bases(sources: Sources, entry: Entry) -> list[Entry]:
    """The classes that a class names."""
    if isinstance(entry, str):
        known = ALL.get(entry)
        return [*known.bases] if known is not None else []
    if not isinstance(entry.node, ast.ClassDef):
        return []
    found: list[Entry] = []
    for node in entry.node.bases:
        if isinstance(node, ast.Subscript):
            node = node.value
        name = sources.name(entry.module, node)
        if name in ("object", "typing.Generic", "Generic") or not name:
            if not name:
                found.append(f"{{{ast.unparse(node)[:60]}}}")
            continue
        found.append(class_of(sources, name))
    return found


def class_of(sources: Sources, dotted: str) -> Entry:
    """The class of a name: that of a framework as the tables know it, else its source."""
    known = named(ALL, sources.canonical(dotted))
    if known in ALL:
        return known
    found = sources.find(dotted)
    if found is not None and isinstance(found.node, ast.ClassDef):
        return found
    return known


def attribute(order: list[Entry], name: str) -> tuple[Found, ast.AST] | None:
    """The first definition of a name in the classes, with the class that has it."""
    for entry in order:
        if isinstance(entry, Found) and isinstance(entry.node, ast.ClassDef):
            node = defined(entry.node, name)
            if node is not None:
                return entry, node
    return None
