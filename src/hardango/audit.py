"""From a path to a report: read the project, evaluate its settings, judge them, mask secrets.

This is the whole of `hardango audit` and `hardango settings` without a command line, so that
other front ends (a Django management command, a test) can ask the same.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping

from hardango.findings import (
    Assumption,
    Configured,
    Finding,
    Note,
    Place,
    Refusal,
    Report,
    Verdict,
)
from hardango.light import TYPE_CHECKING, NamedTuple
from hardango.project.model import Deployment, Project, ProjectError
from hardango.settings.conditions import Condition, TooComplex
from hardango.settings.environment import Environment, Value
from hardango.settings.export import export, learn, location
from hardango.settings.outcomes import Settings
from hardango.settings.secret_names import is_secret_name
from hardango.settings.secret_shapes import MASK
from hardango.settings.secrets import Masker
from hardango.source import decoded

if TYPE_CHECKING:
    from hardango.configuration.ignores import Ignores
    from hardango.configuration.model import Configuration, Rule
    from hardango.controls.model import Control

_MODULE_VARIABLE = "DJANGO_SETTINGS_MODULE"
_CONFIGURATION_VARIABLE = "DJANGO_CONFIGURATION"
_LONGEST_SOURCE = 2_000_000


class CannotRead(Exception):
    """There is nothing to judge; the text is one clear sentence for the user."""


class Request(NamedTuple):
    """What the user asked for.

    `given` are variables that overrule those of the deployment, those of `env_file` before them,
    and those of the `configuration` before these; with `closed` every other variable is unset.
    `django` overrules the version that was found. `only` and `exclude` name controls; without
    `ignores` everything counts. `overruled` are the keys of the configuration that do not hold.
    `patience` is by how much longer than usual an evaluation may take.
    """

    path: str = "."
    module: str | None = None
    given: Mapping[str, str] = {}
    env_file: str | None = None
    closed: bool = False
    django: tuple[int, int] | None = None
    only: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    pedantic: bool = False
    ignores: bool = True
    configuration: Configuration | None = None
    overruled: frozenset[str] = frozenset()
    patience: float = 1.0


class Reading(NamedTuple):
    """A project with its evaluated settings, and what was assumed to evaluate them.

    `again` evaluates this module, or the one of a name, under the same assumptions, with what
    files hold by real path instead of what is on the disk, and with more variables; it raises
    CannotEvaluate.
    """

    project: Project
    settings: Settings
    module: str
    masker: Masker
    environment: Environment
    reasons: tuple[str, ...]
    django: str
    configuration: Configuration | None = None
    again: Callable[..., Settings] | None = None


class Judged(NamedTuple):
    """A project with what every control that was asked for says of it, secrets not yet masked;
    `pedantic` tells whether hardening beyond the common need was judged, `ignores` what the user
    ignores."""

    reading: Reading
    controls: list[Control]
    findings: list[Finding]
    pedantic: bool
    ignores: Ignores | None


def audit(request: Request) -> Report:
    """Judge the production settings of a project.

    Raises CannotRead if there is nothing to judge, KeyError for a control that does not exist.
    """
    (report,) = audit_each([request])
    return report


def audit_each(requests: Iterable[Request]) -> list[Report]:
    """One report for each request; an ignore is stale only if no report has a use for it."""
    done = [_audit(each) for each in requests]
    used = {ignores.key(rule) for _, ignores in done if ignores for rule in ignores.used}
    unknown = {each.control for report, _ in done for each in report.findings
               if each.judged and each.verdict is Verdict.UNKNOWN}  # fmt: skip
    reports = []
    for report, ignores in done:
        for rule in ignores.stale(each.control for each in report.findings) if ignores else ():
            if ignores is not None and ignores.key(rule) not in used:
                used.add(ignores.key(rule))
                said = (
                    "has no effect: the verdict is not known, which doesn't count anyway"
                    if rule.control in unknown else "matches nothing"
                )  # fmt: skip
                note = Note(f"the ignore of {rule.control} {said}", rule.ignored.place)
                report = report._replace(notes=(*report.notes, note))
        reports.append(report)
    return reports


def _audit(request: Request) -> tuple[Report, Ignores | None]:
    """The report, and what was to be ignored, if anything."""
    from hardango.controls.judge import grade

    reading, _, findings, _, ignores = judged(request)
    letter, score = grade(findings)
    text = reading.masker.text
    ignored = [each._replace(message=text(each.message))
               for each in (ignores.notes(findings) if ignores else ())]  # fmt: skip
    shown = tuple(masked(each, reading.masker) for each in sorted(findings, key=_worst_first))
    report = Report(
        project=_name(reading.project),
        module=reading.module,
        django=reading.django,
        reasons=tuple(map(text, reading.reasons)),
        assumed=tuple(_assumptions(reading)),
        findings=shown,
        notes=(*_notes(reading), *ignored),
        grade=letter,
        score=score,
        sources=_sources(reading, shown),
        refusals=tuple(_refusals(reading)),
        configured=_configured(request, reading),
        folder=folder_of(reading.project.root),
    )
    return report, ignores


def judged(request: Request) -> Judged:
    """Read the project and judge it, without a word for anybody yet.

    Raises CannotRead if there is nothing to judge, KeyError for a control that does not exist.
    """
    from hardango.controls.catalogue import catalogue
    from hardango.controls.judge import judge
    from hardango.controls.packages import could_be_used

    wanted = _wanted(request)
    reading = read(request)
    settings, project = reading.settings, reading.project
    controls = catalogue(
        wanted,
        # Who names a control wants its finding, be it that there is nothing to judge.
        None if request.only else could_be_used(settings, project),
        pedantic=request.pedantic or bool(request.only),
        live=bool(request.only),
    )
    ignores = _ignores(request, reading)
    # Who names a control wants to know, however pedantic it is.
    pedantic = request.pedantic or (bool(request.only) and any(each.pedantic for each in controls))
    findings = judge(settings, project, controls, pedantic=pedantic, ignoring=ignores)
    return Judged(reading, controls, findings, pedantic, ignores)


def _wanted(request: Request) -> Callable[[str], bool] | None:
    """Which controls to judge, by name; None for all. Raises KeyError, CannotRead."""
    if not (request.only or request.exclude):
        return None
    from hardango.controls.catalogue import names

    known = names()
    for name in (*request.only, *request.exclude):
        if name not in known:
            raise KeyError(name)
    wanted = set(request.only or known) - set(request.exclude)
    if not wanted:
        raise CannotRead("no control is left to judge")
    return wanted.__contains__


def settings_data(
    request: Request, names: Iterable[str] = (), *, all_names: bool = False
) -> dict[str, object]:
    """The settings of a project as the data of `hardango settings --format json`.

    `names` leaves only these, those with Django's default included; `all_names` adds every
    default. Raises CannotRead, and KeyError for a name that is no setting.
    """
    reading = read(request)
    settings = reading.settings
    shown = list(names) or settings.names()
    if all_names:
        shown += sorted(name for name in settings.defaults if name not in settings.names())
    return {
        "schema": 1,
        "project": _name(reading.project),
        "module": reading.module,
        "settings": export(settings, reading.masker, dict.fromkeys(shown)),
        "django": reading.django,
        "assumed": {each.name: each.value for each in _assumptions(reading)},
        "reasons": [reading.masker.text(reason) for reason in reading.reasons],
        "refuses": [
            {"when": list(each.when), "message": each.message, "location": location(each.place)}
            for each in _refusals(reading)
        ],
        "notes": [
            {"message": note.message, "location": location(note.place)} for note in _notes(reading)
        ],
    }


# -- reading ---------------------------------------------------------------------------------------


def read(request: Request) -> Reading:
    """Find the project and evaluate the settings that production will load.

    Raises CannotRead if there is no project, no settings module, or none that can load.
    """
    from hardango.project.find import find_project
    from hardango.settings.evaluate import CannotEvaluate

    masker = Masker()
    given = dict(_given(request))
    for name, value in given.items():
        masker.learn(name, value.text)
    try:
        project = find_project(request.path, request.module)
    except ProjectError as error:
        bare = _bare_project(request)
        if bare is None:
            raise CannotRead(masker.text(str(error))) from None
        project = bare
    for variable in project.deployment.variables.values():
        masker.learn(variable.name, variable.value)
    project = _with_module(request, _with_topology(request, project))
    module, reasons = _module(request, project, given)
    configuration = project.deployment.configuration
    if _CONFIGURATION_VARIABLE in given:
        configuration = given[_CONFIGURATION_VARIABLE].text
        started = project.deployment._replace(configuration=configuration)
        project = project._replace(deployment=started)
    environment = _environment(request, project, given, module)
    evaluated = _evaluator(request, project, module, environment, configuration)
    try:
        settings = evaluated()
    except CannotEvaluate as error:
        raise CannotRead(masker.text(str(error))) from None
    learn(masker, settings)
    if not settings.loads.possible:
        raise CannotRead(masker.text(_why_not_loading(settings, environment)))
    return Reading(
        project, settings, module, masker, environment, reasons, _django(request, project),
        request.configuration, evaluated,
    )  # fmt: skip


def _evaluator(
    request: Request,
    project: Project,
    module: str,
    environment: Environment,
    configuration: str | None,
) -> Callable[..., Settings]:
    """What `Reading.again` is."""
    from hardango.settings import limits
    from hardango.settings.evaluate import evaluate

    def evaluated(
        name: str = module, instead: Mapping[str, bytes] = {}, more: Mapping[str, str] = {}
    ) -> Settings:
        given = dict(more) if name == module else {**more, _MODULE_VARIABLE: name}
        added = {variable: Value(text, Place("--env", 0)) for variable, text in given.items()}
        return evaluate(
            name,
            root=_inner(project),
            top=project.root,
            import_roots=project.import_roots,
            environment=environment._replace(values={**environment.values, **added}),
            django=request.django or project.django,
            installed=project.installed,
            configuration=configuration,
            python=project.python,
            placed=project.placed,
            instead=instead,
            seconds=limits.SECONDS * request.patience,
        )

    return evaluated


def _bare_project(request: Request) -> Project | None:
    """A directory in which nothing looks like Django, if the user names a settings module that
    is in it: `--settings` overrules."""
    if request.module is None or not request.path:
        return None
    try:
        root = os.path.realpath(request.path)
    except OSError:  # the current directory is gone
        return None
    base = _holding(root, request.module)
    if base is None:
        return None
    return Project(root, base, (base,), None, (), Deployment(), None, None)


_WALKED = 3
"""How many directories deep a module is looked for that `--settings` names."""


def _holding(root: str, module: str) -> str | None:
    """The directory from which `module` can be imported: `root`, or the nearest below it."""
    path = module.replace(".", "/")
    level = [root]
    for _ in range(_WALKED):
        for directory in level:
            held = os.path.join(directory, path)
            if os.path.isfile(f"{held}.py") or os.path.isfile(os.path.join(held, "__init__.py")):
                return directory
        level = [each for directory in level for each in _below(directory)][:500]
    return None


def _below(directory: str) -> list[str]:
    """The directories in a directory, sorted; no links, nothing hidden, nothing installed."""
    try:
        with os.scandir(directory) as entries:
            return sorted(
                entry.path
                for entry in entries
                if entry.is_dir(follow_symlinks=False)
                and not entry.name.startswith((".", "__"))
                and entry.name not in ("node_modules", "site-packages")
            )
    except OSError:
        return []


def _with_module(request: Request, project: Project) -> Project:
    """The project, with the directory on its import roots that holds the module that `--settings`
    names, if none of them does."""
    module = request.module
    if module is None or "/" in module or module.endswith(".py") or _exists(project, module):
        return project
    base = _holding(_inner(project), module)
    if base is None or base in project.import_roots:
        return project
    return project._replace(import_roots=(base, *project.import_roots))


def _with_topology(request: Request, project: Project) -> Project:
    """The project, with what the configuration says of what stands in front of it."""
    configuration = request.configuration
    if configuration is None or configuration.topology.place is None:
        return project
    place = configuration.place(configuration.topology.place.line, project.root)
    topology = configuration.topology._replace(place=place)
    return project._replace(deployment=project.deployment._replace(topology=topology))


def _given(request: Request) -> Iterator[tuple[str, Value]]:
    """The variables that the user gives, what counts more later."""
    configuration = request.configuration
    if configuration is not None:
        if configuration.env_file:
            yield from _env_file(configuration.env_file)
        for name, (text, line) in configuration.variables.items():
            yield name, Value(text, Place(configuration.shown, line))
    if request.env_file is not None:
        yield from _env_file(request.env_file)
    for name, text in request.given.items():
        yield name, Value(text, Place("--env", 0))


def _env_file(path: str) -> Iterator[tuple[str, Value]]:
    """The variables of a file that the user names; it may lie anywhere."""
    from hardango.project.dotenv import parse_dotenv

    try:
        with open(path, "rb") as opened:
            data = opened.read(_LONGEST_SOURCE + 1)
    except OSError as error:
        raise CannotRead(f"{path}: {error.strerror or 'cannot be read'}") from None
    if len(data) > _LONGEST_SOURCE:
        raise CannotRead(f"{path} is larger than {_LONGEST_SOURCE} bytes: no file of variables")
    if b"\0" in data:
        raise CannotRead(f"{path} is no text file")
    for variable in parse_dotenv(decoded(data), path).values():
        yield variable.name, Value(variable.value, variable.place)


def _module(
    request: Request, project: Project, given: Mapping[str, Value]
) -> tuple[str, tuple[str, ...]]:
    """The settings module to judge, and why that one."""
    known = {each.name for each in project.settings_modules}
    by_file = {each.file: each.name for each in project.settings_modules}
    if request.module is not None:
        named = request.module.removeprefix("./")
        module = by_file.get(named) or (
            named.removesuffix(".py").replace("/", ".") if "/" in named else named
        )
        if module not in known and not _exists(project, module):
            if _present(project, module):
                raise CannotRead(f"--settings names {module}, {_absent(project, module)}")
            said = Masker().text(request.module)
            raise CannotRead(f"there is no settings module {said!r} in this project"
                             + _instead(module, known))  # fmt: skip
        return module, ("--settings names it",)
    if given.get(_MODULE_VARIABLE) and given[_MODULE_VARIABLE].text:
        source = given[_MODULE_VARIABLE].place
        return str(given[_MODULE_VARIABLE].text), (f"{_at(source)} sets {_MODULE_VARIABLE}",)
    if project.deployment.module is not None:
        return project.deployment.module, project.deployment.reasons
    for entry in project.deployment.entry_points:
        if entry.module is not None and entry.module not in known:
            others = f"; or name one with --settings: {', '.join(sorted(known))}" if known else ""
            raise CannotRead(f"{entry.place} names the settings module {entry.module}, "
                             + _absent(project, entry.module) + others)  # fmt: skip
    if not known:
        raise CannotRead("this Django project has no settings module that could be found; "
                         "name it with --settings")  # fmt: skip
    raise CannotRead("nothing tells which settings production loads; name one with --settings: "
                     + ", ".join(sorted(known)))  # fmt: skip


def _exists(project: Project, module: str) -> bool:
    path = module.replace(".", "/")
    files = [
        os.path.join(root, path + end)
        for root in project.import_roots
        for end in (".py", "/__init__.py")
    ]
    if any(os.path.relpath(file, project.root) in project.placed for file in files):
        return True
    return any(os.path.isfile(file) and _inside(project, file) for file in files)


def _inside(project: Project, path: str) -> bool:
    """Whether a path lies in the project, links resolved."""
    root = os.path.realpath(_inner(project))
    return os.path.commonpath((os.path.realpath(path), root)) == root


def _present(project: Project, module: str) -> str | None:
    """The path of a module that is there in some form, be it a link that leads nowhere."""
    paths = (os.path.join(root, module.replace(".", "/") + ".py") for root in project.import_roots)
    return next((path for path in paths if module and os.path.lexists(path)), None)


def _absent(project: Project, module: str) -> str:
    """Why a module cannot be read, as the rest of a sentence that names it."""
    path = _present(project, module)
    if path is None:
        return "which is not in this directory" + _made_from(project, module)
    file = os.path.relpath(path, project.root)
    if not os.path.islink(path):
        return f"but {file} is no regular file"
    try:
        os.path.realpath(path, strict=True)
    except FileNotFoundError:
        return f"but {file} is a link that leads nowhere"
    except OSError:
        return f"but {file} is a link that leads back to itself"
    where = "no regular file" if _inside(project, path) else "a place outside the project"
    return f"but {file} is a link to {where}"


def _made_from(project: Project, module: str) -> str:
    """That a module is made from another file when somebody deploys the project, if one tells."""
    from hardango.source import template_of

    for root in project.import_roots:
        made = template_of(os.path.join(root, module.replace(".", "/") + ".py"))
        if made is not None:
            shown = os.path.relpath(made, project.root)
            return f": it is made from {shown}. Copy that to where the module belongs, and audit it"
    return ""


def _instead(word: str, known: Iterable[str]) -> str:
    """ "; did you mean …?", or the names that there are."""
    from hardango.spelling import closest

    names = sorted(known)
    close = closest(word, names)
    if close:
        return f"; did you mean {close!r}?"
    return f"; there is {', '.join(names)}" if names else ""


def _environment(
    request: Request, project: Project, given: Mapping[str, Value], module: str
) -> Environment:
    """The variables that the evaluation assumes: the deployment's, overruled by those given."""
    values: dict[str, Value] = {}
    if not request.closed:
        for variable in project.deployment.variables.values():
            values[variable.name] = Value(variable.value, variable.place, variable.default)
    values.update(given)
    if request.module is not None or _MODULE_VARIABLE not in values:
        place = Place("--settings", 0) if request.module is not None else _naming(project, module)
        values[_MODULE_VARIABLE] = Value(module, place)
    return Environment(values, closed=request.closed)


