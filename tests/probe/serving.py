"""The shop under a real server, behind a proxy that ends TLS: what a probe sees of it."""

from __future__ import annotations

import contextlib
import datetime
import json
import os
import select
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import trustme
from behind_nginx import nginx

from hardango.client import Way, client
from hardango.evidence import Account
from hardango.probe.site import Site

SHOP = Path(__file__).resolve().parent / "projects" / "hardened"
HOST = "shop.example"
CANARY = Account("canary", "a-canary-of-the-mine-7", "canary@shop.example")

SERVERS = {
    "gunicorn": ("-m", "gunicorn", "--bind", "127.0.0.1:{port}", "--threads", "4", "--log-level", "error", "shop.wsgi"),
    "uvicorn": ("-m", "uvicorn", "--port", "{port}", "--log-level", "error", "--lifespan", "off",
                "--no-server-header", "shop.asgi:application"),
}  # fmt: skip


class Front(NamedTuple):
    """A proxy: what it does with what a client says of the scheme, and with the headers of answers.

    `scheme`: "set" (says the truth, drops what the client says), "append" (after the client's) or
    "pass" (believes the client). `plain`: "forward" or "close" what comes without TLS. `strip`
    is taken out of Set-Cookie; with `trace` it answers TRACE itself, with `cache` it keeps what GET gets.
    Its certificate ends in `days` and is for the name `named`. `addresses`: "set" or "append", as for the scheme; with
    `old_tls` it speaks TLS 1.0, too.
    """

    scheme: str = "set"
    drop: tuple[str, ...] = ()
    add: tuple[tuple[str, str], ...] = ()
    host: str = ""
    plain: str = "forward"
    forwarded_host: bool = False
    strip: str = ""
    days: int | None = None
    named: str = HOST
    addresses: str = "set"
    old_tls: bool = False
    trace: bool = False
    cache: bool = False


class Ground(NamedTuple):
    """What is made once: a database with the canary, and a certificate authority."""

    folder: Path
    database: Path
    authority: trustme.CA
    ca_file: Path


def ground(folder: Path, python: str = sys.executable) -> Ground:
    authority = trustme.CA()
    ca_file = folder / "ca.pem"
    authority.cert_pem.write_to_path(str(ca_file))
    database = folder / "template.sqlite3"
    environ = environment({}, database, folder)
    run = [python, str(SHOP / "manage.py")]
    subprocess.run([*run, "migrate", "-v", "0"], env=environ, check=True, cwd=SHOP)
    subprocess.run(
        [*run, "createsuperuser", "--noinput", "--username", CANARY.user, "--email", "canary@shop.example"],
        env={**environ, "DJANGO_SUPERUSER_PASSWORD": CANARY.password}, check=True, cwd=SHOP,
        stdout=subprocess.DEVNULL,
    )  # fmt: skip
    return Ground(folder, database, authority, ca_file)


def environment(changes: dict[str, Any], database: Path, folder: Path) -> dict[str, str]:
    return {
        **os.environ, "SECRET_KEY": "k" * 60 + "of-the-tests-only-27", "SHOP_DATABASE": str(database),
        "SHOP_MAIL": str(folder / "mail"), "SHOP_CHANGES": json.dumps(changes),
        "PYTHONDONTWRITEBYTECODE": "1", "PYTHONWARNINGS": "ignore",
    }  # fmt: skip


def free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextlib.contextmanager
def served(
    base: Ground,
    changes: dict[str, Any] | None = None,
    *,
    server: str = "gunicorn",
    front: Front = Front(),  # noqa: B008
    arguments: tuple[str, ...] = (),
    environ: dict[str, str] | None = None,
    proxy: str = "ours",
    python: str = sys.executable,
    **site: Any,
) -> Iterator[Site]:
    """The shop with `changes`, as a site at a URL; the server is gone afterwards."""
    folder = base.folder / f"run-{time.monotonic_ns()}"
    (folder / "mail").mkdir(parents=True)
    database = folder / "shop.sqlite3"
    shutil.copy(base.database, database)
    port = free_port()
    words = [each.format(port=port) for each in SERVERS[server]]
    words[-1:-1] = arguments
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(
            [python, *words], cwd=SHOP, start_new_session=True,
            env={**environment(changes or {}, database, folder), **(environ or {})},
            stdout=subprocess.DEVNULL, stderr=log,
        )  # fmt: skip
    try:
        wait(port, process, folder / "log")
        certificate = issued(base.authority, front)
        if proxy == "nginx":
            chain = b"".join(each.bytes() for each in certificate.cert_chain_pems)
            key = certificate.private_key_pem.bytes()
            standing = nginx(port, chain, key, front, folder / "nginx")
        else:
            standing = fronted(port, certificate, front)
        with standing as ports:
            yield site_at(base, *ports, mail=lambda: mails(folder / "mail"), **site)
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def site_at(base: Ground, tls: int, plain: int, **site: Any) -> Site:
    way = Way(
        {f"https://{HOST}": ("127.0.0.1", tls), f"http://{HOST}": ("127.0.0.1", plain)},
        ca_file=str(base.ca_file),
    )
    made = Site(f"https://{HOST}", client(way), http=f"http://{HOST}", **{"budget": 200, **site})
    made.memory["ports"] = (tls, plain)
    return made


def arguments_for(base: Ground, site: Site) -> list[str]:
    """The command line that asks the same site."""
    tls, plain = site.memory["ports"]  # type: ignore[misc]
    return [f"https://{HOST}", "--ca", str(base.ca_file), "--address", f"https=127.0.0.1:{tls}",
            "--address", f"http=127.0.0.1:{plain}"]  # fmt: skip


