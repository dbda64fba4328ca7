"""Runs the oracles of controls on a site."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hardango.controls.model import Control
from hardango.evidence import Proof, Verdict, inconclusive
from hardango.light import TYPE_CHECKING

if TYPE_CHECKING:
    from hardango.evidence import Site

_LAST = ("login-throttling", "client-ip")


def prove(site: Site, controls: Iterable[Control], *, pedantic: bool = False) -> Iterator[Proof]:
    """What each control's oracle saw, in the order of the controls, but for those that may lock out
    who asks: they come last."""
    for control in in_order(controls):
        if control.oracle is None:
            continue
        for proof in _proofs(site, control):
            if not proof.pedantic or pedantic:
                severity = proof.severity
                if severity is None and proof.verdict is Verdict.REFUTED:
                    severity = control.severity
                yield proof._replace(
                    control=control.name, vantage=site.vantage, severity=severity,
                    pedantic=proof.pedantic or control.pedantic,
                    title=control.weakness if proof.verdict is Verdict.REFUTED else control.title,
                )  # fmt: skip


def in_order(controls: Iterable[Control]) -> list[Control]:
    """The controls, those last that may lock out who asks."""
    return sorted(controls, key=lambda each: each.name in _LAST)


def _proofs(site: Site, control: Control) -> Iterator[Proof]:
    assert control.oracle is not None
    try:
        yield from control.oracle(site)
    except RecursionError:  # a page that is nested without end
        yield inconclusive("what the site answers is nested too deeply to be read")
