"""The page of the truth harness: its numbers, and that no secret is on the screen."""

from __future__ import annotations

from benchmarks.truth import table
from benchmarks.truth.compare import Agreement, compare, compare_setting
from benchmarks.truth.load import Loaded
from benchmarks.truth.projects import read_projects


def known(value: object) -> dict[str, object]:
    return {"outcomes": [{"value": value, "when": []}], "at": []}


def rows() -> list[table.Row]:
    project = read_projects()[0]
    right = compare(
        project.name, "empty", Loaded({"DEBUG": True, "A": 1}, {}),
        Loaded({"DEBUG": known(True), "A": known(1)}, {}),
    )  # fmt: skip
    failing = compare(project.name, "bare", Loaded({"A": 1}, {}), Loaded({}, {}, "cannot be read"))
    return [table.Row(project, "5.2", right), table.Row(project, "4.2", failing)]


def test_the_page_counts_settings_and_modules_that_do_not_load() -> None:
    page = table.page(rows(), [])
    assert "1 settings modules in 2 environments, 1 wrong." in page
    assert "All settings: 100.0% exact of 2 (0 unknown, 0 wrong)." in page
    assert "Security-relevant settings: 100.0% exact of 1" in page
    assert "| bare | *4.2* | says that it cannot load" in page


def test_every_line_of_the_table_has_the_same_number_of_columns() -> None:
    lines = [line for line in table.page(rows(), []).splitlines() if line.startswith("|")]
    assert {line.count("|") for line in lines} == {14}


def test_differences_name_their_place_and_mask_secrets() -> None:
    real = {"default": {"HOST": "db", "PASSWORD": "hunter2"}}
    ours = {"default": {"HOST": "db", "PASSWORD": {"unknown": "read from X"}}}
    comparison = compare_setting("DATABASES", real, known(ours))
    assert comparison is not None
    line = table.describe(comparison)
    assert comparison.agreement is Agreement.UNKNOWN
    assert "DATABASES['default']['PASSWORD']" in line
    assert "hunter2" not in line


def test_every_project_is_pinned_and_has_an_environment() -> None:
    for project in read_projects():
        assert project.scenarios
        assert not project.requirement or project.version, project.name
        assert project.requirement or project.name.startswith("sample-")