def _naming(project: Project, module: str) -> Place:
    """Where the module is named: by a deployment file, if there is one."""
    entries = [each for each in project.deployment.entry_points if each.module == module]
    entries.sort(key=lambda each: (each.role != "production", each.kind == "manage.py"))
    if entries:
        return entries[0].place
    return next(
        (each.named_by[0] if each.named_by else Place(each.file, 1)
         for each in project.settings_modules if each.name == module),
        Place("--settings", 0),
    )  # fmt: skip


def _why_not_loading(settings: Settings, environment: Environment) -> str:
    """One sentence on why these settings can never load, and what the user can do."""
    if not settings.failures:
        return f"{settings.module} cannot be loaded in this environment"
    _, message, place = settings.failures[-1]  # the one that gets furthest
    at = f"{place} raises " if place else "the settings raise "
    missing = _missing_variable(message, environment)
    return (f"{at}{message}. Production can't start like this"
            + (f"; set it with --env {missing}=…" if missing else ""))  # fmt: skip


def _missing_variable(message: str, environment: Environment) -> str | None:
    """The variable that an exception's message complains of: `KeyError: 'SECRET_KEY'`."""
    import re

    names = re.findall(r"\b[A-Z][A-Z0-9_]{2,}\b", message.partition(":")[2])
    return next((name for name in names if name not in environment.values), None)


