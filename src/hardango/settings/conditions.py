"""Conditions under which a value holds, as reduced ordered binary decision diagrams.

A settings module that reads its environment does not have one value per name but several, each
under a condition: "DEBUG is unset", "ENV is 'production'". Conditions are combined and compared
all the time while a module is evaluated, so they are kept in a canonical form: two conditions
that mean the same are the same object, and a contradiction is `FALSE`.

The diagrams are those of Bryant, "Graph-Based Algorithms for Boolean Function Manipulation",
IEEE Transactions on Computers C-35 (1986); `within` is the *restrict* operator of Coudert and
Madre, "A Unified Framework for the Formal Verification of Sequential Circuits" (1990).
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from sys import getrefcount

from hardango.light import Any
from hardango.patterns import Pattern

NEVER = float("inf")

MAX_NODES = 60_000
"""Diagrams that are in use at the same time and larger than this in total are refused."""

FIRST_SWEEP = 10_000
"""So many nodes are kept without a look at whether anybody holds them."""

MAX_STEPS = 600_000
"""Steps of all operations together."""

MAX_REMEMBERED = 40_000
"""Results of operations that are kept for the next time."""


_LAST = 1 << 60


class TooComplex(Exception):
    """More independent conditions than can be kept apart in bounded memory."""


class Atom:
    """One yes-or-no fact that the evaluation does not know, and how to say it.

    `yes` and `no` are the two readings, as sentences without a full stop:
    `Atom("DEBUG is set", "DEBUG is unset")`. `chosen` tells which reading holds only where
    somebody gave an environment variable a value that says so: "yes", "both" or neither.
    """

    __slots__ = ("about", "chosen", "denies", "no", "order", "presence", "yes")

    def __init__(self, order: int, yes: str, no: str, about: str, chosen: str = "") -> None:
        self.order, self.yes, self.no, self.about = order, yes, no, about
        self.chosen = chosen
        self.presence = yes == f"{about} is set"
        self.denies = " is not " in no or no == f"{about} is empty"


class Condition:
    """A node of a decision diagram: `low` if `atom` is false, `high` if it is true. `order` is
    that of the atom, the ends of a diagram come after all."""

    __slots__ = ("atom", "high", "low", "order", "space")

    space: Space
    atom: Atom | None
    low: Condition
    high: Condition
    order: int

    def __init__(self, space: Space, atom: Atom, low: Condition, high: Condition) -> None:
        self.space, self.atom, self.low, self.high = space, atom, low, high
        self.order = atom.order

    def __and__(self, other: Condition) -> Condition:
        space = self.space
        if self is other or other is space.true:
            return self
        if self is space.true:
            return other
        if self is space.false or other is space.false:
            return space.false
        return space.combine(self, other, space.true, space.false)

    def __or__(self, other: Condition) -> Condition:
        space = self.space
        if self is other or other is space.false:
            return self
        if self is space.false:
            return other
        if self is space.true or other is space.true:
            return space.true
        return space.combine(self, other, space.false, space.true)

    def __invert__(self) -> Condition:
        return self.space.choose(self, self.space.false, self.space.true)

    def __bool__(self) -> bool:
        raise TypeError("ask `possible` or `certain`: a condition is not a truth value")

    @property
    def possible(self) -> bool:
        """Whether the condition can hold at all."""
        return self is not self.space.false

    @property
    def certain(self) -> bool:
        """Whether the condition always holds."""
        return self is self.space.true

    def implies(self, other: Condition) -> bool:
        """Whether `other` holds wherever this condition holds."""
        return self.space.covers(other, self)

    def meets(self, other: Condition) -> bool:
        """Whether both can hold at once: `(self & other).possible`, at less cost."""
        return self.space.meet(self, other)

    def within(self, care: Condition) -> Condition:
        """The simplest condition found that agrees with this one wherever `care` holds."""
        return self.space.restrict(self, care)

    def ways(self, limit: int = 64) -> list[list[tuple[Atom, bool]]]:
        """The condition as alternatives, each a list of facts that hold together."""
        found: list[list[tuple[Atom, bool]]] = []
        for way in self._paths([]):
            found.append(way)
            if len(found) >= limit:
                break
        return found

    def _paths(self, so_far: list[tuple[Atom, bool]]) -> Iterator[list[tuple[Atom, bool]]]:
        if self is self.space.true:
            yield list(so_far)
        elif self is not self.space.false:
            assert self.atom is not None
            # `a or (not a and b)` reads as `a or b`: a side that the other one contains holds
            # whatever the atom says.
            low, high = self.low, self.high
            yield from low._paths(so_far if low.implies(high) else [*so_far, (self.atom, False)])
            yield from high._paths(so_far if high.implies(low) else [*so_far, (self.atom, True)])

    @property
    def chosen(self) -> bool:
        """Whether the condition holds only where somebody has set a variable to say so: it is
        the operator's decision ("DEBUG is 'True'"), not an accident ("DEBUG is unset")."""
        ways = self.ways(33)
        if len(ways) <= 32:
            return len(ways) > 0 and all(map(_is_chosen, ways))
        seen: set[int] = set()
        todo = [self]
        while todo:  # can it hold without any such value?
            node = todo.pop()
            if node.atom is None:
                if node is self.space.true:
                    return False
            elif id(node) not in seen:
                seen.add(id(node))
                todo += [node.low] * (node.atom.chosen != "both")
                todo += [node.high] * (node.atom.chosen == "")
        return True

    def describe(self) -> tuple[str, ...]:
        """Facts that must all hold, as sentences; `()` if the condition always holds."""
        ways = _tidy(self.ways())
        if not ways:
            return ("never",)
        common = [fact for fact in ways[0] if all(fact in way for way in ways[1:])]
        said = [_say(fact) for fact in common]
        rests = _widest([[fact for fact in way if fact not in common] for way in ways])
        if all(rests):
            said_of = (" and ".join(dict.fromkeys(map(_say, rest))) for rest in rests)
            several = sorted(dict.fromkeys(said_of), key=len)
            most = 4 if len(" ".join(several[:4])) <= 240 else 2
            shown = several[:most] + [f"{len(several) - most} further cases"] * (
                len(several) > most
            )
            said.append(" or ".join(dict.fromkeys(shown)))
        return tuple(said)

    def atoms(self) -> set[Atom]:
        """Every fact that the condition depends on."""
        seen: set[int] = set()
        found: set[Atom] = set()
        todo = [self]
        while todo:
            node = todo.pop()
            if id(node) in seen or node.atom is None:
                continue
            seen.add(id(node))
            found.add(node.atom)
            todo += [node.low, node.high]
        return found

    def __repr__(self) -> str:
        return f"<Condition {' and '.join(self.describe()) or 'always'}>"


