"""`python benchmarks/speed`: Hardango beside Python's own start, `check --deploy` and bandit.

Prints ratios of whole processes measured in turns in the same run, and writes docs/speed.md.
Ends with 1 if a target is missed, with 2 if something to compare with could not be had.
"""

from __future__ import annotations

import argparse
import compileall
import importlib.util
import os
import platform
import subprocess
import sys
from collections.abc import Sequence
from typing import NamedTuple

HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.dirname(os.path.dirname(HERE))
if __name__ == "__main__":
    # Python put this directory first, where our module names would hide others'.
    sys.path[0] = REPOSITORY

from benchmarks.speed.measure import Command, Run, in_turns, median_seconds, peak_memory  # noqa: E402
from benchmarks.truth.collect import CannotCollect, collect  # noqa: E402
from benchmarks.truth.interpreters import CannotInstall, interpreter  # noqa: E402
from benchmarks.truth.pip import pip  # noqa: E402
from benchmarks.truth.projects import Project, read_projects  # noqa: E402

CACHE = os.path.join(REPOSITORY, ".cache", "truth")
PAGE = os.path.join(REPOSITORY, "docs", "speed.md")
MEGABYTE = 10**6
CACHING = {"PYTHONDONTWRITEBYTECODE": ""}
"""Bytecode is kept as by default, whatever the variables of whoever measures say."""
PATH = {"PYTHONPATH": os.path.join(REPOSITORY, "src"), **CACHING}

INTRODUCTION = """\
# How fast Hardango is

<!-- Made by `python benchmarks/speed`; edits are lost. -->

Whole processes, from start to exit, run in turns (A B A B …) on the same machine in the same
minutes. The seconds are processor time on that machine; what counts is the ratio.
"""


class Line(NamedTuple):
    """One line of the table: what was compared, the numbers, and whether the target is met."""

    what: str
    ours: str
    other: str
    ratio: str
    target: str
    met: bool


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python benchmarks/speed", description=__doc__)
    parser.add_argument("--rounds", type=int, default=15, help="runs of each small command")
    parser.add_argument("--offline", action="store_true", help="use only what is in the cache")
    parser.add_argument("--no-bandit", action="store_true", help="leave out bandit (minutes)")
    parser.add_argument("--cache", default=CACHE, help="where downloads are kept")
    options = parser.parse_args(arguments)
    try:
        lines = small_project(options.rounds, options.cache, options.offline)
        lines += all_projects(options.cache, options.offline, with_bandit=not options.no_bandit)
    except (CannotCollect, CannotInstall) as problem:
        print(problem, file=sys.stderr)
        return 2
    text = page(lines)
    print(text.removeprefix(INTRODUCTION))
    if not options.no_bandit:
        with open(PAGE, "w", encoding="utf-8") as file:
            file.write(text)
    return 0 if all(line.met for line in lines) else 1


def small_project(rounds: int, cache: str, offline: bool) -> list[Line]:
    """The audit of what `startproject` makes, beside Python's start and Django's own check."""
    project = read_projects()[0]
    tree = collect(project, cache, offline=offline)
    python = interpreter(project.django, cache, offline=offline)
    check = [python.executable, "manage.py", "check", "--deploy"]
    # An installation compiles what it installs; so does this, where nothing is installed.
    compileall.compile_dir(PATH["PYTHONPATH"], quiet=1)
    commands = [
        audit(project, tree),
        Command('python -c "import ast"', [sys.executable, "-c", "import ast"]),
        Command("check --deploy", check, tree, {"PYTHONPATH": python.libraries, **CACHING}),
    ]
    ours, start, django = in_turns(commands, rounds)
    slower = median_seconds(ours) / median_seconds(start)
    faster = median_seconds(django) / median_seconds(ours)
    what = "a new project (`startproject`)"
    return [
        Line(
            f'{what}, beside `python -c "import ast"`', *seconds(ours, start),
            f"{slower:.1f} × as long", "at most 4 ×", slower <= 4,
        ),
        Line(
            f"{what}, beside `manage.py check --deploy`", *seconds(ours, django),
            f"{faster:.1f} × faster", "at least 5 ×", faster >= 5,
        ),
        memory_line(what, ours),
    ]  # fmt: skip


