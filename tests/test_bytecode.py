"""The modules of an audit in one file: made once, void when a source changes, never in the way."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PROJECT = ROOT / "tests" / "projects" / "check_deploy_clean"
TOLD = """
import sys
from hardango import cli
end = cli.os._exit
def tell(code):
    from hardango import bytecode, complete
    from hardango.controls.transport import hsts
    import importlib, inspect
    assert inspect.getsource(hsts.audit).startswith("@HSTS.audit")
    assert hsts.__spec__.name == hsts.__name__ == "hardango.controls.transport.hsts"
    assert importlib.reload(hsts) is hsts
    print(len(complete), file=sys.stderr)
    end(code)
cli.os._exit = tell
cli.run()
"""


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A copy of the package that may be changed."""
    ignored = shutil.ignore_patterns("__pycache__")
    return shutil.copytree(ROOT / "src", tmp_path / "src", ignore=ignored)


def audit(source: Path, **variables: str) -> tuple[str, int]:
    """What an audit prints in a process of its own, and how many modules were loaded one by one."""
    environment = {**os.environ, "PYTHONPATH": str(source), **variables}
    environment = {name: value for name, value in environment.items() if value}
    done = subprocess.run([sys.executable, "-c", TOLD, "audit", str(PROJECT)], env=environment,
                          capture_output=True, text=True, check=False, timeout=60)  # fmt: skip
    assert done.returncode == 1, done.stderr
    return done.stdout, int(done.stderr)


def pack(source: Path) -> list[Path]:
    return sorted(source.rglob("*.pack*"))


WRITES = {"PYTHONDONTWRITEBYTECODE": ""}


def test_the_second_audit_loads_them_at_one_go(source: Path) -> None:
    first, one_by_one = audit(source, **WRITES)
    assert [each.parent.name for each in pack(source)] == ["__pycache__"]
    second, left = audit(source, **WRITES)
    assert second == first
    assert one_by_one > 120
    assert left < 40


def test_a_changed_source_counts_at_once(source: Path) -> None:
    before, _ = audit(source, **WRITES)
    control = source / "hardango" / "controls" / "transport" / "hsts.py"
    text = control.read_text(encoding="utf-8")
    control.write_text(text.replace("Browsers are not told", "Nobody is told"), encoding="utf-8")
    after, one_by_one = audit(source, **WRITES)
    assert after == before.replace("Browsers are not told", "Nobody is told") != before
    assert one_by_one > 120
    again, left = audit(source, **WRITES)
    assert again == after
    assert left < 40


@pytest.mark.parametrize("content", [b"", b"\x00", b"i\x01\x00\x00\x00", b"not bytecode" * 99],
                         ids=["empty", "a wrong type", "another thing", "damaged"])  # fmt: skip
def test_what_is_no_bytecode_is_made_anew(source: Path, content: bytes) -> None:
    first, _ = audit(source, **WRITES)
    (made,) = pack(source)
    made.write_bytes(content)
    assert audit(source, **WRITES)[0] == first
    assert len(made.read_bytes()) > 100_000


def test_that_of_another_python_is_not_used(source: Path) -> None:
    import marshal

    first, _ = audit(source, **WRITES)
    (made,) = pack(source)
    _, kept = marshal.loads(made.read_bytes())
    made.write_bytes(marshal.dumps((b"\x00\x00\r\n", kept)))
    again, one_by_one = audit(source, **WRITES)
    assert again == first
    assert one_by_one > 120


def test_nothing_is_written_where_python_writes_no_bytecode(source: Path) -> None:
    audit(source, PYTHONDONTWRITEBYTECODE="1")
    assert not pack(source)


def test_a_place_that_cannot_be_written_is_no_error(source: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    said, _ = audit(source, PYTHONPYCACHEPREFIX=str(tmp_path / "file"), **WRITES)
    assert said == audit(source, PYTHONDONTWRITEBYTECODE="1")[0]
    assert not pack(source)


def test_the_bytecode_lies_where_python_keeps_its_own(source: Path, tmp_path: Path) -> None:
    audit(source, PYTHONPYCACHEPREFIX=str(tmp_path / "cache"), **WRITES)
    assert not pack(source)
    assert len(pack(tmp_path / "cache")) == 1


def test_other_commands_do_without_it(source: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(source), "PYTHONDONTWRITEBYTECODE": ""}
    subprocess.run([sys.executable, "-m", "hardango", "explain", "hsts"], env=environment,
                   check=True, capture_output=True, timeout=60)  # fmt: skip
    assert not pack(source)
