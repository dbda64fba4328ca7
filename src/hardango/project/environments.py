"""Virtual environments, read as directories: where packages are installed. Nothing in them is run.

https://docs.python.org/3/library/venv.html#how-venvs-work
"""

from __future__ import annotations

import os
from collections.abc import Iterator

FOLDERS = (".venv", "venv", "env", ".env", "virtualenv")
"""How the virtual environment in a project's directory is called."""


def site_packages(path: str) -> Iterator[str]:
    """The directories with installed packages of the virtual environment `path`, links followed;
    `path` itself if it is such a one."""
    candidates = [path, os.path.join(path, "Lib", "site-packages")]
    for library in ("lib", "lib64"):
        try:
            versions = sorted(os.listdir(os.path.join(path, library)))
        except OSError:
            continue
        for each in versions:
            if each.startswith(("python", "pypy")):
                candidates.append(os.path.join(path, library, each, "site-packages"))
    seen = set()
    for each in candidates:
        real = os.path.realpath(each)
        if os.path.basename(real) in ("site-packages", "dist-packages") and os.path.isdir(real):
            if real not in seen:
                seen.add(real)
                yield real
