"""Objects that are looked up by what the request says alone; most of what looks like it is none."""

from __future__ import annotations

from pathlib import Path

import pytest

from hardango.access.lookups import with_lookups
from hardango.audit import Request, read
from hardango.findings import Place
from hardango.matrix import Guard, Matrix, Operation, Reach, Route

MODELS = """
from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import models
class Order(models.Model):
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE)
class Item(models.Model):
    order = models.ForeignKey("Order", on_delete=models.CASCADE)
class Note(models.Model):
    author = models.ForeignKey(to=get_user_model(), on_delete=models.CASCADE)
class Product(models.Model):
    category = models.ForeignKey("Category", on_delete=models.CASCADE)
class Category(models.Model):
    pass
"""
HEAD = """
from django.contrib.auth.mixins import LoginRequiredMixin
from django.shortcuts import get_object_or_404
from django.views.generic import DetailView, ListView, TemplateView
from shop.mixins import Mine
from shop.models import Item, Note, Order, Product
"""


def lookups(folder: Path, view: str, reach: Reach = Reach.AUTHENTICATED) -> list[tuple[str, str, tuple[str, ...]]]:  # fmt: skip
    (folder / "shop").mkdir()
    for name, text in (
        ("manage.py", 'import os\nos.environ.setdefault("DJANGO_SETTINGS_MODULE", "settings")\n'),
        ("settings.py", 'SECRET_KEY = "x"\n'),
        ("shop/__init__.py", ""),
        ("shop/mixins.py", "class Mine:\n    pass\n"),
        ("shop/models.py", MODELS),
        ("shop/views.py", HEAD + view),
    ):
        (folder / name).write_text(text)
    line = HEAD.count("\n") + 1
    operation = Operation("GET", reach, guards=(Guard("login_required", reach),),
                          place=Place("shop/views.py", line))  # fmt: skip
    matrix = Matrix(
        "shop", "settings", "static", (Route("a/<pk>/", "shop.views.act", (operation,)),)
    )
    (route,) = with_lookups(matrix, read(Request(str(folder)))).routes
    return [(each.model, each.by, each.owners) for each in route.operations[0].lookups]


ORDER = [("shop.Order", "pk", ("owner",))]


@pytest.mark.parametrize(
    "view, found",
    [
        ("def act(request, pk):\n    return get_object_or_404(Order, pk=pk)\n", ORDER),
        ("@login_required\ndef act(request, pk):\n    return get_object_or_404(Order, pk=pk)\n", ORDER),
        ("async def act(request, pk):\n    return await Order.objects.aget(pk=pk)\n", ORDER),
        ("def act(request, pk):\n    return get_object_or_404(Order.objects, pk=pk)\n", ORDER),
        ("def act(request, id):\n    return Item.objects.get(id=id)\n", [("shop.Item", "id", ("order__owner",))]),
        ("def act(request, pk):\n    return get_object_or_404(Note, pk=pk)\n", [("shop.Note", "pk", ("author",))]),
        ("class Act(LoginRequiredMixin, DetailView):\n    model = Order\n", ORDER),
        # Nobody's.
        ("def act(request, pk):\n    return get_object_or_404(Product, pk=pk)\n", [("shop.Product", "pk", ())]),
        # Something is said of who asks.
        ("def act(request, pk):\n    return get_object_or_404(Order, pk=pk, owner=request.user)\n", []),
        ("def act(request, pk):\n    order = get_object_or_404(Order, pk=pk)\n    check(order, request.user)\n", []),
        ("def act(request, pk):\n    order = get_object_or_404(Order, pk=pk)\n    if not order.owner: raise X\n", []),
        ("def act(request, pk):\n    order = get_object_or_404(Order, pk=pk)\n    require_permission(order)\n", []),
        # More than a number, or another thing than a model.
        ("def act(request, pk):\n    return get_object_or_404(Order, pk=pk, shared=True)\n", []),
        ("def act(request, pk):\n    return get_object_or_404(Order.objects.filter(shared=True), pk=pk)\n", []),
        ("def act(request, pk):\n    return get_object_or_404(mine(), pk=pk)\n", []),
        ("def act(request, pk):\n    return cache.get(pk=pk)\n", []),
        ("def act(request, name):\n    return get_object_or_404(Order, name=name)\n", []),
        # Classes of which more is said, or not all is known.
        ("class Act(DetailView):\n    model = Order\n    def get_queryset(self):\n        return mine(self)\n", []),
        ("class Act(DetailView):\n    model = Order\n    queryset = Order.objects.filter(shared=True)\n", []),
        ("class Act(Mine, DetailView):\n    model = Order\n", []),
        ("class Act(ListView):\n    model = Order\n", []),
        ("class Act(TemplateView):\n    template_name = 'x'\n", []),
        ("def act(request, pk):\n    return None\ndef other(request, pk):\n    return get_object_or_404(Order, pk=pk)\n", []),
    ],
)  # fmt: skip
def test_lookups(tmp_path: Path, view: str, found: list[object]) -> None:
    assert lookups(tmp_path, view) == found


@pytest.mark.parametrize("reach", [Reach.ANONYMOUS, Reach.STAFF, Reach.OBJECT, Reach.CUSTOM])
def test_views_for_others_are_not_asked(tmp_path: Path, reach: Reach) -> None:
    view = "def act(request, pk):\n    return get_object_or_404(Order, pk=pk)\n"
    assert lookups(tmp_path, view, reach) == []
