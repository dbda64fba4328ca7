"""Attributes: what a type of Python has though no model tells of it is not known, never absent."""

from __future__ import annotations

import pytest
from evaluating import evaluated, written

from hardango.settings.evaluate import evaluate
from hardango.settings.outcomes import Unknown

HEADER = """
import datetime, functools, json, logging, os, sys
from pathlib import Path
def function(): return 1
class Plain: pass
class Refused(Exception):
    code = 7
def caught():
    try:
        raise Refused("no")
    except Refused as refused:
        return refused
"""

THERE = {
    "a path": ["Path('/srv').stat().st_uid", "Path('/srv').owner()", "Path('a').walk()",
               "Path('a').full_match('*')", "Path('a').read_link" if 0 else "Path('a').readlink()"],
    "a number": ["(3).is_integer()", "(3).__index__", "(3.5).as_integer_ratio()"],
    "a text": ["'a'.__len__()", "'a'.__doc__"],
    "a container": ["[].__len__()", "{}.__class__", "().__len__"],
    "a function": ["function.__module__", "function.__code__", "function.__dict__"],
    "what a model gives": ["json.loads.__module__", "functools.partial.func"],
    "a module": ["sys.modules[__name__].__spec__", "sys.modules[__name__].__loader__"],
    "a class": ["Plain.__subclasses__()", "Plain.__doc__", "Plain().__module__", "Plain().__init__"],
    "an exception": ["caught().__traceback__", "caught().with_traceback(None)", "caught().detail"],
}  # fmt: skip


@pytest.mark.parametrize(
    "source", [each for several in THERE.values() for each in several], ids=lambda each: each
)
def test_what_every_object_of_a_type_has_is_there(source: str) -> None:
    found = evaluated(f"{HEADER}\nFOUND = {source}\nAFTER = getattr(os, 'sep')")
    assert found.failures == ()
    assert found["AFTER"].outcomes[0].value == "/"


ABSENT = [
    "'a'.nothing",
    "(3).stat",
    "[].stat",
    "Path('a').nothing",
    "Plain().nothing",
    "function.x",
]


@pytest.mark.parametrize("source", ABSENT)
def test_what_a_type_does_not_have_raises(source: str) -> None:
    (failure,) = evaluated(f"{HEADER}\nFOUND = {source}").failures
    assert failure[1].startswith("AttributeError")


def test_the_package_of_a_module_is_known() -> None:
    files = {"shop/__init__.py": "", "shop/base.py": "NAME = __package__", "settings.py": ""}
    source = "import shop.base, shop\nNAMES = [shop.base.__package__, shop.__package__]"
    found = evaluated({**files, "settings.py": source})
    assert found["NAMES"].outcomes[0].value == ["shop", "shop"]


def test_an_exception_has_what_its_class_says() -> None:
    found = evaluated(f"{HEADER}\nCODE = caught().code\nDETAIL = caught().detail")
    assert found["CODE"].outcomes[0].value == 7
    assert isinstance(found["DETAIL"].outcomes[0].value, Unknown)


@pytest.mark.parametrize("write", ["write_text('x')", "write_bytes(b'x')", "touch()"])
def test_a_file_that_the_settings_write_is_there_afterwards(write: str) -> None:
    source = f"""
from pathlib import Path
file = Path(__file__).parent / "secret.txt"
if not file.exists():
    file.{write}
SECRET_KEY = file.read_text()
"""
    assert evaluated(source).failures == ()


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("X = lambda request: True", "the object <lambda>, which returns True"),
        ("X = lambda request: request.user.is_staff and DEBUG", "the object <lambda>, which asks for DEBUG"),
        ("X = lambda request: request.user.is_staff", "the object <lambda>"),
        ("X = lambda request: DEBUG or request.user.is_staff", "the object <lambda>"),
        ("def X(request):\n    'Shows it.'\n    return False", "the object X, which returns False"),
        ("def X(request):\n    return settings.DEBUG", "the object X, which asks for DEBUG"),
        ("def X(request):\n    if request.x:\n        return False\n    return True", "the object X"),
        ("def X(request): return 'yes'", "the object X"),
    ],
)  # fmt: skip
def test_what_a_function_that_only_decides_answers(source: str, expected: str) -> None:
    (outcome,) = evaluated(source)["X"]
    assert isinstance(outcome.value, Unknown)
    assert outcome.value.reason == expected


def test_a_function_of_another_module_is_asked_the_same() -> None:
    source = {"settings.py": "A = 1", "shop.py": "def show(request):\n    return True\n"}
    with written(source) as root:
        settings = evaluate("settings", root=str(root), import_roots=(str(root),))
        found = settings.definition("shop.show")
    assert found is not None and found.result == ", which returns True"
