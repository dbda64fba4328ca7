"""`re`, `string`, `textwrap`, `urllib.parse`, `shlex`, `html`, `fnmatch`, `email.utils`: working on
texts.

A regular expression of an audited project may take for ever on a text of the same project, so
matching runs only where an upper bound of its cost is small; elsewhere the result is not known.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from hardango.light import Any
from hardango.settings import limits
from hardango.settings.interpreter import Interpreter
from hardango.settings.likeness import short
from hardango.settings.natives import pure
from hardango.settings.outcomes import Unknown
from hardango.settings.values import MISSING, Native, Stopped, Thing, Value

Arguments = list[Value]
Keywords = dict[str, Value]
Names = dict[str, Value]


# -- re ----------------------------------------------------------------------------------------------

PATTERN_CHARACTERS = 2_000
"""Longer patterns are not compiled."""

MATCH_STEPS = 3_000_000
"""The bound on the estimated steps of one match; measured, some 0.1 s."""

AMBIGUOUS_CHARACTERS = 18
"""Texts up to this length are matched with patterns that can take exponential time, too."""


def match_cost(pattern: re.Pattern[Any], size: int) -> float:
    """An upper bound, as a rule of thumb, of the steps of one search in `size` characters: each
    repetition may start and end anywhere; one inside another doubles the ways per character."""
    from re import _parser  # type: ignore[attr-defined]

    repeats, nested = _repeats(_parser.parse(pattern.pattern, pattern.flags & ~re.DEBUG), False)
    if nested and size > AMBIGUOUS_CHARACTERS:
        return float("inf")
    return float(size + 1) ** min(repeats + 1, 40) if not nested else 2.0**size


def _repeats(parsed: Any, inside: bool) -> tuple[int, bool]:
    """How many repetitions a parsed pattern has, and whether one is ambiguous: a repetition or an
    alternative inside a repetition."""
    count, nested = 0, False
    for operation, argument in parsed:
        name = str(operation)
        if name in ("MAX_REPEAT", "MIN_REPEAT", "POSSESSIVE_REPEAT"):
            _, most, body = argument
            many = most > 1
            inner, deeper = _repeats(body, inside or many)
            count += inner + many
            nested = nested or deeper or (inside and many)
        elif name == "BRANCH":
            nested = nested or inside
            for branch in argument[1]:
                inner, deeper = _repeats(branch, inside)
                count, nested = count + inner, nested or deeper
        else:
            for part in _bodies(argument):
                inner, deeper = _repeats(part, inside)
                count, nested = count + inner, nested or deeper
    return count, nested


def _bodies(argument: Any) -> list[Any]:
    """The parsed patterns inside the argument of a group, a look-around or a condition."""
    if type(argument).__name__ == "SubPattern":
        return [argument]
    if isinstance(argument, tuple):
        return [part for part in argument if type(part).__name__ == "SubPattern"]
    return []


def _compile(text: Any, flags: Any = 0) -> re.Pattern[Any]:
    import warnings

    if isinstance(text, re.Pattern):
        return text
    if len(text) > PATTERN_CHARACTERS:
        raise Stopped("because a regular expression is too long")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return re.compile(text, int(flags) & ~int(re.DEBUG))


def _apply(
    interpreter: Interpreter,
    method: str,
    pattern: Value,
    arguments: Arguments,
    keywords: Keywords,
) -> Value:
    """`pattern.method(*arguments)`, where `pattern` is a text or a compiled one."""
    kind = RESULTS.get(method)
    subject_at = 1 if method in ("sub", "subn") else 0
    subject = arguments[subject_at] if len(arguments) > subject_at else keywords.get("string")
    costly = False

    def run(pattern: Any, *native: Any, **options: Any) -> Any:
        nonlocal costly
        text = native[subject_at] if len(native) > subject_at else options.get("string", "")
        compiled = _compile(pattern, options.pop("flags", 0))
        if match_cost(compiled, len(text)) > MATCH_STEPS:
            costly = True
            return None
        if subject_at and isinstance(native[0], (str, bytes)):
            if (len(text) + 1) * max(len(native[0]), 1) > limits.TEXT:
                costly = True
                return None
        found = getattr(compiled, method)(*native, **options)
        return list(found) if method == "finditer" else found

    name = f"re.{method}"
    found = interpreter.pure(name, run, [pattern, *arguments], keywords, type=kind)
    if costly:
        return interpreter.unknown(f"{name}(…){interpreter.here()}", subject, type=kind)
    return found


RESULTS = {"sub": "str", "split": "list", "findall": "list", "finditer": "list", "subn": "tuple"}
METHODS = ("match", "search", "fullmatch", "sub", "subn", "split", "findall", "finditer")
AFTER_TEXT = {"sub": ("repl", "string", "count"), "subn": ("repl", "string", "count")}


def pattern_attribute(interpreter: Interpreter, pattern: Any, name: str) -> Value:
    """An attribute of a compiled pattern; MISSING if it has none."""
    if name in METHODS:
        return Native(
            f"re.{name}",
            lambda interpreter, arguments, keywords: _apply(
                interpreter, name, pattern, arguments, keywords
            ),
        )
    if name in ("pattern", "flags", "groups"):
        return getattr(pattern, name)
    return interpreter.wrap(dict(pattern.groupindex)) if name == "groupindex" else MISSING


def _function(name: str) -> Native:
    """`re.match(pattern, text, flags)` and the like."""
    most = {"split": 3, "sub": 4, "subn": 4}.get(name, 2)

    def run(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        keywords = dict(keywords)
        pattern = arguments[0] if arguments else keywords.pop("pattern", MISSING)
        if len(arguments) > most:
            keywords["flags"] = arguments[most]
        if len(arguments) < 2 and "string" in keywords and name not in AFTER_TEXT:
            rest = [keywords.pop("string")]
        else:
            rest = arguments[1:most]
        return _apply(interpreter, name, pattern, rest, keywords)

    return Native(f"re.{name}", run)


def _re(interpreter: Interpreter) -> Names:
    flags = (
        "I IGNORECASE M MULTILINE S DOTALL X VERBOSE A ASCII U UNICODE L LOCALE NOFLAG"
    ).split()
    return {
        **{name: _function(name) for name in METHODS},
        **{name: int(getattr(re, name)) for name in flags},
        "compile": pure("re.compile", _compile),
        "escape": pure("re.escape", re.escape, "str"),
        "error": re.error,
        "Pattern": re.Pattern,
        "Match": re.Match,
    }


# -- string, textwrap ----------------------------------------------------------------------------------


def _template(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    import string

    text = arguments[0] if arguments else keywords.get("template", "")

    def substitute(method: str) -> Native:
        def run(template: str, *given: Any, **values: Any) -> str:
            values = {**(given[0] if given else {}), **values}
            longest = max((len(str(value)) for value in values.values()), default=0)
            if (template.count("$") + 1) * longest > limits.TEXT:
                raise Stopped("because a text grows without bound")
            return str(getattr(string.Template(template), method)(values))

        return Native(
            method,
            lambda interpreter, given, more: interpreter.pure(
                f"Template.{method}", run, [text, *given], more, type="str"
            ),
        )

    names = {name: substitute(name) for name in ("substitute", "safe_substitute")}
    return Thing("string.Template", {"template": text, **names})


def _string(interpreter: Interpreter) -> Names:
    import string

    constants = (
        "ascii_letters ascii_lowercase ascii_uppercase digits hexdigits octdigits punctuation "
        "whitespace printable"
    ).split()
    return {
        **{name: getattr(string, name) for name in constants},
        "capwords": pure("string.capwords", string.capwords, "str"),
        "Template": Native("string.Template", _template),
    }


def _textwrap(interpreter: Interpreter) -> Names:
    import textwrap

    def bounded(name: str) -> Callable[..., Any]:
        def run(text: str, *rest: Any, **options: Any) -> Any:
            extra = max((len(each) for each in rest if isinstance(each, str)), default=0)
            if len(text) > 20_000 or extra > 200:
                raise Stopped("because a text is too long to wrap")
            return getattr(textwrap, name)(text, *rest, **options)

        return run

    names = "dedent indent fill wrap shorten".split()
    return {name: pure(f"textwrap.{name}", bounded(name)) for name in names}


# -- urllib.parse --------------------------------------------------------------------------------------

PARTS = {"urlparse": 6, "urlsplit": 5}
TEXT_PARTS = ("scheme", "netloc", "path", "params", "query", "fragment")


def _split_url(name: str) -> Native:
    """`urlparse` and `urlsplit`; of a URL that is not known, the types of the parts are."""
    import urllib.parse

    native = getattr(urllib.parse, name)

    def one(interpreter: Interpreter, url: Value, rest: Arguments, keywords: Keywords) -> Value:
        if isinstance(url, Unknown):
            return _unknown_url(interpreter, url, PARTS[name])
        return interpreter.pure(f"urllib.parse.{name}", native, [url, *rest], keywords)

    def run(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        keywords = dict(keywords)
        url = arguments[0] if arguments else keywords.pop("url", keywords.pop("urlstring", ""))
        return interpreter.each(url, lambda each: one(interpreter, each, arguments[1:], keywords))

    return Native(f"urllib.parse.{name}", run)


def _unknown_url(interpreter: Interpreter, url: Unknown, count: int) -> Thing:
    def part(name: str) -> Value:
        types = {**dict.fromkeys(TEXT_PARTS, "str"), "geturl": "str"}
        return interpreter.unknown(
            f"the {name} of {url.subject}",
            url,
            type=types.get(name),
            subject=f"the {name} of {url.subject}",
        )

    scheme, found, _ = url.prefix.partition("://")
    names: Names = {name: part(name) for name in TEXT_PARTS}
    if found:
        names["scheme"] = scheme.lower()
    order = [name for name in TEXT_PARTS if count == 6 or name != "params"]
    names |= {name: part(name) for name in ("hostname", "port", "username", "password")}
    names["geturl"] = Native("geturl", lambda *_: url)

    def replace(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        return interpreter.unknown(f"a URL made of {url.subject}", url, *keywords.values())

    names["_replace"] = Native("_replace", replace)
    return Thing(
        "a URL",
        names,
        iterate=lambda interpreter: [names[name] for name in order],
        item=lambda interpreter, key: (
            names[order[key]]
            if isinstance(key, int) and -count <= key < count
            else interpreter.unknown(f"a part of {url.subject}", url)
        ),
    )


def _unsplit(name: str) -> Native:
    import urllib.parse

    from hardango.settings.operations import items_of

    native = getattr(urllib.parse, name)

    def run(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
        parts = tuple(items_of(interpreter, arguments[0]))
        return interpreter.pure(f"urllib.parse.{name}", native, [parts], type="str")

    return Native(f"urllib.parse.{name}", run)


def _url_names(interpreter: Interpreter) -> Names:
    import urllib.parse

    texts = "quote quote_plus unquote unquote_plus urljoin urlencode".split()
    return {
        **{name: _split_url(name) for name in PARTS},
        **{name: _unsplit(name) for name in ("urlunparse", "urlunsplit")},
        **{
            name: pure(f"urllib.parse.{name}", getattr(urllib.parse, name), "str") for name in texts
        },
        "quote_from_bytes": pure("quote_from_bytes", urllib.parse.quote_from_bytes, "str"),
        "unquote_to_bytes": pure("unquote_to_bytes", urllib.parse.unquote_to_bytes, "bytes"),
        "parse_qs": pure("urllib.parse.parse_qs", urllib.parse.parse_qs, "dict"),
        "parse_qsl": pure("urllib.parse.parse_qsl", urllib.parse.parse_qsl, "list"),
        "urldefrag": pure("urllib.parse.urldefrag", urllib.parse.urldefrag),
        "ParseResult": urllib.parse.ParseResult,
        "SplitResult": urllib.parse.SplitResult,
        "uses_netloc": interpreter.wrap(list(urllib.parse.uses_netloc)),
        "uses_relative": interpreter.wrap(list(urllib.parse.uses_relative)),
        "uses_query": interpreter.wrap(list(urllib.parse.uses_query)),
    }


# -- the rest ------------------------------------------------------------------------------------------


def _shlex_split(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    import shlex

    def one(text: Value) -> Value:
        if isinstance(text, Unknown):
            words = interpreter.unknown(
                f"the words of {short(text)}", text, type="str", subject=f"a word of {short(text)}"
            )
            words.several = True
            return interpreter.box([words])
        return interpreter.pure("shlex.split", shlex.split, [text, *arguments[1:]], keywords)

    return interpreter.each(arguments[0], one)


def _shlex(interpreter: Interpreter) -> Names:
    import shlex

    return {
        "split": Native("shlex.split", _shlex_split),
        "quote": pure("shlex.quote", shlex.quote, "str"),
        "join": pure("shlex.join", shlex.join, "str"),
    }


def _html(interpreter: Interpreter) -> Names:
    import html

    return {
        "escape": pure("html.escape", html.escape, "str"),
        "unescape": pure("html.unescape", html.unescape, "str"),
    }


def _fnmatch(interpreter: Interpreter) -> Names:
    import fnmatch

    def bounded(name: str) -> Callable[..., Any]:
        def run(text: Any, pattern: str) -> Any:
            if pattern.count("*") > 3 or len(pattern) > 200 or len(text) > 500:
                raise Stopped("because a pattern has too many stars")
            return getattr(fnmatch, name)(text, pattern)

        return run

    names = {"fnmatch": "bool", "fnmatchcase": "bool", "filter": "list"}
    return {name: pure(f"fnmatch.{name}", bounded(name), kind) for name, kind in names.items()}


# -- distutils -------------------------------------------------------------------------------------

TRUE_WORDS = ("y", "yes", "t", "true", "on", "1")
FALSE_WORDS = ("n", "no", "f", "false", "off", "0")


def _strtobool(interpreter: Interpreter, arguments: Arguments, keywords: Keywords) -> Value:
    """`distutils.util.strtobool`, which settings use to read switches: 1 or 0."""

    def one(text: Value) -> Value:
        if isinstance(text, Unknown):
            return interpreter.unknown(text.reason, text, type="bool", subject=text.subject)
        if not isinstance(text, str):
            raise interpreter.error(AttributeError, "'lower'")
        word = text.lower()
        if word not in TRUE_WORDS + FALSE_WORDS:
            raise interpreter.error(ValueError, f"invalid truth value {text!r}")
        return 1 if word in TRUE_WORDS else 0

    return interpreter.each(arguments[0], one)


def _distutils(interpreter: Interpreter) -> Names:
    return {"strtobool": Native("strtobool", _strtobool)}


def _addresses(interpreter: Interpreter) -> Names:
    """`email.utils`, of which settings use what reads and writes addresses."""

    def of(name: str) -> Native:
        def run(*arguments: Any, **keywords: Any) -> Any:
            from email import utils

            return getattr(utils, name)(*arguments, **keywords)

        return pure(f"email.utils.{name}", run)

    return {name: of(name) for name in ("getaddresses", "parseaddr", "formataddr")}


MODULES: dict[str, Callable[[Interpreter], Names]] = {
    "email": lambda interpreter: {},
    "email.utils": _addresses,
    "distutils": lambda interpreter: {},
    "distutils.util": _distutils,
    "re": _re,
    "string": _string,
    "textwrap": _textwrap,
    "urllib": lambda interpreter: {},
    "urllib.parse": _url_names,
    "shlex": _shlex,
    "html": _html,
    "fnmatch": _fnmatch,
}
