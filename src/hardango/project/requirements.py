"""The Django version that production installs, and the packages beside it.

A lock file says exactly; a requirement gives a range, of which the newest release is taken, as
an installer does.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping

from hardango.findings import Note, Place
from hardango.light import Any, NamedTuple
from hardango.patterns import Pattern
from hardango.project.belonging import is_neighbours
from hardango.project.lock_files import LOCK_FILES, PRODUCTION_GROUPS, is_lock, read_lock
from hardango.project.model import Container, Installs, Package
from hardango.project.names import is_aside, role_of_path
from hardango.project.python_entry import Sources
from hardango.project.tree import MAX_LOCK_BYTES, Tree, join, parent
from hardango.project.versions import Requirement, bounds, normalised, numbers

DJANGO_RELEASES = (
    (1, 8), (1, 9), (1, 10), (1, 11), (2, 0), (2, 1), (2, 2), (3, 0), (3, 1), (3, 2),
    (4, 0), (4, 1), (4, 2), (5, 0), (5, 1), (5, 2), (6, 0), (6, 1),
)  # fmt: skip
"""https://www.djangoproject.com/download/#supported-versions"""

NEWEST_FOR_PYTHON = {6: (2, 2), 7: (3, 2), 8: (4, 2), 9: (4, 2), 10: (5, 2), 11: (5, 2)}
"""The newest Django on Python 3.x, for each x below 12.
https://docs.djangoproject.com/en/dev/faq/install/#what-python-version-can-i-use-with-django"""

IMPORT_NAMES = {
    "django-environ": "environ", "python-decouple": "decouple", "djangorestframework":
    "rest_framework", "django-cors-headers": "corsheaders", "pillow": "PIL", "psycopg2-binary":
    "psycopg2", "psycopg-binary": "psycopg", "python-dotenv": "dotenv", "dj-database-url":
    "dj_database_url", "django-debug-toolbar": "debug_toolbar", "sentry-sdk": "sentry_sdk",
    "pyyaml": "yaml", "django-configurations": "configurations", "django-split-settings":
    "split_settings", "django-allauth": "allauth", "django-storages": "storages",
    "django-csp": "csp", "django-filter": "django_filters", "django-crispy-forms": "crispy_forms",
    "django-compressor": "compressor", "django-extensions": "django_extensions",
    "djangorestframework-simplejwt": "rest_framework_simplejwt", "python-dateutil": "dateutil",
    "beautifulsoup4": "bs4", "django-heroku": "django_heroku", "scikit-learn": "sklearn",
    "mysqlclient": "MySQLdb", "pyjwt": "jwt", "python-json-logger": "pythonjsonlogger",
    "django-redis": "django_redis", "django-axes": "axes", "django-otp": "django_otp",
    "social-auth-app-django": "social_django", "django-oauth-toolkit": "oauth2_provider",
    "django-guardian": "guardian", "django-ratelimit": "django_ratelimit", "opencv-python": "cv2",
    "django-webpack-loader": "webpack_loader", "django-waffle": "waffle", "python-memcached":
    "memcache", "django-anymail": "anymail", "django-permissions-policy":
    "django_permissions_policy", "channels-redis": "channels_redis", "pydantic-settings":
    "pydantic_settings", "python-ldap": "ldap", "pysaml2": "saml2", "attrs": "attr",
    "setuptools": "pkg_resources", "google-cloud-storage": "google", "django-q2": "django_q",
    "django-celery-beat": "django_celery_beat", "importlib-metadata": "importlib_metadata",
    "strawberry-graphql": "strawberry", "strawberry-graphql-django": "strawberry_django",
}  # fmt: skip
"""Import names that do not follow from the name on PyPI."""

