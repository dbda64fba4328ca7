"""The Python that runs the project: its own virtual environment's."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator

from hardango.light import NamedTuple
from hardango.project.environments import FOLDERS

_PROGRAMS = ("bin/python", "Scripts/python.exe")
_SECONDS = 20
OLDEST = (3, 8)

_LOOK = """
import importlib.util, json, sys
def version(name):
    try:
        from importlib.metadata import version
        return version(name)
    except Exception:
        return ""
names = ("django", "gunicorn", "uvicorn", "uvicorn_worker", "daphne", "hypercorn", "granian",
         "waitress", "whitenoise", "asgiref")
found = {name: version(name) for name in names if importlib.util.find_spec(name)}
print(json.dumps({"version": list(sys.version_info[:2]), "packages": found}))
"""


class NoInterpreter(Exception):
    """There is no Python that can run the project; the text says so and what to do."""


class Interpreter(NamedTuple):
    """A Python: its program, its version, which of the servers it has, and in which version."""

    program: str
    version: tuple[int, int]
    packages: dict[str, str]


def find(named: str | None, *directories: str) -> Interpreter:
    """The interpreter that `--python` names, or that of the virtual environment in one of the
    project's directories. Raises NoInterpreter."""
    if named is not None:
        program = _named(named)
        if program is None:
            raise NoInterpreter(f"--python {named}: there is no such program")
        return _looked_at(program, named)
    for program in _candidates(directories):
        return _looked_at(program, program)
    where = directories[0]
    raise NoInterpreter(
        f"{where} has no virtual environment (.venv, venv, or poetry's or pipenv's). Name the "
        "project's Python with --python, or make one: python -m venv .venv && "
        ".venv/bin/pip install -r requirements.txt"
    )


def _named(text: str) -> str | None:
    """A program by its path or name, or that of the environment in a directory."""
    if os.path.isdir(text):
        return next((each for each in _programs(text)), None)
    if os.path.isfile(text) and os.access(text, os.X_OK):
        return os.path.abspath(text)
    return shutil.which(text)


def _programs(folder: str) -> Iterator[str]:
    for name in _PROGRAMS:
        path = os.path.abspath(os.path.join(folder, name))
        if os.path.isfile(path) and os.access(path, os.X_OK):
            yield path


def _candidates(directories: tuple[str, ...]) -> Iterator[str]:
    for directory in directories:
        for folder in FOLDERS:
            if os.path.isfile(os.path.join(directory, folder, "pyvenv.cfg")):
                yield from _programs(os.path.join(directory, folder))
    for directory in directories:
        for asked in (("poetry", "env", "info", "--path"), ("pipenv", "--venv")):
            file = {"poetry": "poetry.lock", "pipenv": "Pipfile.lock"}[asked[0]]
            if shutil.which(asked[0]) and os.path.isfile(os.path.join(directory, file)):
                folder = _told(asked, directory)
                if folder:
                    yield from _programs(folder)


def _told(asked: tuple[str, ...], directory: str) -> str:
    try:
        done = subprocess.run(asked, cwd=directory, capture_output=True, text=True,
                              timeout=_SECONDS, stdin=subprocess.DEVNULL)  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


def _looked_at(program: str, shown: str) -> Interpreter:
    """What it says of itself. It runs isolated: nothing of the project is imported."""
    try:
        done = subprocess.run([program, "-I", "-c", _LOOK], capture_output=True, text=True,
                              timeout=_SECONDS, stdin=subprocess.DEVNULL,
                              cwd=os.path.dirname(program))  # fmt: skip
        said = json.loads(done.stdout)
    except (OSError, subprocess.TimeoutExpired, ValueError):
        raise NoInterpreter(f"{shown} does not answer as a Python does") from None
    version = (int(said["version"][0]), int(said["version"][1]))
    if version < OLDEST:
        raise NoInterpreter(f"{shown} is Python {version[0]}.{version[1]}; a proof needs "
                            f"{OLDEST[0]}.{OLDEST[1]} or newer")  # fmt: skip
    if "django" not in said["packages"]:
        advice = f"{program} -m pip install -r requirements.txt"
        if os.path.realpath(program) == os.path.realpath(sys.executable):
            advice = "name the project's Python with --python"
        raise NoInterpreter(f"{shown} has no Django: {advice}")
    return Interpreter(program, version, said["packages"])
