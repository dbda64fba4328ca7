"""Celery and Kombu: their objects stand for themselves and change no setting."""

from __future__ import annotations

from tests.settings.evaluating import evaluated, told, values

SETTINGS = """
from celery import Celery, shared_task
from celery.schedules import crontab, schedule
from kombu import Exchange, Queue

app = Celery("project")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.conf.beat_schedule = {}
app.conf["a"] = 1
app.conf.update(timezone="UTC")
app.autodiscover_tasks()

@app.task(bind=True)
def debug(self):
    return 1

@shared_task
def other():
    return 2

DEBUG_RESULT = debug(None) + other()
CELERY_BEAT_SCHEDULE = {"clean": {"task": "clean", "schedule": crontab(minute=0, hour="*/3")}}
CELERY_QUEUES = [Queue("default", Exchange("default"), routing_key="default")]
NAME = CELERY_QUEUES[0].routing_key
SAME = crontab(hour=1) == crontab(hour=1)
IS = isinstance(CELERY_QUEUES[0], Queue)
"""


def test_settings_of_celery() -> None:
    found = values(SETTINGS)
    assert found.pop("DEBUG_RESULT") == 3
    assert {name: told(value) for name, value in found.items()} == {
        "CELERY_BEAT_SCHEDULE": {
            "clean": {"task": "clean", "schedule": "<crontab: 0 */3 * * * (m/h/dM/MY/d)>"}
        },
        "CELERY_QUEUES": [
            "unknown: kombu.Queue('default', kombu.Exchange('default'), routing_key='default')"
        ],
        "NAME": "default",
        "SAME": True,
        "IS": True,
    }


def test_the_text_of_a_crontab() -> None:
    source = """
from celery.schedules import crontab
A = crontab()
B = crontab("1", 2, "mon", "3", month_of_year=4)
C = crontab(day_of_week="1-5", minute="*/20")
D = crontab(hour={1, 2})
E = crontab(hour=1) == crontab(hour=2)
"""
    found = {name: told(value) for name, value in values(source).items()}
    assert found["A"] == "<crontab: * * * * * (m/h/dM/MY/d)>"
    assert found["B"] == "<crontab: 1 2 3 4 mon (m/h/dM/MY/d)>"
    assert found["C"] == "<crontab: */20 * * * 1-5 (m/h/dM/MY/d)>"
    assert found["D"] == "unknown: crontab(hour=…)"
    assert found["E"] is False


def test_a_package_with_an_app_beside_its_settings() -> None:
    source = {
        "project/__init__.py": "from .celery import app as celery_app\n__all__ = ('celery_app',)\n",
        "project/celery.py": """
import os
from celery import Celery
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "project.settings")
app = Celery("project")
@app.task(bind=True, ignore_result=True)
def debug_task(self):
    print(self.request)
""",
        "project/settings.py": "DEBUG = False\n",
    }
    assert values(source, module="project.settings")["DEBUG"] is False


def test_what_an_app_is_told_is_kept() -> None:
    source = SETTINGS + "app.conf.accept_content = ['pickle']\napp.conf.update({'a': 2}, b=3)\n"
    found = evaluated(source)
    told_so = [(call.arguments, dict(call.keywords)) for call in found.calls("celery.conf")]
    assert ((), {"accept_content": ["pickle"]}) in told_so
    assert ((), {"a": 1}) in told_so
    assert (({"a": 2},), {"b": 3}) in told_so
    (where,) = found.calls("celery.config_from_object")
    assert (where.arguments, dict(where.keywords)) == (
        ("django.conf:settings",),
        {"namespace": "CELERY"},
    )
