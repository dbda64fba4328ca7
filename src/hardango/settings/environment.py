"""The environment variables that an evaluation assumes.

Each variable is in one of four states: set to a known value, set to a value that is not in the
repository, unset, or not known at all.
"""

from __future__ import annotations

from collections.abc import Mapping

from hardango.findings import Place
from hardango.light import NamedTuple


class Value(NamedTuple):
    """A variable that is set. `text` is None if its value is not in the repository; `default`
    says that it holds only where nobody who starts production sets another value."""

    text: str | None
    place: Place
    default: bool = False


class Environment(NamedTuple):
    """`values` are the variables that are set; `closed` says that every other one is unset,
    else it is not known; `unset` names the variables that are known to be unset."""

    values: Mapping[str, Value] = {}
    closed: bool = False
    unset: frozenset[str] = frozenset()

    @classmethod
    def of(cls, values: Mapping[str, str] = {}, *, closed: bool = False) -> Environment:
        """An environment as given on the command line."""
        place = Place("--env", 0)
        return cls({name: Value(text, place) for name, text in values.items()}, closed)
