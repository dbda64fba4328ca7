"""Runs whole processes in turns and takes their wall-clock time and peak memory."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Command(NamedTuple):
    """A process to measure: its name in the table, what to run, where, and what to add to the
    environment."""

    name: str
    arguments: Sequence[str]
    folder: str = "."
    environment: Mapping[str, str] = {}


class Run(NamedTuple):
    """One finished process: seconds from start to end, and the most memory it held, in bytes.

    On Linux the memory is never less than what the measuring process itself holds (some 20 MB),
    which a new process shares until it starts the other program.
    """

    seconds: float
    memory: int


def run(command: Command) -> Run:
    """Run `command` once. What it prints and its exit code are its own affair."""
    start = time.perf_counter()
    process = subprocess.Popen(
        command.arguments,
        cwd=command.folder,
        env={**os.environ, **command.environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    # wait4 instead of wait(): it gives the resources of this one process.
    _, status, usage = os.wait4(process.pid, 0)
    seconds = time.perf_counter() - start
    process.returncode = os.waitstatus_to_exitcode(status)
    return Run(seconds, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024))


def in_turns(commands: Sequence[Command], rounds: int, *, warm: bool = True) -> list[list[Run]]:
    """Run the commands A B A B …, so that whatever else the machine does hits all alike.

    With `warm`, each runs once before, not counted, to fill the caches of files and bytecode.
    """
    if warm:
        for command in commands:
            run(command)
    runs: list[list[Run]] = [[] for _ in commands]
    for _ in range(rounds):
        for command, of_command in zip(commands, runs):
            of_command.append(run(command))
    return runs


def median_seconds(runs: Sequence[Run]) -> float:
    return statistics.median(each.seconds for each in runs)


def peak_memory(runs: Sequence[Run]) -> int:
    return max(each.memory for each in runs)
