"""`python benchmarks/access_mutants`: guards of real projects, broken one at a time, and who notices.

Writes access.toml for each project as it is, breaks one guard, reads the project again and asks what
`hardango access --check` says. Nothing of a project is run. Writes docs/access-mutants.md. Ends with 1
if a project differs from its own access.toml or fewer than `WANTED` of the mutants are reported, with 2
if a repository could not be had (see benchmarks/access_fixes for `--mirrors`).
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import subprocess
import sys
import tempfile
import tomllib
from typing import NamedTuple

HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.dirname(os.path.dirname(HERE))
if __name__ == "__main__":
    # Python put this directory first, where our module names would hide others'.
    sys.path[0] = REPOSITORY
    sys.path.insert(1, os.path.join(REPOSITORY, "src"))

from benchmarks.access_mutants.mutants import Mutant, mutants  # noqa: E402
from benchmarks.repositories import check_out, git_directory  # noqa: E402
from hardango.access.policy import Policy, parsed, renewed  # noqa: E402
from hardango.access.review import changes  # noqa: E402
from hardango.access.static import matrix_of  # noqa: E402
from hardango.audit import Request, read  # noqa: E402
from hardango.matrix import Matrix  # noqa: E402

CACHE = os.path.join(REPOSITORY, ".cache", "access-fixes")
PAGE = os.path.join(REPOSITORY, "docs", "access-mutants.md")
WANTED = 0.98
MOST = 60
"""Mutants of each project: evenly spread over all that there are."""

INTRODUCTION = """\
# Broken guards, and whether access.toml notices

<!-- Made by `python benchmarks/access_mutants`; edits are lost. -->

For each project `hardango access --write` was run on its source; then one guard at a time was removed,
emptied, switched off or put in the wrong order, and `hardango access --check` asked. A mutant is found
by its syntax alone (a decorator, a mixin, `permission_classes`, a check in a body), without Hardango.
**Not a route's**: what was broken guards nothing that a route leads to, as far as can be read, so
that nothing was reported. Nothing was run or installed.

