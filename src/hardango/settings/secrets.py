"""Decides what is secret, and masks it wherever it would be shown.

A text is secret in one of three ways: by its name (`SECRET_KEY`, a dict key "password"), by its
shape (the password inside a URL, the token of a well-known service, a long random string), or by
its value: what was found to be secret in one place is masked in every other place too.

Names ask for masking more often than strictly needed, since a masked word costs little and a leak
much; but only texts and numbers are masked, never the shape of a container, so that a list of
class paths under a suspicious name stays readable.
"""

from __future__ import annotations

import binascii
import re
from collections.abc import Collection, Iterator

from hardango.patterns import Pattern
from hardango.settings.outcomes import Unknown
from hardango.settings.secret_names import WORDS, is_secret_name, may_name_secret, passes_on
from hardango.settings.secret_shapes import (
    CLASS_PATH,
    DIGESTS,
    MASK,
    ORDINARY,
    QUOTED,
    can_be_password,
    looks_chosen,
    looks_random,
    mask_shapes,
    pairs,
    secrets_inside,
)

INSECURE_PREFIX = "django-insecure-"
"""What `startproject` puts before its key: public, and worth showing."""

# Passwords that nobody would call one, and that are ordinary words of any report.
_COMMON = frozenset({
    "postgres", "postgresql", "mysql", "redis", "sqlite", "admin", "root", "user", "guest", "test",
    "secret", "password", "passwd", "changeme", "change-me", "change_me", "default", "django",
    "example", "localhost", "production", "development", "true", "false", "none", "null", "token",
    "rabbitmq", "minio", "minioadmin", "unset", "dummy", "key", "env", "secret-key", "secret_key",
})  # fmt: skip
_DOTTED_OR_PATH = r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+|(?:/[\w.-]{1,24}){2,}"
_GRAM = 8
"""A part of a secret this long is secret too: a message may quote only its start."""

_MARKS = frozenset("0123456789!\"#$%&'()*+,;<=>?@[\\]^`{|}~")

_LITERAL = Pattern(
    r"(?P<comment>#.*)|(?P<prefix>\b[rRbBuUfF]{1,2})?(?P<quote>'''|\"\"\"|'|\")"
    r"(?P<body>(?:\\.|(?!(?P=quote)).)*)(?P<end>(?P=quote)|$)"
)
_IDENTIFIER = Pattern(r"[A-Za-z_][\w-]*")
_KEY_LIKE = r"[A-Za-z_][\w.-]{0,40}"
_VARIABLE_LIKE = r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+"
_LABEL = r"[A-Za-z_][\w.:-]{0,40}|.*://.*|[\w.-]*"
_SECRETS_FILE = r"(?i)(?:secret|credential|password)s?\.\w+$"
_LOOKED_UP = r"^:[^{}]*\}\s*(?:\.get\(|\[)"
_PRIVATE_KEY = r"\s*-----BEGIN [A-Z ]*PRIVATE KEY"
_COMPARES = r"[=!]=|\bin\b|\bcase\b|(?:starts|ends)with"
_CONFIG_PAIR = (
    r"\b(?!ENV\s|ARG\s|export\s)(?P<name>[A-Za-z_][\w.-]*)(?P<sep>[\"']?\s*[=:]\s*|\s+)"
    r"(?P<value>\$\{\{.*?\}\}|\$\{[^}]*\}|\S.*?)"
    r"(?P<end>(?=\s+-{0,2}[A-Za-z_]\w*=)|\s*,?\s*[}\]]*\s*$)"
)
_CONFIG_VALUE = r"(?P<before>\bvalue[\"']?\s*[:=]\s*)(?P<value>[^,}]+)"
_CONFIG_PLACEHOLDER = r"[\"']?(?:\$\{[^}:]*\}|\$\w+|\{\{.*\}\}|\$\{\{.*\}\})[\"']?"


