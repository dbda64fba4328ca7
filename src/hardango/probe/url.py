"""Proves a site that is live: a plan, the requests, what they showed."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence

from hardango.client import SECONDS, Way, client
from hardango.controls.model import Control
from hardango.evidence import Account, Exchange, Joined, Live, Proof, Request, Steps, Verdict
from hardango.light import NamedTuple
from hardango.probe.join import joined
from hardango.probe.run import prove
from hardango.probe.site import ATTEMPTS, BUDGET, Site
from hardango.probe.target import BadTarget, Target, target

_HARMLESS = (
    "They read pages (GET, TRACE), and send empty forms: the login form without a name, others "
    "without a valid token."
)
PACE = 1.0
"""Seconds between two requests to somebody on the internet."""


class NoAnswer(Exception):
    """The site can't be asked; the text is one clear sentence."""


class Wish(NamedTuple):
    """How to ask: at most `budget` requests; `active` with logins of `canary`, of which `attempts`
    may fail, and none takes longer than `seconds`; `ca_file` and `verify` as for `client.Way`; `pedantic` also for hardening beyond the
    common need."""

    budget: int = BUDGET
    active: bool = False
    attempts: int = ATTEMPTS
    canary: Account | None = None
    ca_file: str = ""
    verify: bool = True
    pedantic: bool = False
    seconds: float = SECONDS


def plan(target: Target, wish: Wish) -> str:
    """What is going to be asked, before it is."""
    (ip, _), *_ = target.addresses.values()
    pace = f", {PACE:g} a second" if target.public else ""
    said = [
        f"{target.url} ({ip}): at most {wish.budget} requests{pace}, to this host only.",
        _HARMLESS,
    ]
    if wish.active and wish.canary:
        said.append(f"They also log in as {wish.canary.user}, with at most {wish.attempts} wrong passwords, "
                    "and log out again; one form has 10 MB.")  # fmt: skip
    if not wish.verify:
        said.append("The certificate is looked at and not trusted (--insecure).")
    return "\n".join(said)


def site_of(target: Target, wish: Wish, said: Callable[[Request, int], None] | None = None) -> Site:
    """Raises OSError where the CA file cannot be read."""
    way = Way(target.addresses, wish.ca_file, wish.verify, wish.seconds)
    return Site(
        target.url, client(way), http=target.http, https=target.https, budget=wish.budget,
        pace=PACE if target.public else 0.0, active=wish.active, attempts=wish.attempts,
        canary=wish.canary, said=said,
    )  # fmt: skip


def prove_url(
    target: Target,
    controls: list[Control],
    wish: Wish,
    said: Callable[[Request, int], None] | None = None,
) -> Live:
    """What the oracles see of a site. `said` is called before each request.

    Ctrl-C ends it with what is known so far. Raises NoAnswer for a site that doesn't answer at all,
    OSError where the CA file cannot be read.
    """
    site = site_of(target, wish, said)
    began = time.monotonic()
    proofs: list[Proof] = []
    interrupted = False
    score = None
    try:
        reach(site)
        proofs.extend(prove(site, controls, pedantic=wish.pedantic))
        from hardango.probe.observatory import score_of

        score = score_of(site)
    except KeyboardInterrupt:
        interrupted = True
    return Live(
        url=target.url, server="", joined=tuple(joined(proofs, ())), said=tuple(_notes(site, proofs)),
        requests=len(site.exchanges), seconds={"requests": time.monotonic() - began}, score=score,
        interrupted=interrupted,
    )  # fmt: skip


def hsts_of(
    target: Target,
    controls: list[Control],
    wish: Wish,
    said: Callable[[Request, int], None] | None = None,
    subdomains: Sequence[Target] = (),
) -> Steps:
    """At which stage of HSTS the site is; each of `subdomains` is asked once. Raises NoAnswer,
    OSError as `prove_url`."""
    from hardango.probe.hsts_plan import CONTROLS, steps

    site = site_of(target, wish, said)
    reach(site)
    proofs = list(prove(site, [each for each in controls if each.name in CONTROLS]))
    asked = []
    for each in subdomains:
        time.sleep(PACE if each.public else 0)
        asked.append(site_of(each, wish).get("/"))
    return steps(site, proofs, asked)


def subdomain(named: Target, text: str, addresses: Sequence[str]) -> Target:
    """A host below the one that was named. Raises BadTarget."""
    host = named.url.partition("://")[2].partition(":")[0]
    found = target(f"https://{text}", addresses)
    if not found.url.partition("://")[2].endswith("." + host):
        raise BadTarget(f"--subdomain {text}: expected a name below {host}")
    return found


def reach(site: Site) -> None:
    """Ask once; raises NoAnswer if neither address answers."""
    first = site.get("/")
    if first.response is not None or first.failure == "tls":
        return
    other = site.http if site.url == site.https else site.https
    if other and site.get("/", base=other).response is not None:
        return
    raise NoAnswer(f"{site.url} does not answer: {first.error}")


def _notes(site: Site, proofs: list[Proof]) -> Iterator[str]:
    """What a reader must know before anything else."""
    from hardango.controls.seen import host_of, redirected, start

    if not site.exchanges:
        return
    if any(each.failure == "gone" for proof in proofs for each in proof.exchanges):
        yield "the site stopped answering: what came later was not asked"
    if not site.active:
        yield "what only a login shows was not asked (--active --canary FILE)"
    if any(each.failure == "budget" for proof in proofs for each in proof.exchanges):
        yield f"all {site.budget} requests were used: what came last was not asked (--requests)"
    first: Exchange = start(site)
    if first.status >= 400:
        yield (f"the start page answers {first.status}: what is shown may be about something that stands "
               "in front of the site")  # fmt: skip
    leads = redirected(first)
    if leads and host_of(leads) not in {
        host_of(each) for each in (site.url, site.http, site.https) if each
    }:
        yield f"it leads to {leads}, another host, which was not asked"
    if not any(each.verdict is not Verdict.INCONCLUSIVE for each in proofs) and proofs:
        yield "nothing could be shown"


def refuting(live: Live) -> list[Joined]:
    """What counts as a weakness."""
    return [each for each in live.joined if each.proof.verdict is Verdict.REFUTED]
