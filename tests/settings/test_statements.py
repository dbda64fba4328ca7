"""Every statement form of Python, as settings use it, with the outcomes that it leaves.

Each row is a settings module and what it sets. In the first tables the environment is closed:
every variable that a row does not give is unset. In the later ones nothing is known of it, and
an outcome says under which condition it holds.
"""

from __future__ import annotations

import textwrap

import pytest
from evaluating import evaluated, outcomes, told, values

TABLE = pytest.mark.parametrize


def source(text: str) -> str:
    return "import os, sys\n" + textwrap.dedent(text)


ASSIGNMENT = {
    "plain": ("A = 1", {"A": 1}),
    "several targets": ("A = B = []\nB.append(1)", {"A": [1], "B": [1]}),
    "tuple": ("A, B = 1, 2", {"A": 1, "B": 2}),
    "swap": ("A, B = 1, 2\nA, B = B, A", {"A": 2, "B": 1}),
    "nested": ("(A, [B, C]), D = (1, (2, 3)), 4", {"A": 1, "B": 2, "C": 3, "D": 4}),
    "starred": ("A, *B, C = range(5)", {"A": 0, "B": [1, 2, 3], "C": 4}),
    "starred and empty": ("A, *B = [1]", {"A": 1, "B": []}),
    "text unpacked": ("A, B = 'xy'", {"A": "x", "B": "y"}),
    "annotated": ("A: int = 1\nB: str", {"A": 1}),
    "item": ("A = {}\nA['x'] = 1\nA['y', 2] = 3", {"A": {"x": 1, ("y", 2): 3}}),
    "nested item": ("A = {'d': {}}\nA['d']['x'] = 1", {"A": {"d": {"x": 1}}}),
    "slice": ("A = [1, 2, 3]\nA[1:] = [9]", {"A": [1, 9]}),
    "attribute": ("class C: pass\nC.x = 1\nA = C.x", {"A": 1}),
    "walrus": ("if (A := 2) > 1: B = A", {"A": 2, "B": 2}),
    "a number added": ("A = 1\nA += 2\nA *= 5\nA -= 1\nA //= 2\nA **= 2\nA %= 10", {"A": 9}),
    "a text added": ("A = 'x'\nA += 'y'", {"A": "xy"}),
    "a list extended in place": ("A = [1]\nB = A\nA += (2,)", {"A": [1, 2], "B": [1, 2]}),
    "a list added anew": ("A = [1]\nB = A\nA = A + [2]", {"A": [1, 2], "B": [1]}),
    "a list repeated in place": ("A = [1]\nB = A\nA *= 2", {"A": [1, 1], "B": [1, 1]}),
    "a tuple added": ("A = B = (1,)\nA += (2,)", {"A": (1, 2), "B": (1,)}),
    "a dict updated in place": ("A = B = {'x': 1}\nA |= {'y': 2}", {"B": {"x": 1, "y": 2}}),
    "a set updated in place": ("A = B = {1}\nA |= {2}", {"B": {1, 2}}),
    "an item added to": ("A = {'x': [1]}\nA['x'] += [2]", {"A": {"x": [1, 2]}}),
    "deleted": ("A = 1\nB = 2\ndel A", {"B": 2}),
    "an item deleted": ("A = {'x': 1, 'y': 2}\ndel A['x']", {"A": {"y": 2}}),
    "a slice deleted": ("A = [1, 2, 3]\ndel A[1:]", {"A": [1]}),
}

CONTROL = {
    "if": ("if 1 > 2: A = 1\nelif 2 > 1: A = 2\nelse: A = 3", {"A": 2}),
    "if on emptiness": (
        "A = 1 if [] else 2\nB = 1 if '' or () or {} or 0 or None else 2",
        {"A": 2, "B": 2},
    ),
    "the classic": ("A = 1 if 'False' else 2", {"A": 1}),
    "for": ("A = []\nfor n in (1, 2, 3): A.append(n * 2)", {"A": [2, 4, 6]}),
    "for over pairs": ("A = {}\nfor k, v in {'x': 1}.items(): A[v] = k", {"A": {1: "x"}}),
    "for, break, else": (
        "for n in [1, 2, 3]:\n    if n == 2: break\n    A = n\nelse: B = 1",
        {"A": 1},
    ),
    "for, continue, else": (
        "A = []\nfor n in [1, 2, 3]:\n    if n == 2: continue\n    A.append(n)\nelse: B = 1",
        {"A": [1, 3], "B": 1},
    ),
    "while": ("A = 10\nwhile A > 3: A -= 2\nelse: B = A", {"A": 2, "B": 2}),
    "while and break": ("A = 0\nwhile True:\n    A += 1\n    if A == 5: break", {"A": 5}),
    "match": (
        "match 'b':\n    case 'a': A = 1\n    case 'b' | 'c': A = 2\n    case _: A = 3",
        {"A": 2},
    ),
    "match on shapes": (
        "match ['x', 1, 2]:\n    case [str(A), *B] if len(B) == 2: pass",
        {"A": "x", "B": [1, 2]},
    ),
    "match on a mapping": (
        "match {'k': 1, 'l': 2}:\n    case {'k': A, **B}: pass",
        {"A": 1, "B": {"l": 2}},
    ),
    "with": ("with open(__file__) as f: A = f.readline()", {"A": "import os, sys\n"}),
    "pass": ("pass\n...\n'a text'\nA = 1", {"A": 1}),
}

