"""Measuring whole processes in turns. No test asserts how fast anything is."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from benchmarks.speed.__main__ import Line, page
from benchmarks.speed.measure import Command, Run, in_turns, median_seconds, peak_memory

ROOT = Path(__file__).resolve().parents[2]


def writes(letter: str, file: Path) -> Command:
    code = f"open({str(file)!r}, 'a').write({letter!r})"
    return Command(letter, [sys.executable, "-S", "-c", code])


def test_commands_take_turns_after_one_warm_run_each(tmp_path: Path) -> None:
    file = tmp_path / "order"
    first, second = in_turns([writes("a", file), writes("b", file)], 2)
    assert file.read_text() == "ab" + "abab"
    assert len(first) == len(second) == 2


IN_TURN = """
import sys
from benchmarks.speed.measure import Command, run
of = {"small": "", "large": "x = b'x' * 400_000_000", "again": ""}
print(*(run(Command(name, [sys.executable, "-S", "-c", code])).memory for name, code in of.items()))
"""


def test_memory_is_that_of_the_one_process() -> None:
    """Measured by a small process: what a test runner holds counts on Linux."""
    done = subprocess.run(
        [sys.executable, "-c", IN_TURN], cwd=ROOT, capture_output=True, text=True, check=True
    )
    small, large, again = map(int, done.stdout.split())
    assert large > 400_000_000
    assert max(small, again) < 400_000_000


def test_the_median_time_and_the_highest_memory_count() -> None:
    runs = [Run(1.0, 5), Run(9.0, 7), Run(2.0, 6)]
    assert median_seconds(runs) == 2.0
    assert peak_memory(runs) == 7


def test_the_page_says_which_target_is_missed() -> None:
    text = page([Line("a", "1 s", "2 s", "2 ×", "at least 5 ×", False)])
    assert "| a | 1 s | 2 s | 2 × | at least 5 × | **no** |" in text
