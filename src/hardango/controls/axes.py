"""Whether django-axes, where it is installed, really locks anybody out.

https://django-axes.readthedocs.io/en/latest/4_configuration.html, and `axes/backends.py`: the backend
refuses who is locked out, so every backend above it lets the right password in all the same.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.stack import app
from hardango.controls.values import could_be, said, truth, why_unknown
from hardango.findings import Severity
from hardango.light import NamedTuple
from hardango.settings.outcomes import Case, Settings, Unknown

SETTINGS = (
    "AXES_ENABLED", "AXES_LOCK_OUT_AT_FAILURE", "AXES_FAILURE_LIMIT", "AXES_LOCKOUT_PARAMETERS",
    "AXES_USE_USER_AGENT", "AXES_LOCK_OUT_BY_USER_OR_IP", "AXES_ONLY_USER_FAILURES", "AXES_HANDLER",
)  # fmt: skip
ON_BY_DEFAULT = ("AXES_ENABLED", "AXES_LOCK_OUT_AT_FAILURE")
BACKENDS = ("axes.backends.AxesStandaloneBackend", "axes.backends.AxesBackend")
BY_AGENT = ("AXES_USE_USER_AGENT", "AXES_LOCK_OUT_BY_USER_OR_IP", "AXES_ONLY_USER_FAILURES")
DOING_NOTHING = ("axes.handlers.dummy.AxesDummyHandler", "axes.handlers.test.AxesTestHandler")
PASSWORDS = (
    "django.contrib.auth.backends.ModelBackend",
    "django.contrib.auth.backends.AllowAllUsersModelBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
)
"""Backends that are known to take a password."""
NO_PASSWORDS = ("guardian.", "rules.", "rest_framework.")
MANY = 100


class Flaw(NamedTuple):
    """What is wrong with a set-up, `sure` or possible, and the setting that decides."""

    message: str
    name: str
    sure: bool = True
    severity: Severity = Severity.MEDIUM


def flaws(settings: Settings, case: Case) -> Iterator[Flaw]:
    """Why django-axes does not, or may not, lock out whoever guesses passwords."""
    if app(case, "axes").sure is False:
        yield Flaw("axes is not in INSTALLED_APPS: it counts no failure", "INSTALLED_APPS")
        return
    for name in ON_BY_DEFAULT:
        value = case.outcomes[name].value if not case.outcomes[name].default else True
        on = truth(value)
        if not on:
            what = f"{name} is off: nobody is locked out" if on is False else ""
            yield Flaw(what or unknown(name, value), name, on is False)
    yield from of_backends(settings, case)
    yield from of_limit(case)
    yield from of_parameters(case)
    handler = case.outcomes["AXES_HANDLER"].value
    if handler in DOING_NOTHING:
        yield Flaw(f"AXES_HANDLER is {said(handler)}, which counts nothing", "AXES_HANDLER")


def of_backends(settings: Settings, case: Case) -> Iterator[Flaw]:
    """Whether the backend of axes stands where it can refuse."""
    name, value = "AUTHENTICATION_BACKENDS", case.outcomes["AUTHENTICATION_BACKENDS"].value
    if not isinstance(value, (list, tuple)):
        yield Flaw(unknown(name, value), name, False)
        return
    items = list(value)
    first = next(
        (at for at, item in enumerate(items) if extends(settings, item, BACKENDS)), len(items)
    )
    there = first < len(items)
    above = [item for item in items[:first] if not str(item).startswith(NO_PASSWORDS)]
    taking = [item for item in above if extends(settings, item, PASSWORDS)]
    if not there and any(isinstance(item, Unknown) for item in items):
        yield Flaw(f"whether {name} has AxesStandaloneBackend is not known", name, False)
    elif taking and not there:
        message = f"AxesStandaloneBackend is not in {name}: the right password is let in however"
        yield Flaw(f"{message} often a wrong one was tried", name)
    elif taking:
        plain = str(taking[0]).rpartition(".")[2]
        message = f"{plain} stands above AxesStandaloneBackend, and lets in who is locked out"
        yield Flaw(message, name)
    elif above:
        what = "stands above AxesStandaloneBackend" if there else "is there without"
        what += "" if there else " AxesStandaloneBackend"
        message = f"{said(above[0])} {what}, and may let in who is locked out"
        yield Flaw(message, name, False)


def extends(settings: Settings, item: object, wanted: tuple[str, ...]) -> bool:
    """Whether a backend is one of `wanted`, or a class of the project that extends one and takes
    passwords as it does."""
    if item in wanted:
        return True
    definition = settings.definition(item) if isinstance(item, str) else None
    return (
        definition is not None
        and not set(wanted).isdisjoint(definition.bases)
        and "authenticate" not in definition.overrides
    )


def of_limit(case: Case) -> Iterator[Flaw]:
    """Whether few enough failures lock out: 3 by default."""
    name, value = "AXES_FAILURE_LIMIT", case.outcomes["AXES_FAILURE_LIMIT"].value
    if case.outcomes[name].default:
        return
    if type(value) is int:
        if value > MANY:
            yield Flaw(f"{name} is {value}: that many guesses are free", name, True, Severity.LOW)
    elif not (isinstance(value, Unknown) and value.type == "int"):
        message = f"{name} is decided by {said(value)}" if isinstance(value, str) else ""
        yield Flaw(message or unknown(name, value), name, False, Severity.LOW)


def of_parameters(case: Case) -> Iterator[Flaw]:
    """Whether what failures are counted by can be chosen anew for each guess."""
    name, value = "AXES_LOCKOUT_PARAMETERS", case.outcomes["AXES_LOCKOUT_PARAMETERS"].value
    if value is None:
        # With one of the other two, failures are counted without the User-Agent, too.
        on = [truth(case.outcomes[each].value) for each in BY_AGENT]
        if on[0] and not any(on[1:]):
            message = (
                "AXES_USE_USER_AGENT counts for each User-Agent anew, which a client can change"
            )
            yield Flaw(message, "AXES_USE_USER_AGENT")
        return
    if not isinstance(value, (list, tuple)):
        message = f"{name} is decided by {said(value)}" if isinstance(value, str) else ""
        yield Flaw(message or unknown(name, value), name, False, Severity.LOW)
        return
    if not value:
        yield Flaw(f"{name} is empty: nobody is locked out", name)
    chosen = [chosen_by_client(each) for each in value]
    if chosen and all(chosen):
        yield Flaw(f"{name} counts for each User-Agent anew, which a client can change", name)
    elif None in chosen and not any(each is False for each in chosen):
        yield Flaw(f"a part of {name} could not be read", name, False, Severity.LOW)


def chosen_by_client(parameter: object) -> bool | None:
    """Whether a client gets a new count by what it sends; None if that is not known."""
    parts = list(parameter) if isinstance(parameter, (list, tuple)) else [parameter]
    answers = [could_be(part, "user_agent") for part in parts]
    if any(answers):
        return True
    return None if None in answers else False


def unknown(name: str, value: object) -> str:
    return why_unknown(name, value) if isinstance(value, Unknown) else f"{name} is {said(value)}"