# -- the report ------------------------------------------------------------------------------------

_ORDER = (
    Verdict.FAIL,
    Verdict.CONDITIONAL,
    Verdict.UNKNOWN,
    Verdict.ELSEWHERE,
    Verdict.PASS,
)


def _worst_first(finding: Finding) -> tuple[object, ...]:
    weak = finding.counts
    return (
        not finding.judged,
        not finding.applies,
        not weak,
        -finding.severity if weak else 0,
        _ORDER.index(finding.verdict),
        -finding.severity,
    )


def masked(finding: Finding, masker: Masker) -> Finding:
    """A finding for people to read."""
    text = masker.text
    return finding._replace(
        message=text(finding.message),
        when=tuple(map(text, finding.when)),
        problems=tuple(
            each._replace(message=text(each.message), when=tuple(map(text, each.when)))
            for each in finding.problems
        ),
        ignored=tuple(each._replace(reason=text(each.reason)) for each in finding.ignored),
    )


def _ignores(request: Request, reading: Reading) -> Ignores | None:
    """What the user ignores: in comments of the files that a place can point to, and in the
    configuration."""
    root, configuration = reading.project.root, request.configuration
    if not request.ignores:
        return None
    marked = {
        file: text for file in _files(reading) if "hardango:" in (text := source_text(root, file))
    }
    given = configuration.rules if configuration is not None else ()
    if not (marked or given):
        return None
    from hardango.configuration import BadConfiguration
    from hardango.configuration.comments import comments
    from hardango.configuration.ignores import Ignores

    rules: list[Rule] = []
    try:
        for file, text in marked.items():
            rules += comments(file, text)
    except BadConfiguration as error:
        raise CannotRead(reading.masker.text(str(error))) from None
    for rule in given:
        if configuration is not None:
            place = configuration.place(rule.ignored.place.line, root)
            rules.append(rule._replace(ignored=rule.ignored._replace(place=place)))
    return Ignores(rules, reading.settings.file, root)


