"""A file of variables (.env), as far as its many readers agree: which line sets one, what it holds, how
one is written.

python-dotenv, django-environ, decouple, compose and a shell differ in comments, in `$` and in
backslashes. What they would understand in different ways is said not to be sure, and is never written.
"""

from __future__ import annotations

import re

from hardango.light import NamedTuple

_PLAIN = re.compile(r"[\w.:/@%+=,-]*", re.ASCII)
"""What every reader takes as it is."""
_NEVER = re.compile(r"['\\\r\n\0]|\$\{|^\$|^\s|\s$")
"""What readers understand in different ways, also between quotes."""
_UNSURE = re.compile(r"[\\$`'\"\s]|^#")
"""What some readers give a meaning where there are no single quotes."""


class Held(NamedTuple):
    """What a line gives a variable; `sure` if every reader gets the same."""

    value: str
    sure: bool


def sets(text: str, name: str, *, commented: bool = False) -> bool:
    """Whether a line of the text sets the variable, or one that is `commented` out would."""
    return _line(name, r"(?:#[ \t]*)?" if commented else "").search(text) is not None


def held(text: str, name: str) -> Held | None:
    """What the text gives the variable, None if it does not set it. Raises ValueError if it does so
    twice, or over several lines."""
    found = list(_line(name).finditer(text))
    if not found:
        return None
    if len(found) > 1:
        raise ValueError(f"{name} is set twice there: which one counts is not the same everywhere")
    raw, comment = found[0]["value"], found[0]["comment"]
    quote = raw[:1]
    if quote and quote in "'\"":
        if len(raw) < 2 or raw[-1] != quote:
            raise ValueError(f"{name} goes over several lines there, or its quote is not closed")
        inner = raw[1:-1]
        return Held(inner, _NEVER.search(inner) is None and (quote == "'" or "$" not in inner))
    return Held(raw, not comment.strip() and _UNSURE.search(raw) is None)


def line(name: str, value: str) -> str | None:
    """The line that gives the variable that value, None if no line does so for every reader."""
    if _PLAIN.fullmatch(value):
        return f"{name}={value}"
    return None if _NEVER.search(value) else f"{name}='{value}'"


def added(text: str, *lines: str) -> str:
    """The text with lines at its end, each ended as its own are."""
    newline = "\r\n" if "\r\n" in text else "\n"
    start = newline if text and not text.endswith("\n") else ""
    return text + start + "".join(each + newline for each in lines)


def changed(text: str, name: str, value: str) -> str:
    """The text with the variable set: in its line, or in a new one at the end. Raises ValueError for
    a value that cannot be written so that every reader understands it."""
    new = line(name, value)
    if new is None:
        raise ValueError(f"what {name} has to hold would not be read everywhere as it is")
    written = new.removeprefix(f"{name}=")
    place = _line(name)
    if place.search(text) is None:
        return added(text, new)
    return place.sub(lambda found: found["before"] + written + found["comment"], text, count=1)


def _line(name: str, comment: str = "") -> re.Pattern[str]:
    """A line that sets the variable: what comes before the value, the value, a comment behind it."""
    end = r"(?=\r?$)"
    rest = rf"[ \t]*(?:[ \t]#[^\r\n]*)?{end}"
    return re.compile(
        rf"^(?P<before>[ \t]*{comment}(?:export[ \t]+)?{re.escape(name)}[ \t]*=[ \t]*)"
        rf"""(?P<value>'[^'\r\n]*'(?={rest})|"[^"\r\n]*"(?={rest})|[^\r\n]*?)"""
        rf"(?P<comment>{rest})",
        re.MULTILINE,
    )
