"""What manage.py, wsgi.py and their like are understood to say."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from hardango.project.python_entry import Entry, Sources, read_entry
from hardango.project.tree import Tree

Write = Callable[[Mapping[str, str]], Path]


@pytest.fixture
def read(write: Write) -> Callable[..., Entry]:
    def read(text: str, name: str = "manage.py", more: Mapping[str, str] = {}, **env: str) -> Entry:
        tree = Tree(str(write({name: "import os, sys\n" + text, **more})))
        return read_entry(Sources(tree), name, ("",), env)

    return read


@pytest.mark.parametrize(
    "text, modules",
    [
        ('os.environ.setdefault("DJANGO_SETTINGS_MODULE", "a")', ["a?"]),
        ('os.environ["DJANGO_SETTINGS_MODULE"] = "a"', ["a"]),
        ('os.putenv("DJANGO_SETTINGS_MODULE", "a")', ["a"]),
        ('os.environ.update(DJANGO_SETTINGS_MODULE="a")', ["a"]),
        ('os.environ.update({"DJANGO_SETTINGS_MODULE": "a"})', ["a"]),
        ('from os import environ\nenviron.setdefault("DJANGO_SETTINGS_MODULE", "a")', ["a?"]),
        # A default in another form is a default still.
        (
            (
                'os.environ["DJANGO_SETTINGS_MODULE"] = '
                'os.environ.get("DJANGO_SETTINGS_MODULE") or "a"'
            ),
            ["a?"],
        ),
        ('M = "a"\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", M)', ["a?"]),
        ('os.environ.setdefault("DJANGO_SETTINGS_MODULE", "a." + "b")', ["a.b?"]),
        ('P = "a"\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", f"{P}.b")', ["a.b?"]),
        ('os.environ.setdefault("DJANGO_SETTINGS_MODULE", "%s.b" % "a")', ["a.b?"]),
        ('os.environ.setdefault("DJANGO_SETTINGS_MODULE", "{}.b".format("a"))', ["a.b?"]),
        # Production is no test run.
        (
            (
                'm = "t" if "test" in sys.argv else "a"\n'
                'os.environ.setdefault("DJANGO_SETTINGS_MODULE", m)'
            ),
            ["a?"],
        ),
        (
            (
                'if len(sys.argv) > 1 and sys.argv[1] == "test":\n'
                '    os.environ["DJANGO_SETTINGS_MODULE"] = "t"\n'
                'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "a")'
            ),
            ["a?"],
        ),
        # The first setdefault holds.
        (
            (
                'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "a")\n'
                'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "b")'
            ),
            ["a?"],
        ),
        (
            (
                "def main():\n"
                '    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "a")\n'
                'if __name__ == "__main__":\n    main()'
            ),
            ["a?"],
        ),
        # What only a comment or a text says is not said.
        ('# os.environ["DJANGO_SETTINGS_MODULE"] = "a"', []),
        ('"""os.environ["DJANGO_SETTINGS_MODULE"] = "a" """', []),
        ('os.environ.setdefault("DJANGO_SETTINGS_MODULE", compute())', []),
    ],
)
def test_settings_modules(read: Callable[..., Entry], text: str, modules: list[str]) -> None:
    found = read(text).modules
    assert [each.module + "?" * each.default for each in found] == modules


def test_a_variable_that_is_not_known_leaves_both(read: Callable[..., Entry]) -> None:
    text = (
        'if os.environ.get("ENV") == "production":\n    m = "prod"\nelse:\n    m = "dev"\n'
        'os.environ.setdefault("DJANGO_SETTINGS_MODULE", m)\n'
    )
    assert {(each.module, each.certain) for each in read(text).modules} == {
        ("prod", False),
        ("dev", False),
    }
    assert [(e.module, e.certain) for e in read(text, ENV="production").modules] == [("prod", True)]


def test_a_variable_in_the_module_name(read: Callable[..., Entry]) -> None:
    text = (
        "os.environ.setdefault('DJANGO_SETTINGS_MODULE', f'a.{os.environ.get(\"ENV\", \"dev\")}')\n"
    )
    assert [(each.module, each.certain) for each in read(text).modules] == [("a.dev", False)]
    assert [(e.module, e.certain) for e in read(text, ENV="prod").modules] == [("a.prod", True)]


def test_calls_are_followed_into_modules_of_the_project(read: Callable[..., Entry]) -> None:
    entry = read(
        "from tools import start\nstart('a')\n",
        more={
            "tools/__init__.py": "from .run import start\n",
            "tools/run.py": "import os\ndef start(name):\n    "
            'os.environ.setdefault("DJANGO_SETTINGS_MODULE", name + ".settings")\n',
        },
    )
    assert [(each.module, str(each.place)) for each in entry.modules] == [
        ("a.settings", "tools/run.py:3")
    ]


def test_variables_and_dotenv(read: Callable[..., Entry]) -> None:
    entry = read(
        'os.environ["A"] = "1"\nos.environ.setdefault("B", "2")\n'
        'if unknown():\n    os.environ["C"] = "3"\n'
        "from dotenv import load_dotenv\nload_dotenv()\n",
        more={".env": "X=1\n"},
    )
    assert {name: each.value for name, each in entry.variables.items()} == {"A": "1"}
    assert {name: each.value for name, each in entry.defaults.items()} == {"B": "2"}
    assert entry.dotenv == (".env",)


@pytest.mark.parametrize(
    "text",
    [
        "while True:\n    f()\n",
        "def f():\n    f()\nf()\n",
        "x = " + "+".join(["'a'"] * 3000),
        "x = f'{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}{x}'\n" * 200,
    ],
)
def test_hostile_files_end(read: Callable[..., Entry], text: str) -> None:
    assert read(text).modules == ()


def test_a_function_that_returns_what_is_not_known_names_nothing(read) -> None:
    entry = read(
        'import os\ndef name(given):\n    if given == "x":\n        return "project_name"\n'
        '    return given\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "%s.settings" % name("shop"))\n'
    )
    assert [each.module for each in entry.modules] == []
