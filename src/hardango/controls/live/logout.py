"""Logging out ends the session, and only the user does it.

A session that lives on at the server can still be used by whoever has got hold of its cookie:
deleting the cookie in the browser changes nothing for them. Django's logout deletes the session; a
view that only deletes the cookie does not, and the signed_cookies engine can't, since the session is
the cookie.

Before Django 5.0 a link was enough to log somebody out, so that every image of another site could
do it; now it takes a form.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import Control, asvs, cwe, docs
from hardango.evidence import Proof, inconclusive, proven, refuted
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING

if TYPE_CHECKING:
    from hardango.evidence import Site

LOGOUT = Control(
    "logout",
    title="The end of a session",
    weakness="A session goes on after logging out",
    severity=Severity.MEDIUM,
    settings=("SESSION_ENGINE",),
    attack="Whoever has got hold of a session uses it on, though its owner has logged out.",
    remedy="Log users out with django.contrib.auth.logout(), by POST, and keep sessions in the "
    "database or the cache.",
    references=(asvs("7.4.1"), cwe(613), docs("topics/auth/default/#how-to-log-a-user-out")),
)


@LOGOUT.prove
def prove(site: Site) -> Iterator[Proof]:
    from hardango.controls.accounts import cannot_log_in, log_in, log_out, private_page
    from hardango.controls.seen import cookie_header

    session = log_in(site, "logout")
    if session is None:
        yield from cannot_log_in(site)
        return
    private = private_page(site, session)
    if not private:
        yield inconclusive("no page was found that opens for the account and for nobody else")
        return
    answer = log_out(site, session)
    if answer is None or answer.status not in (200, 302, 303, 204):
        yield inconclusive("no way to log out was found", *([answer] if answer else []))
        return
    replayed = site.send(site.request(private, headers=cookie_header(session.cookies), again=1))
    if replayed.status == 200:
        yield refuted(
            "after logging out, the old cookie still opens a page of the account", answer, replayed
        )
    else:
        yield proven("after logging out, the old cookie opens nothing", answer, replayed)
