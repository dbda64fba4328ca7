"""Secrets leave the source, and their values go where the user says, and nowhere else."""

from __future__ import annotations

import os
import re
import stat
import subprocess
from pathlib import Path

import pytest
from fixing import SOUND, fixed, lay, read
from test_command import hardango

OLD_KEY = "q8!v#x$w(2k-9=z&m3n_b^5c7*d1f0g@h)j+l4p6r-s8t!u2y"
PASSWORD = "Kx7!shopdb"
ENVIRON = "import environ\n\nenv = environ.Env()\n"
ENVIRONS = "from environs import Env\n\nenv = Env()\nenv.read_env()\n"
DECOUPLE = "from decouple import config\n\n"
HOSTS = 'ALLOWED_HOSTS = ["shop.example"]\n'


def one(tmp_path: Path, text: str, **files: str) -> Path:
    settings = {"site/__init__.py": "", "site/settings.py": text + HOSTS + SOUND}
    return lay(tmp_path / "p", {**settings, **files})


def repository(root: Path) -> Path:
    git = ["git", "-c", "user.name=a", "-c", "user.email=a@b.example"]
    for command in (["init", "-q"], ["add", "-A"], ["commit", "-qm", "x"]):
        subprocess.run([*git, *command], cwd=root, check=True)
    return root


def rotated(root: Path, file: str = ".env", **wish: object) -> object:
    wish = {"only": ("secret-key",), "rotate": True, "secrets": str(root / file), **wish}
    return fixed(root, **wish)


ROTATED = [
    ("", "SECRET_KEY_FALLBACKS = [each for each in os.environ.get('DJANGO_SECRET_KEY_FALLBACKS', '').split(',') if each]"),
    (ENVIRON, "SECRET_KEY_FALLBACKS = env.list('DJANGO_SECRET_KEY_FALLBACKS', default=[])"),
    (ENVIRONS, "SECRET_KEY_FALLBACKS = env.list('DJANGO_SECRET_KEY_FALLBACKS', default=[])"),
    (DECOUPLE, "SECRET_KEY_FALLBACKS = config('DJANGO_SECRET_KEY_FALLBACKS', default='', cast=Csv())"),
]  # fmt: skip


@pytest.mark.parametrize(("start", "line"), ROTATED)
def test_the_old_key_is_accepted_from_a_variable(tmp_path: Path, start: str, line: str) -> None:
    root = one(tmp_path, f"{start}SECRET_KEY = '{OLD_KEY}'\n")
    rotated(root)
    text = read(root)["site/settings.py"].replace('"', "'")
    assert line in text
    assert text.index("SECRET_KEY = ") < text.index(line)
    assert not rotated(root).repairs


def test_no_variable_is_no_key_at_all(tmp_path: Path) -> None:
    root = one(tmp_path, f"SECRET_KEY = '{OLD_KEY}'\n")
    rotated(root)
    (line,) = [each for each in read(root)["site/settings.py"].splitlines() if "FALLBACKS" in each]
    made: dict[str, object] = {}
    exec(f"import os\n{line}", made)
    assert made["SECRET_KEY_FALLBACKS"] == []


