"""Every expression form of Python, and the methods and functions that settings use.

Each row is an expression and its value, first in a closed environment, where Python itself says
what is right, then in one of which nothing is known.
"""

from __future__ import annotations

import builtins
import os

import pytest
from evaluating import evaluated, outcomes, told, values

from hardango.settings.outcomes import Unknown

NAMES = """
import os, sys
WORDS = ["b", "a", "c"]
SIZES = {"x": 1, "y": 2}
TEXT = " One,two "
"""

KNOWN = {
    "constants": "[None, True, 1, 2.5, 1j.imag, 'a', b'a', ..., 0x1F, 1_000, 'a' 'b', r'\\d']",
    "containers": "[[1], (1,), {'a': 1}, {1}, [], (), {}, set()]",
    "spreads": "[*WORDS, *'xy'], (*WORDS,), {*[1], *(2,)}, {**SIZES, 'x': 3, **{'z': 4}}",
    "arithmetic": "[7 + 2, 7 - 2, 7 * 2, 7 / 2, 7 // 2, 7 % 2, 7 ** 2, -7, +7, ~7]",
    "bits": "[6 & 3, 6 | 3, 6 ^ 3, 1 << 4, 16 >> 2, True + 1]",
    "text arithmetic": "'a' + 'b', 'ab' * 2, 2 * 'ab', 'a' in 'ab', 'ab'[0], 'abc'[::-1]",
    "list arithmetic": "[1] + [2], [1] * 2, (1,) + (2,), [1, 2][-1], [1, 2, 3][1:], (1, 2, 3)[:2]",
    "dict and set arithmetic": "SIZES | {'z': 3}, {1, 2} & {2}, {1} | {2}, {1, 2} - {2}, {1} ^ {2}",
    "comparisons": "[1 < 2 < 3, 1 < 2 > 3, 1 == 1.0, 'a' < 'b', [1] == [1], (1, 2) < (1, 3), 1 != 2]",
    "identity": "[None is None, SIZES is not None, True is True, [] is []]",
    "membership": "['a' in WORDS, 'z' not in WORDS, 'x' in SIZES, 1 in (1, 2), 3 in {1, 2}]",
    "and, or, not": "[1 and 2, 0 and 2, 1 or 2, 0 or '' or 'x', not [], not 'False', None or False]",
    "conditional": "['y' if WORDS else 'n', 'y' if '' else 'n']",
    "walrus": "[(n := 3), n + 1]",
    "lambda": "(lambda a, b=2, *c, **d: [a, b, c, d])(1, 5, 6, x=7)",
    "comprehensions": "[w * 2 for w in WORDS if w != 'a'], {w: len(w) for w in WORDS}, {len(w) for w in WORDS}",
    "nested comprehensions": "[(a, b) for a in range(3) for b in range(a) if a + b > 1]",
    "generator": "sum(n * n for n in range(4)), list(n for n in 'ab'), ','.join(w for w in WORDS)",
    "f-strings": "f'{WORDS[0]}-{SIZES[\"x\"]:03d}-{TEXT!r}-{{}}-{1 + 1}-{\"x\":>{4}}-{1=}'",
    "percent": "'%s/%d/%05.1f/%%/%r' % ('a', 2, 3.14159, 'q'), '%(x)s' % SIZES, '%s' % WORDS",
    "format": "'{} {1}'.format if 0 else '{0}{1}{0}|{a[x]}|{b:>4}'.format(1, 2, a=SIZES, b='z')",
    "slices": "'abcdef'[1:5:2], [1, 2, 3, 4][::-1], (1, 2, 3)[-2:], 'abc'[10:], WORDS[:-1]",
    "text methods": (
        "[TEXT.strip(), TEXT.upper(), TEXT.split(','), TEXT.replace('O', '0'), TEXT.find('t'), "
        "TEXT.strip().partition(','), TEXT.startswith(' O'), 'a'.zfill(3), 'ab'.center(6, '-'), "
        "'a-b_c'.rsplit('_', 1), 'x'.join('abc'), 'Ab'.swapcase(), 'a b'.title(), '\\n'.isspace(), "
        "'a\\nb'.splitlines(), 'abc'.removeprefix('a').removesuffix('c'), 'é'.encode(), 'a'.isalpha(), "
        "'aXb'.casefold(), 'a{}'.format(1), 'ab'.translate({97: 'z'}), 'x=1'.rpartition('=')]"
    ),
    "bytes": "[b'ab'.decode(), b'ab'.hex(), b'ab'[0], b'a' + b'b', bytes([65]), 'a'.encode('utf-16-le')]",
    "list methods": "[WORDS.index('a'), WORDS.count('a'), WORDS.copy(), sorted(WORDS), WORDS[::-1]]",
    "dict methods": (
        "[SIZES.get('x'), SIZES.get('q', 5), list(SIZES), list(SIZES.items()), list(SIZES.values()), "
        "dict(SIZES, z=3), dict([('a', 1)]), dict(zip('ab', (1, 2))), dict.fromkeys('ab', 0), "
        "SIZES.copy().pop('x'), {**SIZES}.setdefault('n', 4), len(SIZES)]"
    ),
    "set methods": "[sorted({1}.union([2])), {1, 2}.issuperset({1}), sorted({1, 2}.difference([1])), {1}.isdisjoint({2})]",
    "conversions": (
        "[int('7'), int('1f', 16), int(2.9), float('1.5'), str(1.0), bool('False'), bool(''), bool('0'), "
        "list('ab'), tuple([1]), set([1]), dict(a=1), bytes('a', 'ascii'), complex(1), frozenset([1]) == {1}]"
    ),
    "functions": (
        "[len(WORDS), max(WORDS), min([3, 1]), sum([1, 2], 10), abs(-1), round(2.567, 1), divmod(7, 2), "
        "pow(2, 5), sorted(WORDS, reverse=True), sorted(SIZES, key=SIZES.get), list(reversed(WORDS)), "
        "list(enumerate(WORDS, 1)), list(zip(WORDS, [1, 2])), list(map(str.upper, WORDS)), "
        "list(map(lambda a, b: a + b, [1], [2])), list(filter(None, [0, 1, ''])), any([0, 1]), all([]), "
        "list(range(2, 8, 3)), chr(65), ord('A'), hex(255), bin(5), repr('a'), ascii('é'), "
        "isinstance(1, int), isinstance(True, int), isinstance('a', (int, str)), issubclass(bool, int), "
        "callable(len), max(WORDS, key=lambda w: -ord(w)), min([], default=3), next(iter([4]))]"
    ),
    "types": "[type(1) is int, type('a') == str, type([]).__name__, type(None) is type(None)]",
    "attributes": "[getattr('a', 'upper')(), hasattr('a', 'nothing'), getattr('a', 'nothing', 3), (1).real]",
    "equal keys": "{1: 'a', True: 'b', 1.0: 'c'}",
    "truth of a text": "[bool(x) for x in ('False', '0', 'no', ' ', '')]",
    "eval": "eval('[n for n in range(3)]')",
}  # fmt: skip


