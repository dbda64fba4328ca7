"""What the user has decided not to count, said in a comment beside it.

    SECURE_HSTS_SECONDS = 3600  # hardango: ignore[hsts] raised next month
    # hardango: ignore[hsts, csp] until=2027-01-31 the proxy is replaced by then

A comment holds for its own line; one that stands alone holds for the next line of code, and for
what is missing in its file if that is the settings module. A problem is ignored if any line of its
chain is. The reason is required; after its last day an ignore counts no more, and one that matches
nothing is reported.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.configuration import BadConfiguration
from hardango.configuration.calendar import is_date
from hardango.configuration.model import Rule
from hardango.controls.catalogue import names as names_of_controls
from hardango.findings import Ignored, Place
from hardango.patterns import Pattern
from hardango.spelling import no_such_control

_COMMENT = Pattern(r"#[ \t]*hardango:[ \t]*ignore\b(?P<rest>.*)")
_REST = Pattern(r"[ \t]*\[(?P<controls>[^\]]*)\][ \t]*(?P<reason>.*)")
_UNTIL = Pattern(r"until[ \t]*=[ \t]*(\S+)[ \t]*(.*)")
_BARE = ("dockerfile", "containerfile")
"""Files in which a comment is always a line of its own."""


def comments(file: str, text: str) -> Iterator[Rule]:
    """The rules in the comments of a file.

    Raises BadConfiguration for a comment that cannot be understood.
    """
    lines = [line.rstrip("\r") for line in text.split("\n")]
    name = file.rpartition("/")[2].lower()
    found = _python_comments(lines) if name.endswith((".py", ".pyi")) else _plain_comments(lines)
    for number, column, comment in found:
        match = _COMMENT.match(comment)
        if match is None:
            continue
        place = Place(file, number, column + 1)
        alone = not lines[number - 1][:column].strip()
        if not alone and (name.startswith(_BARE) or name.endswith(_BARE)):
            raise BadConfiguration(f"{place}: a Dockerfile has no comments at the end of a line; "
                                   "put the ignore on a line of its own above")  # fmt: skip
        covered = (number, _next(lines, number)) if alone else (number,)
        yield from _rules(match["rest"], place, covered, alone)


def _next(lines: list[str], number: int) -> int:
    """The next line that is neither empty nor a comment."""
    for at in range(number, len(lines)):
        row = lines[at].strip()
        if row and not row.startswith("#"):
            return at + 1
    return number


def _rules(rest: str, place: Place, lines: tuple[int, ...], alone: bool) -> Iterator[Rule]:
    match = _REST.match(rest)
    names = [each.strip() for each in match["controls"].split(",")] if match else []
    if match is None or not all(names):
        raise BadConfiguration(f"{place}: an ignore names its controls: "
                               "# hardango: ignore[hsts] reason")  # fmt: skip
    reason, until = match["reason"].strip(), ""
    dated = _UNTIL.match(reason)
    if dated is not None:
        until, reason = dated[1], dated[2].strip()
        if not is_date(until):
            raise BadConfiguration(f"{place}: until takes a day that exists, such as 2027-01-31")
    reason = reason.lstrip("-:–— ").strip()
    if not reason:
        raise BadConfiguration(f"{place}: an ignore needs a reason: "
                               f"# hardango: ignore[{', '.join(names)}] reason")  # fmt: skip
    known = names_of_controls()
    for name in dict.fromkeys(names):
        if name not in known:
            raise BadConfiguration(f"{place}: {no_such_control(name, known)}")
        yield Rule(name, Ignored(reason, place, until), lines=lines, anywhere=alone)


def _plain_comments(lines: list[str]) -> Iterator[tuple[int, int, str]]:
    """Line, column from 0, and text of what looks like an ignore in a file of any kind in which
    "#" starts a comment: at the start of a line, or after a space."""
    for number, line in enumerate(lines, 1):
        for match in _COMMENT.finditer(line):
            if match.start() == 0 or line[match.start() - 1].isspace():
                yield number, match.start(), match[0]
                break


def _python_comments(lines: list[str]) -> Iterator[tuple[int, int, str]]:
    """The same for Python, in which a text can look like a comment."""
    import tokenize

    rows = iter([line + "\n" for line in lines])
    try:
        for token in tokenize.generate_tokens(lambda: next(rows, "")):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.start[1], token.string
    except (SyntaxError, tokenize.TokenError, ValueError, RecursionError):
        return
