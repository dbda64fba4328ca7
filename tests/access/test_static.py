"""What is read of the zoo without running it, held against what real requests established there: no
open route is called protected, no protected one open."""

from __future__ import annotations

from pathlib import Path

import pytest
from truth import STRICT, TRUTHS, Truth
from visitors import BEHIND_A_LOGIN

from hardango.access.static import matrix_of
from hardango.audit import Request, read
from hardango.matrix import Matrix, Operation, Reach, Route

ZOO = Path(__file__).parent / "zoo"
CLOSED = (Reach.AUTHENTICATED, Reach.STAFF, Reach.PERMISSION, Reach.SUPERUSER, Reach.OBJECT,
          Reach.NOBODY)  # fmt: skip


LEFT = ("function/condition-",)
"""A guard that is not understood: a decorator that an argument chooses."""
TOKENS = ("token/", "ninja/api/bearer", "ninja/api/key")
"""What a login and a token are demanded for, each by itself."""


@pytest.fixture(scope="module", params=["park.settings", "park.strict"])
def read_zoo(request: pytest.FixtureRequest) -> tuple[str, Matrix]:
    return request.param, matrix_of(
        read(Request(path=str(ZOO), module=request.param, patience=3.0))
    )


def operations(matrix: Matrix, truth: Truth, method: str) -> list[tuple[Route, Operation]]:
    pattern = truth.pattern.replace("en/tongue", "<language>/tongue")
    return [
        (route, each)
        for route in matrix.routes
        if route.pattern == pattern
        for each in route.operations
        if each.method in (method, "*")
    ]


def wanted(truth: Truth, method: str, module: str) -> str:
    reach = truth.reach[method]
    if module == "park.strict" and truth.path in STRICT:
        return STRICT[truth.path]
    if module == "park.strict" and not truth.path.startswith("rest/"):
        return BEHIND_A_LOGIN.get(reach, reach)
    return reach


def test_the_zoo_is_read_as_requests_found_it(read_zoo: tuple[str, Matrix]) -> None:
    module, matrix = read_zoo
    wrong = []
    for truth in TRUTHS:
        for method in truth.reach:
            reach = wanted(truth, method, module)
            for route, each in operations(matrix, truth, method):
                if each.reach in CLOSED and reach == "anonymous":
                    wrong.append(f"{route.pattern} {method} is open, but called {each.reach.value}")
                if each.reach is Reach.ANONYMOUS and reach not in ("anonymous",):
                    wrong.append(f"{route.pattern} {method} is {reach}, but called open")
    assert not wrong


def test_most_of_the_zoo_is_understood(read_zoo: tuple[str, Matrix]) -> None:
    module, matrix = read_zoo
    missed = [
        f"{truth.path} {method} is {wanted(truth, method, module)}: "
        + str([each.reach.value for _, each in operations(matrix, truth, method)])
        for truth in TRUTHS
        for method in truth.reach
        if not truth.custom
        and not truth.path.startswith((*LEFT, *(TOKENS if module == "park.strict" else ())))
        and not any(
            each.reach.value == wanted(truth, method, module).partition(":")[0]
            for _, each in operations(matrix, truth, method)
        )
    ]
    assert missed == []
