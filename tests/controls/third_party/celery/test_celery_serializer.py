"""What workers of Celery accept."""

from __future__ import annotations

import pytest

from hardango.findings import Place, Severity, Verdict
from hardango.project.model import Deployment, Package
from hardango.settings.conditions import Space
from hardango.settings.outcomes import Call, Settings, Unknown

NAME = "CELERY_ACCEPT_CONTENT"


def with_celery(*version: int) -> Deployment:
    found = Package("celery", version or None, "", Place("requirements.txt", 1))
    return Deployment(packages={"celery": found})


@pytest.mark.parametrize(
    ("settings", "deployment", "verdict"),
    [
        ({}, Deployment(), Verdict.PASS),
        ({}, with_celery(5, 4), Verdict.PASS),
        ({}, with_celery(), Verdict.PASS),
        ({NAME: ["json"]}, Deployment(), Verdict.PASS),
        ({NAME: ["application/json"]}, Deployment(), Verdict.PASS),
        ({NAME: ["json", "yaml"]}, Deployment(), Verdict.PASS),
        ({NAME: {"json", "msgpack"}}, Deployment(), Verdict.PASS),
        ({NAME: "json"}, Deployment(), Verdict.PASS),
        ({"CELERY_TASK_SERIALIZER": "pickle"}, Deployment(), Verdict.PASS),
        ({NAME: ["pickle"]}, Deployment(), Verdict.FAIL),
        ({NAME: ["json", "pickle"]}, with_celery(5, 4), Verdict.FAIL),
        ({NAME: ["application/x-python-serialize"]}, Deployment(), Verdict.FAIL),
        ({NAME: ["json"], "CELERY_RESULT_ACCEPT_CONTENT": ["pickle"]}, Deployment(), Verdict.FAIL),
        ({"BROKER_URL": "redis://localhost"}, with_celery(3, 1), Verdict.FAIL),
        ({NAME: Unknown("x")}, Deployment(), Verdict.UNKNOWN),
        ({NAME: ["json", Unknown("x")]}, Deployment(), Verdict.UNKNOWN),
    ],
)  # fmt: skip
def test_verdicts(judged, settings, deployment: Deployment, verdict: Verdict) -> None:
    finding = judged("celery-serializer", settings, deployment=deployment)
    severity = Severity.LOW if verdict is Verdict.UNKNOWN else Severity.HIGH
    assert (finding.verdict, finding.severity) == (verdict, severity), finding.message


def test_under_a_condition(judged) -> None:
    finding = judged("celery-serializer", {NAME: {"if OLD is set": ["pickle"], "else": ["json"]}})
    assert (finding.verdict, finding.when) == (Verdict.CONDITIONAL, ("OLD is set",))


PLACE = (Place("shop/celery.py", 4),)
ALWAYS = Space().true
DJANGO = Call(("django.conf:settings",), {"namespace": "CELERY"}, ALWAYS, PLACE)


def conf(*arguments: object, **keywords: object) -> dict[str, list[Call]]:
    return {
        "celery.config_from_object": [DJANGO],
        "celery.conf": [Call(arguments, keywords, ALWAYS, PLACE)],
    }


def source(*arguments: object, **keywords: object) -> dict[str, list[Call]]:
    return {"celery.config_from_object": [Call(arguments, keywords, ALWAYS, PLACE)]}


@pytest.mark.parametrize(
    ("calls", "settings", "verdict", "words"),
    [
        (conf(), {}, Verdict.PASS, "JSON only"),
        (conf(accept_content=["json"]), {}, Verdict.PASS, "nothing"),
        (conf(timezone="UTC"), {}, Verdict.PASS, "JSON only"),
        (conf({"beat_schedule": Unknown("x")}), {}, Verdict.PASS, "JSON only"),
        # What the app is told counts more.
        (conf(accept_content=["json"]), {NAME: ["pickle"]}, Verdict.PASS, "nothing"),
        (source("django.conf:settings"), {}, Verdict.PASS, "JSON only"),
        (conf(accept_content=["pickle"]), {NAME: ["json"]}, Verdict.FAIL, "app.conf.accept_content has 'pickle'"),
        (conf({"CELERY_ACCEPT_CONTENT": ["pickle"]}), {}, Verdict.FAIL, "app.conf.accept_content has 'pickle'"),
        (conf(result_accept_content=["pickle"]), {}, Verdict.FAIL, "app.conf.result_accept_content"),
        (conf(**{"**": Unknown("x")}), {}, Verdict.UNKNOWN, "x"),
        (conf(Unknown("x")), {}, Verdict.UNKNOWN, "x"),
        (source("shop.celeryconfig"), {}, Verdict.UNKNOWN, "shop.celeryconfig"),
        (source("django.conf:settings", namespace="QUEUE"), {}, Verdict.UNKNOWN, "does not read"),
        (source(Unknown("x")), {}, Verdict.UNKNOWN, "an object"),
        # The object that is Django's settings, and the last word on a setting.
        (source(Unknown("x", subject="django.conf.settings"), namespace="CELERY"), {}, Verdict.PASS, "JSON only"),
        (
            {"celery.conf": [*conf(accept_content=["pickle"])["celery.conf"], *conf(accept_content=["json"])["celery.conf"]]},
            {}, Verdict.PASS, "nothing",
        ),
    ],
)  # fmt: skip
def test_what_the_app_is_told(judged, calls, settings, verdict: Verdict, words: str) -> None:
    def found(name: str) -> list[Call]:
        return [call._replace(condition=known.space.true) for call in calls.get(name, ())]

    known = Settings.of(settings, find_calls=found)
    finding = judged("celery-serializer", known, deployment=with_celery(5, 4))
    assert finding.verdict is verdict, finding.message
    assert words in finding.message


def test_what_an_unread_file_may_accept(judged) -> None:
    known = Settings.of({})
    known.overridable = ((known.space.true, Unknown("local.py")),)
    finding = judged("celery-serializer", known, deployment=with_celery(5, 4))
    assert finding.verdict is Verdict.UNKNOWN, finding.message
    assert "local.py" in finding.message
