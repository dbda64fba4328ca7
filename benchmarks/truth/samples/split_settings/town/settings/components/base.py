from pathlib import Path

BASE_DIR = Path(__file__).resolve().parent.parent.parent.parent
SECRET_KEY = "town-hall-" + "0123456789" * 5
DEBUG = False
ALLOWED_HOSTS = ["town.example.com"]
INSTALLED_APPS = (
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
)
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
]
