"""No unsafe production is served, and nothing else is refused."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sites import Site

from hardango.django.guard import serving

MUTANTS = {
    "debug": "DEBUG = True\n",
    "secret-key": 'SECRET_KEY = "django-insecure-0123456789abcdefghijklmnopqrstuvwxyz"\n',
    "allowed-hosts": 'ALLOWED_HOSTS = ["*"]\n',
}
SAFE = {
    "unbroken": "",
    "development": 'DEBUG = True\nHARDANGO = {"environment": "development", "guard": "refuse"}\n',
    "no environment": "DEBUG = True\nHARDANGO = {}\n",
    "off": 'DEBUG = True\nHARDANGO["guard"] = "off"\n',
    "ignored": 'ALLOWED_HOSTS = ["*"]\nHARDANGO["ignore"] = {"allowed-hosts": "the proxy checks it"}\n',
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


SERVERS = {
    "runserver": ["manage.py", "runserver", "--noreload", "127.0.0.1:{port}"],
    "gunicorn": ["-m", "gunicorn", "-b", "127.0.0.1:{port}", "shop.wsgi"],
    "uvicorn": ["-m", "uvicorn", "--port", "{port}", "shop.asgi:application"],
}


@contextlib.contextmanager
def served(site: Site, server: str) -> Iterator[tuple[bool, str]]:
    """Whether the server listens, and what it wrote if it doesn't."""
    port, log = free_port(), site.folder / "server.log"
    command = [sys.executable, *(each.format(port=port) for each in SERVERS[server])]
    with open(log, "wb") as out:
        process = subprocess.Popen(
            command, cwd=site.folder, env=site.environment(), stdout=out, stderr=out,
            start_new_session=True,
        )  # fmt: skip
    try:
        yield listening(process, port), log.read_text(encoding="utf-8", errors="replace")
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def listening(process: subprocess.Popen[bytes], port: int) -> bool:
    """Whether a request is answered before the process ends, within 30 seconds."""
    ends = time.monotonic() + 30
    while time.monotonic() < ends and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as peer:
            peer.settimeout(10)
            peer.sendall(b"GET /page/ HTTP/1.0\r\nHost: shop.example\r\n\r\n")
            if peer.recv(16).startswith(b"HTTP/1"):
                return True
        time.sleep(0.1)
    return False


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
