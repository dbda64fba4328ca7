"""Where an edit goes: into what production alone loads, and development stays as it was."""

from __future__ import annotations

from pathlib import Path

import pytest
from fixing import SOUND, fixed, lay, read

from hardango.audit import Request, settings_data
from hardango.fix.run import Wish, fix

BASE = 'SECRET_KEY = "for all"\nDEBUG = False\nALLOWED_HOSTS = ["shop.example"]\n' + SOUND
DEV = "from .base import *\n\nDEBUG = True\nSESSION_COOKIE_SECURE = False\n"
PROD = "from .base import *\n\nSTATIC_ROOT = '/srv/static'\n"
DOCKER = "FROM python:3.13\nENV DJANGO_SETTINGS_MODULE=site.settings.production\nCMD gunicorn site.wsgi\n"


def split(root: Path, base: str = BASE, production: str = PROD, dev: str = DEV) -> Path:
    return lay(root, {
        "site/__init__.py": "", "site/settings/__init__.py": "", "site/settings/base.py": base,
        "site/settings/development.py": dev, "site/settings/production.py": production,
        "Dockerfile": DOCKER,
    }, "site.settings.development")  # fmt: skip


def settings(root: Path, module: str) -> object:
    return settings_data(Request(path=str(root), module=module))["settings"]


class TestASplitLayout:
    def test_production_overrides_what_development_shares(self, tmp_path: Path) -> None:
        root = split(tmp_path / "p")
        before = read(root)
        development = settings(root, "site.settings.development")
        fixed(root)
        after = read(root)
        assert [file for file in after if after[file] != before.get(file)] == [
            "site/settings/production.py"
        ]
        assert "SESSION_COOKIE_SECURE = True" in after["site/settings/production.py"]
        assert (
            "SECRET_KEY = os.environ['DJANGO_SECRET_KEY']" in after["site/settings/production.py"]
        )
        assert settings(root, "site.settings.development") == development

    def test_what_production_alone_has_is_changed_in_place(self, tmp_path: Path) -> None:
        root = split(tmp_path / "p", production=PROD + "SECURE_HSTS_SECONDS = 60\n")
        fixed(root, only=("hsts",))
        text = read(root)["site/settings/production.py"]
        assert "SECURE_HSTS_SECONDS = 3600" in text
        assert "SECURE_HSTS_SECONDS = 60" not in text

    def test_a_list_of_the_base_is_changed_in_production(self, tmp_path: Path) -> None:
        base = BASE.replace('    "django.middleware.security.SecurityMiddleware",\n', "")
        root = split(tmp_path / "p", base=base)
        development = settings(root, "site.settings.development")
        fixed(root, only=("security-middleware",))
        assert read(root)["site/settings/production.py"].endswith(
            "\nMIDDLEWARE.insert(0, 'django.middleware.security.SecurityMiddleware')\n"
        )
        assert settings(root, "site.settings.development") == development

    def test_a_variable_that_the_base_reads_keeps_its_name(self, tmp_path: Path) -> None:
        base = BASE.replace('"for all"', 'env("SITE_KEY", default="for all")')
        base = "import environ\n\nenv = environ.Env()\n" + base
        root = split(tmp_path / "p", base=base)
        fixed(root, only=("secret-key",))
        assert "SECRET_KEY = env('SITE_KEY')" in read(root)["site/settings/production.py"]

    def test_what_a_local_file_may_overrule_stands_before_it(self, tmp_path: Path) -> None:
        local = (
            PROD
            + "\n# of this machine\ntry:\n    from .local import *\nexcept ImportError:\n    pass\n"
        )
        root = split(tmp_path / "p", production=local)
        fixed(root, only=("session-cookie-secure",))
        text = read(root)["site/settings/production.py"]
        assert 0 < text.index("SESSION_COOKIE_SECURE = True") < text.index("# of this machine")


