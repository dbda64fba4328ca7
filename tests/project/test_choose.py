"""Which of several projects is judged, and that no fact of another one is mixed in."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from hardango.project import Project, ProjectError, find_project

Find = Callable[[Mapping[str, str]], Project]
Write = Callable[[Mapping[str, str]], Path]

SETTINGS = 'INSTALLED_APPS = []\nROOT_URLCONF = "urls"\n'


def project(directory: str, name: str) -> dict[str, str]:
    start = f"{directory}/" if directory else ""
    named = f'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "{name}.settings")\n'
    return {
        f"{start}manage.py": named,
        f"{start}{name}/__init__.py": "",
        f"{start}{name}/settings.py": SETTINGS,
        f"{start}{name}/wsgi.py": named
        + "from django.core.wsgi import get_wsgi_application\napplication = get_wsgi_application()\n",
    }


SHOP, DESK = project("shop", "site_a"), project("desk", "site_b")
BOTH = {**SHOP, **DESK}
IMAGE = "FROM python:3.{}\nWORKDIR /app\nCOPY . .\nENV OF={}\nCMD gunicorn {}.wsgi\n"


@pytest.mark.parametrize(
    "files, base, why",
    [
        ({**SHOP, **project("examples/desk", "b")}, "shop", "there for tests, examples"),
        ({**BOTH, "shop/Procfile": "web: gunicorn site_a.wsgi\n"}, "shop", "only one that deploy"),
        ({**BOTH, "desk/Dockerfile": IMAGE.format(12, "b", "site_b")}, "desk", "only one"),
        (
            {**BOTH, "compose.yml": "services:\n  web:\n    build: ./desk\n",
             "desk/Dockerfile": IMAGE.format(12, "b", "site_b")},
            "desk", "only one",
        ),
        # By the directory of the command, and not by the name of the module, which both have.
        (
            {**project("shop", "config"), **project("desk", "config"),
             "render.yaml": "services:\n- type: web\n  rootDir: desk\n"
             "  startCommand: gunicorn config.wsgi\n"},
            "desk", "only one",
        ),
        ({**project("", "top"), **project("tools/desk", "b")}, ".", "the others lie inside it"),
        # Only settings, without anything that starts them.
        ({**SHOP, "lib/c/settings.py": SETTINGS}, "shop", "no other has a manage.py"),
        # What developers run says nothing.
        (
            {**BOTH, "shop/Procfile": "web: gunicorn site_a.wsgi\n",
             "desk/docker-compose.dev.yml": "services:\n  web:\n    build: .\n"
             "    command: python manage.py runserver\n"},
            "shop", "only one",
        ),
    ],
)  # fmt: skip
def test_the_product(find: Find, files: dict[str, str], base: str, why: str) -> None:
    found = find(files)
    assert os.path.relpath(found.base, found.root) == base
    assert why in found.notes[0].message
    assert found.others


@pytest.mark.parametrize(
    "files",
    [
        BOTH,
        {**BOTH, "shop/Procfile": "web: gunicorn site_a.wsgi\n",
         "desk/Procfile": "web: gunicorn site_b.wsgi\n"},
        {**project("examples/a", "a"), **project("examples/b", "b")},
        {**project("tests", "a"), **project("demo", "b")},
    ],
)  # fmt: skip
def test_where_nothing_tells_the_user_is_asked(write: Write, files: dict[str, str]) -> None:
    root = write(files)
    with pytest.raises(ProjectError, match="several Django projects") as raised:
        find_project(str(root))
    for directory in {os.path.dirname(file) for file in files if file.endswith("manage.py")}:
        assert directory in str(raised.value)


@pytest.mark.parametrize("asked", ["shop", "shop/manage.py", "shop/site_a/settings.py"])
def test_the_directory_or_a_file_of_a_project_chooses_it(write: Write, asked: str) -> None:
    assert find_project(str(write(BOTH) / asked)).deployment.module == "site_a.settings"


def test_a_settings_module_chooses_its_project(write: Write) -> None:
    found = find_project(str(write(BOTH)), "site_b.settings")
    assert os.path.relpath(found.base, found.root) == "desk"


SERVICES = """services:
  shop:
    build: ./shop
    environment: {OF: image, IN_COMPOSE: "1"}
  desk:
    build: ./desk
    environment: {OF: desk, ONLY_DESK: "1"}
  ui:
    build: ./ui
    environment: {ONLY_UI: "1"}
