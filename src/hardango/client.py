"""One request over a socket, byte for byte as asked for, and what came back.

No library stands between: a probe sends what browsers and their libraries refuse to (two hosts,
`X_Forwarded_Proto`, an absolute target), and must see what came back as it is (a header twice).
Everything is bounded: the time of the whole exchange, the size of head and body, also after
decompression. Whatever the other side does, the result is an `Exchange`.
"""

from __future__ import annotations

import socket
import ssl
import time
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress

from hardango.evidence import Exchange, Request, Response, Tls
from hardango.light import NamedTuple

SECONDS = 10.0
LARGEST_HEAD = 64 * 1024
LARGEST_BODY = 512 * 1024
MOST_INTERIM = 20
_PIECE = 16 * 1024
_SENT = 64 * 1024


class Way(NamedTuple):
    """How to reach a site.

    `addresses` gives, for an origin ("https://shop.example"), the address and port to connect to;
    an origin that isn't in it is never asked. `ca_file` is what its certificates are verified
    with, "" for the system's; without `verify` they are looked at and not trusted.
    """

    addresses: Mapping[str, tuple[str, int]]
    ca_file: str = ""
    verify: bool = True
    seconds: float = SECONDS


class _Failed(Exception):
    """There is no answer: a word and a sentence."""

    def __init__(self, failure: str, error: str) -> None:
        super().__init__(error)
        self.failure = failure


def client(way: Way) -> Callable[[Request], Exchange]:
    """A function that sends requests that `way`."""
    context = tls_context(way)
    problems: dict[str, str] = {}

    def send(request: Request) -> Exchange:
        done = exchange(request, way, context)
        if way.verify or done.tls is None:
            return done
        if request.origin not in problems:
            problems[request.origin] = _problem(request, way)
        return done._replace(tls=done.tls._replace(problem=problems[request.origin]))

    return send


def _problem(request: Request, way: Way) -> str:
    """Why the certificate of a site that is looked at all the same does not verify; "" if it does."""
    context = tls_context(way._replace(verify=True))
    try:
        with _connected(way.addresses[request.origin], time.monotonic() + way.seconds) as raw:
            _wrapped(raw, context, request).close()
    except ssl.SSLCertVerificationError as error:
        return error.verify_message
    except OSError as error:
        return _said(error, way.seconds)[0]
    return ""


def tls_context(way: Way) -> ssl.SSLContext:
    """Raises OSError where the CA file cannot be read."""
    context = ssl.create_default_context(cafile=way.ca_file or None)
    if not way.verify:
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    context.set_alpn_protocols(["http/1.1"])
    return context


def old_tls() -> ssl.SSLContext:
    """Offers TLS 1.0 and 1.1 only, which nobody should take; nothing is trusted that way."""
    import warnings

    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
    with suppress(ssl.SSLError):
        context.set_ciphers("ALL:@SECLEVEL=0")
    return context


def exchange(request: Request, way: Way, context: ssl.SSLContext) -> Exchange:
    """Send `request`; never raises for what the other side does."""
    end = time.monotonic() + way.seconds
    tls: Tls | None = None
    try:
        address = way.addresses.get(request.origin)
        if address is None:
            raise _Failed("address", f"{request.origin} is not the site that was named")
        with _connected(address, end) as raw:
            connection = raw
            if request.secure:
                connection = _wrapped(raw, old_tls() if request.tls else context, request)
                tls = handshake(connection)
            with connection:
                response = _spoken(connection, request, end)
        return Exchange(request, response, tls=tls)
    except _Failed as why:
        return Exchange(request, None, str(why), why.failure, tls)
    except OSError as error:
        return Exchange(request, None, *_said(error, way.seconds), tls)


def _connected(address: tuple[str, int], end: float) -> socket.socket:
    connection = socket.create_connection(address, timeout=max(0.1, end - time.monotonic()))
    with suppress(OSError):
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return connection


def _wrapped(raw: socket.socket, context: ssl.SSLContext, request: Request) -> ssl.SSLSocket:
    host = request.origin.partition("://")[2]
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    return context.wrap_socket(raw, server_hostname=name)


