"""Directory of uploaded files."""

from __future__ import annotations

import pytest

from hardango.findings import Severity, Verdict
from hardango.settings.outcomes import Settings, Unknown

PATH = "/srv/shop/config/settings/production.py"


def settings(media: object, **more: object) -> Settings:
    return Settings.of({"MEDIA_ROOT": media, **more}, path=PATH)


def templates(*directories: object) -> list[object]:
    return [{"BACKEND": "x", "DIRS": list(directories)}, Unknown("result of engine()")]


@pytest.mark.parametrize(
    "given",
    [
        Settings.of({}, path=PATH),
        settings(""),
        settings("/srv/shop/media"),
        settings("/srv/shop/config/media"),
        settings("/var/media/shop", STATIC_ROOT="/var/static/shop"),
        settings("/srv/shop/media", TEMPLATES=templates("/srv/shop/templates")),
        settings("/srv/shop/static-media", STATICFILES_DIRS=["/srv/shop/static"]),
        settings("/srv/shop/media", STATICFILES_DIRS=Unknown("x")),
    ],
)
def test_nothing_to_say(judged, given: Settings) -> None:
    finding = judged("media-root", given)
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    ("given", "severity", "words"),
    [
        (settings("/srv/shop"), Severity.HIGH, "has the project in it"),
        (settings("/srv/shop/config/"), Severity.HIGH, "has the project in it"),
        (settings("/"), Severity.HIGH, "has the project in it"),
        (settings("/srv/t/media", TEMPLATES=templates("/srv/t")), Severity.HIGH, "templates"),
        (settings("/srv/s/media", STATIC_ROOT="/srv/s"), Severity.LOW, "static files"),
        (settings("/srv/s/m", STATICFILES_DIRS=[("x", "/srv/s")]), Severity.LOW, "static files"),
    ],
)
def test_told(judged, given: Settings, severity: Severity, words: str) -> None:
    finding = judged("media-root", given)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, severity), finding.message
    assert words in finding.message


@pytest.mark.parametrize("media", [Unknown("read from MEDIA", variables=("MEDIA",)), "/app", "."])
def test_not_known(judged, media: object) -> None:
    finding = judged("media-root", settings(media))
    assert (finding.verdict, finding.severity) == (Verdict.UNKNOWN, Severity.LOW)
