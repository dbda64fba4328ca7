"""How settings modules are made of others: every way to import, include, read and name them.

Files are given by their paths, settings.py is evaluated; what is expected is what Python has.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from evaluating import evaluated, outcomes, told, values, written

from hardango.findings import Place
from hardango.settings.environment import Environment
from hardango.settings.evaluate import CannotEvaluate, evaluate
from hardango.settings.outcomes import Unknown

Files = dict[str, str]

BASE = "A = 1\nB = [1]\n_HIDDEN = 1\nlower = 1\n"

IMPORTS: dict[str, tuple[Files, dict[str, object]]] = {
    "a star": ({"base.py": BASE, "settings.py": "from base import *\nC = A + lower"}, {"A": 1, "B": [1], "C": 2}),
    "a star leaves out underscores": (
        {"base.py": BASE, "settings.py": "from base import *\nC = '_HIDDEN' in globals()"}, {"C": False},
    ),
    "a star takes what __all__ names": (
        {"base.py": BASE + "__all__ = ['A', '_HIDDEN']", "settings.py": "from base import *\nC = ['B' in vars(), _HIDDEN]"},
        {"A": 1, "C": [False, 1]},
    ),
    "an __all__ that grows": (
        {"base.py": "__all__ = ['A']\nA = B = 1\n__all__ += ['B']", "settings.py": "from base import *"}, {"A": 1, "B": 1},
    ),
    "a later star wins": (
        {"a.py": "A = 1\nB = 1", "b.py": "A = 2", "settings.py": "from a import *\nfrom b import *"}, {"A": 2, "B": 1},
    ),
    "a star over an assignment": ({"b.py": "A = 2", "settings.py": "A = 1\nfrom b import *"}, {"A": 2}),
    "an assignment over a star": ({"b.py": "A = 2", "settings.py": "from b import *\nA = 1"}, {"A": 1}),
    "a chain": (
        {"a.py": "A = [1]", "b.py": "from a import *\nA += [2]", "settings.py": "from b import *\nA += [3]"}, {"A": [1, 2, 3]},
    ),
    "one object in two modules": (
        {"a.py": "A = []", "b.py": "from a import A\nA.append(1)", "settings.py": "import b\nfrom a import A"}, {"A": [1]},
    ),
    "names": ({"base.py": BASE, "settings.py": "from base import A, B as C, _HIDDEN as D"}, {"A": 1, "C": [1], "D": 1}),
    "a module": ({"base.py": BASE, "settings.py": "import base\nA = base.A\nbase.B.append(2)\nC = base.B"}, {"A": 1, "C": [1, 2]}),
    "a module under a name": ({"base.py": BASE, "settings.py": "import base as b\nA = b.A"}, {"A": 1}),
    "a package": (
        {"conf/__init__.py": "A = 1", "conf/x.py": "B = 2", "settings.py": "import conf.x\nfrom conf import A\nB = conf.x.B"},
        {"A": 1, "B": 2},
    ),
    "a submodule by from": (
        {"conf/__init__.py": "", "conf/x.py": "B = 2", "settings.py": "from conf import x\nB = x.B"}, {"B": 2},
    ),
    "a package without __init__": ({"conf/x.py": "B = 2", "settings.py": "from conf.x import B"}, {"B": 2}),
    "relative": (
        {"conf/__init__.py": "from .base import *\nfrom . import base as b\nC = b.A", "conf/base.py": "A = 1", "settings.py": "from conf import *"},
        {"A": 1, "C": 1},
    ),
    "relative to a parent": (
        {"conf/__init__.py": "", "conf/base.py": "A = 1", "conf/env/__init__.py": "", "conf/env/prod.py": "from ..base import *\nB = A + 1",
         "settings.py": "from conf.env.prod import *"},
        {"A": 1, "B": 2},
    ),
    "a circle": (
        {"a.py": "A = 1\nimport b\nC = b.B", "b.py": "import a\nB = a.A + 1", "settings.py": "from a import A, C"}, {"A": 1, "C": 2},
    ),
    "a circle through a star": (
        {"a.py": "A = 1\nfrom b import *", "b.py": "from a import *\nB = A + 1", "settings.py": "from a import *"}, {"A": 1, "B": 2},
    ),
    "a module runs once": (
        {"n.py": "import os\nos.environ['N'] = os.environ.get('N', '') + 'x'", "settings.py": "import n, n\nimport os\nA = os.environ['N']"},
        {"A": "x"},
    ),
    "inside a function": ({"base.py": BASE, "settings.py": "def f():\n    from base import A\n    return A\nC = f()"}, {"C": 1}),
    "under a name that is computed": (
        {"base.py": BASE, "settings.py": "import importlib\nm = importlib.import_module('ba' + 'se')\nA = m.A"}, {"A": 1},
    ),
    "by importlib, relative": (
        {"conf/__init__.py": "import importlib\nA = importlib.import_module('.x', __name__).A", "conf/x.py": "A = 3", "settings.py": "from conf import A"},
        {"A": 3},
    ),
    "by __import__": ({"base.py": BASE, "settings.py": "A = __import__('base').A"}, {"A": 1}),
    "all names of a module": (
        {"base.py": BASE, "settings.py": "import base\nfor n in dir(base):\n    if n.isupper() and n[0] != '_': globals()[n] = getattr(base, n)"},
        {"A": 1, "B": [1]},
    ),
    "vars of a module": (
        {"base.py": BASE, "settings.py": "import base\nglobals().update({k: v for k, v in vars(base).items() if k.isupper() and k[0] != '_'})"},
        {"A": 1, "B": [1]},
    ),
    "a module beside, by sys.path": (
        {"lib/extra.py": "A = 1", "settings.py": "import os, sys\nsys.path.insert(0, os.path.join(os.path.dirname(__file__), 'lib'))\nfrom extra import A"},
        {"A": 1},
    ),
    "a module beside, by pathlib": (
        {"lib/extra.py": "A = 1", "settings.py": "import sys\nfrom pathlib import Path\nsys.path.append(str(Path(__file__).resolve().parent / 'lib'))\nfrom extra import A"},
        {"A": 1},
    ),
    "the project's own module hides an installed one": ({"yaml.py": "A = 1", "settings.py": "from yaml import A"}, {"A": 1}),
    "an absent module": ({"settings.py": "try:\n    from nowhere_local import *\nexcept ImportError: A = 2"}, {"A": 2}),
    "an absent submodule": (
        {"conf/__init__.py": "try:\n    from .local import *\nexcept ImportError: A = 2", "settings.py": "from conf import A"}, {"A": 2},
    ),
    "an absent name": ({"base.py": BASE, "settings.py": "try:\n    from base import Z\nexcept ImportError: A = 2"}, {"A": 2}),
    "a module that fails": (
        {"b.py": "A = 1\nraise ImportError('no')", "settings.py": "try:\n    from b import A\nexcept ImportError: A = 2"}, {"A": 2},
    ),
}  # fmt: skip

NAMESPACES: dict[str, tuple[Files, dict[str, object]]] = {
    "globals()": ({"settings.py": "globals()['A'] = 1\nB = globals()['A'] + 1\nC = globals().get('Z', 3)"}, {"A": 1, "B": 2, "C": 3}),
    "globals().update": ({"settings.py": "globals().update(A=1, **{'B': 2})\nglobals().update({'C': A + B})"}, {"A": 1, "B": 2, "C": 3}),
    "globals().setdefault": ({"settings.py": "A = 1\nglobals().setdefault('A', 5)\nglobals().setdefault('B', 6)"}, {"A": 1, "B": 6}),
    "globals().pop": ({"settings.py": "Z = 1\nA = globals().pop('Z')\nB = 'Z' in globals()"}, {"A": 1, "B": False}),
    "locals().update": ({"settings.py": "locals().update({'A': 1})"}, {"A": 1}),
    "locals()[…]": ({"settings.py": "locals()['A'] = 1"}, {"A": 1}),
    "vars()": ({"settings.py": "vars()['A'] = 1\nvars().update(B=A)"}, {"A": 1, "B": 1}),
    "setattr on the module": ({"settings.py": "import sys\nsetattr(sys.modules[__name__], 'A', 1)\nB = getattr(sys.modules[__name__], 'A')"}, {"A": 1, "B": 1}),
    "the module as an object": ({"settings.py": "import sys\nme = sys.modules[__name__]\nme.A = 1\nB = hasattr(me, 'A')"}, {"A": 1, "B": True}),
    "names in a loop": ({"settings.py": "for i, n in enumerate('AB'): globals()[n] = i\nC = [A, B]"}, {"A": 0, "B": 1, "C": [0, 1]}),
    "del globals()": ({"settings.py": "A = B = 1\ndel globals()['A']"}, {"B": 1}),
    "in a function": ({"settings.py": "def f(): globals()['A'] = 1\nf()"}, {"A": 1}),
    "exec of a text": ({"settings.py": "exec('A = 1')\nB = A"}, {"A": 1, "B": 1}),
    "exec of a file": (
        {"other.txt": "A = 1\nB += [2]", "settings.py": "import os\nB = [1]\nexec(open(os.path.join(os.path.dirname(__file__), 'other.txt')).read())"},
        {"A": 1, "B": [1, 2]},
    ),
    "exec of compiled": (
        {"other.txt": "A = 1", "settings.py": "import os\np = os.path.dirname(__file__) + '/other.txt'\nexec(compile(open(p, 'rb').read(), p, 'exec'), globals())"},
        {"A": 1},
    ),
    "exec in a namespace of its own": ({"settings.py": "ns = {}\nexec('A = 1', ns)\nB = 'A' in globals()"}, {"B": False}),
    "exec in a dict": ({"settings.py": "ns = {'B': 1}\nexec('A = B + 1', ns)\nC = [ns['A'], ns['B']]"}, {"C": [2, 1]}),
    "eval": ({"settings.py": "A = eval('1 + 1')"}, {"A": 2}),
    "a text of a file": (
        {"VERSION": "1.2\n", "settings.py": "import os\nA = open(os.path.join(os.path.dirname(__file__), 'VERSION')).read().strip()"}, {"A": "1.2"},
    ),
    "data of a file": (
        {"c.json": '{"a": [1, null]}', "settings.py": "import json\nfrom pathlib import Path\nA = json.loads((Path(__file__).parent / 'c.json').read_text())['a']"},
        {"A": [1, None]},
    ),
    "special names": ({"settings.py": "import os\nA = [__name__, os.path.basename(__file__), __package__, __doc__]"}, {"A": ["settings", "settings.py", "", None]}),
    "argv is no test run": ({"settings.py": "import sys\nA = 'test' in sys.argv"}, {"A": False}),
    "nor is a part of it": (
        {"settings.py": "import sys\nA = any('pytest' in each for each in sys.argv)\nB = sys.argv[0] == 'py.test'"}, {"A": False, "B": False},
    ),
}  # fmt: skip


@pytest.mark.parametrize(
    "files, expected",
    [pytest.param(*row, id=name) for table in (IMPORTS, NAMESPACES) for name, row in table.items()],
)
def test_modules_are_put_together_as_python_does(files: Files, expected: dict[str, object]) -> None:
    found = values(files)
    assert {name: found.get(name) for name in expected} == expected
    assert real(files, expected) == expected, "the row itself is wrong"


def real(files: Mapping[str, str], names: Mapping[str, object]) -> object:
    """What Python has for the same files, in a process of its own."""
    load = (
        "import sys; sys.path.insert(0, sys.argv[1]); sys.argv = ['gunicorn']; import settings;"
        f"print({{n: getattr(settings, n, None) for n in {list(names)!r}}})"
    )
    with written(files) as root:
        done = subprocess.run(
            [sys.executable, "-S", "-c", load, root],
            env={"PATH": os.environ.get("PATH", ""), "PYTHONDONTWRITEBYTECODE": "1"},
            capture_output=True,
            text=True,
            timeout=30,
        )
    assert done.returncode == 0, done.stderr
    return eval(done.stdout)


# -- what is not in the repository -----------------------------------------------------------------

LOCAL_FILE = "conf/local.py, which is not in the repository"
LOCAL = "try:\n    from .local import *\nexcept ImportError:\n    pass\n"


def test_a_local_file_could_override() -> None:
    """The idiom leaves what was set before conditional, and what comes after untouched."""
    found = outcomes(
        {"conf/__init__.py": "", "conf/prod.py": f"DEBUG = False\n{LOCAL}SITE_ID = 1\n"},
        module="conf.prod",
    )
    assert [(told(value), when) for value, when in found["DEBUG"]] == [
        (False, ("conf/local.py does not exist",)),
        (
            "unknown: False, unless conf/local.py, which is not in the repository, overrides it",
            ("conf/local.py exists",),
        ),
    ]
    assert found["SITE_ID"] == [(1, ())]


def test_a_package_without_init_holds_what_is_installed_too() -> None:
    """The project's `shop/` and a distribution's are one package then."""
    files = {
        "shop/x.py": "",
        "settings.py": "import shop.x, shop.config\n"
        "try: A = shop.config.read()\nexcept AttributeError: A = 1\nB = 2\n",
    }
    found = outcomes(files)
    assert [told(value) for value, _ in found["A"]] == ["unknown: the result of shop.config.read()"]
    assert found["B"] == [(2, ())]


def test_the_report_says_that_a_local_file_could_override() -> None:
    found = evaluated(
        {"conf/__init__.py": "", "conf/prod.py": f"DEBUG = False\n{LOCAL}"}, module="conf.prod"
    )
    assert any("conf/local.py is not in the repository" in note.message for note in found.notes)


def test_a_local_file_could_set_what_nobody_sets() -> None:
    found = evaluated({"conf/__init__.py": "", "conf/prod.py": LOCAL}, module="conf.prod")
    assert [(told(each.value), each.when) for each in found["SECURE_HSTS_SECONDS"]] == [
        (f"unknown: Django's default 0, unless {LOCAL_FILE}, sets it", ("conf/local.py exists",)),
        (0, ("conf/local.py does not exist",)),
    ]


def test_with_a_closed_environment_what_is_absent_is_absent() -> None:
    files = {"conf/__init__.py": "", "conf/prod.py": f"DEBUG = False\n{LOCAL}"}
    assert values(files, module="conf.prod") == {"DEBUG": False}


def test_a_local_file_that_is_there_is_read() -> None:
    files = {
        "conf/__init__.py": "",
        "conf/prod.py": f"DEBUG = False\n{LOCAL}",
        "conf/local.py": "DEBUG = True\n",
    }
    assert outcomes(files, module="conf.prod")["DEBUG"] == [(True, ())]


def test_a_star_import_that_is_not_known_may_override() -> None:
    found = outcomes("DEBUG = False\nfrom company_defaults import *\nSITE_ID = 1\n")
    ((debug, when),) = found["DEBUG"]
    assert isinstance(debug, Unknown) and "company_defaults" in debug.reason and when == ()
    assert found["SITE_ID"] == [(1, ())]


def test_a_file_that_cannot_be_parsed_may_override() -> None:
    found = evaluated(
        {"settings.py": "DEBUG = False\nfrom broken import *\n", "broken.py": "print 'hello'\n"}
    )
    assert all(isinstance(outcome.value, Unknown) for outcome in found["DEBUG"])
    assert any("broken.py:1: it is Python 2" in note.message for note in found.notes)


def test_settings_in_a_newer_python_are_evaluated() -> None:
    text = r"""
