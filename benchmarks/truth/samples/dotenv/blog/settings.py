"""A blog: python-dotenv fills os.environ, plain code reads it, with the usual mistakes."""

import os
from pathlib import Path

from dotenv import dotenv_values, load_dotenv

BASE_DIR = Path(__file__).resolve(strict=True).parents[1]
load_dotenv(BASE_DIR / ".env")
load_dotenv(BASE_DIR / ".env.defaults", override=False)

COMMITTED = dotenv_values(BASE_DIR / ".env.defaults")


def flag(name: str, default: bool = False) -> bool:
    value = os.getenv(name)
    if value is None:
        return default
    return value.strip().lower() in {"1", "true", "yes", "on"}


SECRET_KEY = os.environ.get("DJANGO_SECRET_KEY") or "x" * 50
DEBUG = flag("DJANGO_DEBUG", default=True)
# The classic: any text is true, "False" too.
TEMPLATE_DEBUG = bool(os.environ.get("DJANGO_TEMPLATE_DEBUG", "False"))
ALLOWED_HOSTS = [host for host in os.environ.get("SITE_DOMAIN", "").split(",") if host]
SITE_URL = os.environ["SITE_URL"]
CSRF_TRUSTED_ORIGINS = [SITE_URL.rstrip("/")]
CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": os.environ.get("REDIS_URL", "redis://127.0.0.1:6379"),
        "TIMEOUT": int(os.environ.get("CACHE_SECONDS", 60)),
    }
}
SESSION_ENGINE = "django.contrib.sessions.backends.cache"
MOTTO = COMMITTED["MULTILINE"].splitlines()
LITERAL = COMMITTED["SINGLE"]

for name in ("SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE", "SECURE_SSL_REDIRECT"):
    globals()[name] = flag(name, not DEBUG)
del name

DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}
if "DB_HOST" in os.environ:
    DATABASES["default"] = {
        "ENGINE": "django.db.backends.postgresql",
        **{key: os.environ[f"DB_{key}"] for key in ("HOST", "NAME", "USER", "PASSWORD")},
    }
