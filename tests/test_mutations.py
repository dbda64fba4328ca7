"""A project with every protection in place, and what is reported as soon as one is broken.

Each row of `MUTANTS` is one change to `tests/projects/hardened`: the control that must report it,
what is taken out of a file, and what is put in. No other control may say anything: one broken
protection is one finding. The test of a control can bring rows of its own, under the same name.
"""

from __future__ import annotations

import importlib.util
import shutil
from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from mutating import (
    DOCKER,
    PACKAGES,
    SERVER,
    SETTINGS,
    TOPOLOGY,
    URLS,
    Mutant,
    added,
    middleware,
    routed,
    without,
)

from hardango.audit import Request, audit, read
from hardango.controls.catalogue import LIVE, catalogue, entries
from hardango.controls.judge import judge
from hardango.controls.packages import could_be_used
from hardango.findings import Finding, Verdict
from hardango.fix.plan import plan
from hardango.fix.work import Work
from hardango.runs import configuration_of

HARDENED = Path(__file__).parent / "projects" / "hardened"
SECURITY = middleware("django.middleware.security.SecurityMiddleware")
SESSION = middleware("django.contrib.sessions.middleware.SessionMiddleware")
CSRF = middleware("django.middleware.csrf.CsrfViewMiddleware")
FRAMES = middleware("django.middleware.clickjacking.XFrameOptionsMiddleware")
CACHE = middleware("django.middleware.cache.UpdateCacheMiddleware")
CSP = middleware("django.middleware.csp.ContentSecurityPolicyMiddleware")
PERMISSIONS = middleware("django_permissions_policy.PermissionsPolicyMiddleware")
AUTHENTICATION = middleware("django.contrib.auth.middleware.AuthenticationMiddleware")
LOGIN_REQUIRED = middleware("django.contrib.auth.middleware.LoginRequiredMiddleware")
OTP = middleware("django_otp.middleware.OTPMiddleware")
AXES = middleware("axes.middleware.AxesMiddleware")
STANDALONE = '    "axes.backends.AxesStandaloneBackend",'
MODEL = '    "django.contrib.auth.backends.ModelBackend",'
HOSTS = 'ALLOWED_HOSTS = ["shop.example.org"]'
KEY = 'SECRET_KEY = os.environ["SECRET_KEY"]'
HSTS = "SECURE_HSTS_SECONDS = 63072000"
SCRIPTS = '"script-src": [CSP.SELF, CSP.NONCE]'
SCHEME = 'SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")'
LENGTH = '"OPTIONS": {"min_length": 12},'
HASHERS = '    "django.contrib.auth.hashers.Argon2PasswordHasher",'
TEMPLATE = '"APP_DIRS": True,\n        "OPTIONS": {'

S3 = (
    '"BACKEND": "storages.backends.s3.S3Storage",\n'
    '        "OPTIONS": {"bucket_name": "shop-media", "file_overwrite": False, "querystring_auth": True},'
)
LOCAL_FILES = '"BACKEND": "django.core.files.storage.FileSystemStorage",'
STATIC = 'STATIC_URL = "/static/"'

BROKER = (
    """f"rediss://shop:{os.environ['BROKER_PASSWORD']}"""
    '@broker.example.net:6379/0?ssl_cert_reqs=required"'
)

SERVING = """from django.views.static import serve

urlpatterns = [
    re_path(r"^files/(?P<path>.*)$", serve, {"document_root": "/srv"}),"""

SENTRY = 'import sentry_sdk\n\nsentry_sdk.init(os.environ["SENTRY_DSN"]'

OF_SECURITY_MIDDLEWARE = (
    "hsts", "ssl-redirect", "content-type-nosniff", "cross-origin-opener-policy", "referrer-policy",
)  # fmt: skip
"""What SecurityMiddleware does: each is off without it, and each matters by itself."""

NO_KEY = "".join(chr(65 + number % 26) + chr(97 + number * 7 % 26) for number in range(200))
"""Letters, in the shape of a key."""

