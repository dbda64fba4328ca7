"""What the code of a view demands of who asks. More than half of the rows demand nothing, or look
as if they did."""

from __future__ import annotations

import ast

import pytest

from hardango.access.bodies import Callee, guards_in, passing
from hardango.matrix import Guard, concluded, worded

IMPORTS = {
    "redirect": "django.shortcuts.redirect",
    "get_object_or_404": "django.shortcuts.get_object_or_404",
    "SAFE_METHODS": "rest_framework.permissions.SAFE_METHODS",
    "signing": "django.core.signing",
    "hmac": "hmac",
}


def function(body: str, head: str = "def view(request, pk=None):") -> ast.FunctionDef:
    lines = "\n".join(f"    {line}" for line in body.splitlines())
    made = ast.parse(f"{head}\n{lines}").body[0]
    assert isinstance(made, ast.FunctionDef)
    return made


def names(name: str) -> str:
    return IMPORTS.get(name, name)


def summary(guards: tuple[Guard, ...]) -> str:
    said = worded(*concluded(guards))
    return f"{said}, dead" if any(each.dead for each in guards) else said


GUARDED = [
    ("if not request.user.is_authenticated:\n    raise PermissionDenied\nreturn page()", "authenticated"),
    ("if not request.user.is_authenticated:\n    return redirect('login')\nreturn page()", "authenticated"),
    ("if request.user.is_anonymous:\n    return HttpResponse(status=401)\nreturn page()", "authenticated"),
    ("if request.user.is_authenticated:\n    return page()\nreturn HttpResponseForbidden()", "authenticated"),
    ("user = request.user\nif not user.is_staff:\n    raise Http404\nreturn page()", "staff"),
    ("if not (request.user and request.user.is_superuser):\n    raise PermissionDenied", "superuser"),
    ("if not request.user.has_perm('shop.view_order'):\n    raise PermissionDenied\nreturn page()",
     "permission: shop.view_order"),
    ("if not (request.user.has_perm('a.b') or request.user.has_perm('a.c')):\n    raise PermissionDenied",
     "permission: a.b or a.c"),
    ("if not request.user.is_staff and not request.user.is_superuser:\n    return HttpResponse(status=403)\nx()",
     "staff"),
    ("order = get_object_or_404(Order, pk=pk, owner=request.user)\nreturn page(order)", "object"),
    ("return page(get_object_or_404(request.user.orders, pk=pk))", "object"),
    ("order = get_object_or_404(Order, pk=pk)\nif order.owner != request.user:\n    raise PermissionDenied\nx()",
     "object"),
    (("try:\n    order = Order.objects.get(pk=pk, owner=request.user)\nexcept Order.DoesNotExist:\n"
     "    raise Http404\nreturn page(order)"), "object"),
    ("orders = Order.objects.filter(owner=request.user)\nreturn page(orders)", "authenticated"),
    ("if not Membership.objects.filter(user=request.user, team=pk).exists():\n    raise PermissionDenied\nx()",
     "object"),
    ("if not hmac.compare_digest(request.headers['X-Signature'], made):\n    return HttpResponse(status=403)\nx()",
     "token"),
    ("if request.GET.get('key') != settings.API_KEY:\n    raise PermissionDenied\nx()", "token"),
    ("try:\n    data = signing.loads(pk)\nexcept signing.BadSignature:\n    raise Http404\nreturn page(data)",
     "token"),
    ("assert request.user.is_staff\nreturn page()", "staff"),
    ("return page() if request.user.is_staff else HttpResponseForbidden()", "staff"),
    ("if not request.user.is_teacher:\n    raise PermissionDenied\nreturn page()", "authenticated"),
    ("user = await request.auser()\nif not user.is_authenticated:\n    return redirect('login')\nx()",
     "authenticated"),
    ("require_staff(request)\nreturn page()", "staff"),
    ("return staff_page(request, pk)", "staff"),
    ("with atomic():\n    if not request.user.is_staff:\n        raise PermissionDenied\nreturn page()", "staff"),
]  # fmt: skip

