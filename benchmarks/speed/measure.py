"""Runs whole processes in turns and takes their processor time and peak memory."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
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
    """One finished process: its seconds of processor time, in the program and in the system for
    it, and the most memory it held, in bytes.

    None of the programs waits for anything, so that on an idle machine the seconds are those of a
    clock; unlike a clock's they hold on a busy machine, too.
    On Linux the memory is never less than what the measuring process itself holds (some 20 MB),
    which a new process shares until it starts the other program.
    """

    seconds: float
    memory: int


def run(command: Command) -> Run:
    """Run `command` once. What it prints and its exit code are its own affair."""
    process = subprocess.Popen(
        command.arguments,
        cwd=command.folder,
        env={**os.environ, **command.environment},
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    # wait4 instead of wait(): it gives the resources of this one process.
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    return Run(
        usage.ru_utime + usage.ru_stime, usage.ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    )


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
