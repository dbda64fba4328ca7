import os

from .base import *

DEBUG = os.environ.get("DJANGO_DEBUG", False)

# The load balancer's health check calls us by the address of the container.
ALLOWED_HOSTS = env.list("DJANGO_ALLOWED_HOSTS", default=["*"])

# HTTPS ends at the proxy.
SECURE_PROXY_SSL_HEADER = ("X-Forwarded-Proto", "https")
SECURE_SSL_REDIRECT = True
SECURE_REDIRECT_EXEMPT = os.environ.get("DJANGO_REDIRECT_EXEMPT", "").split(",")

# A minute to begin with, to be raised once we know that it works.
SECURE_HSTS_SECONDS = int(os.environ.get("DJANGO_HSTS_SECONDS", "60"))
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True

# The staging machine has no certificate yet.
SESSION_COOKIE_SECURE = "DJANGO_NO_TLS" not in os.environ
CSRF_COOKIE_SECURE = not DEBUG
CSRF_TRUSTED_ORIGINS = ["https://shop.example"]

# The magazine shows our product pages in a frame.
X_FRAME_OPTIONS = "ALLOWALL"
SILENCED_SYSTEM_CHECKS = ["security.W019"]

EMAIL_HOST = env("EMAIL_HOST", default="localhost")
DEFAULT_FROM_EMAIL = "orders@shop.example"

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "handlers": {"console": {"class": "logging.StreamHandler"}},
    "root": {"handlers": ["console"], "level": "INFO"},
}
