"""`hardango deps` as a user meets it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from advisories import PROJECT, Lay, record, write

from hardango.cli import main


class Ran:
    def __init__(self, code: int, out: str, err: str) -> None:
        self.code, self.out, self.err = code, out, err

    @property
    def data(self) -> Any:
        return json.loads(self.out)


@pytest.fixture
def deps(archive: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    def deps(*arguments: object, database: bool = True) -> Ran:
        more = ["--database", str(archive)] if database else []
        code = main(["deps", *map(str, arguments), *more])
        shown = capsys.readouterr()
        return Ran(code, shown.out, shown.err)

    return deps


def test_a_project(deps: Any, lay: Lay) -> None:
    root = lay({**PROJECT, "requirements.txt": "Django==4.2.1\nPillow==10.2.0\nrequests==2.0\n"})
    ran = deps(root, "--format", "json")
    assert ran.code == 1
    assert ran.data["files"] == ["requirements.txt"]
    assert ran.data["reason"] == "Dockerfile:3 installs it: pip install -r requirements.txt"
    found = {each["name"]: each for each in ran.data["packages"]}
    assert [each["verdict"] for each in found.values()] == ["fail", "fail", "pass"]
    first, second = found["django"]["vulnerabilities"]
    assert (first["id"], first["aliases"]) == ("CVE-2024-1", ["GHSA-aaaa", "PYSEC-2024-1"])
    assert (first["severity"], first["fixed"]) == ("critical", ["4.2.15"])
    assert (second["id"], second["severity"], second["score"]) == ("CVE-2024-2", "medium", 6.1)
    assert found["django"]["location"] == {"file": "requirements.txt", "line": 1, "column": 1}
    assert found["django"]["fix"]["version"] == "4.2.15"
    assert found["pillow"]["vulnerabilities"][0]["severity"] == "high"  # nobody rated it
    assert [each["id"] for each in found["pillow"]["vulnerabilities"]] == ["PYSEC-2024-3"]
    assert [(each["name"], each["supported"]) for each in ran.data["support"]] == [
        ("Django", False), ("Python", True)]  # fmt: skip


@pytest.mark.parametrize(
    "requirements, arguments, code",
    [
        ("requests==2.0\n", (), 0),
        ("pillow==10.3.0\n", (), 0),
        ("pillow==10.2.0\n", (), 1),
        ("pillow==10.2.0\n", ("--fail-on", "critical"), 0),
        ("pillow==10.2.0\n", ("--fail-on", "never"), 0),
        # Not pinned, not looked up, not understood: it counts.
        ("pillow>=10\n", (), 1),
        ("pillow\n", ("--fail-on", "high"), 0),
        ("odd==1.0\n", (), 1),
        ("pillow @ git+https://x.invalid/pillow\n", (), 1),
        ("https://x.invalid/archive/main.zip\n", (), 1),
        ("-r missing.txt\nrequests==2.0\n", (), 1),
        ("pillow @ https://x.invalid/pillow-10.3.0-py3-none-any.whl\n", (), 0),
        ("pillow @ https://x.invalid/pillow-10.2.0-py3-none-any.whl\n", (), 1),
        # Pinned by a constraint.
        ("pillow\n-c constraints.txt\n", (), 0),
        ("# pillow==10.2.0\n-e .\nrequests==2.0\n./libs/own\n", (), 0),
        ("./wheels/pillow-10.2.0-py3-none-any.whl\n", (), 1),
        ("./wheels/pillow-10.3.0-py3-none-any.whl\n", (), 0),
        # A file that names nothing proves nothing.
        ("# pillow==10.2.0\n-e .\n", (), 2),
        ("", (), 2),
        ("pillow==10.2.0 ; python_version < '3.10'\nrequests==2.0\n", (), 0),
        ("pillow==10.2.0 ; python_version >= '3.10'\n", (), 1),
        ("pillow==10.2.0 ; sys_platform == 'win32'\nrequests==2.0\n", (), 0),
        ("pillow==10.2.0 ; no marker\n", (), 1),
    ],
)
def test_exit_codes(
    deps: Any, lay: Lay, requirements: str, arguments: tuple[str, ...], code: int
) -> None:
    more = {"requirements.txt": requirements, "constraints.txt": "pillow==10.3.0\n"}
    ran = deps(lay({**PROJECT, **more}), *arguments)
    assert ran.code == code, ran.out + ran.err


def test_nothing_is_judged_without_a_database(deps: Any, lay: Lay) -> None:
    ran = deps(lay({**PROJECT, "requirements.txt": "requests==2.0\n"}), database=False)
    assert ran.code == 2
    assert "NOTHING WAS JUDGED" in ran.out
    assert "no known hole" not in ran.out


def test_what_the_image_installs_is_its_own_metadata(deps: Any, lay: Lay) -> None:
    files = {"Dockerfile": "FROM python:3.12\nCOPY . /app\nRUN pip install .\nCMD gunicorn x\n",
             "setup.py": "from setuptools import setup\nsetup()\n",
             "setup.cfg": "[options]\ninstall_requires =\n    pillow==10.2.0\n"}  # fmt: skip
    ran = deps(lay({**PROJECT, **files}), "--format", "json")
    assert [each["name"] for each in ran.data["packages"]] == ["pillow"]


def test_an_old_database_is_said_loudly(deps: Any, lay: Lay, archive: Path) -> None:
    root = lay({**PROJECT, "requirements.txt": "requests==2.0\n"})
    old = write(
        archive.parent / "old.zip",
        [{**record("P", "p", {"introduced": "0"}), "modified": "2024-10-10T00:00:00Z"}],
    )
    ran = deps(root, "--database", old, database=False)
    assert ran.code == 0
    assert "TOO OLD: the newest record is" in ran.out
    assert "of 2024-10-10" in " ".join(ran.out.split())


@pytest.mark.parametrize(
    "name, text, wrong",
    [
        ("uv.lock", "[[package]\n", "uv.lock: it is no TOML"),
        ("poetry.lock", "<<<<<<< HEAD\n", "poetry.lock: it is no TOML"),
        ("pylock.toml", "a = " + "[" * 20_000, "nested too deeply"),
        ("Pipfile.lock", "[" * 100_000, "Pipfile.lock"),
        ("Pipfile.lock", "{", "not valid JSON"),
        ("sbom.json", "[" * 100_000, "nested too deeply"),
        ("sbom.json", "{}", "neither a CycloneDX nor an SPDX document"),
        ("environment.yml", "a: &a [x, x]\nb: [*a, *a]\n", "no list of dependencies"),
        ("environment.yml", "dependencies: " + "[" * 5000, "environment.yml"),
        ("notes.rst", "x", "is no file that hardango deps reads"),
        ("requirements.txt", "django==4.2\n" * 2_000_000, "larger than"),
    ],
)  # fmt: skip
def test_a_hostile_file_is_one_sentence(
    deps: Any, lay: Lay, name: str, text: str, wrong: str
) -> None:
    ran = deps(lay({name: text}) / name)
    assert ran.code == 2, ran.out
    assert wrong in ran.err
    assert ran.err.count("\n") == 1
    assert len(ran.err) < 300


def test_bad_encodings(deps: Any, lay: Lay) -> None:
    root = lay({"requirements.txt": ""})
    (root / "requirements.txt").write_bytes(b"# caf\xe9\nrequests==2.0\npillow==10.2.0\n")
    assert deps(root / "requirements.txt").code == 1
    (root / "uv.lock").write_bytes(b'[[package]]\nname = "caf\xe9"\nversion = "1"\n')
    ran = deps(root / "uv.lock")
    assert (ran.code, "not UTF-8" in ran.err) == (2, True)


SECRET = "hunter2-s3cr3t"


@pytest.mark.parametrize("arguments", [(), ("-v",), ("-q",), ("--format", "json")])
@pytest.mark.parametrize(
    "requirements",
    [
        f"--index-url https://user:{SECRET}@x.invalid/simple\npillow==10.2.0\n",
        f"pillow @ https://user:{SECRET}@x.invalid/pillow-10.2.0-py3-none-any.whl\n",
        f"pillow @ git+https://{SECRET}@x.invalid/pillow\n",
        f"https://user:{SECRET}@x.invalid/pillow-10.2.0-py3-none-any.whl\n",
        f"https://user:{SECRET}@x.invalid/main.zip\n",
        f"pillow==10.2.0 --index-url=https://user:{SECRET}@x.invalid/simple\n",
    ],
)
def test_credentials_are_never_shown(
    deps: Any, lay: Lay, requirements: str, arguments: tuple[str, ...]
) -> None:
    ran = deps(lay({**PROJECT, "requirements.txt": requirements}), *arguments)
    assert ran.code == 1
    assert SECRET not in ran.out + ran.err
