"""Deactivated users stay out, and nobody is logged in on a header's word.

`AUTHENTICATION_BACKENDS` says who decides whether a login is right; one that says yes is enough. Two of
Django's own say yes to more than one may think:

- AllowAllUsersModelBackend, and AllowAllUsersRemoteUserBackend, let in users whose `is_active` is off:
  deactivating an account, the usual way to lock somebody out, no longer does.
- RemoteUserBackend believes the web server who somebody is, and creates the account if there is none. That
  is right behind a server that has checked the user and sets REMOTE_USER itself. With a middleware that
  reads the name from an HTTP header instead, whoever reaches the application past that server is
  whoever they say they are.

A site that lets deactivated users in on purpose, to show them a message, checks `is_active` in its views.
What other backends do cannot be read from the settings.
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
    unreadable,
)  # fmt: skip
from hardango.controls.stack import texts
from hardango.controls.values import said, stated, why_unknown
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Outcome, Settings, Unknown

if TYPE_CHECKING:
    from hardango.edits import Edit

AUTHENTICATION_BACKENDS = Control(
    "authentication-backends",
    title="Authentication backends",
    weakness="More people are let in than should be",
    severity=Severity.MEDIUM,
    settings=("AUTHENTICATION_BACKENDS",),
    attack="Somebody whose account was deactivated logs in as before.",
    remedy='Use "django.contrib.auth.backends.ModelBackend", and RemoteUserBackend only behind a web '
    "server that authenticates users and removes the header from every request.",
    references=(
        asvs("6.3.4"), cwe(287), cwe(290), docs("ref/contrib/auth/#available-authentication-backends"),
        docs("howto/auth-remote-user/"),
    ),
)  # fmt: skip

OF_DJANGO = "django.contrib.auth.backends."
ALL_USERS = frozenset(
    (OF_DJANGO + "AllowAllUsersModelBackend", OF_DJANGO + "AllowAllUsersRemoteUserBackend")
)
REMOTE = OF_DJANGO + "RemoteUserBackend"


@AUTHENTICATION_BACKENDS.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    for outcome in settings["AUTHENTICATION_BACKENDS"]:
        yield from of_list(outcome)


def of_list(outcome: Outcome) -> Iterator[Judgement]:
    """What the backends of one list are known to let in."""
    name, value = "AUTHENTICATION_BACKENDS", outcome.value
    if isinstance(value, Unknown):
        yield unreadable(outcome, why_unknown(name, value))
        return
    if not isinstance(value, (list, tuple)):
        yield bad(outcome, f"{name} is {said(value)}, no list", severity=Severity.LOW)
        return
    everybody = [each for each in texts(value) if each in ALL_USERS]
    for each in everybody:
        plain = each.removeprefix(OF_DJANGO)
        yield bad(outcome, f"{plain} lets in users whose account is deactivated")
    if REMOTE in value:
        message = "RemoteUserBackend believes the web server who somebody is, and creates accounts"
        yield bad(outcome, message, severity=Severity.LOW, pedantic=True)
    for item in value:
        if isinstance(item, Unknown):
            yield unreadable(outcome, why_unknown(f"An item of {name}", item))
    if not everybody and not any(isinstance(item, Unknown) for item in value):
        yield good(outcome, stated(outcome, name))


@AUTHENTICATION_BACKENDS.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Exclude, Include

    name = "AUTHENTICATION_BACKENDS"
    listed = {each for outcome in settings[name] if isinstance(outcome.value, (list, tuple))
              for each in texts(outcome.value)}  # fmt: skip
    risk = "users whose account is deactivated are no longer let in"
    for each in sorted(listed & ALL_USERS):
        yield Include(
            name, each.replace("AllowAllUsers", ""), before=(each,), safe=False, risk=risk
        )
        yield Exclude(name, each, safe=False, risk=risk)
