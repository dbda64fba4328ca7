"""A text in a newer Python is read as that Python reads it, line by line; anything else is not
touched, and what it is is said."""

from __future__ import annotations

import ast
import sys

import pytest

from hardango.newer import parse_newer
from hardango.source import Unparsable, parse

# What is written, and how an older Python would write it.
NEWER = {
    "two exceptions": ("try:\n  a\nexcept A, B:\n  b", "try:\n  a\nexcept (A, B):\n  b"),
    "three, dotted, in a function": (
        "def f():\n  try:\n    a\n  except A, b.c, D :\n    return 1",
        "def f():\n  try:\n    a\n  except (A, b.c, D):\n    return 1",
    ),
    "groups": ("try:\n  a\nexcept* A, B: b", "try:\n  a\nexcept* (A, B): b"),
    "quotes": ('a = f"{b["c"]}"', "a = f\"{b['c']}\""),
    "quotes, converted and formatted": ('a = f"{b["c"]!r:>{w["d"]}}"', "a = f\"{b['c']!r:>{w['d']}}\""),
    "a time": ('a = f"{b["c"]:%H:%M}{{}}"', "a = f\"{b['c']:%H:%M}{{}}\""),
    "a backslash": ("a = f'{'\\n'.join(b)}'", "n = 1\na = f'''{_}'''"),
    "three levels": ('a = f"{f"{f"{b["c"]}"}"}"', "n = 1\n"),
    "beside a plain text": ('a = "x" f"{b["c"]}" "y"', "a = \"x\" f\"{b['c']}\" \"y\""),
    "an alias": ("type A = B | C", "A = lambda: B | C"),
    "a generic alias": ("type A[T: (int, str)] = list[T]", "A = lambda: list[object]"),
    "a generic class": ("class A[T](B[T]):\n  x = 1", "class A(B[object]):\n  x = 1"),
    "a generic function": ("async def f[T, **P](x: T = 1): pass", "async def f(x: object = 1): pass"),
    "a lazy import": ("lazy import a\nlazy from b import c", "import a\nfrom b import c"),
}  # fmt: skip

LINES = [
    'a = f"{\n  b["c"]  # why\n}"\nd = 1',
    "a = f'''{\n b['''c''']\n}'''\nd = 1",
    "a = f'{1}' '''\n'''  # it's\ntry: pass\nexcept A, B: c\nd = 1",
]


@pytest.mark.parametrize(("text", "older"), NEWER.values(), ids=NEWER)
def test_newer_syntax_is_read(text: str, older: str) -> None:
    tree = parse(text)
    if sys.version_info < (3, 12) and not older.startswith("n = 1"):
        assert ast.dump(tree) == ast.dump(ast.parse(older))
    assert tree.body[0].lineno == 1


@pytest.mark.parametrize("text", LINES)
def test_statements_stay_on_their_lines(text: str) -> None:
    assert parse(text).body[-1].lineno == text.count("\n") + 1


def test_an_expression_in_braces_is_where_it_stands() -> None:
    (name,) = (each for each in ast.walk(parse('\n a = f"x{bb["c"]}"'.replace("\n ", "\n")))
               if isinstance(each, ast.Name) and each.id == "bb")  # fmt: skip
    assert (name.lineno, name.col_offset) == (2, 8)


@pytest.mark.parametrize(
    "text",
    [
        "a = 1",
        "type = 1\ntype\n",
        "print 'x'",
        "try:\n  a\nexcept A, e:\n  b",
        "a = '''\nexcept A, B:\n'''\nb = = 1",
        "# type A = B\nb = = 1",
        "x = f'{a['b']=}'",
        "x = t'{a}'",
        "x = f'{a",
        "x = 'a",
        "f'{" * 3000,
        "[" * 5000,
        "f'{a!}'",
        "type A[",
        "\\",
        "f'\\",
    ],
)
def test_what_is_not_newer_is_left_alone(text: str) -> None:
    assert parse_newer(text) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("print 'x'", "it is Python 2"),
        ("a = 1\ntry:\n  a\nexcept A, e:\n  b", "it is Python 2"),
        ("try:\n  a\nexcept A, B:\n  b = = 1", "it needs Python 3.14 (except without parentheses)"),
        ("a = t'{b}'", "it needs Python 3.14 (template strings)"),
        ("a = f'{b['c']=}'", "it needs Python 3.12 (f-strings with quotes in them)"),
        ("a = = 1", "this Python cannot parse it (invalid syntax)"),
        ("A = {{ b }}\n{% if c %}\n", "it is a template of settings; audit a project that is made from it"),
    ],
)  # fmt: skip
@pytest.mark.skipif(sys.version_info >= (3, 12), reason="a newer Python parses more itself")
def test_why_a_text_cannot_be_parsed(text: str, said: str) -> None:
    with pytest.raises(Unparsable) as raised:
        parse(text)
    assert str(raised.value) == said
