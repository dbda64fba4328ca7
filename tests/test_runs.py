"""Several audits in one run, as a user asks for them: options, configuration, exit codes."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from hardango.cli import KEYS, main, parser_of
from hardango.configuration.keys import TABLES

Run = Callable[..., Any]
Write = Callable[[Mapping[str, str]], Path]

MANAGE = 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "conf.production")\n'
FILES = {
    ".git/HEAD": "",
    "manage.py": MANAGE,
    "conf/__init__.py": "",
    "conf/production.py": "import os\nDEBUG = os.environ.get('X') == '1'\nALLOWED_HOSTS = ['*']\n",
    "conf/staging.py": "DEBUG = True\nALLOWED_HOSTS = ['x.example']\n",
}
ONLY = ("--control", "debug", "--control", "allowed-hosts")


@pytest.fixture
def typed(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """As `hardango`, in this process: a table of runs is done ten times as fast."""

    def run(*arguments: str, cwd: Path) -> Ran:
        monkeypatch.chdir(cwd)
        code = main(arguments)
        said = capsys.readouterr()
        return Ran(code, said.out, said.err)

    return run


class Ran(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)


def weak(ran: Any) -> dict[str, set[str]]:
    """The weaknesses that count, by settings module, of a report in JSON."""
    data = ran.json
    return {
        each["module"].rpartition(".")[2]: {
            finding["control"] for finding in each["findings"]
            if finding["verdict"] in ("fail", "conditional") and not finding["ignored"]
        }
        for each in data.get("reports", [data])
    }  # fmt: skip


@pytest.mark.parametrize(
    ("configuration", "arguments", "found", "code"),
    [
        ("", [*ONLY], {"production": {"allowed-hosts"}}, 1),
        ("", [*ONLY, "--fail-on", "critical"], {"production": {"allowed-hosts"}}, 0),
        ("", ["--control", "debug"], {"production": set()}, 0),
        ("", [*ONLY, "--exclude", "allowed-hosts"], {"production": set()}, 0),
        # A matrix, by option and by configuration.
        ("", [*ONLY, "--settings", "conf.production", "--settings", "conf.staging"],
         {"production": {"allowed-hosts"}, "staging": {"debug"}}, 1),
        ('settings = ["conf.production", "conf.staging"]', [*ONLY],
         {"production": {"allowed-hosts"}, "staging": {"debug"}}, 1),
        ('settings = ["conf.production", "conf.staging"]', [*ONLY, "--settings", "conf.staging"],
         {"staging": {"debug"}}, 1),
        # Each key of the configuration, and the option that overrules it.
        ('control = ["debug"]', [], {"production": set()}, 0),
        ('control = ["debug"]', ["--control", "allowed-hosts"],
         {"production": {"allowed-hosts"}}, 1),
        ('exclude = ["allowed-hosts"]', ["--control", "allowed-hosts"],
         {"production": {"allowed-hosts"}}, 1),
        ('fail-on = "critical"', [*ONLY], {"production": {"allowed-hosts"}}, 0),
        ('fail-on = "critical"', [*ONLY, "--fail-on", "high"], {"production": {"allowed-hosts"}}, 1),
        ('min-severity = "critical"', [*ONLY], {"production": set()}, 1),
        ('min-severity = "critical"', [*ONLY, "--min-severity", "low"],
         {"production": {"allowed-hosts"}}, 1),
        ('env = { X = "1" }', [*ONLY], {"production": {"allowed-hosts", "debug"}}, 1),
        ('env = { X = "1" }', [*ONLY, "--env", "X=0"], {"production": {"allowed-hosts"}}, 1),
        ('env-file = "vars.txt"', [*ONLY], {"production": {"allowed-hosts", "debug"}}, 1),
        ('env-file = "vars.txt"\nenv = { X = "0" }', [*ONLY], {"production": {"allowed-hosts"}}, 1),
        ('env = { X = "0" }', [*ONLY, "--env-file", "vars.txt"],
         {"production": {"allowed-hosts", "debug"}}, 1),
        ('[[ignore]]\ncontrol = "allowed-hosts"\nreason = "x"', [*ONLY], {"production": set()}, 0),
        ('[[ignore]]\ncontrol = "allowed-hosts"\nreason = "x"', [*ONLY, "--no-ignores"],
         {"production": {"allowed-hosts"}}, 1),
        ('no-ignores = true\n[[ignore]]\ncontrol = "allowed-hosts"\nreason = "x"', [*ONLY],
         {"production": {"allowed-hosts"}}, 1),
        # And without it.
        ('control = ["debug"]', [*ONLY, "--no-config"], {"production": {"allowed-hosts"}}, 1),
        ("broken = [", [*ONLY, "--no-config"], {"production": {"allowed-hosts"}}, 1),
    ],
)  # fmt: skip
def test_a_run(
    typed: Run,
    write: Write,
    configuration: str,
    arguments: list[str],
    found: dict[str, set[str]],
    code: int,
) -> None:
    root = write({**FILES, "vars.txt": "X=1\n", "hardango.toml": configuration})
    ran = typed("audit", "--format", "json", *arguments, cwd=root)
    assert ran.err == ""
    assert weak(ran) == found
    assert ran.code == code


def test_several_projects_each_with_its_configuration(typed: Run, write: Write) -> None:
    files = {f"{name}/{file}": text for name in ("web", "api") for file, text in FILES.items()
             if file != ".git/HEAD"}  # fmt: skip
    root = write({".git/HEAD": "", **files, "api/hardango.toml": 'exclude = ["allowed-hosts"]',
                  "hardango.toml": 'control = ["debug", "allowed-hosts"]'})  # fmt: skip
    ran = typed("audit", "web", "api", "web", "--format", "json", cwd=root)
    one, two = ran.json["reports"]
    assert (one["project"], two["project"]) == ("web", "api")
    assert one["configuration"]["location"] == {"file": "../hardango.toml", "line": 1, "column": 1}
    assert two["configuration"]["sets"] == ["exclude allowed-hosts"]
    text = typed("audit", "web", "api", cwd=root).out
    assert "2 audits" in text and "web: conf.production" in text.partition("2 audits")[2]
    quiet = typed("audit", "web", "api", "-q", cwd=root).out
    assert "Audit of web: conf.production" in quiet and "../hardango.toml:1" in quiet


def test_the_head_says_what_a_configuration_does(typed: Run, write: Write) -> None:
    root = write({**FILES, "pyproject.toml": '[project]\n\n[tool.hardango]\nfail-on = "never"\n'
                  '[tool.hardango.deployment]\ntls = "proxy"\n[[tool.hardango.ignore]]\n'
                  'control = "allowed-hosts"\nreason = "the load balancer"\n'})  # fmt: skip
    ran = typed("audit", cwd=root)
    assert "  config   pyproject.toml:3 (fail-on never; ignore allowed-hosts)\n" in ran.out
    assert "  topology a proxy ends TLS\n" in ran.out
    assert "- ignored: allowed-hosts (the load balancer (pyproject.toml:7))" in ran.out
    assert ran.code == 0
    assert "pyproject.toml:3" in typed("audit", "-q", cwd=root).out
    assert "pyproject.toml" not in typed("audit", "--no-config", cwd=root).out


def test_a_configuration_is_for_settings_too(typed: Run, write: Write) -> None:
    root = write({**FILES, "hardango.toml": 'settings = ["conf.staging"]\n'})
    assert typed("settings", "--format", "json", cwd=root).json["module"] == "conf.staging"
    assert typed("settings", "--no-config", "--format", "json", cwd=root).json["module"] == (
        "conf.production"
    )


def test_a_wrong_configuration_is_one_sentence(typed: Run, write: Write) -> None:
    root = write({**FILES, "hardango.toml": '\nfial-on = "high"\n'})
    ran = typed("audit", cwd=root)
    assert (ran.code, ran.out) == (2, "")
    said = "there is no key 'fial-on'; did you mean 'fail-on'?"
    assert ran.err == f"hardango: hardango.toml:2: {said}\n"


def test_a_wrong_comment_is_one_sentence(typed: Run, write: Write) -> None:
    root = write({**FILES, "conf/production.py": "DEBUG = True  # hardango: ignore[debug]\n"})
    ran = typed("audit", cwd=root)
    assert (ran.code, ran.out) == (2, "")
    assert ran.err.startswith("hardango: conf/production.py:1: an ignore needs a reason")
    assert typed("audit", "--no-ignores", *ONLY, cwd=root).code == 1


def test_every_option_has_its_key_but_those_that_write_and_show() -> None:
    """A stranger's configuration must neither write files nor hide what it does."""
    options = {name for action in parser_of("audit")._actions for name in action.option_strings
               if name.startswith("--") and not name.startswith("--no-")}  # fmt: skip
    keyed = {key.option for key in TABLES[""] if key.option}
    assert keyed - {"--no-ignores"} == options - {
        "--help", "--format", "--output", "--quiet", "--verbose", "--write-baseline",
    }  # fmt: skip
    assert {f"--{key}" for key in KEYS} == keyed


