"""Small projects that start in a second, and what is left of them."""

from __future__ import annotations

import hashlib
import os
import socket
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from hardango.audit import Reading, Request, read

ROOT = Path(__file__).resolve().parents[2]

SETTINGS = """
import os
import socket
from pathlib import Path
BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = os.environ["SECRET_KEY"]
DEBUG = False
ALLOWED_HOSTS = ["tiny.example.org"]
ROOT_URLCONF = "tiny.urls"
WSGI_APPLICATION = "tiny.wsgi.application"
INSTALLED_APPS = []
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31536000
DATABASES = {"default": {"ENGINE": "django.db.backends.postgresql", "NAME": "tiny",
                         "HOST": "db.example.net"}}
"""
WSGI = """
import os
import socket
from django.core.wsgi import get_wsgi_application
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tiny.settings")
application = get_wsgi_application()
"""
URLS = """
from django.http import HttpResponse, JsonResponse
from django.urls import path

def home(request):
    return JsonResponse({"secure": request.is_secure(), "host": request.get_host(),
                         "for": request.headers.get("X-Forwarded-For"),
                         "peer": request.META["REMOTE_ADDR"]})

urlpatterns = [path("", home)]
"""


@pytest.fixture
def tiny(tmp_path: Path) -> Callable[..., Path]:
    """Writes a small project: `settings` is added to its settings, other files by their name."""

    def write(settings: str = "", **files: str) -> Path:
        root = tmp_path / "tiny-project"
        texts = {
            "manage.py": "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'tiny.settings')\n",
            "tiny/__init__.py": "",
            "tiny/settings.py": SETTINGS + settings,
            "tiny/wsgi.py": WSGI,
            "tiny/urls.py": URLS,
            "Procfile": "web: gunicorn tiny.wsgi\n",
            **files,
        }  # fmt: skip
        for name, text in texts.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        return root

    return write


def reading(path: Path, **given: str) -> Reading:
    return read(Request(path=str(path), given=given))


def digest(root: Path) -> dict[str, tuple[str, int, float]]:
    """Every file of a directory: what is in it, its mode and when it was changed."""
    found = {}
    for path in sorted(root.rglob("*")):
        status = path.lstat()
        held = b"" if path.is_dir() else path.read_bytes()
        found[str(path)] = (hashlib.sha256(held).hexdigest(), status.st_mode, status.st_mtime)
    return found


def left_of(directory: str) -> list[int]:
    """The processes that have to do with a throw-away directory."""
    found = []
    for name in os.listdir("/proc"):
        if not name.isdecimal() or int(name) == os.getpid():
            continue
        try:
            with open(f"/proc/{name}/environ", "rb") as environ, open(f"/proc/{name}/stat") as stat:
                gone = stat.read().rpartition(")")[2].split()[0] == "Z"
                if directory.encode() in environ.read() and not gone:
                    found.append(int(name))
        except OSError:
            continue
    return found


def waits_until(done: Callable[[], bool], seconds: float = 10.0) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if done():
            return True
        time.sleep(0.05)
    return done()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])
