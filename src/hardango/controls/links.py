"""The connection to a cache or broker, by its address: encryption, password, and what follows."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from hardango.controls.model import Judgement
from hardango.controls.services import Address, Location, Where, address, locate
from hardango.findings import Severity
from hardango.project.model import Deployment
from hardango.settings.outcomes import Unknown

ENCRYPTED = frozenset(("rediss", "valkeys", "amqps", "https", "sqs", "gcpubsub"))
LOCAL = frozenset((
    "unix", "redis+socket", "redis+unix", "memory", "filesystem", "socket", "cache+memory", "cache",
    "db+sqlite", "django-db", "file", "rpc", "sqla+sqlite",
))  # fmt: skip


def of_link(
    name: str,
    value: object,
    deployment: Deployment,
    *,
    bad: Callable[[str, Severity, bool], Judgement],
    good: Callable[[str], Judgement],
    unreadable: Callable[[str], Judgement],
    password: bool | None,
    takes: str,
    protected: bool | None = False,
) -> Iterator[Judgement]:
    """Judge one address. `password` says whether a password is set beside it (None: not known),
    `protected` whether TLS is, `takes` what whoever reaches the service can do."""
    at = address(value)
    location = locate(at.host, name, deployment)
    if at.scheme in LOCAL or location.where is Where.HERE:
        yield good(f"{name} is {location.why}" if at.scheme not in LOCAL else f"{name} is local")
        return
    encrypted = at.scheme in ENCRYPTED or bool(protected)
    known = password if at.password is None else (at.password or password)
    if encrypted and (known or isinstance(value, Unknown)):
        yield from checked(name, at, bad=bad, good=good)
    elif location.where is Where.UNSURE or protected is None or known is None:
        yield unreadable(_why(name, location, protected, known))
    else:
        yield from of_open(name, at, location, encrypted, bool(known), bad=bad, takes=takes)


def _why(name: str, location: Location, protected: bool | None, known: bool | None) -> str:
    if location.where is Where.UNSURE:
        return location.why
    what = "encrypted" if protected is None else "protected by a password"
    return f"{name} is {location.why}, and whether it is {what} is not known"


def checked(
    name: str,
    at: Address,
    *,
    bad: Callable[[str, Severity, bool], Judgement],
    good: Callable[[str], Judgement],
) -> Iterator[Judgement]:
    """An encrypted connection with a password."""
    rest = at.rest.lower()
    if "ssl_cert_reqs=none" in rest or "ssl_cert_reqs=cert_none" in rest:
        yield bad(f"{name} is encrypted, and any certificate is taken", Severity.LOW, False)
    else:
        yield good(f"{name} is encrypted")


def of_open(
    name: str,
    at: Address,
    location: Location,
    encrypted: bool,
    known: bool,
    *,
    bad: Callable[[str, Severity, bool], Judgement],
    takes: str,
) -> Iterator[Judgement]:
    """A connection without encryption or without a password, to another machine."""
    missing = "a password" if encrypted else "encryption" if known else "encryption and a password"
    message = f"{name}, {location.why}, is used without {missing}: {takes}"
    if location.where is Where.PRIVATE:
        yield bad(message, Severity.LOW, known)
    else:
        yield bad(message, Severity.MEDIUM if known else Severity.HIGH, False)
