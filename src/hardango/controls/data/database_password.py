"""The database asks for a password, and for one that isn't the first to be tried.

A database that can be reached is tried by programs within hours, with the names and passwords that
tutorials and images bring: postgres/postgres, root without a password. Whoever gets in owns all data, and
with PostgreSQL's superuser the machine as well (`COPY … FROM PROGRAM`). A database that only the
application reaches today is one wrong port mapping or one other compromised container away from that.

A password of production's own, from the environment or a secret store, and a user that isn't a superuser
make the network one layer of several. Connections by a UNIX socket can do without a password: the system
says who connects ("peer"). What breaks: the password has to be changed in the database and in the settings
at the same moment; give the new one to a second user to avoid that.

A password that is long, but stands in the source, is what `committed-credentials` judges. Of a password
from the environment hardango cannot see whether it is good. An empty PASSWORD can be filled in by the
client (PGPASSWORD, `~/.pgpass`, an option file); that is said to be unknown. Django has no check for it.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.data.database_tls import BY_FILE, IN_A_FILE, MYSQL, reached
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
from hardango.controls.services import Location, Where, each_entry, get, is_trivial, item
from hardango.controls.values import truth, why_unknown
from hardango.findings import Severity
from hardango.project.model import Deployment
from hardango.settings.outcomes import Outcome, Settings, Unknown

DATABASE_PASSWORD = Control(
    "database-password",
    title="Password of the database",
    weakness="The password of the database is missing, or the first that is tried",
    severity=Severity.HIGH,
    settings=("DATABASES",),
    attack="Whoever reaches the port of the database logs in and reads and changes everything.",
    remedy='Give the database user a long random password, and read it from the environment without '
    'a fallback: "PASSWORD": os.environ["DB_PASSWORD"].',
    person="the database has to be given the same password",
    references=(
        asvs("13.2.3"), asvs("13.3.1"), cwe(521), cwe(1393), docs("ref/settings/#password"),
    ),
)  # fmt: skip


@DATABASE_PASSWORD.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    def judge(outcome: Outcome, alias: str, entry: object) -> Iterator[Judgement]:
        yield of_database(outcome, item("DATABASES", alias), entry, deployment)

    yield from each_entry(settings, "DATABASES", "database", judge)


def of_database(outcome: Outcome, name: str, entry: object, deployment: Deployment) -> Judgement:
    """The password of one database, in one case."""
    engine = get(entry, "ENGINE", "")
    if isinstance(engine, str) and any(word in engine.lower() for word in (*IN_A_FILE, "dummy")):
        return not_applicable(outcome, f"{name} has no password: it is a file")
    password = get(entry, "PASSWORD", "")
    location = reached(name, entry, deployment)
    if isinstance(password, Unknown):
        if password.variables:
            return good(outcome, f"The password of {name} is not in the repository")
        message = why_unknown(f"The password of {name}", password)
        return unreadable(outcome, message, severity=Severity.LOW)
    if not truth(password):
        return without(outcome, name, entry, location)
    if not isinstance(password, str) or not is_trivial(
        password, get(entry, "USER"), get(entry, "NAME")
    ):
        return good(outcome, f"{name} has a password of its own")
    message = f"The password of {name}, {location.why}, is among the first that are tried"
    if location.where is Where.PUBLIC:
        return bad(outcome, message)
    if location.where is Where.UNSURE:
        message = f"The password of {name} is among the first that are tried"
        return bad(outcome, message, severity=Severity.LOW)
    private = location.where is Where.PRIVATE
    severity = Severity.MEDIUM if private else Severity.LOW
    return bad(outcome, message, severity=severity, pedantic=not private)


def without(outcome: Outcome, name: str, entry: object, location: Location) -> Judgement:
    """No password is set."""
    host, engine, options = get(entry, "HOST"), get(entry, "ENGINE", ""), get(entry, "OPTIONS", {})
    by_file = not isinstance(options, dict) or not BY_FILE.isdisjoint(options)
    if (not host and not by_file) or (isinstance(host, str) and host.startswith("/")):
        return good(
            outcome, f"{name} is reached by a UNIX socket, where the system says who connects"
        )
    by_client = f"{name} has no PASSWORD, and whether its client finds one elsewhere is not known"
    mysql = isinstance(engine, str) and any(word in engine.lower() for word in MYSQL)
    if not mysql or by_file:
        unknown = unreadable(outcome, by_client, severity=Severity.LOW)
        return unknown._replace(pedantic=location.where is Where.HERE)
    if location.where is Where.UNSURE:
        return bad(outcome, f"{name} has no password", severity=Severity.LOW)
    away = location.where is not Where.HERE
    message = f"{name}, {location.why}, has no password"
    return bad(outcome, message, severity=None if away else Severity.LOW, pedantic=not away)
