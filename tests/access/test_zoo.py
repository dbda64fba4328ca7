"""What the zoo says of itself is true: every route of it is asked for, as everybody."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from truth import STRICT, TRUTHS, Truth

ZOO = Path(__file__).parent / "zoo"

ADMITTED = {
    "anonymous": {"anonymous", "bearer", "user", "staff", "superuser", "owner", "keeper", "holder",
                  "viewer", "staff-holder"},
    "authenticated": {"user", "staff", "superuser", "owner", "keeper", "holder", "viewer",
                      "staff-holder"},
    "staff": {"staff", "superuser", "staff-holder"},
    "superuser": {"superuser"},
    "group: keepers": {"keeper"},
    "object": {"owner"},
    "token": {"bearer"},
    "nobody": set(),
    "guest": {"anonymous", "bearer"},
    "authenticated or token": {"bearer", "user", "staff", "superuser", "owner", "keeper", "holder",
                               "viewer", "staff-holder"},
    "staff and permission: zoo.view_doc": {"staff-holder", "superuser"},
    "permission: zoo.view_doc": {"holder", "viewer", "staff-holder", "superuser"},
}  # fmt: skip
BEHIND_A_LOGIN = {
    "anonymous": "authenticated",
    # Who has the token has no account.
    "token": "nobody",
    "authenticated or token": "authenticated",
}
PERMITTED = {"holder", "staff-holder", "superuser"}
"""Who gets in where any other permission is needed."""


@pytest.fixture(scope="module", params=["park.settings", "park.strict"])
def visited(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, dict[str, dict[str, bool]]]:
    media = tmp_path_factory.mktemp("media")
    (media / "hello.txt").write_text("in")
    done = subprocess.run(
        [sys.executable, "visit.py", request.param, str(media)], cwd=ZOO, text=True,
        capture_output=True, env={**os.environ, "PYTHONPATH": str(ZOO), "PYTHONDONTWRITEBYTECODE": "1"},
        timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return request.param, json.loads(done.stdout.splitlines()[-1])


def expected(truth: Truth, method: str, module: str) -> set[str]:
    reach = truth.reach[method]
    if module == "park.strict" and truth.path in STRICT:
        reach = STRICT[truth.path]
    elif module == "park.strict" and not truth.path.startswith("rest/"):
        reach = BEHIND_A_LOGIN.get(reach, reach)
    admitted = ADMITTED.get(reach, PERMITTED)
    return admitted & ADMITTED["staff"] if truth.staff else admitted


def test_every_route_lets_in_whom_it_says(
    visited: tuple[str, dict[str, dict[str, bool]]],
) -> None:
    module, entered = visited
    wrong = {}
    for truth in TRUTHS:
        for method in truth.reach:
            said = entered[f"{truth.path} {method}"]
            got_in = {role for role, into in said.items() if into}
            if got_in != expected(truth, method, module):
                wrong[f"{truth.path} {method} {truth.reach[method]}"] = sorted(got_in)
    assert not wrong
