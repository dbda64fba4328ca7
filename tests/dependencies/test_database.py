"""The offline database: an index that is made once, and again when the archive changes."""

from __future__ import annotations

import json
import os
import zipfile
from pathlib import Path

import pytest
from advisories import RECORDS, record, write

from hardango.dependencies import database
from hardango.dependencies.cache import BadDatabase
from hardango.dependencies.database import load


def indexes(cache: Path) -> list[Path]:
    return sorted((cache / "hardango" / "index").glob("*"))


def test_the_index_is_made_once(
    archive: Path, cache: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = load(str(archive))
    assert (first.date, first.records, first.failed) == ("2026-11-20", len(RECORDS), 0)
    found = first.look_up(["django", "pillow", "unheard-of"])
    assert [each.id for each in found["django"]] == ["GHSA-aaaa", "PYSEC-2024-1", "PYSEC-2024-2"]
    assert [each.id for each in found["pillow"]] == ["PYSEC-2024-3"]
    assert found["unheard-of"] == []
    monkeypatch.setattr(database, "_made", None)  # not again
    assert load(str(archive)) == first


def test_a_touched_archive_is_not_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = write(tmp_path / "a.zip", RECORDS)
    load(str(path))
    os.utime(path, (1, 1))
    monkeypatch.setattr(database, "_made", None)
    assert load(str(path)).records == len(RECORDS)


def test_a_changed_archive_is(tmp_path: Path) -> None:
    path = write(tmp_path / "a.zip", RECORDS)
    load(str(path))
    write(path, [*RECORDS, record("PYSEC-9", "fresh", {"introduced": "0"})])
    assert [each.id for each in load(str(path)).look_up(["fresh"])["fresh"]] == ["PYSEC-9"]


@pytest.mark.parametrize("content", [b"", b"{}", b'{"format": 1}\n', b"[" * 100_000, b"\xff\xfe\n"])
def test_a_damaged_index_is_made_again(archive: Path, cache: Path, content: bytes) -> None:
    load(str(archive))
    (index,) = indexes(cache)
    index.write_bytes(content)
    assert load(str(archive)).records == len(RECORDS)


def test_a_truncated_index_is_made_again(archive: Path, cache: Path) -> None:
    load(str(archive))
    (index,) = indexes(cache)
    index.write_bytes(index.read_bytes()[:-20])
    assert load(str(archive)).look_up(["django"])["django"]


def test_malformed_records_are_counted_and_end_nothing(tmp_path: Path) -> None:
    more = {"broken.json": b"{", "list.json": b"[]", "deep.json": b"[" * 200_000, "notes.txt": b"x",
            "binary.json": b"\xff\x00"}  # fmt: skip
    found = load(str(write(tmp_path / "a.zip", RECORDS, more=more)))
    assert found.records == len(RECORDS)
    assert found.failed == 4
    assert any("broken.json" in each for each in found.unread)


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", b"{}"])
def test_no_archive(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.zip"
    path.write_bytes(content)
    with pytest.raises(BadDatabase, match="is no archive"):
        load(str(path))


def test_an_archive_without_records(tmp_path: Path) -> None:
    with pytest.raises(BadDatabase, match="no OSV record"):
        load(str(write(tmp_path / "a.zip", [])))


def test_an_archive_that_unpacks_to_too_much(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(database, "MOST_BYTES", 1000)
    path = write(tmp_path / "a.zip", RECORDS, more={"bomb.json": b" " * 100_000})
    with pytest.raises(BadDatabase, match="unpacks to more"):
        load(str(path))


def test_no_file(tmp_path: Path) -> None:
    with pytest.raises(BadDatabase, match="No such file"):
        load(str(tmp_path / "a.zip"))


def test_every_record_of_the_real_archive_is_understood(shared: Path) -> None:
    found = load(str(shared))
    with zipfile.ZipFile(shared) as opened:
        names = opened.namelist()
        withdrawn = sum(bool(json.loads(opened.read(each)).get("withdrawn")) for each in names)
    assert (found.date, found.records, found.failed) == ("2024-10-10", len(names), 0)
    records = [each for name in found.names for each in found.look_up([name])[name]]
    assert len(records) == len(names) - withdrawn
    # Two name a package and no version of it.
    assert [each.id for each in records if each.doubt] == ["PYSEC-2021-371", "PYSEC-2019-125"]
