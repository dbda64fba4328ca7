"""Which published holes a package has: records that mean the same are told as one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from hardango import support
from hardango.dependencies import cvss
from hardango.dependencies.records import Record, affects, fixes, parsed
from hardango.findings import Severity
from hardango.inventory import Hole, Judged, Pin

_FIRST = ("CVE-", "GHSA-", "PYSEC-")
_WORDS = {
    "CRITICAL": Severity.CRITICAL, "HIGH": Severity.HIGH, "MODERATE": Severity.MEDIUM,
    "MEDIUM": Severity.MEDIUM, "LOW": Severity.LOW,
}  # fmt: skip
NOT_RATED = "not rated"
UNRATED = Severity.HIGH
"""Of a hole that nobody has rated: it must not slip below --fail-on for want of a number."""


def judged(pin: Pin, records: Sequence[Record]) -> Judged:
    """A package with its holes; unknown if a record could not be compared with its version."""
    why = _not_comparable(pin)
    if why:
        return Judged(pin, unknown=why)
    found: list[Record] = []
    doubts: list[str] = []
    for each in records:
        said = affects(each, pin.version)
        if said:
            found.append(each)
        elif said is None:
            doubts.append(
                each.doubt or f"{pin.version!r} is no version that {each.id} can be compared with"
            )
    return Judged(pin, joined(found), "; ".join(dict.fromkeys(doubts))[:300])


def _not_comparable(pin: Pin) -> str:
    if pin.origin == "conda":
        return "it comes from conda, whose names are not those of PyPI"
    if not pin.version:
        if pin.origin == "index":
            return f"no version is pinned ({pin.asked or 'any'} is allowed)"
        return f"it comes from {_ORIGINS[pin.origin]}, and which version that is isn't known"
    return ""


_ORIGINS = {"git": "a repository", "address": "an address", "path": "a path"}


def joined(records: Iterable[Record]) -> tuple[Hole, ...]:
    """Holes, worst first; records that share a name are one."""
    groups: list[list[Record]] = []
    for record in records:
        names = _names(record)
        mine = [group for group in groups if any(names & _names(each) for each in group)]
        merged = [each for group in mine for each in group] + [record]
        groups = [group for group in groups if group not in mine] + [merged]
    holes = [_hole(group) for group in groups]
    return tuple(sorted(holes, key=lambda each: (-each.severity, -(each.score or 0), each.ids)))


def _names(record: Record) -> set[str]:
    return {record.id, *record.aliases}


def _hole(group: list[Record]) -> Hole:
    names = sorted({name for each in group for name in _names(each)}, key=_rank)
    severity, score, rated = _rated(group)
    fixed = {text for each in group for text in fixes(each)}
    known = sorted((version, text) for text in fixed if (version := parsed(text)) is not None)
    # What was written for people to read comes from the record that has been rated, if one was.
    told = sorted(
        group, key=lambda each: (not (each.word or each.vector), not each.summary, each.id)
    )
    return Hole(
        tuple(names), told[0].summary or next((each.summary for each in told if each.summary), ""),
        severity, score, rated, tuple(text for _, text in known),
        min((each.published for each in group if each.published), default=""), told[0].url,
    )  # fmt: skip


def _rank(name: str) -> tuple[int, str]:
    return next((at for at, start in enumerate(_FIRST) if name.startswith(start)), 9), name


def _rated(group: list[Record]) -> tuple[Severity, float | None, str]:
    """The worst score that was published, else the word of a database."""
    scores = [score for each in group if (score := cvss.base_score(each.vector)) is not None]
    if scores:
        return cvss.level(max(scores)), max(scores), f"CVSS {max(scores):.1f}"
    words = [_WORDS[word] for each in group if (word := each.word.upper()) in _WORDS]
    if words:
        return max(words), None, max(words).label
    return UNRATED, None, NOT_RATED


def nearest_safe(pin: Pin, records: Sequence[Record], candidates: Iterable[str] = ()) -> str:
    """The lowest version above the installed one that no record speaks of; "" if there is none.

    Without `candidates`, the versions that exist, those that mend something are asked.
    """
    now = parsed(pin.version)
    if now is None:
        return ""
    texts = list(candidates) or [text for each in records for text in fixes(each)]
    ordered = sorted((version, text) for text in dict.fromkeys(texts)
                     if (version := parsed(text)) is not None and version > now)  # fmt: skip
    for version, text in ordered:
        if version.is_prerelease and not now.is_prerelease:
            continue
        if pin.name == "django" and not _mended(version.release, now.release):
            continue
        if not any(affects(each, text) is not False for each in records):
            return text
    return ""


def _mended(version: tuple[int, ...], now: tuple[int, ...]) -> bool:
    """Whether a version of Django is in the series that is installed, or in one that still gets fixes:
    of any other one holes are not even published."""
    series = ((*version, 0)[0], (*version, 0)[1])
    if series == tuple((*now, 0)[:2]):
        return True
    return not support.ended(support.DJANGO, series, support.today())


def look_up(pins: Iterable[Pin], published: Mapping[str, Sequence[Record]]) -> list[Judged]:
    """Every package with its holes; `published` are the records by the package's name, and one that
    is not in it could not be looked up."""
    found = []
    for pin in pins:
        if pin.name in published or _not_comparable(pin):
            found.append(judged(pin, published.get(pin.name, ())))
        else:
            found.append(Judged(pin, unknown="it was not looked up"))
    return found
