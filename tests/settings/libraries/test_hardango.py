"""What settings modules use of hardango.django, read without running it."""

from __future__ import annotations

import inspect

import pytest
from evaluating import evaluated, outcomes, values

from hardango.django import managers
from hardango.settings.libraries.hardango import MANAGERS
from hardango.settings.outcomes import Unknown

SECRET = 'from hardango.django import secret\nSECRET_KEY = secret("KEY")'


def test_a_secret_is_that_of_the_variable() -> None:
    assert values(SECRET, {"KEY": "given"}) == {"SECRET_KEY": "given"}


def test_without_one_the_settings_do_not_load() -> None:
    assert not evaluated(SECRET, closed=True).loads.possible


def test_a_secret_comes_from_a_variable_or_a_file() -> None:
    cases = outcomes(SECRET)["SECRET_KEY"]
    assert [(value.variables, when) for value, when in cases if isinstance(value, Unknown)] == [
        (("KEY",), ("KEY is set",)),
        (("KEY_FILE",), ("KEY is unset",)),
    ]
    settings = evaluated(SECRET)
    assert (~settings.loads).describe() == ("KEY is unset", "KEY_FILE is unset")


def test_a_manager_is_asked_last() -> None:
    source = 'from hardango.django import secret\nX = secret("KEY", manager=lambda: "x")'
    (value,) = values(source).values()
    assert isinstance(value, Unknown)
    assert value.variables == ("KEY",)


MANAGED = "from hardango.django import fallbacks, managers, secret\n"


@pytest.mark.parametrize(
    "source",
    [
        'X = secret("KEY", manager=managers.aws("shop", key="django"))',
        'X = secret("KEY", manager=managers.azure("https://shop.vault.azure.net", "django"))',
        'X = secret("KEY", manager=managers.google("projects/p/secrets/django", client=made()))',
        'X = secret("KEY", manager=managers.vault("shop", "django", mount="kv"))',
        'from hardango.django.managers import vault\nX = secret("KEY", manager=vault("a", "b"))',
    ],
)
def test_what_a_manager_has_is_not_known(source: str) -> None:
    settings = evaluated(MANAGED + "def made(): ...\n" + source, closed=True)
    assert not (~settings.loads).possible
    (value,) = (each.value for each in settings["X"])
    assert isinstance(value, Unknown)
    assert (value.type, value.variables) == ("str", ("KEY",))


@pytest.mark.parametrize(
    "call",
    ["managers.aws()", 'managers.aws("a", "b")', 'managers.vault("a")', 'managers.azure("a", x=1)'],
)
def test_a_manager_that_is_called_wrongly_does_not_load(call: str) -> None:
    assert not evaluated(f"{MANAGED}X = {call}", closed=True).loads.possible


@pytest.mark.parametrize("name", MANAGERS)
def test_a_manager_is_called_as_it_is_declared(name: str) -> None:
    declared = inspect.signature(getattr(managers, name)).parameters.values()
    needed, only = MANAGERS[name]
    assert tuple(each.name for each in declared if each.default is each.empty) == needed
    assert tuple(each.name for each in declared if each.kind is each.KEYWORD_ONLY) == only


def test_fallbacks_of_a_manager() -> None:
    source = f'{MANAGED}X = fallbacks("OLD", manager=managers.aws("shop", key="old"))'
    assert values(source, {"OLD": "one,two"}) == {"X": ["one", "two"]}
    (value,) = values(source).values()
    assert isinstance(value, Unknown)
    assert value.type == "list"


@pytest.mark.parametrize(
    ("env", "found"),
    [({}, []), ({"OLD": ""}, []), ({"OLD": "one, two,"}, ["one", "two"])],
)
def test_fallbacks(env: dict[str, str], found: list[str]) -> None:
    source = 'from hardango.django import fallbacks\nX = fallbacks("OLD")'
    assert values(source, env) == {"X": found}


@pytest.mark.parametrize(
    ("call", "seconds"),
    [
        ('hsts.schedule(start="2020-01-01")', 31536000),
        ('hsts.schedule("2020-01-01", hold="week")', 604800),
        ('hsts.schedule("9000-01-01")', 0),
        ('hsts.schedule("2020-01-01", rollback=True)', 0),
    ],
)
def test_the_schedule_is_that_of_today(call: str, seconds: int) -> None:
    source = f"from hardango.django import hsts\nSECURE_HSTS_SECONDS = {call}"
    assert values(source) == {"SECURE_HSTS_SECONDS": seconds}


def test_a_schedule_that_is_none_does_not_load() -> None:
    source = 'from hardango.django import hsts\nX = hsts.schedule("soon")'
    assert not evaluated(source, closed=True).loads.possible
