from django.shortcuts import get_object_or_404
from django.views.generic import DetailView, ListView

from .models import Category, Product


class ProductList(ListView):
    template_name = "catalogue/list.html"
    context_object_name = "products"
    paginate_by = 24

    def get_queryset(self):
        products = Product.objects.filter(listed=True).select_related("category")
        if slug := self.kwargs.get("category"):
            products = products.filter(category=get_object_or_404(Category, slug=slug))
        if words := self.request.GET.get("q"):
            products = products.filter(name__icontains=words)
        return products

    def get_context_data(self, **more):
        return super().get_context_data(categories=Category.objects.all(), **more)


class ProductDetail(DetailView):
    template_name = "catalogue/product.html"
    queryset = Product.objects.filter(listed=True)
