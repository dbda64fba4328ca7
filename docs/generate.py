"""Writes the parts of the documentation that are made from the program itself.

In a page, what a command prints stands between two marks, and is never written by hand:

    <!-- output of: hardango audit examples/shop | first 20 lines -->
    <!-- end of output -->

A page that says `<!-- walk: … -->` is walked (docs/walk.py): its commands are run in order, and
what they print is written into it.

The pages in `docs/controls/` and their list are made from the controls: each control's file is
its page. The pages in `REFERENCE` are made by docs/reference.py and docs/gallery.py, the page of the configuration and its JSON schema are made from the tables of keys.

With `--check` nothing is written: what is stale is shown, and the exit code is 1.
"""

from __future__ import annotations

import difflib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import gallery
import reference
import walk

from hardango.configuration.keys import KINDS, NEEDS_TLS, TABLES, Key
from hardango.controls.catalogue import catalogue, names

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "docs" / "controls.md"
CONTROLS = ROOT / "docs" / "controls"
CONFIGURATION = ROOT / "docs" / "configuration.md"
REFERENCE = {
    ROOT / "docs" / "command-line.md": reference.page_of_command_line,
    ROOT / "docs" / "checks.md": reference.page_of_checks,
    ROOT / "docs" / "weaknesses.md": reference.page_of_weaknesses,
    ROOT / "docs" / "libraries.md": reference.page_of_libraries,
    ROOT / "docs" / "gallery.md": gallery.page,
    ROOT / "docs" / "explanation" / "grades.md": reference.page_of_grades,
}
SCHEMA = ROOT / "docs" / "hardango.schema.json"
MADE_WHOLE = {LIST, CONFIGURATION, *REFERENCE, *CONTROLS.glob("*.md")}
PAGES = [ROOT / "README.md", *sorted(set((ROOT / "docs").rglob("*.md")) - MADE_WHOLE)]

MADE = "<!-- Made from src/hardango/controls/ by `python3 dev.py docs`: change it there. -->"

BLOCK = re.compile(
    r"<!-- output of: (?P<command>hardango [^|\n]*?)(?: \| (?P<part>[^\n]*?))? -->\n"
    r".*?<!-- end of output -->",
    re.DOTALL,
)


def output_of(command: str) -> str:
    """What `command` prints in a terminal of 80 columns without colour."""
    environment = {"PATH": os.environ.get("PATH", ""), "COLUMNS": "80", "NO_COLOR": "1"}
    environment["PYTHONPATH"] = str(ROOT / "src")
    environment["XDG_CACHE_HOME"] = os.devnull  # no database of advisories
    done = subprocess.run(
        [sys.executable, "-m", "hardango", *command.split()[1:]],
        cwd=ROOT, env=environment, capture_output=True, text=True, encoding="utf-8",
    )  # fmt: skip
    if done.returncode not in (0, 1) or done.stderr:
        raise SystemExit(f"{command}: exit code {done.returncode}\n{done.stderr}")
    return done.stdout.rstrip("\n")


def part_of(text: str, part: str | None) -> str:
    """`first N lines` of the text, or all of it; what was cut is shown as an ellipsis."""
    if part is None:
        return text
    match = re.fullmatch(r"first (\d+) lines", part)
    if match is None:
        raise SystemExit(f"not understood: {part}")
    lines = text.splitlines()
    kept = "\n".join(lines[: int(match[1])])
    return f"{kept.rstrip()}\n…" if len(lines) > int(match[1]) else kept


def with_outputs(page: str) -> str:
    """The page with every output block made new."""

    def block(match: re.Match[str]) -> str:
        command, part = match["command"].strip(), match["part"]
        mark = match[0].splitlines()[0]
        shown = part_of(output_of(command), part)
        return f"{mark}\n```console\n$ {command}\n{shown}\n```\n<!-- end of output -->"

    return BLOCK.sub(block, page)


def page_of(control: str) -> str:
    """One control's whole story as a page."""
    return f"{MADE}\n{output_of(f'hardango explain {control} --format markdown')}\n"