class Masker:
    """What was found to be secret in one project, and the masking of all that is shown of it."""

    def __init__(self) -> None:
        self._whole: set[str] = set()
        self._derived: set[str] = set()
        self._edges: set[str] = set()
        self._anywhere: list[str] = []
        self._bounded: list[str] = []
        self._grams: set[str] = set()

    def learn(self, name: str, value: object) -> None:
        """Take note of every secret in `value`, which stands under `name`."""
        self._learn(name, value, is_secret_name(name), 0)

    def _learn(self, name: str, value: object, secret: bool, depth: int) -> None:
        if depth > 40:
            return
        if isinstance(value, bytes):
            value = value.decode("utf-8", "replace")
        if isinstance(value, str):
            if _is_public_digest(name, value):
                return
            secret = secret and not (depth and re.fullmatch(CLASS_PATH, value))
            if secret or looks_random(value):
                self._add(value)
            for part in secrets_inside(value):
                self._add(part)
        elif isinstance(value, Unknown):
            for text in (value.prefix, *value.choices):
                self._learn(name, text, secret, depth + 1)
        elif isinstance(value, dict):
            for own, (key, item, hidden) in zip(value, _of_dict(name, value, secret), strict=True):
                words = looks_chosen(key) or not re.fullmatch(_LABEL, key)
                if hidden and words and not isinstance(own, Unknown):
                    self._add(key)
                self._learn(key, item, hidden, depth + 1)
        elif isinstance(value, list | tuple | set | frozenset):
            for item, hidden in _of_sequence(name, value, secret):
                self._learn(name, item, hidden, depth + 1)

    def learn_source(self, source: bytes, file: str) -> None:
        """Take note of the literals that a source text itself gives a secret's name: a variable
        of a function, a default, an argument, what a secret is compared with. In a file that is
        named for secrets, every literal with a name is one."""
        text = source.decode("utf-8", "replace")
        named = may_name_secret(file) and re.search(_SECRETS_FILE, file) is not None
        for start, end in pairs(text, QUOTED, any_name=named, but=self._whole):
            if can_be_password(text[start:end]):
                self._add(text[start:end])

    def _add(self, text: str) -> None:
        text = text.strip().removeprefix(INSECURE_PREFIX)
        if len(text) < 4 or text.lower() in _COMMON or text in self._whole:
            return
        divided = "." in text or "/" in text
        if _is_plain_word(text) or (divided and re.fullmatch(_DOTTED_OR_PATH, text)):
            return
        self._whole.add(text)
        self._edges.update((text[:4], text[-4:]))
        self._derived.update(_derived_from(text))
        forms = {text, repr(text)[1:-1], _json_escaped(text)}
        for form in forms | {_percent_encoded(text), _percent_encoded(text, "/")}:
            (self._anywhere if len(form) >= 8 else self._bounded).append(form)
            self._grams.update(
                gram
                for gram in (form[at : at + _GRAM] for at in range(len(form) - _GRAM + 1))
                if _is_telling_part(gram)
            )
        self._anywhere.sort(key=lambda each: (-len(each), each))
        self._bounded.sort(key=lambda each: (-len(each), each))

    def text(self, text: str) -> str:
        """`text` with every secret in it masked."""
        for secret in self._anywhere:
            if secret in text:
                text = text.replace(secret, MASK)
        for secret in self._bounded:
            if secret in text:
                text = re.sub(rf"(?<!\w){re.escape(secret)}(?!\w)", MASK, text)
        if "'" in text and self._whole:
            before, *quoted, after = text.split("'")
            shown = [MASK if self._is_quoted_secret(each) else each for each in quoted]
            text = "'".join((before, *shown, after))
        return self._without_fragments(mask_shapes(text))

    def _is_quoted_secret(self, text: str) -> bool:
        return 4 <= len(text) <= 80 and "\n" not in text and self._is_made_of_secret(text)

    def _is_made_of_secret(self, text: str) -> bool:
        """Whether `text` is the start or the end of a learnt secret, or that secret in disguise."""
        if text in self._derived:
            return True
        if len(text) < 4 or self._edges.isdisjoint((text[:4], text[-4:])):
            return False
        return _is_telling(text) and any(
            each.startswith(text) or each.endswith(text) for each in self._whole
        )

    def _without_fragments(self, text: str) -> str:
        """`text` without parts of learnt secrets, wherever they were cut."""
        grams, at, kept = self._grams, 0, 0
        # The shorter way to the same answer: to look for each part, or to look each part up.
        if len(grams) < len(text):
            none = not any(map(text.__contains__, grams))
        else:
            none = grams.isdisjoint([text[at : at + _GRAM] for at in range(len(text) - _GRAM + 1)])
        if none:
            return text
        pieces = []
        while at <= len(text) - _GRAM:
            if text[at : at + _GRAM] not in grams:
                at += 1
                continue
            pieces.append(text[kept:at] + MASK)
            while text[at : at + _GRAM] in grams:
                at += 1
            at = kept = at + _GRAM - 1
        return "".join([*pieces, text[kept:]])

    def value(self, name: str, value: object) -> object:
        """`value` as JSON data, with `{"secret": true, "length": n}` for each secret."""
        return self._value(name, value, is_secret_name(name), 0)

    def _value(self, name: str, value: object, secret: bool, depth: int) -> object:
        if value is None or isinstance(value, bool):
            return value
        if isinstance(value, Unknown):
            return {"unknown": self.text(value.reason)}
        if depth > 40:
            return {"unknown": "nested too deeply"}
        if isinstance(value, dict):
            return {
                self.text(key): self._value(key, item, hidden, depth + 1)
                for key, item, hidden in _of_dict(name, value, secret)
            }
        if isinstance(value, list | tuple):
            return [
                self._value(name, item, hidden, depth + 1)
                for item, hidden in _of_sequence(name, value, secret)
            ]
        if isinstance(value, set | frozenset):
            items = sorted(value, key=lambda item: (type(item).__name__, str(item)))
            return [self._value(name, item, secret, depth + 1) for item in items]
        if isinstance(value, int | float):
            return self._number(name, value, secret)
        return self._text_value(name, value, secret, depth)

    def _number(self, name: str, value: int | float, secret: bool) -> object:
        if isinstance(value, int) and abs(value) >= 10**4000:
            return {"unknown": f"a number of {value.bit_length()} bits"}
        plain = str(value)
        if secret and not name.upper().endswith("S"):
            return {"secret": True, "length": len(plain)}
        finite = isinstance(value, int) or value - value == 0
        ours = isinstance(value, int) and type(value).__module__.startswith("hardango.")
        if ours:  # a stage of an HSTS schedule
            return int(value)
        return value if finite and type(value) in (int, float) else plain

    def _text_value(self, name: str, value: object, secret: bool, depth: int) -> object:
        plain = value if type(value) is str else str(value)
        hidden = isinstance(value, str | bytes) and secret
        if hidden and depth and re.fullmatch(CLASS_PATH, plain):
            hidden = False
        bare = value.decode("utf-8", "replace") if isinstance(value, bytes) else plain
        bare = bare.removeprefix(INSECURE_PREFIX)
        if bare in self._whole or self._is_made_of_secret(bare):
            hidden = True
        if not hidden and _is_public_digest(name, plain):
            return plain
        if hidden or looks_random(plain):
            length = len(value) if isinstance(value, str | bytes) else len(plain)
            return {"secret": True, "length": length}
        return self.text(plain)

    # -- lines of source ---------------------------------------------------------------------------

    def source_line(self, line: str, file: str = "settings.py") -> str:
        """A line of a file of the project with its secrets masked.

        On a line of Python that speaks of a secret, string literals are masked but for names of
        variables and keys; in any other file, what follows a secret's name.
        """
        if file.endswith((".py", ".pyi")):
            return self._python_line(line)
        return self.text(_config_line(line))

    def _python_line(self, line: str) -> str:
        if not ("'" in line or '"' in line or "#" in line):
            return self.text(line).rstrip()
        speaks_of_secret = any(
            is_secret_name(name) for name in _IDENTIFIER.findall(line) if name not in ORDINARY
        )

        def literal(match: re.Match[str]) -> str:
            if match["comment"] is not None:
                said = speaks_of_secret or any(map(is_secret_name, _IDENTIFIER.findall(match[0])))
                return "" if said else self.text(match[0])
            body, prefix = match["body"], match["prefix"] or ""
            if speaks_of_secret and not _names_something(match, line):
                shown = _masked_literal(body, prefix)
            elif looks_random(body) or (looks_chosen(body) and re.search(_COMPARES, line)):
                shown = MASK
            else:
                shown = self.text(body)
            return f"{prefix}{match['quote']}{shown}{match['end']}"

        return self.text(_LITERAL.sub(literal, line)).rstrip()


