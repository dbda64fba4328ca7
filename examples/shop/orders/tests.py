from django.contrib.auth.models import User
from django.test import TestCase

from catalogue.models import Category, Product

from .models import Order


class OrderTests(TestCase):
    def setUp(self):
        tea = Category.objects.create(name="Tea", slug="tea")
        self.assam = Product.objects.create(
            category=tea, name="Assam", slug="assam", price="4.50", stock=2
        )
        self.ada = User.objects.create_user("ada", password="correct horse")

    def test_checkout_takes_the_stock(self):
        self.client.force_login(self.ada)
        self.client.post(f"/cart/add/{self.assam.pk}/")
        response = self.client.post("/orders/checkout/", {"address": "1 High St"}, follow=True)
        self.assertContains(response, "4.50")
        self.assam.refresh_from_db()
        self.assertEqual(self.assam.stock, 1)

    def test_orders_of_others_are_not_found(self):
        order = Order.objects.create(user=self.ada, address="1 High St")
        self.client.force_login(User.objects.create_user("eve"))
        self.assertEqual(self.client.get(f"/orders/{order.pk}/").status_code, 404)

    def test_login_is_required(self):
        self.assertRedirects(self.client.get("/orders/"), "/account/login/?next=/orders/")
