"""Where teams keep it: the GitHub Action, the GitLab template and the pre-commit hook.

Their own scripts are run, as they stand in the files, against the example shop. Only what installs
is replaced: the network is not ours.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from hardango.cli import LEVELS, parser_of

ROOT = Path(__file__).resolve().parent.parent
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
SPEC, JOB = yaml.safe_load_all((ROOT / "templates" / "hardango.yml").read_text(encoding="utf-8"))
(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
STEPS = {each.get("name", each.get("uses")): each for each in ACTION["runs"]["steps"]}

PIP = """#!/bin/sh
# Stands in for `python`, and for pip: what would be installed is linked.
case "$*" in
  "-m pip install"*)
    test "$#" = 7 && test -f "$7/pyproject.toml" || exit 9
    mkdir -p "$6" && ln -s "$7/src/hardango" "$6/hardango" ;;
  "-m venv "*)
    mkdir -p "$3/bin" && printf '#!/bin/sh\\nexit 0\\n' > "$3/bin/pip"
    printf '#!/bin/sh\\nPYTHONPATH=SOURCE exec PYTHON -m hardango "$@"\\n' > "$3/bin/hardango"
    chmod +x "$3"/bin/* ;;
  *) exec PYTHON "$@" ;;
esac
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    """A repository that holds the shop, with a module that would run if Python looked there."""
    folder = tmp_path / "work"
    shutil.copytree(ROOT / "examples" / "shop", folder)
    (folder / ".git").mkdir()
    (folder / "json.py").write_text("open('ran', 'w')\n", encoding="utf-8")
    tools = tmp_path / "tools"
    tools.mkdir()
    python = tools / "python"
    script = PIP.replace("PYTHON ", f"{sys.executable} ").replace("SOURCE", str(ROOT / "src"))
    python.write_text(script, encoding="utf-8")
    python.chmod(0o755)
    return folder


def run(script: str, shop: Path, variables: Mapping[str, str]) -> subprocess.CompletedProcess[str]:
    """Run a script as both services do: by bash, stopping at the first failure."""
    environment = {"PATH": f"{shop.parent / 'tools'}{os.pathsep}{os.environ['PATH']}",
                   "LANG": "C.UTF-8", **variables}  # fmt: skip
    return subprocess.run(
        ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
        cwd=shop, env=environment, capture_output=True, text=True, timeout=60,
    )  # fmt: skip


# -- the GitHub Action -----------------------------------------------------------------------------


def act(shop: Path, **given: str) -> tuple[int, str, dict[str, str]]:
    """The exit code of the job, what it prints, and what the step says to the following ones."""
    inputs = {name: each.get("default", "") for name, each in ACTION["inputs"].items()} | given
    home = shop.parent
    said = home / "output"
    common = {"RUNNER_TEMP": str(home), "GITHUB_ACTION_PATH": str(ROOT), "GITHUB_OUTPUT": str(said),
              "GITHUB_STEP_SUMMARY": str(home / "summary.md")}  # fmt: skip
    outputs: dict[str, str] = {}

    def filled(text: str) -> str:
        def value(match: re.Match[str]) -> str:
            kind, name = match[1].split(".", 1)
            if kind == "inputs":
                return inputs[name]
            return {"runner.temp": str(home)}.get(match[1]) or outputs[name.split(".")[-1]]

        return re.sub(r"\$\{\{ ([\w.-]+) \}\}", value, text)

    printed, code = "", 0
    for step in ACTION["runs"]["steps"]:
        if "run" not in step:
            continue
        assert "${{" not in step["run"], "an input must not become a piece of script"
        variables = {name: filled(text) for name, text in step.get("env", {}).items()}
        done = run(step["run"], shop, {**common, **variables})
        printed += done.stdout + done.stderr
        code = done.returncode
        if said.exists():
            outputs = dict(line.split("=", 1) for line in said.read_text().splitlines())
    return code, printed, outputs


def test_the_action_annotates_and_writes_sarif_and_a_summary(shop: Path) -> None:
    code, printed, outputs = act(shop)
    assert (code, outputs) == (1, {"exit-code": "1"})
    assert "::error file=config/settings/production.py,line=5,col=1,title=Debug mode" in printed
    sarif = json.loads((shop / "hardango.sarif").read_text(encoding="utf-8"))
    assert sarif["version"] == "2.1.0"
    summary = (shop.parent / "summary.md").read_text(encoding="utf-8")
    assert summary.startswith("## Hardango: work, grade F")
    assert not (shop / "ran").exists()


@pytest.mark.parametrize(
    ("given", "code", "says"),
    [
        ({"fail-on": "never"}, 0, "::error"),
        ({"arguments": "--control frame-options --fail-on critical"}, 0, "::warning"),
        ({"arguments": "--control frame-options\n--fail-on\n  critical\n"}, 0, "::warning"),
        ({"path": "config", "fail-on": "low"}, 1, "::error"),
        ({"path": "nowhere"}, 2, "nowhere"),
        ({"fail-on": "severe"}, 2, "severe"),
        # Nothing of an input is read by the shell.
        ({"path": "$(touch ran)"}, 2, "$(touch ran)"),
        ({"arguments": "$(touch ran) `touch ran` ; touch ran"}, 2, ""),
    ],
)
def test_the_action_is_told(shop: Path, given: dict[str, str], code: int, says: str) -> None:
    ended, printed, outputs = act(shop, **given)
    assert (ended, outputs["exit-code"]) == (code, str(code)), printed
    assert says in printed
    assert not (shop / "ran").exists()


def test_the_action_says_what_it_has() -> None:
    assert ACTION["runs"]["using"] == "composite"
    assert set(re.findall(r"steps\.(\w+)\.", json.dumps(ACTION))) == {
        each["id"] for each in ACTION["runs"]["steps"] if "id" in each
    }
    used = set(re.findall(r"inputs\.([\w-]+)", json.dumps(ACTION)))
    assert used == set(ACTION["inputs"])
    assert all(each["description"] for each in ACTION["inputs"].values())
    assert all(each in ACTION["inputs"]["fail-on"]["description"] for each in LEVELS)
    for step in ACTION["runs"]["steps"]:
        assert step.get("shell") == "bash" if "run" in step else "@" in step["uses"]


def test_other_actions_are_pinned_by_their_commit() -> None:
    used = [each["uses"] for each in STEPS.values() if "uses" in each]
    assert used
    assert all(re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", each) for each in used)


# -- the GitLab template ---------------------------------------------------------------------------


def job(shop: Path, **given: str) -> subprocess.CompletedProcess[str]:
    inputs = {name: each.get("default", "") for name, each in SPEC["spec"]["inputs"].items()}
    inputs |= {"package": "hardango", **given}
    text = json.dumps(JOB["hardango"])
    for name, value in inputs.items():
        text = text.replace(f"$[[ inputs.{name} ]]", json.dumps(value)[1:-1])
    assert "$[[" not in text
    filled = json.loads(text)
    variables = {**filled["variables"], "CI_BUILDS_DIR": str(shop.parent)}
    return run("\n".join(filled["script"]), shop, variables)


def test_the_template_writes_the_reports_that_it_names(shop: Path) -> None:
    assert job(shop).returncode == 1
    for kind, name in JOB["hardango"]["artifacts"]["reports"].items():
        text = (shop / name).read_text(encoding="utf-8")
        assert text.startswith("[" if kind == "codequality" else "<?xml")
    issues = json.loads((shop / "gl-code-quality-report.json").read_text(encoding="utf-8"))
    assert {"debug", "secret-key"} <= {each["check_name"] for each in issues}
    assert not (shop / "ran").exists()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"arguments": "--fail-on never"}, 0),
        ({"arguments": "--control frame-options --fail-on critical"}, 0),
        ({"path": "nowhere"}, 2),
        ({"path": "$(touch ran)"}, 2),
    ],
)
def test_the_template_is_told(shop: Path, given: dict[str, str], code: int) -> None:
    assert job(shop, **given).returncode == code
    assert not (shop / "ran").exists()


# -- pre-commit ------------------------------------------------------------------------------------


def test_the_hook_is_a_command_that_is_installed() -> None:
    with open(ROOT / "pyproject.toml", "rb") as opened:
        project: dict[str, Any] = tomllib.load(opened)["project"]
    command, verb = HOOK["entry"].split()
    assert command in project["scripts"]
    assert parser_of(verb)
    assert (HOOK["id"], HOOK["language"], HOOK["pass_filenames"]) == ("hardango", "python", False)


@pytest.mark.parametrize(
    ("file", "looks"),
    [
        ("config/settings/production.py", True), ("Dockerfile", True), ("docker/prod.Dockerfile", True),
        ("docker-compose.yml", True), ("Procfile", True), (".env.production", True),
        ("requirements.txt", True), ("requirements/base.txt", True), ("uv.lock", True),
        ("pyproject.toml", True), ("hardango.toml", True), ("app.json", True),
        ("README.md", False), ("static/app.js", False), ("logo.png", False), ("robots.txt", False),
        ("templates/base.html", False), ("locale/de/LC_MESSAGES/django.po", False),
        ("static/site.css", False), ("LICENSE", False), ("docs/requirements.rst", False),
    ],
)  # fmt: skip
def test_which_files_make_the_hook_look(file: str, looks: bool) -> None:
    assert (re.search(HOOK["files"], file) is not None) is looks


@pytest.mark.skipif(shutil.which("pre-commit") is None, reason="pre-commit is not installed")
def test_pre_commit_accepts_the_hook() -> None:
    done = subprocess.run(["pre-commit", "validate-manifest", ROOT / ".pre-commit-hooks.yaml"])
    assert done.returncode == 0