class TestTheFile:
    def test_it_holds_a_new_key_and_the_old_one(self, tmp_path: Path) -> None:
        root = repository(one(tmp_path, f"SECRET_KEY = '{OLD_KEY}'\n", **{".gitignore": ".env\n"}))
        rotated(root)
        held = read(root)[".env"].splitlines()
        assert re.fullmatch(r"DJANGO_SECRET_KEY=[\w-]{50,}", held[0])
        assert held[1:] == [f"DJANGO_SECRET_KEY_FALLBACKS='{OLD_KEY}'"]
        assert stat.S_IMODE(os.stat(root / ".env").st_mode) == 0o600
        assert read(root)[".gitignore"] == ".env\n"

    def test_nothing_is_made_unasked(self, tmp_path: Path) -> None:
        root = one(tmp_path, f"SECRET_KEY = '{OLD_KEY}'\n")
        rotated(root, secrets=None)
        assert ".env" not in read(root)

    def test_what_git_does_not_ignore_is_added_to_its_list(self, tmp_path: Path) -> None:
        root = repository(one(tmp_path, f"SECRET_KEY = '{OLD_KEY}'\n", **{".gitignore": "*.pyc"}))
        rotated(root)
        assert read(root)[".gitignore"] == "*.pyc\n.env\n"
        shown = subprocess.run(["git", "status", "--porcelain"], cwd=root, capture_output=True)
        assert b".env" not in shown.stdout

    def test_everything_is_taken_back_together(self, tmp_path: Path) -> None:
        root = repository(one(tmp_path, f"SECRET_KEY = '{OLD_KEY}'\n"))
        before = read(root)
        rotated(root)
        assert {".env", ".gitignore"} < set(read(root))
        hardango("fix", str(root), "--undo")
        assert read(root) == before

    def test_lines_that_are_there_stay(self, tmp_path: Path) -> None:
        root = one(tmp_path, f"SECRET_KEY = '{OLD_KEY}'\n", **{".env": "A=1\r\nB=2"})
        rotated(root)
        assert read(root)[".env"].startswith("A=1\r\nB=2\r\nDJANGO_SECRET_KEY=")

    @pytest.mark.parametrize(
        ("files", "file", "said"),
        [
            ({".env": "export DJANGO_SECRET_KEY=x\n"}, ".env", "sets DJANGO_SECRET_KEY already"),
            ({}, "../.env", "lies outside the project"),
            ({}, "no/such/folder/.env", "no such directory"),
            ({"a b": ""}, "x y", "add it to .gitignore first"),
        ],
    )
    def test_it_is_refused(
        self, tmp_path: Path, files: dict[str, str], file: str, said: str
    ) -> None:
        root = one(tmp_path, f"SECRET_KEY = '{OLD_KEY}'\n", **files)
        before = read(root)
        ran = hardango("fix", str(root), "--unsafe", "--write", "--rotate", "--secrets",
                       str(root / file))  # fmt: skip
        assert ran.code == 2
        assert said in ran.err
        assert "Traceback" not in ran.err
        assert read(root) == before

    def test_a_file_that_git_has_is_refused(self, tmp_path: Path) -> None:
        root = repository(one(tmp_path, f"SECRET_KEY = '{OLD_KEY}'\n", **{".env": "A=1\n"}))
        ran = hardango("fix", str(root), "--unsafe", "--write", "--secrets", str(root / ".env"))
        assert ran.code == 2
        assert "git has .env" in ran.err

    @pytest.mark.parametrize("key", ["with,comma-" * 6, "back\\\\slash" * 6, "$start" * 10])
    def test_a_key_that_cannot_be_written_surely_is_for_a_person(
        self, tmp_path: Path, key: str
    ) -> None:
        root = one(tmp_path, f"SECRET_KEY = '{key}'\n")
        done = rotated(root)
        assert "FALLBACKS" not in read(root)[".env"]
        assert any("DJANGO_SECRET_KEY_FALLBACKS has to be set by hand" in each
                   for each in done.by_hand)  # fmt: skip

    def test_a_key_that_production_may_not_have_is_not_accepted_by_it(self, tmp_path: Path) -> None:
        text = f"import os\nSECRET_KEY = os.environ.get('KEY', '{OLD_KEY}')\n"
        root = one(tmp_path, text)
        rotated(root)
        assert OLD_KEY not in read(root)[".env"]


def test_before_django_4_1_there_is_nothing_to_rotate(tmp_path: Path) -> None:
    files = {"requirements.txt": "django==4.0\n"}
    root = one(tmp_path, f"SECRET_KEY = '{OLD_KEY}'\n", **files)
    done = rotated(root)
    assert "FALLBACKS" not in read(root)["site/settings.py"]
    assert any("no key is rotated" in each for each in done.by_hand)


DATABASE = (
    'DATABASES = {{"default": {{"ENGINE": "django.db.backends.postgresql", "HOST": "db.example.com", '
    '"PASSWORD": {}}}}}\n'
)
MOVED = [
    ("", 'os.environ["DJANGO_DB_PASSWORD"]'),
    (ENVIRON, 'env("DJANGO_DB_PASSWORD")'),
    (ENVIRON + 'K = env("SHOP_SECRET_KEY", default="")\n', 'env("SHOP_DB_PASSWORD")'),
    (ENVIRONS, 'env.str("DJANGO_DB_PASSWORD")'),
    (DECOUPLE, 'config("DJANGO_DB_PASSWORD")'),
]


@pytest.mark.parametrize(("start", "reading"), MOVED)
def test_a_password_in_a_setting_comes_from_a_variable(
    tmp_path: Path, start: str, reading: str
) -> None:
    root = one(tmp_path, start + DATABASE.format(f'"{PASSWORD}"'))
    done = fixed(root, only=("committed-credentials",), secrets=str(root / ".env"))
    text = read(root)["site/settings.py"]
    assert DATABASE.format(reading) in text, done.remaining
    assert PASSWORD not in text
    assert read(root)[".env"].endswith(f"DB_PASSWORD='{PASSWORD}'\n")
    assert not fixed(root, only=("committed-credentials",)).repairs


