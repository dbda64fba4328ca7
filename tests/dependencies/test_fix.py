"""`hardango fix --control dependencies`: pins in files that people write get the nearest version
without a known hole; everything else stays byte for byte."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from advisories import PROJECT, RECORDS, Lay, write

from hardango.cli import main


@pytest.fixture(autouse=True)
def database(cache: Path) -> Path:
    (cache / "hardango").mkdir(parents=True)
    return write(cache / "hardango" / "osv-pypi.zip", RECORDS)


def fixed(root: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    main(["fix", str(root), "--control", "dependencies", "--format", "json", *arguments])
    return json.loads(capsys.readouterr().out)


@pytest.mark.parametrize(
    "before, after",
    [
        ("Django==4.2.1\n", "Django==4.2.15\n"),
        ("Django==4.2.1  # the site\r\nrequests==2.0\r\n", "Django==4.2.15  # the site\r\nrequests==2.0\r\n"),
        ("# Django==4.2.1\ndjango[argon2] == 4.2.1 ; python_version > '3.8'",
         "# Django==4.2.1\ndjango[argon2] == 4.2.15 ; python_version > '3.8'"),
        ("pillow===10.2.0\n", "pillow===10.3.0\n"),
        ("django==4.2.1\npillow==10.2.0\n", "django==4.2.15\npillow==10.3.0\n"),
        # Nothing is wrong, nothing mends it, nobody pins it, or a program writes the file.
        ("django==4.2.15\n", None),
        ("endless==1.0\n", None),
        ("django>=4.2.1\n", None),
        ("django==4.2.1 \\\n    --hash=sha256:00\n", None),
        ("django==4.2.1 --hash=sha256:00\n", None),
        ("django @ https://x.invalid/django-4.2.1-py3-none-any.whl\n", None),
    ],
)  # fmt: skip
def test_requirements(
    lay: Lay, capsys: pytest.CaptureFixture[str], before: str, after: str | None
) -> None:
    root = lay(PROJECT)
    file = root / "requirements.txt"
    file.write_bytes(before.encode())
    fixed(root, capsys, "--unsafe", "--write")
    assert file.read_bytes() == (after or before).encode()


@pytest.mark.parametrize(
    "before, after",
    [
        ('[project]\nname = "x"\ndependencies = [\n  "Django==4.2.1",  # 4.2.1\n]\n',
         '[project]\nname = "x"\ndependencies = [\n  "Django==4.2.15",  # 4.2.1\n]\n'),
        ('[tool.poetry.dependencies]\nDjango = "4.2.1"\npython = "^3.12"\n',
         '[tool.poetry.dependencies]\nDjango = "4.2.15"\npython = "^3.12"\n'),
        ('[tool.poetry.dependencies]\nDjango = "==4.2.1"\n', '[tool.poetry.dependencies]\nDjango = "==4.2.15"\n'),
        # One line with two places that say it.
        ('[project]\nname = "x"\ndependencies = ["django==4.2.1", "x-django==4.2.1"]\n',
         '[project]\nname = "x"\ndependencies = ["django==4.2.15", "x-django==4.2.1"]\n'),
        ('[project]\nname = "x"\ndependencies = ["django>=4.2.1"]\n', None),
        ('[project]\nname = "x"\ndependencies = ["django==4.2.1", "django==4.2.1; python_version > \'3\'"]\n', None),
    ],
)  # fmt: skip
def test_pyproject(
    lay: Lay, capsys: pytest.CaptureFixture[str], before: str, after: str | None
) -> None:
    root = lay(
        {**PROJECT, "Dockerfile": "FROM python:3.12\nRUN pip install .\n", "pyproject.toml": before}
    )
    fixed(root, capsys, "--unsafe", "--write")
    assert (root / "pyproject.toml").read_text(encoding="utf-8") == (after or before)


def test_another_series_is_not_safe(lay: Lay, capsys: pytest.CaptureFixture[str]) -> None:
    root = lay({**PROJECT, "requirements.txt": "django==4.2.1\npillow==10.2.0\n"})
    done = fixed(root, capsys, "--write")
    assert (root / "requirements.txt").read_text(
        encoding="utf-8"
    ) == "django==4.2.15\npillow==10.2.0\n"
    assert [each["safe"] for each in done["fixed"]] == [True]
    assert [each["control"] for each in done["left"]] == ["dependencies"]
    main(["fix", str(root), "--undo"])
    assert (root / "requirements.txt").read_text(
        encoding="utf-8"
    ) == "django==4.2.1\npillow==10.2.0\n"


def test_a_compiled_file_is_for_what_compiles_it(
    lay: Lay, capsys: pytest.CaptureFixture[str]
) -> None:
    files = {
        "requirements.in": "django==4.2.1\n",
        "requirements.txt": "django==4.2.1\n    # via -r requirements.in\n",
    }
    root = lay({**PROJECT, **files})
    fixed(root, capsys, "--unsafe", "--write")
    assert {name: (root / name).read_text(encoding="utf-8") for name in files} == files


def test_a_lock_file_is_left_to_its_manager(lay: Lay, capsys: pytest.CaptureFixture[str]) -> None:
    lock = '[[package]]\nname = "django"\nversion = "4.2.1"\n'
    root = lay({**PROJECT, "uv.lock": lock, "Dockerfile": "FROM python:3.12\nRUN uv sync\n"})
    done = fixed(root, capsys, "--unsafe", "--write")
    assert (root / "uv.lock").read_text(encoding="utf-8") == lock
    assert not done["written"]
