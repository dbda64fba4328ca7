"""The session cookie is sent over HTTPS only.

The session cookie is the login: whoever has it, is the user. Without the Secure attribute the
browser adds it to plain HTTP requests too. One image with an http:// address on any page, put
there by someone on the same network, is enough to make the browser send it in clear, even if the
site itself answers over HTTPS only.

With `SESSION_COOKIE_SECURE = True` the browser keeps the cookie for HTTPS. Logging in over plain
HTTP then no longer works, on a developer's machine too: set it in the production settings.
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
)  # fmt: skip
from hardango.controls.stack import sends_session_itself, sessions, stack_setting
from hardango.controls.switches import judge_switch
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Settings

if TYPE_CHECKING:
    from hardango.edits import Edit
    from hardango.evidence import Proof, Site

SESSION_COOKIE_SECURE = Control(
    "session-cookie-secure",
    title="Session cookie over HTTPS only",
    weakness="The session cookie is sent over plain HTTP too",
    severity=Severity.HIGH,
    settings=("SESSION_COOKIE_SECURE", "MIDDLEWARE", "INSTALLED_APPS"),
    attack="Someone on the same network makes a browser send the cookie in clear, and is logged in "
    "as its user.",
    remedy="Set SESSION_COOKIE_SECURE = True in the production settings.",
    references=(
        django_check("security.W010"), django_check("security.W011"),
        django_check("security.W012"), asvs("3.3.1"), cwe(614), rfc(6265, "4.1.2.5"),
        docs("ref/settings/#session-cookie-secure"),
    ),
)  # fmt: skip


@SESSION_COOKIE_SECURE.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    stack = stack_setting(settings)
    for case in settings.cases("SESSION_COOKIE_SECURE", stack, "INSTALLED_APPS"):
        own = sends_session_itself(settings, case, stack, "SESSION_COOKIE_SECURE")
        if own:
            yield unreadable(case, own, stack)
            continue
        yield judge_switch(
            settings, case, "SESSION_COOKIE_SECURE", sessions(settings, case, stack),
            off="the session cookie goes out without the Secure attribute",
            unneeded="No sessions: their middleware is not installed",
        )  # fmt: skip


@SESSION_COOKIE_SECURE.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Assign

    yield Assign("SESSION_COOKIE_SECURE", True, development=False)


@SESSION_COOKIE_SECURE.prove
def prove(site: Site) -> Iterator[Proof]:
    from hardango.controls.cookie_proofs import SENT_IN_CLEAR, prove_cookies, session

    yield from prove_cookies(session(site), lambda cookie: "" if cookie.secure else SENT_IN_CLEAR)
