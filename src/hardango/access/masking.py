"""Secrets taken out of a matrix before anybody sees it: what a guard quotes may compare with one."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache

from hardango.matrix import Guard, Matrix, Operation, Reach, Route
from hardango.settings.secret_shapes import MASK

_LITERAL = re.compile(
    r"""(?P<key>(?:\.get\(|\.pop\(|\[|_cookie\()\s*)?"""
    r"""(?P<quote>['"])(?P<said>(?:\\.|(?!(?P=quote)).)*)(?P=quote)"""
)
_SHORTEST = 4


def masked(matrix: Matrix, text: Callable[[str], str]) -> Matrix:
    """The matrix with every text as `text` leaves it, which takes out the secrets that it knows; of what
    compares a token, no literal is left but the names of headers and parameters."""
    text = cache(text)

    def guard(each: Guard) -> Guard:
        if each.demands is Reach.TOKEN:
            each = each._replace(
                name=without_literals(each.name), quote=without_literals(each.quote)
            )
        return each._replace(name=text(each.name), quote=text(each.quote), dead=text(each.dead))

    def operation(each: Operation) -> Operation:
        return each._replace(guards=tuple(map(guard, each.guards)))

    def route(each: Route) -> Route:
        return each._replace(
            pattern=text(each.pattern), unresolved=text(each.unresolved),
            when=tuple(map(text, each.when)), operations=tuple(map(operation, each.operations)),
        )  # fmt: skip

    return matrix._replace(
        routes=tuple(map(route, matrix.routes)),
        middleware=tuple(map(guard, matrix.middleware)),
        said=tuple(map(text, matrix.said)),
    )


def without_literals(code: str) -> str:
    """Code in which texts are masked, but for keys: "compare(headers.get('X-Token'), '***')"."""

    def kept(found: re.Match[str]) -> str:
        if found["key"] is not None or len(found["said"]) < _SHORTEST:
            return found[0]
        return f"{found['quote']}{MASK}{found['quote']}"

    return _LITERAL.sub(kept, code)
