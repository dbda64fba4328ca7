"""What is true of the zoo is never refuted, and what is not true of it is, wherever a request can
show that."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from truth import TRUTHS

sys.path.insert(0, str(Path(__file__).parent))
from proving import ZOO, Options, Run, cells, claimed, claiming, in_body, proved, running

from hardango.matrix import Matrix, Operation

BY_PATTERN = {each.pattern: each for each in TRUTHS}
IN_THE_BODY = ("body/", "object/", "back/")
NARROWER = {"anonymous": "authenticated", "authenticated": "staff", "staff": "superuser",
            "superuser": "nobody", "permission": "nobody"}  # fmt: skip
SHOWN_TO_OTHERS = ("GET object/unscoped/<int:pk>/", "GET object/every-user/<int:pk>/",
                   "GET rest/unchecked/(?P<pk>[^/.]+)/$")  # fmt: skip


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    with running(ZOO) as found:
        yield found


def truth(pattern: str, method: str) -> Operation | None:
    said = BY_PATTERN.get(pattern)
    if said is None or method not in said.reach:
        return None
    made = claimed(said.reach[method])
    return in_body(made) if pattern.startswith(IN_THE_BODY) else made


def untrue(pattern: str, method: str) -> Operation | None:
    """A claim that is narrower than the truth."""
    said = BY_PATTERN.get(pattern)
    words = said.reach.get(method, "") if said else ""
    narrower = NARROWER.get(words.partition(":")[0].rpartition(" and ")[2])
    return claimed(narrower) if narrower else None


@pytest.fixture(scope="module")
def true(run: Run) -> Matrix:
    return proved(claiming(run.matrix, truth), run.inside, Options(bodies="all"))


def test_what_is_true_is_never_refuted(true: Matrix) -> None:
    assert cells(true, "refuted") == {}


def test_most_of_it_is_proven(true: Matrix) -> None:
    asked = [one for route in true.routes for each in route.operations for one in each.cells
             if one.tier != "ownership"]  # fmt: skip
    proven = [one for one in asked if one.verdict == "proven"]
    assert len(asked) > 1000
    assert len(proven) / len(asked) > 0.9


def test_what_the_matrix_reads_is_not_refuted(run: Run) -> None:
    assert cells(proved(run.matrix, run.inside), "refuted") == {}


def test_what_is_declared_guarded_and_lets_others_in_is_refuted(run: Run) -> None:
    found = proved(claiming(run.matrix, untrue), run.inside, Options(ownership=False))
    asked = {
        f"{each.method} {route.pattern}" for route in found.routes for each in route.operations
    }
    assert len(asked) > 250
    missed = asked - set(cells(found, "refuted"))
    assert not missed


def test_somebody_elses_rows(true: Matrix) -> None:
    """Who owns a row gets it, others do not; where others do, it is said."""
    owned = {f"{each.method} {route.pattern}": {one.result for one in each.cells if one.tier == "ownership"}
             for route in true.routes for each in route.operations}  # fmt: skip
    assert {key for key in SHOWN_TO_OTHERS if owned[key] != {"open"}} == set()
    scoped = {f"GET {each.pattern}" for each in TRUTHS if each.reach.get("GET") == "object"}
    wrong = {key: owned[key] for key in scoped if owned.get(key, {"denied"}) != {"denied"}}
    assert not wrong
    assert sum(owned.get(key) == {"denied"} for key in scoped) > 5
