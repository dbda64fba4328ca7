"""Which functions could write what others see: those are run where a library is given them."""

from __future__ import annotations

import pytest
from evaluating import written

from hardango.settings.effects import may_write
from hardango.settings.environment import Environment
from hardango.settings.imports import import_module
from hardango.settings.interpreter import Interpreter
from hardango.settings.values import Function

BEFORE = """
import json, logging, os, somewhere
logger = logging.getLogger(__name__)
LIST, TABLE, DEBUG = [], {}, False
def on():
    global DEBUG
    DEBUG = True
def quiet(x): return x
class Loud:
    def __init__(self): LIST.append(1)
class Quiet:
    def __init__(self): self.x = 1
"""

HARMLESS = {
    "nothing": "def f(): pass",
    "a result": "def f(a, b=1): return a + b",
    "its own names": "def f(): x = 1; x += 2; return [y for y in (x,)]",
    "its own list": "def f(): x = []; x.append(1); x[0] = 2; return x",
    "what it is given": "def f(request): request.user.x = 1; request.META['a'] = 2",
    "methods of what it is given": "def f(query): return query.filter(a=1).order_by('a').first()",
    "a logger": "def f(e): logger.info('%s', e)",
    "what is not known": "def f(e): somewhere.send(e)",
    "json": "def f(e): return json.dumps(e)",
    "a path": "def f(e): return os.path.join(e, 'a')",
    "a harmless function": "def f(e): return quiet(e)",
    "a harmless class": "def f(): return Quiet()",
    "itself": "def f(n): return f(n - 1) if n else 0",
    "super": "def f(self): super().f()",
    "a lambda": "f = lambda e: e.x",
}

WRITES = {
    "global": "def f():\n    global DEBUG\n    DEBUG = True",
    "a list of the module": "def f(): LIST.append(1)",
    "an item of the module": "def f(): TABLE['a'] = 1",
    "in place": "def f():\n    global LIST\n    LIST += [1]",
    "globals()": "def f(): globals()['DEBUG'] = True",
    "setattr": "def f(m): setattr(m, 'DEBUG', True)",
    "exec": "def f(): exec('DEBUG = True', g)",
    "a variable": "def f(): os.environ['A'] = '1'",
    "a variable by a method": "def f(): os.environ.setdefault('A', '1')",
    "an import": "def f():\n    import settings\n    settings.DEBUG = True",
    "through another": "def f(): on()",
    "through a class": "def f(): Loud()",
    "a lambda": "f = lambda: on()",
    "a default": "def f(g=globals()): g['DEBUG'] = True",
    "a function inside": "def f():\n    def g(): LIST.append(1)\n    g()",
}


def made(source: str) -> Function:
    with written({"settings.py": f"{BEFORE}{source}\n"}) as root:
        interpreter = Interpreter(root, (root,), Environment.of({}, closed=True))
        interpreter.family.add("settings")
        found = import_module(interpreter, "settings").scope.bound("f", interpreter.pc)[0].value
    assert isinstance(found, Function)
    return found


@pytest.mark.parametrize("source", HARMLESS.values(), ids=HARMLESS)
def test_it_only_works_on_what_it_is_given(source: str) -> None:
    assert not may_write(made(source), bound=False)


@pytest.mark.parametrize("source", WRITES.values(), ids=WRITES)
def test_it_could_write(source: str) -> None:
    assert may_write(made(source), bound=False)


@pytest.mark.parametrize("change", ["self.g['DEBUG'] = True", "self.g.update(DEBUG=True)"])
def test_an_object_that_is_known_may_hold_anything(change: str) -> None:
    method = made(f"def f(self): {change}")
    assert may_write(method, bound=True)
    assert not may_write(method, bound=False)
