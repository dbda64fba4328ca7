"""The guards inside of a view's own code: what has to hold of who asks before it goes on.

A function is followed along each of its ways, by structure and without loops being run twice. A
way that turns somebody away (`raise PermissionDenied`, a redirect to the login) tells what holds
on the others; what holds on every way that is left is a guard. A test that turns somebody away
only sometimes is quoted, and counts as not understood.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator

from hardango.access.answers import HARD, acts, raised, returned, unused
from hardango.access.asked import (
    Fact,
    Facts,
    Names,
    Words,
    asks_method,
    called_name,
    decided,
    either,
    is_user,
    mentions_user,
    nodes_in,
    once_assigned,
    queried,
    strongest,
    text,
    told,
)
from hardango.access.digests import digest
from hardango.findings import Place
from hardango.light import NamedTuple, TypeAlias
from hardango.matrix import Guard, Reach

AnyFunction: TypeAlias = "ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda"

MAX_NODES = 20_000
"""A function with more is not read, and says so."""
MAX_CALLS = 4
"""How many functions deep a check is followed."""

_QUERIES = ("get_object_or_404", "get_list_or_404", "all", "filter", "get", "exclude")
_LISTS = ("filter", "all", "order_by", "select_related", "prefetch_related", "distinct")
_SIGNED = ("unsign", "unsign_object", "construct_event")
"""Calls that raise unless a signature is right."""

_ALWAYS = "it is always true"
_CAUGHT = "what it raises is caught, and the view goes on"


class Callee(NamedTuple):
    """A function of the project that a view calls, with the guards around it. `told` keeps what was
    found out of it, by what was asked."""

    function: ast.FunctionDef | ast.AsyncFunctionDef
    names: Names
    file: str
    guards: tuple[Guard, ...] = ()
    told: dict[tuple[str, str, frozenset[str]], tuple[Guard, ...]] | None = None


Lookup: TypeAlias = Callable[[str], "Callee | None"]
Enters: TypeAlias = Callable[[ast.Call], bool]


def guards_in(
    function: ast.FunctionDef | ast.AsyncFunctionDef,
    names: Names,
    file: str,
    *,
    method: str = "",
    lookup: Lookup | None = None,
    users: frozenset[str] = frozenset(),
) -> tuple[Guard, ...]:
    """The guards in the body of a view, in the order in which they stand there.

    `names` gives the dotted name of a name of the module, `file` is its path in the project.
    `method` is the HTTP method that is asked, "" for any; `lookup` finds functions of the project
    by dotted name, so that checks and views that it calls are followed; `users` are names of
    arguments that hold a user.
    """
    return _read("view", function, names, file, method, lookup, users)


def passing(
    function: AnyFunction,
    names: Names,
    file: str,
    *,
    method: str = "",
    lookup: Lookup | None = None,
    users: frozenset[str] = frozenset(),
) -> tuple[Guard, ...]:
    """The guards that a test is (of `user_passes_test`, `has_permission`): what is known of who
    asks where it gives something true. A dead one if it always does."""
    return _read("test", function, names, file, method, lookup, users)


def entering(
    function: AnyFunction,
    enters: Enters,
    names: Names,
    file: str,
    *,
    method: str = "",
    lookup: Lookup | None = None,
    users: frozenset[str] = frozenset(),
) -> tuple[tuple[Guard, ...], bool] | None:
    """The guards of what stands around a view: what is known of who asks by the time it is called;
    and whether something else is answered, too. `enters` tells which call that is; None if there
    is none."""
    walk = _Walk("wrapper", function, names, file, method, lookup, users)
    walk.enters = enters
    try:
        guards = walk.guards()
    except (RecursionError, MemoryError):
        return (_unread(function, file),), False
    return (guards, walk.passes) if walk.entered else None


def checking(
    function: AnyFunction,
    names: Names,
    file: str,
    *,
    method: str = "",
    lookup: Lookup | None = None,
    users: frozenset[str] = frozenset(),
) -> tuple[Guard, ...]:
    """The guards that a check is (of `check_permissions`, `initial`): what is known of who asks
    where it raises nothing, whatever it returns."""
    return _read("check", function, names, file, method, lookup, users)


def _read(
    mode: str,
    function: AnyFunction,
    names: Names,
    file: str,
    method: str,
    lookup: Lookup | None,
    users: frozenset[str],
) -> tuple[Guard, ...]:
    try:
        return _Walk(mode, function, names, file, method, lookup, users).guards()
    except (RecursionError, MemoryError):
        return (_unread(function, file),)


def _unread(function: AnyFunction, file: str) -> Guard:
    place = Place(file, function.lineno, function.col_offset + 1)
    said = f"{getattr(function, 'name', 'lambda')} is too long to be read"
    return Guard(said, Reach.UNKNOWN, "body", place=place, quote=said)


class _Denial(NamedTuple):
    """A test that some users don't pass, and what is known of those who do.

    `strict` is one that is about who asks; `apart` if a branch of its own is left to the others.
    """

    test: ast.expr
    opposite: Facts
    strict: bool
    apart: bool


class _Held(NamedTuple):
    """A fact with the code that tells it, and what others are answered."""

    fact: Fact
    node: ast.AST
    answer: str = ""


class _State(NamedTuple):
    """What holds on a way: of who asks, whom it is left to, whether it did something since,
    and whether the view around which it stands was called."""

    facts: tuple[_Held, ...] = ()
    denied: tuple[_Denial, ...] = ()
    acted: bool = False
    entered: bool = False

    def knowing(self, *held: _Held) -> _State:
        return self._replace(facts=(*self.facts, *held))


class _Refusal(NamedTuple):
    denial: _Denial
    answer: str
    node: ast.AST


class _Walk:
    """Follows one function. `mode` is "view", "test" (its result says who passes) or "check"."""

    def __init__(
        self,
        mode: str,
        function: AnyFunction,
        names: Names,
        file: str,
        method: str,
        lookup: Lookup | None,
        users: frozenset[str],
        depth: int = 0,
    ) -> None:
        self.mode, self.function, self.file = mode, function, file
        self.lookup, self.depth = lookup, depth
        self.words = Words(names, users, once_assigned(function), method, self.asks)
        self.nested = {each.name: each for each in nodes_in(function) if each is not function
                       and isinstance(each, (ast.FunctionDef, ast.AsyncFunctionDef))}  # fmt: skip
        self.accepted: list[_State] = []
        self.refusals: list[_Refusal] = []
        self.dead: list[Guard] = []
        self.swallowing: list[list[_State]] = []
        """For each `try` around that catches what is raised: the states in which it was."""
        self.answers: set[str] = set()
        self.known: dict[tuple[int, bool], Facts] = {}
        self.enters: Enters | None = None
        self.entered: list[_State] = []
        """For what stands around a view: the states in which that is called."""
        self.passes = False
        """Whether something is answered without it."""

    # -- the end --

    def guards(self) -> tuple[Guard, ...]:
        if sum(1 for _ in nodes_in(self.function)) > MAX_NODES:
            return (_unread(self.function, self.file),)
        if isinstance(self.function, ast.Lambda):
            self.returns(ast.Return(self.function.body), self.function.body, _State())
        else:
            end = self.block(self.function.body, _State())
            if end is not None and self.mode == "test":
                self.refuses(end, "403", self.function)
            elif end is not None:
                self.accepted.append(end)
        found = [self.guard(each) for each in self.held()]
        found += self.sometimes(found)
        if self.mode == "test" and self.accepted and not (found or self.dead or self.by_method()):
            found = [
                self.guard(_Held(Fact(Reach.CUSTOM, self.name(), dead=_ALWAYS), self.function))
            ]
        order = sorted((*found, *self.dead), key=_line)
        distinct = {(each.name, each.demands, each.permissions, each.place, each.dead): each
                    for each in reversed([*_with_rest(order)])}  # fmt: skip
        return tuple(reversed(distinct.values()))

    def name(self) -> str:
        return getattr(self.function, "name", "") or text(self.function)

    def by_method(self) -> bool:
        """Whether it means to tell methods apart."""
        nodes = nodes_in(self.function) if self.words.method else ()
        return any(isinstance(each, ast.Compare) and asks_method(each) for each in nodes)

    def held(self) -> tuple[_Held, ...]:
        """What holds on every way that is left."""
        ways = self.entered if self.mode == "wrapper" else self.accepted
        if not ways:
            if self.answers and self.answers <= {"401", "403", "404"}:
                return (_Held(Fact(Reach.NOBODY, "turns everybody away"), self.function),)
            return ()
        merged = _joined_all([*ways])
        return tuple(each for each in merged.facts if each.fact.counts) if merged else ()

    def sometimes(self, found: list[Guard]) -> list[Guard]:
        """Tests that turn somebody away on some ways only."""
        more = []
        known = {(each.demands, each.permissions) for each in found}
        if any(each.demands is Reach.NOBODY for each in found):
            return []
        for denial, answer, node in self.refusals:
            wanted = {(fact.reach, fact.permissions) for fact in denial.opposite if fact.counts}
            if not wanted or not wanted <= known:
                fact = Fact(Reach.CUSTOM, text(denial.test))
                guard = self.guard(_Held(fact, denial.test, answer))
                more.append(guard._replace(fingerprint=digest(denial.test, node)))
        return more

    def guard(self, held: _Held) -> Guard:
        fact, node, answer = held
        line = getattr(node, "lineno", self.function.lineno)
        column = getattr(node, "col_offset", 0) + 1
        quoted = fact.reach is Reach.CUSTOM or fact.partial
        return Guard(
            fact.name,
            fact.reach,
            "body",
            fact.permissions,
            fact.any_of,
            Place(self.file, line, column),
            quote=fact.name if quoted else "",
            dead=fact.dead,
            answer="redirect" if answer == "login" else answer,
            fingerprint=digest(node),
        )

    # -- statements --

    def block(self, statements: list[ast.stmt], state: _State | None) -> _State | None:
        for statement in statements:
            if state is None:
                return None
            state = self.statement(statement, state)
        return state

    def statement(self, node: ast.stmt, state: _State) -> _State | None:
        if isinstance(node, ast.If):
            return self.branch(node.test, node.body, node.orelse, state)
        if isinstance(node, ast.Return):
            self.returns(node, node.value, state)
            return None
        if isinstance(node, ast.Raise):
            self.refuses(state, raised(node, self.words), node)
            return None
        if isinstance(node, ast.Try) or type(node).__name__ == "TryStar":
            return self.tries(node, state)  # type: ignore[arg-type]
        if isinstance(node, (ast.For, ast.AsyncFor)):
            return self.loops(node.body, node.orelse, self.expression(node.iter, state), False)
        if isinstance(node, ast.While):
            certain = isinstance(node.test, ast.Constant) and bool(node.test.value)
            return self.loops(node.body, node.orelse, state, certain)
        if isinstance(node, (ast.With, ast.AsyncWith)):
            for item in node.items:
                state = self.expression(item.context_expr, state)
            return self.block(node.body, state)
        if isinstance(node, ast.Match):
            ends = [self.block(case.body, state) for case in node.cases]
            return _joined_all([*ends, None if _is_whole(node) else state])
        if isinstance(node, ast.Assert):
            failing: ast.stmt = ast.copy_location(ast.Raise(exc=None, cause=None), node)
            return self.branch(node.test, [], [failing], state)
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            return state
        if isinstance(node, ast.Expr):
            if _denies(node.value):
                self.refuses(state, "403", node)
                return None
            return self.said(node, state)
        if isinstance(node, ast.Assign):
            self.answered(node, state)
        for each in ast.iter_child_nodes(node):
            if isinstance(each, ast.expr):
                state = self.expression(each, state)
        return state._replace(acted=state.acted or acts(node, alone=False))

    def answered(self, node: ast.Assign, state: _State) -> None:
        """`answer = redirect("login")`, which may be given back later, or not."""
        strict = [each for each in state.denied if each.strict]
        if strict and self.mode == "view" and returned(node.value, self.words):
            if not any(isinstance(each, ast.Name) and each.id in self.words.assigned
                       for each in node.targets):  # fmt: skip
                self.refusals.append(_Refusal(strict[-1], "", node))

    def said(self, node: ast.Expr, state: _State) -> _State:
        why = unused(node, self.words)
        if why and state.denied:
            test = state.denied[-1].test
            self.dead.append(self.guard(_Held(Fact(Reach.CUSTOM, text(test), dead=why), test)))
            return state
        state = self.expression(node.value, state)
        return state._replace(acted=state.acted or acts(node, alone=True))

    def branch(
        self, test: ast.expr, body: list[ast.stmt], other: list[ast.stmt], state: _State
    ) -> _State | None:
        known = decided(test, self.words)
        if known is not None:
            return self.block(body if known else other, state)
        state = self.expression(test, state)
        self.look_for_dead(test, body, other)
        others = not _redirects(other, self.words), not _redirects(body, self.words)
        first = self.block(body, self.after(test, True, state, others[0]))
        second = self.block(other, self.after(test, False, state, bool(other) and others[1]))
        return _joined_all([first, second])

    def told(self, test: ast.expr, holds: bool) -> Facts:
        key = (id(test), holds)
        if key not in self.known:
            self.known[key] = told(test, holds, self.words)
        return self.known[key]

    def after(self, test: ast.expr, holds: bool, state: _State, apart: bool = False) -> _State:
        """The state in which a branch begins."""
        here = self.told(test, holds)
        there = tuple(fact for fact in self.told(test, not holds) if fact.counts)
        state = state.knowing(*(_Held(fact, test) for fact in here if fact.counts))
        if any(fact.counts and fact.reach is not Reach.CUSTOM for fact in here):
            return state
        if asks_method(test) or (here and all(fact.dead for fact in here)):
            return state
        strict = (
            bool(there)
            or any(not (fact.weak or fact.dead) for fact in here)
            or mentions_user(test, self.words)
        )
        denial = _Denial(test, there, strict, apart)
        return state._replace(denied=(*state.denied, denial), acted=False)

    def look_for_dead(self, test: ast.expr, body: list[ast.stmt], other: list[ast.stmt]) -> None:
        """A test that never turns anybody away, though somebody would be."""
        for side, holds in ((body, True), (other, False)):
            if not side or not _turns_away(side[-1], self.words):
                continue
            facts = self.told(test, not holds)
            if facts and all(fact.dead and not fact.negated for fact in facts):
                self.dead.append(self.guard(_Held(facts[0], test)))

    # -- the ends of ways --

    def returns(self, node: ast.stmt, value: ast.expr | None, state: _State) -> None:
        if isinstance(value, ast.IfExp) and decided(value.test, self.words) is None:
            state = self.expression(value.test, state)
            self.look_for_dead(value.test, [ast.Return(value.body)], [ast.Return(value.orelse)])
            self.returns(node, value.body, self.after(value.test, True, state, True))
            self.returns(node, value.orelse, self.after(value.test, False, state, True))
            return
        if self.mode == "test":
            self.result(node, value, state)
            return
        answer = returned(value, self.words) if self.mode in ("view", "wrapper") else ""
        login = bool(state.denied) and not state.acted
        if answer and answer != "redirect" and (answer != "login" or login):
            self.refuses(state, answer, node)
            return
        strict = tuple(each for each in state.denied if each.strict)
        if answer == "redirect" and strict and not state.acted:
            self.refuses(state._replace(denied=strict), answer, node)
            return
        if value is not None:
            state = self.delegated(value, self.expression(value, state))
        apart = [each for each in strict if each.apart and each.opposite]
        if apart and not state.acted and self.mode == "view":
            # Others get another answer, and nobody says whether it tells them anything.
            fact = Fact(Reach.CUSTOM, text(apart[-1].test))
            state = state.knowing(_Held(fact, apart[-1].test))
        self.accepted.append(state)
        self.passes = self.passes or not state.entered

    def result(self, node: ast.stmt, value: ast.expr | None, state: _State) -> None:
        """The result of a test: whoever gets something true passes."""
        while isinstance(value, ast.Name) and value.id in self.words.assigned:
            value = self.words.assigned[value.id]
        known = False if value is None else decided(value, self.words)
        if value is None or known is False:
            self.refuses(state, "403", node)
            return
        if known is True:
            self.accepted.append(state)
            return
        self.accepted.append(self.tested(value, self.expression(value, state)))

    def tested(self, value: ast.expr, state: _State) -> _State:
        facts = told(value, True, self.words)
        counting = [fact for fact in facts if fact.counts]
        if facts and all(fact.dead for fact in facts):
            self.dead.append(self.guard(_Held(facts[0], value)))
            return state
        if not counting:
            return state.knowing(_Held(Fact(Reach.CUSTOM, text(value)), value))
        return state.knowing(*(_Held(fact, value) for fact in counting))

    def refuses(self, state: _State, answer: str, node: ast.AST) -> None:
        if self.swallowing and isinstance(node, ast.Raise):
            self.swallowing[-1].append(state)
            return
        self.answers.add(answer)
        if state.denied:
            strict = [each for each in state.denied if each.strict]
            denial = strict[-1] if strict else state.denied[-1]
            if denial.strict or answer in HARD:
                self.refusals.append(_Refusal(denial, answer, node))

    # -- what surrounds statements --

    def loops(
        self, body: list[ast.stmt], other: list[ast.stmt], state: _State, certain: bool
    ) -> _State | None:
        once = self.block(body, state)
        if certain:
            return (
                state if any(isinstance(n, ast.Break) for s in body for n in nodes_in(s)) else once
            )
        return self.block(other, _joined_all([state, once]))

    def tries(self, node: ast.Try, state: _State) -> _State | None:
        broad = any(_catches_all(each) for each in node.handlers)
        caught: list[_State] = []
        if broad:
            self.swallowing.append(caught)
        done = len(self.accepted)
        ends = [self.block([*node.body, *node.orelse], state)]
        if broad:
            self.swallowing.pop()
        tried = [each for each in (*ends, *self.accepted[done:]) if each is not None]
        gained = any(len(each.facts) > len(state.facts) for each in tried)
        for handler in node.handlers:
            ends += self.handles(handler, state, caught if _catches_all(handler) else [], gained)
        after = _joined_all(ends)
        if after is not None and node.finalbody:
            return self.block(node.finalbody, after)
        return after

    def handles(
        self, handler: ast.ExceptHandler, state: _State, caught: list[_State], gained: bool
    ) -> list[_State | None]:
        """How a handler ends. What it answers is not what the view shows, unless it goes on."""
        done = len(self.accepted)
        end = self.block(handler.body, state)
        if gained:
            fact = _Held(Fact(Reach.CUSTOM, _caught(handler)), handler)
            self.accepted[done:] = [each.knowing(fact) for each in self.accepted[done:]]
            end = end.knowing(fact) if end is not None else None
        for each in caught:
            if end is not None and each.denied:
                test = each.denied[-1].test
                dead = Fact(Reach.CUSTOM, text(test), dead=_CAUGHT)
                self.dead.append(self.guard(_Held(dead, test)))
                end = state
        return [end]

    # -- expressions --

    def expression(self, node: ast.expr, state: _State) -> _State:
        """What evaluating an expression tells: queries for rows of the user, calls of checks."""
        for call in _certain_calls(node, self.words):
            if self.enters is not None and self.enters(call):
                self.entered.append(state)
                state = state._replace(entered=True)
                continue
            fact = queried(call, self.words)
            name = called_name(call, self.words)
            if fact is not None:
                if self.is_everything(call, name):
                    if name.rpartition(".")[2] in _LISTS and fact.reach is Reach.OBJECT:
                        # A list of one's own is there for everybody who is somebody.
                        fact = fact._replace(reach=Reach.AUTHENTICATED)
                    state = state.knowing(_Held(fact, call, "404"))
            elif name.rpartition(".")[2] in _SIGNED or name in (
                "django.core.signing.loads",
                "jwt.decode",
            ):
                state = state.knowing(_Held(Fact(Reach.TOKEN, text(call)), call))
            else:
                state = self.called(call, name, "check", state)
        return state

    def is_everything(self, call: ast.Call, name: str) -> bool:
        """Whether a query for rows of the user is all that the view looks for.

        A list of one's own rows keeps nobody from what stands beside it.
        """
        last = name.rpartition(".")[2]
        if last in ("get", "aget") or "_or_404" in last:
            return True
        if last not in _LISTS:
            return False
        within = {id(each) for each in nodes_in(call)}
        return all(
            id(each) in within or not _is_query(each, self.words) or queried(each, self.words)
            for each in nodes_in(self.function)
            if isinstance(each, ast.Call)
        )

    def delegated(self, value: ast.expr, state: _State) -> _State:
        """`return other_view(request)`: what stands before that one stands before this."""
        call = value.value if isinstance(value, ast.Await) else value
        if not isinstance(call, ast.Call) or self.mode != "view":
            return state
        return self.called(call, called_name(call, self.words), "view", state)

    def called(self, call: ast.Call, name: str, mode: str, state: _State) -> _State:
        """What a function of the project demands that is handed who asks."""
        callee = self.callee(call, name)
        if callee is None:
            return state
        inner = self.inside(callee, call, mode)
        if mode == "view" or callee.guards:
            inner = (*callee.guards, *inner)
        return state.knowing(*(_Held(_fact_of(each), call, each.answer) for each in inner))

    def callee(self, call: ast.Call, name: str) -> Callee | None:
        """The function of the project that is called, if it is handed who asks."""
        if self.depth >= MAX_CALLS:
            return None
        own = self.nested.get(name)
        if own is not None:
            return Callee(own, self.words.names, self.file)
        if self.lookup is None or not _hands_over(call, self.words):
            return None
        found = self.lookup(name)
        return None if found is None or found.function is self.function else found

    def asks(self, call: ast.Call) -> Facts | None:
        """What a test of the project's own tells that is called in a condition."""
        callee = self.callee(call, called_name(call, self.words))
        if callee is None:
            return None
        guards = self.inner(callee, call, "test")
        alive = tuple(_fact_of(each) for each in guards if not each.dead)
        if not alive and guards:
            return (Fact(Reach.CUSTOM, text(call), dead=guards[0].dead),)
        if all(each.reach is Reach.CUSTOM for each in alive):
            return None
        return alive

    def inside(self, callee: Callee, call: ast.Call, mode: str) -> tuple[Guard, ...]:
        return tuple(each for each in self.inner(callee, call, mode) if not each.dead)

    def inner(self, callee: Callee, call: ast.Call, mode: str) -> tuple[Guard, ...]:
        parameters = [each.arg for each in callee.function.args.args]
        if parameters[:1] in (["self"], ["cls"]):
            parameters = parameters[1:]
        given = [*zip(parameters, call.args, strict=False)]
        given += [(each.arg, each.value) for each in call.keywords if each.arg]
        users = frozenset(name for name, value in given if is_user(value, self.words))
        key = (mode, self.words.method, users)
        if callee.told is not None and key in callee.told:
            return callee.told[key]
        walk = _Walk(mode, callee.function, callee.names, callee.file, self.words.method,
                     self.lookup, users, self.depth + 1)  # fmt: skip
        guards = walk.guards()
        if callee.told is not None and self.depth == 0:
            callee.told[key] = guards
        return guards