d = {'x': 'y'}
A = f"a{d["x"]}"
B = f'{'\n'.join([f"{d["x"]}", 'z'])}'
type n = int | Missing
class c[T](list[T]): size: T = 2
D = c.size
try:
    E = d['z']
except ImportError, KeyError:
    E = 1
"""
    assert values(text) == {
        "A": "ay", "B": "y\nz", "D": 2, "E": 1,
    }  # fmt: skip


def test_a_missing_file_is_a_condition() -> None:
    found = outcomes(
        "import os\nDEBUG = os.path.exists('debug.flag')\n"
        "try:\n    KEY = open('secret.txt').read()\nexcept FileNotFoundError:\n    KEY = 'x'\n"
    )
    assert dict(found["DEBUG"]) == {
        True: ("debug.flag exists",),
        False: ("debug.flag does not exist",),
    }
    assert {when for _, when in found["KEY"]} == {
        ("secret.txt exists",),
        ("secret.txt does not exist",),
    }


def test_an_import_that_somebody_prepared_for_is_a_condition() -> None:
    found = outcomes("try:\n    import debug_toolbar\n    A = 1\nexcept ImportError:\n    A = 2\n")
    assert found["A"] == [
        (1, ("debug_toolbar is installed",)),
        (2, ("debug_toolbar is not installed",)),
    ]


def test_an_import_that_the_lock_file_names_is_there() -> None:
    found = outcomes(
        "try:\n    import debug_toolbar\n    A = 1\nexcept ImportError:\n    A = 2\n",
        installed=frozenset({"debug_toolbar"}),
    )
    assert found["A"] == [(1, ())]


def test_a_module_by_a_name_of_the_environment_is_each_that_it_may_be() -> None:
    found = outcomes(
        {
            "settings.py": (
                "import os\nif os.environ.get('ENV') == 'prod': from prod import *\n"
                "else: from dev import *\nSITE_ID = 1\n"
            ),
            "prod.py": "DEBUG = False\n",
            "dev.py": "DEBUG = True\n",
        }
    )
    assert found["DEBUG"] == [(False, ("ENV is 'prod'",)), (True, ("ENV is not 'prod'",))]
    assert found["SITE_ID"] == [(1, ())]


def test_a_module_that_some_cases_imported_before_runs_in_the_others() -> None:
    found = outcomes(
        {
            "settings.py": (
                "import os\nif 'X' in os.environ:\n    import base\n    base.A.append(2)\n"
                "import base\nA = base.A\n"
            ),
            "base.py": "A = [1]\n",
        }
    )
    assert sorted(found["A"], key=str) == [([1, 2], ("X is set",)), ([1], ("X is unset",))]


def test_a_name_that_is_not_known_may_be_any_name() -> None:
    found = outcomes("import os\nDEBUG = False\nglobals()[os.environ['NAME']] = 1\n")
    assert all(isinstance(value, Unknown) for value, _ in found["DEBUG"])


def test_a_text_that_is_not_known_may_set_anything_when_run() -> None:
    found = evaluated("import os\nDEBUG = False\nexec(os.environ['CODE'])\n")
    assert all(isinstance(outcome.value, Unknown) for outcome in found["DEBUG"])
    assert any("exec()" in note.message for note in found.notes)


# -- what cannot be read ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    "files, message",
    [
        ({"other.py": ""}, "the settings module settings was not found"),
        (
            {"settings/other.py": ""},
            "the settings module settings is a directory without __init__.py",
        ),
        ({"settings.py": "print 'x'"}, "settings.py:1: it is Python 2"),
        ({"settings.py": "a = = 1"}, "settings.py:1: this Python cannot parse it"),
    ],
)
def test_a_module_that_cannot_be_read_is_said(files: Files, message: str) -> None:
    with pytest.raises(CannotEvaluate, match=message.replace("(", r"\(")):
        evaluated(files)


def test_nothing_outside_the_root_is_imported(tmp_path: Path) -> None:
    (tmp_path / "outside.py").write_text("A = 1\n")
    root = tmp_path / "project"
    root.mkdir()
    (root / "linked.py").symlink_to(tmp_path / "outside.py")
    (root / "settings.py").write_text(
        "import sys\nsys.path.insert(0, '..')\nsys.path.insert(0, __file__ + '/../..')\n"
        "import outside, linked\nB = outside.A\nC = linked.A\n"
    )
    found = evaluate(
        "settings",
        root=str(root),
        import_roots=(str(root),),
        environment=Environment(),
        strict=True,
    )
    for name in ("B", "C"):
        assert all(isinstance(outcome.value, Unknown) for outcome in found[name])


def test_what_holds_unless_a_file_overrides_it_is_said_of_switches_alone() -> None:
    """A key or a list is not repeated; what the project does not set has Django's default."""
    source = "DEBUG, SITE_ID, SECRET_KEY = True, 3, 'a-secret'\nfrom elsewhere import *\n"
    found = evaluated(source)
    said = {
        name: found[name].outcomes[0].value.reason
        for name in ("DEBUG", "SITE_ID", "SECRET_KEY", "SECURE_SSL_REDIRECT", "X_FRAME_OPTIONS")
    }
    assert said == {
        "DEBUG": "True, unless elsewhere overrides it",
        "SITE_ID": "3, unless elsewhere overrides it",
        "SECRET_KEY": "may be overridden by elsewhere",
        "SECURE_SSL_REDIRECT": "Django's default False, unless elsewhere sets it",
        "X_FRAME_OPTIONS": "elsewhere",
    }


