"""What a fix works on: the project as it was read, and the files as they will be.

Nothing is written here. `Work.files` holds the new content of every file that an accepted edit
changed; `Work.settings` are the settings that follow from it.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping

from hardango.audit import Reading
from hardango.findings import Place
from hardango.fix.dialect import Dialect, dialect_of
from hardango.fix.source import CannotEdit, Source
from hardango.project.model import Project
from hardango.project.names import role_of_name
from hardango.settings.conditions import TooComplex
from hardango.settings.evaluate import CannotEvaluate
from hardango.settings.outcomes import Outcome, Settings

Files = Mapping[str, bytes]
"""The new content of files, by path relative to the root."""

NOTHING: Files = {}

LOADS = "(loads)"
"""The key in a snapshot under which stands how a module fails to load."""

Snapshot = Mapping[str, tuple[tuple[str, tuple[str, ...]], ...]]
"""Of each setting the values that it can have, as text, each with its condition."""


class Other:
    """A settings module beside production's: development's, the tests' own. `read` are the files
    that it loads, relative to the root; `before` its settings as they were."""

    def __init__(self, name: str, file: str, read: frozenset[str], settings: Settings) -> None:
        self.name, self.file, self.read, self.settings = name, file, read, settings
        self.before = snapshot_of_module(settings)


class Work:
    """One run of `hardango fix` on one settings module."""

    def __init__(
        self,
        reading: Reading,
        hosts: tuple[str, ...] = (),
        *,
        rotate: bool = False,
        pedantic: bool = False,
    ) -> None:
        self.reading = reading
        self.root = os.path.realpath(reading.project.root)
        self.settings = reading.settings
        self.hosts, self.rotate, self.pedantic = hosts, rotate, pedantic
        self.files: dict[str, bytes] = {}
        self._known: dict[object, Settings | None] = {}
        self._before: Snapshot | None = None
        self.file = reading.settings.file
        self.read = frozenset(self.relative(path) for path in reading.settings.texts)
        self.found = {self.relative(path): data for path, data in reading.settings.texts.items()}
        """What files held when they were first read: all edits are planned on that."""
        self.others = tuple(self._others())
        self.shared = self._shared()
        self.developer: dict[str, str] = {}
        """Variables that a developer's machine needs, since production now asks for them."""
        self.asked: dict[str, str] = {}
        """Variables that production now asks for, each with an example; "" for a secret."""
        self.secrets: dict[str, str | None] = {}
        """The variables of secrets that leave the source, each with the value that it should have;
        None: that is for a person."""
        self.moved: list[str] = []
        """The settings of these."""
        self.by_hand: dict[str, None] = {}
        """Sentences on what a person has to do after it."""

    # -- files --

    def relative(self, path: str) -> str:
        return os.path.relpath(os.path.realpath(path), self.root)

    def content(self, file: str, files: Files = NOTHING) -> bytes:
        """What a file holds, or will. Raises CannotEdit if there is none that can be read."""
        found = files.get(file, self.files.get(file))
        if found is not None:
            return found
        if file not in self.found:
            try:
                with open(os.path.join(self.root, file), "rb") as opened:
                    self.found[file] = opened.read()
            except OSError as error:
                raise CannotEdit(f"{file}: {error.strerror}") from None
        return self.found[file]

    def source(self, file: str, files: Files = NOTHING) -> Source:
        return Source(self.content(file, files))

    def dialect(self, file: str, files: Files = NOTHING) -> Dialect:
        """How a new line in `file` reads the environment."""
        own = self.source(file, files)
        starred = [self.source(each, files) for each in self._starred(file) if each != file]
        return dialect_of(own, starred)

    def _starred(self, file: str) -> list[str]:
        """The files of the settings package whose names `file` may have by a star import."""
        if "import *" not in self.content(file).decode("utf-8", "replace"):
            return []
        return [each for each in self.read if each.endswith(".py") and self._names_settings(each)]

    def _names_settings(self, file: str) -> bool:
        text = self.content(file).decode("utf-8", "replace")
        return re.search(r"^[A-Z][A-Z0-9_]+ *(?::[^=\n]+)?=", text, re.MULTILINE) is not None

    # -- who loads what --

    def _others(self) -> Iterable[Other]:
        for each in self.reading.project.settings_modules:
            if each.name == self.reading.module or each.file in self.read:
                continue
            settings = self._evaluated(each.name, {})
            if settings is not None:
                read = frozenset(map(self.relative, settings.texts))
                yield Other(each.name, each.file, read, settings)

    def _shared(self) -> bool:
        """Whether developers run production's own module: manage.py names it, or there is no
        other one."""
        project = self.reading.project
        if project.deployment.configuration or self.reading.settings.module == "":
            return False
        named = [each for each in project.deployment.entry_points if each.kind == "manage.py"]
        if not named or any(each.module == self.reading.module for each in named):
            return all(for_production(each.file) or "test" in each.file for each in self.others)
        return not self.others

    def is_productions(self, file: str) -> bool:
        """Whether an edit in `file` is production's own: it is its module, from which others take
        what it says and can be kept as they are (`pins`), or nobody else loads it."""
        if file == self.file:
            return True
        elsewhere = any(file in each.read for each in self.others)
        return for_production(file) and (self.shared or not elsewhere)

    # -- evaluating --

    def before(self) -> Snapshot:
        """Production's settings as they are with what was accepted."""
        if self._before is None:
            self._before = snapshot(self.settings)
        return self._before

    def evaluated(self, files: Files, variables: Mapping[str, str] = {}) -> Settings | None:
        """Production's settings with `files` as they will be, and with more `variables`; None if
        they can't be read."""
        if not files and not variables:
            return self.settings
        return self._evaluated(self.reading.module, {**self.files, **files}, variables)

    def project(self, files: Files = NOTHING) -> Project:
        """The project, with what it installs and who names which settings as `files` will say it."""
        project = self.reading.project
        installs = project.deployment.installs
        held = {**self.files, **files}
        notes = project.deployment.disagreements
        open_notes = tuple(each for each in notes if not self._agrees(each.place, held))
        if len(open_notes) < len(notes):
            deployment = project.deployment._replace(disagreements=open_notes)
            project = project._replace(deployment=deployment)
        if installs is None or not held.keys() & {
            each.place.file for each in installs.requirements
        }:
            return project
        from hardango.project.python_entry import Sources
        from hardango.project.requirements import read_requirements
        from hardango.project.tree import Tree

        tree = Tree(self.root)
        for file, data in held.items():
            tree.hold(file, data.decode("utf-8", "replace"))
        sources = Sources(tree)
        found = [each for file in installs.files for each in read_requirements(sources, file)]
        deployment = project.deployment._replace(
            installs=installs._replace(requirements=tuple(found))
        )
        return project._replace(deployment=deployment)

    def _agrees(self, place: Place | None, held: Files) -> bool:
        """Whether a file that was changed names production's module now where it named another."""
        module = self.reading.project.deployment.module
        if place is None or module is None or place.file not in held:
            return False
        return bool(Source(held[place.file]).texts_on(place.line, module))

    def outcomes(self, name: str, files: Files = NOTHING) -> tuple[Outcome, ...]:
        """What a setting of production can be with `files` as they will be; () if nobody knows it."""
        settings = self.evaluated(files)
        return settings[name].outcomes if settings is not None and name in settings else ()

    def _evaluated(
        self, module: str, files: Files, variables: Mapping[str, str] = {}
    ) -> Settings | None:
        assert self.reading.again is not None
        instead = {os.path.realpath(os.path.join(self.root, file)): data
                   for file, data in files.items()}  # fmt: skip
        key = (module, tuple(sorted(instead.items())), tuple(sorted(variables.items())))
        if key not in self._known:
            try:
                self._known[key] = self.reading.again(module, instead, variables)
            except CannotEvaluate:
                self._known[key] = None
        return self._known[key]

    def accept(self, files: Files, settings: Settings) -> None:
        """Take new content over: from now on that is how things are."""
        self.files.update(files)
        self.settings, self._before = settings, None
        variables = self.developer if self.shared else {}
        for each in self.others:
            if not each.read.isdisjoint(files):
                now = self._evaluated(each.name, self.files, variables)
                if now is not None:
                    each.settings, each.before = now, snapshot_of_module(now)
        self._known.clear()

    def changed_elsewhere(
        self, files: Files, variables: Mapping[str, str], but: frozenset[str]
    ) -> dict[Other, list[str]]:
        """Of each other module the settings that `files` would change, where the `variables` are
        set that a developer's machine has then; `but` these."""
        found = {}
        for each in self.others:
            if each.read.isdisjoint(files):
                continue
            settings = self._evaluated(each.name, {**self.files, **files}, variables)
            after = snapshot_of_module(settings) if settings is not None else {}
            names = [name for name in {**each.before, **after} if name not in but
                     and _with_default(each, name, each.before) != _with_default(each, name, after)]  # fmt: skip
            if names:
                found[each] = names
        return found


