"""A depot: pydantic-settings in a module of its own, Django's names made from it."""

from pathlib import Path

from depot.configuration import Configuration

BASE_DIR = Path(__file__).parent.parent

configuration = Configuration()

SECRET_KEY = configuration.secret_key.get_secret_value()
DEBUG = configuration.debug
ALLOWED_HOSTS = configuration.allowed_hosts
CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in ALLOWED_HOSTS]
CORS_ALLOWED_ORIGINS = configuration.origins.split(",") if configuration.origins else []

SECURE_HSTS_SECONDS = configuration.hsts_seconds
SECURE_SSL_REDIRECT = configuration.secure
SESSION_COOKIE_SECURE = configuration.secure
CSRF_COOKIE_SECURE = configuration.secure
SESSION_COOKIE_AGE = int(configuration.session_lifetime.total_seconds())

DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "HOST": configuration.database.host,
        "PORT": configuration.database.port,
        "NAME": configuration.database.name,
        "USER": configuration.database.user,
        "PASSWORD": configuration.database.password.get_secret_value(),
    }
}
INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes", "stock"]
MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]
ROOT_URLCONF = "depot.urls"