def test_two_that_may_override_are_both_named() -> None:
    found = evaluated("from one import *\nfrom other import *\n")
    reason = found["SECURE_SSL_REDIRECT"].outcomes[0].value.reason
    assert reason == "Django's default False, unless one, or other sets it"


def test_a_switch_keeps_what_holds_through_several_that_may_override() -> None:
    found = evaluated("DEBUG = False\nfrom one import *\nfrom other import *\n")
    assert found["DEBUG"].outcomes[0].value.reason == "False, unless one or other overrides it"


@pytest.mark.parametrize("line", ["{% if site.sentry %}", "import {{ site.package }}"])
def test_a_template_of_settings_is_named_as_one(line: str) -> None:
    with pytest.raises(CannotEvaluate, match=r"settings\.py:2: it is a template of settings"):
        evaluated(f"import os\n{line}\n")


@pytest.mark.parametrize(
    "source, imported",
    [
        ("import sentry_sdk", {"sentry_sdk": ()}),
        ("from sentry_sdk.integrations import django", {"sentry_sdk": ()}),
        ("import os\nif 'X' in os.environ:\n    import silk", {"os": (), "silk": ("X is set",)}),
        ("try:\n    import silk\nexcept ImportError:\n    pass", {"silk": ("silk is installed",)}),
        ("import environ", {"environ": ()}),
        ("from base import *", {}),
        ("", {}),
    ],
)
def test_what_is_imported_is_told(source: str, imported: dict[str, tuple[str, ...]]) -> None:
    found = evaluated({"settings.py": source, "base.py": ""})
    assert {name: when.describe() for name, when in found.imported.items()} == imported


