"""Each protection of a hardened shop is broken, and the right control sees it: no other one does."""

from __future__ import annotations

from pathlib import Path

import pytest
from mutants import MUTANTS, Mutant
from serving import CANARY, Ground, served

from hardango.controls.catalogue import catalogue
from hardango.evidence import Proof, Verdict
from hardango.probe.run import prove

# Those that tests run; `dev.py bench mutants` runs them all, under both servers and behind nginx.
CHOSEN = (
    "debug", "debug behind a catch-all", "any host", "deep paths exempt", "proxy appends the scheme",
    "forwarded host believed", "redirect loop", "a minute of HSTS", "framed by everybody",
    "the same nonce for all", "no CSRF protection", "a pattern without its start", "variables",
    "a cache that keeps all",
)  # fmt: skip


def refuted(base: Ground, mutant: Mutant, server: str) -> dict[str, Proof]:
    """What is refuted, by the name of the control; a defect of an oracle is one of its own."""
    canary = CANARY if mutant.active else None
    with served(
        base, mutant.changes, server=server, front=mutant.front, active=mutant.active, canary=canary,
        attempts=12, arguments=mutant.arguments, environ=mutant.environ, known=mutant.known,
    ) as site:  # fmt: skip
        proofs = list(prove(site, catalogue(), pedantic=True))
    optional = {"cookie-prefix"} - {mutant.control}
    return {each.control: each for each in proofs
            if each.verdict is Verdict.REFUTED and not (each.pedantic and each.control in optional)}  # fmt: skip


@pytest.mark.parametrize("server", ["gunicorn", "uvicorn"])
@pytest.mark.parametrize("active", [False, True], ids=["passive", "active"])
def test_the_unbroken_shop_is_refuted_in_nothing(base: Ground, server: str, active: bool) -> None:
    assert refuted(base, Mutant("unbroken", "", active=active), server) == {}


def chosen() -> list[Mutant]:
    found = {each.name: each for each in MUTANTS}
    return [found[name] for name in CHOSEN]


@pytest.mark.parametrize("mutant", chosen(), ids=lambda each: each.name)
def test_a_broken_protection_is_seen_by_its_control(base: Ground, mutant: Mutant) -> None:
    server = mutant.servers[len(mutant.name) % len(mutant.servers)]
    found = refuted(base, mutant, server)
    assert mutant.control in found
    assert set(found) <= {mutant.control, *mutant.also}


def test_mutants_are_many_and_of_controls_that_there_are() -> None:
    names = [each.name for each in MUTANTS]
    assert len(set(names)) == len(names) >= 60
    provable = {each.name for each in catalogue() if each.oracle is not None}
    assert {each.control for each in MUTANTS} <= provable
    # An oracle that no mutant breaks has never been seen to fail.
    assert provable - {each.control for each in MUTANTS} == set()


def test_the_shop_is_left_as_it_was(base: Ground) -> None:
    folder = Path(__file__).resolve().parent / "projects" / "hardened"
    assert not [each for each in folder.rglob("*") if each.suffix in (".sqlite3", ".pyc")]