@pytest.mark.parametrize("expression", KNOWN.values(), ids=KNOWN)
def test_an_expression_is_what_python_says(expression: str) -> None:
    names: dict[str, object] = {}
    exec(NAMES, names)
    expected = eval(expression, names)
    found = values(f"{NAMES}\nA = {expression}\n")["A"]
    assert found == expected
    assert repr(found) == repr(expected)


RAISES = {
    "[][0]": "IndexError",
    "{}['x']": "KeyError",
    "{'a': 1}.pop('b')": "KeyError",
    "int('x')": "ValueError",
    "int(None)": "TypeError",
    "[].remove(1)": "ValueError",
    "['a'].index('b')": "ValueError",
    "{1}.remove(2)": "KeyError",
    "1 / 0": "ZeroDivisionError",
    "'a' + 1": "TypeError",
    "nothing": "NameError",
    "'a'.nothing": "AttributeError",
    "len(1)": "TypeError",
    "next(iter([]))": "StopIteration",
    "{[]: 1}": "TypeError",
    "{([],): 1}": "TypeError",
    "[1] + (2,)": "TypeError",
    "'%d' % 'a'": "TypeError",
    "'{}'.format()": "IndexError",
    "'{a}'.format()": "KeyError",
    "max([])": "ValueError",
    "[] < 1": "TypeError",
    "sorted([1, 'a'])": "TypeError",
    "dict().get(1)[0]": "TypeError",
    "dict().get(1)()": "TypeError",
    "(lambda: 1)(2)": "TypeError",
    "(lambda a: 1)()": "TypeError",
    "[*1]": "TypeError",
    "dict([1])": "TypeError",
    "getattr(1, 'x')": "AttributeError",
    "iter(1)": "TypeError",
    "next([1])": "TypeError",
    "os.environ['NOTHING']": "KeyError",
    "-'a'": "TypeError",
    "'a' in 1": "TypeError",
    "float('x')": "ValueError",
}


