"""Secrets from where production keeps them, or no start: never from the source.

    SECRET_KEY = secret("DJANGO_SECRET_KEY")

asks the variable DJANGO_SECRET_KEY, then the file that DJANGO_SECRET_KEY_FILE names (as Docker and
Kubernetes mount secrets), then the manager that was given. Where none has it, the settings don't
load. Only a command that serves nobody may do without: it gets a value that is new each time.
"""

from __future__ import annotations

import os
import secrets as randomness
import stat
import sys
from collections.abc import Callable, Collection

from django.core.exceptions import ImproperlyConfigured

WITHOUT = ("collectstatic", "compilemessages", "compress")
"""Commands of an image build, which has no secrets and needs none."""

LARGEST = 64 * 1024
"""Bytes of a file that are read; what is larger is no secret."""

OTHERS_CAN_WRITE = stat.S_IWGRP | stat.S_IWOTH


def secret(
    name: str,
    *,
    manager: Callable[[], str] | None = None,
    without: Collection[str] = WITHOUT,
) -> str:
    """The secret that a variable, a file or a manager holds.

    `manager` is asked last, and only if it has to be: see `hardango.django.managers`. `without`
    are the management commands that do without, by name. Raises ImproperlyConfigured, which keeps
    a server from starting.
    """
    value = os.environ.get(name, "")
    if value:
        return value
    path = os.environ.get(f"{name}_FILE", "")
    if path:
        return _of_file(path, f"{name}_FILE")
    if command() in without:
        return randomness.token_urlsafe(50)
    if manager is not None:
        value = manager()
        if not value:
            raise ImproperlyConfigured(f"{name}: what the manager of secrets has is empty.")
        return value
    raise ImproperlyConfigured(
        f"{name} is not set, nor {name}_FILE. Give this process the secret in a variable or in a "
        f"file; `python -c 'import secrets; print(secrets.token_urlsafe(50))'` makes a new one."
    )


def fallbacks(
    name: str,
    *,
    manager: Callable[[], str] | None = None,
    without: Collection[str] = WITHOUT,
) -> list[str]:
    """The keys that are still accepted, for SECRET_KEY_FALLBACKS: from a variable, divided by
    commas, from the file that NAME_FILE names, one a line, or from a manager, either way. None is
    fine. Raises ImproperlyConfigured for a file or a manager that cannot be read."""
    value = os.environ.get(name, "")
    path = os.environ.get(f"{name}_FILE", "")
    if not value and path:
        value = _of_file(path, f"{name}_FILE", empty=True)
    elif not value and manager is not None and command() not in without:
        value = manager()
    return [each.strip() for each in value.replace("\n", ",").split(",") if each.strip()]


def command(arguments: list[str] | None = None) -> str:
    """The management command that this process runs, "" if it runs none."""
    given = sys.argv if arguments is None else arguments
    if program(given) in ("manage.py", "django-admin", "django-admin.py", "django"):
        return given[1] if len(given) > 1 else "help"
    return ""


def program(arguments: list[str]) -> str:
    """What runs, by its command line: a file, or the package that `python -m` was given."""
    path = arguments[0] if arguments else ""
    name = os.path.basename(path)
    return os.path.basename(os.path.dirname(path)) if name == "__main__.py" else name


def _of_file(path: str, variable: str, *, empty: bool = False) -> str:
    """What a mounted file holds, without the line end that editors add."""
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0))
    except OSError as problem:
        why = problem.strerror or "it cannot be read"
        raise ImproperlyConfigured(f"{variable} names {path}: {why}.") from None
    with os.fdopen(descriptor, "rb") as file:
        status = os.fstat(file.fileno())
        if not stat.S_ISREG(status.st_mode):
            raise ImproperlyConfigured(f"{variable} names {path}, which is no file.")
        if os.name == "posix" and status.st_mode & OTHERS_CAN_WRITE:
            raise ImproperlyConfigured(
                f"{variable} names {path}, which others on this machine can write: "
                f"chmod go-w {path}"
            )
        data = file.read(LARGEST + 1)
    try:
        value = data.decode("utf-8").rstrip("\r\n")
    except UnicodeDecodeError:
        raise ImproperlyConfigured(f"{variable} names {path}, which is no text.") from None
    if (not value and not empty) or len(data) > LARGEST:
        size = "empty" if not value else "larger than any secret"
        raise ImproperlyConfigured(f"{variable} names {path}, which is {size}.")
    return value
