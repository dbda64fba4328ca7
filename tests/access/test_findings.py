"""What is wrong with who reaches a route: of each weakness what has it, and more of what has not."""

from __future__ import annotations

import pytest
from matrices import CHANGE, LOGIN, matrix

from hardango.access.findings import LOOKS, Facts, findings
from hardango.access.weaknesses import WEAKNESSES
from hardango.findings import Place, Severity, Verdict
from hardango.matrix import ROLES, Cell, Guard, Lookup, Matrix, Operation, Reach, Route, concluded

HERE = Place("shop/views.py", 12)
URLS = Place("config/urls.py", 3)


def op(method: str, *guards: Guard, **more: object) -> Operation:
    return Operation(method, *concluded(guards), guards, **more)  # type: ignore[arg-type]


def view(pattern: str, *operations: Operation, view: str = "shop.views.act", place: Place | None = HERE,
         **more: object) -> Route:  # fmt: skip
    """A route of the project's own, unless `place` is None: then a package brought it."""
    operations = tuple(each._replace(place=each.place or place) for each in operations)
    return Route(pattern, view, operations, URLS, **more)  # type: ignore[arg-type]


def found(*routes: Route, facts: Facts = Facts(), **more: object) -> list[str]:  # noqa: B008
    whole = matrix(*routes)._replace(**more)
    return [
        f"{each.control.removeprefix('access-')} {each.severity.label}"
        for each in findings(whole, facts)
    ]


NOBODY_ELSE = Guard("IsAdminUser", Reach.STAFF, "class")
CUSTOM = Guard("needs_plan", Reach.CUSTOM, quote="…")
TOKEN = Guard("HasAPIKey", Reach.TOKEN, "class")
DEAD = Guard(
    "LoginRequiredMixin", Reach.AUTHENTICATED, "class", dead="stands after View", place=HERE
)
REST = {"kind": "rest_framework"}
ADMIN_LOGIN = view("admin/login/", op("GET"), op("POST"), view="django.contrib.admin.sites.AdminSite.login", place=None, kind="admin")  # fmt: skip


def cell(role: str, result: str, verdict: str = "refuted", tier: str = "gate") -> tuple[Cell, ...]:
    return (Cell(role, tier, result, verdict, said="SECRET-canary"),)