def _is_chosen(way: list[tuple[Atom, bool]]) -> bool:
    """Whether one of the facts is somebody's decision. That a text is not what is asked for is
    one, too, where the variable is set and unset would have given another result."""
    given = {atom.about for atom, holds in way if atom.presence and holds}
    return any(
        atom.chosen == "both" or (atom.chosen == "yes" and (holds or atom.about in given))
        for atom, holds in way
    )


def _tidy(ways: list[list[tuple[Atom, bool]]]) -> list[list[tuple[Atom, bool]]]:
    """The same alternatives with fewer words: what a variable is says that it is set, and where
    it is not set it is nothing at all."""
    tidied = []
    for way in ways:
        spoken_of = {atom.about for atom, _ in way if not atom.presence}
        tidied.append(
            [
                (atom, holds)
                for atom, holds in way
                if not (atom.presence and holds and atom.about in spoken_of)
            ]
        )
    kept = []
    unset = set()
    facts = [set(way) for way in tidied]
    for number, way in enumerate(tidied):
        absent = [(atom, holds) for atom, holds in way if atom.presence and not holds]
        if len(absent) != 1:
            kept.append(way)
            continue
        about = absent[0][0].about
        rest = [fact for fact in way if fact not in absent]
        needed = set(rest)
        alike = [at for at, held in enumerate(facts) if needed <= held and at != number]
        for at in alike:
            _say_unset_or_empty(tidied[at], about, rest)
            facts[at] = set(tidied[at])
        if any(_only_denies(tidied[at], about, rest) for at in alike):
            unset.add(about)
        else:
            kept.append(way)
    # Where a variable is only said not to be something, it may be unset, too.
    for way, whole in zip(tidied, ways, strict=True):
        for atom, holds in reversed(whole) if way in kept else ():
            dropped = atom.presence and holds and (atom, holds) not in way
            if dropped and atom.about not in unset and _denies(way, atom.about):
                way.insert(0, (atom, holds))
    return kept


def _widest(ways: list[list[tuple[Atom, bool]]]) -> list[list[tuple[Atom, bool]]]:
    """The same alternatives without those that another one contains: `a or a and b` is `a`."""
    kept: list[list[tuple[Atom, bool]]] = []
    for way in sorted(ways, key=len):
        if not any(all(fact in way for fact in wider) for wider in kept):
            kept.append(way)
    return kept


def _denies(way: list[tuple[Atom, bool]], about: str) -> bool:
    """Whether all that a way says of `about` is what it is not."""
    return all(each.denies and not holds for each, holds in way if each.about == about)


