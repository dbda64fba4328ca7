"""Settings module: which one production loads, and whether everything agrees."""

from __future__ import annotations

import pytest

from hardango.controls.start.settings_module import word_for_development
from hardango.findings import Note, Place, Severity, Verdict
from hardango.project.model import Deployment, EntryPoint, Variable
from hardango.settings.outcomes import Settings, Unknown


@pytest.mark.parametrize(
    ("module", "word"),
    [
        ("settings", ""),
        ("config.settings", ""),
        ("config.settings.production", ""),
        ("config.settings.prod", ""),
        ("config.settings.staging", ""),
        ("shop.local_settings", ""),  # the file of the machine, production's too
        ("test.settings", ""),  # a project by that name
        ("development_agency.settings", ""),
        ("config.settings.dev", "dev"),
        ("config.settings.local", "local"),
        ("config.settings_test", "test"),
        ("config.dev.settings", "dev"),
        ("dev_settings", "dev"),
        ("config.settings.Development", "development"),
    ],
)
def test_the_name_of_a_module_says_what_it_is_for(module: str, word: str) -> None:
    assert word_for_development(module) == word


def test_production_loads_its_own(judged) -> None:
    deployment = Deployment(
        "config.settings.production", reasons=("Dockerfile:9 sets DJANGO_SETTINGS_MODULE",)
    )
    finding = judged("settings-module", {}, deployment=deployment)
    assert finding.verdict is Verdict.PASS
    assert finding.message == (
        "Production loads config.settings.production: Dockerfile:9 sets DJANGO_SETTINGS_MODULE"
    )


def test_production_runs_development_settings(judged) -> None:
    place = Place("Dockerfile", 9)
    name = "DJANGO_SETTINGS_MODULE"
    deployment = Deployment(
        "config.settings.dev", variables={name: Variable(name, "config.settings.dev", place)}
    )
    finding = judged("settings-module", {}, deployment=deployment)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, Severity.HIGH)
    assert "config.settings.dev, by its name settings for development" in finding.message
    assert finding.place == place


NAMED = Note(
    "wsgi.py:5 defaults to it, a module that is named for development", Place("wsgi.py", 5)
)
OTHER = Note("The worker loads config.settings.base", Place("Procfile", 2))


@pytest.mark.parametrize(
    "module, debug, notes, verdict",
    [
        # The settings of the one installation, and not of a developer.
        ("settings.local", False, (), Verdict.PASS),
        ("settings.local", False, (NAMED,), Verdict.PASS),
        ("settings.local", False, (OTHER,), Verdict.FAIL),
        ("settings.local", True, (), Verdict.FAIL),
        ("settings.local", {"if X": True, "else": False}, (), Verdict.FAIL),
        ("settings.local", Unknown("x"), (), Verdict.FAIL),
        ("settings.dev", False, (), Verdict.FAIL),
        ("settings.test", False, (NAMED,), Verdict.FAIL),
    ],
)
def test_a_local_module_that_turns_debug_off(
    judged, module: str, debug: object, notes: tuple[Note, ...], verdict: Verdict
) -> None:
    settings = Settings.of({"DEBUG": debug})
    settings.module = module
    deployment = Deployment(module, disagreements=notes)
    assert judged("settings-module", settings, deployment=deployment).verdict is verdict


def test_a_local_module_that_was_not_read(judged) -> None:
    deployment = Deployment("settings.local")
    finding = judged("settings-module", {"DEBUG": False}, deployment=deployment)
    assert finding.verdict is Verdict.FAIL


def test_a_default_under_which_nothing_starts_opens_nothing(judged) -> None:
    note = Note(
        "wsgi.py:5 defaults to core, which sets nothing itself: Django does not start", None
    )
    finding = judged("settings-module", {}, deployment=Deployment("core.x", disagreements=(note,)))
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, Severity.LOW)
    assert finding.attack.startswith("Nothing by itself")


def test_entry_points_disagree(judged) -> None:
    note = Note("The worker loads config.settings.base", Place("Procfile", 2))
    deployment = Deployment("config.settings.production", disagreements=(note,))
    finding = judged("settings-module", {}, deployment=deployment)
    assert (finding.verdict, finding.severity) == (Verdict.FAIL, Severity.MEDIUM)
    assert (finding.message, finding.place) == (note.message, note.place)


def test_nothing_tells(judged) -> None:
    finding = judged("settings-module", {}, deployment=Deployment())
    assert finding.verdict is Verdict.UNKNOWN
    assert finding.message.endswith("settings was judged")


def test_the_place_is_that_of_production_rather_than_of_anybody(judged) -> None:
    deployment = Deployment(
        "config.settings",
        entry_points=(
            EntryPoint("manage.py", "any", Place("manage.py", 7), "config.settings", default=True),
            EntryPoint("Procfile", "production", Place("Procfile", 1), "config.settings"),
            EntryPoint("tox.ini", "test", Place("tox.ini", 3), "config.settings"),
        ),
    )
    finding = judged("settings-module", {}, deployment=deployment)
    assert finding.place == Place("Procfile", 1)