def mails(folder: Path) -> list[str]:
    return [each.read_text(encoding="utf-8") for each in sorted(folder.iterdir())]


def wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        if process.poll() is not None:
            break
        time.sleep(0.05)
    raise AssertionError(f"the server does not start: {log.read_text()[-2000:]}")


# -- the proxy -------------------------------------------------------------------------------------


def issued(authority: trustme.CA, front: Front) -> trustme.LeafCert:
    today = datetime.datetime.now(datetime.UTC)
    ends = today + datetime.timedelta(days=front.days, hours=1) if front.days is not None else None
    began = min(today, ends) - datetime.timedelta(days=30) if ends else None
    return authority.issue_cert(front.named, not_before=began, not_after=ends)


@contextlib.contextmanager
def fronted(
    upstream: int, certificate: trustme.LeafCert, front: Front
) -> Iterator[tuple[int, int]]:
    """A proxy in front of a port; its own ports with and without TLS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    if front.old_tls:
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.set_ciphers("ALL:@SECLEVEL=0")
    certificate.configure_cert(context)
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(2)]
    for listener, secure in zip(listeners, (context, None), strict=True):
        threading.Thread(
            target=accepting, args=(listener, secure, upstream, front), daemon=True
        ).start()
    try:
        yield listeners[0].getsockname()[1], listeners[1].getsockname()[1]
    finally:
        for listener in listeners:
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()


def accepting(
    listener: socket.socket, secure: ssl.SSLContext | None, upstream: int, front: Front
) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(
            target=forwarded, args=(connection, secure, upstream, front), daemon=True
        ).start()


def forwarded(
    connection: socket.socket, secure: ssl.SSLContext | None, upstream: int, front: Front
) -> None:
    with contextlib.suppress(OSError), connection:
        if secure is None and front.plain == "close":
            return
        client_side = secure.wrap_socket(connection, server_side=True) if secure else connection
        with client_side, socket.create_connection(("127.0.0.1", upstream)) as server_side:
            head, body = read_head(client_side)
            if front.trace and head.startswith(b"TRACE "):
                client_side.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: message/http\r\n\r\n" + head)
                return
            hosts = [line for line in head.split(b"\r\n") if line.lower().startswith(b"host:")]
            key = (upstream, head.partition(b"\r\n")[0], b"".join(hosts), secure is not None)
            if front.cache and key in KEPT:
                client_side.sendall(KEPT[key])
                return
            missing = length(head) - len(body)
            with contextlib.suppress(OSError):  # it may answer before it has read everything
                server_side.sendall(asked(head, front, "https" if secure else "http"))
                server_side.sendall(body)
                while missing > 0 and not select.select([server_side], [], [], 0)[0]:
                    piece = client_side.recv(65536)
                    server_side.sendall(piece)
                    missing -= len(piece) or missing
            head, body = read_head(server_side)
            answer = answered(head, front) + body
            client_side.sendall(answer)
            with contextlib.suppress(ConnectionResetError):
                while piece := server_side.recv(65536):
                    client_side.sendall(piece)
                    answer += piece
            if key[1].startswith(b"GET ") and b" 200 " in answer[:20]:
                KEPT[key] = answer


def read_head(connection: socket.socket) -> tuple[bytes, bytes]:
    held = b""
    while b"\r\n\r\n" not in held:
        piece = connection.recv(65536)
        if not piece:
            raise OSError
        held += piece
    head, _, body = held.partition(b"\r\n\r\n")
    return head, body


def length(head: bytes) -> int:
    found = [line for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    return int(found[0].partition(b":")[2]) if found else 0


KEPT: dict[tuple[int, bytes, bytes, bool], bytes] = {}
"""What a proxy with a cache has seen, by its upstream and the request line."""

SAID = (b"x-forwarded-", b"x_forwarded_", b"x-scheme", b"front-end-https", b"forwarded")


def asked(head: bytes, front: Front, scheme: str) -> bytes:
    first, *lines = head.split(b"\r\n")
    said = [line for line in lines if line.lower().startswith(b"x-forwarded-proto:")]
    theirs = b", ".join(line.partition(b":")[2].strip() for line in said)
    # One request for each connection: who asked for another one is told so by the server.
    kept = [line for line in lines if not line.lower().startswith((*SAID, b"connection:"))]
    kept.append(b"Connection: close")
    if front.forwarded_host:
        kept += [line for line in lines if line.lower().startswith(b"x-forwarded-host:")]
    ours = scheme.encode()
    if front.scheme == "append" and theirs:
        ours = theirs + b"," + ours
    elif front.scheme == "pass" and theirs:
        ours = theirs
    if front.scheme != "none":
        kept.append(b"X-Forwarded-Proto: " + ours)
    if front.host:
        kept = [line for line in kept if not line.lower().startswith(b"host:")]
        kept.append(b"Host: " + front.host.encode())
    theirs = [
        line.partition(b":")[2].strip()
        for line in lines
        if line.lower().startswith(b"x-forwarded-for:")
    ]
    known = b", ".join([*(theirs if front.addresses == "append" else ()), b"127.0.0.1"])
    kept.append(b"X-Forwarded-For: " + known)
    return b"\r\n".join([first, *kept, b"", b""])


def answered(head: bytes, front: Front) -> bytes:
    first, *lines = head.split(b"\r\n")
    gone = tuple(f"{name.lower()}:".encode() for name in front.drop)
    kept = [line for line in lines if not (gone and line.lower().startswith(gone))]
    if front.strip:
        kept = [line.replace(front.strip.encode(), b"") if line.lower().startswith(b"set-cookie:") else line
                for line in kept]  # fmt: skip
    kept += [f"{name}: {value}".encode() for name, value in front.add]
    return b"\r\n".join([first, *kept, b"", b""])
