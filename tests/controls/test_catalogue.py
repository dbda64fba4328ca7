"""One file is one control: what each of them must have, and that nothing else is needed."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import hardango.controls
from hardango.controls.catalogue import LIVE, SECTIONS, Entry, catalogue, entries, names
from hardango.controls.judge import judge_control
from hardango.controls.model import Control, Judgement, bad, cwe
from hardango.findings import Severity, Verdict
from hardango.project.model import Deployment
from hardango.settings.outcomes import Settings

FOLDER = Path(hardango.controls.__file__).parent
SEED = {
    "debug", "allowed-hosts", "security-middleware", "ssl-redirect", "session-cookie-secure",
    "session-cookie-httponly", "csrf-cookie-secure", "session-engine", "secret-key", "hsts",
    "content-type-nosniff", "frame-options", "settings-module", "dependencies", "access-control",
}  # fmt: skip


def test_the_names_of_the_contract_are_there() -> None:
    assert set(names()) >= SEED


def test_names_are_unique_and_known_without_loading_a_control() -> None:
    assert len(set(names())) == len(names())
    script = (
        "import sys; from hardango.controls.catalogue import names; names()\n"
        "print([name for name in sys.modules if name.startswith('hardango.controls.start')])"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(FOLDER.parents[1])!r})\n{script}"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout == "[]\n", done.stderr


def test_what_is_for_a_package_is_loaded_only_where_that_is_used() -> None:
    packages = {entry.package for entry in entries() if entry.package}
    general = [entry.name for entry in entries() if not entry.package]
    assert [control.name for control in catalogue(used=lambda package: False)] == general
    for package in packages:
        found = {control.name for control in catalogue(used=lambda each, it=package: each == it)}
        assert found - set(general) == {each.name for each in entries() if each.package == package}


def test_what_is_pedantic_is_loaded_only_where_it_is_asked_for() -> None:
    asked_for = [entry.name for entry in entries() if entry.pedantic]
    assert "permissions-policy" in asked_for
    script = (
        "import sys; from hardango.controls.catalogue import catalogue\n"
        "print(len(catalogue(pedantic=False)), [n for n in sys.modules if '.pedantic' in n])"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(FOLDER.parents[1])!r})\n{script}"],
        capture_output=True, text=True,
    )  # fmt: skip
    assert done.stdout == f"{len(list(entries())) - len(asked_for)} []\n", done.stderr


@pytest.mark.parametrize(
    ("entry", "control"), [(entry, entry.load()) for entry in entries()],
    ids=lambda each: each.name if isinstance(each, Control) else "",
)  # fmt: skip
class TestEachControl:
    def test_its_file_and_its_tests_are_named_after_it(
        self, entry: Entry, control: Control
    ) -> None:
        assert control.name == entry.name
        assert control.pedantic is entry.pedantic
        if control.judged:
            folder = Path(__file__).parent / entry.section / entry.package
            assert (folder / f"test_{entry.name.replace('-', '_')}.py").is_file()

    def test_it_tells_its_story(self, entry: Entry, control: Control) -> None:
        heading, _, rest = control.story.partition("\n\n")
        assert heading.endswith(".")
        assert len(rest.split("\n\n")) >= 2
        assert control.title
        assert control.weakness
        assert control.attack.endswith(".")
        assert control.remedy.endswith(".")
        assert "?" not in control.title

    def test_it_gives_sources(self, entry: Entry, control: Control) -> None:
        urls = [reference.url for reference in control.references]
        assert any("cwe.mitre.org" in url for url in urls)
        assert all(url.startswith("https://") for url in urls)

    def test_it_is_judged_unless_it_comes_later(self, entry: Entry, control: Control) -> None:
        assert control.live is (entry.section == LIVE)
        assert control.judged is not control.live

    def test_its_fix_says_what_could_break(self, entry: Entry, control: Control) -> None:
        if control.repair is None:
            assert not control.fixable
            return
        for edit in control.repair(Settings.of({}), Deployment()):
            assert edit.safe is not bool(edit.risk)

    def test_it_is_mended_or_says_why_a_person_is_needed(
        self, entry: Entry, control: Control
    ) -> None:
        assert control.live or control.fixable is not bool(control.person)
        assert not control.person.endswith(".")


def test_every_file_that_makes_a_control_lies_in_a_section() -> None:
    making = {
        path.relative_to(FOLDER).parts[0]
        for path in FOLDER.rglob("*.py")
        if path.name != "model.py" and "= Control(\n" in path.read_text(encoding="utf-8")
    }
    assert making <= set(SECTIONS)


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


def test_a_new_control_is_one_file() -> None:
    """What a newcomer writes is above; the story is this file's docstring."""
    finding = judge_control(NEW, Settings.of({"APPEND_SLASH": False}), Deployment())
    assert finding.verdict is Verdict.FAIL
    assert finding.references == ("CWE-1",)
    assert NEW.story.startswith("One file is one control")
