"""What `hardango deps` has to say as text and as JSON: support first, then holes, worst first."""

from __future__ import annotations

from collections.abc import Iterator

from hardango.findings import Finding, Place, Report, Severity, Verdict
from hardango.inventory import Consulted, Dependencies, Hole, Judged, Release, Supported
from hardango.report.json_format import SCHEMA, TOOL, dump
from hardango.report.layout import Style, entry, listed, rows, wrap
from hardango.report.terminal import headline, where

OLDEST = 7
"""After so many days a database is too old, and that is said loudly."""
_MOST_HOLES = 4
_MOST_NAMED = 12
_MOST_OUTDATED = 10


def as_text(done: Dependencies, style: Style, *, quiet: bool = False, verbose: bool = False) -> str:
    """The whole report, ending with a newline. `quiet` leaves headlines and summary; `verbose` lists
    every hole, and the packages without one."""
    weak = [each for each in done.findings if each.counts or each.verdict is Verdict.UNKNOWN]
    if quiet:
        lines = [line for each in weak for line in headline(each, style)]
        blocks = [lines, [*_warning(done, style), *_summary(done, style)]]
    else:
        blocks = [_header(done, style), *(_weakness(done, each, style, verbose) for each in weak),
                  _outdated(done, style, verbose), _others(done, style, verbose),
                  _summary(done, style)]  # fmt: skip
    return "\n\n".join("\n".join(block) for block in blocks if block) + "\n"


def _header(done: Dependencies, style: Style) -> list[str]:
    title = style.clean(
        f"Dependencies of {done.project}: {_number(done)} in {', '.join(done.files)}"
    )
    lines = [style.paint(line, "bold") for line in wrap(title, style.width)]
    lines += entry("because", done.reason, style)
    for each in done.supported:
        lines += entry(each.name, f"{each.series}: {each.said}{_at(each.place)}", style)
    if done.consulted is not None:
        lines += entry("data", _data(done.consulted), style)
    lines += _warning(done, style)
    for label, note in zip(["note", *[""] * len(done.notes)], done.notes, strict=False):
        lines += entry(label, note.message + _at(note.place), style)
    return lines


def _at(place: Place | None) -> str:
    return f" ({place})" if place is not None else ""


def _data(consulted: Consulted) -> str:
    if not consulted.date:
        return consulted.said
    return f"{consulted.said}, of {consulted.date}"


def _warning(done: Dependencies, style: Style) -> list[str]:
    """What makes the whole report worth less, loudly."""
    if done.failure:
        text = f"NOTHING WAS JUDGED: {done.failure}"
    elif done.consulted is not None and done.consulted.age > OLDEST:
        text = (f"TOO OLD: the newest record is {done.consulted.age} days old. What was published "
                "since then is not known; `hardango deps --update` brings it.")  # fmt: skip
    else:
        return []
    return [style.paint(line, "bold red") for line in wrap(style.clean(text), style.width)]


def _weakness(done: Dependencies, finding: Finding, style: Style, verbose: bool) -> list[str]:
    lines = headline(finding, style)
    problems = finding.problems
    if len(problems) == 1 or problems[0].message != finding.message:
        lines += entry("what", finding.message, style)
        problems = problems[1:] if len(problems) == 1 else ()
    lines += where(done.sources, finding.chain, style)
    shown = problems if verbose else problems[:_MOST_HOLES]
    for label, each in zip(["holes", *[""] * len(shown)], shown, strict=False):
        lines += entry(label, each.message, style)
    if len(problems) > len(shown):
        lines += entry("", f"and {len(problems) - len(shown)} more (-v lists them)", style)
    if finding.remedy:
        lines += entry("fix", finding.remedy, style)
    return lines


