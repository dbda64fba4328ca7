"""`python benchmarks/truth`: loads real settings modules and compares them with Hardango's reading.

Writes docs/truth.md when all projects were compared, and the details as JSON into the cache.
Ends with 1 if anything is wrong or fewer than 95 % of the settings are exact, with 2 if a
project could not be had.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.dirname(os.path.dirname(HERE))
if __name__ == "__main__":
    # Python put this directory first, where our module names would hide others'.
    sys.path[0] = REPOSITORY

from benchmarks.truth import table  # noqa: E402
from benchmarks.truth.collect import CannotCollect, collect  # noqa: E402
from benchmarks.truth.compare import compare  # noqa: E402
from benchmarks.truth.interpreters import CannotInstall, interpreter  # noqa: E402
from benchmarks.truth.load import load_for_real, read_by_hardango  # noqa: E402
from benchmarks.truth.projects import Project, read_projects  # noqa: E402
from benchmarks.truth.table import Row  # noqa: E402

CACHE = os.path.join(REPOSITORY, ".cache", "truth")
PAGE = os.path.join(REPOSITORY, "docs", "truth.md")
EXACT_ENOUGH = 0.95


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python benchmarks/truth", description=__doc__)
    parser.add_argument("--only", metavar="NAME", action="append", help="only this project")
    parser.add_argument("--offline", action="store_true", help="use only what is in the cache")
    parser.add_argument("--verbose", action="store_true", help="show every wrong or unknown value")
    parser.add_argument("--cache", default=CACHE, help="where downloads are kept")
    options = parser.parse_args(arguments)

    projects = read_projects()
    unknown = set(options.only or ()) - {project.name for project in projects}
    if unknown:
        parser.error(f"no such project: {', '.join(sorted(unknown))}")
    rows, failed = [], []
    for project in projects:
        if options.only and project.name not in options.only:
            continue
        try:
            for row in run(project, options.cache, options.offline):
                rows.append(row)
                _say(row, options.verbose)
        except (CannotCollect, CannotInstall) as problem:
            failed.append(f"{project.name}: {problem}")
            print(f"{project.name:36} not compared: {problem}", file=sys.stderr)

    print(*table.summary(rows), sep="\n")
    if not options.only and not failed:
        with open(PAGE, "w", encoding="utf-8") as file:
            file.write(table.page(rows, failed))
    results = [row.result for row in rows]
    if table.wrong(results) or table.share(table.totals(results)) < EXACT_ENOUGH:
        return 1
    return 2 if failed else 0


def run(project: Project, cache: str, offline: bool) -> list[Row]:
    """Compare a project in each of its environments.

    Raises CannotCollect or CannotInstall if it, or what loads it, could not be had.
    """
    tree = collect(project, cache, offline=offline)
    python = interpreter(project.django, cache, offline=offline)
    rows = []
    for scenario in project.scenarios:
        with tempfile.TemporaryDirectory(prefix="truth-") as folder:
            copy = os.path.join(os.path.realpath(folder), "project")
            shutil.copytree(tree, copy)
            copy = os.path.normpath(os.path.join(copy, project.path))
            # Hardango first: it changes nothing, while real settings may write files.
            ours = read_by_hardango(project, scenario, copy, python.django)
            real = load_for_real(project, scenario, copy, python)
        result = compare(project.name, scenario.name, real, ours)
        rows.append(Row(project, python.django, result))
        details = os.path.join(cache, "details", f"{project.name}-{scenario.name}.json")
        os.makedirs(os.path.dirname(details), exist_ok=True)
        with open(details, "w", encoding="utf-8") as file:
            json.dump({"real": real._asdict(), "ours": ours._asdict()}, file, indent=1)
    return rows


def _say(row: Row, verbose: bool) -> None:
    print(table.terminal_line(row), flush=True)
    if verbose:
        for line in table.details(row.result):
            print(line)


if __name__ == "__main__":
    sys.exit(main())
