"""Limits on logins: met by wrong passwords, and got round by headers.

The name is one that nobody has, so that no account is locked. A limit that counts addresses may lock
out whoever asks from the same one; so nothing is tried unless many attempts are allowed.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.accounts import cannot_log_in, plain_text, wrong_login
from hardango.evidence import Exchange, Proof, inconclusive, proven, refuted
from hardango.light import TYPE_CHECKING

if TYPE_CHECKING:
    from hardango.evidence import Site

ENOUGH = 8
"""So many passwords are tried before a limit is said to be missing: axes stops after 3 by default,
allauth after 5."""
LEFT = 4
"""So many attempts are left for other oracles, and for headers."""
_REFUSALS = (403, 429)


def prove_limit(site: Site) -> Iterator[Proof]:
    tried = _tried(site)
    if not site.active or not site.canary:
        yield from cannot_log_in(site)
    elif site.attempts < ENOUGH + LEFT:
        yield inconclusive(f"{site.attempts} wrong passwords are too few to meet a limit; --attempts {ENOUGH + LEFT} tries "
                           "more, which may lock out who asks from the same address")  # fmt: skip
    elif not tried:
        yield inconclusive("no login form was found")
    elif tried[0].status in _REFUSALS:
        yield inconclusive(
            f"the first wrong password gets {tried[0].status} already: none is looked at", tried[0]
        )
    elif _refused(site, tried):
        yield proven(f"after {len(tried) - 1} wrong passwords the next one gets {tried[-1].status}"
                     if tried[-1].status in _REFUSALS else
                     f"after {len(tried) - 1} wrong passwords the answer is another one", tried[-1])  # fmt: skip
    elif len(tried) < ENOUGH:
        yield inconclusive(f"after {len(tried)} wrong passwords no attempt was left", tried[-1])
    else:
        yield refuted(f"{len(tried)} wrong passwords in a row were all looked at", tried[-1])


def prove_address(site: Site) -> Iterator[Proof]:
    tried = _tried(site)
    if not site.active or not site.canary:
        yield from cannot_log_in(site)
        return
    if not tried or tried[0].status in _REFUSALS or not _refused(site, tried):
        yield inconclusive("no limit was met that a header could lift")
        return
    asked = [tried[-1]]
    for header in ("X-Forwarded-For", "X-Real-Ip"):
        other = wrong_login(site, _nobody(site), (header, "203.0.113.7"))
        if other is None:
            yield inconclusive(
                "no attempt was left to see whether a header lifts the limit", *asked
            )
            return
        asked.append(other)
        if other.response is not None and not _differs(site, tried[0], other):
            yield refuted(f"another address in {header} lifts the limit", tried[-1], other)
            return
    yield proven("another address in a header doesn't lift the limit", *asked)


def _tried(site: Site) -> list[Exchange]:
    """Wrong passwords one after the other, until one is refused, less those that are left."""
    if not site.active or not site.canary or site.attempts < ENOUGH + LEFT:
        return []
    kept = site.memory.get("tried")
    if isinstance(kept, list):
        return kept
    tried: list[Exchange] = []
    site.memory["tried"] = tried
    for _ in range(site.attempts - LEFT):
        answer = wrong_login(site, _nobody(site))
        if answer is None or answer.response is None:
            break
        tried.append(answer)
        if _refused(site, tried):
            break
    return tried


def _nobody(site: Site) -> str:
    return site.missing.strip("/").replace("-", "")


def _refused(site: Site, tried: list[Exchange]) -> bool:
    """Whether the last answer is a refusal and not one more form to fill in."""
    last = tried[-1]
    return last.status in _REFUSALS or _differs(site, tried[0], last)


def _differs(site: Site, one: Exchange, other: Exchange) -> bool:
    return one.status != other.status or plain_text(one, _nobody(site)) != plain_text(
        other, _nobody(site)
    )
