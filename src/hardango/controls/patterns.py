"""Tries a regular expression of an audited project on a few short paths, in bounded time."""

from __future__ import annotations

MAX_LENGTH = 200
MAX_STEPS = 2_000_000
"""An expression that could take more steps than that on a path of 24 characters is not tried."""

PATH_LENGTH = 24


class TooIntricate(Exception):
    """The expression could take too long to try."""


def matching(pattern: str, paths: tuple[str, ...]) -> list[str]:
    """The paths in which Python's `re.search` finds the pattern.

    Raises TooIntricate, or ValueError if it is no regular expression at all.
    """
    if _steps(pattern) > MAX_STEPS or len(pattern) > MAX_LENGTH:
        raise TooIntricate
    if pattern in ("", "^", ".*", "^.*", "^.*$", ".*$"):
        return list(paths)
    import re
    import warnings

    assert all(len(path) <= PATH_LENGTH for path in paths)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compiled = re.compile(pattern)
    except (re.error, OverflowError, RecursionError) as error:
        raise ValueError(str(error)) from None
    return [path for path in paths if compiled.search(path)]


def _steps(pattern: str) -> int:
    """An upper bound of the order of steps that backtracking can take: repeated groups are
    refused, every other repetition multiplies by the length, every branch by two."""
    repeated = branches = 0
    before = ""
    for sign in pattern:
        if sign in "*+{":
            if before == ")":
                return MAX_STEPS + 1
            repeated += 1
        elif sign == "|" or (sign == "?" and before != "("):
            branches += 1
        before = sign
    steps: int = PATH_LENGTH**repeated << branches
    return steps