@pytest.mark.parametrize(
    "route, says",
    [
        # A method that changes something is open.
        (view("orders/<int:pk>/", op("POST")), ["open-change high"]),
        (view("orders/", op("DELETE")), ["open-change high"]),
        (view("orders/", op("POST")), ["open-change medium"]),
        (view("orders/", op("GET"), op("POST", csrf_exempt=True, session=True)), ["open-change medium"]),
        (view("contact/", op("POST")), ["open-change low"]),
        (view("x/", op("POST"), view="shop.views.SignUp"), ["open-change low"]),
        (view("x/", op("POST"), view="shop.views.login_user"), ["open-change low"]),
        (view("x/<pk>/", op("POST"), view="package.views.Act", place=None), ["open-change low"]),
        (view("x/login/", op("POST"), view="django.contrib.auth.views.LoginView", place=None), []),
        (view("x/", op("POST"), view="django.views.generic.base.RedirectView", kind="redirect"), []),
        (view("orders/", op("POST", CUSTOM, cells=cell("anonymous", "open"))), ["open-change medium"]),
        # It is not.
        (view("orders/<int:pk>/", op("GET")), []),
        (view("orders/", op("GET"), op("HEAD"), op("OPTIONS")), []),
        (view("orders/", op("*")), []),
        (view("orders/", op("POST", LOGIN)), []),
        (view("orders/", op("POST", CUSTOM)), []),
        (view("orders/", op("POST", TOKEN)), []),
        (view("orders/", op("POST", Guard("x", Reach.UNKNOWN))), []),
        (view("orders/", op("POST", cells=cell("anonymous", "denied", "proven"))), []),
        (view("orders/", op("POST", cells=cell("anonymous", "answered", "proven"))), []),
        (Route("orders/", "", unresolved="not here"), []),
        # One function for any method, which tells POST from the others.
        (view("a/", op("GET"), op("POST", LOGIN), op("PUT"), op("PATCH"), op("DELETE")), []),
        (view("a/", op("GET"), op("POST"), op("PUT"), op("PATCH", LOGIN), op("DELETE")), ["open-change medium"]),
        (view("a/", op("GET"), op("POST", LOGIN), op("PUT"), op("PATCH", handler="shop.A.patch"), op("DELETE")), ["open-change high"]),
        (view("a/", op("POST"), op("PUT"), view="django.views.generic.base.RedirectView"), []),
        # A guard that never runs.
        (view("a/", op("GET", DEAD)), ["dead-guard high"]),
        (view("a/<pk>/", op("POST", DEAD)), ["dead-guard high"]),
        (view("a/", op("GET", LOGIN, CHANGE._replace(dead="is empty"))), ["dead-guard low"]),
        (view("a/", op("GET", LOGIN, DEAD)), []),
        (view("a/", op("GET", NOBODY_ELSE, DEAD)), []),
        (view("a/", op("GET", CUSTOM, DEAD)), []),
        (view("a/", op("GET", LOGIN)), []),
        # Forms from other sites.
        (view("a/", op("POST", LOGIN, csrf_exempt=True, session=True)), ["csrf-exempt high"]),
        (view("a/", op("*", LOGIN, csrf_exempt=True, session=True)), ["csrf-exempt high"]),
        (view("a/", op("GET", LOGIN, csrf_exempt=True, session=True)), []),
        (view("a/", op("POST", LOGIN, csrf_exempt=True, session=True), **REST), []),
        (view("a/", op("POST", LOGIN, csrf_exempt=True, session=True), kind="ninja"), []),
        (view("a/", op("POST", LOGIN, csrf_exempt=True)), []),
        (view("a/", op("POST", LOGIN, csrf_exempt=True, session=False)), []),
        (view("a/", op("POST", TOKEN, csrf_exempt=True, session=True)), []),
        (view("a/", op("POST", LOGIN, session=True)), []),
        # REST framework, of whose default nothing is known.
        (view("a/<pk>/", op("GET"), op("POST"), **REST), ["open-change high"]),
        (view("a/", op("GET"), **REST), []),
        (view("a/", op("POST", LOGIN), **REST), []),
        # Tools, descriptions, files.
        (view("silk/", op("GET"), view="silk.views.summary.SummaryView", place=None), ["debug-route high"]),
        (view("__debug__/", op("GET"), view="debug_toolbar.views.x", place=None, when=("DEBUG is on",)), []),
        (view("silk/", op("GET", LOGIN), view="silk.views.x", place=None), []),
        (view("silk/", op("GET")), []),
        (view("schema/", op("GET"), view="drf_spectacular.views.SpectacularAPIView", place=None), ["open-documentation low"]),
        (view("schema/", op("GET", LOGIN), view="drf_spectacular.views.SpectacularAPIView", place=None), []),
        (view("media/<path:path>", op("*"), view="django.views.static.serve", place=None), ["open-media medium"]),
        (view("static/<path:path>", op("*"), view="django.views.static.serve", place=None), []),
        (view("media/<path:path>", op("*"), view="django.views.static.serve", place=None, when=("DEBUG is on",)), []),
        (view("media/<path:path>", op("*", LOGIN), view="django.views.static.serve", place=None), []),
        # Sent to log in again.
        (view("a/", op("GET", CHANGE._replace(place=HERE, answer="redirect"))), ["login-loop low"]),
        (view("a/", op("GET", CHANGE._replace(place=HERE, answer="403"))), []),
        (view("a/", op("GET", CHANGE._replace(place=HERE, answer="redirect", layer="class"))), []),
        (view("a/", op("GET", LOGIN._replace(place=HERE, answer="redirect"))), []),
        (view("a/", op("GET", CHANGE._replace(answer="redirect"))), []),
        # By its number alone.
        (view("a/<pk>/", op("GET", LOGIN, lookups=(Lookup("shop.Order", "pk", ("owner",), HERE),))), ["ownerless-lookup medium"]),
        (view("a/<pk>/", op("GET", LOGIN, lookups=(Lookup("shop.Item", "pk", ("order__owner",), HERE),))), ["ownerless-lookup low"]),
        (view("a/<pk>/", op("GET", LOGIN, lookups=(Lookup("shop.Product", "pk", (), HERE),))), []),
        (view("a/<pk>/", op("GET", lookups=(Lookup("shop.Order", "pk", ("owner",), HERE),))), []),
        (view("a/<pk>/", op("GET", CHANGE, lookups=(Lookup("shop.Order", "pk", ("owner",), HERE),))), []),
        (view("a/<pk>/", op("GET", NOBODY_ELSE, lookups=(Lookup("shop.Order", "pk", ("owner",), HERE),))), []),
        # What requests have shown.
        (view("a/", op("GET", LOGIN, cells=cell("anonymous", "open", tier="body"))), ["proved-open critical"]),
        (view("a/", op("GET", CHANGE, cells=cell("user", "entered"))), ["proved-open critical"]),
        (view("a/", op("GET", LOGIN, cells=cell("anonymous", "denied", "proven"))), []),
        (view("a/", op("GET", LOGIN, cells=cell("anonymous", "inconclusive", "inconclusive"))), []),
        (view("a/", op("GET", LOGIN, cells=cell("user", "open", "proven"))), []),
        (view("a/", op("GET", LOGIN, cells=cell("user", "denied"))), []),
        (view("a/", op("GET", LOGIN, cells=cell("somebody", "open"))), []),
        (view("a/<pk>/", op("GET", LOGIN, cells=cell("user", "open", tier="ownership"))), ["proved-foreign critical"]),
        (view("a/<pk>/", op("GET", LOGIN, cells=cell("user", "denied", "proven", "ownership"))), []),
        (view("a/<pk>/", op("GET", LOGIN, cells=cell("user", "inconclusive", "inconclusive", "ownership"))), []),
    ],
    ids=lambda each: f"{each.pattern} {each.view} {each.kind}" if isinstance(each, Route) else None,
)  # fmt: skip
def test_one_route(route: Route, says: list[str]) -> None:
    assert found(route, roles=ROLES) == says


