"""Encryption of the database connection."""

from __future__ import annotations

import pytest

from hardango.findings import Place, Severity, Verdict
from hardango.project.model import Deployment, Variable
from hardango.settings.outcomes import Unknown

PG = "django.db.backends.postgresql"
MY = "django.db.backends.mysql"
BESIDE = Deployment(hosts=frozenset(("db", "postgres.test")))
FROM_URL = Unknown("read from DATABASE_URL", variables=("DATABASE_URL",))


def database(engine: object = PG, host: object = "db.example.com", **more: object) -> dict[str, object]:
    return {"DATABASES": {"default": {"ENGINE": engine, "HOST": host, **more}}}


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"DATABASES": {}},
        database("django.db.backends.sqlite3", ""),
        database("django.contrib.gis.db.backends.spatialite", ""),
        database(host=""),
        {"DATABASES": {"default": {"ENGINE": PG}}},
        database(host="localhost"),
        database(host="127.0.0.1"),
        database(host="/var/run/postgresql"),
        database(host="/cloudsql/shop:eu:db"),
        database(host="db"),
        database(host="postgres.test"),
        database(OPTIONS={"sslmode": "verify-full"}),
        database(OPTIONS={"sslmode": "verify-ca"}),
        database(OPTIONS={"sslmode": "require", "sslrootcert": "/etc/ca.pem"}),
        database(FROM_URL, FROM_URL, OPTIONS={"sslmode": "verify-full"}),
        database("django.db.backends.postgresql_psycopg2", OPTIONS={"sslmode": "verify-full"}),
        database(MY, OPTIONS={"ssl_mode": "VERIFY_IDENTITY"}),
        database(MY, OPTIONS={"ssl": {"ca": "/etc/ca.pem"}}),
        database(MY, host="127.0.0.1"),
    ],
)
def test_nothing_to_say(judged, settings: dict[str, object]) -> None:
    finding = judged("database-tls", settings, deployment=BESIDE)
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    ("settings", "severity", "words"),
    [
        (database(), Severity.LOW, "sslmode is not set"),
        (database(OPTIONS={"sslmode": "prefer"}), Severity.LOW, "can switch encryption off"),
        (database(OPTIONS={"sslmode": "disable"}), Severity.MEDIUM, "it is not encrypted"),
        (database(MY), Severity.LOW, "no encryption is asked for"),
        (database(MY, OPTIONS={"ssl_mode": "DISABLED"}), Severity.MEDIUM, "encryption is off"),
        (database(host="10.1.2.3", OPTIONS={"sslmode": "disable"}), Severity.LOW, "private network"),
    ],
)  # fmt: skip
def test_told(judged, settings: dict[str, object], severity: Severity, words: str) -> None:
    finding = judged("database-tls", settings, pedantic=False)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, severity), finding.message
    assert words in finding.message


@pytest.mark.parametrize(
    "settings",
    [
        database(OPTIONS={"sslmode": "require"}),
        database(MY, OPTIONS={"ssl_mode": "REQUIRED"}),
        database(MY, OPTIONS={"ssl": {}}),
        database(host="10.1.2.3"),
        database(host="db.prod.internal"),
    ],
)
def test_only_on_demand(judged, settings: dict[str, object]) -> None:
    assert judged("database-tls", settings, pedantic=False).verdict is Verdict.PASS
    assert judged("database-tls", settings).verdict is Verdict.FAIL


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        ({"DATABASES": FROM_URL}, "DATABASE_URL"),
        ({"DATABASES": {"default": FROM_URL}}, "DATABASE_URL"),
        (database(host=FROM_URL), "DATABASE_URL"),
        (database(FROM_URL), "DATABASE_URL"),
        (database(host="db"), "whether that is another machine"),
        (database(OPTIONS=FROM_URL), "DATABASE_URL"),
        (database("django.db.backends.oracle"), "does not know how it encrypts"),
        (database(host="", OPTIONS={"service": "shop"}), "service file"),
        (database(MY, OPTIONS={"read_default_file": "/etc/my.cnf"}), "option file"),
    ],
)
def test_not_known(judged, settings: dict[str, object], words: str) -> None:
    finding = judged("database-tls", settings)
    assert finding.verdict is Verdict.UNKNOWN, finding.message
    assert words in finding.message


def test_under_a_condition(judged) -> None:
    either = {"if X": database()["DATABASES"], "else": database(host="")["DATABASES"]}
    finding = judged("database-tls", {"DATABASES": either})
    assert (finding.verdict, finding.when) == (Verdict.CONDITIONAL, ("X",))


def test_a_variable_of_the_client(judged) -> None:
    mode = Variable("PGSSLMODE", "verify-full", Place("Dockerfile", 3))
    there = Deployment(variables={"PGSSLMODE": mode})
    assert judged("database-tls", database(), deployment=there).verdict is Verdict.PASS