def _outdated(done: Dependencies, style: Style, verbose: bool) -> list[str]:
    """What the index has that is newer, Django first; most days behind before others."""
    if not done.index_asked:
        return []
    old = [each for each in done.judged if each.release and (
        each.release.yanked is not None or _newer(each))]  # fmt: skip
    old.sort(
        key=lambda each: (
            each.pin.name != "django",
            -(each.release.behind or 0) if each.release else 0,
        )
    )
    shown = old if verbose else old[:_MOST_OUTDATED]
    lines = entry("OUTDATED", f"{len(old)} packages, as {done.index_asked} has it", style, 0, 11)
    lines += rows(
        [(f"{each.pin.name} {each.pin.version}", _said_of(each)) for each in shown], style
    )
    if len(old) > len(shown):
        lines += [f"  and {len(old) - len(shown)} more (-v lists them)"]
    failed = [each for each in done.judged if each.release is not None and each.release.failure]
    if failed:
        named = [f"{each.pin.name} ({each.release.failure})" for each in failed if each.release]
        lines += listed("  ? not known:", named if verbose else named[:3], style)
    return lines


def _newer(each: Judged) -> bool:
    return bool(each.release and each.release.behind is not None)


def _said_of(each: Judged) -> str:
    release = each.release
    assert release is not None
    parts = []
    if release.yanked is not None:
        parts.append(f"withdrawn from the index: {release.yanked or 'no reason is given'}")
    if release.in_series and release.in_series not in (release.latest, each.pin.version):
        parts.append(f"{release.in_series} in its series")
    if _newer(each):
        days = f", {release.behind} days newer" if release.behind else ""
        parts.append(f"latest {release.latest}{days}")
    return "; ".join(parts)


def _others(done: Dependencies, style: Style, verbose: bool) -> list[str]:
    lines: list[str] = []
    for each in done.judged:
        for hole in each.holes:
            if hole.ignored is not None:
                until = f" until {hole.ignored.until}" if hole.ignored.until else ""
                said = f"{hole.ids[0]} of {each.pin.name}{until} ({hole.ignored.reason}, {hole.ignored.place})"
                lines += listed("- ignored:", [said], style)
    sound = [each for each in done.judged if not each.holes and not each.unknown]
    if sound and (verbose or len(sound) <= _MOST_NAMED):
        named = [f"{each.pin.name} {each.pin.version}" for each in sound]
        lines += listed("✓ no known hole:", named, style)
    elif sound:
        lines += listed("✓ no known hole:", [f"{len(sound)} packages (-v lists them)"], style)
    return lines


def _summary(done: Dependencies, style: Style) -> list[str]:
    vulnerable = [each for each in done.judged if each.vulnerable]
    holes = sum(hole.counts for each in vulnerable for hole in each.holes)
    counts = (
        (len(vulnerable), f"with known holes ({holes})"),
        (sum(bool(each.unknown) and not each.holes for each in done.judged), "not known"),
        (sum(not each.holes and not each.unknown for each in done.judged), "without a known hole"),
        (sum(bool(each.holes) and not each.vulnerable for each in done.judged), "ignored"),
    )  # fmt: skip
    said = ", ".join(f"{number} {words}" for number, words in counts if number)
    return wrap(style.clean(f"{_number(done)}: {said or 'nothing to judge'}."), style.width)


# -- as an audit's report --------------------------------------------------------------------------


def as_report(done: Dependencies, *, whole: bool = True) -> Report:
    """The same as a report of an audit, for the formats that show one: a finding for each hole if
    `whole`, else for each package. What could not be looked up counts, so it is shown as what
    counts is."""
    findings = tuple(
        part._replace(verdict=Verdict.FAIL)
        for each in done.findings
        for part in (_parts(each) if whole else (each,))
    )
    django = next((each.series for each in done.supported if each.name == "Django"), "")
    return Report(
        done.project, ", ".join(done.files), django, (done.reason,), (), findings, done.notes,
        done.grade, done.score, done.sources, folder=done.folder,
    )  # fmt: skip