def test_files_that_production_has_in_another_place() -> None:
    files = {
        "conf/__init__.py": "",
        "conf/base.py": "A = 1",
        "conf/key.txt": "old",
        "deploy/live.py": "from .base import *\nB = __file__[-17:]\nC = open('conf/key.txt').read()",
        "deploy/key": "new",
    }
    placed = {
        "conf/settings.py": ("deploy/live.py", Place("Dockerfile", 3)),
        "conf/key.txt": ("deploy/key", Place("Dockerfile", 4)),
    }
    with written(files) as root:
        found = evaluate("conf.settings", root=root, import_roots=(root,), placed=placed)
    assert [found[name].outcomes[0].value for name in "ABC"] == [1, "/conf/settings.py", "new"]
    assert str(found["B"].outcomes[0].chain[-1]) == "deploy/live.py:2"
    assert [(note.message, str(note.place)) for note in found.notes] == [
        ("production has deploy/live.py as conf/settings.py", "Dockerfile:3"),
        ("production has deploy/key as conf/key.txt", "Dockerfile:4"),
    ]


PACKAGE = {"shop/__init__.py": "A = 1", "shop/conf.py.template": ""}


@pytest.mark.parametrize(
    ("text", "known"),
    [
        ("from shop import conf\nB = conf.KEY", False),
        ("from shop import A, conf\nB = A", True),
        (
            "try:\n    from shop import conf\n    B = conf.KEY\nexcept ImportError:\n    B = 1",
            False,
        ),
    ],
)
def test_a_part_of_a_package_that_only_production_has(text: str, known: bool) -> None:
    found = evaluated({**PACKAGE, "settings.py": text})
    assert found.loads.possible
    assert all(isinstance(each.value, Unknown) for each in found["B"].outcomes) != known or any(
        "does not exist" in " ".join(each.condition.describe()) for each in found["B"].outcomes
    )
    (note,) = found.notes
    assert note.message.startswith(
        "shop/conf.py is not in the repository, which has shop/conf.py.template for it"
    )


