"""Directories that settings name: what lies in what."""

from __future__ import annotations

import os

from hardango.controls.model import Judgement, bad, good, not_applicable, unreadable
from hardango.controls.values import said, truth, why_unknown
from hardango.findings import Severity
from hardango.settings.outcomes import Outcome, Settings, Unknown

TEMPORARY = ("/tmp", "/var/tmp", "/dev/shm", "/usr/tmp")
"""Directories in which every local user can list the files."""


def inside(path: object, directory: object) -> bool:
    """Whether a known path is a known directory or below it."""
    if not path or not directory or isinstance(path, Unknown) or isinstance(directory, Unknown):
        return False
    outer = os.path.normpath(str(directory)).rstrip("/")
    return f"{os.path.normpath(str(path))}/".startswith(f"{outer}/")


def temporary(settings: Settings, path: object) -> bool:
    """Whether a known path is below a directory that every local user can write to. One beside the
    project is where production puts the project, though this copy of it may lie in /tmp."""
    if not any(inside(path, each) for each in TEMPORARY):
        return False
    own = os.path.dirname(settings.path)
    if not own.startswith("/"):
        return True
    beside = os.path.commonpath([os.path.normpath(str(path)), own])
    return not any(inside(beside, each) and beside != each for each in TEMPORARY)


def holds_code(settings: Settings, directory: object) -> bool:
    """Whether a known directory has the settings module in it, and so the project's source."""
    return inside(settings.path, directory)


def apart_from_code(settings: Settings, name: str, outcome: Outcome, then: str) -> Judgement:
    """Whether the directory that the setting `name` is in one case has no source in it; `then` is
    what follows if it has."""
    path = outcome.value
    if isinstance(path, Unknown):
        return unreadable(outcome, why_unknown(name, path), severity=Severity.LOW)
    if not truth(path):
        return not_applicable(outcome, f"{name} is not set")
    if holds_code(settings, path):
        return bad(outcome, f"{name} has the project in it: {then}")
    if may_hold_code(path):
        message = f"Whether {name}, {said(str(path))}, has source in it is not known"
        return unreadable(outcome, message, severity=Severity.LOW)
    return good(outcome, f"{name} is apart from the source")


OF_APPLICATIONS = frozenset((
    "", ".", "..", "app", "application", "apps", "backend", "code", "django", "project", "server", "source",
    "src", "web", "webapp", "www-data",
))  # fmt: skip
"""Names that the directory of an application often has, on the machine that it is deployed to."""


def may_hold_code(directory: object) -> bool:
    """Whether a directory, by its name, could be that of the application elsewhere."""
    return os.path.basename(os.path.normpath(str(directory))).lower() in OF_APPLICATIONS