WRITTEN = [
    (f'EMAIL_HOST_PASSWORD = "{PASSWORD}"\n', 'EMAIL_HOST_PASSWORD = os.environ["DJANGO_EMAIL_HOST_PASSWORD"]'),
    (f'import os\nEMAIL_HOST_PASSWORD = os.environ.get("MAIL_PW", "{PASSWORD}")\n', 'EMAIL_HOST_PASSWORD = os.environ["MAIL_PW"]'),
    (f'import os\nEMAIL_HOST_PASSWORD = os.getenv("MAIL_PW", "{PASSWORD}")\n', 'EMAIL_HOST_PASSWORD = os.environ["MAIL_PW"]'),
    (ENVIRON + f'EMAIL_HOST_PASSWORD = env("MAIL_PW", default="{PASSWORD}")\n', 'EMAIL_HOST_PASSWORD = env("MAIL_PW")'),
    (DECOUPLE + f'EMAIL_HOST_PASSWORD = config("MAIL_PW", "{PASSWORD}")\n', 'EMAIL_HOST_PASSWORD = config("MAIL_PW")'),
    (f'DB_PASS = "{PASSWORD}"\n' + DATABASE.format("DB_PASS"), 'DB_PASS = os.environ["DJANGO_DB_PASS"]'),
    ('ANYMAIL = {"MAILGUN_API_KEY": "key-4f8a1c9e7b2d50634f8a1c9e7b2d5063"}\n', 'ANYMAIL = {"MAILGUN_API_KEY": os.environ["DJANGO_MAILGUN_API_KEY"]}'),
    (f'CELERY_BROKER_URL = "amqp://shop:{PASSWORD}@mq.example.com//"\n', 'CELERY_BROKER_URL = os.environ["DJANGO_CELERY_BROKER_URL"]'),
]  # fmt: skip


@pytest.mark.parametrize(("text", "line"), WRITTEN)
def test_a_credential_is_moved_where_it_stands(tmp_path: Path, text: str, line: str) -> None:
    root = one(tmp_path, text)
    done = fixed(root, only=("committed-credentials",))
    after = read(root)["site/settings.py"]
    assert line in after.splitlines(), (done.remaining, after)
    assert after.count(PASSWORD) == 0


STAYS = [
    'EMAIL_HOST_PASSWORD = "changeme"\n',
    'EMAIL_HOST_PASSWORD = ""\n',
    f'import os\nEMAIL_HOST_PASSWORD = os.environ["MAIL_PW"]\nassert EMAIL_HOST_PASSWORD != "{PASSWORD}"\n',
    f'EMAIL_HOST_PASSWORD = "".join(["{PASSWORD[:5]}", "{PASSWORD[5:]}"])\n',
]


@pytest.mark.parametrize("text", STAYS)
def test_what_is_no_credential_or_no_literal_stays(tmp_path: Path, text: str) -> None:
    root = one(tmp_path, text)
    before = read(root)
    assert not fixed(root, only=("committed-credentials",)).repairs
    assert read(root) == before


def test_production_gets_a_line_of_its_own_where_development_shares_the_value(
    tmp_path: Path,
) -> None:
    root = lay(tmp_path / "p", {
        "site/__init__.py": "", "site/settings/__init__.py": "",
        "site/settings/base.py": DATABASE.format(f'"{PASSWORD}"') + HOSTS + SOUND,
        "site/settings/development.py": "from .base import *\n\nDEBUG = True\n",
        "site/settings/production.py": "from .base import *\n",
        "Dockerfile": "FROM python:3.13\nENV DJANGO_SETTINGS_MODULE=site.settings.production\nCMD gunicorn site.wsgi\n",
    }, "site.settings.development")  # fmt: skip
    before = read(root)
    fixed(root, only=("committed-credentials",))
    after = read(root)
    assert [name for name in after if after[name] != before.get(name)] == [
        "site/settings/production.py"
    ]
    assert ('DATABASES["default"]["PASSWORD"] = os.environ["DJANGO_DB_PASSWORD"]'
            in after["site/settings/production.py"])  # fmt: skip


@pytest.mark.parametrize(
    "more",
    [[], ["--format", "json"], ["--write"], ["--verbose"], ["--interactive"], ["--debug"]],
)
def test_no_secret_is_shown(tmp_path: Path, more: list[str]) -> None:
    mail = "p4ssw0rd!Mail99"
    text = f"SECRET_KEY = '{OLD_KEY}'\nEMAIL_HOST_PASSWORD = '{mail}'\n"
    root = one(tmp_path, text + DATABASE.format(f'"{PASSWORD}"'))
    ran = hardango("fix", str(root), "--unsafe", "--rotate", "--secrets", str(root / ".env"), *more,
                   answers="y\ny\ny\ny\ny\ny\n")  # fmt: skip
    made = [line.partition("=")[2] for line in read(root).get(".env", "").splitlines()]
    for secret in (OLD_KEY, PASSWORD, mail, *filter(None, made)):
        assert secret.strip("'") not in ran.out + ran.err
    if made:
        assert "is burnt" in ran.out


def test_a_key_that_was_never_there_is_not_burnt(tmp_path: Path) -> None:
    done = fixed(one(tmp_path, "ALLOWED_HOSTS = ['shop.example']\n"), only=("secret-key",))
    assert [each.finding.control for each in done.repairs] == ["secret-key"]
    assert not [said for said in done.by_hand if "burnt" in said]


def test_a_patch_has_nothing_of_the_file(tmp_path: Path) -> None:
    root = one(tmp_path, f"SECRET_KEY = '{OLD_KEY}'\n", **{".env": f"OTHER={PASSWORD}\n"})
    patch = tmp_path / "fix.patch"
    rotated(root, patch=str(patch))
    assert ".env\n+" not in patch.read_text()
    assert PASSWORD not in patch.read_text()