"""


class Outcome(NamedTuple):
    """What `--check` said of a mutant: "reported", "missed", or "not a route's"."""

    mutant: Mutant
    verdict: str
    said: str = ""


class Tally(NamedTuple):
    repository: str
    commit: str
    routes: int
    unresolved: int
    unchanged: bool
    possible: int
    outcomes: tuple[Outcome, ...]

    def count(self, verdict: str) -> int:
        return sum(each.verdict == verdict for each in self.outcomes)


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python benchmarks/access_mutants", description=__doc__)
    parser.add_argument("--mirrors", help="a directory with bare copies of the repositories")
    parser.add_argument("--cache", default=CACHE, help="where clones are kept")
    parser.add_argument("--only", default="", help="projects whose name holds this text")
    parser.add_argument("--most", type=int, default=MOST, help="mutants of each project")
    options = parser.parse_args(arguments)
    tallies = []
    with open(os.path.join(HERE, "projects.toml"), "rb") as file:
        projects = tomllib.load(file)["project"]
    for project in projects:
        if options.only.lower() not in project["repository"].lower():
            continue
        try:
            directory = git_directory(project["repository"], options.mirrors, options.cache)
            tally = tried(project["repository"], project["commit"], directory, options.most)
        except subprocess.CalledProcessError as error:
            print(f"{project['repository']}: {error}", file=sys.stderr)
            return 2
        tallies.append(tally)
        print(f"{tally.repository}: {tally.count('reported')} reported, {tally.count('missed')} missed, "
              f"{tally.count(ASIDE)} not a route's, of {tally.possible}; "
              f"{'unchanged without' if tally.unchanged else 'DIFFERS WITHOUT A MUTANT'}", flush=True)  # fmt: skip
        for each in tally.outcomes:
            if each.verdict == "missed":
                where = f"{each.mutant.file}:{each.mutant.line}"
                print(f"    missed: {where} {each.mutant.subject}: {each.mutant.kind}", flush=True)
    if not options.only:
        with open(PAGE, "w", encoding="utf-8") as page_file:
            page_file.write(page(tallies))
    reported = sum(each.count("reported") for each in tallies)
    counted = reported + sum(each.count("missed") for each in tallies)
    print(f"{reported} of {counted} reported ({reported / max(counted, 1):.1%})")
    met = reported >= WANTED * counted and all(each.unchanged for each in tallies)
    return 0 if met else 1


ASIDE = "not a route's"


def tried(repository: str, commit: str, directory: str, most: int) -> Tally:
    """The mutants of one project, each tried in a process's own copy."""
    with tempfile.TemporaryDirectory() as place:
        copies = [os.path.join(place, f"copy{number}", "project") for number in range(2)]
        for copy in copies:
            os.makedirs(copy)
            check_out(directory, commit, copy)
        whole = matrix(copies[0])
        policy = parsed(renewed("", whole))
        unchanged = not any(each.fails for each in changes(matrix(copies[1]), policy))
        found = list(mutants(copies[0]))
        chosen = (
            [found[at * len(found) // most] for at in range(most)] if len(found) > most else found
        )
        views = {part for route in whole.routes for part in route.view.split(".")}
        free = multiprocessing.Manager().Queue()
        for copy in copies:
            free.put(copy)
        with multiprocessing.get_context("fork").Pool(len(copies)) as pool:
            asked = [(each, policy, views, free) for each in chosen]
            outcomes = pool.starmap(outcome, asked, chunksize=1)
        return Tally(repository, commit, len(whole.routes),
                     sum(bool(each.unresolved) for each in whole.routes), unchanged, len(found),
                     tuple(outcomes))  # fmt: skip


def matrix(place: str) -> Matrix:
    return matrix_of(read(Request(place)))


def outcome(mutant: Mutant, policy: Policy, views: set[str], free) -> Outcome:  # type: ignore[no-untyped-def]
    """What `--check` says of a mutant, in a copy that nobody else uses."""
    place = free.get()
    path = os.path.join(place, mutant.file)
    with open(path, encoding="utf-8", errors="surrogateescape") as file:
        whole = file.read()
    try:
        with open(path, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(mutant.text)
        failing = [each for each in changes(matrix(place), policy) if each.fails]
    finally:
        with open(path, "w", encoding="utf-8", errors="surrogateescape") as file:
            file.write(whole)
        free.put(place)
    if failing:
        first = failing[0]
        return Outcome(
            mutant, "reported", f"{first.kind} {first.pattern}: {first.before} -> {first.after}"
        )
    return Outcome(mutant, "missed" if mutant.subject in views else ASIDE)


def page(tallies: list[Tally]) -> str:
    lines = ["| project | routes | not resolved | mutants tried | of | reported | missed | not a route's |",
             "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |"]  # fmt: skip
    for each in tallies:
        link = f"[{each.repository}](https://github.com/{each.repository}/tree/{each.commit})"
        counts = (each.count("reported"), each.count("missed"), each.count(ASIDE))
        cells = (link, each.routes, each.unresolved, len(each.outcomes), each.possible, *counts)
        lines.append("| " + " | ".join(map(str, cells)) + " |")
    reported = sum(each.count("reported") for each in tallies)
    missed = [each for tally in tallies for each in tally.outcomes if each.verdict == "missed"]
    share = reported / max(reported + len(missed), 1)
    end = [f"\n{reported} of {reported + len(missed)} are reported: {share:.1%}.\n"]
    kinds = sorted({each.mutant.kind for tally in tallies for each in tally.outcomes})
    end += ["\n| what was done | reported | missed |\n| --- | ---: | ---: |\n"]
    for kind in kinds:
        of_kind = [
            each.verdict for tally in tallies for each in tally.outcomes if each.mutant.kind == kind
        ]
        end.append(f"| {kind} | {of_kind.count('reported')} | {of_kind.count('missed')} |\n")
    if missed:
        end.append("\nMissed:\n\n")
        end += [f"- `{each.mutant.file}:{each.mutant.line}` {each.mutant.subject}: {each.mutant.kind}\n"
                for each in missed]  # fmt: skip
    return INTRODUCTION + "\n".join(lines) + "\n" + "".join(end)


if __name__ == "__main__":
    sys.exit(main())
