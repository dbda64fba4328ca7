"""Every control, in the order in which a reader would want to meet them."""

from __future__ import annotations

from hardango.controls.access_control import ACCESS_CONTROL
from hardango.controls.allowed_hosts import ALLOWED_HOSTS
from hardango.controls.content_type_nosniff import CONTENT_TYPE_NOSNIFF
from hardango.controls.csrf_cookie_secure import CSRF_COOKIE_SECURE
from hardango.controls.debug import DEBUG
from hardango.controls.dependencies import DEPENDENCIES
from hardango.controls.frame_options import FRAME_OPTIONS
from hardango.controls.hsts import HSTS
from hardango.controls.model import Control
from hardango.controls.secret_key import SECRET_KEY
from hardango.controls.security_middleware import SECURITY_MIDDLEWARE
from hardango.controls.session_cookie_httponly import SESSION_COOKIE_HTTPONLY
from hardango.controls.session_cookie_secure import SESSION_COOKIE_SECURE
from hardango.controls.session_engine import SESSION_ENGINE
from hardango.controls.settings_module import SETTINGS_MODULE
from hardango.controls.ssl_redirect import SSL_REDIRECT

CATALOGUE: tuple[Control, ...] = (
    SETTINGS_MODULE,
    DEBUG,
    SECRET_KEY,
    ALLOWED_HOSTS,
    SECURITY_MIDDLEWARE,
    SSL_REDIRECT,
    HSTS,
    SESSION_COOKIE_SECURE,
    SESSION_COOKIE_HTTPONLY,
    SESSION_ENGINE,
    CSRF_COOKIE_SECURE,
    CONTENT_TYPE_NOSNIFF,
    FRAME_OPTIONS,
    DEPENDENCIES,
    ACCESS_CONTROL,
)
