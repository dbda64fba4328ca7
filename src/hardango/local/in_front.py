"""What stands in front of the server: nginx with the project's configuration, a proxy of
Hardango that ends TLS, or nothing."""

from __future__ import annotations

import os
import re
import socket
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack

from hardango.light import NamedTuple
from hardango.local import nginx
from hardango.local.front import Manner, front
from hardango.local.processes import Confinement, Process
from hardango.local.servers import PROXY
from hardango.project.model import Topology

OURS = "a proxy of Hardango"
_UNKNOWN_DIRECTIVES = 12
"""How many directives of modules that this nginx lacks are left out."""


class CannotFront(Exception):
    """nginx does not start; `lines` are its last words."""

    def __init__(self, message: str, lines: list[str]) -> None:
        super().__init__(message)
        self.lines = lines


class Behind(NamedTuple):
    """What there is to stand in front of: `host` is the site's name, `port` that of the server,
    `secure` whether it has TLS of its own, `beside` whether its proxy is on its machine;
    `believed` the header by which Django learns the scheme, with its value; `served` the URLs and
    directories of static files and media; `copy` the copy of the project."""

    host: str
    port: int
    secure: bool
    beside: bool
    topology: Topology
    believed: tuple[str, ...]
    certificate: str
    key: str
    served: tuple[tuple[str, str], ...]
    variables: Mapping[str, str]
    directory: str
    copy: str


class Fronted(NamedTuple):
    """The addresses of the site without and with TLS, "" where it has none, and where they are on
    this machine; `proxy` what stands in front, "" for nothing; `stand_in` whether that stands for
    one of production that is not here; `said` what a reader must know."""

    http: str
    https: str
    addresses: Mapping[str, tuple[str, int]]
    proxy: str
    stand_in: bool
    said: tuple[str, ...]


def in_front(
    stack: ExitStack, behind: Behind, wanted: str, keep: Callable[[Process], None]
) -> Fronted:
    """Start what stands in front; `wanted` is "nginx", "hardango", "none" or "" for what fits. It
    lasts as long as `stack`; processes are given to `keep`. Raises CannotFront."""
    http, https = f"http://{behind.host}", f"https://{behind.host}"
    if behind.secure:
        said = "the server ends TLS itself, with a certificate of the proof"
        return Fronted("", https, {https: ("127.0.0.1", behind.port)}, "", False, (said,))
    if wanted == "none" or (not wanted and behind.topology.tls == "none"):
        said = "nothing stands in front of the server: there is no TLS"
        return Fronted(http, "", {http: ("127.0.0.1", behind.port)}, "", False, (said,))
    address = "127.0.0.1" if behind.beside or not _has_many_addresses() else PROXY
    file, notes = _configuration(behind, wanted)
    if file is None and wanted != "nginx":
        return _ours(stack, behind, behind.port, address, notes)
    try:
        return _nginx(stack, behind, file, address, keep)
    except nginx.NoNginx as error:
        if wanted == "nginx":
            raise CannotFront(str(error), []) from None
        return _ours(stack, behind, behind.port, address, (f"{error}: {OURS} stands for it",))


def _configuration(behind: Behind, wanted: str) -> tuple[str | None, tuple[str, ...]]:
    """The project's configuration of nginx, if it is to be used, and why it is not."""
    if wanted == "hardango":
        return None, ()
    file = nginx.find(behind.copy)
    if nginx.program() is not None:
        return file, ()
    if wanted == "nginx":
        raise CannotFront("nginx is not installed on this machine", [])
    if file is not None:
        return None, (
            f"nginx, which {file} configures, is not installed here: {OURS} stands for it",
        )
    return None, ()


def _ours(
    stack: ExitStack, behind: Behind, upstream: int, address: str, notes: tuple[str, ...]
) -> Fronted:
    scheme = scheme_headers(behind.topology.scheme_header, behind.believed)
    manner = Manner(scheme, address, behind.topology.redirect == "proxy")
    ports = stack.enter_context(front(upstream, behind.certificate, behind.key, manner))
    told = ", ".join(name for name, _, _ in scheme)
    where = "the same machine" if address == "127.0.0.1" else "another machine"
    said = f"{OURS} ends TLS, as from {where}; it sets {told} and appends to X-Forwarded-For"
    return _reached(behind, ports.http, ports.https, OURS, True, (*notes, said))


