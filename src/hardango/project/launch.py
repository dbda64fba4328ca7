"""What a command line starts: the server, the application that it serves, the settings module."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from hardango.light import NamedTuple
from hardango.patterns import Pattern
from hardango.project.options import read_options

UNKNOWN = "\0"
"""Stands in a word for a part that is not known."""

WEB_SERVERS = frozenset(
    "gunicorn uvicorn daphne hypercorn granian uwsgi waitress-serve mod_wsgi-express "
    "uvicorn-worker pyuwsgi gunicorn_django unitd cheroot".split()
)
RUNSERVERS = frozenset(
    "runserver runserver_plus runsslserver runserver_socketio testserver".split()
)
WORKERS = frozenset("celery dramatiq rq huey flower circusd".split())
_WORKER_COMMANDS = frozenset(
    "qcluster rqworker run_huey rundramatiq celery celeryd runworker process_tasks db_worker "
    "procrastinate runapscheduler".split()
)

_NOT_STARTED = frozenset(
    "echo printf pip pip3 apt apt-get apk yum dnf which pkill killall kill type hash cat chown "
    "chmod mkdir rm cp mv ln curl wget command supervisorctl systemctl service grep sed awk test "
    "[ [[ source . cd touch sleep pgrep ps tee find tar log info warn".split()
)
_VALUED = frozenset(
    # Options of gunicorn, uvicorn, hypercorn, daphne and granian that take the next word.
    "-b --bind -w --workers -k --worker-class -t --timeout --access-logfile --error-logfile "
    "--log-file --log-level -c --config -u --user -g --group -n --name --threads --max-requests "
    "--max-requests-jitter --graceful-timeout --keep-alive --chdir --pythonpath -e --env -p --pid "
    "--worker-tmp-dir --access-logformat --statsd-host --forwarded-allow-ips --port --host --uds "
    "--fd --interface --loop --http --ws --lifespan --log-config --env-file --root-path "
    "--limit-concurrency --backlog --limit-max-requests --timeout-keep-alive --app-dir "
    "--reload-dir --ssl-keyfile --ssl-certfile --keyfile --certfile --proxy-headers-from -e "
    "--endpoint --proxy-path --working-dir --listen --worker-connections --limit-request-line "
    "--limit-request-fields --limit-request-field_size --umask --log-config-json --paste "
    "--timeout-graceful-shutdown --runtime-threads --blocking-threads --url-path-prefix "
    "--runtime-mode --access-log-fmt --dogstatsd-tags --statsd-prefix --ws-max-size".split()
)
_PLAIN_UNLESS_TOLD = frozenset(
    "gunicorn gunicorn_django uvicorn hypercorn daphne granian waitress-serve".split()
)
"""Servers that take a request for plain HTTP unless they have a certificate, or an option says
which proxy they may believe. By default some believe one on the same machine."""

_TELLS_SCHEME = (
    "--certfile", "--keyfile", "--ssl", "--forwarded-allow-ips", "--proxy-headers", "--trusted",
    "--url-scheme", "--uds", "--unix-socket", "unix:", "127.0.0.1", "localhost", "ssl:",
    "--proxy-mode", "--proxy-protocol", "--paste",
)  # fmt: skip
_APPLICATION = Pattern(r"[A-Za-z_][\w.]*(:[\w.]+(\(.*\))?)?")


class Launch(NamedTuple):
    """What one command line starts.

    `server` is the program; `web` tells whether it answers requests, `worker` whether it works
    on a queue; `target` the application ("config.wsgi"), or a path ending in .py; `module` the
    settings module that the command line itself names; `variables` those that it sets; `chdir`
    and `paths` directories, `config` a file, as written; `options` those of the server, by name;
    `user` whom the process belongs to, if the command line changes that; `plain` is true if it
    neither gives the server a certificate nor makes it believe what a proxy says of the scheme.
    """

    server: str
    web: bool = False
    worker: bool = False
    target: str | None = None
    module: str | None = None
    configuration: str | None = None
    variables: Mapping[str, str | None] = {}
    chdir: str | None = None
    paths: tuple[str, ...] = ()
    config: str | None = None
    reload: bool = False
    options: tuple[tuple[str, str | None], ...] = ()
    user: str | None = None
    plain: bool = False

    @property
    def runserver(self) -> bool:
        """Whether it is the server for development."""
        return self.server in RUNSERVERS


def known(word: str | None) -> str | None:
    """A word, None if a part of it is not known."""
    return None if word is None or UNKNOWN in word else word


def read_command(argv: Sequence[str]) -> Launch | None:
    """What a command line starts; None if that has nothing to do with serving Django.

    Wrappers before the program (`exec`, `tini --`, `poetry run`, `newrelic-admin run-program`)
    need no list: the first word that names a server counts, unless the command is one of those
    that only mention names.
    """
    variables: dict[str, str | None] = {}
    words = list(argv)
    while words and (found := re.match(r"([A-Za-z_]\w*)=", words[0])):
        variables[found[1]] = known(words[0][found.end() :])
        words.pop(0)
    if words and base_name(words[0]) == "env":
        words.pop(0)
        while words and (words[0].startswith("-") or "=" in words[0]):
            name, equals, value = words.pop(0).partition("=")
            if equals and not name.startswith("-"):
                variables[name] = known(value)
    if not words or base_name(words[0]) in _NOT_STARTED:
        return None
    if base_name(words[0]) in ("docker", "podman", "docker-compose", "kubectl"):
        return _in_container(words, variables)
    for at, word in enumerate(words):
        name = base_name(word)
        rest = words[at + 1 :]
        if name in WEB_SERVERS:
            launch = _served(name, rest, variables)
            return launch._replace(user=_user(words[:at], launch))
        if name in ("manage.py", "django-admin", "django-admin.py") or (
            name == "django" and at and words[at - 1] == "-m"
        ):
            return _managed(rest, variables)._replace(user=_changed_user(words[:at]))
        if name in WORKERS and at < 4:
            target = _option(rest, "-A", "--app")
            return Launch(name, worker=True, target=known(target), variables=variables)
    return None


def _user(wrapper: list[str], launch: Launch) -> str | None:
    """Whom a server's process belongs to, if its command line or what starts it says so."""
    options = dict(launch.options)
    return options.get("user") or options.get("uid") or _changed_user(wrapper)