MUTANTS = (
    # -- how production starts
    Mutant("debug", "DEBUG = False", "DEBUG = True"),
    Mutant("debug", "DEBUG = False", "DEBUG = 'False'"),
    Mutant("debug", "DEBUG = False", "DEBUG = os.environ.get('DEBUG', '1') == '1'"),
    Mutant("debug", "DEBUG = False", "DEBUG = bool(os.environ.get('DEBUG', 'False'))"),
    Mutant("allowed-hosts", HOSTS, 'ALLOWED_HOSTS = ["*"]'),
    Mutant("allowed-hosts", HOSTS, 'ALLOWED_HOSTS = ["shop.example.org", "*"]'),
    Mutant("allowed-hosts", HOSTS, 'ALLOWED_HOSTS = os.environ.get("HOSTS", "*").split(",")'),
    Mutant("allowed-hosts", HOSTS, 'ALLOWED_HOSTS = [".herokuapp.com"]'),
    Mutant("allowed-hosts", HOSTS, "ALLOWED_HOSTS = []"),
    Mutant("secret-key", KEY, f'SECRET_KEY = "{"k3y-1n-th3-r3p0-" * 4}"'),
    Mutant("secret-key", KEY, 'SECRET_KEY = "django-insecure-" + os.environ["SECRET_KEY"]'),
    Mutant("secret-key", KEY, f'SECRET_KEY = os.environ.get("SECRET_KEY", "{"d3fault-" * 8}")'),
    Mutant("secret-key", KEY, "import secrets\n\nSECRET_KEY = secrets.token_urlsafe(50)"),
    added("secret-key", f'SECRET_KEY_FALLBACKS = ["{"0ld-k3y-1n-th3-r3p0-" * 3}"]'),
    Mutant("django-support", "Django==6.1.3", "Django==5.0.9", PACKAGES, also=(
        (SETTINGS, "\nfrom django.utils.csp import CSP\n", ""),
        (SETTINGS, CSP + "\n", middleware("csp.middleware.CSPMiddleware") + "\n"),
        (SETTINGS, "django.template.context_processors.csp", "csp.context_processors.nonce"),
        (SETTINGS, "SECURE_CSP = {", 'CONTENT_SECURITY_POLICY = {"DIRECTIVES": {'),
        (SETTINGS, '"form-action": [CSP.SELF],\n}', '"form-action": ["\'self\'"],\n}}'),
        (SETTINGS, '"default-src": [CSP.SELF]', '"default-src": ["\'self\'"]'),
        (SETTINGS, SCRIPTS, '"script-src": ["\'self\'"]'),
        (SETTINGS, '"object-src": [CSP.NONE]', '"object-src": ["\'none\'"]'),
        (SETTINGS, '"base-uri": [CSP.NONE]', '"base-uri": ["\'none\'"]'),
        (SETTINGS, '"frame-ancestors": [CSP.NONE]', '"frame-ancestors": ["\'none\'"]'),
        (SETTINGS, LOGIN_REQUIRED + "\n", ""),
        (PACKAGES, "django-otp", "django-csp==4.0\ndjango-otp"),
    )),
    Mutant("python-support", "python:3.13", "python:3.8", DOCKER),
    Mutant("container-user", "USER app\n", "", DOCKER),
    Mutant("container-user", "USER app", "USER root", DOCKER),
    Mutant("development-server", '"gunicorn", "--config", "gunicorn.conf.py", "config.wsgi"',
           '"python", "manage.py", "runserver", "0.0.0.0:8000"', DOCKER),
    Mutant("development-server", '"--config"', '"--reload", "--config"', DOCKER),
    Mutant("server-trust", '"10.0.0.1"', '"*"', SERVER, also=((TOPOLOGY, 'scheme-header = "X-Forwarded-Proto"\n', ""),)),
    # -- transport
    Mutant("security-middleware", SECURITY + "\n", falls=OF_SECURITY_MIDDLEWARE),
    Mutant("security-middleware", SECURITY, middleware("config.first.Answering"), also=(
        (SETTINGS, AXES, AXES + "\n" + SECURITY),
    )),
    Mutant("ssl-redirect", "SECURE_SSL_REDIRECT = True", "SECURE_SSL_REDIRECT = False"),
    without("ssl-redirect", "SECURE_SSL_REDIRECT = True"),
    Mutant("ssl-redirect", "REDIRECT = True", 'REDIRECT = os.environ.get("SSL") == "1" and False'),
    added("ssl-redirect", "SECURE_REDIRECT_EXEMPT = [r'.*']"),
    added("ssl-redirect", "SECURE_REDIRECT_EXEMPT = ['']"),
    Mutant("ssl-redirect", SCHEME, 'SECURE_PROXY_SSL_HEADER = ("X-Forwarded-Proto", "https")',
           falls=("hsts",)),
    Mutant("ssl-redirect", SCHEME, 'SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "http")',
           falls=("hsts",)),
    without("hsts", HSTS),
    Mutant("hsts", HSTS, "SECURE_HSTS_SECONDS = 0"),
    Mutant("hsts", HSTS, "SECURE_HSTS_SECONDS = 300"),
    Mutant("hsts", "INCLUDE_SUBDOMAINS = True", "INCLUDE_SUBDOMAINS = False"),
    added("forwarded-host", "USE_X_FORWARDED_HOST = True"),
    added("forwarded-host", "USE_X_FORWARDED_PORT = True"),
    Mutant("middleware-order", SESSION, CACHE + "\n" + SESSION,
           also=((SETTINGS, CACHE + "\n" + SESSION, SESSION + "\n" + CACHE),)),
    Mutant("middleware-order", LOGIN_REQUIRED + "\n", "",
           also=((SETTINGS, AUTHENTICATION, LOGIN_REQUIRED + "\n" + AUTHENTICATION),)),
    Mutant("middleware-order", OTP + "\n", "",
           also=((SETTINGS, AUTHENTICATION, OTP + "\n" + AUTHENTICATION),)),
    # -- response headers
    added("content-type-nosniff", "SECURE_CONTENT_TYPE_NOSNIFF = False"),
    added("referrer-policy", 'SECURE_REFERRER_POLICY = "unsafe-url"'),
    added("referrer-policy", "SECURE_REFERRER_POLICY = None"),
    added("cross-origin-opener-policy", 'SECURE_CROSS_ORIGIN_OPENER_POLICY = "unsafe-none"'),
    added("cross-origin-opener-policy", "SECURE_CROSS_ORIGIN_OPENER_POLICY = None"),
    Mutant("cross-origin-resource-policy", 'headers = ["Cross-Origin-Resource-Policy"]\n', "",
           TOPOLOGY, pedantic=True),
    without("permissions-policy", PERMISSIONS, pedantic=True),
    Mutant("permissions-policy", '"camera": []', '"camera": ["*"]', pedantic=True),
    without("content-security-policy", CSP),
    Mutant("content-security-policy", SCRIPTS, '"script-src": [CSP.SELF, CSP.UNSAFE_INLINE]'),
    Mutant("content-security-policy", SCRIPTS, '"script-src": ["*"]'),
    Mutant("content-security-policy", SCRIPTS, '"script-src": ["self"]'),
    Mutant("content-security-policy", SCRIPTS, '"script_src": [CSP.SELF]'),
    Mutant("content-security-policy", '"default-src": [CSP.SELF],\n    ' + SCRIPTS, '"img-src": [CSP.SELF]'),
    Mutant("content-security-policy", "SECURE_CSP =", "SECURE_CSP_REPORT_ONLY =", pedantic=True),
    Mutant("frame-options", FRAMES + "\n", "", also=(
        (SETTINGS, '    "frame-ancestors": [CSP.NONE],\n', ""),
    )),
    # -- cookies
    Mutant("session-cookie-secure", "SESSION_COOKIE_SECURE = True", "SESSION_COOKIE_SECURE = False",
           also=((SETTINGS, "__Host-sessionid", "sessionid"),), falls=("cookie-prefix",)),
    added("session-cookie-httponly", "SESSION_COOKIE_HTTPONLY = False"),
    added("session-cookie-samesite", 'SESSION_COOKIE_SAMESITE = "None"'),
    added("session-cookie-samesite", "SESSION_COOKIE_SAMESITE = False"),
    added("session-engine", 'SESSION_ENGINE = "django.contrib.sessions.backends.signed_cookies"'),
    Mutant("csrf-cookie-secure", "CSRF_COOKIE_SECURE = True", "CSRF_COOKIE_SECURE = False",
           also=((SETTINGS, "__Host-csrftoken", "csrftoken"),), falls=("cookie-prefix",)),
    without("csrf-cookie-secure", CSRF),
    added("csrf-cookie-samesite", 'CSRF_COOKIE_SAMESITE = "None"'),
    added("csrf-trusted-origins", 'CSRF_TRUSTED_ORIGINS = ["https://*.herokuapp.com"]'),
    added("csrf-trusted-origins", 'CSRF_TRUSTED_ORIGINS = ["http://shop.example.org"]'),
    Mutant("cookie-prefix", "__Host-sessionid", "sessionid", pedantic=True),
    Mutant("cookie-prefix", "__Host-csrftoken", "csrftoken", pedantic=True),
    added("cookie-prefix", 'CSRF_COOKIE_PATH = "/shop/"'),
    Mutant("cookie-domain", "", 'SESSION_COOKIE_DOMAIN = ".example.org"', also=(
        (SETTINGS, "__Host-sessionid", "__Secure-sessionid"),
    ), falls=("cookie-prefix",)),
    Mutant("language-cookie", "LANGUAGE_COOKIE_SECURE = True", "LANGUAGE_COOKIE_SECURE = False", pedantic=True),
    Mutant("session-age", "SESSION_COOKIE_AGE = 43200", "SESSION_COOKIE_AGE = 365 * 24 * 60 * 60"),
    without("session-age", "SESSION_COOKIE_AGE = 43200", pedantic=True),
    added("signed-cookie-salt", "SIGNED_COOKIE_LEGACY_SALT_FALLBACK = True"),
    # -- data and services
    Mutant("database-tls", '"sslmode": "verify-full"', '"sslmode": "disable"'),
    Mutant("database-tls", '"sslmode": "verify-full"', '"sslmode": "prefer"'),
    Mutant("database-tls", '"sslmode": "verify-full", "sslrootcert": "/etc/ssl/db-ca.pem"',
           '"sslmode": "require"', pedantic=True),
    Mutant("database-password", 'os.environ["DATABASE_PASSWORD"]', '"postgres"'),
    Mutant("committed-credentials", 'os.environ["DATABASE_PASSWORD"]', '"q9-Vh3_Lw82kPz"'),
    added("committed-credentials", 'AWS_SECRET_ACCESS_KEY = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzz81kQpLsd"'),
    Mutant("cache-connection", 'os.environ["REDIS_URL"]', '"redis://cache.example.net:6379"', also=(
        (SETTINGS, '        "OPTIONS": {"ssl_cert_reqs": "required"},\n', ""),
    )),
    Mutant("cache-files", "cache.backends.redis.RedisCache", "cache.backends.filebased.FileBasedCache", also=(
        (SETTINGS, 'os.environ["REDIS_URL"],\n        "OPTIONS": {"ssl_cert_reqs": "required"},', '"/tmp/cache",'),
    )),
    Mutant("email-tls", '            "use_tls": True,\n', ""),
    Mutant("email-backend", "mail.backends.smtp.EmailBackend", "mail.backends.console.EmailBackend"),
    Mutant("bucket-access", '"querystring_auth": True', '"default_acl": "public-read", "querystring_auth": True'),
    Mutant("bucket-access", '"querystring_auth": True', '"querystring_auth": False', pedantic=True),
    Mutant("bucket-transport", '"querystring_auth": True', '"use_ssl": False, "endpoint_url": "http://s3.example.net"'),
    Mutant("media-root", S3, LOCAL_FILES, also=((SETTINGS, STATIC, STATIC + '\nMEDIA_ROOT = BASE_DIR\nMEDIA_URL = "https://media.example.net/"'),)),
    Mutant("media-origin", S3, LOCAL_FILES, pedantic=True, also=((SETTINGS, STATIC, STATIC + '\nMEDIA_ROOT = "/srv/media"\nMEDIA_URL = "/media/"'),)),
    Mutant("static-source", 'STATIC_ROOT = BASE_DIR / "collected"', "STATIC_ROOT = BASE_DIR"),
    Mutant("static-source", '[BASE_DIR / "assets"]', "[BASE_DIR]"),
    Mutant("served-files", "import path", "import path, re_path", URLS, also=(
        (URLS, "urlpatterns = [", SERVING),
    )),
    Mutant("task-backend", "django_tasks_db.DatabaseBackend", "django.tasks.backends.dummy.DummyBackend"),
    Mutant("task-backend", "django_tasks_db.DatabaseBackend", "django.tasks.backends.immediate.ImmediateBackend", pedantic=True),
    added("upload-limits", "DATA_UPLOAD_MAX_MEMORY_SIZE = None"),
    added("upload-limits", "DATA_UPLOAD_MAX_NUMBER_FIELDS = None"),
    added("upload-permissions", "FILE_UPLOAD_PERMISSIONS = 0o666"),
    added("upload-permissions", "FILE_UPLOAD_PERMISSIONS = 644"),
    # -- operation
    Mutant("misspelt-settings", "SESSION_COOKIE_AGE = 43200", "SESSION_COOKIES_SAMESITE = 'Strict'\nSESSION_COOKIE_AGE = 43200"),
    added("obsolete-settings", "SECURE_BROWSER_XSS_FILTER = True"),
    Mutant("template-debug", TEMPLATE, TEMPLATE + '\n            "debug": True,', pedantic=True),
    Mutant("template-escaping", TEMPLATE, TEMPLATE + '\n            "autoescape": False,'),
    Mutant("logging", '"disable_existing_loggers": False,', ""),
    Mutant("logging", '"logging.StreamHandler"', '"logging.NullHandler"'),
    Mutant("logging", '"root": {', '"loggers": {"django": {"level": "CRITICAL"}},\n    "root": {'),
    Mutant("error-reports", "DEBUG = False", "DEBUG = 0", also=((SETTINGS, "LOGGING = {", 'ADMINS = ["ops@example.org"]\nLOGGING = {'),)),
    Mutant("error-reports", '"logging.StreamHandler"}', '"logging.StreamHandler"},\n        "mail": {"class": "django.utils.log.AdminEmailHandler", "include_html": True}',
           also=((SETTINGS, "LOGGING = {", 'ADMINS = ["ops@example.org"]\nLOGGING = {'),)),
    added("committed-keys", f"-----BEGIN PRIVATE KEY-----\n{NO_KEY}\n-----END PRIVATE KEY-----\n", "nginx/shop.key"),
    added("propagated-exceptions", "DEBUG_PROPAGATE_EXCEPTIONS = True"),
    added("silenced-checks", 'SILENCED_SYSTEM_CHECKS = ["security.W009"]'),
    added("developer-tools", """INSTALLED_APPS += ["debug_toolbar"]
MIDDLEWARE += ["debug_toolbar.middleware.DebugToolbarMiddleware"]
DEBUG_TOOLBAR_CONFIG = {"SHOW_TOOLBAR_CALLBACK": lambda request: True}"""),
    added("developer-tools", 'INSTALLED_APPS += ["rosetta"]\nROSETTA_REQUIRES_AUTH = False'),
    added("developer-tools", 'MIDDLEWARE += ["pyinstrument.middleware.ProfilerMiddleware"]'),
    added("sentry-data", """import sentry_sdk
sentry_sdk.init(dsn=os.environ["SENTRY_DSN"], send_default_pii=True, include_local_variables=False)"""),
    added("sentry-data", """import sentry_sdk
sentry_sdk.init(dsn=os.environ["SENTRY_DSN"])""", pedantic=True),
    added("silenced-checks", 'SILENCED_SYSTEM_CHECKS = ["security.W004"]', pedantic=True),
    # -- authentication
    Mutant("password-hashers", HASHERS, '    "django.contrib.auth.hashers.MD5PasswordHasher",'),
    Mutant("password-hashers", HASHERS, '    "django.contrib.auth.hashers.UnsaltedSHA1PasswordHasher",'),
    Mutant("password-validators", LENGTH, '"OPTIONS": {"min_length": 4},'),
    Mutant("password-validators", LENGTH, "", pedantic=True),
    added("password-validators", "AUTH_PASSWORD_VALIDATORS = []"),
    Mutant("password-reset-timeout", "PASSWORD_RESET_TIMEOUT = 3600", "PASSWORD_RESET_TIMEOUT = 30 * 86400"),
    without("password-reset-timeout", "PASSWORD_RESET_TIMEOUT = 3600", pedantic=True),
    Mutant("authentication-backends", MODEL, '    "django.contrib.auth.backends.AllowAllUsersModelBackend",'),
    Mutant("authentication-backends", MODEL,
           MODEL + '\n    "django.contrib.auth.backends.RemoteUserBackend",', pedantic=True),
    Mutant("remote-user", OTP, OTP + "\n" + middleware("config.proxy.ProxyUser"), also=(
        (SETTINGS, MODEL, '    "config.proxy.Backend",\n' + MODEL),
        (TOPOLOGY, 'tls = "proxy"\nscheme-header = "X-Forwarded-Proto"\n', 'tls = "server"\n'),
        (SETTINGS, SCHEME + "\n", ""),
    )),
    Mutant("login-throttling", '    "axes",\n', ""),
    without("login-throttling", STANDALONE),
    Mutant("login-throttling", f"{STANDALONE}\n{MODEL}", f"{MODEL}\n{STANDALONE}"),
    added("login-throttling", "AXES_ENABLED = False"),
    added("login-throttling", 'AXES_ENABLED = os.environ.get("AXES", "0") != "0"'),
    added("login-throttling", "AXES_FAILURE_LIMIT = 10_000"),
    Mutant("login-throttling", '["username", "ip_address"]', '["username", "user_agent"]'),
    added("login-throttling", 'AXES_HANDLER = "axes.handlers.dummy.AxesDummyHandler"'),
    Mutant("login-throttling", '    "axes",\n', "", also=(
        (SETTINGS, STANDALONE + "\n", ""), (SETTINGS, AXES + "\n", ""),
    )),
    Mutant("client-ip", "AXES_IPWARE_PROXY_COUNT = 0", "AXES_IPWARE_PROXY_COUNT = 1"),
    without("client-ip", "AXES_IPWARE_PROXY_COUNT = 0"),
    Mutant("admin-url", "back-office-7f/", "admin/", URLS, pedantic=True),
    Mutant("admin-second-factor", "from django_otp.admin import OTPAdminSite", "from django.contrib.admin import AdminSite",
           URLS, pedantic=True, also=(
        (URLS, "OTPAdminSite(", "AdminSite("), (SETTINGS, OTP + "\n", ""),
        (SETTINGS, '    "django_otp",\n    "django_otp.plugins.otp_totp",\n', ""),
        (SETTINGS, '    "allauth.socialaccount",\n    "allauth.socialaccount.providers.github",\n', ""),
    )),
    without("login-required", LOGIN_REQUIRED, pedantic=True),
    Mutant("developer-tools", "", 'INSTALLED_APPS += ["silk"]\nMIDDLEWARE += ["silk.middleware.SilkyMiddleware"]', also=(
        (URLS, "import path", "import include, path"),
        (URLS, "urlpatterns = [", 'urlpatterns = [\n    path("silk/", include("silk.urls")),'),
    )),
    added("developer-tools", 'INSTALLED_APPS += ["loginas"]\nCAN_LOGIN_AS = lambda request, user: True'),
    # -- third-party packages
    Mutant("rest-framework-permissions", "permissions.IsAuthenticated", "permissions.AllowAny"),
    Mutant("rest-framework-permissions", "permissions.IsAuthenticated", "permissions.IsAuthenticatedOrReadOnly", pedantic=True),
    Mutant("rest-framework-permissions", '    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],\n', ""),
    Mutant("rest-framework-authentication", "authentication.SessionAuthentication", "authentication.BasicAuthentication"),
    Mutant("rest-framework-authentication", "rest_framework.authentication.SessionAuthentication", "config.sessions.Unchecked"),
    Mutant("rest-framework-renderers", "renderers.JSONRenderer", "renderers.BrowsableAPIRenderer", pedantic=True),
    Mutant("rest-framework-throttling", '"anon": "60/min", "user": "300/min"', '"anon": None, "user": None'),
    Mutant("client-ip", '    "NUM_PROXIES": 1,\n', ""),
    Mutant("client-ip", '"NUM_PROXIES": 1', '"NUM_PROXIES": 2'),
    Mutant("celery-broker", BROKER, '"redis://broker.example.net:6379/0"'),
    Mutant("celery-serializer", '["json"]', '["json", "pickle"]'),
    added("allauth-rate-limits", "ACCOUNT_RATE_LIMITS = False"),
    Mutant("allauth-email-verification", '"mandatory"', '"none"'),
    added("allauth-enumeration", "ACCOUNT_PREVENT_ENUMERATION = False"),
    added("allauth-login-on-get", "ACCOUNT_LOGOUT_ON_GET = True"),
    added("allauth-login-on-get", "SOCIALACCOUNT_LOGIN_ON_GET = True"),
    Mutant("allauth-email-authentication", "providers.github", "providers.discord", also=(
        (SETTINGS, "ALLAUTH_TRUSTED", "SOCIALACCOUNT_EMAIL_AUTHENTICATION = True\nALLAUTH_TRUSTED"),
    )),
    Mutant("client-ip", "ALLAUTH_TRUSTED_PROXY_COUNT = 1", "ALLAUTH_TRUSTED_PROXY_COUNT = 3"),
    without("client-ip", "ALLAUTH_TRUSTED_PROXY_COUNT = 1"),
    Mutant("client-ip", "[socialaccount]==65.21.1", "==65.13.0", PACKAGES),
    Mutant("token-cookies", '"JWT_AUTH_SECURE": True', '"JWT_AUTH_SECURE": False'),
    Mutant("token-cookies", '"JWT_AUTH_HTTPONLY": True', '"JWT_AUTH_HTTPONLY": False'),
    Mutant("jwt-lifetime", "timedelta(minutes=5)", "timedelta(days=30)"),
    Mutant("jwt-signing-key", """    "SIGNING_KEY": os.environ["JWT_KEY"],\n""", "", pedantic=True),
    added("whitenoise-autorefresh", "WHITENOISE_AUTOREFRESH = True"),
    added("whitenoise-root", "WHITENOISE_ROOT = BASE_DIR"),
    added("oauthlib-transport", 'os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"'),
    added("oauth-server", 'INSTALLED_APPS += ["oauth2_provider"]\n'
          'OAUTH2_PROVIDER = {"PKCE_REQUIRED": False, "ALLOWED_REDIRECT_URI_SCHEMES": ["https"]}'),
    added("social-auth", 'INSTALLED_APPS += ["social_django"]\n'
          'AUTHENTICATION_BACKENDS += ["social_core.backends.twitter.TwitterOAuth"]\n'
          'SOCIAL_AUTH_PIPELINE = ["social_core.pipeline.social_auth.associate_by_email"]'),
    added("sentry-data", SENTRY + ", send_default_pii=True, include_local_variables=False)"),
    added("sentry-data", SENTRY + ")", pedantic=True),
    routed("spectacular-pages", "drf_spectacular.views.SpectacularAPIView", pedantic=True),
    routed("graphene-view", "graphene_django.views.GraphQLView", "graphiql=True", requires="graphene-django==3.2.3"),
    routed("strawberry-view", "strawberry.django.views.GraphQLView", "graphiql=True", requires="strawberry-graphql-django==0.65.1"),
    added("cors-origins", "CORS_ALLOW_ALL_ORIGINS = True"),
    Mutant("cors-origins", '"https://app.example.org"', '"null"'),
    Mutant("cors-origins", '"https://app.example.org"', '"http://app.example.org"'),
    added("cors-origins", 'CORS_ALLOWED_ORIGIN_REGEXES = [r"^https://.*example.org$"]'),
)  # fmt: skip