def handshake(connection: object) -> Tls | None:
    """What the handshake of a TLS connection showed."""
    if not isinstance(connection, ssl.SSLSocket):
        return None
    found: dict[str, object] = {**(connection.getpeercert() or {})}
    cipher = connection.cipher()
    until = found.get("notAfter")
    return Tls(
        version=(connection.version() or "").replace("TLSv", "TLS "),
        cipher=cipher[0] if cipher else "",
        subject=_name(found.get("subject"), "commonName"),
        issuer=_name(found.get("issuer"), "organizationName") or _name(found.get("issuer"), "commonName"),
        names=tuple(value for _, value in _pairs(found.get("subjectAltName"))),
        until=ssl.cert_time_to_seconds(until) if isinstance(until, str) else 0.0,
    )  # fmt: skip


def _pairs(value: object) -> tuple[tuple[str, str], ...]:
    return value if isinstance(value, tuple) else ()


def _name(value: object, part: str) -> str:
    parts = value if isinstance(value, tuple) else ()
    return next((said for each in parts for key, said in each if key == part), "")


# -- the wire --------------------------------------------------------------------------------------


def bytes_of(request: Request) -> bytes:
    """The request as it goes over the wire."""
    lines = [f"{request.method} {request.target or request.path} HTTP/{request.version}"]
    lines += [f"{name}: {value}" for name, value in request.headers]
    return "\r\n".join([*lines, "", ""]).encode("latin-1", "replace") + request.body


def _spoken(connection: socket.socket, request: Request, end: float) -> Response:
    began = time.monotonic()
    wire = _Wire(connection, end)
    _send(connection, bytes_of(request), wire)
    head = wire.head()
    for _ in range(MOST_INTERIM):
        if head.status not in (100, 102, 103):
            break
        head = wire.head()
    else:
        raise _Failed("nonsense", "it goes on without an answer")
    body, cut = b"", False
    endless = head.kind == "text/event-stream"
    if request.method != "HEAD" and head.status not in (204, 304) and not endless:
        body, cut = _body(wire, head)
    return head._replace(body=body, cut=cut, seconds=time.monotonic() - began)


def _send(connection: socket.socket, data: bytes, wire: _Wire) -> None:
    """All of `data`, or as much as the other side wants before it answers."""
    try:
        for at in range(0, len(data), _SENT):
            if at and wire.answered():
                return
            connection.settimeout(wire.left())
            connection.sendall(data[at : at + _SENT])
    except (BrokenPipeError, ConnectionResetError, ssl.SSLEOFError):
        pass  # It may have answered before it has read everything.


class _Wire:
    """Reads from a connection until `end`, a time of `time.monotonic`."""

    def __init__(self, connection: socket.socket, end: float) -> None:
        self._connection = connection
        self._end = end
        self._held = b""
        self.closed = False

    def left(self) -> float:
        """The seconds that are left; raises if there are none."""
        left = self._end - time.monotonic()
        if left <= 0:
            raise TimeoutError
        return left

    def answered(self) -> bool:
        """Whether something is there already; TLS has words of its own, which are no answer."""
        self._connection.settimeout(0)
        try:
            return self.more_now()
        except (BlockingIOError, ssl.SSLWantReadError):
            return False

    def more(self) -> bool:
        """Read a piece; False at the end."""
        self._connection.settimeout(self.left())
        return self.more_now()

    def more_now(self) -> bool:
        try:
            piece = self._connection.recv(_PIECE)
        except (ssl.SSLEOFError, ssl.SSLZeroReturnError):
            piece = b""
        self._held += piece
        self.closed = not piece
        return bool(piece)

    def head(self) -> Response:
        """Status line and headers."""
        while (found := _end_of_head(self._held)) is None:
            if len(self._held) > LARGEST_HEAD:
                raise _Failed("nonsense", f"the headers are larger than {LARGEST_HEAD // 1024} kB")
            if not self.more():
                if self._held:
                    raise _Failed("nonsense", "the connection was closed within the headers")
                raise _Failed("reset", "the connection was closed without an answer")
        size, width = found
        if size > LARGEST_HEAD:
            raise _Failed("nonsense", f"the headers are larger than {LARGEST_HEAD // 1024} kB")
        head, self._held = self._held[:size], self._held[size + width :]
        return parsed(head)

    def some(self) -> bytes:
        """What is there, or what comes next; b"" at the end."""
        if not self._held:
            self.more()
        taken, self._held = self._held, b""
        return taken

    def exactly(self, size: int) -> Iterator[bytes]:
        """The next `size` bytes in pieces."""
        while size > 0:
            piece = self.some()
            if not piece:
                raise _Failed("nonsense", "the connection was closed within the answer")
            self._held = piece[size:] + self._held
            yield piece[:size]
            size -= len(piece[:size])

    def line(self) -> bytes:
        while b"\n" not in self._held:
            if len(self._held) > 4096 or not self.more():
                raise _Failed("nonsense", "the answer is not in chunks, as it says")
        line, _, self._held = self._held.partition(b"\n")
        return line.rstrip(b"\r")


