"""Evaluates a settings module without importing it."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable, Mapping
from functools import partial

from hardango.findings import Place
from hardango.light import TYPE_CHECKING, Any
from hardango.settings import limits
from hardango.settings.callbacks import hand_over
from hardango.settings.calls import calls_of
from hardango.settings.conditions import NEVER, Condition, TooComplex
from hardango.settings.defaults import defaults_of
from hardango.settings.environment import Environment, Value
from hardango.settings.export_values import freeze
from hardango.settings.imports import Unreadable, find_source, import_module, parse
from hardango.settings.interpreter import NEWEST_PYTHON, Interpreter
from hardango.settings.outcomes import LONGEST_CLAUSE, Outcome, Reading, Settings, Unknown
from hardango.settings.values import MISSING, Dead, Module, Raised, Scope, Stopped

if TYPE_CHECKING:
    from hardango.settings.definitions import Definition
    from hardango.settings.routes import Routes

NEWEST_DJANGO = (6, 1)


class CannotEvaluate(Exception):
    """The settings module could not be read at all; the text says which file and why."""


def evaluate(
    module: str,
    *,
    root: str,
    import_roots: tuple[str, ...],
    environment: Environment = Environment(),
    django: tuple[int, int] | None = None,
    installed: frozenset[str] = frozenset(),
    configuration: str | None = None,
    python: tuple[int, int] | None = None,
    strict: bool = False,
    placed: Mapping[str, tuple[str, Place]] = {},
    top: str = "",
    instead: Mapping[str, bytes] = {},
    seconds: float = limits.SECONDS,
) -> Settings:
    """Evaluate `module` ("config.settings.production"), looked up in `import_roots`.

    `root` and `import_roots` are absolute directories; nothing outside `root` is read. `top` is
    the directory that places are relative to, if it is another one.
    `django` is the version that production runs, the newest if that is not known;
    `installed` names the third-party top-level packages that production is known to have;
    `configuration` is the class that DJANGO_CONFIGURATION names, for django-configurations.
    `python` is the version that production runs, the newest if that is not known;
    `placed` are the files that production has in another place (`Project.placed`);
    `instead` is what files hold, by real path, instead of what is on the disk;
    `seconds` of processor time are spent at most, and a third of that on what came of it;
    `strict` is for tests: a gap in the interpreter is raised, not turned into an unknown.

    Raises CannotEvaluate if the module's own file cannot be found, read or parsed.
    """
    values = {"DJANGO_SETTINGS_MODULE": Value(module, Place("--settings", 0))}
    if configuration:
        values["DJANGO_CONFIGURATION"] = Value(configuration, Place("--env", 0))
    import_roots = _own_first(module, tuple(os.path.abspath(each) for each in import_roots))
    environment = environment._replace(values={**values, **environment.values})
    interpreter = Interpreter(
        root,
        import_roots,
        environment,
        django=django or NEWEST_DJANGO,
        installed=installed,
        python=python or NEWEST_PYTHON,
        placed=placed,
        top=top,
        seconds=seconds,
    )
    interpreter.strict, interpreter.instead = strict, instead
    interpreter.django_known = django is not None
    interpreter.judged = module
    interpreter.family.add(module)
    file = _source_of(interpreter, module)
    stopped, found = _run(interpreter, module)
    if found is None:
        found = interpreter.modules.get(module)
    scope = found.scope if isinstance(found, Module) else Scope()
    if isinstance(found, Module) and not stopped:
        stopped, scope = _class_settings(interpreter, found, configuration)
    return _collect(interpreter, module, file, scope, stopped)


def _own_first(module: str, import_roots: tuple[str, ...]) -> tuple[str, ...]:
    """The import roots, the one that holds the settings module's top-level package first."""
    path = module.replace(".", os.sep)
    for root in import_roots:
        held = os.path.join(root, path)
        if os.path.isfile(f"{held}.py") or os.path.isfile(os.path.join(held, "__init__.py")):
            return (root, *(each for each in import_roots if each != root))
    return import_roots


