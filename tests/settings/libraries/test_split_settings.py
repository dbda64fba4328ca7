"""django-split-settings, held against the library itself and in open environments."""

from __future__ import annotations

import pytest
from tests.settings.evaluating import outcomes
from tests.settings.libraries.agreeing import both

pytest.importorskip("split_settings")

START = "from os import environ\nfrom split_settings.tools import include, optional\n"

PROGRAMS = {
    "one after the other": 'include("base.py", "env/prod.py")',
    "a pattern": 'include("base.py", "parts/*.py")',
    "once each": 'include("base.py", "base.py")\nA.append(2)',
    "an optional file that is not there": 'include("base.py", optional("local.py"), optional(""))',
    "a file that is not there": 'include("nowhere.py")',
    "relative to the including file": 'include("env/nested.py")',
    "in another scope": 'B = 1\ninclude("base.py", scope=globals())',
    "named by a variable": 'include("base.py", f"env/{environ[\'STAGE\']}.py")',
}
FILES = {
    "base.py": "import os\nA = [1]\nDEBUG = False\nFILE = os.path.basename(__file__)\n",
    "env/prod.py": "A += [3]\nDEBUG = not DEBUG\n",
    "env/dev.py": "A += [4]\n",
    "env/nested.py": (
        "from split_settings.tools import include\ninclude('dev2.py', '../base.py')\n"
    ),
    "env/dev2.py": "C = 5\n",
    "parts/one.py": "ONE = 1\n",
}


@pytest.mark.parametrize("name", PROGRAMS)
def test_includes_as_the_library_does(name: str) -> None:
    library, model = both({**FILES, "settings.py": START + PROGRAMS[name]}, {"STAGE": "prod"})
    assert model == library


def test_a_file_named_by_a_variable_is_each_file_that_it_may_be() -> None:
    source = START + 'include("base.py", f"env/{environ[\'STAGE\']}.py")'
    files = {name: FILES[name] for name in ("base.py", "env/prod.py", "env/dev.py")}
    found = outcomes({**files, "settings.py": source})
    # Any other stage has no file, so that the settings do not load: not "dev" is "prod".
    assert found["DEBUG"] == [(False, ("STAGE is 'dev'",)), (True, ("STAGE is not 'dev'",))]