def _end_of_head(data: bytes) -> tuple[int, int] | None:
    """Where the empty line stands, and how wide it is."""
    ends = [(at, len(mark)) for mark in (b"\r\n\r\n", b"\n\n") if (at := data.find(mark)) >= 0]
    return min(ends, default=None)


def parsed(head: bytes) -> Response:
    """Status line and headers; raises _Failed for what isn't HTTP."""
    first, *rest = head.decode("latin-1").replace("\r\n", "\n").split("\n")
    version, _, said = first.partition(" ")
    status, _, reason = said.strip().partition(" ")
    if not version.startswith("HTTP/") or not status.isdecimal() or not 100 <= int(status) <= 999:
        raise _Failed("nonsense", "what came back is not HTTP")
    headers: list[tuple[str, str]] = []
    for line in rest:
        if line[:1] in " \t" and headers:  # a folded header goes on
            name, value = headers[-1]
            headers[-1] = (name, f"{value} {line.strip()}")
            continue
        name, colon, value = line.partition(":")
        if colon:
            headers.append((name.strip(), value.strip()))
    return Response(int(status), reason.strip(), tuple(headers), version=version[5:])


def _body(wire: _Wire, head: Response) -> tuple[bytes, bool]:
    """The body, decoded, and whether it was cut. What came before a timeout is kept."""
    encoding = head.get("Content-Encoding").strip().lower()
    decoder = zlib.decompressobj(47) if encoding in ("gzip", "x-gzip", "deflate") else None
    whole = bytearray()
    try:
        for piece in _pieces(wire, head):
            if decoder is None:
                whole += piece
            else:
                whole += decoder.decompress(piece, LARGEST_BODY + 1 - len(whole))
            if len(whole) > LARGEST_BODY:
                return bytes(whole[:LARGEST_BODY]), True
    except zlib.error:
        raise _Failed("nonsense", f"the body is not {encoding}, as it says") from None
    except (TimeoutError, ConnectionResetError):
        if not whole:
            raise
        return bytes(whole), True
    return bytes(whole), False


def _pieces(wire: _Wire, head: Response) -> Iterator[bytes]:
    """The body as it comes, RFC 9112 §6.3."""
    if "chunked" in head.get("Transfer-Encoding").lower():
        yield from _chunks(wire)
        return
    length = head.get("Content-Length").strip()
    if length:
        if not length.isdecimal():
            raise _Failed("nonsense", "Content-Length is not a number")
        yield from wire.exactly(int(length[:18]))
        return
    while piece := wire.some():
        yield piece


def _chunks(wire: _Wire) -> Iterator[bytes]:
    while True:
        said = wire.line().partition(b";")[0].strip()
        try:
            size = int(said, 16) if len(said) < 16 and said.isalnum() else -1
        except ValueError:
            size = -1
        if size < 0:
            raise _Failed("nonsense", "the answer is not in chunks, as it says")
        if size == 0:
            return
        yield from wire.exactly(size)
        wire.line()


def _said(error: OSError, seconds: float) -> tuple[str, str]:
    """A sentence and a word for what went wrong."""
    if isinstance(error, TimeoutError):
        return f"it took longer than {seconds:g} seconds", "timeout"
    if isinstance(error, ssl.SSLCertVerificationError):
        return f"the certificate does not verify: {error.verify_message}", "tls"
    if isinstance(error, ssl.SSLError):
        reason = (error.reason or "").replace("_", " ").lower()
        return f"no TLS connection: {reason or 'the handshake failed'}", "tls"
    if isinstance(error, ConnectionRefusedError):
        return "nothing listens there", "refused"
    if isinstance(error, (ConnectionResetError, BrokenPipeError, ConnectionAbortedError)):
        return "the connection was reset", "reset"
    return f"it cannot be reached: {error.strerror or type(error).__name__}", "refused"
