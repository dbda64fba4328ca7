"""The report of an audit as JSON. What each key means is a contract: see docs/usage.md."""

from __future__ import annotations

import json
from collections.abc import Sequence

import hardango
from hardango.findings import Configured, Finding, Place, Problem, Report
from hardango.report.groups import place_of

SCHEMA = 1


TOOL = {"name": "hardango", "version": hardango.__version__}


def render(reports: Sequence[Report]) -> str:
    """The whole report, ending with a newline; of several reports, one object with all."""
    if len(reports) == 1:
        return dump(as_data(reports[0]))
    whole = {"schema": SCHEMA, "tool": TOOL, "reports": list(map(as_data, reports))}
    return dump(whole)


def dump(data: object) -> str:
    """`data` as JSON text: the same data, the same bytes."""
    return json.dumps(data, indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def as_data(report: Report) -> dict[str, object]:
    """The report as plain JSON data."""
    return {
        "schema": SCHEMA,
        "tool": TOOL,
        "project": report.project,
        "module": report.module,
        "environment": {
            "assumed": {each.name: each.value for each in report.assumed},
            "source": list(dict.fromkeys(each.source for each in report.assumed)),
        },
        "findings": [_finding(each) for each in report.findings],
        "grade": report.grade,
        "score": report.score,
        "django": report.django,
        "reasons": list(report.reasons),
        "refuses": [
            {"when": list(each.when), "message": each.message, "location": _location(each.place)}
            for each in report.refusals
        ],
        "notes": [
            {"message": note.message, "location": _location(note.place)} for note in report.notes
        ],
        "configuration": _configured(report.configured),
    }


def _configured(configured: Configured | None) -> dict[str, object] | None:
    if configured is None:
        return None
    return {
        "location": _location(configured.place),
        "sets": list(configured.sets),
        "topology": list(configured.topology),
    }


def _finding(finding: Finding) -> dict[str, object]:
    return {
        "control": finding.control,
        "verdict": finding.verdict.value,
        "severity": finding.severity.label,
        "title": finding.title,
        "message": finding.message,
        "when": list(finding.when),
        "location": _location(place_of(finding)),
        "fixable": finding.fixable,
        "fingerprint": finding.fingerprint,
        "references": list(finding.references),
        "applies": finding.applies,
        "judged": finding.judged,
        "attack": finding.attack,
        "remedy": finding.remedy,
        "chain": [str(place) for place in finding.chain],
        "problems": [_problem(each) for each in finding.problems],
        "pedantic": finding.pedantic,
        "ignored": [
            {"reason": each.reason, "until": each.until or None, "location": _location(each.place)}
            for each in finding.ignored
        ],
        "since": finding.since or None,
    }


def _problem(problem: Problem) -> dict[str, object]:
    return {
        "verdict": problem.verdict.value,
        "severity": problem.severity.label,
        "message": problem.message,
        "when": list(problem.when),
        "location": _location(problem.chain[-1] if problem.chain else None),
        "chain": [str(place) for place in problem.chain],
        "fingerprint": problem.fingerprint,
    }


def _location(place: Place | None) -> dict[str, object] | None:
    if place is None:
        return None
    return {"file": place.file, "line": place.line, "column": place.column}
