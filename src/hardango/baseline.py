"""What was known before, and what is new since: baselines, and the difference of two reports.

A weakness is new if it was not there, and worse if it is more severe or there for a reason that it
did not have. Whether it fails always or under a condition makes no difference: that changes with
what is known of the environment. What was there is fixed only if it is now known to be good.

A baseline is JSON that a reviewer can read: no dates, no lines, no values, always in one order. A
report in JSON will do as one.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping, Sequence

from hardango.findings import Comparison, Finding, Note, Report, Severity, Verdict
from hardango.light import Any, NamedTuple

SCHEMA = 1
LARGEST = 50_000_000

_WEAK, _SOUND, _OPEN = "weak", "sound", "open"


class BadBaseline(Exception):
    """The file cannot be used; the text is one clear sentence."""


class Kept(NamedTuple):
    """What is known of one control: `state` is "weak", "sound" or "open" (not known, ignored);
    `problems` are the fingerprints of what is wrong, with what each is about."""

    control: str
    severity: Severity
    state: str
    problems: Mapping[str, str]


class Snapshot(NamedTuple):
    """The findings of one settings module by fingerprint; `project` is "" if the module's name
    is enough."""

    project: str
    module: str
    findings: Mapping[str, Kept]


# -- reading and writing ---------------------------------------------------------------------------


def of_report(report: Report) -> Snapshot:
    """What a report says, as far as it is compared."""
    return Snapshot(
        report.project, report.module, {each.fingerprint: _kept(each) for each in report.findings}
    )


def _kept(finding: Finding) -> Kept:
    problems = {each.fingerprint: each.about for each in finding.problems
                if each.verdict is Verdict.FAIL}  # fmt: skip
    state = _state(finding.verdict.value, bool(finding.ignored))
    return Kept(finding.control, finding.severity, state, problems)


def _state(verdict: str, ignored: bool) -> str:
    if ignored or verdict == Verdict.UNKNOWN.value:
        return _OPEN
    return _WEAK if verdict in (Verdict.FAIL.value, Verdict.CONDITIONAL.value) else _SOUND


def baseline_of(reports: Sequence[Report]) -> str:
    """The text of a baseline that knows every weakness that counts in `reports`."""
    import json

    modules = [report.module for report in reports]
    written = []
    for report in reports:
        snapshot = of_report(report)
        weak = [{
            "control": kept.control,
            "severity": kept.severity.label,
            "fingerprint": mark,
            "problems": [{"about": about, "fingerprint": each}
                         for each, about in sorted(kept.problems.items(), key=lambda p: p[::-1])],
        } for mark, kept in snapshot.findings.items() if kept.state == _WEAK]  # fmt: skip
        named = {"project": report.project} if modules.count(report.module) > 1 else {}
        weak.sort(key=lambda each: (str(each["control"]), str(each["fingerprint"])))
        written.append({**named, "module": report.module, "findings": weak})
    written.sort(key=lambda each: (str(each["module"]), str(each.get("project", ""))))
    data = {"schema": SCHEMA, "tool": {"name": "hardango"}, "kind": "baseline", "reports": written}
    return json.dumps(data, indent=2) + "\n"


def write(path: str, text: str) -> None:
    """Write a baseline: whole or not at all, and over nothing else than a baseline.

    Raises BadBaseline.
    """
    try:
        if os.path.lexists(path) and os.path.getsize(path):
            load(path, baseline=True)
    except BadBaseline as error:
        raise BadBaseline(f"{error}; it is not overwritten") from None
    except OSError as error:
        raise BadBaseline(f"{path}: {error.strerror or 'cannot be written'}") from None
    beside = f"{path}.{os.getpid()}.tmp"
    try:
        with open(beside, "x", encoding="utf-8") as opened:
            opened.write(text)
        os.replace(beside, path)
    except OSError as error:
        if os.path.lexists(beside):
            os.unlink(beside)
        raise BadBaseline(f"{path}: {error.strerror or 'cannot be written'}") from None


def load(path: str, *, baseline: bool = False) -> list[Snapshot]:
    """The snapshots in a baseline, or, unless only that will do, in a report as JSON.

    Raises BadBaseline.
    """
    import json

    try:
        with open(path, "rb") as opened:
            text = opened.read(LARGEST + 1)
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or "cannot be read"
        raise BadBaseline(f"{path}: {why}") from None
    if len(text) > LARGEST:
        raise BadBaseline(f"{path} is larger than {LARGEST} bytes: no report of hardango")
    try:
        data = json.loads(text)
    except (ValueError, RecursionError):
        raise BadBaseline(f"{path} is no JSON: neither a baseline nor a report") from None
    kind = "a baseline" if baseline else "a baseline or an audit's report in JSON"
    tool = data.get("tool") if isinstance(data, dict) else None
    if not isinstance(tool, dict) or tool.get("name") != "hardango":
        raise BadBaseline(f"{path} is not {kind} of hardango")
    if data.get("schema") != SCHEMA:
        raise BadBaseline(f"{path} has another schema than this version reads ({SCHEMA})")
    if baseline and data.get("kind") != "baseline":
        raise BadBaseline(f"{path} is not {kind} of hardango")
    try:
        return [_snapshot(each) for each in data.get("reports", [data])]
    except (KeyError, TypeError, AttributeError, ValueError):
        raise BadBaseline(f"{path} is damaged: write it again") from None


def _snapshot(data: Any) -> Snapshot:
    findings = {}
    for each in data["findings"]:
        problems = {str(problem["fingerprint"]): str(problem.get("about", ""))
                    for problem in each.get("problems", ())
                    if problem.get("verdict", "fail") == "fail"}  # fmt: skip
        state = _state(each.get("verdict", "fail"), bool(each.get("ignored")))
        severity = Severity[each["severity"].upper()]
        findings[str(each["fingerprint"])] = Kept(str(each["control"]), severity, state, problems)
    return Snapshot(str(data.get("project", "")), str(data["module"]), findings)


# -- comparing -------------------------------------------------------------------------------------


def pairs(
    old: Iterable[Snapshot], new: Sequence[Snapshot]
) -> list[tuple[Snapshot | None, Snapshot]]:
    """Each new snapshot with the old one of the same module.

    A module that was renamed is the one left over whose findings are most alike, as long as as
    many are left over on both sides: else it may as well be another one.
    """
    left = list(old)
    found: dict[int, Snapshot] = {}
    for alike in (_same, _same_module):
        for number, each in enumerate(new):
            candidates = [other for other in left if alike(other, each)]
            if number not in found and len(candidates) == 1:
                found[number] = candidates[0]
                left.remove(candidates[0])
    rest = [number for number in range(len(new)) if number not in found]
    if len(rest) == len(left):
        for number in rest:
            most = max(left, key=lambda other: len(other.findings.keys() & new[number].findings))
            if most.findings.keys() & new[number].findings.keys():
                found[number] = most
                left.remove(most)
    return [(found.get(number), each) for number, each in enumerate(new)]


def _same(old: Snapshot, new: Snapshot) -> bool:
    return (old.project, old.module) == (new.project, new.module)


def _same_module(old: Snapshot, new: Snapshot) -> bool:
    return old.module == new.module


def since(old: Kept | None, new: Kept) -> str:
    """What became of one control: "new", "worse", "known", "fixed", "open", or "" for what was
    no weakness and is none."""
    was = old is not None and old.state == _WEAK
    if new.state != _WEAK:
        return ("fixed" if new.state == _SOUND else "open") if was else ""
    if old is None or not was:
        return "new"
    more = bool(old.problems) and not new.problems.keys() <= old.problems.keys()
    return "worse" if more or new.severity > old.severity else "known"


def compare(old: Snapshot | None, new: Snapshot) -> Comparison:
    """What became of the weaknesses of one module."""
    before = old.findings if old is not None else {}
    found: dict[str, list[tuple[str, Severity]]] = {}
    for mark, kept in new.findings.items():
        found.setdefault(since(before.get(mark), kept), []).append((kept.control, kept.severity))
    found.setdefault("open", []).extend(
        (kept.control, kept.severity)
        for mark, kept in before.items()
        if kept.state == _WEAK and mark not in new.findings
    )
    sets = {name: tuple(sorted(found.get(name, ()), key=lambda each: (-each[1], each[0])))
            for name in ("new", "worse", "known", "fixed", "open")}  # fmt: skip
    return Comparison(new.module, sets["new"], sets["worse"], sets["known"], sets["fixed"],
                      sets["open"])  # fmt: skip


def applied(old: Iterable[Snapshot], reports: Sequence[Report]) -> Iterator[Report]:
    """The reports, in which every weakness says whether the baseline knows it."""
    together = pairs(old, [of_report(each) for each in reports])
    for report, (before, now) in zip(reports, together, strict=True):
        known = before.findings if before is not None else {}
        findings = [
            each._replace(since=since(known.get(each.fingerprint), now.findings[each.fingerprint]))
            if each.counts else each
            for each in report.findings
        ]  # fmt: skip
        notes = list(report.notes)
        if before is None:
            notes.append(Note(f"the baseline does not know {report.module}: everything is new"))
        fixed = [name for name, _ in compare(before, now).fixed]
        if fixed:
            notes.append(Note(f"in the baseline, but no longer there: {', '.join(fixed)}; write "
                              "the baseline again"))  # fmt: skip
        yield report._replace(findings=tuple(findings), notes=tuple(notes))


def differences(old: str, new: str) -> list[Comparison]:
    """What lies between two reports in files. Raises BadBaseline."""
    before, after = load(old), load(new)
    return [compare(*each) for each in pairs(before, after)]
