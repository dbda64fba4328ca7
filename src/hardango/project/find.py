"""Finds the Django project in a directory, and how production starts it."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping

from hardango.findings import Note, Place
from hardango.light import TYPE_CHECKING
from hardango.project import decide as deciding
from hardango.project.choose import Base, Several, choose_base, settle
from hardango.project.model import (
    Container,
    Deployment,
    EntryPoint,
    KeyFile,
    Project,
    ProjectError,
    SettingsModule,
    Variable,
)
from hardango.project.modules import dotted, home_of, module_file, package_root
from hardango.project.names import is_aside
from hardango.project.python_entry import Entry, Sources, read_entry
from hardango.project.settings_modules import classes_of, said_role, sets_nothing, settings_files
from hardango.project.testing import read_test_configuration
from hardango.project.tree import Tree, holds, join, parent

if TYPE_CHECKING:
    from hardango.project.requirements import Installed
    from hardango.project.starts import Start

_DEPLOYS = ("dockerfile", "containerfile", "procfile", "env")
_DEPLOYS_ENDINGS = (".yml", ".yaml", ".toml", ".json", ".service", ".conf", ".ini", ".config")
_REQUIRES = ("pipfile", "setup.py", "setup.cfg", ".python-version", ".tool-versions")
_REQUIRES_ENDINGS = (".lock", ".txt", ".in", ".pip", ".toml")

_KEYS = (".pem", ".key", ".json", "id_rsa", "id_dsa", "id_ecdsa", "id_ed25519")
"""How the names of files end that can hold a private key."""

MARKERS = ("manage.py", ".git", "pyproject.toml")


def find_project(path: str, module: str | None = None) -> Project:
    """Find the project at, below or around `path`, a directory or a file. Of several, one that
    has the settings module `module`, if that is given.

    Raises ProjectError, with one sentence for the user, if there is none, or if nothing tells
    which of several is meant.
    """
    try:
        return _find_project(path, module)
    except Several as several:
        shown = ", ".join(each or "." for each in several.directories[:8])
        more = len(several.directories) - 8
        first = next(each for each in several.directories if each)
        raise ProjectError(
            f"{path} holds several Django projects, and nothing tells which of them is deployed: "
            f"{shown}{f' and {more} more' if more > 0 else ''}. Name one, as in "
            f"{os.path.join(path, first)}"
        ) from None


def _find_project(path: str, module: str | None) -> Project:
    if not path:
        raise ProjectError("the path is empty")
    try:
        absolute = os.path.abspath(path)
    except FileNotFoundError:
        raise ProjectError("the current directory does not exist any more") from None
    try:
        real = os.path.realpath(absolute, strict=True)
        is_directory = os.path.isdir(real)
        empty = is_directory and not os.listdir(real)
    except FileNotFoundError:
        raise ProjectError(f"{path} does not exist") from None
    except OSError as error:
        raise ProjectError(f"{path} cannot be read: {_reason(error)}") from None
    except ValueError:
        raise ProjectError(f"{path!r} is not a path") from None
    if empty:
        raise ProjectError(f"{path} is an empty directory")
    if is_directory:
        project = _project_in(real, module)
        if project is not None:
            return _with_surroundings(project)
    elif not os.path.isfile(real):
        raise ProjectError(f"{path} is neither a file nor a directory")
    project = _project_around(real, module)
    if project is None:
        what = "no Django project in it or around it" if is_directory else "in no Django project"
        verb = "has" if is_directory else "is"
        raise ProjectError(f"{path} {verb} {what}")
    return _with_surroundings(project)


def _reason(error: OSError) -> str:
    import errno

    if error.errno == errno.ELOOP:
        return "it is a link that leads back to itself"
    return (error.strerror or "unreadable").lower()


def _project_around(path: str, module: str | None) -> Project | None:
    """The project that a file, or a directory without one of its own, lies in."""
    directory = os.path.dirname(path)
    while True:
        if any(os.path.lexists(os.path.join(directory, name)) for name in MARKERS):
            project = _project_in(directory, module, os.path.relpath(path, directory))
            if project is not None and (path + "/").startswith(project.base.rstrip("/") + "/"):
                return project
            if os.path.lexists(os.path.join(directory, ".git")):
                return None
        above = os.path.dirname(directory)
        if above == directory:
            return None
        directory = above


def _project_in(root: str, module: str | None, inside: str = "") -> Project | None:
    tree = Tree(root)
    if not tree.files and tree.notes:
        return None
    sources = Sources(tree)
    bases = find_bases(sources)
    if not bases:
        return None
    base, why = choose_base(sources, bases, module, inside)
    return _describe(sources, base, settle(tree, base, bases), why)


def _with_surroundings(project: Project) -> Project:
    """The project, read with the repository around it if files there start it: somebody who names
    one application of a repository means how that is deployed. Its settings see no more."""
    top = _repository(project.root)
    if top is None:
        return project
    sources = Sources(Tree(top))
    named = os.path.relpath(project.root, top).replace(os.sep, "/")
    if not _is_named_outside(sources.tree, named):
        return project
    sources.tree.within = named
    bases = find_bases(sources)
    base = next(
        (each for each in bases if sources.tree.absolute(each.directory) == project.base), None
    )
    if base is None:
        return project
    read = _describe(sources, base, settle(sources.tree, base, bases), "")
    places = [each.place for each in read.deployment.variables.values()]
    places += [each.place for each in read.deployment.entry_points if each.role == "production"]
    outside = [each.file for each in places if not holds(named, each.file)]
    if not outside:
        return project
    files = ", ".join(list(dict.fromkeys(outside))[:5])
    said = f"{files} outside {named}/ {'starts' if len(set(outside)) == 1 else 'start'} it"
    notes = (
        Note(f"{said}; paths are relative to the top of the repository"),
        *read.notes[bool(read.others) :],
    )
    return read._replace(within=project.root, notes=notes, others=project.others)


def _is_named_outside(tree: Tree, named: str) -> bool:
    """Whether a file of the repository that could start something speaks of a directory."""
    word = re.compile(rf"(?<![\w-]){re.escape(named.rpartition('/')[2])}(?![\w-])")
    return any(
        word.search(tree.read(file) or "") is not None
        for file in tree.files
        if _starts_something(file) and not holds(named, file) and not is_aside(parent(file))
    )


def _repository(directory: str) -> str | None:
    """The top of the repository that a directory lies in; None if it is the top, or in none."""
    above = directory
    while not os.path.lexists(os.path.join(above, ".git")):
        above = os.path.dirname(above)
        if above == os.path.dirname(above):
            return None
    return above if above != directory else None


_ENTRY_KINDS = {"manage.py": "manage.py", "wsgi.py": "wsgi.py", "asgi.py": "asgi.py"}


def _entry_files(tree: Tree) -> list[tuple[str, str]]:
    """The Python files that can start Django, with their kind."""
    found: list[tuple[str, str]] = []
    for file in tree.files:
        if not file.endswith(".py"):
            continue
        name = file.rpartition("/")[2]
        directory = parent(file).rpartition("/")[2]
        if name in _ENTRY_KINDS:
            found.append((_ENTRY_KINDS[name], file))
        elif directory in ("wsgi", "asgi"):
            found.append((directory + ".py", file))
        elif name.startswith(("wsgi_", "wsgi-")) or name.endswith("_wsgi.py"):
            found.append(("wsgi.py", file))
        elif name.startswith("asgi_") or name.endswith("_asgi.py"):
            found.append(("asgi.py", file))
        elif name.startswith(("manage_", "manage-")):
            found.append(("manage.py", file))
        elif name in ("celery.py", "celery_app.py", "celeryapp.py", "celeryconf.py"):
            found.append(("celery.py", file))
        elif name in (
            "passenger_wsgi.py",
            "index.wsgi",
            "server.py",
            "application.py",
            "run.py",
            "__main__.py",
            "runner.py",
            "cli.py",
        ):
            found.append(("starter", file))
    return found


def _speaks_django(sources: Sources, file: str, kind: str) -> bool:
    text = sources.tree.read(file)
    if text is None:
        return False
    if kind in ("starter", "celery.py"):
        return "DJANGO_SETTINGS_MODULE" in text
    return "jango" in text or "DJANGO_SETTINGS_MODULE" in text or kind == "manage.py"


def find_bases(sources: Sources) -> list[Base]:
    """The projects of a tree.

    Entry points belong together if the settings module that they name is found from the same
    import root; settings modules that nobody names make a project where nothing else does.
    """
    tree = sources.tree
    grouped: dict[str, list[tuple[str, Entry]]] = {}
    homes: dict[str, str] = {}
    for kind, file in _entry_files(tree):
        if not _speaks_django(sources, file, kind):
            continue
        entry = read_entry(sources, file, _guess_roots(tree, file))
        if not entry.django or (kind == "starter" and not entry.modules):
            continue
        home = _home(tree, kind, entry)
        grouped.setdefault(home, []).append((kind, entry))
    for home, entries in grouped.items():
        # manage.py's directory is where its project is, wherever its settings are found.
        managers = [e.file for kind, e in entries if kind == "manage.py"]
        homes[home] = parent(min(managers, key=_depth)) if managers else home
    settings = settings_files(sources)
    placed: dict[str, list[str]] = {}
    for file in settings:
        home = package_root(tree, parent(file))
        holder = _holder(home, file, list(grouped))
        placed.setdefault(holder if holder is not None else home, []).append(file)
    found = []
    for home in dict.fromkeys([*grouped, *placed]):
        entries = grouped.get(home, [])
        files = placed.get(home, [])
        if entries or any(_is_whole(sources, file) for file in files):
            found.append(Base(homes.get(home, home), tuple(entries), tuple(files)))
    return _joined(found)


def _joined(bases: list[Base]) -> list[Base]:
    """Bases that have the same directory are one project."""
    merged: dict[str, Base] = {}
    for base in bases:
        known = merged.get(base.directory)
        merged[base.directory] = (
            base
            if known is None
            else Base(base.directory, known.entries + base.entries, known.settings + base.settings)
        )
    return _adopted(list(merged.values()))


def _adopted(bases: list[Base]) -> list[Base]:
    """A wsgi.py that names no module belongs to the project in whose directory it lies; so does
    one that names the module that this project's manage.py names, and that is not there."""
    homeless = [base for base in bases if _is_homeless(base)]
    for base in [*homeless, *bases]:
        if base not in bases:
            continue  # it has found its place, or got what was another's
        files = [entry.file for _, entry in base.entries]
        for at, other in enumerate(bases):
            joins = base in homeless or (other is not base and _names_no_more(base, other))
            if (
                joins
                and other not in homeless
                and all(holds(other.directory, each) for each in files)
            ):
                bases[at] = other._replace(
                    entries=other.entries + base.entries, settings=other.settings + base.settings
                )
                bases.remove(base)
                break
    return bases


