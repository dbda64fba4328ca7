"""Files that tell a platform how to start the project: its command, its variables.

Each reader knows one platform's file. A platform that builds a Dockerfile starts its command,
unless the file names another one, and lays its variables over those of the image.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping

from hardango.findings import Note, Place
from hardango.light import Any
from hardango.project.belonging import is_neighbours
from hardango.project.dockerfile import Image, container_of, run_image, script_finder_of
from hardango.project.dotenv import is_template, read_dotenv
from hardango.project.launch import Launch
from hardango.project.model import Variable
from hardango.project.names import is_aside, role_of_name, role_of_path
from hardango.project.python_entry import SETTINGS, Sources
from hardango.project.requirements import load_toml
from hardango.project.shell import Started, follow_script
from hardango.project.starts import Start, script_finder
from hardango.project.tree import Tree, join, parent
from hardango.project.yaml_text import Text, get, line_of, load_yaml


def read_platforms(sources: Sources, base: str, images: list[Image]) -> list[Start]:
    """What the files of platforms start; `images` are those that production can run, if there
    are Dockerfiles of the project."""
    tree = sources.tree
    starts: list[Start] = []
    settings = _heroku_variables(tree)
    for file in list(tree.files):
        directory, _, name = file.rpartition("/")
        reader = READERS.get(name)
        if name.startswith("Procfile"):
            reader = _procfile
        elif name.startswith("fly.") and name.endswith(".toml"):
            reader = _fly
        elif name.startswith("manifest") and name.endswith((".yml", ".yaml")):
            reader = _cloud_foundry
        elif name.startswith("app") and name.endswith((".yaml", ".yml")):
            reader = _app_yaml
        elif directory.endswith(".ebextensions") and name.endswith(".config"):
            reader = _beanstalk
        if reader is None or (directory and is_aside(tree.inner(directory))):
            continue
        if is_neighbours(tree, directory):
            continue  # it would be read with the image of this project
        read = reader(tree, file, _image_beside(images, directory))
        if name.startswith("Procfile"):
            over = settings.get(directory, {})
            read = [each._replace(variables={**over, **each.variables}) for each in read]
        starts += read
    starts += _env_files(tree)
    return _told_apart(starts)


def _image_beside(images: list[Image], directory: str) -> Image | None:
    """The image that a platform builds: of the Dockerfile beside its file, else the first."""
    beside = [each for each in images if parent(each.file) == directory]
    return next(iter(beside or images), None)


Reader = Callable[[Tree, str, "Image | None"], list[Start]]


def run_text(
    tree: Tree,
    kind: str,
    file: str,
    line: int,
    text: str,
    variables: Mapping[str, Variable],
    image: Image | None = None,
    directory: str | None = None,
    service: str = "",
) -> list[Start]:
    """What a command line of a platform's file starts, in the project's directory there."""
    directory = parent(file) if directory is None else directory
    inside = script_finder(tree, directory, "")
    in_image = script_finder_of(tree, image) if image is not None else None

    def find(word: str) -> tuple[str, str] | None:
        return inside(word) or (in_image(word) if in_image is not None else None)

    known = {**(image.variables if image is not None else {}), **variables}
    target = _make_target(tree, directory, text)
    if target is not None:
        file_of, line_of_target, text = target
        started = follow_script(text, file_of, find, known, (), line_of_target)
    else:
        started = follow_script(text, file, find, known, (), line)
    entry = Place(file, line)
    return [
        Start(
            kind,
            _role(tree, file),
            each.place,
            each.variables,
            each.launch,
            each.unsure,
            each.sure,
            directory,
            (),
            entry,
            service,
            container_of(image, each.launch) if image is not None else None,
        )
        for each in started
    ]


def _role(tree: Tree, file: str) -> str:
    return role_of_path(tree.inner(file)) or "production"


def in_container(
    tree: Tree, kind: str, entry: Place, variables: Mapping[str, Variable], image: Image | None
) -> list[Start]:
    """What the image starts with a platform's variables, or the variables alone."""
    started: list[Started] = []
    if image is not None:
        started = run_image(tree, image, {**image.variables, **variables})
    if not started:
        return (
            [Start(kind, _role(tree, entry.file), entry, variables, entry=entry)]
            if variables
            else []
        )
    assert image is not None
    return [
        Start(
            kind,
            _role(tree, entry.file),
            each.place,
            each.variables,
            each.launch,
            each.unsure,
            each.sure,
            image.repository_path(each.directory or "."),
            (),
            entry,
            container=container_of(image, each.launch),
        )
        for each in started
    ]


