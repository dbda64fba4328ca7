#!/usr/bin/env python3
"""Everything a developer does often, one command each; no arguments lists them.

Needs Python 3.11 and pip, nothing else: the tools come, pinned by hash, from `requirements/`
into `.venv`, which is made again whenever those files change.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
LOCK = ROOT / "requirements" / "dev.txt"
BENCH_LOCK = ROOT / "requirements" / "bench.txt"
SHOP = "examples/shop"
# -W: every warning is an error; -n: so is a reference that leads nowhere.
SPHINX = ("-m", "sphinx", "-W", "-n", "-q", "--keep-going")
# On every core; the tests of a file stay together, since they share what its fixtures start.
PARALLEL = ("-n", "auto", "--dist", "loadfile")


def demo(arguments: list[str]) -> int:
    """set everything up and audit the example shop"""
    setup()
    print(f"$ hardango audit {SHOP}", *arguments, "\n", flush=True)
    code = run("-m", "hardango", "audit", SHOP, *arguments)
    # The shop is weak on purpose: "there are findings" is what a demo should end with.
    return 0 if code == 1 else code


def test(arguments: list[str]) -> int:
    """set everything up and run every check: lint, types, docs, tests"""
    if arguments:
        setup()
        return run("-m", "pytest", *arguments)
    return all_of(lint, types, check_docs, pytest)


def lint(arguments: list[str]) -> int:
    """check style and formatting"""
    setup()
    return run("-m", "ruff", "check", *arguments) or run("-m", "ruff", "format", "--check")


def format(arguments: list[str]) -> int:  # noqa: A001
    """format the code and mend what the linter can mend"""
    setup()
    return run("-m", "ruff", "format", *arguments) or run("-m", "ruff", "check", "--fix")


def types(arguments: list[str]) -> int:
    """check types, strictly"""
    setup()
    return run("-m", "mypy", *arguments)


def pytest(arguments: list[str]) -> int:
    """run the tests only; arguments go to pytest"""
    setup()
    return run("-m", "pytest", "-q", *PARALLEL, *arguments)


def docs(arguments: list[str]) -> int:
    """write the generated documentation again; --check only says what is stale"""
    setup()
    return run("docs/generate.py", *arguments)


def site(arguments: list[str]) -> int:
    """build the documentation site into build/site; a broken link is an error"""
    setup()
    return run(*SPHINX, "-d", "build/site-cache", "docs", "build/site", *arguments)


def check_docs(arguments: list[str]) -> int:
    """say which generated documentation is stale"""
    return docs(["--check"])


def bench(arguments: list[str]) -> int:
    """measure truth and speed, audit what templates make (downloads projects)"""
    setup()
    install_locked(BENCH_LOCK, VENV / "bench.stamp")
    for name in arguments[:1] or ["truth", "speed", "starts"]:
        code = run(f"benchmarks/{name}", *arguments[1:])
        if code:
            return code
    return 0


def lock(arguments: list[str]) -> int:
    """pin the newest versions that pyproject.toml allows (needs uv)"""
    uv = shutil.which("uv")
    if uv is None:
        fail("uv is not installed; any virtual environment with `pip install uv` on PATH will do.")
    for extra, file, more in (
        ("dev", LOCK, ["--extra", "docs"]),
        ("bench", BENCH_LOCK, ["--constraint", str(LOCK.relative_to(ROOT))]),
    ):
        command = [uv, "pip", "compile", "pyproject.toml", "--extra", extra, "--upgrade", *more]
        # No index address and no header: the file says what, never where from.
        command += ["--universal", "--python-version", "3.11", "--generate-hashes", "--quiet"]
        command += ["--no-emit-index-url", "--no-header", "--no-annotate"]
        command += ["--output-file", str(file.relative_to(ROOT)), *arguments]
        subprocess.run(command, cwd=ROOT, check=True)
    return 0


COMMANDS: dict[str, Callable[[list[str]], int]] = {
    "demo": demo,
    "test": test,
    "lint": lint,
    "types": types,
    "pytest": pytest,
    "docs": docs,
    "site": site,
    "format": format,
    "bench": bench,
    "lock": lock,
}


def all_of(*steps: Callable[[list[str]], int]) -> int:
    """Run every step even if one fails, so that one run shows everything there is to mend."""
    failed = []
    for step in steps:
        print(f"== {step.__name__.replace('_', ' ')}", flush=True)
        started = time.monotonic()
        if step([]):
            failed.append(step.__name__.replace("_", " "))
        print(f"   {time.monotonic() - started:.1f} s\n", flush=True)
    print("failed: " + ", ".join(failed) if failed else "all checks passed")
    return 1 if failed else 0


def setup() -> None:
    """Make `.venv` with the locked tools and Hardango itself, unless it is there already."""
    stamp = VENV / "dev.stamp"
    wanted = fingerprint(LOCK, ROOT / "pyproject.toml")
    if stamp.is_file() and stamp.read_text() == wanted and PYTHON.exists():
        return
    print(f"setting up {VENV.name} …", file=sys.stderr, flush=True)
    pip = make_venv()
    install_locked(LOCK, None, pip)
    # --no-build-isolation: the build backend is locked too, nothing is fetched outside the lock.
    call(*pip, "install", "--quiet", "--no-deps", "--no-build-isolation", "--editable", ".")
    # As an installation does, whatever PYTHONDONTWRITEBYTECODE says: compiling takes longer than
    # an audit.
    call(str(PYTHON), "-m", "compileall", "-q", "src")
    stamp.write_text(wanted)


def make_venv() -> list[str]:
    """A fresh `.venv`, and the command that installs into it.

    Debian's python3 brings neither ensurepip nor leave to install outside a virtual environment;
    its pip can install into one that has no pip of its own (`pip --python`, since pip 22.3).
    """
    import venv

    outer = outer_pip()
    if outer is None and importlib.util.find_spec("ensurepip") is None:
        fail(
            "pip 22.3 or newer is needed to set up the tools.\n"
            "On Debian or Ubuntu: apt install python3-pip"
        )
    venv.create(VENV, clear=True, with_pip=outer is None, symlinks=os.name != "nt")
    return outer or [str(PYTHON), "-m", "pip"]


def outer_pip() -> list[str] | None:
    """The pip of this interpreter, aimed at `.venv`, if it is there and knows `--python`."""
    if importlib.util.find_spec("pip") is None:
        return None
    command = [sys.executable, "-m", "pip"]
    said = subprocess.run(
        [*command, "--version"], capture_output=True, text=True, env=clean_environment()
    )
    words = said.stdout.split()
    if said.returncode or len(words) < 2:
        return None
    version = [int(part) for part in words[1].split(".")[:2] if part.isdigit()]
    return [*command, "--python", str(PYTHON)] if version >= [22, 3] else None


def install_locked(file: Path, stamp: Path | None, pip: list[str] | None = None) -> None:
    """Install what `file` pins, every download checked against its hash."""
    if stamp is not None and stamp.is_file() and stamp.read_text() == fingerprint(file):
        return
    pip = pip or outer_pip() or [str(PYTHON), "-m", "pip"]
    quiet = ["--quiet", "--disable-pip-version-check"]
    call(*pip, "install", *quiet, "--require-hashes", "--no-deps", "-r", str(file))
    if stamp is not None:
        stamp.write_text(fingerprint(file))


def fingerprint(*files: Path) -> str:
    """Changes whenever one of the files, this interpreter or the place of `.venv` does."""
    digest = hashlib.sha256(f"{sys.version}\0{ROOT}\0".encode())
    for file in files:
        digest.update(file.read_bytes())
    return digest.hexdigest()


def clean_environment() -> dict[str, str]:
    """This environment without what would make Python or Django load something else."""
    unwanted = ("PYTHONPATH", "PYTHONHOME", "DJANGO_SETTINGS_MODULE", "VIRTUAL_ENV")
    return {name: value for name, value in os.environ.items() if name not in unwanted}


def run(*arguments: str) -> int:
    """Run the Python of `.venv`; its exit code."""
    return subprocess.run([str(PYTHON), *arguments], cwd=ROOT, env=clean_environment()).returncode


def call(*command: str) -> None:
    """Run a command of the set-up; stop if it fails, with its own words above ours."""
    done = subprocess.run(command, cwd=ROOT, env=clean_environment())
    if done.returncode:
        fail(f"this failed with exit code {done.returncode}:\n  {' '.join(command)}")


def fail(message: str) -> NoReturn:
    raise SystemExit(f"dev.py: {message}")


def main(arguments: Sequence[str]) -> int:
    if not arguments or arguments[0] not in COMMANDS:
        width = max(map(len, COMMANDS))
        for name, command in COMMANDS.items():
            print(f"  python3 dev.py {name:{width}}  {command.__doc__}")
        return 0 if not arguments or arguments[0] in ("-h", "--help") else 2
    return COMMANDS[arguments[0]](list(arguments[1:]))


if __name__ == "__main__":
    if sys.version_info < (3, 11):  # noqa: UP036 - whoever runs this may have an older one
        fail("Python 3.11 or newer is needed, this is " + sys.version.split()[0])
    sys.exit(main(sys.argv[1:]))