def _parts(finding: Finding) -> Iterator[Finding]:
    """A finding for each hole of a package; any other as it is."""
    named, has, _ = finding.title.partition(" has ")
    if not has or not finding.problems[0].about:
        yield finding
        return
    for each in finding.problems:
        title = f"{named} has {each.about.split()[0]}"
        yield finding._replace(title=title, message=each.message, severity=each.severity,
                               problems=(each,), fingerprint=each.fingerprint)  # fmt: skip


# -- JSON ------------------------------------------------------------------------------------------


def as_json(done: Dependencies) -> str:
    """The whole report as JSON. What each key means is a contract: see docs/deps.md."""
    return dump({
        "schema": SCHEMA,
        "tool": TOOL,
        "project": done.project,
        "files": list(done.files),
        "reason": done.reason,
        "database": _consulted(done.consulted),
        "failure": done.failure or None,
        "index": done.index_asked or None,
        "support": [_supported(each) for each in done.supported],
        "packages": [_package(each) for each in done.judged],
        "findings": list(map(_finding, done.findings)),
        "notes": [{"message": each.message, "location": _location(each.place)} for each in done.notes],
    })  # fmt: skip


def _consulted(consulted: Consulted | None) -> dict[str, object] | None:
    if consulted is None:
        return None
    return {"source": consulted.said, "date": consulted.date or None, "age": consulted.age,
            "records": consulted.records}  # fmt: skip


def _supported(each: Supported) -> dict[str, object]:
    return {"name": each.name, "series": each.series, "until": each.until or None,
            "severity": each.severity.label, "supported": each.severity is Severity.INFO,
            "message": each.said, "location": _location(each.place)}  # fmt: skip


def verdict(each: Judged) -> str:
    """ "fail", "unknown", "ignored" or "pass"."""
    if each.vulnerable:
        return "fail"
    if each.unknown:
        return "unknown"
    return "ignored" if each.holes else "pass"


def _package(each: Judged) -> dict[str, object]:
    return {
        "name": each.pin.name,
        "version": each.pin.version or None,
        "allowed": each.pin.asked or None,
        "origin": each.pin.origin,
        "marker": each.pin.marker or None,
        "location": _location(each.pin.place),
        "verdict": verdict(each),
        "unknown": each.unknown or None,
        "vulnerabilities": list(map(_hole, each.holes)),
        "index": _release(each.release),
        "fix": {"version": each.way.version or None, "command": each.way.command or None,
                "message": each.way.said} if each.way is not None else None,
    }  # fmt: skip


def _release(release: Release | None) -> dict[str, object] | None:
    if release is None:
        return None
    return {"latest": release.latest or None, "in_series": release.in_series or None,
            "days_behind": release.behind, "yanked": release.yanked,
            "failure": release.failure or None}  # fmt: skip


def _hole(hole: Hole) -> dict[str, object]:
    ignored = hole.ignored
    return {
        "id": hole.ids[0],
        "aliases": list(hole.ids[1:]),
        "summary": hole.summary,
        "severity": hole.severity.label,
        "score": hole.score,
        "rated": hole.rated,
        "fixed": list(hole.fixed),
        "published": hole.published or None,
        "url": hole.url,
        "unreached": hole.unreached or None,
        "ignored": {"reason": ignored.reason, "until": ignored.until or None,
                    "location": _location(ignored.place)} if ignored is not None else None,
    }  # fmt: skip


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "control": finding.control,
        "verdict": finding.verdict.value,
        "severity": finding.severity.label,
        "title": finding.title,
        "message": finding.message,
        "location": _location(finding.place),
        "fingerprint": finding.fingerprint,
        "ignored": bool(finding.ignored),
        "remedy": finding.remedy,
    }


def _location(place: Place | None) -> dict[str, object] | None:
    if place is None:
        return None
    return {"file": place.file, "line": place.line, "column": place.column}


def _number(done: Dependencies) -> str:
    return "1 package" if len(done.judged) == 1 else f"{len(done.judged)} packages"
