"""Which settings module production loads, and what speaks for it.

What is asked, in this order; the first that names a module of the project decides:

1. what starts a web server in production and says with which module: a variable, `--settings`,
   or a wsgi.py that sets it whatever the environment says;
2. production's files that set DJANGO_SETTINGS_MODULE without starting a server;
3. the wsgi.py or asgi.py that a production server serves, by its default;
4. any other wsgi.py or asgi.py, by its default;
5. the module that is named for production, or that says so in its first line;
6. `manage.py runserver` in production, the default of manage.py, of celery.py;
7. the only settings module that there is, unless a server of production names one that is not
   here: what production adds to it is not known.

A default that is named for development loses against a module that is named for production: a
default only holds if nobody sets DJANGO_SETTINGS_MODULE, and such a default is there for the
developers. That it would hold then is a disagreement, and is said. So is a default that sets
nothing at all (the package of the settings modules): it loses against any other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from hardango.findings import Note, Place
from hardango.light import TYPE_CHECKING, NamedTuple
from hardango.project.model import Deployment, EntryPoint, SettingsModule, Variable
from hardango.project.names import PRODUCTION, role_of_module, role_of_name, words
from hardango.project.platform_variables import SETS, platform_of
from hardango.project.python_entry import CONFIGURATION, SETTINGS, Entry, Named

if TYPE_CHECKING:
    from hardango.project.starts import Start

PLATFORM = frozenset(("PATH", "HOME", "PWD", "HOSTNAME", "LANG", "LC_ALL", "SHELL", "TERM"))
"""Variables of the machine that no settings should be judged by."""


_SHARED = frozenset((".env", "app.json", "app.yaml", "fly.toml", "vercel.json", ".ebextensions"))
"""Kinds of files whose variables go to every process of production."""


class Candidate(NamedTuple):
    """A module that production may load: `rank` as in the list above, `place` where it is named,
    `how` the sentence that names it; `default` if the environment overrules it."""

    rank: int
    module: str
    place: Place
    how: str
    default: bool = False
    configuration: str | None = None
    start: Start | None = None
    for_production: bool = False


GUESSED = 9
"""From this rank on nothing names a module: it is only that there is no other."""


def _is_meant(absent: Candidate) -> bool:
    """Whether what serves production surely names a module that is not here, and not for
    developers: then no other one can be taken for it."""
    return absent.rank < 5 and role_of_module(absent.module) not in ("development", "test")


class Evidence(NamedTuple):
    """All that is known of how the project starts.

    `entries` are the Python files by kind; `served` gives the Python file that a start serves;
    `tests` are entry points of the configuration of test runners and type checkers; `hollow`
    tells of a module whether it sets nothing, `described` what it says of its own use; `plain`
    of a start whether Django sees nothing but plain HTTP there; `classes` gives the classes that
    a module defines.
    """

    entries: tuple[tuple[str, Entry], ...]
    starts: tuple[Start, ...]
    served: Callable[[Start, Mapping[str, str]], Entry | None]
    reread: Callable[[Entry, Mapping[str, str]], Entry]
    tests: tuple[EntryPoint, ...]
    modules: tuple[SettingsModule, ...]
    dotenv: Callable[[str], Mapping[str, Variable]]
    exists: Callable[[str], bool]
    hollow: Callable[[str], bool]
    described: Callable[[SettingsModule], str]
    plain: Callable[[Start], bool]
    classes: Callable[[str], tuple[str, ...]]


def decide(evidence: Evidence) -> tuple[Deployment, list[Note]]:
    """Weigh the evidence; the notes tell of variables that are set differently."""
    candidates = list(_candidates(evidence))
    there = [each for each in candidates if evidence.exists(each.module)]
    hollow = [each for each in there if each.default and evidence.hollow(each.module)]
    if len(hollow) < len(there):
        there = [each for each in there if each not in hollow]
    gone = [each for each in candidates if not evidence.exists(each.module)]
    chosen, overruled = _choose(there)
    if chosen is not None and chosen.rank >= GUESSED and any(map(_is_meant, gone)):
        chosen, overruled = None, None
    variables, conflicts = _variables(evidence, chosen)
    notes = list(_disagreements(evidence, chosen, overruled, there, gone))
    notes += _of_hollow(chosen, hollow)
    configuration, why, unlike = _configuration(evidence, chosen, variables)
    notes += unlike
    if chosen is not None and chosen.default and _for_developers(evidence, chosen):
        why += ", which is not for production: name production's with --settings"
    deployment = Deployment(
        module=chosen.module if chosen else None,
        configuration=configuration,
        variables=variables,
        entry_points=tuple(_entry_points(evidence)),
        reasons=tuple(_reasons(chosen, overruled, there, why)),
        disagreements=tuple(notes),
    )
    if evidence.starts:
        from hardango.project.running import with_running

        deployment = with_running(deployment, evidence.starts, chosen.start if chosen else None)
    return deployment, conflicts


def _reloads(start: Start) -> bool:
    """Whether a server's configuration makes it watch the source files."""
    return any(
        each.name in ("reload", "py_autoreload", "python_autoreload")
        and each.value not in ("false", "0", None)
        for each in start.flags
    )


