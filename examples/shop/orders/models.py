from django.conf import settings
from django.db import models

from catalogue.models import Product


class Order(models.Model):
    class Status(models.TextChoices):
        PLACED = "placed"
        PAID = "paid"
        SENT = "sent"

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="orders")
    placed = models.DateTimeField(auto_now_add=True)
    status = models.CharField(max_length=10, choices=Status, default=Status.PLACED)
    address = models.TextField()

    class Meta:
        ordering = ["-placed"]

    def __str__(self):
        return f"Order {self.pk}"

    @property
    def total(self):
        return sum(line.sum for line in self.lines.all())


class OrderLine(models.Model):
    order = models.ForeignKey(Order, models.CASCADE, related_name="lines")
    product = models.ForeignKey(Product, models.PROTECT)
    count = models.PositiveIntegerField()
    price = models.DecimalField(max_digits=8, decimal_places=2)

    def __str__(self):
        return f"{self.count} × {self.product}"

    @property
    def sum(self):
        return self.count * self.price
