"""A small database of OSV records, and the one of ../shared if it is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from advisories import RECORDS, SHARED, Lay, laid, write


@pytest.fixture(scope="session")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write(tmp_path_factory.mktemp("osv") / "all.zip", RECORDS)


@pytest.fixture(scope="session")
def shared() -> Path:
    if not SHARED.exists():
        pytest.skip(
            "needs ../shared/data/osv-pypi-2024-10-10.zip, which is not beside this checkout"
        )
    return SHARED


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Nothing of the developer's own cache is read or written."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache"


@pytest.fixture
def lay(tmp_path: Path) -> Lay:
    return lambda files: laid(tmp_path / "shop", files)
