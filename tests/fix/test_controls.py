"""What the fix of each control makes of settings: the one line before, and after."""

from __future__ import annotations

from pathlib import Path

import pytest
from fixing import SOUND, lay, mended, read

from hardango.audit import Request
from hardango.fix.run import Wish, fix

START = 'SECRET_KEY = "x"\nDEBUG = False\nALLOWED_HOSTS = ["shop.example"]\n' + SOUND
END = "\nTIME_ZONE = 'UTC'  # the last line"

HASHERS = "django.contrib.auth.hashers."
SESSION = "django.contrib.sessions.middleware.SessionMiddleware"
LOCALE = "django.middleware.locale.LocaleMiddleware"
CACHE = "django.middleware.cache.UpdateCacheMiddleware"
PROFILER = "pyinstrument.middleware.ProfilerMiddleware"
POSTGRESQL = '"ENGINE": "django.db.backends.postgresql", "HOST": "db.example.net"'

LINES = [
    # -- cookies
    ("session-age", "SESSION_COOKIE_AGE = 86400 * 365", "SESSION_COOKIE_AGE = 1209600"),
    ("session-age", "SESSION_COOKIE_AGE = 86400 * 365  # a year", "SESSION_COOKIE_AGE = 1209600"),
    ("session-age", "SESSION_COOKIE_AGE = 86400 * 365  # noqa", "SESSION_COOKIE_AGE = 1209600  # noqa"),
    ("session-age", "SESSION_COOKIE_AGE = 86400 * 30", None),
    ("session-cookie-samesite", "SESSION_COOKIE_SAMESITE = None", 'SESSION_COOKIE_SAMESITE = "Lax"'),
    ("session-cookie-samesite", "SESSION_COOKIE_SAMESITE = 'Strict'", None),
    ("csrf-cookie-samesite", "CSRF_COOKIE_SAMESITE = 'None'", "CSRF_COOKIE_SAMESITE = 'Lax'"),
    ("csrf-cookie-samesite", "CSRF_COOKIE_SAMESITE = 'Lax'", None),
    ("password-reset-timeout", "PASSWORD_RESET_TIMEOUT = 86400 * 14", "PASSWORD_RESET_TIMEOUT = 3600"),
    ("password-reset-timeout", "PASSWORD_RESET_TIMEOUT = 86400", None),
    ("signed-cookie-salt", "SIGNED_COOKIE_LEGACY_SALT_FALLBACK = True",
     "SIGNED_COOKIE_LEGACY_SALT_FALLBACK = False"),
    ("cookie-prefix", "SESSION_COOKIE_SECURE = True\nSESSION_COOKIE_NAME = '__Host-s'\nSESSION_COOKIE_PATH = '/a/'",
     "SESSION_COOKIE_SECURE = True\nSESSION_COOKIE_NAME = '__Host-s'\nSESSION_COOKIE_PATH = '/'"),
    ("csrf-trusted-origins", 'SECURE_SSL_REDIRECT = True\nCSRF_TRUSTED_ORIGINS = ["http://shop.example"]',
     'SECURE_SSL_REDIRECT = True\nCSRF_TRUSTED_ORIGINS = ["https://shop.example"]'),
    ("csrf-trusted-origins", 'CSRF_TRUSTED_ORIGINS = ["http://shop.example"]', None),
    ("csrf-trusted-origins", 'SECURE_SSL_REDIRECT = True\nCSRF_TRUSTED_ORIGINS = ["http://other.example"]', None),
    ("csrf-trusted-origins", 'CSRF_TRUSTED_ORIGINS = ["https://*.herokuapp.com"]', None),
    # -- transport
    ("forwarded-host", "USE_X_FORWARDED_HOST = True", "USE_X_FORWARDED_HOST = False"),
    ("forwarded-host", 'import os\nUSE_X_FORWARDED_HOST = bool(os.environ["PROXY"])', None),
    ("ssl-redirect", "SECURE_SSL_REDIRECT = True\nSECURE_REDIRECT_EXEMPT = ['.*', '^up$']",
     "SECURE_SSL_REDIRECT = True\nSECURE_REDIRECT_EXEMPT = ['^up$']"),
    ("middleware-order", f"MIDDLEWARE += ['{CACHE}']\nX = 1",
     (f'MIDDLEWARE += [\'{CACHE}\']\nMIDDLEWARE.remove("{CACHE}")\n'
     f'MIDDLEWARE.insert(\n    MIDDLEWARE.index("{SESSION}"),\n    "{CACHE}",\n)\nX = 1')),
    # -- data
    ("upload-limits", "DATA_UPLOAD_MAX_MEMORY_SIZE = None", "DATA_UPLOAD_MAX_MEMORY_SIZE = 10485760"),
    ("upload-limits", "DATA_UPLOAD_MAX_MEMORY_SIZE = 50 * 1024 * 1024", None),
    ("upload-permissions", "FILE_UPLOAD_PERMISSIONS = 644", "FILE_UPLOAD_PERMISSIONS = 0o644"),
    ("upload-permissions", "FILE_UPLOAD_PERMISSIONS = '0640'", "FILE_UPLOAD_PERMISSIONS = 0o640"),
    ("upload-permissions", "FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o777",
     "FILE_UPLOAD_DIRECTORY_PERMISSIONS = 0o775"),
    ("upload-permissions", "FILE_UPLOAD_PERMISSIONS = 0o600", None),
    ("upload-permissions", "FILE_UPLOAD_PERMISSIONS = 'rw'", None),
    ("email-tls", "EMAIL_HOST = 'smtp.example.org'\nEMAIL_PORT = 587",
     "EMAIL_HOST = 'smtp.example.org'\nEMAIL_PORT = 587\nEMAIL_USE_TLS = True"),
    ("email-tls", "EMAIL_HOST = 'smtp.example.org'\nEMAIL_PORT = 465\nEMAIL_USE_TLS = True",
     "EMAIL_HOST = 'smtp.example.org'\nEMAIL_PORT = 465\nEMAIL_USE_TLS = False\nEMAIL_USE_SSL = True"),
    ("email-tls", "EMAIL_HOST = 'smtp.example.org'\nEMAIL_PORT = 25", None),
    ("database-tls", f"DATABASES = {{'default': {{{POSTGRESQL}, 'OPTIONS': {{'sslmode': 'disable'}}}}}}",
     f"DATABASES = {{'default': {{{POSTGRESQL}, 'OPTIONS': {{'sslmode': \"require\"}}}}}}"),
    ("database-tls", ("DATABASES = {'default': {'ENGINE': 'django.db.backends.mysql', 'HOST': 'db.example.net', "
     "'OPTIONS': {'ssl_mode': 'DISABLED'}}}"), None),
    # -- operation
    ("obsolete-settings", "# of old browsers\nX = 1\nSECURE_BROWSER_XSS_FILTER = True\nY = 1",
     "# of old browsers\nX = 1\nY = 1"),
    ("obsolete-settings", "USE_X_FORWARDED_PROTO = True\nX = 1", "X = 1"),
    ("obsolete-settings", 'DEFAULT_FILE_STORAGE = "storages.backends.s3.S3Storage"', None),
    ("misspelt-settings", "SECURE_SSL_REDIRECTS = True  # all", "SECURE_SSL_REDIRECT = True  # all"),
    ("misspelt-settings", "SESSION_COOKIES_SECURE = False\nX = 1", "X = 1"),
    ("misspelt-settings", "SECURE_SSL_REDIRECT = False\nSECURE_SSL_REDIRECTS = True", None),
    ("propagated-exceptions", "DEBUG_PROPAGATE_EXCEPTIONS = True", "DEBUG_PROPAGATE_EXCEPTIONS = False"),
    ("silenced-checks", 'SILENCED_SYSTEM_CHECKS = ["a.W1", "security.W009", "security.W004"]',
     'SILENCED_SYSTEM_CHECKS = ["a.W1", "security.W004"]'),
    ("silenced-checks", 'SILENCED_SYSTEM_CHECKS = ["models.W042"]', None),
    ("template-escaping", ("TEMPLATES = [{'BACKEND': 'django.template.backends.django.DjangoTemplates', "
     "'OPTIONS': {'autoescape': False, 'debug': False}}]"),
     ("TEMPLATES = [{'BACKEND': 'django.template.backends.django.DjangoTemplates', "
     "'OPTIONS': {'debug': False}}]")),
    ("template-debug", ("TEMPLATES = [{'BACKEND': 'django.template.backends.django.DjangoTemplates', "
     "'OPTIONS': {'debug': True}}]"),
     "TEMPLATES = [{'BACKEND': 'django.template.backends.django.DjangoTemplates', 'OPTIONS': {}}]"),
    ("logging", "ADMINS = ['a@example.org']\nLOGGING = {'version': 1}",
     "ADMINS = ['a@example.org']\nLOGGING = {'version': 1, 'disable_existing_loggers': False}"),
    ("logging", ("LOGGING = {'version': 1, 'disable_existing_loggers': False, 'handlers': {'none': {'class': "
     "'logging.NullHandler'}}, 'root': {'handlers': ['none']}}"),
     ("LOGGING = {'version': 1, 'disable_existing_loggers': False, 'handlers': {\n    'none': {'class': "
     "'logging.NullHandler'},\n    'console': {'class': 'logging.StreamHandler'},\n}, 'root': {'handlers': "
     "['none', 'console']}}")),
    ("logging", "ADMINS = ['a@example.org']\nLOGGING = {\n  'version': 1\n}",
     "ADMINS = ['a@example.org']\nLOGGING = {\n  'version': 1,\n  'disable_existing_loggers': False\n}"),
    ("logging", "LOGGING = {'version': 1, 'handlers': {'out': {'class': 'logging.StreamHandler'}}}",
     ("LOGGING = {\n    'version': 1,\n    'handlers': {'out': {'class': 'logging.StreamHandler'}},\n"
     "    'disable_existing_loggers': False,\n    'root': {'handlers': ['out'], 'level': 'WARNING'},\n}")),
    ("logging", ("LOGGING = {'version': 1, 'disable_existing_loggers': False, 'handlers': {'out': {'class': "
     "'logging.StreamHandler', 'level': 'INFO'}}, 'loggers': {\n    'app': {'handlers': ['out']},\n}}"),
     ("LOGGING = {'version': 1, 'disable_existing_loggers': False, 'handlers': {'out': {'class': "
     "'logging.StreamHandler', 'level': 'INFO'}}, 'loggers': {\n    'app': {'handlers': ['out']},\n"
     "    'django.request': {'handlers': ['out'], 'level': 'WARNING'},\n"
     "    'django.security': {'handlers': ['out'], 'level': 'WARNING'},\n}}")),
    ("logging", "LOGGING_CONFIG = 'own.setup'", None),
    ("silenced-checks", ("import os\nNAMES = {os.environ['N'], 'a', 'b', 'c'}\n"
     'SILENCED_SYSTEM_CHECKS = ["security.W009"]'),
     "import os\nNAMES = {os.environ['N'], 'a', 'b', 'c'}\nSILENCED_SYSTEM_CHECKS = []"),
    ("error-reports", ("ADMINS = ['a@example.org']\nLOGGING = {'version': 1, 'handlers': {'mail': {'class': "
     "'django.utils.log.AdminEmailHandler', 'include_html': True}}}"),
     ("ADMINS = ['a@example.org']\nLOGGING = {'version': 1, 'handlers': {'mail': {'class': "
     "'django.utils.log.AdminEmailHandler', 'include_html': False}}}")),
    ("developer-tools", f"MIDDLEWARE += ['{PROFILER}']\nX = 1", "X = 1"),
    ("developer-tools", "INSTALLED_APPS += ['rosetta']\nROSETTA_REQUIRES_AUTH = False",
     "INSTALLED_APPS += ['rosetta']\nROSETTA_REQUIRES_AUTH = True"),
    ("developer-tools", "INSTALLED_APPS += ['loginas']\nCAN_LOGIN_AS = lambda request, user: True\nX = 1",
     "INSTALLED_APPS += ['loginas']\nX = 1"),
    ("developer-tools", "INSTALLED_APPS += ['loginas']\nCAN_LOGIN_AS = 'site.who.may'", None),
    # -- passwords
    ("password-hashers", f"PASSWORD_HASHERS = ['{HASHERS}MD5PasswordHasher']",
     (f"PASSWORD_HASHERS = [\n    '{HASHERS}Argon2PasswordHasher',\n    '{HASHERS}PBKDF2PasswordHasher',\n"
     f"    '{HASHERS}MD5PasswordHasher',\n]")),
    # -- packages
    ("rest-framework-permissions", "INSTALLED_APPS += ['rest_framework']\nREST_FRAMEWORK = {}",
     ("INSTALLED_APPS += ['rest_framework']\nREST_FRAMEWORK = {\"DEFAULT_PERMISSION_CLASSES\": "
     '["rest_framework.permissions.IsAuthenticated"]}')),
    ("rest-framework-permissions", "INSTALLED_APPS += ['rest_framework']\nREST_FRAMEWORK = dict(A=1)",
     ("INSTALLED_APPS += ['rest_framework']\nREST_FRAMEWORK = dict(A=1)\n"
     'REST_FRAMEWORK["DEFAULT_PERMISSION_CLASSES"] = [\n    "rest_framework.permissions.IsAuthenticated",\n]')),
    ("rest-framework-permissions", ("INSTALLED_APPS += ['rest_framework']\nREST_FRAMEWORK = "
     "{'DEFAULT_PERMISSION_CLASSES': ['own.Permission']}"), None),
    ("rest-framework-renderers", "INSTALLED_APPS += ['rest_framework']\nREST_FRAMEWORK = {'A': 1}",
     ("INSTALLED_APPS += ['rest_framework']\nREST_FRAMEWORK = {\n    'A': 1,\n    'DEFAULT_RENDERER_CLASSES': "
     "['rest_framework.renderers.JSONRenderer'],\n}")),
    ("celery-serializer", "CELERY_ACCEPT_CONTENT = ['json', 'pickle']\nCELERY_TASK_SERIALIZER = 'pickle'",
     "CELERY_ACCEPT_CONTENT = ['json']\nCELERY_TASK_SERIALIZER = 'json'"),
    ("celery-serializer", "CELERY_ACCEPT_CONTENT = ['json']\nCELERY_TASK_SERIALIZER = 'json'", None),
    ("allauth-enumeration", "INSTALLED_APPS += ['allauth.account']\nACCOUNT_PREVENT_ENUMERATION = False",
     "INSTALLED_APPS += ['allauth.account']\nACCOUNT_PREVENT_ENUMERATION = True"),
    ("allauth-rate-limits", "INSTALLED_APPS += ['allauth.account']\nACCOUNT_RATE_LIMITS = False\nX = 1",
     "INSTALLED_APPS += ['allauth.account']\nX = 1"),
    ("email-backend", "EMAIL_BACKEND = 'django.core.mail.backends.console.EmailBackend'",
     "EMAIL_BACKEND = 'django.core.mail.backends.smtp.EmailBackend'"),
    ("email-backend", "EMAIL_BACKEND = 'site.mail.Own'", None),
    ("email-backend", ("MAILERS = {'default': {'BACKEND': 'django.core.mail.backends.smtp.EmailBackend'}, "
     "'b': {'BACKEND': 'django.core.mail.backends.dummy.EmailBackend'}}"),
     ("MAILERS = {'default': {'BACKEND': 'django.core.mail.backends.smtp.EmailBackend'}, "
     "'b': {'BACKEND': 'django.core.mail.backends.smtp.EmailBackend'}}")),
    ("hijack-permission", ("INSTALLED_APPS += ['hijack']\n"
     "HIJACK_PERMISSION_CHECK = 'hijack.permissions.superusers_and_staff'\nX = 1"),
     "INSTALLED_APPS += ['hijack']\nX = 1"),
    ("hijack-permission", "INSTALLED_APPS += ['hijack']\nHIJACK_PERMISSION_CHECK = 'site.who.may'\nX = 1", None),
    ("bucket-transport", ("AWS_S3_USE_SSL = False\nAWS_S3_VERIFY = False\n"
     "STORAGES = {'default': {'BACKEND': 'storages.backends.s3.S3Storage'}}"),
     "STORAGES = {'default': {'BACKEND': 'storages.backends.s3.S3Storage'}}"),
    ("bucket-transport", ("STORAGES = {'default': {'BACKEND': 'storages.backends.s3.S3Storage', "
     "'OPTIONS': {'verify': False, 'location': 'm'}}}"),
     "STORAGES = {'default': {'BACKEND': 'storages.backends.s3.S3Storage', 'OPTIONS': {'location': 'm'}}}"),
    ("bucket-transport", ("STORAGES = {'default': {'BACKEND': 'storages.backends.s3.S3Storage', "
     "'OPTIONS': {'endpoint_url': 'http://files.example.org'}}}"), None),
    ("login-urls", "LOGIN_URL = 'http://sso.example.org/in'", "LOGIN_URL = 'https://sso.example.org/in'"),
    ("login-urls", "LOGIN_URL = 'http://localhost:8000/in'", None),
    ("authentication-backends", ("AUTHENTICATION_BACKENDS = ['site.Own', "
     "'django.contrib.auth.backends.AllowAllUsersModelBackend']"),
     ("AUTHENTICATION_BACKENDS = [\n    'site.Own',\n    'django.contrib.auth.backends.ModelBackend',\n]")),
    ("sentry-data", "import sentry_sdk\nsentry_sdk.init(\n    dsn='https://a@b.example/1',\n    send_default_pii=True,\n)",
     "import sentry_sdk\nsentry_sdk.init(\n    dsn='https://a@b.example/1',\n    send_default_pii=False,\n)"),
    ("sentry-data", ("import os\nimport sentry_sdk\nsentry_sdk.init(dsn='https://a@b.example/1', "
     "send_default_pii='NO_PII' not in os.environ)"), None),
]  # fmt: skip


