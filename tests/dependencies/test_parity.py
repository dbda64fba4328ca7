"""The same verdicts as pip-audit, on the same records, for every lock format.

`locks/pip-audit.json` is what pip-audit says; `python benchmarks/deps --record` makes it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from osv_server import Service, serve

from hardango.cli import main

LOCKS = Path(__file__).parent / "locks"
ANSWERS = json.loads((LOCKS / "pip-audit.json").read_text(encoding="utf-8"))


def verdicts(
    capsys: pytest.CaptureFixture[str], *arguments: str
) -> tuple[dict[str, set[str]], int]:
    assert main(["deps", *arguments, "--format", "json"]) == 1
    packages = json.loads(capsys.readouterr().out)["packages"]
    assert not [each["name"] for each in packages if each["unknown"]]
    found = {
        f"{each['name']} {each['version']}": {
            name for hole in each["vulnerabilities"] for name in (hole["id"], *hole["aliases"])
        }
        for each in packages
        if each["vulnerabilities"]
    }
    return found, len(packages)


@pytest.fixture(scope="module")
def service(shared: Path) -> Iterator[Service]:
    with serve(Service(shared)) as running:
        yield running


def test_every_format_is_there() -> None:
    assert set(ANSWERS) == {"uv.lock", "poetry.lock", "pdm.lock", "Pipfile.lock", "pylock.toml",
                            "requirements.txt", "bom.json"}  # fmt: skip


@pytest.mark.parametrize("lock", ANSWERS)
def test_offline(lock: str, shared: Path, capsys: pytest.CaptureFixture[str]) -> None:
    found, number = verdicts(capsys, str(LOCKS / lock), "--database", str(shared))
    assert number >= 60
    expected = {package: set(ids) for package, ids in ANSWERS[lock].items()}
    assert len(expected) > 30
    assert set(found) == set(expected)
    assert all(ids <= found[package] for package, ids in expected.items())


@pytest.mark.parametrize("lock", ["uv.lock", "poetry.lock"])
def test_online(
    lock: str, service: Service, shared: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found, _ = verdicts(capsys, str(LOCKS / lock), "--service", service.url)
    assert found == verdicts(capsys, str(LOCKS / lock), "--database", str(shared))[0]
