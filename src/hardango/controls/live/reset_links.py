"""A mail that resets a password leads to this site.

The link in that mail is made of the host that the request named. If any host is taken, an attacker
asks for a new password in somebody's name with a host of their own; the mail comes from the right
sender, and who clicks it hands the token over. ALLOWED_HOSTS stops it, unless it is "*", or
X-Forwarded-Host is believed; so does a host that comes from a setting or from the sites framework.

The proof asks for the canary's password with a host that nobody has, and reads the mail, where it
is caught.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import Control, asvs, cwe, docs
from hardango.evidence import Proof, inconclusive, proven, refuted
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING

if TYPE_CHECKING:
    from hardango.evidence import Site

RESET_LINKS = Control(
    "reset-links",
    title="Links in mails that reset a password",
    weakness="Mails that reset a password lead to a host that strangers choose",
    severity=Severity.HIGH,
    settings=("ALLOWED_HOSTS", "USE_X_FORWARDED_HOST"),
    attack="Whoever clicks the link in a genuine mail hands the token that changes the password to "
    "an attacker.",
    remedy="Name the exact hosts in ALLOWED_HOSTS, leave USE_X_FORWARDED_HOST off, and begin links in "
    "mails with a host from the settings.",
    references=(asvs("6.4.3"), cwe(640), docs("ref/settings/#allowed-hosts")),
)


@RESET_LINKS.prove
def prove(site: Site) -> Iterator[Proof]:
    from hardango.controls.accounts import ask_for_reset, cannot_log_in
    from hardango.controls.seen import INVALID, host_of, main

    if not site.active or site.canary is None or not site.canary.email:
        yield from cannot_log_in(site)
        return
    asked = []
    for headers in ((("Host", INVALID),), (("X-Forwarded-Host", INVALID),), ()):
        before = len(site.mail()) if site.mail else 0
        answer = ask_for_reset(site, *headers)
        if answer is None:
            yield inconclusive("no form that resets a password was found")
            return
        asked.append(answer)
        sent = _to_canary(site.mail()[before:], site.canary.email) if site.mail else []
        if headers and any(INVALID in text for text in sent):
            yield refuted(f"the mail leads to the host that the request named in {headers[0][0]}", answer,
                          marks=(INVALID,))  # fmt: skip
            return
        if headers and 200 <= answer.status < 400 and site.mail is None:
            yield inconclusive(f"a request with another {headers[0][0]} is taken, and where its mail leads "
                               "isn't seen", answer)  # fmt: skip
            return
        plain = "http://" + host_of(main(site))
        if site.https and any(plain in text for text in sent):
            yield refuted(
                "the mail leads to plain HTTP", answer, severity=Severity.MEDIUM, marks=(plain,)
            )
            return
    if site.mail and not sent:
        yield inconclusive("no mail was caught", asked[-1])
    else:
        yield proven("no mail leads to a host that a request made up", *asked)


def _to_canary(mails: list[str], address: str) -> list[str]:
    """The mails that went to the account: not those that tell the site's admins of a bad request."""
    return [each for each in mails if f"\nto: {address}".lower() in "\n" + each.lower()]
