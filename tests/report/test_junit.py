"""JUnit XML: a control is a test, and only what is known to be good passes."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

import pytest
from any_report import HOSTILE, reports
from hypothesis import HealthCheck, given, settings

from hardango.findings import Report
from hardango.report.junit import render
from hardango.report.layout import PLAIN


def test_whole_output(whole: Report, snapshot: Callable[[str, str], None]) -> None:
    snapshot("audit.junit.xml", render([whole]))


@pytest.mark.parametrize(
    ("control", "result", "says"),
    [
        ("debug", "failure", "critical: Debug mode is on"),
        ("frame-options", "skipped", "ignored: the partner portal frames us, until 2027-01-31"),
        ("hsts", "skipped", "not known: "),
        ("csrf-cookie-secure", "skipped", "does not apply: "),
        ("dependencies", "skipped", "not judged by this version"),
        ("ssl-redirect", "system-out", ""),
        ("content-type-nosniff", None, ""),
    ],
)
def test_result_of_a_test(whole: Report, control: str, result: str | None, says: str) -> None:
    root = ElementTree.fromstring(render([whole]))
    (case,) = root.findall(f".//testcase[@name='{control}']")
    assert [each.tag for each in case] == ([result] if result else [])
    assert says in "".join(each.get("message", "") for each in case)


@given(report=reports)
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_the_counts_are_those_of_the_cases(report: Report) -> None:
    (suite,) = ElementTree.fromstring(render([report]))
    assert int(suite.get("tests", "")) == len(suite.findall("testcase")) == len(report.findings)
    for name, tag in (("failures", "failure"), ("skipped", "skipped")):
        assert int(suite.get(name, "")) == len(suite.findall(f"testcase/{tag}"))


@pytest.mark.parametrize("text", HOSTILE)
def test_a_text_comes_back_as_it_is(whole: Report, text: str) -> None:
    weak = whole.findings[0]._replace(message=text, title=text, control=text, when=())
    root = ElementTree.fromstring(render([whole._replace(findings=(weak,))]))
    (case,) = root.findall(".//testcase")
    assert case.get("name") == PLAIN.clean(text)
    (failure,) = case
    assert failure.get("message") == f"critical: {PLAIN.clean(text)}"
    assert (failure.text or "").split("\nwhere")[0] == PLAIN.clean(text)
