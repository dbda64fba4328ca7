"""A lending library: python-decouple with a committed settings.ini, Csv and casts."""

from pathlib import Path

from decouple import Choices, Csv, config
from dj_database_url import parse as database

BASE_DIR = Path(__file__).resolve().parent.parent

SECRET_KEY = config("SECRET_KEY", default="not-for-production")
DEBUG = config("DEBUG", default=True, cast=bool)
ALLOWED_HOSTS = config("ALLOWED_HOSTS", default="127.0.0.1, localhost", cast=Csv())
CSRF_TRUSTED_ORIGINS = config("CSRF_TRUSTED_ORIGINS", default="", cast=Csv(post_process=tuple))

DATABASES = {
    "default": config("DATABASE_URL", default=f"sqlite:///{BASE_DIR / 'db.sqlite3'}", cast=database)
}

EMAIL_HOST = config("EMAIL_HOST", default="localhost")
EMAIL_PORT = config("EMAIL_PORT", default=25, cast=int)
EMAIL_USE_TLS = config("EMAIL_USE_TLS", default=True, cast=bool)
EMAIL_BACKEND = "django.core.mail.backends.{}.EmailBackend".format(
    config("EMAIL_BACKEND", default="smtp", cast=Choices(["smtp", "console", "locmem"]))
)
ADMINS = [("Admin", config("ADMIN_MAIL"))]

SECURE_SSL_REDIRECT = config("SECURE_SSL_REDIRECT", default=not DEBUG, cast=bool)
SECURE_HSTS_SECONDS = config("SECURE_HSTS_SECONDS", default="3600", cast=int)
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = config("SECURE_COOKIES", default=True, cast=bool)
SESSION_COOKIE_AGE = config("SESSION_DAYS", default=14, cast=lambda days: int(days) * 24 * 60 * 60)
SECURE_PROXY_SSL_HEADER = config(
    "PROXY_HEADER", default="HTTP_X_FORWARDED_PROTO,https", cast=Csv(post_process=tuple)
)

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "catalogue",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]
if DEBUG:
    INSTALLED_APPS += ["debug_toolbar"]
    MIDDLEWARE.insert(0, "debug_toolbar.middleware.DebugToolbarMiddleware")

ROOT_URLCONF = "library.urls"