def _source_of(interpreter: Interpreter, module: str) -> str:
    """The module's own file. Raises CannotEvaluate if it cannot be found, read or parsed."""
    file, directory = find_source(interpreter, module)
    if file is None:
        what = "is a directory without __init__.py" if directory else "was not found"
        raise CannotEvaluate(f"the settings module {module} {what}")
    try:
        parse(interpreter, file)
    except Unreadable as problem:
        raise CannotEvaluate(str(problem)) from None
    except Stopped as problem:
        raise CannotEvaluate(f"{interpreter.relative(file)} could not be read {problem}") from None
    return interpreter.relative(file)


def _run(interpreter: Interpreter, module: str) -> tuple[str, Any]:
    """Import the module in the interpreter. The text says why it stopped early, "" if not."""
    try:
        found = import_module(interpreter, module)
        hand_over(interpreter, "", ())  # what libraries may still call before Django reads it
        return "", found
    except (Dead, Raised) as end:
        if isinstance(end, Raised):
            interpreter.sinks[0].append((interpreter.pc, end.failure))
        interpreter.pc = interpreter.space.false
        return "", None
    except (Stopped, TooComplex) as end:
        return f"the evaluation stopped {end}{interpreter.here()}", None
    except (RecursionError, MemoryError):
        return f"the evaluation stopped because it is nested too deeply{interpreter.here()}", None


def _class_settings(
    interpreter: Interpreter, module: Module, configuration: str | None
) -> tuple[str, Scope]:
    """The names of a module, or for django-configurations those of the class that is used."""
    if configuration is None and "configurations" not in interpreter.modules:
        return "", module.scope
    try:
        from hardango.settings.libraries.configurations import settings_of
    except ModuleNotFoundError:
        return "", module.scope
    try:
        return "", settings_of(interpreter, module, configuration) or module.scope
    except (Dead, Raised) as end:
        if isinstance(end, Raised):
            interpreter.sinks[0].append((interpreter.pc, end.failure))
        interpreter.pc = interpreter.space.false
        return "", module.scope
    except (Stopped, TooComplex, RecursionError, MemoryError) as end:
        return f"the evaluation stopped {end}", module.scope


def _collect(
    interpreter: Interpreter, module: str, file: str, scope: Scope, stopped: str
) -> Settings:
    """The outcomes of every upper-case name of `scope`."""
    failures = tuple(
        (condition, describe_failure(failure), failure.place)
        for condition, failure in interpreter.sinks[0]
        if condition.possible
    )
    clauses = _clauses(interpreter)
    if not interpreter.pc.possible:
        interpreter.pc = interpreter.space.true  # what is known of it, up to where it fails
    explicit: dict[str, list[Outcome]] = {}
    truths: dict[str, Condition] = {}
    started = interpreter.deadline - interpreter.seconds
    interpreter.deadline = time.process_time() + interpreter.seconds / 3
    interpreter.space.deadline = interpreter.deadline
    interpreter.steps = interpreter.made = interpreter.space.steps = 0
    try:
        for name in list(scope.names):
            if name.isupper():
                explicit[name] = _outcomes(interpreter, scope, name, stopped)
        truths["DEBUG"] = _truth(interpreter, scope, "DEBUG")
    except (Stopped, TooComplex, RecursionError, MemoryError) as end:
        stopped = stopped or f"the evaluation stopped {end}"
        explicit = {name: [_not_known(interpreter, stopped)] for name in explicit}
    interpreter.space.deadline, interpreter.space.steps = NEVER, 0
    interpreter.used = time.process_time() - started
    overridable: list[tuple[Condition, Unknown]] = []
    if stopped:
        for name in _names_in_source(interpreter):
            explicit.setdefault(name, [_not_known(interpreter, stopped)])
        interpreter.note(f"{stopped}; what comes after is not known")
        overridable.append((interpreter.space.true, Unknown(stopped)))
    elif scope.opaque is not None:
        when = interpreter.space.true if scope.opaque_when is None else scope.opaque_when
        overridable.append((when, scope.opaque))

    return Settings(
        explicit,
        defaults_of(interpreter.django),
        space=interpreter.space,
        clauses=() if stopped else clauses,
        stopped=stopped,
        module=module,
        file=file,
        django=interpreter.django,
        django_known=interpreter.django_known,
        failures=failures,
        notes=tuple(interpreter.notes),
        truths=truths,
        overridable=tuple(overridable),
        definition=_reader(interpreter),
        find_routes=partial(_routes, interpreter, scope, stopped),
        find_calls=partial(calls_of, interpreter),
        find_variable=partial(_variable, interpreter),
        imported=dict(interpreter.imported),
        texts=interpreter.texts,
        secrets=tuple(dict.fromkeys(interpreter.secrets)),
        path=os.path.join(interpreter.root, file),
    )


