"""`hardango.syntax` is `ast`, as far as it is used."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from hardango import syntax

SOURCES = sorted((Path(__file__).resolve().parent.parent / "src" / "hardango").glob("*/*.py"))


@pytest.mark.parametrize("path", SOURCES[::9], ids=lambda path: path.stem)
def test_the_same_tree_in_the_same_order(path: Path) -> None:
    source = path.read_bytes()
    ours, real = syntax.parse(source), ast.parse(source)
    assert ast.dump(ours) == ast.dump(real)
    assert [type(each) for each in syntax.walk(ours)] == [type(each) for each in ast.walk(real)]
    assert syntax.get_docstring(ours) == ast.get_docstring(real)
    assert syntax.get_docstring(ours, clean=False) == ast.get_docstring(real, clean=False)


@pytest.mark.parametrize("text", ["", "x = 1", "1", "'''a\n  b'''", "b'x'", "f'{x}'"])
def test_what_is_no_docstring(text: str) -> None:
    node = ast.parse(text)
    assert syntax.get_docstring(node) == ast.get_docstring(node)
    assert syntax.get_docstring(node, clean=False) == ast.get_docstring(node, clean=False)


def test_the_nodes_are_the_real_ones_and_the_rest_is_there() -> None:
    assert syntax.Call is ast.Call
    assert syntax.unparse is ast.unparse
    with pytest.raises(AttributeError):
        _ = syntax.nothing_of_the_kind  # type: ignore[attr-defined]
