"""HTML that is escaped unless it was made here: a text can only become markup through `tag`."""

from __future__ import annotations

from hardango.report.layout import PLAIN

_ENTITIES = str.maketrans(
    {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;", "`": "&#96;"}
)
_VOID = frozenset({"input", "link", "meta"})
_OWN_LINE = frozenset(
    "article body dd details dl div dt fieldset figure footer form h1 h2 h3 h4 h5 head header input "
    "label legend li link main meta nav ol p pre script section style summary title ul".split()
)


class Markup(str):
    """Text that is HTML already."""

    __slots__ = ()


def escaped(text: str) -> Markup:
    """`text` for an element or a quoted attribute; control and direction marks are written out,
    so that what is shown is what the file says."""
    return text if isinstance(text, Markup) else Markup(PLAIN.clean(text).translate(_ENTITIES))


def tag(name: str, /, *children: str, **attributes: str | bool) -> Markup:
    """The element with its children, each escaped unless it is Markup.

    `class_` and `data_severity` are the attributes class and data-severity; False leaves one out.
    """
    given = "".join(
        f" {key.rstrip('_').replace('_', '-')}" + ("" if value is True else f'="{escaped(value)}"')
        for key, value in attributes.items()
        if value is not False
    )
    end = "\n" if name in _OWN_LINE else ""
    if name in _VOID:
        return Markup(f"<{name}{given}>{end}")
    return Markup(f"<{name}{given}>{join(*children)}</{name}>{end}")


def join(*parts: str) -> Markup:
    """The parts one after the other."""
    return Markup("".join(map(escaped, parts)))
