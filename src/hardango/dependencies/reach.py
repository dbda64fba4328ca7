"""Which published holes of Django cannot reach a project, as its settings say.

Some holes are in a part of Django that settings turn on: a database, a cache, an app, a validator.
Where production's settings are known in every case and none of them uses that part, the hole is ranked
lower and says why; it is never hidden. What is not known for sure is ranked as it was published.

Each entry follows the announcement of its security release:
https://docs.djangoproject.com/en/stable/releases/security/
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from hardango.findings import Severity
from hardango.inventory import Hole, Judged
from hardango.light import Any
from hardango.project.model import Deployment
from hardango.settings.conditions import TooComplex
from hardango.settings.outcomes import Settings, Unknown

LOWERED = Severity.LOW
"""What a hole that cannot reach the project counts as, if it was published as worse."""

_DATABASES = ("django.db.backends.", "django.contrib.gis.db.backends.")
_CACHES = ("django.core.cache.backends.", "django_redis.cache.")
_VALIDATORS = "django.contrib.auth.password_validation."

Test = Callable[[Settings, Deployment], str]
"""Says why a part of Django is surely not used; "" if it is, or if that is not known."""


class _NotKnown(Exception):
    """A value that is not known in every case."""


def unreached(settings: Settings, deployment: Deployment, names: tuple[str, ...]) -> str:
    """Why a hole of Django, by all of its names, cannot reach the project; "" if it can, or if that is
    not known."""
    test = next((PARTS[each] for each in names if each in PARTS), None)
    if test is None:
        return ""
    try:
        return test(settings, deployment)
    except (_NotKnown, TooComplex):
        return ""


def ranked(each: Judged, settings: Settings, deployment: Deployment) -> Judged:
    """Django with the holes that cannot reach the project after the others; any other package as it
    is."""
    if each.pin.name != "django" or not each.holes:
        return each
    holes = [_lowered(hole, unreached(settings, deployment, hole.ids)) for hole in each.holes]
    return each._replace(holes=tuple(sorted(holes, key=lambda hole: bool(hole.unreached))))


def _lowered(hole: Hole, why: str) -> Hole:
    return hole._replace(unreached=why, severity=min(hole.severity, LOWERED)) if why else hole


# -- what settings use -----------------------------------------------------------------------------


def _values(settings: Settings, name: str) -> Iterator[Any]:
    """Every value that a setting can have. Raises _NotKnown."""
    if name not in settings:
        raise _NotKnown
    for outcome in settings[name]:
        if isinstance(outcome.value, Unknown):
            raise _NotKnown
        yield outcome.value


def _entries(settings: Settings, name: str, key: str, own: tuple[str, ...]) -> Iterator[str]:
    """The class that each entry of DATABASES or CACHES names, in every case. Raises _NotKnown, also
    for one that is not Django's `own`: it may extend any of these."""
    for value in _values(settings, name):
        if not isinstance(value, Mapping):
            raise _NotKnown
        for alias in value:
            entry = value[alias]
            said = entry.get(key) if isinstance(entry, Mapping) else None
            if not isinstance(said, str) or not said.startswith(own):
                raise _NotKnown
            yield said


def _database(word: str) -> Test:
    def test(settings: Settings, deployment: Deployment) -> str:
        engines = list(_entries(settings, "DATABASES", "ENGINE", _DATABASES))
        if any(word in each or (word == "postgresql" and "postgis" in each) for each in engines):
            return ""
        used = ", ".join(sorted({each.rpartition(".")[2] for each in engines})) or "no database"
        return f"it can't reach this project: it is in what works on {_SAID[word]}, and DATABASES has {used}"

    return test


_SAID = {"oracle": "Oracle", "postgresql": "PostgreSQL", "mysql": "MySQL"}


def _cache(word: str, said: str) -> Test:
    def test(settings: Settings, deployment: Deployment) -> str:
        backends = list(_entries(settings, "CACHES", "BACKEND", _CACHES))
        if any(word in each for each in backends):
            return ""
        return f"it can't reach this project: it is in {said}, and no entry of CACHES uses it"

    return test