LIST = view("orders/", op("GET", LOGIN))
OPEN, SHUT = op("GET"), op("GET", LOGIN)


@pytest.mark.parametrize(
    "routes, says",
    [
        # The list is closed, its items are not.
        ((LIST, view("orders/<int:pk>/", OPEN, view="shop.views.order")), ["open-detail medium"]),
        ((LIST, view("orders/<int:pk>/", SHUT, view="shop.views.order")), []),
        ((LIST, view("orders/<int:pk>/", op("GET", CUSTOM), view="shop.views.order")), []),
        ((view("orders/", OPEN), view("orders/<int:pk>/", OPEN, view="shop.views.order")), []),
        ((LIST, view("orders/help/", OPEN, view="shop.views.help")), []),
        ((LIST, view("orders/<int:pk>/", OPEN, view="shop.views.order", app="other")), []),
        ((LIST, view("orders/<int:pk>/pay/", OPEN, view="shop.views.pay")), []),
        # One view, two routes.
        ((view("a/", OPEN), view("b/", SHUT)), ["unequal-routes high"]),
        ((view("a/", SHUT), view("b/", SHUT)), []),
        ((view("a/", OPEN), view("b/", OPEN)), []),
        ((view("a/", OPEN), view("b/", op("GET", CUSTOM))), []),
        ((view("a/", op("POST", LOGIN)), view("b/", OPEN)), []),
        ((view("a/", OPEN), view("b/", SHUT, view="shop.views.other")), []),
        ((view("a/", OPEN, view="django.views.generic.base.TemplateView"), view("b/", SHUT, view="django.views.generic.base.TemplateView")), []),
        ((view("a/", op("GET", action="list"), view="shop.Orders"), view("b/", op("GET", LOGIN, action="retrieve"), view="shop.Orders")), []),
        # Django never comes to the second.
        ((view("a/", SHUT), view("a/", op("DELETE"), view="shop.views.other")), []),
        ((view("a/", op("DELETE")), view("a/", SHUT, view="shop.views.other")), ["open-change high"]),
        ((view("a/", SHUT), view("a/", op("DELETE"), view="shop.views.other", when=("X is set",))), ["open-change high"]),
        # One guard is one guard.
        ((view("a/", op("GET", CHANGE._replace(place=HERE, answer="redirect"))), view("b/", op("GET", CHANGE._replace(place=URLS, answer="redirect")))), ["login-loop low"]),
    ],
)  # fmt: skip
def test_routes_beside_each_other(routes: tuple[Route, ...], says: list[str]) -> None:
    assert found(*routes) == says


DEFAULT = Facts(open_by_default=True)
PUBLIC = Facts(public={("a/", "shop.views.act"): "why"})


def hints(*names: str) -> Facts:
    return Facts(hints=names.__contains__)


ASKS = CHANGE._replace(place=HERE)


