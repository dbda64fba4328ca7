"""A local server that speaks the OSV API from an archive, and a package index, and that misbehaves
on demand. It compares versions by itself: what `hardango` is held against must not be its own code."""

from __future__ import annotations

import json
import threading
import time
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version


class Service:
    """The records by package and by id; `page` is how many a query is answered at once; `fail` says
    how many requests get a status before one is answered; `asked` counts the paths."""

    def __init__(self, archive: Path, page: int = 1000) -> None:
        self.by_package: dict[str, list[Any]] = {}
        self.by_id: dict[str, Any] = {}
        self.archive, self.page = archive.read_bytes(), page
        self.fail: list[int] = []
        self.slow = 0.0
        self.asked: Counter[str] = Counter()
        self.headers: list[dict[str, str]] = []
        self.files: dict[str, tuple[str, bytes]] = {}
        self.redirects: dict[str, str] = {}
        self.url = ""
        with zipfile.ZipFile(archive) as opened:
            for name in opened.namelist():
                data = json.loads(opened.read(name))
                self.by_id[data["id"]] = data
                for each in data["affected"]:
                    known = self.by_package.setdefault(
                        canonicalize_name(each["package"]["name"]), []
                    )
                    known.append((data, Affected(each)))

    def matching(self, query: Any) -> list[Any]:
        found = self.by_package.get(canonicalize_name(query["package"]["name"]), [])
        return [data for data, affected in found
                if not data.get("withdrawn") and affected.holds(query.get("version"))]  # fmt: skip


class Affected:
    """One entry of `affected`, read once: https://ossf.github.io/osv-schema/#evaluation"""

    def __init__(self, data: Any) -> None:
        self.texts = set(data.get("versions", ()))
        self.versions = {version for text in self.texts if (version := version_of(text))}
        self.some = str(min(self.versions, default="1.0"))
        self.ranges = []
        for each in data.get("ranges", ()):
            if each["type"] == "ECOSYSTEM":
                events = [(kind, text) for event in each["events"] for kind, text in event.items()]
                if all(version_of(text) for _, text in events):
                    self.ranges.append(sorted(events, key=in_order))

    def holds(self, text: str | None) -> bool:
        if text is None or text in self.texts:
            return True
        version = version_of(text)
        if version is None:
            return False
        if version in self.versions:
            return True
        for events in self.ranges:
            vulnerable = False
            for kind, at in events:
                bound = version_of(at)
                if kind == "introduced" and version >= bound:
                    vulnerable = True
                elif (kind == "fixed" and version >= bound) or (
                    kind == "last_affected" and version > bound
                ):
                    vulnerable = False
            if vulnerable:
                return True
        return False


def in_order(event: tuple[str, str]) -> Any:
    return version_of(event[1]), event[0] == "introduced"


_VERSIONS: dict[str, Version | None] = {}


def version_of(text: str) -> Any:
    if text not in _VERSIONS:
        try:
            _VERSIONS[text] = Version(text)
        except InvalidVersion:
            _VERSIONS[text] = None
    return _VERSIONS[text]


@contextmanager
def serve(service: Service) -> Iterator[Service]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.answered(b"")

        def do_POST(self) -> None:
            self.answered(self.rfile.read(int(self.headers["Content-Length"])))

        def answered(self, body: bytes) -> None:
            service.asked[self.path] += 1
            service.headers.append({name.lower(): value for name, value in self.headers.items()})
            if service.slow:
                time.sleep(service.slow)
            if service.fail:
                self.give(service.fail.pop(0), b"no", "text/plain")
            elif self.path in service.redirects:
                self.give(302, b"", "text/plain", Location=service.redirects[self.path])
            elif self.path in service.files:
                kind, content = service.files[self.path]
                self.give(200, content, kind)
            elif self.path == "/v1/query":
                self.json({"vulns": found} if (found := service.matching(json.loads(body))) else {})
            elif self.path == "/v1/querybatch":
                self.json({"results": list(map(self.page, json.loads(body)["queries"]))})
            elif self.path.startswith("/v1/vulns/"):
                data = service.by_id.get(self.path.removeprefix("/v1/vulns/"))
                self.json(data) if data else self.give(404, b"{}", "application/json")
            elif self.path == "/PyPI/all.zip":
                self.give(200, service.archive, "application/zip")
            else:
                self.give(404, b"", "text/plain")

        def page(self, query: Any) -> Any:
            start = int(query.get("page_token") or 0)
            found = service.matching(query)
            end = start + service.page
            result: dict[str, Any] = {}
            if found[start:end]:
                result["vulns"] = [{"id": each["id"], "modified": each["modified"]}
                                   for each in found[start:end]]  # fmt: skip
            if len(found) > end:
                result["next_page_token"] = str(end)
            return result

        def json(self, data: Any) -> None:
            self.give(200, json.dumps(data).encode(), "application/json")

        def give(self, status: int, body: bytes, kind: str, **headers: str) -> None:
            self.send_response(status)
            for name, value in {
                "Content-Type": kind,
                "Content-Length": str(len(body)),
                **headers,
            }.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    service.url = f"http://127.0.0.1:{server.server_address[1]}"
    try:
        yield service
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
