"""Source texts of Python and their syntax trees."""

from __future__ import annotations

import os
import re
import warnings

from hardango import syntax as ast

MARKS = 100_000
"""Signs of one source text that each make a node of its syntax tree, about; a node takes five
hundred times what its sign takes. The largest honest settings module has a tenth of it."""

SIGNS = ",;\n+-*/%.([{=<>|&:"


class Unparsable(Exception):
    """A source text that has no syntax tree; `line` is where (0: no line), the text says why."""

    def __init__(self, why: str, line: int = 0) -> None:
        super().__init__(why)
        self.line = line


def too_dense(source: bytes | str) -> bool:
    """Whether the syntax tree of a source text would take too much memory."""
    if len(source) <= MARKS:
        return False
    if isinstance(source, bytes):
        return sum(source.count(sign.encode()) for sign in SIGNS) > MARKS
    return sum(source.count(sign) for sign in SIGNS) > MARKS


def parse(source: bytes | str) -> ast.Module:
    """The syntax tree of a source text, also of one that is written for a newer Python than the
    one that runs. Raises Unparsable."""
    if too_dense(source):
        raise Unparsable("it is too large to read")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            # With a name, Python would look for a file of that name to quote from.
            return ast.parse(source, "")
    except SyntaxError as error:
        # Imported here: it is seldom that a file does not parse.
        from hardango.newer import parse_newer, why_not

        text = source if isinstance(source, str) else decoded(source)
        tree = parse_newer(text)
        if tree is not None:
            return tree
        raise Unparsable(why_not(error, text), error.lineno or 0) from None
    except UnicodeDecodeError as error:
        raise Unparsable(f"it is not {error.encoding}, and declares no encoding") from None
    except ValueError as error:
        raise Unparsable(str(error)) from None
    except (RecursionError, MemoryError):
        raise Unparsable("it is nested too deeply") from None


def decoded(data: bytes, errors: str = "replace") -> str:
    """A text in UTF-8, its mark left out: what "utf-8-sig" does, without loading that. Raises
    UnicodeDecodeError if `errors` is "strict"."""
    return data.removeprefix(b"\xef\xbb\xbf").decode("utf-8", errors)


_TEMPLATES = "template|tmpl|tpl|example|sample|dist|default|skel|prod|production|in"


def template_of(file: str) -> str | None:
    """The file beside one that is not there from which it is made: `conf.py.template`."""
    directory, name = os.path.split(file)
    stem, end = os.path.splitext(name)
    pattern = re.compile(
        rf"{re.escape(stem)}({re.escape(end)})?([.\-_]({_TEMPLATES}))+({re.escape(end)})?", re.I
    )
    try:
        names = sorted(os.listdir(directory))
    except OSError:
        return None
    found = [each for each in names if pattern.fullmatch(each) and end in each]
    return os.path.join(directory, found[0]) if found else None
