"""Which parts of a text are secret by themselves."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from hardango.patterns import Pattern
from hardango.settings.secret_names import is_secret_name, may_name_secret

MASK = "***"

# Most patterns are plain text here: `re` compiles each when it is first needed and keeps it. To
# compile them all takes longer than the audit of a small project, so each is asked only of a text
# that holds a word without which it cannot match.

_MAYBE_TOKEN = Pattern(r"(?=[A-Za-z_-]{0,11}\d)[\w-]{12}|-----BEGIN|hf_|/services/|earer |asic ")
_TOKENS = {
    "sk_": r"sk_(?:live_|test_)?[A-Za-z0-9]{8,}",
    "rk_": r"rk_(?:live_|test_)?[A-Za-z0-9]{8,}",
    "whsec_": r"whsec_(?:live_|test_)?[A-Za-z0-9]{8,}",
    "sk-": r"sk-[\w-]{20,}",
    **{f"gh{kind}_": rf"gh{kind}_[A-Za-z0-9]{{16,}}" for kind in "pousr"},
    "github_pat_": r"github_pat_\w{16,}",
    "glpat-": r"glpat-[\w-]{16,}",
    "AKIA": r"AKIA[A-Z0-9]{12,}",
    "ASIA": r"ASIA[A-Z0-9]{12,}",
    "xox": r"xox[a-z]-[\w-]{8,}",
    "xapp-": r"xapp-[\w-]{8,}",
    "AIza": r"AIza[\w-]{30,}",
    "ya29.": r"ya29\.[\w-]{16,}",
    "eyJ": r"eyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?",
    "SG.": r"SG\.[\w-]{16,}(?:\.[\w-]+)?",
    "pypi-": r"pypi-[\w-]{32,}",
    "npm_": r"npm_\w{30,}",
    "dop_v1_": r"dop_v1_\w{32,}",
    **{f"shp{kind}_": rf"shp{kind}_\w{{16,}}" for kind in ("at", "ca", "pa", "ss")},
    "hf_": r"hf_[A-Za-z]{30,}",
    "key-": r"key-[0-9a-f]{32}",
    "/services/": r"(?<=hooks\.slack\.com/services/)[\w/]+",
    "/webhooks/": r"(?<=/api/webhooks/)[\w/-]+",
    "earer ": r"(?<=[Bb]earer )(?=\S*\d)[\w.~+/=-]{8,}",
    "asic ": r"(?<=[Bb]asic )(?=\S*\d)[\w+/=-]{8,}",
}
"""The tokens of well-known services, each by what every one of its kind holds."""

_KEY_BLOCK = (
    r"-----BEGIN [A-Z ]*PRIVATE KEY(?: BLOCK)?-----(?s:.*?)"
    r"(?:-----END [A-Z ]*KEY(?: BLOCK)?-----|\Z)"
)
_TOKEN_MARKS = (*_TOKENS, "-----BEGIN")
_TOKEN = rf"\b(?:{'|'.join(_TOKENS.values())})|{_KEY_BLOCK}"
# Hexadecimal text of the length of a digest, but not the digest in a file's name (app.3f….js).
_HEX = Pattern(r"(?<![\w.-])(?:[0-9a-f]{32,}|[0-9A-F]{32,})(?![\w]|\.\w)")
_USERINFO = (
    # A user name may be an address, a password may hold an @, a slash or a few spaces.
    r"(?<=://)(?P<user>[^\s/?#'\"<>:]*)(?P<colon>:?)"
    r"(?P<password>[^\s'\"]*|(?!\d+[\s/])[^\s'\"]+(?: [^\s'\"/@]+){1,3})@"
)
_NO_SCHEME = r"(?<![\w/:.@-])[\w.-]+:(?P<value>[^\s:@/'\"]{3,})@(?!sha\d)[\w.-]+"
_SCHEME = r"(?:(?:Bearer|Basic|Token|Digest|ApiKey|Key)\s+)?"
_PAIRS = (
    # host=db password=x, ?token=x&…, PWD=x;
    (
        r"(?<!\w)(?<!\w-)(?P<name>[A-Za-z_][\w-]{0,60})(?P<separator> ?= ?)"
        # The ellipsis stands alone: a set of characters beyond Latin-1 takes long to compile.
        r"(?P<value>(?:(?!…)[^\s&;,'\"<>*]){3,})"
    ),
    # "password": "x", password = 'x', API_TOKEN == "x", ("API_TOKEN", "x"), get("API_TOKEN", "x")
    (
        r"(?<!\w)(?<!\w-)(?P<name>[A-Za-z_][\w-]{0,60})(?P<separator>(?:\\?[\"'])?[\])]*(?:: ?[\w.\[\]|]{1,60})?\s{0,3}"
        r"(?:[=!:]=|=>?|:|<|>|\s(?:not )?in [(\[]|(?<=[\"']),\s{0,9}(?:default\s?=)?)\s{0,9}\(?\s{0,9})"
        r"[rbRB]{0,2}(?P<quote>\\?[\"'])(?:django-insecure-)?"
        r"(?P<value>(?:(?!(?P=quote))[^\n])+)(?P=quote)"
    ),
    # --password x
    r"(?<![\w-])--?(?P<name>[A-Za-z][\w-]{0,60})(?P<separator>\s+)(?P<value>[^\s'\"-][^\s'\"]{2,})",
    # X-Api-Key: x, and a line of YAML
    rf"(?m)^[ \t]*(?:- )?(?P<name>[\w-]{{1,60}})(?P<separator>):[ \t]+{_SCHEME}(?P<value>[^\s'\"].{{2,}})$",
)
QUOTED = _PAIRS[1:2]
_IN_A_COMMAND = (
    r"\b(?:mysql\w*|mariadb\w*|mysqladmin)\b[^|;&\n]{0,200}?\s-p(?P<value>[^\s'\"]{3,})"
    r"|\b(?:curl|wget|http)\b[^|;&\n]{0,200}?\s(?:-u|--user|-a)[ =]?[^\s:'\"]+:(?P<user>[^\s'\"]{3,})"
    r"|\b(?:redis-cli|sshpass)\b[^|;&\n]{0,200}?\s-[ap] ?(?P<short>[^\s'\"]{3,})"
)
_COMMANDS = ("mysql", "mariadb", "curl", "wget", "http", "redis-cli", "sshpass")
PLACEHOLDER = r"\{.*\}|\$\{.*\}|\$\w+|%\(\w+\)s|%s|<.*>|\**|\.\.\.|…"
CLASS_PATH = r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*\.[A-Z][A-Za-z]+[a-z][A-Za-z]*"
_NOT_RANDOM = (
    r"\s|://|\(\?|\\|\.\*|%\(|[{}<>]|^[/.~^]|^sha\d+-|\$$|^\w+(?:\.\w+)+$|\.[a-z]{2,4}$|^[\d.:/-]+$"
)
_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_KINDS = r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+|[^a-zA-Z0-9_.-]+"

_DIGITS = frozenset("0123456789")
_HEX_DIGITS = frozenset("0123456789abcdefABCDEF")
_BETWEEN_HEX = {code: " " for code in range(128) if chr(code) not in _HEX_DIGITS}

# Names whose random-looking text is a public fact: a commit, a checksum, an alphabet.
DIGESTS = frozenset({"COMMIT", "SHA", "REVISION", "REV", "HASH", "VERSION", "CHECKSUM", "DIGEST",
                      "INTEGRITY", "FINGERPRINT", "CHARS", "ALPHABET", "RELEASE"})  # fmt: skip


def looks_random(text: str) -> bool:
    """Whether `text` as a whole looks like a generated key rather than like words, a path, a URL,
    a pattern or a dotted name."""
    if not 24 <= len(text) <= 4096:
        return False
    digits = not _DIGITS.isdisjoint(text)
    if not digits and not _HEX_DIGITS.issuperset(text):
        return False
    # The commonest of what the pattern would say, at once: a path, prose, a dotted name.
    if text[0] in "/.~" or " " in text or ("." in text and _is_dotted_name(text)):
        return False
    if re.search(_NOT_RANDOM, text) or (len(text) == 36 and re.fullmatch(_UUID, text)):
        return False
    if _HEX.fullmatch(text):
        return True
    if len(set(text)) < 12 or not digits:
        return False
    # Words and numbers are several characters long, those of a random text one or two.
    return len(re.findall(_KINDS, text)) / len(text) > 0.34


def _is_dotted_name(text: str) -> bool:
    return all(map(_is_word, text.split(".")))


_CHOSEN = Pattern(r"(?=.*[A-Za-z])(?=.*\d)[^\s./\\(){}\[\]<>,:]{8,}")
_CHOSEN_PART = Pattern(r"[a-z]\d+[a-z]|[a-z]\d*[A-Z]+\d|\d[A-Z]+[a-z]|[!@#$%^&*+=?~]")


def looks_chosen(text: str) -> bool:
    """Whether a word looks like a password that a person chose: `hunter2secret`, not `python3`."""
    if len(text) < 8 or text.isalpha() or "." in text:
        return False
    return bool(_CHOSEN.fullmatch(text) and _CHOSEN_PART.search(text))


_NO_PASSWORD = (
    r"^[A-Z][A-Z0-9]*(?:(?:_[A-Z0-9]+)+_?|_)$|^[A-Za-z]+(?:[-_ ][A-Za-z]+)+$|://|[{}]|%\(|%s"
)
"""The name of a variable or its start, hyphenated words, an address, a pattern to be filled in."""


def can_be_password(literal: str) -> bool:
    """Whether a literal that a program gives a secret's name can be the secret itself."""
    return len(literal) <= 200 and not re.search(_NO_PASSWORD, literal)


