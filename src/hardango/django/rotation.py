"""`manage.py hardango rotate-secret`: a new SECRET_KEY, the old one kept for as long as it counts.

The settings read both keys from variables:

    SECRET_KEY = secret("DJANGO_SECRET_KEY")
    SECRET_KEY_FALLBACKS = fallbacks("DJANGO_SECRET_KEY_FALLBACKS")

and the file that gives the process its variables gets both lines. What was signed with the old key
(sessions, reset links) is accepted until it goes; so nobody is logged out (see also sessions.py).
"""

from __future__ import annotations

import argparse
import datetime
import os
import secrets as randomness
import sys
from collections.abc import Sequence

from django.conf import settings

from hardango import variables
from hardango.replace import CannotWrite, replace

LENGTH = 50
"""Characters that Django's check asks for; token_urlsafe(50) gives 67."""


def main(arguments: Sequence[str]) -> int:
    """The command; its exit code: 0, or 2 if there is nothing that could be rotated."""
    parser = argparse.ArgumentParser(prog="manage.py hardango rotate-secret", description=__doc__)
    parser.add_argument("--file", required=True, help="the file of variables, such as .env")
    parser.add_argument("--variable", default="DJANGO_SECRET_KEY")
    parser.add_argument("--fallbacks", default="", help="default: the variable, with _FALLBACKS")
    given = parser.parse_args(arguments)
    fallbacks = given.fallbacks or f"{given.variable}_FALLBACKS"
    try:
        old = rotate(given.file, given.variable, fallbacks)
    except (OSError, ValueError, CannotWrite) as problem:
        sys.stderr.write(f"hardango: {given.file}: {_why(problem)}\n")
        return 2
    sys.stdout.write(
        f"{given.file}: {given.variable} is new, and {fallbacks} has the old key first"
        f"{f' of {old}' if old > 1 else ''}.\n"
        f"Stop every process, then start them anew. The old key can go after {can_go()}: until then sessions and "
        "reset links that it signed are accepted.\n"
    )
    return 0


def rotate(path: str, variable: str, fallbacks: str) -> int:
    """Write a new key into a file of variables, the old one before the other fallbacks; how many
    of these there are. Raises OSError, CannotWrite, and ValueError if the old key is not surely
    that of production: nobody would be logged in any more."""
    with open(path, encoding="utf-8", newline="") as file:
        text = file.read()
    old = _key(text, variable, settings.SECRET_KEY)
    if not old:
        raise ValueError(f"{variable} is not set there")
    if "," in old or old != old.strip():
        raise ValueError(f"the old key of {variable} has a comma or a space: {fallbacks}, which is "
                         "divided by commas, cannot hold it")  # fmt: skip
    kept = [
        old,
        *filter(None, _key(text, fallbacks, ",".join(settings.SECRET_KEY_FALLBACKS)).split(",")),
    ]
    text = variables.changed(text, variable, randomness.token_urlsafe(LENGTH))
    text = variables.changed(text, fallbacks, ",".join(dict.fromkeys(kept)))
    replace(path, text.encode(), os.path.dirname(os.path.realpath(path)))
    return len(kept)


def _key(text: str, variable: str, loaded: str) -> str:
    """What the variable holds, "" if it is not set; where readers of such files differ, it counts if
    it is what this process has loaded."""
    found = variables.held(text, variable)
    if found is None:
        return ""
    if not found.sure and found.value != loaded:
        raise ValueError(f"{variable} is written so that readers understand it in different ways, "
                         "and it is not what these settings hold: put it between single quotes")  # fmt: skip
    return found.value


def can_go(today: datetime.date | None = None) -> datetime.date:
    """The day after which nothing counts that was signed today: the longest of what Django signs."""
    longest = max(settings.SESSION_COOKIE_AGE, settings.PASSWORD_RESET_TIMEOUT)
    start = today or datetime.datetime.now(datetime.UTC).date()
    return start + datetime.timedelta(days=-(-longest // 86400))


def _why(problem: Exception) -> str:
    return problem.strerror or str(problem) if isinstance(problem, OSError) else str(problem)
