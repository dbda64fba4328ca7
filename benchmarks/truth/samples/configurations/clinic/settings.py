"""A clinic: django-configurations with mixins, values and a class for each stage."""

from pathlib import Path

from configurations import Configuration, values


class Security:
    SECURE_SSL_REDIRECT = True
    SESSION_COOKIE_SECURE = True
    CSRF_COOKIE_SECURE = True
    SECURE_HSTS_SECONDS = values.IntegerValue(3600)


class Base(Configuration):
    BASE_DIR = Path(__file__).resolve().parent.parent
    SECRET_KEY = values.SecretValue()
    DEBUG = values.BooleanValue(False)
    ALLOWED_HOSTS = values.ListValue([])
    ADMINS = values.SingleNestedTupleValue((("Admin", "admin@example.com"),))
    DATABASES = values.DatabaseURLValue(f"sqlite:///{BASE_DIR}/db.sqlite3")
    EMAIL = values.EmailURLValue("console://", environ_name="EMAIL_URL")
    SESSION_COOKIE_NAME = values.Value("clinic", environ_prefix="CLINIC")
    LANGUAGE_CODE = values.Value("en-gb", environ=False)
    TIMEOUTS = values.DictValue({"default": "30"})
    SUPPORT_URL = values.URLValue("https://example.com/help")
    INSTALLED_APPS = ["django.contrib.auth", "django.contrib.contenttypes"]
    MIDDLEWARE = ["django.middleware.security.SecurityMiddleware"]

    @property
    def INTERNAL_IPS(self):
        return ["127.0.0.1"] if self.DEBUG else []

    @classmethod
    def setup(cls):
        super().setup()
        cls.CSRF_TRUSTED_ORIGINS = [f"https://{host}" for host in cls.ALLOWED_HOSTS]


class Development(Base):
    DEBUG = True
    ALLOWED_HOSTS = ["localhost"]
    INSTALLED_APPS = [*Base.INSTALLED_APPS, "debug_toolbar"]


class Production(Security, Base):
    SECURE_HSTS_SECONDS = 31536000
    STORAGES = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }
