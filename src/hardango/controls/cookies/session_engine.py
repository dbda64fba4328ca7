"""Sessions are kept on the server, where they survive, end and stay private.

Where Django keeps sessions is SESSION_ENGINE. The database (the default) and a shared cache keep
the data on the server: the cookie is a random key, and deleting the row ends the session.

- `signed_cookies` keeps the data in the cookie. The user can read it, an old cookie still works
  after logging out, and whoever learns SECRET_KEY can write one for any user.
- The cache in the local memory of a process is another one in each worker: logins come and go at
  random and die with a restart. With `cached_db` on such a cache a session that was ended in one
  worker goes on in the others.
- The `file` engine names each file after the session key. In the system's directory for
  temporary files, the default, every local user can list the keys, each of them a login.
- PickleSerializer runs what it reads: whoever can write a session, by the cookie or by the store,
  runs code on the server. Django removed it in 5.0.

Changing the engine or the serializer logs everybody out once. For a cache, take Redis or Memcached;
`cached_db` keeps sessions also when the cache loses them.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import (
    Control,
    Judgement,
    Opinion,
    asvs,
    bad,
    cwe,
    docs,
    good,
    not_applicable,
    unreadable,
)  # fmt: skip
from hardango.controls.places import inside, temporary
from hardango.controls.stack import sessions, stack_setting
from hardango.controls.values import alternatives, said, why_unknown
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Outcome, Settings, Unknown

if TYPE_CHECKING:
    from hardango.edits import Edit

SESSION_ENGINE = Control(
    "session-engine",
    title="Session store",
    weakness="Sessions are kept where they leak, linger or get lost",
    severity=Severity.MEDIUM,
    settings=(
        "SESSION_ENGINE", "SESSION_SERIALIZER", "SESSION_CACHE_ALIAS", "SESSION_FILE_PATH", "CACHES",
    ),
    attack="Depending on the store: a stolen cookie works after logging out, local users read the "
    "keys of sessions, or a forged session runs code on the server.",
    remedy='Keep sessions in the database ("django.contrib.sessions.backends.db") or in a shared '
    'Redis or Memcached ("…backends.cached_db"), with the JSONSerializer.',
    references=(
        asvs("7.2.1"), asvs("7.4.1"), cwe(613), cwe(502),
        docs("topics/http/sessions/#configuring-the-session-engine"),
        docs("ref/settings/#session-engine"),
    ),
)  # fmt: skip

BACKENDS = "django.contrib.sessions.backends."

ELSEWHERE = frozenset((
    "qsessions.backends.db", "qsessions.backends.cached_db", "user_sessions.backends.db",
    "redis_sessions.session", "redis_sessions_fork.session",
))  # fmt: skip
"""Engines of other packages that keep sessions in the database or in a shared store."""

JSON = "django.contrib.sessions.serializers.JSONSerializer"

OF_ONE_PROCESS = "django.core.cache.backends.locmem.LocMemCache"
OF_FILES = "django.core.cache.backends.filebased.FileBasedCache"
OF_NOTHING = "django.core.cache.backends.dummy.DummyCache"


NOWHERE = "There is no place for sessions: nobody can log in"
NOWHERE_GAINS = (
    "Nothing by itself; but whoever has to get the site up in a hurry takes the settings that work."
)


@SESSION_ENGINE.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    stack = stack_setting(settings)
    for case in settings.cases(stack, "INSTALLED_APPS"):
        used = sessions(settings, case, stack)
        if used.sure is False:
            message = "No sessions: their middleware is not installed"
            yield not_applicable(case, message, stack)
            continue
        for judgement in of_store(settings.given(case.condition)):
            if used.sure is None and judgement.opinion is Opinion.BAD:
                message = f"{judgement.message}, but whether sessions are used is not known"
                judgement = judgement._replace(opinion=Opinion.UNREADABLE, message=message)
            yield judgement._replace(condition=judgement.condition & case.condition)


def of_store(settings: Settings) -> Iterator[Judgement]:
    """Every engine that is possible, and the serializer."""
    for outcome in alternatives(settings, "SESSION_ENGINE"):
        engine = extended(settings, outcome.value)
        outcome = outcome._replace(value=engine)
        if isinstance(engine, Unknown):
            yield unreadable(outcome, why_unknown("SESSION_ENGINE", engine))
        elif engine in (f"{BACKENDS}db", *ELSEWHERE):
            yield good(outcome, f"Sessions are kept by {engine}")
        elif engine == f"{BACKENDS}signed_cookies":
            yield bad(
                outcome,
                "SESSION_ENGINE keeps the data in the cookie, signed: its user can read it, and a "
                "copy of it works after logging out",
            )
        elif engine in (f"{BACKENDS}cache", f"{BACKENDS}cached_db"):
            yield from of_cache(settings.given(outcome.condition), outcome)
        elif engine == f"{BACKENDS}file":
            yield from of_files(settings.given(outcome.condition), outcome)
        else:
            yield unreadable(
                outcome, f"SESSION_ENGINE is {said(engine)}, which hardango does not know"
            )
    yield from of_serializer(settings)


def extended(settings: Settings, engine: object) -> object:
    """The engine of Django that one of the project extends, else the engine itself."""
    definition = settings.definition(f"{engine}.SessionStore") if isinstance(engine, str) else None
    for base in definition.bases if definition is not None else ():
        if base.startswith(BACKENDS):
            return base.removesuffix(".SessionStore")
    return engine


def of_cache(settings: Settings, engine: Outcome) -> Iterator[Judgement]:
    """Sessions in a cache: good if all workers share it."""
    behind = str(engine.value).endswith("cached_db")
    for case in settings.cases("CACHES", "SESSION_CACHE_ALIAS"):
        both = Case({**case.outcomes, "SESSION_ENGINE": engine}, case.condition & engine.condition)
        if not both.condition.possible:
            continue
        backend = backend_of(case["CACHES"], case["SESSION_CACHE_ALIAS"])
        if backend == OF_ONE_PROCESS and behind:
            yield bad(
                both,
                "SESSION_ENGINE is cached_db, which reads from a cache in the memory of each process: a session that was "
                "ended in one worker goes on in the others",
                "SESSION_ENGINE",
                severity=Severity.LOW,
            )
        elif backend == OF_ONE_PROCESS:
            yield bad(
                both,
                "Sessions are kept in the memory of each process: another worker does not know "
                "them, and a restart ends them all",
                "SESSION_ENGINE",
            )
        elif backend == OF_NOTHING and not behind:
            yield bad(both, "Sessions are kept in a cache that keeps nothing", "SESSION_ENGINE")
        elif backend == OF_FILES and not behind:
            yield from of_cached_files(settings, both, location_of(case))
        elif isinstance(backend, Unknown):
            yield unreadable(
                both, why_unknown("The cache of the sessions", backend), "SESSION_ENGINE"
            )
        elif not isinstance(backend, str):
            message = "SESSION_CACHE_ALIAS names a cache that CACHES does not have: what needs a session is an error"
            found = bad(
                both, message, "SESSION_CACHE_ALIAS", "SESSION_ENGINE", severity=Severity.LOW
            )
            yield found._replace(weakness=NOWHERE, attack=NOWHERE_GAINS)
        else:
            yield good(
                both, f"Sessions are kept in a shared cache, {said(backend)}", "SESSION_ENGINE"
            )


def backend_of(caches: object, alias: object) -> object:
    """The BACKEND of a cache, an Unknown if it is not known, None if there is none."""
    for part in (caches, alias):
        if isinstance(part, Unknown):
            return part
    cache = caches.get(alias) if isinstance(caches, dict) and isinstance(alias, str) else None
    if isinstance(cache, dict):
        return cache.get("BACKEND")
    if cache is None and isinstance(caches, dict):
        # A key that could not be read may be the one that is looked for.
        return next((key for key in caches if isinstance(key, Unknown)), None)
    return cache


def location_of(case: Case) -> object:
    """The LOCATION of the sessions' cache; None if it has none."""
    caches, alias = case["CACHES"], case["SESSION_CACHE_ALIAS"]
    assert isinstance(caches, dict)
    return caches[alias].get("LOCATION")