_NAME = Pattern(r"\s*([A-Za-z0-9][A-Za-z0-9._-]*)\s*(\[[^\]]*\])?\s*(.*)")
_EGG = Pattern(r"(?:-e\s+|--editable[\s=]+)?\S*://\S*[#&]egg=([A-Za-z0-9][A-Za-z0-9._-]*)")
_FILE = Pattern(
    r"(?:.*[/\\])?([A-Za-z0-9][A-Za-z0-9._]*)-(\d[^-/\s]*)(?:(?:-[^-/\s]+){3,4}\.whl|\.tar\.gz)(?=[#?\s]|$)"
)
"""The name and version in the name of a wheel or a source distribution."""


class Installed(NamedTuple):
    """`version` is the (major, minor) of Django and `place` where it was read; None: not found
    or not bounded. `modules` are the names of top-level modules that can be imported, `packages`
    what production installs, by name, None if no file tells."""

    version: tuple[int, int] | None
    place: Place | None
    modules: frozenset[str]
    packages: Mapping[str, Package] | None
    python: tuple[int, int] | None
    python_place: Place | None
    installs: Installs | None = None


def import_names(name: str) -> set[str]:
    """The module names that a package can have."""
    name = normalised(name)
    found = {name.replace("-", "_")}
    if name in IMPORT_NAMES:
        found.add(IMPORT_NAMES[name])
    if name.startswith("django-") and len(name) > 7:
        found.add(name.removeprefix("django-").replace("-", "_"))
    return found


def read_installed(
    sources: Sources,
    base: str,
    python: tuple[int, int] | None,
    python_place: Place | None,
    container: Container | None = None,
) -> Installed:
    """What production installs; `python` is the version that a Dockerfile names, if one does, and
    `container` its image."""
    from hardango.project.production import installs

    tree = sources.tree
    if python is None:
        python, python_place = _python_version(tree, base)
    found = list(_requirements(sources, base))
    modules: set[str] = set()
    for each in found:
        modules |= import_names(each.name)
    version, place = _django(found, python)
    return Installed(version, place, frozenset(modules), _packages(found), python, python_place,
                     installs(sources, base, container))  # fmt: skip


def _packages(found: Iterable[Requirement]) -> Mapping[str, Package] | None:
    """What production installs; None if no file tells."""
    asked: dict[str, list[Requirement]] = {}
    for each in found:
        if each.use != "development":
            asked.setdefault(normalised(each.name), []).append(each)
    packages = {
        name: _package(name, each)
        for name, each in asked.items()
        if any(requirement.use == "production" for requirement in each)
    }
    return packages or None


def _package(name: str, asked: list[Requirement]) -> Package:
    """One package: locked before pinned, pinned before bounded. Where one file pins several
    versions, each for another machine, which one it is is not known."""
    allowed = [(each, bounds(("==" if each.exact else "") + each.specifier)) for each in asked]
    exact = [pair for pair in allowed if pair[1].exact]
    locked = [pair for pair in exact if pair[0].exact] or exact
    if not locked:
        first, within = next((pair for pair in allowed if any(pair[1])), allowed[0])
        return Package(name, None, first.specifier, first.place, False, within.lowest, within.below)
    first = locked[0][0]
    beside = [within for each, within in locked if each.place.file == first.place.file]
    lowest = min(within.lowest or () for within in beside)
    below = max(within.below or () for within in beside)
    one = len({within.lowest for within in beside}) == 1
    return Package(name, lowest if one else None, first.specifier, first.place, one, lowest, below)


def _django(
    found: Iterable[Requirement], python: tuple[int, int] | None
) -> tuple[tuple[int, int] | None, Place | None]:
    """The version of Django: locked before pinned, pinned before bounded."""
    asked = [each for each in found if normalised(each.name) == "django"]
    for requirement in asked:
        version = numbers(requirement.specifier) if requirement.exact else ()
        if len(version) > 1:
            return (version[0], version[1]), requirement.place
    for requirement in asked:
        newest = _newest(requirement.specifier, python)
        if newest is not None:
            return newest, requirement.place
    return None, asked[0].place if asked else None


