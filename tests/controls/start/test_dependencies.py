"""The control `dependencies`: an audit says what `hardango deps` says, from the same database."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from advisories import PROJECT, RECORDS, Lay, laid, record, write

from hardango.cli import main
from hardango.dependencies import offline


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def lay(tmp_path: Path) -> Lay:
    return lambda files: laid(tmp_path / "shop", files)


@pytest.fixture
def database(cache: Path) -> Path:
    (cache / "hardango").mkdir(parents=True)
    return write(cache / "hardango" / "osv-pypi.zip", RECORDS)


def audited(root: Path, capsys: pytest.CaptureFixture[str], *arguments: str) -> Any:
    main(["audit", str(root), "--control", "dependencies", "--format", "json", *arguments])
    data = json.loads(capsys.readouterr().out)
    (finding,) = data["findings"]
    return finding


def judged(root: Path, capsys: pytest.CaptureFixture[str]) -> Any:
    main(["deps", str(root), "--format", "json"])
    return json.loads(capsys.readouterr().out)


CASES: Sequence[tuple[str, str]] = (
    ("requests==2.0\n", "pass"),
    ("pillow==10.3.0\n", "pass"),
    ("pillow==10.2.0\n", "fail"),
    ("Django==4.2.1\npillow==10.3.0\n", "fail"),
    ("pillow>=10\n", "fail"),
    ("odd==1.0\n", "unknown"),
    ("odd==1.0\nrequests==2.0\n", "unknown"),
    ("odd==1.0\npillow==10.2.0\n", "fail"),
    ("# nothing\n", "unknown"),
    ("pillow @ git+https://x.invalid/pillow\n", "unknown"),
)


@pytest.mark.parametrize("requirements, verdict", CASES)
def test_the_audit_says_what_deps_says(
    database: Path, lay: Lay, capsys: pytest.CaptureFixture[str], requirements: str, verdict: str
) -> None:
    root = lay({**PROJECT, "requirements.txt": requirements})
    assert audited(root, capsys)["verdict"] == verdict
    data = judged(root, capsys)
    told = {each["verdict"] for each in data["findings"] if each["control"] == "dependencies"}
    sure = "pass" if not data["failure"] else "unknown"
    assert verdict == ("fail" if "fail" in told else "unknown" if told else sure)


def test_without_a_database_nothing_is_judged(lay: Lay, capsys: pytest.CaptureFixture[str]) -> None:
    finding = audited(lay({**PROJECT, "requirements.txt": "pillow==10.2.0\n"}), capsys)
    assert (finding["judged"], finding["verdict"]) == (False, "unknown")
    assert "hardango deps --update" in finding["message"]


def test_a_damaged_database_is_no_pass(
    database: Path, lay: Lay, capsys: pytest.CaptureFixture[str]
) -> None:
    database.write_bytes(b"broken")
    finding = audited(lay({**PROJECT, "requirements.txt": "requests==2.0\n"}), capsys)
    assert (finding["judged"], finding["verdict"]) == (False, "unknown")


def test_an_old_database_proves_nothing_sound(
    database: Path, lay: Lay, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    now = time.time()
    monkeypatch.setattr(offline.time, "time", lambda: now + 400 * 86400)
    root = lay({**PROJECT, "requirements.txt": "requests==2.0\n"})
    assert audited(root, capsys)["verdict"] == "unknown"
    (root / "requirements.txt").write_text("pillow==10.2.0\n", encoding="utf-8")
    assert audited(root, capsys)["verdict"] == "fail"


def test_nothing_tells_what_is_installed(
    database: Path, lay: Lay, capsys: pytest.CaptureFixture[str]
) -> None:
    assert audited(lay(PROJECT), capsys)["verdict"] == "unknown"


IGNORE = '[[ignore]]\ncontrol = "dependencies"\nreason = "nobody uploads images"\n'


@pytest.mark.parametrize(
    "rule, counts",
    [
        ('about = "PYSEC-2024-3"\n', False),
        ('about = "pillow"\n', False),
        ("", False),
        ('file = "requirements.txt"\n', False),
        ('about = "PYSEC-2024-3"\nuntil = "2999-01-01"\n', False),
        ('about = "PYSEC-2024-3"\nuntil = "2020-01-01"\n', True),
        # A version mends it.
        ('about = "PYSEC-2024-3"\nuntil-fixed = true\n', True),
        ('about = "PYSEC-2024-3"\nuntil-fixed = false\n', False),
        ('about = "PYSEC-2024"\n', True),
        ('about = "fixed-not"\n', True),
        ('file = "other.txt"\n', True),
    ],
)
def test_ignores(
    database: Path, lay: Lay, capsys: pytest.CaptureFixture[str], rule: str, counts: bool
) -> None:
    root = lay({**PROJECT, "requirements.txt": "pillow==10.2.0\n", "hardango.toml": IGNORE + rule})
    found = judged(root, capsys)
    (package,) = found["packages"]
    assert package["verdict"] == ("fail" if counts else "ignored")
    assert bool(found["notes"]) is counts  # an ignore without effect is said
    assert bool(audited(root, capsys)["ignored"]) is not counts
    assert main(["deps", str(root), "-q"]) == int(counts)
    assert main(["deps", str(root), "-q", "--no-ignores"]) == 1


@pytest.mark.parametrize("about", ["CVE-2024-1", "GHSA-aaaa", "PYSEC-2024-1"])
def test_any_of_its_names_will_do(
    database: Path, lay: Lay, capsys: pytest.CaptureFixture[str], about: str
) -> None:
    toml = IGNORE + f'about = "{about}"\n'
    root = lay({**PROJECT, "requirements.txt": "Django==4.2.5\n", "hardango.toml": toml})
    assert judged(root, capsys)["packages"][0]["verdict"] == "ignored"


def test_until_fixed_holds_while_nothing_mends_it(
    database: Path, lay: Lay, capsys: pytest.CaptureFixture[str]
) -> None:
    toml = IGNORE + 'about = "PYSEC-2024-6"\nuntil-fixed = true\n'
    root = lay({**PROJECT, "requirements.txt": "endless==1.0\n", "hardango.toml": toml})
    assert judged(root, capsys)["packages"][0]["verdict"] == "ignored"
    write(
        database,
        [*RECORDS[:-1], record("PYSEC-2024-6", "endless", {"introduced": "0"}, {"fixed": "2"})],
    )
    found = judged(root, capsys)
    assert found["packages"][0]["verdict"] == "fail"
    assert any("counts again: 2 mends it" in each["message"] for each in found["notes"])


def test_a_comment(database: Path, lay: Lay, capsys: pytest.CaptureFixture[str]) -> None:
    text = "pillow==10.2.0  # hardango: ignore[dependencies] nobody uploads images\nDjango==4.2.1\n"
    found = judged(lay({**PROJECT, "requirements.txt": text}), capsys)
    assert [each["verdict"] for each in found["packages"]] == ["ignored", "fail"]
