"""The command line of the server that production uses, with production's options, on a port of
this machine.

Of the options all that decide what a request becomes are kept: whom it believes, what it limits,
which headers it drops. Where it listens, how many workers there are, whose process it is and where
it logs is ours: one worker, so that what lies in memory here is one, as what lies in Redis is.

https://gunicorn.org/reference/settings/, https://www.uvicorn.org/settings/,
https://hypercorn.readthedocs.io/en/latest/how_to_guides/configuring.html,
https://github.com/django/daphne, https://github.com/emmett-framework/granian
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence

from hardango.light import NamedTuple
from hardango.local.interpreter import Interpreter
from hardango.local.workplace import Workplace
from hardango.project.model import Deployment, EntryPoint, Flag

BUILT_IN = "hardango_server"

WSGI_SERVERS = frozenset(("gunicorn", "waitress-serve", "uwsgi", "mod_wsgi"))
ASGI_SERVERS = frozenset(("uvicorn", "daphne", "hypercorn"))
_PACKAGES = {
    "gunicorn": "gunicorn", "uvicorn": "uvicorn", "daphne": "daphne", "hypercorn": "hypercorn",
    "granian": "granian", "waitress-serve": "waitress", "runserver": "django",
}  # fmt: skip

BESIDE = frozenset(("systemd", "supervisor", "apache", "workflow"))
"""Kinds of files that start a server on the machine of its proxy."""

_GUNICORN = frozenset(
    "worker_class threads forwarded_allow_ips secure_scheme_headers header_map forwarder_headers "
    "limit_request_line limit_request_fields limit_request_field_size proxy_allow_ips "
    "proxy_protocol strip_header_spaces permit_unconventional_http_method "
    "permit_unconventional_http_version casefold_http_method timeout keepalive "
    "permit_obsolete_folding worker_connections preload_app preload".split()
)
_OTHERS: Mapping[str, frozenset[str]] = {
    "uvicorn": frozenset(
        "forwarded_allow_ips proxy_headers server_header date_header header interface root_path "
        "factory lifespan http loop h11_max_incomplete_event_size limit_concurrency "
        "timeout_keep_alive".split()
    ),
    "hypercorn": frozenset("root_path keep_alive server_names websocket_ping_interval".split()),
    "daphne": frozenset(
        "proxy_headers proxy_headers_host proxy_headers_port root_path server_name no_server_name "
        "http_timeout request_buffer_size".split()
    ),
    "granian": frozenset("interface url_path_prefix http loop backpressure".split()),
    "waitress-serve": frozenset(
        "trusted_proxy trusted_proxy_count trusted_proxy_headers clear_untrusted_proxy_headers "
        "log_untrusted_proxy_headers url_scheme url_prefix ident max_request_header_size "
        "max_request_body_size".split()
    ),
}
_SWITCHES = frozenset(
    "proxy_headers server_header date_header factory no_server_name clear_untrusted_proxy_headers "
    "log_untrusted_proxy_headers".split()
)


_WITHOUT_TLS = frozenset(("waitress-serve", "runserver"))


class NoTls(Exception):
    """The server cannot do what the configuration says of it; the text is a sentence."""


class Server(NamedTuple):
    """What is started: `name` the program, `argv` its command line, `said` what a reader must
    know of it; `beside` whether its proxy is on the same machine, `forwarded` extra variables."""

    name: str
    argv: tuple[str, ...]
    said: tuple[str, ...] = ()
    beside: bool = False
    variables: Mapping[str, str] = {}


class Where(NamedTuple):
    """The port of a server, and its certificate and key where it has TLS of its own."""

    port: int
    certificate: str = ""
    key: str = ""


PROXY = "127.0.0.2"
"""The address from which a proxy on another machine comes, seen from the server: of this machine,
and none that servers believe by themselves."""


def chosen(deployment: Deployment) -> EntryPoint | None:
    """What starts the web server of production, the development server only if nothing else."""
    serving = [each for each in deployment.entry_points
               if each.role == "production" and each.server is not None]  # fmt: skip
    known = {each.server for each in deployment.flags}
    serving.sort(key=lambda each: (each.server == "runserver", each.server not in known))
    served = [each for each in serving if each.server in (*_PACKAGES, "uwsgi", "mod_wsgi")]
    return served[0] if served else None


def server(
    deployment: Deployment,
    python: Interpreter,
    application: tuple[str, str],
    where: Where,
    place: Workplace,
    configuration: str = "",
) -> Server:
    """The server of production, or a built-in one where it is not known or not installed.

    `application` are the dotted WSGI and ASGI applications, "" where there is none;
    `configuration` the path of gunicorn's file in the copy.
    """
    entry = chosen(deployment)
    name = (entry.server if entry else None) or BUILT_IN
    said: list[str] = []
    if where.certificate and name in _WITHOUT_TLS:
        raise NoTls(f'{name} has no TLS of its own, as tls = "server" in the configuration says')
    package = _PACKAGES.get(name)
    if name == BUILT_IN:
        said.append("no file tells which server production uses: a built-in one stands for it")
    elif package is None or package not in python.packages:
        why = "is not run here" if package is None else f"is not installed in {python.program}"
        said.append(f"production's server {name} {why}: a built-in one stands for it")
        name = BUILT_IN
    flags = [each for each in deployment.flags if entry is not None and each.server == entry.server]
    target, interface = _target(name, flags, application)
    if not target:
        name, target = BUILT_IN, application[0]
        said.append("nothing names the application that it serves: a built-in server stands for it")
    beside = entry is not None and (entry.kind in BESIDE or _bound_here(flags))
    flags, told = _with_proxy(flags, beside)
    said += told
    variables = {}
    if entry is not None and entry.kind == "Procfile" and name in ("gunicorn", "uvicorn"):
        # Heroku's buildpack sets it.
        variables["FORWARDED_ALLOW_IPS"] = "*"
    argv = _argv(name, python, target, interface, flags, where, place, configuration)
    shown = {BUILT_IN: "a built-in server", "waitress-serve": "waitress"}.get(name, name)
    return Server(shown, argv, tuple(said), beside, variables)


def _target(name: str, flags: Sequence[Flag], application: tuple[str, str]) -> tuple[str, str]:
    """The application that a server serves, and of which kind it is."""
    wsgi, asgi = application
    told = _value(flags, "interface") or ""
    workers = _value(flags, "worker_class") or ""
    if name in ASGI_SERVERS and told != "wsgi":
        return asgi, "asgi"
    if name == "granian":
        interface = told if told in ("wsgi", "asgi", "asginl") else ("asgi" if asgi else "wsgi")
        return (wsgi if interface == "wsgi" else asgi), interface
    if name == "gunicorn" and ("uvicorn" in workers.lower() or workers == "asgi"):
        return asgi, "asgi"
    return wsgi, "wsgi"


def _value(flags: Iterable[Flag], name: str) -> str | None:
    return next((each.value for each in flags if each.name == name), None)


def _bound_here(flags: Sequence[Flag]) -> bool:
    """Whether a server listens only for its own machine: then its proxy is there, too."""
    bound = [each.value or "" for each in flags if each.name in ("bind", "host", "uds", "listen")]
    return any("127.0.0.1" in each or "localhost" in each or "unix:" in each or each.startswith("/")
               for each in bound)  # fmt: skip


def _with_proxy(flags: list[Flag], beside: bool) -> tuple[list[Flag], list[str]]:
    """The flags, with the address of the proxy of the proof where production's is named."""
    changed, said = [], []
    for each in flags:
        if each.name == "forwarded_allow_ips" and each.value and each.value != "*":
            others = [one for one in each.value.replace(" ", "").split(",")
                      if one and not one.startswith("127.") and one not in ("::1", "localhost")]  # fmt: skip
            if others and not beside:
                said.append(f"the server believes {PROXY}, the proxy of the proof, as production's "
                            f"believes {', '.join(others)} ({each.place})")  # fmt: skip
                each = each._replace(value=f"{each.value},{PROXY}")
        changed.append(each)
    return changed, said


