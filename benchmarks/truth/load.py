"""Loads a settings module twice: for real in a process of its own, and as Hardango reads it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from typing import Any, NamedTuple

from benchmarks.truth.interpreters import Interpreter
from benchmarks.truth.projects import HERE, Project, Scenario

TIME_LIMIT = 120  # seconds


class Loaded(NamedTuple):
    """What a module sets: JSON by name, the names that can't be compared and why; or an error.

    `inherited` are names that a configuration class has from Django, set by the project or not;
    `perhaps` is true if Hardango says that there are cases in which the module does not load,
    `open_ended` if it says that names may be set which it did not see.
    """

    settings: dict[str, Any]
    left_out: dict[str, str]
    error: str = ""
    stubbed: tuple[str, ...] = ()
    inherited: tuple[str, ...] = ()
    perhaps: bool = False
    open_ended: bool = False


def load_for_real(
    project: Project,
    scenario: Scenario,
    tree: str,
    interpreter: Interpreter,
    always: Mapping[str, object] = {},
) -> Loaded:
    """Import the settings module in `tree`, a throw-away copy, with the scenario's variables;
    the names in `always` have that value whatever the project assigns to them."""
    answer = answer_of(project, scenario, tree, interpreter, always=dict(always))
    if isinstance(answer, str):
        return Loaded({}, {}, answer)
    stubbed = tuple(answer["stubbed"])
    if "error" in answer:
        return Loaded({}, {}, f"{answer['error']} ({answer['at']})", stubbed)
    inherited = tuple(answer["inherited"])
    return Loaded(answer["settings"], answer["left_out"], "", stubbed, inherited)


def answer_of(
    project: Project, scenario: Scenario, tree: str, interpreter: Interpreter, **more: object
) -> Any:
    """What runner.py answers when it loads the module; a text if it does not."""
    request = {
        "root": tree,
        "import_roots": project.import_roots,
        "module": project.module,
        "configuration": project.configuration,
        "environment": scenario.variables,
        "absent": project.absent,
        "stubbed": project.stubbed,
        "libraries": interpreter.libraries,
        "always": {},
        **more,
    }
    command = [interpreter.executable, "-I", "-S", os.path.join(HERE, "runner.py")]
    try:
        result = subprocess.run(
            command, input=json.dumps(request), capture_output=True, text=True, timeout=TIME_LIMIT
        )
        return json.loads(result.stdout)
    except subprocess.TimeoutExpired:
        return "took too long"
    except ValueError:
        return f"no answer: {result.stderr.strip()[-300:]}"


def read_by_hardango(project: Project, scenario: Scenario, tree: str, django: str) -> Loaded:
    """Run `hardango settings` on `tree` with the scenario's variables and no others.

    `django` is the version that the real settings are loaded with, which a deployment would have
    in a lock file.
    """
    command = [sys.executable, "-m", "hardango", "settings", tree, "--settings", project.module]
    command += ["--closed-env", "--format", "json", "--django", django]
    variables = dict(scenario.variables)
    if project.configuration:
        variables["DJANGO_CONFIGURATION"] = project.configuration
    for name, value in variables.items():
        command += ["--env", f"{name}={value}"]
    source = os.path.join(os.path.dirname(os.path.dirname(HERE)), "src")
    environment = {**os.environ, "PYTHONPATH": source}
    try:
        result = subprocess.run(
            command, capture_output=True, text=True, timeout=TIME_LIMIT, env=environment
        )
        answer = json.loads(result.stdout)
    except subprocess.TimeoutExpired:
        return Loaded({}, {}, "took too long")
    except ValueError:
        lines = result.stderr.strip().splitlines() or ["no output"]
        return Loaded({}, {}, lines[-1])
    notes = [note["message"] for note in answer.get("notes", ())]
    perhaps = bool(answer.get("refuses"))
    settings = answer["settings"]
    # A Django setting without a place is listed because something unseen may have set it.
    open_ended = any("what comes after is not known" in note for note in notes) or any(
        not setting["at"] for setting in settings.values()
    )
    return Loaded(settings, {}, perhaps=perhaps, open_ended=open_ended)
