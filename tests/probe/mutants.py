"""What can be broken in the shop, one thing at a time, and which control has to see it.

The unbroken shop is refuted in nothing. `also` are controls that the same defect breaks as well;
whatever else is refuted is a wrong verdict.
"""

from __future__ import annotations

from typing import Any, NamedTuple

from serving import Front

from hardango.evidence import Known


class Mutant(NamedTuple):
    """`changes` are what the shop's settings read; `active` needs a login of the canary; `servers`
    are those under which it can be seen, `proxies` those that can be so broken."""

    name: str
    control: str
    changes: dict[str, Any] = {}
    front: Front = Front()
    also: tuple[str, ...] = ()
    active: bool = False
    arguments: tuple[str, ...] = ()
    environ: dict[str, str] = {}
    servers: tuple[str, ...] = ("gunicorn", "uvicorn")
    proxies: tuple[str, ...] = ("ours", "nginx")
    known: Known = Known(uploads=("/media/canary.html",))


def settings(**changed: Any) -> dict[str, Any]:
    return {"settings": changed}


def flags(*names: str, **changed: Any) -> dict[str, Any]:
    return {"flags": list(names), "settings": changed}


SECURITY = "django.middleware.security.SecurityMiddleware"
CSRF = "django.middleware.csrf.CsrfViewMiddleware"
FRAMES = "django.middleware.clickjacking.XFrameOptionsMiddleware"
COMMON = "django.middleware.common.CommonMiddleware"
OWN_ADDRESS = ("127.0.0.1", "localhost")