def _is_homeless(base: Base) -> bool:
    return not base.settings and not any(entry.modules for _, entry in base.entries)


def _names_no_more(base: Base, other: Base) -> bool:
    """Whether a project without manage.py names but modules that it does not have and that
    another one names."""
    named = {each.module for _, entry in base.entries for each in entry.modules}
    known = {each.module for _, entry in other.entries for each in entry.modules}
    own = {dotted(file, base.directory) for file in base.settings}
    managed = any(kind == "manage.py" for kind, _ in base.entries)
    return bool(named) and named <= known and not managed and not (named & own)


def _is_whole(sources: Sources, file: str) -> bool:
    """Whether a settings file that nobody names could run a project by itself."""
    text = sources.tree.read(file) or ""
    return "ROOT_URLCONF" in text or "INSTALLED_APPS" in text


def _guess_roots(tree: Tree, file: str) -> tuple[str, ...]:
    directory = parent(file)
    home = package_root(tree, directory)
    found = [home, directory]
    while directory:
        directory = parent(directory)
        found.append(directory)
    found += [each for each in ("src",) if each in tree.directories]
    return tuple(dict.fromkeys(found))


def _home(tree: Tree, kind: str, entry: Entry) -> str:
    """The import root in which the settings of an entry point are found."""
    directory = parent(entry.file)
    for named in entry.modules:
        for start in (directory, *entry.paths):
            if module_file(tree, (start,), named.module):
                return start
        inner = f"{directory}/src" if directory else "src"
        if module_file(tree, (inner,), named.module):
            return inner
        found = home_of(tree, named.module, directory)
        if found is not None:
            return found
    return directory if kind == "manage.py" else package_root(tree, directory)