class TestOneModule:
    TEXT = 'SECRET_KEY = "django-insecure-x"\nDEBUG = True\nALLOWED_HOSTS = []\n' + SOUND

    def root(self, tmp_path: Path) -> Path:
        return lay(tmp_path / "p", {"site/__init__.py": "", "site/settings.py": self.TEXT})

    def test_what_development_needs_otherwise_follows_debug(self, tmp_path: Path) -> None:
        root = self.root(tmp_path)
        fixed(root)
        lines = read(root)["site/settings.py"].splitlines()
        assert "SESSION_COOKIE_SECURE = not DEBUG" in lines
        assert "SECURE_HSTS_SECONDS = 0 if DEBUG else 3600" in lines

    def test_manage_py_sets_what_a_developer_needs(self, tmp_path: Path) -> None:
        root = self.root(tmp_path)
        fixed(root)
        block = read(root)["manage.py"].partition("def main():\n")[2]
        assert block.startswith(
            '    if "DJANGO_SECRET_KEY" not in os.environ:\n'
            "        # A developer's machine: production has a secret key of its own.\n"
            '        os.environ["DJANGO_SECRET_KEY"] = "only for development"\n'
            '        os.environ.setdefault("DJANGO_DEBUG", "1")\n'
            '        os.environ.setdefault("DJANGO_ALLOWED_HOSTS", "localhost,127.0.0.1,[::1]")\n'
        )

    def test_a_file_of_variables_is_the_developers_own(self, tmp_path: Path) -> None:
        text = "import environ\n\nenv = environ.Env()\nenv.read_env('.env')\n" + self.TEXT
        root = lay(tmp_path / "p", {"site/__init__.py": "", "site/settings.py": text})
        before = read(root)["manage.py"]
        done = fixed(root)
        assert read(root)["manage.py"] == before
        assert any("the .env file of a developer's machine needs" in each for each in done.by_hand)

    def test_hosts_that_are_given_are_the_default(self, tmp_path: Path) -> None:
        root = self.root(tmp_path)
        fixed(root, hosts=("shop.example", "www.shop.example"))
        assert (
            'ALLOWED_HOSTS = os.environ.get("DJANGO_ALLOWED_HOSTS", "shop.example,www.shop.example")'
            '.split(",")'
        ) in read(root)["site/settings.py"]
        assert "DJANGO_ALLOWED_HOSTS" not in read(root)["manage.py"]

    def test_the_list_of_variables_grows(self, tmp_path: Path) -> None:
        root = self.root(tmp_path)
        (root / ".env.example").write_text("DATABASE_URL=")
        fixed(root)
        assert read(root)[".env.example"] == (
            "DATABASE_URL=\nDJANGO_SECRET_KEY=\nDJANGO_ALLOWED_HOSTS=www.example.com\n"
        )

    def test_only_safe_edits_are_made_unasked(self, tmp_path: Path) -> None:
        root = lay(tmp_path / "p", {"site/__init__.py": "", "site/settings.py":
                   'import os\nSECRET_KEY = os.environ["K"]\nALLOWED_HOSTS = ["a.example"]\n' + SOUND})  # fmt: skip
        done = fixed(root, unsafe=False)
        text = read(root)["site/settings.py"]
        assert "SESSION_COOKIE_SECURE = True" in text
        assert "SECURE_SSL_REDIRECT" not in text
        assert "ssl-redirect" in [each.finding.control for each in done.remaining if each.unsafe]


STACK = "MIDDLEWARE = {}\n"
SECURITY = "django.middleware.security.SecurityMiddleware"
FRAMES = "django.middleware.clickjacking.XFrameOptionsMiddleware"

LISTS = [
    ('["a.A"]', f'["{SECURITY}", "a.A"]'),
    ("['a.A']", f"['{SECURITY}', 'a.A']"),
    ('("a.A",)', f'("{SECURITY}", "a.A",)'),
    ("()", f'("{SECURITY}",)'),
    ('("a.A", "' + "b" * 40 + '.B")',
     f'(\n    "{SECURITY}",\n    "a.A",\n    "' + "b" * 40 + '.B",\n)'),
    ('[\n    "a.A",\n    "b.B",\n]', f'[\n    "{SECURITY}",\n    "a.A",\n    "b.B",\n]'),
    ('[\n  "a.A",  # first\n  "b.B"\n]', f'[\n  "{SECURITY}",\n  "a.A",  # first\n  "b.B"\n]'),
    ('[\n    # first of all\n    "a.A",\n]', f'[\n    "{SECURITY}",\n    # first of all\n    "a.A",\n]'),
    (f'[\n    "a.A",\n    "{SECURITY}",  # later\n]', f'[\n    "{SECURITY}",\n    "a.A",\n]'),
    (f'["a.A", "{SECURITY}"]', f'["{SECURITY}", "a.A"]'),
    ('[\n\t"a.A",\n]', f'[\n\t"{SECURITY}",\n\t"a.A",\n]'),
]  # fmt: skip


