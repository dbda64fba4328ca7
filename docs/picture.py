"""`python docs/picture.py`: makes docs/prove.svg, the picture of a proof that stands in the README.

What it shows is what the program prints about the example shop; only its colours are drawn here.
"""

from __future__ import annotations

import html
import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "prove.svg"
COMMAND = ("prove", "examples/shop", "--control", "debug", "--control", "logout", "--control",
           "session-rotation", "--control", "csrf-protection", "--control", "forwarded-host")  # fmt: skip
COLUMNS, WIDTH, HEIGHT, SIZE = 84, 8.4, 19, 14

COLOURS = {"31": "#ff7b72", "32": "#7ee787", "33": "#e3b341", "34": "#79c0ff", "35": "#d2a8ff",
           "36": "#76e3ea", "90": "#8b949e"}  # fmt: skip


def output() -> str:
    """What the command prints, in colours."""
    done = subprocess.run(
        [sys.executable, "-m", "hardango", *COMMAND, "--python", sys.executable],
        cwd=ROOT, capture_output=True, text=True,
        env={**os.environ, "FORCE_COLOR": "1", "COLUMNS": str(COLUMNS), "TERM": "xterm-256color",
             "PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "utf-8"},
    )  # fmt: skip
    if done.returncode != 1:
        raise SystemExit(f"it ends with {done.returncode}, not with what it finds: {done.stderr}")
    return done.stdout


def drawn(lines: list[str]) -> str:
    """An SVG of lines with the colours of a terminal."""
    width, height = int(COLUMNS * WIDTH + 40), int(len(lines) * HEIGHT + 60)
    rows = [
        f'<text x="20" y="{52 + at * HEIGHT}">{spans(line)}</text>' for at, line in enumerate(lines)
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'font-family="ui-monospace, Menlo, Consolas, monospace" font-size="{SIZE}" fill="#e6edf3" '
        '>\n'
        f'<rect width="{width}" height="{height}" rx="8" fill="#0d1117"/>\n'
        + "".join(f'<circle cx="{x}" cy="20" r="6" fill="{colour}"/>'
                  for x, colour in ((24, "#ff5f57"), (44, "#febc2e"), (64, "#28c840")))
        + "\n" + "\n".join(rows) + "\n</svg>\n"
    )  # fmt: skip


def spans(line: str) -> str:
    """A line with escape sequences as pieces of SVG text."""
    done, style = "", ""
    for number, part in enumerate(re.split(r"\x1b\[([\d;]*)m", line)):
        if number % 2:
            codes = part.split(";")
            colour = next((COLOURS[each] for each in codes if each in COLOURS), "")
            style = (f' fill="{colour}"' if colour else "") + (
                ' font-weight="bold"' if "1" in codes else ' fill="#8b949e"' if "2" in codes else "")  # fmt: skip
        elif part:
            done += f"<tspan{style}>{html.escape(part).replace(' ', chr(160))}</tspan>"
    return done


def main() -> None:
    typed = [f"$ hardango {' '.join(COMMAND[:6])} …", ""]
    PICTURE.write_text(drawn([*typed, *output().rstrip().split("\n")]), encoding="utf-8")


if __name__ == "__main__":
    main()
