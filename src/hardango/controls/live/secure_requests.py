"""Django knows that a request came over HTTPS.

Behind a proxy that ends TLS every request reaches Django over plain HTTP. Unless a trusted header
says how it came, `request.is_secure()` is False: HSTS is never sent, the Referer of forms isn't
checked, links in mails begin with http://, and SECURE_SSL_REDIRECT sends visitors round and round.

The page with which Django refuses a form without Referer says which of the two it believes; a
redirect of an address to itself says so, too.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import Control, asvs, cwe, docs
from hardango.evidence import Proof, inconclusive, proven, refuted, unanswered
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING

if TYPE_CHECKING:
    from hardango.evidence import Site

SECURE_REQUESTS = Control(
    "secure-requests",
    title="Requests that Django knows to be secure",
    weakness="Django takes requests over HTTPS for plain HTTP",
    severity=Severity.MEDIUM,
    settings=("SECURE_PROXY_SSL_HEADER",),
    attack="Protections that count on HTTPS are silently off: HSTS, the check of where forms come "
    "from, and links that begin with https://.",
    remedy="Let the proxy set a header such as X-Forwarded-Proto, whatever the client sent, and name "
    'it: SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https").',
    references=(
        asvs("4.1.3"), cwe(319), docs("ref/settings/#secure-proxy-ssl-header"),
    ),
)  # fmt: skip

SECURE_MARKS = ("requires a “Referer header”", "no Referer", "Referer checking failed")
PLAIN_MARKS = ("requires a CSRF cookie", "CSRF cookie not set", "CSRF token missing")


@SECURE_REQUESTS.prove
def prove(site: Site) -> Iterator[Proof]:
    from hardango.controls.seen import CSRF_TITLE, redirected, refused

    if not site.https:
        yield inconclusive("no address of the site with HTTPS is known")
        return
    first = site.get("/", base=site.https)
    if redirected(first) == first.request.url:
        yield refuted("an address with HTTPS is redirected to itself, without end", first,
                      marks=(first.get("Location"),))  # fmt: skip
        return
    answer = refused(site)
    if answer.response is None:
        yield unanswered(answer)
        return
    own = answer.status == 403 and CSRF_TITLE in answer.text and answer.request.secure
    for marks, verdict in ((SECURE_MARKS, True), (PLAIN_MARKS, False)):
        if own and (said := [each for each in marks if each in answer.text]):
            if verdict:
                yield proven(
                    "Django asks for the Referer, as it does over HTTPS only", answer, marks=said
                )
            else:
                yield refuted(
                    "Django doesn't ask for the Referer, as it would over HTTPS", answer, marks=said
                )
            return
    yield inconclusive("no page was seen that tells whether Django believes to be on HTTPS", answer)
