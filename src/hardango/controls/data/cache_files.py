"""A cache of files is where only the application can write.

FileBasedCache writes values with pickle, and reading pickle runs code. The names of the files follow from
the keys. So whoever can put a file into that directory runs code in the application, as soon as the key is
asked for: another user of the machine where it is below /tmp, anybody who may upload where it is below
MEDIA_ROOT. Where it is below a directory that is served, the values can be downloaded.

Give the cache a directory of its own outside of what is served, which belongs to the user that the
application runs as and has the mode 0o700; Django makes it so, if it makes it. Redis or Memcached are the
better choice for more than one machine. What breaks: nothing, the old cache is empty.

By default Django's cache is in the memory of each process: what counts in it, such as limits of logins or
of an API, is then counted by each worker on its own, and a restart forgets it. That is told with --pedantic
only. Django has no check for either, but for a location that isn't absolute (caches.W003) or is in
MEDIA_ROOT, STATIC_ROOT or STATICFILES_DIRS (caches.W002).
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import (
    Control,
    Judgement,
    Reference,
    asvs,
    bad,
    cwe,
    docs,
    good,
    not_applicable,
    unreadable,
)  # fmt: skip
from hardango.controls.places import inside, temporary
from hardango.controls.services import each_entry, get, item
from hardango.controls.values import said, why_unknown
from hardango.findings import Severity
from hardango.project.model import Deployment
from hardango.settings.outcomes import Outcome, Settings, Unknown

CACHE_FILES = Control(
    "cache-files",
    title="Where the cache is kept",
    weakness="Others can write where the cache is kept",
    severity=Severity.HIGH,
    settings=("CACHES", "MEDIA_ROOT", "STATIC_ROOT"),
    attack="Whoever writes a file into the directory of the cache runs code in the application.",
    remedy="Give FileBasedCache a directory of its own that only the application's user can write, or "
    "use Redis or Memcached.",
    person="where nobody else may write is known on the machines only",
    references=(
        Reference("caches.W002", "https://docs.djangoproject.com/en/stable/ref/checks/#caches"),
        asvs("1.5.2"), cwe(502), cwe(379), docs("topics/cache/#filesystem-caching"),
    ),
)  # fmt: skip

FILES = "FileBasedCache"
SESSION_NAMES = ("SESSION_ENGINE", "SESSION_CACHE_ALIAS")
SESSIONS = "django.contrib.sessions.backends.cache"


@CACHE_FILES.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    alone = deployment.container is not None

    def judge(outcome: Outcome, alias: str, entry: object) -> Iterator[Judgement]:
        yield from of_cache(settings, outcome, alias, entry, alone)

    yield from each_entry(settings, "CACHES", "cache", judge)


def of_cache(
    settings: Settings, outcome: Outcome, alias: str, entry: object, alone: bool
) -> Iterator[Judgement]:
    """One cache, in one case."""
    name, backend = item("CACHES", alias), get(entry, "BACKEND", "")
    if isinstance(backend, Unknown):
        message = why_unknown(f"The backend of {name}", backend)
        # Hardly anybody configures a cache of files by a variable.
        yield unreadable(outcome, message, severity=Severity.LOW)._replace(pedantic=True)
    elif str(backend).endswith("LocMemCache") and alias == "default":
        message = (
            f"{name} is in the memory of each process: limits that are counted in it hold for one "
            "worker only"
        )
        yield bad(outcome, message, severity=Severity.LOW, pedantic=True)
    elif not str(backend).endswith(FILES):
        yield not_applicable(outcome, f"{name} is no cache of files")
    else:
        yield from of_files(settings, outcome, alias, get(entry, "LOCATION"), alone)


def of_files(
    settings: Settings, outcome: Outcome, alias: str, path: object, alone: bool
) -> Iterator[Judgement]:
    """A cache of files. In a container of its own, `alone`, hardly anybody else writes to /tmp."""
    name = item("CACHES", alias)
    if isinstance(path, Unknown):
        message = why_unknown(f"The directory of {name}", path)
        yield unreadable(outcome, message, severity=Severity.LOW)
        return
    where = settings.given(outcome.condition)
    for case in where.cases("MEDIA_ROOT", "STATIC_ROOT", *SESSION_NAMES):
        here = outcome._replace(condition=outcome.condition & case.condition)
        if not here.condition.possible:
            continue
        served = [each for each in ("MEDIA_ROOT", "STATIC_ROOT") if inside(path, case[each])]
        engine, used = (case.outcomes[each].value for each in SESSION_NAMES)
        if engine == SESSIONS and used == alias:
            yield not_applicable(here, f"{name} keeps the sessions: session-engine judges it")
        elif "MEDIA_ROOT" in served:
            message = f"{name} is pickled files below MEDIA_ROOT: whoever uploads one runs code"
            yield bad(here, message)
        elif served:
            message = f"{name} is pickled files below STATIC_ROOT, which is served to everybody"
            yield bad(here, message, severity=Severity.MEDIUM)
        elif temporary(settings, path):
            message = f"{name} is pickled files in {said(str(path))}: whoever makes that directory first runs code"
            yield bad(here, message, severity=Severity.LOW if alone else Severity.MEDIUM)
        else:
            yield good(here, f"{name} is files in {said(str(path))}")
