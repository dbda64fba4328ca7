"""Rows of which only some users may see one: `get_queryset` that is narrowed to who asks.

It guards a view that takes its object through it, as Django's SingleObjectMixin and the generic
views of REST framework do by `get_object()`. A list of one's own rows keeps nobody out.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence

from hardango.access.asked import Words, once_assigned, queried
from hardango.access.digests import digest
from hardango.access.mro import Base, Definition, View, chain
from hardango.findings import Place
from hardango.matrix import Guard, Reach

_DEEPEST = 4


def object_guards(view: View, handler: str) -> Iterator[Guard]:
    """The guard that a narrowed `get_queryset` is, for the method `handler`."""
    own = chain(view.bases, "get_queryset").effective
    if own is None or own.function is None or not own.file:
        return
    reached = called(view.bases, handler)
    if not {"get_object", "get_queryset"} <= reached:
        return
    narrowed = _narrowed(own)
    if narrowed is None:
        return
    name, line = narrowed
    yield Guard(name, Reach.OBJECT, "body", place=Place(own.file, line), answer="404",
                fingerprint=digest(own.function))  # fmt: skip


def _narrowed(definition: Definition) -> tuple[str, int] | None:
    """What every answer of `get_queryset` is narrowed by, None if one is not."""
    assert definition.function is not None
    words = Words(definition.names, assigned=once_assigned(definition.function))
    ends = [each for each in ast.walk(definition.function) if isinstance(each, ast.Return)]
    found = None
    for each in ends:
        value = each.value
        while isinstance(value, ast.Name) and value.id in words.assigned:
            value = words.assigned[value.id]
        fact = queried(value, words) if isinstance(value, ast.Call) else None
        if fact is None or fact.reach is not Reach.OBJECT:
            return None
        found = (fact.name, each.lineno)
    return found


def asks_objects(bases: Sequence[Base], handler: str) -> bool:
    """Whether a view of REST framework asks its permissions about the object that it takes."""
    return "check_object_permissions" in called(bases, handler)


def called(bases: Sequence[Base], name: str) -> set[str]:
    """The methods of its own that a method calls, and those that they call, as far as all that
    goes by `self.name(…)`."""
    found: set[str] = set()
    todo = [(name, 0)]
    while todo:
        at, depth = todo.pop()
        for step in chain(bases, at).steps:
            if step.definition.function is None or depth > _DEEPEST:
                continue
            for each in ast.walk(step.definition.function):
                if (
                    isinstance(each, ast.Attribute)
                    and isinstance(each.value, ast.Name)
                    and each.value.id == "self"
                    and each.attr not in found
                ):
                    found.add(each.attr)
                    todo.append((each.attr, depth + 1))
    return found
