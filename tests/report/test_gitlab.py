"""The code quality report of GitLab."""

from __future__ import annotations

import json
from collections.abc import Callable

from any_report import reports
from hypothesis import HealthCheck, given, settings

from hardango.findings import Place, Report
from hardango.report.gitlab import render


def test_whole_output(whole: Report, snapshot: Callable[[str, str], None]) -> None:
    snapshot("audit.gitlab.json", render([whole]))


def test_severities_and_what_is_left_out(whole: Report) -> None:
    found = {each["check_name"]: each["severity"] for each in json.loads(render([whole]))}
    assert found == {"debug": "blocker", "secret-key": "blocker", "allowed-hosts": "critical",
                     "hsts": "info"}  # fmt: skip


def test_fingerprints_are_unique_over_several_reports(whole: Report) -> None:
    marked = whole._replace(findings=tuple(
        each._replace(fingerprint=f"{number}") for number, each in enumerate(whole.findings)
    ))  # fmt: skip
    several = [marked, marked._replace(module="staging"), marked._replace(folder="other/")]
    marks = [each["fingerprint"] for each in json.loads(render(several))]
    assert len(set(marks)) == len(marks) == 12


def test_a_weakness_without_a_place_is_shown_where_it_belongs(whole: Report) -> None:
    weak = whole.findings[0]
    for chain, file, path in (
        ((), "config/settings/production.py", "back end/config/settings/production.py"),
        ((), "", "back end/config/settings/production.py"),
        ((Place("--env", 0),), "config/p.py", "back end/config/p.py"),
        ((Place("Procfile", 0),), "config/p.py", "back end/Procfile"),
    ):
        report = whole._replace(findings=(weak._replace(chain=chain, file=file),))
        (issue,) = json.loads(render([report]))
        assert issue["location"] == {"path": path, "lines": {"begin": 1}}


@given(report=reports)
@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
def test_any_report_has_the_required_keys(report: Report) -> None:
    for issue in json.loads(render([report])):
        assert {"description", "check_name", "fingerprint", "severity", "location"} == set(issue)
        assert issue["location"]["lines"]["begin"] >= 1