def _make_target(tree: Tree, directory: str, text: str) -> tuple[str, int, str] | None:
    """The recipe of a Makefile that `make run` starts."""
    found = re.fullmatch(r"\s*make\s+([\w.-]+)\s*", text)
    file = f"{directory}/Makefile" if directory else "Makefile"
    if found is None or file not in tree.files:
        return None
    rows = (tree.read(file) or "").split("\n")
    for at, row in enumerate(rows):
        if re.match(rf"{re.escape(found[1])}\s*:(?!=)", row):
            recipe = []
            for each in rows[at + 1 :]:
                if not each.startswith("\t"):
                    break
                recipe.append(each.lstrip("\t@-"))
            return file, at + 2, "\n".join(recipe)
    return None


def _procfile(tree: Tree, file: str, image: Image | None) -> list[Start]:
    """https://devcenter.heroku.com/articles/procfile"""
    found: list[Start] = []
    for number, row in enumerate((tree.read(file) or "").split("\n"), 1):
        match = re.match(r"\s*([\w-]+)\s*:\s*(\S.*)", row)
        if match and not row.lstrip().startswith("#") and match[1] != "release":
            found += run_text(
                tree, "Procfile", file, number, match[2].rstrip("\r"), {}, service=match[1]
            )
    # Platforms read the file of this very name. In another one (Procfile.windows), what only
    # starts the development server is what developers run locally.
    if file.rpartition("/")[2] != "Procfile" and all(
        each.launch and each.launch.server.startswith("run") for each in found
    ):
        found = [each._replace(role="development") for each in found]
    return found


def load_json(tree: Tree, file: str) -> Any:
    """A JSON file; None and a note if it cannot be read."""
    text = tree.read(file)
    try:
        return json.loads(text) if text is not None else None
    except (ValueError, RecursionError):
        if text is not None and "{{" not in text:
            tree.notes.append(Note("the file is not valid JSON", Place(file, 1)))
        return None


def _line(tree: Tree, file: str, name: str) -> Place:
    """The line of a quoted or bare key in JSON or TOML."""
    found = re.search(rf"(?m)[\"']?\b{re.escape(name)}\b[\"']?\s*[:=]", tree.read(file) or "")
    text = tree.read(file) or ""
    return Place(file, text.count("\n", 0, found.start()) + 1 if found else 1)


def _plain_variables(tree: Tree, file: str, given: object) -> dict[str, Variable]:
    """The variables of a JSON or TOML mapping; a value that is no text is not known."""
    found = {}
    for name, value in given.items() if isinstance(given, dict) else ():
        if isinstance(value, bool):
            value = str(value).lower()
        elif isinstance(value, (int, float)):
            value = str(value)
        known = value if isinstance(value, str) else None
        if known is not None and (known.startswith("@") or "${" in known):
            known = None
        found[str(name)] = Variable(str(name), known, _line(tree, file, str(name)))
    return found


def _heroku_variables(tree: Tree) -> dict[str, dict[str, Variable]]:
    """The variables that app.json gives a new application, by its directory.

    https://devcenter.heroku.com/articles/app-json-schema#env
    """
    found: dict[str, dict[str, Variable]] = {}
    for file in tree.named("app.json"):
        data = load_json(tree, file)
        given = data.get("env") if isinstance(data, dict) else None
        variables = {}
        for name, value in given.items() if isinstance(given, dict) else ():
            text = value.get("value") if isinstance(value, dict) else value
            # Whoever creates the application can change what is written here.
            known = text if isinstance(text, str) else None
            variables[str(name)] = Variable(
                str(name), known, _line(tree, file, str(name)), known is not None
            )
        found[parent(file)] = variables
    return found


