"""The application server believes the proxy, and nobody else.

gunicorn and uvicorn take the scheme and the address of the client from headers such as X-Forwarded-Proto
and X-Forwarded-For, if the connection comes from an address that they trust: `forwarded_allow_ips`,
127.0.0.1 by default. With `*` they believe everybody. Whoever reaches the server past the proxy, or
through one that passes clients' own headers on, then decides whether Django takes the request for HTTPS, and
which address it sees.

In a container the proxy's address changes, so that `*` is what many settle for. It is as safe as the
network around: fine if only the proxy can reach the port, which no file of the project shows. With the
topology declared (`scheme-header`), hardango takes the user's word for it.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.model import (
    Control,
    Judgement,
    Opinion,
    asvs,
    bad_at,
    cwe,
    docs,
    good_at,
    nothing_to_protect,
    unreadable_at,
)  # fmt: skip
from hardango.findings import Severity
from hardango.light import TYPE_CHECKING
from hardango.project.model import Deployment, Flag
from hardango.settings.outcomes import Settings

if TYPE_CHECKING:
    from hardango.evidence import Proof, Site

SERVER_TRUST = Control(
    "server-trust",
    title="Whose headers the server believes",
    weakness="The application server believes forwarding headers of everybody",
    severity=Severity.LOW,
    settings=(),
    attack="Whoever reaches the server past the proxy claims HTTPS, or the address of somebody else, "
    "against throttles and logs.",
    remedy="Set forwarded_allow_ips to the addresses of the proxy, or see to it that nothing but the "
    "proxy reaches the port, and declare that in [tool.hardango.deployment].",
    person="the addresses of the proxy are not in the files",
    references=(
        asvs("4.1.3"), cwe(348), docs("https://docs.gunicorn.org/en/stable/settings.html"),
        docs("https://www.uvicorn.org/settings/#http"),
    ),
    assumes_debug_off=False,
)  # fmt: skip

NAMES = ("forwarded_allow_ips", "proxy_allow_ips")


@SERVER_TRUST.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    flags = [flag for flag in deployment.flags if flag.name in NAMES]
    if not flags:
        message = "No file tells the server to believe other addresses than its own"
        yield nothing_to_protect(settings, message)
        return
    for flag in flags:
        yield of_flag(settings, deployment, flag)


def of_flag(settings: Settings, deployment: Deployment, flag: Flag) -> Judgement:
    """Whose headers one option makes the server believe."""
    if flag.value is None:
        message = f"{flag.name} of {flag.server} could not be read"
        return unreadable_at(settings, message, flag.place)
    if "*" not in [each.strip() for each in flag.value.strip("\"'").split(",")]:
        message = f"{flag.server} believes {flag.value or 'nobody'}"
        return good_at(settings, message, flag.place)
    message = f'{flag.name} of {flag.server} is "*": it believes the headers of everybody'
    topology = deployment.topology
    if topology.scheme_header and topology.tls == "proxy":
        at = f", says {topology.place}" if topology.place else ""
        message += f", and only the proxy reaches it{at}"
        everywhere = settings.space.true
        return Judgement(Opinion.ELSEWHERE, message, everywhere, (flag.place,))
    return bad_at(settings, message, flag.place, about=flag.name)


@SERVER_TRUST.prove
def prove(site: Site) -> Iterator[Proof]:
    """Over plain HTTP, all spellings in which a client can claim to be on HTTPS."""
    from hardango.controls.seen import redirected
    from hardango.evidence import SERVER, inconclusive, proven, refuted, unanswered

    if not site.http or not site.https:
        yield inconclusive("the site is known by one address only, with TLS or without")
        return
    if site.vantage == SERVER:
        yield inconclusive("the server is asked without the proxy that production has in front")
        return
    honest = site.get("/", base=site.http)
    if honest.response is None:
        up = site.get("/", base=site.https).response is not None
        reached = honest.failure == "refused" and up
        yield proven("nothing answers over plain HTTP", honest) if reached else unanswered(honest)
        return
    if not redirected(honest).startswith("https://"):
        yield inconclusive("plain HTTP is answered as it is, so that a claim changes nothing that "
                           "can be seen", honest)  # fmt: skip
        return
    asked = []
    for claims in CLAIMS:
        forged = site.get("/", *claims, base=site.http)
        asked.append(forged)
        said = ", ".join(dict.fromkeys(name for name, _ in claims))
        if forged.get("Strict-Transport-Security") and not honest.get("Strict-Transport-Security"):
            yield refuted(f"a client that writes {said} over plain HTTP is taken to be on HTTPS",
                          forged, marks=(forged.get("Strict-Transport-Security"),))  # fmt: skip
            return
        if (
            forged.response
            and forged.status < 400
            and not redirected(forged).startswith("https://")
        ):
            yield refuted(
                f"a client that writes {said} over plain HTTP is taken to be on HTTPS", forged
            )
            return
    if all(each.response is None for each in asked):
        yield unanswered(asked[0])
        return
    yield proven("what a client says of its own scheme over plain HTTP changes nothing", *asked)


CLAIMS = (
    (("X-Forwarded-Proto", "https"),),
    (("X-Forwarded-Proto", "https,http"),),
    (("X_Forwarded_Proto", "https"),),
    (("X-Forwarded-Ssl", "on"), ("X-Forwarded-Protocol", "ssl"), ("X-Scheme", "https"),
     ("Front-End-Https", "on"), ("X-Forwarded-Scheme", "https"),
     ("Forwarded", "for=127.0.0.1;proto=https")),
)  # fmt: skip
"""What a client can claim, in the order in which it is tried."""
