"""Starts a local project as production would, in a place where it can do no harm.

`started` gives what a proof needs: the addresses of the site as the public would see it, the
application without a server, what the project says of itself. When the block ends, for whatever
reason, no process is left, and nothing of the project or the user was touched.

    copy of the tree ─► its own interpreter: settings, throw-away database (`child`)
                     ─► production's server ─► a proxy that ends TLS ─► requests
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import socket
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import Any

from hardango.audit import Reading
from hardango.client import Way, exchange, tls_context
from hardango.evidence import Account, Exchange, Known, Request
from hardango.light import NamedTuple
from hardango.local import databases, interpreter, nginx, servers, variables
from hardango.local.in_front import Behind, CannotFront, Fronted, in_front
from hardango.local.inside import Failed, Inside, transport
from hardango.local.processes import Confinement, Process, stop_all
from hardango.local.supervise import kernel_confines
from hardango.local.workplace import TooLarge, Workplace, workplace

_CHILD = os.path.join(os.path.dirname(__file__), "child")
_TRIES = 12
"""How many variables may turn out to be missing, one after the other."""
_SHOWN_LINES = 12
_LACKING = ("ALLOWED_HOSTS", "SECRET_KEY")
"""Settings that get a value for lack of any."""
_MIGRATING = 10
"""By how much longer than anything else all migrations of a project may take."""


class CannotStart(Exception):
    """The project does not start; `lines` are its own last words, masked."""

    def __init__(self, message: str, lines: list[str] | None = None) -> None:
        super().__init__(message)
        self.lines = lines or []


class Wish(NamedTuple):
    """What the user asked for: `python` the project's interpreter, `proxy` "nginx", "none" or ""
    for what fits, `database` the URL of a server for a throw-away database, `seconds` how long the
    project may take to start. With `served` false there is no server: only `inside` answers."""

    python: str | None = None
    proxy: str = ""
    database: str = ""
    seconds: float = 60.0
    served: bool = True


class Started(NamedTuple):
    """A running project.

    `http` and `https` are its addresses as the public has them ("https://shop.example"), "" where
    it has none; `way` how they are reached on this machine; `inside` answers requests without a
    server. `proxy` tells what stands in front, "" for nothing; `stand_in` whether that stands for
    one of production that is not here. `said` tells what is not as in production, a sentence each; `made_up` the variables
    that have an invented value, `in_admin` those whose value stands in the admin's address;
    `refused` gives what the project tried and was not allowed to.
    """

    http: str
    https: str
    way: Way
    inside: Callable[[Request], Exchange]
    server: str
    proxy: str
    stand_in: bool
    known: Known
    canary: Account | None
    mail: Callable[[], list[str]]
    said: tuple[str, ...]
    made_up: frozenset[str]
    in_admin: tuple[str, ...]
    refused: Callable[[], list[str]]
    seconds: Mapping[str, float]


class _Start:
    """One start: what is known so far, and what has to be ended."""

    def __init__(self, reading: Reading, wish: Wish, tell: Callable[[str], None]) -> None:
        self.reading, self.wish, self.tell = reading, wish, tell
        self.said: list[str] = []
        self.seconds: dict[str, float] = {}
        self.processes: list[Process] = []
        self._at = time.monotonic()

    def lap(self, name: str) -> None:
        now = time.monotonic()
        self.seconds[name] = self.seconds.get(name, 0.0) + now - self._at
        self._at = now

    def cannot(self, message: str, lines: list[str] | None = None) -> CannotStart:
        text = self.reading.masker.text
        shown = [text(each) for each in (lines or [])[-_SHOWN_LINES:]]
        return CannotStart(text(message), shown)


class Within(NamedTuple):
    """A project that is loaded and asked in its own interpreter, without a server.

    `ask(do, seconds, **given)` calls a function there, named "module.function", of a file in one
    of the folders that were given, and returns what it returns, by way of JSON; it raises Failed.
    `host` is the name under which the site is asked, `scheme_header` what makes a request one over
    HTTPS, `directory` the throw-away place, `copy` the project in it, as its root is. `said` and
    `refused` are those of `Started`.
    """

    ask: Callable[..., Any]
    host: str
    scheme_header: tuple[str, ...]
    directory: str
    copy: str
    python: interpreter.Interpreter
    said: tuple[str, ...]
    refused: Callable[[], list[str]]


@contextmanager
def started(
    reading: Reading, wish: Wish, tell: Callable[[str], None] = lambda doing: None
) -> Iterator[Started]:
    """The project, running; `tell` is told what is being done. Raises CannotStart."""
    start = _Start(reading, wish, tell)
    with _in_its_place(start) as (stack, place, python):
        yield _running(start, stack, place, python)


@contextmanager
def within(
    reading: Reading,
    wish: Wish,
    folders: Sequence[str],
    *,
    database: bool,
    tell: Callable[[str], None] = lambda doing: None,
) -> Iterator[Within]:
    """The project, loaded, where the Python files of `folders` can be called; with `database`
    there is one, made by its migrations. Raises CannotStart."""
    start = _Start(reading, wish, tell)
    with _in_its_place(start) as (stack, place, python):
        server = databases.read(wish.database) if wish.database else None
        environment = _environment(start, place, python, server, _free_port(), folders)
        tell("loading the project's settings")
        inside, loaded, given = _loaded(start, place, python, environment)
        stack.callback(inside.close)
        if database:
            tell("making a throw-away database: migrations")
            _prepare(start, inside)
        else:
            _set_up(start, inside)
        _report_changes(start, loaded, given)
        yield Within(
            inside.ask, _names(loaded)[0], tuple(loaded["scheme_header"]), place.directory,
            place.copy, python, tuple(start.said), lambda: _refused(place),
        )  # fmt: skip


@contextmanager
def _in_its_place(
    start: _Start,
) -> Iterator[tuple[ExitStack, Workplace, interpreter.Interpreter]]:
    """A copy of the project and the Python that runs it; at the end no process is left."""
    reading, wish = start.reading, start.wish
    if os.name == "nt":
        raise CannotStart(
            "a local project is started on Linux and macOS; a site is proven anywhere"
        )
    project = reading.project
    top = project.within or project.root
    try:
        python = interpreter.find(wish.python, *dict.fromkeys((project.base, top)))
        placed = {place: source for place, (source, _) in project.placed.items()}
        start.lap("interpreter")
        with ExitStack() as stack:
            place = stack.enter_context(workplace(top, placed if top == project.root else {}))
            stack.callback(lambda: stop_all(start.processes))
            start.processes.append(_keeper(place))
            start.lap("copy")
            yield stack, place, python
    except (interpreter.NoInterpreter, TooLarge, databases.BadDatabase, servers.NoTls) as error:
        raise start.cannot(str(error)) from None


def _keeper(place: Workplace) -> Process:
    return Process([], directory=place.directory, environment={}, confinement=None,
                   remove=place.directory, grace=5.0)  # fmt: skip


def _running(
    start: _Start, stack: ExitStack, place: Workplace, python: interpreter.Interpreter
) -> Started:
    port = _free_port()
    database = databases.read(start.wish.database) if start.wish.database else None
    environment = _environment(start, place, python, database, port)
    start.tell("loading the project's settings")
    inside, loaded, given = _loaded(start, place, python, environment)
    stack.callback(inside.close)
    start.tell("making a throw-away database: migrations")
    _prepare(start, inside)
    start.tell("starting its server")
    if start.wish.served:
        tls = _certificates(start, place, _names(loaded))
        serving = _serve(start, place, python, loaded, environment, port, tls)
        canary, known = _told(start, inside, place)
        _wait(start, serving.process, port, _names(loaded)[0], tls if serving.secure else None)
        fronted = _in_front(start, stack, place, serving, loaded, environment, port, tls)
        way, name = Way(fronted.addresses, ca_file=tls.authority, seconds=20.0), serving.name
    else:
        canary, known = _told(start, inside, place)
        host = _names(loaded)[0]
        fronted = Fronted(f"http://{host}", f"https://{host}", {}, "", False, ())
        way, name = Way({}), ""
    if fronted.proxy == "nginx" and nginx.find(place.copy) is None:
        # What its documentation does with uploads says nothing of production.
        known = known._replace(uploads=())
    _report_changes(start, loaded, given)
    ask = transport(inside, tuple(loaded["scheme_header"]), 20.0)
    _start_page(start, inside, ask, fronted)
    start.lap("proxy")
    return Started(
        fronted.http, fronted.https, way, ask, name, fronted.proxy, fronted.stand_in, known, canary, lambda: _mail(place),
        tuple(start.said), given,
        tuple(sorted(each for each in given if any(_part(environment.get(each)) in one
                                                   for one in known.admin))),
        lambda: _refused(place), start.seconds,
    )  # fmt: skip


def _part(value: str | None) -> str:
    """A value as it would stand in an address; what would stand in every one is left out."""
    bare = (value or "").strip("/^$")
    return bare if len(bare) > 3 else "\0"


# -- the project itself ----------------------------------------------------------------------------


def _environment(
    start: _Start,
    place: Workplace,
    python: interpreter.Interpreter,
    database: databases.Database | None,
    port: int,
    folders: Sequence[str] = (),
) -> dict[str, str]:
    """What every process of the project gets, the deployment's variables apart."""
    child = place.path("child", "")
    for folder in (_CHILD, *folders):
        for name in os.listdir(folder):
            if name.endswith(".py"):
                shutil.copy(os.path.join(folder, name), child)
    plan = {
        "directory": place.directory, "writable": [place.directory, "/dev/shm"], "ports": [port],
        "reachable": list(database.reachable) if database else [],
        "database": dict(database.settings) if database else None,
        "record": os.path.join(place.directory, "refused"), "host": variables.HOST,
        "fails": place.fails, "secret_key": secrets.token_urlsafe(48),
    }  # fmt: skip
    file = place.write("plan.json", json.dumps(plan))
    roots = [_copied(start, place, each) for each in start.reading.project.import_roots]
    return {
        "PATH": os.pathsep.join([os.path.dirname(python.program), os.defpath]),
        "HOME": os.path.join(place.directory, "home"),
        "TMPDIR": os.path.join(place.directory, "tmp"),
        "LANG": "C.UTF-8", "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONPATH": os.pathsep.join([child, *roots]), "HARDANGO_PLAN": file,
    }  # fmt: skip


