from .base import *
from .base import env

SECRET_KEY = env("SECRET_KEY")
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_SSL_REDIRECT = env.bool("SECURE_SSL_REDIRECT", default=True)
SECURE_HSTS_SECONDS = env.int("HSTS", default=60)
SESSION_COOKIE_SECURE = True
CSRF_COOKIE_SECURE = True
ADMIN_URL = env("ADMIN_URL", default="admin/")
DATABASES["default"]["CONN_MAX_AGE"] = env.int("CONN_MAX_AGE", default=60)
if env.get_value("SENTRY_DSN", default=""):
    INSTALLED_APPS += ["sentry"]
