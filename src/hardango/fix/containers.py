"""What stands at a path in a dictionary that is written out: set, or taken away."""

from __future__ import annotations

import libcst as cst

from hardango.edits import Path
from hardango.fix import sequences
from hardango.fix.source import CannotEdit, Source, Splice


def put(source: Source, value: cst.BaseExpression, path: Path, new: object) -> list[Splice]:
    """What makes `new` stand at `path`. Raises CannotEdit if something on the way is computed."""
    key, *rest = path
    at = _index(value, key)
    if at is not None:
        element = value.elements[at]  # type: ignore[attr-defined]
        if rest and isinstance(element.value, (cst.Dict, cst.List, cst.Tuple)):
            return put(source, element.value, tuple(rest), new)
        if rest or not is_literal(element.value):
            raise CannotEdit("what is there is computed")
        start, end = source.span(element.value)
        return [Splice(start, end, source.written("", new, source.margin(start)))]
    if not isinstance(value, cst.Dict) or isinstance(key, int):
        raise CannotEdit("there is no such item")
    for each in reversed(rest):
        new = {each: new}
    quote = sequences.quote_of(source, [each.key for each in value.elements
                                        if isinstance(each, cst.DictElement)])  # fmt: skip
    before = f"{source.literal(key, quote)}: "
    code = source.written(before, new, sequences.margin_inside(source, value))
    return sequences.insert(source, value, len(value.elements), code)


def take(source: Source, value: cst.BaseExpression, path: Path) -> list[Splice]:
    """What takes the item at `path` away. Raises CannotEdit if it is not written out there."""
    key, *rest = path
    at = _index(value, key)
    if at is None:
        raise CannotEdit("there is no such item")
    if rest:
        return take(source, value.elements[at].value, tuple(rest))  # type: ignore[attr-defined]
    assert isinstance(value, (cst.Dict, cst.List, cst.Tuple))
    return sequences.remove(source, value, at)


def _index(value: cst.BaseExpression, key: str | int) -> int | None:
    """Where the item stands; the last one of that key counts. Raises CannotEdit if something that
    is spread there could have it."""
    if isinstance(key, int):
        written = isinstance(value, (cst.List, cst.Tuple))
        if not written or any(isinstance(e, cst.StarredElement) for e in value.elements[: key + 1]):  # type: ignore[attr-defined]
            raise CannotEdit("the list is computed")
        return key if key < len(value.elements) else None  # type: ignore[attr-defined]
    if not isinstance(value, cst.Dict):
        raise CannotEdit("the dictionary is computed")
    found = [
        index for index, each in enumerate(value.elements)
        if isinstance(each, cst.DictElement) and isinstance(each.key, cst.SimpleString)
        and each.key.evaluated_value == key
    ]  # fmt: skip
    return found[-1] if found else None


def is_literal(value: cst.BaseExpression) -> bool:
    """Whether an expression is plain data, written out."""
    if isinstance(value, (cst.List, cst.Tuple, cst.Set)):
        return all(not isinstance(each, cst.StarredElement) and is_literal(each.value)
                   for each in value.elements)  # fmt: skip
    if isinstance(value, cst.Dict):
        return all(isinstance(each, cst.DictElement) and is_literal(each.key) and
                   is_literal(each.value) for each in value.elements)  # fmt: skip
    if isinstance(value, cst.UnaryOperation):
        return isinstance(value.expression, cst.BaseNumber)
    if isinstance(value, cst.BinaryOperation):
        return _is_number(value.left) and _is_number(value.right)
    if isinstance(value, cst.Name):
        return value.value in ("True", "False", "None")
    return isinstance(value, (cst.BaseNumber, cst.SimpleString, cst.ConcatenatedString))


def _is_number(value: cst.BaseExpression) -> bool:
    if isinstance(value, cst.BinaryOperation):
        return _is_number(value.left) and _is_number(value.right)
    return isinstance(value, cst.BaseNumber)
