"""A project whose views do what they should not."""

from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent
SECRET_KEY = "the wild project is only ever started by tests, in a place that is thrown away"
DEBUG = False
ALLOWED_HOSTS = ["wild.example"]
ROOT_URLCONF = "wild.urls"
INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
]
MIDDLEWARE = [
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
]
DATABASES = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}}
EMAIL_HOST = "127.0.0.1"
DEFAULT_FROM_EMAIL = "wild@wild.example"
LOGIN_URL = "/login/"
USE_TZ = True