@pytest.mark.parametrize(("control", "before", "after"), LINES)
def test_one_finding(tmp_path: Path, control: str, before: str, after: str | None) -> None:
    text = START + before + END
    wanted = START + (before if after is None else after) + END
    assert mended(tmp_path / "p", control, text) == wanted


DEV = "from .base import *\n"
PRODUCTION = "from .base import *\n\nX = 1\n"

SPLIT = [
    ("rest-framework-permissions", "INSTALLED_APPS += ['rest_framework']\nREST_FRAMEWORK = {'A': 1}\n",
     'REST_FRAMEWORK["DEFAULT_PERMISSION_CLASSES"] = [\n    "rest_framework.permissions.IsAuthenticated",\n]'),
    ("database-tls", f"DATABASES = {{'default': {{{POSTGRESQL}, 'OPTIONS': {{'sslmode': 'disable'}}}}}}\n",
     'DATABASES["default"]["OPTIONS"]["sslmode"] = "require"'),
    ("template-escaping", ("TEMPLATES = [{'BACKEND': 'django.template.backends.django.DjangoTemplates', "
     "'OPTIONS': {'autoescape': False}}]\n"), 'del TEMPLATES[0]["OPTIONS"]["autoescape"]'),
    ("logging", "ADMINS = ['a@example.org']\nLOGGING = {'version': 1}\n",
     'LOGGING["disable_existing_loggers"] = False'),
    ("celery-serializer", "CELERY_ACCEPT_CONTENT = ['pickle', 'json']\n",
     'CELERY_ACCEPT_CONTENT = [each for each in CELERY_ACCEPT_CONTENT if each != "pickle"]'),
    ("session-cookie-samesite", "SESSION_COOKIE_SAMESITE = None\n", 'SESSION_COOKIE_SAMESITE = "Lax"'),
]  # fmt: skip


