"""Decides what is secret, and masks it wherever it would be shown.

A text is secret in one of three ways: by its name (`SECRET_KEY`, a dict key "password"), by its
shape (the password inside a URL, the token of a well-known service, a long random string), or by
its value: what was found to be secret in one place is masked in every other place too.

Names ask for masking more often than strictly needed, since a masked word costs little and a leak
much; but only texts and numbers are masked, never the shape of a container, so that a list of
class paths under a suspicious name stays readable.
"""

from __future__ import annotations

import functools
import re

from hardango.patterns import Pattern
from hardango.settings.outcomes import Unknown

MASK = "***"

# -- by name ---------------------------------------------------------------------------------------

_WORDS = Pattern(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")

_SECRET_WORDS = frozenset({
    "SECRET", "SECRETS", "PASSWORD", "PASSWORDS", "PASSWD", "PASS", "PWD", "PASSPHRASE",
    "PASSCODE", "PIN", "PW", "SALTS", "BEARER", "TOKEN", "TOKENS", "KEY", "KEYS", "CREDENTIAL", "CREDENTIALS", "CREDS",
    "DSN", "SALT", "PEPPER", "JWK", "JWKS", "AUTHORIZATION", "REQUIREPASS",
})  # fmt: skip
_SECRET_ENDS = ("PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN", "APIKEY", "ACCESSKEY",
                "SECRETKEY", "PRIVATEKEY", "AUTHKEY", "MASTERKEY", "CREDENTIALS")  # fmt: skip
_SECRET_PAIRS = frozenset({("BASIC", "AUTH"), ("HTTP", "AUTH"), ("REDIS", "AUTH"),
                           ("CONNECTION", "STRING")})  # fmt: skip
# What may follow the telling word without changing what the value is: SECRET_KEY_FALLBACKS.
_QUALIFIERS = frozenset({
    "LIVE", "TEST", "PROD", "PRODUCTION", "DEV", "DEVELOPMENT", "STAGING", "LOCAL", "DEFAULT",
    "FALLBACK", "FALLBACKS", "OLD", "NEW", "CURRENT", "PREVIOUS", "NEXT", "PRIMARY", "SECONDARY",
    "BASE", "B", "HEX", "BYTES", "STR", "STRING", "VALUE", "RAW", "TEXT", "ENCODED", "ENCRYPTED",
})  # fmt: skip
# PUBLIC_KEY, PRIMARY_KEY: what precedes KEY says that anyone may know it.
_PUBLIC = frozenset({"PUBLIC", "PUBLISHABLE", "PRIMARY", "FOREIGN", "CACHE", "SORT", "ROUTING",
                     "PARTITION", "LOOKUP", "NATURAL", "UNIQUE", "ORDER", "DICT"})  # fmt: skip
# SECRET_STRIPE is a secret, SECRET_NAME and SECRET_FILE say where to find one.
_ABOUT = frozenset({"NAME", "NAMES", "ID", "IDS", "FILE", "FILES", "PATH", "DIR", "URL", "ARN",
                    "LENGTH", "MANAGER", "BACKEND", "PROJECT", "VERSION", "REGION", "PROVIDER",
                    "ENGINE", "STORE", "SERIALIZER"})  # fmt: skip


@functools.lru_cache(maxsize=4096)
def is_secret_name(name: str) -> bool:
    """Whether what `name` holds is secret: a setting, a dict key, an environment variable.

    `SECRET_KEY`, `stripeApiKey` and `PGPASSWORD` are, `PASSWORD_HASHERS` and `KEY_PREFIX` not.
    """
    words = [word.upper() for word in _WORDS.findall(name)]
    if words[-2:] == ["KEY", "ID"] and "ACCESS" in words:
        return True
    if len(words) > 1 and words[0] == "SECRET" and words[-1] not in _ABOUT:
        return True
    if tuple(words[-2:]) in _SECRET_PAIRS:
        return True
    while len(words) > 1 and words[-1] in _QUALIFIERS:
        words.pop()
    if not words:
        return False
    if words[-1] in ("KEY", "KEYS") and len(words) > 1 and words[-2] in _PUBLIC:
        return False
    return words[-1] in _SECRET_WORDS or words[-1].endswith(_SECRET_ENDS)


# -- by shape --------------------------------------------------------------------------------------
# Most patterns are plain text here: `re` compiles each when it is first needed and keeps it, and
# few of them are needed for one project.

_MAYBE_TOKEN = Pattern(r"(?=[A-Za-z_-]*\d)[\w-]{12}|-----BEGIN|hf_|/services/|earer |asic ")
_TOKEN = (
    r"\b(?:(?:sk|rk|whsec)_(?:live_|test_)?[A-Za-z0-9]{8,}|sk-[\w-]{20,}|gh[pousr]_[A-Za-z0-9]{16,}"
    r"|github_pat_\w{16,}|glpat-[\w-]{16,}|(?:AKIA|ASIA)[A-Z0-9]{12,}|x(?:ox[a-z]|app)-[\w-]{8,}"
    r"|AIza[\w-]{30,}|ya29\.[\w-]{16,}|eyJ[\w-]{8,}\.[\w-]+(?:\.[\w-]*)?|SG\.[\w-]{16,}(?:\.[\w-]+)?"
    r"|pypi-[\w-]{32,}|npm_\w{30,}|dop_v1_\w{32,}|shp(?:at|ca|pa|ss)_\w{16,}|hf_[A-Za-z]{30,}"
    r"|key-[0-9a-f]{32}|(?<=hooks\.slack\.com/services/)[\w/]+|(?<=/api/webhooks/)[\w/-]+"
    r"|(?<=[Bb]earer )(?=\S*\d)[\w.~+/=-]{8,}|(?<=[Bb]asic )(?=\S*\d)[\w+/=-]{8,})"
    r"|-----BEGIN [A-Z ]*PRIVATE KEY-----(?s:.*?)(?:-----END [A-Z ]*KEY-----|\Z)"
)
# Hexadecimal text of the length of a digest, but not the digest in a file's name (app.3f….js).
_HEX = Pattern(r"(?<![\w.-])(?:[0-9a-f]{32,}|[0-9A-F]{32,})(?![\w]|\.\w)")
_USERINFO = r"(?<=://)(?P<user>[^\s/?#'\"<>:@]*)(?P<colon>:?)(?P<password>[^\s'\"]*)@"
_PAIR = r"(?P<name>[A-Za-z_][\w-]*)=(?P<value>[^\s&;,'\"(){}\[\]$<>*…]{3,}+)(?![({$'\"\[])"
_PLACEHOLDER = r"\{.*\}|\$\{.*\}|\$\w+|%\(\w+\)s|%s|<.*>|\**|\.\.\.|…"
_CLASS_PATH = r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*\.[A-Z][A-Za-z]+[a-z][A-Za-z]*"
_NOT_RANDOM = (
    r"\s|://|\(\?|\\|\.\*|%\(|[{}<>]|^[/.~^]|^sha\d+-|\$$|^\w+(?:\.\w+)+$|\.[a-z]{2,4}$|^[\d.:/-]+$"
)
_UUID = r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
_KINDS = r"[A-Z]?[a-z]+|[A-Z]+|[0-9]+|[^a-zA-Z0-9_.-]+"

# Names whose random-looking text is a public fact: a commit, a checksum, an alphabet.
_DIGESTS = frozenset({"COMMIT", "SHA", "REVISION", "REV", "HASH", "VERSION", "CHECKSUM", "DIGEST",
                      "INTEGRITY", "FINGERPRINT", "CHARS", "ALPHABET", "RELEASE"})  # fmt: skip


def looks_random(text: str) -> bool:
    """Whether `text` as a whole looks like a generated key rather than like words, a path, a URL,
    a pattern or a dotted name."""
    if not 24 <= len(text) <= 4096 or re.search(_NOT_RANDOM, text) or re.fullmatch(_UUID, text):
        return False
    if _HEX.fullmatch(text):
        return True
    if len(set(text)) < 12 or not any(char.isdigit() for char in text):
        return False
    # Words and numbers are several characters long, those of a random text one or two.
    return len(re.findall(_KINDS, text)) / len(text) > 0.34


def _mask_userinfo(match: re.Match[str]) -> str:
    user, colon, password = match["user"], match["colon"], match["password"]
    if colon:
        masked = password if re.fullmatch(_PLACEHOLDER, password) else MASK
        return f"{user}:{masked}@"
    if password or len(user) < 16 or re.fullmatch(_PLACEHOLDER, user):
        return match[0]
    return f"{MASK}@"


def _mask_pair(match: re.Match[str]) -> str:
    return f"{match['name']}={MASK}" if is_secret_name(match["name"]) else match[0]


def mask_shapes(text: str) -> str:
    """`text` without what looks secret by itself."""
    if len(text) < 8:
        return text
    if "://" in text and "@" in text:
        text = re.sub(_USERINFO, _mask_userinfo, text)
    if "=" in text:
        text = re.sub(_PAIR, _mask_pair, text)
    if len(text) >= 12 and _MAYBE_TOKEN.search(text):
        text = re.sub(_TOKEN, MASK, text)
    if len(text) >= 32:
        text = _HEX.sub(MASK, text)
    return text


def secrets_inside(text: str) -> list[str]:
    """The parts of `text` that look secret by themselves."""
    found = []
    if "://" in text and "@" in text:
        for match in re.finditer(_USERINFO, text):
            secret = match["password"] if match["colon"] else match["user"]
            if _mask_userinfo(match) != match[0] and secret:
                found.append(secret)
    if "=" in text:
        found += [m["value"] for m in re.finditer(_PAIR, text) if is_secret_name(m["name"])]
    if _MAYBE_TOKEN.search(text):
        found += re.findall(_TOKEN, text)
    return [*found, *_HEX.findall(text)]


# -- by value --------------------------------------------------------------------------------------

INSECURE_PREFIX = "django-insecure-"
"""What `startproject` puts before its key: public, and worth showing."""

# Passwords that nobody would call one, and that are ordinary words of any report.
_COMMON = frozenset({
    "postgres", "postgresql", "mysql", "redis", "sqlite", "admin", "root", "user", "guest", "test",
    "secret", "password", "passwd", "changeme", "change-me", "change_me", "default", "django",
    "example", "localhost", "production", "development", "true", "false", "none", "null", "token",
    "rabbitmq", "minio", "minioadmin", "unset", "dummy", "key", "env", "secret-key", "secret_key",
})  # fmt: skip
_PLAIN_WORD = r"[a-z]{1,11}|[A-Z]{1,11}|[A-Z][a-z]{1,10}"
_DOTTED_OR_PATH = r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)+|(?:/[\w.-]{1,24}){2,}"
_GRAM = 8
"""A part of a secret this long is secret too: a message may quote only its start."""
_TELLING = Pattern(r"[0-9]|[a-z].*[A-Z]|[A-Z].*[a-z]|[^\w\s./:-]")

