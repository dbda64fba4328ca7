"""A cache on another machine is reached encrypted, and not by everybody.

Django's caches keep Python objects, written with pickle, and reading pickle runs code. So whoever can write
to the cache runs code in the application: by a Redis or Memcached that answers everybody, or by changing
what passes on a connection without encryption. Sessions and counters of failed logins are often in it as
well.

A Redis on another machine wants a password or an ACL user, and TLS: `rediss://user:password@host:6379/0`.
Memcached has neither in Django's backends; it belongs on the same machine, or in a network that only the
application is in. What breaks: a server without TLS doesn't answer to `rediss://`.

A cache on the same machine, behind a socket or in a container of the same compose file is taken to be
reached by the application only. hardango doesn't see networks: a private address is judged more mildly than
a public name, and a bare name such as "redis" that no compose file has is not judged. Django has no check
for it.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.links import of_link
from hardango.controls.model import (
    Control,
    Judgement,
    asvs,
    bad,
    cwe,
    docs,
    good,
    not_applicable,
    unreadable,
)  # fmt: skip
from hardango.controls.services import address, each_address, each_entry, get, item
from hardango.controls.values import truth, why_unknown
from hardango.findings import Severity
from hardango.project.model import Deployment
from hardango.settings.outcomes import Outcome, Settings, Unknown

CACHE_CONNECTION = Control(
    "cache-connection",
    title="Connection to the cache",
    weakness="Others can reach the cache, or what passes on the way to it",
    severity=Severity.MEDIUM,
    settings=("CACHES",),
    attack="Whoever writes a value into the cache runs code in the application, which reads it with "
    "pickle.",
    remedy='Use rediss:// with a user and a password from the environment; keep Memcached on the same '
    "machine or in a network of its own.",
    person="the cache has to speak TLS and know the user first",
    references=(
        asvs("12.3.1"), asvs("13.2.1"), cwe(319), cwe(502), docs("topics/cache/#redis"),
        docs("https://redis.io/docs/latest/operate/oss_and_stack/management/security/"),
    ),
)  # fmt: skip

TAKES = "whoever can write into it runs code in the application"
IN_PROCESS = ("locmem", "dummy", "filebased", "diskcache", "uwsgicache")
NETWORKED = ("redis", "memcache", "valkey", "pymemcache", "pylibmc", "elasticache")


@CACHE_CONNECTION.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    def judge(outcome: Outcome, alias: str, entry: object) -> Iterator[Judgement]:
        backend = class_of(settings, get(entry, "BACKEND", ""))
        yield from of_cache(outcome, item("CACHES", alias), backend, entry, deployment)

    yield from each_entry(settings, "CACHES", "cache", judge)


def class_of(settings: Settings, backend: object) -> object:
    """The backend of another package that one of the project extends, else the backend itself."""
    if not isinstance(backend, str) or backend.startswith("django."):
        return backend
    definition = settings.definition(backend)
    bases = definition.bases if definition is not None else ()
    return next((base for base in bases if ".cache" in base), backend)


def of_cache(
    outcome: Outcome, name: str, backend: object, entry: object, deployment: Deployment
) -> Iterator[Judgement]:
    """One cache, in one case."""
    location = get(entry, "LOCATION")
    text = backend.lower() if isinstance(backend, str) else ""
    if any(word in text for word in IN_PROCESS) or text.endswith("databasecache"):
        yield not_applicable(outcome, f"{name} has no connection of its own")
        return
    if isinstance(backend, Unknown) and address(location).scheme == "":
        message = why_unknown(f"The backend of {name}", backend)
        yield unreadable(outcome, message, severity=Severity.LOW)
        return
    if text and not any(word in text for word in NETWORKED):
        message = f"{name} is {backend}, which hardango does not know"
        yield unreadable(outcome, message, severity=Severity.LOW)
        return
    options = get(entry, "OPTIONS", {})
    for one in each_address(location) if location else ("localhost",):
        yield from of_link(
            name, one, deployment, takes=TAKES,
            password=password_in(options), protected=encrypted_in(options),
            bad=lambda said, severity, pedantic: bad(
                outcome, said, severity=severity, pedantic=pedantic),
            good=lambda said: good(outcome, said),
            unreadable=lambda said: unreadable(outcome, said, severity=Severity.LOW),
        )  # fmt: skip


def password_in(options: object) -> bool | None:
    """Whether the options of a cache have a password."""
    return _any(options, ("PASSWORD", "password", "credential_provider"))


def encrypted_in(options: object) -> bool | None:
    """Whether the options of a cache ask for TLS."""
    return _any(
        options, ("ssl", "tls_context", "ssl_cert_reqs", "ssl_ca_certs", "connection_class")
    )


def _any(options: object, keys: tuple[str, ...]) -> bool | None:
    """Whether one of the keys is set, here or in the arguments of the connections."""
    found: bool | None = False
    nested = ("CONNECTION_POOL_KWARGS", "REDIS_CLIENT_KWARGS", "connection_pool_class_kwargs")
    places = [options, *(get(options, key) for key in nested)]
    for place in places:
        if isinstance(place, Unknown):
            found = None
            continue
        for key in keys:
            value = get(place, key)
            if isinstance(value, Unknown) and key not in (place or {}):  # type: ignore[operator]
                found = None
            elif truth(value) is not False:
                return True
    return found
