"""A virtual environment for each Django and each Python that it supports, with the servers, the clients
of the managers of secrets, and what two real projects import."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from typing import NamedTuple

from benchmarks.truth.interpreters import RELEASES, find_pythons
from benchmarks.truth.pip import pip

HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.dirname(os.path.dirname(HERE))
LOCK = os.path.join(REPOSITORY, "requirements", "dev.txt")

MATRIX = {
    "5.2": ((3, 11), (3, 12), (3, 13)),
    "6.0": ((3, 12), (3, 13)),
    "6.1": ((3, 12), (3, 13)),
}
"""By Django: the Pythons that it supports, of those that Hardango does."""

TOOLS = (
    "pytest", "pytest-xdist", "hypothesis", "PyYAML", "libcst", "packaging", "trustme", "gunicorn",
    "uvicorn", "celery", "boto3", "hvac", "azure-identity", "azure-keyvault-secrets",
    "google-cloud-secret-manager", "django-csp",
)  # fmt: skip
"""Of the lock file, at its versions."""

PROJECTS = (
    "wagtail==8.0.1", "python-slugify==8.0.4", "argon2-cffi==25.1.0", "redis==8.1.0",
    "django-environ==0.14.0", "django-model-utils==5.0.0", "django-allauth[mfa]==65.19.1",
    "django-crispy-forms==2.7", "crispy-bootstrap5==2026.3", "django-redis==7.0.0",
    "Collectfasta==3.3.3", "django-storages[s3]==1.14.6", "django-anymail[mailgun]==15.1",
)  # fmt: skip
"""What wagtail's template and cookiecutter-django's output import."""


class CannotInstall(Exception):
    """pip could not install what is needed; the text is its last words."""


class Environment(NamedTuple):
    django: str
    version: tuple[int, int]
    python: str

    @property
    def name(self) -> str:
        return f"Django {RELEASES[self.django]}, Python {'.'.join(map(str, self.version))}"


def environments(cache: str, only: str = "") -> list[Environment]:
    """Those that can be made here, each with its interpreter. Raises CannotInstall."""
    pythons = find_pythons()
    return [
        Environment(django, version, _made(django, version, pythons[version], cache))
        for django, versions in MATRIX.items()
        for version in versions
        if version in pythons and only in ("", django, f"{django}-{version[0]}.{version[1]}")
    ]


def _made(django: str, version: tuple[int, int], python: str, cache: str) -> str:
    wanted = [f"django=={RELEASES[django]}", *_pinned(TOOLS), *PROJECTS]
    stamp = hashlib.sha256(" ".join(wanted).encode()).hexdigest()[:8]
    folder = os.path.join(cache, f"django{django}-python{version[0]}.{version[1]}-{stamp}")
    made = os.path.join(folder, "bin", "python")
    if os.path.isfile(os.path.join(folder, "ready")):
        _with_hardango(folder, version)
        return made
    shutil.rmtree(folder, ignore_errors=True)
    subprocess.run([python, "-m", "venv", "--without-pip", folder], check=True)
    command = [*pip(), "--python", made, "install", "--quiet", *wanted]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise CannotInstall(done.stderr.strip()[-500:])
    open(os.path.join(folder, "ready"), "w").close()
    _with_hardango(folder, version)
    return made


def _with_hardango(folder: str, version: tuple[int, int]) -> None:
    """Put this Hardango on its path, as an installation would: `access` starts processes anew."""
    packages = os.path.join(folder, "lib", f"python{version[0]}.{version[1]}", "site-packages")
    with open(os.path.join(packages, "hardango.pth"), "w", encoding="utf-8") as file:
        file.write(os.path.join(REPOSITORY, "src") + "\n")


def _pinned(names: Iterable[str]) -> list[str]:
    """Each of these as the lock file has it."""
    with open(LOCK, encoding="utf-8") as file:
        pins = dict(re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?(==[\w.]+)", file.read(), re.MULTILINE))
    return [name + pins[name.lower()] for name in names]