# -- baselines -------------------------------------------------------------------------------------


def test_a_baseline_from_beginning_to_end(typed: Run, write: Write) -> None:
    root = write(FILES)
    ran = typed("audit", *ONLY, "--write-baseline", "known.json", cwd=root)
    assert ran.code == 0
    assert "- known from the baseline: allowed-hosts (high)" in ran.out
    first = (root / "known.json").read_text()
    typed("audit", *ONLY, "--write-baseline", "known.json", cwd=root)
    assert (root / "known.json").read_text() == first
    # What is known does not fail, what is new does.
    assert typed("audit", *ONLY, "--baseline", "known.json", cwd=root).code == 0
    (root / "conf" / "production.py").write_text("\n\nALLOWED_HOSTS = ['*']\nDEBUG = True\n")
    ran = typed("audit", *ONLY, "--baseline", "known.json", cwd=root)
    assert ran.code == 1
    assert "Debug mode is on in production [new]" in ran.out
    data = typed("audit", *ONLY, "--baseline", "known.json", "--format", "json", cwd=root).json
    assert {each["control"]: each["since"] for each in data["findings"]} == {
        "debug": "new", "allowed-hosts": "known",
    }  # fmt: skip
    # What is fixed is said, and the configuration can name the baseline.
    (root / "conf" / "production.py").write_text("ALLOWED_HOSTS = ['x.example']\n")
    (root / "hardango.toml").write_text('baseline = "known.json"\n')
    ran = typed("audit", *ONLY, cwd=root)
    assert ran.code == 0
    assert "no longer there: allowed-hosts" in ran.out.replace("\n           ", " ")


