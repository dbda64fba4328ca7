"""The names under which tables know what packages define, and re-export elsewhere."""

from __future__ import annotations

from collections.abc import Mapping


def named(table: Mapping[str, object], dotted: str) -> str:
    """The key of a table for a dotted name: `django.views.View` is `django.views.generic.base.View`
    where only one class of Django has that name. The name itself if there is none."""
    if dotted in table:
        return dotted
    top, _, rest = dotted.partition(".")
    last = rest.rpartition(".")[2]
    close = [each for each in table if each.startswith(f"{top}.") and each.endswith(f".{last}")]
    return close[0] if last and len(close) == 1 else dotted
