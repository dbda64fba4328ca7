from django.test import TestCase

from .models import Category, Product


class CatalogueTests(TestCase):
    @classmethod
    def setUpTestData(cls):
        tea = Category.objects.create(name="Tea", slug="tea")
        Product.objects.create(category=tea, name="Assam", slug="assam", price="4.50", stock=3)
        Product.objects.create(
            category=tea, name="Old stock", slug="old", price="1.00", listed=False
        )

    def test_list_shows_listed_products_only(self):
        response = self.client.get("/")
        self.assertContains(response, "Assam")
        self.assertNotContains(response, "Old stock")

    def test_search(self):
        self.assertContains(self.client.get("/?q=ass"), "Assam")
        self.assertNotContains(self.client.get("/?q=coffee"), "Assam")

    def test_category_and_product_pages(self):
        self.assertContains(self.client.get("/category/tea/"), "Assam")
        self.assertContains(self.client.get("/product/assam/"), "4.50")
        self.assertEqual(self.client.get("/product/old/").status_code, 404)