def _known(variables: Mapping[str, Variable], unsure: Iterable[str] = ()) -> dict[str, str]:
    skipped = set(unsure)
    return {
        name: each.value
        for name, each in variables.items()
        if each.value is not None and name not in skipped
    }


def _candidates(evidence: Evidence) -> Iterable[Candidate]:
    production = [each for each in evidence.starts if each.role == "production"]
    for start in production:
        yield from _of_start(evidence, start)
    environ = _known(_start_variables(production))
    for kind, entry in evidence.entries:
        entry = evidence.reread(entry, environ)
        rank = {"wsgi.py": 4, "asgi.py": 4, "manage.py": 7}.get(kind, 8)
        for named in entry.modules:
            how = f"{named.place} {'defaults to' if named.default else 'sets'} {named.module}"
            yield Candidate(
                rank + (not named.certain),
                named.module,
                named.place,
                how,
                named.default,
                _first(entry.configurations),
            )
    for module in _plain_names_first(evidence):
        how = ""
        if role_of_module(module.name) == "production":
            how = f"{module.name} is the module that is named for production"
        elif not role_of_module(module.name) and evidence.described(module) == "production":
            how = f"{module.file} says in its first line that it is for production"
        if how:
            yield Candidate(6, module.name, Place(module.file, 1), how, for_production=True)
    if len(evidence.modules) == 1:
        module = evidence.modules[0]
        how = f"{module.file} is the only settings module"
        yield Candidate(9, module.name, Place(module.file, 1), how)
    else:
        plain = [each for each in evidence.modules if not role_of_module(each.name)]
        if len(plain) == 1:
            how = f"{plain[0].file} is the only settings module not named for something else"
            yield Candidate(10, plain[0].name, Place(plain[0].file, 1), how)


def _plain_names_first(evidence: Evidence) -> list[SettingsModule]:
    """The modules; one that is named for a platform stands behind the others, where no file of that
    platform is there."""
    if any(start.kind in ("Procfile", "app.json") for start in evidence.starts):
        return list(evidence.modules)
    return sorted(evidence.modules, key=lambda each: words(each.name)[-1:] == ["heroku"])


def _start_variables(starts: Iterable[Start]) -> dict[str, Variable]:
    """The variables on which all web servers of production agree."""
    found: dict[str, Variable] = {}
    bad: set[str] = set()
    for start in starts:
        if start.launch is not None and not start.launch.web:
            continue
        bad |= start.unsure
        for name, variable in start.variables.items():
            if name in found and found[name].value != variable.value:
                bad.add(name)
            found.setdefault(name, variable)
    return {name: each for name, each in found.items() if name not in bad}


