"""Web pages of the API."""

from __future__ import annotations

from typing import Any

import pytest

from hardango.findings import Place, Verdict
from hardango.settings.definitions import Definition
from hardango.settings.outcomes import Settings, Unknown

OWN = "rest_framework.renderers."
JSON, PAGES = f"{OWN}JSONRenderer", f"{OWN}BrowsableAPIRenderer"
NAME = "rest-framework-renderers"


def api(*classes: object) -> dict[str, Any]:
    options = {"DEFAULT_RENDERER_CLASSES": list(classes)}
    return {"INSTALLED_APPS": ["rest_framework"], "REST_FRAMEWORK": options}


@pytest.mark.parametrize(
    ("settings", "verdict"),
    [
        (api(JSON), Verdict.PASS),
        (api(), Verdict.PASS),
        (api("djangorestframework_camel_case.render.CamelCaseJSONRenderer"), Verdict.PASS),
        (api("shop.render.BrowseJSONRenderer"), Verdict.PASS),
        ({"INSTALLED_APPS": []}, Verdict.PASS),
        (api(JSON, PAGES), Verdict.FAIL),
        ({"INSTALLED_APPS": ["rest_framework"]}, Verdict.FAIL),
        (api(JSON, Unknown("x")), Verdict.UNKNOWN),
        (api(JSON, "djangorestframework_camel_case.render.CamelCaseBrowsableAPIRenderer"),
         Verdict.UNKNOWN),
        ({**api(), "REST_FRAMEWORK": Unknown("x")}, Verdict.UNKNOWN),
        ({**api(), "REST_FRAMEWORK": {"DEFAULT_RENDERER_CLASSES": {"if X": [JSON], "else": [JSON]}}},
         Verdict.UNKNOWN),
    ],
)  # fmt: skip
def test_pages(judged, settings: dict[str, Any], verdict: Verdict) -> None:
    assert judged(NAME, settings).verdict is verdict


@pytest.mark.parametrize(
    ("name", "base", "verdict"),
    [
        ("shop.r.Own", PAGES, Verdict.FAIL),
        ("shop.r.Own", JSON, Verdict.PASS),
        ("shop.r.BrowsableAPIRenderer", JSON, Verdict.PASS),
    ],
)
def test_a_class_of_the_project(judged, name: str, base: str, verdict: Verdict) -> None:
    found = Definition(Place("shop/r.py", 1), (base,), frozenset(), frozenset(), None)
    settings = Settings.of(api(name), definition=lambda dotted: found)
    finding = judged(NAME, settings)
    assert finding.verdict is verdict
    assert (f"'{name}'" in finding.message) is (verdict is Verdict.FAIL)