@pytest.mark.parametrize(("written", "after"), LISTS)
def test_a_list_stays_as_it_is_written(tmp_path: Path, written: str, after: str) -> None:
    a = "class A:\n    def __init__(self, get_response):\n        pass\n"
    b = a.replace("class A", "class B").replace("pass", "self.get_response = get_response")
    answers = "\n    def __call__(self, request):\n        return HttpResponse('x')\n"
    root = lay(tmp_path / "p", {
        "site/__init__.py": "", "site/settings.py": STACK.format(written), "a.py":
        "from django.http import HttpResponse\n\n" + a + answers, "b.py": b,
    })  # fmt: skip
    fixed(root, only=("security-middleware",))
    assert read(root)["site/settings.py"] == STACK.format(after)


@pytest.mark.parametrize(
    ("data", "after"),
    [
        (b"DEBUG = False\r\nX_FRAME_OPTIONS = 'x'\r\n", b"DEBUG = False\r\nX_FRAME_OPTIONS = 'DENY'\r\n"),
        (b"\xef\xbb\xbfX_FRAME_OPTIONS = 'x'\n", b"\xef\xbb\xbfX_FRAME_OPTIONS = 'DENY'\n"),
        (b"# coding: latin-1\nN = '\xe9'\nX_FRAME_OPTIONS = 'x'\n",
         b"# coding: latin-1\nN = '\xe9'\nX_FRAME_OPTIONS = 'DENY'\n"),
        (b"X_FRAME_OPTIONS = 'x'", b"X_FRAME_OPTIONS = 'DENY'"),
        (b"X_FRAME_OPTIONS='x'; A=1  # \tend \n\x0c\nB = 2\n",
         b"X_FRAME_OPTIONS='DENY'; A=1  # \tend \n\x0c\nB = 2\n"),
    ],
)  # fmt: skip
def test_every_other_byte_stays(tmp_path: Path, data: bytes, after: bytes) -> None:
    stack = f"MIDDLEWARE = ['{FRAMES}']\n"
    root = lay(tmp_path / "p", {"site/__init__.py": "", "site/stack.py": stack})
    (root / "site/settings.py").write_bytes(data)
    newline = b"\r\n" if b"\r\n" in data else b"\n"
    start = b"" if data.startswith((b"#", b"\xef")) else b"from site.stack import *" + newline
    bom = b"\xef\xbb\xbf" if data.startswith(b"\xef") else b""
    if not start:
        (root / "site/settings.py").write_bytes(data)
    else:
        (root / "site/settings.py").write_bytes(start + data)
    if bom or data.startswith(b"#"):
        line = f"MIDDLEWARE = ['{FRAMES}']\n".encode()
        (root / "site/settings.py").write_bytes(data + line)
        after += line
    fixed(root, only=("frame-options",))
    assert (root / "site/settings.py").read_bytes() == start + after