EXCEPTIONS = {
    "caught": ("try: A = {}['x']\nexcept KeyError: A = 1", {"A": 1}),
    "caught by a base": ("try: A = {}['x']\nexcept LookupError: A = 1", {"A": 1}),
    "caught by one of several": (
        "try: A = int('x')\nexcept (KeyError, ValueError): A = 1",
        {"A": 1},
    ),
    "caught by the second": (
        "try: A = int('x')\nexcept KeyError: A = 1\nexcept ValueError: A = 2",
        {"A": 2},
    ),
    "what ran before stays": (
        "A = 1\ntry:\n    A = 2\n    1 / 0\n    A = 3\nexcept: B = A",
        {"A": 2, "B": 2},
    ),
    "else": ("try: pass\nexcept: A = 1\nelse: A = 2", {"A": 2}),
    "finally": (
        "try:\n    try: 1 / 0\n    finally: A = 1\nexcept ZeroDivisionError: B = 2",
        {"A": 1, "B": 2},
    ),
    "a class of its own": (
        "class E(Exception): pass\ntry: raise E('m')\nexcept E as e: A = str(e)",
        {"A": "m"},
    ),
    "raised again": (
        "try:\n    try: 1 / 0\n    except Exception: raise\nexcept ZeroDivisionError: A = 1",
        {"A": 1},
    ),
    "raised from a function": (
        "def f(): raise ValueError('x')\ntry: f()\nexcept ValueError as e: A = e.args",
        {"A": ("x",)},
    ),
    "a variable that is unset": (
        "try: A = os.environ['X']\nexcept KeyError: A = None",
        {"A": None},
    ),
    "a module that is absent": ("try: import nowhere_local\nexcept ImportError: A = 1", {"A": 1}),
    "an assertion": ("try: assert not 1, 'no'\nexcept AssertionError: A = 1", {"A": 1}),
    "out of a loop": (
        "try:\n    for n in [1, 2]:\n        A = n\n        raise KeyError\nexcept KeyError: pass",
        {"A": 1},
    ),
}

FUNCTIONS = {
    "defaults": (
        "def f(a, b=2, *c, d=4, **e): return [a, b, c, d, e]\nA = f(1)",
        {"A": [1, 2, (), 4, {}]},
    ),
    "everything given": (
        "def f(a, b=2, *c, d=4, **e): return [a, b, c, d, e]\nA = f(1, 9, 8, d=7, x=6)",
        {"A": [1, 9, (8,), 7, {"x": 6}]},
    ),
    "spread": (
        "def f(*a, **k): return a, k\nA = f(*[1, 2], **{'x': 3})",
        {"A": ((1, 2), {"x": 3})},
    ),
    "positional only": ("def f(a, /, b): return a - b\nA = f(3, b=1)", {"A": 2}),
    "a shared default": (
        "def f(n, l=[]):\n    l.append(n)\n    return l\nf(1)\nA = f(2)",
        {"A": [1, 2]},
    ),
    "early return": (
        "def f(n):\n    if n: return 'yes'\n    return 'no'\nA, B = f(1), f(0)",
        {"A": "yes", "B": "no"},
    ),
    "nothing returned": ("def f(): pass\nA = f()", {"A": None}),
    "closure": ("def f(n):\n    def g(m): return n + m\n    return g\nA = f(1)(2)", {"A": 3}),
    "late binding": ("l = [lambda: n for n in range(3)]\nA = [f() for f in l]", {"A": [2, 2, 2]}),
    "nonlocal": (
        "def f():\n    n = 1\n    def g():\n        nonlocal n\n        n += 1\n    g()\n    return n\nA = f()",
        {"A": 2},
    ),
    "global": ("A = 1\ndef f():\n    global A, B\n    A = B = 2\nf()", {"A": 2, "B": 2}),
    "local": ("A = 1\ndef f():\n    A = 2\n    return A\nB = f()", {"A": 1, "B": 2}),
    "recursion": ("def f(n): return 1 if n < 2 else n * f(n - 1)\nA = f(5)", {"A": 120}),
    "lambda": ("A = (lambda a, b=2: a * b)(3)", {"A": 6}),
    "decorator": (
        "def twice(f):\n    return lambda *a: f(f(*a))\n@twice\ndef g(n): return n + 1\nA = g(1)",
        {"A": 3},
    ),
    "decorator with arguments": (
        "def times(n):\n    def wrap(f): return lambda: [f()] * n\n    return wrap\n@times(2)\ndef g(): return 1\nA = g()",
        {"A": [1, 1]},
    ),
    "generator": (
        "def f():\n    yield 1\n    yield from [2, 3]\nA = list(f())\nB = sum(f())",
        {"A": [1, 2, 3], "B": 6},
    ),
    "an attribute": ("def f(): pass\nf.x = 1\nA = f.x\nB = f.__name__", {"A": 1, "B": "f"}),
    "return through finally": (
        "def f():\n    try: return 1\n    finally: A.append(2)\nA = []\nB = f()",
        {"A": [2], "B": 1},
    ),
}

