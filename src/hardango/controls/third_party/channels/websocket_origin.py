"""A WebSocket is opened by this site's own pages only.

A page of another site may open a WebSocket to this one: neither the browser's same-origin policy nor CORS keeps it from
that, and Django's CSRF check does not see it. Where the browser adds the session cookie, the other page then
talks to the site as the visitor, and reads the answers, too.

The handshake says in the header Origin which page opens it. `AllowedHostsOriginValidator` of Channels, around everything
that takes WebSockets, refuses those that are not in ALLOWED_HOSTS; `OriginValidator` takes a list. The SameSite attribute of the
session cookie holds other sites back as well, but not those on the same domain.

What breaks: clients that are no browsers and send no Origin, such as apps; give them a route of their own, without cookies.
hardango reads the application that ASGI_APPLICATION names, not the consumers behind it. No check of Django looks at it.
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
    good,
    not_applicable,
    rfc,
    unreadable,
)  # fmt: skip
from hardango.controls.options import of_maybe
from hardango.controls.values import why_unknown
from hardango.findings import Severity
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings, Unknown

NAME, COOKIE = "ASGI_APPLICATION", "SESSION_COOKIE_SAMESITE"

WEBSOCKET_ORIGIN = Control(
    "websocket-origin",
    title="Origin of WebSockets",
    weakness="Pages of every site can open a WebSocket",
    severity=Severity.LOW,
    settings=(NAME, COOKIE),
    attack="A page elsewhere opens a WebSocket in a visitor's browser, and talks to the site as the visitor.",
    remedy="Put AllowedHostsOriginValidator of channels.security.websocket around the application for WebSockets.",
    person="the routing of WebSockets is code, which edits of settings do not reach",
    references=(
        asvs("4.4.2"), cwe(1385), cwe(346), rfc(6455, "10.2"),
        docs("https://channels.readthedocs.io/en/stable/topics/security.html"),
    ),
)  # fmt: skip

ROUTER, KIND = "ProtocolTypeRouter", "websocket"
HOSTS, LISTED = "AllowedHostsOriginValidator", "OriginValidator"
LOGINS = frozenset(
    ("AuthMiddlewareStack", "AuthMiddleware", "SessionMiddlewareStack", "SessionMiddleware")
)
"""What of Channels makes a cookie count."""


@WEBSOCKET_ORIGIN.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    for case in settings.cases(NAME, COOKIE):
        value: object = case[NAME]
        if isinstance(value, Unknown):
            yield of_maybe(unreadable(case, why_unknown(NAME, value), NAME), NAME not in settings)
        elif not isinstance(value, str):
            yield not_applicable(case, f"{NAME} is not set", NAME)
        else:
            yield of_application(settings, case, value)


def of_application(settings: Settings, case: Case, dotted: str) -> Judgement:
    """What stands around the application for WebSockets, by the words of its module."""
    module, _, name = dotted.rpartition(".")
    found = settings.definition(f"{module}:{name}")
    if found is None:
        message = f"What {NAME} names could not be read"
        return unreadable(case, message, NAME)._replace(pedantic=True)
    words = {word.rpartition(".")[2] for word in found.words}
    if ROUTER not in words or KIND not in words:
        return not_applicable(case, "The application takes no WebSockets", NAME)
    if HOSTS in words or (LISTED in words and "*" not in found.words):
        return good(case, "The application looks at the Origin of WebSockets", NAME)
    if LISTED not in words and any("origin" in word.lower() for word in words):
        message = f"Something in {found.place} speaks of the Origin of WebSockets; what it does is not known"
        return unreadable(case, message, NAME)
    message = f"Nothing in {found.place} looks at the Origin of WebSockets"
    if words.isdisjoint(LOGINS):
        message += "; no cookie counts there by itself"
        return bad(case, message, NAME, pedantic=True)._replace(chain=(found.place,))
    same: object = case[COOKIE]
    lax = isinstance(same, Unknown) or (isinstance(same, str) and same.lower() in ("lax", "strict"))
    also = f": only {COOKIE} keeps other sites out" if lax else ", and the session counts there"
    severity = Severity.LOW if lax else Severity.HIGH
    return bad(case, message + also, NAME, severity=severity)._replace(chain=(found.place,))