@pytest.mark.parametrize(
    ("before", "after", "arguments", "code", "sets"),
    [
        ("ALLOWED_HOSTS = ['*']\n", "DEBUG = True\nALLOWED_HOSTS = ['x.example']\n", [], 1,
         {"new": ["debug"], "fixed": ["allowed-hosts"]}),
        ("ALLOWED_HOSTS = ['*']\n", "DEBUG = True\nALLOWED_HOSTS = ['*']\n",
         ["--fail-on", "never"], 0, {"new": ["debug"], "unchanged": ["allowed-hosts"]}),
        ("DEBUG = True\nALLOWED_HOSTS = ['*']\n", "ALLOWED_HOSTS = ['*']\n", [], 0,
         {"fixed": ["debug"], "unchanged": ["allowed-hosts"]}),
        ("ALLOWED_HOSTS = ['.com']\n", "ALLOWED_HOSTS = ['*']\n", [], 1,
         {"worse": ["allowed-hosts"]}),
        ("ALLOWED_HOSTS = ['x.example']\n", "ALLOWED_HOSTS = ['x.example']\n", [], 0, {}),
    ],
)  # fmt: skip
def test_diff(
    typed: Run,
    write: Write,
    before: str,
    after: str,
    arguments: list[str],
    code: int,
    sets: dict[str, list[str]],
) -> None:
    root = write(FILES)
    for name, text in (("old.json", before), ("new.json", after)):
        (root / "conf" / "production.py").write_text(text)
        typed("audit", *ONLY, "--format", "json", "--output", name, cwd=root)
    ran = typed("diff", "old.json", "new.json", *arguments, "--format", "json", cwd=root)
    (found,) = ran.json["reports"]
    assert {name: [each["control"] for each in those] for name, those in found.items()
            if name != "module" and those} == sets  # fmt: skip
    assert ran.code == code
    text = typed("diff", "old.json", "new.json", *arguments, cwd=root).out
    assert text.startswith("conf.production\n")
    for name, controls in sets.items():
        assert f"  {name:11}{controls[0]} (" in text


def test_no_secret_reaches_a_baseline(typed: Run, write: Write) -> None:
    key = "k3j#%f2-ab9d@x7_!kq0vz+w8(r5" * 2
    root = write({**FILES, "conf/production.py": f"SECRET_KEY = {key!r}\nDEBUG = True\n"})
    typed("audit", "--write-baseline", "known.json", cwd=root)
    text = (root / "known.json").read_text()
    assert json.loads(text)["reports"][0]["findings"]
    assert key[:12] not in text