def _changed_user(wrapper: list[str]) -> str | None:
    """The user that the words before a program change to: `gosu app gunicorn`."""
    for at, word in enumerate(wrapper):
        following = wrapper[at + 1] if at + 1 < len(wrapper) else ""
        match base_name(word):
            case "gosu" | "su-exec" | "setuser":
                return known(following.partition(":")[0])
            case "chpst" | "sudo" | "runuser" | "setpriv" | "s6-setuidgid" | "start-stop-daemon":
                if base_name(word) == "s6-setuidgid":
                    return known(following)
                option = _option(wrapper[at:], "-u", "--user", "--reuid", "--chuid", "-c")
                return known(option.partition(":")[0]) if option else None
    return None


def base_name(word: str) -> str:
    return word.rstrip("/").rpartition("/")[2]


def _in_container(words: list[str], variables: dict[str, str | None]) -> Launch | None:
    """`docker run -e NAME=value`: variables of a container whose command is not known."""
    if "run" not in words:
        return None
    for at, word in enumerate(words[:-1]):
        if word in ("-e", "--env"):
            name, equals, value = words[at + 1].partition("=")
            variables[name] = known(value) if equals else None
    return Launch("docker", variables=variables) if variables else None


def _served(name: str, rest: list[str], variables: dict[str, str | None]) -> Launch:
    if name in ("uwsgi", "pyuwsgi"):
        return _uwsgi(rest, variables)
    for value in _options(rest, "-e", "--env") if name.startswith("gunicorn") else []:
        variable, equals, text = value.partition("=")
        if equals:
            variables[variable] = known(text)
    module = _option(rest, "--settings") if name == "gunicorn_django" else None
    target = _positional(rest)
    server = name.replace("gunicorn_django", "gunicorn")
    return Launch(
        server,
        web=True,
        target=target,
        module=known(module),
        variables=variables,
        chdir=known(_option(rest, "--chdir", "--app-dir", "--working-dir")),
        paths=tuple(filter(None, map(known, _options(rest, "--pythonpath")))),
        config=known(_option(rest, "-c", "--config")),
        reload="--reload" in rest,
        options=tuple((each, known(value)) for each, value in read_options(server, rest, target)),
        plain=name in _PLAIN_UNLESS_TOLD and not _tells_scheme(rest),
    )


