"""What the readers of a project return: plain data about what lies on disk."""

from __future__ import annotations

from collections.abc import Mapping

from hardango.findings import Note, Place
from hardango.light import NamedTuple


class ProjectError(Exception):
    """There is no project to read here; the text is one clear sentence for the user."""


class Variable(NamedTuple):
    """An environment variable that a deployment file sets.

    `value` is None if it is set to something that is not in the repository (a secret of the
    platform, `${HOST_VARIABLE}`); `default` is true if whoever starts the project can overrule
    the value (`${DEBUG:-false}`).
    """

    name: str
    value: str | None
    place: Place
    default: bool = False


class EntryPoint(NamedTuple):
    """A file that starts the project or names its settings module.

    `role` is "production", "development", "test" or "any" (a manage.py or wsgi.py is used by
    whoever starts it); `kind` what sort of file it is ("Dockerfile", "wsgi.py", "compose", …);
    `module` the settings module that it names, None if it names none; `server` the program that
    it starts ("gunicorn", "runserver", "uvicorn", …), None if it starts none; `default` is true
    if the module is only a default (`os.environ.setdefault`) that the environment overrules.
    """

    kind: str
    role: str
    place: Place
    module: str | None = None
    configuration: str | None = None
    server: str | None = None
    default: bool = False


class SettingsModule(NamedTuple):
    """A settings module in the project: dotted name, file relative to the root, who names it."""

    name: str
    file: str
    named_by: tuple[Place, ...] = ()


class Deployment(NamedTuple):
    """How production starts the project.

    `module` is the settings module that production loads, None if nothing tells; `reasons` say
    why, a sentence each, the deciding one first; `disagreements` say where entry points name
    different modules for production, or CI checks another one.
    """

    module: str | None = None
    configuration: str | None = None
    variables: Mapping[str, Variable] = {}
    entry_points: tuple[EntryPoint, ...] = ()
    reasons: tuple[str, ...] = ()
    disagreements: tuple[Note, ...] = ()


class Project(NamedTuple):
    """One Django project.

    `root` is the absolute directory that every `Place` is relative to and that nothing leaves;
    `base` the absolute directory that is on `sys.path` first (that of manage.py);
    `import_roots` all directories that `sys.path` would have, absolute, `base` first;
    `django` the version that production installs as (major, minor) and `django_source` where
    that was read (None: not found, the newest is assumed); `installed` the third-party
    top-level import names that the requirements name; `python` the version (major, minor) that
    production runs, if a file tells; `others` the other projects in the tree, as `base`
    directories relative to the root; `notes` files that could not be read, and why.
    """

    root: str
    base: str
    import_roots: tuple[str, ...]
    manage_py: str | None
    settings_modules: tuple[SettingsModule, ...]
    deployment: Deployment
    django: tuple[int, int] | None
    django_source: Place | None
    installed: frozenset[str] = frozenset()
    python: tuple[int, int] | None = None
    others: tuple[str, ...] = ()
    notes: tuple[Note, ...] = ()
