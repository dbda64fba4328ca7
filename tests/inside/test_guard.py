"""No unsafe production is served, and nothing else is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
from servers import MUTANTS, SAFE, SERVERS, served
from sites import Site

from hardango.django.guard import serving


@pytest.mark.parametrize("server", SERVERS)
@pytest.mark.parametrize("mutant", MUTANTS)
def test_no_server_starts_an_unsafe_production(tmp_path: Path, server: str, mutant: str) -> None:
    with served(Site(tmp_path, MUTANTS[mutant]), server) as (up, said):
        assert not up
    assert "hardango.django refuses to start it" in said
    assert f"  {mutant}: " in said
    assert "(shop/settings.py:" in said


@pytest.mark.parametrize("server", SERVERS)
def test_every_server_starts_a_safe_one(tmp_path: Path, server: str) -> None:
    with served(Site(tmp_path), server) as (up, said):
        assert up, said


@pytest.mark.parametrize("name", SAFE)
def test_what_is_not_refused(tmp_path: Path, name: str) -> None:
    done = Site(tmp_path, SAFE[name]).run("manage.py", "runserver", "--version")
    assert done.returncode == 0, done.stderr


def test_a_warning_comes_first(tmp_path: Path) -> None:
    site = Site(tmp_path, 'ALLOWED_HOSTS = ["*"]\nHARDANGO["guard"] = "warn"\n')
    with served(site, "gunicorn") as (up, said):
        assert up
    assert "this production is unsafe" in said
    assert "allowed-hosts" in said


@pytest.mark.parametrize(
    "command",
    [["migrate"], ["check"], ["collectstatic", "--dry-run", "--noinput"], ["shell", "-c", "1"]],
)
def test_a_command_that_ends_is_never_refused(tmp_path: Path, command: list[str]) -> None:
    site = Site(tmp_path, MUTANTS["debug"] + 'STATIC_ROOT = "/nowhere"\n')
    done = site.run("manage.py", *command)
    assert "refuses" not in done.stderr


def test_what_only_asks_celery_is_never_refused(tmp_path: Path) -> None:
    done = Site(tmp_path, MUTANTS["debug"]).run("-m", "celery", "-A", "shop.celery", "report")
    assert done.returncode == 0, done.stderr


def test_no_secret_is_told(tmp_path: Path) -> None:
    key = "django-insecure-planted-0f1e2d3c4b5a69788796a5b4c3d2e1f0"
    done = Site(tmp_path, f"SECRET_KEY = {key!r}\n").run(
        "manage.py", "runserver", "--noreload", "0"
    )
    assert "refuses to start" in done.stderr
    assert "planted-0f1e" not in done.stderr + done.stdout


@pytest.mark.parametrize(
    ("arguments", "serves"),
    [
        (["/usr/bin/gunicorn", "shop.wsgi"], True),
        (["/lib/uvicorn/__main__.py", "shop.asgi:application"], True),
        (["/usr/bin/celery", "-A", "shop", "worker"], True),
        (["/lib/celery/__main__.py", "-A", "shop", "beat"], True),
        (["/usr/bin/celery", "-A", "report", "worker"], True),
        (["/usr/bin/celery", "-A", "shop", "something-new"], True),
        (["/usr/bin/celery", "-A", "shop", "inspect", "ping"], False),
        (["/usr/bin/celery", "report"], False),
        (["uwsgi"], True),
        (["manage.py", "runserver"], True),
        (["manage.py", "migrate"], False),
        (["manage.py"], False),
        (["/usr/bin/django-admin", "collectstatic"], False),
        (["/usr/bin/pytest"], False),
        (["/lib/pytest/__main__.py"], False),
        (["-c"], False),
        ([""], False),
        ([], False),
    ],
)
def test_what_serves(arguments: list[str], serves: bool) -> None:
    assert serving(arguments) is serves