def _copied(start: _Start, place: Workplace, path: str) -> str:
    project = start.reading.project
    below = os.path.relpath(path, project.within or project.root)
    return place.copy if below == "." else os.path.join(place.copy, below)


def _confinement(place: Workplace, environment: Mapping[str, str]) -> Confinement:
    with open(environment["HARDANGO_PLAN"], encoding="utf-8") as opened:
        plan = json.load(opened)
    ports = [*plan["ports"], *(port for _, port in plan["reachable"] if port)]
    return Confinement((place.directory, "/dev/shm"), tuple(ports))


def _loaded(
    start: _Start, place: Workplace, python: interpreter.Interpreter, environment: dict[str, str]
) -> tuple[Inside, dict[str, Any], frozenset[str]]:
    """The project with its settings loaded; `environment` then has the deployment's variables,
    and invented ones, whose names are the third."""
    reading = start.reading
    found = variables.variables(reading.settings, reading.environment, place.directory)
    made_up = set(found.made_up)
    environment.update(found.values)
    environment["DJANGO_SETTINGS_MODULE"] = reading.module
    configuration = reading.project.deployment.configuration
    if configuration:
        environment.setdefault("DJANGO_CONFIGURATION", configuration)
    if not kernel_confines():
        start.said.append("what C libraries do by themselves is not watched: this system has no "
                          "Landlock")  # fmt: skip
    for _ in range(_TRIES):
        inside = Inside(
            python.program, os.path.join(place.directory, "child", "hardango_inside.py"),
            directory=_copied(start, place, reading.project.base), environment=environment,
            confinement=_confinement(place, environment),
        )  # fmt: skip
        start.processes.append(inside.process)
        try:
            loaded = inside.ask("load", start.wish.seconds)
            start.lap("settings")
            made_up |= {name for name, _ in loaded["changes"] if name in _LACKING}
            return inside, loaded, frozenset(made_up)
        except Failed as error:
            inside.close()
            inside.process.stop()
            absent = variables.missing(str(error), environment)
            if absent is None:
                raise start.cannot(f"the settings do not load: {error}", error.lines) from None
            made_up.add(absent)
            environment[absent] = variables.invented(absent, "", place.directory)
    raise start.cannot("the settings do not load: too many variables are missing; give them with "
                       "--env NAME=VALUE or --env-file FILE")  # fmt: skip