def _of_start(evidence: Evidence, start: Start) -> Iterable[Candidate]:
    """The modules that one start of production loads."""
    launch = start.launch
    environ = _known(start.variables, start.unsure)
    entry = evidence.served(start, environ) if launch is not None else None
    runserver = launch is not None and launch.runserver
    web = launch is not None and launch.web
    told = _told(start)
    forced = [each for each in entry.modules if not each.default] if entry else []
    rank = 1 if web and not runserver and start.sure else 2
    if runserver:
        rank = 6
    elif launch is not None and not web:
        rank = 3
    if launch is not None and launch.server == "docker":
        rank = 2
    if forced and web and not runserver:
        for named in forced:
            how = f"{named.place} sets {named.module}, whatever the environment says"
            yield Candidate(
                1 if named.certain else 4,
                named.module,
                named.place,
                how,
                False,
                _first(entry.configurations if entry else ()),
                start,
            )
    elif told is not None:
        module, place = told
        default = SETTINGS in start.variables and start.variables[SETTINGS].default
        how = f"{place} sets {SETTINGS}={module}"
        if launch is not None and launch.module == module:
            how = f"{place} starts {launch.server} with --settings={module}"
        yield Candidate(rank, module, place, how, default, start=start)
    elif SETTINGS in start.variables or SETTINGS in start.unsure:
        return
    elif entry is not None and web:
        for named in entry.modules:
            how = (
                f"{start.place} starts {launch.server if launch else ''}, "
                f"and {named.place} defaults to {named.module}"
            )
            yield Candidate(
                (6 if runserver else 3) + (not named.certain),
                named.module,
                named.place,
                how,
                True,
                _first(entry.configurations),
                start,
            )


def _told(start: Start) -> tuple[str, Place] | None:
    """The module that a start names outside Python, and where."""
    if start.launch is not None and start.launch.module:
        return start.launch.module, start.place
    variable = start.variables.get(SETTINGS)
    if variable is None or not variable.value or SETTINGS in start.unsure:
        return None
    return variable.value, variable.place


def _first(named: Iterable[Named]) -> str | None:
    return next((each.module for each in named), None)


def _choose(candidates: list[Candidate]) -> tuple[Candidate | None, Candidate | None]:
    """The candidate that decides, and a default named for development that it overrules."""
    ordered = sorted(candidates, key=_order)
    if not ordered:
        return None, None
    best = ordered[0]
    if best.default and role_of_module(best.module) in ("development", "test"):
        for other in ordered[1:]:
            if other.for_production or role_of_module(other.module) == "production":
                return other, best
        for other in ordered[1:]:
            if other.rank < 9 and role_of_module(other.module) == "" and other.rank <= 6:
                return other, best
    return best, None


def _order(candidate: Candidate) -> tuple[int, int, int]:
    """By rank; among equals a web server's before others', production's name first."""
    role = role_of_module(candidate.module)
    preferred = {"production": 0, "": 1, "staging": 2, "development": 3, "test": 4}[role]
    sure = 0 if candidate.start is None or candidate.start.kind != "workflow" else 1
    return candidate.rank, sure, preferred


def _reasons(
    chosen: Candidate | None, overruled: Candidate | None, candidates: list[Candidate], also: str
) -> Iterable[str]:
    if chosen is None:
        return
    said = [chosen.how + also]
    if overruled is not None:
        said.append(
            f"{overruled.place} names {overruled.module} only as a default, "
            f"and its name says that it is not for production"
        )
    for each in sorted(candidates, key=_order):
        if each.module == chosen.module and each.rank < 7 and each.how != chosen.how:
            said.append(each.how)
    yield from list(dict.fromkeys(said))[:6]


