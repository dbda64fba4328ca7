"""An archive: INI, JSON, YAML and TOML files of the project, read by plain code."""

import configparser
import json
import os
import tomllib
from datetime import timedelta
from pathlib import Path

import yaml
from django.utils.translation import gettext_lazy as _

BASE_DIR = Path(__file__).resolve().parent.parent

parser = configparser.ConfigParser()
parser.read([BASE_DIR / "archive.ini", "/etc/archive/archive.ini"])


def option(section, name, fallback=None):
    variable = f"ARCHIVE_{section}_{name}".upper()
    return os.environ.get(variable, parser.get(section, name, fallback=fallback))


SECRET_KEY = option("django", "secret", "y" * 60)
DEBUG = parser.getboolean("django", "debug")
ALLOWED_HOSTS = [host.strip() for host in option("django", "hosts").split(",")]
SECURE_HSTS_SECONDS = int(option("django", "hsts", "0"))
SECURE_HSTS_PRELOAD = timedelta(days=365).total_seconds() <= SECURE_HSTS_SECONDS
DATABASES = {
    "default": {
        "ENGINE": f"django.db.backends.{option('database', 'engine')}",
        "HOST": option("database", "host"),
        "PORT": option("database", "port"),
        "NAME": option("database", "name", "archive"),
    }
}
EMAIL_HOST = parser["mail"]["host"]
EMAIL_PORT = parser.getint("mail", "port", fallback=25)

with open(BASE_DIR / "features.json") as file:
    FEATURES = json.load(file)
with (BASE_DIR / "pyproject.toml").open("rb") as file:
    VERSION = tomllib.load(file)["project"]["version"]
LOGGING = yaml.safe_load((BASE_DIR / "logging.yaml").read_text())

NAMES = {"en": _("English"), "de": _("German"), "fr": _("French")}
LANGUAGES = [(code, NAMES[code]) for code in FEATURES["languages"]]
LANGUAGE_CODE, *OTHER_LANGUAGES = FEATURES["languages"]
USE_SEARCH = FEATURES.get("search", False)

try:
    from .local_settings import *
except ImportError:
    pass
