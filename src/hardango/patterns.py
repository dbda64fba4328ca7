"""Regular expressions that cost nothing until they are used.

Compiling one takes longer than most of an audit; a command that starts fifty times a day does
not compile fifty of them to use three.
"""

from __future__ import annotations

import re

from hardango.light import Any


class Pattern:
    """A regular expression, compiled when it is first used; used like an `re.Pattern`."""

    def __init__(self, text: str, flags: int = 0) -> None:
        self._text, self._flags = text, flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self._text, self._flags)
        for method in (
            "match",
            "search",
            "fullmatch",
            "sub",
            "subn",
            "finditer",
            "findall",
            "split",
        ):
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)
