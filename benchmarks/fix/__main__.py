"""`python benchmarks/fix`: mends real projects and loads them for real, before and after.

For each project of the truth benchmark and for what cookiecutter-django makes, a copy is mended by
`hardango fix --write --unsafe`; then Python itself loads the settings as they were and as they are,
in an environment that has what the edits ask for: as production does, as a developer's machine does
if production's module serves it too, and every other settings module of the project. A setting that
no edit names must have the same value, and a second run must find nothing to do.

What was found of a project is kept in the cache; docs/fixes.md is written once all projects have
been run, at once or one by one (`--only`). Ends with 1 if a module does not load any more, a setting
has changed that nobody named, or a second run is not empty; with 2 if a project could not be had.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from typing import Any

HERE = os.path.dirname(os.path.abspath(__file__))
REPOSITORY = os.path.dirname(os.path.dirname(HERE))
if __name__ == "__main__":
    # Python put this directory first, where our module names would hide others'.
    sys.path[0] = REPOSITORY

from django.conf import global_settings  # noqa: E402

from benchmarks.fix.served import said_by_django  # noqa: E402
from benchmarks.fix.table import Row, line, page  # noqa: E402
from benchmarks.starts.__main__ import cloned, rendered  # noqa: E402
from benchmarks.truth.collect import CannotCollect, collect  # noqa: E402
from benchmarks.truth.interpreters import CannotInstall, Interpreter, interpreter  # noqa: E402
from benchmarks.truth.load import Loaded, load_for_real  # noqa: E402
from benchmarks.truth.projects import Project, Scenario, read_projects  # noqa: E402
from hardango.audit import CannotRead, Request, read  # noqa: E402
from hardango.findings import Repairs  # noqa: E402
from hardango.fix.run import Wish, fix  # noqa: E402
from hardango.replace import CannotWrite  # noqa: E402
from hardango.settings.secret_names import is_secret_name  # noqa: E402

CACHE = os.path.join(REPOSITORY, ".cache", "truth")
PAGE = os.path.join(REPOSITORY, "docs", "fixes.md")
KEY = "an-example-of-a-key-which-is-long-enough-for-production-0123456789"

COOKIECUTTER = read_projects(os.path.join(HERE, "cookiecutter.toml"))[0]
"""What cookiecutter-django makes; its tree comes from benchmarks/starts."""


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python benchmarks/fix", description=__doc__)
    parser.add_argument("--only", metavar="NAME", action="append", help="only this project")
    parser.add_argument("--offline", action="store_true", help="use only what is in the cache")
    parser.add_argument("--cache", default=CACHE, help="where downloads are kept")
    parser.add_argument("--cookiecutter-django", metavar="DIRECTORY",
                        help="a checkout of its release, instead of cloning one")  # fmt: skip
    parser.add_argument("--diffs", metavar="DIRECTORY", help="write each project's diff there")
    options = parser.parse_args(arguments)
    projects = [*read_projects(), COOKIECUTTER]
    unknown = set(options.only or ()) - {each.name for each in projects}
    if unknown:
        parser.error(f"no project is called {min(unknown)}")
    ran, missing = [], False
    for project in projects:
        if options.only and project.name not in options.only:
            continue
        try:
            row, diff = run(project, tree(project, options), options)
        except (CannotCollect, CannotInstall) as problem:
            print(f"{project.name:24} {problem}", file=sys.stderr)
            missing = True
            continue
        row = row._replace(revision=revision())
        ran.append(row)
        keep(row, options.cache)
        print(line(row), flush=True)
        if options.diffs:
            os.makedirs(options.diffs, exist_ok=True)
            with open(
                os.path.join(options.diffs, f"{row.name}.diff"), "w", encoding="utf-8"
            ) as file:
                file.write(diff)
    rows = [row for project in projects if (row := kept(project.name, options.cache))]
    if len(rows) == len(projects):
        with open(PAGE, "w", encoding="utf-8") as file:
            file.write(page(rows))
        print("written: docs/fixes.md")
    return 1 if any(not row.sound for row in ran) else 2 if missing else 0


def revision() -> str:
    """The commit that is checked out, in short; with a "+" if files differ from it."""
    git = ["git", "-C", REPOSITORY]
    head = subprocess.run(
        [*git, "rev-parse", "--short", "HEAD"], capture_output=True, text=True, check=False
    )
    differs = subprocess.run([*git, "diff", "--quiet", "HEAD", "--", "src"], check=False)
    return head.stdout.strip() + ("+" if differs.returncode else "")


def keep(row: Row, cache: str) -> None:
    os.makedirs(os.path.join(cache, "fixes"), exist_ok=True)
    with open(os.path.join(cache, "fixes", f"{row.name}.json"), "w", encoding="utf-8") as file:
        json.dump(row._asdict(), file, indent=1)


def kept(name: str, cache: str) -> Row | None:
    try:
        with open(os.path.join(cache, "fixes", f"{name}.json"), encoding="utf-8") as file:
            return Row(**json.load(file))
    except (OSError, ValueError, TypeError):  # of another version of this program
        return None


def tree(project: Project, options: argparse.Namespace) -> str:
    """Where the project lies. Raises CannotCollect."""
    if project is not COOKIECUTTER:
        return collect(project, options.cache, offline=options.offline)
    return rendered(options.cookiecutter_django or cloned(options.cache), options.cache)


def run(project: Project, tree: str, options: argparse.Namespace) -> tuple[Row, str]:
    """Mend a copy of a project, and compare; with the diff. Raises CannotInstall."""
    python = interpreter(project.django, options.cache, offline=options.offline)
    scenario = _scenario(project)
    with tempfile.TemporaryDirectory(prefix="fix-") as folder:
        folder = os.path.realpath(folder)
        os.environ["XDG_STATE_HOME"] = os.path.join(folder, "state")
        copies = [os.path.join(folder, name) for name in ("before", "beside", "after")]
        for copy in copies:
            shutil.copytree(tree, copy)
        old, beside, new = (os.path.normpath(os.path.join(each, project.path)) for each in copies)
        request = Request(
            path=new, module=project.module, given=_variables(project, scenario),
            django=_version(python.django),
        )  # fmt: skip
        wish = Wish(unsafe=True, write=True, dirty=True)
        try:
            done = fix(request, wish)
            again = fix(request, wish)
        except (CannotRead, CannotWrite) as problem:
            return Row(project.name, problem=str(problem)), ""
        compared = Compared(project, python, (old, beside, new), done)
        if project.requirement.startswith("django==") and not compared.problem:
            variables = {**scenario.variables, **_asked(done)}
            compared.problem = said_by_django(new, python, variables)
            compared.started = not compared.problem
        return row_of(project.name, done, again, compared), done.diff


class Compared:
    """The settings as they were and as they are, loaded for real.

    `problem` is why that can't be told, `changed` are the settings that no edit names and that are
    not as they were, in production or on a developer's machine; `elsewhere` what changed in another
    settings module, and `others` how many of these there are that load.
    """

    def __init__(
        self, project: Project, python: Interpreter, trees: tuple[str, str, str], done: Repairs
    ) -> None:
        self.project, self.python = project, python
        self.old, self.beside, self.new = trees
        self.done = done
        self.named = {name for each in done.repairs for name in each.settings}
        self.problem = ""
        self.started = False
        self.changed: dict[str, None] = {}
        self.elsewhere: dict[str, None] = {}
        self.others = 0
        scenario = _scenario(project)
        self.in_production(scenario, {**scenario.variables, **_asked(done)})
        developer = dict(done.developer)
        if developer and not self.problem:
            variables = {**scenario.variables, **_asked(done), **developer}
            self.on_a_developers_machine(scenario, variables)
        if done.repairs and not project.configuration:
            free = self.named if developer else self.without_effect()
            self.in_other_modules(scenario, {**scenario.variables, **developer}, free)

    def load(self, root: str, variables: Mapping[str, str], module: str = "",
             always: Mapping[str, object] = {}) -> Loaded:  # fmt: skip
        scenario = Scenario("", dict(variables))
        project = self.project._replace(module=module or self.project.module)
        return load_for_real(project, scenario, root, self.python, always)

    def steady(self, variables: Mapping[str, str], module: str = "",
               always: Mapping[str, object] = {}) -> Loaded:  # fmt: skip
        """As it was, without what is another one each time: keys made up, which may be kept in a
        file beside, sets in any order."""
        first = self.load(self.old, variables, module, always)
        if first.error:
            return first
        unsteady = {}
        for _ in range(2):
            again = self.load(self.beside, variables, module, always)
            unsteady.update({name: "another one each time" for name in first.settings
                             if _text(first, name) != _text(again, name)})  # fmt: skip
        return first._replace(left_out={**first.left_out, **unsteady})

    def in_production(self, scenario: Scenario, variables: Mapping[str, str]) -> None:
        has = self.load(self.new, variables)
        # What a project makes of DEBUG is its own: both are loaded with the one that holds now.
        debug = has.settings.get("DEBUG")
        always = {"DEBUG": debug} if "DEBUG" in self.named and isinstance(debug, bool) else {}
        had = self.steady(scenario.variables, always=always)
        if had.error or has.error:
            when = (
                f"did not load before: {had.error}" if had.error else f"does not load: {has.error}"
            )
            self.problem = when
            return
        self.changed.update(dict.fromkeys(_changed(had, has, self.named)))

    def on_a_developers_machine(self, scenario: Scenario, variables: Mapping[str, str]) -> None:
        had, has = self.steady(scenario.variables), self.load(self.new, variables)
        if has.error:
            self.problem = f"does not load on a developer's machine: {has.error}"
        for name in _changed(had, has, self.named):
            self.changed[f"{name} in development"] = None

    def without_effect(self) -> set[str]:
        """What may change in every module: what is set in vain goes everywhere, and no other module
        needs production's secrets."""
        vain = {name for each in self.done.repairs for name in each.settings
                if each.finding.control in ("obsolete-settings", "misspelt-settings")}  # fmt: skip
        return vain | {name for name in self.named if is_secret_name(name)}

    def in_other_modules(
        self, scenario: Scenario, variables: Mapping[str, str], free: set[str]
    ) -> None:
        """What is no part of production's settings is as it was, in a module that production's serves
        too but what is `free`."""
        reading = read(Request(path=self.old, module=self.project.module))
        loaded = {os.path.realpath(path) for path in reading.settings.texts}
        for module in reading.project.settings_modules:
            if os.path.realpath(os.path.join(reading.project.root, module.file)) in loaded:
                continue
            had = self.steady(scenario.variables, module.name)
            if had.error:
                continue
            self.others += 1
            has = self.load(self.new, variables, module.name)
            names = [f"it does not load: {has.error}"] if has.error else _changed(had, has, free)
            self.elsewhere.update(dict.fromkeys(f"{name} in {module.name}" for name in names))


