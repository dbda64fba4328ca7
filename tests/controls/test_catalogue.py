"""One file is one control: what each of them must have, and that nothing else is needed."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from pathlib import Path

import pytest

import hardango.controls
from hardango.controls.catalogue import CATALOGUE
from hardango.controls.explain import control_named, docs_page, explain
from hardango.controls.judge import judge_control
from hardango.controls.model import Control, Judgement, bad, cwe
from hardango.findings import Severity, Verdict
from hardango.project.model import Deployment
from hardango.settings.outcomes import Settings

FOLDER = Path(hardango.controls.__file__).parent
SEED = [
    "debug", "allowed-hosts", "security-middleware", "ssl-redirect", "session-cookie-secure",
    "session-cookie-httponly", "csrf-cookie-secure", "session-engine", "secret-key", "hsts",
    "content-type-nosniff", "frame-options", "settings-module", "dependencies", "access-control",
]  # fmt: skip
NOT_YET = {"dependencies", "access-control"}


def test_the_names_are_those_of_the_contract() -> None:
    assert sorted(control.name for control in CATALOGUE) == sorted(SEED)


@pytest.mark.parametrize("control", CATALOGUE, ids=lambda control: control.name)
class TestEachControl:
    def test_its_file_and_its_tests_are_named_after_it(self, control: Control) -> None:
        module = control.name.replace("-", "_")
        assert (
            getattr(importlib.import_module(f"hardango.controls.{module}"), module.upper())
            is control
        )
        if control.judged:
            assert (Path(__file__).parent / f"test_{module}.py").is_file()

    def test_it_tells_its_story(self, control: Control) -> None:
        heading, _, rest = control.story.partition("\n\n")
        assert heading.endswith(".")
        assert len(rest.split("\n\n")) >= 2
        assert control.title
        assert control.weakness
        assert control.attack.endswith(".")
        assert control.remedy.endswith(".")
        assert "?" not in control.title

    def test_it_gives_sources(self, control: Control) -> None:
        urls = [reference.url for reference in control.references]
        assert any("cwe.mitre.org" in url for url in urls)
        assert all(url.startswith("https://") for url in urls)

    def test_it_is_judged_unless_it_comes_later(self, control: Control) -> None:
        assert control.judged is (control.name not in NOT_YET)

    def test_nothing_claims_a_fix_that_does_not_exist(self, control: Control) -> None:
        assert control.fixable is False


def test_every_file_that_makes_a_control_is_in_the_catalogue() -> None:
    making = {
        path.stem.replace("_", "-")
        for path in FOLDER.glob("*.py")
        if path.stem != "model" and "= Control(\n" in path.read_text(encoding="utf-8")
    }
    assert making == {control.name for control in CATALOGUE}


NEW = Control(
    "append-slash", title="Slashes", weakness="No slash is appended", severity=Severity.INFO,
    settings=("APPEND_SLASH",), attack="Nothing.", remedy="Set APPEND_SLASH = True.",
    references=(cwe(1),),
)  # fmt: skip


@NEW.audit
def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
    for outcome in settings["APPEND_SLASH"]:
        if not outcome.value:
            yield bad(outcome, "APPEND_SLASH is off")


def test_a_new_control_is_one_file_and_one_line() -> None:
    """What a newcomer writes is above; the story is this file's docstring."""
    finding = judge_control(NEW, Settings.of({"APPEND_SLASH": False}), Deployment())
    assert finding.verdict is Verdict.FAIL
    assert finding.references == ("CWE-1",)
    assert control_named("append-slash", [*CATALOGUE, NEW]) is NEW
    assert NEW.story.startswith("One file is one control")


def test_every_control_has_its_pages() -> None:
    for control in CATALOGUE:
        assert control.name in explain(control.name)
        assert control.name in docs_page(control.name)