def _reached(
    behind: Behind, http: int, https: int, proxy: str, stand_in: bool, said: tuple[str, ...]
) -> Fronted:
    plain, secure = f"http://{behind.host}", f"https://{behind.host}"
    addresses = {plain: ("127.0.0.1", http), secure: ("127.0.0.1", https)}
    return Fronted(plain, secure, addresses, proxy, stand_in, said)


# -- nginx -----------------------------------------------------------------------------------------


def _nginx(
    stack: ExitStack,
    behind: Behind,
    file: str | None,
    address: str,
    keep: Callable[[Process], None],
) -> Fronted:
    folder = os.path.join(behind.directory, "nginx")
    os.makedirs(folder, exist_ok=True)
    site = nginx.Site(
        _free_port(), _free_port(), behind.port, behind.certificate, behind.key, behind.served,
        address, {**behind.variables, "HOST": behind.host}, folder,
    )  # fmt: skip
    without: frozenset[str] = frozenset()
    for _ in range(_UNKNOWN_DIRECTIVES):
        adapted = nginx.adapted(behind.copy, file, site, without) if file else nginx.usual(site)
        process = _run(adapted, site, behind)
        keep(process)
        lines = _until_it_listens(process, site.http)
        if lines is None:
            break
        unknown = re.search(r'unknown directive "(\w+)"', "\n".join(lines))
        if unknown is None:
            raise CannotFront(f"nginx does not start with {file or 'its configuration'}", lines)
        without |= {unknown[1]}
    else:
        raise CannotFront(f"nginx knows too little of what {file} says", [])
    stack.callback(process.stop)
    said = (f"nginx runs as {file} says" if file else "nginx runs as its documentation shows",
            *adapted.said)  # fmt: skip
    if not adapted.secure:
        # It speaks plain HTTP: something ends TLS before it.
        ours = _ours(stack, behind, site.http, "127.0.0.1", said)
        return ours._replace(proxy="nginx")
    return _reached(behind, site.http, site.https, "nginx", file is None, said)


def _run(adapted: nginx.Adapted, site: nginx.Site, behind: Behind) -> Process:
    path = os.path.join(site.directory, "nginx.conf")
    with open(path, "w", encoding="utf-8") as opened:
        opened.write(adapted.text)
    program = nginx.program()
    assert program is not None
    return Process(
        [program, "-p", site.directory, "-e", "stderr", "-c", path], directory=site.directory,
        environment={"PATH": os.defpath, "LANG": "C"},
        # Port 0 is any: `proxy_bind` asks for one to come from.
        confinement=Confinement((site.directory,), (site.http, site.https, behind.port, 0)),
    )  # fmt: skip


def _until_it_listens(process: Process, port: int) -> list[str] | None:
    """None when nginx listens, its last words when it ends."""
    end = time.monotonic() + 10
    while time.monotonic() < end:
        if process.code is not None:
            return process.lines()
        try:
            socket.create_connection(("127.0.0.1", port), 1.0).close()
            return None
        except OSError:
            time.sleep(0.02)
    return process.lines()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


def _has_many_addresses() -> bool:
    """Whether all of 127.0.0.0/8 is this machine: on Linux it is."""
    try:
        with socket.create_server((PROXY, 0)):
            return True
    except OSError:
        return False


# -- how a proxy tells the scheme ------------------------------------------------------------------


def scheme_headers(said: str, believed: tuple[str, ...]) -> tuple[tuple[str, str, str], ...]:
    """The request headers by which the proxy tells the scheme, each with its value over TLS and
    without: the one that the configuration names, or the usual one and that which Django is told
    to believe."""
    if said:
        same = bool(believed) and _header(believed[0]).lower() == said.lower()
        value = believed[1] if same else "https"
        return ((said, value, _plain(value)),)
    usual = {"x-forwarded-proto": ("X-Forwarded-Proto", "https", "http")}
    if believed and believed[0].startswith("HTTP_"):
        name = _header(believed[0])
        usual[name.lower()] = (name, believed[1], _plain(believed[1]))
    return tuple(usual.values())


def _header(variable: str) -> str:
    return variable.removeprefix("HTTP_").replace("_", "-").title()


def _plain(value: str) -> str:
    return {"https": "http", "on": "off", "1": "0", "true": "false"}.get(value.lower(), "http")