def _files(reading: Reading) -> list[str]:
    """The files that a place can point to: those that set a setting, and those that say how
    production starts."""
    settings, deployment = reading.settings, reading.project.deployment
    places = [place for name in settings.names() for outcome in settings[name]
              for place in outcome.chain]  # fmt: skip
    places += [each.place for each in deployment.variables.values()]
    places += [each.place for each in deployment.entry_points]
    places += [each.place for each in deployment.flags]
    places += [each.place for each in (deployment.packages or {}).values()]
    files = [settings.file, *(each.file for each in places if each.line > 0)]
    if deployment.container is not None:
        files.append(deployment.container.file)
    return list(dict.fromkeys(each for each in files if each and not each.endswith(".json")))


def _configured(request: Request, reading: Reading) -> Configured | None:
    """What the configuration says that was used, for the head of the report."""
    configuration, text = request.configuration, reading.masker.text
    if configuration is None:
        return None
    from hardango.configuration.read import said, said_topology

    return Configured(
        configuration.place(configuration.line, reading.project.root),
        tuple(map(text, said(configuration, request.overruled))),
        tuple(map(text, said_topology(configuration.topology))),
    )


def _assumptions(reading: Reading) -> Iterator[Assumption]:
    """The assumed variables: the settings module first, then those that decide a setting."""
    values, settings = reading.environment.values, reading.settings
    read = {each.variable for name in settings.names() for outcome in settings[name]
            for each in outcome.readings}  # fmt: skip
    for name in sorted(values, key=lambda name: (name != _MODULE_VARIABLE, name not in read)):
        yield Assumption(name, _shown(name, values[name], reading.masker), _at(values[name].place))


