"""`python benchmarks/inside`: hardango.django in real projects, under real servers, with each Django.

For each pair of Django and Python: the tests of `hardango.django`; then, with the settings of what wagtail's
template and cookiecutter-django make, under gunicorn and uvicorn: who starts, 10,000 requests whose every
answer must have every header, and a rotation of the secret key with a restart while users go on asking.
What was measured is kept in the cache; docs/inside.md has all of it. Ends with 1 if something failed.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import re
import subprocess
import sys
import tempfile
import time
from typing import Any

HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.dirname(os.path.dirname(HERE))
if __name__ == "__main__":
    # Python put this directory first, where our module names would hide others'.
    sys.path[0] = REPOSITORY

from benchmarks.inside import load  # noqa: E402
from benchmarks.inside.environments import Environment, environments  # noqa: E402
from benchmarks.inside.page import page  # noqa: E402
from benchmarks.inside.sites import (  # noqa: E402
    COMMANDS,
    COOKIECUTTER,
    HOST,
    WAGTAIL,
    Real,
    Site,
    answers,
    free_port,
    stop,
)
from benchmarks.starts.__main__ import cloned, rendered  # noqa: E402
from benchmarks.truth.collect import collect  # noqa: E402
from benchmarks.truth.projects import read_projects  # noqa: E402

CACHE = os.path.join(REPOSITORY, ".cache", "truth")
PAGE = os.path.join(REPOSITORY, "docs", "inside.md")
REQUESTS, USERS = 10_000, 20
WANTED = (
    "X-Content-Type-Options", "Referrer-Policy", "Cross-Origin-Opener-Policy", "X-Frame-Options",
    "Permissions-Policy", "Cross-Origin-Resource-Policy", "Origin-Agent-Cluster",
)  # fmt: skip
ASKED = [
    (HOST, "/inside-page/", True), (HOST, "/inside-who/", True), (HOST, "/no-such-page/", True),
    ("evil.example", "/inside-page/", True), (HOST, "/inside-page/", False),
    ("evil.example", "/inside-page/", False),
]  # fmt: skip
"""A page, one that asks who the user is, none, a bad Host, and the same over plain HTTP."""

MUTANTS = {
    "DEBUG": "DEBUG = True",
    "the key of startproject": "SECRET_KEY = 'django-insecure-0123456789abcdefghijklmnopqrstuvwxyz'",
    "a short key": "SECRET_KEY = 'short-and-secret'",
    "any host": "ALLOWED_HOSTS = ['*']",
    "no host": "ALLOWED_HOSTS = []",
}
NO_KEY = {"DJANGO_SECRET_KEY": ""}
SAFE = {
    "as it is": {},
    "no guard": {"INSIDE_MORE": "DEBUG = True; HARDANGO['guard'] = 'off'"},
    "development": {"INSIDE_MORE": "DEBUG = True; HARDANGO['environment'] = 'development'"},
    "ignored": {"INSIDE_MORE": "ALLOWED_HOSTS = ['*']; "
                "HARDANGO['ignore'] = {'allowed-hosts': 'the proxy checks it'}"},
}  # fmt: skip


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python benchmarks/inside", description=__doc__)
    parser.add_argument("--only", default="", metavar="DJANGO[-PYTHON]", help="6.1, or 6.1-3.13")
    parser.add_argument("--part", choices=("tests", "starts", "headers", "rotation"),
                        action="append", help="only this part (repeatable)")  # fmt: skip
    parser.add_argument("--project", choices=("wagtail", "cookiecutter"), help="only this one")
    parser.add_argument("--server", choices=tuple(COMMANDS), help="only this one")
    parser.add_argument("--requests", type=int, default=REQUESTS)
    parser.add_argument("--cache", default=CACHE, help="where downloads and environments are kept")
    options = parser.parse_args(arguments)
    parts = options.part or ("tests", "starts", "headers", "rotation")
    failed = False
    for environment in environments(os.path.join(options.cache, "inside"), options.only):
        done: dict[str, Any] = {}
        if "tests" in parts:
            done["tests"] = tests(environment)
            print(environment.name, "tests", done["tests"], flush=True)
            keep(environment, done, options.cache)
        for real in (WAGTAIL, COOKIECUTTER):
            if options.project and options.project not in real.name:
                continue
            with tempfile.TemporaryDirectory(prefix="inside-") as folder:
                site = Site(real, tree(real, options.cache), environment.python, folder)
                for server in COMMANDS if parts != ["tests"] else ():
                    if options.server not in (None, server):
                        continue
                    measured = asyncio.run(of_server(site, server, parts, options.requests))
                    print(environment.name, real.name, server, measured, flush=True)
                    done[f"{real.name}, {server}"] = measured
                    keep(environment, done, options.cache)
        failed |= not good(done)
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(page(kept(options.cache)))
    return int(failed)


def tree(real: Real, cache: str) -> str:
    if real is WAGTAIL:
        (project,) = (each for each in read_projects() if each.name == "wagtail-start")
        return collect(project, cache)
    made = os.path.join(cache, "trees", "cookiecutter-django", "my_site")
    return made if os.path.isdir(made) else rendered(cloned(cache), cache)


def tests(environment: Environment) -> dict[str, int]:
    """The tests of tests/inside: how many passed and failed."""
    command = [environment.python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-n", "2",
               "--dist", "loadfile", "tests/inside"]  # fmt: skip
    source = {**os.environ, "PYTHONPATH": os.path.join(REPOSITORY, "src")}
    done = subprocess.run(command, cwd=REPOSITORY, env=source, capture_output=True, text=True)
    last = (done.stdout.strip().splitlines() or [""])[-1]
    counted = {word: int(number) for number, word in re.findall(r"(\d+) (passed|failed)", last)}
    return {"passed": counted.get("passed", 0), "failed": counted.get("failed", 0)}


async def of_server(
    site: Site, server: str, parts: tuple[str, ...], requests: int
) -> dict[str, Any]:
    done: dict[str, Any] = {}
    if "starts" in parts:
        done["starts"] = starts(site, server)
    if "headers" in parts:
        site.users(1) if not (site.root / "db.sqlite3").exists() else None
        with site.served(server, port := free_port()) as (up, said):
            if not up:
                raise RuntimeError(said[-2000:])
            seen = await load.every_header(port, WANTED, ASKED, requests)
            done["headers"] = {"statuses": dict(seen.statuses), "missing": dict(seen.missing),
                               "rate": round(seen.rate)}  # fmt: skip
    if "rotation" in parts:
        for at_once in (1, 6):
            done[f"rotation, {at_once} at once"] = (await rotation(site, server, at_once))._asdict()
    return done


def starts(site: Site, server: str) -> dict[str, list[str]]:
    """Which unsafe productions started, and which safe ones were refused: none of either is right."""
    let, refused = [], []
    for name, more in {**{name: {"INSIDE_MORE": each} for name, each in MUTANTS.items()},
                       "no key": NO_KEY}.items():  # fmt: skip
        with site.served(server, free_port(), **more) as (up, said):
            if up or not ("refuses to start" in said or "is not set, nor" in said):
                let.append(name)
    for name, more in SAFE.items():
        with site.served(server, free_port(), **more) as (up, _):
            if not up:
                refused.append(name)
    return {"let": let, "refused": refused, "unsafe": [*MUTANTS, "no key"], "safe": [*SAFE]}


async def rotation(site: Site, server: str, at_once: int) -> load.Kept:
    """Users ask on while the key is rotated and every process is started anew."""
    (site.root / "db.sqlite3").unlink(missing_ok=True)
    users = site.users(USERS)
    port = free_port()
    running = [site.start(server, port)[0]]

    async def meanwhile() -> None:
        await asyncio.sleep(3)
        done = await asyncio.to_thread(
            site.run, "-m", "django", "hardango", "rotate-secret", "--file", ".env"
        )
        if done.returncode:
            raise RuntimeError(done.stderr)
        await asyncio.to_thread(stop, running.pop())
        running.append(site.start(server, port)[0])
        await asyncio.to_thread(answers, running[0], port)
        await asyncio.sleep(5)

    try:
        if not answers(running[0], port):
            raise RuntimeError(f"{server} does not start")
        return await load.stay_logged_in(
            port, HOST, "/inside-who/", users, meanwhile, at_once=at_once
        )
    finally:
        for each in running:
            stop(each)


# -- what was measured -----------------------------------------------------------------------------


def good(done: dict[str, Any]) -> bool:
    """Whether everything is as it should be."""
    for name, of in done.items():
        if name == "tests":
            if of["failed"] or not of["passed"]:
                return False
            continue
        found = of.get("starts", {})
        if found.get("let") or found.get("refused") or of.get("headers", {}).get("missing"):
            return False
        if any(of[each]["lost"] for each in of if each.startswith("rotation")):
            return False
    return True


def _file(cache: str, name: str) -> str:
    return os.path.join(cache, "inside", f"{name}.json")


def keep(environment: Environment, done: dict[str, Any], cache: str) -> None:
    """Add what was measured to what is known of the environment."""
    path = _file(cache, environment.name)
    known: dict[str, Any] = {}
    if os.path.exists(path):
        with open(path, encoding="utf-8") as file:
            known = json.load(file)
    for name, of in done.items():
        known[name] = {**known.get(name, {}), **of}
    known["when"] = time.strftime("%Y-%m-%d")
    with open(path, "w", encoding="utf-8") as file:
        json.dump(known, file, indent=1)


def kept(cache: str) -> dict[str, Any]:
    """What was measured, by the name of the environment."""
    folder, found = os.path.join(cache, "inside"), {}
    for name in sorted(os.listdir(folder)):
        if name.endswith(".json"):
            with open(os.path.join(folder, name), encoding="utf-8") as file:
                found[name.removesuffix(".json")] = json.load(file)
    return found


if __name__ == "__main__":
    sys.exit(main())
