"""`hardango access` from the command line: what it prints, what it writes, and how it ends."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

VIEWS = """
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.views.decorators.http import require_POST

def home(request):
    return HttpResponse("in")

@login_required
def orders(request):
    return HttpResponse("in")

@require_POST
def send(request):
    return HttpResponse("in")
"""
URLS = """
from django.urls import path
from shop import views

urlpatterns = [path("", views.home), path("orders/", views.orders), path("send/", views.send)]
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    (tmp_path / "shop").mkdir()
    for name, text in (
        ("manage.py", 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")\n'),
        ("settings.py", 'SECRET_KEY = "x"\nROOT_URLCONF = "urls"\nINSTALLED_APPS = ["shop"]\n'),
        ("urls.py", URLS),
        ("shop/__init__.py", ""),
        ("shop/views.py", VIEWS),
    ):
        (tmp_path / name).write_text(text)
    return tmp_path


Run = Callable[..., Any]


def test_it_lists_every_route_and_fails_by_what_is_wrong(shop: Path, hardango: Run) -> None:
    ran = hardango("access", shop)
    assert ran.code == 1
    assert "Anybody can change something" in ran.out
    assert "POST /send/: no guard (shop/views.py:" in ran.out
    assert "authenticated, by login_required" in ran.out
    assert "3 routes: 2 anonymous, 1 authenticated." in ran.out
    assert hardango("access", shop, "--fail-on", "critical").code == 0


def test_what_was_chosen_is_shown_with_how_many_there_are(shop: Path, hardango: Run) -> None:
    ran = hardango("access", shop, "--open", "--fail-on", "never")
    assert ran.code == 0
    assert "2 of 3 routes are shown" in ran.out and "/orders/" not in ran.out
    assert [each["pattern"] for each in hardango("access", shop, "--route", "/ord*", "--format", "json").json["routes"]] == ["orders/"]  # fmt: skip
    assert len(hardango("access", shop, "--role", "user", "--format", "json").json["routes"]) == 3
    assert (
        len(hardango("access", shop, "--role", "anonymous", "--format", "json").json["routes"]) == 2
    )


def test_it_is_kept_and_checked(shop: Path, hardango: Run) -> None:
    assert hardango("access", shop, "--write").code == 0
    file = shop / "access.toml"
    os.chmod(file, 0o640)
    file.write_text(
        file.read_text().replace('POST = "anonymous"', 'POST = "anonymous", public = "a form"')
    )
    assert hardango("access", shop, "--check").code == 0
    assert "up to date" in hardango("access", shop, "--write").out
    assert hardango("access", shop).code == 0  # What is declared public is no weakness.
    views = shop / "shop" / "views.py"
    views.write_text(VIEWS.replace("@login_required\n", ""))
    ran = hardango("access", shop, "--check")
    assert ran.code == 1
    assert "WEAKENED" in ran.out and "login_required is gone" in ran.out
    assert [each["pattern"] for each in hardango("access", shop, "--changed", "--format", "json").json["routes"]] == ["orders/"]  # fmt: skip
    assert hardango("access", shop, "--write").code == 0
    assert 'public = "a form"' in file.read_text()
    assert stat.S_IMODE(file.stat().st_mode) == 0o640
    assert hardango("access", shop, "--check").code == 0
    assert sorted(each.name for each in shop.iterdir()) == ["access.toml", "manage.py", "settings.py", "shop", "urls.py"]  # fmt: skip


def test_a_route_that_nobody_declared_fails(shop: Path, hardango: Run) -> None:
    hardango("access", shop, "--write")
    (shop / "urls.py").write_text(
        URLS.replace("urlpatterns = [", 'urlpatterns = [path("new/", views.home), ')
    )
    ran = hardango("access", shop, "--check", "--output", f"sarif={shop}/access.sarif")
    assert ran.code == 1 and "NEW" in ran.out and "/new/" in ran.out
    assert "access-new" in (shop / "access.sarif").read_text()


@pytest.mark.parametrize(
    "options, said",
    [
        (["--check"], "there is no access.toml in"),
        (["--changed"], "there is no access.toml in"),
        (["--role", "king"], "there is no role 'king'; there is anonymous, user, staff, superuser"),
        (["--static", "--prove"], "--static runs nothing of the project"),
        (["--static", "--python", "python"], "--environment DIRECTORY names packages to read"),
        (["--environment", "x", "--prove"], "--environment names packages to read"),
        (["--environment", "nowhere"], "nowhere is no virtual environment"),
        (["--write", "--check"], "one of them"),
        (["--format", "pdf"], "invalid choice"),
    ],
)
def test_wrong_use_is_said_in_a_sentence(shop: Path, hardango: Run, options: list[str], said: str) -> None:  # fmt: skip
    ran = hardango("access", shop, *options)
    assert ran.code == 2 and said in ran.err and "Traceback" not in ran.err
    assert not (shop / "access.toml").exists()


def test_a_file_that_cannot_be_read_is_never_written_over(shop: Path, hardango: Run) -> None:
    text = 'schema = 1\nsource = "static"\nroutes = [\n  { route = "/", pulbic = "x" },\n]\n'
    (shop / "access.toml").write_text(text)
    for option in ("--check", "--write", "--open"):
        ran = hardango("access", shop, option)
        assert ran.code == 2 and "access.toml:4: " in ran.err
    assert (shop / "access.toml").read_text() == text
