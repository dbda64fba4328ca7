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
from hardango.controls.catalogue import CATALOGUE
from hardango.controls.model import Control

ROOT = Path(__file__).resolve().parent.parent
LIST = ROOT / "docs" / "controls.md"
CONTROLS = ROOT / "docs" / "controls"
PAGES = [ROOT / "README.md", *sorted(set((ROOT / "docs").glob("*.md")) - {LIST})]

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
    kept = lines[: int(match[1])]
    return "\n".join([*kept, "…"] if len(lines) > len(kept) else kept)


def with_outputs(page: str) -> str:
    """The page with every output block made new."""

    def block(match: re.Match[str]) -> str:
        command, part = match["command"].strip(), match["part"]
        mark = match[0].splitlines()[0]
        shown = part_of(output_of(command), part)
        return f"{mark}\n```console\n$ {command}\n{shown}\n```\n<!-- end of output -->"

    return BLOCK.sub(block, page)


def page_of(control: Control) -> str:
    """One control's story and data as a page."""
    parts = [
        f"<!-- Made from src/hardango/controls/ by `python3 dev.py docs`. -->\n# {control.name}",
        f"**{control.title}** · severity: {control.severity.label}",
    ]
    if control.settings:
        parts[1] += " · settings: " + ", ".join(f"`{name}`" for name in control.settings)
    if not control.judged:
        parts.append("*Not judged yet by this version.*")
    parts += [
        control.story,
        f"## What an attacker gains\n\n{control.attack}",
        f"## What to do\n\n{control.remedy}",
    ]
    if control.references:
        sources = "\n".join(f"- [{each.text}]({each.url})" for each in control.references)
        parts.append(f"## Sources\n\n{sources}")
    return "\n\n".join(part for part in parts if part) + "\n"


def list_of_controls() -> str:
    """The catalogue in its own order, then how it judges."""
    rows = [
        f"| [{each.name}](controls/{each.name}.md) | {each.title} | {each.severity.label} "
        f"| {'yes' if each.judged else 'not yet'} |"
        for each in CATALOGUE
    ]
    penalties = [f"| {severity.label} | {points} |" for severity, points in judge.PENALTY.items()]
    letters = [f"| {least} | {letter} |" for least, letter in judge.GRADES]
    rules = (judge.__doc__ or "").split("\n\n", 1)[1].strip()
    return "\n".join(
        [
            "<!-- Made from src/hardango/controls/ by `python3 dev.py docs`. -->",
            "# Controls",
            "",
            "| control | protects | severity | judged |",
            "| --- | --- | --- | --- |",
            *rows,
            "",
            "## How judgements become a verdict and a grade",
            "",
            rules,
            "",
            "| severity | `PENALTY` |",
            "| --- | --- |",
            *penalties,
            "",
            "| score from | grade |",
            "| --- | --- |",
            *letters,
            "",
        ]
    )


def pages() -> Iterator[tuple[Path, str]]:
    """Every generated page with the text that it should have, "" for one that should go."""
    for path in PAGES:
        yield path, with_outputs(path.read_text(encoding="utf-8"))
    yield LIST, list_of_controls()
    wanted = {CONTROLS / f"{control.name}.md": page_of(control) for control in CATALOGUE}
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
