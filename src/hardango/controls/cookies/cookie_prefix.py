"""Cookies are named so that no other host can set them.

A subdomain can set a cookie for the whole domain: whoever controls a forgotten one gives visitors
of this site a session or a CSRF token of their own choice. A cookie whose name starts with `__Host-`
cannot be set that way: browsers accept it only from this very host, over HTTPS, with `Path=/` and
without a `Domain`. `__Secure-` asks for HTTPS only.

The prefix is a promise that the other settings have to keep. `__Host-sessionid` with
`SESSION_COOKIE_SECURE = False`, with a domain or with another path is refused by every browser: nobody
can log in. Django has no check for any of this.

A new name logs everybody out once, and scripts that read the CSRF cookie must learn it (their
`csrftoken` is a name, too). On plain HTTP, as in development, such cookies do not work: set the names
in the production settings. So the prefix itself is hardening beyond the common need; a name that
contradicts the other settings is always told.
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
from hardango.controls.values import said, stated, truth, why_unknown
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment
from hardango.settings.outcomes import Case, Settings, Unknown

if TYPE_CHECKING:
    from hardango.edits import Edit
    from hardango.evidence import Proof, Site

COOKIE_PREFIX = Control(
    "cookie-prefix",
    title="Cookie names that bind to the host",
    weakness="Cookies can be set from elsewhere, or are refused by browsers",
    severity=Severity.LOW,
    settings=(
        "SESSION_COOKIE_NAME", "CSRF_COOKIE_NAME", "SESSION_COOKIE_SECURE", "CSRF_COOKIE_SECURE",
        "SESSION_COOKIE_DOMAIN", "CSRF_COOKIE_DOMAIN", "SESSION_COOKIE_PATH", "CSRF_COOKIE_PATH",
        "CSRF_USE_SESSIONS", "MIDDLEWARE", "INSTALLED_APPS",
    ),
    attack="Whoever controls another subdomain gives visitors of this site a session or a CSRF token "
    "of their own choice.",
    remedy='In production set SESSION_COOKIE_NAME = "__Host-sessionid" and CSRF_COOKIE_NAME = '
    '"__Host-csrftoken", with both cookies secure, without a domain and with the path "/".',
    references=(
        asvs("3.3.1"), asvs("3.3.3"), cwe(384), docs("ref/settings/#session-cookie-name"),
        docs("https://datatracker.ietf.org/doc/html/draft-ietf-httpbis-rfc6265bis"),
    ),
)  # fmt: skip


@COOKIE_PREFIX.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    stack = stack_setting(settings)
    for case in settings.cases(*_settings("SESSION_COOKIE"), stack, "INSTALLED_APPS"):
        used = sessions(settings, case, stack)
        yield doubted(of_cookie(case, "SESSION_COOKIE", used, "No sessions"), used.why)
    for case in settings.cases(*_settings("CSRF_COOKIE"), "CSRF_USE_SESSIONS", stack):
        used = csrf_cookie(settings, case, stack)
        yield doubted(of_cookie(case, "CSRF_COOKIE", used, "No CSRF cookie"), used.why)


def _settings(cookie: str) -> tuple[str, ...]:
    return tuple(f"{cookie}_{part}" for part in ("NAME", "SECURE", "DOMAIN", "PATH"))


def of_cookie(case: Case, cookie: str, used: Presence, unneeded: str) -> Judgement:
    """Whether the name of one cookie binds it to the host, and whether browsers accept it."""
    name = f"{cookie}_NAME"
    value: object = case[name]
    if used.sure is False:
        return not_applicable(case, unneeded, name)
    if isinstance(value, Unknown):
        return unreadable(case, why_unknown(name, value), name)
    if not isinstance(value, str) or not value.startswith(("__Host-", "__Secure-")):
        message = f"{stated(case.outcomes[name], name)}: any subdomain can set that cookie"
        return bad(case, message, name, pedantic=True)
    broken, unsure = broken_promise(case, cookie, value)
    if broken:
        message = f"{name} is {said(value)}, but {broken}: browsers refuse the cookie"
        return bad(case, message, name, severity=Severity.MEDIUM)
    if unsure:
        return unreadable(case, f"{name} is {said(value)}, and {unsure}", name)
    if value.startswith("__Secure-"):
        message = f"{name} is {said(value)}: a subdomain on HTTPS can still set it"
        return bad(case, message, name, pedantic=True)
    return good(case, stated(case.outcomes[name], name), name)


def broken_promise(case: Case, cookie: str, name: str) -> tuple[str, str]:
    """What the other settings do against the prefix of `name`, and what of it is not known."""
    wanted: list[tuple[str, bool | None]] = [
        (f"{cookie}_SECURE is off", _not(truth(case[f"{cookie}_SECURE"])))
    ]
    if name.startswith("__Host-"):
        wanted.append((f"{cookie}_DOMAIN is set", truth(case[f"{cookie}_DOMAIN"])))
        path: object = case[f"{cookie}_PATH"]
        elsewhere = None if isinstance(path, Unknown) else path != "/"
        wanted.append((f"{cookie}_PATH is not /", elsewhere))
    broken = next((words for words, holds in wanted if holds), "")
    unsure = next((words for words, holds in wanted if holds is None), "")
    return broken, f"it is not known whether {unsure}" if unsure else ""


def _not(value: bool | None) -> bool | None:
    return None if value is None else not value


@COOKIE_PREFIX.fix
def fix(settings: Settings, deployment: Deployment) -> Iterator[Edit]:
    from hardango.edits import Assign

    risk = "the cookie is sent to every path of this host, and to no other one"
    for cookie in ("SESSION_COOKIE", "CSRF_COOKIE"):
        for case in settings.cases(*_settings(cookie)):
            name: object = case[f"{cookie}_NAME"]
            if isinstance(name, str) and name.startswith("__Host-"):
                if truth(case[f"{cookie}_DOMAIN"]):
                    yield Assign(f"{cookie}_DOMAIN", None, safe=False, risk=risk)
                path: object = case[f"{cookie}_PATH"]
                if not isinstance(path, Unknown) and path != "/":
                    yield Assign(f"{cookie}_PATH", "/", safe=False, risk=risk)
                break


@COOKIE_PREFIX.prove
def prove(site: Site) -> Iterator[Proof]:
    """A prefix has terms, and browsers refuse a cookie that doesn't keep them."""
    from hardango.controls.cookie_proofs import bound_to_the_host, csrf, prove_cookies, session
    from hardango.evidence import refuted

    for kind in (session(site), csrf(site)):
        yield from prove_cookies(kind, bound_to_the_host)
        for cookie, exchange in kind.seen:
            if not cookie.name.lower().startswith(("__host-", "__secure-")):
                message = (
                    f"{cookie.name} can be set by any other subdomain: it has no prefix __Host-"
                )
                yield refuted(message, exchange, about=kind.name)._replace(pedantic=True)
