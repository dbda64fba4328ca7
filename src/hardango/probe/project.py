"""Proves a local project: started as production would, asked by every oracle, beside its audit."""

from __future__ import annotations

import time
from collections.abc import Callable

from hardango.audit import Judged, masked
from hardango.client import client
from hardango.controls.model import Control
from hardango.evidence import IN_PROCESS, PROXY, SERVER, Live, Proof, Verdict
from hardango.light import NamedTuple
from hardango.local.launch import Started, Wish, started
from hardango.probe.join import completed, disagreements, honest, joined
from hardango.probe.run import in_order, prove
from hardango.probe.site import ATTEMPTS, Site

BUDGET = 400
"""How many requests a vantage point may take: on this machine they disturb nobody."""

OWN_ATTEMPTS = 12
"""How many wrong passwords may be tried: so many that a limit is met, on a database that is thrown
away."""

OURS = frozenset(("development-server", "tls-certificate"))
"""Controls that speak of what Hardango itself has put there: the choice of the server among those
that files name, the certificate."""


class Manner(NamedTuple):
    """How it is asked: `active` with logins, of which `attempts` may fail; `pedantic` also for
    hardening beyond the common need."""

    active: bool = False
    attempts: int = ATTEMPTS
    pedantic: bool = False


def prove_project(
    judged: Judged,
    controls: list[Control],
    wish: Wish,
    manner: Manner,
    tell: Callable[[str], None] = lambda doing: None,
) -> Live:
    """What the oracles of `controls` see of the project, at every vantage point that there is.

    `tell` is told what is being done. Ctrl-C ends it with what is known. Raises CannotStart.
    """
    asked = in_order(each for each in controls if each.oracle is not None and each.name not in OURS)
    reading = judged.reading
    proofs: list[Proof] = []
    others: list[Proof] = []
    interrupted = False
    with started(reading, wish, tell) as run:
        tell("asking it")
        began = time.monotonic()
        outside = _site(run, client(run.way), PROXY if run.proxy else SERVER, manner)
        # What was seen with a login from outside need not be seen so again: hashing takes long.
        inside = _site(run, run.inside, IN_PROCESS, manner._replace(active=False))
        deeper = _site(run, run.inside, IN_PROCESS, manner)
        try:
            for control in asked:
                proofs += prove(outside, [control], pedantic=manner.pedantic)
            decided = {each.control for each in proofs if each.verdict is not Verdict.INCONCLUSIVE}
            for control in asked:
                site = inside if control.name in decided else deeper
                others += prove(site, [control], pedantic=manner.pedantic)
        except KeyboardInterrupt:
            interrupted = True
        seconds = {**run.seconds, "requests": time.monotonic() - began}
        refused = tuple(map(reading.masker.text, run.refused()))
    findings = [masked(each, reading.masker) for each in judged.findings]
    shown = [_masked(each, judged) for each in honest(
        completed(proofs, others), asked, reading.settings, run.made_up, findings, run.stand_in,
        {"admin-url": run.in_admin})]  # fmt: skip
    return Live(
        url=run.https or run.http,
        server=run.server,
        joined=tuple(joined(shown, findings)),
        disagreements=tuple(disagreements([*shown, *(_masked(each, judged) for each in others)])),
        said=tuple(map(reading.masker.text, run.said)),
        refused=refused,
        made_up=run.made_up,
        requests=sum(len(each.exchanges) for each in (outside, inside, deeper)),
        seconds=seconds,
        interrupted=interrupted,
    )


def _site(run: Started, transport: Callable[..., object], vantage: str, manner: Manner) -> Site:
    http, https = run.http, run.https
    if vantage == IN_PROCESS:
        # There it can be asked as behind a proxy and as without one, whatever it runs behind.
        host = (https or http).partition("://")[2]
        http, https = f"http://{host}", f"https://{host}"
    return Site(
        https or http, transport,  # type: ignore[arg-type]
        http=http, https=https, vantage=vantage, budget=BUDGET, active=manner.active,
        attempts=manner.attempts, canary=run.canary, known=run.known, mail=run.mail,
    )  # fmt: skip


def _masked(proof: Proof, judged: Judged) -> Proof:
    return proof._replace(message=judged.reading.masker.text(proof.message))
