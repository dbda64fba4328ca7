"""How what is known of packages is said: the report of `hardango deps` and the control tell the same."""

from __future__ import annotations

from collections.abc import Sequence

from hardango.dependencies.holes import NOT_RATED
from hardango.dependencies.records import parsed
from hardango.findings import Severity
from hardango.inventory import Hole, Judged, Pin

UNKNOWN = Severity.HIGH
"""Of a package that could not be looked up: it may have any hole."""

UNPINNED = Severity.MEDIUM

LONGEST = 140
"""Characters of what is told of a hole in a report."""


def unpinned(pin: Pin) -> bool:
    """Whether a package comes from the index in whatever version is the newest that day."""
    return not pin.version and pin.origin == "index"


def title(each: Judged) -> str:
    """What is wrong with a package, as a headline."""
    counting = [hole for hole in each.holes if hole.counts] or list(each.holes)
    number = len(counting)
    holes = "a known hole" if number == 1 else f"{number} known holes"
    return f"{each.pin.name} {each.pin.version} has {holes}"


def told(pin: Pin, hole: Hole) -> str:
    """One hole as a sentence: its name, how bad it is, what mends it, what it is."""
    now = parsed(pin.version)
    later = [each for each in hole.fixed
             if now is None or ((version := parsed(each)) is not None and version > now)]  # fmt: skip
    fixed = f"fixed in {later[0]}" if later else "not fixed in any version"
    rated = (
        hole.rated if hole.rated != NOT_RATED else f"{NOT_RATED}, counts as {hole.severity.label}"
    )
    if hole.score is not None:
        rated = f"{hole.severity.label}, {rated}"
    unreached = f" {hole.unreached[:1].upper()}{hole.unreached[1:]}." if hole.unreached else ""
    return f"{hole.ids[0]} ({rated}; {fixed}): {_shortened(hole.summary)}{unreached}"


def _shortened(text: str) -> str:
    if len(text) <= LONGEST:
        return text
    return text[: LONGEST - 1].rsplit(" ", 1)[0].rstrip(",;:.") + "…"


def about(pin: Pin, hole: Hole) -> str:
    """The words by which an ignore can name a hole; the last says whether a version mends it."""
    return " ".join((*hole.ids, pin.name, *(["fixed"] if hole.fixed else [])))


def unknown(each: Judged) -> str:
    """Why a package is not known."""
    named = f"{each.pin.name} {each.pin.version}".strip()
    return f"{named} could not be looked up: {each.unknown}"


def loose(pins: Sequence[Pin]) -> str:
    """What is not pinned, and what that means."""
    shown = ", ".join(f"{each.name} ({each.asked or 'any version'})" for each in pins[:6])
    more = f" and {len(pins) - 6} more" if len(pins) > 6 else ""
    number = "1 package is" if len(pins) == 1 else f"{len(pins)} packages are"
    return (f"{number} not pinned: {shown}{more}. What is installed depends on the day, and no "
            "advisory can be compared with it")  # fmt: skip


UNREAD = "this line installs something whose name it does not tell"
