"""The environment variables of the started project: those of the deployment, and throw-away ones
for what only the real production has.

What the evaluation of the settings found decides which are needed: those that are set to
something outside the repository, those without which the settings do not load, and those that
decide who may be asked for (ALLOWED_HOSTS).
"""

from __future__ import annotations

import base64
import os
import re
import secrets
from collections.abc import Iterator, Mapping

from hardango.light import NamedTuple
from hardango.patterns import Pattern
from hardango.settings.environment import Environment
from hardango.settings.outcomes import Settings, Unknown

HOST = "site.hardango.test"
"""The name of a site whose production's name is not known. RFC 6761: nobody has it."""

_NEVER_TAKEN = frozenset((
    "PATH", "HOME", "PWD", "PORT", "TMPDIR", "USER", "LOGNAME", "SHELL", "VIRTUAL_ENV",
    "PYTHONPATH", "PYTHONHOME", "PYTHONSTARTUP", "PYTHONDONTWRITEBYTECODE", "PYTHONPYCACHEPREFIX",
    "PYTHONUSERBASE", "PYTHONINSPECT", "GUNICORN_CMD_ARGS", "LD_PRELOAD", "LD_LIBRARY_PATH",
    "WEB_CONCURRENCY", "HOSTNAME",
))  # fmt: skip
"""What belongs to the machine, or would start something else than what is to be proven."""


_HOSTS = Pattern(r"HOST|DOMAIN|SERVER_NAME|FQDN")
_ADDRESSES = Pattern(r"UR[IL]|ORIGIN|ROOT|SITE$")


class Variables(NamedTuple):
    """`values` are all variables of the deployment, `made_up` the names of those that are not
    production's own."""

    values: Mapping[str, str]
    made_up: frozenset[str]


def variables(settings: Settings, environment: Environment, directory: str) -> Variables:
    """The variables with which the settings load. `directory` is where made-up paths lead."""
    values, wanted = {}, []
    for name, value in environment.values.items():
        if name in _NEVER_TAKEN or name.startswith("HARDANGO_"):
            continue
        if value.text is None or "\0" in value.text:
            wanted.append(name)
        else:
            values[name] = value.text
    wanted += [each for each in _required(settings) if each not in values]
    wanted += [each for each in _of_hosts(settings) if each not in values]
    made_up = dict.fromkeys(each for each in wanted if each not in _NEVER_TAKEN)
    types = _types(settings)
    hosts = set(_of_hosts(settings))
    for name in made_up:
        if name in hosts:
            own = _own_name(settings)
            values[name] = f"https://{own}" if _ADDRESSES.search(name) else own
        else:
            values[name] = invented(name, types.get(name, ""), directory)
    return Variables(values, frozenset(made_up))


def _required(settings: Settings) -> Iterator[str]:
    """The variables without which the settings do not load."""
    for condition, _, _ in settings.failures:
        if any(each.endswith((" is unset", " is empty")) for each in condition.describe()):
            for atom in condition.atoms():
                if atom.presence and re.fullmatch(r"[A-Za-z_]\w*", atom.about):
                    yield atom.about


def _of_hosts(settings: Settings) -> list[str]:
    """The variables without which no request is let in; none where a name is known anyway."""
    found: list[str] = []
    for outcome in settings["ALLOWED_HOSTS"]:
        items = outcome.value if isinstance(outcome.value, (list, tuple)) else [outcome.value]
        if any(isinstance(each, str) and each for each in items):
            return []
        found += [name for each in items if isinstance(each, Unknown) for name in each.variables]
        found += [atom.about for atom in outcome.condition.atoms() if atom.presence]
    # Where one says so by its name, another is only what it falls back on.
    return [each for each in found if _HOSTS.search(each)] or found


def _own_name(settings: Settings) -> str:
    """A name that production surely has, as its settings tell elsewhere; else one of ours."""
    for outcome in settings["CSRF_TRUSTED_ORIGINS"]:
        for each in outcome.value if isinstance(outcome.value, (list, tuple)) else ():
            host = each.partition("://")[2].partition(":")[0] if isinstance(each, str) else ""
            if host and "*" not in host:
                return host
    return HOST


