from django.test import TestCase


class CustomerTests(TestCase):
    def test_sign_up_and_profile(self):
        password = "a long enough passphrase"
        response = self.client.post(
            "/account/sign-up/",
            {"username": "ada", "password1": password, "password2": password},
            follow=True,
        )
        self.assertContains(response, "Your details")
        self.client.post("/account/", {"address": "1 High St", "phone": ""})
        self.assertContains(self.client.get("/account/"), "1 High St")
