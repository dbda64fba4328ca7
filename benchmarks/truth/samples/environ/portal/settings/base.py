"""A portal: django-environ with a scheme, URLs of services and a committed example file."""

from pathlib import Path

import environ

ROOT_DIR = Path(__file__).resolve(strict=True).parent.parent.parent
env = environ.Env(
    DEBUG=(bool, False),
    ALLOWED_HOSTS=(list, ["portal.example.com"]),
    SESSION_HOURS=(int, 8),
    LIMITS=(dict, {"uploads": "10"}),
)
READ_DOT_ENV_FILE = env.bool("READ_DOT_ENV_FILE", default=False)
if READ_DOT_ENV_FILE:
    environ.Env.read_env(ROOT_DIR / ".env")

DEBUG = env("DEBUG")
ALLOWED_HOSTS = env("ALLOWED_HOSTS")
LIMITS = env("LIMITS")
SESSION_COOKIE_AGE = env("SESSION_HOURS") * 3600
DATABASES = {"default": env.db("DATABASE_URL", default="postgres:///portal")}
DATABASES["default"]["ATOMIC_REQUESTS"] = True
CACHES = {"default": env.cache_url("CACHE_URL", default="locmemcache://")}
vars().update(env.email_url("EMAIL_URL", default="smtp://user:pw@mail.example.com:587"))
DEFAULT_FROM_EMAIL = env.str("FROM", "Portal <noreply@example.com>")
WEIGHTS = env.list("WEIGHTS", cast=float, default=[0.5, 1.0])
OPTIONS = env.json("OPTIONS", default={})
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(ROOT_DIR / "media"))
API = env.url("API_URL", default="https://api.example.com/v1").geturl()
ROOT_URLCONF = "portal.urls"
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes"]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