def _prepare(start: _Start, inside: Inside) -> None:
    _set_up(start, inside)
    try:
        problems = inside.ask("prepare", start.wish.seconds * _MIGRATING)
    except Failed as error:
        said = f"the database cannot be prepared: {error}"
        if not start.wish.database and _wants_a_server(start.reading, error):
            said += ". Its migrations need the database of production: give a server for a "
            said += "throw-away one with --database URL"
        raise start.cannot(said, error.lines) from None
    start.said += [f"{each}: static files are not served as in production" for each in problems]
    start.lap("database")


def _set_up(start: _Start, inside: Inside) -> None:
    try:
        inside.ask("set_up", start.wish.seconds)
    except Failed as error:
        raise start.cannot(f"its apps do not load: {error}", error.lines) from None
    start.lap("apps")


def _wants_a_server(reading: Reading, error: Failed) -> bool:
    """Whether production's database is another one than SQLite, which stands for it."""
    values = [each.value for each in reading.settings["DATABASES"]]
    said = str(error).lower()
    return "unable to open" not in said and ("sqlite3" not in str(values) or "sqlite" in said)


def _told(start: _Start, inside: Inside, place: Workplace) -> tuple[Account | None, Known]:
    password = secrets.token_urlsafe(18)
    canary = None
    try:
        user = inside.ask("account", start.wish.seconds, user="hardango-canary", password=password)
        if user:
            canary = Account(user, password, "hardango-canary@hardango.invalid")
    except Failed as error:
        start.said.append(f"no account could be made to log in with: {error}")
    try:
        said = inside.ask("facts", start.wish.seconds)
    except Failed as error:
        raise start.cannot(f"its URLs do not load: {error}", error.lines) from None
    start.lap("account and routes")
    return canary, Known(
        said["session_cookie"], said["csrf_cookie"], said["login"], tuple(said["admin"]),
        said["static"], said["media"], tuple(said["paths"]), place.fails,
        tuple(said["uploads"]), said["most_bytes"],
    )  # fmt: skip


