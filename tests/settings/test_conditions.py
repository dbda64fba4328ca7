"""Conditions mean what a truth table means, whatever is done with them and however they are said."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hardango.settings import conditions
from hardango.settings.conditions import MAX_NODES, Condition, Space, TooComplex

NAMES = ("A", "B", "C", "D", "E")

Case = dict[str, bool]
CASES: list[Case] = [
    dict(zip(NAMES, values)) for values in itertools.product((False, True), repeat=len(NAMES))
]

SOME = settings(max_examples=200, derandomize=True, database=None, deadline=None)


class Formula(NamedTuple):
    """A condition in a space of its own construction, and the function that it stands for."""

    build: Callable[[Space], Condition]
    holds: Callable[[Case], bool]


def fact(name: str) -> Formula:
    return Formula(
        lambda space: space.fact(f"{name} is true", f"{name} is false", about=name),
        lambda case: case[name],
    )


def combined(parts: st.SearchStrategy[Formula]) -> st.SearchStrategy[Formula]:
    def both(pair: tuple[Formula, Formula]) -> Formula:
        one, other = pair
        return Formula(
            lambda space: one.build(space) & other.build(space),
            lambda case: one.holds(case) and other.holds(case),
        )

    def either(pair: tuple[Formula, Formula]) -> Formula:
        one, other = pair
        return Formula(
            lambda space: one.build(space) | other.build(space),
            lambda case: one.holds(case) or other.holds(case),
        )

    def neither(one: Formula) -> Formula:
        return Formula(lambda space: ~one.build(space), lambda case: not one.holds(case))

    def choice(three: tuple[Formula, Formula, Formula]) -> Formula:
        test, then, other = three
        return Formula(
            lambda space: space.choose(test.build(space), then.build(space), other.build(space)),
            lambda case: then.holds(case) if test.holds(case) else other.holds(case),
        )

    return st.one_of(
        st.tuples(parts, parts).map(both),
        st.tuples(parts, parts).map(either),
        parts.map(neither),
        st.tuples(parts, parts, parts).map(choice),
    )


FORMULAS = st.recursive(st.sampled_from([fact(name) for name in NAMES]), combined, max_leaves=12)


def table(condition: Condition) -> list[bool]:
    """What the condition says of each of CASES, by walking its diagram."""
    said = []
    for case in CASES:
        node = condition
        while node.atom is not None:
            node = node.high if case[node.atom.about] else node.low
        said.append(node.certain)
    return said


def truth(formula: Formula) -> list[bool]:
    return [formula.holds(case) for case in CASES]


# -- meaning ---------------------------------------------------------------------------------------


@SOME
@given(FORMULAS)
def test_a_condition_says_what_its_truth_table_says(formula: Formula) -> None:
    condition = formula.build(Space())
    assert table(condition) == truth(formula)
    assert condition.possible == any(truth(formula))
    assert condition.certain == all(truth(formula))


@SOME
@given(FORMULAS, FORMULAS)
def test_two_conditions_that_mean_the_same_are_the_same_object(
    one: Formula, other: Formula
) -> None:
    space = Space()
    first, second = one.build(space), other.build(space)
    assert (first is second) == (truth(one) == truth(other))
    assert (~(~first & ~second)) is (first | second)


@SOME
@given(FORMULAS, FORMULAS)
def test_implies(one: Formula, other: Formula) -> None:
    space = Space()
    expected = all(then for given, then in zip(truth(one), truth(other)) if given)
    assert one.build(space).implies(other.build(space)) == expected


@SOME
@given(FORMULAS, FORMULAS)
def test_within_agrees_where_one_cares_and_is_never_longer_there(
    formula: Formula, care: Formula
) -> None:
    space = Space()
    condition, cared = formula.build(space), care.build(space)
    simple = condition.within(cared)
    assert (simple & cared) is (condition & cared)
    if cared.possible and cared.implies(condition):
        assert simple.certain
    if cared.possible and not (condition & cared).possible:
        assert not simple.possible


@SOME
@given(FORMULAS)
def test_atoms_are_the_facts_that_matter(formula: Formula) -> None:
    condition = formula.build(Space())
    matter = {
        name
        for name in NAMES
        if any(
            formula.holds({**case, name: True}) != formula.holds({**case, name: False})
            for case in CASES
        )
    }
    assert {atom.about for atom in condition.atoms()} == matter


def test_a_condition_is_no_truth_value() -> None:
    with pytest.raises(TypeError):
        bool(Space().true)


# -- words -----------------------------------------------------------------------------------------


def meaning(said: tuple[str, ...], case: Case) -> bool:
    """What the sentences of `describe` say of a case."""

    def fact_holds(sentence: str) -> bool:
        name, _, value = sentence.partition(" is ")
        return case[name] == (value == "true")

    if said == ("never",):
        return False
    return all(
        any(all(map(fact_holds, way.split(" and "))) for way in sentence.split(" or "))
        for sentence in said
    )


@SOME
@given(FORMULAS)
def test_the_words_say_what_the_condition_means(formula: Formula) -> None:
    condition = formula.build(Space())
    said = condition.describe()
    if any("further cases" in sentence for sentence in said):
        shown = [s.partition(" further cases")[0].rpartition(" or ")[0] or s for s in said]
        # A part of the cases: whatever is said must hold there.
        assert all(formula.holds(case) for case in CASES if meaning(tuple(shown), case))
    else:
        assert [meaning(said, case) for case in CASES] == truth(formula)


@SOME
@given(FORMULAS)
def test_the_ways_cover_the_condition(formula: Formula) -> None:
    ways = formula.build(Space()).ways(limit=1000)
    covered = [
        any(all(case[atom.about] == holds for atom, holds in way) for way in ways) for case in CASES
    ]
    assert covered == truth(formula)


def sentences(build: Callable[[Space], Condition]) -> tuple[str, ...]:
    return build(Space()).describe()


def is_set(space: Space, name: str) -> Condition:
    return space.fact(f"{name} is set", f"{name} is unset", about=name)


def is_value(space: Space, name: str, value: str) -> Condition:
    return space.fact(f"{name} is {value!r}", f"{name} is not {value!r}", about=name)


@pytest.mark.parametrize(
    "build, expected",
    [
        (lambda space: space.true, ()),
        (lambda space: space.false, ("never",)),
        (lambda space: is_set(space, "DEBUG"), ("DEBUG is set",)),
        (lambda space: ~is_set(space, "DEBUG"), ("DEBUG is unset",)),
        # Facts that all must hold are said one by one.
        (
            lambda space: is_set(space, "DEBUG") & ~is_set(space, "ENV"),
            ("DEBUG is set", "ENV is unset"),
        ),
        # Alternatives are one sentence, without what the others have excluded already.
        (
            lambda space: is_set(space, "DEBUG") | is_set(space, "ENV"),
            ("ENV is set or DEBUG is set",),
        ),
        # What a variable is says that it is set.
        (
            lambda space: is_set(space, "ENV") & is_value(space, "ENV", "production"),
            ("ENV is 'production'",),
        ),
        (
            lambda space: is_set(space, "ENV") & ~is_value(space, "ENV", "production"),
            ("ENV is set", "ENV is not 'production'"),
        ),
        # Where it is not set it is nothing at all.
        (
            lambda space: ~(is_set(space, "ENV") & is_value(space, "ENV", "production")),
            ("ENV is not 'production'",),
        ),
        # Nothing and nothing in it are told in one breath, whatever the fact is about.
        (
            lambda space: (
                ~is_set(space, "HOSTS") | ~space.fact("HOSTS is not empty", "HOSTS is empty")
            ),
            ("HOSTS is unset or empty",),
        ),
        # A case that another one contains is not said beside it.
        (
            lambda space: (
                ~is_set(space, "DEBUG") & ~is_value(space, "LOCAL", "1") | ~is_set(space, "LOCAL")
            ),
            ("LOCAL is unset or DEBUG is unset and LOCAL is not '1'",),
        ),
        # What the settings' own code computes is named by its place.
        *(
            (lambda space, words=words: space.fact(words, f"not: {words}"), (expected,))
            for words, expected in (
                (
                    "a.b(…).get() at shop/settings.py:41 is None",
                    "the value at shop/settings.py:41 is None",
                ),
                ("f() at a.py:3 of g() at b.py:4 contains 'x'", "the value at b.py:4 contains 'x'"),
                ("a().lower() at a.py:41 (2) is 't' or '1'", "value 2 at a.py:41 is 't' or '1'"),
                ("two values are equal at a.py:4", "two values are equal at a.py:4"),
                ("the server listens at home", "the server listens at home"),
            )
        ),
    ],
)
def test_short_words(build: Callable[[Space], Condition], expected: tuple[str, ...]) -> None:
    said = sentences(build)
    assert [sorted(each.split(" or ")) for each in said] == [
        sorted(each.split(" or ")) for each in expected
    ]


def test_many_alternatives_are_cut_short() -> None:
    space = Space()
    found = space.false
    for number in range(40):
        found = found | is_set(space, f"VARIABLE_{number}")
    (said,) = found.describe()
    assert "further cases" in said
    assert len(said) < 400


def test_the_same_words_are_the_same_fact() -> None:
    space = Space()
    assert is_set(space, "DEBUG") is is_set(space, "DEBUG")
    assert is_set(space, "DEBUG") is not is_set(Space(), "DEBUG")


# -- bounds ----------------------------------------------------------------------------------------


def any_pair(facts: list[Condition]) -> Condition:
    """Every fact of the first half with its partner in the second."""
    half = len(facts) // 2
    found = facts[0].space.false
    for one, other in zip(facts[:half], facts[half:]):
        found = found | (one & other)
    return found


def test_many_facts_are_cheap_where_the_diagram_is_small() -> None:
    space = Space()
    found = space.true
    for number in range(400):
        found = found & is_set(space, f"V{number}")
    assert found.possible and len(found.describe()) == 400


def test_more_than_can_be_kept_apart_is_refused_and_not_slow() -> None:
    """Every pair in the worst order has a diagram of exponential size."""
    space = Space()
    half = 30
    facts = [is_set(space, f"V{number}") for number in range(2 * half)]
    with pytest.raises(TooComplex):
        any_pair(facts)
    assert len(space._nodes) <= MAX_NODES


def test_conditions_that_nobody_holds_go_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """Else a long evaluation would run out of nodes for conditions that are long over."""
    monkeypatch.setattr(conditions, "FIRST_SWEEP", 100)
    space = Space()
    facts = [is_set(space, f"V{number}") for number in range(20)]
    held = [one & other for one, other in itertools.combinations(facts[:9], 2)]
    said = [each.describe() for each in held]
    for one, other, third in itertools.permutations(facts, 3):
        assert ((one & other) | third).possible
    assert len(space._nodes) < 400
    assert [each.describe() for each in held] == said
    assert held == [one & other for one, other in itertools.combinations(facts[:9], 2)]


def test_work_ends_at_the_deadline() -> None:
    space = Space()
    space.deadline = 0.0
    facts = [is_set(space, f"V{number}") for number in range(60)]
    with pytest.raises(TooComplex, match="too long"):
        any_pair(facts)


def test_a_decision_of_the_operator_is_one_in_however_many_cases() -> None:
    space = Space()
    on = space.fact("DEBUG is 'on'", "DEBUG is not 'on'", about="DEBUG", chosen="yes")
    others = space.false
    for pair in range(8):
        one, other = is_set(space, f"A{pair}"), is_set(space, f"B{pair}")
        others = others | (one & ~other) | (other & ~one)
    assert (on & others).chosen
    assert not (on | others).chosen
    assert not others.chosen and not space.true.chosen and not space.false.chosen
