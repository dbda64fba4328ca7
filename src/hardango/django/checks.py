"""The controls in `manage.py check --deploy`, each with its own id: `hardango.hsts`."""

from __future__ import annotations

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
    from hardango.django.loaded import findings

    try:
        chosen = conf.read()
    except ImproperlyConfigured:
        return []  # check_setting says so
    return [
        message(each)
        for each in findings(pedantic=chosen.pedantic)
        if each.weak and each.control not in chosen.ignore
    ]


def message(finding: Finding) -> checks.CheckMessage:
    """A finding in Django's words."""
    level = _LEVELS[finding.severity]
    said = f"{finding.title}: {finding.message}"
    hint = f"{finding.remedy} More: {DOCS.format(finding.control)}"
    return level(said, hint=hint, id=f"hardango.{finding.control}")