CLASSES = {
    "attributes": ("class C:\n    a = 1\n    b = a + 1\nA = C.b", {"A": 2}),
    "inheritance": ("class C: a = 1\nclass D(C): b = 2\nA = D.a + D.b", {"A": 3}),
    "the order of bases": (
        "class O: a = 'o'\nclass L(O): pass\nclass R(O): a = 'r'\nclass D(L, R): pass\nA = D.a",
        {"A": "r"},
    ),
    "instances": (
        "class C:\n    def __init__(self, n=1): self.n = n\n    def f(self): return self.n\nA = C(5).f()",
        {"A": 5},
    ),
    "super": (
        "class C:\n    def f(self): return [1]\nclass D(C):\n    def f(self): return super().f() + [2]\nA = D().f()",
        {"A": [1, 2]},
    ),
    "property": ("class C:\n    @property\n    def p(self): return 3\nA = C().p", {"A": 3}),
    "class method": (
        "class C:\n    n = 4\n    @classmethod\n    def f(cls): return cls.n\nA = C.f()",
        {"A": 4},
    ),
    "static method": (
        "class C:\n    @staticmethod\n    def f(n): return n\nA = C.f(5), C().f(6)",
        {"A": (5, 6)},
    ),
    "special methods": (
        (
            "class C:\n    def __getitem__(self, k): return k * 2\n"
            "    def __contains__(self, k): return k == 'x'\n    def __call__(self, n): return n\n"
            "    def __len__(self): return 0\n    def __str__(self): return 's'\n"
            "c = C()\nA = [c['a'], 'x' in c, c(7), bool(c), f'{c}']"
        ),
        {"A": ["aa", True, 7, False, "s"]},
    ),
    "a dict of its own": (
        "class D(dict):\n    def __missing__(self, k): return k\nA = dict(D(x=1))",
        {"A": {"x": 1}},
    ),
    "vars of a class as settings": (
        (
            "class Prod:\n    DEBUG = False\n    SITE_ID = 3\n"
            "for name in dir(Prod):\n    if name.isupper(): globals()[name] = getattr(Prod, name)"
        ),
        {"DEBUG": False, "SITE_ID": 3},
    ),
    "dataclass": (
        "from dataclasses import dataclass\n@dataclass\nclass C:\n    a: int\n    b: int = 2\nA = C(1).a + C(1).b",
        {"A": 3},
    ),
    "a dataclass converted": (
        "from dataclasses import dataclass\n@dataclass\nclass C:\n    a: int\nclass P(C): pass\nA = P(a=4).a",
        {"A": 4},
    ),
}


@TABLE(
    "text, expected",
    [
        pytest.param(*row, id=f"{name}: {form}")
        for name, table in (
            ("assignment", ASSIGNMENT),
            ("control", CONTROL),
            ("exceptions", EXCEPTIONS),
            ("functions", FUNCTIONS),
            ("classes", CLASSES),
        )
        for form, row in table.items()
    ],
)
def test_a_statement_does_what_python_does(text: str, expected: dict[str, object]) -> None:
    found = values(source(text))
    assert {name: found.get(name) for name in expected} == expected
    assert {type(found[name]) for name in expected} == {type(each) for each in expected.values()}
    if "del" in text or "else: B" in text:
        assert set(found) == set(expected)