def is_literal_secret(name: str, value: object) -> bool:
    """Whether the text that a program gives `name` is a secret, and no word of the code."""
    named = type(value) is str and name not in ORDINARY and is_secret_name(name)
    return named and can_be_password(str(value))


def mask_shapes(text: str) -> str:
    """`text` without what looks secret by itself."""
    pieces, kept = [], 0
    for start, end in sorted(_spans(text)):
        if start >= kept:
            pieces += [text[kept:start], MASK]
        kept = max(kept, end)
    return "".join([*pieces, text[kept:]])


def secrets_inside(text: str) -> list[str]:
    """The parts of `text` that look secret by themselves."""
    return [text[start:end] for start, end in _spans(text)]


def _spans(text: str) -> Iterator[tuple[int, int]]:
    """Where the parts of `text` stand that look secret by themselves; they may overlap."""
    if len(text) < 8:
        return
    if "@" in text and ":" in text:
        yield from _in_userinfo(text)
    if may_name_secret(text):
        yield from pairs(text)
    if " -" in text and _holds(text, _COMMANDS):
        for match in re.finditer(_IN_A_COMMAND, text):
            yield match.span(match.lastgroup or 0)
    if len(text) >= 12 and _holds(text, _TOKEN_MARKS) and _MAYBE_TOKEN.search(text):
        yield from (match.span() for match in re.finditer(_TOKEN, text))
    if len(text) >= 32 and _has_hex_run(text):
        yield from (match.span() for match in _HEX.finditer(text))


