"""What the zoo says of itself is true: every route of it is asked for, as everybody."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from truth import TRUTHS
from visitors import admitted

ZOO = Path(__file__).parent / "zoo"
FEWER = {"park.settings": [], "park.strict": ["anonymous,bearer,user,superuser"]}
"""Who asks: what the second settings change is seen by a few."""


@pytest.fixture(scope="module", params=["park.settings", "park.strict"])
def visited(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[str, dict[str, dict[str, bool]]]:
    media = tmp_path_factory.mktemp("media")
    (media / "hello.txt").write_text("in")
    done = subprocess.run(
        [sys.executable, "visit.py", request.param, str(media), *FEWER[request.param]], cwd=ZOO, text=True,
        capture_output=True, env={**os.environ, "PYTHONPATH": str(ZOO), "PYTHONDONTWRITEBYTECODE": "1"},
        timeout=120,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr[-3000:]
    return request.param, json.loads(done.stdout.splitlines()[-1])


def test_every_route_lets_in_whom_it_says(
    visited: tuple[str, dict[str, dict[str, bool]]],
) -> None:
    module, entered = visited
    wrong = {}
    for truth in TRUTHS:
        for method in truth.reach:
            said = entered[f"{truth.path} {method}"]
            got_in = {role for role, into in said.items() if into}
            if got_in != admitted(truth, method, module) & said.keys():
                wrong[f"{truth.path} {method} {truth.reach[method]}"] = sorted(got_in)
    assert not wrong
