"""Whether anything in a project lets its server know that a request came over HTTPS."""

from __future__ import annotations

import pytest

from hardango.project.launch import read_command

IMAGE = "FROM python:3.12\nWORKDIR /app\nCOPY . .\nCMD "


@pytest.mark.parametrize(
    ("command", "plain"),
    [
        ("gunicorn shop.wsgi", True),
        ("gunicorn -w 4 -b 0.0.0.0:8000 shop.wsgi", True),
        ("gunicorn -b :\0 shop.wsgi", True),
        ("gunicorn -w \0 shop.wsgi", True),
        ("uvicorn shop.asgi:application --host 0.0.0.0", True),
        ("daphne -b 0.0.0.0 shop.asgi:application", True),
        ("gunicorn --certfile=/c.pem --keyfile=/k.pem shop.wsgi", False),
        ("gunicorn --forwarded-allow-ips=* shop.wsgi", False),
        ("gunicorn --forwarded-allow-ips * shop.wsgi", False),
        ("gunicorn -b unix:/run/s.sock shop.wsgi", False),
        ("gunicorn --bind=unix:/run/s.sock shop.wsgi", False),
        ("gunicorn -b 127.0.0.1:8000 shop.wsgi", False),
        ("gunicorn \0 shop.wsgi", False),  # $GUNICORN_OPTIONS
        ("uvicorn --ssl-keyfile k --ssl-certfile c shop.asgi:application", False),
        ("uvicorn --proxy-headers shop.asgi:application", False),
        ("daphne --proxy-headers shop.asgi:application", False),
        ("daphne -e ssl:443:privateKey=k shop.asgi:application", False),
        ("uwsgi --module shop.wsgi", False),  # nginx tells it by HTTPS
        ("python manage.py runserver", False),
    ],
)
def test_the_command_line(command: str, plain: bool) -> None:
    launch = read_command(command.split(" "))
    assert launch is not None
    assert launch.plain is plain


@pytest.mark.parametrize(
    ("files", "nothing_but_plain"),
    [
        ({"Dockerfile": IMAGE + "gunicorn shop.wsgi"}, True),
        ({"Dockerfile": IMAGE + "gunicorn -c gunicorn.conf.py shop.wsgi",
          "gunicorn.conf.py": "workers = 3\n"}, True),
        ({"fly.toml": "app = 's'\n", "Dockerfile": IMAGE + "gunicorn shop.wsgi"}, True),
        ({"render.yaml": "services:\n  - type: web\n    startCommand: gunicorn shop.wsgi\n"}, True),
        ({"Procfile": "web: daphne shop.asgi:application\n"}, True),
        # Heroku tells gunicorn and uvicorn whom to believe.
        ({"Procfile": "web: gunicorn shop.wsgi\n"}, False),
        ({"Dockerfile": IMAGE + "gunicorn -c gunicorn.conf.py shop.wsgi",
          "gunicorn.conf.py": "forwarded_allow_ips = '*'\n"}, False),
        ({"Dockerfile": IMAGE + "gunicorn -c /etc/gunicorn.py shop.wsgi"}, False),
        ({"Dockerfile": IMAGE.replace("CMD", "ENV FORWARDED_ALLOW_IPS=*\nCMD")
          + "gunicorn shop.wsgi"}, False),
        ({"Dockerfile": IMAGE + "gunicorn shop.wsgi",
          "shop/wsgi.py": 'import os\nos.environ["HTTPS"] = "on"\n'
          'os.environ.setdefault("DJANGO_SETTINGS_MODULE", "shop.settings")\n'}, False),
        ({"shop.service": "[Service]\nExecStart=/venv/bin/gunicorn shop.wsgi\n"}, False),
    ],
)  # fmt: skip
def test_the_project(plain, files: dict[str, str], nothing_but_plain: bool) -> None:
    points = [each for each in plain(files).deployment.entry_points if each.server]
    assert points
    assert any(each.plain for each in points) is nothing_but_plain
