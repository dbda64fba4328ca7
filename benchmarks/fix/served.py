"""What Django itself says of a mended startproject: of production, and on a developer's machine."""

from __future__ import annotations

import os
import socket
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Mapping

from benchmarks.truth.interpreters import Interpreter

PATIENCE = 60.0
"""How many seconds a server may take until it answers."""


def said_by_django(root: str, python: Interpreter, variables: Mapping[str, str]) -> str:
    """What is wrong: `manage.py check --deploy` with production's `variables` has something to say,
    or `migrate` and `runserver` do not work without any; "" if nothing is."""
    path = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": python.libraries,
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    manage = [python.executable, "manage.py"]
    done = subprocess.run(
        [*manage, "check", "--deploy", "--fail-level", "WARNING"], cwd=root, text=True,
        env={**path, **variables}, capture_output=True, timeout=120,
    )  # fmt: skip
    if done.returncode or "no issues" not in done.stdout + done.stderr:
        return f"check --deploy: {(done.stderr or done.stdout).strip()[-300:]}"
    done = subprocess.run(
        [*manage, "migrate"], cwd=root, env=path, capture_output=True, timeout=120
    )
    if done.returncode:
        return f"migrate: {done.stderr.decode().strip()[-300:]}"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{free.getsockname()[1]}"
    with subprocess.Popen([*manage, "runserver", "--noreload", address], cwd=root, env=path,
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as server:  # fmt: skip
        try:
            return "" if _answers(f"http://{address}/") else "runserver does not answer"
        finally:
            server.terminate()


def _answers(url: str) -> bool:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=5) as answer:
                return bool(answer.status == 200)
        except urllib.error.HTTPError:
            return False
        except OSError:
            time.sleep(0.2)
    return False