# -- the server ------------------------------------------------------------------------------------


class _Tls(NamedTuple):
    """The files of a certificate, its key and the authority that made it."""

    certificate: str
    key: str
    authority: str


def _certificates(start: _Start, place: Workplace, names: list[str]) -> _Tls:
    import trustme

    authority = trustme.CA()
    made = authority.issue_cert(*names, "127.0.0.1", "localhost")
    files = _Tls(*(place.path("tls", each) for each in ("site.pem", "site.key", "authority.pem")))
    authority.cert_pem.write_to_path(files.authority)
    made.private_key_pem.write_to_path(files.key)
    for at, each in enumerate(made.cert_chain_pems):
        each.write_to_path(files.certificate, append=at > 0)
    start.lap("certificate")
    return files


class _Serving(NamedTuple):
    """The server, whether it has TLS of its own, whether its proxy is on its machine."""

    name: str
    process: Process
    secure: bool
    beside: bool


def _serve(
    start: _Start,
    place: Workplace,
    python: interpreter.Interpreter,
    loaded: Mapping[str, Any],
    environment: Mapping[str, str],
    port: int,
    tls: _Tls,
) -> _Serving:
    deployment = start.reading.project.deployment
    secure = deployment.topology.tls == "server"
    where = servers.Where(port, tls.certificate, tls.key) if secure else servers.Where(port)
    server = servers.server(
        deployment, python, _applications(start, loaded), where, place,
        _gunicorn_file(start, place),
    )  # fmt: skip
    start.said += server.said
    process = Process(
        server.argv, directory=_copied(start, place, start.reading.project.base),
        environment={**environment, **server.variables},
        confinement=_confinement(place, environment),
    )  # fmt: skip
    start.processes.append(process)
    return _Serving(server.name, process, secure, server.beside)