def _of_dict(
    name: str, value: dict[object, object], secret: bool
) -> Iterator[tuple[str, object, bool]]:
    """Each key with its item, and whether that is secret: under a secret's name, its own or that
    of the dict, or because another item names it (`{"name": "DB_PASSWORD", "value": "x"}`)."""
    secret = secret and passes_on(name)
    named = value.get("name") or value.get("key")
    telling = isinstance(named, str) and is_secret_name(named)
    for key, item in value.items():
        named_so = telling and key in ("value", "default")
        yield str(key), item, secret or named_so or is_secret_name(str(key))


def _of_sequence(
    name: str, value: Collection[object], secret: bool
) -> Iterator[tuple[object, bool]]:
    """Each item, and whether it is secret: because all are, because it is a line of a private
    key, or because the item before names it (`("API_TOKEN", "x")`, `["--password", "x"]`)."""
    pair = isinstance(value, list | tuple) and len(value) == 2
    key = any(
        isinstance(each, str) and "-----BEGIN" in each and re.match(_PRIVATE_KEY, each)
        for each in value
    )
    before: object = None
    for item in value:
        hidden = secret or key
        if not hidden and isinstance(before, str) and isinstance(item, str):
            named = is_secret_name(before) and (before.startswith("-") or pair)
            user = pair and name.lower() == "auth"
            hidden = (named or user) and not (
                _is_plain_word(item) or re.fullmatch(_VARIABLE_LIKE, item)
            )
        yield item, hidden
        before = item


