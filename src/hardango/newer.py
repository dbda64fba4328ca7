"""Source texts in a newer Python than the one that runs, in the words of an older one.

Python 3.12 let f-strings hold anything between their braces (PEP 701) and gave generics and type
aliases a syntax (PEP 695), 3.14 lets `except A, B:` do without parentheses (PEP 758), 3.15 has
`lazy import` (PEP 810). A text that does not parse is written anew where it has these, so that
every statement stays on its line.
"""

from __future__ import annotations

import ast
import re

from hardango.light import NamedTuple
from hardango.patterns import Pattern

LONGEST = 400_000
"""Characters of a text that is looked at sign by sign."""

_EXCEPT = Pattern(
    r"(?m)^[ \t]*except\b[ \t]*\*?([ \t])[ \t]*([\w.]+([ \t]*,[ \t]*[\w.]+)+)[ \t]*,?[ \t]*:"
)
_ALIAS = Pattern(r"(?m)^[ \t]*(type[ \t]+)\w+[ \t]*(\[)?[^=\n]*=")
_GENERIC = Pattern(r"(?m)^[ \t]*(?:(?:async[ \t]+)?def|class)[ \t]+\w+[ \t]*(\[)")
_LAZY = Pattern(r"(?m)^[ \t]*(lazy[ \t]+)(?=import\b|from\b)")
_PREFIX = Pattern(r"(?i)(?<!\w)[rbuft]{1,2}$")
_PARAMETER = Pattern(r"(?:^|,)\s*\*{0,2}(\w+)")


class _NotNewer(Exception):
    """The text has nothing of a newer Python that is known here."""


class _Edit(NamedTuple):
    start: int
    end: int
    text: str


class _Scan:
    """A walk over a source text that knows strings and comments, as the newest Python has them.

    `mask` is the text with both blanked out; `fields` are the (start, end) of what stands between
    the braces of f-strings and could not stand there before 3.12; `edits` the quotes that have to
    be tripled since a field goes over lines; `templates` where t-strings begin; `shows_source`
    whether one of the fields is `{x=}`, whose text counts.
    """

    def __init__(self, text: str) -> None:
        self.text = text
        self.mask = list(text)
        self.fields: list[tuple[int, int]] = []
        self.edits: list[_Edit] = []
        self.templates: list[int] = []
        self.shows_source = False
        self.code(0, "")

    def blank(self, start: int, end: int) -> None:
        self.mask[start:end] = ["\n" if each == "\n" else " " for each in self.text[start:end]]

    def code(self, at: int, stop: str) -> int:
        """Walk over code, to its end or, in a field, to what ends the expression."""
        text, depth = self.text, 0
        while at < len(text):
            sign = text[at]
            if sign in "\"'":
                at = self.string(at)
                continue
            if sign == "#":
                end = text.find("\n", at)
                end = len(text) if end < 0 else end
                self.blank(at, end)
                at = end
                continue
            if stop and depth == 0 and (sign in "}:" or (sign == "!" and text[at + 1] != "=")):
                return at
            depth += (sign in "([{") - (sign in ")]}")
            at += 1
        if stop:
            raise _NotNewer
        return at

    def string(self, at: int) -> int:
        text = self.text
        found = _PREFIX.search(text[max(at - 3, 0) : at])
        prefix = found[0].lower() if found else ""
        quote = text[at] * 3 if text.startswith(text[at] * 3, at) else text[at]
        if "t" in prefix:
            self.templates.append(at)
        formatted, fields = "f" in prefix or "t" in prefix, len(self.fields)
        start, lines = at, 0
        at += len(quote)
        while not text.startswith(quote, at):
            if at >= len(text) or (text[at] == "\n" and len(quote) == 1):
                raise _NotNewer
            if text[at] == "\\":
                named = formatted and "r" not in prefix and re.match(r"\\N\{[^}]*\}", text[at:])
                at += named.end() if named else 2
            elif formatted and text[at] == "{" and text[at + 1 : at + 2] != "{":
                end = self.field(at + 1)
                lines += text.count("\n", at, end)
                at = end
            else:
                at += 2 if formatted and text.startswith(("{{", "}}"), at) else 1
        if lines and len(quote) == 1 and len(self.fields) > fields:
            self.edits += [_Edit(each, each + 1, quote * 3) for each in (start, at)]
        at += len(quote)
        self.blank(start - len(prefix), at)
        return at

    def field(self, start: int) -> int:
        """Walk over one `{…}`, from behind its opening brace to behind the closing one."""
        text, inner, edits = self.text, len(self.fields), len(self.edits)
        at = self.code(start, "}")
        del self.fields[inner:], self.edits[edits:]  # what lies inside is written anew with it
        if any(sign in text[start:at] for sign in "\"'\\\n#"):
            self.shows_source |= text[start:at].rstrip().endswith("=")
            self.fields.append((start, at))
        if text[at] == "!":
            at = min(each for each in (text.find(":", at), text.find("}", at)) if each > 0)
        if text[at] == ":":
            at += 1
            while at < len(text) and text[at] != "}":
                if text[at] == "\n":
                    raise _NotNewer
                at = self.field(at + 1) if text[at] == "{" else at + 1
        if text[at : at + 1] != "}":
            raise _NotNewer
        return at + 1


