"""A town's site: django-split-settings with components, an environment and optional local files."""

from os import environ

from split_settings.tools import include, optional

ENVIRONMENT = environ.get("TOWN_ENVIRONMENT", "development")

include(
    "components/base.py",
    "components/*.py",
    f"environments/{ENVIRONMENT}.py",
    optional("environments/local.py"),
)
