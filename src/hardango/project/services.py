"""Services of a machine: systemd units, supervisord, uWSGI and gunicorn files, Apache."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Mapping

from hardango.findings import Place
from hardango.project.dotenv import read_dotenv
from hardango.project.launch import Launch, base_name
from hardango.project.model import Flag, Variable
from hardango.project.names import is_aside, role_of_path
from hardango.project.options import file_options, flags, variable_options
from hardango.project.python_entry import Sources
from hardango.project.shell import follow_script
from hardango.project.shell_syntax import tokens
from hardango.project.starts import Start, script_finder
from hardango.project.tree import Tree, join, parent


def read_services(sources: Sources) -> list[Start]:
    """What the files of services start."""
    tree = sources.tree
    found: list[Start] = []
    for file in list(tree.files):
        directory, _, name = file.rpartition("/")
        lower = name.lower()
        aside = bool(directory) and is_aside(tree.inner(directory)) and "contrib" not in directory
        if aside or lower.endswith((".py", ".html", ".js")):
            continue
        if lower.endswith(".service"):
            found += _systemd(tree, file)
        elif lower.endswith((".conf", ".ini")):
            if "supervisor" in file.lower():
                found += _supervisor(tree, file)
            elif "uwsgi" in file.lower():
                found += _uwsgi_alone(tree, file)
            elif re.search(r"apache|httpd|vhost|wsgi", file.lower()):
                found += _apache(tree, file)
    return found


Row = tuple[str, str, str, int]


def ini_rows(text: str) -> Iterable[Row]:
    """The section, key, value and line of each row of an ini-like file, continuations joined.

    A key may come several times, which configparser refuses and these formats use.
    """
    section = ""
    rows = text.replace("\r\n", "\n").split("\n")
    at = 0
    while at < len(rows):
        number, row = at + 1, rows[at].strip()
        at += 1
        if not row or row[0] in "#;":
            continue
        if row[0] == "[":
            section = row.strip("[]").strip()
            continue
        while row.endswith("\\") and at < len(rows):
            row = row[:-1] + " " + rows[at].strip()
            at += 1
        key, equals, value = row.partition("=")
        if equals:
            yield section, key.strip(), value.strip(), number


def _systemd(tree: Tree, file: str) -> list[Start]:
    """https://www.freedesktop.org/software/systemd/man/latest/systemd.exec.html#Environment"""
    variables: dict[str, Variable] = {}
    command: tuple[str, int] | None = None
    directory: str | None = None
    for section, key, value, line in ini_rows(tree.read(file) or ""):
        if section != "Service":
            continue
        if key == "Environment":
            for token in tokens(value):
                name, equals, text = token.text.strip("\"'").partition("=")
                if equals:
                    known = None if "%" in text or "{{" in text else text
                    variables[name] = Variable(name, known, Place(file, line))
        elif key == "EnvironmentFile":
            same = [
                each
                for each in tree.named(base_name(value.lstrip("-")))
                if parent(each) in (parent(file), "")
            ]
            if len(same) == 1:
                variables = {**variables, **read_dotenv(tree, same[0])}
        elif key == "ExecStart":
            command = value.lstrip("-@+!:"), line
        elif key == "WorkingDirectory":
            directory = image_directory(tree, value)
    if command is None:
        return []
    started = follow_script(
        command[0], file, script_finder(tree, directory, ""), variables, (), command[1]
    )
    return [
        Start(
            "systemd",
            role_of_path(tree.inner(file)) or "production",
            each.place,
            each.variables,
            each.launch,
            each.unsure,
            each.sure,
            directory,
            (),
            Place(file, command[1]),
        )
        for each in started
    ]


def image_directory(tree: Tree, path: str) -> str | None:
    """The directory of the repository that an absolute path on a server most likely is: the one
    whose path the path ends with, else the root."""
    parts = path.strip("/").split("/")
    for at in range(len(parts)):
        tail = "/".join(parts[at:])
        if tail in tree.directories:
            return tail
    return ""