def _routes(
    interpreter: Interpreter, scope: Scope, stopped: str, settings: Settings, assumed: str = ""
) -> Routes:
    from hardango.settings.routes import routes_of

    return routes_of(interpreter, settings, scope, stopped, assumed)


def _variable(interpreter: Interpreter, name: str) -> list[Outcome]:
    """What the environment has for a variable at the end: None for nothing."""
    interpreter.pc = interpreter.space.true
    interpreter.variable(name)
    return [
        Outcome(None if each.value is MISSING else value, each.condition & when, each.chain)
        for each in interpreter.variables.bound(name, interpreter.pc)
        for when, value in freeze(interpreter, each.value)
    ]


def _reader(interpreter: Interpreter) -> Callable[[str], Definition | None]:
    """Reads a definition of the project when somebody asks for one, which is seldom."""
    read: list[Callable[[str], Definition | None]] = []

    def definition(dotted: str) -> Definition | None:
        if not read:
            from hardango.settings.definitions import reader

            read.append(reader(interpreter))
        return read[0](dotted)

    return definition


MAX_CLAUSES = 150
"""How many ways to fail are kept apart; those that are about the fewest facts come first."""


def _names_in_source(interpreter: Interpreter) -> list[str]:
    """The upper-case names that the settings module and what it star-imports assign anywhere."""
    from hardango.settings.statements import names_set_by

    found: dict[str, None] = {}
    for name in sorted(interpreter.family):
        if time.process_time() > interpreter.deadline:
            break  # that anything may be set is said anyway
        module = interpreter.modules.get(name)
        if isinstance(module, Module) and module.file:
            try:
                names = names_set_by(parse(interpreter, module.file).body)
            except (Unreadable, Stopped):
                continue
            found.update(dict.fromkeys(each for each in names if each.isupper()))
    return list(found)


def _clauses(interpreter: Interpreter) -> tuple[Condition, ...]:
    """The conditions that must hold for the module to load: that none of its failures happens."""
    if not interpreter.pc.possible:
        return (interpreter.space.false,)
    found: dict[int, Condition] = {}
    for condition, _ in interpreter.sinks[0]:
        found[id(condition)] = condition
    simplest = sorted(found.values(), key=lambda each: len(each.atoms()))
    clauses = []
    try:
        for each in simplest[:MAX_CLAUSES]:
            if len(each.atoms()) <= LONGEST_CLAUSE:
                clauses.append(~each)
    except TooComplex:  # time is up: some cases more in which the settings are judged
        pass
    return tuple(clauses)


def _not_known(interpreter: Interpreter, why: str) -> Outcome:
    return Outcome(Unknown(why), interpreter.space.true)