def _changed(had: Loaded, has: Loaded, named: set[str]) -> Iterator[str]:
    """The settings that are not as they were, but those that an edit names."""
    for name in dict.fromkeys([*had.settings, *has.settings]):
        if name not in had.left_out and name not in named and _text(had, name) != _text(has, name):
            yield name


def _text(loaded: Loaded, name: str) -> str:
    """A value, Django's default if there is none, as text, the folder of the copy and the order of sets aside, which differ by
    themselves."""
    value = _in_order(loaded.settings.get(name, getattr(global_settings, name, None)))
    return re.sub(
        '/(before|beside|after)(?=/|")', "/copy", json.dumps(value, sort_keys=True, default=str)
    )


def _in_order(value: Any) -> Any:
    if isinstance(value, dict):
        of_set = value.get("\0set")
        if of_set is not None:
            return sorted(json.dumps(_in_order(each)) for each in of_set)
        return {key: _in_order(each) for key, each in value.items()}
    return [_in_order(each) for each in value] if isinstance(value, list) else value


def _scenario(project: Project) -> Scenario:
    """The environment of production, where that is known."""
    return next(
        (each for each in project.scenarios if each.name == "production"), project.scenarios[0]
    )


def _variables(project: Project, scenario: Scenario) -> dict[str, str]:
    chosen = {"DJANGO_CONFIGURATION": project.configuration} if project.configuration else {}
    return {**scenario.variables, **chosen}


def _asked(done: Repairs) -> dict[str, str]:
    """Values for the variables that production has to set now."""
    return {name: "www.example.com" if "HOST" in name else KEY for name in done.asked}


def _version(text: str) -> tuple[int, int]:
    first, second = text.split(".")[:2]
    return int(first), int(second)


def row_of(name: str, done: Repairs, again: Repairs, compared: Compared) -> Row:
    lines = [each for each in done.diff.splitlines() if not each.startswith(("+++", "---"))]
    left = {each.finding.control: each.why for each in done.remaining}
    return Row(
        name,
        mended=[each.finding.control for each in done.repairs],
        left=left,
        before=done.before,
        after=done.after,
        added=sum(each.startswith("+") for each in lines),
        removed=sum(each.startswith("-") for each in lines),
        changed=list(compared.changed),
        elsewhere=list(compared.elsewhere),
        others=compared.others,
        again=[each.finding.control for each in again.repairs],
        started=compared.started,
        problem=compared.problem,
    )


if __name__ == "__main__":
    sys.exit(main())
