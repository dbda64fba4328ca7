"""`hardango_site`: production's settings in a project's own test suite."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from probe_local import ROOT

Tiny = Callable[..., Path]

TESTS = """
def test_a_protection(hardango_site):
    assert hardango_site.refuted("content-type-nosniff") == []
    page = hardango_site.get("/")
    assert page.status == 200
    assert page.get("Strict-Transport-Security") == "max-age=31536000"

def test_a_weakness(hardango_site):
    assert hardango_site.refuted("ssl-redirect") == []

def test_its_settings_are_not_those_of_tests(hardango_site):
    assert "DEBUG = True" in hardango_site.get("/gone/").text
"""


def run(root: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p",
         "hardango.pytest_plugin", "-o", "addopts=", "--rootdir", str(root), *arguments],
        cwd=root, capture_output=True, text=True, timeout=60,
        # Where Hardango is installed, its plugin would be loaded by its name as well.
        env={**os.environ, "PYTHONPATH": str(ROOT / "src"), "PYTHONDONTWRITEBYTECODE": "1",
             "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
    )  # fmt: skip
    return done.stdout + done.stderr


def test_what_does_not_protect_fails_a_test(tiny: Tiny) -> None:
    root = tiny("DEBUG = True", **{"test_security.py": TESTS})
    said = run(root)
    assert "1 failed, 2 passed" in said, said
    assert "ssl-redirect: GET / is answered over plain HTTP with 200" in said


def test_a_project_that_does_not_start_says_why(tiny: Tiny) -> None:
    files = {"test_security.py": TESTS, "tiny/urls.py": "import gone"}
    said = run(tiny(**files))
    assert "hardango: its URLs do not load: ModuleNotFoundError" in said, said


def test_unused_it_loads_nothing(tmp_path: Path) -> None:
    (tmp_path / "test_nothing.py").write_text(
        "import sys\ndef test_nothing():\n"
        "    assert [each for each in sys.modules if each.startswith('hardango.')] == "
        "['hardango.pytest_plugin']\n"
    )
    said = run(tmp_path)
    assert "1 passed" in said, said


ROUTES = """
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import path
from django.views import View

@login_required
def guarded(request):
    return HttpResponse("in")

def calls_the_guarded(request):
    return login_required(guarded)(request)

def is_forgotten(request):
    return HttpResponse("in")

urlpatterns = [path("guarded/", guarded), path("calls/", calls_the_guarded),
               path("forgotten/", is_forgotten)]
"""
ACCOUNTS = """
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"]
MIDDLEWARE += ["django.contrib.sessions.middleware.SessionMiddleware",
               "django.contrib.auth.middleware.AuthenticationMiddleware"]
"""


LOGS_IN = """
from django.contrib.auth import get_user_model

def as_somebody(get_response):
    def middleware(request):
        request.user = get_user_model()(pk=1)
        return get_response(request)
    return middleware
"""


def test_every_route_is_a_test(tiny: Tiny) -> None:
    root = tiny(ACCOUNTS, **{"test_nothing.py": "def test_it(): pass\n", "tiny/urls.py": ROUTES})
    said = run(root, "--hardango-access", "-vv")
    assert "access: * guarded/" in said, said
    assert "4 passed" in said
    assert "access:" not in run(root, "-vv")


def test_a_guard_that_lets_others_in_fails_its_test(tiny: Tiny) -> None:
    """Nobody has a session, but a middleware makes everybody somebody."""
    settings = ACCOUNTS + 'MIDDLEWARE += ["tiny.logs_in.as_somebody"]\n'
    said = run(
        tiny(settings, **{"tiny/urls.py": ROUTES, "tiny/logs_in.py": LOGS_IN}), "--hardango-access"
    )
    assert "anonymous gets in: * /guarded/" in said, said
    assert "is read as: authenticated (tiny.urls.guarded" in said
    assert "1 failed, 2 passed" in said
