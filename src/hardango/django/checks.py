"""The controls in `manage.py check --deploy`, each with its own id: `hardango.hsts`.

A control's references say which of Django's own checks it replaces. With HARDANGO["replace"] these are
silenced, as if they stood in SILENCED_SYSTEM_CHECKS: Django still counts them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.exceptions import ImproperlyConfigured

from hardango.django import conf
from hardango.findings import Finding, Severity

_LEVELS = {
    Severity.CRITICAL: checks.Critical,
    Severity.HIGH: checks.Error,
    Severity.MEDIUM: checks.Warning,
    Severity.LOW: checks.Warning,
    Severity.INFO: checks.Info,
}
DOCS = "hardango explain {}"


def check_setting(**_: Any) -> list[checks.CheckMessage]:
    """Whether HARDANGO is something that Hardango understands."""
    return [
        checks.Error(f"HARDANGO: {each}.", id="hardango.setting")
        for each in conf.mistakes(getattr(settings, "HARDANGO", {}))
    ]


def check_controls(**_: Any) -> list[checks.CheckMessage]:
    """A message for each weakness of the settings that are loaded."""
    from hardango.django.loaded import findings, replaced

    try:
        chosen = conf.read()
    except ImproperlyConfigured:
        return []  # check_setting says so
    found = findings(pedantic=chosen.pedantic)
    doubles = replaced()
    if chosen.replace:
        # Which messages are silent is asked when all checks have run.
        silence([each for ids in doubles.values() for each in ids])
    return [
        message(each, doubles.get(each.control, ()))
        for each in found
        if each.weak and each.control not in chosen.ignore
    ]


def silence(ids: list[str]) -> None:
    """Keep Django's own checks with these ids from being told in this process."""
    given = settings.SILENCED_SYSTEM_CHECKS
    if not isinstance(given, Silenced):
        settings.SILENCED_SYSTEM_CHECKS = Silenced(given, ids)


class Silenced(list[str]):
    """SILENCED_SYSTEM_CHECKS with what Hardango has added; `given` is what the settings say."""

    def __init__(self, given: Iterable[str], ids: list[str]) -> None:
        super().__init__([*given, *ids])
        self.given = given


def message(finding: Finding, doubles: Collection[str] = ()) -> checks.CheckMessage:
    """A finding in Django's words; `doubles` are the ids of Django's checks that it replaces."""
    level = _LEVELS[finding.severity]
    said = f"{finding.title}: {finding.message}"
    instead = f" Replaces {', '.join(doubles)}." if doubles else ""
    hint = f"{finding.remedy} More: {DOCS.format(finding.control)}.{instead}"
    return level(said, hint=hint, id=f"hardango.{finding.control}")