def _configuration(
    evidence: Evidence, chosen: Candidate | None, variables: Mapping[str, Variable]
) -> tuple[str | None, str, list[Note]]:
    """The class of django-configurations that production uses, what to say of it, and what
    contradicts it. As with modules, a default that is named for development loses against the
    class that is named for production."""
    if CONFIGURATION in variables:
        value = variables[CONFIGURATION].value
        place = variables[CONFIGURATION].place
        return value, f", and {place} sets {CONFIGURATION}={value}" if value else "", []
    named = _named_configuration(evidence, chosen)
    if named is None or chosen is None:
        return named.module if named else None, "", []
    meant = [each for each in evidence.classes(chosen.module) if _all_production(each)]
    if not named.default or len(meant) != 1 or not _is_for_developers(named.module):
        verb = "defaults to" if named.default else "sets"
        return named.module, f", and {named.place} {verb} its class {named.module}", []
    note = Note(
        f"{named.place} defaults to the class {named.module} if {CONFIGURATION} is not set, but "
        f"the class for production is {meant[0]}: where the variable is missing, {named.module} "
        "is loaded",
        named.place,
    )
    return meant[0], f", whose class {meant[0]} is the one that is named for production", [note]


def _named_configuration(evidence: Evidence, chosen: Candidate | None) -> Named | None:
    """The class that Python names: in the file that decided, else in the first that does."""
    kinds = ("wsgi.py", "asgi.py", "manage.py")
    entries = sorted(
        (each for each in evidence.entries if each[0] in kinds),
        key=lambda each: kinds.index(each[0]),
    )
    named = [each for _, entry in entries for each in entry.configurations]
    if chosen is not None and chosen.configuration:
        named = [each for each in named if each.module == chosen.configuration] or named
    return next(iter(named), None)


def _all_production(name: str) -> bool:
    """Production, and not PreProduction or StagingProduction."""
    return PRODUCTION.issuperset(words(name)) and bool(words(name))


def _is_for_developers(name: str) -> bool:
    return role_of_name(name) in ("development", "test")


def _variables(
    evidence: Evidence, chosen: Candidate | None
) -> tuple[dict[str, Variable], list[Note]]:
    """The variables of production, and a note for each that its files contradict each other in.

    They are those of the start that decided, else of all that start a web server, else of all
    files of production. What another web server of production has with another value is left
    out: which of them is deployed is not known.
    """
    production = [each for each in evidence.starts if each.role == "production" and _counts(each)]
    webs = [
        each
        for each in production
        if each.launch is not None and each.launch.web and not each.launch.runserver
    ]
    main = chosen.start if chosen and chosen.start and _counts(chosen.start) else None
    used = [main] if main is not None and main.launch is not None else []
    used += [each for each in webs if each is not main]
    if not webs:
        used += [each for each in production if each not in used]
    else:
        # Another container that serves nothing has an environment of its own.
        used += [each for each in production if each.launch is None and each.kind in _SHARED]
    if webs and all(each.kind == "supervisor" for each in webs):
        # The container that runs supervisor gives its own variables to what that starts.
        used += [each for each in production if each.launch is None and each.container is not None]
    found: dict[str, Variable] = {}
    unsure: set[str] = set()
    conflicts: dict[str, list[Variable]] = {}
    for start in used:
        unsure |= start.unsure
        for name, variable in start.variables.items():
            if name in PLATFORM:
                continue
            known = found.setdefault(name, variable)
            if known.value != variable.value:
                conflicts.setdefault(name, [known]).append(variable)
    notes = []
    for name, variables in conflicts.items():
        if name == SETTINGS and chosen is not None:
            found.pop(name)
            continue
        found.pop(name)
        places = ", ".join(str(each.place) for each in variables[:4])
        if any(each.value is None for each in variables) or all(
            "://" in (each.value or "") for each in variables
        ):
            continue
        notes.append(
            Note(
                f"{name} is set differently in {places}: its value is left open", variables[0].place
            )
        )
    for name in unsure:
        found.pop(name, None)
    given = {each.place.file for start in webs for each in start.variables.values()}
    platform = platform_of({each.kind for each in webs}, given)
    for name, value in SETS[platform].items() if platform else ():
        found.setdefault(name, Variable(name, value, webs[0].place))
    _from_python(evidence, found)
    return found, notes


def _counts(start: Start) -> bool:
    """Whether what a start sets is production's own environment."""
    return start.kind != "workflow" or (start.launch is not None)


