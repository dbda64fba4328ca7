"""What every format asks of a report: which findings belong together, and where they are."""

from __future__ import annotations

import os
from collections.abc import Iterable

from hardango.findings import Configured, Finding, Place, Report, Severity, Verdict
from hardango.light import NamedTuple
from hardango.report.layout import all_of


class Groups(NamedTuple):
    """The findings of a report, each in exactly one group, in the report's own order.

    `weak` are the weaknesses that count, less those `known` from the baseline; `ignored` are those
    that the user has given a reason for; `unjudged` is what this version cannot judge yet.
    """

    weak: list[Finding]
    known: list[Finding]
    unknown: list[Finding]
    ignored: list[Finding]
    elsewhere: list[Finding]
    passed: list[Finding]
    inapplicable: list[Finding]
    unjudged: list[Finding]


def groups(report: Report) -> Groups:
    """The findings of a report by what a reader does with them."""
    found = Groups([], [], [], [], [], [], [], [])
    for each in report.findings:
        _group(found, each).append(each)
    return found


def _group(found: Groups, finding: Finding) -> list[Finding]:
    if not finding.judged:
        return found.unjudged
    if finding.weak:
        return found.ignored if finding.ignored else found.weak if finding.fresh else found.known
    if not finding.applies:
        return found.inapplicable
    by_verdict = {Verdict.UNKNOWN: found.unknown, Verdict.ELSEWHERE: found.elsewhere}
    return by_verdict.get(finding.verdict, found.passed)


def count(report: Report) -> str:
    """How many controls stand how, in a few words: "3 fail, 2 not known, 8 pass"."""
    found = groups(report)
    counting = [*found.weak, *found.known]
    failing = sum(each.verdict is Verdict.FAIL for each in counting)
    counts = (
        (failing, "fail"), (len(counting) - failing, "fail under a condition"),
        (len(found.unknown), "not known"), (len(found.elsewhere), "satisfied elsewhere"),
        (len(found.passed), "pass"), (len(found.ignored), "ignored"),
    )  # fmt: skip
    said = ", ".join(f"{number} {words}" for number, words in counts if number)
    return said or "nothing to judge"


_MANY = 3
"""So many findings that are not known for one cause are told together."""
_OVERRIDDEN = "may be overridden by "
_DECIDED, _VALUE = " is decided by ", ", and hardango does not know production's value"


def by_cause(unknown: list[Finding]) -> dict[str, list[Finding]]:
    """Findings that are not known, by the cause that many of them name; the others are left out.
    Of two causes that a message names, the longer one is more exact."""
    counts: dict[str, int] = {}
    for each in unknown:
        cause = cause_of(each.message)
        if cause:
            counts[cause] = counts.get(cause, 0) + 1
    causes = sorted((one for one, number in counts.items() if number >= _MANY), key=len)
    found: dict[str, list[Finding]] = {}
    for each in unknown:
        named = [cause for cause in causes if cause in each.message]
        if named:
            found.setdefault(named[-1], []).append(each)
    return found


def cause_of(message: str) -> str:
    """Why something is not known, without what it is; "" if the message does not say."""
    _, colon, reason = message.rpartition(": ")
    return reason.removeprefix(_OVERRIDDEN) if colon else ""


def by_variable(unknown: Iterable[Finding]) -> dict[str, str]:
    """The controls of which nothing is missing but the value of a variable, each with the
    variables; none if they are only a few."""
    found = {}
    for each in unknown:
        _, decided, variables = each.message.partition(_DECIDED)
        if decided and variables.endswith(_VALUE) and "," not in variables.removesuffix(_VALUE):
            found[each.control] = variables.removesuffix(_VALUE)
    return found if len(found) >= _MANY else {}


def consequences(weak: list[Finding]) -> dict[str, list[Finding]]:
    """By the control that reports a cause, the findings that only say what follows from it, under
    the same condition."""
    found: dict[str, list[Finding]] = {}
    for each in weak:
        cause, follows, _ = each.message.partition(", so that ")
        failing = sum(problem.verdict is Verdict.FAIL for problem in each.problems)
        for other in weak if follows and failing == 1 else ():
            if (other.message, other.when) == (cause, each.when):
                found.setdefault(other.control, []).append(each)
    return found


def place_of(finding: Finding) -> Place | None:
    """The deciding place; for a setting that is missing, the start of the module it belongs in."""
    if finding.place is None and finding.weak and finding.file:
        return Place(finding.file, 1)
    return finding.place


def place_in_repository(report: Report, finding: Finding) -> Place:
    """Where a code host shows the finding: in every case a line of a file, its path relative to
    the root of the repository."""
    place = finding.place
    if place is None or place.file.startswith("--"):  # An option of the command line decides.
        # The report of a site has no files: its name stands for one.
        module = report.module.replace(".", "/") + ".py" if report.django else report.project
        place = Place(finding.file or module, 1)
    return Place(report.folder + place.file, max(place.line, 1), max(place.column, 1))


def configured(report: Report) -> str:
    """The configuration that was used with everything that it says, "" if there was none: in
    every format, since a stranger's repository brings its own."""
    if report.configured is None:
        return ""
    says = "; ".join((*report.configured.sets, *report.configured.topology))
    place = configuration_place(report, report.configured)
    return f"configured by {place.file}" + (f": {says}" if says else "")


def configuration_place(report: Report, configured: Configured) -> Place:
    """Where a code host shows the configuration, which may lie above the project."""
    file = os.path.normpath(report.folder + configured.place.file).replace(os.sep, "/")
    return Place(file, max(configured.place.line, 1), max(configured.place.column, 1))


def when(finding: Finding) -> str:
    """The condition under which a finding holds as a clause, "" for always."""
    return f"when {all_of(finding.when)}" if finding.when else ""


def said(finding: Finding) -> str:
    """What is wrong, with its condition, in one sentence."""
    return f"{finding.message}, {when(finding)}" if finding.when else finding.message


def reasons(finding: Finding) -> list[str]:
    """Why the user ignores a finding, each reason with its last day."""
    return [f"{each.reason}, until {each.until}" if each.until else each.reason
            for each in finding.ignored]  # fmt: skip


def title(report: Report) -> str:
    """What was judged: "shop: config.settings.production"."""
    return f"{report.project}: {report.module}"


LEVEL = {
    Severity.CRITICAL: "error", Severity.HIGH: "error", Severity.MEDIUM: "warning",
    Severity.LOW: "note", Severity.INFO: "note",
}  # fmt: skip
"""The three levels that editors and code hosts know."""
