"""A hostile settings module never crashes the evaluation, never runs, and never takes long.

Every module here is evaluated in a process with an audit hook and must end by itself, with all
bounds kept. What it sets after the hostile part is right or said to be not known.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from programs import program

from hardango.settings import limits

ROOT = Path(__file__).resolve().parents[2]

LIMIT = 0.4
"""Seconds after which these evaluations stop, so that many of them fit into a test run."""

OVERRUN = limits.WITH_ROUTES - limits.SECONDS
"""Seconds that an evaluation may take beyond its limit: 2 in all with the limit that users have."""

MEGABYTES = 200

Evaluate = Callable[..., dict[str, Any]]


@pytest.fixture(scope="module")
def watched() -> Iterator[Evaluate]:
    """Evaluates the settings.py in a directory in a watched process."""
    with subprocess.Popen(
        [sys.executable, "-I", str(Path(__file__).with_name("watching.py")), str(ROOT / "src")],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd="/",
    ) as worker:
        assert worker.stdin is not None and worker.stdout is not None

        def evaluate(root: Path, limit: float = LIMIT) -> dict[str, Any]:
            task = {"root": os.path.realpath(root), "limit": limit}
            worker.stdin.write(json.dumps(task) + "\n")  # type: ignore[union-attr]
            worker.stdin.flush()  # type: ignore[union-attr]
            said = json.loads(worker.stdout.readline())  # type: ignore[union-attr]
            assert "crash" not in said, said["crash"]
            assert not said["seen"]
            # On a machine that is busy or slow, the same work takes longer.
            assert said["cpu"] < limit + OVERRUN * said["slower"]
            assert said["megabytes"] < MEGABYTES
            assert not any("too much memory" in note for note in said.get("notes", ()))
            return said  # type: ignore[no-any-return]

        yield evaluate
        worker.kill()


GROWTH = {
    "power": "X = 10**10**10",
    "power in steps": "X = 10\nfor _ in range(100): X = X ** X",
    "power of a float": "X = 2.0 ** 10 ** 6",
    "negative power": "X = 2 ** -10 ** 9",
    "modular power": "X = pow(3, 10**9, 10**9 + 7)",
    "power by pow()": "X = pow(10, 10**10)",
    "shift": "X = 1 << 10**12",
    "factorial": "def f(n): return n * f(n - 1) if n else 1\nX = f(10**5)",
    "text by number": 'X = "a" * 10**12',
    "bytes by number": 'X = b"a" * 10**12',
    "number by text": 'X = 10**12 * "a"',
    "list by number": "X = [0] * 10**12",
    "tuple by number": "X = (0,) * 10**12",
    "list in place": "X = [0]\nfor _ in range(100): X *= 10",
    "text doubled": 'X = "a"\nfor _ in range(100): X += X',
    "text doubled in a loop": 'X = "a"\nwhile True: X = X + X',
    "list doubled": "X = [0]\nfor _ in range(100): X = X + X",
    "list extended by itself": "X = [0]\nfor _ in range(100): X.extend(X)",
    "list of lists": "X = []\nfor _ in range(100): X = [X, X]",
    "tuple of tuples": "X = ()\nfor _ in range(1000): X = (X, X)",
    "dict of dicts": "X = {}\nfor _ in range(100): X = {'a': X, 'b': X}",
    "dict doubled": "X = {0: 0}\nfor _ in range(100): X.update({len(X) + k: v for k, v in X.items()})",
    "set doubled": "X = {1}\nfor _ in range(100): X |= {x * 2 for x in X} | {x * 3 for x in X}",
    "f-string doubled": 'X = "a"\nfor _ in range(100): X = f"{X}{X}"',
    "join": 'X = "a" * 1000\nfor _ in range(9): X = X.join([X] * 1000)',
    "replace": 'X = "a" * 1000\nfor _ in range(9): X = X.replace("a", "a" * 1000)',
    "replace nothing": 'X = "a" * 9999\nfor _ in range(9): X = X.replace("", "a" * 9999)',
    "zfill": 'X = "1".zfill(10**12)',
    "center": 'X = "1".center(10**12)',
    "ljust": 'X = "1".ljust(10**12, "x")',
    "expandtabs": 'X = ("\\t" * 1000).expandtabs(10**9)',
    "expandtabs by keyword": 'X = ("\\t" * 1000).expandtabs(tabsize=10**9)',
    "bytes center": 'X = b"1".center(10**12)',
    "translate": 'X = ("a" * 1000).translate({97: "b" * 10**5})',
    "percent width": 'X = "%1000000000d" % 1',
    "percent star": 'X = "%*d" % (10**9, 1)',
    "percent precision": 'X = "%.1000000000f" % 1',
    "bytes percent": 'X = b"%1000000000d" % 1',
    "format width": 'X = "{:>99999999999}".format(1)',
    "format nested width": 'X = "{:>{}}".format(1, 10**10)',
    "format width by name": 'X = "{:>{w}}".format(1, w=10**10)',
    "f-string width": 'X = f"{1:>99999999999}"',
    "f-string nested width": 'w = 10**10\nX = f"{1:>{w}}"',
    "format()": 'X = format(1, ">99999999999")',
    "__format__": 'X = (1).__format__(">99999999999")',
    "format many": 'X = ("{0}" * 10000).format("a" * 10000)',
    "format attribute": 'X = "{0.__class__.__mro__}".format(1)',
    "format_map": 'X = "{a:>99999999999}".format_map({"a": 1})',
    "round": "X = round(10**4000, -10**9)",
    "int of digits": 'X = int("9" * 10**6)',
    "int of base 2": 'X = int("1" * 190000, 2) ** 2',
    "str of an int": "X = str(10**4000 ** 4)",
    "divmod": "X = divmod(10**6000, 3)",
    "to_bytes": "X = (1).to_bytes(10**10, 'big')",
    "bytes of a number": "X = bytes(10**10)",
    "bytearray of a number": "X = bytearray(10**10)",
    "bytes of a range": "X = bytes(range(10**10))",
    "list of a range": "X = list(range(10**12))",
    "tuple of a range": "X = tuple(range(10**12))",
    "set of a range": "X = set(range(10**9))",
    "dict of a range": "X = dict.fromkeys(range(10**9))",
    "starred range": "X = [*range(10**12)]",
    "unpacked range": "X, *Y = range(10**12)",
    "called with a range": "def f(*a): return len(a)\nX = f(*range(10**12))",
    "sum of a range": "X = sum(range(10**12))",
    "max of a range": "X = max(range(10**12))",
    "min of a range": "X = min(range(10**12), key=lambda n: -n)",
    "any of a range": "X = any(n < 0 for n in range(10**12))",
    "sorted range": "X = sorted(range(10**12))",
    "in a range": "X = 3.5 in range(10**12)",
    "count in a range": "X = range(10**12).count(3.5)",
    "index in a range": "X = range(10**12).index(10**11)",
    "reversed range": "X = list(reversed(range(10**12)))",
    "map of a range": "X = list(map(str, range(10**12)))",
    "zip of ranges": "X = list(zip(range(10**12), range(10**12)))",
    "enumerate a range": "X = list(enumerate(range(10**12)))",
    "join a range": 'X = ",".join(str(n) for n in range(10**12))',
    "product of ranges": "X = [a for a in range(10**4) for b in range(10**4) for c in range(10**4)]",
    "nested comprehension": "X = [[[[c for c in range(99)] for _ in range(99)] for _ in range(99)] for _ in range(99)]",
    "dict comprehension": "X = {a: b for a in range(10**5) for b in range(10**5)}",
    "slice": "X = 'a' * 10**5\nfor _ in range(10**5): X = X[::-1]",
    "many copies": "X = list(range(19000))\nY = [X[:] for _ in range(10**5)]",
    "equal big lists": "X = list(range(19000))\nY = list(range(19000))\nZ = [X == Y for _ in range(5000)]",
    "big count": "X = list(range(19000))\nY = [X.count(n) for n in X]",
    "big index": "X = [[n] for n in range(4000)]\nY = [x in X for x in X]",
    "big remove": "X = [[n] for n in range(4000)]\nfor x in list(X): X.remove([3999])",
    "big text search": 'X = ("a" * 10**5 + "b") * 1\nY = [X.count("a" * 50 + "b") for _ in range(5000)]',
    "big text split": 'X = [("a," * 90000).split(",") for _ in range(5000)]',
    "big text equal": 'X = "a" * 10**5\nY = [X + "b" == X + "c" for _ in range(5000)]',
    "big sort": "X = [sorted(range(19000)) for _ in range(5000)]",
    "big update": "X = {n: n for n in range(4900)}\nfor _ in range(5000): X |= X",
    "big f-strings": 'X = "a" * 10**5\nY = [f"{X}" for _ in range(5000)]',
    "repr of much": "X = [['a' * 1000] * 1000]\nfor _ in range(5000): Y = repr(X)",
    "hash of much": "X = tuple(range(15000))\nY = {(X, n): n for n in range(4000)}",
    "power of complex": "X = (1j) ** 10**9",
    "decimal": "from decimal import Decimal\nX = Decimal(10) ** Decimal(10**10)\nY = int(Decimal('1e1000000000'))",
    "fraction": "from fractions import Fraction\nX = Fraction('1e1000000000')",
    "timedelta": "from datetime import timedelta\nX = [timedelta(days=n) for n in range(10**9)]",
    "literal of a million items": "X = [" + "1, " * 120_000 + "]",
    "dict of many items": "X = {" + ", ".join(f"{n}: {n}" for n in range(40_000)) + "}",
    "huge text": 'X = "' + "a" * 390_000 + '"',
    "huge number": "X = " + "9" * 4000,
    "huge number in hex": "X = 0x" + "f" * 300_000 + "\nY = X * X",
}  # fmt: skip

ENDLESS = {
    "while": "while True: pass",
    "while that counts": "X = 0\nwhile True: X += 1",
    "while on a variable": "import os\nwhile os.environ.get('A'): X = 1",
    "nested loops": "for a in range(10**4):\n for b in range(10**4):\n  for c in range(10**4): X = a",
    "loop over what grows": "X = [1]\nfor x in X: X.append(x)",
    "recursion": "def f(n): return f(n + 1)\nX = f(0)",
    "recursion in the open": "def f(n=0):\n    f(n)\n    f(n)\n    f(n)\nf()",
    "mutual recursion": "def f(n): return g(n)\ndef g(n): return f(n)\nX = f(0)",
    "fibonacci": "def f(n): return n if n < 2 else f(n - 1) + f(n - 2)\nX = f(35)",
    "ackermann": "def a(m, n): return n + 1 if not m else a(m - 1, a(m, n - 1) if n else 1)\nX = a(4, 4)",
    "lambda": "X = (lambda f: f(f))(lambda f: f(f))",
    "generator": "def g():\n    while True: yield 1\nX = list(g())",
    "generator of itself": "def g(): yield from g()\nX = list(g())",
    "generator first": "def g():\n    n = 0\n    while True:\n        n += 1\n        yield n\nX = next(g())",
    "iter of a function": "X = list(iter(int, 1))",
    "count": "import itertools\nX = list(itertools.count())",
    "cycle": "import itertools\nX = [x for x in itertools.cycle([1])]",
    "product": "import itertools\nX = list(itertools.product(range(100), repeat=10))",
    "permutations": "import itertools\nX = list(itertools.permutations(range(100)))",
    "repeat": "import itertools\nX = list(itertools.repeat(1))",
    "property": "class A:\n    @property\n    def x(self): return self.x\nX = A().x",
    "__getattr__": "class A:\n    def __getattr__(self, name): return getattr(self, name + 'x')\nX = A().x",
    "module __getattr__": "def __getattr__(name): return globals()[name]\nimport settings\nX = settings.Y",
    "__getitem__": "class A(dict):\n    def __getitem__(self, key): return self[key]\nX = A()['a']",
    "__missing__": "class A(dict):\n    def __missing__(self, key): return self[key]\nX = A()['a']",
    "__str__": "class A:\n    def __str__(self): return str(self)\nX = f'{A()}'",
    "__repr__": "class A:\n    def __repr__(self): return repr(self)\nX = repr([A()])",
    "__eq__": "class A:\n    def __eq__(self, other): return self == other\nX = A() == 1",
    "__bool__": "class A:\n    def __bool__(self): return bool(self)\nX = 1 if A() else 2",
    "__len__": "class A:\n    def __len__(self): return len(self)\nX = 1 if A() else 2",
    "__hash__": "class A:\n    def __hash__(self): return hash(self)\nX = {A(): 1}",
    "__iter__": "class A:\n    def __iter__(self): return self\n    def __next__(self): return 1\nX = list(A())",
    "__iter__ of itself": "class A:\n    def __iter__(self): return iter(self)\nX = list(A())",
    "__contains__": "class A:\n    def __contains__(self, x): return x in self\nX = 1 in A()",
    "__call__": "class A:\n    def __call__(self): return self()\nX = A()()",
    "__new__": "class A:\n    def __new__(cls): return A()\nX = A()",
    "__init__": "class A:\n    def __init__(self): self.a = A()\nX = A()",
    "__init_subclass__": "class A:\n    def __init_subclass__(cls):\n        class B(cls): pass\nclass C(A): pass",
    "__enter__": "class A:\n    def __enter__(self):\n        with self: pass\nwith A(): X = 1",
    "__add__": "class A:\n    def __add__(self, other): return self + other\nX = A() + 1",
    "__lt__": "class A:\n    def __lt__(self, other): return self < other\nX = sorted([A(), A(), A()])",
    "sort key": "def k(x): return k(x)\nX = sorted([2, 1], key=k)",
    "sort changes the list": "X = [3, 1, 2]\ndef k(x):\n    X.append(x)\n    return x\nX.sort(key=k)",
    "decorator": "def d(f): return d(f)\n@d\ndef g(): pass",
    "metaclass": "class M(type):\n    def __new__(m, *a): return M(*a)\nclass A(metaclass=M): pass",
    "metaclass call": "class M(type):\n    def __call__(cls): return cls()\nclass A(metaclass=M): pass\nX = A()",
    "bases of itself": "class A: pass\nclass A(A): pass\nfor _ in range(3000):\n    class A(A): pass",
    "many bases": "class A: pass\n" + "".join(f"class B{n}(A): pass\n" for n in range(300)) + f"class C({', '.join(f'B{n}' for n in range(300))}): pass",
    "super": "class A:\n    def f(self): return super().f() if 0 else self.f()\nX = A().f()",
    "set in __setattr__": "class A:\n    def __setattr__(self, n, v): setattr(self, n, v)\nA().x = 1",
    "reduce": "import functools\nX = functools.reduce(lambda a, b: a + a, range(1000), 'a')",
    "partial": "import functools\nf = print\nfor _ in range(5000): f = functools.partial(f)\nX = f()",
    "lru_cache": "import functools\n@functools.lru_cache\ndef f(n): return f(n + 1)\nX = f(0)",
    "exec of itself": "exec(open(__file__).read())",
    "exec of exec": "X = 'exec(X)'\nexec(X)",
    "eval nested": "X = 'eval(X)'\nY = eval(X)",
    "eval of much": "X = eval('+'.join(['1'] * 50000))",
    "eval of brackets": "X = eval('(' * 5000 + ')' * 5000)",
    "exec grows": "X = 'pass'\nfor _ in range(100): X = X + chr(10) + X\nexec(X)",
    "import of itself": "import settings\nfrom settings import *\nX = settings.X",
    "reload of itself": "import importlib, settings\nimportlib.reload(settings)",
    "try in a loop": "while True:\n    try: raise KeyError\n    except KeyError: continue",
    "finally": "def f():\n    while True:\n        try: return 1\n        finally: continue\nX = f()",
    "goto by while else": "while True:\n    for _ in []: pass\n    else: continue",
    "match in a loop": "while True:\n    match 1:\n        case 1: pass",
    "regex": 'import re\nX = re.match("(a+)+$", "a" * 40 + "b")',
    "regex alternatives": 'import re\nX = re.search("(a|aa)+$", "a" * 60 + "b")',
    "regex split": 'import re\nX = re.split("(x+x+)+y", "x" * 40)',
    "regex sub": 'import re\nX = re.sub("a", "b" * 10**5, "a" * 10**5)',
    "regex compiled": 'import re\nX = re.compile("(.*)*(.*)*(.*)*x").fullmatch("a" * 50)',
    "regex findall": 'import re\nX = re.findall("(?=(a+))", "a" * 10**5)',
    "regex of much": 'import re\nX = re.compile("(a{1000}){1000}")',
    "sleep": "import time\ntime.sleep(10**6)",
    "input": "X = input()",
    "stdin": "import sys\nX = sys.stdin.read()",
    "lock": "import threading\nthreading.Lock().acquire(); threading.Lock().acquire()",
    "glob": "import glob\nX = glob.glob('/**', recursive=True)",
    "rglob": "from pathlib import Path\nX = list(Path('/').rglob('*'))",
    "walk": "import os\nX = list(os.walk('/'))",
}  # fmt: skip

LOOPS_IN_DATA = {
    "list in itself": "L = []\nL.append(L)\nX = str(L)\nY = L == L\nZ = [L] * 2",
    "dict in itself": "D = {}\nD['d'] = D\nX = f'{D}'\nY = D == {'d': D}\nD.update(D)",
    "two lists": "A, B = [], []\nA.append(B); B.append(A)\nX = A == B\nY = A in B\nZ = sorted([A, B])",
    "tuple and list": "L = []\nT = (L,)\nL.append(T)\nX = hash(T)",
    "object in itself": "class A: pass\nX = A()\nX.me = X\nX.list = [X]",
    "globals in a setting": "X = globals()\nY = vars()\nZ = {'g': globals()}",
    "module in a setting": "import settings as X\nY = [X, X]",
    "class in itself": "class X: pass\nX.X = X\nY = [X]",
    "function in itself": "def f(): pass\nf.f = f\nX = f.f.f.f",
    "joined itself": "L = ['a']\nL.append(L)\nX = ','.join(map(str, L))",
    "json of itself": "import json\nL = []\nL.append(L)\nX = json.dumps(L)",
    "deep copy of itself": "import copy\nL = []\nL.append(L)\nX = copy.deepcopy(L)",
    "deep list": "X = []\nfor _ in range(4000): X = [X]",
    "deep dict": "X = {}\nfor _ in range(4000): X = {'a': X}",
    "deep tuple": "X = ()\nfor _ in range(4000): X = (X,)\nY = X == X\nZ = {X: 1}",
    "deep union": "import os\nX = []\nfor n in range(300): X = [X] if os.environ.get(f'V{n}') else X",
    "if of itself": "import os\nL = []\nif os.environ.get('A'): L.append(L)\nX = [L, L]\nY = str(L)",
}  # fmt: skip

_FORTY = "\n".join(f"A{n} = os.environ.get('V{n}')" for n in range(40))
CONDITIONS = {
    "forty variables in a list": "import os\nX = []\n"
    + "\n".join(f"if os.environ.get('V{n}'): X.append({n})" for n in range(40)),
    "forty variables in a sum": "import os\nX = 0\n"
    + "\n".join(f"if os.environ.get('V{n}'): X += {1 << n}" for n in range(40)),
    "forty variables in a text": "import os\nX = ''\n"
    + "\n".join(f"X += os.environ.get('V{n}', 'x')" for n in range(40)),
    "forty variables in a dict": "import os\nX = {}\n"
    + "\n".join(f"if os.environ.get('V{n}'): X['k{n}'] = {n}" for n in range(40)),
    "forty variables and more": f"import os\n{_FORTY}\nX = "
    + " and ".join(f"(A{n} or A{(n * 7 + 3) % 40})" for n in range(40)),
    "parity": "import os\nX = False\n"
    + "\n".join(f"X = X != bool(os.environ.get('V{n}'))" for n in range(40)),
    "a majority": f"import os\n{_FORTY}\nX = sum(map(bool, ["
    + ", ".join(f"A{n}" for n in range(40))
    + "])) > 20",
    "a bad order": f"import os\n{_FORTY}\nX = "
    + " or ".join(f"(A{n} and A{n + 20})" for n in range(20)),
    "a tuple of all": f"import os\n{_FORTY}\nX = ("
    + ", ".join(f"1 if A{n} else 2" for n in range(40))
    + ")",
    "nested ifs": "import os\n"
    + "\n".join(" " * n + f"if os.environ.get('V{n}'):" for n in range(90))
    + "\n"
    + " " * 90
    + "X = 1",
    "a long ladder": "import os\nE = os.environ.get('E')\nif E == '': X = 0\n"
    + "\n".join(f"elif E == 'v{n}': X = {n}" for n in range(2000)),
    "a ladder of functions": "import os\ndef f(n):\n    if n == 0: return []\n"
    "    return f(n - 1) + ([n] if os.environ.get(f'V{n}') else [])\nX = f(30)",
    "a loop of conditions": "import os\nX = 1\n"
    "for n in range(2000):\n    if os.environ.get(f'V{n}'): X = X * 3 % 1000",
    "tries": "import os\n"
    + "\n".join(f"try: X{n} = os.environ['V{n}']\nexcept KeyError: X{n} = Y = {n}" for n in range(300)),
    "missing modules": "\n".join(
        f"try:\n    from .local{n} import *\nexcept ImportError: pass" for n in range(200)
    ),
    "many stars": "\n".join(f"from unheard_of_{n} import *\nX{n} = {n}" for n in range(300)),
    "many asserts": "import os\n"
    + "\n".join(f"assert os.environ.get('V{n}') or os.environ.get('W{n}')" for n in range(100)),
    "comprehension of conditions": "import os\n"
    "X = [n for n in range(40) if os.environ.get(f'V{n}')]\nY = sorted(X)\nZ = {n: X for n in X}",
    "many values": "import os\nX = int(os.environ.get('N', '1'))\n"
    "Y = [k for k in range(500) if X == k]\nZ = {1: 2}.get(X, Y)",
    "while on an unknown": "import os\nX = int(os.environ.get('N', '1'))\nY = []\n"
    "while X > 0:\n    X -= 1\n    Y.append(X)\n    if X == 3: break",
}  # fmt: skip

SHAPES = {
    "brackets": "X = " + "(" * 5000 + ")" * 5000,
    "nested lists": "X = " + "[" * 90 + "]" * 90,
    "nested calls": "X = " + "str(" * 80 + "1" + ")" * 80,
    "a long sum": "X = " + "+".join(["1"] * 100_000),
    "a long text sum": "X = " + "+".join(["'a'"] * 40_000),
    "a long and": "X = " + " and ".join(["1"] * 40_000),
    "a long comparison": "X = " + " < ".join(map(str, range(20_000))),
    "a long attribute": "import os\nX = os" + ".a" * 20_000,
    "a long call chain": "X = 'a'" + ".strip()" * 5_000,
    "a long subscript": "import os\nX = os.x" + "[0]" * 20_000,
    "many nots": "X = " + "not " * 20_000 + "1",
    "many minuses": "X = " + "-" * 20_000 + "1",
    "many ifs": "X = " + "1 if 0 else " * 5_000 + "2",
    "many lambdas": "X = " + "lambda: " * 5_000 + "1",
    "many elifs": "if 0: pass\n" + "elif 0: pass\n" * 20_000 + "else: X = 1",
    "deep ifs": "".join(" " * n + "if 1:\n" for n in range(95)) + " " * 95 + "X = 1",
    "deep functions": "".join(" " * n + f"def f{n}():\n" for n in range(18)) + " " * 18 + "return 1\nX = f0()",
    "deep classes": "".join(" " * n + f"class C{n}:\n" for n in range(95)) + " " * 95 + "x = 1\nX = C0",
    "deep f-string": "X = f'{1:{2:{3}}}'",
    "many f-strings": "X = f'" + "{1}" * 20_000 + "'",
    "many statements": "X = 1\n" * 40_000,
    "many names": "".join(f"X{n} = {n}\n" for n in range(20_000)),
    "many functions": "".join(f"def f{n}(): return f{n - 1 if n else 0}()\n" for n in range(2_000)) + "X = f1999()",
    "many arguments": "def f(*a, **k): return len(a)\nX = f(" + "1, " * 20_000 + ")",
    "many targets": "X = " + " = ".join(f"Y{n}" for n in range(3_000)) + " = 1",
    "one long line": "X = 1;" * 30_000,
    "many walruses": "X = [" + ", ".join(f"(y{n} := {n})" for n in range(9_000)) + "]",
    "a deep pattern": "match 1:\n    case " + "[" * 80 + "x" + "]" * 80 + ": pass",
    "many patterns": "match 5:\n" + "".join(f"    case {n}: X = {n}\n" for n in range(5, 9_000)),
    "many excepts": "try: raise KeyError\n" + "".join(f"except (OSError, ValueError) as e{n}: X = {n}\n" for n in range(5_000)) + "except KeyError: X = 1",
    "many decorators": "def d(f): return f\n" + "@d\n" * 3_000 + "def f(): pass",
    "many withs": "with open('a') as f" + ", open('a') as f" * 3_000 + ": X = 1",
}  # fmt: skip

ACTIONS = {
    "system": "import os\nX = os.system('touch ran')",
    "popen": "import os\nX = os.popen('touch ran').read()",
    "fork": "import os\nX = os.fork()",
    "exec": "import os\nos.execv('/bin/true', ['true'])",
    "spawn": "import os\nX = os.spawnlp(os.P_WAIT, 'true')",
    "kill": "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)",
    "_exit": "import os\nos._exit(3)",
    "abort": "import os\nos.abort()",
    "chdir": "import os\nos.chdir('/')\nX = open('etc/passwd').read()",
    "environ": "import os\nos.environ['RAN'] = '1'\nos.putenv('RAN', '1')",
    "remove": "import os, shutil\nos.remove(__file__)\nshutil.rmtree('.')\nos.rename(__file__, 'x')",
    "mkdir": "import os, pathlib\nos.makedirs('made')\npathlib.Path('made').mkdir()\npathlib.Path('x').write_text('x')",
    "write": "open('ran', 'w').write('x')\nopen(__file__, 'a').write('x')\nopen('ran', mode='x')",
    "write by flags": "import os\nX = os.open('ran', os.O_CREAT | os.O_WRONLY)",
    "subprocess": "import subprocess\nX = subprocess.run(['touch', 'ran'], capture_output=True).stdout.decode().strip()",
    "check_output": "from subprocess import check_output as c\nX = c('touch ran', shell=True)",
    "socket": "import socket\nX = socket.create_connection(('127.0.0.1', 9))\nY = socket.gethostbyname(socket.gethostname())",
    "urlopen": "import urllib.request\nX = urllib.request.urlopen('http://127.0.0.1:9/').read()",
    "thread": "import threading\nthreading.Thread(target=open, args=('ran', 'w')).start()",
    "process": "import multiprocessing\nmultiprocessing.Process(target=open, args=('ran', 'w')).start()",
    "signal": "import signal\nsignal.signal(signal.SIGTERM, open)\nsignal.alarm(1)",
    "atexit": "import atexit\natexit.register(open, 'ran', 'w')",
    "ctypes": "import ctypes\nX = ctypes.CDLL(None).system(b'touch ran')",
    "pickle": "import pickle\nX = pickle.loads(b\"cos\\nsystem\\n(S'touch ran'\\ntR.\")",
    "marshal": "import marshal, types\nX = types.FunctionType(marshal.loads(b'x'), {})()",
    "yaml": "import yaml\nX = yaml.load('!!python/object/apply:os.system [touch ran]', yaml.UnsafeLoader)",
    "import by call": "X = __import__('os').system('touch ran')",
    "import by importlib": "import importlib\nX = importlib.import_module('os').system('touch ran')",
    "import of own": "import antigravity, this\nimport sitecustomize, helper\nX = helper.X",
    "builtins": "import builtins\nX = builtins.open('ran', 'w')\nY = builtins.exec('open(\"ran\", \"w\")')",
    "through the class": "X = [c for c in ().__class__.__base__.__subclasses__() if c.__name__ == 'Popen']\nY = X[0]('touch ran')",
    "through a function": "def f(): pass\nX = f.__globals__['__builtins__'].open('ran', 'w')\nY = f.__code__.replace(co_code=b'')",
    "through a frame": "import sys\nX = sys._getframe().f_builtins['open']('ran', 'w')\nY = sys._current_frames()",
    "through gc": "import gc, inspect\nX = gc.get_objects()\nY = inspect.stack()",
    "through the loader": "X = __loader__.get_data('/etc/passwd')\nY = __spec__.loader",
    "through a native type": "X = str.__subclasses__()\nY = type(1).__dict__\nZ = (1).__class__.__mro__[1].__subclasses__()",
    "through a path": "from pathlib import Path\nX = Path('/etc/passwd').read_text()\nY = Path(__file__).parent.parent.parent.joinpath('etc', 'passwd').read_bytes()\nZ = list(Path('/').iterdir())",
    "a path with a driver": "from pathlib import PosixPath\nX = PosixPath('/etc').glob('pass*')\nY = [p.open().read() for p in X]\nPosixPath('ran').touch()",
    "outside by dots": "X = open('../../../../../etc/passwd').read()\nY = open(__file__ + '/../../../etc/hostname').read()",
    "outside by absolute": "X = open('/etc/passwd').read()\nY = open('/proc/self/environ').read()\nZ = open('/dev/zero').read()",
    "outside by number": "X = open(0).read()\nY = open(1, 'w').write('x')",
    "nul in a path": "X = open('a\\0b').read()\nimport os\nY = os.path.exists('a\\0b')\nfrom pathlib import Path\nZ = Path('a\\0b').exists()",
    "surrogates in a path": "X = open('\\udcff').read()\nimport os\nY = os.listdir('\\ud800')",
    "long path": "import os\nX = os.path.exists('a' * 100000)\nY = open('/'.join(['a'] * 50000)).read()",
    "strange names": "import os\nX = os.environ['\\0']\nY = os.environ.get('=')\nos.environ['\\0'] = '1'\nglobals()['\\0'] = 1\nsetattr(__import__('settings'), '', 1)",
    "sys.path outside": "import sys\nsys.path.insert(0, '/usr/lib/python3')\nsys.path.append('/tmp')\nimport helper\nX = 1",
    "sys.modules": "import sys\nsys.modules['os'] = None\nimport os\nX = os.getcwd()",
    "sys.exit": "import sys\nsys.exit(3)",
    "raise SystemExit": "raise SystemExit",
    "KeyboardInterrupt": "raise KeyboardInterrupt",
    "setrecursionlimit": "import sys\nsys.setrecursionlimit(10**9)\ndef f(): return f()\nX = f()",
    "settrace": "import sys\nsys.settrace(print)\nsys.setprofile(print)\nsys.addaudithook(print)",
    "breakpoint": "breakpoint()",
    "print": "print('x' * 1000, file=open('ran', 'w'))",
    "breaks builtins": "import builtins\nbuiltins.len = None\nopen = None\nX = len([1])",
    "a name of a native": "str = 1\nint = str\nX = isinstance(1, int)",
    "del builtins": "del __builtins__\ndel __name__\ndel __file__\nX = __name__",
    "names of its own": "__name__ = 1\n__file__ = 2\n__package__ = 3\nfrom . import helper\nX = __file__",
    "type of everything": "X = type('A', (int, str, dict), {})()\nY = type('B', (1,), 2)\nZ = type(1, 2, 3)",
    "wrong calls": "X = len()\n",
    "wrong calls caught": "def t(f, *a, **k):\n    try: return f(*a, **k)\n    except Exception as e: return e\n"
    "X = [t(f) for f in (len, sorted, map, zip, getattr, isinstance, open, exec, eval, super, sum, next, range, type, print, int, dict, set, bytes)]\n"
    "Y = [t(f, 1, 2, 3, 4, a=1) for f in (len, sorted, map, zip, getattr, isinstance, open, exec, eval, super, sum, next, range, type, print, int, dict, set, bytes)]",
    "wrong methods": "def t(o, m, *a):\n    try: return getattr(o, m)(*a)\n    except Exception as e: return e\n"
    "X = [t(o, m, *a) for o in ('a', [1], {'a': 1}, {1}, (1,), 1) for m in ('append', 'extend', 'insert', 'pop', 'update', 'get', 'setdefault', 'join', 'split', 'format', 'add', 'remove', 'sort', 'index', 'count', 'items', 'copy') for a in ((), (1,), (None,), ([1],), (1, 2), ('a', 'b', 'c'))]",
    "wrong operators": "def t(f):\n    try: return f()\n    except Exception as e: return e\nV = (1, 'a', b'a', None, [1], {'a': 1}, {1}, (1,), 1.5, t, t(int), type)\n"
    "X = [t(lambda: a + b) for a in V for b in V]\nY = [t(lambda: a % b) for a in V for b in V]\nZ = [t(lambda: a < b) for a in V for b in V]\nW = [t(lambda: a[b]) for a in V for b in V]\nU = [t(lambda: a in b) for a in V for b in V]\nS = [t(lambda: a | b) for a in V for b in V]\nR = [t(lambda: -a) for a in V]\nQ = [t(lambda: a * b) for a in V for b in V]",
    "await": "async def f(): return await g()\nX = f()\nasync def g():\n    async with a as b: pass\n    async for x in y: pass\nY = [f(), g()]",
    "yield at the top of a lambda": "X = list((lambda: (yield 1))())",
    "star of nothing": "def f(a, *b, c=1, **d): return a\nX = f(*[], **{})",
    "del of everything": "X = [1]\ndel X[0], X\ndel X",
    "nonlocal": "def f():\n    x = 1\n    def g():\n        nonlocal x\n        del x\n    g()\n    return x\nX = f()",
    "exception groups": "try: raise ExceptionGroup('a', [KeyError()])\nexcept* KeyError as e: X = e.exceptions",
    "raise from": "try: raise KeyError from ValueError\nexcept KeyError as e: X = e.__cause__\nraise X",
    "raise nothing": "raise",
    "raise a number": "raise 1",
    "except a number": "try: raise KeyError\nexcept 1: X = 1",
    "global in a class": "class A:\n    global X\n    X = 1\n    del X",
    "annotations": "X: 1 / 0 = 1\nY: (yield) = 2\ndef f(a: 1 / 0) -> 1 / 0: pass",
}  # fmt: skip


@pytest.mark.parametrize(
    "source",
    [
        pytest.param(source, id=f"{table}-{name}".replace(" ", "_"))
        for table, sources in (
            ("growth", GROWTH),
            ("endless", ENDLESS),
            ("loops", LOOPS_IN_DATA),
            ("conditions", CONDITIONS),
            ("shapes", SHAPES),
            ("actions", ACTIONS),
        )
        for name, source in sources.items()
    ],
)
def test_it_ends_and_nothing_runs(source: str, tmp_path: Path, watched: Evaluate) -> None:
    (tmp_path / "helper.py").write_text("open('ran', 'w')\nX = 1\n")
    (tmp_path / "settings.py").write_text(f"FIRST = 1\n{source}\nAFTER = [1, 'two']\n", "utf-8")
    before = sorted(tmp_path.rglob("*"))
    said = watched(tmp_path)
    assert sorted(tmp_path.rglob("*")) == before
    if "unreadable" in said:
        assert "settings.py" in said["unreadable"]
        return
    for value, *_ in said["claims"].get("AFTER", ()):
        assert value == "[1, 'two']" or value.startswith("<unknown"), value
    assert said["claims"].get("AFTER") or said["notes"] or said["failures"]


def test_with_the_limits_that_users_have(tmp_path: Path, watched: Evaluate) -> None:
    (tmp_path / "settings.py").write_text(ENDLESS["nested loops"])
    watched(tmp_path, limits.SECONDS)


def test_a_urlconf_has_what_the_settings_left(tmp_path: Path, watched: Evaluate) -> None:
    """Both take all they can get; together they take no longer."""
    loops = ENDLESS["nested loops"]
    (tmp_path / "settings.py").write_text(f"ROOT_URLCONF = 'urls'\n{loops}")
    (tmp_path / "urls.py").write_text(loops)
    said = watched(tmp_path, limits.SECONDS)
    assert said["routes"] == [] and said["unresolved"]


@pytest.mark.parametrize(
    "name",
    ["text doubled in a loop", "list of lists", "big sort", "while", "nested loops", "fibonacci",
     "generator of itself", "exec of itself", "regex", "product"],
)  # fmt: skip
def test_a_urlconf_ends_and_nothing_runs(name: str, tmp_path: Path, watched: Evaluate) -> None:
    source = {**GROWTH, **ENDLESS}[name]
    view = "class View:\n" + "".join(f"    {line}\n" for line in source.split("\n"))
    (tmp_path / "settings.py").write_text("ROOT_URLCONF = 'urls'\nDEBUG = False")
    (tmp_path / "views.py").write_text(f"{source}\n{view}    attribute = X")
    (tmp_path / "urls.py").write_text(
        "from django.urls import path\nfrom views import View, X\n"
        f"urlpatterns = [path('a', View), path('b', View.attribute), path('c', X)]\n{source}"
    )
    said = watched(tmp_path)
    assert said["routes"] or said["unresolved"]
    assert [value for value, *_ in said["claims"]["DEBUG"]] == ["False"]


# -- files -----------------------------------------------------------------------------------------


def _fifty_megabytes(root: Path) -> None:
    (root / "settings.py").write_text(
        "from big import *\nX = open('big.py').read()\nDEBUG = False\n"
    )
    with open(root / "big.py", "w") as file:
        file.write("DEBUG = True\n")
        file.truncate(50 << 20)


def _many_files(root: Path) -> None:
    (root / "settings.py").write_text(
        "\n".join(f"from m{n} import *" for n in range(400)) + "\nDEBUG = False\n"
    )
    for number in range(400):
        (root / f"m{number}.py").write_text("# " + "x" * 20_000 + f"\nX{number} = {number}\n")


def _import_chain(root: Path) -> None:
    (root / "settings.py").write_text("from m0 import *\nDEBUG = False\n")
    for number in range(300):
        (root / f"m{number}.py").write_text(f"from m{number + 1} import *\nX = {number}\n")


def _import_circle(root: Path) -> None:
    (root / "settings.py").write_text("from a import *\nDEBUG = False\n")
    (root / "a.py").write_text("from b import *\nfrom settings import *\nA = 1\n")
    (root / "b.py").write_text("import a\nfrom a import *\nB = getattr(a, 'A', 2)\n")


def _link_circle(root: Path) -> None:
    (root / "settings.py").write_text(
        "import os, glob\nfrom loop.loop.settings import *\n"
        "X = os.listdir('loop')\nY = glob.glob('**/*', recursive=True)\nDEBUG = False\n"
    )
    (root / "loop").symlink_to(root)
    (root / "self").symlink_to(root / "self")
    (root / "self.py").symlink_to(root / "self.py")


def _link_out(root: Path) -> None:
    (root / "out.py").symlink_to("/etc/passwd")
    (root / "out").symlink_to("/etc")
    (root / "settings.py").write_text(
        "import out\nX = open('out/passwd').read()\nY = open('out.py').read()\n"
        "from pathlib import Path\nZ = [p.read_text() for p in Path('out').glob('host*')]\n"
        "W = list(Path('out').iterdir())\nDEBUG = False\n"
    )


def _link_out_itself(root: Path) -> None:
    (root / "settings.py").symlink_to("/etc/passwd")


def _directory(root: Path) -> None:
    (root / "settings.py").mkdir()


def _pipe(root: Path) -> None:
    os.mkfifo(root / "pipe")
    os.mkfifo(root / "mod.py")
    (root / "settings.py").write_text(
        "X = open('pipe').read()\ntry:\n    import mod\nexcept ImportError: pass\nDEBUG = False\n"
    )


def _unreadable(root: Path) -> None:
    (root / "settings.py").write_text(
        "X = open('secret').read()\nfrom mod import *\nDEBUG = False\n"
    )
    for name in ("secret", "mod.py"):
        (root / name).write_text("Y = 1\n")
        (root / name).chmod(0)


def _json_bomb(root: Path) -> None:
    (root / "deep.json").write_text("[" * 100_000)
    (root / "wide.json").write_text("[" + "1," * 150_000 + "1]")
    (root / "number.json").write_text('{"a": 1' + "0" * 10_000 + "}")
    (root / "settings.py").write_text(
        "import json\ndef load(name):\n    try: return json.load(open(name))\n"
        "    except Exception: return None\n"
        "X = [load(name) for name in ('deep.json', 'wide.json', 'number.json')]\nDEBUG = False\n"
    )


def _yaml_bomb(root: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    for number in range(1, 12):
        lines.append(f"a{number}: &a{number} [" + ", ".join([f"*a{number - 1}"] * 9) + "]")
    (root / "bomb.yml").write_text("\n".join(lines))
    (root / "settings.py").write_text(
        "import yaml\nX = yaml.safe_load(open('bomb.yml'))\nY = str(X)\nZ = X == X\nDEBUG = False\n"
    )


def _ini_bomb(root: Path) -> None:
    lines = ["[a]", "x0 = xxxxxxxxxx"]
    for number in range(1, 10):
        lines.append(f"x{number} = " + f"%(x{number - 1})s" * 10)
    (root / "bomb.ini").write_text("\n".join(lines))
    (root / "settings.py").write_text(
        "import configparser\nC = configparser.ConfigParser()\nC.read('bomb.ini')\n"
        "X = C.get('a', 'x9')\nDEBUG = False\n"
    )


def _toml_bomb(root: Path) -> None:
    (root / "bomb.toml").write_text("a" + ".a" * 50_000 + " = 1\n" + "x = " + "[" * 5_000)
    (root / "settings.py").write_text(
        "import tomllib\nX = tomllib.load(open('bomb.toml', 'rb'))\nDEBUG = False\n"
    )


def _dotenv_bomb(root: Path) -> None:
    lines = ["A0=xxxxxxxxxx"]
    for number in range(1, 12):
        lines.append(f"A{number}=" + f"${{A{number - 1}}}" * 10)
    (root / ".env").write_text("\n".join(lines))
    (root / "settings.py").write_text(
        "import os, environ, dotenv\ndotenv.load_dotenv('.env')\nenviron.Env.read_env('.env')\n"
        "X = os.environ['A11']\nY = os.path.expandvars('$A11')\nDEBUG = False\n"
    )


FILES = {
    function.__name__.strip("_"): function
    for function in (
        _fifty_megabytes, _many_files, _import_chain, _import_circle, _link_circle, _link_out,
        _link_out_itself, _directory, _pipe, _unreadable, _json_bomb, _yaml_bomb, _ini_bomb,
        _toml_bomb, _dotenv_bomb,
    )
}  # fmt: skip


@pytest.mark.parametrize("make", FILES.values(), ids=FILES)
def test_files_are_bounded_and_inside(
    make: Callable[[Path], None], tmp_path: Path, watched: Evaluate
) -> None:
    make(tmp_path)
    said = watched(tmp_path)
    assert "root:" not in json.dumps(said), "the content of a file outside was read"
    if "unreadable" not in said:
        assert all(
            value == "False" or value.startswith("<unknown")
            for value, *_ in said["claims"]["DEBUG"]
        )


ENCODINGS = {
    "bom": (b"\xef\xbb\xbfDEBUG = False\n", "False"),
    "declared latin-1": (b"# coding: latin-1\nDEBUG = False\nNAME = '\xe9'\n", "False"),
    "carriage returns": (b"DEBUG = False\r\nX = 1\rY = 2\n", "False"),
    "form feeds": (b"\x0cDEBUG = False\n\x0c\n", "False"),
    "no newline at the end": (b"DEBUG = False", "False"),
    "nothing": (b"", None),
    "latin-1": (b"DEBUG = False\nNAME = '\xe9'\n", "unreadable"),
    "utf-16": ("DEBUG = False\n".encode("utf-16"), "unreadable"),
    "an unheard-of coding": (b"# coding: klingon\nDEBUG = False\n", "unreadable"),
    "a coding that runs": (b"# coding: rot13\nQROHT = Snyfr\n", "unreadable"),
    "nul": (b"DEBUG = False\0\n", "unreadable"),
    "only nuls": (b"\0" * 1000, "unreadable"),
    "python 2": (b"print 'hello'\nDEBUG = False\n", "unreadable"),
    "python 2 except": (b"try: pass\nexcept KeyError, e: pass\n", "unreadable"),
    "a newer syntax": (b"DEBUG = False\nlet x = 1\n", "unreadable"),
    "a conflict": (
        b"<<<<<<< HEAD\nDEBUG = False\n=======\nDEBUG = True\n>>>>>>> x\n",
        "unreadable",
    ),
    "a template": (b"DEBUG = {{ debug }}\nSECRET_KEY = '{% key %}'\n{% if x %}\n", "unreadable"),
    "binary": (bytes(range(256)) * 40, "unreadable"),
    "mixed tabs": (b"if 1:\n\tDEBUG = False\n        X = 1\n", "unreadable"),
}


@pytest.mark.parametrize("content, expected", ENCODINGS.values(), ids=ENCODINGS)
def test_what_this_python_cannot_parse_is_said(
    content: bytes, expected: str | None, tmp_path: Path, watched: Evaluate
) -> None:
    (tmp_path / "settings.py").write_bytes(content)
    said = watched(tmp_path)
    if expected == "unreadable":
        assert said["unreadable"].startswith("settings.py")
    else:
        assert [value for value, *_ in said["claims"].get("DEBUG", ())] == [expected] * bool(
            expected
        )

    (tmp_path / "settings.py").write_text("DEBUG = True\nfrom broken import *\n")
    (tmp_path / "broken.py").write_bytes(content)
    said = watched(tmp_path)
    if expected == "unreadable":
        assert any("broken.py" in note for note in said["notes"])
        assert all(value.startswith("<unknown") for value, *_ in said["claims"]["DEBUG"])


# -- at random -------------------------------------------------------------------------------------

TOKENS = (
    "if else elif for while def class return yield import from as with try except finally raise "
    "lambda and or not in is None True False global del pass break continue match case async await "
    "os environ get DEBUG settings * ** + - / // % @ ( ) [ ] { } : , . = == := += |= < > ! ; ~ -> "
    "'a' \"b\" f'{a}' 0 1 10**9 ... _ x y self __name__ __file__ exec eval open super type str list "
    "dict range len \n \n\n \n    \n        \t"
).split(" ")

AT_RANDOM = settings(
    max_examples=150,
    derandomize=True,
    database=None,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


@AT_RANDOM
@given(words=st.lists(st.sampled_from(TOKENS), max_size=60))
def test_random_tokens(words: list[str], tmp_path: Path, watched: Evaluate) -> None:
    (tmp_path / "settings.py").write_text(" ".join(words).replace("\n ", "\n"))
    watched(tmp_path)


@AT_RANDOM
@given(data=st.data())
def test_random_changes_of_real_settings(
    data: st.DataObject, tmp_path: Path, watched: Evaluate
) -> None:
    """A program that lost, doubled or swapped some of its lines and words, and may still parse."""
    lines = program(lambda count: data.draw(st.integers(0, count - 1)))["settings.py"].split("\n")
    for _ in range(data.draw(st.integers(1, 4))):
        index = data.draw(st.integers(0, len(lines) - 1))
        change = data.draw(st.integers(0, 3))
        if change == 0:
            lines[index] = lines[index].replace(
                data.draw(st.sampled_from(["1", "a", "(", "STR", "os.environ.get"])),
                data.draw(st.sampled_from(["None", "[]", "x", "str", "globals()", "7", "type"])),
            )
        elif change == 1:
            lines.insert(index, lines[data.draw(st.integers(0, len(lines) - 1))])
        elif change == 2:
            lines[index] = lines[index].strip()
        else:
            del lines[index : index + 1]
            lines = lines or [""]
    (tmp_path / "settings.py").write_text("\n".join(lines))
    watched(tmp_path)


def test_the_watch_would_see_it(tmp_path: Path) -> None:
    """The watch watches: a model that ran something, wrote or read elsewhere would be seen."""
    source = (
        "import sys; sys.path.insert(0, sys.argv[2])\n"
        "import json, os, watching\n"
        "seen = []\n"
        "watching.watch(sys.argv[3], seen)\n"
        "for act in (lambda: os.system('true'), lambda: open('/etc/passwd'),\n"
        "            lambda: exec(compile('1', 'settings.py', 'exec')),\n"
        "            lambda: exec('1'), lambda: open(sys.argv[3] + '/new', 'w')):\n"
        "    before = len(seen)\n"
        "    act()\n"
        "    assert len(seen) > before, act\n"
        "print(len(seen))\n"
    )
    done = subprocess.run(
        [
            sys.executable,
            "-c",
            source,
            str(ROOT / "src"),
            str(Path(__file__).parent),
            str(tmp_path),
        ],
        capture_output=True,
        cwd=tmp_path,
        text=True,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