def _supervisor(tree: Tree, file: str) -> list[Start]:
    """https://supervisord.org/configuration.html#program-x-section-settings"""
    programs: dict[str, dict[str, tuple[str, int]]] = {}
    for section, key, value, line in ini_rows(tree.read(file) or ""):
        if section.startswith("program:") or section == "supervisord":
            programs.setdefault(section, {})[key] = value, line
    shared = programs.pop("supervisord", {})
    found: list[Start] = []
    for name, keys in programs.items():
        if "command" not in keys:
            continue
        variables: dict[str, Variable] = {}
        for source in (shared, keys):
            given, line = source.get("environment", ("", 1))
            for match in re.finditer(r"(\w+)=(\"[^\"]*\"|'[^']*'|[^,\s]*)", given):
                text = match[2].strip("\"'")
                known = None if "%(" in text else text
                variables[match[1]] = Variable(match[1], known, Place(file, line))
        command, line = keys["command"]
        directory = image_directory(tree, keys["directory"][0]) if "directory" in keys else ""
        started = follow_script(
            command, file, script_finder(tree, directory, parent(file), ""), variables, (), line
        )
        found += [
            Start(
                "supervisor",
                role_of_path(tree.inner(file)) or "production",
                each.place,
                each.variables,
                each.launch,
                each.unsure,
                each.sure,
                directory,
                (),
                Place(file, line),
                name.partition(":")[2],
            )
            for each in started
        ]
    return found


def _uwsgi_rows(text: str) -> Iterable[tuple[str, str, bool, int]]:
    """The key, value and line of each option of a uWSGI configuration, and whether the value is
    known: no variable of uWSGI stands in it, and no `if-…` around it."""
    inside = False
    for section, key, value, line in ini_rows(text):
        if section not in ("uwsgi", ""):
            continue
        if key.startswith("if-") or key == "endif":
            inside = key != "endif"
            continue
        yield key, value, not inside and "$(" not in value and "%(" not in value, line


def read_uwsgi(tree: Tree, file: str) -> tuple[Launch | None, dict[str, Variable], Place]:
    """What a uWSGI configuration serves, and the variables that it sets.

    https://uwsgi-docs.readthedocs.io/en/latest/Options.html
    """
    variables: dict[str, Variable] = {}
    target: str | None = None
    place = Place(file, 1)
    chdir: str | None = None
    paths: list[str] = []
    for key, value, known, line in _uwsgi_rows(tree.read(file) or ""):
        plain = value if known else None
        if key in ("env", "set-env"):
            name, equals, text = value.partition("=")
            if equals:
                given = text.strip() if known else None
                variables[name.strip()] = Variable(name.strip(), given, Place(file, line))
        elif key in ("module", "wsgi", "wsgi-file", "file") and plain:
            target = plain if plain.endswith(".py") else plain.partition(":")[0]
            place = Place(file, line)
        elif key == "chdir":
            chdir = plain
        elif key in ("pythonpath", "python-path", "pp") and plain:
            paths.append(plain)
    if target is None:
        return None, variables, place
    launch = Launch("uwsgi", web=True, target=target, chdir=chdir, paths=tuple(paths))
    return launch, variables, place


def _uwsgi_alone(tree: Tree, file: str) -> list[Start]:
    launch, variables, place = read_uwsgi(tree, file)
    if launch is None:
        return []
    directory = image_directory(tree, launch.chdir) if launch.chdir else parent(file)
    return [
        Start(
            "uwsgi",
            role_of_path(tree.inner(file)) or "production",
            place,
            variables,
            launch,
            directory=directory,
        )
    ]


def read_gunicorn(sources: Sources, file: str) -> tuple[str | None, dict[str, Variable]]:
    """The application and the variables that a gunicorn configuration names.

    https://docs.gunicorn.org/en/stable/settings.html#raw-env
    """
    parsed = sources.parse(file)
    target: str | None = None
    variables: dict[str, Variable] = {}
    for node in parsed.body if parsed else ():
        if not isinstance(node, ast.Assign) or not isinstance(node.targets[0], ast.Name):
            continue
        name, value = node.targets[0].id, node.value
        if name == "wsgi_app" and isinstance(value, ast.Constant):
            target = str(value.value).partition(":")[0]
        elif name == "raw_env" and isinstance(value, (ast.List, ast.Tuple)):
            for item in value.elts:
                text = item.value if isinstance(item, ast.Constant) else None
                if isinstance(text, str) and "=" in text:
                    key, _, known = text.partition("=")
                    variables[key] = Variable(key, known, Place(file, item.lineno))
    return target, variables


