"""Evaluates a settings module without importing it."""

from __future__ import annotations

from hardango.settings.environment import Environment
from hardango.settings.outcomes import Settings


class CannotEvaluate(Exception):
    """The settings module could not be read at all; the text says which file and why."""


def evaluate(
    module: str,
    *,
    root: str,
    import_roots: tuple[str, ...],
    environment: Environment = Environment(),
    django: tuple[int, int] = (6, 1),
    installed: frozenset[str] = frozenset(),
    configuration: str | None = None,
) -> Settings:
    """Evaluate `module` ("config.settings.production"), looked up in `import_roots`.

    `root` and `import_roots` are absolute directories; nothing outside `root` is read.
    `installed` names the third-party top-level packages that production is known to have;
    `configuration` is the class that DJANGO_CONFIGURATION names, for django-configurations.

    Raises CannotEvaluate if the module's own file cannot be found, read or parsed.
    """
    raise NotImplementedError
