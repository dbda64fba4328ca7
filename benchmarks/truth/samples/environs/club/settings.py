"""A club: environs with prefixes, validation, URLs and deferred errors."""

from datetime import timedelta
from pathlib import Path

from environs import Env, validate

env = Env()
env.read_env(recurse=False)
BASE_DIR = Path(__file__).resolve().parent.parent

SECRET_KEY = env.str("SECRET_KEY")
DEBUG = env.bool("DEBUG", default=False)
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["club.example.com"])
LOG_LEVEL = env.str("LOG_LEVEL", "INFO", validate=validate.OneOf(["DEBUG", "INFO"])).upper()
DATABASES = {"default": env.dj_db_url("DATABASE_URL", default="sqlite:///db.sqlite3", conn_max_age=60)}
email = env.dj_email_url("EMAIL_URL", default="smtp://localhost:25")
EMAIL_HOST = email["EMAIL_HOST"]
EMAIL_PORT = email["EMAIL_PORT"]
CACHES = {"default": env.dj_cache_url("CACHE_URL", default="locmem://")}
SESSION_LIFETIME = env.timedelta("SESSION_LIFETIME", default=timedelta(days=1))
SESSION_COOKIE_AGE = int(SESSION_LIFETIME.total_seconds())
LIMITS = env.dict("LIMITS", subcast_values=int, default={"members": 100})
with env.prefixed("CLUB_"):
    SITE_NAME = env("SITE_NAME", "The club")
    with env.prefixed("HTTP_"):
        SECURE_SSL_REDIRECT = env.bool("REDIRECT", True)
        SECURE_HSTS_SECONDS = env.int("HSTS", 3600)
        SESSION_COOKIE_SECURE = env.bool("SECURE_COOKIES", True)
DATA = env.path("DATA", BASE_DIR / "data")
FEATURES = env.json("FEATURES", default='{"chat": false}')
