"""How large a source text may be to be parsed: the syntax tree of a short text can be huge."""

from __future__ import annotations

MARKS = 100_000
"""Signs of one source text that each make a node of its syntax tree, about; a node takes five
hundred times what its sign takes. The largest honest settings module has a tenth of it."""

SIGNS = ",;\n+-*/%.([{=<>|&:"


def too_dense(source: bytes | str) -> bool:
    """Whether the syntax tree of a source text would take too much memory."""
    if len(source) <= MARKS:
        return False
    if isinstance(source, bytes):
        return sum(source.count(sign.encode()) for sign in SIGNS) > MARKS
    return sum(source.count(sign) for sign in SIGNS) > MARKS
