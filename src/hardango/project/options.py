"""The options of an application server: of its command line, its configuration file and the
variables that it reads, by the names that the configuration file uses.

https://docs.gunicorn.org/en/stable/settings.html, https://www.uvicorn.org/settings/,
https://github.com/django/daphne, https://hypercorn.readthedocs.io/en/latest/how_to_guides/configuring.html,
https://uwsgi-docs.readthedocs.io/en/latest/Options.html
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Iterator, Mapping, Sequence

from hardango.findings import Place
from hardango.project.model import Flag, Variable

_SWITCHES = frozenset(
    # Options without a value: where one of another server is missing here, the word after it
    # must not be the application.
    "reload preload preload-app daemon proxy-protocol capture-output spew check-config sendfile "
    "enable-stdio-inheritance reuse-port strip-header-spaces disable-redirect-access-to-syslog "
    "suppress-ragged-eofs do-handshake-on-connect proxy-headers server-header date-header "
    "access-log use-colors factory debug print-config initgroups no-support "
    "permit-unconventional-http-method permit-unconventional-http-version "
    "casefold-http-method respawn-failed-workers master vacuum die-on-term enable-threads "
    "single-interpreter need-app lazy-apps harakiri-verbose thunder-lock "
    "disable-logging log-x-forwarded-for py-autoreload".split()
)
_VALUED = frozenset(("py-autoreload", "master", "no-sendfile"))
"""Switches that uWSGI also takes with a value."""

_SHORT: Mapping[str, Mapping[str, str]] = {
    "gunicorn": {
        "-b": "bind", "-w": "workers", "-k": "worker_class", "-t": "timeout", "-u": "user",
        "-g": "group", "-c": "config", "-n": "proc_name", "-p": "pidfile", "-e": "env", "-D": "",
    },
    "daphne": {"-b": "bind", "-p": "port", "-e": "endpoint", "-u": "unix_socket", "-t": "timeout",
               "-v": "verbosity"},
    "hypercorn": {"-b": "bind", "-c": "config", "-k": "worker_class", "-w": "workers", "-p": "pid",
                  "-u": "user", "-m": "umask", "-g": "group"},
    "uwsgi": {"-s": "socket", "-p": "processes", "-M": "", "-w": "module", "-H": "virtualenv"},
}  # fmt: skip

_NEVER_SHOWN = frozenset("env set_env raw_env keyfile_password ssl_keyfile_password".split())
"""What may hold a secret, and says nothing of the server."""


def read_options(
    server: str, words: Sequence[str], target: str | None = None
) -> Iterator[tuple[str, str]]:
    """The options of a command line with their values; a switch is "true", or "false" if it is
    `--no-…`. `target` is the application, which is no value."""
    short = _SHORT.get(server, {})
    at = 0
    while at < len(words):
        word, at = words[at], at + 1
        if not word.startswith("-") or word in ("-", "--"):
            continue
        option, equals, value = word.partition("=")
        name = short.get(option) or option.lstrip("-")
        if not equals and not option.startswith("--"):
            if option not in short and option[:2] in short:  # -w4
                name, equals, value = short[option[:2]], "=", option[2:]
            elif option not in short or not short[option]:
                continue
        following = words[at] if at < len(words) else None
        if not equals:
            if _takes(name, following, target):
                value, at = str(following), at + 1
            else:
                name, value = _switch(name)
        name = name.replace("-", "_")
        if name and name not in _NEVER_SHOWN:
            yield name, value


def _takes(name: str, following: str | None, target: str | None) -> bool:
    """Whether the next word is the value of an option."""
    if following is None or (following.startswith("-") and not following[1:].isdigit()):
        return False
    if name in _SWITCHES or (name.startswith("no-") and name[3:] in _SWITCHES):
        return name in _VALUED and following.isdigit()
    return target is None or following.partition(":")[0] != target


def _switch(name: str) -> tuple[str, str]:
    if name.startswith("no-") and name != "no-sendfile":
        return name[3:], "false"
    return name, "true"


def file_options(tree: ast.Module, file: str) -> Iterator[tuple[str, str | None, Place]]:
    """The names that a gunicorn.conf.py sets: those that it computes, or sets in some cases only,
    are not known."""
    for node in ast.walk(tree):
        if not isinstance(node, ast.Assign):
            continue
        for target in node.targets:
            if isinstance(target, ast.Name) and target.id not in _NEVER_SHOWN:
                value = _literal(node.value) if node in tree.body else None
                yield target.id, value, Place(file, node.lineno)


def _literal(node: ast.expr) -> str | None:
    try:
        value = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, MemoryError, RecursionError):
        return None
    return str(value).lower() if isinstance(value, bool) else str(value)


def variable_options(
    server: str, variables: Mapping[str, Variable], split: Sequence[str]
) -> Iterator[tuple[str, str | None, Place]]:
    """The options that a server reads from its environment; `split` are the words of
    GUNICORN_CMD_ARGS."""
    arguments = variables.get("GUNICORN_CMD_ARGS")
    if server == "gunicorn" and arguments is not None:
        for name, value in read_options(server, split):
            yield name, value, arguments.place
    prefix = server.upper() + "_"
    for name, variable in variables.items():
        # Their command lines read every option from a variable.
        if server in ("uvicorn", "granian") and name.startswith(prefix):
            option = name.removeprefix(prefix).lower()
            if option not in _NEVER_SHOWN:
                yield option, variable.value, variable.place
    allowed = variables.get("FORWARDED_ALLOW_IPS")
    if server in ("gunicorn", "uvicorn") and allowed is not None:
        yield "forwarded_allow_ips", allowed.value, allowed.place


def flags(server: str, *sources: Iterable[tuple[str, str | None, Place]]) -> tuple[Flag, ...]:
    """One flag for each name: the first source that has it wins, in it the last."""
    found: dict[str, Flag] = {}
    for source in sources:
        here = {name: Flag(server, name, value, place) for name, value, place in source}
        found = {**here, **found}
    return tuple(found.values())