def _app_json(tree: Tree, file: str, image: Image | None) -> list[Start]:
    """An app.json without a Procfile beside it: a container, or Dokku."""
    start = parent(file) + "/" if parent(file) else ""
    if start + "Procfile" in tree.files:
        return []
    variables = _heroku_variables(tree).get(parent(file), {})
    return [Start("app.json", _role(tree, file), Place(file, 1), variables)] if variables else []


def _heroku_yml(tree: Tree, file: str, image: Image | None) -> list[Start]:
    """https://devcenter.heroku.com/articles/build-docker-images-heroku-yml"""
    found: list[Start] = []
    for document in load_yaml(tree, file)[:1]:
        run = get(document, "run")
        for name, command in run.items() if isinstance(run, dict) else ():
            if isinstance(command, dict):
                command = get(command, "command")
                command = command[0] if isinstance(command, list) and command else command
            if isinstance(command, str):
                found += run_text(
                    tree,
                    "heroku.yml",
                    file,
                    line_of(command),
                    command,
                    {},
                    image,
                    service=str(name),
                )
    return found


def _fly(tree: Tree, file: str, image: Image | None) -> list[Start]:
    """https://fly.io/docs/reference/configuration/"""
    data = load_toml(tree, file)
    variables = _plain_variables(tree, file, data.get("env"))
    processes = data.get("processes")
    found: list[Start] = []
    for name, command in processes.items() if isinstance(processes, dict) else ():
        if isinstance(command, str) and command:
            place = _line(tree, file, str(name))
            found += run_text(
                tree, "fly.toml", file, place.line, command, variables, image, service=str(name)
            )
    return found or in_container(tree, "fly.toml", Place(file, 1), variables, image)


def _render(tree: Tree, file: str, image: Image | None) -> list[Start]:
    """https://render.com/docs/blueprint-spec"""
    found: list[Start] = []
    for document in load_yaml(tree, file)[:1]:
        groups = {}
        for group in _mappings(get(document, "envVarGroups")):
            groups[get(group, "name")] = _render_variables(file, get(group, "envVars"))
        for service in _mappings(get(document, "services")):
            if get(service, "type") in ("redis", "keyvalue", "cron"):
                continue
            variables = _render_variables(file, get(service, "envVars"))
            for each in _mappings(get(service, "envVars")):
                variables = {**groups.get(get(each, "fromGroup"), {}), **variables}
            directory = join(parent(file), get(service, "rootDir") or "") or ""
            command = get(service, "startCommand") or get(service, "dockerCommand")
            name = str(get(service, "name") or "")
            if isinstance(command, str):
                found += run_text(
                    tree,
                    "render.yaml",
                    file,
                    line_of(command),
                    command,
                    variables,
                    None,
                    directory,
                    name,
                )
            elif get(service, "runtime") == "docker" or get(service, "env") == "docker":
                found += in_container(
                    tree, "render.yaml", Place(file, line_of(service)), variables, image
                )
    return found


def _cloud_foundry(tree: Tree, file: str, image: Image | None) -> list[Start]:
    """https://docs.cloudfoundry.org/devguide/deploy-apps/manifest-attributes.html

    An application without a command starts the `web` process of the Procfile in its directory.
    """
    found: list[Start] = []
    for document in load_yaml(tree, file)[:1]:
        for application in _mappings(get(document, "applications")):
            variables = yaml_variables(file, get(application, "env"))
            variables = {
                name: each._replace(value=None) if "((" in (each.value or "") else each
                for name, each in variables.items()
            }
            path = get(application, "path")
            directory = join(parent(file), path) if isinstance(path, str) else _pushed(tree, file)
            if directory is None:
                continue
            given = get(application, "command")
            command = str(given) if isinstance(given, str) and given != "null" else ""
            line = line_of(given) if command else line_of(application)
            name = str(get(application, "name") or "")
            if not command:
                command = _web_process(tree, directory)
            started = run_text(
                tree, "manifest.yml", file, line, command, variables, None, directory, name
            )
            role = role_of_name(f"{file.rpartition('/')[2]} {name}")
            found += [each._replace(role=role) for each in started]
    return found


def _told_apart(starts: list[Start]) -> list[Start]:
    """With a manifest that is named for production, one that is named for nothing (after a
    developer, a feature) is that of another environment."""
    known = any(each.role == "production" and each.kind == "manifest.yml" for each in starts)
    plain = "staging" if known else "production"
    return [each if each.role else each._replace(role=plain) for each in starts]