def _holder(home: str, file: str, homes: list[str]) -> str | None:
    """The project that a settings file belongs to: the innermost that holds it."""
    holding = [each for each in homes if not each or file.startswith(each + "/")]
    return max(holding, key=len) if holding else None


def _depth(path: str) -> int:
    return path.count("/") + bool(path)


def _import_roots(tree: Tree, base: Base, starts: list[Start]) -> tuple[str, ...]:
    """What sys.path would have, relative to the root: the project's own directory first."""
    found = [base.directory]
    inserted = [path for kind, entry in base.entries for path in entry.paths]
    found += inserted
    for directory in (base.directory, parent(base.directory)):
        source = f"{directory}/src" if directory else "src"
        if source in tree.directories and f"{source}/__init__.py" not in tree.files:
            found.append(source)
    for _, entry in base.entries:
        found.append(_home(tree, "", entry))
    for start in starts:
        if start.role == "production" or start.kind == "compose":
            found += start.paths
            if start.launch is not None:
                for path in (start.launch.chdir, *start.launch.paths):
                    place = join(start.directory or "", path) if path else None
                    if place is not None and place in tree.directories and path != "/":
                        found.append(place)
            target = start.launch.target if start.launch is not None else None
            if target and start.directory and module_file(tree, (start.directory,), target):
                found.append(start.directory)
    for file in base.settings:
        if is_aside(tree.inner(parent(file))) or not holds(base.directory, file):
            continue
        packaged = f"{parent(file)}/__init__.py" in tree.files
        if packaged or not any(holds(each, file) for each in found):
            found.append(package_root(tree, parent(file)))
    # A package's inside is no import root unless somebody put it there.
    asked = set(inserted) | {base.directory}
    return tuple(
        each
        for each in dict.fromkeys(found)
        if each in asked or f"{each}/__init__.py" not in tree.files
    )