OPEN = [
    ("return page()", "anonymous"),
    ("if not request.user:\n    raise PermissionDenied\nreturn page()", "anonymous, dead"),
    ("if request.user is None:\n    raise PermissionDenied\nreturn page()", "anonymous, dead"),
    ("if not request.user.is_authenticated:\n    redirect('login')\nreturn page()", "anonymous, dead"),
    ("if not request.user.is_staff:\n    PermissionDenied()\nreturn page()", "anonymous, dead"),
    ("if not request.user.has_perm:\n    raise PermissionDenied\nreturn page()", "anonymous, dead"),
    ("if not request.user.has_perms([]):\n    raise PermissionDenied\nreturn page()", "anonymous, dead"),
    (("try:\n    if not request.user.is_staff:\n        raise PermissionDenied\nexcept Exception:\n"
     "    log()\nreturn page()"), "anonymous, dead"),
    ("request.user.is_authenticated\nreturn page()", "anonymous"),
    ("log(request.user.is_authenticated)\nreturn page()", "anonymous"),
    ("if request.user.is_authenticated:\n    return redirect('home')\nreturn page()", "anonymous"),
    (("if request.user.is_authenticated:\n    return redirect('home')\nform = Form(request.POST)\n"
     "if form.is_valid():\n    form.save()\n    return redirect('done')\nreturn page(form)"), "anonymous"),
    ("if request.user.is_authenticated:\n    count = 1\nreturn page()", "anonymous"),
    ("if request.user.is_authenticated:\n    votes = Vote.objects.filter(user=request.user)\nreturn page()",
     "anonymous"),
    ("orders = Order.objects.all()\nmine = Order.objects.filter(owner=request.user)\nreturn page(orders)",
     "anonymous"),
    (("if request.user.is_staff:\n    orders = Order.objects.all()\nelse:\n    orders = Order.objects.public()\n"
     "return page(orders)"), "anonymous"),
    ("if request.method != 'POST':\n    return HttpResponseNotAllowed(['POST'])\nsave()", "anonymous"),
    ("form = Form(request.POST)\nif not form.is_valid():\n    return HttpResponse(status=400)\nsave()",
     "anonymous"),
    ("order = get_object_or_404(Order, pk=pk)\nreturn page(order)", "anonymous"),
    ("if order.closed:\n    return redirect('home')\nreturn page()", "anonymous"),
    ("def inner():\n    if not request.user.is_staff:\n        raise PermissionDenied\nreturn page()",
     "anonymous"),
    ("for each in orders:\n    if each.closed:\n        raise Http404\nreturn page()", "anonymous"),
    ("if request.user == request.user:\n    pass\nreturn page()", "anonymous"),
    ("if request.user.is_authenticated and request.user.is_banned:\n    raise PermissionDenied\nreturn page()",
     "anonymous"),
    ("if order.private and not request.user.is_authenticated:\n    raise PermissionDenied\nreturn page()",
     "custom"),
    ("if order.private:\n    if not request.user.is_authenticated:\n        raise PermissionDenied\nreturn page()",
     "custom"),
    ("if not can_see(request.user, order):\n    raise PermissionDenied\nreturn page()", "custom"),
    ("if not request.user.is_authenticated:\n    return render(request, 'landing.html')\nreturn page()",
     "custom"),
    ("if pk:\n    order = get_object_or_404(Order, pk=pk, owner=request.user)\nelse:\n    order = Order()\nx()",
     "anonymous"),
    ("if not request.user.is_authenticated:\n    Vote.objects.create()\n    return redirect('done')\nx()",
     "anonymous"),
    ("log_access(request)\nreturn page()", "anonymous"),
    ("return open_page(request)", "anonymous"),
    ("if request.GET.get('q') != '':\n    return redirect('search')\nreturn page()", "anonymous"),
    ("if True:\n    return page()\nif not request.user.is_staff:\n    raise PermissionDenied", "anonymous"),
    ("return page()\nif not request.user.is_staff:\n    raise PermissionDenied", "anonymous"),
]  # fmt: skip

HELPERS = {
    "require_staff": "if not request.user.is_staff:\n    raise PermissionDenied",
    "log_access": "if not request.user.is_staff:\n    return HttpResponseForbidden()",
    "staff_page": "if not request.user.is_staff:\n    return HttpResponseForbidden()\nreturn page()",
    "open_page": "if not request.user:\n    return HttpResponseForbidden()\nreturn page()",
}


def lookup(name: str) -> Callee | None:
    if name not in HELPERS:
        return None
    made = function(HELPERS[name], f"def {name}(request, *rest):")
    return Callee(made, names, "helpers.py")


@pytest.mark.parametrize(("body", "expected"), GUARDED + OPEN)
def test_what_a_body_demands(body: str, expected: str) -> None:
    head = "async def view(request, pk=None):" if "await" in body else "def view(request, pk=None):"
    node = ast.parse(head + "\n" + "\n".join(f"    {line}" for line in body.splitlines())).body[0]
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    assert summary(guards_in(node, names, "views.py", lookup=lookup)) == expected


BY_METHOD = "if request.method == 'POST':\n    if not request.user.is_staff:\n        raise PermissionDenied\nx()"


