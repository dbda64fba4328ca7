"""Writes the parts of the documentation that are made from the program itself.

In a page, what a command prints stands between two marks, and is never written by hand:

    <!-- output of: hardango audit examples/shop | first 20 lines -->
    <!-- end of output -->

The pages in `docs/controls/` and their list are made from the controls: each control's file is
its page, and `controls/judge.py` says how judgements become verdicts and a grade.

With `--check` nothing is written: what is stale is shown, and the exit code is 1.
"""

from __future__ import annotations

import difflib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from hardango.controls import judge
from hardango.controls.catalogue import catalogue

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "docs" / "controls.md"
CONTROLS = ROOT / "docs" / "controls"
PAGES = [ROOT / "README.md", *sorted(set((ROOT / "docs").glob("*.md")) - {LIST})]

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
    """The catalogue in its own order, then how it judges."""
    table = re.sub(
        r"^\| `([^`]+)`",
        r"| [\1](controls/\1.md)",
        output_of("hardango explain --format markdown"),
        flags=re.MULTILINE,
    )
    not_yet = ", ".join(f"`{each.name}`" for each in catalogue() if not each.judged)
    rules = (judge.__doc__ or "").split("\n\n", 1)[1].strip()
    penalties = [f"| {severity.label} | {points} |" for severity, points in judge.PENALTY.items()]
    letters = [f"| {least} | {letter} |" for least, letter in judge.GRADES]
    parts = [
        f"{MADE}\n# Controls",
        table,
        f"Not judged yet by this version, and never shown as passed: {not_yet}." if not_yet else "",
        "## How judgements become a verdict and a grade",
        rules,
        "\n".join(["| severity | `PENALTY` |", "| --- | --- |", *penalties]),
        "\n".join(["| score from | grade |", "| --- | --- |", *letters]),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def pages() -> Iterator[tuple[Path, str]]:
    """Every generated page with the text that it should have, "" for one that should go."""
    for path in PAGES:
        yield path, with_outputs(path.read_text(encoding="utf-8"))
    yield LIST, list_of_controls()
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
