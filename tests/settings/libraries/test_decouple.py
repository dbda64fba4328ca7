"""python-decouple, held against the library itself and in environments that are not known."""

from __future__ import annotations

import pytest
from tests.settings.evaluating import evaluated, outcomes, told
from tests.settings.libraries.agreeing import both

decouple = pytest.importorskip("decouple")


@pytest.fixture(autouse=True)
def _forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """The library's `config` keeps the first file that it finds; each test has its own."""
    monkeypatch.setattr(decouple.config, "config", None)


START = "from decouple import AutoConfig, Choices, Config, Csv, config\n"
START += "from decouple import RepositoryEnv, RepositoryIni, RepositoryEmpty, undefined\n"

READS = [
    ('config("X")', {}),
    ('config("X")', {"X": ""}),
    ('config("X", default="d")', {}),
    ('config("X", "d")', {"X": "x"}),
    ('config("X", default=None)', {}),
    ('config("X", default=None, cast=str)', {}),
    *[('config("X", cast=bool)', {"X": each}) for each in ("", "yes", "T", "OFF", "0", "2", " on")],
    ('config("X", default=False, cast=bool)', {}),
    ('config("X", default="maybe", cast=bool)', {}),
    ('config("X", cast=int)', {"X": "5"}),
    ('config("X", cast=int)', {"X": "five"}),
    ('config("X", default="7", cast=float)', {}),
    ('config("X", cast=lambda text: [each.strip() for each in text.split(";")])', {"X": "a; b"}),
    ('config("X", cast=Csv())', {"X": " a, b,,'c,d' ,e#f"}),
    ('config("X", cast=Csv())', {"X": ""}),
    ('config("X", default="", cast=Csv())', {}),
    ('config("X", default=None, cast=Csv())', {}),
    ('config("X", default=["a"], cast=Csv())', {}),
    ('config("X", cast=Csv(int, post_process=tuple))', {"X": "1,2"}),
    ('config("X", cast=Csv(cast=lambda s: s.upper(), delimiter="\\t", strip=" %*"))', {"X": "%a%\tb"}),
    ('config("X", cast=Csv())', {"X": "'open"}),
    ('Csv(post_process=tuple)("a,b")', {}),
    ('config("X", cast=Choices(["a", "b"]))', {"X": "a"}),
    ('config("X", cast=Choices(["a", "b"]))', {"X": "c"}),
    ('config("X", default=1, cast=Choices(choices=[(1, "one")], cast=int))', {}),
    ('config("X", default=undefined)', {}),
    ('AutoConfig("nowhere")("X", default="d")', {}),
    ('Config(RepositoryEmpty())("X", default="d")', {}),
]  # fmt: skip


@pytest.mark.parametrize(("expression", "env"), READS)
def test_reads(expression: str, env: dict[str, str]) -> None:
    library, model = both(f"{START}V = {expression}\n", env)
    assert model == library


DOT_ENV = """
# a comment
A = spaced out
B="quoted"
C='half
D="don't" # no comment
E=
F=a=b
no equals sign
 #G=1
h=lower
export I=1
"""
INI = """
[settings]
A=from ini
B: other sign
URL=http://a%%20b
LIST=
  one
  two
[other]
Z=1
"""
NAMES = "A B C D E F G H h I export URL LIST Z".split()


@pytest.mark.parametrize(
    "files",
    [
        {".env": DOT_ENV},
        {"settings.ini": INI},
        {".env": DOT_ENV, "settings.ini": INI},
        {"settings.ini": "[nothing]\nA=1\n"},
    ],
)
@pytest.mark.parametrize(
    "make",
    ["config", "AutoConfig(search_path='.')", "AutoConfig(os.path.dirname(__file__))"],
)
@pytest.mark.parametrize("env", [{}, {"A": "mine"}])
def test_the_file_next_to_the_caller(files: dict[str, str], make: str, env: dict[str, str]) -> None:
    source = f"import os\n{START}read = {make}\n"
    source += f"V = {{name: read(name, default='unset') for name in {NAMES!r}}}\n"
    library, model = both({"settings.py": source, **files}, env)
    assert model == library


@pytest.mark.parametrize(
    "make",
    [
        "RepositoryEnv('.env')",
        "RepositoryEnv(Path(__file__).parent / '.env')",
        "RepositoryIni('settings.ini')",
        "RepositoryEnv('nowhere')",
    ],
)
def test_files_by_name(make: str) -> None:
    source = f"from pathlib import Path\n{START}read = Config({make})\n"
    source += f"V = {{name: read.get(name, 'unset') for name in {NAMES!r}}}\n"
    source += f"W = 'A' in {make}, {make}['B']\n"
    library, model = both({"settings.py": source, ".env": DOT_ENV, "settings.ini": INI})
    assert model == library


def test_the_nearest_file_above_the_caller() -> None:
    source = {
        "mysite/__init__.py": "",
        "mysite/config/__init__.py": "",
        "mysite/config/deep.py": "from decouple import config\nKEY = config('K')\n",
        "mysite/.env": "K=near\n",
        ".env": "K=far\n",
    }
    (outcome,) = evaluated(source, closed=True, module="mysite.config.deep")["KEY"]
    assert outcome.value == "near"
    assert [str(each.place) for each in outcome.readings] == ["mysite/.env:1"]


def test_open_environments() -> None:
    found = outcomes(
        START + "D = config('D', default=False, cast=bool)\n"
        "L = config('L', default='a,b', cast=Csv())\nR = config('R', cast=int)\n"
        "C = config('C', cast=Choices(['a', 'b']))\n"
    )
    by_name = {
        name: sorted(((told(value), when) for value, when in cases), key=str)
        for name, cases in found.items()
    }
    assert by_name["D"] == [("unknown: read from D", ("D is set",)), (False, ("D is unset",))]
    assert by_name["L"] == [
        (["a", "b"], ("L is unset",)),
        (["unknown: read from L"], ("L is set",)),
    ]
    assert by_name["R"] == [("unknown: read from R", ())]
    assert found["C"][0][0].choices == ("a", "b")  # type: ignore[attr-defined]