"""

CONTAINERS = """kind: Deployment
metadata: {name: shop}
spec: {template: {spec: {containers: [
  {name: web, image: "example/shop:1", env: [{name: IN_SHOP, value: "1"}]}]}}}
---
kind: Deployment
metadata: {name: desk}
spec: {template: {spec: {containers: [
  {name: web, image: "example/desk:1", env: [{name: ONLY_DESK, value: "1"}]}]}}}
"""

MIXED = {
    **BOTH,
    "compose.yml": SERVICES,
    "shop/Dockerfile": IMAGE.format(11, "image", "site_a"),
    "shop/requirements.txt": "django==4.2.1\n",
    "desk/Dockerfile": IMAGE.format(13, "other", "site_b"),
    "desk/requirements.txt": "django==5.2.1\nwhitenoise\n",
    "desk/fly.toml": "[env]\nONLY_DESK = '1'\n",
    "desk/.env.production": "ONLY_DESK=1\n",
    "desk/pytest.ini": "[pytest]\nDJANGO_SETTINGS_MODULE = site_b.settings\n",
    "ui/package.json": "{}",
    "ui/Dockerfile": "FROM python:3.9\nCOPY . .\nENV ONLY_UI=1\nCMD gunicorn server:app\n",
    "ui/.env.production": "ONLY_UI=1\n",
    "k8s/all.yaml": CONTAINERS,
    "tool/main.py": "",
    "tool/requirements.txt": "flask\n",
    "tool/app.yaml": "runtime: python312\nentrypoint: gunicorn main:app\n"
    "env_variables: {ONLY_TOOL: '1'}\n",
}
"""Two sites, a frontend and a tool in one repository, each with facts of its own."""


def test_facts_of_neighbours_are_not_mixed_in(write: Write) -> None:
    found = find_project(str(write(MIXED)), "site_a.settings")
    deployment = found.deployment
    assert deployment.module == "site_a.settings"
    assert deployment.variables["OF"].value == "image"
    assert deployment.variables["IN_COMPOSE"].value == "1"
    assert deployment.variables["IN_SHOP"].value == "1"
    assert [name for name in deployment.variables if name.startswith("ONLY")] == []
    assert (found.django, found.python) == ((4, 2), (3, 11))
    assert found.installed == {"django"}
    kinds = {(each.kind, each.place.file) for each in deployment.entry_points}
    assert not {file for _, file in kinds if file.startswith(("desk/", "ui/", "tool/"))}


def test_what_is_alone_in_its_own_directory_is_shared(find: Find) -> None:
    """One project, with its deployment files beside it in directories that start nothing else."""
    found = find(
        {
            **project("src/backend", "a"),
            "src/frontend/package.json": "{}",
            "docker/Dockerfile": IMAGE.format(12, "image", "a").replace(
                "COPY .", "COPY src/backend"
            ),
            "requirements/base.txt": "django==5.2.1\n",
            "env.d/production.env": "A=1\n",
            "src/helm/package.json.md": "",
            "ops/k8s/web.yaml": CONTAINERS.replace("shop", "backend").partition("---")[0],
        }
    )
    assert found.deployment.variables["OF"].value == "image"
    assert found.deployment.variables["IN_SHOP"].value == "1"
    assert (found.django, found.python) == ((5, 2), (3, 12))
    assert found.others == ()
