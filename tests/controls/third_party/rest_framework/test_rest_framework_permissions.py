"""What a view of the API demands that says nothing."""

from __future__ import annotations

from typing import Any

import pytest

from hardango.findings import Place, Severity, Verdict
from hardango.project.model import Deployment, Package
from hardango.settings.definitions import Definition
from hardango.settings.outcomes import Settings, Unknown

PERMISSIONS = "rest_framework.permissions."
CLOSED = f"{PERMISSIONS}IsAuthenticated"


def api(*classes: object, **options: object) -> dict[str, Any]:
    """The settings of an API with these default permissions; none: not set."""
    if classes:
        options["DEFAULT_PERMISSION_CLASSES"] = list(classes)
    return {"INSTALLED_APPS": ["rest_framework"], "REST_FRAMEWORK": options}


def installed(*names: str) -> Deployment:
    place = Place("requirements.txt", 1)
    return Deployment(packages={name: Package(name, None, "", place) for name in names})


@pytest.mark.parametrize(
    "settings",
    [
        api(CLOSED),
        api(f"{PERMISSIONS}IsAdminUser"),
        api(f"{PERMISSIONS}DjangoModelPermissions"),
        # All must agree: one that is closed is enough.
        api(f"{PERMISSIONS}AllowAny", CLOSED),
        api(Unknown("x"), CLOSED),
        api("shop.permissions.Own", CLOSED),
        api("rest_framework_api_key.permissions.HasAPIKey"),
        # A class that the settings import.
        api(Unknown(CLOSED, subject=CLOSED)),
        {**api(), "REST_FRAMEWORK": {"DEFAULT_PERMISSION_CLASSES": (CLOSED,)}},
    ],
)
def test_closed(judged, settings: dict[str, Any]) -> None:
    finding = judged("rest-framework-permissions", settings)
    assert finding.verdict is Verdict.PASS, finding.message
    assert finding.applies


@pytest.mark.parametrize(
    ("settings", "words"),
    [
        (api(), "not set, and the default is AllowAny: everybody may do everything"),
        ({"INSTALLED_APPS": ["rest_framework"]}, "the default is AllowAny"),
        (api(f"{PERMISSIONS}AllowAny"), "is AllowAny"),
        (api(PAGE_SIZE=10), "the default is AllowAny"),
        ({**api(), "REST_FRAMEWORK": {"DEFAULT_PERMISSION_CLASSES": []}}, "is empty"),
    ],
)
def test_open(judged, settings: dict[str, Any], words: str) -> None:
    finding = judged("rest-framework-permissions", settings, pedantic=False)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, Severity.LOW), finding.message
    assert words in finding.message


@pytest.mark.parametrize(
    "name", ["IsAuthenticatedOrReadOnly", "DjangoModelPermissionsOrAnonReadOnly"]
)
def test_everybody_reads(judged, name: str) -> None:
    settings = api(PERMISSIONS + name)
    assert judged("rest-framework-permissions", settings, pedantic=False).verdict is Verdict.PASS
    finding = judged("rest-framework-permissions", settings)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, Severity.INFO)
    assert "everybody reads" in finding.message


@pytest.mark.parametrize(
    ("settings", "verdict"),
    [
        (api("shop.permissions.Own"), Verdict.UNKNOWN),
        (api(f"{PERMISSIONS}AllowAny", "shop.permissions.Own"), Verdict.UNKNOWN),
        (api(Unknown("x")), Verdict.UNKNOWN),
        ({**api(), "REST_FRAMEWORK": Unknown("read from X")}, Verdict.UNKNOWN),
        ({**api(), "REST_FRAMEWORK": {Unknown("x"): Unknown("x"), "PAGE_SIZE": 1}}, Verdict.UNKNOWN),
        ({**api(), "INSTALLED_APPS": [Unknown("x")], "REST_FRAMEWORK": {}}, Verdict.FAIL),
        ({"INSTALLED_APPS": [Unknown("x")]}, Verdict.UNKNOWN),
        ({**api(), "REST_FRAMEWORK": {"if X": {}, "else": {"DEFAULT_PERMISSION_CLASSES": [CLOSED]}}},
         Verdict.CONDITIONAL),
    ],
)  # fmt: skip
def test_not_always(judged, settings: dict[str, Any], verdict: Verdict) -> None:
    finding = judged("rest-framework-permissions", settings)
    assert finding.verdict is verdict, finding.message


@pytest.mark.parametrize(
    ("settings", "deployment", "applies"),
    [
        ({"INSTALLED_APPS": []}, Deployment(), False),
        ({"INSTALLED_APPS": []}, installed("djangorestframework"), False),
        # Options that a package left behind.
        ({"INSTALLED_APPS": [], "REST_FRAMEWORK": {}}, installed("django"), False),
        ({"INSTALLED_APPS": [], "REST_FRAMEWORK": {}}, installed("djangorestframework"), True),
        ({"INSTALLED_APPS": [], "REST_FRAMEWORK": {}}, Deployment(), True),
    ],
)
def test_where_the_framework_is_used(judged, settings, deployment, applies: bool) -> None:
    finding = judged("rest-framework-permissions", settings, deployment=deployment)
    assert finding.applies is applies


@pytest.mark.parametrize(
    ("bases", "overrides", "verdict"),
    [
        ((CLOSED,), (), Verdict.PASS),
        ((CLOSED,), ("has_object_permission",), Verdict.PASS),
        ((CLOSED,), ("has_permission",), Verdict.UNKNOWN),
        ((f"{PERMISSIONS}AllowAny",), (), Verdict.FAIL),
        ((f"{PERMISSIONS}BasePermission",), ("has_permission",), Verdict.UNKNOWN),
        ((CLOSED, ""), (), Verdict.UNKNOWN),
    ],
)
def test_a_class_of_the_project(judged, bases, overrides, verdict: Verdict) -> None:
    found = Definition(Place("shop/p.py", 1), bases, frozenset(overrides), frozenset(), None)
    settings = Settings.of(
        api("shop.p.Own"), definition=lambda dotted: found if dotted == "shop.p.Own" else None
    )
    assert judged("rest-framework-permissions", settings).verdict is verdict
