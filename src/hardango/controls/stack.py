"""Which middleware and which apps the settings install.

A class can be installed under its own name, extended by the project under another one, or hidden
in an item that could not be read. So the answer to "is it there?" is yes, no, or not known. What
the project's own classes extend and override is read from their source.
"""

from __future__ import annotations

from hardango.controls.values import could_be, said, truth
from hardango.light import TYPE_CHECKING, NamedTuple
from hardango.settings.outcomes import Case, Settings, Unknown

if TYPE_CHECKING:
    from hardango.settings.definitions import Definition

SECURITY = "django.middleware.security.SecurityMiddleware"
SESSIONS = "django.contrib.sessions.middleware.SessionMiddleware"
CSRF = "django.middleware.csrf.CsrfViewMiddleware"
FRAMES = "django.middleware.clickjacking.XFrameOptionsMiddleware"

WHOLE = ("__init__", "__call__", "__acall__", "__new__")
"""What decides everything that a middleware does."""


class Wanted(NamedTuple):
    """A middleware that is looked for, by what it does.

    `hooks` are the methods that do it: a class that overrides one may do something else. `hints`
    are often in the name (lower case, without "_") of a class elsewhere that does the same, and
    one of `words` (lower case) in the source of one that the project has.
    """

    dotted: str
    hooks: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    words: tuple[str, ...] = ()


SECURITY_HINTS = ("securitymiddleware", "securityheader", "djangosecure")
"""What the name of a class that extends or replaces SecurityMiddleware often has in it."""


class Presence(NamedTuple):
    """Whether something is installed: `sure` is None if that is not known, `why` says why not."""

    sure: bool | None
    why: str = ""


def stack_setting(settings: Settings) -> str:
    """The setting that lists the middleware: Django 1.10 brought MIDDLEWARE, and 2.0 no longer
    reads MIDDLEWARE_CLASSES."""
    if settings.django >= (2, 0) or "MIDDLEWARE_CLASSES" not in settings:
        return "MIDDLEWARE"
    new, old = (
        name in settings and settings[name].explicit
        for name in ("MIDDLEWARE", "MIDDLEWARE_CLASSES")
    )
    if new and (settings.django >= (1, 10) or not old):
        return "MIDDLEWARE"
    return "MIDDLEWARE_CLASSES"


def middleware(settings: Settings, case: Case, name: str, wanted: Wanted) -> Presence:
    """Whether the list `name` has a middleware that does what `wanted` does: Django's own, or a
    class of the project that extends it and leaves that alone."""
    found = _listed(name, case[name], wanted.dotted)
    if found.sure:
        return found
    heirs = [inherits(settings, item, wanted) for item in texts(case[name])]
    for heir in heirs:
        if heir.sure:
            return heir
    if found.sure is None:
        return found
    unsure = next((heir for heir in heirs if heir.sure is None), None)
    other = look_alike(settings, case, name, wanted)
    return unsure or (Presence(None, other) if other else found)


def inherits(settings: Settings, item: str, wanted: Wanted) -> Presence:
    """Whether an item is a class of the project that extends the wanted one without changing what
    it does."""
    definition = None if item.startswith("django.") else settings.definition(item)
    if definition is None:
        return Presence(False)
    ending = wanted.dotted.rpartition(".")[2]
    if wanted.dotted not in definition.bases:
        for base in definition.bases:
            if not base.startswith("django.") and base.endswith(ending):
                return Presence(None, f"{said(item)} extends {base}, which could do the same")
        if "" in definition.bases and ending.lower() in item.lower():
            return Presence(None, f"what {said(item)} extends could not be read")
        return Presence(False)
    for hook in (*WHOLE, *wanted.hooks):
        if hook in definition.overrides:
            return Presence(
                None,
                f"{said(item)} extends {ending} and overrides {hook}(), of which hardango does not "
                "know what it leaves",
            )
    for base in definition.bases:
        if base != wanted.dotted and not base.startswith("django."):
            what = base or "a class that could not be read"
            return Presence(None, f"{said(item)} extends {ending} and {what}")
    return Presence(True)


