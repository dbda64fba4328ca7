from town.settings.components.base import INSTALLED_APPS

DEBUG = True
ALLOWED_HOSTS = ["localhost", "0.0.0.0"]
INSTALLED_APPS += ("debug_toolbar",)
SECURE_HSTS_SECONDS = 0
