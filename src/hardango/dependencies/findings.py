"""What is wrong with a project's packages as findings, which every format can show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from hardango.controls.judge import fingerprint
from hardango.controls.start.dependencies import DEPENDENCIES
from hardango.controls.start.django_support import DJANGO_SUPPORT
from hardango.controls.start.python_support import PYTHON_SUPPORT
from hardango.dependencies.sentences import (
    UNKNOWN,
    UNPINNED,
    UNREAD,
    about,
    loose,
    title,
    told,
    unknown,
    unpinned,
)
from hardango.findings import Finding, Place, Problem, Severity, Verdict
from hardango.inventory import Judged, Pin, Supported


def findings(
    judged: Iterable[Judged], supported: Iterable[Supported], unread: Iterable[Place]
) -> Iterator[Finding]:
    """One for each package with a hole, for what is out of support, for what is not known and for
    what is not pinned; the worst first, support before all."""
    found = [_supported(each) for each in supported if each.severity > Severity.INFO]
    packages = list(judged)
    found += sorted((_vulnerable(each) for each in packages if each.holes), key=_worst_first)
    found += [_unknown(each) for each in packages if each.unknown and not unpinned(each.pin)]
    found += [_unsure("A line could not be looked up", UNREAD, each, f"{each} unread")
              for each in unread]  # fmt: skip
    open_ended = [each.pin for each in packages if unpinned(each.pin)]
    if open_ended:
        found.append(_unpinned(open_ended))
    yield from found


def _worst_first(finding: Finding) -> tuple[object, ...]:
    return not finding.counts, -finding.severity, -len(finding.problems), finding.message


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
    name = each.pin.name
    return _unsure(
        f"{name} could not be looked up", unknown(each), each.pin.place, f"{name} unknown"
    )


def _unsure(headline: str, message: str, place: Place, about: str) -> Finding:
    """What is not known counts, and is not called a weakness."""
    found = _finding("dependencies", UNKNOWN, headline, message, place, about)
    problem = found.problems[0]._replace(verdict=Verdict.UNKNOWN)
    return found._replace(verdict=Verdict.UNKNOWN, problems=(problem,), remedy="")


def _unpinned(pins: list[Pin]) -> Finding:
    problems = tuple(
        Problem(Verdict.FAIL, f"{each.name} is not pinned", (), (each.place,), UNPINNED, each.name,
                fingerprint("dependencies", each.name, "unpinned"))
        for each in pins
    )  # fmt: skip
    return _finding(
        "dependencies", UNPINNED, "Production installs versions that no file pins", loose(pins),
        pins[0].place, "unpinned", problems,
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
