"""Which services of compose files are production's, and what they get."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from hardango.project import Project

Find = Callable[[Mapping[str, str]], Project]

DOCKERFILE = "FROM python:3.12\nWORKDIR /app\nCOPY . .\nENV A=image\nCMD gunicorn shop.wsgi\n"


def service(text: str) -> str:
    rows = "".join(f"    {row}\n" for row in text.split("\n"))
    return f"services:\n  db:\n    image: postgres\n    environment:\n      A: db\n  web:\n{rows}"


@pytest.mark.parametrize(
    "text, value",
    [
        ("build: .\nenvironment:\n  A: own", "own"),
        ("build: .\nenvironment:\n  - A=own", "own"),
        ("build: .\nenvironment:\n  A: ${X:-fallback}", "fallback"),
        ("build: .\nenvironment:\n  A: ${FROM_ENV}", "dotenv"),
        ("build: .\nenvironment:\n  A: ${X}", None),
        ("build: .\nenvironment:\n  A: 'a$$b'", "a$b"),
        ("build: .\nenvironment:\n  A: false", "false"),
        ("build: .\nenv_file: web.env", "file"),
        ("build: .\nenv_file: [web.env]\nenvironment: {A: own}", "own"),
        ("build: .\nenv_file:\n  - path: web.env", "file"),
        ("build: .\ncommand: sh -c 'A=prefix gunicorn shop.wsgi'", "prefix"),
        ("build: .\nenvironment:\n  - A", "absent"),
        ("build: .\nenv_file: web.env.example", "absent"),
    ],
)
def test_where_a_value_comes_from(split: Find, text: str, value: str | None) -> None:
    variables = split(
        {
            "docker-compose.prod.yml": service(text),
            "Dockerfile": DOCKERFILE.replace("ENV A=image\n", ""),
            "web.env": "A=file\n",
            "web.env.example": "A=example\n",
            ".env": "FROM_ENV=dotenv\n",
        }
    ).deployment.variables
    if value == "absent":
        assert "A" not in variables
    else:
        assert variables["A"].value == value


@pytest.mark.parametrize(
    "name, text, role",
    [
        ("docker-compose.yml", "build: .", "production"),
        ("compose.yaml", "build: .", "production"),
        ("docker-compose.prod.yml", "build: .", "production"),
        ("docker-compose.local.yml", "build: .", "development"),
        ("docker-compose.override.yml", "build: .", "development"),
        ("docker-compose.test.yml", "build: .", "test"),
        ("docker-compose.yml", "build: .\ncommand: python manage.py runserver", "development"),
        ("docker-compose.yml", "build: .\ncommand: gunicorn shop.wsgi --reload", "development"),
        ("docker-compose.yml", "build: .\nvolumes: ['.:/app']", "development"),
        ("docker-compose.yml", "build: .\nvolumes: ['.:/app']\nrestart: always", "production"),
        ("docker-compose.yml", "build: {context: ., target: dev}", "development"),
        ("docker-compose.yml", "build: .\nenv_file: .envs/.local/.django", "development"),
        ("docker-compose.docs.yml", "build: .", "development"),
    ],
)
def test_roles(split: Find, name: str, text: str, role: str) -> None:
    text = service(text + "\nenvironment: {A: own}")
    dockerfile = DOCKERFILE.replace("ENV A=image\n", "").replace("3.12", "3.12 AS dev", 1)
    project = split({name: text, "Dockerfile": dockerfile, ".envs/.local/.django": "B=1\n"})
    assert {p.role for p in project.deployment.entry_points if p.kind == "compose"} == {role}
    assert ("A" in project.deployment.variables) == (role == "production")


def test_a_partial_service_is_laid_over_the_base_file(split: Find) -> None:
    deployment = split(
        {
            "docker-compose.yml": service("build: .\nenvironment: {A: base, B: base}"),
            "docker-compose.prod.yml": "services:\n  web:\n    environment:\n      A: prod\n"
            "      DJANGO_SETTINGS_MODULE: shop.settings.production\n",
            "Dockerfile": DOCKERFILE.replace("ENV A=image\n", ""),
        }
    ).deployment
    assert deployment.module == "shop.settings.production"
    assert deployment.reasons[0] == (
        "docker-compose.prod.yml:5 sets DJANGO_SETTINGS_MODULE=shop.settings.production"
    )


def test_compose_files_of_the_documentation_are_not_read(split: Find) -> None:
    project = split({"docs/docker-compose.yml": service("build: ..\nenvironment: {A: b}")})
    assert "compose" not in {each.kind for each in project.deployment.entry_points}


def test_the_names_of_containers(split: Find) -> None:
    text = (
        "services:\n  web:\n    build: .\n  db:\n    image: postgres\n    container_name: shop_db\n"
    )
    project = split(
        {"docker-compose.yml": text, "docs/docker-compose.yml": "services: {other: {image: x}}\n"}
    )
    assert project.deployment.hosts == {"web", "db", "shop_db"}
