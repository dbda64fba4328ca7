"""The settings as Django has loaded them, in the form in which controls judge.

Values are those that the process has. What is said elsewhere in the source (routes, what a middleware of
the project's own does) is read as the audit reads it, with the variables of this process.
"""

from __future__ import annotations

import datetime
import os
from collections.abc import Mapping
from typing import Any

import django
from django.conf import settings as loaded
from django.utils.functional import Promise

from hardango.audit import masked
from hardango.controls.catalogue import catalogue
from hardango.controls.judge import judge
from hardango.controls.packages import LISTS
from hardango.django.checks import Silenced
from hardango.findings import Finding, Place
from hardango.project.model import Deployment, Project
from hardango.settings.conditions import Space
from hardango.settings.defaults import defaults_of
from hardango.settings.outcomes import Outcome, Reading, Settings, Unknown
from hardango.settings.routes import Routes, Unresolved
from hardango.settings.secrets import Masker

DEEPEST = 20
KEYS = ("SECRET_KEY", "SECRET_KEY_FALLBACKS")
OF_THE_SOURCE = ("committed-credentials", "settings-module")
"""Controls that ask where a value stands, or what starts production: a loaded value does not say."""

OF_A_FILE = ("access-control",)
"""Controls that no setting decides, but a file beside manage.py."""

GIVEN = (Reading("the process", Place("--loaded", 0)),)
"""Where a key comes from that this process has: not from a file that was read for it."""

ORIGIN = " (the process is set by --loaded)"


def findings(*, pedantic: bool = False, source: bool = True) -> list[Finding]:
    """One finding for each control that settings decide, secrets masked. What only files tell (how
    production is started, what it installs) is the audit's to judge. Without `source`, what is not in
    the settings themselves is not known; a start need not wait for it."""
    values = explicit()
    read = _read() if source else None
    space = read.space if read is not None else Space()
    unread = Unresolved("", "the source of the project was not read", space.true)
    known = Settings(
        {
            name: [
                Outcome(
                    value, space.true, _chain(read, name), readings=GIVEN if name in KEYS else ()
                )
            ]
            for name, value in values.items()
        },
        defaults_of(django.VERSION[:2]),
        space=space,
        module=os.environ.get("DJANGO_SETTINGS_MODULE", ""),
        file=read.file if read is not None else "",
        django=django.VERSION[:2],
        path=read.path if read is not None else "",
        truths={"DEBUG": space.true if values.get("DEBUG") else space.false},
        definition=read.definition if read is not None else lambda dotted: None,
        find_routes=lambda _: read.routes() if read is not None else Routes((), (unread,)),
        find_calls=read.calls if read is not None else lambda name: (),
    )
    packages = _packages(values)
    controls = [
        each
        for each in catalogue(used=packages.__contains__, pedantic=pedantic, live=False)
        if (each.settings or each.name in OF_A_FILE) and each.name not in OF_THE_SOURCE
    ]
    root = os.getcwd()
    project = Project(root, root, (root,), None, (), Deployment(), django.VERSION[:2], None)
    masker = Masker()
    for name, value in values.items():
        masker.learn(name, value)
    judged = judge(known, project, controls, pedantic=pedantic)
    return [_said_plainly(masked(each, masker)) for each in judged]


def _chain(read: Settings | None, name: str) -> tuple[Place, ...]:
    """Where the source sets a name, if it does: the places of the first of its values."""
    if read is None or name not in read:
        return ()
    return next((each.chain for each in read[name]), ())


def _read() -> Settings | None:
    """The settings as the audit reads them here, None if it cannot."""
    from hardango.audit import CannotRead, Request, read

    asked = Request(
        os.getcwd(), module=os.environ.get("DJANGO_SETTINGS_MODULE"), given=dict(os.environ),
        closed=True, django=django.VERSION[:2],
    )  # fmt: skip
    try:
        return read(asked).settings
    except CannotRead:
        return None


def replaced() -> dict[str, tuple[str, ...]]:
    """The ids of Django's own checks that a control replaces, by the name of the control."""
    every = catalogue(lambda name: name not in OF_THE_SOURCE)
    return {each.name: each.replaces for each in every if each.settings and each.replaces}


def _said_plainly(finding: Finding) -> Finding:
    """A finding without a word on where the process has its keys from: nobody asked."""
    return finding._replace(message=finding.message.replace(ORIGIN, ""))


def explicit() -> dict[str, object]:
    """What the settings module sets, by name."""
    names = [name for name in dir(loaded) if name.isupper() and loaded.is_overridden(name)]
    values = {name: getattr(loaded, name) for name in names}
    silenced = values.get("SILENCED_SYSTEM_CHECKS")
    if isinstance(silenced, Silenced):
        values["SILENCED_SYSTEM_CHECKS"] = silenced.given
    return {name: plain(value) for name, value in values.items()}


def plain(value: Any, depth: int = 0) -> object:
    """A value as the evaluator would have it: what it is made of, where that is data."""
    if value is None or isinstance(value, (bool, int, float, str, bytes)):
        return value
    if depth > DEEPEST:
        return Unknown("nested too deeply")
    if isinstance(value, Mapping):
        return {str(key): plain(item, depth + 1) for key, item in value.items()}
    if isinstance(value, (list, tuple)):
        items = [plain(each, depth + 1) for each in value]
        return tuple(items) if isinstance(value, tuple) else items
    if isinstance(value, (set, frozenset)):
        return {plain(each, depth + 1) for each in value}
    if isinstance(value, Promise):
        return str(value)
    if isinstance(value, os.PathLike):
        return os.fsdecode(value)
    if isinstance(value, datetime.timedelta):
        return value
    return Unknown(f"an object of {type(value).__module__}.{type(value).__qualname__}")


def _packages(values: Mapping[str, object]) -> set[str]:
    """The top-level modules that the lists of dotted names speak of."""
    found: set[str] = set()
    for name in LISTS:
        listed = values.get(name)
        for each in listed if isinstance(listed, (list, tuple)) else ():
            found.add(str(each).partition(".")[0])
    found |= {"rest_framework"} if "REST_FRAMEWORK" in values else set()
    return found
