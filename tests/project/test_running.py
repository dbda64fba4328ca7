"""What production runs: its container, whose process it is, the options of its server."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import pytest

from hardango.project import Project

Find = Callable[[Mapping[str, str]], Project]

IMAGE = "FROM python:3.12\nWORKDIR /app\nCOPY . .\n"
SERVES = "CMD gunicorn shop.wsgi\n"
POD = """kind: Deployment
spec:
  template:
    spec:
      {pod}
      containers:
        - name: web
          command: [gunicorn, shop.wsgi]
          {container}
"""


@pytest.mark.parametrize(
    "files, user, place",
    [
        ({"Dockerfile": IMAGE + SERVES}, "", None),
        ({"Dockerfile": IMAGE + "USER app\n" + SERVES}, "app", "Dockerfile:4"),
        ({"Dockerfile": IMAGE + "USER 1000:1000\n" + SERVES}, "1000", "Dockerfile:4"),
        ({"Dockerfile": IMAGE + "USER app\nUSER root\n" + SERVES}, "root", "Dockerfile:5"),
        ({"Dockerfile": IMAGE + "ARG UID=1001\nUSER ${UID}\n" + SERVES}, "1001", "Dockerfile:5"),
        ({"Dockerfile": IMAGE + "USER $NOBODY\n" + SERVES}, None, "Dockerfile:4"),
        # What a stage does to its user, one that is made from it inherits; another stage does not.
        ({"Dockerfile": "FROM python:3.12 AS base\nUSER app\nFROM base\nCOPY . .\n" + SERVES}, "app", "Dockerfile:2"),
        ({"Dockerfile": "FROM python:3.12 AS build\nUSER app\nFROM python:3.12\nCOPY . .\n" + SERVES}, "", None),
        # Whose process another image's is, only that image says.
        ({"Dockerfile": "FROM ghcr.io/shop/base\nCOPY . /app\n" + SERVES}, None, None),
        ({"Dockerfile": "FROM docker.io/python:3.12\nCOPY . /app\n" + SERVES}, "", None),
        ({"Dockerfile": "ARG BASE\nFROM $BASE\nCOPY . /app\n" + SERVES}, None, None),
        # A program that changes the user, and a server that does.
        ({"Dockerfile": IMAGE + 'CMD ["gosu", "app", "gunicorn", "shop.wsgi"]\n'}, "app", None),
        ({"Dockerfile": IMAGE + 'ENTRYPOINT ["/app/run.sh"]\n' + 'CMD ["gunicorn", "shop.wsgi"]\n',
          "run.sh": '#!/bin/sh\nexec su-exec app "$@"\n'}, "app", None),
        ({"Dockerfile": IMAGE + "CMD gunicorn --user app shop.wsgi\n"}, "app", None),
        # What an init starts may have users of its own.
        ({"Dockerfile": IMAGE + 'ENTRYPOINT ["/init"]\n'}, None, "Dockerfile:4"),
        ({"Dockerfile": IMAGE + 'USER app\nENTRYPOINT ["/init"]\n'}, "app", "Dockerfile:4"),
        ({"Dockerfile": IMAGE + SERVES, "compose.yml": "services:\n  web:\n    build: .\n    user: app\n    restart: always\n",
          "fly.toml": "[env]\nA = '1'\n"}, "", None),
        ({"Dockerfile": IMAGE, "compose.yml": "services:\n  web:\n    build: .\n    user: '1000:1000'\n"
          "    command: gunicorn shop.wsgi\n"}, "1000", "compose.yml:4"),
        ({"Dockerfile": IMAGE + "USER app\n", "compose.yml": "services:\n  web:\n    build: .\n    user: ${WHO}\n"
          "    command: gunicorn shop.wsgi\n"}, None, "compose.yml:4"),
        ({"Dockerfile": IMAGE, "k8s/web.yaml": POD.format(pod="", container="securityContext: {runAsUser: 1000}")},
         "1000", "k8s/web.yaml:9"),
        ({"Dockerfile": IMAGE, "k8s/web.yaml": POD.format(pod="securityContext: {runAsNonRoot: true}", container="")},
         "not root", "k8s/web.yaml:5"),
        ({"Dockerfile": IMAGE, "k8s/web.yaml": POD.format(pod="securityContext: {runAsUser: 7}",
          container="securityContext: {runAsUser: 0}")}, "0", "k8s/web.yaml:9"),
    ],
)  # fmt: skip
def test_the_user(plain: Find, files: dict[str, str], user: str | None, place: str | None) -> None:
    container = plain(files).deployment.container
    assert container is not None
    assert (container.file, container.user) == ("Dockerfile", user)
    assert place == (str(container.user_place) if container.user_place else None)


@pytest.mark.parametrize(
    "files",
    [
        {},
        {"Procfile": "web: gunicorn shop.wsgi\n"},
        {"Dockerfile.dev": IMAGE + SERVES},
        {"docs/Dockerfile": IMAGE + SERVES},
    ],
)
def test_no_container(plain: Find, files: dict[str, str]) -> None:
    assert plain(files).deployment.container is None


def run(command: str, **more: str) -> dict[str, str]:
    return {"Procfile": f"web: {command}\n", **more}


@pytest.mark.parametrize(
    "files, flags",
    [
        (run("gunicorn shop.wsgi --forwarded-allow-ips='*'"), {"forwarded_allow_ips": "*"}),
        (run("gunicorn --forwarded-allow-ips '*' -w 4 -b :8000 shop.wsgi"),
         {"forwarded_allow_ips": "*", "workers": "4", "bind": ":8000"}),
        (run("gunicorn --preload --reload shop.wsgi"), {"preload": "true", "reload": "true"}),
        (run("gunicorn --unheard-of shop.wsgi"), {"unheard_of": "true"}),
        (run("gunicorn --certfile $CERT --limit-request-field_size 0 shop.wsgi"),
         {"certfile": None, "limit_request_field_size": "0"}),
        (run("uvicorn --proxy-headers --no-server-header shop.asgi:application"),
         {"proxy_headers": "true", "server_header": "false"}),
        (run("daphne -b 0.0.0.0 -p 80 --proxy-headers shop.asgi:application"),
         {"bind": "0.0.0.0", "port": "80", "proxy_headers": "true"}),
        (run("uwsgi --http :80 --module=shop.wsgi --buffer-size 32768 --master"),
         {"http": ":80", "module": "shop.wsgi", "buffer_size": "32768", "master": "true"}),
        # A value of the environment of a process may be a secret.
        (run("gunicorn -e TOKEN=secret --env KEY=secret shop.wsgi"), {}),
        # The configuration file, overruled by the command line.
        (run("gunicorn -b :1 shop.wsgi", **{"gunicorn.conf.py": "bind = ':2'\nforwarded_allow_ips = '*'\n"}),
         {"bind": ":1", "forwarded_allow_ips": "*"}),
        (run("gunicorn -c conf.py shop.wsgi", **{"conf.py": "import os\nbind = ':' + os.environ['PORT']\n"
         "if os.environ.get('X'):\n    reload = True\nsecure_scheme_headers = {'A': 'b'}\n"}),
         {"config": "conf.py", "bind": None, "reload": None, "secure_scheme_headers": "{'A': 'b'}"}),
        (run("GUNICORN_CMD_ARGS='--forwarded-allow-ips=* -w 2' gunicorn shop.wsgi"),
         {"forwarded_allow_ips": "*", "workers": "2"}),
        (run("FORWARDED_ALLOW_IPS=* gunicorn shop.wsgi", **{"gunicorn.conf.py": "forwarded_allow_ips = '10.0.0.1'\n"}),
         {"forwarded_allow_ips": "10.0.0.1"}),
        (run("FORWARDED_ALLOW_IPS=* uvicorn shop.asgi:application"), {"forwarded_allow_ips": "*"}),
        (run("UVICORN_PROXY_HEADERS=1 gunicorn shop.wsgi"), {}),
        (run("uwsgi --ini uwsgi.ini", **{"uwsgi.ini": "[uwsgi]\nmodule = shop.wsgi\nif-env = DEV\n"
                                                     "py-autoreload = 1\nendif =\nhttps = x\n"}),
         {"ini": "uwsgi.ini", "module": "shop.wsgi", "py_autoreload": None, "https": "x"}),
        (run("uwsgi --ini uwsgi.ini", **{"uwsgi.ini": "[uwsgi]\nmodule = shop.wsgi\nbuffer-size = 4096\n"
         "env = A=b\nhttps = $(WHERE)\n[other]\nx = 1\n"}),
         {"ini": "uwsgi.ini", "module": "shop.wsgi", "buffer_size": "4096", "https": None}),
        (run("python manage.py migrate"), {}),
        ({}, {}),
    ],
)  # fmt: skip
def test_flags(plain: Find, files: dict[str, str], flags: dict[str, str | None]) -> None:
    found = plain(files).deployment.flags
    assert {each.name: each.value for each in found} == flags


def test_a_flag_has_its_place(plain: Find) -> None:
    found = plain(
        run("gunicorn -w 2 shop.wsgi", **{"gunicorn.conf.py": "\nforwarded_allow_ips = '*'\n"})
    ).deployment.flags
    assert {(each.server, each.name, str(each.place)) for each in found} == {
        ("gunicorn", "workers", "Procfile:1"),
        ("gunicorn", "forwarded_allow_ips", "gunicorn.conf.py:2"),
    }


@pytest.mark.parametrize(
    "files, reloads",
    [
        (run("gunicorn --reload shop.wsgi"), True),
        (run("uvicorn --reload shop.asgi:application"), True),
        (run("gunicorn shop.wsgi", **{"gunicorn.conf.py": "reload = True\n"}), True),
        (run("gunicorn shop.wsgi", **{"gunicorn.conf.py": "reload = False\n"}), False),
        (run("gunicorn shop.wsgi"), False),
    ],
)
def test_reload(plain: Find, files: dict[str, str], reloads: bool) -> None:
    points = [each for each in plain(files).deployment.entry_points if each.server]
    assert [each.reload for each in points] == [reloads]
