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
        ({"pyproject.toml": '[dependency-groups]\nmain = ["Django==5.2.1"]\ndev = ["Django==4.2"]\n'}, (5, 2), "pyproject.toml:2"),
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


UV_LOCK = """version = 1

[[package]]
name = "asgiref"
version = "3.8.1"
source = { registry = "r" }

[[package]]
name = "django"
version = "5.2.3"
dependencies = [
    { name = "asgiref" },
]

[[package]]
name = "django-debug-toolbar"
version = "4.4.6"
dependencies = [
    { name = "django" },
    { name = "sqlparse" },
]

[[package]]
name = "gunicorn"
version = "23.0.0"

[[package]]
name = "shop"
version = "0.1.0"
source = { virtual = "." }
dependencies = [
    { name = "django" },
]

[package.optional-dependencies]
server = [
    { name = "gunicorn" },
]

[package.dev-dependencies]
dev = [
    { name = "django-debug-toolbar" },
]

[package.metadata]
requires-dist = [{ name = "django" }]

[package.metadata.requires-dev]
dev = [{ name = "django-debug-toolbar" }]

[[package]]
name = "sqlparse"
version = "0.5.1"
"""

POETRY_LOCK = """[[package]]
name = "django"
version = "5.2.3"
groups = ["main", "dev"]

[[package]]
name = "pytest"
version = "8.0.0"
groups = ["dev"]

[[package]]
name = "black"
version = "24.1"
category = "dev"
"""


@pytest.mark.parametrize(
    "files, versions",
    [
        ({"uv.lock": UV_LOCK}, {"asgiref": (3, 8, 1), "django": (5, 2, 3), "gunicorn": (23, 0, 0)}),
        ({"poetry.lock": POETRY_LOCK}, {"django": (5, 2, 3)}),
        ({"requirements.txt": "Django==5.1\ndjango_axes\n"}, {"django": (5, 1), "django-axes": None}),
        ({"requirements.txt": "a==1.0\n", "requirements/dev.txt": "-r ../requirements.txt\nb==1\n"}, {"a": (1, 0)}),
        # A constraint installs nothing, but pins what something else installs.
        ({"requirements.txt": "-c constraints.txt\na\n", "constraints.txt": "a==1.2\nb==3\n"}, {"a": (1, 2)}),
        ({"requirements.txt": "a\n", "requirements/constraints.txt": "a==1.2\nb==3\n"}, {"a": (1, 2)}),
        # What lies beside the project is another program's, unless nothing nearer tells.
        ({"requirements.txt": "a==1\n", "worker/requirements.txt": "b==1\n"}, {"a": (1,)}),
        ({"worker/requirements.txt": "b==1\n"}, {"b": (1,)}),
        # Which of the two is installed depends on the machine.
        ({"requirements.txt": "a==1.0; python_version < '3.9'\na==2.0; python_version >= '3.9'\n"}, {"a": None}),
        ({"requirements.txt": "-e git+https://x.invalid/a.git@v1.2#egg=a-b\nc @ https://x.invalid/c-1.2.zip\n"},
         {"a-b": None, "c": None}),
        ({"pyproject.toml": '[project]\ndependencies = ["a==1.4"]\n'}, {"a": (1, 4)}),
        ({"requirements-dev.txt": "a==1\n"}, None),
        ({"requirements.txt": "\n"}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_packages(
    plain: Find, files: dict[str, str], versions: dict[str, tuple[int, ...] | None] | None
) -> None:
    packages = plain(files).deployment.packages
    assert versions == (packages and {name: each.version for name, each in packages.items()})


@pytest.mark.parametrize(
    "specifier, older, is_four, newer",
    [
        # Whether it is 3.9, 4.0, 4.1 or newer.
        ("==4.0.1", True, True, False),
        ("==4", True, True, False),
        ("==3.8", False, False, False),
        (">=4", True, True, None),
        (">=4,<4.1", True, True, False),
        ("~=4.0.3", True, True, False),
        ("~=4.0", True, True, None),
        ("==4.0.*", True, True, False),
        ("<4", None, False, False),
        ("<=4.0", None, None, False),
        ("<4.0.5", None, None, False),
        (">3.9,!=4.0", True, None, None),
        ("", None, None, None),
        ("@ https://x.invalid/p-4.0.zip", None, None, None),
    ],
)
def test_at_least(
    plain: Find, specifier: str, older: bool | None, is_four: bool | None, newer: bool | None
) -> None:
    packages = plain({"requirements.txt": f"p{specifier}\n"}).deployment.packages
    assert packages is not None
    package = packages["p"]
    assert package.at_least((3, 9)) is older
    assert package.at_least((4, 0)) is is_four
    assert package.at_least((4, 1)) is newer


def test_the_deployment_says_which_django_and_python(plain: Find) -> None:
    deployment = plain(
        {"requirements.txt": "Django==5.1.4\n", "runtime.txt": "python-3.11.4"}
    ).deployment
    assert deployment.django is not None
    assert deployment.django.version == (5, 1, 4)
    assert deployment.python == (3, 11)
    assert str(deployment.python_place) == "runtime.txt:1"
