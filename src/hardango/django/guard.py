"""Refuses to serve an unsafe production, or warns of it.

    HARDANGO = {"environment": "production", "guard": "warn"}   # first
    HARDANGO = {"environment": "production", "guard": "refuse"}  # when nothing is said any more

Only what serves requests or works off tasks is guarded: a server, `runserver`, Celery. A command
that ends (`migrate`, `collectstatic`, `test`) never is, nor is any environment but production.
"""

from __future__ import annotations

import os
import sys

from django.core.exceptions import ImproperlyConfigured

from hardango.django import conf
from hardango.django.secrets import command, program
from hardango.findings import Finding, Severity

ALWAYS = ("debug", "secret-key", "allowed-hosts")
"""Controls without which nothing else holds, however severe each of their flaws is."""

SERVING = ("runserver", "runserver_plus", "runworker", "daphne", "runmodwsgi", "rungunicorn",
           "celery", "rqworker", "qcluster", "db_worker", "process_tasks", "run_huey")  # fmt: skip
"""Management commands that serve, or work off what was asked for."""

ENDING = ("", "-c", "pytest", "py.test", "unittest", "tox", "coverage", "mypy", "ipython", "ptpython",
          "sphinx-build", "stubtest")  # fmt: skip
"""Programs that load settings and serve nobody."""


CELERY_SERVING = ("worker", "beat", "multi", "flower")
CELERY_ENDING = ("amqp", "call", "control", "graph", "inspect", "list", "logtool", "migrate", "purge",
                 "report", "result", "shell", "status", "upgrade")  # fmt: skip
"""Commands of Celery that work off tasks or have them made, and those that ask something and end."""


def guard() -> None:
    """Judge the settings of a production that is about to serve. Raises ImproperlyConfigured if it
    is unsafe and HARDANGO["guard"] is "refuse"."""
    chosen = conf.read()
    if chosen.environment != "production" or chosen.guard == "off" or not serving(sys.argv):
        return
    # The controls are loaded where they are asked for, and nowhere else.
    from hardango.django.loaded import findings

    unsafe = [
        each
        for each in findings(source=False)
        if _unsafe(each) and each.control not in chosen.ignore
    ]
    if not unsafe:
        return
    said = "\n".join(f"  {each.control}: {each.message}{_at(each)}" for each in unsafe)
    if chosen.guard == "refuse":
        raise ImproperlyConfigured(
            "this production is unsafe, and hardango.django refuses to start it:\n"
            f"{said}\n"
            '`hardango explain NAME` has the whole story. HARDANGO["guard"] = "warn" starts it '
            "all the same."
        )
    # Stock production logging would show it to nobody.
    sys.stderr.write(f"hardango.django: this production is unsafe:\n{said}\n")


def serving(arguments: list[str]) -> bool:
    """Whether this process is about to serve, by its command line. What is not known serves: a
    server that nobody has heard of is no reason to let an unsafe production out."""
    ran = command(arguments)
    if ran:
        return ran in SERVING
    name = program(arguments).removesuffix(".exe")
    if name == "celery" and not set(arguments[1:]) & set(CELERY_SERVING):
        return not set(arguments[1:]) & set(CELERY_ENDING)
    return name not in ENDING


def _unsafe(finding: Finding) -> bool:
    if not finding.weak:
        return False
    return finding.severity is Severity.CRITICAL or (
        finding.control in ALWAYS and finding.severity >= Severity.MEDIUM
    )


def _at(finding: Finding) -> str:
    """Where the source sets it, as the audit finds it: " (shop/settings.py:12)"."""
    from hardango.audit import CannotRead, Request, audit

    module = os.environ.get("DJANGO_SETTINGS_MODULE")
    try:
        report = audit(Request(os.getcwd(), module=module, only=(finding.control,)))
    except (CannotRead, KeyError):
        return ""
    place = next((each.place for each in report.findings if each.place is not None), None)
    return f" ({place})" if place is not None else ""
