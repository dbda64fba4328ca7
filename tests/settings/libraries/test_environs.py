"""environs, held against the library itself and in environments that are not known."""

from __future__ import annotations

import pytest
from tests.settings.evaluating import evaluated, outcomes, told
from tests.settings.libraries.agreeing import both

pytest.importorskip("environs")

START = "from environs import Env, EnvError, validate\nenv = Env()\n"

READS = [
    ('env("X")', {}),
    ('env("X")', {"X": ""}),
    ('env("X", None)', {}),
    ('env.str("X", "d")', {"X": "x"}),
    *[('env.bool("X")', {"X": each}) for each in ("", "yes", "T", "OFF", "0", "2", " on", "tRUE")],
    ('env.bool("X", default="no")', {}),
    ('env.bool("X", False)', {}),
    ('env.int("X")', {"X": "5"}),
    ('env.int("X", 3)', {"X": ""}),
    ('env.int("X", "3")', {}),
    ('env.float("X")', {"X": "1.5"}),
    ('env.float("X")', {"X": "nan"}),
    ('env.decimal("X")', {"X": "1.50"}),
    ('env.list("X")', {"X": "a, b,,c"}),
    ('env.list("X")', {"X": ""}),
    ('env.list("X", ["a"])', {}),
    ('env.list("X", default=None)', {}),
    ('env.list("X", subcast=int)', {"X": "1, 2"}),
    ('env.list("X", [], int)', {"X": "1,x"}),
    ('env.list("X", subcast=bool, delimiter=";")', {"X": "on;off"}),
    ('env.list("X", subcast=lambda s: s.upper())', {"X": "a,b"}),
    ('env.dict("X")', {"X": "a=1, b = 2=3"}),
    ('env.dict("X", subcast_values=int, subcast_keys=str)', {"X": "a=1"}),
    ('env.dict("X", delimiter=";", key_value_delimiter=":")', {"X": "a:1;b:2"}),
    ('env.dict("X")', {"X": "a"}),
    ('env.dict("X", {})', {}),
    ('env.json("X")', {"X": '{"a": [1]}'}),
    ('env.json("X")', {"X": "{"}),
    ('env.date("X")', {"X": "2020-01-02"}),
    ('env.date("X")', {"X": "yesterday"}),
    ('env.datetime("X")', {"X": "2020-01-02T03:04:05"}),
    *[('env.timedelta("X")', {"X": each}) for each in ("60", "1.5", "2h 30m", "1w", "-5s", "x", "")],
    ('env.path("X")', {"X": "a/b"}),
    ('env.log_level("X")', {"X": "warning"}),
    ('env.log_level("X")', {"X": "30"}),
    ('env.log_level("X")', {"X": "loud"}),
    ('env.uuid("X")', {"X": "12345678123456781234567812345678"}),
    ('env.url("X").netloc', {"X": "https://example.com:80/p"}),
    ('env.url("X")', {"X": "example.com"}),
    ('env.url("X")', {"X": "https://localhost:8000"}),
    ('env.str("X", validate=validate.OneOf(["a", "b"]))', {"X": "a"}),
    ('env.str("X", validate=[validate.Length(min=4), validate.Email()])', {"X": "a@b.de"}),
    ('env.str("X", validate=validate.Length(min=4))', {"X": "abc"}),
    ('env.int("X", validate=validate.Range(min=1, max=5))', {"X": "6"}),
    ('env.str("X", validate=lambda value: True)', {"X": "a"}),
    ('env.int("X", "d", validate=validate.Range(min=1))', {}),
    ('env.dj_db_url("X")', {"X": "postgres://u:p@h:1/n?a=b"}),
    ('env.dj_db_url("X", default="sqlite:///db", conn_max_age=600)', {}),
    ('env.dj_db_url("X")', {"X": "nothing://"}),
    ('env.dj_email_url("X")', {"X": "smtp://u%40:p@h:587/?ssl=True&timeout=3"}),
    ('env.dj_email_url("X")', {"X": "submission://u:p@h/?_server_email=a@b"}),
    ('env.dj_cache_url("X")', {"X": "redis://:pw@h:1/2?key_prefix=a"}),
    ('env.dj_cache_url("X")', {"X": "nothing://"}),
    ('env.nothing("X")', {"X": "1"}),
    ('Env(prefix="P_")("X")', {"P_X": "1"}),
    ('Env(expand_vars=True)("X")', {"X": "${Y}", "Y": "y"}),
    ('Env(expand_vars=True)("X")', {"X": "${Y:-d}"}),
    ('Env(expand_vars=True)("X")', {"X": "${Y}"}),
    ('Env(expand_vars=True)("X", "d")', {"X": "a${Y}b"}),
    ('Env(expand_vars=True)("X")', {"X": r"a${Y}b${Z:-z}\$", "Y": "y"}),
    ('Env(expand_vars=True).int("X", 2)', {"X": "${Y:-5}"}),
    ('Env(eager=False).int("X")', {"X": "no"}),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "env"), READS)
