"""What people see: whole outputs as snapshots, and what must hold for any report."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hardango.controls.values import why_unknown
from hardango.findings import (
    Assumption,
    Finding,
    Note,
    Place,
    Problem,
    Report,
    Severity,
    Verdict,
)
from hardango.report.layout import Style, columns
from hardango.report.terminal import render
from hardango.settings.outcomes import Unknown

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


LOCAL = "local.py, which is not in the repository"


@pytest.mark.parametrize(
    "messages, told, left",
    [
        # What names the cause of several hangs on it too, however it is said.
        ((f"A could not be read: {LOCAL}", f"B could not be read: may be overridden by {LOCAL}",
          f"C could not be read: {LOCAL}", f"D is Django's default 420, unless {LOCAL}, sets it",
          f"E could not be read: {LOCAL}, and it is not known whether F is on", "G is odd"),
         "a, b, c, d, e:", "  f  G is odd"),
        # Of two causes the more exact one.
        ((*[f"A could not be read: {LOCAL}"] * 3, *[f"B could not be read: x, or {LOCAL}"] * 3),
         "d, e, f:\n      x, or local.py", "a, b, c:\n      local.py"),
        ((f"A could not be read: {LOCAL}", f"B could not be read: {LOCAL}", "G is odd"),
         f"a  A could not be read: {LOCAL}", f"b  B could not be read: {LOCAL}"),
        # Two causes that only begin alike.
        ((*["A could not be read: read from A"] * 3, "B could not be read: read from B"),
         "a, b, c:", "  d  B could not be read: read from B"),
        ((*[why_unknown("A", Unknown("read", variables=("X", "Y")))] * 3, "G is odd"),
         "a (X or Y), b (X or Y), c (X or Y):", "  d  G is odd"),
        # More than the variable is not known, or there are few.
        ((*[f"{why_unknown('A', Unknown('read', variables=('X',)))}, and B is off"] * 3, "G"),
         "a  A is decided by X, and hardango does not know", "b  A is decided by X, and"),
        ((*[why_unknown("A", Unknown("read", variables=("X",)))] * 2, "G is odd"),
         "a  A is decided by X, and hardango does not know", "b  A is decided by X, and"),
        (("Who sees it is decided by CALLBACK, 'f', and not known",) * 3,
         "a  Who sees it is decided by CALLBACK", "b  Who sees it is decided by CALLBACK"),
    ],
)  # fmt: skip
def test_what_is_not_known_is_told_by_its_cause(
    report: Report, messages: tuple[str, ...], told: str, left: str
) -> None:
    unknown = [
        report.findings[3]._replace(control=name, message=message, chain=())
        for name, message in zip("abcdefgh", messages, strict=False)
    ]
    text = render([report._replace(findings=tuple(unknown))], Style(width=100))
    assert told in text
    assert left in text


def weak(control: str, message: str, **more: object) -> Finding:
    problems = (Problem(Verdict.FAIL, message), Problem(Verdict.UNKNOWN, "what is not known"))
    found = Finding(
        control, Verdict.FAIL, Severity.LOW, f"Of {control}", message, problems=problems
    )
    return found._replace(**more)


def test_what_is_not_known_for_a_cause_that_is_told_is_not_told_with_each(report: Report) -> None:
    unread = f"A could not be read: {LOCAL}"
    problems = (
        Problem(Verdict.FAIL, "A is off"),
        Problem(Verdict.UNKNOWN, unread, ("local.py exists",)),
        Problem(Verdict.UNKNOWN, "A is odd"),
        Problem(Verdict.FAIL, f"B is off, as {LOCAL}"),
    )
    failing = weak("hsts", "A is off", problems=problems)
    unknown = [report.findings[3]._replace(control=name, message=unread) for name in "abc"]
    text = render([report._replace(findings=(failing, *unknown))], Style(width=100))
    assert (text.count(LOCAL), text.count("A is odd")) == (2, 1)
    assert "more (-v" not in text.partition("what ")[2]
    few = report._replace(findings=(failing, *unknown[:2]))
    assert unread in render([few], Style(width=100)).partition("NOT KNOWN")[0]
    assert unread in render([report._replace(findings=(failing, *unknown))], Style(), verbose=True)


CAUSE = weak("security-middleware", "It is not in MIDDLEWARE")
RESULT = "It is not in MIDDLEWARE, so that nothing sends the header"


@pytest.mark.parametrize(
    "other, folded",
    [
        (weak("hsts", RESULT), True),
        (weak("hsts", RESULT, severity=Severity.MEDIUM), True),
        # Something else is wrong besides, or it is so in other cases, or for another reason.
        (weak("hsts", RESULT, problems=(Problem(Verdict.FAIL, RESULT),) * 2), False),
        (weak("hsts", RESULT, when=("X is set",)), False),
        (weak("hsts", RESULT.replace("It", "Another")), False),
        (weak("hsts", "It is not in MIDDLEWARE"), False),
        (weak("hsts", RESULT, since="known"), False),
    ],
)  # fmt: skip
def test_what_follows_from_another_weakness_is_told_with_it(
    report: Report, other: Finding, folded: bool
) -> None:
    both = report._replace(findings=(CAUSE, other))
    text = render([both], Style())
    assert (f"so also  hsts ({other.severity.label}): for the same reason" in text) is folded
    assert ("Of hsts" not in text) is (folded or other.since == "known")
    assert "Of hsts" in render([both], Style(), verbose=True) or other.since == "known"
    assert "2 fail" in text


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
