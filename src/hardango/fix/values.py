"""The values of secrets that left the source: written where the user says, shown nowhere.

A new secret key is made up, and the old one is what the fallbacks hold for a while. A password
keeps its value, since only the service that it opens can give another one.
"""

from __future__ import annotations

import os
import re
import secrets
from collections.abc import Iterable, Mapping

from hardango import variables
from hardango.edits import FromEnvironment
from hardango.fix import git
from hardango.fix.journal import Change
from hardango.fix.source import CannotEdit
from hardango.fix.work import Work
from hardango.replace import CannotWrite
from hardango.settings.outcomes import Settings


def value_of(work: Work, edit: FromEnvironment) -> str | None:
    """What the variable of a secret should hold from now on, None: that is for a person."""
    if edit.text:
        return edit.text
    if edit.name == "SECRET_KEY":
        return secrets.token_urlsafe(48)
    if edit.name == "SECRET_KEY_FALLBACKS":
        keys = old_keys(work.reading.settings)
        return ",".join(keys) if keys and not any("," in each for each in keys) else None
    return None


def old_keys(settings: Settings) -> tuple[str, ...]:
    """The keys with which production surely signs and checks now; () if that is not known: a key
    that it does not use must not be accepted by it."""
    outcomes = settings["SECRET_KEY"].outcomes
    if len(outcomes) != 1 or not isinstance(outcomes[0].value, str) or not outcomes[0].value:
        return ()
    keys = [outcomes[0].value]
    for outcome in settings["SECRET_KEY_FALLBACKS"].outcomes:
        if not isinstance(outcome.value, (list, tuple)):
            return ()
        keys += [each for each in outcome.value if isinstance(each, str)]
    return tuple(dict.fromkeys(keys))


# -- the file --------------------------------------------------------------------------------------


def prepared(work: Work, path: str) -> tuple[list[Change], list[str]]:
    """The file at `path` with the values of `work.secrets`, ignored by git; and what a person has
    to do besides. Raises CannotWrite if they must not be written there."""
    if not work.secrets:
        return [], []
    file = os.path.relpath(os.path.realpath(path), work.root)
    if file.startswith(os.pardir + os.sep) or os.path.isabs(file):
        raise CannotWrite(f"{path} lies outside the project; a file for secrets must lie in it, so "
                          "that it can be taken back")  # fmt: skip
    if git.tracks(work.root, file):
        raise CannotWrite(f"git has {file}: secrets in it would be committed; name another file")
    old = _content(work, file)
    text = _decoded(file, old or b"")
    for name in work.secrets:
        if variables.sets(text, name):
            raise CannotWrite(f"{file} sets {name} already, and a secret is never written over: "
                              "take that line out first, or name another file")  # fmt: skip
    written, by_hand = _lines(work.secrets, file)
    new = variables.added(text, *written)
    by_hand += _readers(work, file)
    change = Change(file, old, new.encode("utf-8", "surrogateescape"), private=True)
    return [*_ignored(work, file), change], by_hand


def _lines(values: Mapping[str, str | None], file: str) -> tuple[list[str], list[str]]:
    lines, by_hand = [], []
    for name, value in values.items():
        if value is None:
            by_hand.append(f"{name} has to be set by hand: what production has now is not known")
        elif (line := variables.line(name, value)) is not None:
            lines.append(line)
        else:
            by_hand.append(f"{name} has to be set by hand: what it holds cannot be written into "
                           f"{file} so that every reader understands it")  # fmt: skip
    return lines, by_hand


def _readers(work: Work, file: str) -> list[str]:
    """What is to be said of who can read the file already."""
    try:
        mode = os.stat(os.path.join(work.root, file)).st_mode
    except OSError:
        return []
    return [f"others can read {file}: chmod 600 {file}"] if mode & 0o044 else []


def _ignored(work: Work, file: str) -> Iterable[Change]:
    """The line of .gitignore that keeps the file out of the repository, unless one does already."""
    if git.ignores(work.root, file):
        return []
    name = file.replace(os.sep, "/")
    folder = os.path.dirname(file)
    old = _content(work, ".gitignore")
    text = _decoded(".gitignore", old or b"")
    if {name, f"/{name}"} & set(text.splitlines()) and not git.is_repository(work.root):
        return []
    nested = folder and os.path.exists(os.path.join(work.root, folder, ".gitignore"))
    if nested or not re.fullmatch(r"[\w./-]+", name, re.ASCII):
        raise CannotWrite(f"git does not ignore {file}: add it to .gitignore first")
    start = "\n" if text and not text.endswith("\n") else ""
    new = f"{text}{start}{name}\n".encode("utf-8", "surrogateescape")
    return [Change(".gitignore", old, new)]


def _content(work: Work, file: str) -> bytes | None:
    if not os.path.lexists(os.path.join(work.root, file)):
        return None
    try:
        return work.content(file)
    except CannotEdit as error:
        raise CannotWrite(str(error)) from None


def _decoded(file: str, data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise CannotWrite(f"{file} is not text in UTF-8") from None


# -- what is said ----------------------------------------------------------------------------------


def burnt(work: Work) -> list[str]:
    """What everybody must know of secrets that stood in the source."""
    key = [each for each in work.moved if each == "SECRET_KEY"]
    others = [each for each in work.moved if each not in ("SECRET_KEY", "SECRET_KEY_FALLBACKS")]
    said = []
    if key and _was_text(work.reading.settings):
        said.append("the secret key stood in the source and is burnt: who ever had the repository "
                    "has it, so production needs a new one")  # fmt: skip
        if "SECRET_KEY_FALLBACKS" in work.moved:
            said[0] += (", and should not accept the old one for longer than what it signed has to "
                        "live: take it out of SECRET_KEY_FALLBACKS then")  # fmt: skip
    if others:
        said.append(f"what stood in the source under {', '.join(others)} is burnt: make a new one "
                    "at the service that it opens, and withdraw the old one")  # fmt: skip
    return said


def _was_text(settings: Settings) -> bool:
    outcomes = settings["SECRET_KEY"].outcomes
    return any(isinstance(each.value, str) and each.value and not each.default for each in outcomes)