def _app(app: str, *, word: str) -> Test:
    def test(settings: Settings, deployment: Deployment) -> str:
        for value in _values(settings, "INSTALLED_APPS"):
            if not isinstance(value, (list, tuple)):
                raise _NotKnown
            names = [each for each in value if isinstance(each, str)]
            # An app's own configuration class can stand in for it.
            if any(word in each.lower() for each in names):
                return ""
            if len(names) < len(value):
                raise _NotKnown
        return f"it can't reach this project: it is in {app}, which INSTALLED_APPS does not have"

    return test


def _similarity(settings: Settings, deployment: Deployment) -> str:
    for value in _values(settings, "AUTH_PASSWORD_VALIDATORS"):
        for each in value if isinstance(value, (list, tuple)) else [None]:
            name = each.get("NAME") if isinstance(each, Mapping) else None
            if not isinstance(name, str) or not name.startswith(_VALIDATORS):
                raise _NotKnown
            if name.endswith("UserAttributeSimilarityValidator"):
                return ""
    return ("it can't reach this project: AUTH_PASSWORD_VALIDATORS does not have "
            "UserAttributeSimilarityValidator")  # fmt: skip


def _debug(settings: Settings, deployment: Deployment) -> str:
    if any(each is not False for each in _values(settings, "DEBUG")):
        return ""
    return "it can't reach this project: it needs DEBUG, which is always off"


def _upload_folders(settings: Settings, deployment: Deployment) -> str:
    if any(each is not None for each in _values(settings, "FILE_UPLOAD_DIRECTORY_PERMISSIONS")):
        return ""
    return "it can't reach this project: FILE_UPLOAD_DIRECTORY_PERMISSIONS is not set"


def _cached_sessions(settings: Settings, deployment: Deployment) -> str:
    engines = list(_values(settings, "SESSION_ENGINE"))
    prefix = "django.contrib.sessions.backends."
    if any(not isinstance(each, str) or not each.startswith(prefix) for each in engines):
        raise _NotKnown
    if prefix + "cached_db" in engines:
        return ""
    return "it can't reach this project: SESSION_ENGINE does not keep sessions in cached_db"


ADMIN = _app("the admin", word="admin")

PARTS: dict[str, Test] = {
    # Databases
    "CVE-2020-9402": _database("oracle"),  # tolerance of GIS functions on Oracle
    "CVE-2016-9013": _database("oracle"),  # the user of the tests' database
    "CVE-2024-53908": _database("oracle"),  # HasKey lookups on Oracle
    "CVE-2014-0474": _database("mysql"),  # typecasting
    "CVE-2019-14234": _database("postgresql"),  # contrib.postgres: JSONField, HStoreField
    "CVE-2020-7471": _database("postgresql"),  # contrib.postgres: StringAgg
    "CVE-2022-28347": _database("postgresql"),  # QuerySet.explain(**options)
    "CVE-2025-13372": _database("postgresql"),  # aliases of FilteredRelation
    # Caches and sessions
    "CVE-2020-13254": _cache("memcached", "the backends for Memcached"),
    "CVE-2020-24584": _cache("filebased", "the cache of files"),
    "CVE-2015-3982": _cached_sessions,
    # Apps
    "CVE-2021-33203": _app("admindocs", word="admindocs"),
    "CVE-2015-2241": ADMIN,  # readonly_fields
    "CVE-2016-2048": ADMIN,  # save_as
    "CVE-2016-6186": ADMIN,  # the popup of related objects
    "CVE-2018-16984": ADMIN,  # the hash in the form of a user
    "CVE-2019-12308": ADMIN,  # AdminURLFieldWidget
    "CVE-2019-19118": ADMIN,  # inlines of an object that can only be viewed
    "CVE-2020-13596": ADMIN,  # ForeignKeyRawIdWidget
    # Settings
    "CVE-2021-45115": _similarity,
    "CVE-2016-9014": _debug,  # DNS rebinding
    "CVE-2017-12794": _debug,  # the page for errors
    "CVE-2020-24583": _upload_folders,
}
"""What settings decide of Django's published holes, by the name of each."""
