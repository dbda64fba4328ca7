"""Whether a package is used here, and in which version: a control for it judges only then.

What uses a package is asked in this order: the settings list its app, its middleware or its
backend; the settings import it; production installs it. An app that is only installed is not used:
Django does not know of it. What is not an app (`app=""`) is used where it is installed or imported.

    found = used(settings, case, deployment, app="corsheaders", package="django-cors-headers")

The names that a `Case` must have for it are `LISTS`. Before any case is looked at, `could_be_used`
tells of which packages nothing at all is to be seen here: their controls are not even loaded.
"""

from __future__ import annotations

from collections.abc import Callable

from hardango.controls.stack import Presence
from hardango.controls.values import said
from hardango.project.model import Deployment, Package, Project
from hardango.settings.conditions import TooComplex
from hardango.settings.outcomes import Case, Settings, Unknown

LISTS = ("INSTALLED_APPS", "MIDDLEWARE", "AUTHENTICATION_BACKENDS")
"""The settings that list what packages bring, by dotted names."""


def could_be_used(settings: Settings, project: Project) -> Callable[[str], bool]:
    """The question whether anything hints at a package, by its top-level module: some requirement
    brings it, the settings import it or name something in it, or hide an app that it could be."""
    hidden: list[Unknown] | None = None

    def hinted(module: str) -> bool:
        nonlocal hidden
        if module in project.installed or module in settings.mentioned():
            return True
        # strawberry_django brings strawberry.
        if any(name.startswith(module + "_") for name in project.installed):
            return True
        if any(name.partition(".")[0] == module for name in settings.imported):
            return True
        if project.deployment.packages is not None:  # What is not installed hides in no list.
            return False
        hidden = _unread(settings) if hidden is None else hidden
        return any(may_be(item, module) for item in hidden)

    return hinted


def _unread(settings: Settings) -> list[Unknown]:
    """What could not be read of `LISTS`: whole lists, and items of lists."""
    found: list[Unknown] = []
    try:
        for case in settings.cases(*LISTS):
            for name in LISTS:
                value: object = case[name]
                if isinstance(value, Unknown):
                    found.append(Unknown(value.reason))  # A list may hold anything.
                elif isinstance(value, (list, tuple)):
                    found += [each for each in value if isinstance(each, Unknown)]
    except TooComplex as problem:
        found.append(Unknown(str(problem)))
    return found


def used(
    settings: Settings,
    case: Case,
    deployment: Deployment,
    *,
    app: str = "",
    package: str = "",
    module: str = "",
) -> Presence:
    """Whether a package is used in the case `case`: `app` is the name of its app, `package` that
    of its distribution, `module` its top-level module if that is not the app's."""
    module = module or app.partition(".")[0]
    there = listed(case, app) if app else Presence(False)
    if there.sure:
        return there
    if module and imported(settings, case, module):
        return Presence(True, f"the settings import {module}")
    shipped = installed(deployment, package) if package else Presence(None)
    if there.sure is None:
        # What hides in an item that could not be read is no package that is not there.
        return Presence(False, shipped.why) if shipped.sure is False else there
    if app:
        return there
    return shipped


def listed(case: Case, app: str) -> Presence:
    """Whether one of `LISTS` has the app, or something that lies in it."""
    unsure, inside = Presence(False, f"{app} is not among the apps"), app + "."
    for name in LISTS:
        if name not in case.outcomes:
            continue
        value: object = case[name]
        if isinstance(value, Unknown):
            unsure = Presence(None, f"{name} could not be read: {value.reason}")
            continue
        for item in value if isinstance(value, (list, tuple)) else ():
            if isinstance(item, str):
                if item == app or item.startswith(inside):
                    return Presence(True, f"{name} has {said(item)}")
            elif isinstance(item, Unknown) and may_be(item, app):
                unsure = Presence(None, f"an item of {name} could not be read: {item.reason}")
    return unsure


def may_be(item: Unknown, app: str) -> bool:
    """Whether an item that is not known could be the app, or something that lies in it."""
    if item.choices:
        return any(
            isinstance(each, str) and (each + ".").startswith(app + ".") for each in item.choices
        )
    start = item.prefix[: len(app) + 1]
    return item.type in (None, "str") and f"{app}.".startswith(start)


def imported(settings: Settings, case: Case, module: str) -> bool:
    """Whether the settings import a module, or one below it, in the case."""
    return any(
        condition.meets(case.condition)
        for name, condition in settings.imported.items()
        if name == module or name.startswith(module + ".")
    )


def installed(deployment: Deployment, package: str) -> Presence:
    """Whether production installs a distribution; None if no file tells."""
    if deployment.packages is None:
        return Presence(None, "no file tells what production installs")
    found = deployment.packages.get(package)
    if found is None:
        return Presence(False, f"{package} is not among the requirements")
    return Presence(True, f"{found.place} names {package}")


def in_use(deployment: Deployment, package: str) -> Package | None:
    """The distribution as production installs it; None if no file names it."""
    return (deployment.packages or {}).get(package)


def at_least(deployment: Deployment, package: str, version: tuple[int, ...]) -> bool | None:
    """Whether production has that version of a distribution or a newer one; None: not known."""
    found = in_use(deployment, package)
    return found.at_least(version) if found is not None else None
