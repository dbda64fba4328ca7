from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST

from catalogue.models import Product

from .cart import Cart


def show(request):
    return render(request, "cart/show.html")


@require_POST
def add(request, pk):
    product = get_object_or_404(Product, pk=pk, listed=True)
    cart = Cart(request.session)
    cart.put(product, cart.count(product) + 1)
    return redirect("cart:show")


@require_POST
def remove(request, pk):
    Cart(request.session).put(get_object_or_404(Product, pk=pk), 0)
    return redirect("cart:show")
