"""What is production's alone: its class of django-configurations, its default in wsgi.py, and what
the modules that take over its settings keep."""

from __future__ import annotations

from pathlib import Path

import pytest
from fixing import SOUND, fixed, lay, mended, read

from hardango.audit import Request, settings_data
from hardango.fix.run import Wish, fix

PLAIN = 'SECRET_KEY = "x"\nDEBUG = False\nALLOWED_HOSTS = ["shop.example"]\n' + SOUND
WITHOUT_CSRF = PLAIN.replace('    "django.middleware.csrf.CsrfViewMiddleware",\n', "")
CSRF = "django.middleware.csrf.CsrfViewMiddleware"

CLASSES = """\
from configurations import Configuration


class Common(Configuration):
    SECRET_KEY = "x"
    DEBUG = False
    ALLOWED_HOSTS = ["shop.example"]
    INSTALLED_APPS = ["django.contrib.sessions", "rest_framework"]
    MIDDLEWARE = (
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.middleware.common.CommonMiddleware",
    )
    REST_FRAMEWORK = {"PAGE_SIZE": 10}
    SESSION_COOKIE_SECURE = False


class Local(Common):
    DEBUG = True


class Production(Common):
    STATIC_ROOT = "static"
"""

OF_CLASSES = [
    ("frame-options", ["MIDDLEWARE = list(Common.MIDDLEWARE)",
                       'MIDDLEWARE.append("django.middleware.clickjacking.XFrameOptionsMiddleware")']),
    ("rest-framework-permissions", ["REST_FRAMEWORK = dict(Common.REST_FRAMEWORK)",
                                    'REST_FRAMEWORK["DEFAULT_PERMISSION_CLASSES"] = [',
                                    '    "rest_framework.permissions.IsAuthenticated",', "]"]),
    ("session-cookie-secure", ["SESSION_COOKIE_SECURE = True"]),
]  # fmt: skip


@pytest.mark.parametrize(("control", "lines"), OF_CLASSES)
def test_the_class_of_production_gets_the_edit(
    tmp_path: Path, control: str, lines: list[str]
) -> None:
    docker = "FROM python:3.13\nENV DJANGO_CONFIGURATION=Production\nCMD gunicorn site.wsgi\n"
    root = lay(
        tmp_path / "p",
        {"site/__init__.py": "", "site/settings.py": CLASSES, "Dockerfile": docker},
    )
    fixed(root, only=(control,))
    added = "".join(f"    {line}\n" for line in lines)
    assert read(root)["site/settings.py"] == CLASSES + added
    assert not fixed(root, only=(control,)).repairs


WSGI = 'import os\n\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "{}")\n'

DEFAULTS = [
    # the module that wsgi.py names, that is named for production, what is made of the first
    ("site.settings.dev", "production", "", "site.settings.production"),
    ("site.settings.dev", "prod", "", "site.settings.prod"),
    ("site.settings.base", "production", "ENV DJANGO_SETTINGS_MODULE=site.settings.production\n",
     "site.settings.base"),
    ("site.settings.production", "production", "", "site.settings.production"),
    ("site.settings.dev", "shared", "", "site.settings.dev"),
    ("site.settings.dev", "staging", "", "site.settings.dev"),
    ("site.settings.dev", "production", "ENV DJANGO_SETTINGS_MODULE=site.settings.dev\n",
     "site.settings.dev"),
]  # fmt: skip


@pytest.mark.parametrize(("named", "other", "line", "after"), DEFAULTS)
def test_the_default_of_a_server_is_productions_module(
    tmp_path: Path, named: str, other: str, line: str, after: str
) -> None:
    root = lay(tmp_path / "p", {
        "site/__init__.py": "", "site/settings/__init__.py": "", "site/settings/base.py": PLAIN,
        "site/settings/dev.py": "from .base import *\nDEBUG = True\n",
        f"site/settings/{other}.py": "from .base import *\n",
        "site/wsgi.py": WSGI.format(named),
        "Dockerfile": f"FROM python:3.13\n{line}CMD gunicorn site.wsgi\n",
    }, "site.settings.dev")  # fmt: skip
    fixed(root, only=("settings-module",), unsafe=False)
    assert read(root)["site/wsgi.py"] == WSGI.format(named)
    fixed(root, only=("settings-module",))
    files = read(root)
    assert files["site/wsgi.py"] == WSGI.format(after)
    assert '"site.settings.dev"' in files["manage.py"]
    assert not fixed(root, only=("settings-module",)).repairs