NO_MUTANT = {
    "settings-module": "says how production is started where nothing else does",
    "access-control": "is judged by access.toml, which is not there",
    "dependencies": "is judged by a database of advisories, which is not there",
}
"""Controls that no mutant breaks, and why."""

MORE = {
    "config/first.py": (
        "from django.http import HttpResponse\n\n\n"
        "class Answering:\n"
        "    def __init__(self, get_response):\n        self.get_response = get_response\n\n"
        "    def __call__(self, request):\n"
        "        if request.path == '/up':\n            return HttpResponse('up')\n"
        "        return self.get_response(request)\n"
    ),
    "config/proxy.py": (
        "from django.contrib.auth.backends import RemoteUserBackend\n"
        "from django.contrib.auth.middleware import RemoteUserMiddleware\n\n\n"
        "class ProxyUser(RemoteUserMiddleware):\n    header = 'HTTP_X_USER'\n\n\n"
        "class Backend(RemoteUserBackend):\n    create_unknown_user = False\n"
    ),
    "config/sessions.py": (
        "from rest_framework.authentication import SessionAuthentication\n\n\n"
        "class Unchecked(SessionAuthentication):\n"
        "    def enforce_csrf(self, request):\n        return\n"
    ),
}
"""Files of the project that only mutants use."""