def _apache(tree: Tree, file: str) -> list[Start]:
    """https://modwsgi.readthedocs.io/en/master/configuration-directives/WSGIScriptAlias.html"""
    found: list[Start] = []
    for number, row in enumerate((tree.read(file) or "").split("\n"), 1):
        match = re.match(r"\s*WSGIScriptAlias\s+\S+\s+\"?([^\s\"]+\.py)", row)
        if match:
            launch = Launch("mod_wsgi", web=True, target=match[1])
            found.append(
                Start(
                    "apache",
                    role_of_path(tree.inner(file)) or "production",
                    Place(file, number),
                    {},
                    launch,
                )
            )
    return found


def with_configuration(sources: Sources, start: Start) -> Start:
    """A start with what the configuration file of its server adds, and the server's options."""
    tree, launch = sources.tree, start.launch
    if launch is None or not launch.web:
        return start
    file = None
    if launch.server in ("uwsgi", "gunicorn"):
        file = configuration_file(tree, start)
        if file is None and launch.server == "uwsgi" and start.kind == "uwsgi":
            file = start.place.file
    start = start._replace(flags=_flags(sources, start, file))
    if file is None:
        return start
    variables: Mapping[str, Variable]
    if launch.server == "uwsgi":
        configured, variables, _ = read_uwsgi(tree, file)
        if configured is not None and launch.target is None:
            launch = launch._replace(
                target=configured.target, chdir=configured.chdir, paths=configured.paths
            )
    else:
        target, variables = read_gunicorn(sources, file)
        if launch.target is None:
            launch = launch._replace(target=target)
    return start._replace(launch=launch, variables={**start.variables, **variables})


def _flags(sources: Sources, start: Start, file: str | None) -> tuple[Flag, ...]:
    """The options of a server: of its command line, then of variables, then of its file."""
    launch = start.launch
    assert launch is not None
    arguments = start.variables.get("GUNICORN_CMD_ARGS")
    text = arguments.value if arguments is not None else None
    split = [token.text for token in tokens(text or "") if token.word]
    variables = {n: each for n, each in start.variables.items() if n not in start.unsure}
    configured: Iterable[tuple[str, str | None, Place]] = ()
    if file is not None and launch.server == "gunicorn":
        parsed = sources.parse(file)
        configured = file_options(parsed, file) if parsed else ()
    elif file is not None:
        configured = [
            (key.replace("-", "_"), value if known else None, Place(file, line))
            for key, value, known, line in _uwsgi_rows(sources.tree.read(file) or "")
            if key not in ("env", "set-env")
        ]
    given = [(name, value, start.place) for name, value in launch.options]
    read = list(variable_options(launch.server, variables, split))
    if launch.server == "gunicorn":
        # FORWARDED_ALLOW_IPS is only a default there.
        default = [each for each in read if each[2] is not (arguments and arguments.place)]
        named = [each for each in read if each not in default]
        return flags(launch.server, given, named, configured, default)
    return flags(launch.server, given, read, configured)


def configuration_file(tree: Tree, start: Start) -> str | None:
    """The file of the repository that a server's `-c` or `--ini` names, or finds by itself."""
    assert start.launch is not None
    given = start.launch.config
    directory = start.directory or ""
    if given is None:
        given = "gunicorn.conf.py" if start.launch.server == "gunicorn" else None
        file = join(directory, given) if given else None
        return file if file in tree.files else None
    given = given.removeprefix("python:").removeprefix("file:")
    if not given.startswith("/"):
        file = join(directory, given)
        if file in tree.files:
            return file
    # An absolute path of the server or the image: the longest tail that is a file here.
    parts = given.strip("/").split("/")
    for at in range(len(parts)):
        tail = "/".join(parts[at:])
        if tail in tree.files:
            return tail
        if at == len(parts) - 1:
            same = tree.named(tail)
            return same[0] if len(same) == 1 else None
    return None
