"""The pip to fetch with."""

from __future__ import annotations

import importlib.util
import sys


def pip() -> list[str]:
    """The command that runs pip: this Python's, or that of the Python that made this
    environment, which may have none of its own."""
    own = importlib.util.find_spec("pip") is not None
    # The attribute is what venv itself uses; outside an environment it is sys.executable.
    outer: str = getattr(sys, "_base_executable", sys.executable)
    return [sys.executable if own else outer, "-m", "pip", "--disable-pip-version-check"]
