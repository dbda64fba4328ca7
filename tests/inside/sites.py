"""Small Django projects with `hardango.django` in them, run by their own interpreter."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import django

ROOT = Path(__file__).resolve().parents[2]

SETTINGS = """
import os
import django
from hardango.django import fallbacks, hsts, secret

SECRET_KEY = secret("DJANGO_SECRET_KEY")
SECRET_KEY_FALLBACKS = fallbacks("DJANGO_SECRET_KEY_FALLBACKS")
DEBUG = False
ALLOWED_HOSTS = ["shop.example"]
ROOT_URLCONF = "shop.urls"
WSGI_APPLICATION = "shop.wsgi.application"
USE_TZ = True
STATIC_URL = "static/"
INSTALLED_APPS = [
    "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
    "django.contrib.staticfiles", "hardango.django",
]
MIDDLEWARE = [
    "hardango.django.headers.ResponseHeadersMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": os.environ["SHOP_DATABASE"]}}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation." + name}
    for name in ("MinimumLengthValidator", "CommonPasswordValidator")
]
if django.VERSION >= (6, 0):
    MIDDLEWARE.append("django.middleware.csp.ContentSecurityPolicyMiddleware")
    SECURE_CSP = {"default-src": ["'self'"], "object-src": ["'none'"], "base-uri": ["'none'"]}
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = hsts.schedule(start="2020-01-01")
HARDANGO = {"environment": "production", "guard": "refuse"}
"""
URLS = """
from django.contrib.auth import logout
from django.http import HttpResponse
from django.urls import path
from django.views.decorators.clickjacking import xframe_options_exempt
from hardango.django.headers import response_headers

def page(request): return HttpResponse("page")
async def apage(request): return HttpResponse("async page")
def own(request): return HttpResponse("own", headers={"Permissions-Policy": "camera=(self)"})
def broken(request): raise RuntimeError("broken")
def me(request): return HttpResponse(str(request.user))
def out(request): logout(request); return HttpResponse("out")

@response_headers({"Cross-Origin-Resource-Policy": "cross-origin", "Origin-Agent-Cluster": None})
def shared(request): return HttpResponse("shared")

@response_headers({"Cross-Origin-Resource-Policy": "cross-origin"})
async def ashared(request): return HttpResponse("shared")

@xframe_options_exempt
def framed(request): return HttpResponse("framed")

urlpatterns = [path(name + "/", view) for name, view in {
    "page": page, "apage": apage, "own": own, "broken": broken, "me": me, "out": out,
    "shared": shared, "ashared": ashared, "framed": framed,
}.items()]
"""
START = """
import os
from django.core.{kind} import get_{kind}_application
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
application = get_{kind}_application()
"""
CELERY = """
import os
from celery import Celery
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
app = Celery("shop", broker="memory://")
app.config_from_object("django.conf:settings", namespace="CELERY")
"""
MANAGE = """
import os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
from django.core.management import execute_from_command_line
execute_from_command_line(sys.argv)
"""
KEY = "Vd7-kQ2x_Zr9wLm4Yt6Bn1Hs3Jc8Pf5Gg0aEuRiOoTtYyXxWwQqMmNn"


class Site:
    """A project in a directory."""

    def __init__(self, folder: Path, more: str = "") -> None:
        self.folder = folder
        (folder / "shop").mkdir()
        for name, text in {
            "manage.py": MANAGE,
            "requirements.txt": f"Django=={django.__version__}\n",
            "shop/__init__.py": "",
            "shop/settings.py": SETTINGS + more,
            "shop/urls.py": URLS,
            "shop/wsgi.py": START.format(kind="wsgi"),
            "shop/asgi.py": START.format(kind="asgi"),
            "shop/celery.py": CELERY,
        }.items():
            (folder / name).write_text(text, encoding="utf-8")

    def environment(self, **more: str | None) -> dict[str, str]:
        given: dict[str, str | None] = {
            **os.environ, "PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{self.folder}",
            "DJANGO_SECRET_KEY": KEY, "SHOP_DATABASE": str(self.folder / "db.sqlite3"),
            "DJANGO_SETTINGS_MODULE": "shop.settings", "PYTHONDONTWRITEBYTECODE": "1", **more,
        }  # fmt: skip
        return {name: value for name, value in given.items() if value is not None}

    def run(self, *command: str, **more: str | None) -> subprocess.CompletedProcess[str]:
        """A Python process in the project: `run("manage.py", "check")`."""
        return subprocess.run(
            [sys.executable, *command], cwd=self.folder, env=self.environment(**more),
            capture_output=True, text=True, timeout=60, check=False,
        )  # fmt: skip

    def tell(self, program: str, **more: str | None) -> Any:
        """What a program, with Django set up, prints as JSON with its last line."""
        start = "import django, json; django.setup()\n"
        done = self.run("-c", start + program, **more)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout.strip().split("\n")[-1])
