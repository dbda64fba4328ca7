"""Makes docs/gallery.md: what `hardango fix` writes into small projects, one for each way in which
projects read their variables, and for each layout. Each diff comes from a real run."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path
from typing import NamedTuple

from hardango.audit import Request
from hardango.fix.run import Wish, fix

HEAD = """\
<!-- Made by `python3 dev.py docs` from docs/gallery.py: change it there. -->
# Before and after

What `hardango fix --unsafe` writes depends on how the project is written: on the library with which it
reads its variables, and on which file decides production's value. Each of these is a small project
and what a run makes of it; [how to mend a project](how-to/mend.md) tells the rest.
"""

MANAGE = """\
import os
import sys


def main():
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
"""

REST = """\
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions"]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
]
"""

CONTROLS = ("debug", "secret-key", "allowed-hosts", "security-middleware", "session-cookie-secure",
            "committed-credentials")  # fmt: skip

ENTRY = "FROM python:3.13\nENV DJANGO_SETTINGS_MODULE={}\nCMD gunicorn shop.wsgi\n"


class Case(NamedTuple):
    """A project: what is to be said of it, and its files beside manage.py."""

    title: str
    text: str
    files: dict[str, str]
    only: tuple[str, ...] = CONTROLS
    entry: str = ""


def single(title: str, text: str, settings: str, rest: str = REST) -> Case:
    return Case(title, text, {"shop/settings.py": settings + rest})


def split(title: str, text: str, entry: str, only: tuple[str, ...], **files: str) -> Case:
    held = {f"shop/settings/{name}.py": body for name, body in files.items()}
    return Case(title, text, {"shop/settings/__init__.py": "", **held}, only, entry)


CASES = [
    single(
        "Plain `os.environ`", "A flag is read so that `False` is false; `manage.py` gives a developer's machine what "
        "production has to be told.",
        'import os\n\nSECRET_KEY = os.environ.get("SECRET_KEY", "django-insecure-h7q2v9x4k1m8")\n'
        'DEBUG = os.environ.get("DEBUG", True)\nALLOWED_HOSTS = ["*"]\n',
    ),
    single(
        "django-environ", "The object and its prefix are the project's own.",
        'import environ\n\nenv = environ.Env()\n\nSECRET_KEY = env("SHOP_SECRET_KEY", default="not so secret")\n'
        'DEBUG = env.bool("SHOP_DEBUG", default=True)\nALLOWED_HOSTS = ["*"]\n',
    ),
    single(
        "python-decouple", "The quotes are the statement's, and a list is `Csv()`.",
        "from decouple import config\n\nSECRET_KEY = 'django-insecure-h7q2v9x4k1m8'\n"
        "DEBUG = config('DEBUG', default=True, cast=bool)\nALLOWED_HOSTS = ['*']\n",
    ),
    single(
        "environs", "",
        'from environs import Env\n\nenv = Env()\n\nSECRET_KEY = env.str("SECRET_KEY", "django-insecure-h7q2v9x4k1m8")\n'
        'DEBUG = env.bool("DEBUG", True)\nALLOWED_HOSTS = ["*"]\n',
    ),
    single(
        "python-dotenv", "What the file says lies in the environment then.",
        'import os\n\nfrom dotenv import load_dotenv\n\nload_dotenv()\n\n'
        'SECRET_KEY = os.getenv("SECRET_KEY", "django-insecure-h7q2v9x4k1m8")\n'
        'DEBUG = bool(os.getenv("DEBUG", "True"))\nALLOWED_HOSTS = []\n',
    ),
    Case(
        "pydantic-settings", "The fields of the class lose their defaults, or get safe ones.",
        {"shop/configuration.py": "from pydantic_settings import BaseSettings, SettingsConfigDict\n\n\n"
         'class Configuration(BaseSettings):\n    model_config = SettingsConfigDict(env_prefix="SHOP_")\n\n'
         '    secret_key: str = "django-insecure-h7q2v9x4k1m8"\n    debug: bool = True\n'
         '    allowed_hosts: list[str] = ["*"]\n',
         "shop/settings.py": "from shop.configuration import Configuration\n\nconfiguration = Configuration()\n\n"
         "SECRET_KEY = configuration.secret_key\nDEBUG = configuration.debug\n"
         "ALLOWED_HOSTS = configuration.allowed_hosts\n" + REST},
    ),
    single(
        "dynaconf", "The library's own variable, `SHOP_SECRET_KEY` here, is the only source that is left.",
        'import dynaconf\n\nSECRET_KEY = "django-insecure-h7q2v9x4k1m8"\nDEBUG = False\n'
        'ALLOWED_HOSTS = ["shop.example"]\nSESSION_COOKIE_SECURE = True\n' + REST
        + '\nsettings = dynaconf.DjangoDynaconf(__name__, envvar_prefix="SHOP")\n',
        rest="",
    ),
    Case(
        "django-configurations", "The edits go into the class that production names.",
        {"shop/settings.py": "from configurations import Configuration, values\n\n\n"
         "class Base(Configuration):\n    SECRET_KEY = values.Value('django-insecure-h7q2v9x4k1m8', environ_name='SECRET_KEY', environ_prefix=None)\n"
         "    DEBUG = False\n    ALLOWED_HOSTS = ['shop.example']\n"
         + "".join(f"    {line}\n" for line in REST.splitlines())
         + "\n\nclass Production(Base):\n    STATIC_ROOT = '/srv/static'\n"},
        ("secret-key", "session-cookie-secure"), ENTRY.format("shop.settings")
        + "ENV DJANGO_CONFIGURATION=Production\n",
    ),
    single(
        "Passwords", "The literal alone gives way; `--secrets FILE` keeps what it was.",
        'import os\n\nSECRET_KEY = os.environ["SECRET_KEY"]\nDEBUG = False\nALLOWED_HOSTS = ["shop.example"]\n'
        'SESSION_COOKIE_SECURE = True\nDATABASES = {\n    "default": {\n        "ENGINE": "django.db.backends.postgresql",\n'
        '        "HOST": "db.example.com",\n        "PASSWORD": "Kx7!shopdb",\n    }\n}\n',
    ),
    split(
        "Production and development beside each other", "What both take from `base.py` changes in production alone.",
        ENTRY.format("shop.settings.production"), ("session-cookie-secure", "security-middleware"),
        base='SECRET_KEY = "x"\nALLOWED_HOSTS = ["shop.example"]\nSESSION_COOKIE_SECURE = False\n' + REST,
        development="from .base import *\n\nDEBUG = True\n",
        production="from .base import *\n\nDEBUG = False\n",
    ),
    split(
        "Development derives from production", "What development had is written into it.",
        ENTRY.format("shop.settings.production"), ("session-cookie-secure", "secret-key"),
        production='SECRET_KEY = "django-insecure-h7q2v9x4k1m8"\nDEBUG = False\nALLOWED_HOSTS = ["shop.example"]\n' + REST,
        development="from .production import *\n\nDEBUG = True\n",
    ),
    split(
        "django-split-settings", "Parts are files of their own, and edited where they decide.",
        ENTRY.format("shop.settings"), ("session-cookie-secure", "frame-options"),
        base='SECRET_KEY = "x"\nDEBUG = False\nALLOWED_HOSTS = ["shop.example"]\n' + REST,
        security="SESSION_COOKIE_SECURE = False\nX_FRAME_OPTIONS = 'ALLOW'\n",
        __init__='from split_settings.tools import include\n\ninclude("base.py", "security.py")\n',
    ),
]  # fmt: skip


def page() -> str:
    parts = [HEAD]
    for case in CASES:
        parts.append(f"## {case.title}\n")
        if case.text:
            parts.append(f"{case.text}\n")
        parts.append(f"```diff\n{diff(case)}```\n")
    return "\n".join(parts)


def diff(case: Case) -> str:
    """What a run changes in the project."""
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary).resolve() / "shop"
        files = {"manage.py": MANAGE, "shop/__init__.py": "", **case.files}
        if case.entry:
            files["Dockerfile"] = case.entry
        for name, text in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        done = fix(Request(path=os.fspath(root), only=case.only), Wish(unsafe=True))
    if not done.diff:
        raise SystemExit(f"the gallery has nothing to show for {case.title}: {done.remaining}")
    return done.diff
