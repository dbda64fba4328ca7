"""The certificate is good, and for some time to come.

Browsers stop at a certificate that has expired, is for another name or comes without the
certificates between it and one that they know; with HSTS there isn't even a way past the warning.
A certificate that is renewed by hand expires on a holiday.

TLS 1.0 and 1.1 have been forbidden since RFC 8996: browsers no longer speak them, and what still
does can be made to speak them by somebody on the way.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import Control, asvs, cwe, rfc
from hardango.evidence import Proof, inconclusive, proven, refuted, unanswered
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING

if TYPE_CHECKING:
    from hardango.evidence import Exchange, Site, Tls

TLS_CERTIFICATE = Control(
    "tls-certificate",
    title="TLS and its certificate",
    weakness="Browsers can't trust the connection",
    severity=Severity.HIGH,
    attack="Visitors who get used to clicking a warning away do so on the page of an attacker, too.",
    remedy="Renew certificates by ACME, in good time, with the whole chain, and allow TLS 1.2 and 1.3 "
    "only.",
    references=(asvs("12.1.1"), asvs("12.2.2"), cwe(295), rfc(8996)),
)

FEW_DAYS = 14
OLD = ("SSLv3", "TLS 1", "TLS 1.0", "TLS 1.1")


@TLS_CERTIFICATE.prove
def prove(site: Site) -> Iterator[Proof]:
    if not site.https:
        yield inconclusive("no address of the site with HTTPS is known")
        return
    first = site.get("/", base=site.https)
    if first.failure == "tls":
        yield refuted(first.error, first)
    elif first.tls is None:
        yield unanswered(first) if first.response is None else inconclusive(
            "the handshake was not seen", first)  # fmt: skip
    elif first.tls.problem:
        yield refuted(f"the certificate does not verify: {first.tls.problem}", first)
    elif first.tls.version in OLD:
        yield refuted(f"the site speaks {first.tls.version}", first)
    else:
        yield from _dated(site, first, first.tls)


def _dated(site: Site, first: Exchange, tls: Tls) -> Iterator[Proof]:
    """A connection that can be trusted: for how long, and whether a worse one is taken."""
    import time

    days = int((tls.until - time.time()) // 86400)
    end = time.strftime("%Y-%m-%d", time.gmtime(tls.until))
    if days < FEW_DAYS:
        message = f"the certificate ends in {days} days"
        yield refuted(message, first, marks=(end,), severity=Severity.MEDIUM)
        return
    old = site.send(first.request._replace(tls="1.1"))
    if old.tls is not None and old.tls.version in OLD:
        yield refuted(f"{old.tls.version} is still spoken", old, severity=Severity.LOW)
        return
    # That this machine has no old version to offer says nothing of the site.
    refused = old.failure in ("tls", "reset") and "no protocols" not in old.error
    issuer = f", from {tls.issuer}" if tls.issuer else ""
    yield proven(f"{tls.version}{', TLS 1.1 is refused' if refused else ''}, a certificate that "
                 f"verifies{issuer}, until {end}", first)  # fmt: skip
