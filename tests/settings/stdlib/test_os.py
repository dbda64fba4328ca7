"""Variables of the environment that settings write without saying which."""

from __future__ import annotations

import pytest
from evaluating import evaluated, told


@pytest.mark.parametrize(
    ("write", "a", "b"),
    [
        ("os.environ[name] = 'v'", ["v", "k"], ["v", "d"]),
        ("os.environ.update({name: 'v'})", ["v", "k"], ["v", "d"]),
        ("for each in lib.names:\n    os.environ[each] = 'v'", ["v", "k"], ["v", "d"]),
        ("os.environ.setdefault(name, 'v')", ["k"], ["v", "d"]),
        ("os.environ['U' + name] = 'v'", ["k"], ["v", "d"]),
        ("os.environ['Z' + name] = 'v'", ["k"], ["d"]),
        ("os.environ['OTHER'] = name", ["k"], ["d"]),
        ("os.environ[name] = 'v'\nos.environ['KEY'] = 'k'", ["k"], ["v", "d"]),
        ("os.environ.get(name)", ["k"], ["d"]),
    ],
)
def test_a_variable_of_which_the_name_is_not_known(write: str, a: list[str], b: list[str]) -> None:
    reading = "A = os.environ['KEY']\nB = os.environ.get('UNSET', 'd')\n"
    for before in ("", reading):
        source = f"import lib, os\nfrom lib import name\n{before}{write}\n{reading}"
        found = evaluated(source, {"KEY": "k"}, closed=True)
        assert [each.value for each in found["A"]] == a
        assert [each.value for each in found["B"]] == b


def test_a_variable_that_may_be_set_anyway_stays_as_it_is() -> None:
    reading = "A = os.environ.get('X', 'd')\n"
    plain = evaluated(f"import os\n{reading}")["A"]
    written = evaluated(f"import os\nfrom lib import name\nos.environ[name] = 'v'\n{reading}")["A"]
    assert [(told(each.value), each.when) for each in written] == [
        (told(each.value), each.when) for each in plain
    ]


def test_a_file_that_the_settings_make_by_its_descriptor_is_there_to_be_read() -> None:
    source = (
        "import os\npath = os.environ.get('KEY_FILE')\nif path is None: path = '/srv/key'\n"
        "if not os.path.exists(path):\n    file = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)\n"
        "    with os.fdopen(file, 'w') as out: out.write('k')\nSECRET_KEY = open(path).read()\n"
    )
    found = evaluated(source)
    assert "unknown: the content of a file that the settings write themselves" in [
        told(each.value) for each in found["SECRET_KEY"]
    ]
    assert not found.failures


def test_a_file_of_the_project_that_is_missing_is_named_as_the_project_names_it() -> None:
    found = evaluated(
        "import os\nHERE = os.path.dirname(os.path.abspath(__file__))\n"
        "X = open(os.path.join(HERE, 'key.txt')).read()\n"
    )
    assert [message for _, message, _ in found.failures] == ["FileNotFoundError: key.txt"]
