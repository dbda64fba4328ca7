"""Whatever a server does: nothing hangs, nothing grows, nothing of it steers a terminal or a page."""

from __future__ import annotations

import contextlib
import gzip
import io
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time
import tracemalloc
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import trustme

from hardango.cli import main
from hardango.client import LARGEST_BODY, Way, client
from hardango.evidence import Exchange, Request

Answer = Callable[[socket.socket, bytes], None]

OK = b"HTTP/1.1 200 OK\r\n"
HTML = OK + b"Content-Type: text/html\r\n"
EVIL = "\x1b]0;owned\x07\x1b[2J<script>alert(1)</script>"


def say(data: bytes) -> Answer:
    return lambda connection, request: connection.sendall(data)


def endless_body(connection: socket.socket, request: bytes) -> None:
    connection.sendall(HTML + b"\r\n")
    while True:
        connection.sendall(b"x" * 65536)


def drip(what: bytes) -> Answer:
    """The beginning of an answer, then a byte now and then, for ever."""

    def answer(connection: socket.socket, request: bytes) -> None:
        connection.sendall(what)
        while True:
            time.sleep(0.05)
            connection.sendall(b"a")

    return answer


def endless_head(connection: socket.socket, request: bytes) -> None:
    connection.sendall(OK)
    while True:
        connection.sendall(b"X-Filler: " + b"x" * 1000 + b"\r\n")


def continues(connection: socket.socket, request: bytes) -> None:
    while True:
        connection.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")


# Made before anybody waits for it.
PACKED = gzip.compress(bytes(30_000_000), 1)


def bomb(connection: socket.socket, request: bytes) -> None:
    packed = PACKED
    connection.sendall(
        HTML + b"Content-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(packed) + packed
    )


def reset(connection: socket.socket, request: bytes) -> None:
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")


def silent(connection: socket.socket, request: bytes) -> None:
    time.sleep(30)


@contextlib.contextmanager
def server(answer: Answer, secure: ssl.SSLContext | None = None) -> Iterator[int]:
    listener = socket.create_server(("127.0.0.1", 0))

    def serve(connection: socket.socket) -> None:
        with contextlib.suppress(OSError), connection:
            connection.settimeout(20)
            if secure is not None:
                connection = secure.wrap_socket(connection, server_side=True)
            with connection:
                held = b""
                while b"\r\n\r\n" not in held and (piece := connection.recv(65536)):
                    held += piece
                answer(connection, held)

    def accept() -> None:
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=serve, args=(listener.accept()[0],), daemon=True).start()

    threading.Thread(target=accept, daemon=True).start()
    try:
        yield listener.getsockname()[1]
    finally:
        with contextlib.suppress(OSError):
            listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def asked(answer: Answer, method: str = "GET", seconds: float = 1.0) -> Exchange:
    with server(answer) as port:
        url = f"http://127.0.0.1:{port}"
        send = client(Way({url: ("127.0.0.1", port)}, seconds=seconds))
        return send(Request(f"{url}/", method, (("Host", "x"),)))