def of_cached_files(settings: Settings, both: Case, path: object) -> Iterator[Judgement]:
    """Sessions in a cache of pickled files: whoever writes one runs code on the server."""
    runs = "whoever can write there runs code on the server"
    served = [
        name
        for name in ("MEDIA_ROOT", "STATIC_ROOT")
        if any(inside(path, each.value) for each in settings[name])
    ]
    if isinstance(path, Unknown):
        yield unreadable(both, why_unknown("The directory of the sessions' cache", path), "CACHES")
    elif served:
        message = f"Sessions are cached as pickled files below {served[0]}: {runs}"
        yield bad(both, message, "CACHES", severity=Severity.HIGH)
    elif temporary(settings, path):
        message = f"Sessions are cached as pickled files in {said(str(path))}: {runs}"
        yield bad(both, message, "CACHES", severity=Severity.HIGH)
    else:
        yield good(both, f"Sessions are cached as files in {said(str(path))}", "SESSION_ENGINE")


def of_files(settings: Settings, engine: Outcome) -> Iterator[Judgement]:
    """Sessions in files, of which the names are the keys."""
    for case in settings.cases("SESSION_FILE_PATH", "MEDIA_ROOT", "STATIC_ROOT"):
        both = Case({**case.outcomes, "SESSION_ENGINE": engine}, case.condition & engine.condition)
        if not both.condition.possible:
            continue
        names = ("SESSION_FILE_PATH", "SESSION_ENGINE")
        path: object = case["SESSION_FILE_PATH"]
        served = [name for name in ("MEDIA_ROOT", "STATIC_ROOT") if inside(path, case[name])]
        if isinstance(path, Unknown):
            yield unreadable(both, why_unknown("SESSION_FILE_PATH", path), *names)
        elif served:
            message = f"SESSION_FILE_PATH is below {served[0]}, from which files are served"
            yield bad(both, message, *names, severity=Severity.HIGH)
        elif not path or temporary(settings, path):
            yield bad(
                both,
                "Sessions are files in the directory for temporary files, named after their keys: "
                "every local user can list them",
                *names,
            )
        else:
            yield good(both, f"Sessions are files in {said(str(path))}", *names)