def _starts_something(file: str) -> bool:
    """Whether a file can say how the project is started, by its name."""
    name = file.lower()
    return name.endswith(_DEPLOYS_ENDINGS) or any(word in name for word in _DEPLOYS)


def _installs_something(file: str) -> bool:
    """Whether a file can say what is installed, by its name."""
    name = file.lower()
    return name.endswith(_REQUIRES_ENDINGS) or any(word in name for word in _REQUIRES)


def _describe(sources: Sources, base: Base, others: list[str], why: str) -> Project:
    tree = sources.tree
    starts: list[Start] = []
    hosts: frozenset[str] = frozenset()
    python: tuple[int, int] | None = None
    python_place: Place | None = None
    if any(map(_starts_something, tree.files)):
        # Imported here: most of the time that a small project takes is that of imports.
        from hardango.project.deployment import read_starts

        read = read_starts(sources, base.directory, _import_roots(tree, base, []))
        starts = list(read.starts)
        python, python_place, hosts = read.python, read.python_place, read.hosts
    placed = _placed(sources, starts)
    roots = _import_roots(tree, base, starts)
    tests = tuple(read_test_configuration(tree, base.directory))
    modules = _settings_modules(
        tree,
        base,
        roots,
        starts,
        [point.module for point in tests],
        [point.place for point in tests],
    )

    evidence = _evidence(sources, base, roots, starts, tests, modules)
    deployment, conflicts = deciding.decide(evidence)
    deployment = deployment._replace(hosts=hosts, keys=_keys(tree))
    installed = _installed(sources, base, python, python_place, deployment.container)
    own = {each.file for each in modules}
    manage = [
        entry.file
        for kind, entry in base.entries
        if kind == "manage.py" and entry.file.endswith("manage.py")
    ]
    return Project(
        root=tree.root,
        base=tree.absolute(base.directory),
        import_roots=tuple(tree.absolute(each) for each in roots),
        manage_py=min(manage, key=_depth) if manage else None,
        settings_modules=modules,
        deployment=_with_installed(deployment, installed, python, python_place),
        django=installed.version if installed else None,
        django_source=installed.place if installed else None,
        installed=installed.modules if installed else frozenset(),
        python=installed.python if installed else python,
        others=tuple(others),
        notes=_notes(sources, base, own, conflicts, why),
        placed=placed,
    )


