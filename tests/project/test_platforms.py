"""What files of platforms, services, manifests and workflows say."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from hardango.project import Project

Find = Callable[[Mapping[str, str]], Project]

IMAGE = "FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD gunicorn shop.wsgi\n"
MODULE = "shop.settings.production"

DEPLOYMENT = """\
apiVersion: v1
kind: ConfigMap
metadata: {{name: web}}
data:
  A: "1"
---
apiVersion: apps/v1
kind: Deployment
spec:
  template:
    spec:
      containers:
        - name: web
          image: shop
          command: [gunicorn, shop.wsgi]
          {}
"""


@pytest.mark.parametrize(
    "files, kind",
    [
        ({"app.json": '{"env": {"A": "1"}}', "Procfile": "web: gunicorn shop.wsgi"}, "Procfile"),
        (
            {"app.json": '{"env": {"A": {"value": "1"}}}', "Procfile": "web: gunicorn shop.wsgi"},
            "Procfile",
        ),
        ({"Procfile": "web: A=1 gunicorn shop.wsgi"}, "Procfile"),
        (
            {"Procfile": "web: make serve", "Makefile": "serve:\n\tA=1 gunicorn shop.wsgi\n"},
            "Procfile",
        ),
        ({"fly.toml": "[env]\nA = '1'\n", "Dockerfile": IMAGE}, "fly.toml"),
        ({"fly.toml": "[env]\nA = 1\n[processes]\nweb = 'gunicorn shop.wsgi'\n"}, "fly.toml"),
        (
            {
                "render.yaml": "services:\n  - type: web\n    startCommand: gunicorn shop.wsgi\n"
                "    envVars:\n      - key: A\n        value: 1\n"
            },
            "render.yaml",
        ),
        (
            {
                "app.yaml": "runtime: python312\nentrypoint: gunicorn shop.wsgi\n"
                "env_variables:\n  A: '1'\n"
            },
            "app.yaml",
        ),
        ({"railway.json": '{"deploy": {"startCommand": "A=1 gunicorn shop.wsgi"}}'}, "railway"),
        ({"railway.toml": "[deploy]\nstartCommand = 'A=1 gunicorn shop.wsgi'\n"}, "railway"),
        (
            {"nixpacks.toml": "[variables]\nA='1'\n[start]\ncmd='gunicorn shop.wsgi'\n"},
            "nixpacks.toml",
        ),
        (
            {"vercel.json": '{"builds": [{"src": "shop/wsgi.py"}], "env": {"A": "1"}}'},
            "vercel.json",
        ),
        (
            {
                "zappa_settings.json": '{"production": {"django_settings": "shop.settings.production", '
                '"environment_variables": {"A": "1"}}}'
            },
            "zappa",
        ),
        (
            {
                ".ebextensions/django.config": "option_settings:\n"
                "  aws:elasticbeanstalk:application:environment:\n    A: '1'\n"
                "  aws:elasticbeanstalk:container:python:\n    WSGIPath: shop.wsgi:application\n"
            },
            ".ebextensions",
        ),
        (
            {
                "heroku.yml": "run:\n  web: A=1 gunicorn shop.wsgi\n",
            },
            "heroku.yml",
        ),
        (
            {
                "deploy/web.service": "[Service]\nEnvironment=A=1 B=2\n"
                "ExecStart=/venv/bin/gunicorn shop.wsgi\n"
            },
            "systemd",
        ),
        (
            {
                "deploy/web.service": "[Service]\nEnvironmentFile=/etc/web.env\n"
                "ExecStart=/venv/bin/gunicorn shop.wsgi\n",
                "deploy/web.env": "A=1\n",
            },
            "systemd",
        ),
        (
            {
                "conf/supervisord.conf": "[program:web]\ncommand=gunicorn shop.wsgi\n"
                'environment=A="1",B="2"\n'
            },
            "supervisor",
        ),
        ({"uwsgi.ini": "[uwsgi]\nmodule = shop.wsgi:application\nenv = A=1\n"}, "uwsgi"),
        (
            {
                "Procfile": "web: gunicorn",
                "gunicorn.conf.py": 'wsgi_app = "shop.wsgi"\nraw_env = ["A=1"]\n',
            },
            "Procfile",
        ),
        (
            {
                "Procfile": "web: uwsgi etc/uwsgi.ini",
                "etc/uwsgi.ini": "[uwsgi]\nmodule = shop.wsgi\nenv = A=1\n",
            },
            "Procfile",
        ),
        ({"k8s/web.yaml": DEPLOYMENT.format("env: [{name: A, value: '1'}]")}, "kubernetes"),
        (
            {"k8s/web.yaml": DEPLOYMENT.format("envFrom: [{configMapRef: {name: web}}]")},
            "kubernetes",
        ),
        (
            {
                "k8s/web.yaml": DEPLOYMENT.format(
                    "env: [{name: A, valueFrom: {configMapKeyRef: {name: web, key: A}}}]"
                )
            },
            "kubernetes",
        ),
        ({".env.production": "A=1\n"}, ".env"),
        ({".envs/.production/.django": "A=1\n"}, ".env"),
    ],
)
def test_variables_of_production(split: Find, files: dict[str, str], kind: str) -> None:
    deployment = split(files).deployment
    assert deployment.module == MODULE
    assert deployment.variables["A"].value == "1"
    assert (kind, "production") in {(each.kind, each.role) for each in deployment.entry_points}


def test_helm_values(split: Find) -> None:
    deployment = split(
        {
            "charts/shop/Chart.yaml": "name: shop\n",
            "charts/shop/values.yaml": f"env:\n  DJANGO_SETTINGS_MODULE: {MODULE}\n  A: '1'\n",
            "charts/shop/templates/web.yaml": "kind: Deployment\n{{- if .Values.x }}\n{{ end }}\n",
        }
    )
    assert deployment.deployment.variables["A"].value == "1"
    assert deployment.notes == ()


@pytest.mark.parametrize(
    "files",
    [
        {".env.example": "A=1\n"},
        {".env.production.example": "A=1\n"},
        {".env": "A=1\n"},
        {".env.local": "A=1\n"},
        {".env.test": "A=1\n"},
        {".envs/.local/.django": "A=1\n"},
        {"docs/Procfile": "web: A=1 gunicorn shop.wsgi"},
        {"Procfile": "release: A=1 python manage.py migrate"},
        {"Procfile.dev": "web: A=1 python manage.py runserver"},
        {"k8s/overlays/dev/web.yaml": DEPLOYMENT.format("env: [{name: A, value: '1'}]")},
        {".github/workflows/deploy.yml": "jobs:\n  deploy:\n    env:\n      A: '1'\n"},
    ],
)
def test_what_is_not_productions(split: Find, files: dict[str, str]) -> None:
    assert "A" not in split(files).deployment.variables


@pytest.mark.parametrize(
    "name, job, role",
    [
        ("ci.yml", "test", "test"),
        ("deploy.yml", "build", "production"),
        ("ci.yml", "deploy", "production"),
    ],
)
def test_workflows(split: Find, name: str, job: str, role: str) -> None:
    text = f"jobs:\n  {job}:\n    env:\n      DJANGO_SETTINGS_MODULE: {MODULE}\n"
    points = split({f".github/workflows/{name}": text}).deployment.entry_points
    found = [each for each in points if each.kind == "workflow"]
    assert [(each.role, str(each.place), each.module) for each in found] == [
        (role, f".github/workflows/{name}:4", MODULE)
    ]


def test_a_secret_of_the_platform_has_no_value(split: Find) -> None:
    deployment = split(
        {
            "render.yaml": "services:\n  - type: web\n    startCommand: gunicorn shop.wsgi\n"
            "    envVars:\n      - key: SECRET_KEY\n        generateValue: true\n"
        }
    ).deployment
    assert deployment.variables["SECRET_KEY"].value is None


PUSHED = "applications:\n- name: shop-{}\n  path: ../{}\n  env:\n    A: {}\n    B: ((secret))\n"


@pytest.mark.parametrize(
    "files, expected",
    [
        (
            {"ops/manifest-prod.yml": PUSHED.format("prod", "", 1), "Procfile": "web: ./run.sh\n",
             "run.sh": "gunicorn shop.wsgi\n"},
            {"A": "1", "B": None},
        ),
        (
            {"ops/manifest.yml": PUSHED.format("x", "", 1) + "  command: ./run.sh\n",
             "run.sh": "gunicorn shop.wsgi\n"},
            {"A": "1", "B": None},
        ),
        # Where one is named for production, the others are those of developers and features.
        (
            {"ops/manifest-stable.yml": PUSHED.format("x", "", 1), "Procfile": "web: ./run.sh\n",
             "ops/manifest-anna.yml": PUSHED.format("anna", "", 2),
             "run.sh": "gunicorn shop.wsgi\n"},
            {"A": "1", "B": None},
        ),
        # Of an application of another stage, and of one that is no Django project.
        ({"manifest_dev.yml": PUSHED.format("dev", "", 1) + "  command: gunicorn shop.wsgi\n"}, {}),
        ({"ui/package.json": "{}", "ops/manifest.yml": PUSHED.format("ui", "ui", 1)
          + "  command: gunicorn ui:app\n"}, {}),
    ],
)  # fmt: skip
def test_cloud_foundry(plain: Find, files: dict[str, str], expected: dict[str, str | None]) -> None:
    variables = plain(files).deployment.variables
    assert {name: variables[name].value for name in variables if name in "AB"} == expected
