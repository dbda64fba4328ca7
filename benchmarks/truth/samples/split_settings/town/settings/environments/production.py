from os import environ

SECRET_KEY = environ["TOWN_SECRET_KEY"]
SECURE_SSL_REDIRECT = True
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
ALLOWED_HOSTS += environ.get("TOWN_EXTRA_HOSTS", "").split()  # noqa: F821
