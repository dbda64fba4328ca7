"""Server of files."""

from __future__ import annotations

import pytest
from routing import LOGIN, routed

from hardango.findings import Severity, Verdict

SERVE = "django.views.static.serve"


@pytest.mark.parametrize(
    ("routes", "verdict", "words"),
    [
        ([], Verdict.PASS, "No route"),
        ([("login/", LOGIN)], Verdict.PASS, "No route"),
        ([("static/<path>", "django.contrib.staticfiles.views.serve")], Verdict.PASS, "No route"),
        ([("media/<path>", "shop.views.serve")], Verdict.PASS, "No route"),
        ([("media/<path>", f"login_required {SERVE}")], Verdict.PASS, "No route"),
        ([("media/<path>", SERVE)], Verdict.FAIL, "/media/<path> is served by"),
        ([("login/", LOGIN), ("^media/(?P<path>.*)$", SERVE)], Verdict.FAIL, "/media/"),
    ],
)
def test_verdicts(judged, routes, verdict: Verdict, words: str) -> None:
    finding = judged("served-files", routed({}, *routes), pedantic=False)
    assert (finding.verdict, finding.severity) == (verdict, Severity.LOW), finding.message
    assert words in finding.message


@pytest.mark.parametrize(
    ("options", "severity", "words"),
    [
        ({"document_root": "/srv/media"}, Severity.LOW, "in production"),
        ({"document_root": "/srv/media", "show_indexes": True}, Severity.MEDIUM, "lists"),
        ({"document_root": "/srv"}, Severity.HIGH, "its source can be downloaded"),
    ],
)
def test_what_is_served(judged, options: dict[str, object], severity: Severity, words: str) -> None:
    path = "/srv/shop/settings.py"
    settings = routed({}, ("media/<path>", SERVE), options=options, path=path)
    finding = judged("served-files", settings)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, severity)
    assert words in finding.message


def test_routes_that_could_not_be_read_are_told_only_on_demand(judged) -> None:
    settings = routed({}, unread="its view is not known")
    assert judged("served-files", settings, pedantic=False).verdict is Verdict.PASS
    assert judged("served-files", settings).verdict is Verdict.UNKNOWN