def _holds(text: str, words: Iterable[str]) -> bool:
    return any(map(text.__contains__, words))


def _has_hex_run(text: str) -> bool:
    """Whether 32 hexadecimal digits stand in a row; at once, which the pattern is not."""
    return max(map(len, text.translate(_BETWEEN_HEX).split()), default=0) >= 32


def _in_userinfo(text: str) -> Iterator[tuple[int, int]]:
    """The passwords of URLs, and a user that is a key: `https://0123…@sentry.example/4`."""
    for match in re.finditer(_USERINFO, text):
        user, password = match["user"], match["password"]
        if match["colon"]:
            if password and not re.fullmatch(PLACEHOLDER, password):
                yield match.span("password")
        elif not password and (len(user) >= 16 or looks_chosen(user)):
            if not re.fullmatch(PLACEHOLDER, user):
                yield match.span("user")
    if "://" not in text:
        for match in re.finditer(_NO_SCHEME, text):
            yield match.span("value")


def _could_match(pattern: str, text: str) -> bool:
    """A look without the pattern, for one of `_PAIRS`: what must stand around a value."""
    assigned, quoted, option, line = _PAIRS
    if pattern is assigned:
        at = text.find("=")
        while at >= 0:
            value = text[at + 1 : at + 5].removeprefix(" ")
            if len(value) >= 3 and value[0] not in _NO_VALUE:
                return True
            at = text.find("=", at + 1)
        return False
    if pattern is quoted:
        return "'" in text or '"' in text
    if pattern is option:
        return any(not _is_word(before[-1:]) for before in text.split("-")[:-1])
    assert pattern is line
    names = (each.partition(":")[0] for each in text.split("\n") if ":" in each)
    return any(_is_word(each.lstrip("- \t").replace("-", "")) for each in names)


_NO_VALUE = frozenset("&;,'\"<>*")


def _is_word(text: str) -> bool:
    """Whether all characters are what `\\w` matches, and there are some."""
    return text.replace("_", "a").isalnum()


ORDINARY = frozenset({"key", "keys", "pass", "token", "tokens", "salt"})
"""Ordinary words of code and prose, not names of secrets there."""

_CODE = r"[A-Za-z_][\w.]*[(\[].*|None|True|False|null|true|false"


def pairs(
    text: str,
    patterns: tuple[str, ...] = _PAIRS,
    *,
    any_name: bool = False,
    but: Collection[str] = (),
) -> Iterator[tuple[int, int]]:
    """Where the values stand that `text` itself gives a secret's name, or any: `password=x`;
    those in `but` are known already."""
    for pattern in patterns:
        for match in re.finditer(pattern, text) if _could_match(pattern, text) else ():
            if match["value"] in but or not (any_name or is_secret_name(match["name"])):
                continue
            bare = match["name"].lower() in ORDINARY and "=" not in match["separator"]
            value = match["value"]
            if not value.strip("*"):  # masked already
                continue
            filled_in = re.fullmatch(f"{PLACEHOLDER}|{_CODE}", value)
            if not bare and (not filled_in or looks_chosen(value.strip("{}"))):
                yield match.span("value")
