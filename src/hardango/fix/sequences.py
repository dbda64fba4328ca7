"""Items of a list, tuple or dictionary that is written out: inserted and removed as it is written."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from hardango.fix.lines import comments_above
from hardango.fix.source import LONGEST, CannotEdit, Source, Splice

Written = cst.List | cst.Tuple | cst.Dict
_BRACKETS = {cst.List: ("[", "]"), cst.Tuple: ("(", ")"), cst.Dict: ("{", "}")}


def texts(sequence: cst.List | cst.Tuple) -> list[str | None]:
    """The items that are plain texts; None for every other one."""
    return [_text(element) for element in sequence.elements]


def insert(source: Source, sequence: Written, index: int, code: str) -> list[Splice]:
    """What puts the item `code` before the one at `index`; `len(elements)`: last."""
    elements = sequence.elements
    if not elements:
        start, end = source.span(sequence)
        if isinstance(sequence, cst.Tuple) and not sequence.lpar:
            raise CannotEdit("it is a tuple without parentheses")
        opening, closing = _BRACKETS[type(sequence)]
        if source.text[start:end].strip(opening + closing + " "):
            raise CannotEdit("it holds a comment")
        comma = "," if isinstance(sequence, cst.Tuple) else ""
        return [Splice(start, end, f"{opening}{code}{comma}{closing}")]
    if on_own_lines(source, sequence):
        return _insert_line(source, sequence, index, code)
    if _too_long(source, sequence, code):
        return _on_lines(source, sequence, index, code)
    if index < len(elements):
        start, _ = source.span(elements[index])
        return [Splice(start, start, f"{code}, ")]
    _, end = source.span(elements[-1].value)
    return [Splice(end, end, f", {code}")]


def insert_text(source: Source, sequence: Written, index: int, item: str) -> list[Splice]:
    """What puts a text there, in the quotes of the others."""
    quote = quote_of(source, [each.value for each in sequence.elements])
    return insert(source, sequence, index, source.literal(item, quote))


def remove(source: Source, sequence: Written, index: int) -> list[Splice]:
    """What takes the item at `index` away, with its comma and the comment on its line."""
    elements = sequence.elements
    start, _ = source.span(elements[index])
    _, end = source.span(elements[index].value)
    after = _after_comma(source, sequence, index)
    if _alone(source, sequence, index):
        return [Splice(source.start_of_line(start), source.after_line(after), "")]
    if index + 1 < len(elements):
        return [Splice(start, source.span(elements[index + 1])[0], "")]
    if index == 0:
        if isinstance(sequence, cst.Tuple) and not sequence.lpar:
            raise CannotEdit("it is a tuple without parentheses")
        return [Splice(start, after, "")]
    _, before = source.span(elements[index - 1].value)
    # A tuple of one item keeps the comma that makes it one.
    keep = "," if isinstance(sequence, cst.Tuple) and len(elements) == 2 else ""
    return (
        [Splice(before, end, keep)] if not keep or after == end else [Splice(before, after, keep)]
    )


def _text(element: cst.BaseElement) -> str | None:
    if isinstance(element, cst.StarredElement):
        return None
    value = element.value
    if isinstance(value, (cst.SimpleString, cst.ConcatenatedString)):
        found = value.evaluated_value
        return found if isinstance(found, str) else None
    return None


def on_own_lines(source: Source, sequence: Written) -> bool:
    """Whether every item stands at the start of a line."""
    return all(
        not source.text[source.start_of_line(start) : start].strip()
        for start, _ in map(source.span, sequence.elements)
    )


def margin_inside(source: Source, sequence: Written) -> str:
    """What stands before an item that begins a line."""
    start, _ = source.span(sequence.elements[0] if sequence.elements else sequence)
    own = sequence.elements and on_own_lines(source, sequence)
    return source.margin(start) + ("" if own else source.indent)


def _too_long(source: Source, sequence: Written, more: str) -> bool:
    start, end = source.span(sequence)
    line = source.text[source.start_of_line(start) : source.end_of_line(end)]
    return "\n" not in line and len(line) + len(more) + 2 > LONGEST


def _on_lines(source: Source, sequence: Written, index: int, code: str) -> list[Splice]:
    """The list written anew, an item a line."""
    start, end = source.span(sequence)
    items = [source.code(each) for each in sequence.elements]
    items.insert(index, code)
    margin = source.margin(start)
    opening, closing = _BRACKETS[type(sequence)]
    lines = "".join(f"{margin}{source.indent}{each},\n" for each in items)
    return [Splice(start, end, f"{opening}\n{lines}{margin}{closing}")]


def _alone(source: Source, sequence: Written, index: int) -> bool:
    """Whether nothing else but a comment stands on the lines of an item."""
    start, _ = source.span(sequence.elements[index])
    after = _after_comma(source, sequence, index)
    rest = source.text[after : source.end_of_line(after)].strip()
    before = source.text[source.start_of_line(start) : start].strip()
    return not before and (not rest or rest.startswith("#"))


def _insert_line(source: Source, sequence: Written, index: int, code: str) -> list[Splice]:
    """A line of its own, below the item before, so that a comment stays with what it is about."""
    elements = sequence.elements
    margin = source.margin(source.span(elements[0])[0])
    if index == 0:
        start, _ = source.span(elements[0])
        line = source.start_of_line(start)
        above = comments_above(source, line)
        return [Splice(above, above, f"{margin}{code},\n")]
    _, end = source.span(elements[index - 1].value)
    after = _after_comma(source, sequence, index - 1)
    splices = []
    last = index == len(elements)
    comma = ","
    if last and after == end:  # no trailing comma, and none afterwards
        splices.append(Splice(end, end, ","))
        comma = ""
    rest = source.text[after : source.end_of_line(after)].strip()
    if last and rest and not rest.startswith("#"):  # the bracket closes on the same line
        return [Splice(end, end, f",\n{margin}{code}")]
    line = source.end_of_line(after)
    if splices and line == end:
        return [Splice(end, end, f",\n{margin}{code}")]
    return [*splices, Splice(line, line, f"\n{margin}{code}{comma}")]


def _after_comma(source: Source, sequence: Written, index: int) -> int:
    """Where an item ends, its comma included."""
    element = sequence.elements[index]
    _, end = source.span(element.value)
    comma = element.comma
    if isinstance(comma, cst.Comma):
        return source.text.index(",", end) + 1
    return end


def quote_of(source: Source, values: Sequence[cst.BaseExpression]) -> str:
    """The quotes of the other items."""
    for each in values:
        if isinstance(each, cst.SimpleString):
            return each.quote[0]
    return source.quote