def parse_newer(text: str) -> ast.Module | None:
    """The syntax tree of a text that this Python does not parse as it stands; None if it isn't one
    of a newer Python."""
    try:
        return _parse(text, 0) if len(text) <= LONGEST else None
    except (_NotNewer, SyntaxError, ValueError, IndexError, RecursionError):
        return None


def _parse(text: str, depth: int) -> ast.Module:
    if depth > 5:
        raise _NotNewer
    scan = _Scan(text)
    mask = "".join(scan.mask)
    name = "_field"
    while name in text:
        name = "_" + name
    fields: dict[str, ast.expr] = {}
    edits = list(scan.edits)
    for start, end in scan.fields:
        used = f"{name}{len(fields)}"
        fields[used] = _expression(text, start, end, depth)
        edits.append(_Edit(start, end, used + "\n" * text.count("\n", start, end)))
    parameters: dict[str, None] = {}
    edits += [*_excepts(mask), *_aliases(mask, parameters), *_generics(mask, parameters)]
    edits += [_Edit(found.start(1), found.end(1), "") for found in _LAZY.finditer(mask)]
    if not edits or scan.shows_source or scan.templates:
        raise _NotNewer
    tree = ast.parse(_edited(text, edits), "")
    stored = _stored(tree) if parameters else set()
    # Bases and annotations name type parameters, that nothing binds any more.
    fields.update({each: ast.Name("object", ast.Load()) for each in parameters.keys() - stored})
    return _Fill(fields).visit(tree) if fields else tree


def _stored(tree: ast.Module) -> set[str]:
    return {
        node.id
        for node in ast.walk(tree)
        if isinstance(node, ast.Name) and not isinstance(node.ctx, ast.Load)
    }


def _edited(text: str, edits: list[_Edit]) -> str:
    parts, at = [], 0
    for edit in sorted(edits):
        if edit.start < at:
            raise _NotNewer
        parts += [text[at : edit.start], edit.text]
        at = edit.end
    return "".join([*parts, text[at:]])


def _excepts(mask: str) -> list[_Edit]:
    """`except A, B:` with its parentheses. `except A, e:` is Python 2, where `e` is a variable."""
    edits = []
    for found in _EXCEPT.finditer(mask):
        if names_a_variable(found[2]):
            raise _NotNewer
        edits += [_Edit(found.start(1), found.end(1), "("), _Edit(found.end(2), found.end(2), ")")]
    return edits


def names_a_variable(caught: str) -> bool:
    """Whether what stands behind `except` is a class and a variable, as Python 2 has it."""
    names = [each.strip() for each in caught.split(",")]
    return len(names) == 2 and re.fullmatch(r"[a-z_]\w*", names[1]) is not None