# -- parts -----------------------------------------------------------------------------------------


def _joined_all(ends: list[_State | None]) -> _State | None:
    left = [each for each in ends if each is not None]
    if not left:
        return None
    merged = left[0]
    for each in left[1:]:
        merged = _joined(merged, each)
    return merged


def _joined(one: _State, other: _State) -> _State:
    """What holds whichever of two ways was taken."""
    told_by_other = {each.fact for each in other.facts}
    both = tuple(each for each in one.facts if each.fact in told_by_other)
    common = {each.fact for each in both}
    rest = [
        tuple(each.fact for each in state.facts if each.fact not in common)
        for state in (one, other)
    ]
    facts = both
    if all(strongest(each) is not None for each in rest):
        of = next(each for each in one.facts if each.fact == strongest(rest[0]))
        names = dict.fromkeys(fact.name for fact in map(strongest, rest) if fact is not None)
        merged = either(rest, " or ".join(names))
        facts = (*facts, *(_Held(fact, of.node, of.answer) for fact in merged))
    denied = tuple(each for each in one.denied if each in other.denied)
    return _State(facts, denied, one.acted or other.acted, one.entered and other.entered)


def _with_rest(guards: list[Guard]) -> Iterator[Guard]:
    """A guard that demands more than is understood says both."""
    for each in guards:
        yield each
        if each.quote and each.demands not in (Reach.CUSTOM, Reach.UNKNOWN):
            yield each._replace(demands=Reach.CUSTOM)


