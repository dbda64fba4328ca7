"""A part that is too complicated to follow: nothing of it is known, and the rest is untouched."""

from __future__ import annotations

import itertools
import time

import pytest
from evaluating import evaluated, values

from hardango.settings import limits
from hardango.settings.outcomes import Unknown

TANGLE = """
import os
LIST, TABLE, PLAIN = [], {}, 1
def tangled():
    global PLAIN
    chosen = []
    for left in range(40):
        LIST.append(left)
        TABLE["x"] = PLAIN = left
        for right in range(40):
            if os.environ.get(f"L{left}") == os.environ.get(f"R{right}"):
                chosen = [*chosen, left]
    return chosen
"""


@pytest.fixture(autouse=True)
def few_conditions(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "PART_CONDITIONS", 2_000)
    monkeypatch.setattr(limits, "SECONDS", 20)  # it is not time that these tests are about


CALL = """
BEFORE = "kept"
FOUND = tangled()
AFTER = [BEFORE, "known"]
"""
WAYS = {
    "a call": {"settings.py": TANGLE + CALL},
    "a call inside an expression": {"settings.py": TANGLE + CALL.replace("tangled()", "[*tangled()]")},
    "a call inside a branch": {"settings.py": TANGLE + "BEFORE = 'kept'\nif os.environ.get('Q'):\n"
                               "    FOUND = tangled()\nelse:\n    FOUND = tangled()\nAFTER = [BEFORE, 'known']\n"},
    "the import of a helper": {
        "helper.py": TANGLE + "FOUND = 1\nfor each in [1]:\n    FOUND = tangled()\n",
        "settings.py": "import helper\nfrom helper import FOUND, LIST\n" + CALL.replace("tangled()", "helper.FOUND"),
    },
    "a module that an abandoned call imports": {
        "deep.py": TANGLE + "FOUND = tangled() if 1 else 0\nEND = 1\n",
        "settings.py": "def load():\n    import deep\n    return deep.FOUND\n" + CALL.replace("tangled", "load")
                       + "import deep\nEND = deep.END\n",
    },
}  # fmt: skip


@pytest.mark.parametrize("files", WAYS.values(), ids=WAYS)
def test_the_rest_is_known(files: dict[str, str]) -> None:
    found = evaluated(files)
    assert [outcome.value for outcome in found["AFTER"]] == [["kept", "known"]]
    assert found["AFTER"].outcomes[0].when == ()
    assert found.failures == ()
    assert any("too complicated to follow" in note.message for note in found.notes)


def test_its_result_and_what_it_may_have_changed_are_not_known() -> None:
    found = evaluated(WAYS["a call"])
    assert isinstance(found["FOUND"].outcomes[0].value, Unknown)
    assert isinstance(found["PLAIN"].outcomes[0].value, Unknown)
    assert [type(item) for item in found["LIST"].outcomes[0].value] == [Unknown]
    assert all(isinstance(key, Unknown) for key in found["TABLE"].outcomes[0].value)


def test_in_one_environment_it_is_followed() -> None:
    assert values(WAYS["a call"])["LIST"] == list(range(40))


REACHED = """
class Names:
    def __init__(self, names, tangled):
        self.names, self.tangled = names, tangled
    def fill(self):
        found = self.tangled()
        self.names.update({f"N{each}": 1 for each in found}, MEDIA_ROOT="/srv", DEBUG=True)
def fill(names, tangled):
    found = tangled()
    names.append(found)
DEBUG, GIVEN = False, [1]
"""


@pytest.mark.parametrize(
    "call, name",
    [
        ("Names(globals(), tangled).fill()", "DEBUG"),
        ("Names(globals(), tangled).fill()\nSTATIC_ROOT = MEDIA_ROOT + '/static'", "STATIC_ROOT"),
        ("fill(GIVEN, tangled)\nFIRST = len(GIVEN)", "FIRST"),
    ],
)
def test_what_it_would_have_changed_is_not_known_either(call: str, name: str) -> None:
    found = evaluated(TANGLE + REACHED + call)
    assert not any(outcome.known for outcome in found[name])
    assert found.failures == ()


def test_a_loop_of_the_settings_themselves_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "LOOP_CONDITION_STEPS", 2_000)
    loop = TANGLE.partition("    chosen")[2].replace("\n    ", "\n").partition("return")[0]
    found = evaluated(
        "import os\nLIST, TABLE, PLAIN = [], {}, 1\nchosen" + loop + "\nAFTER = [2]\n"
    )
    assert [outcome.value for outcome in found["AFTER"]] == [[2]]
    assert not any(outcome.known for outcome in found["LIST"])


@pytest.mark.parametrize(
    ("clock", "known"), [("monotonic", True), ("perf_counter", True), ("process_time", False)]
)
def test_a_busy_machine_reads_the_same(
    monkeypatch: pytest.MonkeyPatch, clock: str, known: bool
) -> None:
    """What the bound counts is the time that the processor takes, not the time that passes."""
    ticks = itertools.count()
    monkeypatch.setattr(time, clock, lambda: next(ticks) * 100.0)
    found = evaluated("X = 0\nfor each in range(500):\n    X = each\n")
    assert found["X"].outcomes[0].known is known


def test_why_an_item_of_it_is_not_known_is_a_sentence() -> None:
    (outcome,) = evaluated(TANGLE + "PART = tangled()[0]\n")["PART"]
    assert isinstance(outcome.value, Unknown)
    assert outcome.value.reason.endswith("which is too complicated to follow")
