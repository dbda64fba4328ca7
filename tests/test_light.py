"""Our named tuples against those of `typing`: whatever one takes or refuses, so does the other."""

from __future__ import annotations

import typing
from typing import Any

import pytest

from hardango import light


class Theirs(typing.NamedTuple):
    name: str
    size: int = 1
    marks: tuple[str, ...] = ()


class Ours(light.NamedTuple):
    name: str
    size: int = 1
    marks: tuple[str, ...] = ()


CALLS: list[tuple[tuple[Any, ...], dict[str, Any]]] = [
    (("a", 2, ("x",)), {}),
    (("a", 2), {}),
    (("a",), {}),
    (("a",), {"marks": ("x",)}),
    (("a",), {"marks": ("x",), "size": 3}),
    (("a", 2), {"marks": ("x",)}),
    ((), {"name": "a"}),
    ((), {"size": 3, "name": "a", "marks": ()}),
    ((), {}),
    ((), {"size": 3}),
    (("a", 2, (), 4), {}),
    (("a", 2, ()), {"marks": ()}),
    (("a",), {"name": "b"}),
    (("a",), {"colour": "red"}),
]


def made(cls: Any, values: tuple[Any, ...], named: dict[str, Any]) -> object:
    try:
        return tuple(cls(*values, **named))
    except TypeError:
        return TypeError


@pytest.mark.parametrize(("values", "named"), CALLS)
def test_it_takes_what_a_named_tuple_takes(values: tuple[Any, ...], named: dict[str, Any]) -> None:
    assert made(Ours, values, named) == made(Theirs, values, named)


@pytest.mark.parametrize("changed", [{}, {"size": 3}, {"marks": ("y",), "name": "b"}])
def test_it_replaces_as_a_named_tuple_does(changed: dict[str, Any]) -> None:
    ours, theirs = Ours("a", 2)._replace(**changed), Theirs("a", 2)._replace(**changed)
    assert type(ours) is Ours
    assert tuple(ours) == tuple(theirs)
    assert ours._asdict() == theirs._asdict()


def test_what_is_no_field_cannot_be_replaced() -> None:
    with pytest.raises(TypeError, match="name, size, marks"):
        Ours("a")._replace(colour="red")


def test_only_modules_of_this_package_are_loaded_by_name() -> None:
    assert light.module("hardango.findings").__name__ == "hardango.findings"
    with pytest.raises(ImportError, match="antigravity"):
        light.module("antigravity")
