"""What was probably meant by a name that does not exist."""

from __future__ import annotations

from collections.abc import Iterable


def closest(word: str, names: Iterable[str]) -> str | None:
    """The name that was probably meant."""
    from difflib import get_close_matches

    return next(iter(get_close_matches(word, list(names), 1, 0.6)), None)


def no_such_control(name: str, names: Iterable[str]) -> str:
    """The sentence on a control that does not exist."""
    close = closest(name, names)
    hint = f"did you mean {close!r}?" if close else "`hardango explain` lists them all"
    return f"there is no control {name!r}; {hint}"