def list_of_controls() -> str:
    """The catalogue in its own order."""
    table = re.sub(
        r"^\| `([^`]+)`",
        r"| [\1](controls/\1.md)",
        output_of("hardango explain --format markdown"),
        flags=re.MULTILINE,
    )
    not_yet = ", ".join(f"`{each.name}`" for each in catalogue() if not (each.judged or each.live))
    parts = [
        f"{MADE}\n# Controls",
        table,
        f"Not judged yet by this version, and never shown as passed: {not_yet}." if not_yet else "",
        "Judgements become a verdict and a grade: [how grades are made](explanation/grades.md).",
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


# -- the configuration -----------------------------------------------------------------------------

CONFIGURATION_HEAD = """\
<!-- Made from src/hardango/configuration/keys.py by `python3 dev.py docs`: change it there. -->
# Configuration

Hardango reads `[tool.hardango]` in `pyproject.toml`, or a file `hardango.toml` in which the same
keys stand at the top; of two in one directory `hardango.toml` counts. The file nearest upward from
the audited path is used, up to the repository's root. What the command line says overrules it, key
by key; variables are added to those of the configuration, and win. `--no-config` leaves it out.

```toml
[tool.hardango]
settings = ["config.settings.production", "config.settings.staging"]
env-file = "deploy/production.env"
fail-on = "high"

[tool.hardango.deployment]
tls = "proxy"
redirect = "proxy"
headers = ["Strict-Transport-Security"]
scheme-header = "X-Forwarded-Proto"

[[tool.hardango.ignore]]
control = "session-engine"
reason = "nothing secret is kept in the session"
until = 2027-01-31
```

A stranger's repository brings its own configuration. So the first lines of a report say that there
was one, and everything that it sets; it can name no file outside of the repository; and what writes
files or shapes the output (`--output`, `--format`, `--quiet`, `--verbose`, `--write-baseline`) has
no key. An unknown key, a control that doesn't exist or a value of the wrong kind ends the command
with exit code 2 and the line.

Editors complete and check with the [JSON schema](hardango.schema.json); in `hardango.toml`, the
comment `#:schema` with its address in the first line tells them.
"""

OF_DEPLOYMENT = """\
What stands between the internet and Django can't be read from a repository. Say it here, and what
is done there is *satisfied elsewhere* instead of a weakness: a promise, which only a request can
prove. What is not said is not assumed."""

TITLES = {
    "": ("Keys of `[tool.hardango]`", ""),
    "deployment": ("`[tool.hardango.deployment]`", OF_DEPLOYMENT),
    "access": (
        "`[tool.hardango.access]`",
        (
            "A role has `staff`, `superuser`, `permissions` (of Django: `blog.change_post`) and `groups`, "
            "each of which can be left out. Groups that no migration makes have no permissions."
        ),
    ),
    "ignore": (
        "`[[tool.hardango.ignore]]`",
        "How to use it is told in [ignoring.md](ignoring.md).",
    ),
}


def page_of_configuration() -> str:
    """Every key, with what it takes and the option that says the same."""
    parts = [CONFIGURATION_HEAD.rstrip()]
    for name, keys in TABLES.items():
        title, text = TITLES[name]
        rows = ["| key | takes | says | option |", "| --- | --- | --- | --- |"]
        for key in keys:
            option = f"`{key.option}`" if key.option else ""
            needed = " (required)" if key.required else ""
            rows.append(f"| `{key.name}`{needed} | {_takes(key)} | {key.says} | {option} |")
        if not any(key.option for key in keys):
            rows = [row.rsplit("|", 2)[0] + "|" for row in rows]
        parts += [part for part in (f"## {title}", text, "\n".join(rows)) if part]
    return "\n\n".join(parts) + "\n"


def _takes(key: Key) -> str:
    if key.choices:
        return ", ".join(f"`{each}`" for each in key.choices)
    if key.kind in ("table", "tables"):
        return "a table, see below" if key.kind == "table" else "tables, see below"
    return KINDS[key.kind][0]


def schema_of_configuration() -> str:
    """The JSON schema of a hardango.toml, and of the table in a pyproject.toml."""
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Configuration of hardango",
        "description": "hardango.toml, or [tool.hardango] in pyproject.toml",
        **_table_schema(""),
    }
    return json.dumps(schema, indent=2) + "\n"