def _with_default(other: Other, name: str, snapshot: Snapshot) -> object:
    """What a setting is, Django's default where the module does not set it."""
    if name in snapshot or name not in other.settings.defaults:
        return snapshot.get(name)
    return ((_spoken(other.settings.defaults[name]), ()),)


def for_production(file: str) -> bool:
    """Whether the name of a settings file does not say that it is for developers or tests."""
    return role_of_name(os.path.basename(file)) not in ("development", "test")


def snapshot(settings: Settings) -> Snapshot:
    return {
        name: tuple(
            sorted((_spoken(outcome.value), when(outcome)) for outcome in settings[name].outcomes)
        )
        for name in settings.names()
    }


def snapshot_of_module(settings: Settings) -> Snapshot:
    """The same with how the module fails to load, if it does."""
    failures = {message for condition, message, _ in settings.failures if condition.possible}
    return {**snapshot(settings), LOADS: tuple((each, ()) for each in sorted(failures))}


def when(outcome: Outcome) -> tuple[str, ...]:
    """In which cases a value holds, as text."""
    try:
        return tuple(map(_without_lines, outcome.when))
    except TooComplex:
        return ("in too many cases to tell them",)


def _spoken(value: object) -> str:
    """A value as text, a set in one order."""
    text = str(sorted(map(repr, value))) if isinstance(value, (set, frozenset)) else repr(value)
    return _without_lines(text)


def _without_lines(text: str) -> str:
    """Without the numbers of lines, which an edit moves."""
    return re.sub(r"\.py:\d+", ".py", text)