def _fact_of(guard: Guard) -> Fact:
    reach = Reach.CUSTOM if guard.demands is Reach.UNKNOWN else guard.demands
    return Fact(reach, guard.name, guard.permissions, guard.any_of)


def _line(guard: Guard) -> int:
    return guard.place.line if guard.place else 0


def _turns_away(last: ast.stmt, words: Words) -> bool:
    if isinstance(last, ast.Expr):
        return _denies(last.value)
    return isinstance(last, ast.Raise) or (
        isinstance(last, ast.Return) and bool(returned(last.value, words))
    )


def _redirects(block: list[ast.stmt], words: Words) -> bool:
    return bool(block) and isinstance(block[-1], ast.Return) and (
        returned(block[-1].value, words) in ("redirect", "login")
    )  # fmt: skip


def _denies(node: ast.expr) -> bool:
    """Whether this is `self.permission_denied(…)` of Django REST framework, which raises."""
    return isinstance(node, ast.Call) and ast.unparse(node.func) == "self.permission_denied"


def _is_whole(node: ast.Match) -> bool:
    last = node.cases[-1]
    return isinstance(last.pattern, ast.MatchAs) and not last.pattern.pattern and not last.guard


def _catches_all(handler: ast.ExceptHandler) -> bool:
    """Whether a handler catches what turns somebody away."""
    if handler.type is None:
        return True
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    last = {ast.unparse(each).rpartition(".")[2] for each in kinds}
    return bool(last & {"Exception", "BaseException", "PermissionDenied", "Http404"})


