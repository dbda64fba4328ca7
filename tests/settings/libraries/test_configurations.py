"""django-configurations, held against the library itself and in environments that are not known."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping

import pytest
from tests.settings.evaluating import evaluated, told, written

pytest.importorskip("configurations")

SETTINGS = """
from configurations import Configuration, values

class Mixin:
    M = 1

class Base(Configuration):
    DOTENV = ".env"
    SECRET_KEY = values.SecretValue()
    DEBUG = values.BooleanValue(False)
    ALLOWED_HOSTS = values.ListValue(["d"])
    NUMBERS = values.TupleValue((), converter=int, separator=";")
    HSTS = values.PositiveIntegerValue(5, environ_prefix="APP_")
    NAMED = values.Value("d", environ_name="NAMED_X", environ_prefix=None)
    FROM_FILE = values.Value("no")
    OPTIONS = values.DictValue({"a": 1})
    PLAIN = values.Value("v", environ=False)
    DATABASES = values.DatabaseURLValue("sqlite:///x.db")
    MIDDLEWARE = Configuration.MIDDLEWARE + ["a"]

    @property
    def SECURE(self):
        return not self.DEBUG

    def METHOD(self):
        return [self.HSTS, self.M]

    M = 0

class Side(Base):
    M = 2

class Live(Mixin, Base):
    EXTRA = Base.INSTALLED_APPS + ["x"]

    @classmethod
    def pre_setup(cls):
        super().pre_setup()
        cls.EARLY = 1
"""
NAMES = (
    "SECRET_KEY DEBUG ALLOWED_HOSTS NUMBERS HSTS NAMED FROM_FILE OPTIONS PLAIN MIDDLEWARE SECURE "
    "METHOD M"
).split()
KEY = {"DJANGO_SECRET_KEY": "k"}

LOAD = f"""
import json, configurations
configurations.setup()
from django.conf import settings
print(json.dumps({{name: getattr(settings, name) for name in {NAMES!r}}}, default=list))
"""


def library(root: str, env: Mapping[str, str]) -> object:
    """What the library makes of the settings, in a process of its own; None if it refuses."""
    done = subprocess.run(
        [sys.executable, "-c", LOAD],
        cwd=root,
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "settings", **env},
        capture_output=True,
        text=True,
        check=False,
    )
    return json.loads(done.stdout) if done.returncode == 0 else None


@pytest.mark.parametrize(
    ("configuration", "env"),
    [
        ("Base", KEY),
        ("Live", {**KEY, "DJANGO_DEBUG": "Yes", "DJANGO_ALLOWED_HOSTS": " a, b,", "APP_HSTS": "7"}),
        ("Side", {**KEY, "DJANGO_NUMBERS": "1;2", "NAMED_X": "n", "DJANGO_OPTIONS": "{'b': 2}"}),
        ("Base", {}),
        ("Base", {**KEY, "DJANGO_DEBUG": "perhaps"}),
        ("Base", {**KEY, "APP_HSTS": "-1"}),
    ],
)
def test_a_configuration_is_set_up_as_the_library_does(
    configuration: str, env: dict[str, str]
) -> None:
    files = {"settings.py": SETTINGS, ".env": "DJANGO_FROM_FILE='yes'\nnot a line\n"}
    with written(files) as root:
        real = library(root, {**env, "DJANGO_CONFIGURATION": configuration})
    model = evaluated(files, env, closed=True, configuration=configuration)
    if real is None:
        assert not model.loads.possible
        return
    found = {name: [each.value for each in model[name]] for name in NAMES}
    assert json.loads(json.dumps(found, default=list)) == {
        name: [value] for name, value in real.items()
    }


def test_the_environment_decides_by_name() -> None:
    source = SETTINGS.replace('DOTENV = ".env"', "DOTENV = None")
    found = evaluated(source, KEY, configuration="Live")
    assert [(told(each.value), each.when) for each in found["DEBUG"]] == [
        ("unknown: read from DJANGO_DEBUG", ("DJANGO_DEBUG is set",)),
        (False, ("DJANGO_DEBUG is unset",)),
    ]
    assert [each.value for each in found["EARLY"]] == [1]


def test_a_mixin_that_is_not_known_does_not_stop_the_setting_up() -> None:
    source = SETTINGS.replace("class Base(Configuration)", "class Base(Else, Configuration)")
    source = "from elsewhere import Else\n" + source.replace('DOTENV = ".env"', "DOTENV = None")
    found = evaluated(source, KEY, closed=True, configuration="Base")
    for name, value in (("SECRET_KEY", "k"), ("ALLOWED_HOSTS", ["d"]), ("HSTS", 5)):
        assert [told(each.value) for each in found[name]] == [value]
    assert not evaluated(source, {}, closed=True, configuration="Base").loads.possible


def test_without_a_configuration_nothing_is_claimed() -> None:
    source = "from configurations import Configuration\n"
    found = evaluated(f"{source}class A(Configuration):\n    DEBUG = True\n")
    assert not any(each.known for each in found["DEBUG"])
    assert any("DJANGO_CONFIGURATION" in note.message for note in found.notes)
