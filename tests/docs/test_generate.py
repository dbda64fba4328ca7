"""The parts of the documentation that are made from the program."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from hardango.cli import _page
from hardango.configuration.comments import comments
from hardango.configuration.keys import TABLES
from hardango.configuration.read import read
from hardango.controls.catalogue import catalogue
from hardango.controls.model import Control
from hardango.report import page
from hardango.report.layout import Style

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def generate(load_script: Callable[[str], ModuleType]) -> ModuleType:
    return load_script("docs/generate.py")


@pytest.mark.parametrize(
    ("part", "shown"),
    [
        (None, "one\ntwo\nthree"),
        ("first 3 lines", "one\ntwo\nthree"),
        ("first 2 lines", "one\ntwo\n…"),
    ],
)
def test_a_part_says_that_it_is_one(generate: ModuleType, part: str | None, shown: str) -> None:
    assert generate.part_of("one\ntwo\nthree", part) == shown


def test_an_unknown_part_is_refused(generate: ModuleType) -> None:
    with pytest.raises(SystemExit, match="last 2 lines"):
        generate.part_of("one", "last 2 lines")


def test_only_what_stands_between_the_marks_is_written(
    generate: ModuleType, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(generate, "output_of", lambda command: f"<{command}>")
    page = "before\n<!-- output of: hardango explain x -->\nold\n<!-- end of output -->\nafter\n"
    made = generate.with_outputs(page)
    assert made == (
        "before\n<!-- output of: hardango explain x -->\n"
        "```console\n$ hardango explain x\n<hardango explain x>\n```\n"
        "<!-- end of output -->\nafter\n"
    )
    assert generate.with_outputs(made) == made


def test_check_tells_a_stale_page_and_writes_nothing(
    generate: ModuleType,
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    page = tmp_path / "page.md"
    page.write_text("old\n", encoding="utf-8")
    monkeypatch.setattr(generate, "ROOT", tmp_path)
    monkeypatch.setattr(generate, "pages", lambda: iter([(page, "new\n")]))
    assert generate.main(["--check"]) == 1
    assert "-old\n+new" in capsys.readouterr().out
    assert page.read_text(encoding="utf-8") == "old\n"
    assert generate.main([]) == 0
    assert page.read_text(encoding="utf-8") == "new\n"
    assert generate.main(["--check"]) == 0


def test_the_schema_has_every_key_and_no_other(generate: ModuleType) -> None:
    schema = json.loads(generate.schema_of_configuration())
    properties = schema["properties"]
    tables = {"": schema, "deployment": properties["deployment"], "access": properties["access"],
              "ignore": properties["ignore"]["items"]}  # fmt: skip
    for name, keys in TABLES.items():
        assert list(tables[name]["properties"]) == [key.name for key in keys]
        assert tables[name]["additionalProperties"] is False
        needed = [key.name for key in keys if key.required]
        assert tables[name].get("required", []) == needed
        for key in keys:
            assert set(tables[name]["properties"][key.name]) - {"description"}, key.name


@pytest.mark.parametrize("page", ["configuration.md", "ignoring.md"])
def test_the_configurations_in_the_docs_are_right(page: str) -> None:
    text = (ROOT / "docs" / page).read_text(encoding="utf-8")
    blocks = re.findall(r"```toml\n(.*?)```", text, re.DOTALL)
    assert blocks
    for block in blocks:
        found = read("/project/pyproject.toml", block, "/project")
        assert found.rules or found.values


def test_the_comments_in_the_docs_are_right() -> None:
    text = (ROOT / "docs" / "ignoring.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```python\n(.*?)```", text, re.DOTALL)
    assert [each.control for block in blocks for each in comments("settings.py", block)] == [
        "hsts", "session-engine", "csrf-cookie-secure",
    ]  # fmt: skip


@pytest.mark.parametrize("control", catalogue(), ids=lambda each: each.name)
def test_explain_and_the_page_say_the_same(control: Control) -> None:
    """Both are made from the control's file: not a sentence of it is missing in either."""
    written = (ROOT / "docs" / "controls" / f"{control.name}.md").read_text(encoding="utf-8")
    told = page.text(_page(control), Style(width=100_000))
    for part in (control.title, control.story, control.attack, control.remedy):
        assert flat(part) in flat(written)
        assert flat(part) in flat(told)
    for each in control.references:
        assert each.url in written and each.url in told


def flat(text: str) -> str:
    return " ".join(text.split())
