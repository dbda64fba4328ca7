"""The cart: how many of which product, kept in the session."""

from decimal import Decimal

from catalogue.models import Product

KEY = "cart"


class Cart:
    def __init__(self, session):
        self.session = session
        self.counts = session.get(KEY, {})

    def put(self, product, count):
        """Have `count` pieces of the product in the cart, 0 to take it out."""
        count = max(0, min(count, product.stock))
        if count:
            self.counts[str(product.pk)] = count
        else:
            self.counts.pop(str(product.pk), None)
        self.session[KEY] = self.counts

    def count(self, product):
        return self.counts.get(str(product.pk), 0)

    def clear(self):
        self.session[KEY] = self.counts = {}

    def lines(self):
        products = Product.objects.filter(pk__in=self.counts, listed=True)
        return [
            {"product": product, "count": self.count(product), "sum": self.count(product) * product.price}
            for product in products
        ]

    @property
    def total(self):
        return sum((line["sum"] for line in self.lines()), Decimal(0))

    def __len__(self):
        return sum(self.counts.values())
