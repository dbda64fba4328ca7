"""OSV records: what an advisory says of a package of PyPI, and whether it affects a version.

https://ossf.github.io/osv-schema/. A record speaks of a version if that is among its `versions`,
or in one of its ranges, which are compared as PEP 440 says. A record that was withdrawn speaks of
none.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from hardango.light import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from packaging.version import Version

ECOSYSTEM = "PyPI"
_KINDS = ("introduced", "fixed", "last_affected", "limit")
_LONGEST_SUMMARY = 240

Event = tuple[str, str]
"""What happens at a version: ("introduced", "4.2")."""


class Malformed(Exception):
    """A record that cannot be understood; the text says which, and why."""


class Record(NamedTuple):
    """What an advisory says of one package. `versions` are written as `same` writes them; `vector`
    is the CVSS vector of the newest version that was published, `word` the severity that the
    database itself gives ("HIGH"); `doubt` says what of it could not be understood, "" if all
    could."""

    id: str
    aliases: tuple[str, ...] = ()
    summary: str = ""
    vector: str = ""
    word: str = ""
    published: str = ""
    ranges: tuple[tuple[Event, ...], ...] = ()
    versions: tuple[str, ...] = ()
    url: str = ""
    doubt: str = ""


@lru_cache(maxsize=65536)
def parsed(text: str) -> Version | None:
    """A version as PEP 440 compares it; None if it is none."""
    from packaging.version import InvalidVersion, Version

    if len(text) > 128:
        return None
    try:
        return Version(text)
    except InvalidVersion:
        return None


@lru_cache(maxsize=65536)
def same(text: str) -> str:
    """One way to write a version, whoever wrote it: 1.0 and 1.0.0 are the same."""
    from packaging.utils import canonicalize_version

    return canonicalize_version(text) if parsed(text) is not None else text.strip().lower()


# -- reading ---------------------------------------------------------------------------------------


def records_of(data: Any) -> Iterator[tuple[str, Record]]:
    """What one OSV record says, by the normalised name of the package; nothing if it was withdrawn
    or speaks of other ecosystems. Raises Malformed."""
    from hardango.project.versions import normalised

    if not isinstance(data, dict) or not isinstance(data.get("id"), str):
        raise Malformed("a record has no id")
    identity = data["id"]
    if data.get("withdrawn"):
        return
    spoken: dict[str, list[dict[str, Any]]] = {}
    for affected in _list(data, "affected", identity):
        package = affected.get("package") if isinstance(affected, dict) else None
        if not isinstance(package, dict):
            if isinstance(affected, dict) and "package" not in affected:
                continue  # source code that is no package
            raise Malformed(f"{identity} names no package")
        name = package.get("name")
        if str(package.get("ecosystem", "")).partition(":")[0] == ECOSYSTEM:
            if not isinstance(name, str) or not name:
                raise Malformed(f"{identity} names no package")
            spoken.setdefault(normalised(name), []).append(affected)
    for name, parts in spoken.items():
        yield name, _record(data, identity, parts)


def _record(data: dict[str, Any], identity: str, parts: list[dict[str, Any]]) -> Record:
    doubts: list[str] = []
    ranges: list[tuple[Event, ...]] = []
    versions: dict[str, None] = {}
    for part in parts:
        for each in _list(part, "versions", identity):
            if isinstance(each, str):
                versions[same(each)] = None
            else:
                doubts.append("a version is no text")
        for each in _list(part, "ranges", identity):
            if not isinstance(each, dict) or each.get("type") == "GIT":
                continue
            try:
                ranges.append(tuple(_events(each, identity)))
            except Malformed as error:
                doubts.append(str(error))
    if not ranges and not versions and not doubts:
        doubts.append(f"{identity} names no versions")
    kept = [each for each in versions if not any(_within(each, events) for events in ranges)]
    return Record(
        identity, tuple(_texts(data.get("aliases"))), _summary(data), *_rating(data, parts),
        str(data.get("published") or "")[:10], tuple(ranges), tuple(kept), _url(data, identity),
        "; ".join(dict.fromkeys(doubts)),
    )  # fmt: skip


def _list(data: dict[str, Any], key: str, identity: str) -> list[Any]:
    found = data.get(key)
    if found is None:
        return []
    if not isinstance(found, list):
        raise Malformed(f"{identity}: {key} is no list")
    return found


def _texts(value: object) -> Iterator[str]:
    for each in value if isinstance(value, list) else ():
        if isinstance(each, str) and each.isprintable() and len(each) < 100:
            yield each


def _events(given: dict[str, Any], identity: str) -> Iterator[Event]:
    """The events of a range in their order, those that end it before those that begin it."""
    found: list[tuple[Version | None, int, Event]] = []
    for event in _list(given, "events", identity):
        if not isinstance(event, dict):
            raise Malformed(f"{identity}: an event is no object")
        for kind in _KINDS:
            text = event.get(kind)
            if text is None:
                continue
            version = (
                None if (kind, text) in (("introduced", "0"), ("limit", "*")) else parsed(str(text))
            )
            if version is None and str(text) not in ("0", "*"):
                raise Malformed(f"{identity}: {str(text)[:40]!r} is no version")
            found.append((version, kind == "introduced", (kind, str(text))))
    if not any(event[0] == "introduced" for _, _, event in found):
        raise Malformed(f"{identity}: a range has no beginning")
    first = [event for version, _, event in found if version is None]
    yield from first
    later = [(version, order, event) for version, order, event in found if version is not None]
    for _, _, event in sorted(later, key=lambda each: each[:2]):
        yield event


def _summary(data: dict[str, Any]) -> str:
    """The summary, or the first sentence of the details."""
    text = data.get("summary") or data.get("details") or ""
    text = " ".join(text.split()) if isinstance(text, str) else ""
    if len(text) > _LONGEST_SUMMARY:
        text = text[: _LONGEST_SUMMARY - 1].rsplit(" ", 1)[0] + "…"
    return text


def _rating(data: dict[str, Any], parts: list[dict[str, Any]]) -> tuple[str, str]:
    """The CVSS vector, version 3 before version 4, and the word of the database."""
    vectors: list[str] = []
    for holder in (data, *parts):
        for each in (
            holder.get("severity") or () if isinstance(holder.get("severity"), list) else ()
        ):
            score = each.get("score") if isinstance(each, dict) else None
            if isinstance(score, str) and score.startswith("CVSS:") and len(score) < 400:
                vectors.append(score)
    specific = data.get("database_specific")
    word = specific.get("severity") if isinstance(specific, dict) else ""
    best = sorted(vectors, key=lambda each: not each.startswith("CVSS:3"))
    return (best[0] if best else ""), (word if isinstance(word, str) else "")


def _url(data: dict[str, Any], identity: str) -> str:
    return f"https://osv.dev/vulnerability/{identity}"


# -- matching --------------------------------------------------------------------------------------


def affects(record: Record, version: str) -> bool | None:
    """Whether the record speaks of a version; None if that cannot be told.

    A local version ("2.1+cpu") is a build of the public one and has its holes.
    """
    if same(version) in record.versions:
        return True
    read = parsed(version)
    if read is None:
        return None if record.ranges or record.doubt else False
    candidates = {version, read.public}
    for each in candidates:
        if same(each) in record.versions or any(_within(each, way) for way in record.ranges):
            return True
    return None if record.doubt else False


def _within(version: str, events: Iterable[Event]) -> bool:
    """https://ossf.github.io/osv-schema/#evaluation, with events in order."""
    read = parsed(version)
    if read is None:
        return False
    inside, limited, below = False, False, False
    for kind, text in events:
        at = parsed(text)
        if kind == "introduced" and (text == "0" or (at is not None and read >= at)):
            inside = True
        elif (kind == "fixed" and at is not None and read >= at) or (
            kind == "last_affected" and at is not None and read > at
        ):
            inside = False
        elif kind == "limit":
            limited = True
            below = below or text == "*" or (at is not None and read < at)
    return inside and (below or not limited)


def fixes(record: Record) -> tuple[str, ...]:
    """The versions at which a range ends, oldest first."""
    found = {text for events in record.ranges for kind, text in events if kind == "fixed"}
    known = [(version, text) for text in found if (version := parsed(text)) is not None]
    return tuple(text for _, text in sorted(known))
