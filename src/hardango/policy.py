"""A proposed Content-Security-Policy and why, as plain data that `csp` and the renderers share."""

from __future__ import annotations

from hardango.light import NamedTuple

ALLOW, REFUSE, SEEN, KEPT = "allow", "refuse", "seldom", "allowed already"
"""What a proposal does with a source: takes it up; refuses it; leaves it out for want of reports; finds it
in the policy that was given."""


class Row(NamedTuple):
    """What was stopped under one directive: how often, on which pages (path and reports, most first),
    what the proposal does with it, and why. `pages` says how many paths there were in all."""

    directive: str
    source: str
    reports: int
    verdict: str
    reason: str
    where: tuple[tuple[str, int], ...]
    pages: int


class Ignored(NamedTuple):
    """Reports that are not of the site: what sent them, how many, and why that is known."""

    source: str
    reports: int
    reason: str


class Proposal(NamedTuple):
    """`directives` are the proposed policy, `added` what of it the given one did not have. `given` is
    whether a policy was given: without one, it starts from a strict one. `reports` were read from
    `lines`; `first` and `last` are their times, "" if the log has none; `others` counts reports
    beyond what is kept apart."""

    directives: dict[str, tuple[str, ...]]
    added: dict[str, tuple[str, ...]]
    rows: tuple[Row, ...]
    ignored: tuple[Ignored, ...]
    given: bool
    reports: int
    lines: int
    others: int
    first: str
    last: str
    files: tuple[str, ...]


def as_header(directives: dict[str, tuple[str, ...]]) -> str:
    """The policy as it is sent; a nonce is `'nonce-…'`."""
    return "; ".join(" ".join((name, *sources)) for name, sources in directives.items())
