"""Holes in Django are mended for this version.

Django's security team publishes several fixes a year, for the series that are supported, with a
description of the hole that everybody can read. A series out of support gets the description and not the
fix: who compares the two versions has an attack that works.

A series is supported for about 16 months, one with long-term support for three years. Moving to the next
one goes best in single steps, with warnings of deprecation shown (`python -W error`); django-upgrade does
the mechanical part.

hardango takes the version from lock files and requirements; a range means the newest that it allows, as an
installer would take. Which fixes within the series are missing is a matter for `hardango deps`.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango import support
from hardango.controls.model import (
    Control,
    Judgement,
    asvs,
    bad_at,
    cwe,
    docs,
    good_at,
    unreadable_at,
)  # fmt: skip
from hardango.findings import Severity
from hardango.project.model import Deployment
from hardango.settings.outcomes import Settings
from hardango.support import DJANGO, Version, ended

DJANGO_SUPPORT = Control(
    "django-support",
    title="Supported version of Django",
    weakness="Django gets no security fixes any more",
    severity=Severity.MEDIUM,
    settings=(),
    attack="Whoever reads the announcements of Django's security releases finds holes that stay open "
    "here.",
    remedy="Move to a supported series: 5.2 has long-term support until April 2028.",
    person="a new series of Django changes behaviour, which the project's tests have to show",
    references=(
        asvs("15.1.1"), cwe(1104), docs("internals/release-process/#supported-versions"),
        docs("https://www.djangoproject.com/download/#supported-versions"),
    ),
    assumes_debug_off=False,
)  # fmt: skip


@DJANGO_SUPPORT.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    package = deployment.django
    if package is None:
        message = "No file tells which version of Django production installs"
        yield unreadable_at(settings, message)
        return
    open_ended = package.version is None and package.below is None
    lowest: Version = ((*(package.lowest or (0, 0)), 0)[:2])[0:2]  # type: ignore[assignment]
    series = lowest if open_ended and package.lowest else settings.django
    name = f"Django {series[0]}.{series[1]}"
    end = ended(DJANGO, series, support.today())
    if end is None:
        yield good_at(settings, f"{name} is newer than this version of hardango", package.place)
    elif open_ended and (end or not package.lowest):
        message = f"Which Django is installed is not known: {package.specifier or 'any'} is allowed"
        yield unreadable_at(settings, message, package.place)
    elif end:
        message = f"{name} has had no security fixes since {end}"
        yield bad_at(settings, message, package.place, about="django")
    else:
        yield good_at(settings, f"{name} gets fixes until {DJANGO[series]}", package.place)
