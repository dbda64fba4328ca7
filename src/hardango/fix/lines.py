"""Whole statements: added where a reader would look for them, or taken away."""

from __future__ import annotations

import re
from collections.abc import Iterator

import libcst as cst

from hardango.fix.source import Assigned, CannotEdit, Source, Splice, imports

_FAMILIES = (
    ("SECURE_", "SESSION_COOKIE_SECURE", "SESSION_COOKIE_HTTPONLY", "SESSION_COOKIE_SAMESITE",
     "CSRF_", "X_FRAME_OPTIONS"),
    ("SESSION_",), ("PASSWORD_", "AUTH_"), ("DATA_UPLOAD_", "FILE_UPLOAD_"), ("EMAIL_",),
    ("LANGUAGE_COOKIE_",), ("DEBUG", "SECRET_KEY", "SECRET_KEY_FALLBACKS", "ALLOWED_HOSTS"),
)  # fmt: skip
"""Settings that belong together: their names, or how these start. Of others, those do that start
with the same word."""


def append(source: Source, name: str, lines: list[str]) -> Iterator[list[Splice]]:
    """Adds statements at the top level: below the last related one; else at the end, but before a
    local file that may overrule them."""
    related = _related(source, name)
    if related is not None:
        _, end = source.span(related)
        at = source.end_of_line(end)
        # A comment of its own makes a paragraph of its own.
        apart = "\n" if lines[0].startswith("#") else ""
        next_one = source.text[source.after_line(at) : source.end_of_line(source.after_line(at))]
        below = apart if next_one.strip() else ""
        yield [Splice(at, at, apart + "".join(f"\n{line}" for line in lines) + below)]
    last = _local_import(source)
    if last is not None:
        start, _ = source.span(last)
        line = comments_above(source, source.start_of_line(start))
        yield [Splice(line, line, "".join(f"{line}\n" for line in lines) + "\n")]
    yield [_at_the_end(source, lines)]


def _local_import(source: Source) -> cst.CSTNode | None:
    """`from .local import *` at the end of a file, in a `try` or not."""
    last = source.module.body[-1] if source.module.body else None
    if isinstance(last, cst.Try):
        inside = last.body.body
        first = inside[0] if inside else None
    else:
        first = last
    small = first.body[0] if isinstance(first, cst.SimpleStatementLine) else None
    if isinstance(small, cst.ImportFrom) and isinstance(small.names, cst.ImportStar):
        return last if len(source.module.body) > 1 and last is not source.module.body[0] else None
    return None


def comments_above(source: Source, line: int) -> int:
    """The start of the lines of comment right above the line that starts at `line`."""
    while line > 0:
        above = source.start_of_line(line - 1)
        if not source.text[above:line].strip().startswith("#"):
            break
        line = above
    return line


def _related(source: Source, name: str) -> cst.CSTNode | None:
    """The last statement at the top level that sets something of the same family."""
    start, underscore, _ = name.partition("_")
    own = (name, start + underscore) if underscore else (name,)
    family = next((each for each in _FAMILIES if _is_of(name, each)), own)
    found = [each for each in source.all_assignments()
             if each.depth == 0 and each.parent is source.module and _is_of(each.name, family)]  # fmt: skip
    return found[-1].statement if found else None


def _is_of(name: str, family: tuple[str, ...]) -> bool:
    return any(name.startswith(each) if each.endswith("_") else name == each for each in family)


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


def append_to_class(
    source: Source, owner: str, name: str, lines: list[str]
) -> Iterator[list[Splice]]:
    """Adds statements at the end of a class body; where they change what another class has, on a
    copy of that. Raises CannotEdit if there is no such class."""
    found = next((each for each in source.module.body
                  if isinstance(each, cst.ClassDef) and each.name.value == owner), None)  # fmt: skip
    if found is None:
        raise CannotEdit(f"there is no class {owner}")
    body = found.body
    if not isinstance(body, cst.IndentedBlock) or not body.body:
        raise CannotEdit(f"the body of class {owner} stands on one line")
    attributes = [each for each in body.body if isinstance(each, cst.SimpleStatementLine)]
    last = attributes[-1] if attributes else body.body[-1]
    start, _ = source.span(body.body[0])
    _, end = source.span(last)
    at = source.end_of_line(end)
    margin = source.margin(start)
    own = any(each.parent is body for each in source.assignments(name))
    ways = [lines] if own or not _changes(name, lines) else _on_copies(source, found, name, lines)
    for way in ways:
        indented = (each.replace("\n", f"\n{margin}") for each in way)
        yield [Splice(at, at, "".join(f"\n{margin}{each}" for each in indented))]


