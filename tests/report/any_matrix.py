"""A matrix of access that has one of everything."""

from __future__ import annotations

from hardango.findings import Finding, Place, Severity, Verdict
from hardango.matrix import Cell, Change, Guard, Matrix, Operation, Reach, Role, Route

VIEWS, URLS = "shop/views.py", "config/urls.py"

LOGIN = Guard("login_required", Reach.AUTHENTICATED, place=Place(VIEWS, 11), answer="redirect")
DEAD = Guard(
    "LoginRequiredMixin", Reach.AUTHENTICATED, "class", place=Place(VIEWS, 40),
    dead="stands after View in the bases",
)  # fmt: skip
PLAN = Guard(
    "needs_plan", Reach.CUSTOM, place=Place("shop/plans.py", 4),
    quote="if not request.user.plan.active: return upgrade(request)",
)  # fmt: skip
CHANGE = Guard(
    "permission_required", Reach.PERMISSION, permissions=("shop.change_order",),
    place=Place(VIEWS, 20),
)  # fmt: skip
OWNER = Guard(
    "get_object_or_404(Order, owner=request.user)", Reach.OBJECT, "body", place=Place(VIEWS, 31)
)
ADMIN = Guard("AdminSite.admin_view", Reach.STAFF)


def admin(model: str, page: str, permission: str) -> Route:
    asks = Guard(
        f"has_{permission}_permission", Reach.PERMISSION, "body", (f"shop.{permission}_{model}",)
    )
    operations = tuple(
        Operation(method, Reach.PERMISSION, asks.permissions, guards=(ADMIN, asks), session=True)
        for method in ("GET", "POST")
    )
    view = f"django.contrib.admin.options.ModelAdmin.{permission}_view"
    return Route(f"admin/shop/{model}/{page}", view, operations, app="admin", kind="admin")


PATTERNS = (
    Route("", "shop.views.home", (Operation("*", Reach.ANONYMOUS, place=Place(VIEWS, 5)),),
          Place(VIEWS, 5), "home", "shop"),
    Route("orders/", "shop.views.orders",
          (Operation("GET", Reach.AUTHENTICATED, guards=(LOGIN,), session=True),
           Operation("POST", Reach.PERMISSION, ("shop.change_order",), guards=(LOGIN, CHANGE), session=True)),
          Place(VIEWS, 12), "orders", "shop"),
    Route("orders/<int:pk>/", "shop.views.Order",
          (Operation("GET", Reach.OBJECT, guards=(LOGIN, OWNER), handler="shop.views.Order.get"),
           Operation("HEAD", Reach.OBJECT, guards=(LOGIN, OWNER), handler="shop.views.Order.get")),
          Place(VIEWS, 28), "order", "shop"),
    Route("export/", "shop.views.Export", (Operation("GET", Reach.ANONYMOUS, guards=(DEAD,)),),
          Place(VIEWS, 40), "export", "shop", when=("DEBUG is set",)),
    Route("plan/", "shop.views.plan", (Operation("*", Reach.CUSTOM, guards=(PLAN,)),),
          Place(VIEWS, 50), "plan", "shop"),
    *(Route(f"help/{number}/", "shop.views.help", (Operation("*", Reach.AUTHENTICATED, guards=(LOGIN,)),),
            Place(VIEWS, 60), app="shop") for number in range(12)),
    Route("plugin/", "", place=Place(URLS, 9), unresolved="include() of plugin.urls, which is not here",
          exact=False),
    *(admin(model, page, permission) for model in ("order", "customer")
      for page, permission in (("", "view"), ("add/", "add"), ("<path:object_id>/change/", "change"))),
    Route("admin/login/", "django.contrib.admin.sites.AdminSite.login",
          (Operation("GET", Reach.ANONYMOUS), Operation("POST", Reach.ANONYMOUS)), app="admin", kind="admin"),
)  # fmt: skip

ROUTES = tuple(
    route._replace(
        operations=tuple(each._replace(place=route.place) for each in route.operations),
        place=Place(URLS, number),
    )
    for number, route in enumerate(PATTERNS, 10)
)
"""Each with the place of its pattern, and that of its view where the project has it."""

FINDING = Finding(
    "access-dead-guard", Verdict.FAIL, Severity.HIGH, "A guard never runs",
    "GET /export/ has LoginRequiredMixin, which does nothing: it stands after View in the bases",
    chain=(Place(VIEWS, 40),), remedy="Put it first in the bases.", references=("ASVS 8.2.1", "CWE-862"),
    fingerprint="0123456789abcdef",
)  # fmt: skip

CHANGES = (
    Change("weakened", "orders/", "shop.views.orders", ("POST",), "permission: shop.change_order",
           "authenticated", Place("access.toml", 6), Place(VIEWS, 12), "permission_required is gone"),
    Change("new", "export/", "shop.views.Export", ("GET",), "", "anonymous", None, Place(VIEWS, 40)),
    Change("gone", "old/", "shop.views.old", ("GET",), "staff", "", Place("access.toml", 9), fails=False),
)  # fmt: skip

MATRIX = Matrix(
    "shop", "config.settings", "static", ROUTES, findings=(FINDING,),
    middleware=(Guard("shop.middleware.Tenant", Reach.CUSTOM, "middleware", place=Place("config/settings.py", 30)),),
    said=("The source was read and nothing was run.",), changes=CHANGES,
)  # fmt: skip


def _cells(route: Route, operation: Operation) -> tuple[Cell, ...]:
    asked = "/" + route.pattern.replace("<int:pk>", "1")
    answers = {
        Reach.ANONYMOUS: ("open",) * 3, Reach.AUTHENTICATED: ("denied", "open", "open"),
        Reach.PERMISSION: ("denied", "denied", "open"), Reach.OBJECT: ("denied", "inconclusive", "inconclusive"),
        Reach.CUSTOM: ("open", "open", "open"),
    }[operation.reach]  # fmt: skip
    return tuple(
        Cell(role, "body", answer, "inconclusive" if answer == "inconclusive" else "proven",
             200 if answer == "open" else 302, asked=asked)
        for role, answer in zip(("anonymous", "user", "superuser"), answers, strict=True)
    )  # fmt: skip


PROVED = MATRIX._replace(
    proved=True,
    source="loaded",
    changes=None,
    roles=(Role("anonymous", anonymous=True), Role("user"), Role("superuser", superuser=True)),
    routes=tuple(
        route._replace(operations=tuple(
            each._replace(cells=_cells(route, each)) for each in route.operations))
        for route in ROUTES
    ),
)  # fmt: skip