def _newest(specifier: str, python: tuple[int, int] | None) -> tuple[int, int] | None:
    """The newest release that a specifier allows; None if it names no upper bound."""
    lowest, below, exact = bounds(specifier)
    if exact and lowest and len(lowest) > 1:
        return lowest[0], lowest[1]
    allowed = [
        each
        for each in DJANGO_RELEASES
        if (lowest is None or each >= lowest[:2]) and (below is None or each < below)
    ]
    bounded = below is not None
    if python is not None and python[0] == 3 and python[1] in NEWEST_FOR_PYTHON:
        bounded = True
        allowed = [each for each in allowed if each <= NEWEST_FOR_PYTHON[python[1]]]
    if not allowed and bounded and lowest is not None and len(lowest) > 1:
        return lowest[0], lowest[1]  # of a release that is newer than the list
    return allowed[-1] if bounded and allowed else None


def _requirements(sources: Sources, base: str) -> Iterable[Requirement]:
    """Every requirement, the most telling file first, from the directory of the project upwards."""
    tree = sources.tree
    seen: set[str] = set()
    for file in lock_files(tree, base):
        yield from read_lock(tree, file)
    for file, use in requirement_files(tree, base):
        yield from _requirement_file(tree, file, seen, use)
    for file in manifests(tree, base):
        yield from read_requirements(sources, file)


MANIFESTS = ("pyproject.toml", "Pipfile", "setup.cfg", "setup.py")
"""Files in which a project says what it needs, rarely which version exactly."""


def lock_files(tree: Tree, base: str) -> Iterable[str]:
    """The lock files, from the directory of the project upwards."""
    for directory in _upwards(base):
        start = directory + "/" if directory else ""
        yield from (start + name for name in LOCK_FILES if start + name in tree.files)


def manifests(tree: Tree, base: str) -> Iterable[str]:
    """The files that say what a project needs, from the directory of the project upwards."""
    for directory in _upwards(base):
        start = directory + "/" if directory else ""
        yield from (start + name for name in MANIFESTS if start + name in tree.files)


def read_requirements(
    sources: Sources, file: str, unread: list[Place] | None = None
) -> Iterable[Requirement]:
    """What a file asks for, whatever its kind; of a requirements file also what it includes, and
    `unread` gets its lines that name no package."""
    tree, name = sources.tree, file.rpartition("/")[2]
    if is_lock(file):
        yield from read_lock(tree, file)
    elif name.endswith(".toml"):
        yield from _pyproject(tree, file)
    elif name == "Pipfile":
        yield from _pipfile(tree, file)
    elif name.endswith(".cfg"):
        yield from _setup_cfg(tree, file)
    elif name.endswith(".py"):
        yield from _setup_py(sources, file)
    else:
        yield from _requirement_file(tree, file, set(), "production", unread=unread)


def _upwards(directory: str) -> list[str]:
    found = [directory]
    while directory:
        directory = parent(directory)
        found.append(directory)
    return found


def requirement_files(tree: Tree, base: str) -> list[tuple[str, str]]:
    """requirements.txt and its relatives, with their use: production's first, development's and
    tests' last. What lies beside the project is another program's, if a nearer file tells."""
    ranked: list[tuple[int, int, int, str]] = []
    near = set(_upwards(base))
    for file in tree.files:
        directory, _, name = file.rpartition("/")
        if not name.endswith((".txt", ".in", ".pip")):
            continue
        inside = directory.rpartition("/")[2].lower()
        kind = re.search(r"require|constraint|\bdeps\b", name.lower()) or re.search(
            r"require|^reqs?$|^deps$|dependencies", inside
        )
        if not kind or (directory and is_aside(tree.inner(directory))):
            continue
        if is_neighbours(tree, directory):
            continue
        holder = parent(directory) if not re.search(r"require|deps", name.lower()) else directory
        role = role_of_path(tree.inner(file))
        order = {"production": 0, "": 1, "staging": 2, "development": 4, "test": 5}[role]
        if "doc" in name.lower() or "lint" in name.lower():
            order = 5
        if "constraint" in name.lower():
            order = 0
        order += name.endswith(".in") and file.removesuffix(".in") + ".txt" in tree.files
        ranked.append(
            (0 if holder in near or directory in near else 1, order, file.count("/"), file)
        )
    nearest = min((each[0] for each in ranked if each[1] < 4), default=0)
    found = []
    for far, order, _, file in sorted(ranked)[:60]:
        use = "production" if far == nearest and order < 4 else "development"
        found.append((file, "constraint" if "constraint" in file.rpartition("/")[2] else use))
    return found


