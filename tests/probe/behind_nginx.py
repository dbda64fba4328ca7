"""A real nginx in front of the shop, which does what a `serving.Front` says in words of its own."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from serving import Front

PROGRAM = shutil.which("nginx", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
DROPPED = ("X-Forwarded-Ssl", "X-Forwarded-Protocol", "X-Forwarded-Scheme", "X-Scheme", "Front-End-Https",
           "Forwarded")  # fmt: skip

CONFIGURATION = """\
daemon off;
master_process off;
pid {folder}/nginx.pid;
error_log stderr;
events {{}}
http {{
    access_log off;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    proxy_cache_path {folder}/cache keys_zone=kept:1m;
    server_tokens {tokens};
    client_max_body_size 100m;
    map $http_x_forwarded_proto $passed {{ "" $scheme; default $http_x_forwarded_proto; }}
    map $http_x_forwarded_proto $appended {{ "" $scheme; default $http_x_forwarded_proto,$scheme; }}
    {headers}
    server {{
        listen 127.0.0.1:{tls} ssl;
        ssl_certificate {folder}/site.pem;
        ssl_certificate_key {folder}/site.key;
        {protocols}
        location / {{ proxy_pass http://127.0.0.1:{upstream}; }}
    }}
    server {{
        listen 127.0.0.1:{plain};
        location / {{ {on_plain} }}
    }}
}}
"""


@contextlib.contextmanager
def nginx(
    upstream: int, certificate: bytes, key: bytes, front: Front, folder: Path
) -> Iterator[tuple[int, int]]:
    """nginx in front of a port; its own ports with and without TLS."""
    folder.mkdir()
    (folder / "site.pem").write_bytes(certificate)
    (folder / "site.key").write_bytes(key)
    tls, plain = _free_ports()
    text = CONFIGURATION.format(
        folder=folder, tls=tls, plain=plain, upstream=upstream, headers="\n    ".join(_lines(front)),
        tokens="on" if any(name == "Server" for name, _ in front.add) else "off",
        protocols="ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3; ssl_ciphers ALL:@SECLEVEL=0;" if front.old_tls else "",
        on_plain="return 444;" if front.plain == "close" else f"proxy_pass http://127.0.0.1:{upstream};",
    )  # fmt: skip
    (folder / "nginx.conf").write_text(text)
    assert PROGRAM is not None
    words = [PROGRAM, "-p", str(folder), "-e", "stderr", "-c", str(folder / "nginx.conf")]
    with (folder / "log").open("w") as log:
        process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=log)
    try:
        _wait(tls, process, folder / "log")
        yield tls, plain
    finally:
        process.terminate()
        process.wait()


def _free_ports() -> tuple[int, int]:
    with (
        socket.create_server(("127.0.0.1", 0)) as one,
        socket.create_server(("127.0.0.1", 0)) as two,
    ):
        return int(one.getsockname()[1]), int(two.getsockname()[1])


def _wait(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    end = time.monotonic() + 20
    while time.monotonic() < end and process.poll() is None:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.02)
    raise AssertionError(f"nginx does not start: {log.read_text()[-2000:]}")


def _lines(front: Front) -> Iterator[str]:
    """The directives for requests and answers."""
    host = front.host or "$http_host"
    scheme = {"set": "$scheme", "append": "$appended", "pass": "$passed", "none": ""}[front.scheme]
    address = "$proxy_add_x_forwarded_for" if front.addresses == "append" else "$remote_addr"
    asked = {"Host": host, "X-Forwarded-For": address, **dict.fromkeys(DROPPED, ""),
             "X-Forwarded-Host": "$http_x_forwarded_host" if front.forwarded_host else "",
             "X-Forwarded-Proto": scheme}  # fmt: skip
    yield from (f'proxy_set_header {name} "{value}";' for name, value in asked.items())
    yield from (f"proxy_hide_header {name};" for name in front.drop)
    yield from (
        f'add_header {name} "{value}" always;' for name, value in front.add if name != "Server"
    )
    if front.strip:
        yield "proxy_cookie_flags ~ nosecure;"
    if front.cache:
        yield "proxy_cache kept; proxy_cache_valid 200 1m; proxy_cache_key $scheme$host$request_uri;"
        yield "proxy_ignore_headers Cache-Control Expires Vary Set-Cookie;"
