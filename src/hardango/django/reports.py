"""Where browsers report what a content security policy stopped.

    urlpatterns += [path("csp/", csp_reports)]
    HARDANGO = {"headers": {"Reporting-Endpoints": {"csp": "/csp/"}}}   # and `report-to csp` in the policy

Takes both formats: `report-uri` (application/csp-report) and the Reporting API
(application/reports+json). Each report becomes one event of the logger `django.security.csp`, without
what could be somebody's: no address of the sender, no query, no referrer, no sample of the script.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

LARGEST = 64 * 1024
"""Bytes of one request."""

MOST = 20
"""Reports of one request."""

PER_MINUTE = 120
"""Reports that a process logs in a minute, whoever sends them: anybody can send any."""

LONGEST = 300
_KEYWORDS = frozenset(("inline", "eval", "wasm-eval", "trusted-types-policy", "trusted-types-sink",
                       "self", "data", "blob", "filesystem", "about"))  # fmt: skip

logger = logging.getLogger("django.security.csp")


class Allowance:
    """So many in a minute, refilled as time passes (a token bucket)."""

    def __init__(self, per_minute: int) -> None:
        self.most = self.left = float(per_minute)
        self.at = time.monotonic()
        self.lock = threading.Lock()

    def take(self) -> bool:
        """Whether one more is allowed."""
        with self.lock:
            now = time.monotonic()
            self.left = min(self.most, self.left + (now - self.at) * self.most / 60)
            self.at = now
            if self.left < 1:
                return False
            self.left -= 1
            return True


_allowance = Allowance(PER_MINUTE)


@csrf_exempt
@require_POST
def csp_reports(request: HttpRequest) -> HttpResponse:
    """The endpoint: 204, 400 for what is no report, 413 and 429 for too much."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not length.isdigit() or int(length) > LARGEST:
        return HttpResponse(status=413)
    data = request.read(LARGEST + 1)
    if len(data) > LARGEST:
        return HttpResponse(status=413)
    try:
        found = list(reports(json.loads(data)))
    except (ValueError, RecursionError):
        return HttpResponse(status=400)
    for each in found[:MOST]:
        if not _allowance.take():
            return HttpResponse(status=429)
        logger.warning(
            "a content security policy was violated", extra={"event": "csp", "csp": each}
        )
    return HttpResponse(status=204)


def reports(data: object) -> Iterator[dict[str, Any]]:
    """What the reports in a body say. Raises ValueError if it holds none."""
    if isinstance(data, Mapping) and isinstance(data.get("csp-report"), Mapping):
        yield _plain(data["csp-report"], _OLD)
        return
    if not isinstance(data, list):
        raise ValueError("no report")
    for each in data:
        if isinstance(each, Mapping) and each.get("type") == "csp-violation":
            body = each.get("body")
            if isinstance(body, Mapping):
                yield _plain(body, _NEW)


_OLD = {
    "directive": ("effective-directive", "violated-directive"),
    "blocked": ("blocked-uri",),
    "document": ("document-uri",),
    "source": ("source-file",),
    "line": ("line-number",),
    "disposition": ("disposition",),
}
_NEW = {
    "directive": ("effectiveDirective",),
    "blocked": ("blockedURL",),
    "document": ("documentURL",),
    "source": ("sourceFile",),
    "line": ("lineNumber",),
    "disposition": ("disposition",),
}
"""What an event calls what the formats call otherwise (CSP level 3, §5.3 and §5.5)."""


def _plain(report: Mapping[str, Any], names: Mapping[str, tuple[str, ...]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, known in names.items():
        value = next((report[each] for each in known if each in report), None)
        if name == "line":
            if isinstance(value, int) and not isinstance(value, bool):
                found[name] = value
        elif isinstance(value, str) and value:
            found[name] = _shown(name, value)
    return found


def _shown(name: str, value: str) -> str:
    """A directive by its name, a page by its path, anything else by its origin."""
    if name in ("directive", "disposition"):
        return value.split()[0][:40] if value.split() else ""
    if value in _KEYWORDS:
        return value
    try:
        parts = urlsplit(value)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "unreadable"
    if name == "document":
        return (parts.path or "/")[:LONGEST]
    if not host:
        return f"{parts.scheme}:"[:40] if parts.scheme else "unreadable"
    return f"{parts.scheme}://{host}{f':{port}' if port else ''}"[:LONGEST]