@pytest.mark.parametrize(
    ("answer", "failure"),
    [
        (say(b""), "reset"), (reset, "reset"), (silent, "timeout"), (endless_head, "nonsense"),
        (drip(b"HTTP/1.1 200 OK\r\nX-Slow: "), "timeout"), (drip(b"H"), "timeout"), (continues, "nonsense"),
        (say(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), "nonsense"), (say(b"HTTP/1.1 abc\r\n\r\n"), "nonsense"),
        (say(b"HTTP/1.1 99999 X\r\n\r\n"), "nonsense"), (say(b"HTTP/1.1 200"), "nonsense"),
        (say(OK + b"Content-Length: -5\r\n\r\n"), "nonsense"), (say(OK + b"Content-Length: 10\r\n\r\nabc"), "nonsense"),
        (say(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n"), "nonsense"),
        (say(OK + b"Transfer-Encoding: chunked\r\n\r\n-5\r\n"), "nonsense"),
        (say(OK + b"Transfer-Encoding: chunked\r\n\r\n" + b"f" * 40 + b"\r\n"), "nonsense"),
        (say(OK + b"Content-Encoding: gzip\r\nContent-Length: 3\r\n\r\nabc"), "nonsense"),
        (say(OK + b"X-Big: " + b"x" * 100_000 + b"\r\n\r\n"), "nonsense"),
    ],
)  # fmt: skip
def test_nonsense_is_no_answer_and_says_why(answer: Answer, failure: str) -> None:
    began = time.monotonic()
    exchange = asked(answer)
    assert exchange.response is None
    assert exchange.failure == failure
    assert exchange.error
    assert time.monotonic() - began < 5


@pytest.mark.parametrize("answer", [endless_body, bomb, say(HTML + b"Transfer-Encoding: chunked\r\n\r\n" + b"ffffff\r\n" + b"x" * 0xFFFFFF)])  # fmt: skip
def test_a_body_without_end_is_cut(answer: Answer) -> None:
    tracemalloc.start()
    try:
        exchange = asked(answer, seconds=5)
        assert tracemalloc.get_traced_memory()[1] < 40 * LARGEST_BODY
    finally:
        tracemalloc.stop()
    assert exchange.response is not None
    assert exchange.response.cut
    assert len(exchange.response.body) == LARGEST_BODY


@pytest.mark.parametrize(
    ("answer", "status", "body"),
    [
        (say(OK + b"Content-Length: 2\r\n\r\nhi and more"), 200, b"hi"), (say(b"HTTP/1.0 404 No\n\nhi"), 404, b"hi"),
        (say(b"HTTP/1.1 103 Early\r\nLink: x\r\n\r\n" + OK + b"\r\nhi"), 200, b"hi"),
        (say(OK + b"Transfer-Encoding: chunked\r\n\r\n2;x=y\r\nhi\r\n1\r\n!\r\n0\r\n\r\n"), 200, b"hi!"),
        (say(OK + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"hi")), 200, b"hi"),
        (say(b"HTTP/1.1 204 \r\n\r\n"), 204, b""), (say(b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"), 304, b""),
        (drip(HTML + b"\r\n<p>slow"), 200, b"<p>slow"), (say(OK + b"X: a\r\nX: b\r\n\r\nhi"), 200, b"hi"),
        # An event stream doesn't end: its headers are all that is wanted.
        (drip(OK + b"Content-Type: text/event-stream\r\n\r\n"), 200, b""),
    ],
)  # fmt: skip
def test_what_is_http_is_read(answer: Answer, status: int, body: bytes) -> None:
    exchange = asked(answer, seconds=1.0)
    assert exchange.status == status
    assert exchange.response is not None
    assert exchange.response.body.startswith(body)


def test_headers_that_come_twice_are_kept() -> None:
    assert asked(say(OK + b"X: a\r\nx: b\r\n\r\n")).all("X") == ["a", "b"]


def test_nothing_but_the_named_site_is_asked() -> None:
    send = client(Way({}))
    assert send(Request("http://127.0.0.1:1/")).failure == "address"


@pytest.mark.parametrize(
    ("name", "days", "word"),
    [("other.example", 9, "mismatch"), ("127.0.0.1", -1, "expired"), (None, 9, "issuer")],
)
def test_tls_that_cannot_be_trusted_says_why(
    tmp_path: Path, name: str | None, days: int, word: str
) -> None:
    import datetime

    authority, stranger = trustme.CA(), trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    end = datetime.datetime.now(datetime.UTC) + datetime.timedelta(days=days)
    maker = authority if name else stranger
    maker.issue_cert(
        name or "127.0.0.1", not_before=end - datetime.timedelta(days=90), not_after=end
    ).configure_cert(context)
    with server(say(OK + b"\r\n"), context) as port:
        url = f"https://127.0.0.1:{port}"
        for verify in (True, False):
            way = Way({url: ("127.0.0.1", port)}, ca_file=str(tmp_path / "ca.pem"), verify=verify)
            exchange = client(way)(Request(f"{url}/", headers=(("Host", "x"),)))
            if verify:
                assert exchange.failure == "tls"
                assert word.lower() in exchange.error.lower()
            else:
                assert exchange.status == 200
                assert exchange.tls is not None
                assert word in exchange.tls.problem


# -- the command -----------------------------------------------------------------------------------


def run(*arguments: str) -> tuple[int, str, str]:
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = main(["prove", *arguments])
    return code, out.getvalue(), err.getvalue()


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (reset, "does not answer: the connection was reset"),
        (say(b"SSH-2.0-x\r\n\r\n"), "does not answer: what came back is not HTTP"),
    ],
)
def test_a_site_that_does_not_speak_http_is_a_clear_line(answer: Answer, said: str) -> None:
    with server(answer) as port:
        code, out, err = run(f"http://127.0.0.1:{port}")
    assert (code, out) == (2, "")
    assert said in err
    assert "Traceback" not in err


def test_a_site_that_is_down_is_a_clear_line() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    code, _, err = run(f"http://127.0.0.1:{port}")
    assert code == 2
    assert f"http://127.0.0.1:{port} does not answer: nothing listens there" in err


HOSTILE_PAGE = (
    HTML
    + (
        f"Server: {EVIL}/1.0\r\nStrict-Transport-Security: {EVIL}\r\nX-Frame-Options: {EVIL}\r\n"
        f"Content-Security-Policy: script-src {EVIL}\r\nReferrer-Policy: {EVIL}\r\n"
        f"Set-Cookie: csrf{EVIL}={EVIL}; SameSite={EVIL}\r\nAccess-Control-Allow-Origin: {EVIL}\r\n\r\n"
        f"<title>{EVIL}</title><a href='/login/'>x</a><form method=post action='{EVIL}'>"
        f"<input type=password name='{EVIL}'>"
    ).encode()
)


@pytest.mark.parametrize(
    "form", ["text", "json", "html", "markdown", "sarif", "junit", "github", "gitlab"]
)
def test_nothing_hostile_reaches_the_terminal_or_the_page(form: str) -> None:
    with server(say(HOSTILE_PAGE)) as port:
        _, out, err = run(f"http://127.0.0.1:{port}", "-v", "--format", form)
    assert "\x1b" not in out + err
    assert "\x07" not in out + err
    if form == "markdown":  # In a fence nothing is markup.
        out = re.sub(r"(?ms)^(`{3,})text$.*?^\1$", "", out)
    if form in ("html", "markdown"):
        assert "<script>alert(1)" not in out


def test_redirects_are_not_followed_off_the_host() -> None:
    reached: list[bytes] = []
    with server(lambda connection, request: reached.append(request)) as other:
        away = say(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:%d/\r\n\r\n" % other)
        with server(away) as port:
            code, out, _ = run(f"http://127.0.0.1:{port}")
    assert reached == []
    assert "another host, which was not asked" in " ".join(out.split())
    assert code in (0, 1)


def test_a_redirect_loop_ends() -> None:
    with server(say(b"HTTP/1.1 302 Found\r\nLocation: /again\r\n\r\n")) as port:
        code, _, _ = run(f"http://127.0.0.1:{port}")
    assert code in (0, 1)


def test_a_slow_site_takes_no_longer_than_its_requests() -> None:
    began = time.monotonic()
    with server(silent) as port:
        code, _, err = run(f"http://127.0.0.1:{port}", "--timeout", "0.3")
    assert code == 2
    assert "it took longer than 0.3 seconds" in err
    assert time.monotonic() - began < 10


def test_a_site_that_stops_answering_is_left_alone() -> None:
    count = [0]

    def answer(connection: socket.socket, request: bytes) -> None:
        count[0] += 1
        if count[0] > 5:
            time.sleep(30)
        connection.sendall(HTML + b"\r\n<title>x</title>")

    with server(answer) as port:
        _, out, _ = run(f"http://127.0.0.1:{port}", "--timeout", "0.2")
    assert count[0] == 5 + 4
    assert "the site stopped answering" in " ".join(out.split())
    assert "it has not answered 4 requests in a row" in " ".join(out.split())


def test_an_interrupt_ends_with_what_is_known() -> None:
    """Ctrl-C after some requests: a report, and the exit code of an interrupt."""
    count = [0]

    def answer(connection: socket.socket, request: bytes) -> None:
        count[0] += 1
        if count[0] > 3:
            time.sleep(20)
        connection.sendall(HTML + b"\r\n<title>x</title>")

    with server(answer) as port:
        process = subprocess.Popen(
            [sys.executable, "-m", "hardango", "prove", f"http://127.0.0.1:{port}"],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env={**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)},
            # What runs in the background of a shell ignores it, and so would this.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )  # fmt: skip
        try:
            end = time.monotonic() + 20
            while count[0] < 4 and time.monotonic() < end:
                time.sleep(0.05)
            process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=20)
        finally:
            process.kill()
            process.communicate()
    assert process.returncode == 130, err
    assert "Interrupted" in out
    assert "Traceback" not in err