def _say_unset_or_empty(
    way: list[tuple[Atom, bool]], about: str, rest: list[tuple[Atom, bool]]
) -> None:
    """`X is unset or X is empty` is said as `X is unset or empty`."""
    if len(way) != len(rest) + 1:
        return
    for index, (atom, holds) in enumerate(way):
        if not holds and atom.no == f"{about} is empty" and (atom, holds) not in rest:
            said = Atom(atom.order, atom.yes, f"{about} is unset or empty", about)
            said.denies = True
            way[index] = (said, False)


def _only_denies(
    way: list[tuple[Atom, bool]], about: str, apart_from: list[tuple[Atom, bool]]
) -> bool:
    """Whether a way says of `about` only what it is not, and nothing else."""
    said = [fact for fact in way if fact not in apart_from]
    return bool(said) and all(
        atom.about == about and atom.denies and not holds for atom, holds in said
    )


_AT_PLACE = Pattern(r".* at ([^\s:]+:\d+)(?: \((\d+)\))?(?= )")
_LONGEST_FACT = 140


def _say(fact: tuple[Atom, bool]) -> str:
    """A fact in words; what the settings' own code computes is named by its place, and by its turn
    there, since the words that lead to it would help nobody."""
    atom, holds = fact
    said = atom.yes if holds else atom.no
    inside = None if atom.presence else _AT_PLACE.match(said)
    if inside is not None:
        turn = f"value {inside[2]}" if inside[2] else "the value"
        said = f"{turn} at {inside[1]}{said[inside.end() :]}"
    return said if len(said) <= _LONGEST_FACT else f"{said[: _LONGEST_FACT - 1]}…"


