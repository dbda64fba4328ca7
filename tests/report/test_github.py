"""Workflow commands: one line each, whatever the project says."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from any_report import HOSTILE, reports
from hypothesis import HealthCheck, given, settings

from hardango.findings import Report
from hardango.report.github import command, render

COMMAND = re.compile(r"::(error|warning|notice) (?:[a-z]+=[^:,\r\n]*(?:,(?!:)|(?=::)))+::[^\r\n]*")


def test_whole_output(whole: Report, snapshot: Callable[[str, str], None]) -> None:
    snapshot("audit.github", render([whole]))


@pytest.mark.parametrize(
    ("said", "as_message", "as_property"),
    [
        ("plain (text) = here", "plain (text) = here", "plain (text) = here"),
        ("100%", "100%25", "100%25"),
        ("%0A", "%250A", "%250A"),
        ("a:b, c", "a:b, c", "a%3Ab%2C c"),
        ("a\nb", "a%0Ab", "a%0Ab"),
        ("a\r\nb", "a\\r%0Ab", "a\\r%0Ab"),
        ("::error::x", "::error::x", "%3A%3Aerror%3A%3Ax"),
        ("\x1b[31m", "\\x1b[31m", "\\x1b[31m"),
        ("\u202ex", "\\u202ex", "\\u202ex"),
    ],
)
def test_escaping(said: str, as_message: str, as_property: str) -> None:
    assert command("error", said, file=said) == f"::error file={as_property}::{as_message}"


@pytest.mark.parametrize("text", HOSTILE)
def test_one_command_for_each_weakness_and_one_for_the_unknown(whole: Report, text: str) -> None:
    weak = whole.findings[0]._replace(message=text, title=text, remedy=text, when=(text,))
    hostile = whole._replace(findings=(weak, whole.findings[3]), project=text, folder=text)
    first, unknown, summary = render([hostile]).splitlines()
    assert COMMAND.fullmatch(first) and first.startswith("::error ")
    assert COMMAND.fullmatch(unknown) and unknown.endswith("does not tell: hsts")
    assert summary.startswith("hardango: ")


@given(report=reports)
@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
def test_no_line_is_a_command_but_ours(report: Report) -> None:
    for line in render([report]).splitlines():
        assert COMMAND.fullmatch(line) or line.startswith("hardango: ")