def _changes(name: str, lines: list[str]) -> bool:
    """Whether statements change what is there, and do not just set it."""
    return any(re.search(rf"^(del )?{name}[.\[]| in {name} ", line) for line in lines)


def _on_copies(
    source: Source, owner: cst.ClassDef, name: str, lines: list[str]
) -> Iterator[list[str]]:
    """The statements on a copy of what one of the classes has that `owner` is made of. A copy is one
    of the outermost list or dictionary only."""
    kind = "dict" if re.match(rf"(del )?{name}\[", lines[-1]) else "list"
    if kind == "dict" and lines[-1].split(" = ")[0].count("[") > 1:
        return
    own_copy = f"{name} = list({name})"
    for base in owner.bases:
        copied = f"{name} = {kind}({source.code(base.value)}.{name})"
        yield [copied, *(line for line in lines if line != own_copy)]


def add_import(source: Source, statement: str) -> list[Splice]:
    """`import os` above the other imports, unless the file imports it already; `from package import
    Name` where it imports something from that package."""
    module, _, name = statement.removeprefix("from ").partition(" import ")
    if not statement or statement.rpartition(" ")[2] in dict(imports(source)):
        return []
    for each in _imports_from(source, module) if name else ():
        if isinstance(each.names, cst.ImportStar) or each.lpar:
            continue
        start, _ = source.span(each.names[0])
        _, end = source.span(each.names[-1])
        names = sorted([*source.text[start:end].split(", "), name])
        return [Splice(start, end, ", ".join(names))]
    first = next((node for node in source.module.body if not _opening(source, node)), None)
    if first is None:
        end = len(source.text)
        return [Splice(end, end, f"{statement}\n")]
    start, _ = source.span(first)
    # What begins a file speaks of all of it, what else stands above a statement of that.
    own = source.start_of_line(start)
    line = comments_above(source, own) or own
    small = first.body[0] if isinstance(first, cst.SimpleStatementLine) else None
    plain = isinstance(small, cst.Import) or (
        isinstance(small, cst.ImportFrom) and not small.relative
    )
    return [Splice(line, line, f"{statement}\n" if plain else f"{statement}\n\n")]


def _imports_from(source: Source, module: str = "") -> list[cst.ImportFrom]:
    """The statements at the top level that import from a module, given as the file writes it, or
    from any."""
    lines = [each for each in source.module.body if isinstance(each, cst.SimpleStatementLine)]
    return [small for line in lines for small in line.body if isinstance(small, cst.ImportFrom)
            and module in ("", _module(source, small))]  # fmt: skip


def _module(source: Source, node: cst.ImportFrom) -> str:
    return "." * len(node.relative) + (source.code(node.module) if node.module else "")


def named_beside_star(source: Source, name: str) -> list[Splice]:
    """`from .base import NAME`, in a file that names what it uses of what it star-imports, each in a
    statement of its own."""
    for star in _imports_from(source):
        if not isinstance(star.names, cst.ImportStar):
            continue
        module = _module(source, star)
        named = {str(each.names[0].evaluated_name): each for each in _imports_from(source, module)
                 if not isinstance(each.names, cst.ImportStar) and len(each.names) == 1
                 and each.names[0].asname is None}  # fmt: skip
        if not named or name in named:
            continue
        above = [each for each in named if each.isupper() and each < name]
        start, end = source.span(named[max(above)] if above else named[min(named)])
        statement = f"from {module} import {name}"
        if above:
            return [Splice(source.end_of_line(end), source.end_of_line(end), f"\n{statement}")]
        return [Splice(start, start, f"{statement}\n")]
    return []


def _opening(source: Source, node: cst.CSTNode) -> bool:
    """Whether a statement must stand before every import: the docstring, `from __future__`."""
    small = node.body[0] if isinstance(node, cst.SimpleStatementLine) else None
    if isinstance(small, cst.Expr):
        return isinstance(small.value, (cst.SimpleString, cst.ConcatenatedString))
    return (
        isinstance(small, cst.ImportFrom)
        and small.module is not None
        and source.code(small.module) == "__future__"
    )


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
    first, after = source.start_of_line(start), source.after_line(end)
    if first and source.text[:first].endswith(("\n\n", "\r\n\r\n")):
        empty = re.compile(r"\r?\n").match(source.text, after)  # no two empty lines for one
        after = empty.end() if empty else after
    return [Splice(first, after, "")]