@pytest.mark.parametrize("expression, error", RAISES.items(), ids=RAISES)
def test_what_raises_in_python_raises(expression: str, error: str) -> None:
    assert issubclass(getattr(builtins, error), Exception)
    with pytest.raises(getattr(builtins, error)):
        eval(expression, {"os": os})
    found = evaluated(f"import os\nA = {expression}\n", closed=True)
    assert not found.loads.possible
    assert [message.partition(":")[0] for _, message, _ in found.failures] == [error]


# -- parts that are not known stay local -----------------------------------------------------------

U = "unknown"
PARTLY = {
    "an item": ("[1, X]", [1, U]),
    "an item of a tuple": ("(1, X)", (1, U)),
    "a value": ("{'a': 1, 'b': X}", {"a": 1, "b": U}),
    "a nested value": ("{'a': {'b': [X]}}", {"a": {"b": [U]}}),
    "a list added": ("[1] + call() + [2]", [1, U, 2]),
    "a list spread": ("[1, *call(), 2]", [1, U, 2]),
    "a tuple added": ("(1,) + call()", (1, U)),
    "a third-party call": ("{'a': call(1)}", {"a": U}),
    "an attribute": ("[call.x.y]", [U]),
    "mapped": ("[w + '!' for w in ['a', X]]", ["a!", U]),
}


@pytest.mark.parametrize("expression, expected", PARTLY.values(), ids=PARTLY)
def test_the_rest_stays_known(expression: str, expected: object) -> None:
    text = f"import os\nfrom somewhere import call\nX = os.environ['X']\nA = {expression}\n"
    ((value, _),) = outcomes(text)["A"]

    def shape(value: object) -> object:
        if isinstance(value, Unknown):
            return U
        if isinstance(value, dict):
            return {shape(key): shape(each) for key, each in value.items()}
        if isinstance(value, (list, tuple)):
            return type(value)(map(shape, value))
        return value

    assert shape(value) == expected


STARTS = {
    "f-string": ("f'https://{X}/y'", "https://"),
    "sum": ("'https://' + X + '/y'", "https://"),
    "percent": ("'https://%s/y' % X", "https://"),
    "format": ("'https://{}/y'.format(X)", "https://"),
    "join": ("'/'.join(['https:', '', X])", "https://"),
}


@pytest.mark.parametrize("expression, start", STARTS.values(), ids=STARTS)
def test_the_start_of_a_text_stays_known(expression: str, start: str) -> None:
    ((value, _),) = outcomes(f"import os\nX = os.environ['X']\nA = {expression}\n")["A"]
    assert isinstance(value, Unknown)
    assert (value.type, value.prefix) == ("str", start)
    assert value.variables == ("X",)


