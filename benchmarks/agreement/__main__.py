"""`python benchmarks/agreement`: the same project, the same verdicts.

Each project of the truth benchmark is audited by reading it, and its settings are loaded for real and
judged as `hardango.django` does, with the same variables. What was found is kept in the cache, and
docs/agreement.md has all of it. Ends with 1 if a difference has no explanation, with 2 if a project could not be had.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.dirname(os.path.dirname(HERE))
if __name__ == "__main__":
    # Python put this directory first, where our module names would hide others'.
    sys.path[0] = REPOSITORY

from benchmarks.agreement.explained import explanation  # noqa: E402
from benchmarks.truth.collect import CannotCollect, collect  # noqa: E402
from benchmarks.truth.interpreters import CannotInstall, interpreter  # noqa: E402
from benchmarks.truth.load import answer_of  # noqa: E402
from benchmarks.truth.projects import Project, Scenario, read_projects  # noqa: E402

CACHE = os.path.join(REPOSITORY, ".cache", "truth")
PAGE = os.path.join(REPOSITORY, "docs", "agreement.md")
SOURCE = os.path.join(REPOSITORY, "src")
OLDEST = (3, 11)
"""Hardango itself needs that Python."""


class Pair(NamedTuple):
    """One control of one project in one environment: what was read, what was loaded."""

    project: str
    control: str
    read: str
    read_said: str
    loaded: str
    loaded_said: str

    @property
    def kind(self) -> str:
        if _simple(self.read) == self.loaded:
            return "same"
        if self.read == "unknown":
            return "not read"
        return "differ"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python benchmarks/agreement", description=__doc__)
    parser.add_argument("--only", metavar="NAME", action="append", help="only this project")
    parser.add_argument("--offline", action="store_true", help="use only what is in the cache")
    parser.add_argument("--cache", default=CACHE, help="where downloads are kept")
    options = parser.parse_args(arguments)
    pairs: list[Pair] = []
    loaded, left_out, failed = 0, [], False
    for project in read_projects():
        if options.only and project.name not in options.only:
            continue
        for scenario in project.scenarios:
            name = f"{project.name}, {scenario.name}"
            try:
                found = list(compare(project, scenario, options))
            except (CannotCollect, CannotInstall) as problem:
                print(f"{name}: {problem}", file=sys.stderr)
                failed = True
            except CannotLoad as problem:
                keep(options.cache, name, str(problem))
                print(f"{name:44} left out: {problem}", flush=True)
            else:
                keep(options.cache, name, found)
                kinds = Counter(each.kind for each in found)
                print(f"{name:44} {dict(kinds)}", flush=True)
    for name, known in kept(options.cache).items():
        if isinstance(known, str):
            left_out.append(f"{name}: {known}")
        else:
            loaded += 1
            pairs += known
    differing = [each for each in pairs if each.kind == "differ"]
    bare = [
        each
        for each in differing
        if not explanation(each.control, each.read, each.loaded, each.read_said, each.loaded_said)
    ]
    for each in bare:
        print(f"{each.project}: {each.control}: read {each.read} ({each.read_said}), "
              f"loaded {each.loaded} ({each.loaded_said})")  # fmt: skip
    if not failed:
        with open(PAGE, "w", encoding="utf-8") as file:
            file.write(page(pairs, loaded, left_out))
    return 2 if failed else int(bool(bare))


class CannotLoad(Exception):
    """A module does not load, or not with a Python that runs Hardango; the text says why."""


def compare(project: Project, scenario: Scenario, options: argparse.Namespace) -> Iterator[Pair]:
    """Every control that the loaded settings decide. Raises CannotLoad, CannotCollect, CannotInstall."""
    tree = collect(project, options.cache, offline=options.offline)
    python = interpreter(project.django, options.cache, offline=options.offline)
    if python.version < OLDEST:
        raise CannotLoad("its Django needs an older Python than Hardango")
    with tempfile.TemporaryDirectory(prefix="agreement-") as folder:
        copy = os.path.join(os.path.realpath(folder), "project")
        shutil.copytree(tree, copy)
        copy = os.path.normpath(os.path.join(copy, project.path))
        read = audited(project, scenario, copy, python.django)
        answer = answer_of(project, scenario, copy, python, judge=SOURCE)
    if isinstance(answer, str) or "error" in answer:
        said = answer if isinstance(answer, str) else answer["error"]
        raise CannotLoad(said.strip().splitlines()[-1][:200])
    if isinstance(read, str):
        raise CannotLoad(f"not audited: {read}")
    for each in answer["findings"]:
        verdict, said = read.get(each["control"], ("absent", ""))
        yield Pair(f"{project.name}, {scenario.name}", each["control"], verdict, said,
                   _simple(each["verdict"]), each["message"])  # fmt: skip


def audited(
    project: Project, scenario: Scenario, tree: str, django: str
) -> dict[str, tuple[str, str]] | str:
    """By control, what the audit says with these variables and no others; a text if it says nothing."""
    command = [sys.executable, "-m", "hardango", "audit", tree, "--settings", project.module,
               "--closed-env", "--no-config", "--pedantic", "--format", "json", "--django", django]  # fmt: skip
    variables = dict(scenario.variables)
    if project.configuration:
        variables["DJANGO_CONFIGURATION"] = project.configuration
    for name, value in variables.items():
        command += ["--env", f"{name}={value}"]
    environment = {**os.environ, "PYTHONPATH": SOURCE, "XDG_CACHE_HOME": os.devnull}
    done = subprocess.run(command, capture_output=True, text=True, env=environment)
    try:
        found = json.loads(done.stdout)["findings"]
    except ValueError:
        return (done.stderr.strip().splitlines() or ["no output"])[-1]
    return {each["control"]: (each["verdict"], each["message"]) for each in found}


def _simple(verdict: str) -> str:
    return "weak" if verdict in ("fail", "conditional") else verdict


def keep(cache: str, name: str, found: list[Pair] | str) -> None:
    """Write down what was found of one environment, or why there is nothing."""
    folder = os.path.join(cache, "agreement")
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, f"{name}.json"), "w", encoding="utf-8") as file:
        json.dump(found, file, indent=1)


def kept(cache: str) -> dict[str, list[Pair] | str]:
    """What was found, by environment."""
    folder, known = os.path.join(cache, "agreement"), {}
    for name in sorted(os.listdir(folder)):
        with open(os.path.join(folder, name), encoding="utf-8") as file:
            data = json.load(file)
        found = data if isinstance(data, str) else [Pair(*each) for each in data]
        known[name.removesuffix(".json")] = found
    return known


# -- the page --------------------------------------------------------------------------------------

HEAD = """\
<!-- Made by `python3 dev.py bench agreement`: change benchmarks/agreement there. -->

