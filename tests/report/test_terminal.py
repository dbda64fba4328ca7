"""What people see: whole outputs as snapshots, and what must hold for any report."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardango.findings import Assumption, Note, Place, Report
from hardango.report.layout import Style, columns
from hardango.report.terminal import render

Snapshot = Callable[[str, str], None]
ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


@pytest.mark.parametrize(
    ("name", "style", "flags"),
    [
        ("audit.txt", Style(), {}),
        ("audit-quiet.txt", Style(), {"quiet": True}),
        ("audit-verbose.txt", Style(), {"verbose": True}),
        ("audit-ascii.txt", Style(ascii=True), {}),
        ("audit-narrow.txt", Style(width=48), {}),
        ("audit-colour.txt", Style(colour=True), {}),
    ],
)
def test_whole_output(
    report: Report, snapshot: Snapshot, name: str, style: Style, flags: dict[str, bool]
) -> None:
    snapshot(name, render([report], style, **flags))


def test_many_unknowns_for_one_reason_are_told_once(report: Report) -> None:
    reason = "split_settings.tools.include() may have set it at settings.py:3"
    unknown = [
        report.findings[3]._replace(control=name, message=f"{name} could not be read: {reason}")
        for name in ("hsts", "debug", "secret-key")
    ]
    several = report._replace(findings=tuple(unknown))
    assert render([several], Style()).count("split_settings") == 1
    assert render([several], Style(), verbose=True).count("split_settings") == 3


def test_quiet_when_all_is_well(sound: Report, snapshot: Snapshot) -> None:
    text = render([sound], Style())
    snapshot("audit-sound.txt", text)
    assert len(text.splitlines()) <= 8
    assert render([sound], Style(), quiet=True).count("\n") == 1


def test_colour_only_adds_colour(report: Report) -> None:
    coloured = render([report], Style(colour=True))
    assert ESCAPE.search(coloured)
    assert ESCAPE.sub("", coloured) == render([report], Style())


def test_no_background_and_no_colour_that_vanishes_on_white_or_black(report: Report) -> None:
    codes = {code for found in ESCAPE.findall(render([report], Style(colour=True)))
             for code in found[2:-1].split(";")}  # fmt: skip
    assert codes <= {"0", "1", "2", "31", "32", "35", "36"}


@pytest.mark.parametrize("width", [40, 60, 80, 100])
@pytest.mark.parametrize("verbose", [False, True])
def test_no_line_is_wider_than_the_terminal(report: Report, width: int, verbose: bool) -> None:
    text = render([report], Style(width=width), verbose=verbose)
    assert max(map(columns, text.splitlines())) <= width
    assert not [line for line in text.splitlines() if line != line.rstrip()]


def test_ascii_is_ascii(report: Report) -> None:
    text = render([report], Style(ascii=True), verbose=True)
    assert text.isascii()
    assert max(map(len, text.splitlines())) <= 80


HOSTILE = st.text(
    st.characters(codec="utf-8") | st.sampled_from("\x1b\x07\r\n\t\x9b\u202e\u2066界é́"),
    max_size=120,
)


@given(text=HOSTILE, width=st.integers(40, 120), ascii=st.booleans(), verbose=st.booleans())
@settings(
    max_examples=60,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
def test_what_a_project_says_cannot_steer_the_terminal(
    report: Report, text: str, width: int, ascii: bool, verbose: bool
) -> None:
    place = Place(text.replace("\n", "") or "x", 3)
    weak = report.findings[0]._replace(message=text, when=(text,), chain=(place,), title=text)
    unknown = report.findings[3]._replace(message=text, chain=(place,))
    hostile = report._replace(
        project=text, module=text, reasons=(text,), notes=(Note(text, place),),
        assumed=(Assumption(text, text, text),), findings=(weak, unknown), sources={place: text},
    )  # fmt: skip
    shown = render([hostile], Style(width=width, ascii=ascii), verbose=verbose)
    for line in shown.split("\n"):
        assert line.isprintable()
        assert columns(line) <= width
    assert "explain debug" in shown
