"""Logging in with the canary, and out again, for active oracles; each login happens once, whoever
asks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from hardango.controls.forms import filled
from hardango.controls.seen import (
    INVALID,
    Login,
    absolute,
    all_cookies,
    cookie_header,
    encoded,
    jar,
    login,
    main,
    on_site,
    page,
    redirected,
    start,
)
from hardango.evidence import Exchange, Proof, inconclusive
from hardango.light import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from hardango.evidence import Site


TRIED = 1000
"""The number of the first login page on which a wrong password is tried; each has one of its own."""


class Session(NamedTuple):
    """A login that was taken: the page before it, the answer to it, and the cookies after it."""

    entrance: Login
    answer: Exchange
    cookies: dict[str, str]


def logged_in(site: Site) -> Session | None:
    """A session of the canary that every oracle may use, and none may end."""
    return log_in(site, "first")


def log_in(
    site: Site,
    key: str,
    planted: tuple[tuple[str, str], ...] = (),
    *,
    fields: dict[str, str] | None = None,
    query: str = "",
) -> Session | None:
    """A login of the canary; None without a canary, a login form or the right password.

    `key` tells logins apart. `planted` are cookies that the visitor had before; `fields` and
    `query` go with the form.
    """
    if not site.active or site.canary is None:
        return None
    if ("login", key) not in site.memory:
        site.memory["login", key] = _log_in(site, planted, fields or {}, query)
    kept = site.memory["login", key]
    return kept if isinstance(kept, Session) else None


def _log_in(
    site: Site, planted: tuple[tuple[str, str], ...], fields: dict[str, str], query: str
) -> Session | None:
    number = sum(isinstance(key, tuple) and key[:1] == ("entrance",) for key in site.memory)
    site.memory["entrance", number] = True
    entrance = login(site, number)
    if entrance is None or site.canary is None:
        return None
    before = {**dict(planted), **jar(entrance.exchange.response)}
    if query:
        action = entrance.action.partition("?")[0]
        entrance = entrance._replace(action=f"{action}?{query}")
    given = {**fields, **credentials(entrance, site.canary.user, site.canary.password)}
    answer = filled(site, entrance, given, cookies=before)
    set_now = jar(answer.response)
    if answer.status not in (302, 303) or not answer.get("Location"):
        return None
    return Session(entrance, answer, {**before, **set_now})


def cannot_log_in(site: Site) -> Iterator[Proof]:
    """Why there is no session; nothing where none was to be had, which is said once for all."""
    if not site.active:
        return
    if site.canary is None:
        yield inconclusive("there is no account to log in with")
        return
    yield inconclusive(
        "the account could not log in: no login form, or another answer than a redirect"
    )


def credentials(entrance: Login, user: str, password: str) -> dict[str, str]:
    """The fields of a login form with a name and a password."""
    names = [name for name in entrance.form.fields if name and name != "csrfmiddlewaretoken"]
    secret = next((each for each in names if "pass" in each.lower()), "password")
    wanted = ("username", "login", "email", "user")
    name = next((each for want in wanted for each in names if want in each.lower()), "username")
    return {name: user, secret: password}


def session_of(site: Site, session: Session) -> str:
    """The name of the session cookie that a login set."""
    names = [site.known.session_cookie] if site.known.session_cookie else []
    names += [name for name in jar(session.answer.response) if "sess" in name.lower()]
    return next((name for name in names if name in session.cookies), "")


def session_of_visitors(site: Site, name: str) -> str:
    """A session that the site gave to somebody who isn't logged in; "" if it gives none."""
    all_cookies(site)
    for exchange in site.exchanges:
        if exchange.request.method == "GET" and not exchange.request.get("Cookie"):
            if name in (held := jar(exchange.response)):
                return held[name]
    return ""


