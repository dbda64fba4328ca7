"""What is known of a project's packages without a network: judged from the database that
`hardango deps --update` brought, if there is one.

The audit's control asks here too, so that both say the same.
"""

from __future__ import annotations

import os
import time

from hardango.inventory import Consulted, Judged
from hardango.light import TYPE_CHECKING, NamedTuple
from hardango.project.model import Deployment

if TYPE_CHECKING:
    from hardango.dependencies.database import Database
    from hardango.dependencies.records import Record
    from hardango.inventory import Pin

OLDEST = 7
"""After so many days a database is too old for "no known hole" to mean much."""


class Looked(NamedTuple):
    """What a database says: each package judged, the records by name, and which database it was."""

    judged: list[Judged]
    published: dict[str, list[Record]]
    consulted: Consulted


def available() -> bool:
    """Whether a database is there."""
    from hardango.dependencies import cache

    return os.path.exists(cache.path("osv-pypi.zip"))


def of_deployment(deployment: Deployment) -> Looked | None:
    """What the database says of what production installs; None if there is no database, or no
    file that says what is installed. Raises database.BadDatabase."""
    if deployment.installs is None or not available():
        return None
    from hardango.dependencies.database import default, load
    from hardango.dependencies.pins import pins

    found = pins(deployment.installs.requirements, deployment.python,
                 linux=deployment.container is not None)  # fmt: skip
    return look_up(found, load(default()))


def look_up(pins: list[Pin], database: Database) -> Looked:
    """What a database says of packages. Raises database.BadDatabase."""
    from hardango.dependencies.holes import look_up as judged

    published = database.look_up(dict.fromkeys(each.name for each in pins))
    return Looked(judged(pins, published), published, consulted(database))


def consulted(database: Database) -> Consulted:
    """Which database it was, and how old."""
    return Consulted(f"OSV's records in {database.shown}", database.date, age(database.date),
                     database.records)  # fmt: skip


def age(date: str) -> int:
    """How many days ago a day was."""
    try:
        then = time.mktime(time.strptime(date, "%Y-%m-%d"))
    except ValueError:
        return 0
    return max(int((time.time() - then) // 86400), 0)