# -- command lines ---------------------------------------------------------------------------------


def _argv(
    name: str,
    python: Interpreter,
    target: str,
    interface: str,
    flags: Sequence[Flag],
    where: Where,
    place: Workplace,
    configuration: str,
) -> tuple[str, ...]:
    port, run = str(where.port), (python.program, "-m")
    options = tuple(_options(_OTHERS.get(name, frozenset()), flags))
    tls = where.certificate
    given: tuple[str, ...]
    match name:
        case "gunicorn":
            file = place.write("gunicorn.conf.py", _gunicorn(flags, where, configuration))
            return (*run, "gunicorn", "--config", file, "--bind", f"127.0.0.1:{port}", target)
        case "uvicorn":
            given = ("--ssl-certfile", tls, "--ssl-keyfile", where.key) if tls else ()
            return (*run, "uvicorn", "--host", "127.0.0.1", "--port", port, "--no-access-log",
                    *options, *given, target)  # fmt: skip
        case "hypercorn":
            given = ("--certfile", tls, "--keyfile", where.key) if tls else ()
            prefix = "wsgi:" if interface == "wsgi" else ""
            return (*run, "hypercorn", "--bind", f"127.0.0.1:{port}", *options, *given,
                    prefix + target)  # fmt: skip
        case "daphne":
            end = f"ssl:{port}:interface=127.0.0.1:privateKey={where.key}:certKey={tls}"
            given = ("-e", end) if tls else ("-b", "127.0.0.1", "-p", port)
            return (*run, "daphne", *given, *options, target)
        case "granian":
            given = ("--ssl-certificate", tls, "--ssl-keyfile", where.key) if tls else ()
            kept = () if any(each.startswith("--interface") for each in options) else (
                "--interface", interface)  # fmt: skip
            return (*run, "granian", "--host", "127.0.0.1", "--port", port, *kept, *options,
                    *given, target)  # fmt: skip
        case "waitress-serve":
            return (*run, "waitress", f"--listen=127.0.0.1:{port}", *options, target)
        case "runserver":
            return (*run, "django", "runserver", "--noreload", "--skip-checks", f"127.0.0.1:{port}")
        case _:
            return (python.program, os.path.join(place.directory, "child", f"{BUILT_IN}.py"), port,
                    target, tls, where.key)  # fmt: skip


