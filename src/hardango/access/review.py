"""The routes laid beside access.toml: what nobody has reviewed yet.

What became narrower needs no review. What became wider does, what nobody declared, a guard that is
another one now, and a declaration that no longer holds.
"""

from __future__ import annotations

from collections.abc import Iterator

from hardango.access.policy import ANY, Key, Line, Policy, lines_of
from hardango.matrix import Change, Matrix, Reach, Route

_ORDER = ("weakened", "broken", "new", "changed", "edited", "strengthened", "gone")

# Whom each lets in, as sets that hold one another: a reach is narrower than those named.
_NARROWER = {
    Reach.ANONYMOUS: (),
    Reach.AUTHENTICATED: (Reach.ANONYMOUS,),
    Reach.TOKEN: (Reach.ANONYMOUS,),
    Reach.CUSTOM: (Reach.ANONYMOUS,),
    Reach.UNKNOWN: (),
    Reach.OBJECT: (Reach.ANONYMOUS, Reach.AUTHENTICATED),
    Reach.PERMISSION: (Reach.ANONYMOUS, Reach.AUTHENTICATED),
    Reach.STAFF: (Reach.ANONYMOUS, Reach.AUTHENTICATED),
    Reach.SUPERUSER: (Reach.ANONYMOUS, Reach.AUTHENTICATED, Reach.STAFF, Reach.PERMISSION),
    Reach.NOBODY: tuple(each for each in Reach if each is not Reach.NOBODY),
}
_VAGUE = (Reach.CUSTOM, Reach.UNKNOWN)


def changes(matrix: Matrix, policy: Policy) -> tuple[Change, ...]:
    """How the routes differ from what was reviewed, what fails first."""
    now = {line.key: line for line in lines_of(matrix)}
    then = {line.key: line for line in policy.lines}
    places = {(route.pattern, route.view): route.seen_at for route in reversed(matrix.routes)}
    dead = {(route.pattern, route.view): _dead(route) for route in matrix.routes}
    found: list[Change] = []
    for key, line in now.items():
        if key in then:
            alike = policy.source == matrix.source
            found += _differences(then[key], line, dead[key], alike)
        else:
            found += _undeclared(line, dead[key], _before(line, now, then))
    found += [
        Change(
            "gone", *key, tuple(line.reaches), _together(line), "", line.place,
            why=f'declared public: "{line.public}"' if line.public else "", fails=bool(line.public),
        )
        for key, line in then.items() if key not in now
    ]  # fmt: skip
    placed = [
        each._replace(place=places.get((each.pattern, each.view)))
        if each.after or each.kind != "gone"
        else each
        for each in found
    ]
    return tuple(sorted(placed, key=_rank))


def _rank(change: Change) -> tuple[bool, int, bool, str, str]:
    open_ = change.after == Reach.ANONYMOUS.value
    return not change.fails, _ORDER.index(change.kind), not open_, change.pattern, change.view


def _dead(route: Route) -> list[str]:
    """What looks like a guard of a route, and is none."""
    said = [f"{guard.name} does nothing: {guard.dead}"
            for each in route.operations for guard in each.guards if guard.dead]  # fmt: skip
    return list(dict.fromkeys(said))


# -- a route that was reviewed ---------------------------------------------------------------------


def _differences(then: Line, now: Line, dead: list[str], alike: bool) -> Iterator[Change]:
    """`alike`: whether both were made in one way, so that the guards can be compared."""
    why = "; ".join((*_guards(then, now), *dead)) if alike else "; ".join(dead)
    found: dict[tuple[str, str, str], list[str]] = {}
    for method, after in now.reaches.items():
        before = then.reaches.get(method, then.reaches.get(ANY, ""))
        if before != after:
            kind = _kind(before, after) if before else "new"
            found.setdefault((kind, before, after), []).append(method)
    for (kind, before, after), methods in found.items():
        fails = kind != "strengthened"
        yield Change(kind, *now.key, tuple(methods), before, after, then.place, None, why, fails)
    if now.csrf_exempt and not then.csrf_exempt:
        yield _about(then, now, "weakened", "csrf_exempt: another site can send the form")
    if then.public and now.reaches and not any(map(_may_be_open, now.reaches.values())):
        yield _about(then, now, "broken", f'declared public: "{then.public}"')
    if now.unresolved and not then.unresolved:
        yield _about(then, now, "weakened", f"not resolved any more: {now.unresolved}")
    if alike and not found and then.digest != now.digest:
        yield _about(then, now, "edited", why or f"the source of {_names(now)} has changed")


