from django import forms
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.db.models import F
from django.shortcuts import get_object_or_404, redirect, render

from cart.cart import Cart
from catalogue.models import Product

from .models import Order, OrderLine


class CheckoutForm(forms.ModelForm):
    class Meta:
        model = Order
        fields = ["address"]


@login_required
def list_orders(request):
    return render(request, "orders/list.html", {"orders": request.user.orders.all()})


@login_required
def detail(request, pk):
    order = get_object_or_404(request.user.orders.prefetch_related("lines__product"), pk=pk)
    return render(request, "orders/detail.html", {"order": order})


@login_required
def checkout(request):
    cart = Cart(request.session)
    if not len(cart):
        return redirect("cart:show")
    form = CheckoutForm(request.POST or None, initial={"address": _known_address(request.user)})
    if request.method == "POST" and form.is_valid():
        form.instance.user = request.user
        order = _place(form, cart)
        cart.clear()
        return redirect("orders:detail", order.pk)
    return render(request, "orders/checkout.html", {"form": form})


def _known_address(user):
    customer = getattr(user, "customer", None)
    return customer.address if customer else ""


@transaction.atomic
def _place(form, cart):
    order = form.save()
    for line in cart.lines():
        product = line["product"]
        OrderLine.objects.create(
            order=order, product=product, count=line["count"], price=product.price
        )
        Product.objects.filter(pk=product.pk).update(stock=F("stock") - line["count"])
    return order