class Space:
    """The conditions of one evaluation. Conditions of different spaces do not mix."""

    def __init__(self) -> None:
        self.atoms: dict[str, Atom] = {}
        self._nodes: dict[tuple[int, Condition, Condition], Condition] = {}
        self._swept = FIRST_SWEEP
        """The number of nodes at which those are looked for that nobody holds any more."""
        self._combined: dict[tuple[Condition, Condition, Condition], Condition] = {}
        self._chosen: dict[tuple[Condition, Condition, Condition], Condition] = {}
        self._restricted: dict[tuple[Condition, Condition], Condition] = {}
        self._covered: dict[tuple[Condition, Condition], bool] = {}
        self._met: dict[tuple[Condition, Condition], bool] = {}
        self.steps = 0
        """How much work all operations on conditions were so far."""
        self.allowed = NEVER
        """The steps at which the part that is being worked on is given up."""
        self.deadline = NEVER
        """The time, by `time.process_time`, at which work on conditions is given up."""
        self.true = Condition.__new__(Condition)
        self.false = Condition.__new__(Condition)
        for end in (self.true, self.false):
            end.space, end.atom, end.low, end.high = self, None, end, end
            end.order = _LAST

    def fact(self, yes: str, no: str, about: str = "", chosen: str = "") -> Condition:
        """The condition that one fact holds; the same words give the same condition.

        `about` names what the fact speaks of (an environment variable, a file), for grouping;
        `chosen` is that of the atom.
        """
        atom = self.atoms.get(yes)
        if atom is None:
            atom = self.atoms[yes] = Atom(len(self.atoms), yes, no, about, chosen)
        return self._node(atom, self.false, self.true)

    def _node(self, atom: Atom, low: Condition, high: Condition) -> Condition:
        if low is high:
            return low
        key = (atom.order, low, high)
        node = self._nodes.get(key)
        if node is None:
            if len(self._nodes) >= self._swept:
                self._sweep()
            node = self._nodes[key] = Condition(self, atom, low, high)
        return node

    def _sweep(self) -> None:
        """Forget the nodes that nothing refers to but this table. Raises TooComplex if too many
        are left. A node is made after those below it, so one look at each, the last one first,
        finds all."""
        self._forget_results()
        keys = list(self._nodes)
        while keys:
            key = keys.pop()
            # Those of the table, of this name and of the call.
            if getrefcount(node := self._nodes[key]) <= 3:
                del self._nodes[key], node
        if len(self._nodes) >= MAX_NODES:
            raise TooComplex(f"more than {MAX_NODES} combinations of conditions")
        self._swept = min(MAX_NODES, max(FIRST_SWEEP, 2 * len(self._nodes)))

    def _forget_results(self) -> None:
        results: dict[Any, Any]
        for results in (
            self._combined, self._chosen, self._restricted, self._covered, self._met
        ):  # fmt: skip
            results.clear()

    def combine(
        self, one: Condition, other: Condition, unit: Condition, zero: Condition
    ) -> Condition:
        """`one & other` if `unit` is true and `zero` is false, `one | other` if it is the other
        way round. Neither operand is a constant, nor are they the same."""
        key = (one, other, zero)
        known = self._combined.get(key)
        if known is not None:
            return known
        self._count()
        atom = one.atom if one.order <= other.order else other.atom
        low, high, with_low, with_high = _below(one, other)
        if low is zero or with_low is zero:
            low = zero
        elif low is unit:
            low = with_low
        elif with_low is not unit and low is not with_low:
            low = self.combine(low, with_low, unit, zero)
        if high is zero or with_high is zero:
            high = zero
        elif high is unit:
            high = with_high
        elif with_high is not unit and high is not with_high:
            high = self.combine(high, with_high, unit, zero)
        if len(self._combined) > MAX_REMEMBERED:
            self._combined.clear()
        assert atom is not None
        known = self._combined[key] = self._node(atom, low, high)
        return known

    def choose(self, test: Condition, then: Condition, other: Condition) -> Condition:
        """`then` where `test` holds, `other` where it does not."""
        true, false = self.true, self.false
        if test is true or then is other:
            return then
        if test is false:
            return other
        if then is true and other is false:
            return test
        key = (test, then, other)
        known = self._chosen.get(key)
        if known is None:
            self._count()
            order, atom = test.order, test.atom
            if then.order < order:
                order, atom = then.order, then.atom
            if other.order < order:
                order, atom = other.order, other.atom
            assert atom is not None
            low = self.choose(
                test.low if test.order == order else test,
                then.low if then.order == order else then,
                other.low if other.order == order else other,
            )
            high = self.choose(
                test.high if test.order == order else test,
                then.high if then.order == order else then,
                other.high if other.order == order else other,
            )
            if len(self._chosen) > MAX_REMEMBERED:
                self._chosen.clear()
            known = self._chosen[key] = self._node(atom, low, high)
        return known

    def covers(self, outer: Condition, inner: Condition) -> bool:
        """Whether `outer` holds wherever `inner` does. Makes no node, and ends at the first case
        in which it doesn't."""
        if inner is outer or inner is self.false or outer is self.true:
            return True
        if inner is self.true or outer is self.false:
            return False
        key = (outer, inner)
        known = self._covered.get(key)
        if known is None:
            self._count()
            outer_low, outer_high, inner_low, inner_high = _below(outer, inner)
            known = self.covers(outer_low, inner_low) and self.covers(outer_high, inner_high)
            if len(self._covered) > MAX_REMEMBERED:
                self._covered.clear()
            self._covered[key] = known
        return known

    def meet(self, one: Condition, other: Condition) -> bool:
        """Whether there is a case in which both hold. Makes no node, and ends at the first."""
        if one is self.false or other is self.false:
            return False
        if one is other or one is self.true or other is self.true:
            return True
        key = (one, other)
        known = self._met.get(key)
        if known is None:
            self._count()
            one_low, one_high, other_low, other_high = _below(one, other)
            known = self.meet(one_low, other_low) or self.meet(one_high, other_high)
            if len(self._met) > MAX_REMEMBERED:
                self._met.clear()
            self._met[key] = known
        return known

    def _count(self) -> None:
        """One step more. Raises TooComplex where it is one too many."""
        self.steps = steps = self.steps + 1
        if steps > self.allowed:
            raise TooComplex("because a part of it has too many conditions")
        if steps & 1023 == 0:
            if steps > MAX_STEPS:
                raise TooComplex(f"more than {MAX_STEPS} steps on conditions")
            if time.process_time() > self.deadline:
                raise TooComplex("because its conditions take too long to combine")

    def restrict(self, node: Condition, care: Condition) -> Condition:
        """`node`, simplified where `care` does not hold."""
        if care is self.true or care is self.false or node.atom is None or care.atom is None:
            return node
        key = (node, care)
        known = self._restricted.get(key)
        if known is not None:
            return known
        if care.order < node.order:
            found = self.restrict(node, care.low | care.high)
        else:
            care_low, care_high = _sides(care, node.order)
            if care_low is self.false:
                found = self.restrict(node.high, care_high)
            elif care_high is self.false:
                found = self.restrict(node.low, care_low)
            else:
                found = self._node(
                    node.atom,
                    self.restrict(node.low, care_low),
                    self.restrict(node.high, care_high),
                )
        if len(self._restricted) > MAX_REMEMBERED:
            self._restricted.clear()
        self._restricted[key] = found
        return found


def _sides(node: Condition, order: int) -> tuple[Condition, Condition]:
    """The node where the atom of that order is false, and where it is true."""
    return (node.low, node.high) if node.order == order else (node, node)


def _below(one: Condition, other: Condition) -> tuple[Condition, Condition, Condition, Condition]:
    """Both conditions where the first atom of either is false, and where it is true: the sides of
    one, then those of the other."""
    if one.order == other.order:
        return one.low, one.high, other.low, other.high
    if one.order < other.order:
        return one.low, one.high, other, other
    return one, one, other.low, other.high
