"""A function of an unknown library that is called for its effect may change what it is given."""

from __future__ import annotations

import pytest
from evaluating import evaluated, told

GIVEN = """
import lib, logging.config, os, pprint
from lib import register
M = ["a"]
D = {"x": {"y": 1}}
"""


@pytest.mark.parametrize(
    ("call", "changed"),
    [
        ("register(M)", "M"),
        ("lib.register(1, apps=M)", "M"),
        ("lib.deep.patch(D['x'])", "D"),
        ("if os.environ.get('Q'):\n    register(M)", "M"),
        ("def install(apps):\n    lib.register(apps)\ninstall(M)", "M"),
        # Where the result is used, that is what it is for.
        ("X = register(M)", ""),
        ("if register(M):\n    pass", ""),
        ("M2 = [*register(M)]", ""),
        # These get a container of their own, or none.
        ("register([*M])", ""),
        ("register(tuple(M))", ""),
        ("lib.init(**D)", ""),
        ("lib.init('M', M[0], len(M))", ""),
        # These keep their argument as it is.
        ("lib.apps.append(M)", ""),
        ("lib.apps.update(D)", ""),
        ("lib.logger.info('%s', M)", ""),
        ("print(M)\npprint.pprint(M)", ""),
        ("logging.config.dictConfig(D)", ""),
        ("def install(apps):\n    return len(apps)\ninstall(M)", ""),
    ],
)
def test_a_container_given_to_something_called_for_its_effect(call: str, changed: str) -> None:
    found = evaluated(f"{GIVEN}{call}\n", {"Q": "1"}, closed=True)
    for name, before in (("M", ["a"]), ("D", {"x": {"y": 1}})):
        same = [each.value == before for each in found[name]]
        assert same == ([False, True] if name == changed else [True])


def test_a_container_that_may_be_changed_says_by_what() -> None:
    changed, kept = evaluated(f"{GIVEN}register(M)\nM.append('z')\n")["M"]
    assert (kept.value, kept.when) == (["a", "z"], ("register() leaves M as it is",))
    assert changed.when == ("register() changes M",)
    assert told(changed.value) == ["unknown: changed by register() at settings.py:6", "z"]
