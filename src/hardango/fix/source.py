"""A Python file that can be edited in single places; every byte outside them stays.

LibCST reads the file, so comments, quotes, line ends and encodings are known; an edit is a splice
of the text, at the position of a node. What is written follows the file: its quotes, its
indentation, its line ends, its trailing commas.
"""

from __future__ import annotations

import ast
import bisect
import re
from collections.abc import Iterator, Sequence

import libcst as cst
import libcst.matchers as m
from libcst.metadata import MetadataWrapper, PositionProvider

from hardango.light import NamedTuple


class CannotEdit(Exception):
    """The file is not written in a way in which the edit can be made; the text says why."""


class Code(str):
    """What stands in a file as it is, where a value is asked for."""


CHOICE = " if DEBUG else "
"""Between what holds on a developer's machine and what holds in production."""


class Assigned(NamedTuple):
    """A statement `name = value`, `name: type = value`, `name += value`, `name[key] = value` or
    `name.extend(value)`.

    `operator` is "=", "+=", "[]=" or the method's name; `depth` 0 at the top of the module.
    """

    name: str
    statement: cst.SimpleStatementLine
    small: cst.BaseSmallStatement
    value: cst.BaseExpression
    operator: str
    line: int
    depth: int
    parent: cst.CSTNode


class Splice(NamedTuple):
    """Instead of the text from `start` to before `end` stands `text`."""

    start: int
    end: int
    text: str


LONGEST = 88
"""How long a line may get, as formatters have it."""

_NEW_LINE = re.compile(r"\r\n|\n|\r")


class Source:
    """A parsed file. Raises CannotEdit if it can't be parsed."""

    def __init__(self, data: bytes) -> None:
        try:
            self.module = cst.parse_module(data)
        except (cst.ParserSyntaxError, UnicodeDecodeError, LookupError, RecursionError):
            raise CannotEdit("it can't be parsed") from None
        self.data = data
        self.text = self.module.code
        self.encoding = self.module.encoding
        if self.text.encode(self.encoding) != data:
            raise CannotEdit("its encoding can't be kept")
        wrapper = MetadataWrapper(self.module, unsafe_skip_copy=True)
        self._positions = wrapper.resolve(PositionProvider)
        self._starts = [0, *(found.end() for found in _NEW_LINE.finditer(self.text))]
        self.newline = self._newline()
        self.quote = self.quote_in(self.text) or '"'
        self.indent = self.module.default_indent

    # -- where things are --

    def span(self, node: cst.CSTNode) -> tuple[int, int]:
        """Where a node's own text starts and ends, its parentheses included, without the white
        space around it."""
        first, last = self._positions[node], self._positions[node]
        if getattr(node, "lpar", ()):
            first, last = self._positions[node.lpar[0]], self._positions[node.rpar[-1]]  # type: ignore[attr-defined]
        return (
            self._starts[first.start.line - 1] + first.start.column,
            self._starts[last.end.line - 1] + last.end.column,
        )

    def line(self, node: cst.CSTNode) -> int:
        return int(self._positions[node].start.line)

    def code(self, node: cst.CSTNode) -> str:
        start, end = self.span(node)
        return self.text[start:end]

    def start_of_line(self, offset: int) -> int:
        return self._starts[bisect.bisect_right(self._starts, offset) - 1]

    def end_of_line(self, offset: int) -> int:
        """Where the line ends in which `offset` is, before its line break."""
        found = _NEW_LINE.search(self.text, offset)
        return found.start() if found else len(self.text)

    def after_line(self, offset: int) -> int:
        """Where the next line starts."""
        found = _NEW_LINE.search(self.text, offset)
        return found.end() if found else len(self.text)

    def margin(self, offset: int) -> str:
        """The white space at the start of the line in which `offset` is."""
        found = re.compile(r"[ \t\f]*").match(self.text, self.start_of_line(offset))
        return found[0] if found else ""

    def assignments(self, name: str) -> list[Assigned]:
        """Every statement that binds or changes `name`, from top to bottom."""
        return [each for each in _assigned(self, self.module, 0) if each.name == name]

    def assigned_at(self, name: str, line: int) -> Assigned | None:
        return next((each for each in self.assignments(name) if each.line == line), None)

    def all_assignments(self) -> list[Assigned]:
        return list(_assigned(self, self.module, 0))

    def texts_on(self, line: int, text: str) -> list[cst.SimpleString]:
        """The literals on a line that are this text."""
        found = m.findall(self.module, m.SimpleString())
        return [each for each in found if isinstance(each, cst.SimpleString)
                and self.line(each) == line and each.evaluated_value == text]  # fmt: skip

    # -- style --

    def _newline(self) -> str:
        found = _NEW_LINE.findall(self.text)
        return max(("\n", "\r\n", "\r"), key=found.count) if found else "\n"

    def quote_in(self, code: str) -> str:
        """The quotes that most texts in a part of the file have; "" if it has none."""
        counts = {'"': 0, "'": 0}
        for found in re.finditer(r"(?<![\"'\w])([\"'])(?!\1\1)[^\"'\n]*\1", code):
            counts[found[1]] += 1
        if not any(counts.values()):
            return ""
        return '"' if counts['"'] >= counts["'"] else "'"

    def literal(self, value: object, quote: str = "") -> str:
        """Plain data as Python source, in the quotes of the file."""
        quote = quote or self.quote
        if isinstance(value, Code):
            return str(value)
        if isinstance(value, str):
            return _quoted(value, quote)
        if isinstance(value, (list, tuple)):
            inner = ", ".join(self.literal(each, quote) for each in value)
            if isinstance(value, list):
                return f"[{inner}]"
            return f"({inner},)" if len(value) == 1 else f"({inner})"
        if isinstance(value, dict):
            pairs = (
                f"{self.literal(k, quote)}: {self.literal(v, quote)}" for k, v in value.items()
            )
            return "{" + ", ".join(pairs) + "}"
        return repr(value)

    def written(self, start: str, value: object, margin: str = "") -> str:
        """`start` and plain data, in lines of their own where one line would be too long."""
        flat = start + self.literal(value)
        if isinstance(value, Code) and len(margin + flat) > LONGEST and CHOICE in value:
            one, other = value.split(CHOICE)
            parts = (one, CHOICE.split(" else")[0].strip(), f"else {other}")
            body = "".join(f"{margin}{self.indent}{each}\n" for each in parts)
            return f"{start}(\n{body}{margin})"
        if len(margin + flat) <= LONGEST or not isinstance(value, (list, tuple, dict)) or not value:
            return flat
        inner = margin + self.indent
        if isinstance(value, dict):
            items = [self.written(f"{self.literal(k)}: ", v, inner) for k, v in value.items()]
        else:
            items = [self.written("", each, inner) for each in value]
        opening, closing = {list: ("[", "]"), tuple: ("(", ")"), dict: ("{", "}")}[type(value)]
        body = "".join(f"{inner}{each},\n" for each in items)
        return f"{start}{opening}\n{body}{margin}{closing}"

    def call(self, function: str, *arguments: str) -> str:
        """A call, its arguments in lines of their own where one line would be too long."""
        flat = f"{function}({', '.join(arguments)})"
        if len(flat) <= LONGEST:
            return flat
        return f"{function}(\n" + "".join(f"{self.indent}{each},\n" for each in arguments) + ")"

    # -- edits --

    def spliced(self, splices: Sequence[Splice]) -> bytes:
        """The file with `splices`, none of which overlap. Raises CannotEdit if the result would
        not parse."""
        text = self.text
        for each in sorted(splices, reverse=True):
            new = _NEW_LINE.sub(lambda _: self.newline, each.text)
            text = text[: each.start] + new + text[each.end :]
        try:
            ast.parse(text)
            return text.encode(self.encoding)
        except (SyntaxError, ValueError, UnicodeEncodeError):
            raise CannotEdit("the edit does not fit there") from None


