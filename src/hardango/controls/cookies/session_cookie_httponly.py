"""Scripts cannot read the session cookie.

A cross-site scripting hole runs an attacker's script in a user's page. If the script can read the
session cookie, one request carries the login away, to be used from anywhere and for as long as
the session lasts. With the HttpOnly attribute the script can still act while the page is open,
but the login stays in the browser.

`SESSION_COOKIE_HTTPONLY` is True by default, so a project that fails here has turned it off, as a
rule for a script that wanted to know whether somebody is logged in. Give that script an endpoint
or a cookie of its own that carries no secret.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import (
    Control,
    Judgement,
    asvs,
    cwe,
    django_check,
    docs,
    rfc,
    unreadable,
)
from hardango.controls.stack import sends_session_itself, sessions, stack_setting
from hardango.controls.switches import judge_switch
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Settings

if TYPE_CHECKING:
    from hardango.edits import Edit
    from hardango.evidence import Proof, Site

SESSION_COOKIE_HTTPONLY = Control(
    "session-cookie-httponly",
    title="Session cookie out of reach for scripts",
    weakness="Scripts can read the session cookie",
    severity=Severity.MEDIUM,
    settings=("SESSION_COOKIE_HTTPONLY", "MIDDLEWARE", "INSTALLED_APPS"),
    attack="One cross-site scripting hole is enough to carry logins away and use them elsewhere.",
    remedy="Remove SESSION_COOKIE_HTTPONLY (Django's default is True) and give scripts that need to "
    "know something an endpoint of their own.",
    references=(
        django_check("security.W013"), django_check("security.W014"),
        django_check("security.W015"), asvs("3.3.4"), cwe(1004), rfc(6265, "4.1.2.6"),
        docs("ref/settings/#session-cookie-httponly"),
    ),
)  # fmt: skip


@SESSION_COOKIE_HTTPONLY.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    stack = stack_setting(settings)
    for case in settings.cases("SESSION_COOKIE_HTTPONLY", stack, "INSTALLED_APPS"):
        own = sends_session_itself(settings, case, stack, "SESSION_COOKIE_HTTPONLY")
        if own:
            yield unreadable(case, own, stack)
            continue
        yield judge_switch(
            settings, case, "SESSION_COOKIE_HTTPONLY", sessions(settings, case, stack),
            off="the session cookie goes out without the HttpOnly attribute",
            unneeded="No sessions: their middleware is not installed",
        )  # fmt: skip


@SESSION_COOKIE_HTTPONLY.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Assign

    yield Assign("SESSION_COOKIE_HTTPONLY", True)


@SESSION_COOKIE_HTTPONLY.prove
def prove(site: Site) -> Iterator[Proof]:
    from hardango.controls.cookie_proofs import prove_cookies, session

    wrong = "has no HttpOnly: scripts can read it"
    yield from prove_cookies(session(site), lambda cookie: "" if cookie.httponly else wrong)
