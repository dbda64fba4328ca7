"""What is wrong with a project's packages as findings, which every format can show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hardango.controls.judge import fingerprint
from hardango.controls.start.dependencies import DEPENDENCIES
from hardango.controls.start.django_support import DJANGO_SUPPORT
from hardango.controls.start.python_support import PYTHON_SUPPORT
from hardango.dependencies.holes import NOT_RATED
from hardango.dependencies.records import parsed
from hardango.findings import Finding, Place, Problem, Severity, Verdict
from hardango.inventory import Hole, Judged, Pin, Supported

UNKNOWN = Severity.HIGH
"""Of a package that could not be looked up: it may have any hole."""

UNPINNED = Severity.MEDIUM

LONGEST = 140
"""Characters of what is told of a hole in a report."""


def findings(
    judged: Iterable[Judged], supported: Iterable[Supported], unread: Iterable[Place]
) -> Iterator[Finding]:
    """One for each package with a hole, for what is out of support, for what is not known and for
    what is not pinned; the worst first, support before all."""
    found = [_supported(each) for each in supported if each.severity > Severity.INFO]
    packages = list(judged)
    found += sorted((_vulnerable(each) for each in packages if each.holes), key=_worst_first)
    found += [_unknown(each) for each in packages if each.unknown and not unpinned(each.pin)]
    found += [_unreadable(each) for each in unread]
    loose = [each.pin for each in packages if unpinned(each.pin)]
    if loose:
        found.append(_unpinned(loose))
    yield from found


def unpinned(pin: Pin) -> bool:
    """Whether a package comes from the index in whatever version is the newest that day."""
    return not pin.version and pin.origin == "index"


def _worst_first(finding: Finding) -> tuple[object, ...]:
    return not finding.counts, -finding.severity, -len(finding.problems), finding.message


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


def _vulnerable(each: Judged) -> Finding:
    pin = each.pin
    problems = tuple(
        Problem(Verdict.FAIL, told(pin, hole), (), (pin.place,), hole.severity, about(pin, hole),
                fingerprint("dependencies", pin.name, hole.ids[0]))
        for hole in each.holes if hole.counts or not each.vulnerable
    )  # fmt: skip
    ignored = () if each.vulnerable else tuple(
        dict.fromkeys(hole.ignored for hole in each.holes if hole.ignored is not None)
    )  # fmt: skip
    severity = max(problem.severity for problem in problems)
    return _finding("dependencies", severity, title(each), problems[0].message, pin.place, pin.name,
                    problems, each.way.said if each.way else "", ignored=ignored)  # fmt: skip


def _unknown(each: Judged) -> Finding:
    pin = each.pin
    message = f"{pin.name} {pin.version}".strip() + f" could not be looked up: {each.unknown}"
    return _finding("dependencies", UNKNOWN, f"{pin.name} could not be looked up", message,
                    pin.place, f"{pin.name} unknown")  # fmt: skip


def _unreadable(place: Place) -> Finding:
    return _finding("dependencies", UNKNOWN, "A line could not be looked up",
                    "this line installs something whose name it does not tell", place,
                    f"{place} unread")  # fmt: skip


def _unpinned(loose: list[Pin]) -> Finding:
    shown = ", ".join(f"{each.name} ({each.asked or 'any version'})" for each in loose[:6])
    more = f" and {len(loose) - 6} more" if len(loose) > 6 else ""
    number = "1 package is" if len(loose) == 1 else f"{len(loose)} packages are"
    return _finding(
        "dependencies", UNPINNED, "Production installs versions that no file pins",
        f"{number} not pinned: {shown}{more}. What is installed depends on the day, and no advisory "
        "can be compared with it",
        loose[0].place, "unpinned",
        tuple(Problem(Verdict.FAIL, f"{each.name} is not pinned", (), (each.place,), UNPINNED, each.name,
                      fingerprint("dependencies", each.name, "unpinned")) for each in loose),
        "Install from a lock file (uv lock, pip-compile --generate-hashes, poetry lock).",
    )  # fmt: skip


def _supported(each: Supported) -> Finding:
    control = DJANGO_SUPPORT if each.name == "Django" else PYTHON_SUPPORT
    message = f"{each.name} {each.series}: {each.said}"
    return _finding(control.name, each.severity, control.weakness, message, each.place,
                    each.name.lower(), (), each.remedy or control.remedy)  # fmt: skip


_CONTROLS = {each.name: each for each in (DEPENDENCIES, DJANGO_SUPPORT, PYTHON_SUPPORT)}


def _finding(
    control: str,
    severity: Severity,
    headline: str,
    message: str,
    place: Place | None,
    about: str,
    problems: tuple[Problem, ...] = (),
    remedy: str = "",
    ignored: tuple = (),  # type: ignore[type-arg]
) -> Finding:
    chain = (place,) if place is not None else ()
    mark = fingerprint(control, about)
    problems = problems or (Problem(Verdict.FAIL, message, (), chain, severity, about, mark),)
    known = _CONTROLS[control]
    return Finding(
        control, Verdict.FAIL, severity, headline, message, (), chain, problems, known.attack,
        remedy or known.remedy, tuple(each.text for each in known.references), False, mark,
        ignored=ignored,
    )  # fmt: skip
