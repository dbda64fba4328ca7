"""The matrix of a loaded project: held against the zoo, whose truth real requests established, and
against Django's resolver walked by brute force. What a project does when it loads stops nothing.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from truth import TRUTHS, Truth
from visitors import admitted

from hardango.access.loaded import loaded
from hardango.audit import CannotRead, Request, read
from hardango.matrix import Matrix, Operation, Reach, Route, worded

ZOO = Path(__file__).parent / "zoo"
NOTHING_CLAIMED = (Reach.CUSTOM, Reach.UNKNOWN)


@pytest.fixture(scope="module", params=["park.settings", "park.strict"])
def matrix(request: pytest.FixtureRequest) -> Matrix:
    return loaded(read(Request(path=str(ZOO), module=request.param)), sys.executable)


def operation(matrix: Matrix, truth: Truth, method: str) -> Operation:
    route = next(each for each in matrix.routes if each.pattern == truth.pattern)
    named = {each.method: each for each in route.operations}
    return named.get(method) or named["*"]


def test_no_open_route_is_called_protected_and_no_protected_one_open(matrix: Matrix) -> None:
    wrong = {}
    for truth in TRUTHS:
        for method in truth.reach:
            found = operation(matrix, truth, method)
            said = worded(found.reach, found.permissions, found.any_of)
            real = admitted(truth, method, matrix.module)
            claimed = admitted(truth._replace(reach={method: said}), method, "")
            if found.reach in NOTHING_CLAIMED:
                fits = truth.custom
            elif "token" in truth.reach[method]:
                # Who has one needs no account; where both are demanded, the account is told.
                fits = found.reach is Reach.TOKEN or claimed >= real
            else:
                fits = claimed == real or (truth.custom and claimed > real)
            if not fits:
                wrong[f"{truth.path} {method}"] = (truth.reach[method], said, found.guards)
    assert not wrong


def test_the_routes_are_those_of_the_resolver(matrix: Matrix) -> None:
    done = subprocess.run(
        [sys.executable, "walker.py", matrix.module], cwd=ZOO, text=True, capture_output=True,
        env={**os.environ, "PYTHONPATH": str(ZOO), "PYTHONDONTWRITEBYTECODE": "1"}, timeout=60,
    )  # fmt: skip
    assert sorted(each.pattern for each in matrix.routes) == json.loads(done.stdout)
    assert not [each for each in matrix.routes if each.unresolved]


def test_a_guard_says_where_it_is(matrix: Matrix) -> None:
    by_pattern: dict[str, Route] = {each.pattern: each for each in matrix.routes}
    members = by_pattern["function/members/"].operations[0]
    assert [(each.name, each.layer) for each in members.guards if each.layer != "middleware"] == [
        ("members_only: request.user.is_authenticated", "wrapper")
    ]
    place = members.guards[-1].place
    assert place is not None
    assert place.file == "zoo/functions.py"
    assert "is_authenticated" in (ZOO / place.file).read_text().splitlines()[place.line - 1]
    assert str(members.place) == "zoo/functions.py:" + str(
        _line("zoo/functions.py", "def members(")
    )


def _line(file: str, text: str) -> int:
    lines = (ZOO / file).read_text().splitlines()
    return next(at for at, line in enumerate(lines, 1) if line.startswith(text))


DEAD = {
    "class/login-last/": "stands after View",
    "class/own-mixin-last/": "stands after View",
    "function/permission-empty/": "names no permission",
    "class/permission-empty/": "names no permission",
    "class/handles-nothing/": "answers as if there were permission",
    "rest/only-object/": "says nothing of a request",
    "rest/login-or-object/": "says nothing of a request",
    "rest/unchecked-view/": "asks no permission class",
    "rest/uninitialised/": "asks no permission class",
    "body/truthy/": "AnonymousUser is true",
}


@pytest.mark.parametrize("pattern", DEAD)
def test_a_dead_guard_is_shown_with_the_reason(matrix: Matrix, pattern: str) -> None:
    route = next(each for each in matrix.routes if each.pattern == pattern)
    for each in route.operations:
        assert any(DEAD[pattern] in guard.dead for guard in each.guards), each.guards


HOSTILE = {
    "prints": ("print('hello from the project')", ""),
    "exits": ("import sys; sys.exit(3)", "it exits (3)"),
    "crashes": ("raise RuntimeError('not today')", "RuntimeError: not today"),
    "ends": ("import os; os._exit(7)", "exit code 7"),
    "recurses": ("def deep(): deep()\ndeep()", "RecursionError"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_what_a_urlconf_does_is_said(tmp_path: Path, name: str) -> None:
    code, said = HOSTILE[name]
    (tmp_path / "manage.py").write_text(
        "import os\nos.environ.setdefault('DJANGO_SETTINGS_MODULE', 'settings')\n"
        "from django.core.management import execute_from_command_line\n"
    )
    (tmp_path / "settings.py").write_text(
        "SECRET_KEY = 'x' * 50\nROOT_URLCONF = 'urls'\nALLOWED_HOSTS = ['a.example']\n"
    )
    (tmp_path / "urls.py").write_text(f"{code}\nurlpatterns = []\n")
    if not said:
        assert loaded(read(Request(path=str(tmp_path))), sys.executable).routes == ()
        return
    with pytest.raises(CannotRead, match="routes cannot be walked") as raised:
        loaded(read(Request(path=str(tmp_path))), sys.executable)
    assert said in str(raised.value)