def _keys(tree: Tree) -> tuple[KeyFile, ...]:
    """The private keys that lie in the tree."""
    if not any(file.endswith(_KEYS) for file in tree.files):
        return ()
    from hardango.project.key_files import read_key_files

    return tuple(read_key_files(tree))


def _placed(sources: Sources, starts: list[Start]) -> dict[str, tuple[str, Place]]:
    """The files that stand elsewhere in production than in the repository, if all that production
    starts agree on what they are; from here on they are read there."""
    found: dict[str, tuple[str, Place]] = {}
    unsure: set[str] = set()
    for start in starts:
        for file, copy in start.placed.items() if start.role == "production" else ():
            if found.setdefault(file, (copy.source, copy.place))[0] != copy.source:
                unsure.add(file)
    for file in unsure:
        del found[file]
    for file, (source, _) in found.items():
        sources.place(file, source)
    return found


def _evidence(
    sources: Sources,
    base: Base,
    roots: tuple[str, ...],
    starts: list[Start],
    tests: tuple[EntryPoint, ...],
    modules: tuple[SettingsModule, ...],
) -> deciding.Evidence:
    """What the decision for production's module rests on."""
    tree = sources.tree

    def served(start: Start, environ: Mapping[str, str]) -> Entry | None:
        return _served(sources, base, roots, start, environ)

    def reread(entry: Entry, environ: Mapping[str, str]) -> Entry:
        return read_entry(sources, entry.file, _guess_roots(tree, entry.file), environ)

    def dotenv(file: str) -> Mapping[str, Variable]:
        from hardango.project.dotenv import read_dotenv

        return read_dotenv(tree, file) if holds(tree.within, file) else {}

    def hollow(module: str) -> bool:
        file = module_file(tree, roots, module)
        return file is not None and sets_nothing(sources, file)

    def plain(start: Start) -> bool:
        from hardango.project.scheme import only_plain

        return only_plain(tree, [entry.file for _, entry in base.entries], start)

    def classes(module: str) -> tuple[str, ...]:
        file = module_file(tree, roots, module)
        return classes_of(sources, file) if file is not None else ()

    return deciding.Evidence(
        base.entries,
        tuple(starts),
        served,
        reread,
        tests,
        modules,
        dotenv,
        lambda module: module_file(tree, roots, module) is not None,
        hollow,
        lambda module: said_role(sources, module.file),
        plain,
        classes,
    )


def _installed(
    sources: Sources,
    base: Base,
    python: tuple[int, int] | None,
    place: Place | None,
    container: Container | None,
) -> Installed | None:
    """What production installs; None if no file can say."""
    if not any(map(_installs_something, sources.tree.files)):
        return None
    from hardango.project.requirements import read_installed

    return read_installed(sources, base.directory, python, place, container)


def _with_installed(
    deployment: Deployment,
    installed: Installed | None,
    python: tuple[int, int] | None,
    python_place: Place | None,
) -> Deployment:
    """A deployment, with what it installs and the Python that it runs."""
    if installed is None:
        return deployment._replace(python=python, python_place=python_place)
    packages = installed.packages
    return deployment._replace(
        packages=packages,
        django=packages.get("django") if packages else None,
        python=installed.python,
        python_place=installed.python_place,
        installs=installed.installs,
    )


def _notes(
    sources: Sources, base: Base, modules: set[str], conflicts: list[Note], why: str
) -> tuple[Note, ...]:
    """What a user must know of the reading: which project it is, first."""
    tree = sources.tree
    notes = [_of_several(base, tree.neighbours, why)] if tree.neighbours else []
    read = (*tree.notes, *conflicts)
    if read:
        from hardango.project.belonging import is_neighbours
    notes += [each for each in read if not each.place or not is_neighbours(tree, each.place.file)]
    used = {entry.file for _, entry in base.entries} | modules
    notes += [note for file, note in sources.failures.items() if file in used]
    return tuple(dict.fromkeys(notes))


