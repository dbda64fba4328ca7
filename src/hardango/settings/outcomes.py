"""The result of evaluating settings: for each name its outcomes.

    DEBUG = env.bool("DEBUG", True)

has two outcomes: *True when DEBUG is unset*, and *as DEBUG says, when set*. The outcomes of one
setting never overlap and together cover every case in which the settings load at all, Django's
own default included.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping

from hardango.findings import Note, Place
from hardango.light import TYPE_CHECKING, NamedTuple
from hardango.settings.conditions import Atom, Condition, Space, TooComplex

if TYPE_CHECKING:
    from hardango.settings.definitions import Definition
    from hardango.settings.routes import Routes


class Unknown:
    """A value, or a part of a container, that could not be read.

    `reason` completes the sentence "unknown: …" ("read from DEBUG"); `subject` is the shortest
    text that names it in a condition ("DEBUG" in "DEBUG is true"); `type` is the type that the
    value has if that much is known ("str", "bool", "int", "list", …), else None; `variables` the
    environment variables that decide it; `prefix` how it starts if it is a string whose start is
    known; `longest` how many characters it has at most, if it is a part of a string and that is
    known; `choices` the only values that it can have, if they are known; `several` is true for
    "any number of items" inside a list; `fresh` is true for a value that is random at each start,
    `kept` if it is written to a file then, for the next start to find; `made_of` are the random
    values that a random value was made of.
    """

    __slots__ = (
        "reason",
        "type",
        "variables",
        "prefix",
        "choices",
        "several",
        "fresh",
        "made_of",
        "subject",
        "written",
        "longest",
    )

    def __init__(
        self,
        reason: str,
        type: str | None = None,
        variables: tuple[str, ...] = (),
        prefix: str = "",
        choices: tuple[object, ...] = (),
        several: bool = False,
        fresh: bool = False,
        subject: str = "",
    ) -> None:
        self.reason = reason if len(reason) <= 300 else _shortened(reason)
        self.subject = subject or reason
        if len(self.subject) > 300:
            self.subject = _shortened(self.subject)
        self.type = type
        self.variables = variables
        self.prefix = prefix
        self.choices = choices
        self.several = several
        self.fresh = fresh
        self.written = False
        self.longest: int | None = None
        self.made_of: tuple[Unknown, ...] = ()

    @property
    def kept(self) -> bool:
        return self.written or any(each.written for each in self.made_of)

    def __repr__(self) -> str:
        return f"<unknown: {self.reason}>"


def _shortened(text: str) -> str:
    """A long text as a short one of its own: texts that differ stay different."""
    import zlib

    return f"{text[:160]}… ({zlib.crc32(text.encode('utf-8', 'replace')):08x})"


def _unless_set(name: str, default: object, why: Unknown) -> str:
    """Why a setting is not known that the project itself does not set."""
    if why.type != "module" or not isinstance(default, (bool, int)):
        return why.reason
    comma = "," if ", which" in why.reason else ""
    shown = oct(default) if name.endswith("_PERMISSIONS") else repr(default)
    return f"Django's default {shown}, unless {why.reason}{comma} sets it"


def _first_parts(values: list[object]) -> Iterator[str]:
    """What stands before the first dot of each text in the values, each container once."""
    seen: set[int] = set()
    while values:
        value = values.pop()
        if isinstance(value, str):
            yield value.partition(".")[0]
        elif isinstance(value, Unknown):
            values += [value.prefix, *value.choices]
        elif isinstance(value, (dict, list, tuple, set, frozenset)) and id(value) not in seen:
            seen.add(id(value))
            values += value
            values += value.values() if isinstance(value, dict) else ()


class Reading(NamedTuple):
    """An environment variable whose value was known, and where it stands: a committed file
    (`.env:3`, `Dockerfile:14`) or a flag of the command line (file `--env`, line 0)."""

    variable: str
    place: Place


class Outcome(NamedTuple):
    """One value that a setting can have.

    `value` is plain Python data (containers may hold `Unknown` parts) or an `Unknown`;
    `condition` when it holds; `chain` the places that led to it, the deciding one last, empty
    for Django's default; `default` is true if Django's own default is what holds; `readings`
    the environment variables with a known value that were read to compute it.
    """

    value: object
    condition: Condition
    chain: tuple[Place, ...] = ()
    default: bool = False
    readings: tuple[Reading, ...] = ()

    @property
    def when(self) -> tuple[str, ...]:
        """The condition in words, `()` for always."""
        return self.condition.describe()

    @property
    def known(self) -> bool:
        return not isinstance(self.value, Unknown)


class Setting(NamedTuple):
    """A name with its outcomes."""

    name: str
    outcomes: tuple[Outcome, ...]

    def __iter__(self) -> Iterator[Outcome]:  # type: ignore[override]
        return iter(self.outcomes)

    @property
    def explicit(self) -> bool:
        """Whether the project sets it, in at least one case."""
        return any(not outcome.default for outcome in self.outcomes)


class Case(NamedTuple):
    """Values that several settings have together, and the condition for all of them."""

    outcomes: Mapping[str, Outcome]
    condition: Condition

    def __getitem__(self, name: str) -> object:  # type: ignore[override]
        return self.outcomes[name].value

    @property
    def when(self) -> tuple[str, ...]:
        return self.condition.describe()

    def chain(self, *names: str) -> tuple[Place, ...]:
        """The places that decided the first of `names` that the project sets at all."""
        for name in names:
            if self.outcomes[name].chain:
                return self.outcomes[name].chain
        return ()


class Call(NamedTuple):
    """What a function of a library is given, and when: `arguments` by their place, `keywords` by
    their name; more of these, of which nothing is known, are under "**"."""

    arguments: tuple[object, ...]
    keywords: Mapping[str, object]
    condition: Condition
    chain: tuple[Place, ...] = ()


LONGEST_CLAUSE = 12
"""Of how many facts a failure may speak to narrow every condition."""

MAX_CASES = 256
"""How many combinations of outcomes `Settings.cases` looks at before it gives up on precision."""


class Settings:
    """The settings of one module, evaluated.

    `module` and `file` are what was evaluated, `path` the absolute path of that file; `django` the version as (major, minor),
    which a file or the user tells if it is `django_known`, else it is the newest;
    `clauses` the conditions that must all hold for the module to load at all, and `loads` all of
    them together (`false`: it never loads);
    `failures` how it fails to load otherwise, as (condition, message, place);
    `notes` what a reader must know of the evaluation itself; `truths` under which condition a
    yes-or-no setting is true, also where its value is only known to be one or the other;
    `definition` gives the class or function of the project behind a dotted path, None if it is
    not the project's or could not be read.
    `stopped` says why the evaluation did not get to the end, "" if it did.
    `imported` are the modules that are not the project's, and when they are imported.
    Indexing gives every Django setting, from its default if the project does not set it, and
    raises KeyError for a name that neither Django nor the project knows.
    """

    def __init__(
        self,
        explicit: Mapping[str, Iterable[Outcome]],
        defaults: Mapping[str, object],
        *,
        space: Space,
        clauses: tuple[Condition, ...] = (),
        module: str = "",
        file: str = "",
        django: tuple[int, int] = (6, 1),
        django_known: bool = True,
        failures: tuple[tuple[Condition, str, Place | None], ...] = (),
        notes: tuple[Note, ...] = (),
        truths: Mapping[str, Condition] = {},
        overridable: tuple[tuple[Condition, Unknown], ...] = (),
        definition: Callable[[str], Definition | None] = lambda dotted: None,
        find_routes: Callable[..., Routes] | None = None,
        find_calls: Callable[..., Iterable[Call]] = lambda name, *files: (),
        find_variable: Callable[[str], list[Outcome]] = lambda name: [],
        imported: Mapping[str, Condition] = {},
        texts: Mapping[str, bytes] = {},
        secrets: tuple[str, ...] = (),
        path: str = "",
        stopped: str = "",
    ) -> None:
        self.path, self.stopped = path, stopped
        self.imported = imported
        self._find_routes, self._find_calls = find_routes, find_calls
        self._find_variable = find_variable
        self._routes: Routes | None = None
        self._mentioned: frozenset[str] | None = None
        self.texts, self.secrets = texts, secrets
        self.truths = truths
        self.definition = definition
        self.overridable = overridable
        self.space = space
        self.clauses = clauses
        self._clauses: list[tuple[Condition, set[Atom]]] = []
        self.loads = space.true
        self._narrow(clauses)
        self.module, self.file, self.django = module, file, django
        self.django_known = django_known
        self.failures, self.notes = failures, notes
        self.defaults = defaults
        self._explicit = {name: tuple(outcomes) for name, outcomes in explicit.items()}
        self._full: dict[str, Setting] = {}

    def _narrow(self, clauses: Iterable[Condition]) -> None:
        """Look only at the cases in which all of these hold, too."""
        self._shown: dict[Condition, Condition] = {}
        clauses = tuple(clauses)
        self._clauses = [*self._clauses, *((clause, clause.atoms()) for clause in clauses)]
        for clause in clauses:
            try:
                self.loads = self.loads & clause
            except TooComplex:  # some cases more in which the settings are judged
                break

    @classmethod
    def of(
        cls, values: Mapping[str, object], *, django: tuple[int, int] = (6, 1), **more: object
    ) -> Settings:
        """Settings with one certain outcome a name, set at settings.py: the form for tests.

        A value of the form `{"if X": a, "else": b}` with a key that starts with "if " has two
        outcomes; the condition is what follows, as a sentence ("if DEBUG is set").
        """
        from hardango.settings.defaults import defaults_of

        space = Space()
        explicit: dict[str, list[Outcome]] = {}
        for line, (name, value) in enumerate(values.items(), 1):
            chain = (Place("settings.py", line),)
            explicit[name] = []
            rest = space.true
            if isinstance(value, dict) and any(str(key).startswith("if ") for key in value):
                for key, one in value.items():
                    if key == "else":
                        explicit[name].append(Outcome(one, rest, chain))
                        break
                    words = str(key).removeprefix("if ")
                    fact = space.fact(words, f"not ({words})") & rest
                    rest = rest & ~fact
                    explicit[name].append(Outcome(one, fact, chain))
            else:
                explicit[name].append(Outcome(value, space.true, chain))
        return cls(
            explicit,
            defaults_of(django),
            space=space,
            module="settings",
            file="settings.py",
            django=django,
            **more,  # type: ignore[arg-type]
        )

    def names(self) -> list[str]:
        """The names that the project sets, in the order of their first assignment; and Django's,
        where something that surely ran and could not be read may set them."""
        unread = any(condition.certain for condition, _ in self.overridable)
        return list(dict.fromkeys([*self._explicit, *(self.defaults if unread else ())]))

    def assigned(self) -> Iterator[tuple[str, Outcome]]:
        """Every name with each outcome that the project gives it, whether the settings load then
        or not."""
        for name, outcomes in self._explicit.items():
            for outcome in outcomes:
                yield name, outcome

    def __contains__(self, name: str) -> bool:
        return name in self._explicit or name in self.defaults

    def __getitem__(self, name: str) -> Setting:
        found = self._full.get(name)
        if found is None:
            if name not in self:
                raise KeyError(name)
            try:
                outcomes = self._outcomes(name)
            except TooComplex:
                unknown = Unknown("it depends on too many conditions at once", subject=name)
                outcomes = [Outcome(unknown, self.space.true)]
            found = self._full[name] = Setting(name, tuple(outcomes))
        return found

    def _outcomes(self, name: str) -> list[Outcome]:
        """What the project gives `name`, what an unread file may give it, and Django's default."""
        outcomes = []
        rest = self.space.true
        for outcome in self._explicit.get(name, ()):
            shown = self.shown(outcome.condition)
            if shown.possible:
                outcomes.append(outcome._replace(condition=shown))
                rest = rest & ~outcome.condition
        if rest.possible and name in self.defaults:
            for condition, why in self.overridable:
                shown = self.shown(rest & condition)
                if shown.possible:
                    reason = _unless_set(name, self.defaults[name], why)
                    outcomes.append(Outcome(Unknown(reason, subject=name), shown))
                    rest = rest & ~condition
        shown = self.shown(rest)
        if shown.possible and name in self.defaults:
            outcomes.append(Outcome(self.defaults[name], shown, (), True))
        return outcomes

    def shown(self, condition: Condition) -> Condition:
        """`condition`, simplified for the cases in which the module loads; false if there are
        none. Only the clauses that speak of the same facts can say something about it."""
        if condition.certain:
            return condition
        shown = self._shown.get(condition)
        if shown is None:
            atoms = condition.atoms()
            care = self.space.true
            for clause, spoken_of in self._clauses:
                if not atoms.isdisjoint(spoken_of):
                    care = care & clause
            shown = condition.within(care) if condition.meets(care) else self.space.false
            self._shown[condition] = shown
        return shown

    def cases(self, *names: str) -> Iterator[Case]:
        """Every combination of outcomes of `names` that can occur.

        A name that neither Django nor the project knows has the value None, or is unknown where a
        file that was not read may set it. Beyond `MAX_CASES`
        combinations the remaining ones are one case in which every value is `Unknown`.
        """
        partial: list[Case] = [Case({}, self.space.true)]
        for name in names:
            outcomes = self[name].outcomes if name in self else ()
            grown: list[Case] = []
            for case in partial:
                covered = self.space.false
                for outcome in outcomes:
                    condition = case.condition & outcome.condition
                    if condition.possible:
                        grown.append(Case({**case.outcomes, name: outcome}, condition))
                        covered = covered | outcome.condition
                rest = case.condition & ~covered
                for outcome in self._absent(name, rest) if rest.possible else ():
                    grown.append(Case({**case.outcomes, name: outcome}, outcome.condition))
            partial = grown
            if len(partial) > MAX_CASES:
                reason = Unknown("too many combinations of conditions")
                everywhere = self.space.true
                yield Case({each: Outcome(reason, everywhere) for each in names}, everywhere)
                return
        for case in partial:
            shown = self.shown(case.condition)
            if shown.possible:
                yield Case(case.outcomes, shown)

    def _absent(self, name: str, rest: Condition) -> Iterator[Outcome]:
        """What a name has where neither the project nor Django sets it: None, but what an unread
        file may give it."""
        for condition, why in self.overridable:
            if (rest & condition).possible:
                yield Outcome(Unknown(why.reason, subject=name), rest & condition)
                rest = rest & ~condition
        if rest.possible:
            yield Outcome(None, rest, (), default=True)

    def fails(self, condition: Condition) -> bool:
        """Whether the module surely does not load under `condition`, by a failure that was too
        long for a clause."""
        try:
            return any(condition.implies(failure) for failure, _, _ in self.failures
                       if len(failure.atoms()) > LONGEST_CLAUSE)  # fmt: skip
        except TooComplex:
            return False

    def given(self, condition: Condition) -> Settings:
        """The same settings, looked at only where `condition` holds."""
        narrowed = object.__new__(Settings)
        narrowed.__dict__.update(self.__dict__)
        narrowed.clauses = (*self.clauses, condition)
        narrowed._narrow((condition,))
        narrowed._full, narrowed._routes = {}, None
        narrowed._find_routes = lambda _: self.routes()
        return narrowed

    def routes_of(self, urlconf: str) -> Routes:
        """The routes if ROOT_URLCONF is this one wherever it is not known."""
        from hardango.settings.routes import Routes

        return self._find_routes(self, urlconf) if self._find_routes is not None else Routes()

    def routes(self) -> Routes:
        """The routes of the URLconf that the settings name, evaluated when first asked for."""
        if self._routes is None:
            from hardango.settings.routes import Routes

            found = self._find_routes(self) if self._find_routes is not None else Routes()
            self._routes = found.given(self)
        return self._routes

    def variable(self, name: str) -> Iterator[Outcome]:
        """What the process has for an environment variable once the settings have loaded: a text,
        None for nothing. What only who starts it decides is unknown."""
        for outcome in self._find_variable(name):
            shown = self.shown(outcome.condition)
            if shown.possible:
                yield outcome._replace(condition=shown)

    def mentioned(self) -> frozenset[str]:
        """The first parts of all dotted names in the settings' values, in any case."""
        if self._mentioned is None:
            values = [outcome.value for _, outcome in self.assigned()]
            self._mentioned = frozenset(_first_parts(values))
        return self._mentioned

    def calls(self, name: str, *files: str) -> Iterator[Call]:
        """The calls of a function of a library ("sentry_sdk.init") that the settings make, or the
        modules in `files`, relative to the root."""
        for each in self._find_calls(name, *files):
            shown = self.shown(each.condition)
            if shown.possible:
                yield each._replace(condition=shown)

    def where(self, name: str, test: Callable[[object], bool]) -> Condition:
        """The condition under which the value of `name` satisfies `test`."""
        found = self.space.false
        for outcome in self[name]:
            if test(outcome.value):
                found = found | outcome.condition
        return found