def _about(then: Line, now: Line, kind: str, why: str) -> Change:
    return Change(kind, *now.key, tuple(now.reaches), _together(then), _together(now), then.place,
                  None, why)  # fmt: skip


def _guards(then: Line, now: Line) -> Iterator[str]:
    """Which guards went, and which came."""
    gone = [each for each in then.guards if each not in now.guards]
    new = [each for each in now.guards if each not in then.guards]
    if gone:
        yield f"{', '.join(gone)} {'is' if len(gone) == 1 else 'are'} gone"
    if new:
        yield f"{', '.join(new)} {'is' if len(new) == 1 else 'are'} new"


def _names(line: Line) -> str:
    return ", ".join(line.guards) or "the guards"


def _kind(before: str, after: str) -> str:
    if narrower(after, before):
        return "strengthened"
    lost = _vague(after) and before != Reach.ANONYMOUS.value
    return "weakened" if lost or narrower(before, after) else "changed"


def narrower(one: str, other: str) -> bool:
    """Whether everybody whom `one` lets in is let in by `other`, and not the other way round."""
    first, second = _reach(one), _reach(other)
    if first is second is Reach.PERMISSION:
        return _within(one, other) and not _within(other, one)
    if second is Reach.UNKNOWN:
        return first not in (*_VAGUE, Reach.ANONYMOUS)
    return second in _NARROWER[first]


def _within(one: str, other: str) -> bool:
    """Whether whoever has the permissions of `one` has those of `other`."""
    wanted = _permissions(other)
    return all(
        bool(held & wanted) if " or " in other else held >= wanted
        for held in (
            [{each} for each in _permissions(one)] if " or " in one else [_permissions(one)]
        )
    )


def _vague(word: str) -> bool:
    return _reach(word) in _VAGUE


def _reach(word: str) -> Reach:
    return Reach(word.partition(": ")[0])


def _permissions(word: str) -> set[str]:
    names = word.partition(": ")[2]
    return set(names.replace(" or ", " and ").split(" and ")) - {""}


def _may_be_open(word: str) -> bool:
    return _reach(word) in (Reach.ANONYMOUS, Reach.TOKEN, *_VAGUE)


def _together(line: Line) -> str:
    """Who gets in, by method where they differ."""
    if line.unresolved:
        return "not resolved"
    words = dict.fromkeys(line.reaches.values())
    if len(words) == 1:
        return next(iter(words))
    return ", ".join(f"{method} {word}" for method, word in line.reaches.items())


# -- a route that was not --------------------------------------------------------------------------


def _undeclared(line: Line, dead: list[str], before: str) -> Iterator[Change]:
    why = "; ".join(filter(None, (before, *dead)))
    if line.unresolved:
        said = "; ".join(filter(None, (line.unresolved, why)))
        yield Change("new", *line.key, (), "", "not resolved", why=said)
        return
    found: dict[str, list[str]] = {}
    for method, word in line.reaches.items():
        found.setdefault(word, []).append(method)
    for word, methods in found.items():
        yield Change("new", *line.key, tuple(methods), "", word, why=why)


def _before(line: Line, now: dict[Key, Line], then: dict[Key, Line]) -> str:
    """What a route seems to have been, if its view was renamed or has moved."""
    for key, old in then.items():
        if key in now:
            continue
        if key[0] == line.pattern:
            return f"{old.view} was here: {_together(old)}"
        if line.view and key[1] == line.view:
            return f"it was at /{old.pattern}: {_together(old)}"
    return ""
