"""Evaluated settings as the plain data of `hardango settings --format json`."""

from __future__ import annotations

from collections.abc import Iterable

from hardango.findings import Place
from hardango.settings.outcomes import Outcome, Setting, Settings, Unknown
from hardango.settings.secrets import Masker


def learn(masker: Masker, settings: Settings) -> None:
    """Take note of every secret among the settings that the project sets, whether they load
    or not, and in the files that were read for it."""
    for name, outcome in settings.assigned():
        masker.learn(name, outcome.value)
    for file, text in settings.texts.items():
        masker.learn_source(text, file)
    masker.learn("SECRETS", settings.secrets)


def export(settings: Settings, masker: Masker, names: Iterable[str]) -> dict[str, object]:
    """The settings `names`, in their order, secrets masked."""
    return {name: _setting(settings[name], masker) for name in names}


def _setting(setting: Setting, masker: Masker) -> dict[str, object]:
    places: dict[str, None] = {}
    for outcome in setting:
        if outcome.chain:
            places[str(outcome.chain[-1])] = None
    return {
        "outcomes": [_outcome(setting.name, outcome, masker) for outcome in setting],
        "at": list(places),
    }


def _outcome(name: str, outcome: Outcome, masker: Masker) -> dict[str, object]:
    when = [masker.text(each) for each in outcome.when]
    if isinstance(outcome.value, Unknown):
        return {"unknown": masker.text(outcome.value.reason), "when": when}
    return {"value": masker.value(name, outcome.value), "when": when}


def location(place: Place | None) -> dict[str, object] | None:
    """A place as JSON data."""
    return (
        None if place is None else {"file": place.file, "line": place.line, "column": place.column}
    )
