"""`python benchmarks/deps`: Hardango beside pip-audit, on the same records from the same server.

Serves an archive of OSV records as the OSV API does, on 127.0.0.1, and asks pip-audit there for the
packages of each lock file in tests/dependencies/locks; with `--record` its answers are written beside
them, and the tests hold Hardango against these. Then it measures both on 500 packages. Ends with 1 if a
verdict differs or a target is missed, with 2 if something to compare with could not be had.

pip-audit is taken from this Python's environment, from PATH, or from `--pip-audit`.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import tomllib
from collections.abc import Iterable
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent
if __name__ == "__main__":
    # Python put this directory first, where our module names would hide others'.
    sys.path[0] = str(REPOSITORY)
    sys.path += [str(REPOSITORY / "src"), str(REPOSITORY / "tests" / "dependencies")]

from osv_server import Service, serve  # noqa: E402

LOCKS = REPOSITORY / "tests" / "dependencies" / "locks"
ANSWERS = LOCKS / "pip-audit.json"
ARCHIVE = REPOSITORY.parent / "shared" / "data" / "osv-pypi-2024-10-10.zip"
PACKAGES = 500
MATCHING, LOADING = 1.0, 2.0
"""Targets in seconds: 500 packages after loading, and loading with the index."""

Verdicts = dict[str, list[str]]
"""The names of holes by "name version", sorted."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python benchmarks/deps", description=__doc__)
    parser.add_argument("--archive", type=Path, default=ARCHIVE)
    parser.add_argument("--pip-audit", default=installed("pip-audit"))
    parser.add_argument("--record", action="store_true")
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args(arguments)
    if options.pip_audit is None or not options.archive.exists():
        print("needs pip-audit on PATH (or --pip-audit) and an archive of OSV records (--archive)")
        return 2
    with tempfile.TemporaryDirectory() as cache, serve(Service(options.archive)) as service:
        os.environ["XDG_CACHE_HOME"] = cache
        answers = {
            lock.name: pip_audit(options.pip_audit, service.url, pinned(lock))
            for lock in sorted(LOCKS.iterdir()) if lock.name not in ("README.md", ANSWERS.name)
        }  # fmt: skip
        if options.record:
            ANSWERS.write_text(
                json.dumps(answers, indent=1, sort_keys=True) + "\n", encoding="utf-8"
            )
        told = [compared(name, hardango(LOCKS / name, options.archive), found)
                for name, found in answers.items()]  # fmt: skip
        fast = measured(options, service)
    return 0 if all(told) and fast else 1


def installed(command: str) -> str | None:
    """A command beside this Python, else on PATH."""
    beside = os.path.join(os.path.dirname(sys.executable), command)
    return beside if os.path.exists(beside) else shutil.which(command)


# -- verdicts --------------------------------------------------------------------------------------


def pinned(lock: Path) -> list[tuple[str, str]]:
    """Every package of a lock file with its version, read without Hardango."""
    text = lock.read_text(encoding="utf-8")
    if lock.name.endswith((".toml", "uv.lock", "poetry.lock", "pdm.lock")):
        data = tomllib.loads(text)
        packages = data.get("package") or data["packages"]
        found = [(each["name"], each["version"]) for each in packages
                 if "virtual" not in each.get("source", {})]  # fmt: skip
    elif lock.name == "Pipfile.lock":
        default = json.loads(text)["default"]
        found = [(name, each["version"].lstrip("=")) for name, each in default.items()]
    elif lock.name == "bom.json":
        found = [(each["name"], each["version"]) for each in json.loads(text)["components"]
                 if each.get("purl", "").startswith("pkg:pypi/")]  # fmt: skip
    else:
        found = re.findall(r"(?m)^([\w.-]+)(?:\[[^\]]*\])?==([^\s;\\]+)", text)
    return sorted(set(found))


def pip_audit(command: str, url: str, packages: Iterable[tuple[str, str]]) -> Verdicts:
    """What pip-audit says of packages; a file of requirements can name each only once."""
    found: Verdicts = {}
    left = list(packages)
    while left:
        batch = dict(reversed(left))
        left = [each for each in left if batch[each[0]] != each[1]]
        found |= audited(command, url, batch)
    return found


