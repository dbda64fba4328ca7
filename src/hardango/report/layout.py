"""Text on a terminal: width, wrapping, colour, and what must not reach a terminal at all."""

from __future__ import annotations

from collections.abc import Iterable

from hardango.light import NamedTuple

NARROWEST = 40

_ASCII = str.maketrans({
    "→": "->", "│": "|", "✗": "x", "✓": "+", "·": "-", "…": "...", "–": "-", "—": "-",
    "’": "'", "‘": "'", "“": '"', "”": '"', "≥": ">=", "≤": "<=", "×": "x",
})  # fmt: skip

_FIRST_MARK = "\u0300"
"""The first character that takes no column; no character before it takes two."""

# Basic colours only and never a background, so that any theme, light or dark, stays readable;
# yellow and bright colours vanish on white.
_CODES = {
    "bold": "1", "dim": "2", "red": "31", "green": "32", "magenta": "35", "cyan": "36",
    "bold red": "1;31", "bold magenta": "1;35", "bold green": "1;32",
}  # fmt: skip


class Style(NamedTuple):
    """How to write: columns, whether colours may be used, whether only ASCII can be shown."""

    width: int = 80
    colour: bool = False
    ascii: bool = False

    def paint(self, text: str, colour: str) -> str:
        """`text` in a colour of the table above, or as it is."""
        return f"\x1b[{_CODES[colour]}m{text}\x1b[0m" if self.colour and text and colour else text

    def clean(self, text: str) -> str:
        """`text` safe to write: what a project's file says must not steer the terminal."""
        if not text.isprintable():
            text = "".join(
                char if char.isprintable() else " " if char in "\t\n" else repr(char)[1:-1]
                for char in text
            )
        if self.ascii and not text.isascii():
            text = text.translate(_ASCII).encode("ascii", "backslashreplace").decode("ascii")
        return text


PLAIN = Style()


def all_of(when: Iterable[str]) -> str:
    """Conditions that hold together, as one sentence that cannot be misread."""
    facts = list(when)
    if len(facts) == 1:
        return facts[0]
    return " and ".join(f"({fact})" if " or " in fact else fact for fact in facts)


def columns(text: str) -> int:
    """How many columns `text` takes: East Asian wide characters take two, marks none."""
    if text.isascii():
        return len(text)
    if all(char < _FIRST_MARK or ord(char) in _ASCII for char in text):
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(
        0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text
    )


def wrap(text: str, width: int) -> list[str]:
    """`text` in lines of at most `width` columns, broken at spaces; at least one line."""
    size = len if text.isascii() else columns
    lines: list[str] = []
    line, left = "", 0
    for word in text.split():
        takes = size(word)
        if line and takes < left:
            line += " " + word
            left -= takes + 1
            continue
        if line:
            lines.append(line)
        while takes > width:
            cut = _break_at(word, width)
            lines.append(word[:cut])
            word = word[cut:]
            takes = size(word)
        line, left = word, width - takes
    if line or not lines:
        lines.append(line)
    return lines


def _break_at(word: str, width: int) -> int:
    """Where to cut a word that is too long: after a separator, if one is near enough."""
    fits = len(word)
    while columns(word[:fits]) > width:
        fits -= 1
    for at in range(fits, max(fits // 2, 1), -1):
        if word[at - 1] in "/.,_-=&?:":
            return at
    return max(fits, 1)


def cut(text: str, width: int, ellipsis: str = "…") -> str:
    """`text` on one line of at most `width` columns."""
    if columns(text) <= width:
        return text
    while text and columns(text) + len(ellipsis) > width:
        text = text[:-1]
    return text.rstrip() + ellipsis


def assumption(name: str, value: str) -> str:
    """A variable and what is assumed of it; "(…)" stands for a value that cannot be shown."""
    return f"{name} {value}" if value.startswith("(") else f"{name}={cut(value, 40)}"


def entry(label: str, text: str, style: Style, indent: int = 2, column: int = 11) -> list[str]:
    """`text` wrapped beside a label that stands `indent` from the left."""
    lines = wrap(style.clean(text), style.width - column)
    head = " " * indent + style.paint(label, "dim") + " " * (column - indent - len(label))
    return [head + lines[0], *(" " * column + line for line in lines[1:])]


def listed(lead: str, items: Iterable[str], style: Style, indent: int = 2) -> list[str]:
    """`lead` and items separated by commas, wrapped."""
    lines = wrap(style.clean(f"{lead} {', '.join(items)}"), style.width - indent)
    return [lines[0], *(" " * indent + line for line in lines[1:])]


def rows(pairs: Iterable[tuple[str, str]], style: Style, indent: int = 2) -> list[str]:
    """Two columns: a name, and a text wrapped beside it."""
    cleaned = [(style.clean(name), style.clean(text)) for name, text in pairs]
    widest = max((columns(name) for name, _ in cleaned), default=0)
    column = indent + min(widest, style.width // 3) + 2
    lines = []
    for name, text in cleaned:
        first = " " * indent + name
        if columns(first) + 2 > column:
            lines.append(first)
            first = ""
        wrapped = wrap(text, style.width - column)
        lines.append(first + " " * (column - columns(first)) + wrapped[0])
        lines += [" " * column + line for line in wrapped[1:]]
    return lines
