"""What the endpoint for policy reports makes of what browsers, and others, send."""

from __future__ import annotations

import json
from typing import Any

import pytest
from sites import Site

from hardango.django.reports import Allowance, reports

PAGE = "https://user:pw@shop.example/orders/7/?token=secret#part"


def old(**more: object) -> dict[str, object]:
    return {"csp-report": {
        "document-uri": PAGE, "referrer": "https://elsewhere.example/private",
        "violated-directive": "script-src-elem", "effective-directive": "script-src-elem",
        "original-policy": "default-src 'self'", "disposition": "enforce",
        "blocked-uri": "https://cdn.example:8443/lib.js?user=ann", "line-number": 12,
        "source-file": PAGE, "status-code": 200, "script-sample": "alert(document.cookie)", **more,
    }}  # fmt: skip


NEW = [
    {"type": "deprecation", "body": {}},
    {"type": "csp-violation", "age": 1, "url": PAGE, "user_agent": "Mozilla/5.0", "body": {
        "documentURL": PAGE, "referrer": "https://elsewhere.example/private",
        "effectiveDirective": "style-src-attr", "blockedURL": "inline", "sample": "color: red",
        "disposition": "report", "lineNumber": 3, "sourceFile": "https://shop.example/app.js",
    }},
]  # fmt: skip


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (old(), {"directive": "script-src-elem", "blocked": "https://cdn.example:8443",
                 "document": "/orders/7/", "source": "https://shop.example", "line": 12,
                 "disposition": "enforce"}),
        (NEW, {"directive": "style-src-attr", "blocked": "inline", "document": "/orders/7/",
               "source": "https://shop.example", "line": 3, "disposition": "report"}),
        ({"csp-report": {"violated-directive": "img-src 'self'", "blocked-uri": "data"}},
         {"directive": "img-src", "blocked": "data"}),
        ({"csp-report": {"blocked-uri": "data:image/png;base64,AAAA"}}, {"blocked": "data:"}),
        ({"csp-report": {"blocked-uri": "https://[::1"}}, {"blocked": "unreadable"}),
        ({"csp-report": {"line-number": True, "blocked-uri": 7}}, {}),
    ],
)  # fmt: skip
def test_a_report_is_told_without_what_is_somebodys(data: object, found: dict[str, Any]) -> None:
    assert list(reports(data)) == [found]


@pytest.mark.parametrize("data", [None, 7, "text", {}, {"csp-report": 7}, {"other": {}}])
def test_what_is_no_report(data: object) -> None:
    with pytest.raises(ValueError, match="no report"):
        list(reports(data))


def test_a_flood_is_cut_off() -> None:
    allowance = Allowance(3)
    assert [allowance.take() for _ in range(5)] == [True, True, True, False, False]


SEND = """
from django.test import Client
client = Client(enforce_csrf_checks=True, headers={{"host": "shop.example", "x-forwarded-proto": "https"}})
def post(data, kind): return client.post("/csp/", data, content_type=kind).status_code
old, new = {old!r}, {new!r}
print(json.dumps([
    post(json.dumps(old), "application/csp-report"), post(json.dumps(new), "application/reports+json"),
    post("no json", "application/csp-report"), post("[" * 5000, "application/csp-report"),
    post(b"x" * 70_000, "application/csp-report"), client.get("/csp/").status_code,
    max(post(json.dumps([new[1]] * 20), "application/reports+json") for _ in range(8)),
]))
"""


def test_the_endpoint(tmp_path) -> None:
    site = Site(tmp_path, "from hardango.django import events\nLOGGING = events.logging()\n")
    urls = tmp_path / "shop" / "urls.py"
    more = "\nfrom hardango.django.reports import csp_reports\nurlpatterns.append(path('csp/', csp_reports))\n"
    urls.write_text(urls.read_text(encoding="utf-8") + more, encoding="utf-8")
    done = site.run("-c", "import django, json; django.setup()\n" + SEND.format(old=old(), new=NEW))
    assert done.returncode == 0, done.stderr
    *events, statuses = done.stdout.splitlines()
    assert json.loads(statuses) == [204, 204, 400, 400, 413, 405, 429]
    told = [each["csp"] for each in map(json.loads, events) if each.get("event") == "csp"]
    assert told[0]["directive"] == "script-src-elem"
    assert len(told) <= 121  # what a minute allows, and what was refilled meanwhile
    for word in ("token", "pw@", "elsewhere", "cookie", "color: red", "Mozilla", "ann"):
        assert word not in done.stdout