class TestDevelopmentDerivesFromProduction:
    """`dev.py` begins with `from .production import *`, and stays what it was."""

    def root(self, tmp_path: Path, dev: str, production: str = "DEBUG = False\n") -> Path:
        production = 'ALLOWED_HOSTS = ["*"]\nSECRET_KEY = "for all"\n' + production + SOUND
        return split(tmp_path / "p", base="A = 1\n", production=production, dev=dev)

    def after(self, root: Path, *only: str) -> dict[str, str]:
        before = settings(root, "site.settings.development")
        done = fixed(root, only=only)
        assert [each.finding.control for each in done.repairs] == list(only), done.remaining
        if only != ("secret-key",):
            after = settings(root, "site.settings.development")
            for name, each in after.items():  # type: ignore[attr-defined]
                had = before.get(name, {"outcomes": [{"value": False, "when": []}]})  # type: ignore[attr-defined]
                assert each["outcomes"] == had["outcomes"], name
        assert not fixed(root, only=only).repairs
        return read(root)

    def test_what_it_had_is_written_into_it(self, tmp_path: Path) -> None:
        root = self.root(tmp_path, "from .production import *\n\nDEBUG = True\n")
        files = self.after(root, "ssl-redirect")
        assert "SECURE_SSL_REDIRECT = True" in files["site/settings/production.py"]
        assert files["site/settings/development.py"] == (
            "from .production import *\n\n# Production alone has another value.\n"
            "SECURE_SSL_REDIRECT = False\n\nDEBUG = True\n"
        )

    def test_what_it_sets_itself_needs_nothing(self, tmp_path: Path) -> None:
        dev = "from .production import *\n\nSECURE_SSL_REDIRECT = False\n"
        root = self.root(tmp_path, dev)
        assert self.after(root, "ssl-redirect")["site/settings/development.py"] == dev

    def test_a_list_that_it_goes_on_with_stays(self, tmp_path: Path) -> None:
        dev = 'from .production import *\n\nALLOWED_HOSTS += ["dev.example"]\n'
        files = self.after(self.root(tmp_path, dev), "allowed-hosts")
        assert files["site/settings/development.py"].endswith(
            '\nALLOWED_HOSTS = ["*", "dev.example"]\n'
        )

    def test_a_variable_of_production_is_asked_of_production_alone(self, tmp_path: Path) -> None:
        root = self.root(tmp_path, "from .production import *\n")
        files = self.after(root, "secret-key")
        assert files["site/settings/development.py"] == (
            "import os\n\n# Production alone needs a value of its own.\n"
            'os.environ.setdefault("DJANGO_SECRET_KEY", "only for development")\n\n'
            "from .production import *\n"
        )

    def test_a_module_that_derives_from_it_follows(self, tmp_path: Path) -> None:
        root = self.root(tmp_path, "from .production import *\n")
        (root / "site/settings/tests.py").write_text("from .development import *\n\nB = 2\n")
        files = self.after(root, "ssl-redirect")
        assert "SECURE_SSL_REDIRECT = False" in files["site/settings/development.py"]
        assert files["site/settings/tests.py"] == "from .development import *\n\nB = 2\n"

    def test_what_it_has_that_cannot_be_written_down_is_left(self, tmp_path: Path) -> None:
        dev = 'import os\nfrom .production import *\n\nif "Y" in os.environ:\n    SECURE_SSL_REDIRECT = True\n'
        root = self.root(tmp_path, dev)
        before = read(root)
        assert not fixed(root, only=("ssl-redirect",)).repairs
        assert read(root) == before


class TestTestsOfOneModule:
    """Tests have a module of their own that begins with the one that production and developers run."""

    def root(self, tmp_path: Path, tests: str, manage: bool = True) -> Path:
        root = lay(tmp_path / "p", {
            "site/__init__.py": "", "site/test_settings.py": tests,
            "site/settings.py": "import os\n\nSECRET_KEY = os.environ['SITE_SECRET_KEY']\nDEBUG = False\n"
            "ALLOWED_HOSTS = ['shop.example']\n" + SOUND.replace('"', "'"),
        })  # fmt: skip
        if not manage:
            (root / "manage.py").unlink()
        return root

    @pytest.mark.parametrize("manage", [True, False])
    def test_they_are_not_redirected(self, tmp_path: Path, manage: bool) -> None:
        root = self.root(tmp_path, "from site.settings import *\n", manage)
        done = fix(
            Request(path=str(root), module="site.settings", only=("ssl-redirect",)),
            Wish(unsafe=True, write=True, dirty=True),
        )
        assert done.repairs, done.remaining
        files = read(root)
        assert files["site/settings.py"].endswith("\nSECURE_SSL_REDIRECT = True\n")
        assert files["site/test_settings.py"] == (
            "from site.settings import *\n\n# Production alone has another value.\n"
            "SECURE_SSL_REDIRECT = False\n"
        )

    def test_a_local_file_is_no_matter_of_tests(self, tmp_path: Path) -> None:
        root = self.root(tmp_path, "from site.settings import *\n")
        with (root / "site/settings.py").open("a") as file:
            file.write("\ntry:\n    from site.local import *\nexcept ImportError:\n    pass\n")
        assert fixed(root, only=("ssl-redirect",)).repairs
        assert "\nSECURE_SSL_REDIRECT = False\n" in read(root)["site/test_settings.py"]
        assert not fixed(root, only=("ssl-redirect",)).repairs
