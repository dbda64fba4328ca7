"""`python benchmarks/access_fixes`: published fixes of missing authorization, before and after.

Reads the access matrix of each project at the commit that mended it and at the one before, without
running a line of either, and compares them: the rows that differ should be those of the fix, all of
them and no other. Writes docs/access-fixes.md, with what was missed and why.

The repositories are cloned from GitHub, or read from bare copies in `--mirrors`, where OWNER+NAME/repo
is the git directory of OWNER/NAME. Ends with 1 if fewer than `FOUND` fixes are found, with 2 if a
repository could not be had.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from typing import NamedTuple

HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.dirname(os.path.dirname(HERE))
if __name__ == "__main__":
    # Python put this directory first, where our module names would hide others'.
    sys.path[0] = REPOSITORY
    sys.path.insert(1, os.path.join(REPOSITORY, "src"))

from benchmarks.repositories import check_out, git_directory  # noqa: E402
from hardango.access import sources  # noqa: E402
from hardango.access.static import matrix_of  # noqa: E402
from hardango.audit import CannotRead, Request, read  # noqa: E402
from hardango.matrix import Matrix  # noqa: E402

CACHE = os.path.join(REPOSITORY, ".cache", "access-fixes")
PAGE = os.path.join(REPOSITORY, "docs", "access-fixes.md")
FOUND = 12
PATIENCE = 10.0
"""By how much longer than usual a reading may take: what is compared has to be whole."""

sources.SECONDS *= PATIENCE

INTRODUCTION = """\
# Published fixes, before and after

<!-- Made by `python benchmarks/access_fixes`; edits are lost. -->

Each row is a published fix of a missing or wrong authorization in a Django application. The access
matrix is read from the source before the fix and after it, and nothing of the project is run or
installed. **Exactly**: the routes that differ are those of the fix, all of them and no other.
**Found**: they differ, and so do others. **Missed**: the difference can't be seen this way.

