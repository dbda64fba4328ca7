"""SARIF 2.1.0, which code hosts and editors read: a control is a rule, a finding a result.

https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import hardango
from hardango.findings import Finding, Place, Problem, Report, Severity
from hardango.report import page
from hardango.report.groups import (
    LEVEL,
    configuration_place,
    configured,
    groups,
    place_in_repository,
    reasons,
    said,
    title,
)
from hardango.report.json_format import dump
from hardango.report.layout import PLAIN, all_of

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_ROOT = "%SRCROOT%"
_PLAIN_IN_URI = frozenset(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")

_SECURITY_SEVERITY = {
    Severity.CRITICAL.label: "9.5", Severity.HIGH.label: "8.0", Severity.MEDIUM.label: "5.5",
    Severity.LOW.label: "3.0", Severity.INFO.label: "0.1",
}  # fmt: skip
"""A number in the range that GitHub shows as the word."""

_STATE = {"known": "unchanged", "worse": "updated"}

Json = dict[str, object]


def render(
    reports: Sequence[Report], pages: Mapping[str, page.Page], *, verbose: bool = False
) -> str:
    """One run for each report, ending with a newline.

    A weakness is a result of kind "fail", with a suppression if the user ignores it; what is not
    known is of kind "review", never "pass". What passes, is satisfied elsewhere or does not apply
    is a result only if `verbose`. `pages` tell the rules.
    """
    runs = [_run(each, pages, verbose) for each in reports]
    return dump({"$schema": _SCHEMA, "version": "2.1.0", "runs": runs})


def _run(report: Report, pages: Mapping[str, page.Page], verbose: bool) -> Json:
    found = groups(report)
    kinds: list[tuple[str, list[Finding]]] = [
        ("fail", found.weak), ("fail", found.known), ("review", found.unknown),
        ("fail", found.ignored),
    ]  # fmt: skip
    if verbose:
        kinds += [("pass", found.passed), ("informational", found.elsewhere),
                  ("notApplicable", found.inapplicable)]  # fmt: skip
    shown = [(kind, each) for kind, findings in kinds for each in findings]
    names = list(dict.fromkeys(each.control for _, each in shown))
    driver: Json = {
        "name": "hardango",
        "version": hardango.__version__,
        "rules": [_rule(name, pages.get(name)) for name in names],
    }
    return {
        "tool": {"driver": driver},
        # A file with several runs is taken only if each has a name of its own.
        "automationDetails": {"id": f"hardango/{_uri(report.folder + report.module)}/"},
        "originalUriBaseIds": {_ROOT: {"description": _text("The root of the repository.")}},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": True,
                         "toolExecutionNotifications": list(_notes(report))}],
        "results": [_result(report, each, kind, names.index(each.control))
                    for kind, each in shown],
        "properties": {"project": report.project, "module": report.module,
                       "django": report.django, "grade": report.grade, "score": report.score},
    }  # fmt: skip


# -- a rule ----------------------------------------------------------------------------------------


def _rule(name: str, about: page.Page | None) -> Json:
    if about is None:
        return {"id": name}
    level = LEVEL[Severity[about.severity.upper()]]
    rule: Json = {
        "id": name,
        "shortDescription": _text(about.title),
        "fullDescription": _text(" ".join(about.story.partition("\n\n")[0].split()) or about.title),
        "help": {"text": page.text(about, PLAIN), "markdown": page.markdown(about)},
        "defaultConfiguration": {"level": level},
        "properties": {
            "tags": ["security", "django", *_cwe(name for name, _ in about.references)],
            "precision": "high",
            "security-severity": _SECURITY_SEVERITY[about.severity],
        },
    }
    address = _address(about)
    return {**rule, "helpUri": address} if address else rule


def _cwe(references: Iterable[str]) -> list[str]:
    """The tags by which GitHub knows a weakness: "external/cwe/cwe-319"."""
    return [f"external/cwe/{each.lower()}" for each in references if each.startswith("CWE-")]


def _address(about: page.Page) -> str:
    """Where to read on: a page of documentation rather than a standard."""
    addresses = [url for name, url in about.references if name == url]
    return next(iter([*addresses, *(url for _, url in about.references)]), "")


# -- a result --------------------------------------------------------------------------------------


def _result(report: Report, finding: Finding, kind: str, rule: int) -> Json:
    result: Json = {
        "ruleId": finding.control,
        "ruleIndex": rule,
        "kind": kind,
        "level": LEVEL[finding.severity] if kind == "fail" else "none",
        "message": _text(_message(finding, kind)),
        "locations": [_location(report, place_in_repository(report, finding), finding.place)],
        "partialFingerprints": _fingerprints(finding),
        "properties": {
            "verdict": finding.verdict.value, "severity": finding.severity.label,
            "when": list(finding.when), "fixable": finding.fixable,
        },
    }  # fmt: skip
    if finding.since:
        result["baselineState"] = _STATE.get(finding.since, "new")
    related = list(_related(report, finding))
    if related:
        result["relatedLocations"] = related
    if len(finding.chain) > 1:
        steps = [{"location": _location(report, _in_repository(report, place), place)}
                 for place in finding.chain]  # fmt: skip
        result["codeFlows"] = [{"threadFlows": [{"locations": steps}]}]
    if finding.ignored:
        result["suppressions"] = [{"kind": "external", "status": "accepted", "justification": each}
                                  for each in dict.fromkeys(reasons(finding))]  # fmt: skip
    return result


def _message(finding: Finding, kind: str) -> str:
    sentence = f"{said(finding)}."
    if kind == "fail":
        return f"{finding.title}: {sentence}" + (f" {finding.remedy}" if finding.remedy else "")
    return f"Not known: {sentence}" if kind == "review" else sentence


def _fingerprints(finding: Finding) -> dict[str, str]:
    """What names the result across runs. The last key is the one that GitHub looks at; left to
    itself it would take the line's text, which may change."""
    marks = {"hardango/control/v1": finding.fingerprint}
    if finding.problems and finding.problems[0].fingerprint:
        marks["hardango/problem/v1"] = finding.problems[0].fingerprint
    return {**marks, "primaryLocationLineHash": finding.fingerprint}


