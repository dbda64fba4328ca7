"""The options of the engines in TEMPLATES, for the controls that mend them."""

from __future__ import annotations

from collections.abc import Iterator

from hardango.light import TYPE_CHECKING
from hardango.settings.outcomes import Settings

if TYPE_CHECKING:
    from hardango.edits import Path


def options_of(settings: Settings, *names: str) -> Iterator[tuple[Path, object]]:
    """Where in TEMPLATES options of these names are, in any case, and their values."""

    seen: set[Path] = set()
    for outcome in settings["TEMPLATES"]:
        engines: object = outcome.value
        for number, engine in enumerate(engines if isinstance(engines, (list, tuple)) else ()):
            given = engine.get("OPTIONS") if isinstance(engine, dict) else None
            options: dict[object, object] = given if isinstance(given, dict) else {}
            for name in names:
                path: Path = (number, "OPTIONS", name)
                if name in options and path not in seen:
                    seen.add(path)
                    yield path, options[name]
