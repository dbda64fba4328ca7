"""dynaconf, held against the library itself and in environments that are not known."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping

import pytest
from tests.settings.evaluating import evaluated, told, written

pytest.importorskip("dynaconf")

SETTINGS = """
import dynaconf

DEBUG = False
ALLOWED_HOSTS = ["*"]
DATABASES = {"default": {"NAME": "a", "HOST": ""}}
MIDDLEWARE = ["first"]
EXTRA = dynaconf.Dynaconf(envvar_prefix="APP").get("EXTRA", 3)

def hook(settings):
    if settings.DEBUG:
        return {}
    return {"MIDDLEWARE": ["last"], "dynaconf_merge": True}

settings = dynaconf.DjangoDynaconf(
    __name__, ENVVAR_PREFIX_FOR_DYNACONF="APP", ENV_SWITCHER_FOR_DYNACONF="APP_ENV", post_hooks=hook
)
"""
FILE = """
[default]
DEBUG = true
SECRET_KEY = "default-key"
[production]
debug = false
SESSION_COOKIE_SECURE = true
[global]
SITE_NAME = "everywhere"
"""
NAMES = "DEBUG ALLOWED_HOSTS DATABASES MIDDLEWARE EXTRA SECRET_KEY SITE_NAME TIME_ZONE".split()
NAMES += ["SESSION_COOKIE_SECURE"]
LOAD = f"""
import json
from django.conf import settings
settings.DEBUG
from django.conf import settings
print(json.dumps({{name: getattr(settings, name) for name in {NAMES!r}}}, default=list))
"""


def library(root: str, env: Mapping[str, str]) -> object:
    """What the library makes of the settings, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-c", LOAD],
        cwd=root,
        env={"PATH": os.environ["PATH"], "DJANGO_SETTINGS_MODULE": "settings", **env},
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


@pytest.mark.parametrize(
    "env",
    [
        {},
        {"APP_ENV": "production"},
        {"APP_ENV": "production", "APP_DEBUG": "True", "APP_ALLOWED_HOSTS": '["a", "b"]'},
        {"APP_DEBUG": "@bool off", "APP_EXTRA": "@int 4", "APP_TIME_ZONE": "UTC"},
        {"APP_DATABASES__default__HOST": "h", "DYNACONF_TIME_ZONE": "Asia/Tokyo"},
        {"APP_EXTRA": "plain text", "APP_SITE_NAME": "'quoted'", "APP_DEBUG": "0"},
    ],
)
def test_overrides_as_the_library_does(env: dict[str, str]) -> None:
    files = {"settings.py": SETTINGS, "settings.toml": FILE}
    with written(files) as root:
        real = library(root, env)
    model = evaluated(files, env, closed=True)
    found = {name: [each.value for each in model[name]] for name in NAMES}
    assert json.loads(json.dumps(found, default=list)) == {
        name: [value]
        for name, value in real.items()  # type: ignore[attr-defined]
    }


@pytest.mark.parametrize("text", ["@merge b", "@format {this.X}", "@jinja {{ 1 }}", "@insert 0 b"])
def test_what_is_not_modelled_is_unknown(text: str) -> None:
    found = evaluated(SETTINGS, {"APP_ALLOWED_HOSTS": text}, closed=True)
    assert not any(each.known for each in found["ALLOWED_HOSTS"])


def test_a_variable_may_override_what_the_module_and_django_say() -> None:
    found = evaluated(SETTINGS, {})
    for name in ("DEBUG", "SECURE_SSL_REDIRECT"):
        said = [(told(each.value), each.when) for each in found[name]]
        assert (f"unknown: read from APP_{name}", (f"APP_{name} is set",)) in said


def test_a_settings_file_in_python_may_set_anything() -> None:
    files = {
        "site/settings.py": SETTINGS.replace("__name__,", "__name__, settings_files='more.py',"),
        "site/more.py": "DEBUG = True\n",
    }
    found = evaluated(files, {}, closed=True, module="site.settings")
    assert not any(each.known for each in found["DEBUG"])


def test_what_a_hook_adds_is_added_in_every_case() -> None:
    found = evaluated(SETTINGS, {"APP_DEBUG": "0"})
    said = [told(each.value) for each in found["MIDDLEWARE"]]
    assert ["first", "last"] in said and ["last"] not in said
    assert "unknown: read from APP_MIDDLEWARE, with what a hook of dynaconf adds" in said
