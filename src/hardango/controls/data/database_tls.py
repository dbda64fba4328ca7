"""The connection to a database on another machine is encrypted, with a server that proves who it is.

Whoever stands between the application and its database reads and changes everything that passes: rows,
hashes of passwords, sessions, and with old ways of logging in the password of the database itself. Networks
of a cloud provider are shared with others, and one compromised machine in them is enough.

TLS protects against that only if the certificate is checked. PostgreSQL's client encrypts by default if the
server offers it (`sslmode` "prefer"), and takes any certificate; who is in between simply doesn't offer
TLS. "require" insists on encryption, and still takes any certificate, unless a root certificate is given.
"verify-full" checks certificate and name. MySQL's client has the same steps in `ssl_mode`
("VERIFY_IDENTITY"), or verifies where `ssl` has a "ca".

A database on the same machine, behind a UNIX socket (also that of a cloud provider's proxy) or in a
container of the same compose file needs none of this. What breaks: a server without TLS refuses, and
"verify-full" needs the provider's root certificate (`sslrootcert`; "system" with libpq 16). Django has no
check for it.

hardango doesn't see networks: a private address is judged more mildly than a public name, and a bare name
such as "db" that no compose file has is not judged. A `pg_service.conf` or an option file of MySQL can hold
the setting as well; they are not read.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import (
    Control,
    Judgement,
    Opinion,
    asvs,
    bad,
    cwe,
    docs,
    good,
    not_applicable,
    unreadable,
)  # fmt: skip
from hardango.controls.services import Location, Where, each_entry, entries, get, item, locate
from hardango.controls.values import said, truth, why_unknown
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Outcome, Settings, Unknown

if TYPE_CHECKING:
    from hardango.edits import Edit

DATABASE_TLS = Control(
    "database-tls",
    title="Encryption of the database connection",
    weakness="The database connection can be listened to",
    severity=Severity.LOW,
    settings=("DATABASES",),
    attack="Someone in the network between application and database reads what passes, or answers in "
    "the database's place.",
    remedy='Set "OPTIONS": {"sslmode": "verify-full", "sslrootcert": …} for PostgreSQL, '
    '{"ssl_mode": "VERIFY_IDENTITY", "ssl": {"ca": …}} for MySQL; in a URL, ?sslmode=verify-full.',
    references=(
        asvs("12.3.1"), asvs("12.3.2"), cwe(319), cwe(295), docs("ref/databases/"),
        docs("https://www.postgresql.org/docs/current/libpq-ssl.html"),
        docs("https://dev.mysql.com/doc/refman/8.4/en/using-encrypted-connections.html"),
    ),
)  # fmt: skip

IN_A_FILE = ("sqlite", "spatialite", "django.db.backends.dummy")
POSTGRESQL = ("postg", "psql", "psycopg", "cockroach", "timescale")
MYSQL = ("mysql", "mariadb", "tidb")
BY_FILE = frozenset(("service", "read_default_file", "read_default_group"))
"""Options that name a file in which the client finds the rest."""
PLAIN, ANYBODY, ENCRYPTED, VERIFIED, NOT_KNOWN = "plain", "anybody", "encrypted", "verified", "?"
"""What a client insists on: nothing (it never encrypts), encryption where the server offers it,
encryption, a server that proves who it is; not known."""

LEVELS = {
    "disable": PLAIN, "allow": PLAIN, "prefer": ANYBODY, "require": ENCRYPTED,
    "verify-ca": VERIFIED, "verify-full": VERIFIED,
}  # fmt: skip
MODES = {
    "DISABLED": PLAIN, "PREFERRED": ANYBODY, "REQUIRED": ENCRYPTED, "VERIFY_CA": VERIFIED,
    "VERIFY_IDENTITY": VERIFIED,
}  # fmt: skip


@DATABASE_TLS.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    def judge(outcome: Outcome, alias: str, entry: object) -> Iterator[Judgement]:
        yield of_database(outcome, alias, entry, deployment)

    yield from each_entry(settings, "DATABASES", "database", judge)


def of_database(outcome: Outcome, alias: str, entry: object, deployment: Deployment) -> Judgement:
    """One database, in one case."""
    name = item("DATABASES", alias)
    engine = get(entry, "ENGINE", "")
    if isinstance(engine, str) and any(word in engine.lower() for word in IN_A_FILE):
        return not_applicable(outcome, f"{name} is a file")
    level, why = demanded(name, engine, entry, deployment)
    if level == VERIFIED:
        return good(outcome, f"{name} is encrypted, and the server has to prove who it is")
    location = reached(name, entry, deployment)
    if location.where is Where.HERE:
        return good(outcome, f"{name} is {location.why}")
    if level == NOT_KNOWN:
        return unreadable(outcome, why)
    if location.where is Where.UNSURE:
        pedantic = level == ENCRYPTED
        return unreadable(outcome, location.why)._replace(pedantic=pedantic)
    message = f"{name} is {location.why}, and {why}"
    if level == PLAIN:
        serious = Severity.MEDIUM if location.where is Where.PUBLIC else None
        return bad(outcome, message, severity=serious)
    mild = level == ENCRYPTED or location.where is Where.PRIVATE
    return bad(outcome, message, pedantic=mild)


def reached(name: str, entry: object, deployment: Deployment) -> Location:
    """Where a database is."""
    host, options = get(entry, "HOST"), get(entry, "OPTIONS", {})
    if isinstance(options, dict) and not host:
        host = get(options, "host")
        if not host and not BY_FILE.isdisjoint(options):
            return Location(Where.UNSURE, f"The host of {name} is in a file of its client")
    if not host and "PGHOST" in deployment.variables:
        host = deployment.variables["PGHOST"].value or Unknown("read from PGHOST")
    return locate(host, name, deployment)


def demanded(name: str, engine: object, entry: object, deployment: Deployment) -> tuple[str, str]:
    """What the client insists on, and that in words."""
    options = get(entry, "OPTIONS", {})
    kind = engine.lower() if isinstance(engine, str) else ""
    if isinstance(options, dict) and (
        any(word in kind for word in POSTGRESQL) or (not kind and "sslmode" in options)
    ):
        return of_postgresql(name, options, deployment)
    if isinstance(options, dict) and any(word in kind for word in MYSQL):
        return of_mysql(name, options)
    if isinstance(engine, Unknown):
        return NOT_KNOWN, why_unknown(f"The engine of {name}", engine)
    if isinstance(options, Unknown):
        return NOT_KNOWN, why_unknown(f"Whether {name} is encrypted", options)
    return NOT_KNOWN, f"{name} is {said(engine)}, of which hardango does not know how it encrypts"


def of_postgresql(
    name: str, options: dict[object, object], deployment: Deployment
) -> tuple[str, str]:
    mode = get(options, "sslmode")
    if mode is None and ("service" in options or "PGSSLMODE" in deployment.variables):
        by_variable = deployment.variables.get("PGSSLMODE")
        if by_variable is None or by_variable.value is None:
            where = "PGSSLMODE" if by_variable is not None else "a service file"
            return NOT_KNOWN, f"Whether {name} is encrypted is decided by {where}"
        mode = by_variable.value
    if isinstance(mode, Unknown):
        return NOT_KNOWN, why_unknown(f"The sslmode of {name}", mode)
    if mode is None:
        return ANYBODY, "sslmode is not set: whoever stands between them can switch encryption off"
    level = LEVELS.get(str(mode), NOT_KNOWN)
    if level == ENCRYPTED and truth(get(options, "sslrootcert")) is not False:
        return VERIFIED, ""
    return level, {
        PLAIN: f"sslmode is {said(mode)}: it is not encrypted",
        ANYBODY: f"sslmode is {said(mode)}: whoever stands between them can switch encryption off",
        ENCRYPTED: f"sslmode is {said(mode)}: any certificate is taken",
        NOT_KNOWN: f"{name} has the sslmode {said(mode)}, which hardango does not know",
    }.get(level, "")


def of_mysql(name: str, options: dict[object, object]) -> tuple[str, str]:
    mode, ssl = get(options, "ssl_mode"), get(options, "ssl", get(options, "ssl_ca"))
    if "read_default_file" in options or "read_default_group" in options:
        return NOT_KNOWN, f"Whether {name} is encrypted is decided by an option file of MySQL"
    for value in (mode, ssl):
        if isinstance(value, Unknown):
            return NOT_KNOWN, why_unknown(f"Whether {name} is encrypted", value)
    if truth(ssl) and (not isinstance(ssl, dict) or "ca" in ssl or "ssl_ca" in ssl):
        return (VERIFIED, "") if isinstance(ssl, (str, dict)) else (
            ENCRYPTED, "any certificate is taken")  # fmt: skip
    level = MODES.get(str(mode).upper(), ENCRYPTED if ssl is not None else ANYBODY)
    if "ssl_disabled" in options and truth(options["ssl_disabled"]):
        level = PLAIN
    return level, {
        PLAIN: "encryption is off",
        ANYBODY: "no encryption is asked for: whoever stands between them can switch it off",
        ENCRYPTED: "any certificate is taken",
    }.get(level, "")


@DATABASE_TLS.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Entry

    risk = "the application can't connect if the server of the database has no TLS"
    asked: dict[str, str] = {}
    for outcome in settings["DATABASES"]:
        for alias, entry in entries(outcome.value):
            options, engine = get(entry, "OPTIONS", {}), get(entry, "ENGINE", "")
            judged = of_database(outcome, alias, entry, deployment)
            if judged.opinion is not Opinion.BAD or judged.pedantic:
                continue
            if isinstance(engine, str) and any(word in engine for word in POSTGRESQL):
                asked[alias] = "verify-full" if get(options, "sslrootcert") else "require"
    for alias, mode in asked.items():
        yield Entry("DATABASES", (alias, "OPTIONS", "sslmode"), mode, safe=False, risk=risk)