@pytest.mark.parametrize(("control", "base", "line"), SPLIT)
def test_what_development_shares_production_changes(
    tmp_path: Path, control: str, base: str, line: str
) -> None:
    root = lay(tmp_path / "p", {
        "site/__init__.py": "", "site/settings/__init__.py": "", "site/settings/base.py": START + base,
        "site/settings/development.py": DEV, "site/settings/production.py": PRODUCTION,
        "Dockerfile": "FROM python:3.13\nENV DJANGO_SETTINGS_MODULE=site.settings.production\nCMD gunicorn a\n",
    }, "site.settings.development")  # fmt: skip
    before = read(root)
    fix(Request(path=str(root), only=(control,)), Wish(unsafe=True, write=True, dirty=True))
    after = read(root)
    assert after.pop("site/settings/production.py") == f"{PRODUCTION}\n{line}\n"
    assert after == {name: text for name, text in before.items() if "production" not in name}


ENVIRONMENT = [
    ("forwarded-host", 'import os\nUSE_X_FORWARDED_HOST = os.environ["PROXY"] == "1"\n'),
    ("database-tls", 'import environ\nenv = environ.Env()\nDATABASES = {"default": env.db("DATABASE_URL")}\n'),
    ("rest-framework-permissions", ("import os\nINSTALLED_APPS += ['rest_framework']\n"
     'REST_FRAMEWORK = {"DEFAULT_PERMISSION_CLASSES": [os.environ["PERMISSION"]]}\n')),
    ("session-age", 'import os\nSESSION_COOKIE_AGE = int(os.environ["AGE"])\n'),
]  # fmt: skip