def _requirement_file(
    tree: Tree,
    file: str,
    seen: set[str],
    use: str,
    depth: int = 0,
    unread: list[Place] | None = None,
) -> Iterable[Requirement]:
    if file in seen or depth > 8:
        return
    seen.add(file)
    text = tree.read(file) or ""
    for number, row in enumerate(text.split("\n"), 1):
        row = row.split(" #")[0].strip()
        included = re.match(r"(-r|--requirement|-c|--constraint)[\s=]*(\S+)", row)
        if included:
            other = join(parent(file), included[2])
            inner = "constraint" if use == "production" and "c" in included[1][:3] else use
            if other is not None and other in tree.files:
                yield from _requirement_file(tree, other, seen, inner, depth + 1, unread)
            elif unread is not None:
                unread.append(Place(file, number))
            continue
        asked = list(row_of(row, Place(file, number), use))
        if unread is not None and not asked and _installs(row):
            unread.append(Place(file, number))
        yield from asked


def _installs(row: str) -> bool:
    """Whether a row that names no package installs one: an address, or the start of a path."""
    if row.startswith(("{%", "{{", "{#")):  # of a template
        return False
    return (bool(row) and not row.startswith(("#", "-", ".", "/"))) or (
        "://" in row and (row.startswith(("-e", "--editable")))
    )


def row_of(row: str, place: Place, use: str) -> Iterable[Requirement]:
    """What a row of a requirements file asks for, which is no option."""
    origin = "git" if re.match(r"(?:-e\s+|--editable[\s=]+)?\S*git\+", row) else "address"
    if address := _EGG.match(row):
        yield Requirement(address[1], "@", place, False, use, origin=origin)
        return
    if not row or row.startswith(("#", "-")):
        return
    if "://" in row.split("@")[0] or row.startswith((".", "/")):
        if packed := _FILE.match(row):
            origin = "path" if row.startswith((".", "/")) else origin
            yield Requirement(packed[1], f"@ {row}", place, False, use, origin=origin)
        return
    found = _NAME.match(row)
    if not found:
        return
    specifier, marker = _divided(re.split(r"\s--?[a-z]", found[3])[0].rstrip("\\ "))
    if specifier.startswith("@"):
        origin = "git" if "git+" in specifier else "address"
        yield Requirement(found[1], specifier, place, False, use, marker, origin)
        return
    exact = specifier.startswith("==") and "*" not in specifier
    yield Requirement(
        found[1],
        specifier.lstrip("=").strip() if exact else specifier,
        place,
        exact and len(specifier.split(",")) == 1,
        use,
        marker,
    )


def _divided(text: str) -> tuple[str, str]:
    """A specifier and its marker. In an address a semicolon ends it only after a space."""
    specifier, _, marker = text.partition(" ;" if text.startswith("@") else ";")
    return specifier.strip(), marker.strip()


def load_toml(tree: Tree, file: str, limit: int = MAX_LOCK_BYTES) -> dict[str, Any]:
    """A TOML file; {} and a note if it cannot be read."""
    import tomllib

    text = tree.read(file, limit)
    if text is None:
        return {}
    try:
        return tomllib.loads(text.replace("\r\n", "\n"))
    except (ValueError, RecursionError):
        if "{%" not in text and "{{" not in text:
            tree.notes.append(Note("the file is not valid TOML", Place(file, 1)))
        return {}