def _related(report: Report, finding: Finding) -> Iterator[Json]:
    """The places on the way to the value, then those of the further problems; numbered, so that a
    viewer can point at them."""
    steps: list[tuple[Place, str]] = [
        (place, "The value comes from here") for place in finding.chain[:-1]
    ]
    steps += [(place, _also(each)) for each in finding.problems[1:] for place in each.chain[-1:]]
    for number, (place, text) in enumerate(dict.fromkeys(steps), 1):
        location = _location(report, _in_repository(report, place), place)
        yield {"id": number, **location, "message": _text(text)}


def _also(problem: Problem) -> str:
    return f"{problem.message}, when {all_of(problem.when)}" if problem.when else problem.message


def _in_repository(report: Report, place: Place) -> Place:
    return Place(report.folder + place.file, place.line, place.column)


def _location(report: Report, shown: Place, place: Place | None) -> Json:
    """`shown` as a physical location; `place` is what the sources of the report call it."""
    region: Json = {"startLine": max(shown.line, 1), "startColumn": max(shown.column, 1)}
    source = report.sources.get(place) if place is not None else None
    if source:
        region["snippet"] = {"text": source}
    artifact = {"uri": _uri(shown.file), "uriBaseId": _ROOT}
    return {"physicalLocation": {"artifactLocation": artifact, "region": region}}


def _notes(report: Report) -> Iterator[Json]:
    """What a reader must know of the reading itself: first what the configuration says."""
    if report.configured is not None:
        place = configuration_place(report, report.configured)
        yield {"level": "note", "message": _text(f"{title(report)}: {configured(report)}"),
               "locations": [_location(report, place, None)]}  # fmt: skip
    for note in report.notes:
        said_so: Json = {"level": "note", "message": _text(f"{title(report)}: {note.message}")}
        if note.place is not None and note.place.line > 0:
            at = _location(report, _in_repository(report, note.place), note.place)
            said_so["locations"] = [at]
        yield said_so


def _text(text: str) -> Json:
    """A message. "[…](…)" would be a link in it, and nothing of a project makes one."""
    return {"text": PLAIN.clean(text).replace("](", "] (")}


def _uri(path: str) -> str:
    """A path as a relative URI: a name that is no text, or looks like a scheme, stays a name."""
    try:
        data = path.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        data = path.encode("utf-8", "backslashreplace")
    return "".join(chr(byte) if byte in _PLAIN_IN_URI else f"%{byte:02X}" for byte in data)
