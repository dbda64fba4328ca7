"""`python benchmarks/fix`: mends real projects and loads them for real, before and after.

For each project of the truth benchmark, a copy is mended by `hardango fix --write --unsafe`; then
Python itself loads the settings as they were and as they are, in an environment that has what the
edits ask for. Every setting that no edit names must have the same value, and a second run must
find nothing to do. Writes docs/fixes.md when all projects were compared. Ends with 1 if a module
does not load any more, a setting has changed that nobody named, or a second run is not empty.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import sys
import tempfile
from typing import Any, NamedTuple

HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.dirname(os.path.dirname(HERE))
if __name__ == "__main__":
    # Python put this directory first, where our module names would hide others'.
    sys.path[0] = REPOSITORY

from benchmarks.truth.collect import CannotCollect, collect  # noqa: E402
from benchmarks.truth.interpreters import CannotInstall, interpreter  # noqa: E402
from benchmarks.truth.load import Loaded, load_for_real  # noqa: E402
from benchmarks.truth.projects import Project, Scenario, read_projects  # noqa: E402
from hardango.audit import CannotRead, Request  # noqa: E402
from hardango.findings import Repairs, Severity  # noqa: E402
from hardango.fix.replace import CannotWrite  # noqa: E402
from hardango.fix.run import Wish, fix  # noqa: E402

CACHE = os.path.join(REPOSITORY, ".cache", "truth")
PAGE = os.path.join(REPOSITORY, "docs", "fixes.md")
KEY = "an-example-of-a-key-which-is-long-enough-for-production-0123456789"

INTRODUCTION = """\
# What `hardango fix` does to real projects

<!-- Made by `python benchmarks/fix`; edits are lost. -->

Each line is one real settings module. `hardango fix --write --unsafe` mended a copy of it; then
Python itself loaded both versions, with the real Django, in an environment that has the variables
that the edits ask for.

- *weak*: findings of severity medium or higher, before and after; those that are left need a
  person, such as a new version of Django.
- *lines*: how many lines the edits add and take away.
- *changed besides*: settings that no edit names, and that have another value all the same. There
  must be none.
- *again*: what a second run finds to do. There must be nothing.
"""


class Row(NamedTuple):
    """One project: what was mended, and what came of it."""

    name: str
    mended: int = 0
    before: str = ""
    after: str = ""
    weak: int = 0
    left: int = 0
    added: int = 0
    removed: int = 0
    changed: tuple[str, ...] = ()
    again: int = 0
    problem: str = ""

    @property
    def sound(self) -> bool:
        return not (self.changed or self.again or self.problem.startswith("does not load"))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python benchmarks/fix", description=__doc__)
    parser.add_argument("--only", metavar="NAME", action="append", help="only this project")
    parser.add_argument("--offline", action="store_true", help="use only what is in the cache")
    parser.add_argument("--cache", default=CACHE, help="where downloads are kept")
    options = parser.parse_args(arguments)
    rows, missing = [], False
    for project in read_projects():
        if options.only and project.name not in options.only:
            continue
        try:
            row = run(project, options.cache, options.offline)
        except (CannotCollect, CannotInstall) as problem:
            row, missing = Row(project.name, problem=str(problem)), True
        rows.append(row)
        print(_line(row), flush=True)
    if not options.only and not missing:
        with open(PAGE, "w", encoding="utf-8") as file:
            file.write(page(rows))
    return 1 if any(not row.sound for row in rows) else 2 if missing else 0


def run(project: Project, cache: str, offline: bool) -> Row:
    """Mend a copy of a project, and compare. Raises CannotCollect or CannotInstall."""
    tree = collect(project, cache, offline=offline)
    python = interpreter(project.django, cache, offline=offline)
    scenario = project.scenarios[0]
    with tempfile.TemporaryDirectory(prefix="fix-") as folder:
        folder = os.path.realpath(folder)
        os.environ["XDG_STATE_HOME"] = os.path.join(folder, "state")
        copies = [os.path.join(folder, name) for name in ("before", "beside", "after")]
        for copy in copies:
            shutil.copytree(tree, copy)
        old, beside, new = (os.path.normpath(os.path.join(copy, project.path)) for copy in copies)
        request = Request(
            path=new, module=project.module, given=_variables(project, scenario),
            django=_version(python.django),
        )  # fmt: skip
        wish = Wish(unsafe=True, write=True, dirty=True)
        try:
            done = fix(request, wish)
            again = fix(request._replace(given={**request.given, **_asked(done)}), wish)
        except (CannotRead, CannotWrite) as problem:
            return Row(project.name, problem=str(problem))
        had = load_for_real(project, scenario, old, python)
        had = _steady(had, load_for_real(project, scenario, beside, python))
        had = _steady(had, load_for_real(project, scenario, beside, python))
        variables = {**scenario.variables, **dict(done.developer), **_asked(done)}
        has = load_for_real(project, scenario._replace(variables=variables), new, python)
    return _row(project.name, done, again, had, has)


def _steady(once: Loaded, again: Loaded) -> Loaded:
    """What is another one each time can't be compared: keys made up, sets in any order."""
    unsteady = {name: "another one each time" for name, value in once.settings.items()
                if name not in again.settings or _text(once, name) != _text(again, name)}  # fmt: skip
    return once._replace(left_out={**once.left_out, **unsteady})


