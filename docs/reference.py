"""The pages of the reference that are made from the program: the command line from its parsers,
the libraries from their models, the grades from the judge."""

from __future__ import annotations

import argparse
import ast
import re
from pathlib import Path

from hardango.access.weaknesses import WEAKNESSES
from hardango.cli import VERBS, parser_of
from hardango.controls import judge
from hardango.controls.catalogue import catalogue
from hardango.parsers import EXAMPLES
from hardango.settings.models import FILES

ROOT = Path(__file__).resolve().parent.parent
MADE = "<!-- Made from src/hardango/{} by `python3 dev.py docs`: change it there. -->"


# -- what access finds --------------------------------------------------------------------------


def page_of_weaknesses() -> str:
    """Each weakness of who reaches a route."""
    rows = ["| name | severity | what it is |", "| --- | --- | --- |"]
    parts = []
    for each in WEAKNESSES:
        severity = each.severity.label + (", a candidate" if each.candidate else "")
        rows.append(f"| [{each.name}](#{each.name}) | {severity} | {each.title} |")
        sources = ", ".join(f"[{source.text}]({source.url})" for source in each.references)
        parts += [f"## {each.name}", f"**{each.title}** · {severity} · {sources}",
                  f"*What an attacker gains:* {each.attack}", f"*What to do:* {each.remedy}"]  # fmt: skip
    return "\n\n".join([
        MADE.format("access/weaknesses.py"), "# What can be wrong with who reaches a route",
        WEAKNESSES_HEAD, "\n".join(rows), *parts,
    ]) + "\n"  # fmt: skip


WEAKNESSES_HEAD = """\
`hardango access` looks for these ([how](how-to/access.md)). Severities are those of the plain case: a POST to an address
without an object in it is `medium`, and an address or a view that is called `login`, `sign_up`, `webhook` and the like is
`low`. A *candidate* is for a person to look at, and never makes a run fail. What
[access.toml](access.md#accesstoml) declares `public` is no weakness."""


# -- the command line ------------------------------------------------------------------------------


COMMAND_LINE = """\
`hardango COMMAND --help` says the same. Without a command, it is `audit`. What the options are good for
is told in [Using Hardango](usage.md)."""


def page_of_command_line() -> str:
    """Every command with its arguments and options."""
    parts = [
        MADE.format("arguments.py"),
        "# Command line",
        COMMAND_LINE,
    ]
    for verb in VERBS:
        parser = parser_of(verb)
        rows = ["| argument | says |", "| --- | --- |"]
        rows += [_row(each) for each in parser._actions if each.dest != "help"]
        parts += [f"## hardango {verb}", parser.description or "", "\n".join(rows)]
    examples, codes = EXAMPLES.split("exit codes:\n")
    lines = [line.rstrip() for line in examples.splitlines()[1:]]
    parts += ["## Examples", "```text\n" + "\n".join(line[2:] for line in lines).rstrip() + "\n```"]
    parts += ["## Exit codes", "```text\n" + re.sub("(?m)^  ", "", codes).rstrip() + "\n```"]
    return "\n\n".join(parts) + "\n"


def _row(action: argparse.Action) -> str:
    names = [f"`{each}`" for each in action.option_strings]
    metavar = action.metavar if isinstance(action.metavar, str) else ""
    if not names:
        names = [f"`{metavar or action.dest.upper()}`"]
    elif metavar and action.nargs != 0:
        names[-1] = f"`{action.option_strings[-1]} {metavar}`"
    says = action.help or ""
    if action.choices and not metavar:
        says += f": {', '.join(f'`{each}`' for each in action.choices)}"
    elif action.choices and not any(str(each) in says for each in action.choices):
        says += f" ({', '.join(f'`{each}`' for each in action.choices)})"
    return f"| {', '.join(names)} | {cell(says)} |"


def cell(text: str) -> str:
    """A text in a cell of a table."""
    return " ".join(text.split()).replace("|", "\\|")


# -- the libraries ---------------------------------------------------------------------------------

LIBRARIES = """\
# Settings libraries that are understood

Hardango imports no library of an audited project. It has a model of what each of these does, written
from its documentation and held against the library itself in the tests. What comes from anything else
is *not known*, with its name, and so is a name that a model doesn't have."""


def page_of_libraries() -> str:
    """Each model, by the names under which it is imported."""
    parts = [MADE.format("settings/models.py"), LIBRARIES]
    for folder, title in (
        ("libraries", "Libraries"),
        ("stdlib", "The standard library"),
    ):
        files: dict[str, list[str]] = {}
        for name, file in FILES.items():
            if file.startswith(folder):
                files.setdefault(file, []).append(name)
        rows = ["| imported as | model |", "| --- | --- |"]
        rows += [_model(file, names) for file, names in sorted(files.items())]
        parts += [f"## {title}", "\n".join(rows)]
    return "\n\n".join(parts) + "\n"


def _model(file: str, names: list[str]) -> str:
    """A row of the table: the first paragraph of a model's docstring, linked to its source."""
    path = ROOT / "src" / "hardango" / "settings" / f"{file.replace('.', '/')}.py"
    said = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or ""
    address = re.search(r"https://[^\s,]*[^\s,.]", said)
    text = cell(said.partition("\n\n")[0])
    more = f" ([documentation]({address[0]}))" if address and address[0] not in text else ""
    return f"| {', '.join(f'`{each}`' for each in names)} | {text}{more} |"


# -- Django's own checks ---------------------------------------------------------------------------

CHECKS = """\
# Django's own checks, by control

`hardango.django` tells each control in `manage.py check --deploy` as `hardango.NAME`, judged from
the settings that are loaded. Where one judges what a check of Django looks at, that check is listed
here: with `HARDANGO = {"replace": True}` it is silent. Three are judged otherwise: W005 and W021
ask every site for subdomains and preloading, `hsts` looks at what can break; W019 asks for DENY,
`frame-options` takes SAMEORIGIN, too. E101 and E102, which `check` tells without `--deploy`, have
no double."""


def page_of_checks() -> str:
    """Which of Django's own checks each control replaces."""
    rows = ["| control | replaces |", "| --- | --- |"]
    rows += [
        f"| [{each.name}](controls/{each.name}.md) | {', '.join(each.replaces)} |"
        for each in catalogue()
        if each.replaces
    ]
    return "\n\n".join([MADE.format("controls/"), CHECKS, "\n".join(rows)]) + "\n"


# -- the grades ------------------------------------------------------------------------------------

GRADES = """\
# How grades are made

A grade is for a glance; the findings are what counts. It is made so that one open door can't be made
up for by twenty locked windows, and so that a project doesn't look better for hiding its settings."""


def page_of_grades() -> str:
    """How judgements become verdicts, a score and a letter."""
    rules = (judge.__doc__ or "").split("\n\n", 1)[1].strip()
    penalties = [
        f"| {severity.label} | {points} | {judge.AT_MOST[severity]} |"
        for severity, points in judge.PENALTY.items()
    ]
    letters = [f"| {least} | {letter} |" for least, letter in judge.GRADES]
    parts = [
        MADE.format("controls/judge.py"),
        GRADES,
        rules,
        "\n".join(["| severity | `PENALTY` | `AT_MOST` |", "| --- | --- | --- |", *penalties]),
        "\n".join(["| score from | grade |", "| --- | --- |", *letters]),
    ]
    return "\n\n".join(parts) + "\n"
