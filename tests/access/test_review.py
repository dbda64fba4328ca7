"""What has to be reviewed: more than half is what has not."""

from __future__ import annotations

import pytest
from matrices import CHANGE, LOGIN, closed, matrix, open_, route

from hardango.access.policy import parsed, renewed
from hardango.access.review import changes
from hardango.findings import Place
from hardango.matrix import Guard, Matrix, Operation, Reach, Route, worded

VIEW, DELETE = "shop.view_order", "shop.delete_order"


def asks(reach: Reach, *permissions: str, any_of: bool = False, method: str = "GET") -> Operation:
    guard = Guard("guard", reach, permissions=permissions, any_of=any_of)
    guards = () if reach is Reach.ANONYMOUS else (guard,)
    return Operation(method, reach, permissions, any_of, guards, session=True)


def differing(then: Matrix, now: Matrix) -> list[tuple[str, bool]]:
    policy = parsed(renewed("", then))
    return [(each.kind, each.fails) for each in changes(now, policy)]


A, B = ("shop.a",), ("shop.b",)


@pytest.mark.parametrize(
    "before, after, kind",
    [
        (asks(Reach.ANONYMOUS), asks(Reach.AUTHENTICATED), "strengthened"),
        (asks(Reach.ANONYMOUS), asks(Reach.TOKEN), "strengthened"),
        (asks(Reach.ANONYMOUS), asks(Reach.CUSTOM), "strengthened"),
        (asks(Reach.AUTHENTICATED), asks(Reach.STAFF), "strengthened"),
        (asks(Reach.AUTHENTICATED), asks(Reach.PERMISSION, *A), "strengthened"),
        (asks(Reach.AUTHENTICATED), asks(Reach.OBJECT), "strengthened"),
        (asks(Reach.STAFF), asks(Reach.SUPERUSER), "strengthened"),
        (asks(Reach.SUPERUSER), asks(Reach.NOBODY), "strengthened"),
        (asks(Reach.UNKNOWN), asks(Reach.STAFF), "strengthened"),
        (asks(Reach.PERMISSION, *A), asks(Reach.PERMISSION, *A, *B), "strengthened"),
        (asks(Reach.PERMISSION, *A, *B, any_of=True), asks(Reach.PERMISSION, *A), "strengthened"),
        (asks(Reach.AUTHENTICATED), asks(Reach.ANONYMOUS), "weakened"),
        (asks(Reach.TOKEN), asks(Reach.ANONYMOUS), "weakened"),
        (asks(Reach.CUSTOM), asks(Reach.ANONYMOUS), "weakened"),
        (asks(Reach.OBJECT), asks(Reach.AUTHENTICATED), "weakened"),
        (asks(Reach.SUPERUSER), asks(Reach.STAFF), "weakened"),
        (asks(Reach.SUPERUSER), asks(Reach.PERMISSION, *A), "weakened"),
        (asks(Reach.STAFF), asks(Reach.CUSTOM), "weakened"),
        (asks(Reach.STAFF), asks(Reach.UNKNOWN), "weakened"),
        (asks(Reach.PERMISSION, *A, *B), asks(Reach.PERMISSION, *A), "weakened"),
        (asks(Reach.PERMISSION, *A), asks(Reach.PERMISSION, *A, *B, any_of=True), "weakened"),
        (asks(Reach.PERMISSION, *A), asks(Reach.PERMISSION, *B), "changed"),
        (asks(Reach.PERMISSION, *A, *B), asks(Reach.PERMISSION, *A, *B, any_of=True), "weakened"),
        (asks(Reach.PERMISSION, *A), asks(Reach.STAFF), "changed"),
        (asks(Reach.OBJECT), asks(Reach.PERMISSION, *A), "changed"),
        (asks(Reach.TOKEN), asks(Reach.AUTHENTICATED), "changed"),
        (asks(Reach.AUTHENTICATED), asks(Reach.TOKEN), "changed"),
        (asks(Reach.UNKNOWN), asks(Reach.ANONYMOUS), "changed"),
        (asks(Reach.ANONYMOUS), asks(Reach.UNKNOWN), "changed"),
    ],
    ids=lambda each: worded(each.reach, each.permissions, each.any_of) if isinstance(each, Operation) else each,
)  # fmt: skip
def test_wider_asks_for_a_review(before: Operation, after: Operation, kind: str) -> None:
    found = differing(matrix(route("a/", before)), matrix(route("a/", after)))
    assert found == [(kind, kind != "strengthened")]