@pytest.mark.parametrize(
    "route, facts, says",
    [
        (view("a/", op("POST")), PUBLIC, []),
        (view("a/", op("GET", DEAD)), PUBLIC, []),
        (view("a/", op("POST"), **REST), PUBLIC, []),
        (view("a/", op("POST"), **REST), DEFAULT, ["framework-default high"]),
        (view("a/", op("GET"), **REST), DEFAULT, ["framework-default medium"]),
        (view("a/", op("GET"), **REST), DEFAULT._replace(public=PUBLIC.public), []),
        (view("a/", op("POST", LOGIN), **REST), DEFAULT, []),
        (view("a/", op("POST", CUSTOM), **REST), DEFAULT, []),
        (view("a/", op("GET"), place=None, view="drf.x", **REST), DEFAULT, []),
        (view("a/", op("GET")), DEFAULT, []),
        # A declaration is about strangers: it says nothing of forms from other sites.
        (view("a/", op("POST", LOGIN, csrf_exempt=True, session=True)), PUBLIC, ["csrf-exempt high"]),
        (view("b/", op("POST")), PUBLIC, ["open-change medium"]),
        (ADMIN_LOGIN, hints(), ["bare-admin medium"]),
        (ADMIN_LOGIN, Facts(), []),
        (ADMIN_LOGIN, hints("axes"), []),
        (ADMIN_LOGIN, hints("django_otp"), []),
        (view("a/", op("GET", ASKS)), Facts(permissions=frozenset()), ["no-such-permission medium"]),
        (view("a/", op("GET", ASKS)), Facts(permissions=frozenset({"shop.change_order"})), []),
        (view("a/", op("GET", ASKS)), Facts(), []),
        (view("a/", op("GET", ASKS._replace(dead="never runs"))), Facts(permissions=frozenset()), ["dead-guard high"]),
        (view("a/", op("GET", CHANGE)), Facts(permissions=frozenset()), []),
        (view("a/", op("GET")), Facts(permissions=frozenset({"a.b"}), custom_permissions=frozenset({"a.b"})), ["unused-permission info"]),
        (view("a/", op("GET", CUSTOM)), Facts(permissions=frozenset({"a.b"}), custom_permissions=frozenset({"a.b"})), []),
        (Route("a/", "", unresolved="x"), Facts(permissions=frozenset({"a.b"}), custom_permissions=frozenset({"a.b"})), []),
        (view("a/", op("GET", ASKS)), Facts(permissions=frozenset({"shop.change_order"}), custom_permissions=frozenset({"shop.change_order"})), []),
    ],
)  # fmt: skip
def test_what_is_known_besides(route: Route, facts: Facts, says: list[str]) -> None:
    assert sorted(found(route, facts=facts)) == sorted(says)


def test_what_requests_have_shown_comes_first_and_candidates_after_what_is_known() -> None:
    lookup = (Lookup("shop.Order", "pk", ("owner",), HERE),)
    assert found(
        view("1/<pk>/", op("GET", LOGIN, lookups=lookup)),
        view("2/<pk>/", op("DELETE"), view="shop.views.two"),
        view("3/", op("GET", DEAD), view="shop.views.three"),
        view("4/", op("GET", LOGIN, cells=cell("anonymous", "open")), view="shop.views.four"),
        view("5/", op("POST"), view="shop.views.five"),
        view("6/login/", op("POST"), view="shop.views.six"),
        roles=ROLES,
    ) == [
        "proved-open critical", "open-change high", "dead-guard high", "open-change medium",
        "ownerless-lookup medium", "open-change low",
    ]  # fmt: skip


def test_one_guard_that_is_dead_at_many_routes_is_said_once() -> None:
    (once,) = findings(
        matrix(*(view(f"{n}/", op("GET", DEAD), view=f"shop.v{n}") for n in range(9))), Facts()
    )
    assert once.message.startswith(
        "GET /0/ and 8 more routes: LoginRequiredMixin does nothing, so anybody gets in"
    )
    nowhere = DEAD._replace(place=None)
    assert len(findings(matrix(*(view(f"{n}/", op("GET", nowhere), view=f"shop.v{n}") for n in range(3))), Facts())) == 3  # fmt: skip


def test_one_view_at_many_routes_is_said_once() -> None:
    (once,) = findings(matrix(*(view(f"v{n}/<pk>/", op("POST")) for n in range(3))), Facts())
    assert once.message == "POST /v0/<pk>/ and 2 more routes: no guard"


def test_a_finding_says_where_and_is_told_apart() -> None:
    first, second = findings(
        matrix(
            view("a/<pk>/", op("POST", place=Place("shop/views.py", 30))),
            view("b/<pk>/", op("PUT")),
        ),
        Facts(),
    )
    assert first.message == "POST /a/<pk>/: no guard"
    assert str(first.place) == "shop/views.py:30"
    assert str(second.place) == "shop/views.py:12"
    assert first.fingerprint != second.fingerprint
    assert "CWE-862" in first.references


def test_a_candidate_never_makes_a_run_fail() -> None:
    lookup = (Lookup("shop.Order", "pk", ("owner",), HERE),)
    (only,) = findings(matrix(view("1/<pk>/", op("GET", LOGIN, lookups=lookup))), Facts())
    assert only.verdict is Verdict.UNKNOWN and not only.counts


def test_every_weakness_is_looked_for() -> None:
    assert len({each.name for each in WEAKNESSES}) == len(WEAKNESSES)
    assert all(each.severity >= Severity.INFO and each.references for each in WEAKNESSES)
    assert not any(list(look(Matrix("x", "y", "static", ()), Facts())) for look in LOOKS)
