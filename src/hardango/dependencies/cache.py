"""Where hardango keeps what it can get again: XDG_CACHE_HOME, as the XDG base directories say."""

from __future__ import annotations

import contextlib
import os

_MINE = 0o700


def folder() -> str:
    """The directory, which need not be there. https://specifications.freedesktop.org/basedir-spec/"""
    home = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(home):
        home = os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(home, "hardango")


def path(*parts: str) -> str:
    return os.path.join(folder(), *parts)


def keep(file: str, content: bytes) -> bool:
    """Write a file of the cache whole or not at all; whether that could be done."""
    part = f"{file}.{os.getpid()}.new"
    try:
        os.makedirs(os.path.dirname(file), _MINE, exist_ok=True)
        with open(part, "wb") as opened:
            opened.write(content)
        os.replace(part, file)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(part)
        return False
    return True
