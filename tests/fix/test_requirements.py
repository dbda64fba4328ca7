"""A package that a fix needs is asked for where production installs from."""

from __future__ import annotations

from pathlib import Path

import pytest
from fixing import SOUND, fixed, lay, read

SETTINGS = (
    'SECRET_KEY = "x"\nDEBUG = False\n' + SOUND
    + 'PASSWORD_HASHERS = [\n    "django.contrib.auth.hashers.MD5PasswordHasher",\n]\n'
)  # fmt: skip
ARGON = '    "django.contrib.auth.hashers.Argon2PasswordHasher",\n'

PROJECT = '[project]\nname = "shop"\nversion = "1"\n'
FILES = [
    ("requirements.txt", "Django==6.1\n", "argon2-cffi\nDjango==6.1\n"),
    ("requirements.txt", "gunicorn\nDjango==6.1", "gunicorn\nDjango==6.1\nargon2-cffi"),
    ("requirements.txt", "celery\nDjango==6.1\r\n\r\n# tools\r\nzoo\r\n",
     "argon2-cffi\r\ncelery\nDjango==6.1\r\n\r\n# tools\r\nzoo\r\n"),
    ("requirements.txt", "gunicorn\nDjango==6.1  # the site\ncelery\n",
     "gunicorn\nDjango==6.1  # the site\ncelery\nargon2-cffi\n"),
    ("requirements/production.txt", "-r base.txt\nDjango==6.1\n", "-r base.txt\nargon2-cffi\nDjango==6.1\n"),
    ("pyproject.toml", PROJECT + 'dependencies = [\n  "django==6.1",\n  "gunicorn",\n]\n',
     PROJECT + 'dependencies = [\n  "argon2-cffi",\n  "django==6.1",\n  "gunicorn",\n]\n'),
    ("pyproject.toml", PROJECT + "dependencies = [\n    'gunicorn',\n    'Django==6.1'  # of all\n]\n\n[tool.x]\na=1\n",
     PROJECT + "dependencies = [\n    'gunicorn',\n    'Django==6.1',  # of all\n    'argon2-cffi',\n]\n\n[tool.x]\na=1\n"),
    ("pyproject.toml", PROJECT + 'dependencies = ["gunicorn", "Django==6.1"]\n',
     PROJECT + 'dependencies = ["gunicorn", "argon2-cffi", "Django==6.1"]\n'),
    ("pyproject.toml", ('[tool.poetry]\nname = "shop"\n\n[tool.poetry.dependencies]\npython = "^3.13"\nDjango = "6.1"\n\n'
     "[tool.x]\n"),
     ('[tool.poetry]\nname = "shop"\n\n[tool.poetry.dependencies]\npython = "^3.13"\nDjango = "6.1"\n'
     'argon2-cffi = "*"\n\n[tool.x]\n')),
    ("Pipfile", '[packages]\ndjango = "==6.1"\n\n[dev-packages]\npytest = "*"\n',
     '[packages]\nargon2-cffi = "*"\ndjango = "==6.1"\n\n[dev-packages]\npytest = "*"\n'),
]  # fmt: skip


@pytest.mark.parametrize(("name", "before", "after"), FILES)
def test_it_stands_with_the_others(tmp_path: Path, name: str, before: str, after: str) -> None:
    root = lay(tmp_path / "p", {"site/__init__.py": "", "site/settings.py": SETTINGS, name: before})
    fixed(root, only=("password-hashers",))
    assert read(root)[name] == after
    assert ARGON in read(root)["site/settings.py"]
    assert not fixed(root, only=("password-hashers",)).repairs
    assert read(root)[name] == after


WITHOUT = [
    {},
    {"requirements.txt": "Django==6.1 --hash=sha256:" + "0" * 64 + "\n"},
    {"setup.py": "from setuptools import setup\n\nsetup(install_requires=['Django==6.1'])\n"},
    {"pyproject.toml": PROJECT + 'dependencies = ["gunicorn"]\n'},
]  # fmt: skip


@pytest.mark.parametrize("files", WITHOUT)
def test_where_it_is_not_sure_no_package_is_needed(tmp_path: Path, files: dict[str, str]) -> None:
    root = lay(tmp_path / "p", {"site/__init__.py": "", "site/settings.py": SETTINGS, **files})
    before = read(root)
    fixed(root, only=("password-hashers",))
    after = read(root)
    assert "hashers.PBKDF2PasswordHasher" in after.pop("site/settings.py")
    assert after == {name: text for name, text in before.items() if name in after}
    assert ARGON not in read(root)["site/settings.py"]


def test_what_is_there_is_not_asked_for_twice(tmp_path: Path) -> None:
    files = {"requirements.txt": "Argon2_CFFI==25.1\nDjango==6.1\n"}
    root = lay(tmp_path / "p", {"site/__init__.py": "", "site/settings.py": SETTINGS, **files})
    fixed(root, only=("password-hashers",), unsafe=False)
    assert read(root)["requirements.txt"] == files["requirements.txt"]
    assert ARGON in read(root)["site/settings.py"]


LOCK = 'version = 1\n\n[[package]]\nname = "django"\nversion = "6.1"\n'
LOCKS = [
    ({"uv.lock": LOCK, "pyproject.toml": PROJECT + 'dependencies = ["Django==6.1"]\n'},
     "pyproject.toml", "run `uv lock`"),
    ({"requirements.txt": "django==6.1\n", "requirements.in": "django\n"},
     "requirements.in", "run `pip-compile requirements.in`"),
]  # fmt: skip


@pytest.mark.parametrize(("files", "changed", "said"), LOCKS)
def test_a_lock_is_left_to_what_writes_it(
    tmp_path: Path, files: dict[str, str], changed: str, said: str
) -> None:
    root = lay(tmp_path / "p", {"site/__init__.py": "", "site/settings.py": SETTINGS, **files})
    done = fixed(root, only=("password-hashers",))
    assert [name for name in files if read(root)[name] != files[name]] == [changed]
    assert said in done.by_hand
