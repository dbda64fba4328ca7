"""Where records end up is what Python's logging and Django do with them."""

from __future__ import annotations

import json
import random
import subprocess
import sys

from hardango.controls.log_records import LEVELS, destination
from hardango.settings.outcomes import Settings

NAMES = ("", "django", "django.request", "django.security", "django.security.csrf", "shop")
ASKED = ("django.request", "django.security.SuspiciousOperation", "django.security.csrf")

SCRIPT = """
import json, logging, sys
from django.conf import settings
settings.configure(DEBUG=False, SECRET_KEY="x" * 50, EMAIL_BACKEND="django.core.mail.backends.locmem.EmailBackend")
import django.core.mail, django.utils.log
django.core.mail.outbox = []
from django.views.debug import ExceptionReporter
ExceptionReporter.get_traceback_text = lambda self: ""
seen = []
logging.StreamHandler.emit = lambda self, record: seen.append(record)
answers = []
for config, admins, name, level in json.load(sys.stdin):
    logging.root.manager.loggerDict.clear()
    logging.root.handlers.clear()
    logging.root.setLevel("WARNING")
    django.utils.log.request_logger = logging.getLogger("django.request")
    settings.ADMINS = [("Ada", "ada@shop.example")] if admins else []
    django.utils.log.configure_logging("logging.config.dictConfig", config)
    seen.clear(); django.core.mail.outbox.clear()
    logging.getLogger(name).log(level, "x")
    answers.append(bool(seen or django.core.mail.outbox))
json.dump(answers, sys.stdout)
"""


def configuration(chance: random.Random) -> dict[str, object] | None:
    """Some LOGGING."""
    if chance.random() < 0.05:
        return None

    def logger() -> dict[str, object]:
        spec: dict[str, object] = {}
        if chance.random() < 0.8:
            spec["handlers"] = chance.sample(
                ["console", "null", "mail", "debug"], chance.choice((0, 1, 1, 2))
            )
        if chance.random() < 0.6:
            spec["level"] = chance.choice(["DEBUG", "WARNING", "ERROR", "CRITICAL", "NOTSET"])
        if chance.random() < 0.4:
            spec["propagate"] = chance.random() < 0.5
        return spec

    config: dict[str, object] = {
        "version": 1,
        "filters": {"only": {"()": "django.utils.log.RequireDebugTrue"}},
        "handlers": {
            "console": {"class": "logging.StreamHandler", "level": chance.choice(["DEBUG", "ERROR", "CRITICAL"])},
            "null": {"class": "logging.NullHandler"},
            "mail": {"class": "django.utils.log.AdminEmailHandler"},
            "debug": {"class": "logging.StreamHandler", "filters": ["only"]},
        },
        "loggers": {name: logger() for name in chance.sample(NAMES, chance.randrange(4))},
    }  # fmt: skip
    if chance.random() < 0.7:
        config["disable_existing_loggers"] = chance.random() < 0.3
    if chance.random() < 0.5:
        config["root"] = {**logger(), "propagate": True}
    return config


def test_agrees_with_logging() -> None:
    chance = random.Random(7)
    cases = [
        (configuration(chance), chance.random() < 0.3, chance.choice(ASKED),
         chance.choice((LEVELS["WARNING"], LEVELS["ERROR"])))
        for _ in range(1500)
    ]  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT], input=json.dumps(cases), capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    settings = Settings.of({})
    for (config, admins, name, level), real in zip(cases, json.loads(done.stdout), strict=True):
        found = destination(settings, config, ["a"] if admins else [], name, level)
        assert found.sure is real, (config, admins, name, level, found.why)
    assert {True, False} <= set(json.loads(done.stdout))
