"""Which names say that what they hold is secret: settings, keys, variables, options."""

from __future__ import annotations

import functools

from hardango.patterns import Pattern

WORDS = Pattern(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")

_SECRET_WORDS = frozenset({
    "SECRET", "SECRETS", "PASSWORD", "PASSWORDS", "PASSWD", "PASS", "PWD", "PASSPHRASE",
    "PASSCODE", "PIN", "PW", "SALTS", "BEARER", "TOKEN", "TOKENS", "KEY", "KEYS", "CREDENTIAL",
    "CREDENTIALS", "CREDS", "DSN", "SALT", "PEPPER", "JWK", "JWKS", "AUTHORIZATION", "REQUIREPASS", "BASICAUTH", "SIG",
    "SESSIONID",
})  # fmt: skip
_SECRET_ENDS = ("PASSWORD", "PASSWD", "PASSPHRASE", "SECRET", "TOKEN", "APIKEY", "ACCESSKEY",
                "SECRETKEY", "PRIVATEKEY", "AUTHKEY", "MASTERKEY", "CREDENTIALS")  # fmt: skip
_SECRET_PAIRS = frozenset({("BASIC", "AUTH"), ("HTTP", "AUTH"), ("REDIS", "AUTH"), ("BYPASS", "CODE"),
                           ("CONNECTION", "STRING"), ("BASICAUTH", "USERS"), ("AUTH", "USERS")})  # fmt: skip
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


_STEMS = ("SECRET", "PASS", "PWD", "PW", "PIN", "SALT", "BEARER", "TOKEN", "KEY", "CREDENTIAL",
          "CREDS", "DSN", "PEPPER", "JWK", "AUTH", "SIG", "SESSIONID", "CONNECTION")  # fmt: skip
"""Every secret name holds one of these, in some case."""


def may_name_secret(text: str) -> bool:
    """Whether any word of `text` could be a secret name; quick, for texts without any."""
    return any(map(text.upper().__contains__, _STEMS))


@functools.lru_cache(maxsize=4096)
def is_secret_name(name: str) -> bool:
    """Whether what `name` holds is secret: a setting, a dict key, an environment variable.

    `SECRET_KEY`, `stripeApiKey` and `PGPASSWORD` are, `PASSWORD_HASHERS` and `KEY_PREFIX` not.
    """
    words = [word.upper() for word in WORDS.findall(name)]
    if words[-2:] == ["KEY", "ID"] and "ACCESS" in words:
        return True
    if len(words) > 1 and words[0] == "SECRET" and words[-1] not in _ABOUT:
        return True
    if tuple(words[-2:]) in _SECRET_PAIRS or (len(words) > 1 and words[-1] == "AUTH"):
        return True
    while len(words) > 1 and words[-1] in _QUALIFIERS:
        words.pop()
    if not words:
        return False
    if words[-1] in ("KEY", "KEYS") and len(words) > 1 and words[-2] in _PUBLIC:
        return False
    return words[-1] in _SECRET_WORDS or words[-1].endswith(_SECRET_ENDS)


def passes_on(name: str) -> bool:
    """Whether all that a dict under this secret's name holds is secret: `CREDENTIALS`, but not
    `REST_AUTH`, which configures a library."""
    words = [word.upper() for word in WORDS.findall(name)]
    return words[-1:] != ["AUTH"] or tuple(words[-2:]) in _SECRET_PAIRS