def _types(settings: Settings) -> dict[str, str]:
    """The type that the settings make of a variable, where a setting is just that."""
    found: dict[str, str] = {}
    for _, outcome in settings.assigned():
        value = outcome.value
        if isinstance(value, Unknown) and len(value.variables) == 1 and value.type:
            found.setdefault(value.variables[0], value.type)
    return found


def invented(name: str, type: str, directory: str) -> str:
    """A value that a variable of that name can have, of no use to anybody.

    >>> invented("EMAIL_PORT", "int", "/tmp")
    '1025'
    """
    words = set(name.upper().split("_"))

    def about(*some: str) -> bool:
        return not words.isdisjoint(some)

    if type == "bool":
        return "False"
    if type in ("int", "float") or about("PORT", "TIMEOUT", "SECONDS", "AGE", "COUNT", "LIMIT"):
        return "1025" if about("PORT") else "60"
    if about("URL", "URI", "DSN", "BROKER", "ENDPOINT"):
        return _url(about, directory)
    if about("HOSTS", "HOST", "DOMAIN", "DOMAINS", "HOSTNAME", "FQDN", "SERVER"):
        local = about("DB", "DATABASE", "POSTGRES", "SQL", "MYSQL", "EMAIL", "SMTP", "MAIL", "REDIS",
                      "CACHE", "MEMCACHED", "RABBITMQ", "ELASTICSEARCH", "PGHOST")  # fmt: skip
        return "127.0.0.1" if local or name == "PGHOST" else HOST
    if about("ORIGIN", "ORIGINS", "SITE", "FRONTEND"):
        return f"https://{HOST}"
    if about("SECRET", "KEY", "TOKEN", "PASSWORD", "PASS", "PWD", "SALT", "KEYS", "PASSPHRASE"):
        if "SECRET" in words or "DJANGO" in words:
            return secrets.token_urlsafe(48)
        # What a library of encryption takes as well: 32 bytes in base64.
        return base64.urlsafe_b64encode(os.urandom(32)).decode()
    if about("FROM", "SENDER", "ADMIN", "ADMINS", "MANAGERS") or name.endswith("EMAIL"):
        return "someone@hardango.invalid"
    if about("DIR", "DIRECTORY", "ROOT", "PATH", "FOLDER"):
        return os.path.join(directory, name.lower())
    if about("DEBUG", "ENABLED", "USE"):
        return "False"
    return "hardango"


def _url(about: object, directory: str) -> str:
    assert callable(about)
    if about("DATABASE", "DB", "POSTGRES", "PG", "MYSQL", "SQL"):
        return "sqlite:///" + os.path.join(directory, "made-up.sqlite3")
    if about("REDIS", "CACHE", "BROKER", "CELERY", "RABBITMQ", "AMQP", "CHANNEL", "QUEUE"):
        return "redis://127.0.0.1:6379/0"
    if about("EMAIL", "MAIL", "SMTP", "MAILER"):
        return "smtp://127.0.0.1:1025"
    if about("SENTRY"):
        return "https://0123456789abcdef0123456789abcdef@sentry.hardango.invalid/1"
    if about("SITE", "BASE", "FRONTEND", "PUBLIC", "APP", "ROOT", "WEB", "SERVER"):
        return f"https://{HOST}"
    return "https://hardango.invalid/"


_MISSING = (
    r"(?:KeyError|MissingVar\w*)\W+(\w+)",
    r"(?:[Ss]et|[Dd]efine|[Mm]issing|[Rr]equire[sd]?|[Uu]ndefined)\b.*?\b([A-Z][A-Z0-9_]{2,})\b",
    r"\b([A-Z][A-Z0-9_]{2,})\b.*\b(?:not (?:found|set|defined)|missing|required|must be set|unset)",
    r"[Ee]nvironment variable\W+(\w+)",
)


def missing(message: str, known: Mapping[str, str]) -> str | None:
    """The variable that an exception complains of, if it is one that is not set yet."""
    for pattern in _MISSING:
        for found in re.findall(pattern, message):
            if found not in known and re.fullmatch(r"[A-Z][A-Z0-9_]{2,}", found):
                return str(found)
    return None
