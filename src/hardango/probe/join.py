"""Puts proofs beside what the audit says, and beside each other where vantage points differ."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from hardango.controls.judge import GOOD_ENOUGH
from hardango.controls.model import Control
from hardango.evidence import IN_PROCESS, Disagreement, Joined, Proof, Verdict
from hardango.findings import Finding
from hardango.findings import Verdict as Claim
from hardango.settings.outcomes import Outcome, Settings, Unknown

_RELATIONS = {
    (Claim.PASS, Verdict.PROVEN): "claimed and proven",
    (Claim.PASS, Verdict.REFUTED): "claimed but refuted",
    (Claim.FAIL, Verdict.REFUTED): "found and seen",
    (Claim.FAIL, Verdict.PROVEN): "found but not seen",
    (Claim.CONDITIONAL, Verdict.REFUTED): "found and seen",
    (Claim.CONDITIONAL, Verdict.PROVEN): "holds here, but not always",
    (Claim.UNKNOWN, Verdict.REFUTED): "not claimed but seen",
    (Claim.UNKNOWN, Verdict.PROVEN): "not claimed but proven",
    (Claim.ELSEWHERE, Verdict.REFUTED): "left to others and missing",
    (Claim.ELSEWHERE, Verdict.PROVEN): "left to others and proven",
    (None, Verdict.REFUTED): "not claimed but seen",
    (None, Verdict.PROVEN): "proven",
}


def joined(proofs: Iterable[Proof], findings: Iterable[Finding]) -> list[Joined]:
    """Each proof with what the audit says of its control."""
    known = {each.control: each for each in findings if each.applies and each.judged}
    done = []
    for proof in proofs:
        finding = known.get(proof.control)
        claim = finding.verdict if finding is not None else None
        if finding is not None and finding.message.lower() == GOOD_ENOUGH:
            claim = None  # it was not looked at closely
        relation = _RELATIONS.get((claim, proof.verdict), "not shown")
        done.append(Joined(proof, claim.value if claim else "", relation))
    return done


def disagreements(proofs: Iterable[Proof]) -> list[Disagreement]:
    """Where an oracle proves at one vantage point and refutes at another."""
    by_part: dict[tuple[str, str], list[Proof]] = {}
    for proof in proofs:
        by_part.setdefault((proof.control, proof.about), []).append(proof)
    found = []
    for same in by_part.values():
        bad = next((each for each in same if each.verdict is Verdict.REFUTED), None)
        good = next((each for each in same if each.verdict is Verdict.PROVEN), None)
        if bad is not None and good is not None:
            found.append(Disagreement(bad, good, _between(bad, good)))
    return found


def _between(bad: Proof, good: Proof) -> str:
    if good.vantage == IN_PROCESS:
        return (f"Django does it by itself ({good.vantage}), but from outside (through the {bad.vantage}) it is "
                "lost, or something keeps Django from it")  # fmt: skip
    if bad.vantage == IN_PROCESS:
        return f"from outside (through the {good.vantage}) it is done, Django by itself ({bad.vantage}) does not"
    return f"through the {good.vantage} it is done, through the {bad.vantage} it is not"


_OUTSIDE = frozenset((
    "server-trust", "secure-requests", "server-versions", "client-ip", "request-methods",
    "ssl-redirect", "exposed-files", "allowed-hosts",
))  # fmt: skip
"""Controls that speak of what stands before Django as much as of Django."""


def completed(outside: Iterable[Proof], inside: Iterable[Proof]) -> list[Proof]:
    """The proofs from `outside`; where nothing of a control could be shown from there, since no
    login got through, what Django by itself shows."""
    proofs = list(outside)
    decided = {each.control for each in proofs if each.verdict is not Verdict.INCONCLUSIVE}
    more: dict[str, list[Proof]] = {}
    for each in inside:
        if each.control not in decided | _OUTSIDE and each.verdict is not Verdict.INCONCLUSIVE:
            message = f"{each.message} (Django by itself; from outside it could not be seen)"
            more.setdefault(each.control, []).append(each._replace(message=message))
    done: list[Proof] = []
    for each in proofs:
        if each.control not in more:
            done.append(each)
        else:  # all of them in the place of the first
            done += more[each.control]
            more[each.control] = []
    return done


# -- what a local proof cannot show ----------------------------------------------------------------


def honest(
    proofs: Iterable[Proof],
    controls: Sequence[Control],
    settings: Settings,
    made_up: Collection[str],
    findings: Iterable[Finding],
    stand_in: bool,
    addresses: Mapping[str, tuple[str, ...]] = {},
) -> Iterator[Proof]:
    """The proofs, less what they cannot show: what depends on a variable that was made up, and,
    with a `stand_in` for production's proxy, what is that proxy's to do. `addresses` are the
    made-up variables in the addresses that a control speaks of."""
    depends = {each.name: _depends(each, settings, made_up) for each in controls}
    left = {each.control for each in findings if each.verdict is Claim.ELSEWHERE}
    for proof in proofs:
        variables = (*depends.get(proof.control, ()), *addresses.get(proof.control, ()))
        if proof.verdict is Verdict.INCONCLUSIVE:
            yield proof
        elif variables:
            why = f"{proof.message}; but that depends on {' and '.join(variables)}, made up here"
            yield proof._replace(verdict=Verdict.INCONCLUSIVE, message=why, severity=None)
        elif stand_in and proof.control in left and proof.verdict is Verdict.REFUTED:
            why = f"{proof.message}; production's proxy, which is not here, is to see to it"
            yield proof._replace(verdict=Verdict.INCONCLUSIVE, message=why, severity=None)
        else:
            yield proof


def _depends(control: Control, settings: Settings, made_up: Collection[str]) -> tuple[str, ...]:
    """The made-up variables whose value decides a setting of a control."""
    found: dict[str, None] = {}
    for name in control.settings:
        if name in made_up:
            found[name] = None
        for outcome in settings[name] if name in settings else ():  # noqa: SIM401
            for variable in _deciding(outcome):
                if variable in made_up:
                    found[variable] = None
    return tuple(found)


def _deciding(outcome: Outcome) -> Iterator[str]:
    value = outcome.value
    parts: Iterable[object] = [value]
    if isinstance(value, (list, tuple)):
        parts = value
    elif isinstance(value, Mapping):
        parts = value.values()
    for each in parts:
        if isinstance(each, Unknown):
            yield from each.variables
    # That it is set at all is no invention: without it the settings do not load.
    yield from (atom.about for atom in outcome.condition.atoms() if not atom.presence)