def _applications(start: _Start, loaded: Mapping[str, Any]) -> tuple[str, str]:
    """The WSGI and the ASGI application as servers take them: "config.wsgi:application"."""
    found = []
    for name in ("wsgi", "asgi"):
        dotted = str(loaded[name])
        module, _, attribute = dotted.rpartition(".")
        if not module:
            module, attribute = _module_named(start, name), "application"
        found.append(f"{module}:{attribute}" if module else "")
    return found[0], found[1]


def _module_named(start: _Start, name: str) -> str:
    """The module of the wsgi.py or asgi.py that lies in the project."""
    project = start.reading.project
    files = [each.place.file for each in project.deployment.entry_points
             if each.place.file.rpartition("/")[2] == f"{name}.py"]  # fmt: skip
    package = start.reading.module.rpartition(".")[0]
    while not files and package:
        guess = package.replace(".", "/") + f"/{name}.py"
        for root in project.import_roots:
            if os.path.isfile(os.path.join(root, guess)):
                files.append(os.path.relpath(os.path.join(root, guess), project.root))
        package = package.rpartition(".")[0]
    for file in files:
        for root in project.import_roots:
            below = os.path.relpath(os.path.join(project.root, file), root)
            if not below.startswith(".."):
                return below.removesuffix(".py").replace(os.sep, ".")
    return ""


def _gunicorn_file(start: _Start, place: Workplace) -> str:
    """gunicorn's own configuration in the copy, "" if there is none."""
    project = start.reading.project
    files = [each.place.file for each in project.deployment.flags
             if each.server == "gunicorn" and each.place.file.endswith(".py")]  # fmt: skip
    for file in files:
        path = _copied(start, place, os.path.join(project.root, file))
        if os.path.isfile(path):
            return path
    return ""


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _wait(start: _Start, process: Process, port: int, host: str, tls: _Tls | None) -> None:
    """Until the server answers a request, or will not."""
    end = time.monotonic() + start.wish.seconds
    while time.monotonic() < end:
        if process.code is not None:
            raise start.cannot(f"the server ends with exit code {process.code} while it starts",
                               process.lines())  # fmt: skip
        if _answers(port, host, tls, end):
            start.lap("server")
            return
        time.sleep(0.05)
    raise start.cannot(f"the server does not answer within {start.wish.seconds:g} seconds",
                       process.lines())  # fmt: skip


def _answers(port: int, host: str, tls: _Tls | None, end: float) -> bool:
    try:
        connection = socket.create_connection(("127.0.0.1", port), 1.0)
    except OSError:
        return False
    try:
        connection.settimeout(max(0.1, min(5.0, end - time.monotonic())))
        if tls is not None:
            import ssl

            context = ssl.create_default_context(cafile=tls.authority)
            connection = context.wrap_socket(connection, server_hostname=host)
        head = f"HEAD /hardango-ready HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        connection.sendall(head.encode())
        return connection.recv(16).startswith(b"HTTP/")
    except OSError:
        return False
    finally:
        connection.close()


# -- in front of it --------------------------------------------------------------------------------


def _names(loaded: Mapping[str, Any]) -> list[str]:
    """The names of the site, that under which it is asked first: what ALLOWED_HOSTS lets in."""
    trusted = [each.partition("://")[2].partition(":")[0] for each in loaded["trusted_origins"]]
    trusted = [each for each in trusted if each and "*" not in each]
    plain = []
    for pattern in loaded["allowed_hosts"]:
        pattern = pattern.lower()
        if pattern == "*":
            plain += trusted or [variables.HOST]
        elif pattern.startswith("."):
            plain.append(pattern[1:])
        elif ":" not in pattern:
            plain.append(pattern)
    if not loaded["allowed_hosts"] and loaded["debug"]:
        return ["localhost"]  # all that Django lets in then
    names = [each for each in dict.fromkeys(plain) if "." in each and not each[-1].isdigit()]
    names.sort(key=lambda each: (each not in trusted, each.endswith(".local")))
    return names or [each for each in plain if each] or [variables.HOST]


