"""Connection to the broker of Celery."""

from __future__ import annotations

import pytest

from hardango.findings import Severity, Verdict
from hardango.project.model import Deployment
from hardango.settings.outcomes import Unknown

URL, RESULTS, SSL = "CELERY_BROKER_URL", "CELERY_RESULT_BACKEND", "CELERY_BROKER_USE_SSL"
BESIDE = Deployment(hosts=frozenset(("redis",)))
ASKED = Unknown("read from BROKER", variables=("BROKER",))


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {URL: "redis://localhost:6379/0"},
        {URL: "redis://redis:6379/0"},
        {URL: "amqp://guest:guest@127.0.0.1:5672//"},
        {URL: "amqps://u:p@mq.example.com/shop"},
        {URL: "rediss://u:p@mq.example.com", RESULTS: "rediss://u:p@mq.example.com"},
        {URL: "amqp://u:p@mq.example.com/shop", SSL: {"ca_certs": "/etc/ca.pem"}},
        {URL: "sqs://"},
        {URL: "memory://"},
        {URL: "redis://localhost", RESULTS: "django-db"},
        {URL: "redis://localhost", RESULTS: "db+postgresql://u:p@db.example.com/x"},
        {URL: Unknown("x", prefix="rediss://")},
        {RESULTS: "django-db"},
    ],
)
def test_nothing_to_say(judged, settings: dict[str, object]) -> None:
    finding = judged("celery-broker", settings, deployment=BESIDE, pedantic=False)
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    ("settings", "severity", "words"),
    [
        ({URL: "amqp://u:p@mq.example.com//"}, Severity.MEDIUM, "without encryption"),
        ({"BROKER_URL": "amqp://u:p@mq.example.com//"}, Severity.MEDIUM, "BROKER_URL, on"),
        ({URL: "redis://mq.example.com"}, Severity.HIGH, "encryption and a password"),
        ({URL: "redis://10.0.0.2"}, Severity.LOW, "private network"),
        ({URL: "redis://localhost", RESULTS: "redis://r.example.com"}, Severity.HIGH, RESULTS),
        ({URL: "rediss://u:p@h.example.com?ssl_cert_reqs=CERT_NONE"}, Severity.LOW, "any cert"),
    ],
)
def test_told(judged, settings: dict[str, object], severity: Severity, words: str) -> None:
    finding = judged("celery-broker", settings, pedantic=False)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, severity), finding.message
    assert words in finding.message


@pytest.mark.parametrize(
    "settings",
    [{URL: ASKED}, {URL: "redis://redis"}, {URL: "amqp://u:p@mq.example.com", SSL: ASKED}],
)
def test_not_known(judged, settings: dict[str, object]) -> None:
    finding = judged("celery-broker", settings)
    assert (finding.verdict, finding.severity) == (Verdict.UNKNOWN, Severity.LOW), finding.message