def _aliases(mask: str, parameters: dict[str, None]) -> list[_Edit]:
    """`type X[T] = …` as `X = lambda: …`: what it stands for is not evaluated before it is used."""
    edits = []
    for found in _ALIAS.finditer(mask):
        edits.append(_Edit(found.start(1), found.end(1), ""))
        if found[2]:
            edits.append(_without(mask, found.start(2), parameters))
        equals = found.end() if not found[2] else mask.index("=", edits[-1].end) + 1
        edits.append(_Edit(equals, equals, " lambda:"))
    return edits


def _generics(mask: str, parameters: dict[str, None]) -> list[_Edit]:
    return [_without(mask, found.start(1), parameters) for found in _GENERIC.finditer(mask)]


def _without(mask: str, start: int, parameters: dict[str, None]) -> _Edit:
    """Take away the type parameters in the brackets that open at `start`."""
    depth = 0
    for at in range(start, len(mask)):
        depth += (mask[at] in "([{") - (mask[at] in ")]}")
        if depth == 0:
            break
    inside = mask[start + 1 : at]
    if "\n" in inside:
        raise _NotNewer
    while (flat := re.sub(r"\([^()\[\]]*\)|\[[^()\[\]]*\]", "", inside)) != inside:
        inside = flat
    parameters.update(dict.fromkeys(_PARAMETER.findall(inside)))
    return _Edit(start, at + 1, " " * (at + 1 - start))


def _expression(text: str, start: int, end: int, depth: int) -> ast.expr:
    """What stands between two braces, at its place in the text."""
    source = f"({text[start:end]}\n)"
    try:
        tree = ast.parse(source, "")
    except SyntaxError:
        tree = _parse(source, depth + 1)
    (statement,) = tree.body
    if not isinstance(statement, ast.Expr):
        raise _NotNewer
    line = text.count("\n", 0, start)
    column = start - (text.rfind("\n", 0, start) + 1) - 1
    for node in ast.walk(statement):
        if isinstance(node, (ast.expr, ast.keyword, ast.arg)):
            if node.lineno == 1:
                node.col_offset += column
            node.lineno += line
            node.end_lineno, node.end_col_offset = node.lineno, node.col_offset
    return statement.value


class _Fill(ast.NodeTransformer):
    """Puts the expressions of fields where their names stand for them."""

    def __init__(self, fields: dict[str, ast.expr]) -> None:
        self.fields = fields

    def visit_Name(self, node: ast.Name) -> ast.expr:
        found = self.fields.get(node.id)
        if isinstance(found, ast.Name) and not hasattr(found, "lineno"):
            return ast.copy_location(ast.Name(found.id, node.ctx), node)
        return found or node


def why_not(error: SyntaxError, text: str) -> str:
    """Why a text could not be parsed, in a few words."""
    row = (error.text or "").strip()
    caught = re.match(r"except\b\s*([^:]*,[^:]*):", row)
    if row.startswith(("print ", "exec ")) or (caught and names_a_variable(caught[1])):
        return "it is Python 2"
    if "{%" in row or re.search(r"\{\{.*\}\}", row):
        return "it is a template of settings; audit a project that is made from it"
    needed = "Python 3.14 (except without parentheses)" if caught else _needed(text)
    return f"it needs {needed}" if needed else f"this Python cannot parse it ({error.msg})"


def _needed(text: str) -> str:
    """The Python whose syntax a text has, with the name of that syntax; "" if none is known."""
    if len(text) > LONGEST:
        return ""
    try:
        scan = _Scan(text)
    except (_NotNewer, ValueError, IndexError, RecursionError):
        return ""
    mask = "".join(scan.mask)
    for pattern, said in (
        (_LAZY, "Python 3.15 (lazy imports)"),
        (_GENERIC, "Python 3.12 (type parameters)"),
        (_ALIAS, "Python 3.12 (type aliases)"),
    ):
        if pattern.search(mask):
            return said
    if scan.templates:
        return "Python 3.14 (template strings)"
    return "Python 3.12 (f-strings with quotes in them)" if scan.fields else ""