class TestModulesThatTakeOverProductions:
    DEV = (
        "import random\n\nfrom site.base import *\nfrom site.more import *\n\nSECRET_KEY = 'mine'\n"
    )

    def root(self, tmp_path: Path, text: str) -> Path:
        return lay(tmp_path / "p", {
            "site/__init__.py": "", "site/base.py": text, "site/more.py": "A = 1\n",
            "site/dev.py": self.DEV,
        }, "site.dev")  # fmt: skip

    def fix(self, root: Path, control: str) -> None:
        request = Request(path=str(root), module="site.base", only=(control,))
        fix(request, Wish(unsafe=True, write=True, dirty=True))

    def test_a_variable_is_given_above_the_first_import(self, tmp_path: Path) -> None:
        root = self.root(tmp_path, PLAIN)
        self.fix(root, "secret-key")
        files = read(root)
        assert files["site/base.py"].count("DJANGO_SECRET_KEY") == 1
        start, _, rest = files["site/dev.py"].partition("# Production alone needs a value")
        assert start == "import os\nimport random\n\n"
        assert "os.environ.setdefault('DJANGO_SECRET_KEY', '" in rest.split("from site.base")[0]

    def test_what_was_not_there_is_not_there(self, tmp_path: Path) -> None:
        root = self.root(tmp_path, PLAIN + "INSTALLED_APPS += ['rest_framework']\n")
        self.fix(root, "rest-framework-permissions")
        files = read(root)
        assert "REST_FRAMEWORK = {" in files["site/base.py"]
        assert (
            "import *\n\n# Production alone has another value.\ndel REST_FRAMEWORK\n"
            in (files["site/dev.py"])
        )
        development = settings_data(Request(path=str(root), module="site.dev"))["settings"]
        assert "REST_FRAMEWORK" not in development  # type: ignore[operator]

    PUT_IN = [
        ("rest-framework-permissions",
         "INSTALLED_APPS += ['rest_framework']\nREST_FRAMEWORK = {'PAGE_SIZE': 10}\n",
         "del REST_FRAMEWORK['DEFAULT_PERMISSION_CLASSES']\n"),
        ("frame-options",
         'MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]\n',
         'MIDDLEWARE.remove("django.middleware.clickjacking.XFrameOptionsMiddleware")\n'),
    ]  # fmt: skip

    @pytest.mark.parametrize(("control", "text", "line"), PUT_IN)
    def test_what_was_put_in_is_taken_out(
        self, tmp_path: Path, control: str, text: str, line: str
    ) -> None:
        root = self.root(tmp_path, PLAIN + text)
        self.fix(root, control)
        added = f"\n\n# Production alone has another value.\n{line}"
        assert added.replace('"', "'") in read(root)["site/dev.py"].replace('"', "'")

    DEFAULTS = [
        ('os.environ.get("HOSTS", "*").split(",")', 'os.environ["HOSTS"].split(",")'),
        ('[each for each in os.environ.get("HOSTS", "*").split(",")]',
         '[each for each in os.environ["HOSTS"].split(",")]'),
    ]  # fmt: skip

    @pytest.mark.parametrize(("before", "after"), DEFAULTS)
    def test_who_had_a_default_keeps_it(self, tmp_path: Path, before: str, after: str) -> None:
        text = "import os\n\n" + PLAIN.replace('["shop.example"]', before)
        root = self.root(tmp_path, text)
        self.fix(root, "allowed-hosts")
        files = read(root)
        assert files["site/base.py"] == text.replace(before, after)
        assert "os.environ.setdefault('HOSTS', '*')\n\nfrom site.base" in files["site/dev.py"]

    def test_what_stands_after_or_is_a_default(self, tmp_path: Path) -> None:
        text = PLAIN + "import os\nS = 'True'\n"
        line = 'SESSION_COOKIE_SECURE = (os.environ.get("SECURE") or "{}") == "True"\n'
        root = lay(
            tmp_path / "p",
            {"site/__init__.py": "", "site/settings.py": text + line.format("False")},
        )
        fixed(root, only=("session-cookie-secure",))
        assert read(root)["site/settings.py"] == text + line.format("True")


LISTS = [
    WITHOUT_CSRF,
    WITHOUT_CSRF.replace("MIDDLEWARE = [", "MIDDLEWARE = (").replace(",\n]", ",\n)"),
    WITHOUT_CSRF + "try:\n    from .local import *\nexcept ImportError:\n    pass\n",
]


@pytest.mark.parametrize("text", LISTS)
def test_csrf_protection_is_added_to_what_is_known(tmp_path: Path, text: str) -> None:
    root = lay(tmp_path / "p", {"site/__init__.py": "", "site/settings.py": text})
    fixed(root, only=("csrf-cookie-secure",))
    assert f'CommonMiddleware",\n    "{CSRF}",\n' in read(root)["site/settings.py"]


def test_a_dropped_line_moves_what_conditions_say_of_lines(tmp_path: Path) -> None:
    text = PLAIN + (
        "SECURE_BROWSER_XSS_FILTER = True\nimport socket\n"
        "if socket.gethostname() == 'a':\n    ERROR_LOG = 'a'\nelse:\n    ERROR_LOG = 'b'\n"
    )
    after = mended(tmp_path / "p", "obsolete-settings", text)
    assert after == text.replace("SECURE_BROWSER_XSS_FILTER = True\n", "")
