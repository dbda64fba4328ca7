"""Where hardango keeps what it can get again: XDG_CACHE_HOME, as the XDG base directories say."""

from __future__ import annotations

import os

DATABASE = "osv-pypi.zip"
"""What OSV's archive is called there, where `hardango deps --update` puts it."""

_MINE = 0o700


class BadDatabase(Exception):
    """A database that cannot be used; the text is one clear sentence for the user."""


def folder() -> str:
    """The directory, which need not be there. https://specifications.freedesktop.org/basedir-spec/"""
    home = os.environ.get("XDG_CACHE_HOME", "")
    if not os.path.isabs(home):
        home = os.path.join(os.path.expanduser("~"), ".cache")
    return os.path.join(home, "hardango")


def path(*parts: str) -> str:
    return os.path.join(folder(), *parts)


def has_database() -> bool:
    """Whether an offline database is there."""
    return os.path.exists(path(DATABASE))


def keep(file: str, content: bytes) -> bool:
    """Write a file of the cache whole or not at all; whether that could be done."""
    part = f"{file}.{os.getpid()}.new"
    try:
        os.makedirs(os.path.dirname(file), _MINE, exist_ok=True)
        with open(part, "wb") as opened:
            opened.write(content)
        os.replace(part, file)
    except OSError:
        try:
            os.unlink(part)
        except OSError:
            pass
        return False
    return True