@pytest.mark.parametrize(("control", "text"), ENVIRONMENT)
def test_what_the_environment_decides_stays(tmp_path: Path, control: str, text: str) -> None:
    assert mended(tmp_path / "p", control, START + text) == START + text


class TestSafety:
    @pytest.mark.parametrize(("control", "line"), [
        ("session-cookie-samesite", "SESSION_COOKIE_SAMESITE = None"),
        ("propagated-exceptions", "DEBUG_PROPAGATE_EXCEPTIONS = True"),
        ("silenced-checks", 'SILENCED_SYSTEM_CHECKS = ["security.E026"]'),
        ("upload-permissions", "FILE_UPLOAD_PERMISSIONS = 0o666"),
        ("misspelt-settings", "SECURE_SSL_REDIRECTS = True"),
    ])  # fmt: skip
    def test_what_could_break_a_site_is_made_on_demand(
        self, tmp_path: Path, control: str, line: str
    ) -> None:
        assert mended(tmp_path / "p", control, START + line, unsafe=False) == START + line

    @pytest.mark.parametrize(("control", "line"), [
        ("silenced-checks", 'SILENCED_SYSTEM_CHECKS = ["security.W009"]'),
        ("upload-permissions", "FILE_UPLOAD_PERMISSIONS = 644"),
        ("obsolete-settings", "SECURE_BROWSER_XSS_FILTER = True"),
        ("logging", "LOGGING = {'version': 1}"),
    ])  # fmt: skip
    def test_what_cannot_is_made_unasked(self, tmp_path: Path, control: str, line: str) -> None:
        assert mended(tmp_path / "p", control, START + line, unsafe=False) != START + line
