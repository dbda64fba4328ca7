"""From a path to everything that `hardango deps` has to say: read, look up, judge."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping

from hardango.audit import CannotRead, Reading, Request, folder_of, source_text
from hardango.audit import read as read_settings
from hardango.configuration.ignores import Ignores
from hardango.configuration.model import Rule
from hardango.controls.judge import grade
from hardango.controls.start.dependencies import DEPENDENCIES
from hardango.dependencies import offline, windows
from hardango.dependencies.cache import BadDatabase, has_database
from hardango.dependencies.database import Database, default, load
from hardango.dependencies.findings import findings
from hardango.dependencies.reach import PARTS, ranked
from hardango.dependencies.records import Record, fixes
from hardango.dependencies.sentences import about
from hardango.dependencies.subject import Subject, read
from hardango.dependencies.ways import ways
from hardango.findings import Finding, Note, Place, Severity, Verdict
from hardango.inventory import Consulted, Dependencies, Judged, Pin, Release
from hardango.light import NamedTuple


class Wish(NamedTuple):
    """What the user asked of `hardango deps`: the `database` file instead of the one of `--update`;
    `online`, then the service is asked; the `environment` instead of a file; also what only
    `development` installs; and without `ignores` everything counts. With `outdated` the package
    index is asked: that of `index_url` and `more_indexes`, else the one that pip or uv is configured for."""

    path: str = "."
    database: str | None = None
    online: bool = False
    service: str | None = None
    environment: str | None = None
    development: bool = False
    timeout: float = 10.0
    ignores: bool = True
    outdated: bool = False
    index_url: str | None = None
    more_indexes: tuple[str, ...] = ()


def deps(wish: Wish, request: Request) -> Dependencies:
    """Judge what production installs. Raises CannotRead."""
    subject = _subject(wish)
    answer = _look_up(wish, subject)
    published = answer.published
    ignores = rules(subject, request) if wish.ignores else None
    released, index, more = _released(wish, subject)
    judged = [each._replace(release=released.get(f"{each.pin.name} {each.pin.version}"))
              for each in answer.judged]  # fmt: skip
    reading, why = _settings(subject, judged, request)
    if reading is not None:
        judged = [ranked(each, reading.settings, reading.project.deployment) for each in judged]
    judged = ways([_ignored(each, ignores) for each in judged], published, subject)
    supported = []
    django = next((each for each in judged if each.pin.name == "django"), None)
    if django is not None:
        known = [text for each in published.get("django", ()) for text in fixes(each)]
        known += django.release.versions if django.release is not None else ()
        said = windows.django(django.pin, known)
        supported += [said] if said is not None else []
    if subject.python is not None:
        supported.append(windows.python(subject.python, subject.python_place))
    stale = (Note(windows.stale()),) if windows.stale() else ()
    found = tuple(findings(judged, supported, subject.unread))
    letter, score = _grade(found)
    return Dependencies(
        project=subject.name, files=subject.files, reason=subject.reason, manager=subject.manager,
        judged=tuple(judged), supported=tuple(supported), consulted=answer.consulted, findings=found,
        notes=(*subject.notes, *answer.notes, *more, *why, *_of_ignores(ignores, judged), *stale),
        failure=answer.failure, folder=folder_of(subject.root),
        sources=_sources(subject.root, found), grade=letter, score=score,
        index_asked=index,
    )  # fmt: skip


def _grade(found: Iterable[Finding]) -> tuple[str, int]:
    """The grade of the controls that `deps` judges, each by the worst that was found."""
    worst: dict[str, Finding] = {}
    for each in found:
        known = worst.get(each.control)
        if known is None or (each.counts, each.severity) > (known.counts, known.severity):
            worst[each.control] = each
    return grade(worst.values())


def _settings(
    subject: Subject, judged: Iterable[Judged], request: Request
) -> tuple[Reading | None, tuple[Note, ...]]:
    """The settings of the project, if they can decide whether a hole of Django reaches it; else why
    they are not known."""
    names = {name for each in judged for hole in each.holes for name in hole.ids}
    if subject.project is None or not names & set(PARTS):
        return None, ()
    try:
        return read_settings(request), ()
    except CannotRead as error:
        return None, (Note(f"whether the settings use what is vulnerable is not known: {error}"),)


def rules(subject: Subject, request: Request) -> Ignores:
    """What the user ignores: in comments of the files, and in the configuration. Raises
    CannotRead."""
    from hardango.configuration import BadConfiguration
    from hardango.configuration.comments import comments

    found: list[Rule] = []
    for file in dict.fromkeys(each.place.file for each in subject.packages):
        text = source_text(subject.root, file) if file.endswith((".txt", ".in", ".toml")) else ""
        try:
            found += comments(file, text) if "hardango:" in text else ()
        except BadConfiguration as error:
            raise CannotRead(str(error)) from None
    configuration = request.configuration
    for rule in configuration.rules if configuration is not None else ():
        place = configuration.place(rule.ignored.place.line, subject.root)  # type: ignore[union-attr]
        found.append(rule._replace(ignored=rule.ignored._replace(place=place)))
    return Ignores([each for each in found if each.control == DEPENDENCIES.name], "", subject.root)


def _ignored(each: Judged, ignores: Ignores | None) -> Judged:
    if ignores is None or not each.holes:
        return each
    chain = (each.pin.place,)
    holes = tuple(
        hole._replace(ignored=ignores(DEPENDENCIES.name, chain, about(each.pin, hole)))
        for hole in each.holes
    )
    return each._replace(holes=holes)


def _of_ignores(ignores: Ignores | None, judged: list[Judged]) -> tuple[Note, ...]:
    """The ignores whose day has passed, and those that match nothing here, or no longer."""
    if ignores is None:
        return ()
    notes = [Note(f"an ignore held until {rule.ignored.until}: what it was for counts again",
                  rule.ignored.place) for rule in ignores.used if ignores.over(rule)]  # fmt: skip
    for rule in ignores.stale([DEPENDENCIES.name]):
        mended = [hole for each in judged for hole in each.holes
                  if rule.until_fixed and rule.about in (*hole.ids, each.pin.name) and hole.fixed]  # fmt: skip
        said = (f"counts again: {mended[0].fixed[-1]} mends it" if mended
                else "matches nothing here")  # fmt: skip
        notes.append(Note(f"the ignore of {rule.about or rule.control} {said}", rule.ignored.place))
    return tuple(notes)


def _subject(wish: Wish) -> Subject:
    if wish.environment is None:
        return read(wish.path, development=wish.development)
    from hardango.dependencies.formats import environment

    folder, packages = environment(wish.environment)
    shown = os.path.relpath(folder, os.path.realpath(wish.environment))
    return Subject(os.path.realpath(wish.environment), os.path.basename(os.path.realpath(wish.environment)),
                   (shown,), "it is installed there", packages, manager="environment")  # fmt: skip


class _Answer(NamedTuple):
    """Packages as they were judged, the records by a package's name, and what these came from;
    `failure` says why nothing could be looked up."""

    judged: list[Judged]
    published: Mapping[str, list[Record]] = {}
    consulted: Consulted | None = None
    failure: str = ""
    notes: tuple[Note, ...] = ()


def _look_up(wish: Wish, subject: Subject) -> _Answer:
    """The packages, judged by the database or the service, or why they could not be."""
    try:
        if wish.online or wish.service is not None:
            return _ask(wish, subject.packages)
        found = _database(wish)
        if found is None:
            return _nothing(subject.packages, _NO_DATABASE)
        if not (subject.packages or subject.unread):
            return _nothing([], f"{', '.join(subject.files)} names no package")
        looked = offline.look_up(subject.packages, found)
    except BadDatabase as error:
        raise CannotRead(str(error)) from None
    return _Answer(looked.judged, looked.published, looked.consulted, notes=_unread(found))


_NO_DATABASE = (
    "no package was looked up: there is no offline database. `hardango deps --update` brings one and "
    "sends nothing of the project; --online asks OSV, which is told the names and versions"
)


def _nothing(packages: Iterable[Pin], failure: str) -> _Answer:
    return _Answer([Judged(each, unknown="it was not looked up") for each in packages],
                   failure=failure)  # fmt: skip


def _ask(wish: Wish, packages: list[Pin]) -> _Answer:
    """What the service says."""
    from hardango.dependencies import service
    from hardango.dependencies.fetch import CannotFetch, shown
    from hardango.dependencies.holes import judged

    url = (wish.service or service.OSV).rstrip("/")
    try:
        questions = [(each.name, each.version) for each in packages if each.version]
        found = service.ask(questions, url, wish.timeout)
    except CannotFetch as error:
        return _nothing(packages, f"no package was looked up: {error}")
    done = []
    for each in packages:
        question = (each.name, each.version)
        if question in found.failed:
            done.append(Judged(each, unknown=found.failed[question]))
        else:
            done.append(judged(each, found.published.get(question, ())))
    published = _all_of(url, [each.pin.name for each in done if each.vulnerable], wish.timeout)
    return _Answer(done, published, Consulted(f"OSV's records, asked at {shown(url)}"))


def _all_of(url: str, names: list[str], timeout: float) -> dict[str, list[Record]]:
    """Every record about packages, whatever version it speaks of: what a way out is judged by."""
    from hardango.dependencies import service
    from hardango.dependencies.fetch import CannotFetch

    try:
        found = service.ask([(name, "") for name in names], url, timeout)
    except CannotFetch:
        return {}
    return {name: records for (name, _), records in found.published.items()}


def update(wish: Wish) -> str:
    """Bring OSV's archive; a sentence on what came. Raises CannotRead."""
    from hardango.dependencies import service
    from hardango.dependencies.fetch import CannotFetch

    try:
        number = service.update(wish.service, wish.timeout, default())
    except (CannotFetch, BadDatabase) as error:
        raise CannotRead(f"the database was not updated: {error}") from None
    return f"{number} records"