def unpickles(settings: Settings, serializer: str) -> bool | None:
    """Whether a serializer is made of pickle, by its name or its source; None if it is not known."""
    definition = settings.definition(serializer)
    spoken = {serializer.lower()}
    if definition is not None:
        spoken.update(word.lower() for word in (*definition.words, *definition.bases))
    if any(word in each for each in spoken for word in ("pickle", "dill", "marshal")):
        return True
    return None if definition is None else False


def of_serializer(settings: Settings) -> Iterator[Judgement]:
    """Whether reading a session can run code. Yields only what is wrong."""
    for case in settings.cases("SESSION_SERIALIZER", "SESSION_ENGINE"):
        value: object = case["SESSION_SERIALIZER"]
        if isinstance(value, Unknown):
            yield unreadable(case, why_unknown("SESSION_SERIALIZER", value), "SESSION_SERIALIZER")
        elif not isinstance(value, str) or value == JSON:
            continue
        elif unpickles(settings, value) is None:
            message = f"SESSION_SERIALIZER is {said(value)}, which hardango does not know"
            yield unreadable(case, message, "SESSION_SERIALIZER")
        elif unpickles(settings, value):
            by_cookie = case.outcomes["SESSION_ENGINE"].value == f"{BACKENDS}signed_cookies"
            yield bad(
                case,
                f"{value.rpartition('.')[2]} runs what it reads: "
                + (
                    "with signed_cookies, whoever learns SECRET_KEY runs code on the server"
                    if by_cookie
                    else "whoever can write to the session store runs code on the server"
                ),
                "SESSION_SERIALIZER",
                severity=Severity.CRITICAL if by_cookie else Severity.HIGH,
            )


@SESSION_ENGINE.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Assign

    yield Assign(
        "SESSION_ENGINE", f"{BACKENDS}db", safe=False,
        risk="everyone is logged out once, and the table of django.contrib.sessions must be there",
    )  # fmt: skip