def _variables(project: Project, scenario: Scenario) -> dict[str, str]:
    chosen = {"DJANGO_CONFIGURATION": project.configuration} if project.configuration else {}
    return {**scenario.variables, **chosen}


def _asked(done: Repairs) -> dict[str, str]:
    """Values for the variables that production has to set now."""
    return {name: "www.example.com" if "HOST" in name else KEY for name in done.asked}


def _version(text: str) -> tuple[int, int]:
    first, second = text.split(".")[:2]
    return int(first), int(second)


def _row(name: str, done: Repairs, again: Repairs, had: Loaded, has: Loaded) -> Row:
    medium = Severity.MEDIUM
    left = [each for each in done.remaining if each.finding.severity >= medium]
    lines = [line for line in done.diff.splitlines() if not line.startswith(("+++", "---"))]
    row = Row(
        name,
        mended=len(done.repairs),
        before=done.before,
        after=done.after,
        weak=len({each.finding.control for each in (*done.repairs, *left)}),
        left=len(left),
        added=sum(line.startswith("+") for line in lines),
        removed=sum(line.startswith("-") for line in lines),
        again=len(again.repairs),
    )
    if had.error:
        return row._replace(problem=f"did not load before: {had.error}")
    if has.error:
        return row._replace(problem=f"does not load: {has.error}")
    return row._replace(changed=tuple(_changed(done, had, has)))


def _changed(done: Repairs, had: Loaded, has: Loaded) -> list[str]:
    """The settings that no edit names and that are not as they were."""
    named = {name for each in done.repairs for name in each.settings}
    names = dict.fromkeys([*had.settings, *has.settings])
    return [name for name in names if name not in had.left_out
            and name not in named and _text(had, name) != _text(has, name)]  # fmt: skip


def _text(loaded: Loaded, name: str) -> str:
    """A value as text, the folder of the copy and the key aside, which differ by themselves."""
    value: Any = loaded.settings.get(name)
    text = json.dumps(value, sort_keys=True)
    return re.sub("/(before|beside|after)", "/copy", text)


def _line(row: Row) -> str:
    found = ", ".join(row.changed[:4]) or "-"
    return (f"{row.name:24} mended {row.mended:2}  grade {row.before:2} → {row.after:2}  "
            f"weak {row.weak} → {row.left}  +{row.added} -{row.removed}  besides {found}  "
            f"again {row.again}  {row.problem}")  # fmt: skip


def page(rows: list[Row]) -> str:
    lines = [INTRODUCTION, "| project | mended | grade | weak | lines | changed besides | again | |",
             "| --- | ---: | --- | --- | --- | --- | ---: | --- |"]  # fmt: skip
    for row in rows:
        besides = ", ".join(f"`{name}`" for name in row.changed) or "none"
        lines.append(
            f"| {row.name} | {row.mended} | {row.before} → {row.after} | {row.weak} → {row.left} "
            f"| +{row.added} −{row.removed} | {besides} | {row.again} | {row.problem} |"
        )
    mended = sum(row.mended for row in rows)
    changed = sum(len(row.changed) for row in rows)
    all_of_it = (
        f"{mended} findings mended in {len(rows)} projects, {changed} settings changed besides"
    )
    lines += ["", f"In all: {all_of_it}."]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.exit(main())