def _database(wish: Wish) -> Database | None:
    if wish.database is not None:
        return load(wish.database, wish.database)
    return load(default(), "the offline database") if has_database() else None


def _unread(database: Database) -> tuple[Note, ...]:
    """Records that nobody could read: what they say is not known."""
    if not database.failed:
        return ()
    number = "1 record" if database.failed == 1 else f"{database.failed} records"
    return (Note(f"{number} of the database could not be understood and may speak of a package "
                 f"here: {'; '.join(database.unread[:3])}"),)  # fmt: skip


def _released(wish: Wish, subject: Subject) -> tuple[dict[str, Release], str, tuple[Note, ...]]:
    """What the package index has, by package and version, and which index that is."""
    if not wish.outdated:
        return {}, "", ()
    from hardango.dependencies.index import configured, releases

    index = configured(wish.index_url, wish.more_indexes)
    if not index.urls:
        said = ("what is outdated is not known: no package index is configured for pip or uv; name one "
                "with --index-url")  # fmt: skip
        return {}, "", (Note(said),)
    asked = [each for each in subject.packages if each.origin == "index" and each.version]
    found = releases(asked, index, subject.python, wish.timeout)
    failures = [each.failure for each in found.values() if each.failure]
    if found and len(failures) == len(found):
        return {}, index.said, (Note(f"what is outdated is not known: {failures[0]}"),)
    return found, index.said, ()


# -- for the renderers -----------------------------------------------------------------------------


def fails(done: Dependencies, least: Severity | None) -> bool:
    """Whether anything that counts is at or above a severity; what is not known counts."""
    return least is not None and any(
        (each.counts or each.verdict is Verdict.UNKNOWN) and each.severity >= least
        for each in done.findings
    )


def _sources(root: str, found: Iterable[Finding]) -> dict[Place, str]:
    """The lines that the findings point at, secrets masked."""
    from hardango.settings.secrets import Masker

    masker = Masker()
    files: dict[str, list[str]] = {}
    lines = {}
    for place in dict.fromkeys(place for each in found for place in each.chain):
        if place.file not in files:
            files[place.file] = source_text(root, place.file).split("\n")
        if place.line <= len(files[place.file]):
            lines[place] = masker.text(files[place.file][place.line - 1])
    return lines
