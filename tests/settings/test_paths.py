"""Our pure paths say what those of `pathlib` say."""

from __future__ import annotations

import pathlib
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardango.settings.paths import PurePosixPath

TEXTS = st.text(alphabet="/.ab", max_size=8)
ASKED: dict[str, Callable[[Any], Any]] = {
    "str": str,
    "repr": repr,
    "fspath": lambda path: path.__fspath__(),
    "parts": lambda path: path.parts,
    "name": lambda path: path.name,
    "stem": lambda path: path.stem,
    "suffix": lambda path: path.suffix,
    "suffixes": lambda path: path.suffixes,
    "parent": lambda path: str(path.parent),
    "parents": lambda path: list(map(str, path.parents)),
    "root": lambda path: (path.root, path.drive, path.anchor),
    "absolute": lambda path: path.is_absolute(),
    "as_posix": lambda path: path.as_posix(),
    "with_name": lambda path: str(path.with_name("x")),
    "with_suffix": lambda path: str(path.with_suffix(".x")),
    "relative_to": lambda path: str(path.relative_to("a")),
    "is_relative_to": lambda path: path.is_relative_to("/a"),
    "match": lambda path: path.match("*/a"),
    "as_uri": lambda path: path.as_uri(),
    "divided": lambda path: (str(path / "a/./b"), str(path / "/b"), str("b" / path)),
    "by a path": lambda path: str(path / type(path)("b")),
    "by a number": lambda path: path / 1,
    "joined": lambda path: str(path.joinpath("a", "/b", ".", "c")),
    "of a number": lambda path: type(path)(path, 1),
    "of bytes": lambda path: type(path)(b"a"),
    "formatted": lambda path: f"{path}x",
    "added": lambda path: path + "x",
    "compared": lambda path: (path == type(path)("a"), path == "a", path < type(path)("a/b")),
    "hashed": lambda path: len({path, type(path)(path), type(path)(str(path))}),
}


def answer(ask: Callable[[Any], Any], path: Any) -> Any:
    try:
        return ask(path)
    except Exception as problem:
        return type(problem), str(problem)


@pytest.mark.parametrize("asked", ASKED)
@given(parts=st.lists(TEXTS, max_size=3))
def test_they_answer_alike(asked: str, parts: list[str]) -> None:
    ours, real = PurePosixPath(*parts), pathlib.PurePosixPath(*parts)
    assert answer(ASKED[asked], ours) == answer(ASKED[asked], real)