@pytest.mark.parametrize("text", ["from shop import CONF", "from shop.x import conf"])
def test_a_name_that_no_file_can_give(text: str) -> None:
    found = evaluated({**PACKAGE, "shop/x.py": "", "settings.py": text})
    assert not found.loads.possible


INJECTING = [
    "import_modules('mitol.settings.base')",
    "lib.configure(modules=['shop.settings'])",
    "lib.load(__name__)",
    "lib.load(sys.modules[__name__])",
]


@pytest.mark.parametrize("call", INJECTING)
def test_a_library_that_binds_names_here(call: str) -> None:
    found = evaluated(
        f"import lib, sys\nfrom lib import import_modules\nA = 1\n{call}\nB = 2\nC = NAME + 'x'\n"
    )
    assert found.loads.possible
    assert isinstance(found["A"].outcomes[0].value, Unknown)
    assert found["B"].outcomes[0].value == 2
    assert found.overridable


def test_a_name_that_nothing_binds_was_bound_by_a_call() -> None:
    found = evaluated("import lib\nA = 1\nlib.setup('x')\nB = NAME\nC = 1\n")
    assert found.loads.possible
    assert found["C"].outcomes[0].value == 1
    assert [note.message for note in found.notes] == [
        "nothing that was read binds NAME: setup() at settings.py:3 must have done it"
    ]


