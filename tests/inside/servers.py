"""Servers of a site, started for real: whether one listens, and what it wrote if it doesn't."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

from sites import Site

MUTANTS = {
    "debug": "DEBUG = True\n",
    "secret-key": 'SECRET_KEY = "django-insecure-0123456789abcdefghijklmnopqrstuvwxyz"\n',
    "allowed-hosts": 'ALLOWED_HOSTS = ["*"]\n',
}
SAFE = {
    "unbroken": "",
    "development": 'DEBUG = True\nHARDANGO = {"environment": "development", "guard": "refuse"}\n',
    "no environment": "DEBUG = True\nHARDANGO = {}\n",
    "off": 'DEBUG = True\nHARDANGO["guard"] = "off"\n',
    "ignored": 'ALLOWED_HOSTS = ["*"]\nHARDANGO["ignore"] = {"allowed-hosts": "the proxy checks it"}\n',
}


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


SERVERS = {
    "runserver": ["manage.py", "runserver", "--noreload", "127.0.0.1:{port}"],
    "gunicorn": ["-m", "gunicorn", "-b", "127.0.0.1:{port}", "shop.wsgi"],
    "uvicorn": ["-m", "uvicorn", "--port", "{port}", "shop.asgi:application"],
    "celery": ["-m", "celery", "-A", "shop.celery", "worker", "--pool", "solo", "-l", "INFO"],
}


@contextlib.contextmanager
def served(site: Site, server: str) -> Iterator[tuple[bool, str]]:
    """Whether the server listens, and what it wrote if it doesn't."""
    port, log = free_port(), site.folder / "server.log"
    command = [sys.executable, *(each.format(port=port) for each in SERVERS[server])]
    with open(log, "wb") as out:
        process = subprocess.Popen(
            command, cwd=site.folder, env=site.environment(), stdout=out, stderr=out,
            start_new_session=True,
        )  # fmt: skip
    try:
        up = worker_is_ready(process, log) if server == "celery" else listening(process, port)
        yield up, log.read_text(encoding="utf-8", errors="replace")
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(10)


def worker_is_ready(process: subprocess.Popen[bytes], log: Path) -> bool:
    """Whether a worker takes tasks before it ends, within 60 seconds."""
    ends = time.monotonic() + 60
    while time.monotonic() < ends and process.poll() is None:
        if b" ready." in log.read_bytes():
            return True
        time.sleep(0.1)
    return False


def listening(process: subprocess.Popen[bytes], port: int) -> bool:
    """Whether a request is answered before the process ends, within 60 seconds."""
    ends = time.monotonic() + 60
    while time.monotonic() < ends and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1) as peer:
            peer.settimeout(10)
            peer.sendall(b"GET /page/ HTTP/1.0\r\nHost: shop.example\r\n\r\n")
            if peer.recv(16).startswith(b"HTTP/1"):
                return True
        time.sleep(0.1)
    return False
