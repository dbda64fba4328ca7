"""Which strangers a regular expression for origins lets in, found by reading it, not by trying it.

An expression is taken apart into the ways through it (`a|b`, `(x)?`), each a row of signs. In each way the
end of the host name decides: who can register a name that ends like this? What is more intricate than that
(look-around, references, sets of flags) is not judged.
"""

from __future__ import annotations

from hardango.controls.suffixes import PRIVATE_NAMES, too_broad
from hardango.light import NamedTuple

MAX_LENGTH = 300
MAX_WAYS = 64
SCHEME = "://"


class TooIntricate(Exception):
    """The expression is not read."""


class Sign(NamedTuple):
    """A literal character, or with `any` a place for one of several (`text` is one of these);
    `many` if it can be there any number of times; `dot` if it can be a dot."""

    text: str
    any: bool = False
    many: bool = False
    dot: bool = False


Way = tuple[Sign, ...]
END = Sign("")
"""The end of the text, `$`."""

ESCAPED = {"d": "1", "w": "a", "S": "a", "D": "a"}


def stranger(pattern: str) -> str:
    """An origin of somebody else that the expression accepts, tried as django-cors-headers does by
    `re.match`; "" if it accepts none. Raises TooIntricate."""
    if len(pattern) > MAX_LENGTH:
        raise TooIntricate
    ways, at = _ways(pattern, 0)
    if at != len(pattern):
        raise TooIntricate
    return next((found for way in ways if (found := _of_way(way))), "")


def accepts_http(pattern: str) -> bool:
    """Whether an origin with the scheme http could be accepted, of another machine than this."""
    for way in _ways(pattern, 0)[0]:
        text = "".join(sign.text for sign in way)
        if text.startswith("http://") and _host(way)[1] and not _is_private(way):
            return True
    return False


# -- the ways through an expression ----------------------------------------------------------------


def _ways(pattern: str, at: int) -> tuple[list[Way], int]:
    """The ways through the alternatives from `at` on, and where they end."""
    done: list[Way] = []
    ways: list[Way] = [()]
    while at < len(pattern) and pattern[at] != ")":
        if pattern[at] == "|":
            done, ways, at = done + ways, [()], at + 1
            continue
        parts, at = _part(pattern, at)
        least, most, at = _repeated(pattern, at)
        if most > 1:
            parts = [tuple(sign._replace(many=sign.any) for sign in part) for part in parts]
        parts = [*parts, ()] if least == 0 else parts
        ways = [(*way, *part) for way in ways for part in parts]
        if len(ways) + len(done) > MAX_WAYS:
            raise TooIntricate
    return done + ways, at


def _part(pattern: str, at: int) -> tuple[list[Way], int]:
    """What stands at `at`: a group, a set, a sign; and where the next part begins."""
    sign = pattern[at]
    if sign == "(":
        at += 1
        if pattern[at : at + 1] == "?":
            if pattern[at : at + 2] != "?:":
                raise TooIntricate
            at += 2
        ways, at = _ways(pattern, at)
        if pattern[at : at + 1] != ")":
            raise TooIntricate
        return ways, at + 1
    if sign == "[":
        return _set(pattern, at)
    if sign == "\\":
        return [_escape(pattern[at + 1 : at + 2])], at + 2
    if sign == "^":
        return [()], at + 1
    if sign == "$":
        return [(END,)], at + 1
    if sign in "*+?{":
        raise TooIntricate
    return [(Sign("x", any=True, dot=True) if sign == "." else Sign(sign),)], at + 1


def _escape(sign: str) -> Way:
    if sign in "AZz":
        return () if sign == "A" else (END,)
    if sign in ESCAPED:
        return (Sign(ESCAPED[sign], any=True, dot=sign in "SD"),)
    if not sign or sign.isalnum():
        raise TooIntricate
    return (Sign(sign),)


def _set(pattern: str, at: int) -> tuple[list[Way], int]:
    """A set, by one of its signs."""
    end = pattern.find("]", at + 2)
    if end < 0:
        raise TooIntricate
    inside = pattern[at + 1 : end]
    negated = inside.startswith("^")
    plain = inside.removeprefix("^")
    if not negated and len(plain.removeprefix("\\")) == 1:
        return [(Sign(plain[-1]),)], end + 1
    dot = ("." in plain) is not negated
    letters = negated or any(each in plain for each in ("a", "\\w", "A"))
    text = "a" if letters else "1" if "0-9" in plain or "\\d" in plain else plain[-1:]
    return [(Sign(text, any=True, dot=dot),)], end + 1


