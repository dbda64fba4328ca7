"""Tools for developers that visitors can use."""

from __future__ import annotations

import pytest
from tests.controls.routing import routed

from hardango.findings import Place, Severity, Verdict
from hardango.settings.definitions import Definition
from hardango.settings.evaluate import evaluate
from hardango.settings.outcomes import Settings, Unknown

TOOLBAR = {
    "INSTALLED_APPS": ["debug_toolbar"],
    "MIDDLEWARE": ["debug_toolbar.middleware.DebugToolbarMiddleware"],
}
PYINSTRUMENT = {"MIDDLEWARE": ["pyinstrument.middleware.ProfilerMiddleware"]}
SILK = {"INSTALLED_APPS": ["silk"], "MIDDLEWARE": ["silk.middleware.SilkyMiddleware"]}
YES = Unknown("the object <lambda>, which returns True")
WHERE_DEBUG = Unknown("the object show, which asks for DEBUG")
SOME = Unknown("the object <lambda>")


def apps(*names: str, **more: object) -> dict[str, object]:
    return {"INSTALLED_APPS": list(names), **more}


def shown(callback: object) -> dict[str, object]:
    return {**TOOLBAR, "DEBUG_TOOLBAR_CONFIG": {"SHOW_TOOLBAR_CALLBACK": callback}}


def deciding(result: str) -> Settings:
    """The toolbar with a function of the project, named by its path, that gives `result`."""
    found = Definition(Place("a.py", 1), (), frozenset(), frozenset(), None, result)
    return Settings.of(shown("shop.show"), definition=lambda dotted: found)


@pytest.mark.parametrize(
    "settings",
    [
        {},
        apps("django.contrib.admin"),
        TOOLBAR,  # does nothing where DEBUG is off
        shown("debug_toolbar.middleware.show_toolbar_with_docker"),
        shown(WHERE_DEBUG),
        {**shown(YES), "MIDDLEWARE": []},  # without its middleware
        {"DEBUG_TOOLBAR_CONFIG": {"SHOW_TOOLBAR_CALLBACK": YES}},  # not installed
        deciding(", which returns False"),
        apps("django_browser_reload", "livereload", "django_pdb", "django_extensions"),
        apps("hijack", "impersonate", "nplusone.ext.django"),
        apps("loginas"),
        apps("loginas", CAN_LOGIN_AS=WHERE_DEBUG),
        {"CAN_LOGIN_AS": YES},
        apps("rosetta"),
        apps("rosetta", ROSETTA_REQUIRES_AUTH=True),
        {"ROSETTA_REQUIRES_AUTH": False},
        apps("explorer", EXPLORER_TOKEN_AUTH_ENABLED=True, EXPLORER_TOKEN=Unknown("read from X")),
        {**PYINSTRUMENT, "PYINSTRUMENT_SHOW_CALLBACK": WHERE_DEBUG},
        {**SILK, "SILKY_AUTHENTICATION": True, "SILKY_AUTHORISATION": True},
        routed(SILK, ("home/", "shop.views.home")),  # records, and shows to nobody
    ],
)
def test_closed(judged, settings: object) -> None:
    finding = judged("developer-tools", settings)
    assert finding.verdict is Verdict.PASS, finding.message


@pytest.mark.parametrize(
    ("settings", "severity", "words"),
    [
        (shown(YES), Severity.HIGH, "SHOW_TOOLBAR_CALLBACK always returns True"),
        (deciding(", which returns True"), Severity.HIGH, "always returns True"),
        (apps("loginas", CAN_LOGIN_AS=YES), Severity.CRITICAL, "log in as anybody else"),
        (apps("django_su", SU_LOGIN_CALLBACK=YES), Severity.CRITICAL, "log in as anybody"),
        (apps("explorer", EXPLORER_PERMISSION_CHANGE=YES), Severity.HIGH, "run SQL"),
        (apps("explorer", EXPLORER_TOKEN_AUTH_ENABLED=True), Severity.HIGH, "EXPLORER_TOKEN is not"),
        (apps("rosetta", ROSETTA_REQUIRES_AUTH=False), Severity.HIGH, "the texts of the site"),
        (apps("rosetta", ROSETTA_ACCESS_CONTROL_FUNCTION=YES), Severity.HIGH, "the texts"),
        (PYINSTRUMENT, Severity.MEDIUM, "profile any page with ?profile"),
        (routed(SILK, ("silk/", "silk.urls")), Severity.HIGH, "answers at /silk/, and SILKY_AUTH"),
        (routed({**SILK, "SILKY_AUTHENTICATION": True}, ("^silk/", "silk.urls")), Severity.MEDIUM,
         "everybody who has an account"),
    ],
)  # fmt: skip
def test_open(judged, settings: object, severity: Severity, words: str) -> None:
    finding = judged("developer-tools", settings, pedantic=False)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, severity)
    assert words in finding.message


@pytest.mark.parametrize(
    "settings",
    [
        shown(SOME),
        shown("shop.show"),
        {**TOOLBAR, "DEBUG_TOOLBAR_CONFIG": Unknown("read from X")},
        {**SILK, "SILKY_AUTHENTICATION": Unknown("read from X", type="bool", variables=("X",))},
        routed(SILK, unread="it calls f()"),
    ],
)
def test_not_known(judged, settings: object) -> None:
    finding = judged("developer-tools", settings, pedantic=False)
    assert (finding.verdict, finding.severity) == (Verdict.UNKNOWN, Severity.MEDIUM)


def test_who_may_use_a_tool_for_staff_is_not_known(judged) -> None:
    finding = judged("developer-tools", apps("loginas", CAN_LOGIN_AS=SOME))
    assert (finding.verdict, finding.severity) == (Verdict.UNKNOWN, Severity.LOW)


@pytest.mark.parametrize(
    "name, verdict",
    [("shop.f", Verdict.PASS), ("silk2", Verdict.PASS), ("silk", Verdict.UNKNOWN),
     ("silk.apps.SilkAppConfig", Verdict.UNKNOWN)],
)  # fmt: skip
def test_an_app_that_is_there_in_some_environments_hides_nothing_else(
    judged, tmp_path, name: str, verdict: Verdict
) -> None:
    names = ["shop.a", name, "shop.b", "shop.c", "shop.d", "shop.e"]
    source = f'import os\nINSTALLED_APPS = ["shop"]\nfor name in {names}:\n'
    source += "    if os.environ.get(name):\n        INSTALLED_APPS.append(name)\n"
    (tmp_path / "settings.py").write_text(source)
    settings = evaluate("settings", root=str(tmp_path), import_roots=(str(tmp_path),))
    assert judged("developer-tools", settings).verdict is verdict


@pytest.mark.parametrize("value", [Unknown("read from X"), ["shop", Unknown("read from X")],
    ["shop", Unknown("read from X", choices=("a", "silk"))]])  # fmt: skip
def test_what_apps_there_are_is_not_known(judged, value: object) -> None:
    finding = judged("developer-tools", {"INSTALLED_APPS": value})
    assert (finding.verdict, finding.severity) == (Verdict.UNKNOWN, Severity.LOW)


def test_under_a_condition(judged) -> None:
    settings = {**shown(YES), "INSTALLED_APPS": {"if X": ["debug_toolbar"], "else": []}}
    settings["MIDDLEWARE"] = {"if X": TOOLBAR["MIDDLEWARE"], "else": []}
    finding = judged("developer-tools", settings)
    assert (finding.verdict, finding.when) == (Verdict.CONDITIONAL, ("X",))
