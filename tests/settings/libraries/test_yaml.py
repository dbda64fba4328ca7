"""PyYAML, toml and tomli: plain data as the libraries read it, and no bombs."""

from __future__ import annotations

import time

import pytest
from tests.settings.evaluating import evaluated, values
from tests.settings.libraries.agreeing import both

pytest.importorskip("yaml")

DATA = """
debug: false
hosts: [a, "b", 3]
base: &base {x: 1, y: 2}
more:
  <<: *base
  z: 2020-01-02
size: 0x10
nothing:
on: yes
"""


@pytest.mark.parametrize(
    "expression",
    [
        "yaml.safe_load(open('data.yml'))",
        "yaml.load(open('data.yml').read(), Loader=yaml.SafeLoader)",
        "yaml.load(open('data.yml', 'rb'), yaml.FullLoader)",
        "yaml.full_load(Path('data.yml').read_text())['more']['x']",
        "list(yaml.safe_load_all('a: 1\\n---\\nb: 2'))",
        "yaml.safe_load('')",
        "yaml.safe_load('a: 1\\n---\\nb: 2')",
        "yaml.safe_load('{')",
        "yaml.safe_load('!!python/object/apply:os.system [ls]')",
    ],
)
def test_yaml(expression: str) -> None:
    source = f"from pathlib import Path\nimport yaml\nV = {expression}\n"
    library, model = both({"settings.py": source, "data.yml": DATA})
    assert model == library


def test_errors_are_caught() -> None:
    source = """
import yaml
try:
    V = yaml.safe_load("{")
except yaml.YAMLError:
    V = "not YAML"
"""
    library, model = both(source)
    assert model == library


@pytest.mark.parametrize(
    "bomb",
    [
        "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 40)),
        "a0: &a0 {k: 1}\n" + "".join(f"a{n}: &a{n} {{<<: [*a{n - 1}, *a{n - 1}]}}\n" for n in range(1, 40)),
        "&a [*a]",
        "[" * 20_000,
        "- " * 20_000,
        "? " * 20_000,
        "1" + ":1" * 90_000,
        "x" * 300_000,
    ],
    ids=["aliases", "merges", "itself", "brackets", "dashes", "questions", "number", "long"],
)  # fmt: skip
def test_bombs(bomb: str) -> None:
    source = "import yaml\nV = yaml.safe_load(open('data.yml'))\nW = 1\n"
    started = time.process_time()
    found = evaluated({"settings.py": source, "data.yml": bomb}, closed=True)
    assert time.process_time() - started < 1
    assert not found["V"].outcomes[0].known
    assert found["W"].outcomes[0].value == 1


TOML = '[a]\nb = 1\nc = ["x"]\n'


@pytest.mark.parametrize(
    ("library", "expression"),
    [
        ("toml", "toml.load('data.toml')"),
        ("toml", "toml.load(open('data.toml'))"),
        ("toml", "toml.loads(open('data.toml').read())['a']"),
        ("tomli", "tomli.load(open('data.toml', 'rb'))"),
        ("tomli", "tomli.loads('a = 1')"),
    ],
)
def test_toml(library: str, expression: str) -> None:
    pytest.importorskip(library)
    source = f"import {library}\nV = {expression}\n"
    real, model = both({"settings.py": source, "data.toml": TOML})
    assert model == real


def test_a_file_that_is_not_in_the_repository() -> None:
    source = """
import yaml
try:
    with open("local.yml") as file:
        V = yaml.safe_load(file)
except FileNotFoundError:
    V = {}
"""
    assert values(source)["V"] == {}
    cases = {outcome.when: outcome.known for outcome in evaluated(source)["V"]}
    assert cases == {("local.yml does not exist",): True, ("local.yml exists",): False}