_LITERAL = Pattern(
    r"(?P<comment>#.*)|(?P<prefix>\b[rRbBuUfF]{1,2})?(?P<quote>'''|\"\"\"|'|\")"
    r"(?P<body>(?:\\.|(?!(?P=quote)).)*)(?P<end>(?P=quote)|$)"
)
_IDENTIFIER = Pattern(r"[A-Za-z_][\w-]*")
_KEY_LIKE = r"[A-Za-z_][\w.-]{0,40}"
_VARIABLE_LIKE = r"[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+"
_BARE = frozenset({"key", "keys", "pass", "token", "tokens", "salt"})
"""Ordinary identifiers of Python code, not names of secrets there."""
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
            secret = secret and not (depth and re.fullmatch(_CLASS_PATH, value))
            if secret or looks_random(value):
                self._add(value)
            for part in secrets_inside(value):
                self._add(part)
        elif isinstance(value, Unknown):
            for text in (value.prefix, *value.choices):
                self._learn(name, text, secret, depth + 1)
        elif isinstance(value, dict):
            for key, item in value.items():
                self._learn(str(key), item, secret or is_secret_name(str(key)), depth + 1)
        elif isinstance(value, list | tuple | set | frozenset):
            for item in value:
                self._learn(name, item, secret, depth + 1)

    def _add(self, text: str) -> None:
        text = text.strip().removeprefix(INSECURE_PREFIX)
        if len(text) < 4 or text.lower() in _COMMON or text in self._whole:
            return
        if re.fullmatch(_PLAIN_WORD, text) or re.fullmatch(_DOTTED_OR_PATH, text):
            return
        self._whole.add(text)
        for form in {text, repr(text)[1:-1], _json_escaped(text), _percent_encoded(text)}:
            (self._anywhere if len(form) >= 8 else self._bounded).append(form)
            self._grams.update(
                gram
                for gram in (form[at : at + _GRAM] for at in range(len(form) - _GRAM + 1))
                if _TELLING.search(gram)
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
        return self._without_fragments(mask_shapes(text))

    def _without_fragments(self, text: str) -> str:
        """`text` without parts of learnt secrets, wherever they were cut."""
        grams, at, kept = self._grams, 0, 0
        pieces = []
        while grams and at <= len(text) - _GRAM:
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
                self.text(str(key)): self._value(
                    str(key), item, secret or is_secret_name(str(key)), depth + 1
                )
                for key, item in value.items()
            }
        if isinstance(value, list | tuple):
            return [self._value(name, item, secret, depth + 1) for item in value]
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
        return value if finite and type(value) in (int, float) else plain

    def _text_value(self, name: str, value: object, secret: bool, depth: int) -> object:
        plain = value if type(value) is str else str(value)
        hidden = isinstance(value, str | bytes) and secret
        if hidden and depth and re.fullmatch(_CLASS_PATH, plain):
            hidden = False
        if plain.removeprefix(INSECURE_PREFIX) in self._whole:
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
        speaks_of_secret = any(
            is_secret_name(name) for name in _IDENTIFIER.findall(line) if name not in _BARE
        )

        def literal(match: re.Match[str]) -> str:
            if match["comment"] is not None:
                return "" if speaks_of_secret else self.text(match[0])
            body, prefix = match["body"], match["prefix"] or ""
            if speaks_of_secret and not _names_something(match, line):
                shown = _masked_literal(body, prefix)
            elif looks_random(body):
                shown = MASK
            else:
                shown = self.text(body)
            return f"{prefix}{match['quote']}{shown}{match['end']}"

        return self.text(_LITERAL.sub(literal, line)).rstrip()


def _is_public_digest(name: str, text: str) -> bool:
    """Whether a random-looking text is a commit, a checksum or the like, by its name."""
    words = (word.upper() for word in _WORDS.findall(name))
    return looks_random(text) and not _DIGESTS.isdisjoint(words)


def _json_escaped(text: str) -> str:
    import json

    return json.dumps(text)[1:-1]


def _percent_encoded(text: str) -> str:
    safe = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.-~"
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
    if not body or re.fullmatch(_CLASS_PATH, body):
        return True
    if not re.fullmatch(_KEY_LIKE, body):
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
