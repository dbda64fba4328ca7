"""The abstract interpreter: the state of one evaluation and what everything else is built from.

A program that reads its environment takes different paths in different environments. This
interpreter walks all of them at once: `self.pc`, the path condition, says for which cases the
current statement runs. A branch narrows it, and a value that differs between cases is a `Union`
of alternatives under conditions. Where only some cases raise an exception, these are written
down in `self.sinks[-1]`, for the nearest enclosing `try`, and the path condition loses them.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Mapping

from hardango import syntax as ast
from hardango.findings import Note, Place
from hardango.light import Any
from hardango.settings import limits
from hardango.settings.conditions import Condition, Space, TooComplex
from hardango.settings.environment import Environment
from hardango.settings.likeness import (
    DEPENDS,
    SCALARS,
    about,
    beside,
    chosen,
    holds,
    is_data,
    joined,
    never_in_production,
    of_the_system,
    plain_truth,
    same,
    short,
    unknowns_of,
    why,
)
from hardango.settings.outcomes import Reading, Unknown
from hardango.settings.placed import Placed
from hardango.settings.secret_names import is_secret_name
from hardango.settings.secret_shapes import looks_chosen, looks_random
from hardango.settings.values import (
    MISSING,
    Bound,
    Box,
    Class,
    Dead,
    Descriptor,
    Failure,
    Frame,
    Function,
    Instance,
    Lazy,
    Module,
    Native,
    NotPlain,
    Raised,
    Scope,
    Split,
    Stopped,
    Thing,
    Union,
    Value,
)
from hardango.source import decoded

NEWEST_PYTHON = (3, 14)
"""What production is taken to run if no file of the project says it."""


class Interpreter:
    """One evaluation. `root` and `import_roots` are absolute; nothing outside `root` is read."""

    instead: Mapping[str, bytes] = {}  # what files hold, by full path, instead of the disk

    def __init__(
        self,
        root: str,
        import_roots: Iterable[str],
        environment: Environment,
        *,
        django: tuple[int, int] = (6, 1),
        installed: frozenset[str] = frozenset(),
        python: tuple[int, int] = NEWEST_PYTHON,
        placed: Mapping[str, tuple[str, Place]] = {},
        top: str = "",
        seconds: float = limits.SECONDS,
    ) -> None:
        self.python, self.django_known, self.seconds, self.used = python, True, seconds, 0.0
        self.root, self.top = os.path.realpath(root), os.path.realpath(top or root)
        self.import_roots = list(import_roots)
        self.directory = self.import_roots[0] if self.import_roots else self.root
        """Where production is started: that of manage.py."""
        self.placed = Placed(self.top, placed)
        self.environment, self.closed = environment, environment.closed
        self.django, self.installed = django, installed
        self.space = Space()
        self.pc: Condition = self.space.true
        self.sinks: list[list[tuple[Condition, Failure]]] = [[]]
        self.modules: dict[str, Value] = {}
        self.variables = Scope()
        self.imported: dict[str, Condition] = {}
        self.notes: list[Note] = []
        self.place: Place | None = None
        self.line = self.call_depth = self.catching_import = 0
        self.trace: list[tuple[Place, ...]] = []
        self.readings: list[Reading] = []
        self.steps = self.made = self.read_bytes = 0
        self.texts: dict[str, bytes] = {}
        self.secrets: list[str] = []
        self.deadline = self.space.deadline = time.process_time() + seconds
        self.tests: dict[tuple[str, str | None], list[tuple[tuple[object, ...], Condition]]] = {}
        self.repeating: Unknown | None = None
        """The unknown number of items that a loop is walking."""
        self.frame: Frame | None = None
        self.judged = ""
        self.family: set[str] = set()
        """The settings module and what it star-imports: their imports run at once, since they may
        do something; those of other modules run when what they import is used."""
        self.calls: dict[str, int] = {}
        self.collapsed: dict[tuple[tuple[int, int], ...], tuple[Any, ...]] = {}
        self.made_files: set[str] = set()
        """Files that the program has written; nothing is written, and what they hold is not known."""
        self.made_paths: set[str] = set()
        """Directories that the program has made."""
        self.effects: Condition = self.space.true
        """In which cases what a helper module does to the environment happens."""
        self.journal: list[Any] | None = None
        """The boxes, and (scope, name) of names of modules, that a bounded part has changed."""
        self.generators: dict[ast.AST, bool] = {}
        self.shown: dict[str, str] = {}
        self.strict = False
        """For tests: a gap in the interpreter is an error, not an unknown."""
        self.state: dict[str, Any] = {}
        """Room for models that must remember something (the files that dotenv has read)."""

    # -- bounds ------------------------------------------------------------------------------

    def tick(self) -> None:
        """Count one step. Raises Stopped once the evaluation is out of steps or time."""
        self.steps += 1
        if self.steps > limits.STEPS:
            raise Stopped(f"after {limits.STEPS} steps")
        if self.steps & 255 == 0 and time.process_time() > self.deadline:
            raise Stopped(f"after {self.seconds} seconds")

    def spend(self, size: int) -> None:
        """Account for `size` characters or items of a new value. Raises Stopped beyond bounds."""
        self.made += size
        if self.made > limits.TOTAL:
            raise Stopped("because its values grow without bound")
        if size > 500 and time.process_time() > self.deadline:
            raise Stopped(f"after {self.seconds} seconds")

    # -- saying things -------------------------------------------------------------------------

    def note(self, message: str, place: Place | None = None) -> None:
        note = Note(message, place or self.place)
        if note not in self.notes and len(self.notes) < 200:
            self.notes.append(note)

    def here(self) -> str:
        return f" at {self.place}" if self.place else ""

    def error(self, cls: Value, *arguments: Value) -> Raised:
        """The exception to raise when the evaluated program raises `cls(*arguments)`."""
        failure = Failure(cls, arguments)
        failure.place = self.place
        return Raised(failure)

    def unknown(
        self, reason: str, *parts: Value, type: str | None = None, subject: str = ""
    ) -> Unknown:
        """An unknown that was made from `parts`: it depends on what they depend on."""
        if not subject:
            # Two results of one place are two unknowns: a test of one says nothing of the other.
            subject = self.distinct(reason)
        variables: dict[str, None] = {}
        fresh: list[Unknown] = []
        for part in parts:
            for unknown in unknowns_of(part):
                variables.update(dict.fromkeys(unknown.variables))
                if unknown.fresh:
                    fresh += unknown.made_of or (unknown,)
        made = Unknown(reason, type, tuple(variables), fresh=bool(fresh), subject=subject)
        made.made_of = tuple(fresh[:8])
        return made

    def distinct(self, subject: str) -> str:
        """`subject`, or the same with a number if it has been used before."""
        count = self.calls[subject] = self.calls.get(subject, 0) + 1
        return subject if count == 1 else f"{subject} ({count})"

    # -- cases -----------------------------------------------------------------------------------

    def resolve(self, value: Value) -> Value:
        """`value`, without the alternatives that are not possible here."""
        if type(value) is Union:
            live = [each for each in value.alternatives if each[0].meets(self.pc)]
            if not live:
                raise Dead
            if len(live) == 1:
                return self.refine(live[0][1])
            return value if len(live) == len(value.alternatives) else Union(live)
        if type(value) is Unknown or type(value) is Lazy:
            return self.refine(value)
        return value

    def refine(self, value: Value) -> Value:
        """An unknown that a test has already decided here is what the test says; a name that was
        imported lazily is what the import gives."""
        if type(value) is Lazy:
            from hardango.settings.imports import import_lazy

            return self.resolve(import_lazy(self, value))
        if type(value) is Unknown and (value.subject, value.type) in self.tests:
            for constants, condition in self.tests[value.subject, value.type]:
                if len(constants) == 1 and self.pc.implies(condition):
                    return constants[0]
        return value

    def each(self, value: Value, run: Callable[[Value], Value]) -> Value:
        """`run` on every alternative of `value`, each under its own condition."""
        value = self.resolve(value)
        if type(value) is not Union:
            return run(value)
        base = self.pc
        results: list[tuple[Condition, Value]] = []
        ended = self.space.false
        for condition, alternative in value.alternatives:
            self.pc = base & condition
            if not self.pc.possible:
                continue
            try:
                result = run(self.refine(alternative))
            except Raised as raised:
                self.sinks[-1].append((self.pc, raised.failure))
                continue
            except Dead:
                continue
            results.append((self.pc, result))
            ended = ended | self.pc
        self.pc = ended
        if not results:
            raise Dead
        return self.merge(results)

    def merge(self, results: list[tuple[Condition, Value]]) -> Value:
        """One value that is each of `results` under its condition."""
        if len(results) == 1:
            return results[0][1]
        flat: list[tuple[Condition, Value]] = []
        for condition, value in results:
            if type(value) is Union:
                for inner, alternative in value.alternatives:
                    both = condition & inner
                    if both.possible:
                        self._add(flat, both, alternative)
            elif condition.possible:
                self._add(flat, condition, value)
        if not flat:
            raise Dead
        if len(flat) > 2:
            flat = self._collapsed(flat)
        if len(flat) == 1:
            return flat[0][1]
        if len(flat) > limits.ALTERNATIVES:
            return self.unknown(
                f"one of {len(flat)} values{self.here()}", *(value for _, value in flat)
            )
        return Union(flat)

    def _add(self, flat: list[tuple[Condition, Value]], condition: Condition, value: Value) -> None:
        for index, (other, known) in enumerate(flat):
            if same(known, value):
                flat[index] = (other | condition, known)
                return
        flat.append((condition, value))

    def _collapsed(self, flat: list[tuple[Condition, Value]]) -> list[tuple[Condition, Value]]:
        """Several alternatives of which nothing is known are one of which nothing is known:
        splitting every later use by which of them it is would tell nobody anything."""
        blank = [
            pair
            for pair in flat
            if type(pair[1]) is Unknown and not pair[1].variables and not pair[1].prefix
        ]
        if len(blank) < 2 or len({unknown.type for _, unknown in blank}) > 1:
            return flat
        key = tuple((id(condition), id(unknown)) for condition, unknown in blank)
        known = self.collapsed.get(key)
        if known is None:
            names = " or ".join(dict.fromkeys(unknown.subject for _, unknown in blank))
            shown = names if len(names) <= 100 else f"{names[:97]}…"
            one = Unknown(
                shown,
                blank[0][1].type,
                several=any(unknown.several for _, unknown in blank),
                fresh=any(unknown.fresh for _, unknown in blank),
                subject=self.distinct(shown),
            )
            condition = blank[0][0]
            for other, _ in blank[1:]:
                condition = condition | other
            known = self.collapsed[key] = (condition, one, blank)
        return [*(pair for pair in flat if pair not in blank), (known[0], known[1])]

    def fail(self, condition: Condition, failure: Failure) -> None:
        """The cases of `condition` raise `failure`; the others go on. Raises Dead if none does."""
        failing = self.pc & condition
        if failing.possible:
            if failure.place is None:
                failure.place = self.place
            self.sinks[-1].append((failing, failure))
            self.pc = self.pc & ~condition
        if not self.pc.possible:
            raise Dead

    def branch(
        self, test: Condition, then: Callable[[], Value], other: Callable[[], Value]
    ) -> Value:
        """`then()` where `test` holds, `other()` where it does not, merged."""
        return self.each(Union([(test, then), (~test, other)]), lambda run: run())

    # -- truth -----------------------------------------------------------------------------------

    def truth(self, value: Value) -> Condition:
        """The condition under which `value` is true, as `bool(value)` has it."""
        value = self.resolve(value)
        kind = type(value)
        if kind is Union:
            found = self.space.false
            for condition, alternative in value.alternatives:
                if condition.meets(self.pc):
                    found = found | (condition & self.truth(alternative))
            return found
        if kind is Unknown:
            return self.truth_of_unknown(value)
        if kind is Box:
            if value.type_name == "iterator":
                return self.space.true
            found = self.space.false
            for condition, content in value.variants:
                found = found | (condition & self._truth_of_content(content))
            return found
        if kind is Thing:
            return value.truth(self) if value.truth else self.space.true
        if kind is Instance:
            return self._truth_of_instance(value)
        if kind is tuple:
            return self._truth_of_content(value)
        return self.space.true if plain_truth(value) else self.space.false

    def truth_of_unknown(self, value: Unknown) -> Condition:
        if value.prefix:
            return self.space.true
        if value.type in ("module", "function", "class"):
            return self.space.true
        if value.type == "bool":
            return self.test(value, True, f"{value.subject} is true", f"{value.subject} is false")
        if value.type in ("str", "list", "dict", "bytes"):
            words = f"{value.subject} is not empty", f"{value.subject} is empty"
            return self.space.fact(*words, about=value.subject)
        decided = chosen(value, (True,)) if value.type in ("int", "float") else ""
        words = f"{value.subject} is true", f"{value.subject} is false"
        return self.space.fact(*words, about=about(value), chosen=decided)

    def _truth_of_content(self, content: Any) -> Condition:
        """Whether there is an item, or a key; "any number of items" may be none."""
        found = self.space.false
        for item in content:
            if not (isinstance(item, Unknown) and item.several):
                return self.space.true
            found = found | self.space.fact(
                f"{item.subject} is not empty", f"{item.subject} is empty"
            )
        return found

    def _truth_of_instance(self, value: Instance) -> Condition:
        from hardango.settings.objects import find_method

        for name in ("__bool__", "__len__"):
            method = find_method(self, value, name)
            if method is not MISSING:
                return self.truth(self.call(method, [], {}))
        if value.payload is not MISSING:
            return self.truth(value.payload)
        return self.space.true

    def test(self, value: Unknown, constant: object, yes: str, no: str) -> Condition:
        """The condition that the unknown `value` is `constant`; at most one constant is."""
        if never_in_production(value, constant):
            return self.space.false
        tests = self.tests.setdefault((value.subject, value.type), [])
        around = self.space.true
        for known, condition in tests:
            if holds(known, constant):
                if len(known) == 1:
                    return condition
                around = condition
        fact = self.space.fact(yes, no, about=about(value), chosen=chosen(value, (constant,)))
        for _, other in tests:
            # A group that holds the constant contains it; everything else excludes it.
            fact = fact & (other if other is around else ~other)
        tests.insert(0, ((constant,), fact))
        if isinstance(constant, bool):
            tests.append(((not constant,), ~fact))
        return fact

    def said(self, of: Value, constant: Value) -> str:
        """A constant that `of` is compared with, in words. What a secret is compared with is
        secret, too; another such text has another number."""
        if not isinstance(constant, str) or not constant:
            return short(constant)
        names = (*of.variables, of.subject.rpartition(".")[2]) if isinstance(of, Unknown) else ()
        telling = looks_random(constant) or looks_chosen(constant)
        if not telling and not any(map(is_secret_name, names)):
            return short(constant)
        numbers = self.state.setdefault("texts not to be shown", {})
        number = numbers.setdefault(constant, len(numbers) + 1)
        return "a certain text" if number == 1 else f"a certain text ({number})"

    def test_any(self, value: Unknown, constants: list[object]) -> Condition:
        """The condition that the unknown `value` is one of `constants`, as one fact where nothing
        else has been asked of it before."""
        tests = self.tests.setdefault((value.subject, value.type), [])
        asked = tuple(
            each for each in dict.fromkeys(constants) if not never_in_production(value, each)
        )
        for group, condition in tests:
            if group == asked:
                return condition
        seen = [one for one in asked if any(holds(known, one) for known, _ in tests)]
        fresh = tuple(one for one in asked if one not in seen)
        found = self.space.false
        if len(fresh) > 1:
            *first, last = (self.said(value, each) for each in fresh)
            words = f"{', '.join(first)} or {last}"
            if len(words) > 120:
                words = f"one of {len(fresh)} values{self.here()}"
            fact = self.space.fact(
                f"{value.subject} is {words}",
                f"{value.subject} is not {words}",
                about=about(value),
                chosen=chosen(value, fresh),
            )
            for _, other in tests:
                fact = fact & ~other
            tests.append((fresh, fact))
            found = fact
        else:
            seen += fresh
        for one in seen:
            words = self.said(value, one)
            yes, no = f"{value.subject} is {words}", f"{value.subject} is not {words}"
            found = found | self.test(value, one, yes, no)
        return found

    # -- plain Python data -----------------------------------------------------------------------

    def plain(self, value: Value, depth: int = 0) -> Any:
        """`value` as native Python data, copied.

        Raises NotPlain if a part is not known or no data, Split if a part differs between the
        cases of the current path condition.
        """
        kind = type(value)
        if kind in SCALARS:
            return value
        if depth > 50:
            raise NotPlain(value)
        if kind is Union or kind is Unknown:
            value = self.resolve(value)
            if type(value) is Union:
                raise Split(value)
            if type(value) is Unknown:
                raise NotPlain(value)
            return self.plain(value, depth + 1)
        if kind is tuple:
            return tuple(self.plain(item, depth + 1) for item in value)
        if kind is Box:
            content = self.content(value)
            self.tick()
            self.spend(len(content) >> 3)
            if isinstance(content, dict):
                return {
                    self.plain(key, depth + 1): self.plain(item, depth + 1)
                    for key, item in content.items()
                }
            return value.kind(self.plain(item, depth + 1) for item in content)
        if kind is Instance and value.payload is not MISSING:
            return self.plain(value.payload, depth + 1)
        if kind is Thing:
            if value.export is not MISSING:
                return self.plain(value.export, depth + 1)
            raise NotPlain(value)
        if kind in (Function, Native, Bound, Class, Instance, Module, Descriptor, Failure):
            raise NotPlain(value)
        return value

    def content(self, box: Box) -> Any:
        """The native content of `box`, which is the same in every case that is possible here.

        Raises Split if it is not.
        """
        if box.pending is not None:
            self.fill(box)
        if len(box.variants) == 1:
            return box.variants[0][1]
        live = [each for each in box.variants if each[0].meets(self.pc)]
        if not live:
            raise Dead
        if len(live) == 1:
            return live[0][1]
        raise Split(Union([(condition, None) for condition, _ in live]))

    def fill(self, box: Box) -> None:
        """Run what an iterator waits with."""
        from hardango.settings.laziness import fill

        fill(self, box)

    def with_content(self, box: Box, run: Callable[[Any], Value]) -> Value:
        """`run` on each content that `box` can have here, under its condition."""
        try:
            return run(self.content(box))
        except Split as split:
            return self.each(split.union, lambda _: run(self.content(box)))

    def change(self, box: Box, run: Callable[[Any], Value]) -> Value:
        """`run` changes the content of `box` in place, where the path condition holds."""
        if box.pending is not None:
            self.fill(box)
        if self.journal is not None and box not in self.journal[-8:]:
            self.journal.append(box)
        if self.place:
            mark = (self.pc, self.place)
            if mark not in box.touched and len(box.touched) < 200:
                box.touched = (*box.touched, mark)
            for reading in self.readings:
                if reading not in box.readings:
                    box.readings = (*box.readings, reading)
        result: list[tuple[Condition, Value]] = []
        kept: list[tuple[Condition, Any]] = []
        base, ended = self.pc, self.space.false
        for condition, content in box.variants:
            inside = condition & base
            if not inside.possible:
                kept.append((condition, content))
                continue
            outside = condition & box.born & ~base
            if outside.possible:
                kept.append((outside, content))
                content = content.copy()
            self.pc = inside
            try:
                result.append((inside, run(content)))
                ended = ended | self.pc
            except Raised as raised:
                self.sinks[-1].append((self.pc, raised.failure))
            except Dead:
                pass
            kept.append((inside if outside.possible else condition, content))
            if len(content) > limits.ITEMS:
                raise Stopped("because a container grows without bound")
        box.variants = kept if len(kept) <= limits.ALTERNATIVES else self._join(kept)
        self.pc = ended
        if not result:
            raise Dead
        return self.merge(result)

    def _join(self, variants: list[tuple[Condition, Any]]) -> list[tuple[Condition, Any]]:
        """One content for many: see `joined`."""

        def differs(item: Value) -> Unknown:
            return self.unknown(f"depends on the environment{self.here()}", item)

        return [(self.space.true, joined([content for _, content in variants], differs))]

    def wrap(self, native: Any, depth: int = 0) -> Value:
        """Native Python data as a value of the evaluated program."""
        if depth > 60:
            raise Stopped("because its data is nested too deeply")
        if isinstance(native, list):
            return self.box([self.wrap(item, depth + 1) for item in native])
        if isinstance(native, dict):
            return self.box({key: self.wrap(item, depth + 1) for key, item in native.items()})
        if isinstance(native, (set, frozenset)):
            return self.box(set(native))
        if type(native) is tuple:
            return tuple(self.wrap(item, depth + 1) for item in native)
        if isinstance(native, (str, bytes)):
            self.spend(len(native) >> 3)
        return native

    def tuple_of(self, items: list[Value]) -> tuple[Value, ...]:
        """A tuple. Python compares and hashes tuples by itself, so that they are kept shallow."""
        budget = [limits.ITEMS]

        def weigh(items: Iterable[Value], depth: int) -> None:
            for item in items:
                if type(item) is tuple:
                    budget[0] -= len(item) + 1
                    if budget[0] < 0 or depth > 60:
                        raise Stopped("because a tuple grows without bound")
                    weigh(item, depth + 1)

        weigh(items, 0)
        return tuple(items)

    def box(self, content: list[Value] | dict[Value, Value] | set[Value]) -> Box:
        self.spend(len(content) + 1)
        return Box(content, self.pc)

    def pure(
        self,
        name: str,
        run: Callable[..., Any],
        arguments: Iterable[Value],
        keywords: dict[str, Value] | None = None,
        *,
        type: str | None = None,
    ) -> Value:
        """Call the native function `run` on plain data, in every case; unknown if a part of the
        data is. An exception that it raises is one of the evaluated program."""
        arguments, keywords = list(arguments), keywords or {}

        def attempt(_: Value = None) -> Value:
            try:
                native = [self.plain(each) for each in arguments]
                native_keywords = {key: self.plain(each) for key, each in keywords.items()}
            except Split as split:
                return self.each(split.union, attempt)
            except NotPlain:
                parts = (*arguments, *keywords.values())
                if not all(map(is_data, parts)):
                    from hardango.settings.callbacks import hand_over

                    hand_over(self, name, parts)
                of = next((one for each in parts for one in unknowns_of(each)), None)
                return self.unknown(
                    f"{name}(…){self.here()}{DEPENDS}{why(parts)}",
                    *parts,
                    type=type,
                    subject=f"{name}({', '.join(self.said(of, each) for each in arguments)})",
                )
            self.tick()
            try:
                made = run(*native, **native_keywords)
            except Stopped as end:
                return self.unknown(f"{name}(…){self.here()} stopped {end}", *arguments, type=type)
            except (
                Raised,
                Dead,
                Split,
                NotPlain,
                TooComplex,
                RecursionError,
                MemoryError,
            ):
                raise
            except Exception as exception:  # the evaluated program's own mistake, or its intent
                raise self.error(exception.__class__, *map(str, exception.args)) from None
            return self.wrap(made)

        return attempt()

    # -- the environment ---------------------------------------------------------------------------

    def variable(self, name: str) -> Value:
        """The environment variable `name`: its text, an unknown, or MISSING, by case."""
        self._know(name)
        found = []
        for each in self.variables.bound(name, self.pc):
            self.read_from(each.readings)
            found.append((each.condition, each.value))
        return self.resolve(self.merge(found)) if found else MISSING

    def read_from(self, readings: Iterable[Reading]) -> None:
        """Remember which variables what is computed here depends on."""
        for reading in readings:
            if reading not in self.readings:
                self.readings.append(reading)

    def _know(self, name: str) -> None:
        if name in self.variables.names:
            return
        given, everywhere = self.environment.values.get(name), self.space.true
        if given is not None:
            reading = (Reading(name, given.place),)
            value = self._unread(name) if given.text is None else given.text
            if given.default:
                self.variables.bind(name, value, everywhere, (), reading)
                overruled = self.space.fact(
                    f"{name} is set where production starts",
                    f"{name} is left as {given.place} has it",
                    about=name,
                )
                self.variables.bind(name, self._unread(name), overruled)
            else:
                known = reading if given.text is not None else ()
                self.variables.bind(name, value, everywhere, (), known)
        else:
            self.variables.bind(name, MISSING, everywhere)
            if not self.closed and name not in self.environment.unset:
                is_set = self.space.fact(f"{name} is set", f"{name} is unset", about=name)
                self.variables.bind(name, self._unread(name), is_set)
        for write in self.state.get("variables that may be set", ()):
            write(name)

    def _unread(self, name: str) -> Unknown:
        return Unknown(f"read from {name}", "str", (name,), subject=name)

    def set_variable(self, name: str, value: Value, place: Place | None = None) -> None:
        """What `os.environ[name] = value` does; `place` is where a file holds the text."""
        self._know(name)
        if self.journal is not None:
            self.journal.append((self.variables, name))
        readings = (Reading(name, place),) if place else ()
        chain = tuple(each for each in (place or self.place,) if each)
        self.variables.bind(name, value, self.pc & self.effects, chain, readings)

    def unset_variable(self, name: str) -> None:
        self._know(name)
        if self.journal is not None:
            self.journal.append((self.variables, name))
        self.variables.bind(name, MISSING, self.pc & self.effects)

    # -- names, attributes, calls: see objects.py --------------------------------------------------

    def call(self, function: Value, arguments: list[Value], keywords: dict[str, Value]) -> Value:
        from hardango.settings.objects import call

        return call(self, function, arguments, keywords)

    def get(self, value: Value, name: str) -> Value:
        from hardango.settings.objects import get_attribute

        return get_attribute(self, value, name)

    # -- files -------------------------------------------------------------------------------------

    def inside(self, path: str) -> str | None:
        """The real path of `path` if it lies inside the root, else None."""
        if "\0" in path:
            return None
        full = os.path.realpath(os.path.join(self.directory, path))
        if not os.path.isabs(path) and not os.path.exists(full):
            # Production may as well be started at the root.
            at_root = os.path.realpath(os.path.join(self.root, path))
            full = at_root if os.path.exists(at_root) else full
        within = full == self.root or full.startswith(self.root.rstrip(os.sep) + os.sep)
        return self.placed.use(self, full) if within else None

    def relative(self, path: str) -> str:
        return self.placed.shown(path)

    def exists(self, path: str, kind: str = "any") -> Condition:
        """Whether `path` exists when production starts; `kind` is "any", "file" or "dir".

        A file of the project is there. One that is not may be put there by the deployment: that
        is a condition, unless the environment is closed. Outside the root nothing is looked at.
        """
        made = path in self.made_files or (path in self.made_paths and kind != "file")
        if made or path == os.devnull:
            return self.space.true
        full = self.inside(path)
        if full is not None:
            if {"file": os.path.isfile, "dir": os.path.isdir}.get(kind, os.path.exists)(full):
                return self.space.true
            return self.may_be_made(self.relative(full))
        shown = beside(self.top, path)
        if self.closed and not of_the_system(path):
            return self.space.false
        return self.space.fact(f"{shown} exists", f"{shown} does not exist", about=shown)

    def may_be_made(self, shown: str) -> Condition:
        """Whether the deployment makes a file that is not in the repository."""
        if self.closed:
            return self.space.false
        return self.space.fact(f"{shown} exists", f"{shown} does not exist", about=shown)

    def read(self, path: str) -> str | Unknown:
        """The text of a file of the project. Raises Raised(FileNotFoundError) in the cases in
        which it is not there; the text is unknown if it is not in the repository."""
        if path == os.devnull:
            return ""
        if path in self.made_files:
            return Unknown("the content of a file that the settings write themselves", "str")
        there = self.exists(path, "file")
        full = self.inside(path)
        named = path if full is None else self.relative(full)
        self.fail(~there, Failure(FileNotFoundError, (named,)))
        from hardango.settings.files import content_of, read_bytes

        if full is None or not os.path.isfile(full):
            return content_of(beside(self.top, path) if full is None else self.relative(full))
        text = read_bytes(self, full)
        if isinstance(text, Unknown):
            return text
        try:
            return decoded(text, "strict")
        except UnicodeDecodeError:
            return text.decode("latin-1")
