"""Cookies stay with the host that set them.

With `SESSION_COOKIE_DOMAIN = ".shop.example"` browsers send the session cookie to every subdomain:
the blog at a hosting company, the forgotten test server, whatever customers may publish. One of
them with a hole in it reads everybody's session. Without a domain, Django's default, only the host
itself gets the cookie.

A cookie for a whole public suffix or for a bare top-level domain is refused by browsers, so that
nobody can log in.

A login that several subdomains share needs the domain. Then every one of them has to be as well
kept as this one; a login service of its own is the other way.
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
    doubted,
    good,
    not_applicable,
    unreadable,
)  # fmt: skip
from hardango.controls.stack import Presence, csrf_cookie, sessions, stack_setting
from hardango.controls.values import stated, truth, why_unknown
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings, Unknown

if TYPE_CHECKING:
    from hardango.evidence import Cookie, Proof, Site

COOKIE_DOMAIN = Control(
    "cookie-domain",
    title="Cookies for this host only",
    weakness="Cookies are shared with every subdomain",
    severity=Severity.LOW,
    settings=(
        "SESSION_COOKIE_DOMAIN", "CSRF_COOKIE_DOMAIN", "CSRF_USE_SESSIONS", "MIDDLEWARE",
        "INSTALLED_APPS",
    ),
    attack="Whoever finds a hole in any other subdomain reads the session of every visitor who comes "
    "by.",
    remedy="Leave SESSION_COOKIE_DOMAIN and CSRF_COOKIE_DOMAIN at None unless several subdomains "
    "share one login.",
    person="only their owner knows whether subdomains share one login",
    references=(
        asvs("3.3.3"), cwe(668), docs("ref/settings/#session-cookie-domain"),
        docs("topics/http/sessions/#topics-session-security"),
    ),
)  # fmt: skip


@COOKIE_DOMAIN.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    stack = stack_setting(settings)
    for case in settings.cases("SESSION_COOKIE_DOMAIN", stack, "INSTALLED_APPS"):
        yield of_domain(
            case, "SESSION_COOKIE_DOMAIN", sessions(settings, case, stack), "No sessions"
        )
    for case in settings.cases("CSRF_COOKIE_DOMAIN", "CSRF_USE_SESSIONS", stack):
        used = csrf_cookie(settings, case, stack)
        yield of_domain(case, "CSRF_COOKIE_DOMAIN", used, "No CSRF cookie")


def of_domain(case: Case, name: str, used: Presence, unneeded: str) -> Judgement:
    """Who else gets one cookie."""
    value: object = case[name]
    if used.sure is False:
        return not_applicable(case, unneeded, name)
    if isinstance(value, Unknown) and truth(value) is not False:
        return unreadable(case, why_unknown(name, value), name)
    if not value:
        return good(case, stated(case.outcomes[name], name), name)
    # The token of a form is no login: sharing it is no weakness that an ordinary site has to mend.
    beyond = name.startswith("CSRF")
    message = f"{stated(case.outcomes[name], name)}: every host below it gets the cookie"
    return doubted(bad(case, message, name, pedantic=beyond), used.why)


@COOKIE_DOMAIN.prove
def prove(site: Site) -> Iterator[Proof]:
    from hardango.controls.cookie_proofs import csrf, prove_cookies, session

    def wrong(cookie: Cookie) -> str:
        domain = cookie.attributes.get("domain", "").strip(".")
        return f"goes to every name below {domain}" if domain else ""

    yield from prove_cookies(session(site), wrong)
    yield from prove_cookies(csrf(site), wrong)
