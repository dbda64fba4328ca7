"""A login doesn't tell who has an account.

"There is no such user" tells a stranger which addresses are worth guessing a password for, and for
some sites that somebody has an account is a secret by itself. Django's form says the same of a
wrong name and of a wrong password, and takes as long for both.

The proof tries a wrong password twice: for the canary, and for a name that nobody has. The answers
have to be the same, apart from that name and from what changes each time.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import Control, asvs, cwe
from hardango.evidence import Proof, inconclusive, proven, refuted
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING

if TYPE_CHECKING:
    from hardango.evidence import Site

USER_ENUMERATION = Control(
    "user-enumeration",
    title="Who has an account",
    weakness="The login tells who has an account",
    severity=Severity.LOW,
    attack="A stranger finds out who has an account, and guesses passwords for these only.",
    remedy="Say the same of a wrong name and of a wrong password, with the same status.",
    references=(asvs("6.3.8"), cwe(204)),
)


@USER_ENUMERATION.prove
def prove(site: Site) -> Iterator[Proof]:
    from hardango.controls.accounts import TRIED, cannot_log_in, plain_text, wrong_login
    from hardango.controls.seen import login

    if not site.active or site.canary is None:
        yield from cannot_log_in(site)
        return
    # Not the name on which limits were tried: that one may be locked by now.
    nobody = site.missing.strip("/").replace("-", "") + "x"
    somebody = wrong_login(site, site.canary.user)
    other = wrong_login(site, nobody)
    one, two = login(site, TRIED), login(site, TRIED + 1)
    if (
        somebody is None
        or other is None
        or one is None
        or two is None
        or not somebody.status
        or not other.status
    ):
        yield inconclusive("no login form was found, or no attempt is left")
    elif somebody.status in (403, 429) or other.status in (403, 429):
        yield inconclusive("a limit on logins was met before anything was seen", somebody, other)
    elif somebody.status != other.status:
        yield refuted(f"a wrong password gets {somebody.status}, a name that nobody has {other.status}",
                      somebody, other)  # fmt: skip
    elif plain_text(one.exchange, "") != plain_text(two.exchange, ""):
        yield inconclusive(
            "the login page says something else each time", one.exchange, two.exchange
        )
    elif plain_text(somebody, site.canary.user) != plain_text(other, nobody):
        yield refuted("the page says something else of a name that nobody has than of a wrong password",
                      somebody, other)  # fmt: skip
    else:
        yield proven(
            "a wrong password and a name that nobody has get the same page", somebody, other
        )