DEAD = Guard("LoginRequiredMixin", Reach.AUTHENTICATED, dead="stands after View in the bases")
THEN = matrix(route("a/", closed("GET")), route("b/", open_()))


@pytest.mark.parametrize(
    "now",
    [
        THEN,
        matrix(*reversed(THEN.routes)),
        # The view moves to another line, or answers with another status.
        matrix(route("a/", closed("GET", LOGIN._replace(place=Place("x.py", 3), answer="403"))), route("b/", open_())),
        matrix(route("a/", closed("GET"))._replace(name="renamed", app="other"), route("b/", open_())),
        # HEAD, OPTIONS and what GET asks for.
        matrix(route("a/", closed("GET"), closed("HEAD"), open_("OPTIONS")), route("b/", open_())),
        # A mixin that never ran stands beside a guard that does.
        matrix(route("a/", closed("GET", LOGIN, DEAD)), route("b/", open_())),
    ],
)  # fmt: skip
def test_nothing_has_changed(now: Matrix) -> None:
    assert differing(THEN, now) == []


@pytest.mark.parametrize(
    "now, found",
    [
        # Less than there was.
        (matrix(route("a/", closed("GET"))), [("gone", False)]),
        # More than was reviewed.
        (matrix(*THEN.routes, route("c/", closed())), [("new", True)]),
        (matrix(*THEN.routes, route("a/", closed("GET"), view="shop.views.other")), [("new", True)]),
        (matrix(route("a/", closed("GET"), closed("POST")), route("b/", open_())), [("new", True)]),
        (matrix(*THEN.routes, Route("c/", "", unresolved="not here")), [("new", True)]),
        # The view is another one.
        (matrix(route("a/", closed("GET"), view="shop.x"), route("b/", open_())), [("new", True), ("gone", False)]),
        # The same users, by another guard.
        (matrix(route("a/", closed("GET", LOGIN._replace(fingerprint="b"))), route("b/", open_())), [("edited", True)]),
        (matrix(route("a/", closed("GET", LOGIN._replace(name="mine"))), route("b/", open_())), [("edited", True)]),
        # Another site can send the form.
        (matrix(route("a/", closed("GET")), route("b/", open_(), Operation("POST", Reach.ANONYMOUS, session=True, csrf_exempt=True))),
         [("weakened", True)]),
    ],
)  # fmt: skip
def test_what_differs(now: Matrix, found: list[tuple[str, bool]]) -> None:
    assert differing(THEN, now) == found


@pytest.mark.parametrize(
    "operation, broken",
    [
        (open_(), False),
        (asks(Reach.TOKEN), False),
        (asks(Reach.CUSTOM), False),
        (asks(Reach.AUTHENTICATED), True),
        (asks(Reach.STAFF), True),
    ],
)
def test_a_declaration_that_no_longer_holds(operation: Operation, broken: bool) -> None:
    text = renewed("", matrix(route("b/", open_()))).replace(" },", ', public = "prices" },')
    found = changes(matrix(route("b/", operation)), parsed(text))
    assert ("broken" in [each.kind for each in found]) is broken
    gone = changes(matrix(), parsed(text))
    assert [(each.kind, each.fails, each.why) for each in gone] == [
        ("gone", True, 'declared public: "prices"')
    ]


def test_guards_are_compared_only_where_both_were_made_in_one_way() -> None:
    loaded = matrix(
        route("a/", closed("GET", LOGIN._replace(fingerprint="z"))), route("b/", open_())
    )
    assert differing(THEN, loaded._replace(source="loaded")) == []


def test_a_change_says_which_guard_went_and_where() -> None:
    then = matrix(
        route("a/", Operation("POST", Reach.PERMISSION, CHANGE.permissions, guards=(LOGIN, CHANGE)))
    )
    there = route("a/", closed("POST", LOGIN, DEAD))._replace(place=Place("shop/views.py", 12))
    (change,) = changes(matrix(there), parsed(renewed("", then)))
    assert change.why == (
        "permission_required is gone; LoginRequiredMixin does nothing: stands after View in the bases"
    )
    assert (change.before, change.after) == ("permission: shop.change_order", "authenticated")
    assert (str(change.declared), str(change.place)) == ("access.toml:7", "shop/views.py:12")


def test_what_is_open_comes_first() -> None:
    now = matrix(route("a/", closed()), route("b/", open_()), route("c/", closed()))
    assert [each.pattern for each in changes(now, parsed(renewed("", matrix())))] == ["b/", "a/", "c/"]  # fmt: skip
