"""Nobody says who they are in a header of their own.

RemoteUserMiddleware logs in whoever the web server names. It takes the name from `REMOTE_USER`, which under
WSGI only the server itself can set: a header of that name arrives as `HTTP_REMOTE_USER`. Behind a proxy that
checks the user, projects make the middleware read a header instead (`header = "HTTP_X_REMOTE_USER"`).
Whoever can send that header to the application, past the proxy or through one that passes it on, is whoever
they say they are, the superuser included. No password is asked.

Under ASGI, Django 5.2 and newer look for `HTTP_REMOTE_USER` by themselves: the same middleware, safe for
years under WSGI, takes the name from the client's header `Remote-User` as soon as the project moves to an
ASGI server. Under WSGI, `Remote-User` and `Remote_User` are one header, so that a proxy has to remove both.

A proxy that sets or removes the header on every request makes this safe. Nothing in the project shows that;
say it with `user-header` in `[tool.hardango.deployment]`. PersistentRemoteUserMiddleware, in addition, keeps
a session after the server has stopped naming the user. No check of Django looks at any of it.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import (
    Control,
    Judgement,
    asvs,
    bad,
    cwe,
    docs,
    elsewhere,
    good,
    not_applicable,
    unreadable,
)  # fmt: skip
from hardango.controls.stack import stack_setting, texts
from hardango.controls.topology import names_user
from hardango.controls.values import said, why_unknown
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings, Unknown

if TYPE_CHECKING:
    from hardango.settings.definitions import Definition

REMOTE_USER = Control(
    "remote-user",
    title="Whose word counts for the user",
    weakness="A header that clients can send says who the user is",
    severity=Severity.CRITICAL,
    settings=("MIDDLEWARE", "AUTHENTICATION_BACKENDS"),
    attack="Whoever sends the header with somebody's name is logged in as them, the superuser included.",
    remedy="See to it that the proxy sets or removes the header on every request and that nothing else "
    "reaches the application, and declare `user-header` in [tool.hardango.deployment]; or let users log "
    "in by a protocol that signs what it says, such as OpenID Connect.",
    person="what the proxy does with the header is not in the files",
    references=(
        asvs("4.1.3"), cwe(290), docs("howto/auth-remote-user/#configuration"),
        docs("releases/5.2/#asynchronous-views-and-middleware"),
    ),
)  # fmt: skip

CLASSES = tuple(
    f"django.contrib.auth.middleware.{name}"
    for name in ("RemoteUserMiddleware", "PersistentRemoteUserMiddleware")
)
BACKENDS = ("RemoteUserBackend", "AllowAllUsersRemoteUserBackend")
PLAIN = "REMOTE_USER"
LOGGING_IN = frozenset(("login", "authenticate", "alogin", "aauthenticate"))
ASGI = frozenset(("uvicorn", "daphne", "hypercorn"))
WSGI = frozenset(("uwsgi", "waitress-serve", "waitress", "mod_wsgi-express"))


@REMOTE_USER.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    stack = stack_setting(settings)
    for case in settings.cases(stack, "AUTHENTICATION_BACKENDS"):
        value: object = case[stack]
        if isinstance(value, Unknown):
            yield unreadable(case, why_unknown(stack, value), stack)
            continue
        found = [(item, header) for item in texts(value) for header in headers(settings, item)]
        if not found:
            yield not_applicable(case, "No middleware takes the user from the web server", stack)
        elif not believes(settings, case):
            yield not_applicable(case, "No backend logs in whom the web server names", stack)
        for item, header in found if believes(settings, case) else ():
            yield of_header(settings, deployment, case, item, header)


def headers(settings: Settings, item: str) -> list[str]:
    """The keys of `request.META` that a middleware takes the user from: "" for one that is not
    known, none if it is no RemoteUserMiddleware, nor anything like it."""
    if item in CLASSES:
        return [PLAIN]
    definition = settings.definition(item)
    if definition is None:
        return [""] if "remoteuser" in item.lower().replace("_", "") else []
    if not set(CLASSES) & set(definition.bases):
        return [""] if looks_like_it(definition) else []
    if "header" not in definition.overrides:
        return [PLAIN]
    known = [
        word for word in definition.words if word.startswith("HTTP_") and word[5:].isidentifier()
    ]
    return sorted({name for word in known for name in named_by(settings, word)}) or [""]


def named_by(settings: Settings, word: str) -> list[str]:
    """The header that a word in a middleware means: itself or, if it is a setting, what that says."""
    if word not in settings:
        return [word]
    values = [outcome.value for outcome in settings[word]]
    return [each if isinstance(each, str) else "" for each in values]


def looks_like_it(definition: Definition) -> bool:
    """Whether a middleware that extends none of Django's speaks of the user that the web server
    names, and logs somebody in."""
    named = any("REMOTE_USER" in word.upper() for word in definition.words)
    return named and not LOGGING_IN.isdisjoint(definition.words)


def believes(settings: Settings, case: Case) -> bool:
    """Whether a backend could log in whom the middleware names: all but Django's ModelBackend and
    its like, which only know passwords."""
    value: object = case["AUTHENTICATION_BACKENDS"]
    if not isinstance(value, (list, tuple)):
        return True
    for item in value:
        if not isinstance(item, str) or not item.startswith("django.contrib.auth.backends."):
            return True
        if item.endswith(BACKENDS):
            return True
    return False


def of_header(
    settings: Settings, deployment: Deployment, case: Case, item: str, header: str
) -> Judgement:
    """Whether a client can set what one middleware reads."""
    stack = stack_setting(settings)
    name = item.rpartition(".")[2]
    if not header:
        message = f"Which header {said(item)} takes the user from, if any, could not be read"
        return unreadable(case, message, stack)
    if header == PLAIN and (setter := who_sets_it(settings, case, item)):
        message = (
            f"{name} reads REMOTE_USER, of which {said(setter)} speaks, too: it may take it from a"
        )
        return unreadable(case, f"{message} header of the client", stack)
    if header == PLAIN:
        served = asynchronous(deployment) if settings.django >= (5, 2) else False
        if served is False:
            message = f"{name} reads REMOTE_USER, which no header of a client can be under WSGI"
            return good(case, message, stack)
        if served is None:
            message = (
                f"{name} reads REMOTE_USER under WSGI, and the client's own header Remote-User under "
                "ASGI; hardango does not know which of them production uses"
            )
            return unreadable(case, message, stack)
        header = "HTTP_REMOTE_USER"
    shown = header.removeprefix("HTTP_").replace("_", "-").title()
    message = f"{name} logs in whoever the header {shown} names"
    by_proxy = names_user(deployment, shown)
    if by_proxy:
        return elsewhere(case, f"{message}. {by_proxy}", stack)
    if deployment.topology.tls in ("server", "none"):
        return bad(case, f"{message}, and no proxy stands in front to set it", stack)
    message += ": safe only if the proxy sets or removes it on every request"
    return unreadable(case, message, stack)


def who_sets_it(settings: Settings, case: Case, item: str) -> str:
    """Another middleware of the project that speaks of REMOTE_USER, "" if none does."""
    for other in texts(case[stack_setting(settings)]):
        definition = settings.definition(other) if other != item else None
        if definition is not None and PLAIN in definition.words:
            return other
    return ""


def asynchronous(deployment: Deployment) -> bool | None:
    """Whether production serves the project by ASGI; None if no file tells."""
    servers = {
        each.server for each in deployment.entry_points if each.server and each.role == "production"
    }
    workers = [flag.value for flag in deployment.flags if flag.name == "worker_class"]
    if servers & ASGI or any("uvicorn" in (worker or "").lower() for worker in workers):
        return True
    return False if servers & WSGI or ("gunicorn" in servers and not workers) else None
