"""Compose files: the services that run the project, with the variables that they get.

https://docs.docker.com/reference/compose-file/
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from hardango.findings import Place
from hardango.light import Any
from hardango.patterns import Pattern
from hardango.project.dockerfile import (
    Command,
    Copy,
    Image,
    container_of,
    deployed_stage,
    placed_by,
    read_images,
    run_image,
    script_finder_of,
)
from hardango.project.dotenv import read_dotenv
from hardango.project.launch import RUNSERVERS, Launch
from hardango.project.model import Container, Variable
from hardango.project.names import is_aside, role_of_module, role_of_name, role_of_path
from hardango.project.python_entry import SETTINGS
from hardango.project.shell import expand
from hardango.project.starts import Start
from hardango.project.tree import Tree, join, parent
from hardango.project.yaml_text import get, line_of, load_yaml

_NAME = Pattern(r"(.*compose.*|production|prod|local|dev|staging|base|common)\.ya?ml")


def compose_files(tree: Tree) -> list[str]:
    """The files that can be compose files; those of examples and documentation are not read."""
    found = []
    for file in tree.files:
        name = file.rpartition("/")[2]
        if name.endswith((".yml", ".yaml")) and _NAME.fullmatch(name.lower()):
            if "/" not in file or not is_aside(tree.inner(parent(file))):
                if "compose" in name.lower() or "services:" in (tree.read(file) or ""):
                    found.append(file)
    return found


def read_compose(tree: Tree, base: str) -> tuple[list[Start], set[tuple[str, str]], frozenset[str]]:
    """What the compose files start, the Dockerfiles with their stage that they build for
    development only, and the names that their containers have for one another.

    A file that its name does not place is production's unless what it starts is plainly there
    for development.
    """
    files = compose_files(tree)
    documents = {file: services_of(tree, file) for file in files}
    starts: list[Start] = []
    built: dict[tuple[str, str], str] = {}
    builders = _builders(documents)
    for file, services in documents.items():
        role = role_of_path(tree.inner(file))
        over = role in ("production", "staging")
        below_file, below = _base_services(file, documents) if over else (file, {})
        found: list[Start] = []
        signs = False
        for name, service in services.items():
            laid_over = _partial(service) and name in below
            merged = _merged(below.get(name), service) if laid_over else service
            # Paths are relative to the first of the files that are laid over each other.
            directory = parent(below_file if laid_over else file)
            reader = _Service(tree, file, base, name, merged, services, directory, builders)
            found += reader.starts()
            signs = signs or reader.for_development
            if reader.image is not None:
                key = reader.image.file, reader.image.stage
                if built.get(key, "development") in ("development", "test"):
                    built[key] = role or ("development" if reader.for_development else "")
        if not role:
            role = "development" if signs else "production"
        starts += [start._replace(role=role) for start in found]
    only_development = {key for key, role in built.items() if role in ("development", "test")}
    return starts, only_development, _hosts(documents)


Builders = dict[tuple[str, str], tuple[str, object]]


def _builders(documents: Mapping[str, dict[str, dict[Any, Any]]]) -> Builders:
    """What builds an image that another file may run: the directory and `build`, by the image's
    name and, for a file that is laid over another one, by directory and service."""
    found: Builders = {}
    for file, services in documents.items():
        for name, service in services.items():
            if service.get("build"):
                made = parent(file), service["build"]
                found.setdefault((parent(file), name), made)
                if isinstance(service.get("image"), str):
                    found.setdefault(("image", str(service["image"])), made)
    return found


def services_of(tree: Tree, file: str) -> dict[str, dict[Any, Any]]:
    """The services of a compose file by name; {} if it is none."""
    for document in load_yaml(tree, file)[:1]:
        services = get(document, "services")
        if isinstance(services, dict):
            return {str(k): v for k, v in services.items() if isinstance(v, dict)}
    return {}


def _hosts(documents: Mapping[str, dict[str, dict[Any, Any]]]) -> frozenset[str]:
    """The names by which containers of compose files reach one another."""
    found: set[str] = set()
    for services in documents.values():
        for name, service in services.items():
            found.add(name)
            found.update(
                str(service[key]) for key in ("container_name", "hostname") if service.get(key)
            )
    return frozenset(found)


def _partial(service: dict[Any, Any]) -> bool:
    """Whether a service cannot stand alone: it only changes one of another file."""
    build = service.get("build")
    whole = isinstance(build, str) or get(build, "context") is not None
    if build is not None:
        return not whole
    return "image" not in service and "extends" not in service


def _base_services(
    file: str, documents: Mapping[str, dict[str, dict[Any, Any]]]
) -> tuple[str, dict[str, dict[Any, Any]]]:
    """The file that this one is laid over (`-f compose.yml -f this.yml`), and its services."""
    directories = dict.fromkeys((parent(file), parent(parent(file))))
    starts = [each + "/" if each else "" for each in directories]
    names = (
        "compose.yaml", "compose.yml", "docker-compose.yml", "docker-compose.yaml",
        "docker-compose.base.yml", "base.yml", "docker-compose.common.yml",
    )  # fmt: skip
    for start in starts:
        for name in names:
            if start + name in documents and start + name != file:
                return start + name, documents[start + name]
    return file, {}


def _merged(below: dict[Any, Any] | None, service: dict[Any, Any]) -> dict[Any, Any]:
    if not below:
        return service
    merged = {**below, **service}
    build = below.get("build")
    if isinstance(build, dict) and isinstance(service.get("build"), dict):
        merged["build"] = {**build, **service["build"]}
    if "environment" in below and "environment" in service:
        merged["environment"] = [*_pairs(below["environment"]), *_pairs(service["environment"])]
    return merged


def _pairs(environment: object) -> list[tuple[str, str | None, int]]:
    """The name, raw value and line of each variable, from either form."""
    found: list[tuple[str, str | None, int]] = []
    if isinstance(environment, dict):
        for name, value in environment.items():
            if not isinstance(value, (dict, list)) and name is not None:
                text = None if value is None else str(value)
                found.append((str(name), text, line_of(name)))
    elif isinstance(environment, list):
        for item in environment:
            if isinstance(item, tuple):
                found.append(item)
            elif isinstance(item, str):
                name, equals, value = item.partition("=")
                found.append((name, value if equals else None, line_of(item)))
    return found


class _Service:
    """One service, read step by step."""

    def __init__(
        self,
        tree: Tree,
        file: str,
        base: str,
        name: str,
        service: dict[Any, Any],
        services: Mapping[str, dict[Any, Any]],
        directory: str,
        builders: Builders,
    ) -> None:
        self.tree, self.file, self.base, self.name = tree, file, base, name
        self.directory = directory
        extended = get(service, "extends", "service") or get(service, "extends")
        if isinstance(extended, str) and extended in services:
            service = _merged(services[extended], service)
        self.service = service
        self.for_development = False
        self.interpolated = self.interpolation()
        self.image: Image | None = self.find_image(builders)
        self.mounts = self.find_mounts()

    def interpolation(self) -> dict[str, Variable]:
        """What `${NAME}` in the file stands for: the .env file beside it, which the host's own
        environment overrules."""
        env = f"{self.directory}/.env" if self.directory else ".env"
        if env not in self.tree.files:
            return {}
        found = read_dotenv(self.tree, env)
        return {name: each._replace(default=True) for name, each in found.items()}

    def text(self, value: object) -> str | None:
        return expand(value, self.interpolated)[0] if isinstance(value, str) else None

    def find_image(self, builders: Builders) -> Image | None:
        build, directory = self.service.get("build"), self.directory
        image = self.service.get("image")
        if build is None and isinstance(image, str):
            # Another service builds the image that this one runs, here or in another file.
            known = builders.get(("image", str(image)))
            known = known or builders.get((self.directory, self.name))
            directory, build = known if known is not None else (directory, None)
        if build is None:
            return None
        context = self.text(build if isinstance(build, str) else get(build, "context") or ".")
        place = join(directory, context) if context is not None else None
        if place is None:
            return None
        name = self.text(get(build, "dockerfile") or "Dockerfile")
        file = join(place, name) if name is not None else None
        if file is None or file not in self.tree.files:
            return None
        arguments = self.variables_of(get(build, "args"))[0]
        target = self.text(get(build, "target"))
        if target is not None and role_of_name(target) in ("development", "test"):
            self.for_development = True
        stages = read_images(self.tree, file, place, arguments, self.base)
        if target is not None:
            return stages.get(target.lower())
        return next(reversed(stages.values()), None)

    def find_mounts(self) -> tuple[Copy, ...]:
        """Files and directories of the repository that are mounted."""
        found: list[Copy] = []
        volumes = self.service.get("volumes")
        for volume in volumes if isinstance(volumes, list) else []:
            source: object
            target: object
            if isinstance(volume, dict):
                source, target = volume.get("source"), volume.get("target")
            else:
                parts = str(volume).split(":")
                source, target = parts[0], parts[1] if len(parts) > 1 else None
            if isinstance(source, str) and isinstance(target, str) and source[:1] == ".":
                path = join(self.directory, source)
                if path is not None:
                    place = Place(self.file, line_of(volume, 1))
                    found.append(Copy(target.rstrip("/") or "/", path, place))
        return tuple(found)

    def variables_of(self, environment: object) -> tuple[dict[str, Variable], set[str]]:
        """Variables, and the names that are passed on from the host if they are set there."""
        found: dict[str, Variable] = {}
        passed: set[str] = set()
        for name, raw, line in _pairs(environment):
            name = self.text(name) or name
            if raw is None:
                passed.add(name)
                continue
            value, default = expand(raw, self.interpolated)
            found[name] = Variable(name, value, Place(self.file, line), default)
        return found, passed

    def env_files(self) -> dict[str, Variable]:
        found: dict[str, Variable] = {}
        given = self.service.get("env_file")
        for item in given if isinstance(given, list) else [given]:
            path = self.text(item.get("path") if isinstance(item, dict) else item)
            file = join(self.directory, path) if path is not None else None
            if file is not None and file in self.tree.files:
                if role_of_path(self.tree.inner(file)) in ("development", "test"):
                    self.for_development = True
                found.update(read_dotenv(self.tree, file, found))
        return found

    def starts(self) -> list[Start]:
        environment, passed = self.variables_of(self.service.get("environment"))
        variables = {**self.env_files(), **environment}
        image = self.image or Image(self.file, self.directory)
        if self.mounts:
            image = image._replace(copies=image.copies + self.mounts)
        working = self.text(self.service.get("working_dir"))
        if working is not None:
            image = image._replace(workdir=working)
        known = {**image.variables, **variables}
        started = run_image(
            self.tree,
            image,
            known,
            self.command("entrypoint"),
            self.command("command"),
            find=script_finder_of(self.tree, image),
        )
        place = Place(self.file, line_of(self.service, 1))
        ours = is_ours(self.tree, image, self.base)
        placed = placed_by(self.tree, image.copies)
        if not started:
            named = SETTINGS in known
            if not (ours and self.image is not None) and not named:
                return []
            return [
                Start(
                    "compose",
                    "",
                    place,
                    known,
                    None,
                    frozenset(passed),
                    entry=place,
                    service=self.name,
                    directory=image.repository_path("."),
                    paths=python_path(image, known),
                    container=self.container(image, None),
                    placed=placed,
                )
            ]
        found = []
        for each in started:
            found.append(
                Start(
                    "compose",
                    "",
                    each.place,
                    each.variables,
                    each.launch,
                    each.unsure | passed,
                    each.sure,
                    image.repository_path(each.directory or "."),
                    python_path(image, each.variables),
                    place,
                    self.name,
                    self.container(image, each.launch),
                    placed=placed,
                )
            )
            self.notice(each.launch.server, each.launch.reload, each.variables)
        return found

    def container(self, image: Image, launch: Launch | None) -> Container | None:
        """The container of the service: its own `user` goes before that of the image."""
        found = container_of(image, launch)
        given = self.service.get("user")
        if found is None or not isinstance(given, str) or (launch and launch.user):
            return found
        user = self.text(given)
        return found._replace(
            user=user.partition(":")[0] if user else None,
            user_place=Place(self.file, line_of(given)),
        )

    def notice(self, server: str, reload: bool, variables: Mapping[str, Variable]) -> None:
        """Signs that the file is there for development: the development server, a reloading
        server, sources mounted over those of the image, settings named for development."""
        module = variables[SETTINGS].value if SETTINGS in variables else None
        mounted = (
            any(
                path == self.base
                or self.base.startswith(path + "/")
                or not path
                or (
                    path.startswith(self.base + "/") and path.count("/") == self.base.count("/") + 1
                )
                for _, path, _ in self.mounts
            )
            and "restart" not in self.service
        )
        if (
            server in RUNSERVERS
            or reload
            or mounted
            or (module is not None and role_of_module(module) in ("development", "test"))
        ):
            self.for_development = True

    def command(self, key: str) -> Command | None:
        given = self.service.get(key)
        if isinstance(given, str):
            value = expand(given, self.interpolated)[0]
            text = value if value is not None else re.sub(r"\$\{[^}]*\}", "$UNKNOWN", given)
            if not text:
                return None
            place = Place(self.file, line_of(given))
            from hardango.project.shell_syntax import tokens

            words = tuple(token.text for token in tokens(text) if token.text != "\n")
            # Compose splits the text into words and starts no shell.
            plain = tuple(_unquoted(word) for word in words)
            return Command(plain, None, place)
        if isinstance(given, list) and given:
            texts = [self.text(item) or "\0" for item in given]
            return Command(tuple(texts), None, Place(self.file, line_of(given)))
        return None


def _unquoted(word: str) -> str:
    if len(word) > 1 and word[0] == word[-1] and word[0] in "'\"":
        return word[1:-1].replace("\\" + word[0], word[0])
    return word.replace('"', "").replace("'", "")


_FOREIGN = Pattern(
    r"(^|/)(nginx|node|postgres|postgis|mysql|mariadb|redis|httpd|caddy|traefik|haproxy|rabbitmq|"
    r"memcached|elasticsearch|golang|ruby|php|openjdk|rust|certbot|mailhog|mailpit|minio)\b"
)


def is_ours(tree: Tree, image: Image, base: str) -> bool:
    """Whether an image holds the project and can run it."""
    if SETTINGS in image.variables:
        return True
    if not image.speaks_python or _FOREIGN.search(image.base.lower()):
        return False
    return any(
        source == base
        or not source
        or base.startswith(source + "/")
        or (
            source.startswith(base + "/" if base else "")
            and source in tree.directories
            and source.count("/") <= base.count("/") + bool(base) + 1
        )
        for _, source, _ in image.copies
    )


def python_path(image: Image, variables: Mapping[str, Variable]) -> tuple[str, ...]:
    """The directories of the repository that PYTHONPATH names in an image."""
    path = variables["PYTHONPATH"].value if "PYTHONPATH" in variables else None
    found = []
    for part in (path or "").split(":"):
        source = image.repository_path(part) if part else None
        if source is not None:
            found.append(source)
    return tuple(found)


def read_dockerfiles(tree: Tree, base: str, only_development: set[tuple[str, str]]) -> list[Start]:
    """What the Dockerfiles start that hold the project."""
    starts: list[Start] = []
    for file in dockerfiles(tree):
        image = deployed_stage(read_images(tree, file, base=base))
        if image is None:
            continue
        role = role_of_path(tree.inner(file))
        if not role and role_of_name(image.stage) in ("development", "test"):
            role = role_of_name(image.stage)
        started = run_image(tree, image)
        if not started and not is_ours(tree, image, base):
            continue
        if not role:
            built = (file, image.stage) in only_development
            role = "development" if built and not _serves(started) else ""
        place = Place(file, image.place.line)
        directory = image.repository_path(".")
        placed = placed_by(tree, image.copies)
        if not started:
            paths = python_path(image, image.variables)
            starts.append(
                Start(
                    "Dockerfile",
                    role or "production",
                    place,
                    image.variables,
                    directory=directory,
                    paths=paths,
                    entry=place,
                    container=container_of(image),
                    placed=placed,
                )
            )
        for each in started:
            starts.append(
                Start(
                    "Dockerfile",
                    role or "production",
                    each.place,
                    each.variables,
                    each.launch,
                    each.unsure,
                    each.sure,
                    image.repository_path(each.directory or "."),
                    python_path(image, each.variables),
                    place,
                    container=container_of(image, each.launch),
                    placed=placed,
                )
            )
    return starts


def _serves(started: list[Any]) -> bool:
    return any(each.launch.web and not each.launch.runserver for each in started)


def dockerfiles(tree: Tree) -> list[str]:
    """The Dockerfiles and Containerfiles outside examples and documentation."""
    found = []
    for file in tree.files:
        directory, _, name = file.rpartition("/")
        lower = name.lower()
        if lower.startswith(("dockerfile", "containerfile")) or lower.endswith(
            (".dockerfile", ".containerfile")
        ):
            if not lower.endswith((".dockerignore", ".md", ".txt", ".j2", ".py", ".sh")):
                if not directory or not is_aside(tree.inner(directory)):
                    found.append(file)
    return found