# -- an environment of which nothing is known ------------------------------------------------------

SET, UNSET = ("DEBUG is set",), ("DEBUG is unset",)
READ = "unknown: read from DEBUG"

OPEN = {
    # The most common mistake of all: the text "False" is true.
    "the classic": (
        'DEBUG = os.environ.get("DEBUG", False)', "DEBUG", [(False, UNSET), (READ, SET)],
    ),
    "a comparison": (
        'DEBUG = os.environ.get("DEBUG") == "True"', "DEBUG",
        [(True, ("DEBUG is 'True'",)), (False, ("DEBUG is not 'True'",))],
    ),
    "a default that is on": (
        'DEBUG = os.environ.get("DEBUG", "True") == "True"', "DEBUG",
        [(True, ("DEBUG is unset or DEBUG is 'True'",)), (False, ("DEBUG is set", "DEBUG is not 'True'"))],
    ),
    "a branch": (
        'if os.environ.get("ENV") == "production": DEBUG = False\nelse: DEBUG = True', "DEBUG",
        [(False, ("ENV is 'production'",)), (True, ("ENV is not 'production'",))],
    ),
    "a presence": (
        'DEBUG = "DEBUG" in os.environ', "DEBUG", [(True, SET), (False, UNSET)],
    ),
    "a branch without an else leaves what was": (
        'DEBUG = False\nif os.environ.get("DEBUG"): DEBUG = True', "DEBUG",
        [(False, ("DEBUG is unset or empty",)), (True, ("DEBUG is not empty",))],
    ),
    "a handler": (
        'try: DEBUG = bool(int(os.environ["DEBUG"]))\nexcept KeyError: DEBUG = True', "DEBUG",
        [(True, UNSET)],
    ),
    "a list that some environments extend": (
        'APPS = ["a"]\nif os.environ.get("EXTRA") == "1": APPS.append("b")\nAPPS += ["c"]', "APPS",
        [(["a", "b", "c"], ("EXTRA is '1'",)), (["a", "c"], ("EXTRA is not '1'",))],
    ),
    "a dict that some environments change": (
        'D = {"h": {"x": 1}}\nif "HOST" in os.environ: D["h"]["x"] = 2', "D",
        [({"h": {"x": 1}}, ("HOST is unset",)), ({"h": {"x": 2}}, ("HOST is set",))],
    ),
    "a function of the environment": (
        'def flag(name, default):\n    return os.environ.get(name, default) == "1"\nA = flag("A", "0")', "A",
        [(True, ("A is '1'",)), (False, ("A is not '1'",))],
    ),
    "a match": (
        'match os.environ.get("ENV"):\n    case "prod" | "stage": A = 1\n    case None: A = 2\n    case _: A = 3',
        "A",
        [(1, ("ENV is 'prod' or ENV is 'stage'",)), (2, ("ENV is unset",)),
         (3, ("ENV is set", "ENV is not 'prod'", "ENV is not 'stage'"))],
    ),
    "conditions that contradict": (
        'if os.environ.get("ENV") == "a":\n    if os.environ.get("ENV") == "b": A = 1\n    else: A = 2\nelse: A = 3',
        "A", [(2, ("ENV is 'a'",)), (3, ("ENV is not 'a'",))],
    ),
    "deleted in some": (
        'A = 1\nif "X" in os.environ: del A', "A", [(1, ("X is unset",))],
    ),
    "a break under a condition": (
        'for A in [1, 2]:\n    if "X" in os.environ: break', "A",
        [(1, ("X is set",)), (2, ("X is unset",))],
    ),
    "a generator under a condition": (
        'def apps():\n    yield "a"\n    if "X" in os.environ: yield "b"\nA = list(apps())', "A",
        [(["a", "b"], ("X is set",)), (["a"], ("X is unset",))],
    ),
}  # fmt: skip


@TABLE("text, name, expected", OPEN.values(), ids=OPEN)
def test_each_environment_has_its_outcome(
    text: str, name: str, expected: list[tuple[object, tuple[str, ...]]]
) -> None:
    found = outcomes(source(text))[name]
    said = {repr(told(value)): _facts(when) for value, when in found}
    for value, when in expected:
        assert said.get(repr(value)) == _facts(when), found


def _facts(when: tuple[str, ...]) -> set[frozenset[str]]:
    """Sentences in any order, alternatives in any order."""
    return {frozenset(sentence.split(" or ")) for sentence in when}


