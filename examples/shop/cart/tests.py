from django.test import TestCase

from catalogue.models import Category, Product


class CartTests(TestCase):
    def setUp(self):
        tea = Category.objects.create(name="Tea", slug="tea")
        self.assam = Product.objects.create(
            category=tea, name="Assam", slug="assam", price="4.50", stock=2
        )

    def add(self):
        return self.client.post(f"/cart/add/{self.assam.pk}/", follow=True)

    def test_add_and_remove(self):
        self.assertContains(self.add(), "4.50")
        self.client.post(f"/cart/remove/{self.assam.pk}/")
        self.assertContains(self.client.get("/cart/"), "empty")

    def test_never_more_than_in_stock(self):
        for _ in range(3):
            response = self.add()
        self.assertContains(response, "9.00")