def of_tests() -> Iterator[Mutant]:
    """The mutants that the tests of single controls bring."""
    folder = Path(__file__).parent / "controls"
    for entry in entries():
        file = folder / entry.section / entry.package / f"test_{entry.name.replace('-', '_')}.py"
        if file.is_file() and "\nMUTANTS = " in file.read_text(encoding="utf-8"):
            spec = importlib.util.spec_from_file_location(f"mutants_{file.stem}", file)
            assert spec is not None and spec.loader is not None
            module = importlib.util.module_from_spec(spec)
            spec.loader.exec_module(module)
            yield from module.MUTANTS


ALL = (*MUTANTS, *of_tests())


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("mutants") / "hardened"
    shutil.copytree(HARDENED, root, ignore=shutil.ignore_patterns("__pycache__"))
    for name, text in MORE.items():
        (root / name).write_text(text, encoding="utf-8")
    return root


@pytest.fixture
def mutated(project: Path, request: pytest.FixtureRequest) -> Iterator[Path]:
    """The project with the changes of one mutant, for as long as a test runs."""
    mutant: Mutant = request.param
    for file in {file for file, _, _ in mutant.changes}:
        (project / file).parent.mkdir(exist_ok=True)
        (project / file).touch()
    before = {file: (project / file).read_text(encoding="utf-8") for file, _, _ in mutant.changes}
    for file, old, new in mutant.changes:
        path = project / file
        text = path.read_text(encoding="utf-8")
        assert not old or text.count(old) == 1, f"{old!r} is in {file} {text.count(old)} times"
        path.write_text(text.replace(old, new) if old else f"{text}{new}\n", encoding="utf-8")
    yield project
    for file, text in before.items():
        (project / file).write_text(text, encoding="utf-8")


