"""The broker of Celery is reached encrypted, and not by everybody.

Whoever can put a message into the queue runs any task of the project with arguments of their choice: send
this mail, pay that out. Whoever reads along sees the arguments. A broker on another machine that asks for
no password, or that is spoken to in plain text, gives that to everybody in the network.

Use `rediss://` or `amqps://` with a user of its own, or `CELERY_BROKER_USE_SSL` with the certificate's
authority (`ssl_cert_reqs` set to CERT_REQUIRED). What breaks: a broker without TLS refuses. The results
(`CELERY_RESULT_BACKEND`) go the same way and are judged here, too.

A broker on the same machine, behind a socket or in a container of the same compose file is taken to be
reached by the application only; a private address is judged more mildly than a public name, and a bare name
that no compose file has isn't judged. hardango reads the Django settings and what `celery.py` tells the app:
that counts more.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.celery import (
    BROKER,
    RESULT_SSL,
    RESULTS,
    SSL,
    elsewhere,
    in_use,
    told,
    values,
)
from hardango.controls.links import of_link
from hardango.controls.model import (
    Control,
    Judgement,
    asvs,
    bad,
    cwe,
    docs,
    good,
    nothing_to_protect,
    unreadable,
    unreadable_at,
)  # fmt: skip
from hardango.controls.services import each_address
from hardango.controls.values import truth
from hardango.findings import Severity
from hardango.light import NamedTuple
from hardango.project.model import Deployment
from hardango.settings.conditions import Condition
from hardango.settings.outcomes import Outcome, Settings, Unknown

CELERY_BROKER = Control(
    "celery-broker",
    title="Connection to the broker of Celery",
    weakness="Others can reach the broker, or what passes on the way to it",
    severity=Severity.MEDIUM,
    settings=("CELERY_BROKER_URL", "CELERY_BROKER_USE_SSL", "CELERY_RESULT_BACKEND"),
    attack="Whoever puts a message into the queue runs any task with arguments of their choice.",
    remedy="Use rediss:// or amqps:// with a user and a password from the environment, and check the "
    "certificate of the broker.",
    person="the broker has to speak TLS and know the user first",
    references=(
        asvs("12.3.1"), asvs("13.2.1"), cwe(319), cwe(306),
        docs("https://docs.celeryq.dev/en/stable/userguide/security.html"),
        docs("https://docs.celeryq.dev/en/stable/userguide/configuration.html#broker-use-ssl"),
    ),
)  # fmt: skip

TAKES = "whoever can write into it runs tasks of the project"
NO_URL = ("django-db", "django-cache", "rpc", "disabled", "cache")


class Link(NamedTuple):
    """An address that Celery has: the names that Django's settings and `app.conf` have for it, and
    those of the options of TLS that go with it."""

    names: tuple[str, ...]
    app: tuple[str, ...]
    ssl: tuple[str, ...]
    app_ssl: str


LINKS = (
    Link(BROKER, ("broker_url", "broker_read_url", "broker_write_url"), SSL, "broker_use_ssl"),
    Link(RESULTS, ("result_backend",), RESULT_SSL, "redis_backend_use_ssl"),
)


@CELERY_BROKER.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    there = in_use(settings, deployment)
    if not there.sure:
        yield nothing_to_protect(settings, there.why)
        return
    said_so = settings.space.false
    for link in LINKS:
        for name, outcome in addresses(settings, deployment, link):
            said_so = said_so | outcome.condition if link.names is BROKER else said_so
            protected = encrypted(settings.given(outcome.condition), deployment, link)
            yield from of_url(outcome, name, deployment, protected)
    for source, where in elsewhere(settings, deployment):
        if (where & ~said_so & settings.loads).possible:
            message = f"Celery takes its settings from {source}, which hardango does not read"
            yield unknown(settings, message, where & ~said_so)
            said_so = said_so | where
    if (~said_so & settings.loads).possible:
        yield unknown(settings, "The broker of Celery is not in the Django settings", ~said_so)


def unknown(settings: Settings, message: str, condition: Condition) -> Judgement:
    found = unreadable_at(settings, message)
    return found._replace(condition=condition, severity=Severity.LOW, pedantic=True)


def addresses(
    settings: Settings, deployment: Deployment, link: Link
) -> Iterator[tuple[str, Outcome]]:
    """Each address, with what names it: what the app is told counts more than the settings."""
    covered = settings.space.false
    for name, outcome in told(settings, deployment, *link.app):
        covered = covered | outcome.condition
        yield name, outcome
    for name, outcome in values(settings, *link.names):
        condition = outcome.condition & ~covered
        if condition.possible:
            yield name, outcome._replace(condition=condition)


def of_url(
    outcome: Outcome, name: str, deployment: Deployment, protected: bool | None
) -> Iterator[Judgement]:
    """One address, in one case."""
    value = outcome.value
    if not isinstance(value, Unknown) and (
        not value or value in NO_URL or str(value).startswith(("db+", "sqla+"))
    ):
        yield good(outcome, f"{name} is no address of a broker")
        return
    for one in each_address(value):
        yield from of_link(
            name, one, deployment, takes=TAKES, password=False, protected=protected,
            bad=lambda said, severity, pedantic: bad(
                outcome, said, severity=severity, pedantic=pedantic),
            good=lambda said: good(outcome, said),
            unreadable=lambda said: unreadable(outcome, said, severity=Severity.LOW),
        )  # fmt: skip


def encrypted(settings: Settings, deployment: Deployment, link: Link) -> bool | None:
    """Whether TLS is switched on beside the address; None if that is not known."""
    beside = [*told(settings, deployment, link.app_ssl), *values(settings, *link.ssl)]
    found = {truth(outcome.value) for _, outcome in beside}
    if not found:
        return False
    return found.pop() if len(found) == 1 else None
