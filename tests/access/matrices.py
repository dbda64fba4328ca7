"""Small matrices, made by hand."""

from __future__ import annotations

from hardango.matrix import Guard, Matrix, Operation, Reach, Route

LOGIN = Guard("login_required", Reach.AUTHENTICATED, fingerprint="a")
CHANGE = Guard("permission_required", Reach.PERMISSION, permissions=("shop.change_order",))


def matrix(*routes: Route, source: str = "static") -> Matrix:
    return Matrix("shop", "config.settings", source, routes)


def route(pattern: str, *operations: Operation, view: str = "") -> Route:
    return Route(pattern, view or f"shop.views.{pattern.strip('/') or 'home'}", operations)


def open_(method: str = "*") -> Operation:
    return Operation(method, Reach.ANONYMOUS)


def closed(method: str = "*", *guards: Guard) -> Operation:
    return Operation(method, Reach.AUTHENTICATED, guards=guards or (LOGIN,), session=True)
