"""Reports of violations, counted from logs: the JSON lines of `hardango.django.reports`.

A line may have something before its JSON (a container's name, a time); other lines are passed over.
Anybody can send reports, so what is kept apart is bounded, and each text is short.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from hardango.light import Any, NamedTuple

LONGEST_LINE = 64 * 1024
MOST = 2000
"""Pairs of a directive and a source that are kept apart."""
MOST_PAGES = 200
"""Paths that are kept apart for each of them."""
LONGEST = 300

_NUMBER = re.compile(r"\d+|[0-9a-fA-F]{8}-[0-9a-fA-F-]{27}|[0-9a-f]{16,}")


class Told(NamedTuple):
    """One report, in a word or an origin each."""

    directive: str
    blocked: str
    page: str
    source: str
    time: str


class Tally:
    """Reports by directive, blocked source and the origin of the script that asked for it."""

    def __init__(self) -> None:
        self.pages: dict[tuple[str, str, str], Counter[str]] = {}
        self.lines = self.reports = self.others = 0
        self.first = self.last = ""

    def add(self, told: Told) -> None:
        self.reports += 1
        key = (told.directive, told.blocked, told.source)
        pages = self.pages.get(key)
        if pages is None:
            if len(self.pages) >= MOST:
                self.others += 1
                return
            pages = self.pages[key] = Counter()
        pages[told.page if told.page in pages or len(pages) < MOST_PAGES else "…"] += 1
        if told.time:
            self.first = min(self.first or told.time, told.time)
            self.last = max(self.last, told.time)


def collect(lines: Iterable[str], tally: Tally) -> None:
    """Count the reports of a log."""
    for line in lines:
        tally.lines += 1
        if len(line) <= LONGEST_LINE and '"csp"' in line:
            for told in reports(line):
                tally.add(told)


def reports(line: str) -> Iterator[Told]:
    """The report in a line, if there is one."""
    start = line.find("{")
    try:
        event: Any = json.loads(line[start:]) if start >= 0 else None
    except (ValueError, RecursionError):
        return
    found = event.get("csp") if isinstance(event, Mapping) else None
    if not isinstance(found, Mapping):
        return
    word = {name: _text(found.get(name)) for name in ("directive", "blocked", "document", "source")}
    if word["directive"] and word["blocked"]:
        page = "/".join(_NUMBER.sub("N", each) if _NUMBER.fullmatch(each) else each
                        for each in (word["document"] or "?").split("/"))  # fmt: skip
        time = _text(event.get("time"))
        yield Told(word["directive"], word["blocked"], page, word["source"], time)


def _text(value: object) -> str:
    return value[:LONGEST] if isinstance(value, str) else ""
