"""A secret that is in the project is in no output, of no verb, in no format."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest


def secret(name: str) -> str:
    """A secret of its own for each place, so that a leak says where it comes from."""
    return hashlib.sha256(name.encode()).hexdigest()[:40]


PLACES = (
    "literal", "fallback", "database", "nested", "email", "url", "cache", "dsn", "dotenv",
    "dockerfile", "compose", "environ-default", "getenv-default", "prefix", "token", "private",
    "jwt", "header", "raised", "broken", "procfile", "flag", "k8s", "comment", "joined",
    "compared", "member", "start", "part",
)  # fmt: skip
S = {name: secret(name) for name in PLACES}

PROJECT = {
    "manage.py": 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "conf.settings")\n',
    "conf/__init__.py": "",
    "conf/wsgi.py": (
        "import os\nfrom django.core.wsgi import get_wsgi_application\n"
        'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "conf.settings")\n'
        "application = get_wsgi_application()\n"
    ),
    "conf/broken.py": f'PASSWORD = "{S["broken"]}"\nthis is = no Python "{S["broken"]}\n',
    "conf/settings.py": f"""
import os

import environ
import stripe

env = environ.Env()
env.read_env(".env")
PREFIX = "{S["prefix"]}"
LITERAL = "{S["literal"]}"  # {S["comment"]}
SECRET_KEY = LITERAL if os.environ.get("OLD") else f"{{PREFIX}}-{{os.environ['TAIL']}}"
SECRET_KEY_FALLBACKS = ["{S["fallback"]}", env("DOTENV_SECRET")]
DEBUG = os.environ.get("DEBUG", "{S["environ-default"]}")
DATABASES = {{
    "default": {{
        "ENGINE": "django.db.backends.postgresql",
        "PASSWORD": "{S["database"]}",
        "OPTIONS": {{"extra": [{{"password": "{S["nested"]}"}}]}},
    }},
    "other": env.db("OTHER_URL", default="postgres://me:{S["url"]}@db.example/it"),
}}
EMAIL_HOST_PASSWORD = os.getenv("EMAIL_PASSWORD", "{S["getenv-default"]}")
EMAIL_HOST_USER = "me"
CACHES = {{"default": {{"BACKEND": "django.core.cache.backends.redis.RedisCache",
                      "LOCATION": "redis://:{S["cache"]}@redis:6379/1"}}}}
SENTRY_DSN = "https://{S["dsn"]}@sentry.example/4"
STRIPE_API_KEY = "sk_live_{S["token"]}"
stripe.api_key = STRIPE_API_KEY
GITHUB = {{"private_key": "-----BEGIN PRIVATE KEY-----\\n{S["private"]}\\n-----END"}}
SIMPLE_JWT = {{"SIGNING_KEY": "{S["jwt"]}", "ALGORITHM": "HS256"}}
API_HEADERS = {{"Authorization": "Bearer {S["header"]}"}}
PROC_SECRET = os.environ.get("PROC_SECRET")
K8S_PASSWORD = os.environ["K8S_PASSWORD"]
FLAG_TOKEN = os.environ.get("FLAG_TOKEN", "")
JOINED_SECRET = "".join(["{S["joined"]}", os.environ.get("X", "")])
DOCKER_TOKEN = os.environ.get("DOCKER_TOKEN")
COMPOSE = os.environ.get("COMPOSE_SECRET_KEY")
if len(SECRET_KEY) < 10:
    raise RuntimeError("bad key {S["raised"]} " + SECRET_KEY)
if os.environ.get("API_TOKEN") == "{S["compared"]}":
    SECURE_SSL_REDIRECT = True
if os.environ.get("DB_PASSWORD") in ("{S["member"]}", "word"):
    X_FRAME_OPTIONS = "DENY"
if os.environ.get("OTHER_KEY", "").startswith("{S["start"]}"):
    SECURE_HSTS_SECONDS = 5
if "{S["part"]}" in os.environ.get("LAST_SECRET", ""):
    SESSION_COOKIE_SECURE = True
ALLOWED_HOSTS = [SECRET_KEY]
SESSION_ENGINE = SECRET_KEY
X_FRAME_OPTIONS = LITERAL
""",
    ".env": f"DOTENV_SECRET={S['dotenv']}\nEMAIL_PASSWORD='{S['email']}'\n",
    "Dockerfile": (
        f'FROM python:3.12\nENV DOCKER_TOKEN={S["dockerfile"]} TAIL=x\nCMD ["gunicorn", "conf.wsgi"]\n'
    ),
    "docker-compose.yml": (
        "services:\n  web:\n    build: .\n    environment:\n"
        f"      COMPOSE_SECRET_KEY: {S['compose']}\n"
    ),
    "k8s/app.yaml": (
        "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\nspec:\n  template:\n"
        "    spec:\n      containers:\n        - name: web\n          env:\n"
        f"            - {{name: K8S_PASSWORD, value: {S['k8s']}}}\n"
    ),
    "Procfile": f"web: PROC_SECRET={S['procfile']} gunicorn conf.wsgi\n",
    "requirements.txt": "django==5.2\n",
}

VERBS: list[list[str]] = [
    ["audit", "."],
    ["audit", ".", "--settings", "conf.broken"],
    ["settings", "."],
    ["settings", ".", "--all"],
    ["settings", ".", "--settings", "conf.broken"],
]
WAYS: list[list[str]] = [
    [],
    ["--format", "json"],
    ["-v"],
    ["--closed-env"],
    ["--env", f"FLAG_TOKEN={S['flag']}", "--env", "OLD=1"],
    ["--env", f"SECRET_KEY={S['flag']}", "--format", "json"],
    ["--env", f"{S['flag']}"],  # wrong use: the message must not repeat it
]


def leaks(text: str) -> set[str]:
    """The places whose secret is shown, in part or whole: eight characters are enough."""
    return {
        name
        for name, value in S.items()
        if any(value[start : start + 8] in text for start in range(len(value) - 7))
    }


@pytest.mark.parametrize(
    "arguments",
    [verb + way for verb, way in itertools.product(VERBS, WAYS)],
    ids=lambda arguments: " ".join(arguments).replace(S["flag"], "…"),
)
def test_no_planted_secret_is_shown(
    write: Callable[[Mapping[str, str]], Path], hardango: Callable[..., Any], arguments: list[str]
) -> None:
    root = write(PROJECT)
    ran = hardango(*arguments, cwd=root)
    assert "Traceback" not in ran.err
    assert ran.out or ran.err
    assert not leaks(ran.out)
    assert not leaks(ran.err)


def test_the_secrets_are_really_read(
    write: Callable[[Mapping[str, str]], Path], hardango: Callable[..., Any]
) -> None:
    """Else the test above would prove nothing: what is masked is there, with its length."""
    settings = hardango("settings", write(PROJECT), "--format", "json").json["settings"]
    assert settings["SENTRY_DSN"]["outcomes"]
    fallbacks = str(settings["SECRET_KEY_FALLBACKS"])
    assert "secret" in fallbacks
    assert "40" in fallbacks
    assert settings["EMAIL_HOST_PASSWORD"]["outcomes"][0]["value"] == {
        "secret": True,
        "length": 40,
    }