def _derived_from(secret: str) -> set[str]:
    """What says the same as a secret: backwards, in another case, encoded."""
    data = secret.encode("utf-8", "replace")
    coded = (binascii.b2a_base64(data, newline=False).decode(), data.hex())
    whole = {secret[::-1], secret.upper(), secret.lower(), secret.swapcase(), *coded}
    whole |= {coded[0].rstrip("="), coded[0].replace("+", "-").replace("/", "_")}
    return {each for each in whole if len(each) >= 4 and not _is_plain_word(each)}


def _is_telling(text: str) -> bool:
    """Whether a part of a secret holds what no ordinary word does: a digit, letters of both cases,
    a sign."""
    if not _MARKS.isdisjoint(text) or text not in (text.lower(), text.upper()):
        return True
    return not text.isascii() and any(
        not (char.isalnum() or char.isspace() or char in "_./:-") for char in text
    )


def _is_telling_part(gram: str) -> bool:
    """Whether a part of a secret is more than a capitalised word of a sentence."""
    if " " not in gram:
        return _is_telling(gram)
    return any(_is_telling(word) and not _is_plain_word(word) for word in gram.split())


def _is_plain_word(text: str) -> bool:
    """Whether a text is a short word such as any report holds: `shop`, `Shop`, `SHOP`."""
    letters = len(text) <= 11 and text.isascii() and text.isalpha()
    return letters and (text.isupper() or text[1:].islower() or text.islower())


def _is_public_digest(name: str, text: str) -> bool:
    """Whether a random-looking text is a commit, a checksum or the like, by its name."""
    named = not DIGESTS.isdisjoint([word.upper() for word in WORDS.findall(name)])
    return named and looks_random(text)


def _json_escaped(text: str) -> str:
    if text.isascii() and text.isprintable() and '"' not in text and "\\" not in text:
        return text
    import json

    return json.dumps(text)[1:-1]


def _percent_encoded(text: str, kept: str = "") -> str:
    safe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-~" + kept
    return "".join(
        char
        if char in safe
        else "".join(f"%{byte:02X}" for byte in char.encode("utf-8", "replace"))
        for char in text
    )


def _names_something(match: re.Match[str], line: str) -> bool:
    """Whether a literal is a key or the name of a variable: `env("SECRET_KEY")`, `["default"]`."""
    body, before, after = (
        match["body"],
        line[: match.start()].rstrip(),
        line[match.end() :].lstrip(),
    )
    if not body or ("." in body and "-" not in body and re.fullmatch(CLASS_PATH, body)):
        return True
    if not re.fullmatch(_KEY_LIKE, body):
        return False
    if re.search(_LOOKED_UP, after) and not re.fullmatch(_VARIABLE_LIKE, body):
        return False
    if after.startswith(":") or (before.endswith("[") and after.startswith("]")):
        return before[-1:] != "=" and not looks_random(body)
    return before.endswith(("(", "[")) and bool(
        re.fullmatch(_VARIABLE_LIKE, body) or (body.isupper() and is_secret_name(body))
    )


def _masked_literal(body: str, prefix: str) -> str:
    if "f" in prefix.lower():
        pieces = re.split(r"(\{[^}]*\})", body)
        if "://" in body:
            return mask_shapes(body)
        return "".join(p if p.startswith("{") else MASK if p.strip("-_:/ ") else p for p in pieces)
    return INSECURE_PREFIX + MASK if body.startswith(INSECURE_PREFIX) else MASK


def _config_line(line: str) -> str:
    if not any(is_secret_name(name) for name in _IDENTIFIER.findall(line)):
        return line
    by_space = bool(re.match(r"\s*(ENV|ARG)\s", line, re.IGNORECASE))

    def pair(match: re.Match[str]) -> str:
        separator, value = match["sep"], match["value"]
        if not is_secret_name(match["name"]):
            shown = re.sub(_CONFIG_PAIR, pair, value)
        elif not (separator.strip() or by_space) or re.fullmatch(_CONFIG_PLACEHOLDER, value):
            shown = value
        else:
            quote = value[0] if value[0] in "\"'" and value.endswith(value[0]) else ""
            shown = quote + MASK + quote
        return match["name"] + separator + shown + match["end"]

    masked = re.sub(_CONFIG_VALUE, lambda match: match["before"] + MASK, line)
    return re.sub(_CONFIG_PAIR, pair, masked)
