"""Finds a Python for a Django version, and installs Django and the settings libraries for it."""

from __future__ import annotations

import glob
import hashlib
import os
import shutil
import subprocess
import sys
from typing import NamedTuple

from benchmarks.truth.pip import pip
from benchmarks.truth.projects import HERE

# The Django releases that projects are loaded with, and the Pythons that run them.
RELEASES = {"3.2": "3.2.25", "4.2": "4.2.30", "5.2": "5.2.19", "6.0": "6.0.6", "6.1": "6.1.3"}
PYTHONS = {
    "3.2": ((3, 10), (3, 11)),
    "4.2": ((3, 10), (3, 12)),
    "5.2": ((3, 11), (3, 14)),
    "6.0": ((3, 12), (3, 14)),
    "6.1": ((3, 12), (3, 14)),
}


class CannotInstall(Exception):
    """pip could not install what a settings module is loaded with."""


class Interpreter(NamedTuple):
    """A Python executable, its version, and the directory with Django and the libraries."""

    executable: str
    version: tuple[int, int]
    django: str
    libraries: str


def interpreter(django: str, cache: str, *, offline: bool = False) -> Interpreter:
    """The interpreter for Django `django` ("5.2"), else for the newest older one that runs here.

    Raises CannotInstall if pip fails, or offline if the libraries are not in the cache.
    """
    pythons = find_pythons()
    for release in [django, *(r for r in reversed(RELEASES) if r < django)]:
        oldest, newest = PYTHONS[release]
        for version in sorted(pythons, key=lambda v: (v != sys.version_info[:2], v)):
            if oldest <= version <= newest:
                libraries = _libraries(release, version, cache, offline)
                return Interpreter(pythons[version], version, release, libraries)
    raise CannotInstall("no suitable Python found")


def find_pythons() -> dict[tuple[int, int], str]:
    """The Pythons of this machine by version: this one, those on PATH, and pyenv's."""
    found = {sys.version_info[:2]: sys.executable}
    pyenv = os.environ.get("PYENV_ROOT", os.path.expanduser("~/.pyenv"))
    for minor in range(10, 16):
        on_path = shutil.which(f"python3.{minor}")
        of_pyenv = sorted(glob.glob(os.path.join(pyenv, "versions", f"3.{minor}.*/bin/python")))
        for candidate in [on_path, *of_pyenv]:
            if candidate and (3, minor) not in found and _runs(candidate):
                found[3, minor] = candidate
    return found


def _runs(executable: str) -> bool:
    """Whether it is a Python at all (a shim may name a version that is not installed)."""
    return not subprocess.run([executable, "-c", ""], capture_output=True).returncode


def _libraries(release: str, version: tuple[int, int], cache: str, offline: bool) -> str:
    pins = os.path.join(HERE, "libraries.txt")
    with open(pins, "rb") as file:
        listed = hashlib.sha256(file.read()).hexdigest()[:8]  # other pins, another directory
    name = f"python{version[0]}.{version[1]}-django{release}-{listed}"
    target = os.path.join(cache, "libraries", name)
    if os.path.isdir(target):
        return target
    if offline:
        raise CannotInstall(f"Django {release} for Python {version} is not in the cache")
    # --target instead of a virtual environment: Debian's Python has no ensurepip.
    command = [*pip(), "install", "--quiet", "--no-deps", "--target"]
    command += [target + ".part", "--only-binary", ":all:"]
    # Chosen to suit already; older pips compare with their own Python instead of the target's.
    command += ["--python-version", f"{version[0]}.{version[1]}", "--ignore-requires-python"]
    command += [f"django=={RELEASES[release]}", "-r", pins]
    shutil.rmtree(target + ".part", ignore_errors=True)
    result = subprocess.run(command, capture_output=True, text=True)
    if result.returncode:
        raise CannotInstall(result.stderr.strip()[-500:])
    os.rename(target + ".part", target)
    return target
