"""A control's story as HTML: paragraphs, lists, examples and names in backticks."""

from __future__ import annotations

from hardango.report.markup import Markup, join, tag


def story(text: str) -> Markup:
    """The whole story."""
    return join(*(_block(each) for each in text.split("\n\n") if each.strip()))


def _block(block: str) -> Markup:
    lines = block.strip("\n").split("\n")
    if all(line.startswith("    ") for line in lines if line.strip()):
        shown = Markup("\n").join(join(line[4:]) for line in lines)
        return tag("pre", tag("code", Markup(shown)))
    paragraph: list[str] = []
    items: list[list[str]] = []
    for line in lines:
        if line.startswith("- "):
            items.append([line[2:]])
        else:
            (items[-1] if items else paragraph).append(line.strip())
    said = [tag("p", _inline(" ".join(paragraph)))] if paragraph else []
    listed = [tag("ul", *(tag("li", _inline(" ".join(each))) for each in items))] if items else []
    return join(*said, *listed)


def _inline(text: str) -> Markup:
    """What stands between backticks is code."""
    parts = text.split("`")
    if len(parts) % 2 == 0:  # One of them has no partner.
        return join(text)
    return join(*(tag("code", part) if number % 2 else part for number, part in enumerate(parts)))
