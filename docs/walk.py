"""Walks the pages of the documentation: does what a reader is told to do, in the order of the page.

A page that is walked says where it starts, in its first line:

    <!-- walk: empty -->      in an empty folder
    <!-- walk: shop -->       in a repository that holds a copy of examples/shop

Then, in order, each of its blocks is done:

- every command of a ```console block is run, and what it prints is written into the page;
- a block after `<!-- file: NAME -->` is the whole text of that file, and is written;
- a ```diff block after `<!-- edit: NAME -->` is a change of that file, and is made.

A comment before a ```console block can say more, separated by semicolons: `exit 1`, the exit code
that is expected instead of 0; `first 20 lines`, how much is shown; `quiet`, nothing is shown; `not
run: WHY`. A command that ends otherwise, or a change that does not fit, stops the walk.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent

START = re.compile(r"\A<!-- walk: (empty|shop) -->\n")
BLOCK = re.compile(
    r"(?P<mark><!-- (?P<said>[^\n]*?) -->\n)?"
    r"(?P<indent>[ ]*)```(?P<kind>[a-z]*)\n(?P<body>.*?)^(?P=indent)```$",
    re.DOTALL | re.MULTILINE,
)


class Stumbled(Exception):
    """What the page tells a reader to do does not work; the text says what and why."""


class Asked(NamedTuple):
    """What the comment before a block of commands asks for; `lines` is how many are shown, None
    for all of them."""

    exit: int = 0
    lines: int | None = None
    why_not: str = ""


def is_walked(page: str) -> bool:
    return START.match(page) is not None


def walked(page: str) -> str:
    """The page with what its commands print now. Raises Stumbled."""
    start = START.match(page)
    if start is None:
        return page
    with tempfile.TemporaryDirectory() as temporary:
        walk = Walk(Path(temporary), start[1])
        return BLOCK.sub(walk.block, page)


def asked(said: str) -> Asked:
    """What a comment asks for. Raises Stumbled for what is not understood."""
    found = Asked()
    for each in filter(None, (part.strip() for part in said.split(";"))):
        if each.startswith("not run: "):
            found = found._replace(why_not=each.removeprefix("not run: "))
        elif each == "quiet":
            found = found._replace(lines=0)
        elif match := re.fullmatch(r"exit (\d+)", each):
            found = found._replace(exit=int(match[1]))
        elif match := re.fullmatch(r"first (\d+) lines", each):
            found = found._replace(lines=int(match[1]))
        else:
            raise Stumbled(f"not understood: {each}")
    return found


def commands(body: str) -> Iterator[str]:
    """The commands of a block: the lines after "$ ", with those that a backslash continues."""
    lines = iter(body.splitlines())
    for line in lines:
        if line.startswith("$ "):
            command = line[2:]
            while command.endswith("\\"):
                command += f"\n{next(lines)}"
            yield command


class Walk:
    """Where the reader is, and what is on the reader's PATH."""

    def __init__(self, temporary: Path, start: str) -> None:
        self.home = temporary
        self.folder = temporary / start
        if start == "shop":
            shutil.copytree(ROOT / "examples" / "shop", self.folder)
            (self.folder / ".git").mkdir()
        else:
            self.folder.mkdir()
        self.tools = temporary / "bin"
        self.tools.mkdir()
        for name, module in (("python", ""), ("hardango", "-m hardango"),
                             ("django-admin", "-m django")):  # fmt: skip
            script = self.tools / name
            script.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} {module} "$@"\n')
            script.chmod(0o755)

    def block(self, match: re.Match[str]) -> str:
        """Do one block; the text that it should have."""
        said, kind, body = match["said"] or "", match["kind"], match["body"]
        if said.startswith("file: "):
            path = self.folder / said.removeprefix("file: ")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_without(match["indent"], body), encoding="utf-8")
        elif said.startswith("edit: "):
            self.edit(self.folder / said.removeprefix("edit: "), _without(match["indent"], body))
        elif kind == "console":
            return self.console(match, asked("" if said.startswith("walk: ") else said))
        return match[0]

    def edit(self, path: Path, change: str) -> None:
        """Make a change: what it takes away, with the lines around, must stand there once."""
        lines = change.splitlines(keepends=True)
        if any(line[0] not in " +-" for line in lines):
            raise Stumbled(f"no change of {path.name}:\n{change}")
        old = "".join(line[1:] for line in lines if line[0] in " -")
        new = "".join(line[1:] for line in lines if line[0] in " +")
        text = path.read_text(encoding="utf-8")
        if text.count(old) != 1:
            raise Stumbled(f"the change does not fit {path.name}:\n{change}")
        path.write_text(text.replace(old, new), encoding="utf-8")

    def console(self, match: re.Match[str], wanted: Asked) -> str:
        if wanted.why_not:
            return match[0]
        shown = []
        for command in commands(_without(match["indent"], match["body"])):
            shown.append(f"$ {command}")
            printed = self.run(command, wanted.exit).splitlines()
            kept = printed if wanted.lines is None else printed[: wanted.lines]
            shown += kept
            shown += ["…"] if 0 < len(kept) < len(printed) else []
        indent = match["indent"]
        body = "".join(f"{indent}{line}\n" if line else "\n" for line in shown)
        return f"{match['mark'] or ''}{indent}```console\n{body}{indent}```"

    def run(self, command: str, code: int) -> str:
        """What the command prints. `cd` alone moves the reader."""
        if match := re.fullmatch(r"cd (\S+)", command):
            self.folder = (self.folder / match[1]).resolve(strict=True)
            return ""
        environment = {
            "PATH": f"{self.tools}{os.pathsep}{os.environ.get('PATH', '')}",
            "PYTHONPATH": str(ROOT / "src"),
            "PYTHONDONTWRITEBYTECODE": "1",
            "HOME": str(self.home),
            "LANG": "C.UTF-8",
            "COLUMNS": "80",
            "NO_COLOR": "1",
        }
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", command],
            cwd=self.folder, env=environment, text=True, encoding="utf-8",
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
        )  # fmt: skip
        if done.returncode != code:
            raise Stumbled(f"$ {command}\n{done.stdout}exit code {done.returncode}, not {code}")
        return done.stdout


def _without(indent: str, text: str) -> str:
    """The text of a block without the indentation that its fence has."""
    return re.sub(f"^{indent}", "", text, flags=re.MULTILINE) if indent else text
