"""Speaks to the project in its own interpreter (`child/hardango_inside.py`) over two pipes."""

from __future__ import annotations

import json
import os
import select
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Any

from hardango.evidence import Exchange, Request, Response
from hardango.local.processes import Confinement, Process

_PIECE = 64 * 1024


class Failed(Exception):
    """What was asked did not work inside: `kind` is the exception's class there, "" if there is
    none; `lines` what it said last."""

    def __init__(self, message: str, kind: str = "", lines: list[str] | None = None) -> None:
        super().__init__(message)
        self.kind = kind
        self.lines = lines or []


class Inside:
    """The project, loaded in its own interpreter."""

    def __init__(
        self,
        program: str,
        script: str,
        *,
        directory: str,
        environment: Mapping[str, str],
        confinement: Confinement | None,
    ) -> None:
        theirs, self._sink = os.pipe()
        self._source, back = os.pipe()
        self._held = b""
        # Two processes further on they still have these numbers.
        pipes = {"HARDANGO_PIPES": f"{theirs},{back}"}
        self.process = Process(
            [program, script], directory=directory, environment={**environment, **pipes},
            confinement=confinement, fds=(theirs, back), grace=8.0,
        )  # fmt: skip
        os.close(theirs)
        os.close(back)

    def ask(self, do: str, seconds: float, **given: Any) -> Any:
        """What a command gives, see `hardango_inside._COMMANDS`. Raises Failed."""
        line = json.dumps({"do": do, **given}) + "\n"
        try:
            _write_all(self._sink, line.encode())
            said = json.loads(self._line(time.monotonic() + seconds))
        except TimeoutError:
            raise Failed(f"it takes longer than {seconds:g} seconds", "TimeoutError",
                         self.process.lines()) from None  # fmt: skip
        except (OSError, EOFError, ValueError):
            raise Failed(self._end(), "", self.process.lines()) from None
        if "failed" in said:
            lines = said.get("trace", "").strip().split("\n") if said.get("trace") else []
            raise Failed(said["failed"], said.get("kind", ""), lines or self.process.lines())
        return said["done"]

    def _line(self, end: float) -> bytes:
        while b"\n" not in self._held:
            left = end - time.monotonic()
            if left <= 0 or not select.select([self._source], [], [], left)[0]:
                raise TimeoutError
            piece = os.read(self._source, _PIECE)
            if not piece:
                raise EOFError
            self._held += piece
        line, _, self._held = self._held.partition(b"\n")
        return line

    def _end(self) -> str:
        for _ in range(50):
            if self.process.code is not None:
                return f"it ends with exit code {self.process.code}"
            time.sleep(0.02)
        return "it says nothing more"

    def close(self) -> None:
        """Let it end by itself: it drops its database."""
        for descriptor in (self._sink, self._source):
            with suppress(OSError):
                os.close(descriptor)


def _write_all(descriptor: int, data: bytes) -> None:
    while data:
        data = data[os.write(descriptor, data) :]


def transport(inside: Inside, scheme_header: tuple[str, ...], seconds: float) -> Any:
    """A function from a request to an exchange, answered by the application without a server."""

    def send(request: Request) -> Exchange:
        began = time.monotonic()
        try:
            said = inside.ask(
                "send", seconds, url=request.url, method=request.method,
                headers=list(request.headers), body=request.body.decode("latin-1"),
                target=request.target, version=request.version, scheme_header=scheme_header,
            )  # fmt: skip
        except Failed as error:
            return Exchange(request, None, f"the application does not answer: {error}", "nonsense")
        response = Response(
            said["status"], said["reason"], tuple((name, value) for name, value in said["headers"]),
            said["body"].encode("latin-1"), time.monotonic() - began, said["cut"],
        )  # fmt: skip
        return Exchange(request, response)

    return send