def _outcomes(interpreter: Interpreter, scope: Scope, name: str, stopped: str) -> list[Outcome]:
    base = interpreter.pc
    found: list[Outcome] = []
    for each in scope.bound(name, base):
        interpreter.pc = base & each.condition
        if not interpreter.pc.possible:
            continue
        touched, readings = _nested(each.value, 0)
        for condition, value in freeze(interpreter, each.value):
            inside = condition & interpreter.pc
            if inside.possible:
                changed = [place for when, place in touched if when.meets(inside)]
                chain = tuple(dict.fromkeys((*each.chain, *changed)))
                if stopped:
                    value = Unknown(stopped)
                _put(
                    found, Outcome(value, inside, chain, False, _distinct(each.readings + readings))
                )
    interpreter.pc = base
    return found


def _put(found: list[Outcome], new: Outcome) -> None:
    for index, known in enumerate(found):
        if (
            known.chain == new.chain
            and known.readings == new.readings
            and _alike(known.value, new.value)
        ):
            found[index] = known._replace(condition=known.condition | new.condition)
            return
    found.append(new)


def _alike(one: object, other: object) -> bool:
    """Whether two frozen values read the same: equal, of equal types, unknown for one reason."""
    if type(one) is not type(other):
        return False
    if isinstance(one, Unknown) and isinstance(other, Unknown):
        return (one.reason, one.subject, one.prefix) == (other.reason, other.subject, other.prefix)
    if isinstance(one, (list, tuple)) and isinstance(other, (list, tuple)):
        return len(one) == len(other) and all(map(_alike, one, other))
    if isinstance(one, dict) and isinstance(other, dict):
        return list(one) == list(other) and all(_alike(one[key], other[key]) for key in one)
    return bool(one == other)


def _distinct(readings: tuple[Reading, ...]) -> tuple[Reading, ...]:
    return tuple(dict.fromkeys(readings))


def _nested(
    value: Any, depth: int, seen: set[int] | None = None
) -> tuple[tuple[tuple[Condition, Place], ...], tuple[Reading, ...]]:
    """Where, and in which cases, the containers inside a value were changed after they were made."""
    from hardango.settings.values import Box, Union

    seen = set() if seen is None else seen
    if depth > 6 or id(value) in seen:
        return (), ()
    seen.add(id(value))
    places: dict[tuple[Condition, Place], None] = {}
    readings: dict[Reading, None] = {}
    parts: list[Any] = []
    if isinstance(value, Box):
        places.update(dict.fromkeys(value.touched))
        readings.update(dict.fromkeys(value.readings))
        for _, content in value.variants[:8]:
            parts += list(content.values() if isinstance(content, dict) else content)[:200]
    elif isinstance(value, tuple):
        parts += value[:200]
    elif isinstance(value, Union):
        parts += [each for _, each in value.alternatives]
    for part in parts:
        if isinstance(part, (Box, tuple, Union)):
            inner, read = _nested(part, depth + 1, seen)
            places.update(dict.fromkeys(inner))
            readings.update(dict.fromkeys(read))
    return tuple(places), tuple(readings)


def _truth(interpreter: Interpreter, scope: Scope, name: str) -> Condition:
    found = interpreter.space.false
    for each in scope.bound(name, interpreter.pc):
        found = found | (each.condition & interpreter.truth(each.value))
    return found


QUOTED = frozenset(
    "KeyError ModuleNotFoundError ImportError FileNotFoundError NameError AttributeError "
    "ImproperlyConfigured EnvNotSetError EnvError UndefinedValueError ValidationError".split()
)
"""Exceptions whose words name a variable, a module or a file."""


def describe_failure(failure: Any) -> str:
    if isinstance(failure.cls, Unknown):
        name = failure.cls.subject.partition(" at ")[0].removesuffix("()").rpartition(".")[2]
        return name if name.isidentifier() and name[0].isupper() else "an exception"
    # What other exceptions say may quote a secret.
    if failure.name not in QUOTED:
        return str(failure.name)
    from hardango.settings.secret_shapes import MASK, looks_chosen

    for said in failure.arguments:
        if isinstance(said, str):
            words = re.split(r"([\s'\",;()]+)", said)
            shown = "".join(MASK if looks_chosen(each) else each for each in words)
            return f"{failure.name}: {shown}"
    return str(failure.name)
