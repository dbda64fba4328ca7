"""Connection to the broker of Celery."""

from __future__ import annotations

import pytest

from hardango.findings import Place, Severity, Verdict
from hardango.project.model import Deployment, EntryPoint
from hardango.settings.conditions import Space
from hardango.settings.outcomes import Call, Settings, Unknown

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


FAR, NEAR = "amqp://u:p@mq.example.com//", "redis://localhost"
ALWAYS = Space().true


def app(*each: dict[str, object], file: str = "shop/celery.py") -> list[Call]:
    return [Call((), told, ALWAYS, (Place(file, 4),)) for told in each]


@pytest.mark.parametrize(
    ("told", "settings", "verdict", "words"),
    [
        (app({"broker_url": NEAR}), {}, Verdict.PASS, ""),
        # What the app is told counts more than the settings, and the last word most.
        (app({"broker_url": NEAR}), {URL: FAR}, Verdict.PASS, ""),
        (app({"broker_url": FAR}, {"broker_url": NEAR}), {}, Verdict.PASS, ""),
        (app({"broker_url": None}), {URL: NEAR}, Verdict.PASS, ""),
        (app({"broker_url": FAR, "broker_use_ssl": True}), {}, Verdict.PASS, ""),
        (app({"timezone": "UTC"}), {URL: NEAR}, Verdict.PASS, ""),
        (app({"broker_url": FAR}), {URL: NEAR}, Verdict.FAIL, "app.conf.broker_url, on mq.example.com"),
        (app({"broker_url": NEAR, "result_backend": "redis://r.example.com"}), {}, Verdict.FAIL, "app.conf.result_backend"),
        (app({"broker_url": NEAR}, {"broker_url": FAR}), {}, Verdict.FAIL, "app.conf.broker_url"),
        (app({"broker_url": ASKED}), {URL: FAR}, Verdict.UNKNOWN, "BROKER"),
        (app({"**": Unknown("x")}), {URL: NEAR}, Verdict.UNKNOWN, "x"),
    ],
)  # fmt: skip
def test_what_the_app_is_told(judged, told, settings, verdict: Verdict, words: str) -> None:
    asked: list[tuple[str, ...]] = []

    def found(name: str, *files: str) -> list[Call]:
        asked.append(files)
        return [call._replace(condition=known.space.true) for call in told] * (
            name == "celery.conf"
        )

    known = Settings.of(
        {"CELERY_TIMEZONE": "UTC", "CELERY_TASK_SERIALIZER": "json", **settings}, find_calls=found
    )
    point = EntryPoint("celery.py", "any", Place("shop/celery.py", 3), "shop.settings")
    finding = judged("celery-broker", known, deployment=Deployment(entry_points=(point,)))
    assert finding.verdict is verdict, finding.message
    assert words in finding.message
    assert set(asked) == {("shop/celery.py",)}
