"""Pages with something private in them are not kept by shared caches.

A page with a form has a token in it that is meant for one visitor. If a proxy or a CDN keeps that
page, all visitors get the same token, and the answer may bring one visitor's cookies to the next.
Django sends `Vary: Cookie` with such pages, and the views for logging in `Cache-Control: private`;
a cache that ignores both, or a rule such as "cache everything", undoes it.

The login page is asked for twice: Django writes its token differently each time. With a canary
account, a page of its own is asked for, and what it says of caching is read.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import Control, asvs, cwe, rfc
from hardango.evidence import Proof, inconclusive, proven, refuted, unanswered
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING

if TYPE_CHECKING:
    from hardango.evidence import Site

SHARED_CACHING = Control(
    "shared-caching",
    title="Private pages in shared caches",
    weakness="A shared cache keeps pages that are meant for one visitor",
    severity=Severity.HIGH,
    attack="One visitor gets the page, the token or the cookies of another.",
    remedy="Let caches keep static files only, or heed Vary and Cache-Control; mark views for one "
    "visitor with cache_control(private=True) or never_cache.",
    references=(asvs("14.3.2"), cwe(525), rfc(9111, "3.5")),
)


@SHARED_CACHING.prove
def prove(site: Site) -> Iterator[Proof]:
    from hardango.controls.seen import login, login_on

    entrance = login(site)
    if entrance is None or not entrance.form.token:
        yield inconclusive("no form with a token was found")
        return
    request = entrance.exchange.request
    second = site.send(request._replace(again=request.again + 1))
    other = login_on(site, second)
    if second.response is None or other is None:
        yield unanswered(second) if second.response is None else inconclusive(
            "the login page is another one when it is asked for again", second)  # fmt: skip
        return
    if other.form.token == entrance.form.token:
        yield refuted("the login page comes twice with the same token: it lies in a cache",
                      entrance.exchange, second)  # fmt: skip
        return
    said = second.get("Cache-Control").lower()
    if "public" in said or "s-maxage" in said:
        yield refuted("the login page asks to be kept by shared caches", second, marks=(said,))
        return
    yield from _of_the_account(site)
    yield proven(
        "the login page comes with a token of its own each time", entrance.exchange, second
    )


def _of_the_account(site: Site) -> Iterator[Proof]:
    """What a page of the account says of caching; nothing without one."""
    from hardango.controls.accounts import logged_in, private_page
    from hardango.controls.seen import cookie_header

    session = logged_in(site)
    private = private_page(site, session) if session else ""
    if session is None or not private:
        return
    own = site.send(site.request(private, headers=cookie_header(session.cookies)))
    said = own.get("Cache-Control").lower()
    if "public" in said or "s-maxage" in said:
        yield refuted("a page of the account asks to be kept by shared caches", own, marks=(said,),
                      about="a page of the account")  # fmt: skip
    else:
        yield proven(
            "a page of the account is not for shared caches", own, about="a page of the account"
        )
