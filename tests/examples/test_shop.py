"""The example shop is a real project: it runs, and Django's own check finds it in order."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

SHOP = Path(__file__).resolve().parents[2] / "examples" / "shop"


def manage(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-B", "manage.py", *arguments],
        cwd=SHOP,
        env={"PATH": os.environ["PATH"], **environment},
        capture_output=True,
        text=True,
    )


def test_its_own_tests_pass() -> None:
    done = manage("test", DATABASE_URL="sqlite://:memory:")
    assert done.returncode == 0, done.stderr
    assert "Ran 9 tests" in done.stderr


def test_its_migrations_are_complete() -> None:
    done = manage("makemigrations", "--check", "--dry-run", DATABASE_URL="sqlite://:memory:")
    assert done.returncode == 0, done.stdout


def test_check_deploy_finds_nothing_in_production() -> None:
    done = manage(
        "check", "--deploy", "--fail-level", "WARNING", "--settings", "config.settings.production"
    )
    assert done.returncode == 0
    assert "no issues" in done.stdout + done.stderr


def test_production_is_as_weak_as_the_audit_says() -> None:
    """With the variables that docker-compose.yml sets, in the words of real responses."""
    script = """
import django; django.setup()
from django.conf import settings
from django.test import Client
response = Client().get("/account/login/", headers={"host": "evil.example"})
print(response.status_code)
print("Strict-Transport-Security" in response.headers)
print(response.headers["X-Frame-Options"])
print(bool(response.cookies["csrftoken"]["secure"]))
print(bool(settings.DEBUG))
"""
    done = subprocess.run(
        [sys.executable, "-B", "-c", script],
        cwd=SHOP,
        env={
            "PATH": os.environ["PATH"],
            "DJANGO_SETTINGS_MODULE": "config.settings.production",
            "DJANGO_DEBUG": "False",
            "DATABASE_URL": "sqlite://:memory:",
        },
        capture_output=True,
        text=True,
    )
    assert done.stdout.split() == ["200", "False", "ALLOWALL", "False", "True"], done.stderr