def _options(kept: frozenset[str], flags: Iterable[Flag]) -> Iterable[str]:
    for each in flags:
        if each.name not in kept or each.value is None:
            continue
        option = "--" + each.name.replace("_", "-")
        if each.name in _SWITCHES and each.value in ("true", "false"):
            yield option if each.value == "true" else option.replace("--", "--no-", 1)
        else:
            yield f"{option}={each.value}"


_GUNICORN_FILE = """\
# Production's own configuration, and then what a proof demands of it.
import ast
import os

{source}

_flags = {flags!r}
for _name, _text in _flags.items():
    try:
        globals()[_name] = ast.literal_eval({{"true": "True", "false": "False"}}.get(_text, _text))
    except (ValueError, SyntaxError):
        globals()[_name] = _text

workers = 1
daemon = False
pidfile = user = group = chroot = statsd_host = None
reload = False
chdir = {directory!r}
errorlog = "-"
accesslog = syslog = None
loglevel = "info"
worker_tmp_dir = None
raw_env = []
certfile = {certificate!r}
keyfile = {key!r}
for _name in ("pidfile", "user", "group", "chroot", "statsd_host", "syslog", "accesslog",
              "worker_tmp_dir", "certfile", "keyfile"):
    if globals()[_name] is None:
        del globals()[_name]
"""


def _gunicorn(flags: Sequence[Flag], where: Where, configuration: str) -> str:
    source = ""
    if configuration:
        source = (f"__file__ = {configuration!r}\n"
                  "exec(compile(open(__file__, encoding='utf-8').read(), __file__, 'exec'))\n")  # fmt: skip
    kept = {each.name: each.value for each in flags if each.name in _GUNICORN and each.value}
    if "preload" in kept:
        kept["preload_app"] = kept.pop("preload")
    return _GUNICORN_FILE.format(
        source=source, flags=kept, certificate=where.certificate or None, key=where.key or None,
        directory=os.path.dirname(configuration) if configuration else None,
    ).replace("chdir = None\n", "")  # fmt: skip