def test_a_module_may_refuse_to_load() -> None:
    """Raising where a variable is missing is a good pattern: production cannot start without."""
    found = evaluated(source('SECRET_KEY = os.environ["SECRET_KEY"]\nDEBUG = False'))
    assert found.loads.describe() == ("SECRET_KEY is set",)
    assert [(outcome.value, outcome.when) for outcome in found["DEBUG"]] == [(False, ())]
    ((condition, message, place),) = found.failures
    assert condition.describe() == ("SECRET_KEY is unset",)
    assert message.startswith("KeyError: SECRET_KEY")
    assert str(place) == "settings.py:2"


@TABLE(
    "text, when",
    [
        ('if not os.environ.get("KEY"): raise RuntimeError("no key")', ("KEY is not empty",)),
        ('assert os.environ.get("KEY"), "no key"', ("KEY is not empty",)),
        ('if "KEY" not in os.environ: sys.exit(1)', ("KEY is set",)),
        ('for key in ("A", "B"):\n    os.environ[key]', ("A is set", "B is set")),
    ],
)
def test_forms_of_refusing(text: str, when: tuple[str, ...]) -> None:
    assert evaluated(source(text)).loads.describe() == when


RAISING_TESTS = {
    "elif": "if 'X' in os.environ: A = 1\nelif {}['no']: A = 2",
    "while": "A = 1\nwhile 'X' not in os.environ or A > 3:\n    A = {1: 2}[A]",
    "guard": (
        "match os.environ.get('X'):\n    case None if {}['no']: A = 2\n    case other: A = 1"
    ),
}


@TABLE("text", RAISING_TESTS.values(), ids=RAISING_TESTS)
def test_a_test_that_raises_leaves_the_other_cases_alone(text: str) -> None:
    found = evaluated(source(text))
    assert found.loads.describe() == ("X is set",)
    assert [(outcome.value, outcome.when) for outcome in found["A"]] == [(1, ())]
    assert {message.partition(":")[0] for _, message, _ in found.failures} == {"KeyError"}


def test_a_module_that_never_loads_says_why() -> None:
    # Its own words may quote a secret, so they are not repeated.
    found = evaluated("DEBUG = False\nraise RuntimeError('not this one')\n")
    assert not found.loads.possible
    assert [message for _, message, _ in found.failures] == ["RuntimeError"]


LOOPS = {
    "appended": ("for h in os.environ['H'].split(','): A.append(h)", "A = []"),
    "extended": ("for h in os.environ['H'].split(','): A += [h.strip()]", "A = []"),
    "built anew": ("for h in os.environ['H'].split(','): A = A + [h]", "A = []"),
    "inserted": ("for h in os.environ['H'].split(','): A.insert(0, h)", "A = []"),
}


@TABLE("loop, before", LOOPS.values(), ids=LOOPS)
def test_a_loop_over_what_is_not_known_gives_any_number_of_items(loop: str, before: str) -> None:
    for value, _ in outcomes(source(f"{before}\n{loop}"))["A"]:
        assert isinstance(value, list)
        assert all(item.several for item in value)


def test_a_count_of_what_is_not_known_is_not_known() -> None:
    found = outcomes(source("N = 0\nfor h in os.environ['H'].split(','): N += 1"))["N"]
    assert {str(told(value)).partition(":")[0] for value, _ in found} <= {"unknown", "0"}


def test_every_outcome_knows_its_place() -> None:
    found = evaluated(
        {
            "base.py": "DEBUG = True\nAPPS = ['a']\n",
            "settings.py": "from base import *\nDEBUG = not DEBUG\nAPPS += ['b']\n",
        }
    )
    assert [str(place) for place in found["DEBUG"].outcomes[0].chain] == [
        "base.py:1",
        "settings.py:2",
    ]
    assert [str(place) for place in found["APPS"].outcomes[0].chain] == [
        "base.py:2",
        "settings.py:3",
    ]


@pytest.mark.parametrize(
    ("raises", "message"),
    [
        ("from lib.exceptions import Refused\nraise Refused('why')", "Refused"),
        ("import lib\nraise lib.kind('why')('other')", "an exception"),
        (
            "import sys\ntry: X = {}['x']\nexcept Exception: raise sys.exc_info()[0]()",
            "an exception",
        ),
    ],
)
def test_an_exception_of_a_class_that_is_not_known_is_named_by_it(
    raises: str, message: str
) -> None:
    found = evaluated("import os\nif 'X' in os.environ:\n" + textwrap.indent(raises, "    "))
    assert [said for _, said, _ in found.failures] == [message]
