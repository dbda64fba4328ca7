"""Which middleware and which apps the settings install.

A class can be installed under its own name, extended by the project under another one, or hidden
in an item that could not be read. So the answer to "is it there?" is yes, no, or not known.
"""

from __future__ import annotations

from hardango.controls.values import could_be, said
from hardango.light import NamedTuple
from hardango.settings.outcomes import Case, Settings, Unknown

SECURITY = "django.middleware.security.SecurityMiddleware"
SESSIONS = "django.contrib.sessions.middleware.SessionMiddleware"
CSRF = "django.middleware.csrf.CsrfViewMiddleware"
FRAMES = "django.middleware.clickjacking.XFrameOptionsMiddleware"

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


def middleware(case: Case, name: str, dotted: str, hints: tuple[str, ...] = ()) -> Presence:
    """Whether the list `name` has the middleware `dotted`; an item with one of `hints` in its
    name (lower case) could be or do the same."""
    found = _listed(name, case[name], dotted)
    if found.sure is False:
        other = look_alike(case, name, hints)
        if other:
            return Presence(None, other)
    return found


def look_alike(case: Case, name: str, hints: tuple[str, ...]) -> str:
    """That a middleware which is not Django's could do the same, by its name; "" if none could."""
    value: object = case[name]
    for item in value if isinstance(value, (list, tuple)) else ():
        if isinstance(item, str) and not item.startswith("django."):
            plain = item.lower().replace("_", "")
            if any(hint in plain for hint in hints):
                return f"{said(item)} in {name} could do the same"
    return ""


def extends(case: Case, name: str, dotted: str) -> Presence:
    """As `middleware`; a class of the same name from elsewhere counts, for it extends Django's."""
    ending = dotted.rpartition(".")[2]
    value: object = case[name]
    if isinstance(value, (list, tuple)):
        for item in value:
            if isinstance(item, str) and item.endswith(ending):
                return Presence(True)
    return _listed(name, value, dotted)


def app(case: Case, dotted: str) -> Presence:
    """Whether INSTALLED_APPS has the app `dotted`, under its own name or that of its AppConfig."""
    value: object = case["INSTALLED_APPS"]
    if isinstance(value, (list, tuple)):
        for item in value:
            if isinstance(item, str) and item.startswith(f"{dotted}.apps."):
                return Presence(True)
    return _listed("INSTALLED_APPS", value, dotted)


def sessions(case: Case, name: str) -> Presence:
    """Whether sessions are used at all: their middleware, in the list `name`, or their app."""
    by_middleware, by_app = extends(case, name, SESSIONS), app(case, "django.contrib.sessions")
    for found in (by_middleware, by_app):
        if found.sure:
            return found
    return by_middleware if by_middleware.sure is None else by_app


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
