"""Starts programs under `supervise.py`, keeps the last lines that they say, and ends them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress

from hardango.light import NamedTuple

_SUPERVISOR = os.path.join(os.path.dirname(__file__), "supervise.py")
_LINES, _LONGEST_LINE = 60, 2000
_PIECE = 64 * 1024


class Confinement(NamedTuple):
    """Where the kernel lets a program write, and which TCP ports it lets it use."""

    writable: tuple[str, ...]
    ports: tuple[int, ...]


class Process:
    """A program under supervision. Its output is read to the end, however much it is, and the
    last lines are kept."""

    def __init__(
        self,
        argv: Sequence[str],
        *,
        directory: str,
        environment: Mapping[str, str],
        confinement: Confinement | None,
        remove: str = "",
        grace: float = 2.0,
        fds: Sequence[int] = (),
    ) -> None:
        self._supervisor = subprocess.Popen(
            [sys.executable, "-I", "-S", _SUPERVISOR],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            pass_fds=tuple(fds), start_new_session=True, close_fds=True,
            env={"PATH": os.environ.get("PATH", os.defpath)},
        )  # fmt: skip
        order = {
            "argv": list(argv), "directory": directory, "environment": dict(environment),
            "confine": confinement._asdict() if confinement is not None else None,
            "remove": remove, "grace": grace,
        }  # fmt: skip
        self.grace = grace
        self._lines: deque[str] = deque(maxlen=_LINES)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        assert self._supervisor.stdin is not None
        with suppress(OSError):
            self._supervisor.stdin.write(json.dumps(order).encode() + b"\n")
            self._supervisor.stdin.flush()

    def _read(self) -> None:
        assert self._supervisor.stdout is not None
        descriptor = self._supervisor.stdout.fileno()
        rest = b""
        while piece := os.read(descriptor, _PIECE):
            *lines, rest = (rest + piece).split(b"\n")
            for line in lines[-_LINES:]:
                self._lines.append(line[:_LONGEST_LINE].decode("utf-8", "replace").rstrip())
            rest = rest[:_LONGEST_LINE]
        if rest:
            self._lines.append(rest.decode("utf-8", "replace").rstrip())

    @property
    def code(self) -> int | None:
        """The exit code of the program, None while it runs."""
        return self._supervisor.poll()

    def lines(self) -> list[str]:
        """The last lines that it said; those of an ended one are complete."""
        if self.code is not None:
            self._reader.join(1.0)
        return [each for each in list(self._lines) if each.strip()]

    def stop(self) -> None:
        """End it and all that came of it; returns when nothing is left."""
        self.ask_to_stop()
        try:
            self._supervisor.wait(self.grace + 5.0)
        except subprocess.TimeoutExpired:
            self._supervisor.kill()
            self._supervisor.wait()
        self._reader.join(1.0)
        if self._supervisor.stdout is not None and not self._reader.is_alive():
            self._supervisor.stdout.close()

    def ask_to_stop(self) -> None:
        """So that several can end at the same time."""
        if self._supervisor.stdin is not None:
            with suppress(OSError):
                self._supervisor.stdin.close()


def stop_all(processes: Sequence[Process]) -> None:
    """End all of them, also where the user presses Ctrl-C once more meanwhile."""
    for each in processes:
        each.ask_to_stop()
    for each in processes:
        until = time.monotonic() + 10
        while time.monotonic() < until:
            try:
                each.stop()
                break
            except KeyboardInterrupt:
                continue