def _table_schema(name: str) -> dict[str, object]:
    schema: dict[str, object] = {
        "type": "object",
        "additionalProperties": False,
        "properties": {
            key.name: {"description": key.says, **_key_schema(key)} for key in TABLES[name]
        },
    }
    if name == "deployment":
        no_tls = {"properties": {"tls": {"const": "none"}}, "required": ["tls"]}
        schema |= {"if": no_tls, "then": {"properties": dict.fromkeys(NEEDS_TLS, False)}}
    required = [key.name for key in TABLES[name] if key.required]
    return {**schema, "required": required} if required else schema


def _key_schema(key: Key) -> dict[str, object]:
    text: dict[str, object] = {"type": "string", "minLength": 1}
    control: dict[str, object] = {"enum": names()}
    header: dict[str, object] = {"type": "string", "pattern": "^[A-Za-z0-9-]+$"}
    list_of: dict[str, object] = {"type": "array", "minItems": 1}
    schemas: dict[str, dict[str, object]] = {
        "texts": {"anyOf": [text, {**list_of, "items": text}]},
        "controls": {"anyOf": [control, {**list_of, "items": control}]},
        "control": control,
        "variables": {"type": "object", "additionalProperties": {"type": "string"}},
        "flag": {"type": "boolean"},
        "version": {"type": "string", "pattern": r"^[0-9]{1,3}(\.[0-9]{1,3}){1,2}$"},
        "choice": {"enum": list(key.choices)},
        "header": header,
        "headers": {"anyOf": [header, {**list_of, "items": header}]},
        "count": {"type": "integer", "minimum": 0, "maximum": 99},
        "path": {"type": "string", "pattern": "^/"},
        "date": {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"},
        "reason": {"type": "string", "pattern": r"\S"},
        "roles": {
            "type": "object",
            "additionalProperties": {
                "type": "object",
                "additionalProperties": False,
                "properties": {
                    "staff": {"type": "boolean"},
                    "superuser": {"type": "boolean"},
                    "permissions": {"anyOf": [text, {**list_of, "items": text}]},
                    "groups": {"anyOf": [text, {**list_of, "items": text}]},
                },
            },
        },
        "table": _table_schema(key.name) if key.kind == "table" else {},
        "tables": {
            "type": "array",
            "items": _table_schema(key.name) if key.kind == "tables" else {},
        },
    }
    return schemas.get(key.kind, text)


# -- all pages -------------------------------------------------------------------------------------


def pages() -> Iterator[tuple[Path, str]]:
    """Every generated page with the text that it should have, "" for one that should go."""
    for path in PAGES:
        text = path.read_text(encoding="utf-8")
        try:
            yield path, walk.walked(with_outputs(text))
        except walk.Stumbled as error:
            raise SystemExit(f"{path.relative_to(ROOT)}: {error}") from None
    yield LIST, list_of_controls()
    yield CONFIGURATION, page_of_configuration()
    for path, make in REFERENCE.items():
        yield path, make()
    yield SCHEMA, schema_of_configuration()
    wanted = {CONTROLS / f"{control.name}.md": page_of(control.name) for control in catalogue()}
    yield from wanted.items()
    for path in sorted(set(CONTROLS.glob("*.md")) - set(wanted)):
        yield path, ""


def write(path: Path, text: str) -> None:
    if text:
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8")
    else:
        path.unlink()


def main(arguments: list[str]) -> int:
    stale = False
    for path, wanted in pages():
        found = path.read_text(encoding="utf-8") if path.exists() else ""
        if found == wanted:
            continue
        stale = True
        name = str(path.relative_to(ROOT))
        if "--check" in arguments:
            lines = difflib.unified_diff(
                found.splitlines(), wanted.splitlines(), name, "as generated", lineterm="", n=1
            )
            print("\n".join(lines))
        else:
            write(path, wanted)
            print(f"written: {name}" if wanted else f"removed: {name}")
    if stale and "--check" in arguments:
        print("stale documentation: run `python3 dev.py docs` and commit what it writes")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