def test_a_name_that_failed_to_be_bound_was_not_bound_by_a_call() -> None:
    """What cannot be read in the cases in which production does not start is no name of a library:
    taking it for one made every setting unknown."""
    found = evaluated(
        "import lib, os\nA = 1\nlib.setup('x')\n"
        "def required(name):\n    try:\n        return os.environ[name]\n"
        "    except KeyError:\n        raise ValueError(name)\n"
        "HOST = required('HOST')\nURL = f'redis://{HOST}'\nB = 2\n"
    )
    assert found["A"].outcomes[0].value == 1
    assert [each.value for each in found["B"].outcomes] == [2]
    assert not found.overridable
    assert not [note for note in found.notes if "must have done it" in note.message]


@pytest.mark.parametrize(
    "text",
    [
        "B = NAME",
        "import lib\nX = lib.setup('x')\nB = NAME",
        "import logging\nlogging.basicConfig()\nB = NAME",
        "import lib\nB = NAME\nlib.setup('x')",
        "def f():\n    import lib\n    lib.setup()\nB = NAME",
    ],
)
def test_a_name_that_nothing_can_have_bound(text: str) -> None:
    assert not evaluated(text).loads.possible


@pytest.mark.parametrize(
    "call", ["lib.init('https://a.b', env='prod')", "lib.load('settings.toml')", "lib.f(1)"]
)
def test_other_calls_bind_nothing(call: str) -> None:
    found = evaluated(f"import lib\nA = 1\n{call}\n")
    assert found["A"].outcomes[0].value == 1
    assert not found.overridable and not found.notes


@pytest.mark.parametrize(
    ("source", "known"),
    [
        ("", True),
        ("REST_FRAMEWORK = {}", True),
        ("import lib\nlib.init(1)", True),
        # Each of these may set a name that nobody has named.
        ("import lib\nlocals().update(lib.common())", False),
        ("import lib\nlib.configure(globals())", False),
        (
            "import local_settings\nfor k in dir(local_settings):\n    locals()[k] = getattr(local_settings, k)",
            False,
        ),
    ],
)
def test_a_setting_that_django_does_not_have_may_be_set_by_what_is_not_read(
    source: str, known: bool
) -> None:
    """It was taken for absent, and the default of its library told as a sure weakness."""
    cases = list(evaluated(source).cases("REST_FRAMEWORK", "DEBUG"))
    unread = [case for case in cases if isinstance(case["REST_FRAMEWORK"], Unknown)]
    assert bool(unread) is not known
    assert not any(case.outcomes["REST_FRAMEWORK"].default for case in unread)
    assert known or all(isinstance(case["DEBUG"], Unknown) for case in cases)
