"""python-dotenv, held against the library itself and in environments that are not known."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.settings.evaluating import evaluated, outcomes, told
from tests.settings.libraries.agreeing import both

from hardango.settings.libraries.dotenv import parse

dotenv = pytest.importorskip("dotenv")

FILE = r"""
# a comment
PLAIN=value
  INDENTED =  spaced out   # a comment
export EXPORTED=yes
'quoted key'=1
SINGLE='it\'s \n raw' # a comment
DOUBLE="a\nb \"c\" \\ $d"
HASH=a#b
ONLY_COMMENT= # nothing
EMPTY=
ALONE
MULTI="one
two"
TWICE=1
TWICE=2
REFERENCE=${PLAIN}/${OUTSIDE:-default}/${NOWHERE}
SELF=${SELF:-x}y
NOT_ONE=$PLAIN
BROKEN="open
AFTER=still there
"""
NAMES = (
    "PLAIN INDENTED EXPORTED SINGLE DOUBLE HASH ONLY_COMMENT EMPTY ALONE MULTI TWICE REFERENCE "
    "SELF NOT_ONE BROKEN AFTER OUTSIDE"
).split()


@pytest.mark.parametrize(
    "call",
    [
        "load_dotenv()",
        "load_dotenv(override=True)",
        "load_dotenv(os.path.join(os.path.dirname(__file__), '.env'), interpolate=False)",
        "load_dotenv(Path(__file__).resolve().parent / '.env')",
        "load_dotenv(find_dotenv())",
        "load_dotenv('nowhere')",
        "sorted(dotenv_values().items(), key=str)",
        "dotenv_values('.env', interpolate=False)",
        "dotenv.get_key('.env', 'PLAIN')",
    ],
)
@pytest.mark.parametrize("env", [{}, {"PLAIN": "mine", "OUTSIDE": "o", "SELF": "s"}])
def test_loading(call: str, env: dict[str, str]) -> None:
    source = f"""
import os
from pathlib import Path
import dotenv
from dotenv import dotenv_values, find_dotenv, load_dotenv
RESULT = {call}
V = {{name: os.environ.get(name) for name in {NAMES!r}}}
"""
    library, model = both({"settings.py": source, ".env": FILE}, env)
    assert model == library


@given(st.text(st.sampled_from("AB= \t\n\r'\"\\#n${}:-xé\ufeff"), max_size=40))
def test_the_format_is_that_of_the_library(text: str) -> None:
    import io

    expected = [
        (each.key, each.value)
        for each in dotenv.parser.parse_stream(io.StringIO(text, newline=""))
        if each.key is not None
    ]
    assert [(each.name, each.value) for each in parse(text)] == expected


def test_values_keep_their_place() -> None:
    source = "import os\nfrom dotenv import load_dotenv\nload_dotenv()\nKEY = os.environ['K']\n"
    found = evaluated({"settings.py": source, ".env": '\nA="x\ny"\n\nK=v\n'}, closed=True)
    (outcome,) = found["KEY"]
    assert [str(each.place) for each in outcome.readings] == [".env:5"]


def test_the_environment_comes_before_the_file() -> None:
    source = "import os\nfrom dotenv import load_dotenv\nload_dotenv()\nKEY = os.getenv('K')\n"
    found = outcomes({"settings.py": source, ".env": "K=v\n"})["KEY"]
    assert sorted((told(value), when) for value, when in found) == [
        ("unknown: read from K", ("K is set",)),
        ("v", ("K is unset",)),
    ]


def test_a_file_that_is_not_committed_may_hold_anything() -> None:
    source = "from dotenv import dotenv_values\nKEY = dotenv_values('.env').get('K', 'd')\n"
    found = outcomes(source)["KEY"]
    assert {when for _, when in found} == {(".env exists",), (".env does not exist",)}
    assert ("d", (".env does not exist",)) in found