@pytest.mark.parametrize("name", [name for name in dir(builtins) if not name.startswith("_")])
def test_no_name_that_python_has_is_a_name_error(name: str) -> None:
    found = evaluated(f"X = {name}\nDEBUG = False\n", strict=False)
    assert found.loads.certain


def test_an_unknown_says_what_it_is() -> None:
    found = outcomes(
        "import os\nfrom vault import secret\n"
        "A = os.environ['A']\nB = int(os.environ['B'])\nC = secret('key')\nD = os.environ['D'].split(',')\n"
    )
    ((a, _),), ((b, _),), ((c, _),), ((d, _),) = found["A"], found["B"], found["C"], found["D"]
    assert (told(a), a.type, a.variables) == ("unknown: read from A", "str", ("A",))  # type: ignore[attr-defined]
    assert (b.type, b.variables) == ("int", ("B",))  # type: ignore[attr-defined]
    assert "vault.secret" in c.reason  # type: ignore[attr-defined]
    assert isinstance(d, list) and d[0].several and d[0].type == "str"


DECIDED = {
    "equal": ("X == 'a' and X == 'a'", {True, False}),
    "equal and not": ("X == 'a' and X != 'a'", {False}),
    "two constants": ("X == 'a' and X == 'b'", {False}),
    "one or the other": ("X == 'a' or X != 'a'", {True}),
    "a text and a number": ("X == '80' and int(X) == 80", {True, False}),
    "a text is no number": ("X == 80", {False}),
    "a text is not None": ("X is None", {False}),
    "membership and equality": ("X in ('a', 'b') and X == 'c'", {False}),
    "a known start": ("('a' + X) == 'b'", {False}),
    "starts with": ("('https://' + X).startswith('https')", {True}),
    "never empty": ("bool('a' + X)", {True}),
}


@pytest.mark.parametrize("expression, expected", DECIDED.values(), ids=DECIDED)
def test_facts_about_one_unknown_go_together(expression: str, expected: set[bool]) -> None:
    found = outcomes(f"import os\nX = os.environ['X']\nA = {expression}\n")["A"]
    assert {value for value, _ in found} == expected


def test_a_text_that_was_tested_is_known_where_the_test_holds() -> None:
    found = outcomes(
        "import os\nX = os.environ.get('X', 'a')\n"
        "if X == 'prod': A = 'conf.' + X\nelse: A = 'conf.dev'\n"
    )
    assert sorted(value for value, _ in found["A"]) == ["conf.dev", "conf.prod"]  # type: ignore[type-var]


def test_a_new_random_value_equals_no_other() -> None:
    found = outcomes("import secrets\nA = secrets.token_hex() == secrets.token_hex()\n")["A"]
    assert [value for value, _ in found] != [True]


def test_the_order_of_a_set_of_texts_is_not_known() -> None:
    ((value, _),) = outcomes("A = list({'a', 'b'})\n")["A"]
    assert value != ["a", "b"] and value != ["b", "a"]
    assert values("A = sorted({'b', 'a'})\nB = {'a', 'b'}\n") == {"A": ["a", "b"], "B": {"a", "b"}}


def test_a_dict_of_a_defaultdict_makes_no_values_up() -> None:
    found = values(
        "import collections\nd = collections.defaultdict(int)\nd['x'] += 1\nA = dict(d)\n"
        "try: A['y']\nexcept KeyError: B = d['z']\n"
    )
    assert found == {"A": {"x": 1}, "B": 0}


ITERATORS = {
    "next twice": ("i = iter([1, 2])\nA = [next(i), next(i), next(i, 'end')]", [1, 2, "end"]),
    "used up": ("m = map(str, [1])\nA = [list(m), list(m)]", [["1"], []]),
    "partly used": ("g = (n for n in range(3))\nnext(g)\nA = list(g)", [1, 2]),
    "always true": ("A = bool(n for n in [])", True),
    "a zip": ("z = zip('ab', [1, 2])\nA = [dict(z), list(z)]", [{"a": 1, "b": 2}, []]),
}


