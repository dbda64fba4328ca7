"""What stands in front of production's server: ends TLS, and says so in a header.

It does what the common proxies do and no more: Host as it came, X-Forwarded-Proto replaced,
X-Forwarded-For appended to, every other header as the client sent it. What a proxy would add to
answers it does not: that would prove the proxy of the proof.
"""

from __future__ import annotations

import re
import socket
import ssl
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress

from hardango.light import NamedTuple

_LARGEST_HEAD = 64 * 1024
_PIECE = 16 * 1024
_SECONDS = 30.0


class Manner(NamedTuple):
    """How a proxy tells its server of the client.

    `scheme` are the request headers that tell the scheme, each with its value over TLS and without;
    `address` is that from which it comes; `redirect` whether it sends plain HTTP to HTTPS itself.
    """

    scheme: tuple[tuple[str, str, str], ...]
    address: str = "127.0.0.1"
    redirect: bool = False


class Front(NamedTuple):
    """The ports on this machine where HTTP and HTTPS are served."""

    http: int
    https: int


@contextmanager
def front(upstream: int, certificate: str, key: str, manner: Manner) -> Iterator[Front]:
    """A proxy in front of the server at port `upstream`, until the end of the block."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    listeners = [socket.create_server(("127.0.0.1", 0), backlog=64) for _ in range(2)]
    plain, secure = listeners
    threads = [
        threading.Thread(target=_accept, args=(plain, None, upstream, manner), daemon=True),
        threading.Thread(target=_accept, args=(secure, context, upstream, manner), daemon=True),
    ]
    for thread in threads:
        thread.start()
    try:
        yield Front(plain.getsockname()[1], secure.getsockname()[1])
    finally:
        for each in listeners:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)  # wakes the thread that accepts
            each.close()
        for thread in threads:
            thread.join(1.0)


def _accept(
    listener: socket.socket, context: ssl.SSLContext | None, upstream: int, manner: Manner
) -> None:
    while True:
        try:
            connection, (host, *_) = listener.accept()
        except OSError:
            return
        arguments = (connection, host, context, upstream, manner)
        threading.Thread(target=_serve, args=arguments, daemon=True).start()


def _serve(
    connection: socket.socket,
    host: str,
    context: ssl.SSLContext | None,
    upstream: int,
    manner: Manner,
) -> None:
    try:
        connection.settimeout(_SECONDS)
        if context is not None:
            connection = context.wrap_socket(connection, server_side=True)
        head, rest = _head(connection)
        if head is None:
            connection.sendall(_answer("431 Request Header Fields Too Large"))
        elif manner.redirect and context is None:
            connection.sendall(_redirect(head))
        else:
            _relay(connection, forwarded(head, host, context is not None, manner), rest, upstream,
                   manner.address)  # fmt: skip
    except (OSError, ValueError):
        pass  # the client went away, or spoke no HTTP
    finally:
        with suppress(OSError):
            connection.close()


def _head(connection: socket.socket) -> tuple[bytes | None, bytes]:
    data = b""
    while b"\r\n\r\n" not in data:
        if len(data) > _LARGEST_HEAD:
            return None, b""
        piece = connection.recv(_PIECE)
        if not piece:
            raise ValueError("no request")
        data += piece
    head, _, rest = data.partition(b"\r\n\r\n")
    return head, rest


def forwarded(head: bytes, host: str, secure: bool, manner: Manner) -> bytes:
    """The head of a request as it goes on to the server."""
    first, *lines = head.split(b"\r\n")
    own = {name.lower().encode() for name, _, _ in manner.scheme}
    kept, before = [], []
    for line in lines:
        name = line.partition(b":")[0].strip().lower()
        if name == b"x-forwarded-for":
            before.append(line.partition(b":")[2].strip())
        elif name not in own and name not in (b"connection", b"keep-alive", b"proxy-connection"):
            kept.append(line)
    kept.append(b"X-Forwarded-For: " + b", ".join([*filter(None, before), host.encode()]))
    for header, over_tls, without in manner.scheme:
        kept.append(f"{header}: {over_tls if secure else without}".encode("latin-1"))
    kept.append(b"Connection: close")
    return b"\r\n".join([first, *kept, b"", b""])


def _relay(
    connection: socket.socket, head: bytes, rest: bytes, upstream: int, address: str
) -> None:
    try:
        server = socket.create_connection(("127.0.0.1", upstream), _SECONDS, (address, 0))
    except OSError:
        connection.sendall(_answer("502 Bad Gateway"))
        return
    with server:
        server.sendall(head + rest)
        body = threading.Thread(target=_pump, args=(connection, server), daemon=True)
        body.start()
        with suppress(OSError):
            while piece := server.recv(_PIECE):
                connection.sendall(piece)
        with suppress(OSError):
            connection.shutdown(socket.SHUT_RDWR)  # ends the other direction, too
        body.join(1.0)


def _pump(source: socket.socket, sink: socket.socket) -> None:
    with suppress(OSError, ValueError):
        while piece := source.recv(_PIECE):
            sink.sendall(piece)


def _redirect(head: bytes) -> bytes:
    text = head.decode("latin-1")
    target = text.split(" ", 2)[1]
    host = re.search(r"(?im)^host:[ \t]*([^\r\n:]+)", text)
    if host is None or not target.startswith("/"):
        return _answer("400 Bad Request")
    return _answer("301 Moved Permanently", [f"Location: https://{host[1].strip()}{target}"])


def _answer(status: str, headers: Sequence[str] = ()) -> bytes:
    lines = [f"HTTP/1.1 {status}", *headers, "Content-Length: 0", "Connection: close", "", ""]
    return "\r\n".join(lines).encode("latin-1")
