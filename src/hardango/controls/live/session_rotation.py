"""A login starts a new session.

Whoever knows a visitor's session before the login (from a link, from a subdomain that sets the
cookie, from a computer that several people use) must not have it afterwards. Django makes a new key
when somebody logs in, and keeps the content; a login view that fills the session by hand, or a
session engine of the project's own, may keep the key.

The proof takes a session that the site gave to a visitor, or one that was made up, and logs in with
it: the answer has to set another one. (A second login of the same account within its own session
keeps the key in every version of Django; that gives nobody anything.)
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import Control, asvs, cwe, docs
from hardango.evidence import Proof, inconclusive, proven, refuted
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING

if TYPE_CHECKING:
    from hardango.evidence import Site

SESSION_ROTATION = Control(
    "session-rotation",
    title="A new session for each login",
    weakness="A session from before the login goes on after it",
    severity=Severity.HIGH,
    settings=("SESSION_ENGINE",),
    attack="Whoever gives a visitor a session of their own choice is logged in as soon as the visitor is.",
    remedy="Log users in with django.contrib.auth.login(), which makes a new key.",
    references=(asvs("7.2.4"), cwe(384), docs("topics/auth/default/#how-to-log-a-user-in")),
)


@SESSION_ROTATION.prove
def prove(site: Site) -> Iterator[Proof]:
    from hardango.controls.accounts import cannot_log_in, log_in, session_of, session_of_visitors

    first = log_in(site, "first")
    name = session_of(site, first) if first else ""
    if first is None or not name:
        yield from cannot_log_in(site)
        return
    given = session_of_visitors(site, name)
    planted = given or site.missing.strip("/").replace("-", "0").ljust(32, "0")
    second = log_in(site, "planted", ((name, planted),))
    if second is None:
        yield inconclusive("the login was not taken with a session from before", first.answer)
        return
    now = second.cookies.get(name, "")
    if now in ("", planted):
        yield refuted(f"the {name} from before the login is still the same after it", second.answer)
    else:
        yield proven(f"the login sets another {name}", second.answer)