def private_page(site: Site, session: Session) -> str:
    """The address of a page that opens for the account and for nobody else; "" if none was found."""
    home = site.send(site.request(main(site) + "/", headers=cookie_header(session.cookies)))
    links = [absolute(home, each) for each in page(home).links]
    links += [redirected(session.answer), main(site) + "/accounts/profile/",
              *(main(site) + each for each in site.known.admin)]  # fmt: skip
    fresh = [each for each in dict.fromkeys(links) if on_site(site, each)
             and not re.search(r"log-?out|sign-?out|log-?in|delete", each, re.I)]  # fmt: skip
    for each in fresh[:6]:
        if site.send(site.request(each)).status in (301, 302, 303, 401, 403):
            own = site.send(site.request(each, headers=cookie_header(session.cookies)))
            if own.status == 200:
                return each
    return ""


def log_out(site: Site, session: Session) -> Exchange | None:
    """The answer to logging out, by a form; None where none was found."""
    for action, token in _exits(site, session):
        headers = (
            *cookie_header(session.cookies),
            ("Origin", main(site)),
            ("Referer", main(site) + "/"),
        )
        answer = site.send(
            site.request(action, "POST", headers, encoded({"csrfmiddlewaretoken": token}))
        )
        if (
            answer.response is not None
            and answer.status not in (403, 404, 405)
            and answer.status < 500
        ):
            return answer
    return None


def _exits(site: Site, session: Session) -> Iterator[tuple[str, str]]:
    """Addresses that may log out, each with a token."""
    home = site.send(site.request(main(site) + "/", headers=cookie_header(session.cookies)))
    cookie = next((value for name, value in session.cookies.items() if "csrf" in name.lower()), "")
    for form in page(home).forms:
        action = absolute(home, form.action)
        if re.search(r"log-?out|sign-?out", action, re.I) and on_site(site, action):
            yield action, form.token or cookie
    known = [each for each in site.known.paths if re.search(r"log-?out|sign-?out", each, re.I)]
    for path in (
        *known,
        "/accounts/logout/",
        "/logout/",
        *(f"{each}logout/" for each in site.known.admin),
    ):
        yield main(site) + path, cookie


def wrong_login(site: Site, user: str, *headers: tuple[str, str]) -> Exchange | None:
    """The answer to a wrong password; None where there is no form, or no attempt left."""
    tried = site.memory.get("wrong", 0)
    assert isinstance(tried, int)
    if tried >= site.attempts:
        return None
    entrance = login(site, TRIED + tried)
    if entrance is None:
        return None
    site.memory["wrong"] = tried + 1
    wrong = credentials(entrance, user, f"wrong-{site.missing.strip('/')}-{tried}")
    return filled(site, entrance, wrong, *headers)


def plain_text(exchange: Exchange, name: str) -> str:
    """The words of a page without what changes each time: `name`, tokens, numbers."""
    text = re.sub(r"(?s)<(script|style)\b.*?</\1\s*>", " ", exchange.text[:200_000])
    text = re.sub(r"<[^>]*>", " ", text)
    text = text.replace(name, "NAME") if name else text
    return re.sub(r"\d+", "0", " ".join(text.split()))


def ask_for_reset(site: Site, *headers: tuple[str, str]) -> Exchange | None:
    """The answer to asking for the canary's password; None without a form. An attacker whose host is
    believed says that the form comes from there."""
    form = _reset_form(site)
    if form is None or site.canary is None:
        return None
    mail = next(name for name in form.form.fields if "email" in name.lower())
    origin = f"https://{INVALID}" if headers else main(site)
    said = (("Origin", origin), ("Referer", f"{origin}/"), *headers)
    return filled(site, form, {mail: site.canary.email}, *said)


def _reset_form(site: Site) -> Login | None:
    entrance = login(site)
    first = entrance.exchange if entrance else start(site)
    links = [
        absolute(first, each) for each in page(first).links if re.search("reset|forgot", each, re.I)
    ]
    usual = ("/accounts/password_reset/", "/accounts/password/reset/")
    for address in (*links, *(main(site) + each for each in usual)):
        if not on_site(site, address):
            continue
        found = site.send(site.request(address))
        for form in page(found).forms:
            mail = any("email" in name.lower() for name in form.fields)
            if form.method == "post" and mail and not form.password:
                return Login(found, form, absolute(found, form.action))
    return None