"""


class Case(NamedTuple):
    """A fix: `views` are regular expressions over "PATTERN VIEW" of the routes that it guards, `why`
    the reason why it is missed, if that is known; `settings` the module, where nothing names it."""

    name: str
    repository: str
    fix: str
    views: tuple[str, ...]
    why: str = ""
    settings: str | None = None


class Result(NamedTuple):
    """What became of a case: the changed rows that the fix speaks of and the others, as
    "METHOD PATTERN: before -> after", the number of routes, and why it failed, if it did."""

    case: Case
    wanted: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    routes: int = 0
    unresolved: int = 0
    seconds: float = 0.0
    failure: str = ""

    @property
    def verdict(self) -> str:
        if self.failure or not self.wanted:
            return "missed"
        return "found" if self.others else "exactly"


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python benchmarks/access_fixes", description=__doc__)
    parser.add_argument("--mirrors", help="a directory with bare copies of the repositories")
    parser.add_argument("--cache", default=CACHE, help="where clones are kept")
    parser.add_argument("--only", default="", help="cases whose name holds this text")
    parser.add_argument("-v", "--verbose", action="store_true", help="print every changed row")
    options = parser.parse_args(arguments)
    results = []
    for case in cases():
        if options.only.lower() not in case.name.lower():
            continue
        try:
            directory = git_directory(case.repository, options.mirrors, options.cache)
        except subprocess.CalledProcessError as error:
            print(f"{case.repository}: {error}", file=sys.stderr)
            return 2
        result = tried(case, directory)
        results.append(result)
        print(f"{result.verdict:8} {case.name}: {len(result.wanted)} of the fix, "
              f"{len(result.others)} others, {result.routes} routes, {result.unresolved} not resolved, "
              f"{result.seconds:.1f} s {result.failure}", flush=True)  # fmt: skip
        if not options.only:
            with open(PAGE, "w", encoding="utf-8") as file:
                file.write(page(results))
        if options.verbose:
            print(*(f"    {row}" for row in result.wanted), sep="\n")
            print(*(f"  ! {row}" for row in result.others), sep="\n", flush=True)
    found = sum(each.verdict != "missed" for each in results)
    print(f"{found} of {len(results)} found, "
          f"{sum(each.verdict == 'exactly' for each in results)} exactly")  # fmt: skip
    return 0 if found >= FOUND or options.only else 1


def cases() -> list[Case]:
    with open(os.path.join(HERE, "cases.toml"), "rb") as file:
        read_cases = tomllib.load(file)["case"]
    return [Case(**{**each, "views": tuple(each["views"])}) for each in read_cases]


def tried(case: Case, directory: str) -> Result:
    """The matrices of a case before and after, compared."""
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as place:
        try:
            before = matrix(
                directory, f"{case.fix}^", os.path.join(place, "before", "project"), case
            )
            after = matrix(directory, case.fix, os.path.join(place, "after", "project"), case)
        except (CannotRead, subprocess.CalledProcessError) as error:
            return Result(case, failure=str(error))
    wanted, others = [], []
    for named, row in differences(before, after):
        fits = any(re.search(each, named) for each in case.views)
        (wanted if fits else others).append(row)
    unresolved = sum(bool(each.unresolved) for each in after.routes)
    return Result(case, tuple(wanted), tuple(others), len(after.routes), unresolved,
                  time.monotonic() - started)  # fmt: skip


def matrix(directory: str, commit: str, place: str, case: Case) -> Matrix:
    """The matrix of a commit, read from its source. Raises CannotRead, CalledProcessError."""
    check_out(directory, commit, place)
    return matrix_of(read(Request(place, case.settings, patience=PATIENCE)))


def differences(before: Matrix, after: Matrix) -> list[tuple[str, str]]:
    """The rows that differ, each with "PATTERN VIEW" of its route and as a line for people."""
    old, new = rows(before), rows(after)
    found = []
    for key in sorted(old.keys() | new.keys()):
        was, now = old.get(key, ("", "absent")), new.get(key, ("", "absent"))
        if was[1] != now[1]:
            pattern, method = key
            found.append(
                (f"{pattern} {now[0] or was[0]}", f"{method} {pattern}: {was[1]} -> {now[1]}")
            )
    return found


def rows(matrix: Matrix) -> dict[tuple[str, str], tuple[str, str]]:
    """By pattern and method: the view, and who reaches it through which guards."""
    found: dict[tuple[str, str], tuple[str, str]] = {}
    for route in matrix.routes:
        if route.unresolved:
            found.setdefault((route.pattern, "*"), (route.view, "not resolved"))
        for each in route.operations:
            said = " ".join([each.reach.value, *each.permissions])
            guards = ", ".join(
                guard.name + (" (dead)" if guard.dead else "") for guard in each.guards
            )
            found.setdefault((route.pattern, each.method), (route.view, f"{said} [{guards}]"))
    return found


def page(results: list[Result]) -> str:
    lines = ["| fix | verdict | rows of the fix | other rows | routes | for instance |",
             "| --- | --- | ---: | ---: | ---: | --- |"]  # fmt: skip
    for each in results:
        shown = each.failure or each.case.why or (each.wanted[0] if each.wanted else "")
        link = f"https://github.com/{each.case.repository}/commit/{each.case.fix}"
        cells = (f"[{each.case.name}]({link})", each.verdict, len(each.wanted), len(each.others),
                 each.routes, f"`{shown}`" if shown and not each.case.why else shown)  # fmt: skip
        lines.append("| " + " | ".join(str(cell).replace("|", "\\|") for cell in cells) + " |")
    tried_names = {each.case.name for each in results}
    left = [each for each in cases() if each.name not in tried_names]
    lines += [f"| {each.name} | not tried | | | | |" for each in left]
    found = sum(each.verdict != "missed" for each in results)
    exactly = sum(each.verdict == "exactly" for each in results)
    end = f"\n{found} of {len(results)} are found, {exactly} of them exactly.\n"
    return INTRODUCTION + "\n".join(lines) + "\n" + end


if __name__ == "__main__":
    sys.exit(main())