@pytest.mark.parametrize(
    ("body", "method", "expected"),
    [
        (BY_METHOD, "POST", "staff"),
        (BY_METHOD, "GET", "anonymous"),
        (BY_METHOD, "", "custom"),
        (("if request.method in ('GET', 'HEAD'):\n    return page()\nif not request.user.is_staff:\n"
         "    raise PermissionDenied\nx()"), "GET", "anonymous"),
        (("if request.method in ('GET', 'HEAD'):\n    return page()\nif not request.user.is_staff:\n"
         "    raise PermissionDenied\nx()"), "DELETE", "staff"),
        ("if request.method == 'POST' and not request.user.is_staff:\n    raise PermissionDenied\nx()",
         "POST", "staff"),
        ("if request.method == 'POST' and not request.user.is_staff:\n    raise PermissionDenied\nx()",
         "GET", "anonymous"),
    ],
)  # fmt: skip
def test_a_check_for_one_method_guards_that_method(body: str, method: str, expected: str) -> None:
    assert summary(guards_in(function(body), names, "views.py", method=method)) == expected


@pytest.mark.parametrize(
    ("body", "method", "expected"),
    [
        ("return request.user.is_staff", "GET", "staff"),
        ("return bool(request.user and request.user.is_authenticated)", "GET", "authenticated"),
        ("if request.method in SAFE_METHODS:\n    return True\nreturn request.user.is_staff", "GET", "anonymous"),
        ("if request.method in SAFE_METHODS:\n    return True\nreturn request.user.is_staff", "POST", "staff"),
        ("return request.method in SAFE_METHODS or request.user.is_staff", "PUT", "staff"),
        ("return request.method in SAFE_METHODS or request.user.is_staff", "GET", "anonymous"),
        ("return True", "GET", "anonymous, dead"),
        ("return request.user", "GET", "anonymous, dead"),
        ("return bool(request.user)", "GET", "anonymous, dead"),
        ("if request.user.is_staff:\n    return True\nreturn True", "GET", "anonymous, dead"),
        ("if request.user.is_staff:\n    return True", "GET", "staff"),
        ("if request.user.is_staff:\n    return True\nreturn order.owner == request.user", "GET", "object"),
        ("return False", "GET", "nobody"),
        ("return obj.allows(request)", "GET", "custom"),
        ("return request.user.groups.filter(name='editors').exists()", "GET", "custom"),
        ("return request.user.is_staff or order.public", "GET", "custom"),
        ("if not request.user.is_authenticated:\n    return False\nreturn obj.owner == request.user",
         "GET", "object"),
    ],
)  # fmt: skip
def test_who_passes_a_test(body: str, method: str, expected: str) -> None:
    made = function(body, "def has_permission(self, request, view):")
    assert summary(passing(made, names, "permissions.py", method=method)) == expected


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("lambda u: u.is_staff", "staff"),
        ("lambda user: user.is_authenticated and user.has_perm('a.b')", "permission: a.b"),
        ("lambda u: True", "anonymous, dead"),
        ("lambda u: u", "anonymous, dead"),
        ("lambda u: not u.is_staff", "custom"),
        ("lambda u: u.email.endswith('@example.org')", "custom"),
        ("lambda u: u.is_anonymous", "custom"),
    ],
)
def test_who_passes_a_lambda(code: str, expected: str) -> None:
    made = ast.parse(code, mode="eval").body
    assert isinstance(made, ast.Lambda)
    users = frozenset(each.arg for each in made.args.args)
    assert summary(passing(made, names, "views.py", users=users)) == expected


def test_a_secret_is_not_quoted() -> None:
    body = "if request.headers['X-Token'] != 'hunter2-hunter2':\n    raise PermissionDenied\nx()"
    (guard,) = guards_in(function(body), names, "views.py")
    assert guard.demands.value == "token"
    assert "hunter2" not in guard.name + guard.quote


def test_a_fingerprint_is_of_what_checks() -> None:
    body = "if not request.user.is_staff:\n    raise PermissionDenied\nreturn page()"
    before, after, other = (
        guards_in(function(text), names, "views.py")[0].fingerprint
        for text in (body, body + "  # told", body.replace("is_staff", "is_active"))
    )
    assert before == after
    assert before != other


def test_a_body_of_any_size_is_read() -> None:
    test = "request.user.is_staff" + " and x" * 3000
    deep = "if a:\n" + "".join(f"{' ' * n}if a:\n" for n in range(1, 90)) + " " * 90 + "x()"
    for body in (f"if {test}:\n    x()", deep):
        assert guards_in(function(body), names, "views.py") is not None
