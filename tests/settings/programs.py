"""Random settings modules for the tests: programs as people write them, of every construct that
the evaluator knows, that end quickly and depend on nothing but their environment.

Expressions are typed, so that most programs run to their end; some raise, on purpose.
"""

from __future__ import annotations

from collections.abc import Callable

Pick = Callable[[int], int]
"""`pick(n)` is a number from 0 to n - 1."""

VARIABLES: dict[str, tuple[str | None, ...]] = {
    "DEBUG": (None, "True", "False", "", "1", "0"),
    "ENV": (None, "production", "dev", "staging"),
    "HOSTS": (None, "a.example,b.example", "", "www.example"),
    "PORT": (None, "80", "8000", "x"),
}
"""The environment variables that programs read, and what they can be; None is unset."""

WORDS = ("a", "b.example", "django", "Session", "", "x-y", "a,b", "True", "production", "80")
KEYS = ("a", "b", "default", "HOST")


class Writer:
    """Writes one program, line by line. `known` holds the names that are bound on every path, by
    type: int, str, bool, strs, ints, dict (str to int), pair (str, int), maybe (str or None)."""

    def __init__(self, pick: Pick, prefix: str = "") -> None:
        self.pick, self.prefix = pick, prefix
        self.lines: list[str] = []
        self.indent = 0
        self.count = 0
        self.known: dict[str, list[str]] = {kind: [] for kind in EXPRESSIONS}
        self.functions: list[tuple[str, str]] = []
        self.modules: list[str] = []
        self.in_function = False

    def add(self, line: str) -> None:
        self.lines.append("    " * self.indent + line)

    def choose(self, options: tuple[str, ...] | list[str]) -> str:
        return options[self.pick(len(options))]

    def name(self, kind: str) -> str:
        """A name to bind: a new one, or one that is bound already."""
        if self.known[kind] and self.pick(3):
            return self.choose(self.known[kind])
        self.count += 1
        return f"{self.prefix}{kind.upper()}{self.count}"

    def bound(self, kind: str, name: str) -> None:
        if name not in self.known[kind]:
            self.known[kind].append(name)

    def block(self, write: Callable[[], None]) -> None:
        """An indented block; what is bound in it is not bound for sure after it."""
        before = {kind: list(names) for kind, names in self.known.items()}
        functions = list(self.functions)
        self.indent += 1
        write()
        self.indent -= 1
        self.known, self.functions = before, functions

    # -- expressions -----------------------------------------------------------------------

    def expr(self, kind: str, depth: int = 2) -> str:
        if self.known[kind] and self.pick(3) == 0:
            return self.choose(self.known[kind])
        simple, deep = EXPRESSIONS[kind]
        forms = simple if depth <= 0 else (*simple, *deep, *deep)
        return self.fill(self.choose(forms), depth - 1)

    def fill(self, form: str, depth: int = 1) -> str:
        """Replaces `<int>`, `<str>`, … by expressions, `<w>` by a word and so on."""
        parts = form.split("<")
        filled = parts[0]
        for part in parts[1:]:
            what, found, rest = part.partition(">")
            if not found or what not in (*EXPRESSIONS, "w", "n", "k", "env"):
                filled += "<" + part
                continue
            if what == "w":
                filled += repr(self.choose(WORDS))
            elif what == "n":
                filled += str(self.pick(12))
            elif what == "k":
                filled += repr(self.choose(KEYS))
            elif what == "env":
                filled += repr(self.choose(list(VARIABLES)))
            else:
                filled += self.expr(what, depth)
            filled += rest
        return filled

    # -- statements ------------------------------------------------------------------------

    def statements(self, count: int, depth: int) -> None:
        for _ in range(count):
            self.statement(depth)

    def statement(self, depth: int) -> None:
        simple = (self.assign, self.assign, self.assign, self.augment, self.mutate, self.unpack)
        nested = (
            self.if_, self.if_, self.for_, self.while_, self.try_, self.match, self.function,
            self.class_, self.import_, self.odd, self.switch,
        )  # fmt: skip
        options: tuple[Callable[..., None], ...] = simple
        if depth > 0:
            options = (*simple, *nested)
        write = options[self.pick(len(options))]
        if write in simple or write in (self.class_, self.import_, self.odd, self.switch):
            write()
        else:
            write(depth - 1)

    def assign(self) -> None:
        kind = self.choose(list(EXPRESSIONS))
        value = self.expr(kind)
        name = self.name(kind)
        form = self.pick(6)
        if form == 0 and not self.in_function:
            self.add(f"{name}: object = {value}")
        elif form == 1:
            other = self.name(kind)
            self.add(f"{name} = {other} = {value}")
            self.bound(kind, other)
        elif form == 2 and not self.in_function:
            self.add(f"globals()[{name!r}] = {value}")
        else:
            self.add(f"{name} = {value}")
        self.bound(kind, name)

    def augment(self) -> None:
        kind = self.choose(list(AUGMENTED))
        if not self.known[kind]:
            return self.assign()
        self.add(f"{self.choose(self.known[kind])} {self.fill(self.choose(AUGMENTED[kind]))}")
        return None

    def mutate(self) -> None:
        kind = self.choose(list(MUTATIONS))
        if not self.known[kind]:
            return self.assign()
        name = self.choose(self.known[kind])
        self.add(self.fill(self.choose(MUTATIONS[kind])).replace("@", name))
        return None

    def unpack(self) -> None:
        one, other = self.name("int"), self.name("str")
        form = self.pick(4)
        if form == 0:
            self.add(self.fill(f"{one}, {other} = <int>, <str>"))
        elif form == 1:
            self.add(self.fill(f"{other}, {one} = <pair>"))
        elif form == 2:
            many = self.name("strs")
            self.add(self.fill(f"{other}, *{many} = <str>, <str>, *<strs>"))
            self.add(f"{one} = len({many})")
            self.bound("strs", many)
        else:
            self.add(self.fill(f"[({other}, {one}), _] = [(<str>, <int>), <bool>]"))
        self.bound("int", one)
        self.bound("str", other)

    def if_(self, depth: int) -> None:
        test = self.choose(("<bool>", "<bool>", "<strs>", "<str>", "<int>", "<maybe>"))
        self.add(f"if {self.fill(test)}:")
        self.block(lambda: self.statements(1 + self.pick(3), depth))
        for _ in range(self.pick(3)):
            self.add(self.fill("elif <bool>:"))
            self.block(lambda: self.statements(1 + self.pick(2), depth))
        if self.pick(2):
            self.add("else:")
            self.block(lambda: self.statements(1 + self.pick(2), depth))

    def for_(self, depth: int) -> None:
        kind, iterable = (("str", "<strs>"), ("int", "<ints>"), ("str", "list(<dict>)"))[
            self.pick(3)
        ]
        self.count += 1
        item = f"item{self.count}"
        self.add(self.fill(f"for {item} in {iterable}[:4]:"))

        def body() -> None:
            self.known[kind].append(item)
            if self.pick(3) == 0:
                self.add(self.fill(self.choose(("if <bool>: break", "if <bool>: continue"))))
            self.statements(1 + self.pick(2), 0)

        self.block(body)
        if self.pick(4) == 0:
            self.add("else:")
            self.block(lambda: self.statements(1, 0))

    def while_(self, depth: int) -> None:
        self.count += 1
        turns = f"turns{self.count}"
        self.add(f"{turns} = {1 + self.pick(3)}")
        self.add(self.fill(f"while {turns} > 0 and not <bool>:"))

        def body() -> None:
            self.add(f"{turns} -= 1")
            if self.pick(3) == 0:
                self.add(self.fill("if <bool>: break"))
            self.statements(1, 0)

        self.block(body)

    def try_(self, depth: int) -> None:
        form = self.pick(5)
        self.add("try:")

        def body() -> None:
            kind, value = (
                ("str", f"os.environ[{self.choose(list(VARIABLES))!r}]"),
                ("int", self.fill("int(os.environ.get('PORT', <w>))")),
                ("int", self.fill("10 // (<int>)")),
                ("str", self.fill("(<strs>)[<n>]")),
                ("int", self.fill("(<dict>)[<k>]")),
            )[form]
            if self.pick(2):
                self.statements(1, 0)
            name = self.name(kind)
            self.add(f"{name} = {value}")
            self.bound(kind, name)
            if self.pick(2):
                self.statements(1, 0)

        self.block(body)
        expected = ("KeyError", "ValueError", "ZeroDivisionError", "IndexError", "KeyError")[form]
        handler = self.choose((expected, "Exception", f"(OSError, {expected})", "LookupError"))
        self.add(f"except {handler}{self.choose((' as problem', ''))}:")
        self.block(lambda: self.statements(1, 0))
        if handler == "LookupError" and form in (1, 2):
            self.add(f"except {expected}:")
            self.block(lambda: self.statements(1, 0))
        if self.pick(3) == 0:
            self.add("else:")
            self.block(lambda: self.statements(1, 0))
        if self.pick(3) == 0:
            self.add("finally:")
            self.block(lambda: self.statements(1, 0))

    def match(self, depth: int) -> None:
        self.add(self.fill("match <str>:"))
        self.indent += 1
        self.add(self.fill("case <w> | <w>:"))
        self.block(lambda: self.statements(1, 0))
        self.add(self.fill("case other if <bool>:"))
        self.block(lambda: self.statements(1, 0))
        if self.pick(2):
            self.add("case _:")
            self.block(lambda: self.statements(1, 0))
        self.indent -= 1

    def switch(self) -> None:
        """A match on the shape of data."""
        name = self.name("int")
        self.add(self.fill("match (<strs>, <int>):"))
        self.indent += 1
        for pattern, value in (
            ("([], n)", "n"),
            ("([first], 0 | 1)", "len(first)"),
            ("([first, *rest], n) if n > 2", "len(rest) + n"),
            ("(other, int())", "-len(other)"),
        ):
            self.add(f"case {pattern}:")
            self.add(f"    {name} = {value}")
        self.indent -= 1
        self.bound("int", name)

    def function(self, depth: int) -> None:
        if self.in_function:
            return self.assign()
        self.count += 1
        name = f"make{self.count}"
        result = self.choose(("int", "str", "bool", "strs", "dict"))
        default = self.fill("<int>")
        self.add(f"def {name}(number={default}, text={self.choose(WORDS)!r}, *rest, **more):")
        glob = self.choose(self.known["int"]) if self.known["int"] and self.pick(3) == 0 else ""

        def body() -> None:
            self.in_function = True
            outside = self.known
            # What a function assigns is its own: it reads other names, and binds only new ones.
            self.known = {kind: [] for kind in EXPRESSIONS}
            self.known["int"], self.known["str"] = ["number"], ["text"]
            if glob:
                self.add(f"global {glob}")
                self.add(f"{glob} = len(rest) + number")
            self.statements(1 + self.pick(2), depth)
            if self.pick(2):
                self.add(self.fill(f"if <bool>: return <{result}>"))
            self.known = {
                kind: [*names, *(each for each in outside[kind] if each not in names)]
                for kind, names in self.known.items()
            }
            bound = {line.split(" ")[0] for line in self.text_of_function(name)}
            self.known = {
                kind: [each for each in names if each not in bound or each in ("number", "text")]
                for kind, names in self.known.items()
            }
            self.add(f"return {self.expr(result, 1)}")
            self.in_function = False

        self.block(body)
        for call in (
            f"{name}()",
            f"{name}(<int>)",
            f"{name}(<int>, text=<str>)",
            f"{name}(<int>, <str>, <n>, <n>)",
            f"{name}(*<ints>[:1], other=<n>)",
            f"{name}(**{{'number': <int>}})",
        ):
            if self.pick(2):
                made = self.name(result)
                self.add(f"{made} = {self.fill(call, 0)}")
                self.bound(result, made)
        return None

    def text_of_function(self, name: str) -> list[str]:
        start = next(
            index
            for index, line in enumerate(self.lines)
            if line.strip().startswith(f"def {name}(")
        )
        return [line.strip() for line in self.lines[start + 1 :]]

    def class_(self) -> None:
        if self.in_function:
            return self.assign()
        self.count += 1
        name = f"Thing{self.count}"
        for line in (
            f"class {name}:",
            "    size = <int>",
            "    names = <strs>",
            "    def __init__(self, size, label=<w>):",
            "        self.label = label + str(self.size)",
            "        self.size = size + type(self).size",
            "    @property",
            "    def long(self):",
            "        return len(self.label) > self.size",
            "    @classmethod",
            "    def make(cls, label):",
            "        return cls(len(cls.names), label)",
            "    @staticmethod",
            "    def double(number):",
            "        return number * 2",
            f"class Sub{name}({name}):",
            f"    names = [*{name}.names, <w>]",
            "    def __init__(self, size):",
            "        super().__init__(size, label=<w>)",
        ):
            self.add(self.fill(line, 0))
        for kind, value in (
            ("str", f"{name}(<int>).label"),
            ("int", f"{name}.make(<w>).size"),
            ("bool", f"Sub{name}(<int>).long"),
            ("strs", f"Sub{name}.names"),
            ("int", f"Sub{name}.double(<int>)"),
            ("int", f"getattr({name}, 'nothing', <int>)"),
        ):
            if self.pick(2):
                made = self.name(kind)
                self.add(f"{made} = {self.fill(value)}")
                self.bound(kind, made)
        return None

    def import_(self) -> None:
        if self.in_function or not self.modules:
            return self.odd()
        module = self.choose(self.modules)
        form = self.pick(4)
        if form == 0:
            self.add(f"from {module} import *")
        elif form == 1:
            self.add(f"import {module} as other")
            self.add("OTHER = getattr(other, 'INT1', None)")
        elif form == 2:
            self.add("try:")
            self.add("    from nowhere_local import *")
            self.add("except ImportError:")
            self.block(lambda: self.statements(1, 0))
        else:
            self.add(f"from {module} import CONSTANT as IMPORTED")
        return None

    def odd(self) -> None:
        """What does not fit elsewhere."""
        form = self.pick(len(ODD))
        kind, lines = ODD[form]
        if self.in_function:
            return self.assign()
        name = self.name(kind)
        for line in lines:
            self.add(self.fill(line).replace("@", name))
        self.bound(kind, name)
        return None


