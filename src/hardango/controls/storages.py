"""Where a project keeps its files: STORAGES, or the settings that came before it."""

from __future__ import annotations

from collections.abc import Iterator

from hardango.controls.services import UNNAMED, entries, get, item
from hardango.controls.values import alternatives
from hardango.light import NamedTuple
from hardango.settings.outcomes import Outcome, Settings, Unknown

FILE_SYSTEM = "django.core.files.storage.FileSystemStorage"
OLD = {"default": "DEFAULT_FILE_STORAGE", "staticfiles": "STATICFILES_STORAGE"}


class Storage(NamedTuple):
    """One storage, in one case: what to call it, its backend and its options."""

    outcome: Outcome
    alias: str
    name: str
    backend: object
    options: object


def storages(settings: Settings, *aliases: str) -> Iterator[Storage]:
    """The storages of these aliases, or all. Django 4.2 brought STORAGES, and 5.1 no longer reads
    what was before it."""
    if by_old_names(settings):
        for alias in aliases or tuple(OLD):
            name = OLD.get(alias, "")
            for outcome in alternatives(settings, name) if name in settings else ():
                yield Storage(outcome, alias, name, file_system(outcome.value), {})
        return
    for outcome in alternatives(settings, "STORAGES"):
        value = outcome.value
        for alias, entry in entries(value):
            if aliases and alias not in (*aliases, UNNAMED):
                continue
            backend = file_system(get(entry, "BACKEND"))
            options = get(entry, "OPTIONS", {})
            yield Storage(outcome, alias, item("STORAGES", alias), backend, options)


def by_old_names(settings: Settings) -> bool:
    """Whether the settings from before Django 4.2 are what holds."""
    if settings.django >= (5, 1):
        return False
    if settings.django < (4, 2):
        return True
    return not settings["STORAGES"].explicit and any(
        name in settings and settings[name].explicit for name in OLD.values()
    )


def file_system(backend: object) -> object:
    """A backend by its usual name."""
    known = ("django.core.files.storage.filesystem.FileSystemStorage", FILE_SYSTEM)
    return FILE_SYSTEM if backend in known else backend


KINDS = {
    "s3": ("storages.backends.s3.", "storages.backends.s3boto3.", "storages.backends.s3boto."),
    "gs": ("storages.backends.gcloud.",),
    "azure": ("storages.backends.azure_storage.",),
}  # fmt: skip
"""Storages of django-storages, by the modules of their classes."""


def kind_of(settings: Settings, backend: object) -> str:
    """Which of `KINDS` a backend is, itself or by what it extends; "" for none."""
    if not isinstance(backend, str):
        return ""
    definition = None if backend.startswith("django.") else settings.definition(backend)
    for dotted in (backend, *(definition.bases if definition is not None else ())):
        for kind, modules in KINDS.items():
            if dotted.startswith(modules):
                return kind
    return ""


def option(
    settings: Settings, storage: Storage, key: str, name: str, otherwise: object
) -> Iterator[Outcome]:
    """What a storage does with an option: the one in OPTIONS, what its class says, the setting
    `name`, or the default of django-storages."""
    at = storage.outcome
    given = get(storage.options, key, MISSING)
    if given is not MISSING:
        yield at._replace(value=given)
        return
    definition = settings.definition(str(storage.backend))
    if definition is not None and key in definition.overrides:
        yield at._replace(value=Unknown(f"decided by the class {storage.backend}"))
        return
    if name not in settings:
        yield at._replace(value=otherwise)
        return
    rest = at.condition
    for outcome in alternatives(settings, name):
        both = at.condition & outcome.condition
        rest = rest & ~outcome.condition
        if both.possible:
            yield outcome._replace(condition=both)
    if rest.possible:
        yield at._replace(value=otherwise, condition=rest)


MISSING = object()