# Read and loaded: the same verdicts

The [projects whose settings load](truth.md) are judged twice with the same variables: by the audit, which reads
them, and by `hardango.django`, which has what Python loaded. {loaded} environments, {pairs} verdicts:
{same} are the same, {unread} the audit says are not known, {differ} differ. Where no
reason is known yet, the table says so: one of the two is then wrong."""


def page(pairs: list[Pair], loaded: int, left_out: list[str]) -> str:
    kinds = Counter(each.kind for each in pairs)
    parts = [HEAD.format(loaded=loaded, pairs=len(pairs), same=kinds["same"],
                         unread=kinds["not read"], differ=kinds["differ"])]  # fmt: skip
    why: Counter[tuple[str, str]] = Counter()
    for each in pairs:
        if each.kind == "differ":
            reason = explanation(
                each.control, each.read, each.loaded, each.read_said, each.loaded_said
            )
            why[
                each.control,
                f"{_simple(each.read)} read, {each.loaded} loaded: {reason or 'not explained'}",
            ] += 1
    rows = ["| control | times | why they differ |", "| --- | ---: | --- |"]
    rows += [f"| [{name}](controls/{name}.md) | {times} | {reason} |"
             for (name, reason), times in sorted(why.items())]  # fmt: skip
    parts.append("\n".join(rows))
    rows = ["| control | the same | not read | differ |", "| --- | ---: | ---: | ---: |"]
    for name in sorted({each.control for each in pairs}):
        of = Counter(each.kind for each in pairs if each.control == name)
        rows.append(f"| {name} | {of['same']} | {of['not read']} | {of['differ']} |")
    parts += ["## By control", "\n".join(rows)]
    if left_out:
        listed = "\n".join(f"- {each}" for each in left_out)
        parts += ["## Left out", "These do not load, or not here:", listed]
    return "\n\n".join(parts) + "\n"


if __name__ == "__main__":
    sys.exit(main())