def _from_python(evidence: Evidence, found: dict[str, Variable]) -> None:
    """Add what wsgi.py or asgi.py itself puts into the environment, also from a .env file."""
    for kind, entry in evidence.entries:
        if kind in ("wsgi.py", "asgi.py"):
            found.update(entry.variables)
            for name, variable in entry.defaults.items():
                found.setdefault(name, variable._replace(default=True))
            for file in entry.dotenv:
                for name, variable in evidence.dotenv(file).items():
                    found.setdefault(name, variable._replace(default=True))


def _entry_points(evidence: Evidence) -> Iterable[EntryPoint]:
    seen: set[EntryPoint] = set()
    for kind, entry in evidence.entries:
        configuration = _first(entry.configurations)
        points = [
            EntryPoint(kind, "any", named.place, named.module, configuration, None, named.default)
            for named in entry.modules
        ]
        yield from points or [EntryPoint(kind, "any", Place(entry.file, 1))]
    for start in evidence.starts:
        told = _told(start)
        launch = start.launch
        variable = start.variables.get(CONFIGURATION)
        role = {"staging": "any"}.get(start.role, start.role)
        if told is None and launch is not None and not launch.web:
            continue
        if launch is not None and not launch.web and launch.server.startswith("manage.py"):
            continue
        module, place = told if told is not None else (None, start.place)
        point = EntryPoint(
            start.kind,
            role,
            start.place if launch is not None else place,
            module,
            variable.value if variable is not None else None,
            launch.server if launch is not None else None,
            SETTINGS in start.variables and start.variables[SETTINGS].default,
            launch is not None and (launch.reload or _reloads(start)),
            evidence.plain(start),
        )
        if point not in seen:
            seen.add(point)
            yield point
    yield from evidence.tests


def _of_hollow(chosen: Candidate | None, hollow: list[Candidate]) -> Iterable[Note]:
    """A default that would start nothing."""
    if chosen is not None and not chosen.default:
        hollow = [each for each in hollow if each.start is None and each.rank == 4]
    for each in hollow[:1]:
        if chosen is None or each.module != chosen.module:
            yield Note(
                f"{each.how}, which sets nothing itself: where {SETTINGS} is not set, Django "
                "does not start",
                each.place,
            )


def _for_developers(evidence: Evidence, chosen: Candidate) -> str:
    """How a module says that it is not for production, "" if it does not."""
    role = role_of_module(chosen.module)
    if role in ("development", "test"):
        return f"is named for {role}"
    modules = (each for each in evidence.modules if each.name == chosen.module)
    said = "" if role else next((evidence.described(each) for each in modules), "")
    return "says of itself that it is for development" if said == "development" else ""


def _disagreements(
    evidence: Evidence,
    chosen: Candidate | None,
    overruled: Candidate | None,
    there: list[Candidate],
    gone: list[Candidate],
) -> Iterable[Note]:
    for each in gone:
        if each.rank <= 4 and (chosen is None or each.rank <= chosen.rank):
            yield Note(f"{each.how}, which is not in the repository", each.place)
            break
    if chosen is None:
        return
    if overruled is not None:
        yield Note(
            f"{overruled.how} if {SETTINGS} is not set, but production's module is "
            f"{chosen.module}: where the variable is missing, {overruled.module} is loaded",
            overruled.place,
        )
    told: set[str] = {overruled.module} if overruled is not None else set()
    for each in sorted(there, key=_order):
        other = role_of_module(each.module)
        if each.module == chosen.module or each.module in told or each.start is None:
            continue
        if each.rank > 6 or (other == "staging"):
            continue
        told.add(each.module)
        unless = f", unless {SETTINGS} is set" if each.default else ""
        yield Note(f"{each.how}{unless}, but {chosen.how}", each.place)
    for_developers = _for_developers(evidence, chosen)
    if for_developers and chosen.default:
        yield Note(
            f"nothing in the repository names a settings module for production; {chosen.how}, "
            f"a module that {for_developers}",
            chosen.place,
        )
    elif role_of_module(chosen.module) in ("development", "test"):
        yield Note(f"{chosen.how}, a module that {for_developers}", chosen.place)
