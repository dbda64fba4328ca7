"""Password of the database."""

from __future__ import annotations

import pytest

from hardango.findings import Severity, Verdict
from hardango.project.model import Deployment
from hardango.settings.outcomes import Unknown

PG = "django.db.backends.postgresql"
MY = "django.db.backends.mysql"
ASKED = Unknown("read from DB_PASSWORD", variables=("DB_PASSWORD",))


def database(password: object, host: object = "db.example.com", engine: str = PG, **more: object):
    return {"DATABASES": {"default": {
        "ENGINE": engine, "USER": "shop", "HOST": host, "PASSWORD": password, **more}}}  # fmt: skip


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"DATABASES": {"default": {"ENGINE": "django.db.backends.sqlite3"}}},
        {"DATABASES": {"default": Unknown("x", variables=("DATABASE_URL",))}},
        database(ASKED),
        database("k3v.Zq81_tRx"),
        database("", host=""),
        database("", host="/var/run/postgresql"),
        database("", host="localhost"),
        database("shop", host="localhost"),
        database("postgres", host="db"),
        database("", host="localhost", engine=MY),
    ],
)
def test_nothing_to_say(judged, settings: dict[str, object]) -> None:
    beside = Deployment(hosts=frozenset(("db",)))
    finding = judged("database-password", settings, deployment=beside, pedantic=False)
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    ("settings", "severity", "words"),
    [
        (database("postgres"), Severity.HIGH, "among the first"),
        (database("shop"), Severity.HIGH, "among the first"),
        (database("Change-Me"), Severity.HIGH, "among the first"),
        (database("password", host="10.0.0.4"), Severity.MEDIUM, "among the first"),
        (database("password", host="elsewhere"), Severity.LOW, "among the first"),
        (database("", engine=MY), Severity.HIGH, "has no password"),
    ],
)  # fmt: skip
def test_told(judged, settings: dict[str, object], severity: Severity, words: str) -> None:
    finding = judged("database-password", settings, pedantic=False)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, severity), finding.message
    assert words in finding.message
    assert "Change" not in finding.message


@pytest.mark.parametrize(
    "settings",
    [
        database(""),
        database(Unknown("result of password()")),
        database("", engine=MY, OPTIONS={"read_default_file": "/etc/my.cnf"}),
        database("", host="", OPTIONS={"service": "shop"}),
    ],
)
def test_not_known(judged, settings: dict[str, object]) -> None:
    assert judged("database-password", settings).verdict is Verdict.UNKNOWN