def _shown(name: str, value: Value, masker: Masker) -> str:
    if value.text is None:
        return "(not in the repository)"
    if is_secret_name(name) and value.text:
        return MASK
    shown = masker.value(name, value.text)
    return shown if isinstance(shown, str) else MASK


def _notes(reading: Reading) -> Iterator[Note]:
    project, settings, masker = reading.project, reading.settings, reading.masker
    own = reading.configuration.notes if reading.configuration is not None else ()
    for note in dict.fromkeys((*own, *settings.notes, *project.notes)):
        yield Note(masker.text(note.message), note.place)


def _refusals(reading: Reading) -> Iterator[Refusal]:
    """The cases in which the settings do not load, each once, the simplest first."""
    settings, text = reading.settings, reading.masker.text
    found: dict[tuple[str, ...], Refusal] = {}
    variables = {atom.about for atom in settings.space.atoms.values() if atom.presence}
    variables.add("validators")
    before = settings.space.false
    for condition, message, place in settings.failures:
        try:
            refused = condition & ~settings.loads
            follows = refused.implies(before)  # nothing runs there any more
            before = before | refused
        except TooComplex:
            break
        if refused.possible and not follows and _plain(refused, variables):
            when = tuple(map(text, refused.describe()))
            found.setdefault(when, Refusal(when, text(message), place))
    yield from sorted(found.values(), key=lambda each: len(" and ".join(each.when)))


