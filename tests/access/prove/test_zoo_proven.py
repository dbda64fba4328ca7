"""What is true of the zoo is never refuted, and what is not true of it is, wherever a request can
show that."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from truth import TRUTHS

sys.path.insert(0, str(Path(__file__).parent))
from proving import ZOO, Options, claimed, in_body, loaded, matrix, proved

from hardango.local.launch import Within
from hardango.matrix import Cell, Matrix, Operation

IN_THE_BODY = ("body/", "object/", "back/")
BY_PATTERN = {each.pattern.lstrip("^"): each for each in TRUTHS}


@pytest.fixture(scope="module")
def run() -> Iterator[Within]:
    with loaded(ZOO) as found:
        yield found


def truth(pattern: str, method: str) -> Operation | None:
    said = BY_PATTERN.get(pattern.replace("^", ""))
    if said is None or method not in said.reach:
        return None
    made = claimed(said.reach[method])
    return in_body(made) if pattern.startswith(IN_THE_BODY) else made


def cells(found: Matrix, verdict: str) -> dict[str, list[Cell]]:
    picked = {}
    for route in found.routes:
        for each in route.operations:
            some = [one for one in each.cells if one.verdict == verdict]
            if some:
                picked[f"{each.method} {route.pattern}"] = some
    return picked


@pytest.fixture(scope="module")
def true(run: Within) -> Matrix:
    return proved(matrix(run, truth, lambda pattern: True), run, Options(bodies="all"))


def test_what_is_true_is_never_refuted(true: Matrix) -> None:
    assert cells(true, "refuted") == {}


def test_most_of_it_is_proven(true: Matrix) -> None:
    asked = [one for route in true.routes for each in route.operations for one in each.cells
             if one.tier != "ownership"]  # fmt: skip
    proven = [one for one in asked if one.verdict == "proven"]
    assert len(proven) / len(asked) > 0.9, sorted(
        f"{key}: {[(one.role, one.result, one.status, one.said) for one in each]}"
        for key, each in cells(true, "inconclusive").items()
    )


NARROWER = {"anonymous": "authenticated", "authenticated": "staff", "staff": "superuser",
            "superuser": "nobody", "permission": "nobody"}  # fmt: skip


def untrue(pattern: str, method: str) -> Operation | None:
    """A claim that is narrower than the truth."""
    said = BY_PATTERN.get(pattern.replace("^", ""))
    words = said.reach.get(method, "") if said else ""
    narrower = NARROWER.get(words.partition(":")[0].rpartition(" and ")[2])
    return claimed(narrower) if narrower else None


def test_what_is_declared_guarded_and_lets_others_in_is_refuted(run: Within) -> None:
    found = proved(matrix(run, untrue, lambda pattern: True), run, Options(ownership=False))
    asked = {
        f"{each.method} {route.pattern}" for route in found.routes for each in route.operations
    }
    assert len(asked) > 90
    missed = asked - set(cells(found, "refuted"))
    assert not missed
