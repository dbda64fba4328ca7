"""Where a service is that the settings name, and how it is spoken to: what the controls of databases,
caches, brokers and mail share."""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterable, Iterator

from hardango.controls.model import Judgement, not_applicable
from hardango.controls.values import alternatives, said, why_unknown
from hardango.light import NamedTuple
from hardango.patterns import Pattern
from hardango.project.model import Deployment
from hardango.settings.outcomes import Outcome, Settings, Unknown


class Where(enum.Enum):
    """How far a service is away. What is not sure is not known to leave the machine."""

    HERE = "here"
    PRIVATE = "private"
    PUBLIC = "public"
    UNSURE = "unsure"


class Location(NamedTuple):
    """Where a service is, and that as a part of a sentence ("on localhost")."""

    where: Where
    why: str


LOCAL = frozenset((
    "", "localhost", "localhost.localdomain", "::1", "0.0.0.0", "host.docker.internal",
    "ip6-localhost",
))  # fmt: skip
INSIDE = (".local", ".internal", ".lan", ".svc", ".cluster.local", ".intranet", ".home.arpa",
          ".corp", ".flycast", ".localdomain")  # fmt: skip
"""How names end that only a private network knows."""

_LOCAL_ADDRESS = Pattern(r"127(?:\.\d{1,3}){3}")
_PRIVATE_ADDRESS = Pattern(
    r"(?:10|192\.168|172\.(?:1[6-9]|2\d|3[01])|169\.254|100\.(?:6[4-9]|[7-9]\d|1[01]\d|12[0-7]))"
    r"(?:\.\d{1,3}){2,3}|f[cd][0-9a-f]{2}:.*"
)
_URL = Pattern(
    r"(?is)(?P<scheme>[a-z][a-z0-9+._-]*)://(?:(?P<user>[^/?#@:]*)(?::(?P<password>[^/?#]*))?@)?"
    r"(?P<host>\[[^\]]*\]|[^/:?#@]*)(?::(?P<port>\d+))?(?P<rest>.*)"
)
_SCHEME = Pattern(r"(?i)([a-z][a-z0-9+._-]*)://")


def locate(host: object, name: str, deployment: Deployment) -> Location:
    """Where the host that a setting names is; `name` says of what it is the host."""
    if isinstance(host, Unknown):
        return Location(Where.UNSURE, why_unknown(f"The host of {name}", host))
    if host is not None and not isinstance(host, str):
        return Location(Where.UNSURE, f"The host of {name} is {said(host)}")
    text = (host or "").strip("[]").lower().rstrip(".")
    if text in LOCAL or text.startswith(("/", "unix:", "@")) or _LOCAL_ADDRESS.fullmatch(text):
        return Location(Where.HERE, "on the same machine")
    if host in deployment.hosts or text in deployment.hosts:
        return Location(Where.HERE, "in a container beside the application")
    if _PRIVATE_ADDRESS.fullmatch(text) or text.endswith(INSIDE):
        return Location(Where.PRIVATE, f"on {host}, another machine of a private network")
    if "." not in text and ":" not in text:
        why = f"{name} is on {host}, and whether that is another machine is not known"
        return Location(Where.UNSURE, why)
    return Location(Where.PUBLIC, f"on {host}")


class Address(NamedTuple):
    """The address of a service as far as it is known: `scheme` in lower case ("" if it has
    none), whether it has a password (None: not known), its host, its port ("" for the usual
    one), the user (None: not known) and what follows the host."""

    scheme: str
    password: bool | None
    host: object
    port: str = ""
    user: str | None = ""
    rest: str = ""


def address(value: object) -> Address:
    """What is known of a URL, or of "host:port"."""
    if isinstance(value, Unknown):
        match = _SCHEME.match(value.prefix)
        return Address(match[1].lower() if match else "", None, value, user=None)
    text = value.strip() if isinstance(value, str) else ""
    match = _URL.fullmatch(text)
    if match is not None:
        return Address(
            match["scheme"].lower(),
            bool(match["password"]),
            match["host"],
            match["port"] or "",
            match["user"] or "",
            match["rest"],
        )
    if text.startswith(("/", "unix:")):
        return Address("unix", False, text)
    host, _, port = text.rpartition(":")
    return Address("", False, host, port) if port.isdigit() else Address("", False, text)


def each_address(value: object) -> Iterator[object]:
    """The single addresses of a setting that holds one, a list, or several in one text."""
    if isinstance(value, str):
        yield from (each for each in value.replace(",", ";").split(";") if each.strip())
    elif isinstance(value, (list, tuple)):
        for item in value:
            yield from each_address(item)
    elif value is not None:
        yield value


TRIVIAL = frozenset((
    "", "123", "1234", "12345", "123456", "admin", "administrator", "app", "changeme", "changethis",
    "db", "dbpass", "dbpassword", "default", "demo", "dev", "development", "django", "docker",
    "example", "guest", "local", "localdev", "minioadmin", "mysql", "pass", "passw0rd", "password",
    "password123", "pgpassword", "postgres", "postgresql", "pw", "rabbitmq", "redis", "root",
    "secret", "test", "test123", "testing", "toor", "user",
))  # fmt: skip
"""Passwords that are tried first."""


def is_trivial(password: str, *others: object) -> bool:
    """Whether a password is among the first that are tried: a common word, or the same as the
    user or the database."""
    bare = password.lower().replace("-", "").replace("_", "")
    same = {other.lower() for other in others if isinstance(other, str)}
    return bare in TRIVIAL or password.lower() in same


UNNAMED = "…"


def entries(value: object) -> Iterator[tuple[str, object]]:
    """The named entries of a setting such as DATABASES or CACHES. A name that could not be read
    is `UNNAMED`; a value that could not be read is one entry."""
    if isinstance(value, Unknown):
        yield UNNAMED, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield UNNAMED if isinstance(key, Unknown) else str(key), item


def each_entry(
    settings: Settings,
    setting: str,
    kind: str,
    judge: Callable[[Outcome, str, object], Iterable[Judgement]],
) -> Iterator[Judgement]:
    """What `judge` says of every entry of a setting such as CACHES, whose entries are each a `kind`
    ("cache"), in every case; it gets the name of the entry and what it holds."""
    for outcome in alternatives(settings, setting):
        named = list(entries(outcome.value))
        if not named:
            yield not_applicable(outcome, f"{setting} names no {kind}")
        for alias, entry in named:
            yield from judge(outcome, alias, entry)


def item(setting: str, alias: str) -> str:
    """What to call an entry of a setting."""
    return setting if alias == UNNAMED else f"{setting}[{alias!r}]"


def get(entry: object, key: str, otherwise: object = None) -> object:
    """An item of an entry; an Unknown if it is not known, `otherwise` if there is none."""
    if isinstance(entry, Unknown):
        return entry
    if not isinstance(entry, dict):
        return otherwise
    if key in entry:
        return entry[key]
    return next((each for each in entry if isinstance(each, Unknown)), otherwise)