def _quoted(text: str, quote: str) -> str:
    """A text in these quotes, unless they would need escapes that the other ones don't."""
    plain = repr(text)
    if plain[0] == quote or quote in text:
        return plain
    return f"{quote}{plain[1:-1]}{quote}"


def _assigned(source: Source, node: cst.CSTNode, depth: int) -> Iterator[Assigned]:
    """The bindings in a suite and in what is nested in it, functions left out."""
    for child in node.children:
        if isinstance(child, cst.SimpleStatementLine):
            for small in child.body:
                found = _binding(small)
                if found:
                    name, value, operator = found
                    yield Assigned(
                        name, child, small, value, operator, source.line(child), depth, node
                    )
        elif isinstance(child, (cst.If, cst.Else, cst.Try, cst.TryStar, cst.ExceptHandler,
                                cst.Finally, cst.With, cst.For, cst.While)):  # fmt: skip
            yield from _assigned(source, child, depth)
        elif isinstance(child, cst.IndentedBlock):
            yield from _assigned(source, child, depth + 1)
        elif isinstance(child, cst.ClassDef):
            yield from _assigned(source, child, depth)


def imports(source: Source) -> Iterator[tuple[str, str]]:
    """Each name that the top of a file imports, and the dotted path of what it is."""
    for line in source.module.body:
        for small in line.body if isinstance(line, cst.SimpleStatementLine) else ():
            if isinstance(small, cst.Import):
                for each in small.names:
                    dotted = source.code(each.name)
                    if each.asname:
                        yield source.code(each.asname.name), dotted
                    else:
                        first = dotted.partition(".")[0]
                        yield first, first
            elif isinstance(small, cst.ImportFrom) and small.module and not small.relative:
                if isinstance(small.names, cst.ImportStar):
                    continue
                for each in small.names:
                    name = source.code(each.asname.name if each.asname else each.name)
                    yield name, f"{source.code(small.module)}.{source.code(each.name)}"


_METHODS = frozenset({"append", "extend", "insert", "remove", "update", "setdefault"})


def _binding(small: cst.BaseSmallStatement) -> tuple[str, cst.BaseExpression, str] | None:
    """The name, the value and how it is bound."""
    if isinstance(small, cst.Assign) and isinstance(small.targets[0].target, cst.Name):
        return small.targets[0].target.value, small.value, "="
    if isinstance(small, cst.Assign) and isinstance(small.targets[0].target, cst.Subscript):
        owner = small.targets[0].target.value
        while isinstance(owner, cst.Subscript):
            owner = owner.value
        return (owner.value, small.value, "[]=") if isinstance(owner, cst.Name) else None
    if isinstance(small, cst.AnnAssign) and isinstance(small.target, cst.Name) and small.value:
        return small.target.value, small.value, "="
    if isinstance(small, cst.AugAssign) and isinstance(small.target, cst.Name):
        return small.target.value, small.value, "+="
    if isinstance(small, cst.Expr) and isinstance(small.value, cst.Call):
        function = small.value.func
        if (
            isinstance(function, cst.Attribute)
            and isinstance(function.value, cst.Name)
            and function.attr.value in _METHODS
            and small.value.args
        ):
            return function.value.value, small.value.args[-1].value, function.attr.value
    return None