def test_reads(expression: str, env: dict[str, str]) -> None:
    library, model = both(f"{START}V = {expression}\n", env)
    assert model == library


PROGRAMS = [
    """
with env.prefixed("APP_"):
    A = env("A")
    with env.prefixed("B_") as inner:
        B = inner.int("C")
    C = env("A", "d")
D = env("APP_A")
""",
    """
@env.parser_for("upper")
def upper(value, suffix=""):
    return value.upper() + suffix
A = env.upper("APP_A")
B = env.upper("NOTHING", "default", suffix="!")
env.add_parser("twice", lambda value: int(value) * 2)
C = env.twice("APP_B_C")
""",
    """
try:
    A = env.int("APP_A")
except EnvError:
    A = "not a number"
""",
    """
class Mine(Env):
    def twice(self, name):
        return 2 * self.int(name)
A = Mine().twice("APP_B_C")
""",
    """
lazy = Env(eager=False)
A = lazy.int("APP_A")
lazy.seal()
""",
    """
env.seal()
A = env("APP_A")
""",
    """
from environs import FileAwareEnv
A = FileAwareEnv(strip_whitespace=True)("SECRET")
B = FileAwareEnv().int("APP_B_C")
""",
    """
import enum
class Colour(enum.Enum):
    RED = "r"
A = env.enum("COLOUR", enum=Colour).value
""",
]


@pytest.mark.parametrize("program", PROGRAMS)
def test_programs(program: str) -> None:
    env = {"APP_A": "a", "APP_B_C": "3", "SECRET_FILE": "secret", "COLOUR": "RED"}
    library, model = both({"settings.py": START + program, "secret": "s3cret\n"}, env)
    assert model == library


DOT_ENV = 'A=1\nexport B="two words" # comment\nC=${A}/x\nEMPTY=\n'


@pytest.mark.parametrize(
    "call",
    [
        "env.read_env()",
        "env.read_env('.env', recurse=False)",
        "env.read_env(Path(__file__).parent / 'deep' / '.env')",
        "env.read_env(Path(__file__).parent / 'deep' / '.env', recurse=False)",
        "env.read_env('nowhere')",
        "env.read_env('deep')",
    ],
)
@pytest.mark.parametrize("env", [{}, {"A": "mine"}])
def test_env_files(call: str, env: dict[str, str]) -> None:
    source = f"from pathlib import Path\n{START}FOUND = {call}\n"
    # What the process has set comes before the file in `${A}`, too, until version 15.
    names = ("A", "B", "EMPTY") if env else ("A", "B", "C", "EMPTY")
    source += f"V = {{name: env(name, 'unset') for name in {names}}}\n"
    files = {"settings.py": source, ".env": DOT_ENV, "deep/other": ""}
    library, model = both(files, env)
    assert model == library


def test_the_file_sets_variables_of_the_process() -> None:
    source = START + "import os\nEnv.read_env()\nA = os.environ['A']\n"
    (outcome,) = evaluated({"settings.py": source, ".env": DOT_ENV}, closed=True)["A"]
    assert outcome.value == "1"
    assert [str(each.place) for each in outcome.readings] == [".env:1"]


def test_open_environments() -> None:
    found = outcomes(
        START + "B = env.bool('B', False)\nL = env.list('L', ['a'], subcast=int)\n"
        "O = env.str('O', validate=validate.OneOf(['a', 'b']))\nE = env.dj_email_url('E')\n"
    )
    by_name = {
        name: sorted(((told(value), when) for value, when in cases), key=str)
        for name, cases in found.items()
    }
    assert by_name["B"] == [("unknown: read from B", ("B is set",)), (False, ("B is unset",))]
    assert by_name["L"] == [(["a"], ("L is unset",)), (["unknown: read from L"], ("L is set",))]
    assert found["O"][0][0].choices == ("a", "b")  # type: ignore[attr-defined]
    ((email, when),) = found["E"]
    assert when == ()
    assert email["EMAIL_USE_TLS"].type == "bool"  # type: ignore[index]
