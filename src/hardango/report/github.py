"""Annotations on GitHub: the workflow commands that a step prints.

https://docs.github.com/en/actions/reference/workflow-commands-for-github-actions

A command is one line, so that nothing of a project may end it or start another one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hardango.findings import Finding, Report
from hardango.report.groups import (
    LEVEL,
    configuration_place,
    configured,
    count,
    groups,
    place_in_repository,
    said,
    title,
)
from hardango.report.layout import PLAIN

_COMMAND = {"error": "error", "warning": "warning", "note": "notice"}


def render(reports: Sequence[Report]) -> str:
    """A command for each weakness that counts and the baseline does not know, worst first since
    GitHub shows only the first ten of a level, and one for all that is not known; before them what
    the configuration says, which may hide some. Ends with a newline."""
    return "".join(f"{line}\n" for each in reports for line in _lines(each))


def _lines(report: Report) -> Iterator[str]:
    found = groups(report)
    if report.configured is not None:
        place = configuration_place(report, report.configured)
        yield command("notice", configured(report), file=place.file, line=str(place.line),
                      title=f"hardango: {title(report)}")  # fmt: skip
    yield from (_annotation(report, each) for each in found.weak)
    if found.unknown:
        names = ", ".join(each.control for each in found.unknown)
        message = f"Not known, since the repository alone does not tell: {names}"
        yield command("notice", message, title=f"hardango: {title(report)}")
    grade = f"grade {report.grade} ({report.score}/100): " if report.grade else ""
    yield PLAIN.clean(f"hardango: {title(report)}: {grade}{count(report)}.")


def _annotation(report: Report, finding: Finding) -> str:
    place = place_in_repository(report, finding)
    message = f"{said(finding)}.\nFix: {finding.remedy}" if finding.remedy else said(finding)
    return command(
        _COMMAND[LEVEL[finding.severity]],
        message,
        file=place.file,
        line=str(place.line),
        col=str(place.column),
        title=f"{finding.title} ({finding.control}, {finding.severity.label})",
    )


def command(name: str, message: str, **properties: str) -> str:
    """A workflow command: "::error file=a.py,line=1::message"."""
    given = ",".join(f"{key}={_property(value)}" for key, value in properties.items())
    return f"::{name} {given}::{_data(message)}"


def _data(text: str) -> str:
    lines = "\n".join(PLAIN.clean(line) for line in text.split("\n"))
    return lines.replace("%", "%25").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
