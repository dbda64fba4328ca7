"""No installed package has a known hole.

A hole that is public is tried on every site within days, by programs that need no skill. What was published
is collected by OSV, for every package of PyPI; `hardango deps` compares it with what production installs: from
the lock file or the requirements that its Dockerfile installs, package by package, with the nearest version
that has no known hole.

An audit asks no network. It judges this control from the database that `hardango deps --update` has brought,
and says that nothing was judged where there is none; a database that is older than a week proves no package
to be sound. What could not be looked up is not known, and never passes.

A version that no file pins is one that nobody has looked at: what is installed depends on the day on which the
image is built. A lock file with hashes pins all of them, those that packages need in turn too.

A hole that cannot reach this project can be ignored, with a reason, by its name: `about = "CVE-2024-42005"`.
With `until-fixed = true` it counts again once a version is out that mends it.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import (
    Control,
    Judgement,
    NotJudged,
    asvs,
    bad_at,
    cwe,
    docs,
    good_at,
    unreadable_at,
)  # fmt: skip
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Settings

if TYPE_CHECKING:
    from hardango.edits import Edit

DEPENDENCIES = Control(
    "dependencies",
    title="Known holes in dependencies",
    weakness="A dependency has a known hole",
    severity=Severity.HIGH,
    attack="A published hole in a package is tried on every site by programs.",
    remedy="Run hardango deps: it tells the nearest version without a known hole, and the command for it.",
    references=(
        asvs("15.2.1"), cwe(1395), docs("https://osv.dev/"),
        docs("https://www.djangoproject.com/download/#supported-versions"),
    ),
    assumes_debug_off=False,
)  # fmt: skip


@DEPENDENCIES.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    from hardango.dependencies.cache import BadDatabase, has_database

    if not has_database():
        raise NotJudged("no database of advisories is here: hardango deps --update brings one")
    if deployment.installs is None:
        yield unreadable_at(settings, "No file tells what production installs")
        return
    from hardango.dependencies import offline

    try:
        found, fine = offline.said(settings, deployment)
    except BadDatabase as error:
        raise NotJudged(str(error)) from None
    for each in found:
        if each.known:
            yield bad_at(
                settings, each.message, each.place, severity=each.severity, about=each.about
            )
        else:
            yield unreadable_at(settings, each.message, each.place)._replace(severity=each.severity)
    yield good_at(settings, fine)


@DEPENDENCIES.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.dependencies import offline
    from hardango.dependencies.cache import has_database
    from hardango.edits import Upgrade

    if not has_database() or deployment.installs is None:
        return
    for pin, version in offline.ways_out(deployment):
        same = pin.version.split(".")[:2] == version.split(".")[:2]
        risk = "" if same else f"{pin.name} {version} is another series than {pin.version}"
        yield Upgrade(DEPENDENCIES.name, pin.name, pin.version, version, pin.place.file,
                      pin.place.line, safe=same, risk=risk)  # fmt: skip