EXPRESSIONS: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "int": (
        ("<n>", "-<n>", "8000"),
        (
            "(<int> + <int>)", "(<int> - <int>)", "(<int> * 3)", "(<int> // 3)", "(<int> % 7)",
            "len(<strs>)", "len(<str>)", "len(<dict>)", "max(<ints>, default=0)", "sum(<ints>)",
            "(<dict>).get(<k>, <int>)", "(<int> if <bool> else <int>)", "(<strs>).count(<w>)",
            "abs(<int>)", "(<int> & 6)", "(<int> | 1)", "min(<int>, <int>)", "int(<bool>)",
            "divmod(<int>, 3)[0]", "round(<int> / 4)", "(<str>).find('a')", "(<pair>)[1]",
            "(lambda x, y=2: x * y)(<int>)", "next((n for n in <ints> if n > 2), <n>)",
            "(int(<str>) if (<str>).isdigit() else <n>)", "(<int> and <int>)", "(<int> or <int>)",
            "int(os.environ.get('PORT') or 80)", "(<int> ^ 5)", "(1 << (<int> % 5))",
            "sum(len(word) for word in <strs>)", "max(<strs>, key=len, default='').count('a')",
            "(<bool> + <int>)", "(<ints> or [4])[0]", "(<ints> or [4])[-1]", "sorted(<ints> or [1])[0]",
        ),
    ),
    "str": (
        ("<w>", "<w>", "os.environ.get(<env>, <w>)", "os.getenv(<env>, <w>)"),
        (
            "(<str> + <str>)", "(lambda one, two: f'{one}-{two}')(<int>, <str>)", "('%s/%d' % (<str>, <int>))", "(<str>).upper()",
            "'{}:{}'.format(<str>, <int>)", "(<str>).lower()", "(<str>).strip()", "(<str>)[1:4]",
            "(<str>).replace('a', 'bb')", "','.join(<strs>)", "(<str>)[::-1]", "str(<int>)",
            "repr(<str>)", "(<str>).split(',')[0]", "(<str>).partition('.')[2]", "(<str>).title()",
            "(<str> or <str>)", "(<str> if <bool> else <str>)", "(<str> * 2)", "(<str>).rstrip('e')",
            "(<str>).removeprefix('a')", "(lambda one: f'{one:04d}')(<int>)", "(lambda one: f'{one!r:>8}{{}}')(<str>)", "(<str>).zfill(6)",
            "(<str>).center(8, '*')", "(<pair>)[0]", "(<str>).encode().hex()", "str(<strs>)",
            "max(<strs>, default='')", "os.path.join('/srv', <str>)", "(<maybe> or <w>)", "str(<bool>)",
            "os.path.basename(<str>)", "'%(a)s' % {'a': <str>}", "(<str>).rsplit('.', 1)[-1]",
            "(<str>).capitalize().swapcase()", "(lambda one: f'{one}{one=}')(<bool>)", "'{0}{0}'.format(<str>)",
            "'{a}'.format(a=<str>)", "str(<dict>)", "'/'.join(['x', *<strs>])", "(<strs> or ['q'])[0]",
        ),
    ),
    "bool": (
        ("True", "False", "(os.environ.get(<env>) == 'True')", "(<env> in os.environ)"),
        (
            "(<str> == <str>)", "(<int> < <int>)", "(<str> in <strs>)", "(not <bool>)",
            "(<bool> and <bool>)", "(<bool> or <bool>)", "(<str>).startswith('a')", "bool(<strs>)",
            "(os.environ.get('DEBUG', '').lower() in ('true', '1'))", "isinstance(<int>, int)",
            "any(word for word in <strs>)", "all(n > 1 for n in <ints>)", "(1 < <int> <= 9)",
            "(os.environ.get('ENV') is None)", "(<strs> == <strs>)", "bool(<int>)", "(<k> in <dict>)",
            "(<str> != <w>)", "(<maybe> is not None)", "bool(<str>)", "(<int> >= <int>)",
            "(<bool> if <bool> else <bool>)", "(<bool> is True)", "(<str> not in ('a', <str>))",
            "('a' in <str>)", "(os.environ.get('ENV', 'dev') == 'production')", "(<bool> == <bool>)",
            "bool(os.environ.get('DEBUG', False))", "(<str> < <str>)", "(<int> in (1, 2, 3))",
            "(<int> == <int>)", "(<dict> == <dict>)", "({'a': <int>} == {'a': 1})",
            "(os.environ.get('PORT', '80') == '80')", "(int(os.environ.get('PORT', '80')) == 80)",
        ),
    ),
    "strs": (
        ("[]", "['a', 'b.example']", "[<w>]", "[<w>, <w>, <w>]"),
        (
            "list(<strs>)", "(<strs> + <strs>)", "[word.upper() for word in <strs> if word]",
            "sorted(<strs>)", "sorted(set(<strs>))", "(<str>).split(',')", "(<strs>)[1:]",
            "list(reversed(<strs>))", "[*<strs>, <str>]", "list(<dict>)", "sorted((<dict>).keys())",
            "[key for key, size in (<dict>).items() if size > 1]", "list(map(str, <ints>))",
            "[word.strip() for word in os.environ.get('HOSTS', '').split(',') if word]",
            "list(filter(None, <strs>))", "list(dict.fromkeys(<strs>))", "(<strs>)[:2] * 2",
            "(<strs> if <bool> else <strs>)", "[word for many in (<strs>, <strs>) for word in many]",
            "sorted(<strs>, key=len, reverse=True)", "(<str>).split()", "(<strs> or ['x'])",
            "[<str>, <str>]", "[f'{word}/{index}' for index, word in enumerate(<strs>, 1)]",
            "os.environ.get('HOSTS', 'localhost').split(',')", "(<strs>)[::-1]", "(<strs>).copy()",
            "[word for word in <strs> if word not in <strs>]", "list(tuple(<strs>))",
            "[*(['x'] if <bool> else []), *<strs>]", "(<strs> + ([<str>] if <bool> else []))",
        ),
    ),
    "ints": (
        ("[]", "[<n>]", "[3, 1, 2]", "[<n>, <n>]"),
        (
            "[len(word) for word in <strs>]", "list(range(<int> % 5))", "sorted(<ints>)",
            "[one * two for one, two in zip(<ints>, <ints>)]", "list((<dict>).values())",
            "[index for index, word in enumerate(<strs>)]", "(<ints> + [<int>])", "(<ints>)[:3]",
            "[number for number in <ints> if number % 2]", "sorted({number % 3 for number in <ints>})",
            "[*range(3), *<ints>]", "[number if number > 1 else -1 for number in <ints>]",
            "list(map(lambda number: number + 1, <ints>))", "[<int>, <int>]",
        ),
    ),
    "dict": (
        ("{}", "{'a': <n>}", "{<k>: <n>, <k>: <n>}", "dict(a=1, b=2)"),
        (
            "{**<dict>, <k>: <int>}", "(<dict> | <dict>)", "{word: len(word) for word in <strs>}",
            "dict(zip(<strs>, <ints>))", "(<dict>).copy()", "dict(<dict>, z=<int>)",
            "{key: size for key, size in (<dict>).items() if size}", "dict([<pair>])",
            "(<dict> if <bool> else <dict>)", "{**<dict>, **({'x': 1} if <bool> else {})}",
            "{str(number): number for number in <ints>}", "dict(sorted((<dict>).items()))",
        ),
    ),
    "pair": (
        ("(<w>, <n>)",),
        (
            "(<str>, <int>)", "tuple([<str>, <int>])", "(<pair> if <bool> else <pair>)",
            "next(iter((<dict>).items()), ('none', 0))", "((<str>,) + (<int>,))",
        ),
    ),
    "maybe": (
        ("None", "os.environ.get(<env>)", "os.getenv(<env>)"),
        ("(<str> if <bool> else None)", "(<maybe> or None)", "(<maybe> and <maybe>)"),
    ),
}  # fmt: skip
"""For each type the forms of its expressions: simple ones, and ones with parts."""

