"""Directories that settings name: what lies in what."""

from __future__ import annotations

import os

from hardango.settings.outcomes import Settings, Unknown

TEMPORARY = ("/tmp", "/var/tmp", "/dev/shm", "/usr/tmp")
"""Directories in which every local user can list the files."""


def inside(path: object, directory: object) -> bool:
    """Whether a known path is a known directory or below it."""
    if not path or not directory or isinstance(path, Unknown) or isinstance(directory, Unknown):
        return False
    outer = os.path.normpath(str(directory)).rstrip("/")
    return f"{os.path.normpath(str(path))}/".startswith(f"{outer}/")


def holds_code(settings: Settings, directory: object) -> bool:
    """Whether a known directory has the settings module in it, and so the project's source."""
    return inside(settings.path, directory)


OF_APPLICATIONS = frozenset((
    "", ".", "..", "app", "application", "apps", "backend", "code", "django", "project", "server", "source",
    "src", "web", "webapp", "www-data",
))  # fmt: skip
"""Names that the directory of an application often has, on the machine that it is deployed to."""


def may_hold_code(directory: object) -> bool:
    """Whether a directory, by its name, could be that of the application elsewhere."""
    return os.path.basename(os.path.normpath(str(directory))).lower() in OF_APPLICATIONS
