"""Random settings modules, run by Python and evaluated, agree.

Python runs each program in a process of its own with the given environment variables. Then

- evaluated with the same, closed environment, every setting is exactly what Python has, but for
  the few that honestly say that they are not known;
- evaluated knowing nothing of the environment, one of the outcomes whose conditions fit the
  variables of the run is what Python has, and none is missing: no case is ever left out.
"""

from __future__ import annotations

import ast
import base64
import json
import pickle
import random
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from evaluating import evaluated, written
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from programs import VARIABLES, program

from hardango.settings.conditions import Atom, Condition
from hardango.settings.outcomes import Outcome, Settings, Unknown

WORKER = """
import base64, contextlib, importlib, io, json, os, pickle, sys, warnings

sys.dont_write_bytecode = True
warnings.simplefilter("ignore")
PLAIN = (type(None), bool, int, float, str, bytes, list, tuple, dict, set)

def plain(value, depth=0):
    if type(value) not in PLAIN or depth > 20:
        return False
    if type(value) is dict:
        return all(plain(each, depth + 1) for pair in value.items() for each in pair)
    return type(value) not in (list, tuple, set) or all(plain(each, depth + 1) for each in value)

loaded, path = set(sys.modules), list(sys.path)
for line in sys.stdin:
    task = json.loads(line)
    os.environ.clear()
    os.environ.update(task["env"])
    sys.path[:] = [task["root"], *path]
    importlib.invalidate_caches()
    failure, found = "", {}
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            module = importlib.import_module("settings")
    except BaseException as problem:
        failure = type(problem).__name__
    else:
        found = {name: value for name, value in vars(module).items()
                 if name.isupper() and plain(value)}
    for name in ("settings", "base"):
        sys.modules.pop(name, None)
    print(base64.b64encode(pickle.dumps((failure, found))).decode(), flush=True)
"""