AUGMENTED: dict[str, tuple[str, ...]] = {
    "int": ("+= <int>", "-= <n>", "*= 2", "//= 2", "%= 9", "|= 4", "^= 3"),
    "str": ("+= <str>", "*= 2", "+= 'z'"),
    "strs": ("+= <strs>", "+= (<str>,)", "+= [<str>, <str>]", "*= 2"),
    "ints": ("+= [<int>]", "+= <ints>", "+= range(2)"),
    "dict": ("|= <dict>", "|= {<k>: <int>}"),
    "bool": ("|= <bool>", "&= <bool>"),
}
MUTATIONS: dict[str, tuple[str, ...]] = {
    "strs": (
        "@.append(<str>)", "@.extend(<strs>)", "@.insert(0, <str>)", "@.insert(1, <str>)",
        "if 'a' in @: @.remove('a')", "if @: @.pop()", "if @: @.pop(0)", "@.sort()", "@.reverse()",
        "if @: @[0] = <str>", "if @: del @[0]", "@[1:1] = [<str>]", "@[:0] = <strs>", "@ = @ + [<w>]",
        "if <str> not in @: @.append(<str>)", "if len(@) > 1: @[-1], @[0] = @[0], @[-1]",
        "@.sort(key=len)", "if <w> in @: @.insert(@.index(<w>) if <w> in @ else 0, <w>)", "@[2:] = []",
    ),
    "ints": ("@.append(<int>)", "@.sort(reverse=True)", "@.extend(range(<n> % 4))", "if @: @[-1] += 1"),
    "dict": (
        "@[<k>] = <int>", "@.update(<dict>)", "@.setdefault(<k>, <int>)", "@.pop(<k>, None)",
        "if <k> in @: del @['a' if 'a' in @ else next(iter(@))]", "@.update(a=<int>)",
        "@['a'] = @.get('a', 0) + 1", "@.update([<pair>])", "@.update(zip(<strs>, <ints>))",
    ),
}  # fmt: skip
ODD: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("int", ("if (@ := <int>) > 3: @ += 1",)),
    ("strs", ("@ = [<str>]", "ALIAS = @", "ALIAS.append(<str>)")),
    ("strs", ("@ = <strs>", "ALIAS = @", "ALIAS += [<str>]", "ALIAS *= 2")),
    ("int", ("@ = 0", "def bump(by=1):", "    global @", "    @ += by", "bump(); bump(<int>)")),
    ("int", ("import contextlib", "@ = 1", "with contextlib.suppress(ValueError):", "    @ = int(<str>)")),
    ("dict", ("@ = {'a': 1}", "DATA = {'default': @, 'list': [@]}", "DATA['default']['b'] = <int>")),
    ("strs", ("def each(limit=2):", "    for number in range(limit):", "        yield str(number)",
              "    yield from <strs>", "@ = list(each(<int> % 3))")),
    ("int", ("def outer(start):", "    count = start", "    def inner(by):",
             "        nonlocal count", "        count += by", "        return count",
             "    inner(1)", "    return inner(<int>)", "@ = outer(<int>)")),
    ("int", ("numbers = iter(<ints>)", "@ = next(numbers, -1)", "SECOND = next(numbers, -2)")),
    ("strs", ("words = (word for word in <strs>)", "FIRST = next(words, '')", "@ = list(words)")),
    ("strs", ("@ = sorted((<dict>).keys() & {'a', 'b'})", "@ += sorted((<dict>).keys() - (<dict>).keys())")),
    ("str", ("from pathlib import Path", "@ = str(Path('/srv') / <w> / 'x')")),
    ("int", ("import json", "@ = json.loads('{\"a\": [1, 2, 3]}')['a'][<n> % 3]")),
    ("str", ("@ = <str>", "del @", "@ = 'again'")),
    ("int", ("functions = [lambda: number for number in range(3)]", "@ = functions[0]()")),
    ("int", ("def fact(n):", "    return 1 if n < 2 else n * fact(n - 1)", "@ = fact(<n> % 8)")),
    ("int", ("@ = 1", "try:", "    if <bool>: raise KeyError('x')", "    @ = 2",
             "except KeyError as error:", "    @ = len(error.args)", "finally:", "    FINAL = <int>")),
    ("int", ("def early(flag):", "    try:", "        if flag: return 1", "        return 2",
             "    finally:", "        LOG.append(flag)", "LOG = []", "@ = early(<bool>)")),
    ("str", ("@ = 'none'", "for word in <strs>:", "    if not word: continue", "    @ = word",
             "    break", "else:", "    @ = 'empty'")),
    ("strs", ("class Names(list): pass", "@ = list(Names(<strs>))")),
    ("dict", ("import collections", "counts = collections.defaultdict(int)", "for word in <strs>:",
              "    counts[word] += 1", "@ = dict(counts)")),
    ("str", ("if os.environ.get('ENV') == 'staging' and <bool>: raise RuntimeError('not here')", "@ = <str>")),
    ("str", ("def wrap(function):", "    def inner(*args, **more):", "        return '<' + function(*args, **more) + '>'",
             "    return inner", "@wrap".replace("@", "\0"), "def label(text): return text + '!'", "@ = label(<str>)")),
    ("int", ("@ = 0", "for key, size in sorted((<dict>).items()):", "    if size < 0: continue", "    @ += size")),
    ("strs", ("@ = <strs>", "@ = [*@[:1], *@[1:]]", "COPY = @[:]", "COPY.append('only here')")),
    ("int", ("vars()['@'] = <int>",)),
    ("str", ("import sys", "setattr(sys.modules[__name__], '@', <str>)")),
    ("strs", ("@ = ['a']", "EXTRA = {'on': @}", "if <bool>: EXTRA['on'].append('b')", "else: EXTRA['on'] = ['c']")),
    ("int", ("exec('@ = ' + repr(<int>))",)),
    ("int", ("@ = eval('1 + <n>')",)),
    ("dict", ("@ = {}", "for word in <strs>: @.setdefault(word, 0); @[word] += 1")),
    ("strs", ("@ = sorted(set(<strs>) | {'a'} - set(<strs>))",)),
    ("bool", ("unique = set(<strs>)", "unique.add(<str>)", "unique.discard('a')", "@ = 'a' in unique")),
    ("ints", ("import itertools", "@ = list(itertools.chain([1], <ints>))")),
    ("int", ("import functools", "@ = functools.reduce(lambda a, b: a + b, <ints>, 0)")),
    ("str", ("import re", "@ = re.sub('[aeiou]', '-', <str>)")),
)  # fmt: skip
"""Idioms: the type that `@` is bound to, and the lines."""


def program(pick: Pick) -> dict[str, str]:
    """The files of a random project: settings.py, and sometimes a base.py that it imports."""
    files: dict[str, str] = {}
    modules = []
    if pick(2):
        base = Writer(pick)
        base.add("import os")
        # Until Python 3.11.3, a module whose only annotations stand in a `match` had none.
        base.add("_annotated: object = 0")
        base.add(f"CONSTANT = {pick(9)}")
        if pick(4) == 0:
            base.add("__all__ = ['CONSTANT', 'INT1', 'os']")
            base.add("INT1 = 4")
        base.statements(2 + pick(4), 1)
        files["base.py"] = "\n".join(base.lines).replace("\0", "@") + "\n"
        modules.append("base")
    main = Writer(pick, "X" if modules else "")
    main.add("import os")
    main.add("_annotated: object = 0")
    main.modules = modules
    if modules and pick(2):
        main.add("from base import *")
    main.statements(3 + pick(6), 2)
    files["settings.py"] = "\n".join(main.lines).replace("\0", "@") + "\n"
    return files