def _tells_scheme(words: list[str]) -> bool:
    """Whether an option gives a server a certificate or a proxy to believe, or could: a word that
    is not known may be options."""
    before = ""
    for word in words:
        told = word.partition("=")[2] if word.startswith(("--bind=", "--host=")) else word
        if told.startswith(_TELLS_SCHEME):
            return True
        if word.startswith(UNKNOWN) and before not in _VALUED:
            return True
        before = word
    return False


def _uwsgi(rest: list[str], variables: dict[str, str | None]) -> Launch:
    """uwsgi takes its options as words, with or without "=", and .ini files as bare words."""
    for value in _options(rest, "--env"):
        variable, equals, text = value.partition("=")
        if equals:
            variables[variable] = known(text)
    bare = [word for word in rest if word.endswith((".ini", ".yaml", ".yml", ".xml"))]
    config = _option(rest, "--ini", "--yaml", "--yml") or (bare[0] if bare else None)
    target = _option(rest, "--module", "-w", "--wsgi", "--wsgi-file", "--file")
    return Launch(
        "uwsgi",
        web=True,
        target=_target(target),
        variables=variables,
        chdir=known(_option(rest, "--chdir")),
        paths=tuple(filter(None, map(known, _options(rest, "--pythonpath", "--pp")))),
        config=known(config.partition("=")[2] or config) if config else None,
        reload=any(word.lstrip("-").startswith("py-autoreload") for word in rest),
        options=tuple((each, known(value)) for each, value in read_options("uwsgi", rest)),
    )


def _managed(rest: list[str], variables: dict[str, str | None]) -> Launch:
    command = next((word for word in rest if not word.startswith("-")), "")
    return Launch(
        command if command in RUNSERVERS else f"manage.py {command}".strip(),
        web=command in RUNSERVERS,
        worker=command in _WORKER_COMMANDS,
        module=known(_option(rest, "--settings")),
        configuration=known(_option(rest, "--configuration")),
        variables=variables,
        paths=tuple(filter(None, map(known, _options(rest, "--pythonpath")))),
    )


def _options(words: list[str], *names: str) -> list[str]:
    """The values of an option in all its forms: `-c x`, `-cx` is not one, `--config=x`."""
    found = []
    for at, word in enumerate(words):
        if word in names and at + 1 < len(words):
            found.append(words[at + 1])
        for name in names:
            if name.startswith("--") and word.startswith(name + "="):
                found.append(word[len(name) + 1 :])
    return found


def _option(words: list[str], *names: str) -> str | None:
    found = _options(words, *names)
    return found[-1] if found else None


def _positional(words: list[str]) -> str | None:
    """The application of a server's command line: the word that is no option and no value."""
    valued = False
    for word in words:
        if valued:
            valued = False
        elif word.startswith("-"):
            valued = word in _VALUED
        elif (target := _target(word)) is not None and ("." in target or ":" in word):
            return target
    # An option that is not in the list may have swallowed it: the last word is where it stands.
    return None


def _target(word: str | None) -> str | None:
    """The module of "config.wsgi:application"; a path to a .py file stays one."""
    word = known(word)
    if word is None:
        return None
    if word.endswith(".py"):
        return word
    if not _APPLICATION.fullmatch(word):
        return None
    return word.partition(":")[0]
