"""Whole statements: added where a reader would look for them, or taken away."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from hardango.fix.source import Assigned, CannotEdit, Source, Splice

_FAMILIES = (
    ("SECURE_", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE",
     "CSRF_", "X_FRAME_OPTIONS"),
    ("SESSION_",), ("PASSWORD_", "AUTH_"), ("DATA_UPLOAD_", "FILE_UPLOAD_"), ("EMAIL_",),
    ("LANGUAGE_COOKIE_",),
)  # fmt: skip
"""Settings that belong together: how their names start."""


def append(source: Source, name: str, lines: list[str]) -> Iterator[list[Splice]]:
    """Adds statements at the top level: below the last related one, else at the end."""
    related = _related(source, name)
    if related is not None:
        _, end = source.span(related)
        at = source.end_of_line(end)
        yield [Splice(at, at, "".join(f"\n{line}" for line in lines))]
    yield [_at_the_end(source, lines)]


def _related(source: Source, name: str) -> cst.CSTNode | None:
    """The last statement at the top level that sets something of the same family."""
    families = next((each for each in _FAMILIES if name.startswith(each)), (name,))
    found = [each for each in source.all_assignments()
             if each.depth == 0 and each.parent is source.module and each.name.startswith(families)]  # fmt: skip
    return found[-1].statement if found else None


def _at_the_end(source: Source, lines: list[str]) -> Splice:
    """Below everything, with an empty line before it, as the file ends now."""
    text = source.text
    end = len(text)
    body = "\n".join(lines)
    if not text.strip():
        return Splice(end, end, body + "\n")
    if not text.endswith(("\n", "\r")):
        return Splice(end, end, f"\n\n{body}")
    # Another section that this tool has begun goes on without an empty line.
    return Splice(end, end, f"\n{body}\n")


def append_to_class(source: Source, name: str, lines: list[str]) -> list[Splice]:
    """Adds statements at the end of a class body. Raises CannotEdit if there is no such class."""
    for node in source.module.body:
        if isinstance(node, cst.ClassDef) and node.name.value == name:
            body = node.body
            if not isinstance(body, cst.IndentedBlock) or not body.body:
                raise CannotEdit(f"the body of class {name} stands on one line")
            attributes = [each for each in body.body if isinstance(each, cst.SimpleStatementLine)]
            last = attributes[-1] if attributes else body.body[-1]
            start, _ = source.span(body.body[0])
            _, end = source.span(last)
            at = source.end_of_line(end)
            margin = source.margin(start)
            return [Splice(at, at, "".join(f"\n{margin}{line}" for line in lines))]
    raise CannotEdit(f"there is no class {name}")


def add_import(source: Source, statement: str) -> list[Splice]:
    """`import os` among the other imports, unless it is there."""
    if not statement or re.search(rf"^{re.escape(statement)}\b[^.]*$", source.text, re.MULTILINE):
        return []
    body = source.module.body
    for index, node in enumerate(body):
        if not isinstance(node, cst.SimpleStatementLine):
            break
        first = node.body[0]
        if index == 0 and isinstance(first, cst.Expr) and isinstance(first.value, cst.SimpleString):
            continue  # the docstring
        if (
            isinstance(first, cst.ImportFrom)
            and first.module is not None
            and source.code(first.module) == "__future__"
        ):
            continue
        start, _ = source.span(node)
        line = source.start_of_line(start)
        imports = isinstance(first, (cst.Import, cst.ImportFrom))
        return [Splice(line, line, f"{statement}\n" if imports else f"{statement}\n\n")]
    if body and not isinstance(body[0], cst.SimpleStatementLine):
        line = source.start_of_line(source.span(body[0])[0])
        return [Splice(line, line, f"{statement}\n\n")]
    end = len(source.text)
    return [Splice(end, end, f"{statement}\n")]


def statement_removed(source: Source, found: Assigned) -> list[Splice]:
    """The statement away, with the comment right above that speaks of it alone. Raises CannotEdit
    if it is the only one of its block."""
    statement = found.statement
    if len(statement.body) != 1:
        raise CannotEdit("it shares its line with another statement")
    block = found.parent
    if isinstance(block, cst.IndentedBlock) and len(block.body) == 1:
        raise CannotEdit("it is the only statement of its block")
    start, end = source.span(statement)
    return [Splice(source.start_of_line(start), source.after_line(end), "")]
