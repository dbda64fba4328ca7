"""What the readers of a project return: plain data about what lies on disk."""

from __future__ import annotations

from collections.abc import Mapping

from hardango.findings import Note, Place
from hardango.light import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from hardango.project.versions import Requirement


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
    it starts ("gunicorn", "runserver", "uvicorn", …), None if it starts none; `reload` is true
    if that watches the source files and starts anew when they change; `default` is true if the
    module is only a default (`os.environ.setdefault`) that the environment overrules;
    `plain` if nothing in the repository gives the server a certificate or makes it believe a
    proxy: to Django every request is then plain HTTP.
    """

    kind: str
    role: str
    place: Place
    module: str | None = None
    configuration: str | None = None
    server: str | None = None
    default: bool = False
    reload: bool = False
    plain: bool = False


class SettingsModule(NamedTuple):
    """A settings module in the project: dotted name, file relative to the root, who names it."""

    name: str
    file: str
    named_by: tuple[Place, ...] = ()


class Topology(NamedTuple):
    """What stands between the internet and Django, as the user says it: "" where they don't.

    `tls` who ends TLS: "proxy", "server" (the application server has the certificate) or "none";
    `redirect` who sends plain HTTP to HTTPS: "proxy" or "django"; `hosts` who refuses a wrong
    Host header: "proxy" or "django"; `headers` the response headers that the proxy adds by
    itself, in lower case; `scheme_header` the request header by which the proxy tells the scheme,
    which it sets or removes on every request ("X-Forwarded-Proto"); `proxies` how many proxies
    append to X-Forwarded-For; `user_header` the request header by which the proxy names the user,
    which it sets or removes on every request; `logins` who limits how often a password can be
    tried: "proxy" or "django"; `health_check` the path that is asked over plain HTTP; `place` where
    it is said.
    """

    tls: str = ""
    redirect: str = ""
    hosts: str = ""
    headers: frozenset[str] = frozenset()
    scheme_header: str = ""
    proxies: int | None = None
    user_header: str = ""
    logins: str = ""
    health_check: str = ""
    place: Place | None = None


class Package(NamedTuple):
    """A distribution that production installs: `name` as PyPI normalises it; `version` as
    numbers if a lock file or "==" pins it (then `exact`), else None; `specifier` as written;
    `lowest` and `below` the versions that the specifier allows, None where nothing bounds them."""

    name: str
    version: tuple[int, ...] | None
    specifier: str
    place: Place
    exact: bool = False
    lowest: tuple[int, ...] | None = None
    below: tuple[int, ...] | None = None

    def at_least(self, version: tuple[int, ...]) -> bool | None:
        """Whether what is installed is that version or a newer one; None if it is not known."""
        if self.version is not None:
            return _padded(self.version) >= _padded(version)
        if self.lowest is not None and _padded(self.lowest) >= _padded(version):
            return True
        if self.below is not None and _padded(self.below) <= _padded(version):
            return False
        return None


def _padded(version: tuple[int, ...]) -> tuple[int, ...]:
    """4.0 is 4.0.0."""
    return (*version, *(0,) * (6 - len(version)))


class Container(NamedTuple):
    """The image that production runs: its Dockerfile, the user that the process has ("" if none
    is named: root; None if that is not known: a variable, a base image that may name one), where
    that is said, and where the stage begins that is deployed."""

    file: str
    user: str | None = ""
    user_place: Place | None = None
    place: Place = Place("", 1)


class Flag(NamedTuple):
    """An option of the application server, of its command line or configuration file
    ("forwarded_allow_ips"), as text; None if it could not be read."""

    server: str
    name: str
    value: str | None
    place: Place


class KeyFile(NamedTuple):
    """A file of the project that holds a private key which no password protects: `kind` is
    "private", "ssh" or "service account"."""

    kind: str
    place: Place


class Installs(NamedTuple):
    """What production installs, as the files say that it installs from: `files` in the order in which
    they are read, `reason` how that is known, `place` where it is said, None if no file says it.
    `requirements` is every entry in them, `unread` the lines that name no package, and `others` the
    files that could have been meant as well."""

    files: tuple[str, ...]
    reason: str
    place: Place | None = None
    requirements: tuple[Requirement, ...] = ()
    unread: tuple[Place, ...] = ()
    others: tuple[str, ...] = ()


class Deployment(NamedTuple):
    """How production starts the project.

    `module` is the settings module that production loads, None if nothing tells; `reasons` say
    why, a sentence each, the deciding one first; `disagreements` say where entry points name
    different modules for production, or CI checks another one; `packages` what it installs, by
    normalised name, None if no file tells; `django` and `python` the versions that it runs, if a
    file tells; `container` its image, `flags` the options of its server, `topology` what the user
    says of what stands in front, `hosts` the names that containers of its compose files have for
    one another, `keys` the private keys that lie in the project; `installs` the file that production
    installs from, None if there is none.
    """

    module: str | None = None
    configuration: str | None = None
    variables: Mapping[str, Variable] = {}
    entry_points: tuple[EntryPoint, ...] = ()
    reasons: tuple[str, ...] = ()
    disagreements: tuple[Note, ...] = ()
    packages: Mapping[str, Package] | None = None
    django: Package | None = None
    python: tuple[int, int] | None = None
    python_place: Place | None = None
    container: Container | None = None
    flags: tuple[Flag, ...] = ()
    topology: Topology = Topology()
    hosts: frozenset[str] = frozenset()
    keys: tuple[KeyFile, ...] = ()
    installs: Installs | None = None


class Project(NamedTuple):
    """One Django project.

    `root` is the absolute directory that every `Place` is relative to and that nothing leaves;
    `within` the one in it that settings may read, "" for all of it;
    `base` the absolute directory that is on `sys.path` first (that of manage.py);
    `import_roots` all directories that `sys.path` would have, absolute, `base` first;
    `django` the version that production installs as (major, minor) and `django_source` where
    that was read (None: not found, the newest is assumed); `installed` the third-party
    top-level import names that the requirements name; `python` the version (major, minor) that
    production runs, if a file tells; `others` the other projects in the tree, as `base`
    directories relative to the root; `notes` files that could not be read, and why; `placed` the
    files that production has in another place: what they are in the repository and what puts them
    there, by that place.
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
    placed: Mapping[str, tuple[str, Place]] = {}
    within: str = ""