def _pushed(tree: Tree, file: str) -> str:
    """The directory that `cf push` takes without a path: the one that it is called in, the
    nearest upwards with a Procfile."""
    directory = parent(file)
    while directory and f"{directory}/Procfile" not in tree.files:
        directory = parent(directory)
    return directory


def _web_process(tree: Tree, directory: str) -> str:
    file = f"{directory}/Procfile" if directory else "Procfile"
    found = re.search(r"(?m)^\s*web\s*:\s*(\S.*)$", tree.read(file) or "")
    return found[1].rstrip() if found else ""


def _mappings(value: object) -> list[dict[Any, Any]]:
    return [each for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _render_variables(file: str, given: object) -> dict[str, Variable]:
    found = {}
    for each in _mappings(given):
        name = each.get("key") or each.get("name")
        if isinstance(name, str):
            value = each.get("value")
            known = str(value) if isinstance(value, str) else None
            found[str(name)] = Variable(str(name), known, Place(file, line_of(name)))
    return found


def yaml_variables(file: str, given: object) -> dict[str, Variable]:
    """The variables of a YAML mapping of names to values."""
    found = {}
    for name, value in given.items() if isinstance(given, dict) else ():
        if isinstance(name, str) and not isinstance(value, (dict, list)):
            known = str(value) if isinstance(value, Text) else None
            if known is not None and ("${" in known or "{{" in known or "$(" in known):
                known = None
            found[str(name)] = Variable(str(name), known, Place(file, line_of(name)))
    return found


def _app_yaml(tree: Tree, file: str, image: Image | None) -> list[Start]:
    """Google App Engine's app.yaml, and DigitalOcean's .do/app.yaml.

    https://cloud.google.com/appengine/docs/standard/reference/app-yaml
    https://docs.digitalocean.com/products/app-platform/reference/app-spec/
    """
    found: list[Start] = []
    for document in load_yaml(tree, file)[:1]:
        shared = _render_variables(file, get(document, "envs"))
        for service in _mappings(get(document, "services")):
            variables = {**shared, **_render_variables(file, get(service, "envs"))}
            command = get(service, "run_command")
            directory = join("", str(get(service, "source_dir") or "").strip("/")) or ""
            if isinstance(command, str):
                found += run_text(
                    tree, "app.yaml", file, line_of(command), command, variables, None, directory
                )
        runtime = get(document, "runtime")
        if not isinstance(runtime, str) or not runtime.startswith(("python", "custom")):
            continue
        variables = yaml_variables(file, get(document, "env_variables"))
        command = get(document, "entrypoint")
        if isinstance(command, str):
            found += run_text(tree, "app.yaml", file, line_of(command), command, variables)
        elif variables:
            found.append(
                Start("app.yaml", _role(tree, file), Place(file, line_of(runtime)), variables)
            )
    return found


def _railway(tree: Tree, file: str, image: Image | None) -> list[Start]:
    """https://docs.railway.com/reference/config-as-code"""
    data = load_toml(tree, file) if file.endswith(".toml") else load_json(tree, file)
    deploy = data.get("deploy") if isinstance(data, dict) else None
    command = deploy.get("startCommand") if isinstance(deploy, dict) else None
    if not isinstance(command, str):
        return []
    place = _line(tree, file, "startCommand")
    return run_text(tree, "railway", file, place.line, command, {}, image)


def _nixpacks(tree: Tree, file: str, image: Image | None) -> list[Start]:
    """https://nixpacks.com/docs/configuration/file"""
    data = load_toml(tree, file)
    variables = _plain_variables(tree, file, data.get("variables"))
    start = data.get("start")
    command = start.get("cmd") if isinstance(start, dict) else None
    if not isinstance(command, str):
        return []
    place = _line(tree, file, "cmd")
    return run_text(tree, "nixpacks.toml", file, place.line, command, variables)


def _vercel(tree: Tree, file: str, image: Image | None) -> list[Start]:
    """https://vercel.com/docs/project-configuration"""
    data = load_json(tree, file)
    if not isinstance(data, dict):
        return []
    variables = _plain_variables(tree, file, data.get("env"))
    found = []
    for build in _mappings(data.get("builds")):
        source = build.get("src")
        if isinstance(source, str) and source.endswith(".py"):
            launch = Launch("vercel", web=True, target=source)
            found.append(
                Start(
                    "vercel.json",
                    _role(tree, file),
                    _line(tree, file, "src"),
                    variables,
                    launch,
                    directory=parent(file),
                )
            )
    if not found and variables:
        found.append(Start("vercel.json", _role(tree, file), Place(file, 1), variables))
    return found


def _zappa(tree: Tree, file: str, image: Image | None) -> list[Start]:
    """https://github.com/zappa/Zappa#advanced-settings"""
    data = load_json(tree, file)
    found = []
    for stage, given in data.items() if isinstance(data, dict) else ():
        module = given.get("django_settings") if isinstance(given, dict) else None
        if isinstance(module, str):
            place = _line(tree, file, "django_settings")
            variables = {
                **_plain_variables(tree, file, given.get("aws_environment_variables")),
                **_plain_variables(tree, file, given.get("environment_variables")),
                SETTINGS: Variable(SETTINGS, module, place),
            }
            role = role_of_path(str(stage)) or "production"
            found.append(
                Start(
                    "zappa",
                    role,
                    place,
                    variables,
                    Launch("zappa", web=True),
                    directory=parent(file),
                )
            )
    return found


def _beanstalk(tree: Tree, file: str, image: Image | None) -> list[Start]:
    """https://docs.aws.amazon.com/elasticbeanstalk/latest/dg/ebextensions-optionsettings.html"""
    variables: dict[str, Variable] = {}
    target: Text | None = None
    for document in load_yaml(tree, file)[:1]:
        options = get(document, "option_settings")
        name = "aws:elasticbeanstalk:application:environment"
        variables.update(yaml_variables(file, get(options, name)))
        given = get(options, "aws:elasticbeanstalk:container:python", "WSGIPath")
        for option in _mappings(options):
            key, value = option.get("option_name"), option.get("value")
            if option.get("namespace") == name and isinstance(key, str):
                known = str(value) if isinstance(value, str) else None
                variables[str(key)] = Variable(str(key), known, Place(file, line_of(key)))
            if key == "WSGIPath":
                given = value
        if isinstance(given, Text):
            target = given
    if target is None and not variables:
        return []
    place = Place(file, line_of(target, 1))
    launch = None
    if target is not None:
        path = target.partition(":")[0]
        launch = Launch("gunicorn", web=True, target=path)
    directory = parent(parent(file))
    return [Start(".ebextensions", "production", place, variables, launch, directory=directory)]


def _apprunner(tree: Tree, file: str, image: Image | None) -> list[Start]:
    """https://docs.aws.amazon.com/apprunner/latest/dg/config-file-ref.html"""
    found: list[Start] = []
    for document in load_yaml(tree, file)[:1]:
        command = get(document, "run", "command")
        variables = _render_variables(file, get(document, "run", "env"))
        if isinstance(command, str):
            found += run_text(tree, "apprunner.yaml", file, line_of(command), command, variables)
    return found


def _env_files(tree: Tree) -> Iterable[Start]:
    """Files of variables that are named for production: .env.production, .envs/.production/*."""
    for file in tree.files:
        name = file.rpartition("/")[2]
        inside = ".envs/" in file or "/envs/" in "/" + file
        if not (name.startswith(".env.") or name.endswith(".env") or inside):
            continue
        if (
            role_of_path(tree.inner(file)) != "production"
            or is_template(file)
            or is_aside(tree.inner(parent(file)))
        ):
            continue
        if name.endswith((".py", ".yml", ".yaml", ".md", ".sh", ".json", ".tf")):
            continue
        variables = read_dotenv(tree, file)
        if variables:
            yield Start(".env", "production", Place(file, 1), variables)


READERS: dict[str, Reader] = {
    "app.json": _app_json,
    "heroku.yml": _heroku_yml,
    "render.yaml": _render,
    "render.yml": _render,
    "railway.json": _railway,
    "railway.toml": _railway,
    "nixpacks.toml": _nixpacks,
    "vercel.json": _vercel,
    "zappa_settings.json": _zappa,
    "apprunner.yaml": _apprunner,
}
