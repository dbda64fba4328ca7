"""Real projects with `hardango.django` in them: what wagtail's template makes, and cookiecutter-django."""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

from benchmarks.inside.environments import REPOSITORY

KEY = "Vd7-kQ2x_Zr9wLm4Yt6Bn1Hs3Jc8Pf5Gg0aEuRiOoTtYyXxWwQqMmNn"
HOST = "shop.example"

SETTINGS = """
import os
from {module} import *
from hardango.django import fallbacks, hsts, secret
SECRET_KEY = secret("DJANGO_SECRET_KEY")
SECRET_KEY_FALLBACKS = fallbacks("DJANGO_SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = ["shop.example"]
ROOT_URLCONF = "inside.urls"
INSTALLED_APPS = [*INSTALLED_APPS, "hardango.django"]
MIDDLEWARE = ["hardango.django.headers.ResponseHeadersMiddleware", *MIDDLEWARE]
SECURE_HSTS_SECONDS = hsts.schedule(start="2020-01-01")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
DATABASES = {{"default": {{"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["INSIDE_DATABASE"],
                          "OPTIONS": {{"timeout": 60}}}}}}
MIGRATION_MODULES = {{}}  # cookiecutter-django has one that is for PostgreSQL only
HARDANGO = {{"environment": "production", "guard": "refuse"}}
_AUTH = "django.contrib.auth.middleware.AuthenticationMiddleware"
if not os.environ.get("INSIDE_STOCK"):
    MIDDLEWARE.insert(MIDDLEWARE.index(_AUTH) + 1, "hardango.django.sessions.KeepSessionsMiddleware")
exec(os.environ.get("INSIDE_MORE", ""))
"""
URLS = """
from django.http import HttpResponse
from django.urls import path
from {urls} import urlpatterns as theirs
def page(request): return HttpResponse("page")
def who(request): return HttpResponse(request.user.get_username() or "nobody")
urlpatterns = [path("inside-page/", page), path("inside-who/", who), *theirs]
"""
START = """
from django.core.{kind} import get_{kind}_application
application = get_{kind}_application()
"""
USERS = """
import django, json
django.setup()
from django.core.management import call_command
call_command("migrate", verbosity=0, interactive=False)
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
found = {{}}
for number in range({count}):
    names = {{get_user_model().USERNAME_FIELD: f"user{{number}}", "email": f"user{{number}}@shop.example"}}
    user = get_user_model().objects.create_user(**names)
    client = Client(headers={{"host": "shop.example", "x-forwarded-proto": "https"}})
    client.force_login(user, settings.AUTHENTICATION_BACKENDS[0])
    found[user.get_username()] = {{name: each.value for name, each in client.cookies.items()}}
print(json.dumps(found))
"""


class Real(NamedTuple):
    """A real project: its settings module and URLconf, what its production is given."""

    name: str
    module: str
    urls: str
    variables: dict[str, str]


WAGTAIL = Real("wagtail start", "mysite.settings.production", "mysite.urls", {})
COOKIECUTTER = Real(
    "cookiecutter-django", "config.settings.production", "config.urls",
    {"DJANGO_ADMIN_URL": "admin-8Fq3/", "DATABASE_URL": "sqlite:///unused",
     "REDIS_URL": "redis://127.0.0.1:9/0", "DJANGO_AWS_ACCESS_KEY_ID": "made-up",
     "DJANGO_AWS_SECRET_ACCESS_KEY": "made-up", "DJANGO_AWS_STORAGE_BUCKET_NAME": "shop",
     "MAILGUN_API_KEY": "made-up", "MAILGUN_DOMAIN": "mail.example"},
)  # fmt: skip

COMMANDS = {
    "gunicorn": ["-m", "gunicorn", "-b", "127.0.0.1:{port}", "-w", "2", "--threads", "4",
                 "--reuse-port", "inside.wsgi"],
    "uvicorn": ["-m", "uvicorn", "--port", "{port}", "--log-level", "warning",
                "inside.asgi:application"],
}  # fmt: skip


class Site:
    """A copy of a project, and how it is run."""

    def __init__(self, real: Real, tree: str, python: str, folder: str) -> None:
        self.real, self.python = real, python
        self.root = Path(folder) / "project"
        shutil.copytree(tree, self.root, symlinks=True)
        inside = self.root / "inside"
        inside.mkdir()
        for name, text in {
            "__init__.py": "", "settings.py": SETTINGS.format(module=real.module),
            "urls.py": URLS.format(urls=real.urls),
            "wsgi.py": START.format(kind="wsgi"), "asgi.py": START.format(kind="asgi"),
        }.items():  # fmt: skip
            (inside / name).write_text(text, encoding="utf-8")
        self.env = self.root / ".env"
        self.env.write_text(f"DJANGO_SECRET_KEY={KEY}\n", encoding="utf-8")

    def environment(self, **more: str) -> dict[str, str]:
        lines = self.env.read_text(encoding="utf-8").splitlines()
        own = {name: value.strip("'") for name, _, value in (line.partition("=") for line in lines)}
        return {
            "PATH": os.environ.get("PATH", ""), "PYTHONDONTWRITEBYTECODE": "1",
            "PYTHONPATH": f"{REPOSITORY}/src{os.pathsep}{self.root}",
            "DJANGO_SETTINGS_MODULE": "inside.settings",
            "INSIDE_DATABASE": str(self.root / "db.sqlite3"),
            **self.real.variables, **own, **more,
        }  # fmt: skip

    def run(self, *command: str, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [self.python, *command], cwd=self.root, env=self.environment(**more),
            capture_output=True, text=True, timeout=300,
        )  # fmt: skip

    def users(self, count: int) -> dict[str, dict[str, str]]:
        """That many users with the cookies of their sessions, in a new database."""
        done = self.run("-c", USERS.format(count=count))
        if done.returncode:
            raise RuntimeError(done.stderr[-2000:])
        found: dict[str, Any] = json.loads(done.stdout.strip().splitlines()[-1])
        return found

    @contextmanager
    def served(self, server: str, port: int, **more: str) -> Iterator[tuple[bool, str]]:
        """Whether it listens within a minute, and what it wrote."""
        process, log = self.start(server, port, **more)
        try:
            yield answers(process, port), log.read_text(encoding="utf-8", errors="replace")
        finally:
            stop(process)

    def start(self, server: str, port: int, **more: str) -> tuple[subprocess.Popen[bytes], Path]:
        log = self.root / f"{server}.log"
        command = [self.python, *(each.format(port=port) for each in COMMANDS[server])]
        with open(log, "wb") as out:
            process = subprocess.Popen(command, cwd=self.root, env=self.environment(**more),
                                       stdout=out, stderr=out, start_new_session=True)  # fmt: skip
        return process, log


def answers(process: subprocess.Popen[bytes], port: int) -> bool:
    ends = time.monotonic() + 120
    while time.monotonic() < ends and process.poll() is None:
        try:
            with socket.create_connection(("127.0.0.1", port), 1) as peer:
                peer.settimeout(30)
                peer.sendall(b"GET /inside-page/ HTTP/1.0\r\nHost: shop.example\r\n\r\n")
                if peer.recv(16).startswith(b"HTTP/1"):
                    return True
        except OSError:
            pass
        time.sleep(0.1)
    return False


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a server as an operator would, and for good after ten seconds."""
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        pass
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    process.wait(10)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