def judged(root: Path) -> tuple[dict[str, str], dict[str, str]]:
    """What an audit says with --pedantic, and without. It is judged twice and read once."""
    path = str(root)
    reading = read(Request(path, configuration=configuration_of(path)))
    settings, project = reading.settings, reading.project
    controls = catalogue(used=could_be_used(settings, project))
    pedantic, regular = (
        judge(settings, project, controls, pedantic=each) for each in (True, False)
    )
    return said(pedantic), said(regular)


def said(findings: Iterable[Finding]) -> dict[str, str]:
    """What is not in order, by control."""
    return {
        each.control: f"{each.verdict.value}: {each.message}"
        for each in findings
        if each.judged and each.verdict not in (Verdict.PASS, Verdict.ELSEWHERE)
    }


def new(found: dict[str, str], before: dict[str, str]) -> dict[str, str]:
    """What was in order before."""
    return {name: why for name, why in found.items() if before.get(name) != why}


@pytest.fixture(scope="module")
def unbroken(project: Path) -> dict[str, str]:
    """What is said of the project itself: nothing, or one test fails for it and not each."""
    return judged(project)[0]


@pytest.mark.parametrize("pedantic", [False, True])
def test_unbroken_it_gets_an_a_and_nothing_is_reported(project: Path, pedantic: bool) -> None:
    path = str(project)
    report = audit(Request(path, pedantic=pedantic, configuration=configuration_of(path)))
    assert said(report.findings) == {}
    assert (report.grade[0], report.score) == ("A", 100)
    assert report.notes == ()