def texts(value: object) -> list[str]:
    """The items of a list that are known texts."""
    return (
        [each for each in value if isinstance(each, str)]
        if isinstance(value, (list, tuple))
        else []
    )


def look_alike(settings: Settings, case: Case, name: str, wanted: Wanted) -> str:
    """That a middleware which is not Django's could do the same, by its source if that is in the
    project, else by its name; "" if none could."""
    for item in texts(case[name]):
        if item.startswith("django."):
            continue
        definition = settings.definition(item)
        if definition is None:
            plain = item.lower().replace("_", "")
            if any(hint in plain for hint in wanted.hints):
                return f"{said(item)} in {name} could do the same"
        elif speaks_of(definition, wanted.words):
            return f"{said(item)} in {name} could do the same: see {definition.place}"
    return ""


def speaks_of(definition: Definition, words: tuple[str, ...]) -> bool:
    """Whether one of `words` is in the source of a definition."""
    return any(word in each.lower() for each in definition.words for word in words)


def extends(settings: Settings, case: Case, name: str, wanted: Wanted) -> Presence:
    """As `middleware`; a class of the same name from elsewhere counts, for it extends Django's."""
    found = middleware(settings, case, name, wanted)
    if found.sure:
        return found
    ending = wanted.dotted.rpartition(".")[2]
    for item in texts(case[name]):
        if item.endswith(ending) and settings.definition(item) is None:
            return Presence(True)
    return found


def app(case: Case, dotted: str) -> Presence:
    """Whether INSTALLED_APPS has the app `dotted`, under its own name or that of its AppConfig."""
    value: object = case["INSTALLED_APPS"]
    if isinstance(value, (list, tuple)):
        for item in value:
            if isinstance(item, str) and item.startswith(f"{dotted}.apps."):
                return Presence(True)
    return _listed("INSTALLED_APPS", value, dotted)


def sessions(settings: Settings, case: Case, name: str) -> Presence:
    """Whether sessions are used at all: their middleware, in the list `name`, or their app. An app
    that is not known makes no sessions without the middleware."""
    by_middleware = extends(settings, case, name, Wanted(SESSIONS))
    by_app = app(case, "django.contrib.sessions")
    for found in (by_middleware, by_app):
        if found.sure:
            return found
    return by_middleware


def sends_session_itself(settings: Settings, case: Case, name: str, attribute: str) -> str:
    """Why the setting `attribute` may not be what the session cookie has, "" if it is: in the list
    `name` a middleware of the project extends SessionMiddleware, sends the cookie itself, and does
    not speak of that setting."""
    for item in texts(case[name]):
        found = settings.definition(item) if not item.startswith("django.") else None
        if found is None or attribute in found.words or SESSIONS not in found.bases:
            continue
        if "process_response" in found.overrides:
            return f"{said(item)} in {name} sends the session cookie itself"
    return ""


def csrf_cookie(settings: Settings, case: Case, name: str) -> Presence:
    """Whether a CSRF cookie is sent at all: by its middleware, in the list `name`, unless
    CSRF_USE_SESSIONS keeps the token in the session."""
    in_session = truth(case["CSRF_USE_SESSIONS"])
    if in_session:
        return Presence(False)
    if in_session is None:
        return Presence(None, "it is not known whether CSRF_USE_SESSIONS is on")
    return extends(settings, case, name, Wanted(CSRF))


def _listed(name: str, value: object, dotted: str) -> Presence:
    if isinstance(value, Unknown):
        return Presence(None, f"{name} could not be read: {value.reason}")
    if not isinstance(value, (list, tuple)):
        return Presence(None, f"{name} is no list")
    unsure = ""
    for item in value:
        answer = could_be(item, dotted)
        if answer:
            return Presence(True)
        if answer is None:
            assert isinstance(item, Unknown)
            unsure = unsure or f"an item of {name} could not be read: {item.reason}"
    return Presence(None, unsure) if unsure else Presence(False)