def _of_several(base: Base, others: tuple[str, ...], why: str) -> Note:
    """Which project of several was judged, why, and what the others are."""
    shown = ", ".join(each or "." for each in others[:5])
    more = f" and {len(others) - 5} more" if len(others) > 5 else ""
    because = f" because {why}" if why else ", the one that was asked for"
    return Note(
        f"of several Django projects, {base.directory or 'the one at the top'} was judged"
        f"{because}; the others: {shown}{more} (give the directory of one to judge it)"
    )


def _served(
    sources: Sources,
    base: Base,
    roots: tuple[str, ...],
    start: Start,
    environ: Mapping[str, str],
) -> Entry | None:
    """The Python file that a start serves: its wsgi.py, or manage.py for a command of it."""
    tree = sources.tree
    launch = start.launch
    if launch is None:
        return None
    if launch.target is None:
        kinds = ("manage.py",) if launch.server.startswith(("manage.py", "run")) else ()
        file = next((e.file for kind, e in base.entries if kind in kinds), None)
    elif launch.target.endswith(".py"):
        file = _path_file(tree, start, launch.target, base)
    else:
        near = [start.directory or ""] + [
            place
            for path in (launch.chdir, *launch.paths)
            if path and (place := join(start.directory or "", path)) is not None
        ]
        file = module_file(tree, (*near, *start.paths, *roots), launch.target)
    if file is None:
        return None
    return read_entry(sources, file, (*roots, *_guess_roots(tree, file)), environ)


def _path_file(tree: Tree, start: Start, path: str, base: Base) -> str | None:
    """A path to a .py file as a file of the repository: by its place, else by its tail."""
    for directory in (start.directory, base.directory, ""):
        if directory is not None and not path.startswith("/"):
            file = join(directory, path)
            if file in tree.files:
                return file
    parts = path.strip("/").split("/")
    for at in range(len(parts) - 1):
        tail = "/".join(parts[at:])
        for start_of in (base.directory + "/" if base.directory else "", ""):
            if start_of + tail in tree.files:
                return start_of + tail
    return None


def _settings_modules(
    tree: Tree,
    base: Base,
    roots: tuple[str, ...],
    starts: list[Start],
    tested: list[str | None],
    places: list[Place],
) -> tuple[SettingsModule, ...]:
    """The settings modules of the project, those that are named by somebody first."""
    named: dict[str, list[Place]] = {}
    for _, entry in base.entries:
        for each in entry.modules:
            named.setdefault(each.module, []).append(each.place)
    for start in starts:
        variable = start.variables.get("DJANGO_SETTINGS_MODULE")
        if variable is not None and variable.value:
            named.setdefault(variable.value, []).append(variable.place)
        if start.launch is not None and start.launch.module:
            named.setdefault(start.launch.module, []).append(start.place)
    for module, place in zip(tested, places, strict=True):
        if module:
            named.setdefault(module, []).append(place)
    found: dict[str, SettingsModule] = {}
    for module, where in named.items():
        file = module_file(tree, roots, module)
        if file is not None and file not in found:
            found[file] = SettingsModule(module, file, tuple(dict.fromkeys(where)))
    packages = {parent(file): each.name.rpartition(".")[0] for file, each in found.items()}
    for file in base.settings:
        if file not in found:
            # As the modules beside it are named.
            package, name = packages.get(parent(file)), None
            if package:
                name = f"{package}.{file.rpartition('/')[2].removesuffix('.py')}"
            if name is None or module_file(tree, roots, name) != file:
                name = _module_name(tree, file, roots)
            if name is not None:
                found[file] = SettingsModule(name, file)
    return tuple(found.values())


def _module_name(tree: Tree, file: str, roots: tuple[str, ...]) -> str | None:
    """The dotted name by which an import root finds exactly this file."""
    for root in roots:
        name = dotted(file, root)
        if name is not None and module_file(tree, (root,), name) == file:
            return name
    return None
