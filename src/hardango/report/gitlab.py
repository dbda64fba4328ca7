"""The code quality report of GitLab, which a merge request shows beside its changes.

https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format
"""

from __future__ import annotations

from collections.abc import Sequence

from hardango.findings import Configured, Finding, Report, Severity
from hardango.report.groups import (
    configuration_place,
    configured,
    groups,
    place_in_repository,
    said,
)
from hardango.report.json_format import dump
from hardango.report.layout import PLAIN

_SEVERITY = {
    Severity.CRITICAL: "blocker", Severity.HIGH: "critical", Severity.MEDIUM: "major",
    Severity.LOW: "minor", Severity.INFO: "info",
}  # fmt: skip


def render(reports: Sequence[Report]) -> str:
    """Weaknesses that count, those of a baseline too since GitLab compares by itself, with their
    severity; what is not known, and what the configuration says, as "info"; ignored ones and what
    passes are left out. Ends with a newline."""
    issues = []
    for report in reports:
        found = groups(report)
        issues += [_issue(report, each, _SEVERITY[each.severity], f"{each.title}: {said(each)}")
                   for each in (*found.weak, *found.known)]  # fmt: skip
        issues += [_issue(report, each, "info", f"Not known: {said(each)}")
                   for each in found.unknown]  # fmt: skip
        if report.configured is not None:
            issues.append(_configuration(report, report.configured))
    return dump(issues)


def _configuration(report: Report, used: Configured) -> dict[str, object]:
    """What the configuration says: an issue that GitLab shows as new where that has changed."""
    place, text = configuration_place(report, used), PLAIN.clean(configured(report))
    return {
        "description": text,
        "check_name": "configuration",
        "fingerprint": f"{report.folder}{report.module}/{text}",
        "severity": "info",
        "location": {"path": place.file, "lines": {"begin": place.line}},
    }


def _issue(report: Report, finding: Finding, severity: str, text: str) -> dict[str, object]:
    place = place_in_repository(report, finding)
    return {
        "description": PLAIN.clean(text),
        "check_name": finding.control,
        # Unique in the file: two settings modules can have the same weakness.
        "fingerprint": f"{report.folder}{report.module}/{finding.fingerprint}",
        "severity": severity,
        "location": {"path": place.file, "lines": {"begin": place.line}},
    }