def audited(command: str, url: str, packages: dict[str, str]) -> Verdicts:
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "requirements.txt")
        with open(file, "w", encoding="utf-8") as opened:
            opened.writelines(f"{name}=={version}\n" for name, version in packages.items())
        done = subprocess.run(
            [command, "--requirement", file, "--no-deps", "--disable-pip", "--format", "json",
             "--vulnerability-service", "osv", "--osv-url", f"{url}/v1/query",
             "--cache-dir", folder, "--progress-spinner", "off"],
            capture_output=True, text=True,
        )  # fmt: skip
    if not done.stdout:
        raise SystemExit(f"pip-audit failed: {done.stderr[-500:]}")
    data = json.loads(done.stdout)
    return {f"{each['name']} {each['version']}": sorted(hole["id"] for hole in each["vulns"])
            for each in data["dependencies"] if each.get("vulns")}  # fmt: skip


def hardango(lock: Path, archive: Path) -> Verdicts:
    """What Hardango says, by the ids of the records."""
    done = run_hardango(str(lock), "--database", str(archive))
    return {f"{each['name']} {each['version']}": sorted(
                name for hole in each["vulnerabilities"] for name in (hole["id"], *hole["aliases"]))
            for each in done["packages"] if each["vulnerabilities"]}  # fmt: skip


def run_hardango(*arguments: str) -> dict:  # type: ignore[type-arg]
    done = subprocess.run(
        [sys.executable, "-m", "hardango", "deps", *arguments, "--format", "json"],
        capture_output=True, text=True,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY / "src")},
    )  # fmt: skip
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def compared(name: str, ours: Verdicts, theirs: Verdicts) -> bool:
    """Prints what differs; whether nothing does."""
    missed = {package: [each for each in ids if each not in ours.get(package, ())]
              for package, ids in theirs.items()}  # fmt: skip
    missed = {package: ids for package, ids in missed.items() if ids}
    more = sorted(set(ours) - set(theirs))
    print(
        f"{name:18} {len(theirs):3} vulnerable, missed: {missed or 'none'}, more: {more or 'none'}"
    )
    return not missed and not more


# -- speed -----------------------------------------------------------------------------------------


def measured(options: argparse.Namespace, service: Service) -> bool:
    """500 packages, of which some are vulnerable."""
    names = sorted(service.by_package)[:PACKAGES]
    packages = [(name, service.by_package[name][0][1].some) for name in names]
    with tempfile.TemporaryDirectory() as folder:
        file = os.path.join(folder, "requirements.txt")
        with open(file, "w", encoding="utf-8") as opened:
            opened.writelines(f"{name}=={version}\n" for name, version in packages)
        first = timed(lambda: run_hardango(file, "--database", str(options.archive)), 1)
        whole = timed(
            lambda: run_hardango(file, "--database", str(options.archive)), options.rounds
        )
        loading, matching = inside(file, options)
        asked = timed(lambda: run_hardango(file, "--service", service.url), options.rounds)
    other = timed(lambda: pip_audit(options.pip_audit, service.url, packages), options.rounds)
    print(f"\n{len(packages)} packages")
    print(f"  loading the index   {loading:6.2f} s   target {LOADING:g} s")
    print(f"  matching            {matching:6.2f} s   target {MATCHING:g} s")
    print(
        f"  hardango deps       {whole:6.2f} s   (first run, which makes the index: {first:.2f} s)"
    )
    print(f"  … --service         {asked:6.2f} s   on the same server, records kept")
    print(
        f"  pip-audit           {other:6.2f} s   {other / whole:.0f} times as long as hardango deps"
    )
    return loading < LOADING and matching < MATCHING


def inside(file: str, options: argparse.Namespace) -> tuple[float, float]:
    """Loading and matching by themselves, in this process."""
    from hardango.dependencies import offline
    from hardango.dependencies.database import load
    from hardango.dependencies.records import parsed, same
    from hardango.dependencies.subject import read

    packages = read(file).packages
    loading, matching = [], []
    for _ in range(options.rounds):
        parsed.cache_clear()
        same.cache_clear()
        start = time.perf_counter()
        database = load(str(options.archive))
        between = time.perf_counter()
        offline.look_up(packages, database)
        loading.append(between - start)
        matching.append(time.perf_counter() - between)
    return statistics.median(loading), statistics.median(matching)


def timed(run, rounds: int) -> float:  # type: ignore[no-untyped-def]
    seconds = []
    for _ in range(rounds):
        start = time.perf_counter()
        run()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


if __name__ == "__main__":
    sys.exit(main())
