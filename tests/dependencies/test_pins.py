"""Which packages are installed, and in which version."""

from __future__ import annotations

import pytest

from hardango.dependencies.pins import pins
from hardango.findings import Place
from hardango.project.versions import Requirement

AT = Place("requirements.txt", 1)


def asked(name: str, specifier: str, *, exact: bool = False, marker: str = "", use: str = "production",
          origin: str = "") -> Requirement:  # fmt: skip
    return Requirement(name, specifier, AT, exact, use, marker, origin)


@pytest.mark.parametrize(
    "requirement, version, origin",
    [
        (asked("Django", "4.2.1", exact=True), "4.2.1", "index"),
        (asked("django", "==4.2.1"), "4.2.1", "index"),
        (asked("django", "===4.2.1"), "4.2.1", "index"),
        (asked("django", "4.2.1"), "4.2.1", "index"),  # Poetry's way
        (asked("django", "==4.2.*"), "", "index"),
        (asked("django", ">=4.2"), "", "index"),
        (asked("django", "^4.2"), "", "index"),
        (asked("django", "==4.2.1,!=4.2.2"), "", "index"),
        (asked("django", "*"), "", "index"),
        (asked("django", ""), "", "index"),
        (asked("django", "@ git+https://x.invalid/django@4.2.1", origin="git"), "", "git"),
        (asked("django", "@ https://x.invalid/Django-4.2.1-py3-none-any.whl#sha256=0"), "4.2.1", "address"),
        (asked("django", "@ https://x.invalid/Django-4.2.1.tar.gz"), "4.2.1", "address"),
        (asked("django", "@ https://x.invalid/flask-4.2.1.tar.gz"), "", "address"),
    ],
)  # fmt: skip
def test_versions(requirement: Requirement, version: str, origin: str) -> None:
    (pin,) = pins([requirement])
    assert (pin.name, pin.version, pin.origin) == ("django", version, origin)
    assert "://" not in pin.asked


@pytest.mark.parametrize(
    "marker, python, linux, kept",
    [
        ("", None, False, True),
        ("python_version < '3.10'", None, False, True),
        ("python_version < '3.10'", (3, 12), False, False),
        ("python_version < '3.10'", (3, 9), False, True),
        ("python_full_version < '3.12.4'", (3, 12), False, True),
        ("python_full_version >= '3.12.4'", (3, 12), False, True),
        ("python_full_version < '3.12'", (3, 12), False, False),
        ("sys_platform == 'win32'", (3, 12), False, True),
        ("sys_platform == 'win32'", (3, 12), True, False),
        ("platform_machine == 'aarch64'", (3, 12), True, True),
        ("platform_python_implementation == 'PyPy'", (3, 12), True, True),
        ("extra == 'redis'", (3, 12), True, True),
        ("extra == 'redis' and python_version < '3.10'", (3, 12), True, False),
        ("this is no marker", (3, 12), True, True),
        ("a" * 100_000, (3, 12), True, True),
        ("(" * 10_000, (3, 12), True, True),
    ],
)
def test_markers(marker: str, python: tuple[int, int] | None, linux: bool, kept: bool) -> None:
    assert bool(pins([asked("x", "1", exact=True, marker=marker)], python, linux=linux)) is kept


def test_a_constraint_pins_and_installs_nothing() -> None:
    found = pins([asked("a", ">=1"), asked("a", "1.5", exact=True, use="constraint"),
                  asked("b", "2", exact=True, use="constraint"), asked("c", "3", exact=True),
                  asked("c", "4", exact=True, use="constraint")])  # fmt: skip
    assert [(each.name, each.version) for each in found] == [("a", "1.5"), ("c", "3")]


def test_several_versions_are_each_judged() -> None:
    found = pins([asked("a", "1", exact=True), asked("A", "2", exact=True), asked("a", ">=1")])
    assert [each.version for each in found] == ["1", "2"]


def test_development() -> None:
    given = [asked("a", "1", exact=True, use="development"), asked("b", "1", exact=True)]
    assert [each.name for each in pins(given)] == ["b"]
    assert [each.name for each in pins(given, development=True)] == ["a", "b"]