def _pyproject(tree: Tree, file: str) -> Iterable[Requirement]:
    data = load_toml(tree, file)
    text = tree.read(file) or ""
    project = data.get("project") if isinstance(data.get("project"), dict) else {}
    assert isinstance(project, dict)
    listed = list(project.get("dependencies") or [])
    for extras in (project.get("optional-dependencies"), data.get("dependency-groups")):
        for name, items in extras.items() if isinstance(extras, dict) else []:
            if name in PRODUCTION_GROUPS and isinstance(items, list):
                listed += items
    for item in listed:
        found = _NAME.match(item) if isinstance(item, str) else None
        if found:
            specifier, marker = _divided(found[3])
            yield Requirement(found[1], specifier, _where(text, file, item), marker=marker)
    tool = data.get("tool")
    poetry = tool.get("poetry") if isinstance(tool, dict) else None
    packages = poetry.get("dependencies") if isinstance(poetry, dict) else None
    for name, value in packages.items() if isinstance(packages, dict) else []:
        version = value.get("version") if isinstance(value, dict) else value
        # In Poetry's language a bare version is a minimum up to the next major... as "^" is not:
        # it is exact.
        if name != "python" and isinstance(version, str):
            yield Requirement(name, version, _where(text, file, name), False)


def _where(text: str, file: str, part: str) -> Place:
    at = text.find(part)
    if at < 0:
        at = text.find(part.replace('"', '\\"'))
    return Place(file, text.count("\n", 0, max(at, 0)) + 1)


def _pipfile(tree: Tree, file: str) -> Iterable[Requirement]:
    packages = load_toml(tree, file).get("packages")
    text = tree.read(file) or ""
    for name, value in packages.items() if isinstance(packages, dict) else []:
        version = value.get("version", "*") if isinstance(value, dict) else value
        if isinstance(version, str):
            yield Requirement(name, version, _where(text, file, name), False)


def _setup_cfg(tree: Tree, file: str) -> Iterable[Requirement]:
    inside = False
    for number, row in enumerate((tree.read(file) or "").split("\n"), 1):
        if re.match(r"install_requires\s*=", row):
            inside = True
            row = row.partition("=")[2]
        elif inside and row[:1] not in (" ", "\t", "", "#"):
            inside = False
        found = _NAME.match(row.split("#")[0]) if inside else None
        if found:
            yield Requirement(found[1], found[3], Place(file, number))


def _setup_py(sources: Sources, file: str) -> Iterable[Requirement]:
    parsed = sources.parse(file)
    for node in ast.walk(parsed) if parsed else ():
        lists: list[ast.expr] = []
        if (isinstance(node, ast.keyword) and node.arg == "install_requires") or (
            isinstance(node, ast.Assign)
            and any(
                isinstance(target, ast.Name) and "require" in target.id.lower()
                for target in node.targets
            )
        ):
            lists = [node.value]
        for value in lists:
            for item in getattr(value, "elts", []):
                if isinstance(item, ast.Constant) and isinstance(item.value, str):
                    found = _NAME.match(item.value)
                    if found:
                        yield Requirement(found[1], found[3], Place(file, item.lineno))


def _python_version(tree: Tree, base: str) -> tuple[tuple[int, int] | None, Place | None]:
    """The version of Python that runtime.txt or .python-version names."""
    for directory in _upwards(base):
        for name in ("runtime.txt", ".python-version", ".tool-versions"):
            file = f"{directory}/{name}" if directory else name
            if file in tree.files:
                found = re.search(r"(?:^|python[- ]v?)(3)\.(\d{1,2})", tree.read(file) or "")
                if found:
                    return (3, int(found[2])), Place(file, 1)
    return None, None
