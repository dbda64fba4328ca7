"""How the flags of a cookie are proven: wherever the site sets it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from hardango.controls.seen import Seen, csrf_cookies, session_cookies
from hardango.evidence import Cookie, Proof, inconclusive, proven, refuted
from hardango.light import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from hardango.evidence import Site

SENT_IN_CLEAR = "has no Secure: browsers send it over plain HTTP, too"


class Kind(NamedTuple):
    """The cookies of a kind that the site was seen to set; `hint` says what shows one."""

    name: str
    seen: tuple[Seen, ...]
    hint: str = ""


def session(site: Site) -> Kind:
    """The cookies of the session: those of a login, if there was one."""
    from hardango.controls.accounts import logged_in

    hint = ""
    if site.active and site.canary:
        logged_in(site)
    else:
        hint = "; a login shows it (--active --canary)"
    return Kind("session cookie", tuple(session_cookies(site)), hint)


def csrf(site: Site) -> Kind:
    return Kind("CSRF cookie", tuple(csrf_cookies(site)))


def prove_cookies(kind: Kind, wrong: Callable[[Cookie], str]) -> Iterator[Proof]:
    """`wrong` says what is wrong with a cookie, "" for nothing."""
    if not kind.seen:
        yield inconclusive(
            f"no {kind.name} was set by the pages that were seen{kind.hint}", about=kind.name
        )
    for cookie, exchange in kind.seen:
        problem = wrong(cookie)
        if problem:
            yield refuted(f"{cookie.name} {problem}", exchange, about=kind.name)
        else:
            yield proven(f"seen on {cookie.name}", exchange, about=kind.name)


def comes_along(cookie: Cookie) -> str:
    if cookie.samesite in ("lax", "strict"):
        return ""
    said = f"SameSite={cookie.samesite.title()}" if cookie.samesite else "no SameSite"
    return f"has {said}: requests from other sites may bring it"


def bound_to_the_host(cookie: Cookie) -> str:
    """RFC 6265bis §4.1.3: browsers refuse a name with a prefix whose terms are not kept."""
    if cookie.name.lower().startswith("__host-"):
        kept = (
            cookie.secure
            and cookie.attributes.get("path") == "/"
            and "domain" not in cookie.attributes
        )
        return "" if kept else "keeps not what its name promises, and is refused by browsers"
    if cookie.name.lower().startswith("__secure-") and not cookie.secure:
        return "keeps not what its name promises, and is refused by browsers"
    return ""