def _repeated(pattern: str, at: int) -> tuple[int, int, int]:
    """How often the part before `at` is there, at least and at most, and where that is said to
    end."""
    sign = pattern[at : at + 1]
    if sign == "{":
        end = pattern.find("}", at)
        least, comma, most = pattern[at + 1 : max(end, 0)].partition(",")
        if not (least or "0").isdecimal() or (most and not most.isdecimal()):
            raise TooIntricate
        found = int(least or 0), int(most or (9 if comma else least or 0)), end + 1
    elif sign in ("*", "+", "?") and sign:
        found = int(sign == "+"), 1 if sign == "?" else 9, at + 1
    else:
        return 1, 1, at
    least_, most_, at = found
    return least_, most_, at + 1 if pattern[at : at + 1] in ("?", "+") and most_ > 1 else at


# -- who can have such a name ----------------------------------------------------------------------


def _host(way: Way) -> tuple[str, Way, bool]:
    """The scheme of a way, the signs of its host, and whether the end of the text ends it."""
    anchored = END in way
    signs = way[: way.index(END)] if anchored else way
    text = "".join(sign.text if not sign.any else "\0" for sign in signs)
    at = text.find(SCHEME)
    if at < 0:
        wild = next((i for i, sign in enumerate(signs) if sign.many and sign.dot), None)
        if wild is None or set(text[:wild]) - set("htps:/"):
            return "", (), True  # no origin is like this
        return "https", signs[wild:], anchored
    host = signs[at + len(SCHEME) :]
    port = text.find(":", at + len(SCHEME))
    if port >= 0:
        return text[:at], signs[at + len(SCHEME) : port], True
    return text[:at], host, anchored


def _is_private(way: Way) -> bool:
    name = "".join("." if each.any else each.text for each in _host(way)[1])
    return name.rpartition(".")[2] in PRIVATE_NAMES or name.replace(".", "").isdecimal()


def _of_way(way: Way) -> str:
    """An origin of a stranger in one way, "" if there is none."""
    scheme, host, anchored = _host(way)
    if not host or scheme not in ("http", "https"):
        return ""
    start, said = scheme + SCHEME, "".join(sign.text for sign in host)
    if not anchored:
        return f"{start}{said}.attacker.example"
    tail = _tail(host)
    if not tail:
        return start + found if (found := _with_open_end(host)) else ""
    front, name = said[: len(host) - len(tail)], _literal(tail)
    if front and (too_broad(name) if name.startswith(".") else _registrable(f"x{name}")):
        return f"{start}{front}{name}"
    return start + front + found if (found := _by_bare_dot(tail)) else ""


def _tail(host: Way) -> Way:
    """The end of a host in which each sign is known; a dot that is not escaped counts as known."""
    at = len(host)
    while at and not host[at - 1].many and (not host[at - 1].any or host[at - 1].dot):
        at -= 1
    return host[at:]


def _literal(signs: Way) -> str:
    """The signs as a text; a bare dot is a dot."""
    return "".join("." if sign.any else sign.text for sign in signs)


def _with_open_end(host: Way) -> str:
    """A host whose end is open: any name, or at least any top-level domain."""
    front = "".join(sign.text for sign in host[:-1])
    if host[-1].dot:
        return f"{front}{host[-1].text}.attacker.example"
    # Else it is an address, or a name without a dot.
    return f"{front}example" if host[-1].text != "1" and "." in front else ""


def _registrable(name: str) -> bool:
    """Whether a stranger can have the name itself, below a suffix for everybody."""
    rest = name.partition(".")[2] or name.removeprefix("x")
    return ("." not in rest and rest not in PRIVATE_NAMES) or bool(too_broad("." + rest))


def _by_bare_dot(tail: Way) -> str:
    """The end of a name, with another sign where a dot is not escaped."""
    for at, sign in enumerate(tail):
        after = _literal(tail[at + 1 :])
        if sign.any and "." in after and _registrable(f"x{after}"):
            return f"{_literal(tail[:at])}x{after}"
    return ""