def all_projects(cache: str, offline: bool, *, with_bandit: bool) -> list[Line]:
    """The audits of all projects of the truth harness, beside bandit on the same trees."""
    ours: list[Run] = []
    theirs: list[Run] = []
    bandit = bandit_environment(cache, offline) if with_bandit else {}
    seen = set()
    for project in read_projects():
        if not project.requirement or (project.requirement, project.template) in seen:
            continue
        seen.add((project.requirement, project.template))
        tree = os.path.join(collect(project, cache, offline=offline), project.path)
        commands = [audit(project, tree)]
        if with_bandit:
            scan = [sys.executable, "-m", "bandit", "-q", "-r", tree, "-f", "json"]
            commands.append(Command("bandit", scan, environment=bandit))
        runs = in_turns(commands, 1, warm=False)
        ours += runs[0]
        theirs += runs[1] if with_bandit else []
        print(project.name, *(f"{each[0].seconds:.2f} s" for each in runs), flush=True)
    what = f"{len(seen)} real projects together"
    lines = [memory_line(f"the largest of {what}", ours)]
    if with_bandit:
        total, of_bandit = sum(r.seconds for r in ours), sum(r.seconds for r in theirs)
        ratio = of_bandit / total
        lines.insert(0, Line(
            f"{what}, beside `bandit -r`", f"{total:.1f} s", f"{of_bandit:.1f} s",
            f"{ratio:.0f} × faster", "at least 10 ×", ratio >= 10,
        ))  # fmt: skip
    return lines


def audit(project: Project, tree: str) -> Command:
    script = os.path.join(os.path.dirname(sys.executable), "hardango")
    started = [script] if os.path.exists(script) else [sys.executable, "-m", "hardango"]
    command = [*started, "audit", tree, "--settings", project.module]
    return Command("hardango audit", command, environment=PATH)


def bandit_environment(cache: str, offline: bool) -> dict[str, str]:
    """What makes `python -m bandit` work: nothing if it is installed, else a copy in the cache."""
    if importlib.util.find_spec("bandit"):
        return {}
    target = os.path.join(cache, "libraries", "bandit")
    if not os.path.isdir(target):
        if offline:
            raise CannotInstall("bandit is not in the cache")
        requirements = os.path.join(REPOSITORY, "requirements", "bench.txt")
        command = [*pip(), "install", "--quiet", "--target", target + ".part"]
        result = subprocess.run([*command, "-r", requirements], capture_output=True, text=True)
        if result.returncode:
            raise CannotInstall(result.stderr.strip()[-500:])
        os.rename(target + ".part", target)
    return {"PYTHONPATH": target}


def seconds(ours: Sequence[Run], other: Sequence[Run]) -> tuple[str, str]:
    return f"{median_seconds(ours):.3f} s", f"{median_seconds(other):.3f} s"


def memory_line(what: str, ours: Sequence[Run]) -> Line:
    peak = peak_memory(ours) / MEGABYTE
    return Line(f"peak memory, {what}", f"{peak:.0f} MB", "", "", "under 150 MB", peak < 150)


def page(lines: Sequence[Line]) -> str:
    version = f"Python {platform.python_version()} on {platform.system()} {platform.machine()}"
    text = [INTRODUCTION, f"{version}.\n"]
    text.append("| `hardango audit` of | Hardango | the other | ratio | target | met |")
    text.append("| --- | ---: | ---: | ---: | ---: | --- |")
    for line in lines:
        text.append(f"| {' | '.join(line[:-1])} | {'yes' if line.met else '**no**'} |")
    return "\n".join(text) + "\n"


if __name__ == "__main__":
    sys.exit(main())
