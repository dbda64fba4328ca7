"""The offline database: OSV's `all.zip` of the PyPI ecosystem, and an index of it.

The archive holds one JSON record a file. Reading all of them takes seconds, so that is done once:
the index holds, for each package, what `records` understood, and is made anew when the archive's
digest changes. Its first line says where each package begins; the rest is read as it is needed.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable

from hardango.dependencies import cache
from hardango.dependencies.cache import BadDatabase
from hardango.dependencies.records import Malformed, Record, records_of
from hardango.light import Any, NamedTuple

FORMAT = 1
"""Of the index: another number, and it is made anew."""

MOST_BYTES = 1_000_000_000
"""How large an archive may be, and all that is packed into it."""
_LARGEST_RECORD = 20_000_000
_LONGEST_HEAD = 100_000_000
_MOST_UNREAD = 20


class Database(NamedTuple):
    """An open index: `file` is the index, `start` where its packages begin, `names` the place of
    each by its normalised name; `date` the day of the newest record; `unread` which records could
    not be understood, and `failed` how many these are."""

    file: str
    shown: str
    start: int
    names: dict[str, tuple[int, int]]
    date: str
    records: int
    unread: tuple[str, ...]
    failed: int

    def look_up(self, names: Iterable[str]) -> dict[str, list[Record]]:
        """What is published of packages, by their normalised names. Raises BadDatabase."""
        found: dict[str, list[Record]] = {}
        try:
            with open(self.file, "rb") as opened:
                for name in names:
                    at, length = self.names.get(name, (0, 0))
                    opened.seek(self.start + at)
                    rows = json.loads(opened.read(length)) if length else []
                    found[name] = [_record(row) for row in rows]
        except (OSError, ValueError, TypeError):
            raise BadDatabase(f"{self.file}: the index is damaged; remove it") from None
        return found


def default() -> str:
    """The archive that `hardango deps --update` brought; it need not be there."""
    return cache.path(cache.DATABASE)


def load(archive: str, shown: str = "") -> Database:
    """The index of an archive, made if there is none. Raises BadDatabase."""
    try:
        status = os.stat(archive)
    except OSError as error:
        raise BadDatabase(f"{shown or archive}: {error.strerror or 'unreadable'}") from None
    seen = [os.path.realpath(archive), status.st_size, status.st_mtime_ns]
    index = cache.path("index", f"{_name(seen[0])}.index")
    found = _opened(index, shown or archive)
    if found is not None and found[1].get("seen") == seen:
        return found[0]
    digest = _digest(archive, shown or archive)
    if found is not None and found[1].get("digest") == digest:
        _keep(index, {**found[1], "seen": seen}, _rest(index, found[0].start))
    else:
        _keep(index, *_made(archive, shown or archive, {"seen": seen, "digest": digest}))
    again = _opened(index, shown or archive)
    if again is None:
        raise BadDatabase(f"{cache.folder()} cannot be written: the index is kept there")
    return again[0]


def _name(path: object) -> str:
    import hashlib

    return hashlib.sha256(str(path).encode("utf-8", "surrogateescape")).hexdigest()[:16]


def _digest(archive: str, shown: str) -> str:
    import hashlib

    try:
        with open(archive, "rb") as opened:
            return hashlib.file_digest(opened, "sha256").hexdigest()
    except OSError as error:
        raise BadDatabase(f"{shown}: {error.strerror or 'unreadable'}") from None


def _opened(index: str, shown: str) -> tuple[Database, dict[str, Any]] | None:
    """An index and its first line; None if there is none that can be used."""
    try:
        with open(index, "rb") as opened:
            line = opened.readline(_LONGEST_HEAD)
        head = json.loads(line)
        if head["format"] != FORMAT or os.path.getsize(index) != len(line) + head["size"]:
            return None
        names = {name: (at, length) for name, (at, length) in head["names"].items()}
        made = Database(index, shown, len(line), names, head["date"], head["records"],
                        tuple(head["unread"]), head["failed"])  # fmt: skip
        return made, head
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None


def _rest(index: str, start: int) -> bytes:
    with open(index, "rb") as opened:
        opened.seek(start)
        return opened.read()


def _keep(index: str, head: dict[str, Any], rest: bytes) -> None:
    line = json.dumps(head, separators=(",", ":")).encode() + b"\n"
    cache.keep(index, line + rest)


def _made(archive: str, shown: str, head: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    """The first line of a new index, and the rest of it."""
    packages: dict[str, list[Record]] = {}
    unread: list[str] = []
    newest, records = "", 0
    for name, data in _read(archive, shown):
        try:
            if isinstance(data, Exception):
                raise Malformed(f"{name}: {data}")
            for package, record in records_of(data):
                packages.setdefault(package, []).append(record)
            newest = max(newest, str(data.get("modified") or "")[:10])
            records += 1
        except Malformed as error:
            unread.append(str(error)[:200])
    if not records:
        raise BadDatabase(f"{shown} holds no OSV record")
    rest = bytearray()
    names = {}
    for package in sorted(packages):
        part = json.dumps(sorted(packages[package]), separators=(",", ":")).encode()
        names[package] = (len(rest), len(part))
        rest += part
    head = {**head, "format": FORMAT, "date": newest, "records": records, "size": len(rest),
            "unread": unread[:_MOST_UNREAD], "failed": len(unread), "names": names}  # fmt: skip
    return head, bytes(rest)


def _read(archive: str, shown: str) -> Iterable[tuple[str, Any]]:
    """The records of an archive by the names of their files; an Exception for one that is not
    JSON. Raises BadDatabase."""
    import zipfile
    import zlib

    try:
        with zipfile.ZipFile(archive) as opened:
            files = [each for each in opened.infolist() if each.filename.endswith(".json")]
            if sum(each.file_size for each in files) > MOST_BYTES:
                raise BadDatabase(f"{shown} unpacks to more than {MOST_BYTES} bytes")
            for each in files:
                try:
                    if each.file_size > _LARGEST_RECORD:
                        raise ValueError("the record is too large")
                    data: Any = json.loads(opened.read(each))
                except (ValueError, RecursionError, zlib.error, NotImplementedError) as error:
                    data = ValueError(type(error).__name__)
                yield each.filename, data
    except (OSError, zipfile.BadZipFile, RuntimeError, EOFError) as error:
        raise BadDatabase(f"{shown} is no archive of OSV records: {_why(error)}") from None


def _why(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__


def _record(row: list[Any]) -> Record:
    identity, aliases, summary, vector, word, published, ranges, versions, url, doubt = row
    events = tuple(tuple((kind, text) for kind, text in each) for each in ranges)
    return Record(identity, tuple(aliases), summary, vector, word, published, events,
                  tuple(versions), url, doubt)  # fmt: skip
