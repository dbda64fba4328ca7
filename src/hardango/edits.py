"""What a control wants changed, as plain data: what production's settings should be, not how a
file is edited. `hardango.fix` finds where, and writes it as the project writes its own.

`safe` edits cannot break a production that works behind TLS; of the others, `risk` says in one
sentence what could break.
"""

from __future__ import annotations

from hardango.light import NamedTuple

Path = tuple[str | int, ...]
"""Keys of dictionaries and numbers of items, from the outside in."""


class Assign(NamedTuple):
    """Production's `name` has the literal `value`.

    `development` is what development needs where one module serves both; None if the value does no
    harm there. With `variable` that is a matter of an environment variable, else of DEBUG.
    `beside` are lines of comment that stand above it.
    """

    name: str
    value: object
    safe: bool = True
    risk: str = ""
    development: object = None
    variable: str = ""
    beside: tuple[str, ...] = ()


class Include(NamedTuple):
    """The list `name` holds `item`: before every one of `before` and after every one of `after`
    that are in it; else `first`, or last. An item that is there already, elsewhere, moves. `beside` are
    lines of comment above a list that is new."""

    name: str
    item: str
    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    first: bool = False
    safe: bool = True
    risk: str = ""
    beside: tuple[str, ...] = ()


class Exclude(NamedTuple):
    """The list `name` does not hold `item`."""

    name: str
    item: str
    safe: bool = True
    risk: str = ""


class Entry(NamedTuple):
    """What `name` holds at `path` is the literal `value`: {"a": [{"b": value}]} at ("a", 0, "b").
    Dictionaries on the way that are not there are made, items of lists are not. `development` as in
    `Assign`."""

    name: str
    path: Path
    value: object
    safe: bool = True
    risk: str = ""
    development: object = None


class FromEnvironment(NamedTuple):
    """Production's `name` comes from the environment variable `variable`, and production does not
    start without it, unless it is `optional`.

    `kind` is "text", "list" (separated by commas) or "flag" (off by default, so that it may be
    absent); `example` stands in `.env.example`; `development` is what a developer's machine has
    without any variable. `secret` values are never shown. With `text`, only this text comes from
    the variable, which stands at `keys` in the setting. `rotation`: only where the user rotates keys.
    """

    name: str
    variable: str
    kind: str = "text"
    secret: bool = False
    development: str = ""
    example: str = ""
    safe: bool = False
    risk: str = ""
    optional: bool = False
    text: str = ""
    keys: tuple[object, ...] = ()
    rotation: bool = False


class Drop(NamedTuple):
    """`name`, or what it holds at `path`, is not set by the project: what it says does nothing, or
    the default is meant."""

    name: str
    path: Path = ()
    safe: bool = True
    risk: str = ""


class Rename(NamedTuple):
    """What the project sets as `name` it sets as `to`."""

    name: str
    to: str
    safe: bool = False
    risk: str = ""


class Require(NamedTuple):
    """Production installs `package`, because `name` needs it."""

    name: str
    package: str
    safe: bool = False
    risk: str = ""


class Argument(NamedTuple):
    """The function `name` of a library, which settings call, is given the literal `value` as
    `keyword`, where they write one out."""

    name: str
    keyword: str
    value: object
    safe: bool = False
    risk: str = ""


class Upgrade(NamedTuple):
    """The line of `file` that pins `package` to the version `old` pins it to `new`; `name` is what a
    report calls the edit."""

    name: str
    package: str
    old: str
    new: str
    file: str
    line: int
    safe: bool = True
    risk: str = ""


class Literal(NamedTuple):
    """The text `old` on the line of `file`, in Python, is `new`: no setting, but what chooses
    settings. `name` is what a report calls the edit."""

    name: str
    old: str
    new: str
    file: str
    line: int
    safe: bool = False
    risk: str = ""


Edit = (
    Assign
    | Include
    | Exclude
    | Entry
    | FromEnvironment
    | Drop
    | Rename
    | Require
    | Argument
    | Upgrade
    | Literal
)


class Mode(int):
    """Permissions of a file: a number that is written as 0o644."""

    def __repr__(self) -> str:
        return f"0o{self:o}"