@pytest.fixture(scope="module")
def python() -> Iterator[subprocess.Popen[str]]:
    """Real Python, which loads one program after the other."""
    with subprocess.Popen(
        [sys.executable, "-I", "-c", WORKER],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as worker:
        yield worker
        worker.kill()


def load(
    worker: subprocess.Popen[str], files: Mapping[str, str], env: Mapping[str, str]
) -> tuple[str, dict[str, object]]:
    """The name of the exception that loading ends with, "" for none, and the settings."""
    assert worker.stdin is not None and worker.stdout is not None
    with written(files) as root:
        worker.stdin.write(json.dumps({"root": root, "env": dict(env)}) + "\n")
        worker.stdin.flush()
        answer = worker.stdout.readline()
    failure, found = pickle.loads(base64.b64decode(answer))
    return failure, found


# -- what a claim says of a value ------------------------------------------------------------------


def agrees(claim: object, real: object) -> bool:
    """Whether `real` is what `claim` says; an unknown may say its type, start or choices."""
    if isinstance(claim, Unknown):
        return (
            (claim.type is None or type(real).__name__ == claim.type)
            and (not claim.prefix or str(real).startswith(claim.prefix))
            and (not claim.choices or any(agrees(each, real) for each in claim.choices))
        )
    if type(claim) is not type(real):
        return False
    if isinstance(claim, (list, tuple)):
        assert isinstance(real, (list, tuple))
        return _items_agree(list(claim), list(real))
    if isinstance(claim, dict):
        assert isinstance(real, dict)
        known = [key for key in claim if not isinstance(key, Unknown)]
        if len(known) == len(claim) and known != list(real):
            return False
        return all(key in real and agrees(claim[key], real[key]) for key in known)
    if isinstance(claim, set):
        assert isinstance(real, set)
        known = [each for each in claim if not isinstance(each, Unknown)]
        return claim == real if len(known) == len(claim) else set(known) <= real
    return claim == real


def _items_agree(claim: list[object], real: list[object]) -> bool:
    if not claim:
        return not real
    first = claim[0]
    if isinstance(first, Unknown) and first.several:
        return any(_items_agree(claim[1:], real[index:]) for index in range(len(real) + 1))
    return bool(real) and agrees(first, real[0]) and _items_agree(claim[1:], real[1:])


def is_known(claim: object) -> bool:
    """Whether no part of a claim is unknown."""
    if isinstance(claim, dict):
        return all(is_known(each) for pair in claim.items() for each in pair)
    if isinstance(claim, (list, tuple, set)):
        return all(map(is_known, claim))
    return not isinstance(claim, Unknown)


# -- what a condition says of an environment -------------------------------------------------------


def holds(atom: Atom, env: Mapping[str, str]) -> bool | None:
    """Whether the fact is one of the environment; None if it is about something else."""
    found = re.fullmatch(r"(\w+) is set", atom.yes)
    if found and found[1] in VARIABLES:
        return found[1] in env
    if atom.yes == "nowhere_local.py exists":
        return False
    found = re.fullmatch(r"(\w+) is a number", atom.yes)
    if found and found[1] in env:
        return env[found[1]].isdigit()
    found = re.fullmatch(r"(.+?) (is not empty|is|contains|equals|<|<=|>|>=) ?(.*)", atom.yes)
    if found is None:
        return None
    subject, relation, other = found.groups()
    try:
        value = eval(subject, {"__builtins__": {"int": int, "len": len, "str": str}}, dict(env))
        if relation == "is not empty":
            return len(value) > 0
        if relation == "is" and " or " in other:
            return value in ast.literal_eval(f"({other.replace(' or ', ', ')},)")
        constant = ast.literal_eval(other)
        if type(constant) is not type(value):
            return None
        if relation == "is":
            return bool(value == constant)
        if relation == "contains":
            return constant in value
        return bool(eval(f"value {relation} constant"))
    except Exception:  # not said in terms of the environment
        return None


def fits(condition: Condition, env: Mapping[str, str]) -> bool:
    """Whether the condition can hold with these variables."""
    space = condition.space
    for atom in condition.atoms():
        answer = holds(atom, env)
        if answer is not None:
            fact = space.fact(atom.yes, atom.no, atom.about)
            condition = condition & (fact if answer else ~fact)
    return condition.possible


# -- the two properties ----------------------------------------------------------------------------

ENVIRONMENTS = st.fixed_dictionaries(
    {name: st.sampled_from(options) for name, options in VARIABLES.items()}
).map(lambda given: {name: text for name, text in given.items() if text is not None})


@st.composite
def programs(draw: st.DrawFn) -> dict[str, str]:
    """Programs that Hypothesis writes, choice by choice, and long ones from a seed."""
    seed = draw(st.one_of(st.none(), st.integers(0, 2**32), st.integers(0, 2**32)))
    if seed is None:
        return program(lambda count: draw(st.integers(0, count - 1)))
    return program(random.Random(seed).randrange)


MANY = settings(
    max_examples=250,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)

unread: list[tuple[int, int]] = []
"""For each program: settings in all, settings of which a part is not known."""


def check_closed(found: Settings, failure: str, real: Mapping[str, object]) -> Iterator[str]:
    """What the evaluation in a known environment claims and Python contradicts."""
    if failure:
        if found.loads.certain:
            yield f"Python raises {failure}; said to load"
        elif not any(message.startswith(failure) for _, message, _ in found.failures):
            yield f"Python raises {failure}; said: {[each[1] for each in found.failures]}"
        return
    if not found.loads.possible:
        yield f"loads, but is said to fail: {[each[1] for each in found.failures]}"
        return
    for name, value in real.items():
        if name not in found.names():
            yield f"{name} is {value!r}, not claimed at all"
            continue
        claims = found[name].outcomes
        if not any(agrees(outcome.value, value) for outcome in claims):
            yield f"{name} is {value!r}, claimed {[(each.value, each.when) for each in claims]}"
    for name in found.names():
        if name not in real and any(is_known(outcome.value) for outcome in found[name]):
            yield f"{name} is not set, claimed {found[name].outcomes}"


def check_open(
    found: Settings, failure: str, real: Mapping[str, object], env: Mapping[str, str]
) -> Iterator[str]:
    """What the evaluation in an unknown environment leaves out for these variables."""
    if failure:
        # That a text is no number is asked for only where the program is prepared for it.
        if failure != "ValueError" and not fits(~found.loads, env):
            yield f"Python raises {failure}; said to load when {found.loads.describe()}"
        return
    if not fits(found.loads, env):
        yield f"loads, but is said to fail when {(~found.loads).describe()}"
        return
    for name, value in real.items():
        claims = [
            outcome
            for outcome in (found[name] if name in found else [])  # noqa: SIM401
            if fits(outcome.condition & found.loads, env)
        ]
        claims += [
            Outcome(unknown, condition)
            for condition, unknown in found.overridable
            if fits(condition & found.loads, env)
        ]
        if not any(agrees(outcome.value, value) for outcome in claims):
            shown = (
                [(each.value, each.when) for each in found[name]] if name in found else "nothing"
            )
            yield f"{name} is {value!r}, claimed {shown}"
    for name in found.names():
        unset = found.loads
        for outcome in found[name]:
            unset = unset & ~outcome.condition
        if name not in real and not fits(unset, env):
            yield f"{name} is not set, claimed {[(each.value, each.when) for each in found[name]]}"


@MANY
@given(files=programs(), env=ENVIRONMENTS)
def test_in_a_known_environment_every_setting_is_what_python_has(
    python: subprocess.Popen[str], files: dict[str, str], env: dict[str, str]
) -> None:
    failure, real = load(python, files, env)
    found = evaluated(files, env, closed=True)
    assert not list(check_closed(found, failure, real)), files
    if not failure:
        claims = [outcome.value for name in found.names() for outcome in found[name]]
        unread.append((len(claims), sum(not is_known(claim) for claim in claims)))


def test_little_is_left_unknown_in_a_known_environment() -> None:
    if not unread:
        pytest.skip("the programs were not evaluated in this run")
    claims, unknown = (sum(each) for each in zip(*unread))
    assert claims > 500
    assert unknown <= claims * 0.02


@MANY
@given(files=programs(), env=ENVIRONMENTS)
def test_in_an_unknown_environment_no_case_is_left_out(
    python: subprocess.Popen[str], files: dict[str, str], env: dict[str, str]
) -> None:
    failure, real = load(python, files, env)
    found = evaluated(files)
    assert not list(check_open(found, failure, real, env)), files


def test_a_wrong_claim_would_be_seen() -> None:
    """The check checks: it finds a wrong value, a wrong type and a case left out."""
    files = {"settings.py": "import os\nDEBUG = os.environ.get('DEBUG', False)\nHOSTS = ('a',)\n"}
    found = evaluated(files)
    right: dict[str, Any] = {"DEBUG": False, "HOSTS": ("a",)}
    assert not list(check_open(found, "", right, {}))
    assert list(check_open(found, "", {**right, "DEBUG": True}, {}))
    assert list(check_open(found, "", right, {"DEBUG": "1"}))
    assert list(check_open(found, "", {**right, "HOSTS": ["a"]}, {}))
    assert list(check_open(found, "KeyError", {}, {}))
    assert list(check_closed(found, "", {**right, "MORE": 1}))
