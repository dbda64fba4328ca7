"""GitHub workflows: those that deploy, and those that test.

https://docs.github.com/en/actions/writing-workflows/workflow-syntax-for-github-actions
The variables of a job are those of the runner, not of production: of a job that deploys only
the settings module counts, and what it gives to the platform on a command line.
"""

from __future__ import annotations

from hardango.findings import Place
from hardango.light import Any
from hardango.patterns import Pattern
from hardango.project.model import Variable
from hardango.project.names import words
from hardango.project.platforms import yaml_variables
from hardango.project.python_entry import SETTINGS
from hardango.project.starts import Start
from hardango.project.tree import Tree
from hardango.project.yaml_text import get, line_of, load_yaml

_DEPLOYS = frozenset("deploy deployment deploys cd production prod heroku fly gcp ecs".split())
_SET = Pattern(
    r"(?:heroku\s+config:set|fly(?:ctl)?\s+secrets\s+set|dokku\s+config:set|--set-env-vars[= ]|"
    r"--update-env-vars[= ]|eb\s+setenv|\s-e\s|--env[= ])[^\n]*?\bDJANGO_SETTINGS_MODULE=([\w.]+)"
)


def read_workflows(tree: Tree) -> list[Start]:
    """The settings modules that workflows name."""
    found: list[Start] = []
    for file in tree.files:
        inside = file.startswith(".github/workflows/") or "/.github/workflows/" in file
        if inside and file.endswith((".yml", ".yaml")) and SETTINGS in (tree.read(file) or ""):
            for document in load_yaml(tree, file)[:1]:
                found += _workflow(file, document)
    return found


def _workflow(file: str, document: Any) -> list[Start]:
    stem = file.rpartition("/")[2]
    title = f"{stem} {get(document, 'name') or ''}"
    jobs = get(document, "jobs")
    found: list[Start] = []
    shared = _named(file, get(document, "env"))
    for name, job in jobs.items() if isinstance(jobs, dict) else ():
        deploys = bool(_DEPLOYS & set(words(f"{title} {name} {get(job, 'name') or ''}")))
        role = "production" if deploys else "test"
        modules = [*shared, *_named(file, get(job, "env"))]
        steps = get(job, "steps")
        for step in steps if isinstance(steps, list) else ():
            run = get(step, "run")
            if isinstance(run, str):
                match = _SET.search(run)
                if match and deploys:
                    line = line_of(run) + run.count("\n", 0, match.start(1)) + 1
                    variable = Variable(SETTINGS, match[1], Place(file, line))
                    found.append(_start(variable, "production"))
            # What a step sets is for its own command: a check, a test, collectstatic.
            found += [_start(each, "test") for each in _named(file, get(step, "env"))]
        found += [_start(each, role) for each in modules]
    return list({(each.place, each.role): each for each in found}.values())


def _start(variable: Variable, role: str) -> Start:
    return Start("workflow", role, variable.place, {SETTINGS: variable})


def _named(file: str, given: object) -> list[Variable]:
    found = yaml_variables(file, given).get(SETTINGS)
    return [found] if found is not None and found.value else []
