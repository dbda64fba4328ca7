"""nginx's configuration language: directives of words, some with a block.

https://nginx.org/en/docs/beginners_guide.html#conf_structure
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from hardango.light import NamedTuple


class BadSyntax(Exception):
    """The text is no configuration of nginx."""


class Directive(NamedTuple):
    """`words` as written, quotes included; `block` its directives, None if it has none."""

    words: tuple[str, ...]
    block: tuple[Directive, ...] | None = None

    @property
    def name(self) -> str:
        return self.words[0]

    @property
    def arguments(self) -> tuple[str, ...]:
        """The words after the name, without quotes."""
        return tuple(unquoted(each) for each in self.words[1:])


_TOKEN = re.compile(
    r"""\s+|\#[^\n]*|(?P<word>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'
    |(?:\$\{[^}]*\}|\\.|[^\s{};"'#\\]|(?<=[^\s;{}])["'#])(?:\$\{[^}]*\}|\\.|[^\s{};\\])*)
    |(?P<mark>[{};])""",
    re.VERBOSE | re.DOTALL,
)
_DEEPEST = 20


def parse(text: str) -> tuple[Directive, ...]:
    """The directives of a file. Raises BadSyntax."""
    return tuple(_directives(_tokens(text), 0))


def _tokens(text: str) -> Iterator[tuple[str, str]]:
    at = 0
    while at < len(text):
        found = _TOKEN.match(text, at)
        if found is None:
            raise BadSyntax(f"line {text.count(chr(10), 0, at) + 1} cannot be read")
        at = found.end()
        if found["word"] is not None:
            yield "word", found["word"]
        elif found["mark"] is not None:
            yield "mark", found["mark"]


def _directives(tokens: Iterator[tuple[str, str]], depth: int) -> Iterator[Directive]:
    """The directives up to the end of their block."""
    if depth > _DEEPEST:
        raise BadSyntax("blocks are nested too deeply")
    words: list[str] = []
    for kind, text in tokens:
        if kind == "word":
            words.append(text)
        elif text == "}" and not words:
            if depth == 0:
                raise BadSyntax("there is a } too many")
            return
        elif text == "}":
            break
        elif not words:
            if text == "{":
                raise BadSyntax("a block has no name")
        else:
            block = tuple(_directives(tokens, depth + 1)) if text == "{" else None
            yield Directive(tuple(words), block)
            words = []
    if words or depth:
        raise BadSyntax(f"{words[0] if words else 'a block'} does not end")


def unquoted(word: str) -> str:
    if len(word) > 1 and word[0] in "\"'" and word[-1] == word[0]:
        return re.sub(r"\\(.)", r"\1", word[1:-1])
    return word


def quoted(text: str) -> str:
    """A word that stands for `text`."""
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def written(directives: Iterable[Directive], indent: str = "") -> str:
    """The text of directives."""
    lines = []
    for each in directives:
        words = " ".join(each.words)
        if each.block is None:
            lines.append(f"{indent}{words};\n")
        else:
            lines.append(f"{indent}{words} {{\n{written(each.block, indent + '    ')}{indent}}}\n")
    return "".join(lines)


def walk(directives: Iterable[Directive]) -> Iterator[Directive]:
    """All directives, also those inside blocks."""
    for each in directives:
        yield each
        yield from walk(each.block or ())