@pytest.mark.parametrize("text, expected", ITERATORS.values(), ids=ITERATORS)
def test_an_iterator_gives_each_item_once(text: str, expected: object) -> None:
    assert values(text)["A"] == expected


@pytest.mark.parametrize("kind", ["list", "tuple", "set", "frozenset", "dict"])
def test_a_container_of_what_is_not_known_may_be_empty(kind: str) -> None:
    found = outcomes(f"from lib import X\nA = bool({kind}(X))\n")["A"]
    assert {value for value, _ in found} == {True, False}
    assert isinstance(values(f"from lib import X\nA = len({kind}(X))\n")["A"], Unknown)


@pytest.mark.parametrize(
    "text, kept",
    [
        ("with open('.key', 'w') as f: f.write(A)", True),
        ("with open(UNKNOWN / '.key', 'w') as f: f.write(A)", True),
        ("pathlib.Path(UNKNOWN, '.key').write_text(A + '\\n')", True),
        ("pathlib.Path('.key').write_text(A)", True),
        ("sys.stdout.write(A)", False),
        ("print(A)", False),
    ],
)
def test_a_random_value_that_is_written_to_a_file_is_kept(text: str, kept: bool) -> None:
    head = "import pathlib, secrets, sys\nfrom lib import UNKNOWN\nA = secrets.token_hex()\n"
    ((value, _),) = outcomes(head + text)["A"]
    assert isinstance(value, Unknown) and value.fresh
    assert value.kept is kept


@pytest.mark.parametrize(
    ("test", "both"),
    [
        ("[each for each in PARTS if 'http:' in each]", True),
        ("{each for each in PARTS if each.strip()}", True),
        ("list(filter(lambda each: 'x' in each, PARTS))", True),
        ("[each for each in [p for p in PARTS if 'a' in p] if 'b' in each]", True),
        ("[each for each in PARTS]", False),
    ],
)
def test_whether_something_passes_a_filter_is_not_known(test: str, both: bool) -> None:
    found = outcomes(
        f"import os\nPARTS = os.environ.get('P', '').split(',')\nif PARTS:\n    A = bool({test})\n"
    )
    assert {value for value, _ in found["A"]} == ({True, False} if both else {True})


@pytest.mark.parametrize(
    "path",
    ["Path(P)", "Path(P).resolve()", "Path(P) / 'a'", "Path(P).parent", "Path(P).joinpath('a', P)",
     "Path(P).name", "Path(P).parent.as_posix()"],
)  # fmt: skip
def test_a_path_that_is_not_known_is_one(path: str) -> None:
    text = f"import os\nfrom pathlib import Path\nP = os.environ['P']\nA = ({path}) is None\n"
    assert outcomes(text)["A"] == [(False, ())]


def test_a_set_is_said_in_one_order() -> None:
    found = outcomes("import os\nA = os.environ['P'] in {'c', 'a', 'b', 'd', 'e'}\n")
    assert dict(found["A"])[True] == ("P is 'a', 'b', 'c', 'd' or 'e'",)


def test_what_a_value_depends_on_is_said_in_the_order_of_the_source() -> None:
    """Not in that of a set, which differs between two runs."""
    asked = {name: [f"{name}{number}" for number in "4321"] for name in "ZYXWVUTS"}
    items = (" and ".join(f"os.environ.get({one!r})" for one in each) for each in asked.values())
    source = f"import os\nA = [{', '.join(f'1 if {item} else 2' for item in items)}]\n"
    found = evaluated(source)["A"].outcomes[0].value
    assert [each.reason for each in found] == [
        f"depends on {', '.join(each)}" for each in asked.values()
    ]