@pytest.mark.parametrize(
    "mutated, mutant",
    [(each, each) for each in ALL],
    indirect=["mutated"],
    ids=[f"{number}-{each.control}" for number, each in enumerate(ALL)],
)
def test_a_mutant_is_reported_by_its_control_and_no_other(
    unbroken: dict[str, str], mutated: Path, mutant: Mutant
) -> None:
    found, regular = (new(each, unbroken) for each in judged(mutated))
    assert found.keys() == {mutant.control, *mutant.falls}, found
    assert not found[mutant.control].startswith("unknown"), found
    assert regular.keys() <= found.keys()
    assert (mutant.control in regular) is not mutant.pedantic, regular


def test_each_control_has_a_mutant_or_a_reason() -> None:
    broken = {mutant.control for mutant in ALL}
    assert broken.isdisjoint(NO_MUTANT)
    # What no setting decides is broken and asked for real by benchmarks/mutants.
    decided = {entry.name for entry in entries() if entry.section != LIVE}
    assert broken | NO_MUTANT.keys() == decided
    assert len(ALL) >= 80


# -- what `hardango fix` makes of them ---------------------------------------------------------------

CONTROLS = {each.name: each for each in catalogue() if each.fixable}

BY_HAND = {
    "SECRET_KEY_FALLBACKS = [": "which sessions an old key still signs is not known",
    'REDIRECT = os.environ.get("SSL") == "1" and False': "the expression asks the environment",
    'SECURE_HSTS_SECONDS = 63072000': "it begins anew with the first stage, an hour",
    "SECURE_HSTS_SECONDS = 0": "it begins with the first stage, an hour",
    "SECURE_HSTS_SECONDS = 300": "it begins with the first stage, an hour",
    "CSP.UNSAFE_INLINE": "what a policy allows, the site's pages decide",
    '"script-src": ["*"]': "what a policy allows, the site's pages decide",
    '"script-src": ["self"]': "what a policy allows, the site's pages decide",
    '"script_src"': "what a policy allows, the site's pages decide",
    '"img-src"': "what a policy allows, the site's pages decide",
    '"django-insecure-" + os.environ': "the expression asks the environment",
    '"endpoint_url": "http://': "how the service is reached over TLS, who runs it knows",
    "https://*.herokuapp.com": "which origins are the site's own is not known",
}  # fmt: skip
"""What a mutant says, and why no edit is made for it."""

MENDED = [each for each in ALL if each.control in CONTROLS
          and (not each.pedantic or CONTROLS[each.control].pedantic)]  # fmt: skip


@pytest.mark.parametrize(
    "mutated, mutant",
    [(each, each) for each in MENDED],
    indirect=["mutated"],
    ids=[f"{number}-{each.control}" for number, each in enumerate(MENDED)],
)
def test_its_control_passes_again(mutated: Path, mutant: Mutant) -> None:
    path = str(mutated)
    work = Work(read(Request(path, configuration=configuration_of(path))))
    made = plan(work, [CONTROLS[mutant.control]], unsafe=True)
    passes = bool(made.steps) and not made.steps[-1].after.weak
    assert passes is (reason(mutant) is None), [each.why for each in made.left]


def reason(mutant: Mutant) -> str | None:
    """Why a person has to mend it."""
    said = mutant.new or mutant.old
    return next((why for text, why in BY_HAND.items() if text in said), None)
