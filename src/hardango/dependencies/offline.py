"""What is known of a project's packages without a network: judged from the database that
`hardango deps --update` brought, if there is one.

The audit's control asks here too, so that both say the same.
"""

from __future__ import annotations

import time

from hardango.findings import Place, Severity
from hardango.light import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from hardango.dependencies.database import Database
    from hardango.dependencies.records import Record
    from hardango.inventory import Consulted, Judged, Pin
    from hardango.project.model import Deployment
    from hardango.settings.outcomes import Settings

OLDEST = 7
"""After so many days a database is too old for "no known hole" to mean much."""


class Looked(NamedTuple):
    """What a database says: each package judged, the records by name, and which database it was."""

    judged: list[Judged]
    published: dict[str, list[Record]]
    consulted: Consulted


def of_deployment(deployment: Deployment) -> Looked:
    """What the database that is `available` says of what production installs. Raises BadDatabase."""
    from hardango.dependencies.database import default, load
    from hardango.dependencies.pins import pins

    requirements = deployment.installs.requirements if deployment.installs is not None else ()
    found = pins(requirements, deployment.python, linux=deployment.container is not None)
    return look_up(found, load(default(), "the offline database"))


class Said(NamedTuple):
    """One thing to say of a project's packages: whether it is `known` to be bad or not known at all,
    how bad, and what an ignore names it by."""

    known: bool
    message: str
    place: Place
    severity: Severity
    about: str


def said(settings: Settings, deployment: Deployment) -> tuple[list[Said], str]:
    """Everything that is wrong or not known with what production installs, and a sentence for where
    nothing is. Raises BadDatabase."""
    from hardango.dependencies.reach import ranked
    from hardango.dependencies.sentences import (
        UNKNOWN,
        UNPINNED,
        UNREAD,
        about,
        loose,
        told,
        unknown,
        unpinned,
    )

    looked = of_deployment(deployment)
    judged = [ranked(each, settings, deployment) for each in looked.judged]
    looked = looked._replace(judged=judged)
    found = [
        Said(True, f"{each.pin.name} {each.pin.version} has {told(each.pin, hole)}", each.pin.place,
             hole.severity, about(each.pin, hole))
        for each in looked.judged for hole in each.holes
    ]  # fmt: skip
    for each in looked.judged:
        if each.unknown and not unpinned(each.pin):
            found.append(Said(False, unknown(each), each.pin.place, UNKNOWN, each.pin.name))
    for place in deployment.installs.unread if deployment.installs else ():
        found.append(Said(False, UNREAD, place, UNKNOWN, str(place)))
    if not found and not looked.judged and deployment.installs is not None:
        file = deployment.installs.files[0]
        found.append(Said(False, f"{file} names no package", Place(file, 1), UNKNOWN, file))
    open_ended = [each.pin for each in looked.judged if unpinned(each.pin)]
    if open_ended:
        found.append(Said(True, loose(open_ended), open_ended[0].place, UNPINNED, "unpinned"))
    sound = sum(not each.holes and not each.unknown for each in looked.judged)
    date, age = looked.consulted.date, looked.consulted.age
    fine = f"{sound} packages have no hole that was known on {date}"
    if age > OLDEST and sound:
        message = f"{fine}: the database is {age} days old; hardango deps --update brings a new one"
        first = next(each for each in looked.judged if not each.holes and not each.unknown)
        found.append(Said(False, message, first.pin.place, UNKNOWN, "database"))
    return found, fine


def ways_out(deployment: Deployment) -> list[tuple[Pin, str]]:
    """The packages with a hole that a file for people pins, each with the nearest version without
    one. Raises BadDatabase."""
    from hardango.dependencies.holes import nearest_safe
    from hardango.project.lock_files import is_lock

    looked = of_deployment(deployment)
    found = []
    for each in looked.judged:
        if each.holes and not is_lock(each.pin.place.file):
            version = nearest_safe(each.pin, looked.published[each.pin.name])
            found += [(each.pin, version)] if version else []
    return found


def look_up(pins: list[Pin], database: Database) -> Looked:
    """What a database says of packages. Raises BadDatabase."""
    from hardango.dependencies.holes import look_up as judged

    published = database.look_up(dict.fromkeys(each.name for each in pins))
    return Looked(judged(pins, published), published, consulted(database))


def consulted(database: Database) -> Consulted:
    """Which database it was, and how old."""
    from hardango.inventory import Consulted

    return Consulted(f"OSV's records in {database.shown}", database.date, age(database.date),
                     database.records)  # fmt: skip


def age(date: str) -> int:
    """How many days ago a day was."""
    try:
        then = time.mktime(time.strptime(date, "%Y-%m-%d"))
    except ValueError:
        return 0
    return max(int((time.time() - then) // 86400), 0)
