"""At which stage of HSTS a site is, and what has to hold before the next one.

The header can't be taken back before its time is over, so it is raised in steps, each only once the
one before has done no harm (RFC 6797 §11.2, https://hstspreload.org).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hardango.evidence import Step, Steps, Verdict
from hardango.light import TYPE_CHECKING

if TYPE_CHECKING:
    from hardango.evidence import Exchange, Proof, Site

STAGES = (
    (3600, "an hour", "a day"), (86400, "a day", "a day"), (604800, "a week", "a week"),
    (2592000, "a month", "a month"), (31536000, "a year", "a month"),
)  # fmt: skip
"""Seconds, how they are called, and how long to stay there."""
CONTROLS = ("hsts", "ssl-redirect", "secure-requests", "tls-certificate")
_YEAR = 31536000


def steps(site: Site, proofs: list[Proof], asked: Sequence[Exchange] = ()) -> Steps:
    """The plan for a site of which the CONTROLS have been proven; `asked` are the answers of the
    subdomains that the user named."""
    from hardango.controls.seen import start
    from hardango.controls.transport.hsts import header_of

    first = start(site)
    headers = first.all("Strict-Transport-Security")
    seconds, subdomains, preload = header_of(headers[0]) if headers else (0, False, False)
    seconds = seconds or 0
    needed = subdomains or seconds >= _YEAR
    holds = (*_holds(site, proofs), _of_subdomains(site, asked, needed))
    safe = not any(each.holds is False for each in holds)
    reached = [name for least, name, _ in STAGES if seconds >= least]
    following = next(((least, name) for least, name, _ in STAGES if seconds < least), None)
    stage = reached[-1] if reached else "less than an hour" if seconds else "none"
    settings: tuple[str, ...] = ()
    wait = next((stay for _, name, stay in reversed(STAGES) if name == stage), "")
    if following is not None:
        settings = (f"SECURE_HSTS_SECONDS = {following[0]}",)
        after = following[1]
    elif not subdomains:
        settings, after = ("SECURE_HSTS_INCLUDE_SUBDOMAINS = True",), "a year, with all subdomains"
    elif not preload:
        settings, after = ("SECURE_HSTS_PRELOAD = True",), "preload"
    else:
        after = ""
        stage = "preload"
    return Steps(
        site.url, seconds, subdomains, preload, stage, after, settings if safe else (), wait, holds
    )


def _holds(site: Site, proofs: list[Proof]) -> Iterator[Step]:
    """What has to be so before more is promised, and whether it was seen."""
    from hardango.controls.answers import samples
    from hardango.controls.seen import absolute, host_of, page, start

    said = {
        "ssl-redirect": "plain HTTP leads to HTTPS on the same host",
        "secure-requests": "Django knows that requests come over HTTPS",
        "tls-certificate": "the certificate verifies, for a while to come",
    }
    for proof in proofs:
        if proof.control in said:
            holds = {Verdict.PROVEN: True, Verdict.REFUTED: False}.get(proof.verdict)
            # That Django doesn't tell is no reason to wait: the header came, or it is a proxy's.
            if proof.control != "secure-requests" or holds is not None:
                yield Step(said[proof.control], holds, proof.message)
    over_tls = [each for each in samples(site) if each.exchange.request.secure]
    yield Step(
        "pages answer over HTTPS",
        bool(over_tls) or None,
        f"{len(over_tls)} kinds of answer were seen",
    )
    first = start(site)
    plain = [each for each in page(first).assets if absolute(first, each).startswith("http://")]
    yield Step("the start page loads nothing over plain HTTP", not plain if first.status else None,
               ", ".join(plain[:3]))  # fmt: skip
    domain = host_of(site.url).partition(":")[0]
    linked = sorted({host_of(absolute(first, each)) for each in (*page(first).links, *page(first).assets)
                     if absolute(first, each).startswith("http://")
                     and host_of(absolute(first, each)).endswith("." + domain)})  # fmt: skip
    if linked:
        yield Step(
            "no subdomain is reached over plain HTTP",
            False,
            f"the start page leads to {', '.join(linked[:3])}",
        )


def _of_subdomains(site: Site, asked: Sequence[Exchange], needed: bool) -> Step:
    """Whether the subdomains that were named answer over HTTPS; where includeSubDomains is neither sent nor
    next, one that doesn't stops nothing."""
    from hardango.controls.seen import host_of

    what = "every subdomain answers over HTTPS"
    domain = host_of(site.url).partition(":")[0]
    known = {name for each in site.exchanges if each.tls for name in each.tls.names
             if name.endswith("." + domain)}  # fmt: skip
    told = {host_of(each.request.url) for each in asked}
    silent = [
        f"{host_of(each.request.url)}: {each.error}" for each in asked if each.response is None
    ]
    left = ", ".join(sorted(known - told)[:5])
    if silent:
        return Step(what, False if needed else None, "; ".join(silent[:5]))
    if left or not asked:
        why = f"not asked: {left or 'any, since none is named'} (--subdomain). Needed for includeSubDomains only"
        return Step(what, None, why)
    return Step(what, True, ", ".join(sorted(told)))
