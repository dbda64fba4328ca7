"""Which values hold only where an operator has decided so: `Condition.chosen`."""

from __future__ import annotations

import pytest
from evaluating import evaluated

READ = "import os\nread = os.environ.get\n"
OFF = {
    "a boolean that is on by default": ("read('S', 'true').lower() == 'true'", True),
    "the same with several words": ("read('S', '1') in ('1', 'true')", True),
    "not equal to a word": ("read('S', '1') != '0'", True),
    "off by default": ("read('S') == '1'", False),
    "of a variable that must be set": ("os.environ['S'] == '1'", False),
    "what names production": ("read('S', 'production') == 'production'", False),
    "whether a variable is set": ("'S' not in os.environ", False),
}


@pytest.mark.parametrize(("source", "chosen"), OFF.values(), ids=OFF)
def test_whether_off_is_an_operators_decision(source: str, chosen: bool) -> None:
    found = evaluated(f"{READ}SECURE = {source}")
    off = found.where("SECURE", lambda value: value is False)
    assert off.possible
    assert off.within(found.loads).chosen is chosen


def test_the_null_device_is_an_empty_file_everywhere() -> None:
    found = evaluated("NOTHING = open('/dev/null').read()")
    assert found["NOTHING"].outcomes[0].value == "" and found.failures == ()


def test_a_file_beside_the_project_is_named_from_the_project() -> None:
    source = (
        "from pathlib import Path\nKEY = (Path(__file__).parent.parent / 'conf/key').read_text()"
    )
    (failure,) = evaluated(source).failures
    assert failure[0].describe() == ("../conf/key does not exist",)
