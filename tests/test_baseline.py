"""What is new, worse, known, fixed: baselines and the difference of two reports."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardango.baseline import (
    BadBaseline,
    Snapshot,
    applied,
    baseline_of,
    compare,
    differences,
    load,
    of_report,
    pairs,
    write,
)  # fmt: skip
from hardango.findings import Finding, Ignored, Place, Problem, Report, Severity, Verdict
from hardango.report.json_format import render

Write = Callable[[Mapping[str, str]], Path]

WHY = (Ignored("why", Place("s.py", 1)),)


def found(
    control: str = "hsts",
    verdict: Verdict = Verdict.FAIL,
    severity: Severity = Severity.MEDIUM,
    problems: tuple[str, ...] = ("X",),
    **more: Any,
) -> Finding:
    """A finding whose problems are about these; "?X" is one that could not be read."""
    made = tuple(
        Problem(Verdict.UNKNOWN if about[0] == "?" else Verdict.FAIL, "…", severity=severity,
                about=about, fingerprint=f"{control} {about}")
        for about in problems
    )  # fmt: skip
    return Finding(control, verdict, severity, "title", "message", problems=made,
                   fingerprint=f"mark of {control}", **more)  # fmt: skip


def report(*findings: Finding, module: str = "conf.settings", project: str = "shop") -> Report:
    return Report(project, module, "5.2", (), (), findings, (), "A", 100, {})


DAMAGED = (
    '{"schema": 1, "tool": {"name": "hardango"}, "module": "m", "findings": '
    '[{"control": "x", "fingerprint": "y", "severity": "huge"}]}'
)
SOUND, UNKNOWN = found(verdict=Verdict.PASS, problems=()), found(verdict=Verdict.UNKNOWN)


@pytest.mark.parametrize(
    ("old", "new", "what"),
    [
        # Weaknesses that the baseline does not have.
        (None, found(), "new"),
        (SOUND, found(), "new"),
        (UNKNOWN, found(), "new"),
        (found(ignored=WHY), found(), "new"),
        (found(), found(severity=Severity.HIGH), "worse"),
        (found(), found(problems=("X", "Y")), "worse"),
        (found(problems=("X", "?Y")), found(problems=("X", "Y")), "worse"),
        # What is as it was, or better.
        (found(), found(), "unchanged"),
        (found(), found(verdict=Verdict.CONDITIONAL), "unchanged"),
        (found(verdict=Verdict.CONDITIONAL), found(), "unchanged"),
        (found(severity=Severity.HIGH), found(), "unchanged"),
        (found(problems=("X", "Y")), found(problems=("Y",)), "unchanged"),
        (found(), found(problems=("X", "?Y")), "unchanged"),
        (found(), found(chain=(Place("moved.py", 7),)), "unchanged"),
        # What was there.
        (found(), SOUND, "fixed"),
        (found(), found(verdict=Verdict.ELSEWHERE, problems=()), "fixed"),
        (found(), UNKNOWN, "open"),
        (found(), found(ignored=WHY), "open"),
        (found(), None, "open"),
        # What never was a weakness.
        (SOUND, SOUND, None),
        (SOUND, UNKNOWN, None),
        (None, SOUND, None),
        (None, found(ignored=WHY), None),
        (UNKNOWN, None, None),
    ],
)
def test_what_becomes_of_a_weakness(old: Finding | None, new: Finding | None, what: str) -> None:
    """The same from two reports, and from their JSON."""
    before, after = (report(*([each] if each else [])) for each in (old, new))
    result = compare(of_report(before), of_report(after))
    sets = {name for name in ("new", "worse", "unchanged", "fixed", "open")
            if getattr(result, name)}  # fmt: skip
    assert sets == ({what} if what else set())


@pytest.mark.parametrize(
    ("old", "new", "same"),
    [
        (["a"], ["a"], {"a": "a"}),
        (["a", "b"], ["b"], {"b": "b"}),
        (["a"], ["renamed"], {"renamed": "a"}),
        (["a", "b"], ["b", "renamed"], {"b": "b", "renamed": "a"}),
        # One more module is another one, not a renamed one.
        (["a"], ["a", "more"], {"a": "a", "more": None}),
        (["a", "b"], ["other"], {"other": None}),
        ([], ["a"], {"a": None}),
    ],
)
def test_modules_are_matched(old: list[str], new: list[str], same: dict[str, str | None]) -> None:
    before = [of_report(report(found(), module=name)) for name in old]
    after = [of_report(report(found(), module=name)) for name in new]
    matched = {now.module: was.module if was else None for was, now in pairs(before, after)}
    assert matched == same


def test_projects_with_modules_of_one_name_are_told_apart(tmp_path: Path) -> None:
    web = report(found("debug"), project="web")
    api = report(found("hsts"), project="api")
    path = tmp_path / "known.json"
    write(str(path), baseline_of([web, api]))
    for each in applied(load(str(path)), [api, web]):
        assert [finding.since for finding in each.findings] == ["known"]
    # Of one project alone, the name of its directory does not matter.
    assert '"project"' not in baseline_of([web])
    (alone,) = pairs(
        load_text(baseline_of([web]), tmp_path), [of_report(web._replace(project="x"))]
    )
    assert alone[0] is not None


def load_text(text: str, directory: Path) -> list[Snapshot]:
    path = directory / "text.json"
    path.write_text(text, encoding="utf-8")
    return load(str(path))


def test_a_baseline_is_for_reviewers() -> None:
    one = report(
        found("hsts", problems=("Y", "X", "?Z")),
        found("debug", Verdict.CONDITIONAL, when=("A is set",)),
        found("csrf", Verdict.PASS, problems=()),
        found("frame", ignored=WHY),
    )  # fmt: skip
    two = report(*reversed(one.findings), module="conf.staging")
    text = baseline_of([two, one])
    assert text == baseline_of([one, two])
    data = json.loads(text)
    assert [each["module"] for each in data["reports"]] == ["conf.settings", "conf.staging"]
    assert data["reports"][0]["findings"] == [
        {"control": "debug", "severity": "medium", "fingerprint": "mark of debug",
         "problems": [{"about": "X", "fingerprint": "debug X"}]},
        {"control": "hsts", "severity": "medium", "fingerprint": "mark of hsts",
         "problems": [{"about": "X", "fingerprint": "hsts X"},
                      {"about": "Y", "fingerprint": "hsts Y"}]},
    ]  # fmt: skip


def test_what_is_known_new_and_fixed_is_said(tmp_path: Path) -> None:
    known = load_text(baseline_of([report(found("debug"), found("hsts"))]), tmp_path)
    now = report(
        found("debug"), found("hsts", Verdict.PASS), found("csrf"), found("x", ignored=WHY)
    )
    (result,) = applied(known, [now])
    assert {each.control: each.since for each in result.findings} == {
        "debug": "known", "hsts": "", "csrf": "new", "x": "",
    }  # fmt: skip
    assert [each.control for each in result.findings if each.fresh] == ["csrf"]
    assert [note.message for note in result.notes] == [
        "in the baseline, but no longer there: hsts; write the baseline again"
    ]
    (other,) = applied([], [now])
    assert "does not know conf.settings" in other.notes[0].message


def test_a_report_in_json_is_a_baseline_too(tmp_path: Path) -> None:
    text = render([report(found("debug", problems=("X", "?Y")), found("hsts", ignored=WHY))])
    (result,) = applied(load_text(text, tmp_path), [report(found("debug"), found("hsts"))])
    assert [each.since for each in result.findings] == ["known", "new"]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "is no JSON"),
        ("{", "is no JSON"),
        ("\0\1", "is no JSON"),
        ("[" * 100_000, "is no JSON"),
        ("[]", "is not a baseline"),
        ("null", "is not a baseline"),
        ("{}", "is not a baseline"),
        ('{"schema": 1, "tool": {"name": "bandit"}}', "is not a baseline"),
        ('{"schema": 2, "tool": {"name": "hardango"}}', "another schema"),
        ('{"schema": 1, "tool": {"name": "hardango"}}', "is damaged"),
        ('{"schema": 1, "tool": {"name": "hardango"}, "reports": 5}', "is damaged"),
        ('{"schema": 1, "tool": {"name": "hardango"}, "reports": [[]]}', "is damaged"),
        ('{"schema": 1, "tool": {"name": "hardango"}, "findings": []}', "is damaged"),
        (DAMAGED, "is damaged"),
    ],
)
def test_what_is_no_baseline_is_said(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(BadBaseline, match=says):
        load_text(text, tmp_path)


def test_only_a_baseline_is_overwritten(tmp_path: Path) -> None:
    text = baseline_of([report(found())])
    for content, overwritten in ((text, True), ("", True), (render([report()]), False),
                                 ("SECRET = 1\n", False)):  # fmt: skip
        path = tmp_path / "file"
        path.write_text(content, encoding="utf-8")
        if overwritten:
            write(str(path), text)
        else:
            with pytest.raises(BadBaseline, match="it is not overwritten"):
                write(str(path), text)
        assert path.read_text(encoding="utf-8") == (text if overwritten else content)
    assert [each.name for each in tmp_path.iterdir()] == ["file"]


def test_differences_of_files(tmp_path: Path) -> None:
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_text(render([report(found("debug"), found("hsts")), report(module="b")]))
    new.write_text(render([report(found("hsts"), found("csrf"), found("debug", Verdict.PASS))]))
    (result,) = differences(str(old), str(new))
    assert [each[0] for each in (*result.new, *result.unchanged, *result.fixed)] == [
        "csrf", "hsts", "debug",
    ]  # fmt: skip


# -- whatever a report says ------------------------------------------------------------------------

FINDINGS = st.builds(
    found,
    st.just(""),
    st.sampled_from(list(Verdict)),
    st.sampled_from(list(Severity)),
    st.lists(st.sampled_from(["X", "Y", "?Z", "é", '"']), max_size=3, unique=True).map(tuple),
    ignored=st.sampled_from([(), WHY]),
)
REPORTS = st.lists(
    st.tuples(st.sampled_from(["web", "api"]), st.sampled_from(["a", "b", "c"]),
              st.lists(FINDINGS, max_size=4)),
    min_size=1, max_size=4, unique_by=lambda each: each[:2],
).map(lambda many: [
    report(*[each._replace(control=f"c{number}", fingerprint=f"f{number}")
             for number, each in enumerate(findings)], module=module, project=project)
    for project, module, findings in many
])  # fmt: skip


@given(REPORTS)
def test_nothing_is_new_against_the_baseline_of_the_same_reports(
    tmp_path_factory: pytest.TempPathFactory, reports: list[Report]
) -> None:
    directory = tmp_path_factory.getbasetemp()
    text = baseline_of(reports)
    for each in applied(load_text(text, directory), reports):
        assert not [finding for finding in each.findings if finding.fresh]
        assert not [note for note in each.notes if "no longer" in note.message]
        assert {finding.since for finding in each.findings if finding.counts} <= {"known"}
    again = [compare(*each) for each in pairs(load_text(render(reports), directory),
                                              list(map(of_report, reports)))]  # fmt: skip
    assert not any(each.new or each.worse or each.fixed for each in again)