MUTANTS = (
    # -- how production starts
    Mutant("debug", "debug", settings(DEBUG=True)),
    Mutant("debug and any host", "debug", settings(DEBUG=True, ALLOWED_HOSTS=["*"]), also=("allowed-hosts",)),
    Mutant("debug behind a catch-all", "debug", flags("spa", DEBUG=True)),
    Mutant("debug without routes", "debug", flags("empty", DEBUG=True)),
    Mutant("any host", "allowed-hosts", settings(ALLOWED_HOSTS=["*"])),
    Mutant("any host, in links", "allowed-hosts", flags("links", ALLOWED_HOSTS=["*"])),
    Mutant("any host, seen in a redirect only", "allowed-hosts", settings(ALLOWED_HOSTS=["*"], PREPEND_WWW=True)),
    Mutant("development server", "development-server", also=("server-versions",),
           front=Front(drop=("Server",), add=(("Server", "WSGIServer/0.2 CPython/3.13.1"),)), proxies=("ours",)),
    # -- transport
    Mutant("certificate ends soon", "tls-certificate", front=Front(days=5)),
    Mutant("certificate has ended", "tls-certificate", front=Front(days=-2)),
    Mutant("certificate of another name", "tls-certificate", front=Front(named="other.example")),
    Mutant("old versions of TLS", "tls-certificate", front=Front(old_tls=True)),
    Mutant("no redirect", "ssl-redirect", settings(SECURE_SSL_REDIRECT=False)),
    Mutant("exempt from the redirect", "ssl-redirect", settings(SECURE_REDIRECT_EXEMPT=[""])),
    Mutant("start page exempt", "ssl-redirect", settings(SECURE_REDIRECT_EXEMPT=["^$"])),
    Mutant("deep paths exempt", "ssl-redirect", settings(SECURE_REDIRECT_EXEMPT=["hardango"])),
    Mutant("redirect to another host", "ssl-redirect", settings(SECURE_SSL_HOST="secure.example")),
    Mutant("proxy appends the scheme", "server-trust", front=Front(scheme="append")),
    Mutant("proxy passes the scheme on", "server-trust", front=Front(scheme="pass")),
    Mutant("forwarded host in links", "forwarded-host",
           flags("links", USE_X_FORWARDED_HOST=True, ALLOWED_HOSTS=["*"]), Front(forwarded_host=True),
           also=("allowed-hosts",)),
    Mutant("forwarded host believed", "forwarded-host", settings(USE_X_FORWARDED_HOST=True), Front(forwarded_host=True)),
    Mutant("Django doesn't know of HTTPS", "secure-requests", settings(SECURE_PROXY_SSL_HEADER=None, SECURE_SSL_REDIRECT=False),
           Front(scheme="none"), also=("hsts", "ssl-redirect")),
    Mutant("redirect loop", "secure-requests", settings(SECURE_PROXY_SSL_HEADER=None), Front(scheme="none"), also=("hsts",)),
    Mutant("no HSTS", "hsts", settings(SECURE_HSTS_SECONDS=0)),
    Mutant("a minute of HSTS", "hsts", settings(SECURE_HSTS_SECONDS=60)),
    Mutant("a month of HSTS", "hsts", settings(SECURE_HSTS_SECONDS=2592000)),
    Mutant("HSTS switched off", "hsts", settings(SECURE_HSTS_SECONDS="0")),
    Mutant("HSTS that is no number", "hsts", settings(SECURE_HSTS_SECONDS=True)),
    Mutant("preload without subdomains", "hsts", settings(SECURE_HSTS_INCLUDE_SUBDOMAINS=False)),
    Mutant("preload too short", "hsts", settings(SECURE_HSTS_SECONDS=20000000)),
    Mutant("HSTS dropped by the proxy", "hsts", front=Front(drop=("Strict-Transport-Security",))),
    Mutant("HSTS twice", "hsts", front=Front(add=(("Strict-Transport-Security", "max-age=60"),))),
    # -- headers
    Mutant("no security middleware", "content-type-nosniff", {"without": [SECURITY]},
           also=("hsts", "ssl-redirect", "referrer-policy", "cross-origin-opener-policy")),
    Mutant("no nosniff", "content-type-nosniff", settings(SECURE_CONTENT_TYPE_NOSNIFF=False)),
    Mutant("nosniff dropped by the proxy", "content-type-nosniff", front=Front(drop=("X-Content-Type-Options",))),
    Mutant("nosniff misspelt", "content-type-nosniff", {"headers": {"X-Content-Type-Options": "no-sniff"}, "settings": {"SECURE_CONTENT_TYPE_NOSNIFF": False}}),
    Mutant("framed by everybody", "frame-options", {"without": [FRAMES], "csp": {"frame-ancestors": None}}),
    Mutant("a value for frames that browsers ignore", "frame-options", {"settings": {"X_FRAME_OPTIONS": "ALLOWALL"}, "csp": {"frame-ancestors": None}}),
    Mutant("frame-ancestors for everybody", "frame-options", {"without": [FRAMES], "csp": {"frame-ancestors": ["*"]}}),
    Mutant("frame-ancestors overrules", "frame-options", {"csp": {"frame-ancestors": ["https:"]}}),
    Mutant("no referrer policy", "referrer-policy", settings(SECURE_REFERRER_POLICY=None)),
    Mutant("full referrer", "referrer-policy", settings(SECURE_REFERRER_POLICY="unsafe-url")),
    Mutant("no opener policy", "cross-origin-opener-policy", settings(SECURE_CROSS_ORIGIN_OPENER_POLICY=None)),
    Mutant("unsafe opener policy", "cross-origin-opener-policy", settings(SECURE_CROSS_ORIGIN_OPENER_POLICY="unsafe-none")),
    Mutant("no policy", "content-security-policy", {"without": ["csp.middleware.CSPMiddleware"]}),
    Mutant("inline scripts", "content-security-policy", {"csp": {"script-src": ["'self'", "'unsafe-inline'"]}}),
    Mutant("scripts from anywhere", "content-security-policy", {"csp": {"script-src": ["'self'", "https:"]}}),
    Mutant("keyword without quotes", "content-security-policy", {"csp": {"script-src": ["self"]}}),
    Mutant("misspelt directive", "content-security-policy", {"csp": {"script_src": ["'self'"], "script-src": None, "default-src": None}}),
    Mutant("policy only reported", "content-security-policy", {
        "without": ["csp.middleware.CSPMiddleware"],
        "headers": {"Content-Security-Policy-Report-Only": "default-src 'self'"}}),
    Mutant("empty policy", "content-security-policy", {
        "without": ["csp.middleware.CSPMiddleware"], "headers": {"Content-Security-Policy": ";"}}),
    Mutant("policy dropped by the proxy", "content-security-policy", front=Front(drop=("Content-Security-Policy",))),
    Mutant("the same nonce for all", "content-security-policy", {
        "without": ["csp.middleware.CSPMiddleware"],
        "headers": {"Content-Security-Policy": "default-src 'none'; script-src 'nonce-abcdef'; frame-ancestors 'none'; base-uri 'none'"}}),
    Mutant("no resource policy", "cross-origin-resource-policy", {"headers": {"Cross-Origin-Resource-Policy": ""}}),
    Mutant("no permissions policy", "permissions-policy", {"headers": {"Permissions-Policy": ""}}),
    # -- cookies
    Mutant("session in clear", "session-cookie-secure", settings(SESSION_COOKIE_SECURE=False, SESSION_COOKIE_NAME="sessionid"), also=("cookie-prefix",)),
    Mutant("session for scripts", "session-cookie-httponly", settings(SESSION_COOKIE_HTTPONLY=False)),
    Mutant("session from everywhere", "session-cookie-samesite", settings(SESSION_COOKIE_SAMESITE="None")),
    Mutant("session without SameSite", "session-cookie-samesite", settings(SESSION_COOKIE_SAMESITE=False)),
    Mutant("CSRF cookie in clear", "csrf-cookie-secure", settings(CSRF_COOKIE_SECURE=False, CSRF_COOKIE_NAME="csrftoken"), also=("cookie-prefix",)),
    Mutant("CSRF cookie from everywhere", "csrf-cookie-samesite", settings(CSRF_COOKIE_SAMESITE="None")),
    Mutant("a promise of a name", "cookie-prefix", settings(SESSION_COOKIE_PATH="/count/")),
    Mutant("no prefix", "cookie-prefix", settings(SESSION_COOKIE_NAME="sessionid")),
    Mutant("session for all subdomains", "cookie-domain", settings(SESSION_COOKIE_DOMAIN="shop.example", SESSION_COOKIE_NAME="sessionid"), also=("cookie-prefix",)),
    Mutant("flags dropped by the proxy", "csrf-cookie-secure", front=Front(strip="; Secure"), also=("cookie-prefix", "session-cookie-secure")),
    Mutant("no CSRF protection", "csrf-protection", {"without": [CSRF]}, also=("upload-limits",)),
    Mutant("login exempt from CSRF", "csrf-protection", flags("login-exempt")),
    Mutant("foreign forms trusted", "csrf-trusted-origins", settings(CSRF_TRUSTED_ORIGINS=["https://*.shop.example"])),
    # -- accounts
    Mutant("session kept by the login", "session-rotation", flags("fixation"), active=True),
    Mutant("session kept by the logout", "logout", flags("logout-keeps-session"), active=True),
    Mutant("session in the cookie", "logout", settings(SESSION_ENGINE="django.contrib.sessions.backends.signed_cookies"), active=True),
    Mutant("login leads anywhere", "login-redirect", flags("open-redirect"), active=True),
    Mutant("login tells who there is", "user-enumeration", flags("telling"), active=True, also=("login-throttling",)),
    Mutant("any number of guesses", "login-throttling", flags("no-limit"), active=True),
    Mutant("a limit for each header", "client-ip", flags("limit-by-header"), Front(addresses="append"), active=True),
    Mutant("mails for any host", "reset-links", settings(ALLOWED_HOSTS=["*"]), active=True, also=("allowed-hosts",)),
    Mutant("mails for any forwarded host", "reset-links", settings(USE_X_FORWARDED_HOST=True, ALLOWED_HOSTS=["*"]),
           Front(forwarded_host=True, host="shop.example"), active=True, also=("allowed-hosts", "forwarded-host")),
    Mutant("session in clear, after a login", "session-cookie-secure",
           settings(SESSION_COOKIE_SECURE=False, SESSION_COOKIE_NAME="sessionid"), active=True, also=("cookie-prefix",)),
    # -- what is open
    Mutant("admin at its usual address", "admin-url", flags("admin")),
    Mutant("uploads listed", "served-files", flags("listing")),
    Mutant("a way out of the uploads", "served-files", flags("traversal")),
    Mutant("any number of fields", "upload-limits", settings(DATA_UPLOAD_MAX_NUMBER_FIELDS=None)),
    Mutant("any number of files", "upload-limits", settings(DATA_UPLOAD_MAX_NUMBER_FILES=None)),
    Mutant("bodies of any size", "upload-limits", settings(DATA_UPLOAD_MAX_MEMORY_SIZE=None), active=True,
           known=Known(most_bytes=None)),
    Mutant("uploads that are pages", "uploaded-pages", flags("inline")),
    Mutant("every origin with cookies", "cors-origins", settings(CORS_ALLOW_ALL_ORIGINS=True)),
    Mutant("a pattern without its start", "cors-origins", settings(CORS_ALLOWED_ORIGIN_REGEXES=["https://.*shop.example"])),
    Mutant("silk", "developer-tools", flags("silk")),
    Mutant("metrics", "developer-tools", flags("metrics")),
    Mutant("GraphQL schema", "graphene-view", flags("graphql")),
    Mutant("API description", "spectacular-pages", flags("schema")),
    Mutant("API pages", "rest-framework-renderers", flags("browsable")),
    Mutant("git", "exposed-files", flags("git")),
    Mutant("variables", "exposed-files", flags("env")),
    Mutant("database", "exposed-files", flags("dump")),
    Mutant("server version", "server-versions", front=Front(add=(("Server", "nginx/1.18.0"),))),
    Mutant("powered by", "server-versions", {"headers": {"X-Powered-By": "Express/4.17.1"}}),
    Mutant("TRACE", "request-methods", front=Front(trace=True), proxies=("ours",)),
    Mutant("a cache that keeps all", "shared-caching", front=Front(cache=True), also=("content-security-policy", "allowed-hosts")),
    Mutant("page of the account in shared caches", "shared-caching", flags("cached-account"), active=True),
    Mutant("login page in shared caches", "shared-caching", {"headers": {"Cache-Control": "public, max-age=60"}}),
)  # fmt: skip