def _plain(condition: Condition, variables: Collection[str]) -> bool:
    """Whether a condition speaks of environment variables and files only, not of what programs
    and objects inside the settings do."""
    atoms = condition.atoms()
    return not all(" at " in atom.yes for atom in atoms) and all(
        (atom.about in variables and "…" not in atom.yes) or atom.yes.endswith(" exists")
        for atom in atoms
    )


def _sources(reading: Reading, findings: Iterable[Finding]) -> dict[Place, str]:
    """The source lines that the findings point at, secrets masked."""
    files: dict[str, list[str]] = {}
    sources = {}
    for place in dict.fromkeys(place for each in findings for place in _places(each)):
        if place.line < 1:
            continue
        if place.file not in files:
            files[place.file] = source_text(reading.project.root, place.file).split("\n")
        lines = files[place.file]
        if place.line <= len(lines):
            sources[place] = reading.masker.source_line(lines[place.line - 1], place.file)
    return sources


def _places(finding: Finding) -> Iterator[Place]:
    """The places that led to a finding and to each of its problems."""
    yield from finding.chain
    for problem in finding.problems:
        yield from problem.chain


def source_text(root: str, file: str) -> str:
    """The text of a file of the project, "" if it lies outside or cannot be read; `root` is a
    real path."""
    path = os.path.realpath(os.path.join(root, file))
    if not path.startswith(root.rstrip("/") + "/"):
        return ""
    try:
        with open(path, "rb") as opened:
            return decoded(opened.read(_LONGEST_SOURCE))
    except OSError:
        return ""


def _name(project: Project) -> str:
    return os.path.basename(_inner(project).rstrip("/")) or "/"


def _inner(project: Project) -> str:
    """The directory that the user named, or that holds what they named."""
    return project.within or project.root


def folder_of(root: str) -> str:
    """Where a project lies in its repository, as the start of a path; "" without a repository."""
    folder, above = "", root
    while not os.path.exists(os.path.join(above, ".git")):
        above, name = os.path.split(above)
        if not name:
            return ""
        folder = f"{name}/{folder}"
    return folder


def _django(request: Request, project: Project) -> str:
    if request.django is not None:
        return f"{_dotted(request.django)} (--django)"
    if project.django is not None:
        at = f" ({project.django_source})" if project.django_source else ""
        return f"{_dotted(project.django)}{at}"
    from hardango.settings.evaluate import NEWEST_DJANGO

    return f"{_dotted(NEWEST_DJANGO)} (assumed: no requirements file tells)"


def _dotted(version: tuple[int, int]) -> str:
    return f"{version[0]}.{version[1]}"


def _at(place: Place) -> str:
    return str(place) if place.line > 0 else place.file
