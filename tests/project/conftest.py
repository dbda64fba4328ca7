"""A project on disk from the texts of its files."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from hardango.project import Project, find_project

Write = Callable[[Mapping[str, str]], Path]
Find = Callable[[Mapping[str, str]], Project]

SETTINGS = 'INSTALLED_APPS = []\nROOT_URLCONF = "shop.urls"\n'


def manage(module: str) -> str:
    return (
        "import os\nimport sys\n\n"
        f'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "{module}")\n'
        "from django.core.management import execute_from_command_line\n\n"
        "execute_from_command_line(sys.argv)\n"
    )


def wsgi(module: str) -> str:
    return (
        "import os\n\nfrom django.core.wsgi import get_wsgi_application\n\n"
        f'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "{module}")\n'
        "application = get_wsgi_application()\n"
    )


SPLIT = {
    "manage.py": manage("shop.settings.local"),
    "shop/__init__.py": "",
    "shop/wsgi.py": wsgi("shop.settings.production"),
    "shop/settings/__init__.py": "",
    "shop/settings/base.py": SETTINGS,
    "shop/settings/local.py": "from .base import *\nDEBUG = True\n",
    "shop/settings/production.py": "from .base import *\nDEBUG = False\n",
}
"""A project with split settings: manage.py for developers, wsgi.py for production."""

PLAIN = {
    "manage.py": manage("shop.settings"),
    "shop/__init__.py": "",
    "shop/wsgi.py": wsgi("shop.settings"),
    "shop/settings.py": SETTINGS,
}


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Write files below a fresh directory, and return it."""

    def write(files: Mapping[str, str]) -> Path:
        for name, text in files.items():
            file = tmp_path / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text)
        return tmp_path

    return write


@pytest.fixture
def find(write: Write) -> Find:
    """The project that is found in these files."""
    return lambda files: find_project(str(write(files)))


@pytest.fixture
def plain(find: Find) -> Find:
    """The project that is found in these files beside one settings module, shop.settings."""
    return lambda files: find({**PLAIN, **files})


@pytest.fixture
def split(find: Find) -> Find:
    """The project that is found in these files beside split settings: manage.py defaults to
    shop.settings.local, wsgi.py to shop.settings.production."""
    return lambda files: find({**SPLIT, **files})