def _in_front(
    start: _Start,
    stack: ExitStack,
    place: Workplace,
    serving: _Serving,
    loaded: Mapping[str, Any],
    environment: Mapping[str, str],
    port: int,
    tls: _Tls,
) -> Fronted:
    served = tuple(
        (url, root) for url, root in ((loaded["static_url"], loaded["static_root"]),
                                      (loaded["media_url"], loaded["media_root"]))
        if root and url.startswith("/") and url.strip("/")
    )  # fmt: skip
    behind = Behind(
        _names(loaded)[0], port, serving.secure, serving.beside,
        start.reading.project.deployment.topology, tuple(loaded["scheme_header"]),
        tls.certificate, tls.key, served, environment, place.directory, place.copy,
    )  # fmt: skip
    try:
        fronted = in_front(stack, behind, start.wish.proxy, start.processes.append)
    except CannotFront as error:
        raise start.cannot(str(error), error.lines) from None
    start.said += fronted.said
    _passes(start, fronted, tls)
    return fronted


_REACHES = 10.0
"""Seconds in which a proxy reaches its server, on a machine that has much else to do."""


def _passes(start: _Start, fronted: Fronted, tls: _Tls) -> None:
    """Raises CannotStart where what stands in front does not reach the server, so that it is not
    its error page that is proven."""
    if not fronted.proxy:
        return
    base = fronted.https or fronted.http
    headers = (("Host", base.partition("://")[2]), ("Connection", "close"))
    way = Way(fronted.addresses, tls.authority, seconds=_REACHES)
    end = time.monotonic() + _REACHES
    while True:
        answer = exchange(Request(base + "/", headers=headers), way, tls_context(way))
        if not _is_of_proxy(answer):
            return
        if time.monotonic() > end:
            raise start.cannot(f"{fronted.proxy} does not reach the server: "
                               f"{answer.error or f'it answers {answer.status}'}",
                               start.processes[-1].lines())  # fmt: skip
        time.sleep(0.2)


def _is_of_proxy(answer: Exchange) -> bool:
    """Whether there is no answer, or an error of the proxy's own: nginx writes its name below it,
    ours writes nothing."""
    if answer.response is None:
        return True
    if answer.status in (502, 504) and not answer.text:
        return True
    return answer.status in (500, 502, 503, 504) and "<center>nginx" in answer.text


def _start_page(
    start: _Start, inside: Inside, ask: Callable[[Request], Exchange], fronted: Fronted
) -> None:
    """Say why the start page fails, if it does: much of what is to be seen is then not there."""
    base = fronted.https or fronted.http
    headers = (("Host", base.partition("://")[2]), ("Accept", "text/html"))
    if ask(Request(base + "/", headers=headers)).status == 500:
        why = inside.ask("failure", start.wish.seconds) or "without an exception"
        start.said.append(f"the start page answers 500: {why}")


# -- what came of it -------------------------------------------------------------------------------


def _report_changes(start: _Start, loaded: Mapping[str, Any], made_up: frozenset[str]) -> None:
    for name, words in dict.fromkeys(map(tuple, loaded["changes"])):
        start.said.append(f"{name} {words}" if name in _LACKING else f"{name}: {words}")
    given = {name for name, _ in loaded["changes"]}
    invented = sorted(each for each in made_up if each not in _LACKING or each not in given)
    if invented:
        start.said.append(f"made up for the proof: {', '.join(invented)}")


def _mail(place: Workplace) -> list[str]:
    """The mails that were caught so far, the oldest first."""
    folder = os.path.join(place.directory, "mail")
    texts = []
    for name in sorted(os.listdir(folder)) if os.path.isdir(folder) else ():
        with open(os.path.join(folder, name), encoding="utf-8", errors="replace") as opened:
            texts += [each for each in opened.read().split("-" * 79 + "\n") if each.strip()]
    return texts


_DID = {"connect": "connect to", "write": "write", "run": "run", "listen": "listen on",
        "signal": "signal process"}  # fmt: skip


def _refused(place: Workplace) -> list[str]:
    """What the project tried and was not allowed to, a phrase each, in its order."""
    try:
        with open(os.path.join(place.directory, "refused"), encoding="utf-8") as opened:
            lines = opened.read(1_000_000).splitlines()
    except OSError:
        return []
    found: dict[str, None] = {}
    for line in lines:
        try:
            what, name = json.loads(line)
        except ValueError:
            continue
        found.setdefault(f"{_DID[what]} {name}")
    return list(found)