def _caught(handler: ast.ExceptHandler) -> str:
    return f"except {ast.unparse(handler.type)}" if handler.type else "except"


def _is_query(call: ast.Call, words: Words) -> bool:
    last = called_name(call, words).rpartition(".")[2]
    if "_or_404" in last:
        return True
    return last in _QUERIES and isinstance(call.func, ast.Attribute) and (
        "objects" in ast.unparse(call.func.value)
    )  # fmt: skip


def _hands_over(call: ast.Call, words: Words) -> bool:
    """Whether a call is handed the request or who asks, or is of a method of the view."""
    function = call.func
    if isinstance(function, ast.Attribute) and isinstance(function.value, ast.Name):
        if function.value.id == "self":
            return True
    return any(
        mentions_user(each, words) or text(each) in ("request", "self.request")
        for each in (*call.args, *(keyword.value for keyword in call.keywords))
    )


def _certain_calls(node: ast.expr, words: Words) -> Iterator[ast.Call]:
    """The calls that are made whenever an expression is evaluated, the outermost first; of a
    chain of them that is a query, only the whole."""
    todo: list[ast.AST] = [node]
    while todo:
        each = todo.pop()
        if isinstance(
            each, (ast.Lambda, ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
        ):
            if not isinstance(each, ast.Lambda):
                todo.append(each.generators[0].iter)
            continue
        if isinstance(each, ast.IfExp):
            todo.append(each.test)
            continue
        if isinstance(each, ast.BoolOp):
            todo.append(each.values[0])
            continue
        if isinstance(each, ast.Call):
            yield each
            if queried(each, words) is not None:
                continue
        todo += ast.iter_child_nodes(each)
