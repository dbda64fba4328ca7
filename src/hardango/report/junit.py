"""JUnit XML, which every CI server shows: a control is a test, a settings module a test suite.

https://github.com/testmoapp/junitxml is the dialect that they agree on.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from hardango.findings import Finding, Place, Report
from hardango.report.groups import (
    configured,
    groups,
    place_in_repository,
    reasons,
    said,
    title,
)
from hardango.report.layout import PLAIN, all_of

_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;"})


def render(reports: Sequence[Report]) -> str:
    """A weakness that counts is a failed test; one that is ignored or known from the baseline, not
    known, not judged or does not apply is a skipped test with the reason; the others pass. The
    configuration is a property of the suite. Ends with a newline."""
    suites = [line for each in reports for line in _suite(each)]
    return "\n".join(['<?xml version="1.0" encoding="UTF-8"?>', '<testsuites name="hardango">',
                      *suites, "</testsuites>"]) + "\n"  # fmt: skip


def _suite(report: Report) -> Iterator[str]:
    found = groups(report)
    skipped = [
        *((each, f"known from the baseline: {said(each)}") for each in found.known),
        *((each, f"not known: {said(each)}") for each in found.unknown),
        *((each, f"ignored: {'; '.join(reasons(each))}") for each in found.ignored),
        *((each, f"does not apply: {each.message}") for each in found.inapplicable),
        *((each, "not judged by this version") for each in found.unjudged),
    ]
    yield (f'  <testsuite name="{escaped(title(report))}" tests="{len(report.findings)}" '
           f'failures="{len(found.weak)}" errors="0" skipped="{len(skipped)}">')  # fmt: skip
    if report.configured is not None:
        yield "    <properties>"
        yield f'      <property name="configuration" value="{escaped(configured(report))}"/>'
        yield "    </properties>"
    for each in found.weak:
        yield from _case(report, each, _failure(report, each))
    for each, why in skipped:
        yield from _case(report, each, [f'<skipped message="{escaped(why)}"/>'])
    for each in found.elsewhere:
        said_so = escaped(f"satisfied elsewhere: {each.message}")
        yield from _case(report, each, [f"<system-out>{said_so}</system-out>"])
    for each in found.passed:
        yield from _case(report, each, [])
    yield "  </testsuite>"


def _case(report: Report, finding: Finding, result: list[str]) -> Iterator[str]:
    place = place_in_repository(report, finding)
    head = (f'    <testcase classname="{escaped(report.module)}" name="{escaped(finding.control)}" '
            f'file="{escaped(place.file)}" line="{place.line}"')  # fmt: skip
    if not result:
        yield head + "/>"
        return
    yield head + ">"
    yield from ("      " + line for line in result)
    yield "    </testcase>"


def _failure(report: Report, finding: Finding) -> list[str]:
    message = f"{finding.severity.label}: {finding.title}"
    lines = [said(finding)]
    lines += [f"where: {report.folder}{each}" for each in _reversed(finding.chain)]
    lines += [f"attack: {finding.attack}"] if finding.attack else []
    lines += [f"fix: {finding.remedy}"] if finding.remedy else []
    for each in finding.problems[1:]:
        condition = f", when {all_of(each.when)}" if each.when else ""
        lines.append(f"also: {each.message}{condition}")
    text = "\n".join(map(escaped, lines))
    kind = escaped(finding.verdict.value)
    return [f'<failure message="{escaped(message)}" type="{kind}">{text}</failure>']


def _reversed(chain: tuple[Place, ...]) -> list[str]:
    """The deciding place first, then where its value came from."""
    return list(dict.fromkeys(str(each) for each in reversed(chain)))


def escaped(text: str) -> str:
    """`text` for an element or an attribute; what XML 1.0 cannot say at all is written out."""
    return PLAIN.clean(text).translate(_ENTITIES)
