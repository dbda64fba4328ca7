"""The Django version that production installs."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from hardango.project import Project

Find = Callable[[Mapping[str, str]], Project]


@pytest.mark.parametrize(
    "specifier, version",
    [
        ("Django==5.1.4", (5, 1)),
        ("django~=4.2.0", (4, 2)),
        ("Django~=4.1", (4, 2)),
        ("Django>=5.1,<5.3", (5, 2)),
        ("Django>=4.2,<5", (4, 2)),
        ("Django<=5.1", (5, 1)),
        ("Django<5.2.4", (5, 2)),
        ("Django==5.2.*", (5, 2)),
        ("Django>=5.2,!=5.2.1,<6", (5, 2)),
        ("Django[argon2]>=4.2,<4.3 ; python_version >= '3.8'", (4, 2)),
        ("Django==5.1.4 \\\n    --hash=sha256:abc", (5, 1)),
        ("Django", None),
        ("Django>=4.2", None),
        ("django-filter==2.4", None),
        ("# Django==1.11", None),
    ],
)
def test_requirements(plain: Find, specifier: str, version: tuple[int, int] | None) -> None:
    assert plain({"requirements.txt": f"requests==2\n{specifier}\n"}).django == version


@pytest.mark.parametrize(
    "files, version, place",
    [
        ({"uv.lock": '[[package]]\nname = "django"\nversion = "5.2.3"\n'}, (5, 2), "uv.lock:3"),
        ({"poetry.lock": '[[package]]\nname = "django"\nversion = "4.2.9"\n'}, (4, 2), "poetry.lock:3"),
        ({"Pipfile.lock": '{"default": {\n"django": {"version": "==5.1"}}}'}, (5, 1), "Pipfile.lock:2"),
        ({"pyproject.toml": '[project]\ndependencies = [\n  "django>=5.1,<5.2",\n]\n'}, (5, 1), "pyproject.toml:3"),
        ({"pyproject.toml": '[tool.poetry.dependencies]\nDjango = "^5.1"\n'}, (5, 2), "pyproject.toml:2"),
        ({"setup.cfg": "[options]\ninstall_requires =\n    Django<5.1\n"}, (5, 0), "setup.cfg:3"),
        ({"setup.py": 'setup(install_requires=["Django<5.1"])\n'}, (5, 0), "setup.py:1"),
        # A lock file says more than a requirement; production's file more than the tests'.
        (
            {
                "requirements/test.txt": "Django==3.2\n",
                "requirements/production.txt": "-r base.txt\n",
                "requirements/base.txt": "Django==5.2.1\n",
            },
            (5, 2),
            "requirements/base.txt:1",
        ),
        ({"requirements.in": "Django\n", "requirements.txt": "django==5.0.1\n"}, (5, 0), "requirements.txt:1"),
        # An old Python has no newer Django.
        ({"requirements.txt": "Django\n", "runtime.txt": "python-3.9.2\n"}, (4, 2), "requirements.txt:1"),
        ({"requirements.txt": "Django\n", "Dockerfile": "FROM python:3.11\nCOPY . /app\nCMD gunicorn shop.wsgi"}, (5, 2), "requirements.txt:1"),
    ],
)  # fmt: skip
def test_files(plain: Find, files: dict[str, str], version: tuple[int, int], place: str) -> None:
    project = plain(files)
    assert project.django == version
    assert str(project.django_source) == place


def test_import_names(plain: Find) -> None:
    text = "django-environ\nPillow>=10\nwhitenoise[brotli]==6\ndjango-cors-headers\n-e .\n"
    installed = plain({"requirements.txt": text}).installed
    assert {"environ", "PIL", "whitenoise", "corsheaders"} <= installed


@pytest.mark.parametrize(
    "files, version",
    [
        ({"runtime.txt": "python-3.11.4"}, (3, 11)),
        ({".python-version": "3.12\n"}, (3, 12)),
        ({"Dockerfile": "FROM python:3.13-slim\nCOPY . /a\nCMD gunicorn shop.wsgi"}, (3, 13)),
        ({"pyproject.toml": '[project]\nrequires-python = ">=3.10"\n'}, None),
    ],
)
def test_python(plain: Find, files: dict[str, str], version: tuple[int, int] | None) -> None:
    assert plain(files).python == version
