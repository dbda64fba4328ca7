"""From judgements to verdicts, and from verdicts to a grade."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hardango.controls.catalogue import catalogue, names
from hardango.controls.judge import fingerprint, grade, judge, judge_control, sentence
from hardango.controls.model import (
    Control,
    Judgement,
    bad,
    elsewhere,
    good,
    not_applicable,
    unreadable,
)
from hardango.findings import Finding, Ignored, Place, Problem, Severity, Verdict
from hardango.project.model import Deployment, Project
from hardango.settings.conditions import TooComplex
from hardango.settings.outcomes import Outcome, Settings, Unknown

PROJECT = Project(
    root="/project", base="/project", import_roots=("/project",), manage_py=None,
    settings_modules=(), deployment=Deployment(), django=None, django_source=None,
)  # fmt: skip

SAYS = {"good": good, "bad": bad, "unreadable": unreadable, "not applicable": not_applicable}


def control_that_reads(**severities: Severity) -> Control:
    """A control whose one setting, X, says itself how it is to be judged."""
    control = Control(
        "example", title="An example", weakness="The example is broken", severity=Severity.MEDIUM,
        attack="", remedy="", settings=("X",),
    )  # fmt: skip

    @control.audit
    def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
        for outcome in settings["X"]:
            said = str(outcome.value)
            if said in severities:
                yield bad(outcome, f"it is {said}", severity=severities[said])
            elif said in SAYS:
                yield SAYS[said](outcome, f"it is {said}")

    return control


def finding_of(value: object, **severities: Severity) -> Finding:
    settings = Settings.of({"X": value})
    return judge_control(control_that_reads(**severities), settings, Deployment())


@pytest.mark.parametrize(
    ("value", "verdict", "when"),
    [
        ("good", Verdict.PASS, ()),
        ("bad", Verdict.FAIL, ()),
        ("unreadable", Verdict.UNKNOWN, ()),
        ("not applicable", Verdict.PASS, ()),
        ({"if A": "good", "else": "good"}, Verdict.PASS, ()),
        ({"if A": "bad", "else": "bad"}, Verdict.FAIL, ()),
        ({"if A": "bad", "else": "good"}, Verdict.CONDITIONAL, ("A",)),
        ({"if A": "good", "else": "bad"}, Verdict.CONDITIONAL, ("not (A)",)),
        ({"if A": "bad", "else": "not applicable"}, Verdict.CONDITIONAL, ("A",)),
        ({"if A": "bad", "else": "unreadable"}, Verdict.CONDITIONAL, ("A",)),
        ({"if A": "good", "else": "unreadable"}, Verdict.UNKNOWN, ("not (A)",)),
        ({"if A": "good", "else": "not applicable"}, Verdict.PASS, ()),
        ({"if A": "bad", "if B": "bad", "else": "good"}, Verdict.CONDITIONAL, ("B or A",)),
        # A case that the audit says nothing of is not a good one.
        ({"if A": "good", "else": "forgotten"}, Verdict.UNKNOWN, ("not (A)",)),
        ("forgotten", Verdict.UNKNOWN, ()),
    ],
)
def test_verdict(value: object, verdict: Verdict, when: tuple[str, ...]) -> None:
    finding = finding_of(value)
    assert finding.verdict is verdict
    assert set(" or ".join(finding.when).split(" or ")) == set(" or ".join(when).split(" or "))


def test_applies_unless_nothing_is_to_be_protected_in_any_case() -> None:
    assert not finding_of("not applicable").applies
    assert finding_of({"if A": "good", "else": "not applicable"}).applies
    assert finding_of("good").applies


def test_the_headline_accuses_only_what_is_broken() -> None:
    assert finding_of("bad").title == "The example is broken"
    assert finding_of({"if A": "bad", "else": "good"}).title == "The example is broken"
    assert finding_of("unreadable").title == "An example"
    assert finding_of("good").title == "An example"


def test_the_worst_problem_comes_first_and_lends_its_severity() -> None:
    finding = finding_of(
        {"if A": "mild", "if B": "grave", "if C": "unreadable", "else": "good"},
        mild=Severity.LOW, grave=Severity.CRITICAL,
    )  # fmt: skip
    assert finding.severity is Severity.CRITICAL
    assert finding.message == "It is grave"
    assert [problem.message for problem in finding.problems] == [
        "it is grave", "it is mild", "it is unreadable",
    ]  # fmt: skip


def test_broken_in_every_case_by_different_reasons_says_when_the_worst_holds() -> None:
    finding = finding_of({"if A": "grave", "else": "mild"}, mild=Severity.LOW, grave=Severity.HIGH)
    assert (finding.verdict, finding.when) == (Verdict.FAIL, ())
    assert finding.message == "It is grave; this holds when A"


def test_a_name_from_the_code_keeps_its_letters() -> None:
    assert sentence("it is bad") == "It is bad"
    assert sentence("signed_cookies is bad") == "signed_cookies is bad"
    assert sentence("'*' is bad") == "'*' is bad"
    assert sentence("") == ""


def test_the_same_reason_in_two_cases_is_one_problem() -> None:
    finding = finding_of({"if A": "bad", "if B": "bad", "else": "good"})
    assert len(finding.problems) == 1


def test_a_module_that_does_not_load_in_a_case_is_not_judged_there() -> None:
    """A settings module that raises when a variable is missing is a good pattern."""
    made = Settings.of({"X": {"if A": "bad", "else": "good"}})
    only = made.given(made.space.fact("A", "not (A)"))
    without = made.given(~made.space.fact("A", "not (A)"))
    control = control_that_reads()
    assert judge_control(control, only, Deployment()).verdict is Verdict.FAIL
    assert judge_control(control, without, Deployment()).verdict is Verdict.PASS


@pytest.mark.parametrize(
    ("where", "verdict"),
    [("A", Verdict.FAIL), ("not A", Verdict.PASS), ("always", Verdict.CONDITIONAL)],
)
def test_what_a_control_says_of_cases_that_do_not_load_is_not_said(
    where: str, verdict: Verdict
) -> None:
    made = Settings.of({})
    fact = made.space.fact("A", "not (A)")
    loads = {"A": fact, "not A": ~fact, "always": made.space.true}[where]
    control = control_that_reads()

    @control.audit
    def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
        yield bad(Outcome(1, fact, ()), "it is bad")
        yield good(Outcome(2, ~fact, ()), "it is good")

    finding = judge_control(control, made.given(loads), Deployment())
    assert finding.verdict is verdict
    assert "never" not in finding.when


def test_too_many_conditions_are_unknown() -> None:
    control = control_that_reads()

    @control.audit
    def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
        raise TooComplex("more than 20000 combinations of conditions")
        yield  # type: ignore[unreachable]

    finding = judge_control(control, Settings.of({}), Deployment())
    assert finding.verdict is Verdict.UNKNOWN
    assert "too many conditions" in finding.message


def test_a_control_that_needs_too_much_takes_nothing_from_the_next(monkeypatch) -> None:
    monkeypatch.setattr("hardango.controls.judge.MOST_STEPS", 500)
    settings = Settings.of({"DEBUG": False})

    def greedy(settings: Settings, deployment: object) -> Iterator[Judgement]:
        facts = [settings.space.fact(f"{n} is", f"{n} is not") for n in range(40)]
        found = settings.space.false
        for one, other in zip(facts[:20], facts[20:], strict=True):
            found = found | (one & other)
        yield good(settings["DEBUG"].outcomes[0], "DEBUG is False")

    verdicts = []
    for examine in (
        greedy,
        lambda settings, _: [good(settings["DEBUG"].outcomes[0], "DEBUG is False")],
    ):
        control = Control(
            "example", title="", weakness="", severity=Severity.LOW, attack="", remedy=""
        )
        control.audit(examine)
        verdicts.append(judge_control(control, settings, PROJECT.deployment).verdict)
    assert verdicts == [Verdict.UNKNOWN, Verdict.PASS]


def test_a_control_without_an_audit_is_listed_as_not_judged() -> None:
    control = Control(
        "later", title="Later", weakness="", severity=Severity.HIGH, attack="", remedy=""
    )
    (finding,) = judge(Settings.of({}), PROJECT, [control])
    assert (finding.judged, finding.verdict) == (False, Verdict.UNKNOWN)
    assert "Not yet judged" in finding.message


# Where DEBUG is on.


FLAG = Unknown("read from DEBUG", type="bool", variables=("DEBUG",), subject="DEBUG")


def with_debug(debug: object) -> Settings:
    """X is bad where "on" holds, and "on" makes DEBUG true."""
    made = Settings.of({"DEBUG": debug, "X": {"if on": "bad", "else": "good"}})
    made.truths = {"DEBUG": made.space.fact("on", "not (on)")}
    return made


@pytest.mark.parametrize(
    ("debug", "verdict"),
    [
        # The operator decides: judged for production, where it is off.
        ({"if DEBUG is set": FLAG, "else": False}, Verdict.PASS),
        (FLAG, Verdict.PASS),
        # The settings themselves turn it on in a case: that case is production's too.
        ({"if on": True, "else": False}, Verdict.CONDITIONAL),
        (True, Verdict.CONDITIONAL),
    ],
)
def test_other_controls_are_judged_where_the_operator_leaves_debug_off(
    debug: object, verdict: Verdict
) -> None:
    (finding,) = judge(with_debug(debug), PROJECT, [control_that_reads()])
    assert finding.verdict is verdict


# Grade.


OPEN = Problem(Verdict.UNKNOWN, "x")
CHOSEN = OPEN._replace(chosen=True)


def made(verdict: Verdict, severity: Severity = Severity.MEDIUM, **more: object) -> Finding:
    return Finding("x", verdict, severity, "", "")._replace(**more)


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        ([made(Verdict.PASS)], ("A+", 100)),
        ([], ("A+", 100)),
        # What is not judged or not known is not passed.
        ([made(Verdict.PASS), made(Verdict.UNKNOWN, judged=False)], ("A", 100)),
        ([made(Verdict.UNKNOWN, Severity.LOW)], ("A", 99)),
        ([made(Verdict.UNKNOWN, Severity.CRITICAL)], ("A", 95)),
        ([made(Verdict.UNKNOWN, each) for each in Severity] * 8, ("D", 54)),
        # What an operator chooses is open, and costs nothing.
        ([made(Verdict.UNKNOWN, Severity.CRITICAL, problems=(CHOSEN,))], ("A", 100)),
        ([made(Verdict.UNKNOWN, Severity.CRITICAL, problems=(CHOSEN, OPEN))], ("A", 95)),
        ([made(Verdict.PASS, applies=False)], ("A+", 100)),
        ([made(Verdict.ELSEWHERE, Severity.HIGH)], ("A", 100)),
        ([made(Verdict.FAIL, Severity.INFO)], ("A", 100)),
        ([made(Verdict.FAIL, Severity.LOW)], ("A", 98)),
        ([made(Verdict.FAIL, Severity.LOW)] * 5, ("A", 90)),
        ([made(Verdict.FAIL, Severity.LOW)] * 6, ("B", 88)),
        # An A has nothing medium or worse; one critical weakness is a D, two are an F.
        ([made(Verdict.FAIL, Severity.MEDIUM)], ("B", 89)),
        ([made(Verdict.CONDITIONAL, Severity.MEDIUM)], ("B", 89)),
        ([made(Verdict.FAIL, Severity.HIGH)], ("C", 74)),
        ([made(Verdict.FAIL, Severity.CRITICAL)], ("D", 55)),
        ([made(Verdict.CONDITIONAL, Severity.CRITICAL)], ("D", 59)),
        ([made(Verdict.CONDITIONAL, Severity.CRITICAL), made(Verdict.FAIL, Severity.MEDIUM)],
         ("D", 59)),
        ([made(Verdict.FAIL, Severity.MEDIUM)] * 6, ("C", 64)),
        ([made(Verdict.FAIL, Severity.CRITICAL)] * 2, ("F", 30)),
        ([made(Verdict.FAIL, Severity.CRITICAL)] * 9, ("F", 0)),
    ],
)  # fmt: skip
def test_grade(findings: list[Finding], expected: tuple[str, int]) -> None:
    assert grade(findings) == expected


# Fingerprint.


def test_a_fingerprint_survives_what_does_not_matter() -> None:
    first = finding_of("bad")
    assert len(first.fingerprint) == 16
    assert first.fingerprint == finding_of({"if A": "bad", "else": "good"}).fingerprint
    assert first.fingerprint == finding_of("good").fingerprint


def test_a_fingerprint_is_the_same_in_every_file() -> None:
    here, there = Settings.of({"X": "bad"}), Settings.of({"Y": 1, "Z": 2, "X": "bad"})
    there.file = "elsewhere.py"
    prints = {
        (found.fingerprint, *(each.fingerprint for each in found.problems))
        for found in (
            judge_control(control_that_reads(), settings, Deployment())
            for settings in (here, there)
        )
    }
    assert len(prints) == 1


def test_fingerprints_tell_controls_and_problems_apart() -> None:
    assert len({fingerprint(name) for name in names()}) == len(names())
    found = finding_of({"if A": "bad", "if B": "awful", "else": "good"}, awful=Severity.HIGH)
    first, second = (each.fingerprint for each in found.problems)
    assert first != second


# What is only for those who want more, what is done elsewhere, what is ignored.


def control_saying(*judgements: Callable[[Outcome], Judgement], pedantic: bool = False) -> Control:
    control = Control(
        "example", title="An example", weakness="The example is broken", severity=Severity.MEDIUM,
        attack="", remedy="", settings=("X",),
    )  # fmt: skip

    @control.audit
    def audit(settings: Settings, deployment: Deployment) -> Iterator[Judgement]:
        for outcome in settings["X"]:
            for judgement in judgements:
                yield judgement(outcome)

    control.pedantic = pedantic
    return control


def picky(outcome: Outcome) -> Judgement:
    return bad(outcome, "it could be better", severity=Severity.LOW, pedantic=True)


def moved(outcome: Outcome) -> Judgement:
    return elsewhere(outcome, "the proxy does it")


def broken(outcome: Outcome) -> Judgement:
    return bad(outcome, "it is broken")


SETTINGS = Settings.of({"X": 1})


@pytest.mark.parametrize(
    ("judgements", "pedantic", "verdict"),
    [
        ([picky], False, Verdict.PASS),
        ([picky], True, Verdict.FAIL),
        ([picky, broken], False, Verdict.FAIL),
        ([moved], False, Verdict.ELSEWHERE),
        ([moved, picky], False, Verdict.ELSEWHERE),
        ([moved, broken], False, Verdict.FAIL),
    ],
)
def test_pedantic_and_elsewhere(
    judgements: list[Callable[[Outcome], Judgement]], pedantic: bool, verdict: Verdict
) -> None:
    control = control_saying(*judgements)
    assert judge_control(control, SETTINGS, Deployment(), pedantic=pedantic).verdict is verdict


def test_a_pedantic_control_is_judged_on_demand_only() -> None:
    control = control_saying(broken, pedantic=True)
    assert judge(SETTINGS, PROJECT, [control]) == []
    (found,) = judge(SETTINGS, PROJECT, [control], pedantic=True)
    assert found.pedantic and found.verdict is Verdict.FAIL


def test_what_is_ignored_keeps_its_verdict_and_does_not_count() -> None:
    why = Ignored("the staging site", Place("settings.py", 1))
    found = judge_control(control_saying(broken), SETTINGS, Deployment(), ignoring=lambda *_: why)
    assert (found.verdict, found.ignored, found.counts) == (Verdict.FAIL, (why,), False)
    assert grade([found]) == ("A", 100)


def test_ignoring_one_problem_leaves_the_others() -> None:
    why = Ignored("a decision", Place("settings.py", 1))
    settings = Settings.of({"X": {"if A": "bad", "else": "awful"}})
    ignored = {settings["X"].outcomes[0].chain: why}
    control = control_that_reads(awful=Severity.HIGH)
    found = judge_control(
        control, settings, Deployment(), ignoring=lambda name, chain, about: ignored.get(chain)
    )
    # Both outcomes stand at one place here, so both are ignored …
    assert found.ignored == (why,)
    two = control_saying(
        broken, lambda outcome: bad(outcome, "also this")._replace(chain=(Place("b.py", 7),))
    )
    found = judge_control(
        two, settings, Deployment(), ignoring=lambda name, chain, about: ignored.get(chain)
    )
    # … and here one of them stands elsewhere.
    assert not found.ignored and [each.message for each in found.problems] == ["also this"]


@pytest.mark.parametrize("opinion", [good, unreadable, not_applicable])
def test_only_weaknesses_can_be_ignored(opinion: Callable[..., Judgement]) -> None:
    why = Ignored("a reason", Place("settings.py", 1))
    control = control_saying(lambda outcome: opinion(outcome, "it is as it is"))
    found = judge_control(control, SETTINGS, Deployment(), ignoring=lambda *_: why)
    assert not found.ignored and not found.weak


# What must hold whatever the settings are.


PLAIN = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.binary(max_size=4),
    st.sampled_from([
        "*", "False", "0", "DENY", ".com", "", "django.contrib.sessions", 31536000, 60,
        "django.middleware.security.SecurityMiddleware",
        "django.contrib.sessions.middleware.SessionMiddleware",
        "django.contrib.sessions.backends.signed_cookies",
        "django.contrib.sessions.backends.cache", "django.contrib.sessions.backends.file",
        "whitenoise.middleware.WhiteNoiseMiddleware", "/tmp/x", "a+", ")", "HTTP_X_FORWARDED_PROTO",
    ]),
)  # fmt: skip
UNKNOWNS = st.builds(
    Unknown,
    st.just("a reason"),
    type=st.sampled_from([None, "str", "bool", "int", "list", "dict", "NoneType"]),
    variables=st.sampled_from([(), ("A",), ("A", "B", "C")]),
    prefix=st.sampled_from(["", "", "django-insecure-", "*", "."]),
    choices=st.lists(PLAIN, max_size=3).map(tuple),
    several=st.booleans(),
    fresh=st.booleans(),
)
VALUES = st.recursive(
    PLAIN | UNKNOWNS,
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.lists(inner, max_size=3).map(tuple),
        st.dictionaries(st.text(max_size=4) | st.just("default"), inner, max_size=3),
        st.dictionaries(
            st.sampled_from(["BACKEND", "DIRECTIVES", "frame-ancestors", "default",
                             "DEFAULT_AUTHENTICATION_CLASSES"]), inner, max_size=3,
        ),
    ),
    max_leaves=6,
)  # fmt: skip
EITHER = VALUES | st.tuples(VALUES, VALUES).map(lambda two: {"if A": two[0], "else": two[1]})
NAMES = sorted(
    {name for control in catalogue() for name in control.settings}
    | {"INSTALLED_APPS", "REST_FRAMEWORK", "CONTENT_SECURITY_POLICY", "CSP_FRAME_ANCESTORS",
       "CSRF_USE_SESSIONS", "SIMPLE_JWT", "MEDIA_ROOT"}
)  # fmt: skip


@given(
    st.dictionaries(st.sampled_from(NAMES), EITHER, max_size=8),
    st.sampled_from([(1, 8), (1, 11), (2, 2), (4, 2), (6, 1)]),
)
def test_any_settings_give_exactly_one_finding_a_control(
    values: dict[str, object], django: tuple[int, int]
) -> None:
    findings = judge(Settings.of(values, django=django), PROJECT, catalogue(), pedantic=True)
    assert [finding.control for finding in findings] == names()
    for finding in findings:
        assert finding.message
        assert (finding.verdict is Verdict.PASS) == (not finding.problems) or not finding.judged
        assert bool(finding.when) <= (finding.verdict is not Verdict.FAIL)
    letter, score = grade(findings)
    assert 0 <= score <= 100
    assert letter != "A+"


SWITCHES = {
    "debug": "DEBUG",
    "ssl-redirect": "SECURE_SSL_REDIRECT",
    "session-cookie-secure": "SESSION_COOKIE_SECURE",
    "session-cookie-httponly": "SESSION_COOKIE_HTTPONLY",
    "csrf-cookie-secure": "CSRF_COOKIE_SECURE",
    "content-type-nosniff": "SECURE_CONTENT_TYPE_NOSNIFF",
}
EVERYTHING = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
]


@given(
    st.sampled_from(sorted(SWITCHES)),
    st.builds(
        Unknown, st.just("a reason"), type=st.sampled_from([None, "str", "bool", "int"]),
        variables=st.sampled_from([(), ("A",)]),
    ),
    st.none() | PLAIN,
)  # fmt: skip
def test_a_switch_that_is_not_known_never_passes(
    judged_once, name: str, unknown: Unknown, other: object
) -> None:
    value = unknown if other is None else {"if A": other, "else": unknown}
    finding = judged_once(name, {SWITCHES[name]: value, "MIDDLEWARE": EVERYTHING})
    assert finding.verdict is not Verdict.PASS


@given(st.sampled_from(sorted(SWITCHES)), PLAIN, PLAIN)
def test_a_switch_does_what_python_takes_its_value_for(
    judged_once, name: str, first: object, second: object
) -> None:
    settings = {SWITCHES[name]: {"if A": first, "else": second}, "MIDDLEWARE": EVERYTHING}
    wanted = name != "debug"
    broken = [bool(value) is not wanted for value in (first, second)]
    expected = {0: Verdict.PASS, 1: Verdict.CONDITIONAL, 2: Verdict.FAIL}[sum(broken)]
    assert judged_once(name, settings).verdict is expected


def test_places_are_those_of_the_settings() -> None:
    settings = Settings.of({"A": 1, "DEBUG": True})
    (finding,) = judge(settings, PROJECT, catalogue(lambda name: name == "debug"))
    assert finding.place == Place("settings.py", 2)


def test_an_outcome_of_two_conditions_says_both() -> None:
    empty = Settings.of({})
    first, second = (empty.space.fact(name, f"not {name}") for name in ("A", "B"))
    outcome = Outcome("bad", first & second)
    rest = Outcome("good", ~(first & second))
    settings = Settings({"X": [outcome, rest]}, empty.defaults, space=empty.space)
    finding = judge_control(control_that_reads(), settings, Deployment())
    assert finding.when == ("A", "B")


def test_a_case_in_which_the_settings_do_not_load_is_no_weakness() -> None:
    """Also where the failure depends on too many facts to narrow every condition."""
    empty = Settings.of({})
    facts = [empty.space.fact(f"F{number}", f"not F{number}") for number in range(14)]
    fails = empty.space.true
    for fact in facts:
        fails = fails & fact
    other = empty.space.fact("X", "not X")
    outcomes = [Outcome("bad", fails & other), Outcome("good", ~(fails & other))]
    failures = ((fails, "NameError: name 'URL' is not defined", None),)
    settings = Settings({"X": outcomes}, empty.defaults, space=empty.space, failures=failures)
    assert judge_control(control_that_reads(), settings, Deployment()).verdict is Verdict.PASS
    alone = Settings({"X": outcomes}, empty.defaults, space=empty.space)
    assert judge_control(control_that_reads(), alone, Deployment()).verdict is Verdict.CONDITIONAL
