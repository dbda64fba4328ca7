"""Which file is the configuration."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from hardango.configuration import BadConfiguration
from hardango.configuration.find import find

Write = Callable[[Mapping[str, str]], Path]
HIGH, LOW = 'fail-on = "high"\n', 'fail-on = "low"\n'
PROJECT = '[project]\nname = "x"\ndependencies = ["hardango"]\n'


@pytest.mark.parametrize(
    ("files", "path", "found"),
    [
        ({"hardango.toml": HIGH}, ".", ("hardango.toml", "high", 1)),
        ({"pyproject.toml": f"[tool.hardango]\n{HIGH}"}, ".", ("pyproject.toml", "high", 1)),
        ({"pyproject.toml": f"{PROJECT}[tool.hardango]\n{HIGH}"}, ".",
         ("pyproject.toml", "high", 4)),
        ({"pyproject.toml": f'[tool."hardango"]\n{HIGH}'}, ".", ("pyproject.toml", "high", 1)),
        ({"pyproject.toml": 'tool = {hardango = {fail-on = "high"}}'}, ".",
         ("pyproject.toml", "high", 1)),
        ({"pyproject.toml": f"[tool]\n[tool.hardango]\n{HIGH}"}, ".",
         ("pyproject.toml", "high", 2)),
        ({"pyproject.toml": f"[tool.hardango]\n{LOW}", "hardango.toml": HIGH}, ".",
         ("hardango.toml", "high", 1)),
        # The nearest upward, from a directory or a file.
        ({"hardango.toml": LOW, "a/hardango.toml": HIGH, "a/b/x.py": ""}, "a/b",
         ("a/hardango.toml", "high", 1)),
        ({"hardango.toml": LOW, "a/hardango.toml": HIGH, "a/b/x.py": ""}, "a/b/x.py",
         ("a/hardango.toml", "high", 1)),
        ({"hardango.toml": HIGH, "a/pyproject.toml": PROJECT}, "a", ("hardango.toml", "high", 1)),
        # Nothing beyond the repository's root, and nothing that only mentions the name.
        ({"hardango.toml": LOW, "a/.git/HEAD": ""}, "a", None),
        ({"pyproject.toml": PROJECT}, ".", None),
        ({"pyproject.toml": '[tool.ruff]\nsrc = ["hardango"]\n'}, ".", None),
        ({"pyproject.toml": "[tool.hardangoes]\nx = 1\n"}, ".", None),
        ({"pyproject.toml": "hardango [ broken"}, ".", None),
        ({"pyproject.toml": 'tool = 5\nhardango = "tool.hardango"\n'}, ".", None),
        ({"x.py": ""}, ".", None),
    ],
)  # fmt: skip
def test_the_nearest_one_counts(
    write: Write, files: Mapping[str, str], path: str, found: tuple[str, str, int] | None
) -> None:
    root = write({".git/HEAD": "", **files})
    configuration = find(str(root / path))
    if found is None:
        assert configuration is None
        return
    assert configuration is not None
    name, value, line = found
    assert configuration.file == str(root / name)
    assert (configuration.values, configuration.line) == ({"fail-on": value}, line)
    assert str(configuration.place(3, str(root))) == f"{name}:3"


def test_two_in_one_directory_are_said(write: Write) -> None:
    root = write({"pyproject.toml": f"[tool.hardango]\n{LOW}", "hardango.toml": HIGH})
    found = find(str(root))
    assert found is not None
    assert [note.message for note in found.notes] == [
        "hardango.toml is used; [tool.hardango] in pyproject.toml beside it is not"
    ]


def test_a_broken_file_is_an_error_if_it_speaks_to_hardango(write: Write) -> None:
    root = write({"pyproject.toml": "[tool.hardango]\nfail-on = \n"})
    with pytest.raises(BadConfiguration, match=r"pyproject\.toml:2: this is no TOML"):
        find(str(root))


def test_a_link_out_of_the_repository_is_not_read(write: Write, tmp_path: Path) -> None:
    root = write({"outside/hardango.toml": HIGH, "repo/.git/HEAD": ""}) / "repo"
    (root / "hardango.toml").symlink_to("../outside/hardango.toml")
    assert find(str(root)) is None
    (root / "prod.env").symlink_to("../outside/prod.env")
    (root / "pyproject.toml").write_text('[tool.hardango]\nenv-file = "prod.env"\n')
    with pytest.raises(BadConfiguration, match="leads out of the repository"):
        find(str(root))


def test_outside_a_repository_the_search_ends_at_the_project(write: Write) -> None:
    root = write({"hardango.toml": HIGH, "a/manage.py": "", "a/conf/settings.py": "", "b/x": ""})
    if any((each / ".git").exists() for each in root.parents):
        pytest.skip("the temporary directory lies in a repository")
    assert find(str(root / "a" / "conf")) is None
    assert find(str(root / "a")) is None
    assert find(str(root / "b")) is not None


def test_what_is_no_path_has_no_configuration() -> None:
    assert find("a\0b") is None
    assert find(os.path.join(os.sep, "does", "not", "exist")) is None
